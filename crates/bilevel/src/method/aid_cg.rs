//! AID-CG: implicit differentiation at an approximate lower solution, the linear system by conjugate gradients.
//!
//! ```text
//! y ← P(y − α ∇_y g(x, y)),   T times, from the previous y
//! ∇²_yy g · u = ∇_y f          K conjugate-gradient steps from u = 0
//! x ← P(x − ξ (∇_x f − ∇²_xy g · u))
//! ```
//!
//! Source: Pedregosa 2016; Rajeswaran, Finn, Kakade, Levine 2019; Grazzi, Franceschi, Pontil, Salzo, ICML 2020
//! (arXiv 2006.16218).
//! Cost per outer step: T gradients of g, 1 of f, at most K Hessian-vector products (it stops early at a residual of
//! 1e-10), 1 mixed product. Memory O(p + m).
//! Assumes: the lower Hessian is positive definite at y, over the coordinates that the box does not cut off.
//!
//! Published code does not guard against a direction without curvature and ends in NaN; and when it stops early it
//! returns the iterate before the last. Here a singular or indefinite Hessian is reported with its smallest curvature,
//! and the last iterate is used.
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
use super::linear::{ConjugateGradient, subtract_response};
use super::momentum::Momentum;
use super::projection::{self, ActiveBounds, PROJECTION};
use super::terms::{GRADIENT_F, HYPERGRADIENT, IMPLICIT, MOMENTUM, STEP, STEP_SIZE};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::{HYPERGRADIENTS, Oracle, Reference, Venue};

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "aid-cg",
    name: "AID-CG",
    summary: "Differentiates the follower's optimality condition and solves the linear system by conjugate gradients.",
    rule: &[
        "$y ← y − α ∇_y g(x, y)$, $T$ times",
        "$∇^2_{yy} g\\, u = ∇_y f$ by $K$ conjugate-gradient steps, on the free variables",
        "$x ← x − ξ (∇_x f − ∇^2_{xy} g\\, u)$",
    ],
    source: "Pedregosa 2016 (arXiv 1602.02355); Grazzi, Franceschi, Pontil, Salzo 2020 (arXiv 2006.16218)",
    references: &[
        Reference {
            key: "pedregosa2016hyperparameter",
            authors: &["Pedregosa, Fabian"],
            title: "Hyperparameter optimization with approximate gradient",
            year: 2016,
            venue: Venue::Proceedings("International Conference on Machine Learning"),
            arxiv: Some("1602.02355"),
        },
        HYPERGRADIENTS,
    ],
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
            count: "≤ K",
        },
        StepCost {
            call: "mixed products of g",
            count: "1",
        },
        projection::COST,
    ],
    assumes: "A positive definite lower-level Hessian, which is inverted.",
    needs: Requirements {
        two_levels: true,
        inverse: Inverse::Everywhere,
        unique_answer: true,
        min_max: false,
        most_variables: None,
    },
    joint_step: false,
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_STEPS,
        shared::linear_steps("The maximum number of conjugate-gradient steps per outer iteration."),
        shared::INNER_STEP_SIZE,
        PROJECTION,
        shared::MOMENTUM,
        shared::INNER_MOMENTUM,
    ],
    assembly: IMPLICIT,
    build: |settings| {
        Box::new(AidCg {
            descent: InnerDescent::with_momentum(settings),
            step_size: settings.get(keys::OUTER_STEP_SIZE),
            momentum: settings.get(keys::MOMENTUM),
            linear_steps: settings.get_at(keys::LINEAR_STEPS, 2),
            cut: ActiveBounds::new(settings),
        })
    },
};

/// The residual's norm at which the linear solve stops.
const TOLERANCE: f64 = 1e-10;

#[derive(Clone, Debug)]
struct AidCg {
    descent: InnerDescent,
    cut: ActiveBounds,
    step_size: f64,
    momentum: f64,
    linear_steps: usize,
}

impl Method for AidCg {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let scratch = Point::zeros(start.point.shape());
        Box::new(AidCgState {
            step_size: self.step_size,
            point: start.point.clone(),
            next: scratch.clone(),
            gradient: scratch,
            inner: self.descent.begin(start.point.shape()),
            momentum: Momentum::new(self.momentum, start.point[1].len()),
            cut: self.cut.clone(),
            adjoint: ConjugateGradient::new(start.point[2].len(), self.linear_steps, TOLERANCE),
            mixed_product: vec![0.0; start.point[1].len()],
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &AidCgState = own_state(state)?;
        let [upper, lower] = [1, 2].map(|level| state.point[level].len());
        Some(Box::new(AidCgState {
            step_size: self.step_size,
            inner: self.descent.resume(&state.inner),
            momentum: state.momentum.with_factor(self.momentum, upper),
            cut: self.cut.clone(),
            adjoint: ConjugateGradient::new(lower, self.linear_steps, TOLERANCE),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct AidCgState {
    step_size: f64,
    point: Point,
    /// The point under construction: `point` stays good until the linear solve has succeeded.
    next: Point,
    gradient: Point,
    inner: InnerLoop,
    momentum: Momentum,
    cut: ActiveBounds,
    adjoint: ConjugateGradient,
    mixed_product: Vec<f64>,
}

impl MethodState for AidCgState {
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
        self.next.copy_from(&self.point);
        self.inner.rest();
        self.inner.run(oracle, &mut self.next, terms);
        oracle.grad(1, &self.next, Levels::ALL, &mut self.gradient);
        terms.record(&GRADIENT_F, self.gradient.values());
        self.cut.look(oracle, &self.next);
        self.cut.clear(&mut self.gradient[2]);
        let right = &self.gradient[2];
        self.adjoint
            .solve(oracle, &self.next, right, &self.cut, terms)?;
        subtract_response(
            oracle,
            &self.next,
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
        descend(oracle, &mut self.next, 1, self.step_size, along);
        self.point.copy_from(&self.next);
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}
