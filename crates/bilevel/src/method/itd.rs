//! ITD: the hypergradient of unrolled inner loops, level within level.
//!
//! ```text
//! x_k⁽ᵗ⁺¹⁾ = P(x_k⁽ᵗ⁾ − α_k ∂F̃_k/∂x_k),   t = 0 … T_k − 1,   k = 2 … n
//! x_1 ← P(x_1 − ξ dF̃₁/dx_1)
//! ```
//!
//! `F̃_k` is `f_k` with every deeper level at the end of its own loop. For two levels: y ← y − α ∇_y g(x, y) T times,
//! and the exact derivative of f(x, y⁽ᵀ⁾) by x.
//!
//! Source: two levels: Domke 2012; Maclaurin, Duvenaud, Adams 2015; Franceschi, Donini, Frasconi, Pontil, ICML 2017
//! (arXiv 1703.01785). n levels: Sato, Tanaka, Takeda, NeurIPS 2021 (arXiv 2105.13954), who differentiate forward and
//! restart every loop from the run's start; both are the defaults for more than two levels.
//! Cost per outer step, two levels, reverse: T gradients of g, 1 of f, T Hessian-vector and T mixed products; memory
//! O(T p). Forward: T gradients, T Hessian-vector and T mixed products for each of the m variables of x, no tape. n
//! levels: the loops nest, so each answer costs T₂ T₃ ⋯ `T_n` steps of level n.
//! Assumes: levels that T gradient steps nearly solve; at finite T the stationary points are those of the truncated
//! F̃₁, not of the true F₁.
//!
//! `inner_start = "warm"` keeps the answers for the next outer step. `"fixed"` restarts from the run's start every time
//! and solves again after `x_1` has moved, so that a row pairs `x_1` with the answers to it.
//!
//! `mode = "reverse"` differentiates the loop of level 2 in reverse, and the deeper loops forward. `truncation` K
//! carries derivatives through the last K steps of level 2 only, as if the iterate before them did not depend on `x_1`.
//!
//! With inner momentum m the loop is (y, u) ← (P(y − α u'), u' = m u + ∇_y g(x, y)), u from 0 in every outer step. A
//! coordinate that the box cuts off a step passes no derivative (`projection.rs`). `projection = "ignored"`
//! differentiates as if P were the identity, as in the recorded runs that the tests follow; in the mini-max game the
//! two differ from k = 3 on and end equally near the origin.

use super::assembly::{Factor, Operation, VelocityTerms};
use super::diagnostics::StepDiagnostics;
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::momentum::Momentum;
use super::projection::{self, PROJECTION};
use super::surrogate::Surrogate;
use super::tape::UnrolledTape;
use super::term_names;
use super::terms::{
    DESCEND, HYPERGRADIENT, LEADER, MOMENTUM, MOVE, PROJECT, STEP, STEP_SIZE, TURN, UNROLLED,
    UNROLLED_AGAIN, UnrolledTerms,
};
use super::unrolled::{Forward, Unrolled, descents};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Point, Shape};
use crate::problem::{
    DefaultValue, Key, Oracle, Parameter, ParameterChoice, ParameterKind, Reference, Settings,
    UNROLLING, Venue, Word,
};

const TRUNCATION: Key<usize> = Key::new("truncation");
const MODE: Key<Word> = Key::new("mode");

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "itd",
    name: "ITD",
    summary: "Differentiates through the $T$ gradient steps of every lower level as if they solved it.",
    rule: &[
        "$x_k^{(t+1)} = P(x_k^{(t)} − α ∂F_k/∂x_k)$, $T$ times, $k = 2 … n$",
        "$F_k$ is $f_k$ with each deeper level at the end of its own loop, the box $P$ included",
        "$x_1 ← x_1 − ξ\\, dF_1/dx_1$",
    ],
    source: "Franceschi, Donini, Frasconi, Pontil 2017 (arXiv 1703.01785); n levels: Sato, Tanaka, Takeda 2021 (arXiv 2105.13954)",
    references: &[
        Reference {
            key: "franceschi2017forward",
            authors: &[
                "Franceschi, Luca",
                "Donini, Michele",
                "Frasconi, Paolo",
                "Pontil, Massimiliano",
            ],
            title: "Forward and Reverse Gradient-Based Hyperparameter Optimization",
            year: 2017,
            venue: Venue::Proceedings("International Conference on Machine Learning"),
            arxiv: Some("1703.01785"),
        },
        UNROLLING,
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
            count: "T",
        },
        StepCost {
            call: "mixed products of g",
            count: "T",
        },
        StepCost {
            call: "steps of level $n$ where loops nest",
            count: "T_2 ⋯ T_n",
        },
    ],
    assumes: "$T$ gradient steps nearly solve the follower; otherwise it converges to a minimum of its truncated \
              objective.",
    needs: Requirements {
        two_levels: false,
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
        Parameter {
            name: keys::INNER_START.name(),
            label: "inner start",
            symbol: "y^{(0)}",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "auto",
                    label: "",
                    meaning: "warm for two levels, fixed for more, as they were published",
                },
                shared::WARM,
                shared::FIXED,
            ]),
            default: DefaultValue::Choice("auto"),
            meaning: "Start of the inner loops.",
        },
        Parameter {
            name: MODE.name(),
            label: "mode",
            symbol: "d",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "auto",
                    label: "",
                    meaning: "reverse for two levels, forward for more, as they were published",
                },
                ParameterChoice {
                    name: "forward",
                    label: "",
                    meaning: "forward along the iterates: work proportional to the number of leader's variables, no \
                              tape",
                },
                ParameterChoice {
                    name: "reverse",
                    label: "",
                    meaning: "back along a tape of the follower's iterates: work independent of the number of leader's \
                              variables",
                },
            ]),
            default: DefaultValue::Choice("auto"),
            meaning: "Direction of differentiation of the loop of level 2; the result is the same.",
        },
        Parameter {
            name: TRUNCATION.name(),
            label: "truncation",
            symbol: "K",
            kind: ParameterKind::Integer {
                min: 0,
                max: 1_000_000,
                slider: [1.0, 100.0],
                per_level: false,
            },
            default: DefaultValue::SameAs("inner_steps"),
            meaning: "Number of the last inner steps of level 2 that are differentiated.",
        },
        PROJECTION,
        shared::MOMENTUM,
        shared::INNER_MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Itd {
            settings: settings.clone(),
            step_size: settings.get(keys::OUTER_STEP_SIZE),
            momentum: settings.get(keys::MOMENTUM),
        })
    },
};

/// The operations of a step. The hypergradient comes from a sweep back along the iterates, or from the responses if the
/// loops are differentiated forward.
const ASSEMBLY: &[Operation] = &[
    Operation::Set {
        from: "inner start",
    },
    DESCEND,
    Operation::Set { from: "answers" },
    Operation::Take {
        to: "hypergradient",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    Operation::Take {
        to: "hypergradient",
        from: "partial gradient",
        levels: LEADER,
    },
    Operation::AddRows {
        to: "hypergradient",
        by: Factor::Minus(term_names::SWEPT_STEP_SIZE),
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
        from: "new inner start",
    },
    Operation::Descend {
        level: 2,
        by: Factor::Minus("new inner step size"),
        along: "new inner gradients",
        momentum: Some(VelocityTerms {
            factor: "new inner momentum",
            velocity: "new inner velocity",
        }),
    },
    Operation::Set {
        from: "new answers",
    },
];

#[derive(Clone, Debug)]
struct Itd {
    /// The settings, read for the problem's levels at the start of a run.
    settings: Settings,
    step_size: f64,
    momentum: f64,
}

impl Itd {
    fn is_forward(&self, shape: Shape) -> bool {
        let is = |word| self.settings.is(MODE, word);
        is("forward") || is("auto") && shape.levels() != 2
    }

    fn begin(&self, start: &Start<'_>) -> ItdState {
        let shape = start.point.shape();
        let is_two = shape.levels() == 2;
        let is = |key, word| self.settings.is(key, word);
        let is_forward = self.is_forward(shape);
        let descents = descents(&self.settings, shape, true);
        ItdState {
            step_size: self.step_size,
            restarts: is(keys::INNER_START, "fixed") || is(keys::INNER_START, "auto") && !is_two,
            point: start.point.clone(),
            is_answered: false,
            mode: if is_forward {
                Mode::Forward(Box::new(Forward::new(shape)))
            } else {
                Mode::Reverse(Box::new(UnrolledTape::new(shape, descents[0].momentum)))
            },
            unrolled: Unrolled {
                descents,
                truncation: self.settings.get(TRUNCATION),
                starts: start.point.clone(),
                sees_box: projection::is_exact(&self.settings),
            },
            gradient: Point::zeros(shape),
            momentum: Momentum::new(self.momentum, shape.size(1)),
        }
    }
}

impl Method for Itd {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        Box::new(self.begin(start))
    }

    fn resume(&self, start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &ItdState = own_state(state)?;
        let mut next = self.begin(start);
        next.point.copy_from(&state.point);
        next.gradient.copy_from(&state.gradient);
        let size = state.point[1].len();
        next.momentum = state.momentum.with_factor(self.momentum, size);
        // the answers of other loops are computed again
        let has_same_loops = next.restarts == state.restarts
            && next.mode.is_forward() == state.mode.is_forward()
            && next.unrolled.has_loops_of(&state.unrolled);
        if state.is_answered && has_same_loops {
            next.mode = state.mode.clone();
            next.is_answered = true;
        }
        Some(Box::new(next))
    }

    fn held_numbers(&self, shape: Shape) -> u64 {
        if self.is_forward(shape) {
            return 0;
        }
        let steps = descents(&self.settings, shape, true)[0].steps;
        let taped = steps.min(self.settings.get(TRUNCATION));
        (taped as u64).saturating_mul(shape.size(2) as u64)
    }
}

#[derive(Clone, Debug)]
enum Mode {
    Forward(Box<Forward>),
    Reverse(Box<UnrolledTape>),
}

impl Mode {
    fn is_forward(&self) -> bool {
        matches!(self, Self::Forward(_))
    }
}

#[derive(Clone, Debug)]
struct ItdState {
    step_size: f64,
    restarts: bool,
    point: Point,
    /// True if the lower blocks are the answers to the upper one, so that the next step need not run the loops again.
    is_answered: bool,
    mode: Mode,
    unrolled: Unrolled,
    gradient: Point,
    momentum: Momentum,
}

impl ItdState {
    /// Runs the inner loops at the present `x_1` and keeps what derivatives need.
    fn answer(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
        names: &'static UnrolledTerms,
    ) {
        if !self.restarts {
            self.unrolled.starts.copy_from(&self.point);
        }
        let (unrolled, point) = (&self.unrolled, &mut self.point);
        match &mut self.mode {
            Mode::Forward(forward) => forward.walk(oracle, unrolled, point, terms, names),
            Mode::Reverse(tape) => tape.descend(oracle, unrolled, point, terms, names),
        }
        self.is_answered = true;
    }

    /// Writes the hypergradient of the unrolled loops to the upper block of `gradient`.
    fn differentiate(&mut self, oracle: &mut Oracle<'_>, terms: &mut StepDiagnostics) {
        let (point, gradient) = (&self.point, &mut self.gradient);
        match &mut self.mode {
            Mode::Forward(forward) => forward.differentiate(oracle, point, gradient, terms),
            Mode::Reverse(tape) => {
                tape.differentiate(oracle, &self.unrolled, point, gradient, terms);
            }
        }
    }
}

impl MethodState for ItdState {
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
        if !self.is_answered {
            self.answer(oracle, terms, &UNROLLED);
        }
        self.differentiate(oracle, terms);
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, &self.gradient[1]);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, self.step_size);
        }
        let along = self.momentum.of(&self.gradient[1]);
        terms.record(&STEP, along);
        descend(oracle, &mut self.point, 1, self.step_size, along);
        self.is_answered = false;
        if self.restarts {
            self.answer(oracle, terms, &UNROLLED_AGAIN);
        }
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }

    fn surrogate(&self) -> Result<Surrogate, &'static str> {
        let mut state = self.clone();
        let steps = self.unrolled.descents[0].steps;
        let is_whole = self.unrolled.truncation == 0 || self.unrolled.truncation >= steps;
        let label = if is_whole && self.unrolled.sees_box {
            "$f(x, y_T(x))$"
        } else {
            "$f(x, y_T(x))$ (not what it descends)"
        };
        Ok(Surrogate::new(label, move |oracle, at| {
            state.point.copy_from(at);
            // a loop with a start of its own has it here, too
            if !state.restarts {
                state.unrolled.starts.copy_from(at);
            }
            state.answer(oracle, &mut StepDiagnostics::ignored(), &UNROLLED);
            Some(oracle.value(1, &state.point))
        }))
    }
}
