//! Repetition of a failed iteration with monitored oracle calls, to find the formula that is undefined and its point.

use std::sync::{Mutex, PoisonError};

use crate::method::{MethodState, StepDiagnostics};
use crate::numerics::{Levels, Nilpotent, Point, Scalar as _, WorkToken};
use crate::problem::{Counts, LowerSolution, Metadata, Oracle, Problem};

/// The number of iterations between two checkpoints.
const CHECKPOINT_INTERVAL: u64 = 1024;

/// The last saved state of a run.
#[derive(Debug)]
pub(super) struct Checkpoint {
    state: Box<dyn MethodState>,
    iteration: u64,
}

impl Checkpoint {
    /// The state of a run after an iteration.
    pub(super) fn new(state: &dyn MethodState, iteration: u64) -> Self {
        Self {
            state: state.clone_box(),
            iteration,
        }
    }

    /// Saves the state after an iteration if a checkpoint is due.
    pub(super) fn keep(&mut self, state: &dyn MethodState, iteration: u64) {
        if iteration.is_multiple_of(CHECKPOINT_INTERVAL) {
            self.state = state.clone_box();
            self.iteration = iteration;
        }
    }

    /// The state after `iteration` iterations, and a sentence that explains the non-finite number in the next one;
    /// `None` if the problem has no explanation.
    pub(super) fn retrace(
        &self,
        problem: &dyn Problem,
        iteration: u64,
        token: &WorkToken,
    ) -> Option<(Box<dyn MethodState>, String)> {
        let (mut counts, mut terms) = (Counts::default(), StepDiagnostics::ignored());
        let mut state = self.state.clone_box();
        for _ in self.iteration..iteration {
            let mut oracle = Oracle::new(problem, &mut counts, token);
            state.step(&mut oracle, &mut terms).ok()?;
        }
        let good = state.clone_box();
        let watched = Watched {
            problem,
            met: Mutex::new(None),
        };
        let mut oracle = Oracle::new(&watched, &mut counts, token);
        // the step is known to fail
        let _ended = state.step(&mut oracle, &mut terms);
        let met = watched
            .met
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let (level, at, order) = met?;
        Some((good, problem.undefined(level, &at, order)?))
    }
}

/// A wrapper of a problem that records the first call whose result is not finite: level, point and order of the
/// derivative.
struct Watched<'a> {
    problem: &'a dyn Problem,
    met: Mutex<Option<(usize, Point, usize)>>,
}

impl Watched<'_> {
    fn look(&self, level: usize, at: &Point, order: usize, is_finite: bool) {
        let is_known = at.values().iter().all(|value| value.is_finite());
        if !is_finite && is_known {
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            met.get_or_insert_with(|| (level, at.clone(), order));
        }
    }
}

impl Problem for Watched<'_> {
    fn metadata(&self) -> &Metadata {
        self.problem.metadata()
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        let value = self.problem.value(level, at, token);
        self.look(level, at, 0, value.is_finite());
        value
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        self.problem.grad(level, at, wrt, out, token);
        let mut asked = (1..=at.shape().levels()).filter(|block| wrt.contains(*block));
        let is_finite = asked.all(|block| out[block].iter().all(|slope| slope.is_finite()));
        self.look(level, at, 1, is_finite);
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        blocks: [usize; 2],
        along: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        self.problem.product(level, at, blocks, along, out, token);
        let is_finite = out.iter().all(|value| value.is_finite());
        let is_asked = along.iter().all(|value| value.is_finite());
        self.look(level, at, 2, is_finite || !is_asked);
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        let value = self.problem.higher(level, at, token);
        let generators = at.iter().map(Nilpotent::generators).max().unwrap_or(0);
        let is_finite = (0..1 << generators).all(|part| value.coefficient(part).is_finite());
        let real = at.iter().map(|number| number.real()).collect();
        if let Some(real) = Point::from_values(self.metadata().shape(), real) {
            self.look(level, &real, generators, is_finite);
        }
        value
    }

    fn lifts_gradients(&self) -> bool {
        self.problem.lifts_gradients()
    }

    fn known_reaction(&self, at: &Point) -> Option<LowerSolution> {
        self.problem.known_reaction(at)
    }

    fn known_answers(&self, at: &Point) -> Option<Point> {
        self.problem.known_answers(at)
    }

    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        self.problem.metrics(at, token)
    }
}
