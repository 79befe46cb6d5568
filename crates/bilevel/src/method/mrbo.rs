//! MRBO: single-loop steps of both levels, each along a recursive momentum that cancels most of its noise.
//!
//! ```text
//! s_k = ∇_y g(k) + (1 − b_k)(s_{k−1} − ∇_y g(k−1)),   w_k = h(k) + (1 − a_k)(w_{k−1} − h(k−1))
//! y ← P(y − α η_k s_k),   x ← P(x − ξ η_k w_k),   η_k = d / (m + k)^{1/3},   a_k = c₁ η_k²,   b_k = c₂ η_k²
//! ```
//!
//! h is the Neumann estimate of the hypergradient (`neumann.rs`); (k) and (k−1) are the present point and the one
//! before, both with the *same* sample, whose noise cancels in the difference (STORM, Cutkosky, Orabona 2019). `a_k`
//! and `b_k` are at most 1.
//!
//! h leaves out the coordinates in which a step of length α along that sample's ∇_y g ends outside the box
//! (`projection.rs`), unless `projection = "ignored"`.
//!
//! With `momentum` x goes along u ← m u + `w_k` instead of `w_k`, as in the published learning experiments; the
//! recursions are unchanged.
//!
//! Source: Yang, Ji, Liang, NeurIPS 2021 (arXiv 2106.04692).
//! Cost per outer step: 2 gradients of g, 2 of f, 2 Q Hessian-vector and 2 mixed products; half of that in the first
//! step.
//! Assumes: the conditions of a Neumann series, and decreasing steps: the schedule is part of the method.

use super::assembly::{Factor, Operation};
use super::chance::Noise;
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::momentum::Momentum;
use super::neumann::{Directions, NEUMANN_STEPS};
use super::projection::PROJECTION;
use super::terms::{
    DIRECTIONS, FOLLOWER, HYPERGRADIENT, LEADER, MOMENTUM, MOVE, PREVIOUS_DIRECTIONS, PROJECT,
    STEP, STEP_SIZE, STEP_SIZE_LOWER, TURN,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::{DefaultValue, Oracle, Parameter, ParameterKind, SINGLE_LOOP, Settings};

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "mrbo",
    name: "MRBO",
    summary: "Moves both levels at once, each along a recursive momentum in which most of the noise cancels.",
    rule: &[
        "$s_k = ∇_y g(k) + (1 − b_k)(s_{k−1} − ∇_y g(k−1))$, the same sample at both points",
        "$w_k = h(k) + (1 − a_k)(w_{k−1} − h(k−1))$, $h$ by $Q$ Neumann steps",
        "$y ← y − α η_k s_k$, $x ← x − ξ η_k w_k$, $η_k = d / (m + k)^{1/3}$",
    ],
    source: "Yang, Ji, Liang 2021 (arXiv 2106.04692)",
    references: &[SINGLE_LOOP],
    cost: &[
        StepCost {
            call: "∇g",
            count: "2",
        },
        StepCost {
            call: "∇f",
            count: "2",
        },
        StepCost {
            call: "Hessian products of g",
            count: "2Q",
        },
        StepCost {
            call: "mixed products of g",
            count: "2",
        },
    ],
    assumes: "A step $β$ below $2$ over the lower Hessian's largest eigenvalue, and a schedule $η_k$ that suits the noise.",
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
        shared::INNER_STEP_SIZE,
        NEUMANN_STEPS,
        shared::SERIES_STEP_SIZE,
        PROJECTION,
        shared::BATCH_SIZE,
        shared::GRADIENT_NOISE,
        schedule(
            "schedule_scale",
            "schedule scale",
            "d",
            1.0,
            "The d of η_k.",
        ),
        schedule(
            "schedule_delay",
            "schedule delay",
            "m",
            1.0,
            "The m of η_k.",
        ),
        schedule(
            "upper_momentum",
            "upper momentum",
            "c_1",
            1.0,
            "a_k = c₁ η_k², at most 1: forgetting rate of w.",
        ),
        schedule(
            "lower_momentum",
            "lower momentum",
            "c_2",
            1.0,
            "b_k = c₂ η_k², at most 1: forgetting rate of s.",
        ),
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Mrbo {
            settings: settings.clone(),
        })
    },
};

const PREVIOUS_POINT: TermInfo = TermInfo::blocks(
    "previous point",
    "(x, y)_{k−1}",
    TermKind::Point,
    Levels::ALL,
);
const PREVIOUS: TermInfo = TermInfo::blocks(
    "previous directions",
    "(w, s)_{k−1}",
    TermKind::Direction,
    Levels::ALL,
);
const SCHEDULE: TermInfo = TermInfo::number("schedule", "η_k", TermKind::Weight);
const KEPT: [TermInfo; 2] = [
    TermInfo::number("kept share of w", "1 − a_k", TermKind::Weight),
    TermInfo::number("kept share of s", "1 − b_k", TermKind::Weight),
];
const DIRECTION_Y: TermInfo =
    TermInfo::blocks("direction of y", "s_k", TermKind::Direction, FOLLOWER);

/// The operations of a step; the first one has no kept shares.
const ASSEMBLY: &[Operation] = &[
    Operation::Take {
        to: "hypergradient",
        from: "previous directions",
        levels: LEADER,
    },
    Operation::Scale {
        to: "hypergradient",
        by: Factor::Term("kept share of w"),
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Minus("kept share of w"),
        from: "previous estimate",
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Number(1.0),
        from: "estimate",
    },
    Operation::Take {
        to: "direction of y",
        from: "previous directions",
        levels: FOLLOWER,
    },
    Operation::Scale {
        to: "direction of y",
        by: Factor::Term("kept share of s"),
    },
    Operation::Add {
        to: "direction of y",
        by: Factor::Minus("kept share of s"),
        from: "previous gradient of g",
    },
    Operation::Add {
        to: "direction of y",
        by: Factor::Number(1.0),
        from: "gradient of g",
    },
    TURN,
    MOVE,
    PROJECT,
    Operation::Move {
        level: 2,
        by: Factor::Minus("step size of y"),
        along: "direction of y",
    },
    Operation::Project { level: 2 },
];

/// A parameter of the schedule.
const fn schedule(
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
            min: 1e-12,
            max: 1e12,
            slider: [1e-2, 100.0],
            per_level: false,
        },
        default: DefaultValue::Number(default),
        meaning,
    }
}

#[derive(Clone, Debug)]
struct Mrbo {
    settings: Settings,
}

impl Method for Mrbo {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let shape = start.point.shape();
        let number = |name| self.settings.number(name);
        Box::new(MrboState {
            step_sizes: [number("outer_step_size"), number("inner_step_size")],
            schedule: [number("schedule_scale"), number("schedule_delay")],
            forgets: [number("upper_momentum"), number("lower_momentum")],
            point: start.point.clone(),
            before: start.point.clone(),
            noise: Noise::new(start, &self.settings),
            directions: Directions::new(&self.settings, shape),
            momentum: Momentum::new(number("momentum"), shape.size(1)),
            iteration: 0,
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &MrboState = own_state(state)?;
        let shape = state.point.shape();
        let number = |name| self.settings.number(name);
        Some(Box::new(MrboState {
            step_sizes: [number("outer_step_size"), number("inner_step_size")],
            schedule: [number("schedule_scale"), number("schedule_delay")],
            forgets: [number("upper_momentum"), number("lower_momentum")],
            noise: state.noise.resumed(&self.settings),
            directions: Directions::new(&self.settings, shape).after(&state.directions),
            momentum: state
                .momentum
                .with_factor(number("momentum"), shape.size(1)),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct MrboState {
    /// ξ and α.
    step_sizes: [f64; 2],
    /// d and m.
    schedule: [f64; 2],
    /// c₁ and c₂.
    forgets: [f64; 2],
    point: Point,
    /// The previous point.
    before: Point,
    noise: Noise,
    directions: Directions,
    momentum: Momentum,
    iteration: u64,
}

impl MethodState for MrboState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.directions.along[1]
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        let [scale, delay] = self.schedule;
        let eta = scale / (delay + self.iteration as f64).cbrt();
        let kept = self.forgets.map(|c| 1.0 - (c * eta * eta).min(1.0));
        if terms.is_enabled() {
            terms.record(&PREVIOUS, self.directions.along.values());
            terms.number(&SCHEDULE, eta);
        }
        if self.iteration > 0 {
            if terms.is_enabled() {
                terms.record(&PREVIOUS_POINT, self.before.values());
                terms.number(&KEPT[0], kept[0]);
                terms.number(&KEPT[1], kept[1]);
            }
            // the sample of this step, drawn again below for the present point
            let mut again = self.noise.clone();
            for level in [1, 2] {
                for value in &mut self.directions.along[level] {
                    *value *= kept[level - 1];
                }
            }
            let weights = kept.map(|kept| -kept);
            let reports = (&mut *terms, &PREVIOUS_DIRECTIONS);
            self.directions
                .add(oracle, &self.before, weights, &mut again, reports);
        }
        let reports = (&mut *terms, &DIRECTIONS);
        self.directions
            .add(oracle, &self.point, [1.0; 2], &mut self.noise, reports);
        self.before.copy_from(&self.point);
        let along = &self.directions.along;
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, &along[1]);
            terms.record(&DIRECTION_Y, &along[2]);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, self.step_sizes[0] * eta);
            terms.number(&STEP_SIZE_LOWER, self.step_sizes[1] * eta);
        }
        let alongs = [self.momentum.of(&along[1]), &along[2]];
        terms.record(&STEP, alongs[0]);
        for (level, along) in [1, 2].into_iter().zip(alongs) {
            let step_size = self.step_sizes[level - 1] * eta;
            descend(oracle, &mut self.point, level, step_size, along);
        }
        self.iteration += 1;
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}
