//! Alternating descent: a wrong baseline in which the leader ignores the follower's response.
//!
//! ```text
//! y ← P(y − α ∇_y g(x, y)),   T times, from the previous y
//! x ← P(x − ξ ∇_x f(x, y))
//! ```
//!
//! Source: folklore; the baseline that a bilevel method has to beat.
//! Cost per outer step: T gradients of g, 1 of f. Memory O(p + m).
//! Assumes: that dy*/dx does not matter, as in min-max problems, where ∇_y f = −∇_y g vanishes at the answer, and if f
//! does not depend on y. Otherwise it converges to points with ∇_x f = 0 on the follower's answers: equilibria of two
//! players who ignore each other's response, and no minima of the reduced objective.
//!
//! Both players keep their momentum from one outer step to the next.

use super::assembly::Operation;
use super::diagnostics::{StepDiagnostics, TermInfo, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::{InnerDescent, InnerLoop, descend};
use super::keys;
use super::momentum::Momentum;
use super::term_names;
use super::terms::{
    DESCEND, HYPERGRADIENT, LEADER, MOMENTUM, MOVE, PROJECT, STEP, STEP_SIZE, TURN, gradient,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::Oracle;

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "alternating",
    name: "Alternating (wrong)",
    summary: "Wrong baseline: the levels descend in turn, and the leader ignores how $y^*$ depends on $x$.",
    rule: &[
        "$y ← y − α ∇_y g(x, y)$, $T$ times",
        "$x ← x − ξ ∇_x f(x, y)$, without the term $(dy^*/dx)^{T} ∇_y f$",
    ],
    source: "folklore",
    references: &[],
    cost: &[
        StepCost {
            call: "∇g",
            count: "T",
        },
        StepCost {
            call: "∇f",
            count: "1",
        },
    ],
    assumes: "The neglected term $(dy^*/dx)^{T} ∇_y f$ is zero, which holds for min-max problems.",
    needs: Requirements {
        two_levels: true,
        inverse: Inverse::Never,
        unique_answer: true,
        min_max: true,
        most_variables: None,
    },
    joint_step: false,
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_STEPS,
        shared::INNER_STEP_SIZE,
        shared::MOMENTUM,
        shared::INNER_MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Alternating {
            descent: InnerDescent::with_momentum(settings),
            step_size: settings.get(keys::OUTER_STEP_SIZE),
            momentum: settings.get(keys::MOMENTUM),
        })
    },
};

const GRADIENT_F: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇_x f",
    gradient(1, TermPoint::Term(term_names::INNER_PATH)),
    LEADER,
);

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    DESCEND,
    Operation::Take {
        to: "hypergradient",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    TURN,
    MOVE,
    PROJECT,
];

#[derive(Clone, Copy, Debug)]
struct Alternating {
    descent: InnerDescent,
    step_size: f64,
    momentum: f64,
}

impl Method for Alternating {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let shape = start.point.shape();
        Box::new(AlternatingState {
            step_size: self.step_size,
            point: start.point.clone(),
            gradient: Point::zeros(shape),
            inner: self.descent.begin(shape),
            momentum: Momentum::new(self.momentum, shape.size(1)),
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &AlternatingState = own_state(state)?;
        let size = state.point[1].len();
        Some(Box::new(AlternatingState {
            step_size: self.step_size,
            inner: self.descent.resume(&state.inner),
            momentum: state.momentum.with_factor(self.momentum, size),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct AlternatingState {
    step_size: f64,
    point: Point,
    gradient: Point,
    inner: InnerLoop,
    momentum: Momentum,
}

impl MethodState for AlternatingState {
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
        self.inner.run(oracle, &mut self.point, terms);
        oracle.grad(1, &self.point, Levels::only(1), &mut self.gradient);
        if terms.is_enabled() {
            terms.record(&GRADIENT_F, &self.gradient[1]);
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
