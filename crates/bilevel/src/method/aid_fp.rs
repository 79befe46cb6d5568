//! AID-FP: implicit differentiation at an approximate lower solution, the linear system by fixed-point steps.
//!
//! ```text
//! y ← P(y − α ∇_y g(x, y)),   T times, from the previous y
//! u ← u − β (∇²_yy g · u − ∇_y f),   K times from u = 0
//! x ← P(x − ξ (∇_x f − ∇²_xy g · u))
//! ```
//!
//! Source: Grazzi, Franceschi, Pontil, Salzo, ICML 2020 (arXiv 2006.16218).
//! Cost per outer step: T gradients of g, 1 of f, at most K − 1 Hessian-vector products, 1 mixed product. Memory O(p +
//! m).
//! Assumes: 0 < β λ < 2 for every eigenvalue λ > 0 of the lower Hessian over the coordinates that the box does not cut
//! off. Along a direction without curvature the series is K β, not infinite: where AID-CG stops, AID-FP continues with
//! a finite and arbitrary number.
//!
//! K steps from zero are the K-term Neumann series `u = β Σ_{j<K} (I − β ∇²_yy g)ʲ ∇_y f`, so the method also goes by
//! that name; with β = α and K = T it equals ITD where g is quadratic. The first step needs no product, since u = 0:
//! published code takes it all the same, and counts K. The loop ends when a step changes u by less than 1e-10 in norm;
//! published code tests u / β, which it carries instead of u. Its Neumann routines differ by one in what they call K.
//!
//! The system covers the coordinates in which a gradient step from the last y ends inside the box (`projection.rs`),
//! which takes one more gradient of g if there is a box. `projection = "ignored"` solves over all coordinates, as
//! published code does.
//!
//! `inner_momentum` starts from rest in every outer step; the linear system is that of plain gradient steps all the
//! same.

use super::diagnostics::StepDiagnostics;
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::{InnerDescent, InnerLoop, descend};
use super::keys;
use super::linear::{FixedPoint, subtract_response};
use super::momentum::Momentum;
use super::projection::{self, ActiveBounds, PROJECTION};
use super::terms::{GRADIENT_F, HYPERGRADIENT, IMPLICIT, MOMENTUM, STEP, STEP_SIZE};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::{HYPERGRADIENTS, Oracle};

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "aid-fp",
    name: "AID-FP",
    summary: "Differentiates the follower's optimality condition and solves the linear system by fixed-point steps, a Neumann series.",
    rule: &[
        "$y ← y − α ∇_y g(x, y)$, $T$ times",
        "$u ← u − β (∇^2_{yy} g\\, u − ∇_y f)$, $K$ times from $0$, on the free variables",
        "that is $u = β \\sum_{j<K} (I − β ∇^2_{yy} g)^j ∇_y f$",
        "$x ← x − ξ (∇_x f − ∇^2_{xy} g\\, u)$",
    ],
    source: "Grazzi, Franceschi, Pontil, Salzo 2020 (arXiv 2006.16218)",
    references: &[HYPERGRADIENTS],
    cost: &[
        StepCost {
            call: "∇g",
            count: "T",
        },
        StepCost {
            call: "∇f",
            count: "1",
        },
        StepCost {
            call: "Hessian products of g",
            count: "≤ K − 1",
        },
        StepCost {
            call: "mixed products of g",
            count: "1",
        },
        projection::COST,
    ],
    assumes: "A step $β$ below $2$ over the lower Hessian's largest eigenvalue; truncation to $K$ terms biases the \
              limit.",
    needs: Requirements {
        two_levels: true,
        inverse: Inverse::Never,
        unique_answer: true,
        min_max: false,
        most_variables: None,
    },
    joint_step: false,
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_STEPS,
        shared::linear_steps(
            "Number of fixed-point steps per outer iteration, the terms of the Neumann series.",
        ),
        shared::INNER_STEP_SIZE,
        shared::SERIES_STEP_SIZE,
        PROJECTION,
        shared::MOMENTUM,
        shared::INNER_MOMENTUM,
    ],
    assembly: IMPLICIT,
    build: |settings| {
        Box::new(AidFp {
            descent: InnerDescent::with_momentum(settings),
            step_size: settings.get(keys::OUTER_STEP_SIZE),
            momentum: settings.get(keys::MOMENTUM),
            linear_steps: settings.get_at(keys::LINEAR_STEPS, 2),
            linear_step_size: settings.get(keys::LINEAR_STEP_SIZE),
            cut: ActiveBounds::new(settings),
        })
    },
};

/// The norm of a step at which the linear solve stops.
const TOLERANCE: f64 = 1e-10;

#[derive(Clone, Debug)]
struct AidFp {
    descent: InnerDescent,
    cut: ActiveBounds,
    step_size: f64,
    momentum: f64,
    linear_steps: usize,
    linear_step_size: f64,
}

impl Method for AidFp {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let size = start.point[2].len();
        Box::new(AidFpState {
            step_size: self.step_size,
            point: start.point.clone(),
            gradient: Point::zeros(start.point.shape()),
            inner: self.descent.begin(start.point.shape()),
            momentum: Momentum::new(self.momentum, start.point[1].len()),
            cut: self.cut.clone(),
            adjoint: FixedPoint {
                steps: self.linear_steps,
                step_size: self.linear_step_size,
                tolerance: TOLERANCE,
                solution: vec![0.0; size],
                product: vec![0.0; size],
            },
            mixed_product: vec![0.0; start.point[1].len()],
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &AidFpState = own_state(state)?;
        let size = state.point[1].len();
        Some(Box::new(AidFpState {
            step_size: self.step_size,
            inner: self.descent.resume(&state.inner),
            momentum: state.momentum.with_factor(self.momentum, size),
            cut: self.cut.clone(),
            adjoint: FixedPoint {
                steps: self.linear_steps,
                step_size: self.linear_step_size,
                ..state.adjoint.clone()
            },
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct AidFpState {
    step_size: f64,
    point: Point,
    gradient: Point,
    inner: InnerLoop,
    momentum: Momentum,
    cut: ActiveBounds,
    adjoint: FixedPoint,
    mixed_product: Vec<f64>,
}

impl MethodState for AidFpState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.gradient[1]
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        self.inner.rest();
        self.inner.run(oracle, &mut self.point, terms);
        oracle.grad(1, &self.point, Levels::ALL, &mut self.gradient);
        terms.record(&GRADIENT_F, self.gradient.values());
        self.cut.look(oracle, &self.point);
        self.cut.clear(&mut self.gradient[2]);
        let right = &self.gradient[2];
        self.adjoint
            .solve(oracle, &self.point, right, &self.cut, terms);
        subtract_response(
            oracle,
            &self.point,
            &self.adjoint.solution,
            &mut self.mixed_product,
            &mut self.gradient,
            terms,
        );
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, &self.gradient[1]);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, self.step_size);
        }
        let along = self.momentum.of(&self.gradient[1]);
        terms.record(&STEP, along);
        descend(oracle, &mut self.point, 1, self.step_size, along);
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}
