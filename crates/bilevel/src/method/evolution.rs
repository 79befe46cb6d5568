//! Evolution: the leader tries random steps and keeps improvements, without any gradient of its objective.
//!
//! ```text
//! x' = P(x_1 + σ ν),   ν ~ N(0, I),   all levels solved at x'
//! F₁(x') ≤ F₁(x_1):   x_1 ← x',   σ ← 1.5 σ;    else   σ ← 1.5^(−1/4) σ
//! ```
//!
//! Source: the (1+1) evolution strategy with the one-fifth success rule (Rechenberg 1973; in this form Kern and others
//! 2004); for nested levels in the spirit of Tilahun and others 2012, whose exact variant could not be read.
//! Cost per outer step: one value of `f_1` and one exact answer of all levels.
//! Assumes: levels that can be solved, and few variables of level 1. A long step can leave a valley, so that it may end
//! in the deepest one where gradient methods are trapped; its convergence near an optimum is linear at best.
//!
//! An outer iteration is one trial. A trial for which the lower levels cannot be solved fails.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, StandardNormal};

use super::assembly::{Factor, Operation};
use super::chance::random_stream;
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MOST_FACTORISED, MethodInfo, Requirements, StepCost};
use super::keys::{self, SIGMA0};
use super::surrogate::Surrogate;
use super::terms::{LEADER, LOWER, lower_blocks};
use super::{Method, MethodState, Start, own_state, shared};
use crate::messages;
use crate::nested::{Exact, StepError};
use crate::numerics::{Levels, Point};
use crate::problem::{DefaultValue, Oracle, Parameter, ParameterKind};

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "evolution",
    name: "Evolution (1+1)",
    summary: "Tries a random step, solves all levels there, and keeps it if the leader's objective falls; no gradient \
              of the leader.",
    rule: &[
        "$x' = x_1 + σ ν$ with $ν$ normal, all levels solved at $x'$",
        "better: $x_1 ← x'$, $σ ← 1.5\\, σ$",
        "worse: $σ ← 1.5^{−1/4} σ$",
    ],
    source: "(1+1) evolution strategy with the one-fifth success rule",
    references: &[],
    cost: &[StepCost {
        call: "values of f, each with an exact solution of all levels",
        count: "1",
    }],
    assumes: "Solvable lower levels and few leader's variables; no derivatives of $F_1$.",
    needs: Requirements {
        two_levels: false,
        inverse: Inverse::Never,
        unique_answer: true,
        min_max: false,
        most_variables: Some(MOST_FACTORISED),
    },
    joint_step: false,
    parameters: &[
        Parameter {
            name: SIGMA0.name(),
            label: "first spread",
            symbol: "σ_0",
            kind: ParameterKind::Number {
                min: 1e-12,
                max: 1e12,
                slider: [1e-2, 10.0],
                per_level: false,
            },
            default: DefaultValue::Number(1.0),
            meaning: "The standard deviation of the first trial.",
        },
        shared::INNER_TOLERANCE,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Evolution {
            spread: settings.get(SIGMA0),
            inner_tolerance: settings.get(keys::INNER_TOLERANCE),
        })
    },
};

const ANSWERS: TermInfo = TermInfo::blocks("answers", "x_k^*", TermKind::Point, LOWER);
const VALUE: TermInfo = TermInfo::number(
    "value before",
    "F_1(x_1)",
    TermKind::Value {
        objective: 1,
        at: TermPoint::Term("answers"),
    },
);
const SPREAD: TermInfo = TermInfo::number("spread", "σ", TermKind::StepSize);
const DRAW: TermInfo = TermInfo::blocks("draw", "ν", TermKind::Noise, LEADER);
const TRIAL: TermInfo = TermInfo::blocks("trial", "x'", TermKind::Point, LEADER);
const TRIAL_ANSWERS: TermInfo =
    TermInfo::blocks("trial answers", "x_k^*(x')", TermKind::Point, LOWER);
/// NaN if a level could not be solved.
const TRIAL_VALUE: TermInfo = TermInfo::number(
    "trial value",
    "F_1(x')",
    TermKind::Value {
        objective: 1,
        at: TermPoint::Term("trial point"),
    },
);
const TRIAL_POINT: TermInfo = TermInfo::blocks(
    "trial point",
    "(x', x_k^*(x'))",
    TermKind::Point,
    Levels::ALL,
);
const KEPT: TermInfo = TermInfo::number("kept", "F_1(x') ≤ F_1(x_1)", TermKind::Flag);
/// Only if the trial is not kept.
const RETURNED: TermInfo = TermInfo::blocks(
    "point returned to",
    "(x_1, x_k^*)",
    TermKind::Point,
    Levels::ALL,
);
const NEW_SPREAD: TermInfo = TermInfo::number("new spread", "σ", TermKind::StepSize);

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    Operation::Set { from: "answers" },
    Operation::Move {
        level: 1,
        by: Factor::Term("spread"),
        along: "draw",
    },
    Operation::Project { level: 1 },
    Operation::Set {
        from: "trial answers",
    },
    Operation::Set {
        from: "point returned to",
    },
];

const GROWTH: f64 = 1.5;

#[derive(Clone, Copy, Debug)]
struct Evolution {
    spread: f64,
    inner_tolerance: f64,
}

impl Method for Evolution {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let shape = start.point.shape();
        Box::new(EvolutionState {
            method: *self,
            point: start.point.clone(),
            value: None,
            spread: self.spread,
            stream: random_stream(start),
            trial: start.point.clone(),
            exact: Exact::new(shape, self.inner_tolerance),
            unknown: vec![f64::NAN; shape.size(1)],
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &EvolutionState = own_state(state)?;
        let is_as_exact = state.method.inner_tolerance == self.inner_tolerance;
        let spread = if state.method.spread == self.spread {
            state.spread
        } else {
            // the trials so far have changed the spread by a factor
            self.spread * (state.spread / state.method.spread)
        };
        Some(Box::new(EvolutionState {
            method: *self,
            spread,
            value: state.value.filter(|_| is_as_exact),
            exact: state.exact.clone().with_tolerance(self.inner_tolerance),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct EvolutionState {
    method: Evolution,
    point: Point,
    /// F₁ at the point; unknown before the first step, and where the tolerance has changed.
    value: Option<f64>,
    spread: f64,
    stream: ChaCha8Rng,
    trial: Point,
    exact: Exact,
    /// The direction as NaN: the method follows no gradient.
    unknown: Vec<f64>,
}

impl EvolutionState {
    /// Records the next draw, from a copy of the stream.
    #[cold]
    #[inline(never)]
    fn report_draw(&self, terms: &mut StepDiagnostics) {
        let mut stream = self.stream.clone();
        let drawn = self.point[1].iter().map(|_| -> f64 {
            let chance: f64 = StandardNormal.sample(&mut stream);
            chance
        });
        terms.record(&DRAW, &drawn.collect::<Vec<f64>>());
    }
}

impl MethodState for EvolutionState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.unknown
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        self.trial.copy_from(&self.point);
        let current = if let Some(value) = self.value {
            value
        } else {
            self.exact.solve(oracle, &mut self.trial)?;
            self.point.copy_from(&self.trial);
            oracle.value(1, &self.trial)
        };
        if terms.is_enabled() {
            terms.record(&ANSWERS, lower_blocks(&self.point));
            terms.number(&VALUE, current);
            terms.number(&SPREAD, self.spread);
            self.report_draw(terms);
        }
        for value in &mut self.trial[1] {
            let chance: f64 = StandardNormal.sample(&mut self.stream);
            *value += self.spread * chance;
        }
        oracle.bounds().project(1, &mut self.trial[1]);
        terms.record(&TRIAL, &self.trial[1]);
        let reached = match self.exact.solve(oracle, &mut self.trial) {
            Ok(()) => oracle.value(1, &self.trial),
            Err(_) => f64::NAN,
        };
        let is_kept = reached <= current;
        if is_kept {
            self.point.copy_from(&self.trial);
            self.value = Some(reached);
            self.spread *= GROWTH;
        } else {
            self.value = Some(current);
            self.spread *= GROWTH.powf(-0.25);
        }
        if terms.is_enabled() {
            terms.number(&TRIAL_VALUE, reached);
            if !reached.is_nan() {
                terms.record(&TRIAL_ANSWERS, lower_blocks(&self.trial));
                terms.record(&TRIAL_POINT, self.trial.values());
            }
            terms.number(&KEPT, f64::from(u8::from(is_kept)));
            if !is_kept {
                terms.record(&RETURNED, self.point.values());
            }
            terms.number(&NEW_SPREAD, self.spread);
        }
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }

    fn surrogate(&self) -> Result<Surrogate, &'static str> {
        Err(messages::run::compares_values())
    }
}
