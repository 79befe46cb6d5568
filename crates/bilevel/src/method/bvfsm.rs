//! BVFSM: the value function of the follower as a constraint, kept by a logarithmic barrier.
//!
//! ```text
//! z ← P(z − α ∇_z (g(x, z) + μ ‖z‖²)),   T times, from the previous z;   G = g(x, z) + μ ‖z‖²,   w = τ / u
//! y ← P(y − ξ_y (∇_y f + 2 μ y + w ∇_y g(x, y))),   T times, from the previous y
//! x ← P(x − ξ (∇_x f + w (∇_x g(x, y) − ∇_x g(x, z))))
//! μ = l2 · r,   τ = log_weight · r,   r = 1 / ln(1.1 (k + 1))
//! u = G − g(x, y) + offset                                reference = "textbook"
//! u = G + offset + 1e-4                                   reference = "published"
//! ```
//!
//! Source: Liu, Liu, Zeng, Zhang, Zhang 2021 (arXiv 2110.04974): descent on f + μ ‖y‖² − τ log u with u = G − g(x, y) +
//! offset.
//! Published code: the copy that BOME is compared with keeps the slope of the logarithm's argument but takes u for its
//! value, without g(x, y) and without an offset, `reference = "published"`. So the weight w is negative where g < 0,
//! and *rewards* infeasibility. On its toy problems r is that of the last iteration throughout: `decay = "horizon"`.
//! Cost per outer step: 2 T + 2 gradients of g, T + 1 of f, and values of g: T + 2 for the textbook's u, 1 for the
//! published.
//! Assumes: an offset that keeps u positive. Further from the follower's minimum than that, the logarithm is undefined;
//! the textbook's u is then a tenth of the offset (our own choice), which pushes y back with ten times the weight that
//! it has at the minimum.
//!
//! `momentum` is that of the x-step alone, as in the published learning experiments.

use super::assembly::{Factor, Operation};
use super::diagnostics::{StepDiagnostics, TermForm, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::momentum::Momentum;
use super::surrogate::JointSurrogate;
use super::term_names;
use super::terms::{
    FOLLOWER, HYPERGRADIENT, LEADER, MOMENTUM, MOVE, PROJECT, STEP, STEP_SIZE, STEP_SIZE_LOWER,
    TURN, gradient,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::vectors::dot;
use crate::numerics::{Levels, Point};
use crate::problem::{
    DefaultValue, Key, Oracle, Parameter, ParameterChoice, ParameterKind, VALUE_FUNCTION, Word,
};

const L2: Key<f64> = Key::new("l2");
const LOG_WEIGHT: Key<f64> = Key::new("log_weight");
const OFFSET: Key<f64> = Key::new("offset");
const DECAY: Key<Word> = Key::new("decay");
const HORIZON: Key<f64> = Key::new("horizon");

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "bvfsm",
    name: "BVFSM",
    summary: "Replaces the lower level by a constraint on its value function, enforced by a logarithmic barrier.",
    rule: &[
        "$z ← z − α ∇_z (g + μ ‖z‖^2)$, $T$ times; $G = g(x, z) + μ ‖z‖^2$",
        "$w = τ / u$, $u = G − g(x, y) + o$",
        "$y ← y − ξ_y (∇_y f + 2 μ y + w ∇_y g)$, $T$ times",
        "$x ← x − ξ (∇_x f + w (∇_x g(x, y) − ∇_x g(x, z)))$",
    ],
    source: "Liu, Liu, Zeng, Zhang, Zhang 2021 (arXiv 2110.04974)",
    references: &[VALUE_FUNCTION],
    cost: &[
        StepCost {
            call: "∇g",
            count: "2T + 2",
        },
        StepCost {
            call: "∇f",
            count: "T + 1",
        },
        StepCost {
            call: "values of g (published: 1)",
            count: "T + 2",
        },
    ],
    assumes: "An offset $o$ that keeps $u$ positive. As published, $u$ leaves out $g(x, y)$ and $o$: where $g < 0$ the \
              weight is negative and rewards a violation.",
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
        shared::INNER_STEPS,
        shared::INNER_STEP_SIZE,
        shared::OUTER_STEP_SIZE_LOWER,
        weight(
            "l2",
            "regularization",
            "l_2",
            0.01,
            "The weight of ‖y‖² and ‖z‖², times r.",
        ),
        weight(
            "log_weight",
            "barrier weight",
            "l_n",
            0.1,
            "The weight of the logarithm, times r.",
        ),
        weight(
            "offset",
            "offset",
            "o",
            1.0,
            "Added to the logarithm's argument.",
        ),
        Parameter {
            name: DECAY.name(),
            label: "decay",
            symbol: "r",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "iteration",
                    label: "",
                    meaning: "r = 1 / ln(1.1 (k + 1)) falls from step to step",
                },
                ParameterChoice {
                    name: "horizon",
                    label: "",
                    meaning: "r has its value at the horizon from the start, as in the published toy problems",
                },
            ]),
            default: DefaultValue::Choice("iteration"),
            meaning: "Decay schedule of the weights of barrier and regularization.",
        },
        Parameter {
            name: HORIZON.name(),
            label: "horizon",
            symbol: "N",
            kind: ParameterKind::Integer {
                min: 1,
                max: 1_000_000_000,
                slider: [100.0, 10_000.0],
                per_level: false,
            },
            default: DefaultValue::Number(5000.0),
            meaning: "The iteration whose r holds throughout, with decay = horizon.",
        },
        Parameter {
            name: keys::REFERENCE.name(),
            label: "argument",
            symbol: "u",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "textbook",
                    label: "",
                    meaning: "u = G − g(x, y) + offset, at least a tenth of the offset",
                },
                ParameterChoice {
                    name: "published",
                    label: "",
                    meaning: "u = G + offset + 1e-4: the value of the logarithm's argument without g(x, y)",
                },
            ]),
            default: DefaultValue::Choice("textbook"),
            meaning: "Divisor of the barrier weight.",
        },
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Bvfsm {
            steps: settings.get(keys::INNER_STEPS),
            inner_step_size: settings.get(keys::INNER_STEP_SIZE),
            step_size: settings.get(keys::OUTER_STEP_SIZE),
            lower_step_size: settings.get(keys::OUTER_STEP_SIZE_LOWER),
            l2: settings.get(L2),
            log_weight: settings.get(LOG_WEIGHT),
            offset: settings.get(OFFSET),
            horizon: settings.is(DECAY, "horizon").then(|| settings.get(HORIZON)),
            is_published: settings.is(keys::REFERENCE, "published"),
            momentum: settings.get(keys::MOMENTUM),
        })
    },
};

/// A weight that is never negative.
const fn weight(
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    default: f64,
    meaning: &'static str,
) -> Parameter {
    Parameter {
        name,
        label,
        symbol,
        kind: ParameterKind::Number {
            min: 0.0,
            max: 1e12,
            slider: [1e-4, 10.0],
            per_level: false,
        },
        default: DefaultValue::Number(default),
        meaning,
    }
}

const FREE_PATH: TermInfo =
    TermInfo::rows(term_names::INNER_PATH, "z^{(t)}", TermKind::Path, FOLLOWER);
const FREE_GRADIENTS: TermInfo = TermInfo::rows(
    "inner gradients",
    "∇_z g(x, z^{(t)})",
    gradient(2, TermPoint::Term(term_names::INNER_PATH)),
    FOLLOWER,
);
const FREE_DIRECTIONS: TermInfo = TermInfo::rows(
    "inner directions",
    "∇_z g + 2 μ z",
    TermKind::Direction,
    FOLLOWER,
);
const FREE_STEP_SIZE: TermInfo =
    TermInfo::number(term_names::INNER_STEP_SIZE, "α", TermKind::StepSize);
const FREE_VALUE: TermInfo = TermInfo::number("regularized value", "G", TermKind::Measure);
const REGULARIZATION: TermInfo = TermInfo::number("regularization", "μ", TermKind::Weight);
const BARRIER: TermInfo = TermInfo::number("barrier", "τ", TermKind::Weight);
const PATH: TermInfo = TermInfo::rows("path of y", "y^{(t)}", TermKind::Path, FOLLOWER);
const GRADIENTS_F: TermInfo = TermInfo::rows(
    "gradients of f",
    "∇_y f(x, y^{(t)})",
    gradient(1, TermPoint::Term("path of y")),
    FOLLOWER,
);
const GRADIENTS_G: TermInfo = TermInfo::rows(
    "gradients of g",
    "∇_y g(x, y^{(t)})",
    gradient(2, TermPoint::Term("path of y")),
    FOLLOWER,
);
const WEIGHTS: TermInfo =
    TermInfo::new("weights of y", "w^{(t)}", TermKind::Weight, TermForm::List);
const DIRECTIONS: TermInfo = TermInfo::rows(
    "directions of y",
    "∇_y f + 2 μ y + w ∇_y g",
    TermKind::Direction,
    FOLLOWER,
);
const GRADIENT_F: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇_x f(x, y)",
    gradient(1, TermPoint::Term("path of y")),
    LEADER,
);
const GRADIENT_G: TermInfo = TermInfo::blocks(
    "gradient of g",
    "∇_x g(x, y)",
    gradient(2, TermPoint::Term("path of y")),
    LEADER,
);
const GRADIENT_G_INNER: TermInfo = TermInfo::blocks(
    "gradient of g at the inner solution",
    "∇_x g(x, z)",
    gradient(2, TermPoint::Term(term_names::INNER_PATH)),
    LEADER,
);
const GRADIENT_GAP: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_GAP,
    "∇_x g(x, y) − ∇_x g(x, z)",
    TermKind::Direction,
    LEADER,
);
const WEIGHT: TermInfo = TermInfo::number("weight", "w", TermKind::Weight);

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    Operation::Descend {
        level: 2,
        by: Factor::Minus("step size of y"),
        along: "directions of y",
        momentum: None,
    },
    Operation::Take {
        to: term_names::GRADIENT_OF_GAP,
        from: "gradient of g",
        levels: LEADER,
    },
    Operation::Add {
        to: term_names::GRADIENT_OF_GAP,
        by: Factor::Number(-1.0),
        from: "gradient of g at the inner solution",
    },
    Operation::Take {
        to: "hypergradient",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Term("weight"),
        from: term_names::GRADIENT_OF_GAP,
    },
    TURN,
    MOVE,
    PROJECT,
];

/// The published code's addition to the logarithm's argument.
const SLACK: f64 = 1e-4;
/// The least argument of the logarithm, as a share of the offset.
const LEAST: f64 = 0.1;

#[derive(Clone, Copy, Debug)]
struct Bvfsm {
    steps: usize,
    inner_step_size: f64,
    step_size: f64,
    lower_step_size: f64,
    l2: f64,
    log_weight: f64,
    offset: f64,
    /// The iteration whose r holds throughout.
    horizon: Option<f64>,
    is_published: bool,
    momentum: f64,
}

impl Bvfsm {
    /// The argument of the logarithm below which its slope stays.
    fn least_room(&self) -> f64 {
        LEAST * self.offset.max(SLACK)
    }

    /// −ln u, continued by its tangent beneath the least argument.
    fn barrier(&self, room: f64) -> f64 {
        let least = self.least_room();
        let inside = room.max(least);
        (inside - room) / least - inside.ln()
    }
}

impl Method for Bvfsm {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let scratch = Point::zeros(start.point.shape());
        Box::new(BvfsmState {
            method: *self,
            point: start.point.clone(),
            free: start.point.clone(),
            grad_f: scratch.clone(),
            grad_g: scratch.clone(),
            grad_free: scratch,
            momentum: Momentum::new(self.momentum, start.point[1].len()),
            iteration: 0,
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &BvfsmState = own_state(state)?;
        let size = state.point[1].len();
        Some(Box::new(BvfsmState {
            method: *self,
            momentum: state.momentum.with_factor(self.momentum, size),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct BvfsmState {
    method: Bvfsm,
    point: Point,
    /// (x, z).
    free: Point,
    grad_f: Point,
    grad_g: Point,
    grad_free: Point,
    momentum: Momentum,
    iteration: u64,
}

impl BvfsmState {
    /// Moves z by T steps on the regularized g.
    fn descend_free(&mut self, oracle: &mut Oracle<'_>, mu: f64, terms: &mut StepDiagnostics) {
        let step_size = self.method.inner_step_size;
        self.free[1].copy_from_slice(&self.point[1]);
        if terms.is_enabled() {
            terms.number(&REGULARIZATION, mu);
            terms.number(&FREE_STEP_SIZE, step_size);
            terms.row(&FREE_PATH, &self.free[2]);
            terms.row(&FREE_GRADIENTS, &[]);
            terms.row(&FREE_DIRECTIONS, &[]);
        }
        for _ in 0..self.method.steps {
            if oracle.is_cancelled() {
                return;
            }
            oracle.grad(2, &self.free, Levels::only(2), &mut self.grad_free);
            terms.row(&FREE_GRADIENTS, &self.grad_free[2]);
            for (slope, z) in self.grad_free[2].iter_mut().zip(&self.free[2]) {
                *slope += 2.0 * mu * z;
            }
            let along = &self.grad_free[2];
            descend(oracle, &mut self.free, 2, step_size, along);
            if terms.is_enabled() {
                terms.row(&FREE_DIRECTIONS, &self.grad_free[2]);
                terms.row(&FREE_PATH, &self.free[2]);
            }
        }
    }

    /// The barrier's weight w at the present point, given G.
    fn weight(&self, oracle: &mut Oracle<'_>, value: f64, tau: f64) -> f64 {
        let method = &self.method;
        if method.is_published {
            tau / (value + method.offset + SLACK)
        } else {
            let room = value - oracle.value(2, &self.point) + method.offset;
            tau / room.max(method.least_room())
        }
    }

    /// The regularization μ and the barrier's weight τ of the next step.
    fn weights(&self) -> [f64; 2] {
        let method = &self.method;
        let k = method.horizon.unwrap_or(self.iteration as f64);
        let r = 1.0 / (1.1 * (k + 1.0)).ln();
        [method.l2 * r, method.log_weight * r]
    }

    /// G where the leader's block is that of the point, by T steps from the present z.
    fn free_value(&mut self, oracle: &mut Oracle<'_>, mu: f64) -> f64 {
        self.descend_free(oracle, mu, &mut StepDiagnostics::ignored());
        oracle.value(2, &self.free) + mu * dot(&self.free[2], &self.free[2])
    }
}

impl MethodState for BvfsmState {
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
        let method = self.method;
        let [mu, tau] = self.weights();
        self.descend_free(oracle, mu, terms);
        if oracle.is_cancelled() {
            return Ok(());
        }
        let value = oracle.value(2, &self.free) + mu * dot(&self.free[2], &self.free[2]);
        if terms.is_enabled() {
            terms.number(&BARRIER, tau);
            terms.number(&FREE_VALUE, value);
            terms.number(&STEP_SIZE_LOWER, method.lower_step_size);
            terms.row(&PATH, &self.point[2]);
            for rows in [&GRADIENTS_F, &GRADIENTS_G, &WEIGHTS, &DIRECTIONS] {
                terms.row(rows, &[]);
            }
        }
        for _ in 0..method.steps {
            if oracle.is_cancelled() {
                return Ok(());
            }
            oracle.grad(1, &self.point, Levels::only(2), &mut self.grad_f);
            oracle.grad(2, &self.point, Levels::only(2), &mut self.grad_g);
            let weight = self.weight(oracle, value, tau);
            if terms.is_enabled() {
                terms.row(&GRADIENTS_F, &self.grad_f[2]);
                terms.row(&GRADIENTS_G, &self.grad_g[2]);
                terms.row(&WEIGHTS, &[weight]);
            }
            for i in 0..self.grad_f[2].len() {
                self.grad_f[2][i] += weight * self.grad_g[2][i] + 2.0 * mu * self.point[2][i];
            }
            let along = &self.grad_f[2];
            descend(oracle, &mut self.point, 2, method.lower_step_size, along);
            if terms.is_enabled() {
                terms.row(&DIRECTIONS, &self.grad_f[2]);
                terms.row(&PATH, &self.point[2]);
            }
        }
        oracle.grad(1, &self.point, Levels::only(1), &mut self.grad_f);
        oracle.grad(2, &self.point, Levels::only(1), &mut self.grad_g);
        oracle.grad(2, &self.free, Levels::only(1), &mut self.grad_free);
        let weight = self.weight(oracle, value, tau);
        if terms.is_enabled() {
            terms.record(&GRADIENT_F, &self.grad_f[1]);
            terms.record(&GRADIENT_G, &self.grad_g[1]);
            terms.record(&GRADIENT_G_INNER, &self.grad_free[1]);
            let both = self.grad_g[1].iter().zip(&self.grad_free[1]);
            let gap: Vec<f64> = both.map(|(at_y, at_z)| at_y - at_z).collect();
            terms.record(&GRADIENT_GAP, &gap);
            terms.number(&WEIGHT, weight);
        }
        for i in 0..self.grad_f[1].len() {
            self.grad_f[1][i] += weight * (self.grad_g[1][i] - self.grad_free[1][i]);
        }
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, &self.grad_f[1]);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, method.step_size);
        }
        let along = self.momentum.of(&self.grad_f[1]);
        terms.record(&STEP, along);
        descend(oracle, &mut self.point, 1, method.step_size, along);
        self.iteration += 1;
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }

    fn joint_surrogate(&self) -> Option<JointSurrogate> {
        let (method, first) = (self.method, self.clone());
        let [mu, tau] = self.weights();
        // the published weight is that of the present x, everywhere
        let mut fixed: Option<f64> = None;
        let formula = if method.is_published {
            "f + μ ‖y‖^2 + w (g(x, y) − G(x))"
        } else {
            "f + μ ‖y‖^2 − τ \\ln(G(x) − g(x, y) + o)"
        };
        Some(JointSurrogate::new(formula, move |oracle, at| {
            let mut state = first.clone();
            if method.is_published && fixed.is_none() {
                let value = state.free_value(oracle, mu);
                fixed = Some(state.weight(oracle, value, tau));
                state = first.clone();
            }
            state.point.copy_from(at);
            let least = state.free_value(oracle, mu);
            let gap = oracle.value(2, at) - least;
            let barrier = match fixed {
                Some(weight) => weight * gap,
                None => tau * method.barrier(method.offset - gap),
            };
            oracle.value(1, at) + mu * dot(&at[2], &at[2]) + barrier
        }))
    }
}
