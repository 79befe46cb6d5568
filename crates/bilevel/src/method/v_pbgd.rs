//! V-PBGD: gradient descent of both players on f plus a penalty on the value gap.
//!
//! ```text
//! z ← P(z − α ∇_y g(x, z)),   T times, from y (inner_start = "y") or from the previous z ("warm")
//! d_x = ∇_x f + γₖ (∇_x g(x, y) − ∇_x g(x, z))         with z held constant
//! d_y = ∇_y f + γₖ ∇_y g(x, y)
//! (x, y) ← P((x, y) − (ξ d_x, ξ_y d_y) / max(γₖ, 1))    both blocks at once
//! γₖ = γ₀ + (γ − γ₀) min(k / R, 1)                      constant unless γ₀ is set
//! ```
//!
//! Source: Shen, Chen, "On Penalty-based Bilevel Gradient Descent Method", ICML 2023 (arXiv 2302.05185).
//! Cost per outer step: T + 2 gradients of g, 1 of f. Memory O(p + m).
//! Assumes: f and g smooth; g(x, ·) satisfies a Polyak–Łojasiewicz inequality. Neither convexity nor a unique answer is
//! needed. With a constant γ it converges to a stationary point of f + γ (g − g*), which is biased by O(1/γ).
//!
//! Published code: the experiment on data cleaning keeps z from one outer step to the next with T = 1, lets γ grow from
//! 0 in equal parts, and multiplies its step sizes by min(1 / (γ + 1e-8), 1), which is the factor used here but for the
//! 1e-8. The toy script runs no inner loop, since g* = 0 is known there, with γ = 10 and ξ = 0.1; in its ∂f/∂x the
//! square of 1 + e²⁻⁴ˣ is written as 1 + (e²⁻⁴ˣ)², so its steps in x follow another function.
//!
//! `momentum` is one heavy ball over both blocks, as in BOME; the published code has none.

use super::assembly::{Factor, Operation};
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::{InnerDescent, InnerLoop, descend};
use super::keys;
use super::momentum::Momentum;
use super::surrogate::{Surrogate, minimize_over_follower};
use super::term_names;
use super::terms::{
    FOLLOWER, INNER, InnerTerms, LEADER, MOMENTUM_OF_ALL, STEP_OF_ALL, STEP_SIZE, STEP_SIZE_LOWER,
    VELOCITY, gradient,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::vectors::add;
use crate::numerics::{Levels, Point};
use crate::problem::{
    DefaultValue, Key, Oracle, PENALTY_DESCENT, Parameter, ParameterChoice, ParameterKind,
};

const FIRST_GAP_PENALTY: Key<f64> = Key::new("first_gap_penalty");
const GAP_PENALTY: Key<f64> = Key::new("gap_penalty");
const PENALTY_RAMP: Key<f64> = Key::new("penalty_ramp");

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "v-pbgd",
    name: "V-PBGD",
    summary: "Adds the value gap to $f$ with a weight, and both levels descend the sum simultaneously; first-order \
              only.",
    rule: &[
        "$z ← z − α ∇_y g(x, z)$, from $y$, $T$ times",
        "$x ← x − ξ (∇_x f + γ (∇_x g(x, y) − ∇_x g(x, z)))\\,/\\,\\max(γ, 1)$",
        "$y ← y − ξ_y (∇_y f + γ ∇_y g(x, y))\\,/\\,\\max(γ, 1)$",
    ],
    source: "Shen, Chen 2023 (arXiv 2302.05185)",
    references: &[PENALTY_DESCENT],
    cost: &[
        StepCost {
            call: "∇g",
            count: "T + 2",
        },
        StepCost {
            call: "∇f",
            count: "1",
        },
    ],
    assumes: "Smooth objectives and a follower that gradient descent can solve; no convexity, no inverse. The end is biased by \
              about $1/γ$.",
    needs: Requirements {
        two_levels: true,
        inverse: Inverse::Never,
        unique_answer: false,
        min_max: false,
        most_variables: None,
    },
    joint_step: true,
    parameters: &[
        shared::OUTER_STEP_SIZE,
        Parameter {
            name: GAP_PENALTY.name(),
            label: "penalty",
            symbol: "γ",
            kind: WEIGHT,
            default: DefaultValue::Number(10.0),
            meaning: "The weight of the value gap. Steps are divided by it where it exceeds 1.",
        },
        shared::INNER_STEPS,
        shared::INNER_STEP_SIZE,
        shared::OUTER_STEP_SIZE_LOWER,
        Parameter {
            name: FIRST_GAP_PENALTY.name(),
            label: "first penalty",
            symbol: "γ_0",
            kind: WEIGHT,
            default: DefaultValue::SameAs("gap_penalty"),
            meaning: "The weight of the value gap in the first outer iteration.",
        },
        Parameter {
            name: PENALTY_RAMP.name(),
            label: "ramp",
            symbol: "R",
            kind: ParameterKind::Integer {
                min: 1,
                max: 1_000_000_000,
                slider: [100.0, 10_000.0],
                per_level: false,
            },
            default: DefaultValue::Number(1000.0),
            meaning: "The number of outer iterations in which the penalty goes from its first value to its last, in equal parts.",
        },
        Parameter {
            name: keys::INNER_START.name(),
            label: "inner start",
            symbol: "z^{(0)}",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "y",
                    label: "",
                    meaning: "restart from the current y at every outer step",
                },
                shared::WARM,
            ]),
            default: DefaultValue::Choice("y"),
            meaning: "Start of the inner loop.",
        },
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(VPbgd {
            descent: InnerDescent::new(settings),
            step_sizes: [
                settings.get(keys::OUTER_STEP_SIZE),
                settings.get(keys::OUTER_STEP_SIZE_LOWER),
            ],
            penalties: [settings.get(FIRST_GAP_PENALTY), settings.get(GAP_PENALTY)],
            ramp: settings.get(PENALTY_RAMP),
            is_warm: settings.is(keys::INNER_START, "warm"),
            momentum: settings.get(keys::MOMENTUM),
        })
    },
};

const GRADIENT_F: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇f(x, y)",
    gradient(1, TermPoint::Before),
    Levels::ALL,
);
const GRADIENT_G: TermInfo = TermInfo::blocks(
    "gradient of g",
    "∇g(x, y)",
    gradient(2, TermPoint::Before),
    Levels::ALL,
);
const GRADIENT_G_INNER: TermInfo = TermInfo::blocks(
    "gradient of g at the inner solution",
    "∇_x g(x, z)",
    gradient(2, TermPoint::Term(term_names::INNER_PATH)),
    LEADER,
);
const GRADIENT_GAP: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_GAP,
    "∇q",
    TermKind::Direction,
    Levels::ALL,
);
const PENALTY: TermInfo = TermInfo::number("penalty", "γ", TermKind::Weight);
const DIRECTION: TermInfo =
    TermInfo::blocks("direction", "∇f + γ∇q", TermKind::Direction, Levels::ALL);
const INNER_LOOP: InnerTerms = InnerTerms {
    path: TermInfo::rows(term_names::INNER_PATH, "z^{(t)}", TermKind::Path, FOLLOWER),
    gradients: TermInfo::rows(
        "inner gradients",
        "∇_y g(x, z^{(t)})",
        gradient(2, TermPoint::Term(term_names::INNER_PATH)),
        FOLLOWER,
    ),
    ..INNER
};

/// The operations of a step; the step sizes are those divided by max(γ, 1).
const ASSEMBLY: &[Operation] = &[
    Operation::Take {
        to: term_names::GRADIENT_OF_GAP,
        from: "gradient of g",
        levels: Levels::ALL,
    },
    Operation::Add {
        to: term_names::GRADIENT_OF_GAP,
        by: Factor::Number(-1.0),
        from: "gradient of g at the inner solution",
    },
    Operation::Take {
        to: "direction",
        from: term_names::GRADIENT_OF_F,
        levels: Levels::ALL,
    },
    Operation::Add {
        to: "direction",
        by: Factor::Term("penalty"),
        from: term_names::GRADIENT_OF_GAP,
    },
    Operation::Momentum {
        to: "step direction",
        from: "direction",
        by: VELOCITY,
    },
    Operation::Move {
        level: 1,
        by: Factor::Minus("step size of x"),
        along: "step direction",
    },
    Operation::Project { level: 1 },
    Operation::Move {
        level: 2,
        by: Factor::Minus("step size of y"),
        along: "step direction",
    },
    Operation::Project { level: 2 },
];

/// A weight of the value gap.
const WEIGHT: ParameterKind = ParameterKind::Number {
    min: 0.0,
    max: 1e12,
    slider: [0.1, 1000.0],
    per_level: false,
};

#[derive(Clone, Copy, Debug)]
struct VPbgd {
    descent: InnerDescent,
    /// The step sizes of x and of y.
    step_sizes: [f64; 2],
    /// γ₀ and γ.
    penalties: [f64; 2],
    /// R.
    ramp: f64,
    is_warm: bool,
    momentum: f64,
}

impl VPbgd {
    /// γₖ.
    fn penalty(&self, iteration: u64) -> f64 {
        let [first, last] = self.penalties;
        first + (last - first) * (iteration as f64 / self.ramp).min(1.0)
    }
}

impl Method for VPbgd {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let shape = start.point.shape();
        let scratch = Point::zeros(shape);
        Box::new(VPbgdState {
            method: *self,
            point: start.point.clone(),
            inner: start.point.clone(),
            inner_loop: self.descent.begin_named(shape, &INNER_LOOP),
            momentum: Momentum::new(self.momentum, shape.total()),
            along: scratch.clone(),
            grad_gap: scratch.clone(),
            grad_inner: scratch,
            iteration: 0,
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &VPbgdState = own_state(state)?;
        let momentum = &state.momentum;
        Some(Box::new(VPbgdState {
            method: *self,
            inner_loop: self.descent.resume(&state.inner_loop),
            momentum: momentum.with_factor(self.momentum, state.point.shape().total()),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct VPbgdState {
    method: VPbgd,
    point: Point,
    /// (x, z).
    inner: Point,
    inner_loop: InnerLoop,
    momentum: Momentum,
    /// The directions of x and of y.
    along: Point,
    grad_gap: Point,
    grad_inner: Point,
    iteration: u64,
}

impl MethodState for VPbgdState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.along[1]
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        if self.method.is_warm {
            self.inner[1].copy_from_slice(&self.point[1]);
        } else {
            self.inner.copy_from(&self.point);
        }
        self.inner_loop.run(oracle, &mut self.inner, terms);
        if oracle.is_cancelled() {
            return Ok(());
        }

        oracle.grad(1, &self.point, Levels::ALL, &mut self.along);
        oracle.grad(2, &self.point, Levels::ALL, &mut self.grad_gap);
        oracle.grad(2, &self.inner, Levels::only(1), &mut self.grad_inner);
        if terms.is_enabled() {
            terms.record(&GRADIENT_F, self.along.values());
            terms.record(&GRADIENT_G, self.grad_gap.values());
            terms.record(&GRADIENT_G_INNER, &self.grad_inner[1]);
        }
        add(&mut self.grad_gap[1], -1.0, &self.grad_inner[1]);

        let penalty = self.method.penalty(self.iteration);
        add(self.along.values_mut(), penalty, self.grad_gap.values());

        // the curvature of γ q is γ times that of q
        let share = penalty.max(1.0);
        let shape = self.along.shape();
        if terms.is_enabled() {
            terms.number(&PENALTY, penalty);
            terms.record(&GRADIENT_GAP, self.grad_gap.values());
            terms.record(&DIRECTION, self.along.values());
            self.momentum.report(terms, &MOMENTUM_OF_ALL);
            terms.number(&STEP_SIZE, self.method.step_sizes[0] / share);
            terms.number(&STEP_SIZE_LOWER, self.method.step_sizes[1] / share);
        }
        let along = self.momentum.of(self.along.values());
        terms.record(&STEP_OF_ALL, along);
        for level in [1, 2] {
            let step_size = self.method.step_sizes[level - 1] / share;
            let along = &along[shape.range(level)];
            descend(oracle, &mut self.point, level, step_size, along);
        }
        self.iteration += 1;
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }

    fn surrogate(&self) -> Result<Surrogate, &'static str> {
        let penalty = self.method.penalty(self.iteration);
        let [mut first, mut second] = [self.along.clone(), self.grad_gap.clone()];
        Ok(Surrogate::new(
            "least $f + γ q$ over $y$",
            move |oracle, at| {
                let mut answer = at.clone();
                let least = minimize_over_follower(oracle, &mut answer, |oracle, at, slope| {
                    oracle.grad(2, at, Levels::only(2), &mut second);
                    slope.copy_from_slice(&second[2]);
                    oracle.value(2, at)
                })?;
                let value = minimize_over_follower(oracle, at, |oracle, at, slope| {
                    oracle.grad(1, at, Levels::only(2), &mut first);
                    oracle.grad(2, at, Levels::only(2), &mut second);
                    for ((slope, f), g) in slope.iter_mut().zip(&first[2]).zip(&second[2]) {
                        *slope = f + penalty * g;
                    }
                    oracle.value(1, at) + penalty * oracle.value(2, at)
                })?;
                Some(value - penalty * least)
            },
        ))
    }
}
