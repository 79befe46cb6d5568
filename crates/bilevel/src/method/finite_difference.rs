//! Finite differences of the truncated reduced objectives, without derivatives of any answer.
//!
//! ```text
//! x_k⁽ᵗ⁺¹⁾ = P(x_k⁽ᵗ⁾ − α_k G_k),   t = 0 … T_k − 1,   k = 2 … n;   x_1 ← P(x_1 − ξ G_1)
//! G_k,i = (F̃_k(x_k + h eᵢ) − F̃_k(x_k)) / h                    difference = "forward"
//! G_k,i = (F̃_k(x_k + h eᵢ) − F̃_k(x_k − h eᵢ)) / 2h            difference = "central"
//! ```
//!
//! `F̃_k` is `f_k` with every deeper level at the end of its own loop. `innermost` selects a difference (as in the
//! recorded runs of three levels that the tests follow) or the gradient for the last level, which has no level beneath
//! it.
//!
//! Source: folklore; a baseline in Sato, Tanaka, Takeda, NeurIPS 2021 (arXiv 2105.13954) and in Gu, Chen 2024
//! (arXiv 2410.11312), whose exact variants could not be read.
//! Cost per outer step, with m leader's variables, two levels: (m + 1) T gradients of g and m + 1 values of f if
//! forward, (2m + 1) T and 2m if central; T gradients more once, for the start's own answer. n levels: every loop
//! but the last takes `d_k` + 1 answers of the levels beneath for each step, `Π_k` (`d_k` + 1) `T_k` in all. Memory
//! O(n (p + m)).
//! Assumes: few variables, and an h between the truncation error of order h (central: h²) and the rounding error of
//! order 1e-16 / h, which each further level divides by h again: nested forward differences with h = 1e-6 are noise.
//! Like ITD it converges to stationary points of the truncated F̃₁.
//!
//! `inner_start = "fixed"` makes F̃₁ a function of `x_1` alone and solves again after `x_1` has moved, so that a row
//! pairs `x_1` with the answers to it. `"warm"` starts all loops of an outer step at the present iterates and keeps the
//! end of the loops at `x_1`. A difference that would leave the box is taken towards the inside, and divided by the
//! step really taken.

use super::assembly::Operation;
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::{InnerDescent, descend};
use super::keys;
use super::momentum::Momentum;
use super::terms::{
    HYPERGRADIENT, LEADER, MOMENTUM, MOVE, PROJECT, STEP, STEP_SIZE, TURN, UNROLLED,
    UNROLLED_AGAIN, UnrolledTerms, lower_blocks,
};
use super::unrolled::descents;
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::{
    DefaultValue, Key, Oracle, Parameter, ParameterChoice, ParameterKind, Settings, UNROLLING, Word,
};

const DIFFERENCE: Key<Word> = Key::new("difference");
const INNERMOST: Key<Word> = Key::new("innermost");

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "finite-difference",
    name: "Finite differences",
    summary: "Perturbs each variable, solves all lower levels again, and takes difference quotients of the objective.",
    rule: &[
        "$F_k$ is $f_k$ with each deeper level after $T$ steps $x_l ← x_l − α G_l$",
        "forward: $G_{k,i} = (F_k(x_k + h e_i) − F_k(x_k)) / h$",
        "central: $G_{k,i} = (F_k(x_k + h e_i) − F_k(x_k − h e_i)) / 2h$",
        "$x_1 ← x_1 − ξ G_1$; the innermost $G_n$ is the gradient",
    ],
    source: "folklore; a baseline in Sato, Tanaka, Takeda 2021 (arXiv 2105.13954)",
    references: &[UNROLLING],
    cost: &[
        StepCost {
            call: "∇g",
            count: "(m + 1) T",
        },
        StepCost {
            call: "values of f (central: $(2m + 1) T$ and $2m$)",
            count: "m + 1",
        },
        StepCost {
            call: "solutions of level $n$ where loops nest",
            count: "Π_k (d_k + 1) T_k",
        },
    ],
    assumes: "Few leader's variables $m$; it converges to a minimum of the truncated objective, with a bias that grows \
              with $h$.",
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
        Parameter {
            name: keys::DIFFERENCE_STEP.name(),
            label: "difference step",
            symbol: "h",
            kind: ParameterKind::Number {
                min: 1e-12,
                max: 1e12,
                slider: [1e-8, 1.0],
                per_level: false,
            },
            default: DefaultValue::Number(1e-4),
            meaning: "Perturbation of a variable.",
        },
        Parameter {
            name: DIFFERENCE.name(),
            label: "difference",
            symbol: "G",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "forward",
                    label: "",
                    meaning: "forward difference: an error of order h",
                },
                ParameterChoice {
                    name: "central",
                    label: "",
                    meaning: "central difference: twice the work, an error of order h²",
                },
            ]),
            default: DefaultValue::Choice("forward"),
            meaning: "Type of the difference quotient.",
        },
        shared::INNER_STEP_SIZE,
        Parameter {
            name: INNERMOST.name(),
            label: "last level",
            symbol: "G_n",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "auto",
                    label: "",
                    meaning: "its gradient for two levels, a difference for more",
                },
                ParameterChoice {
                    name: "gradient",
                    label: "",
                    meaning: "the last level takes its gradient",
                },
                ParameterChoice {
                    name: "difference",
                    label: "",
                    meaning: "the last level takes a difference as all others do",
                },
            ]),
            default: DefaultValue::Choice("auto"),
            meaning: "Descent direction of the last level.",
        },
        shared::inner_start("fixed"),
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(FiniteDifference {
            settings: settings.clone(),
            step_size: settings.get(keys::OUTER_STEP_SIZE),
            momentum: settings.get(keys::MOMENTUM),
            restarts: settings.is(keys::INNER_START, "fixed"),
        })
    },
};

const LENGTH: TermInfo = TermInfo::number("difference step", "h", TermKind::StepSize);
/// Only for forward differences.
const VALUE: TermInfo = TermInfo::number(
    "value",
    "F_1(x_1)",
    TermKind::Value {
        objective: 1,
        at: TermPoint::Term("answers"),
    },
);
/// For each variable, the two values whose difference is taken, and the distance between them.
const TO: TermInfo = TermInfo::blocks(
    "shifted values",
    "F_1(x_1 + h e_i)",
    TermKind::Measure,
    LEADER,
);
const FROM: TermInfo = TermInfo::blocks(
    "opposite values",
    "F_1(x_1 − h e_i)",
    TermKind::Measure,
    LEADER,
);
const RUNS: TermInfo = TermInfo::blocks("distances", "h_i", TermKind::Measure, LEADER);
const QUOTIENTS: TermInfo =
    TermInfo::blocks("difference quotients", "G_1", TermKind::Direction, LEADER);

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    Operation::Set { from: "answers" },
    Operation::Take {
        to: "hypergradient",
        from: "difference quotients",
        levels: LEADER,
    },
    TURN,
    MOVE,
    PROJECT,
    Operation::Set {
        from: "new answers",
    },
];

/// The parts of a difference quotient: the two values, and the distance between their places.
type Quotient = (f64, f64, f64);

/// Iterate of a level's loop.
#[derive(Clone, Copy)]
enum Iterate<'a> {
    /// The level's block of a point.
    Block(&'a Point),
    /// The only variable of the level.
    Number(f64),
}

/// No observer of the iterates of a loop.
#[inline]
fn ignore_iterate(_: usize, _: Iterate<'_>) {}

/// No observer of difference quotients.
#[inline]
fn ignore_quotient(_: Quotient) {}

#[derive(Clone, Debug)]
struct FiniteDifference {
    /// The settings, read for the problem's levels at the start of a run.
    settings: Settings,
    step_size: f64,
    momentum: f64,
    restarts: bool,
}

impl FiniteDifference {
    fn begin(&self, start: &Start<'_>) -> FiniteDifferenceState {
        let shape = start.point.shape();
        let scratch = |level| Scratch {
            probe: Point::zeros(shape),
            slope: Point::zeros(shape),
            level,
        };
        FiniteDifferenceState {
            step_size: self.step_size,
            restarts: self.restarts,
            point: start.point.clone(),
            is_answered: false,
            walks: InnerLoops {
                descents: descents(&self.settings, shape, false),
                starts: start.point.clone(),
                step: self.settings.get(keys::DIFFERENCE_STEP),
                is_central: self.settings.is(DIFFERENCE, "central"),
                differs_last: self.settings.is(INNERMOST, "difference")
                    || self.settings.is(INNERMOST, "auto") && shape.levels() > 2,
            },
            scratch: (1..=shape.levels()).map(scratch).collect(),
            gradient: vec![0.0; shape.size(1)],
            momentum: Momentum::new(self.momentum, shape.size(1)),
        }
    }
}

impl Method for FiniteDifference {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        Box::new(self.begin(start))
    }

    fn resume(&self, start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &FiniteDifferenceState = own_state(state)?;
        let mut next = self.begin(start);
        next.point.copy_from(&state.point);
        next.gradient.copy_from_slice(&state.gradient);
        let size = state.point[1].len();
        next.momentum = state.momentum.with_factor(self.momentum, size);
        // the answers of other loops are computed again
        next.is_answered = state.is_answered
            && next.restarts == state.restarts
            && next.walks.has_loops_of(&state.walks);
        Some(Box::new(next))
    }
}

/// The loops of all lower levels.
#[derive(Clone, Debug)]
struct InnerLoops {
    /// The loop of each level, level 2 first.
    descents: Vec<InnerDescent>,
    /// Start of each loop.
    starts: Point,
    /// h.
    step: f64,
    is_central: bool,
    /// True if the last level takes a difference too.
    differs_last: bool,
}

/// Working memory of one level.
#[derive(Clone, Debug)]
struct Scratch {
    level: usize,
    probe: Point,
    slope: Point,
}

impl InnerLoops {
    /// True if the other loops have the same parameters, whatever their starts.
    fn has_loops_of(&self, other: &Self) -> bool {
        self.descents == other.descents
            && self.step == other.step
            && self.is_central == other.is_central
            && self.differs_last == other.differs_last
    }

    /// Runs the loops of the levels of `scratch` for the blocks above them, in place. `observe` is called with the level
    /// and the start and iterates of the first level's loop, and of the last loop of each deeper level.
    fn answer<F: FnMut(usize, Iterate<'_>)>(
        &self,
        oracle: &mut Oracle<'_>,
        at: &mut Point,
        scratch: &mut [Scratch],
        observe: &mut F,
    ) {
        let Some((here, deeper)) = scratch.split_first_mut() else {
            return;
        };
        let level = here.level;
        if deeper.is_empty() && self.differs_last && at[level].len() == 1 {
            return self.descend_last(oracle, at, level, observe);
        }
        let descent = self.descents[level - 2];
        at[level].copy_from_slice(&self.starts[level]);
        observe(level, Iterate::Block(at));
        for _ in 0..descent.steps {
            if oracle.is_cancelled() {
                return;
            }
            if deeper.is_empty() && !self.differs_last {
                oracle.grad(level, at, Levels::only(level), &mut here.slope);
            } else {
                if !self.is_central {
                    self.answer(oracle, at, deeper, &mut ignore_iterate);
                }
                self.difference(oracle, at, here, deeper, &mut ignore_quotient);
            }
            descend(oracle, at, level, descent.step_size, &here.slope[level]);
            observe(level, Iterate::Block(at));
        }
        self.answer(oracle, at, deeper, observe);
    }

    /// Computes G of one level in its `slope`, at a point with the deeper levels answered.
    fn difference<F: FnMut(Quotient)>(
        &self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        here: &mut Scratch,
        deeper: &mut [Scratch],
        observe: &mut F,
    ) {
        let level = here.level;
        let current = if self.is_central {
            0.0
        } else {
            oracle.value(level, at)
        };
        let (probe, slope) = (&mut here.probe, &mut here.slope);
        for variable in 0..slope[level].len() {
            if oracle.is_cancelled() {
                return;
            }
            let mut moved = |oracle: &mut Oracle<'_>, value: f64| {
                probe.copy_from(at);
                probe[level][variable] = value;
                self.answer(oracle, probe, deeper, &mut ignore_iterate);
                oracle.value(level, probe)
            };
            let x = at[level][variable];
            let limits = oracle.bounds().limits(level)[variable];
            let (there, here, run) = if self.is_central {
                let [above, below] = self.both_sides(x, limits);
                (moved(oracle, above), moved(oracle, below), above - below)
            } else {
                let aside = self.aside(x, limits);
                (moved(oracle, aside), current, aside - x)
            };
            slope[level][variable] = quotient(there - here, run);
            observe((there, here, run));
        }
    }

    /// The loop of a last level of one variable, kept in a register: most of the work of nested loops is here, and each
    /// step waits for the one before.
    fn descend_last<F: FnMut(usize, Iterate<'_>)>(
        &self,
        oracle: &mut Oracle<'_>,
        at: &mut Point,
        level: usize,
        observe: &mut F,
    ) {
        let descent = self.descents[level - 2];
        let variable = at.shape().range(level).start;
        let limits = oracle.bounds().limits(level)[0];
        let mut x = self.starts.values()[variable];
        observe(level, Iterate::Number(x));
        for _ in 0..descent.steps {
            if oracle.is_cancelled() {
                return;
            }
            let (to, from) = if self.is_central {
                let [above, below] = self.both_sides(x, limits);
                (above, below)
            } else {
                (self.aside(x, limits), x)
            };
            let (there, here) = oracle.two_values(level, at, variable, (to, from));
            x += -descent.step_size * quotient(there - here, to - from);
            x = x.clamp(limits[0], limits[1]);
            observe(level, Iterate::Number(x));
        }
        at.values_mut()[variable] = x;
    }

    /// The two places of a central difference.
    fn both_sides(&self, x: f64, [low, high]: [f64; 2]) -> [f64; 2] {
        [(x + self.step).min(high), (x - self.step).max(low)]
    }

    /// The second place of a forward difference.
    fn aside(&self, x: f64, [low, high]: [f64; 2]) -> f64 {
        if x + self.step <= high {
            x + self.step
        } else {
            (x - self.step).max(low)
        }
    }
}

#[derive(Clone, Debug)]
struct FiniteDifferenceState {
    step_size: f64,
    restarts: bool,
    point: Point,
    /// True if the point's lower blocks are already the answers to its upper one.
    is_answered: bool,
    walks: InnerLoops,
    /// The working memory of each level, level 1 first.
    scratch: Vec<Scratch>,
    gradient: Vec<f64>,
    momentum: Momentum,
}

impl FiniteDifferenceState {
    /// Runs the inner loops at the present `x_1`.
    fn answer(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
        names: &'static UnrolledTerms,
    ) {
        if !self.restarts {
            self.walks.starts.copy_from(&self.point);
        }
        let (walks, point, scratch) = (&self.walks, &mut self.point, &mut self.scratch[1..]);
        if terms.is_enabled() {
            terms.number(&names.inner.step_size, walks.descents[0].step_size);
            walks.answer(oracle, point, scratch, &mut |level, iterate| {
                let path = match level {
                    2 => &names.inner.path,
                    _ => &names.deeper[level - 3],
                };
                match iterate {
                    Iterate::Block(at) => terms.row(path, &at[level]),
                    Iterate::Number(x) => terms.row(path, &[x]),
                }
            });
            terms.record(&names.answers, lower_blocks(point));
        } else {
            walks.answer(oracle, point, scratch, &mut ignore_iterate);
        }
        self.is_answered = true;
    }

    fn difference(&mut self, oracle: &mut Oracle<'_>, terms: &mut StepDiagnostics) {
        let Some((leader, lower)) = self.scratch.split_first_mut() else {
            return;
        };
        let (walks, point) = (&self.walks, &self.point);
        if terms.is_enabled() {
            let mut opposite = f64::NAN;
            walks.difference(oracle, point, leader, lower, &mut |(there, here, run)| {
                terms.row(&TO, &[there]);
                terms.row(&RUNS, &[run]);
                opposite = here;
                if walks.is_central {
                    terms.row(&FROM, &[here]);
                }
            });
            terms.number(&LENGTH, walks.step);
            if !walks.is_central {
                terms.number(&VALUE, opposite);
            }
            terms.record(&QUOTIENTS, &leader.slope[1]);
        } else {
            walks.difference(oracle, point, leader, lower, &mut ignore_quotient);
        }
        self.gradient.copy_from_slice(&leader.slope[1]);
    }
}

impl MethodState for FiniteDifferenceState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.gradient
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        if !self.is_answered {
            self.answer(oracle, terms, &UNROLLED);
        }
        self.difference(oracle, terms);
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, &self.gradient);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, self.step_size);
        }
        let along = self.momentum.of(&self.gradient);
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
}

/// rise / run; 0 if the box or rounding leaves no room to move.
fn quotient(rise: f64, run: f64) -> f64 {
    if run == 0.0 { 0.0 } else { rise / run }
}
