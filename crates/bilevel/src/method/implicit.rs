//! Implicit: the exact hypergradient of n nested levels, by implicit differentiation of every level's optimality.
//!
//! ```text
//! x_k = x_k*(x_1 … x_{k−1})   for k = 2 … n, by damped Newton steps until ‖G_k‖ ≤ inner_tolerance, from the previous x_k
//! a_k = ∂f₁/∂x_k              for k = 1 … n
//! k = n … 2:   H_k w = a_k,   a_j ← a_j − N_kjᵀ w   for all j < k
//! x_1 ← P(x_1 − ξ a_1),   then all answers again
//! ```
//!
//! `F_k` is `f_k` with all levels beneath at their answers, `G_k = ∂F_k/∂x_k`, `H_k = ∂G_k/∂x_k`, `N_kj = ∂G_k/∂x_j`.
//! For two levels that is the implicit function theorem: `∇_x f − ∇²_xy g (∇²_yy g)⁻¹ ∇_y f`.
//!
//! Source: Gu, Chen 2024 (arXiv 2410.11312), of which only the abstract could be read: the sweep is derived from the
//! implicit function theorem, level within level. `sweep = "forward"` multiplies the same chain rule out from level 2
//! down, which needs a solve for each variable of level 1 instead of one.
//! Cost per outer step, two levels: 1 gradient of f, 1 mixed product, p Hessian-vector products for the hypergradient
//! (p free variables of the follower), and for each Newton step 1 gradient, p Hessian-vector products and 1 or 2 values
//! of g. Each further level needs one more order of derivatives, through nilpotent numbers: see
//! `crates/bilevel/src/nested/exact.rs`.
//! Assumes: answers that are isolated minimizers with positive definite `H_k`. It then descends on F₁ itself, and can
//! fail only by ending at a local minimum of F₁ or by following an answer that is not the global one.
//!
//! Variables that a bound holds do not respond, so they are left out of the linear systems. A row pairs `x_1` with the
//! answers to it, since the levels are solved again after `x_1` has moved. Published code mostly solves once and pairs
//! `x_1` with the answers to the previous one; the leader's trajectory is the same.

use super::assembly::{Factor, Operation};
use super::diagnostics::{StepDiagnostics, SystemPart, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MOST_FACTORISED, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::momentum::Momentum;
use super::surrogate::Surrogate;
use super::term_names;
use super::terms::{
    HYPERGRADIENT, LEADER, LOWER, MOMENTUM, MOVE, PROJECT, STEP, STEP_SIZE, TURN, gradient,
    lower_blocks,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::messages;
use crate::nested::{ChainOrder, ChainPart, Exact, StepError};
use crate::numerics::{Levels, Point};
use crate::problem::{
    DefaultValue, Key, Oracle, Parameter, ParameterChoice, ParameterKind, Settings, Word,
};

const SWEEP: Key<Word> = Key::new("sweep");

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "implicit",
    name: "Implicit, exact",
    summary: "Solves all levels to tolerance and differentiates their optimality conditions recursively: the exact \
              hypergradient.",
    rule: &[
        "$x_k = x_k^*$ for $k = 2 … n$ by Newton steps, until the gradient $G_k$ is below the tolerance",
        "$a_k = ∂f_1/∂x_k$ for all $k$",
        "$k = n … 2$: $H_k w = a_k$, then $a_j ← a_j − N_{kj}^T w$ for all $j < k$",
        "$x_1 ← x_1 − ξ a_1$",
    ],
    source: "Implicit function theorem; Gu, Chen 2024 (arXiv 2410.11312)",
    references: &[],
    cost: &[
        StepCost {
            call: "∇f",
            count: "1",
        },
        StepCost {
            call: "mixed products of g",
            count: "1",
        },
        StepCost {
            call: "Hessian products of g, and for each Newton step $p$ more, a gradient and a value ($p$ variables of $y$); a further level multiplies the work",
            count: "p",
        },
    ],
    assumes: "Isolated solutions with a positive definite Hessian $H_k$ at every level, small enough to factorize.",
    needs: Requirements {
        two_levels: false,
        inverse: Inverse::OffTheBounds,
        unique_answer: true,
        min_max: false,
        most_variables: Some(MOST_FACTORISED),
    },
    joint_step: false,
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_TOLERANCE,
        Parameter {
            name: SWEEP.name(),
            label: "sweep",
            symbol: "a_k",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "reverse",
                    label: "",
                    meaning: "from the innermost level up: one linear solve per level",
                },
                ParameterChoice {
                    name: "forward",
                    label: "",
                    meaning: "from level 2 down: one linear solve per level and leader's variable",
                },
            ]),
            default: DefaultValue::Choice("reverse"),
            meaning: "Order of multiplication in the chain rule; the result is the same.",
        },
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        let sweep = if settings.is(SWEEP, "forward") {
            ChainOrder::Forward
        } else {
            ChainOrder::Reverse
        };
        Box::new(Implicit::new(settings, sweep))
    },
};

const ANSWERS: TermInfo = TermInfo::blocks("answers", "x_k^*", TermKind::Point, LOWER);
const NEW_ANSWERS: TermInfo = TermInfo::blocks("new answers", "x_k^*", TermKind::Point, LOWER);
const GRADIENT_F: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇f_1",
    gradient(1, TermPoint::Term("answers")),
    Levels::ALL,
);
const RIGHT: TermInfo = TermInfo::blocks(
    "right-hand side",
    "a_k",
    TermKind::LinearSystem(SystemPart::RightSide),
    LOWER,
);
const SOLUTION: TermInfo = TermInfo::blocks(
    "linear solution",
    "H_k^{−1} a_k",
    TermKind::LinearSystem(SystemPart::Solution),
    LOWER,
);
/// A row for each lower level, the innermost first.
const PRODUCTS: TermInfo = TermInfo::rows(
    term_names::MIXED_PRODUCTS,
    "N_{k1}^T w",
    TermKind::Direction,
    LEADER,
);
const RESPONSES: TermInfo = TermInfo::rows("responses", "dx_k^*/dx_1", TermKind::Response, LOWER);
const INDIRECT: TermInfo = TermInfo::blocks(
    "indirect part",
    "(dx_k^*/dx_1)^T ∂f_1/∂x_k",
    TermKind::Direction,
    LEADER,
);

/// The operations of a step. The hypergradient comes from products, or from the responses in a forward sweep.
pub(super) const ASSEMBLY: &[Operation] = &[
    Operation::Set { from: "answers" },
    Operation::Take {
        to: "hypergradient",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    Operation::AddRows {
        to: "hypergradient",
        by: Factor::Number(-1.0),
        from: term_names::MIXED_PRODUCTS,
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Number(1.0),
        from: "indirect part",
    },
    TURN,
    MOVE,
    PROJECT,
    Operation::Set {
        from: "new answers",
    },
];

/// Descent of level 1 along the hypergradient of a sweep, with all other levels at exact answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Implicit {
    step_size: f64,
    inner_tolerance: f64,
    sweep: ChainOrder,
    momentum: f64,
}

impl Implicit {
    /// Reads all settings but the sweep.
    pub(super) fn new(settings: &Settings, sweep: ChainOrder) -> Self {
        Self {
            step_size: settings.get(keys::OUTER_STEP_SIZE),
            inner_tolerance: settings.get(keys::INNER_TOLERANCE),
            sweep,
            momentum: settings.get(keys::MOMENTUM),
        }
    }
}

impl Method for Implicit {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let shape = start.point.shape();
        let scratch = Point::zeros(shape);
        Box::new(ImplicitState {
            step_size: self.step_size,
            sweep: self.sweep,
            inner_tolerance: self.inner_tolerance,
            point: start.point.clone(),
            is_solved: false,
            next: scratch.clone(),
            gradient: scratch,
            exact: Exact::new(shape, self.inner_tolerance),
            momentum: Momentum::new(self.momentum, shape.size(1)),
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &ImplicitState = own_state(state)?;
        let size = state.point[1].len();
        let is_as_exact = state.inner_tolerance == self.inner_tolerance;
        Some(Box::new(ImplicitState {
            step_size: self.step_size,
            sweep: self.sweep,
            inner_tolerance: self.inner_tolerance,
            // answers of another tolerance are solved again
            is_solved: state.is_solved && is_as_exact,
            exact: state.exact.clone().with_tolerance(self.inner_tolerance),
            momentum: state.momentum.with_factor(self.momentum, size),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct ImplicitState {
    step_size: f64,
    sweep: ChainOrder,
    inner_tolerance: f64,
    point: Point,
    /// True if the point's lower blocks are the answers to its upper one, as after each step.
    is_solved: bool,
    /// The point under construction: `point` stays good until all solves have succeeded.
    next: Point,
    gradient: Point,
    exact: Exact,
    momentum: Momentum,
}

impl ImplicitState {
    /// Computes the hypergradient with a report of the parts of the chain rule.
    #[cold]
    #[inline(never)]
    fn report(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        terms.record(&ANSWERS, lower_blocks(&self.next));
        terms.record(&GRADIENT_F, self.gradient.values());
        let (mut right, mut solution) = (self.next.clone(), self.next.clone());
        let (next, gradient) = (&self.next, &mut self.gradient);
        let mut observe = |part: ChainPart<'_>| match part {
            ChainPart::RightSide(level, block) => right[level].copy_from_slice(block),
            ChainPart::Solution(level, block) => solution[level].copy_from_slice(block),
            ChainPart::Product(pair, product) if pair.wrt == 1 => terms.row(&PRODUCTS, product),
            ChainPart::Product(..) => {}
            ChainPart::Responses { numbers, indirect } => {
                let responses = numbers.iter().map(|number| number.coefficient(1));
                terms.row(&RESPONSES, &responses.collect::<Vec<f64>>());
                terms.row(&INDIRECT, &[indirect]);
            }
        };
        self.exact
            .observed_hypergradient(oracle, next, self.sweep, gradient, &mut observe)?;
        if self.sweep != ChainOrder::Forward {
            terms.record(&RIGHT, lower_blocks(&right));
            terms.record(&SOLUTION, lower_blocks(&solution));
        }
        Ok(())
    }
}

impl MethodState for ImplicitState {
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
        if !self.is_solved {
            self.exact.solve(oracle, &mut self.next)?;
        }
        oracle.grad(1, &self.next, Levels::ALL, &mut self.gradient);
        if terms.is_enabled() {
            self.report(oracle, terms)?;
            terms.record(&HYPERGRADIENT, &self.gradient[1]);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, self.step_size);
        } else {
            self.exact
                .hypergradient(oracle, &self.next, self.sweep, &mut self.gradient)?;
        }
        let along = self.momentum.of(&self.gradient[1]);
        terms.record(&STEP, along);
        descend(oracle, &mut self.next, 1, self.step_size, along);
        self.exact.solve(oracle, &mut self.next)?;
        self.point.copy_from(&self.next);
        if terms.is_enabled() {
            terms.record(&NEW_ANSWERS, lower_blocks(&self.point));
        }
        self.is_solved = true;
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }

    fn surrogate(&self) -> Result<Surrogate, &'static str> {
        Err(messages::run::descends_reduced_objective())
    }
}
