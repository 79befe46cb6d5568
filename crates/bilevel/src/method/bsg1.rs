//! BSG-1: a bilevel gradient whose second derivatives are replaced by products of first ones.
//!
//! ```text
//! y ← P(y − α ∇_y g(x, y)),   T times, from the previous y
//! x ← P(x − ξ [∇_x f − ⟨∇_y f, ∇_y g⟩ / (‖∇_y g‖² + ε) ∇_x g])      all at (x, y)
//! ```
//!
//! Source: Giovannelli, Kent, Vicente 2021 (arXiv 2110.00604).
//! Cost per outer step: T + 1 gradients of g, 1 of f. Memory O(p + m).
//! Assumes: that `∇²_yy g ≈ ∇_y g ∇_y gᵀ`, which holds for nearly no follower close to its solution; hence its wrong
//! limits, and its sensitivity to rounding where ‖∇_y g‖ → 0.
//!
//! `inner_momentum` lasts from one outer step to the next, as in the published learning experiments.

use super::assembly::{Factor, Operation};
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::{InnerDescent, InnerLoop, descend};
use super::keys;
use super::momentum::Momentum;
use super::term_names;
use super::terms::{
    DESCEND, GRADIENT_F, HYPERGRADIENT, LEADER, MOMENTUM, MOVE, PROJECT, STEP, STEP_SIZE, TURN,
    gradient,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::vectors::dot;
use crate::numerics::{Levels, Point};
use crate::problem::{Oracle, Reference, Venue};

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "bsg1",
    name: "BSG-1",
    summary: "Replaces the follower's second derivatives by a product of first ones, a matrix of rank one.",
    rule: &[
        "$y ← y − α ∇_y g(x, y)$, $T$ times",
        "$c = ⟨∇_y f, ∇_y g⟩\\,/\\,(‖∇_y g‖^2 + ε)$",
        "$x ← x − ξ (∇_x f − c\\, ∇_x g)$",
    ],
    source: "Giovannelli, Kent, Vicente 2021 (arXiv 2110.00604)",
    references: &[Reference {
        key: "giovannelli2021inexact",
        authors: &[
            "Giovannelli, Tommaso",
            "Kent, Griffin Dean",
            "Vicente, Luis Nunes",
        ],
        title: "Inexact bilevel stochastic gradient methods for constrained and unconstrained lower-level problems",
        year: 2021,
        venue: Venue::Preprint,
        arxiv: Some("2110.00604"),
    }],
    cost: &[
        StepCost {
            call: "∇g",
            count: "T + 1",
        },
        StepCost {
            call: "∇f",
            count: "1",
        },
    ],
    assumes: "A rank-one matrix approximates the lower-level Hessian; otherwise the limit is wrong.",
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
        shared::INNER_STEP_SIZE,
        shared::epsilon(1e-50, "Added to ‖∇_y g‖² in the quotient."),
        shared::MOMENTUM,
        shared::INNER_MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Bsg1 {
            descent: InnerDescent::with_momentum(settings),
            step_size: settings.get(keys::OUTER_STEP_SIZE),
            momentum: settings.get(keys::MOMENTUM),
            epsilon: settings.get(keys::EPSILON),
        })
    },
};

const GRADIENT_G: TermInfo = TermInfo::blocks(
    "gradient of g",
    "∇g(x, y)",
    gradient(2, TermPoint::Term(term_names::INNER_PATH)),
    Levels::ALL,
);
const QUOTIENT: TermInfo = TermInfo::number("quotient", "c", TermKind::Weight);

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    DESCEND,
    Operation::Take {
        to: "hypergradient",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Minus("quotient"),
        from: "gradient of g",
    },
    TURN,
    MOVE,
    PROJECT,
];

#[derive(Clone, Copy, Debug)]
struct Bsg1 {
    descent: InnerDescent,
    step_size: f64,
    momentum: f64,
    epsilon: f64,
}

impl Method for Bsg1 {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let scratch = Point::zeros(start.point.shape());
        Box::new(Bsg1State {
            method: *self,
            point: start.point.clone(),
            grad_f: scratch.clone(),
            grad_g: scratch,
            inner: self.descent.begin(start.point.shape()),
            momentum: Momentum::new(self.momentum, start.point[1].len()),
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &Bsg1State = own_state(state)?;
        let size = state.point[1].len();
        Some(Box::new(Bsg1State {
            method: *self,
            inner: self.descent.resume(&state.inner),
            momentum: state.momentum.with_factor(self.momentum, size),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct Bsg1State {
    method: Bsg1,
    point: Point,
    grad_f: Point,
    grad_g: Point,
    inner: InnerLoop,
    momentum: Momentum,
}

impl MethodState for Bsg1State {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.grad_f[1]
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        // momentum is not reset before: nothing differentiates this loop
        self.inner.run(oracle, &mut self.point, terms);
        oracle.grad(1, &self.point, Levels::ALL, &mut self.grad_f);
        oracle.grad(2, &self.point, Levels::ALL, &mut self.grad_g);
        let denominator = dot(&self.grad_g[2], &self.grad_g[2]) + self.method.epsilon;
        let quotient = if denominator == 0.0 {
            0.0
        } else {
            dot(&self.grad_f[2], &self.grad_g[2]) / denominator
        };
        if terms.is_enabled() {
            terms.record(&GRADIENT_F, self.grad_f.values());
            terms.record(&GRADIENT_G, self.grad_g.values());
            terms.number(&QUOTIENT, quotient);
        }
        for (f, g) in self.grad_f[1].iter_mut().zip(&self.grad_g[1]) {
            *f -= quotient * g;
        }
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, &self.grad_f[1]);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, self.method.step_size);
        }
        let along = self.momentum.of(&self.grad_f[1]);
        terms.record(&STEP, along);
        descend(oracle, &mut self.point, 1, self.method.step_size, along);
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}
