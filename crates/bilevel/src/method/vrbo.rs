//! VRBO: recursive estimates of both levels' directions, restarted from large batches at regular intervals.
//!
//! ```text
//! k a multiple of q₀:   w = h(x, y),  s = ∇_y g(x, y)      from a batch that is q₀ times as large
//! x ← P(x − ξ w)
//! T + 1 times:   s ← s + ∇_y g(new) − ∇_y g(old),   w ← w + h(new) − h(old),   y ← P(y − α s)
//! ```
//!
//! h is the Neumann estimate of the hypergradient (`neumann.rs`); (new) and (old) are the present point and the one
//! before the last move, both with the *same* sample, whose noise cancels in the difference (SPIDER, Fang and others
//! 2018).
//!
//! h leaves out the coordinates in which a step of length α along that sample's ∇_y g ends outside the box
//! (`projection.rs`), unless `projection = "ignored"`.
//!
//! With `momentum` x goes along u ← m u + w instead of w, as in the published learning experiments; w itself is tracked
//! as before.
//!
//! Source: Yang, Ji, Liang, NeurIPS 2021 (arXiv 2106.04692).
//! Cost per outer step: 2 (T + 1) gradients of g and of f, 2 (T + 1) Q Hessian-vector and 2 (T + 1) mixed products; at
//! each restart 1, 1, Q and 1 more, from a large batch.
//! Assumes: the conditions of a Neumann series, and errors that stay small between two restarts.

use super::assembly::{Factor, Operation};
use super::chance::Noise;
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::momentum::Momentum;
use super::neumann::{Directions, NEUMANN_STEPS};
use super::projection::PROJECTION;
use super::term_names;
use super::terms::{
    DIRECTIONS, FOLLOWER, HYPERGRADIENT, LEADER, MOMENTUM, MOVE, PROJECT, STEP, STEP_SIZE,
    STEP_SIZE_LOWER, TURN, gradient,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::{DefaultValue, Key, Oracle, Parameter, ParameterKind, SINGLE_LOOP, Settings};

const RESTART_EVERY: Key<usize> = Key::new("restart_every");

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "vrbo",
    name: "VRBO",
    summary: "Tracks both directions by differences in which noise cancels, and re-estimates them from large batches \
              at intervals.",
    rule: &[
        "every $q_0$ steps: $w = h(x, y)$, $s = ∇_y g$ from large batches",
        "$x ← x − ξ w$",
        "$T + 1$ times: $s ← s + ∇_y g(new) − ∇_y g(old)$, $w ← w + h(new) − h(old)$, $y ← y − α s$",
    ],
    source: "Yang, Ji, Liang 2021 (arXiv 2106.04692)",
    references: &[SINGLE_LOOP],
    cost: &[
        StepCost {
            call: "∇g",
            count: "2(T + 1)",
        },
        StepCost {
            call: "∇f",
            count: "2(T + 1)",
        },
        StepCost {
            call: "Hessian products of g",
            count: "2(T + 1)Q",
        },
        StepCost {
            call: "mixed products of g",
            count: "2(T + 1)",
        },
    ],
    assumes: "A step $β$ below $2$ over the lower Hessian's largest eigenvalue, and few steps between two restarts.",
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
        NEUMANN_STEPS,
        shared::SERIES_STEP_SIZE,
        PROJECTION,
        shared::BATCH_SIZE,
        shared::GRADIENT_NOISE,
        Parameter {
            name: RESTART_EVERY.name(),
            label: "restart every",
            symbol: "q_0",
            kind: ParameterKind::Integer {
                min: 1,
                max: 1_000_000,
                slider: [1.0, 100.0],
                per_level: false,
            },
            default: DefaultValue::Number(10.0),
            meaning: "Number of outer steps after which both directions are re-estimated, from a batch larger by the \
                      same factor.",
        },
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Vrbo {
            settings: settings.clone(),
        })
    },
};

const PREVIOUS: TermInfo = TermInfo::blocks(
    "previous directions",
    "(w, s)",
    TermKind::Direction,
    Levels::ALL,
);
const PATH: TermInfo = TermInfo::rows(term_names::INNER_PATH, "y^{(t)}", TermKind::Path, FOLLOWER);
const NEW_POINTS: TermInfo =
    TermInfo::rows("new points", "(x, y)^{(t)}", TermKind::Point, Levels::ALL);
const OLD_POINTS: TermInfo =
    TermInfo::rows("old points", "(x, y)^{(t−1)}", TermKind::Point, Levels::ALL);
const NEW_ESTIMATES: TermInfo =
    TermInfo::rows("new estimates", "h(new)", TermKind::Direction, LEADER);
const OLD_ESTIMATES: TermInfo =
    TermInfo::rows("old estimates", "h(old)", TermKind::Direction, LEADER);
const NEW_GRADIENTS: TermInfo = TermInfo::rows(
    "new gradients of g",
    "∇_y g(new)",
    gradient(2, TermPoint::Term("new points")),
    FOLLOWER,
);
const OLD_GRADIENTS: TermInfo = TermInfo::rows(
    "old gradients of g",
    "∇_y g(old)",
    gradient(2, TermPoint::Term("old points")),
    FOLLOWER,
);
const DIRECTIONS_X: TermInfo =
    TermInfo::rows("directions of x", "w^{(t)}", TermKind::Direction, LEADER);
const DIRECTIONS_Y: TermInfo =
    TermInfo::rows("directions of y", "s^{(t)}", TermKind::Direction, FOLLOWER);

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    Operation::Take {
        to: "hypergradient",
        from: "previous directions",
        levels: LEADER,
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Number(1.0),
        from: "estimate",
    },
    TURN,
    MOVE,
    PROJECT,
    Operation::Descend {
        level: 2,
        by: Factor::Minus("step size of y"),
        along: "directions of y",
        momentum: None,
    },
];

#[derive(Clone, Debug)]
struct Vrbo {
    settings: Settings,
}

impl Method for Vrbo {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let shape = start.point.shape();
        let number = |name| self.settings.number(name);
        Box::new(VrboState {
            step_sizes: [number("outer_step_size"), number("inner_step_size")],
            steps: self.settings.get(keys::INNER_STEPS),
            restart_every: self.settings.get(RESTART_EVERY) as u64,
            point: start.point.clone(),
            before: start.point.clone(),
            moved: vec![0.0; shape.size(1)],
            noise: Noise::new(start, &self.settings),
            directions: Directions::new(&self.settings, shape),
            momentum: Momentum::new(number("momentum"), shape.size(1)),
            iteration: 0,
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &VrboState = own_state(state)?;
        let shape = state.point.shape();
        let number = |name| self.settings.number(name);
        Some(Box::new(VrboState {
            step_sizes: [number("outer_step_size"), number("inner_step_size")],
            steps: self.settings.get(keys::INNER_STEPS),
            restart_every: self.settings.get(RESTART_EVERY) as u64,
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
struct VrboState {
    /// ξ and α.
    step_sizes: [f64; 2],
    steps: usize,
    restart_every: u64,
    point: Point,
    /// The point before the last move.
    before: Point,
    /// The w that x moved along; the inner recursion continues from it.
    moved: Vec<f64>,
    noise: Noise,
    directions: Directions,
    momentum: Momentum,
    iteration: u64,
}

impl MethodState for VrboState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.moved
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        let restarts = self.iteration.is_multiple_of(self.restart_every);
        if restarts {
            self.directions.along.values_mut().fill(0.0);
        }
        terms.record(&PREVIOUS, self.directions.along.values());
        if restarts {
            let mut large = self.noise.of_batch(self.restart_every as usize);
            let reports = (&mut *terms, &DIRECTIONS);
            self.directions
                .add(oracle, &self.point, [1.0; 2], &mut large, reports);
            self.noise.go_on_after(&large);
        }
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, &self.directions.along[1]);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, self.step_sizes[0]);
            terms.number(&STEP_SIZE_LOWER, self.step_sizes[1]);
            terms.row(&PATH, &self.point[2]);
        }
        self.moved.copy_from_slice(&self.directions.along[1]);
        self.before.copy_from(&self.point);
        let along = self.momentum.of(&self.directions.along[1]);
        terms.record(&STEP, along);
        descend(oracle, &mut self.point, 1, self.step_sizes[0], along);
        for _ in 0..=self.steps {
            if oracle.is_cancelled() {
                return Ok(());
            }
            let mut again = self.noise.clone();
            let directions = &mut self.directions;
            let mut ignored = StepDiagnostics::ignored();
            let reports = (&mut ignored, &DIRECTIONS);
            directions.add(oracle, &self.point, [1.0; 2], &mut self.noise, reports);
            if terms.is_enabled() {
                terms.row(&NEW_POINTS, self.point.values());
                terms.row(&OLD_POINTS, self.before.values());
                let [estimate, gradient] = directions.last();
                terms.row(&NEW_ESTIMATES, estimate);
                terms.row(&NEW_GRADIENTS, gradient);
            }
            let reports = (&mut ignored, &DIRECTIONS);
            directions.add(oracle, &self.before, [-1.0; 2], &mut again, reports);
            if terms.is_enabled() {
                let [estimate, gradient] = directions.last();
                terms.row(&OLD_ESTIMATES, estimate);
                terms.row(&OLD_GRADIENTS, gradient);
                terms.row(&DIRECTIONS_X, &directions.along[1]);
                terms.row(&DIRECTIONS_Y, &directions.along[2]);
            }
            self.before.copy_from(&self.point);
            descend(
                oracle,
                &mut self.point,
                2,
                self.step_sizes[1],
                &self.directions.along[2],
            );
            terms.row(&PATH, &self.point[2]);
        }
        self.iteration += 1;
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}
