//! Steps of a run on request: each as data, computed again from the run's specification.
//!
//! A run is a function of its specification, so its steps need not be kept. States on the way are: at most [`MOST`] of
//! them, at equal distances that double when there are more, so that any step is soon reached again.

use std::collections::BTreeMap;

use super::running::present;
use super::spec::RunSpec;
use crate::method::{MethodInfo, MethodState, Replay, StepDiagnostics, StepError};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Counts, OnlineProblem, Oracle, Settings};

/// The most states that are kept.
const MOST: usize = 64;
/// The most numbers that the kept states together may have, about, and the number for each variable in a state.
const MOST_NUMBERS: usize = 1 << 23;
const NUMBERS_PER_VARIABLE: usize = 16;

/// A step of a run.
#[derive(Debug)]
pub struct StepRecord {
    /// The iteration k of the step, from 1: it leads from row k − 1 of the trace to row k.
    pub iteration: u64,
    /// The point before the step.
    pub before: Point,
    /// The point after the step.
    pub after: Point,
    /// The quantities of the step.
    pub terms: StepDiagnostics,
    /// The oracle calls of the step.
    pub counts: Counts,
    /// The oracle calls of all steps before it.
    pub counts_before: Counts,
    /// The state of the method before the step.
    pub state: Box<dyn MethodState>,
    /// The method of the step: that of the parent before a branch begins.
    pub method: &'static MethodInfo,
    /// Its parameters.
    pub settings: Settings,
}

/// The state of a run between two steps.
#[derive(Debug)]
pub struct StateBeforeStep {
    /// The state of the method, ready for the step.
    pub state: Box<dyn MethodState>,
    /// The method of the step: that of the parent before a branch begins.
    pub method: &'static MethodInfo,
    /// Its parameters.
    pub settings: Settings,
}

/// Reason why there is no record of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum StepReplayError {
    /// The run has no such iteration: 0, or more than the specification allows.
    NoSuchStep,
    /// The work was cancelled.
    Cancelled,
    /// The step of an iteration has no result.
    Failed(u64, StepError),
}

/// Source of the steps of one run. The stop rules of the run do not apply: whoever asks knows how far it went.
///
/// ```
/// use bilevel::prelude::*;
/// use bilevel::run::StepReplay;
///
/// let problem = problem::find("coreset").unwrap().instance();
/// let spec = RunSpec::new(&problem, method::find("bome").unwrap()).iterations(50);
/// let mut steps = StepReplay::new(spec);
/// let step = steps.step(20, &WorkToken::default()).unwrap();
/// assert!(step.terms.find("multiplier").unwrap() >= 0.0);
///
/// // the declared operations make the new point from these terms, bit for bit
/// assert_eq!(steps.assemble(&step).unwrap().point, step.after);
/// ```
#[derive(Debug)]
pub struct StepReplay {
    spec: RunSpec,
    /// The state that was reached last; `None` after cancelled work.
    present: Option<Reached>,
    /// States by their iteration. None are kept of an online problem, whose samples depend on all iterates before.
    kept: BTreeMap<u64, Reached>,
    /// The distance of kept states.
    interval: u64,
    most: usize,
    /// The number of steps that were performed for all requests.
    performed: u64,
}

/// The state after some iterations.
#[derive(Debug)]
struct Reached {
    iteration: u64,
    /// The number of earlier parts of the run that are done.
    part: usize,
    state: Box<dyn MethodState>,
    counts: Counts,
    stream: Option<Box<dyn OnlineProblem>>,
}

impl StepReplay {
    /// The steps of a run; computes nothing yet.
    pub fn new(spec: RunSpec) -> Self {
        let variables = spec.start.values().len().max(1);
        let most = MOST_NUMBERS / (NUMBERS_PER_VARIABLE * variables);
        Self {
            spec,
            present: None,
            kept: BTreeMap::new(),
            interval: 1,
            most: most.clamp(2, MOST),
            performed: 0,
        }
    }

    /// The specification of the run.
    pub fn spec(&self) -> &RunSpec {
        &self.spec
    }

    /// The step of an iteration, from 1. Steps after the last request are reached from there, earlier ones from a kept
    /// state.
    ///
    /// # Errors
    /// If the run has no such step, the step fails, or the token is cancelled.
    pub fn step(
        &mut self,
        iteration: u64,
        token: &WorkToken,
    ) -> Result<StepRecord, StepReplayError> {
        if iteration == 0 || iteration > self.spec.iterations {
            return Err(StepReplayError::NoSuchStep);
        }
        let mut reached = self.reach(iteration - 1, token)?;
        let (before, counts_before) = (reached.state.point().clone(), reached.counts);
        let (method, settings) = self.spec.part(reached.part);
        let settings = settings.clone();
        let state = reached.state.clone_box();
        let mut terms = StepDiagnostics::enabled();
        self.advance(&mut reached, &mut terms, token)?;
        let record = StepRecord {
            iteration,
            before,
            after: reached.state.point().clone(),
            terms,
            counts: reached.counts.since(&counts_before),
            counts_before,
            state,
            method,
            settings,
        };
        self.present = Some(reached);
        Ok(record)
    }

    /// The state after some iterations, at which the next step begins. The next request goes on from there.
    ///
    /// # Errors
    /// If an earlier step fails, or the token is cancelled.
    pub fn state_after(
        &mut self,
        iterations: u64,
        token: &WorkToken,
    ) -> Result<StateBeforeStep, StepReplayError> {
        let reached = self.reach(iterations, token)?;
        let (method, settings) = self.spec.part(reached.part);
        let found = StateBeforeStep {
            state: reached.state.clone_box(),
            method,
            settings: settings.clone(),
        };
        self.present = Some(reached);
        Ok(found)
    }

    /// The operations of a recorded step, carried out from its terms; `None` if the method declares none.
    pub fn assemble(&self, record: &StepRecord) -> Option<Replay> {
        let bounds = &self.spec.problem.metadata().bounds;
        record.method.replay(&record.before, &record.terms, bounds)
    }

    /// The number of states that are kept.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// The number of steps that were performed for all requests so far.
    pub fn performed(&self) -> u64 {
        self.performed
    }

    /// The state after some iterations, from the nearest known one.
    fn reach(&mut self, iterations: u64, token: &WorkToken) -> Result<Reached, StepReplayError> {
        let mut reached = self.nearest(iterations);
        while reached.iteration < iterations {
            self.advance(&mut reached, &mut StepDiagnostics::ignored(), token)?;
        }
        self.begin_parts(&mut reached);
        Ok(reached)
    }

    /// The nearest known state at or before an iteration.
    fn nearest(&mut self, iteration: u64) -> Reached {
        let present = self.present.take();
        let present = present.filter(|reached| reached.iteration <= iteration);
        let kept = self.kept.range(..=iteration).next_back();
        match (present, kept) {
            (Some(present), Some((&at, _))) if present.iteration >= at => present,
            (_, Some((_, kept))) => kept.copy(),
            (Some(present), None) => present,
            (None, None) => {
                let beginning = self.beginning();
                self.keep(&beginning);
                beginning
            }
        }
    }

    fn beginning(&self) -> Reached {
        Reached {
            iteration: 0,
            part: 0,
            state: self.spec.first_state(),
            counts: Counts::default(),
            stream: self.spec.problem.online(),
        }
    }

    /// Begins the part of a branch that the next step belongs to.
    fn begin_parts(&self, reached: &mut Reached) {
        let (iteration, state) = (reached.iteration, &mut reached.state);
        self.spec.begin_parts(&mut reached.part, iteration, state);
    }

    /// Performs the next step, as a run does.
    fn advance(
        &mut self,
        reached: &mut Reached,
        terms: &mut StepDiagnostics,
        token: &WorkToken,
    ) -> Result<(), StepReplayError> {
        self.begin_parts(reached);
        let problem = present(&self.spec, reached.stream.as_deref());
        let mut oracle = Oracle::new(problem, &mut reached.counts, token);
        let step = reached.state.step(&mut oracle, terms);
        self.performed += 1;
        if token.is_cancelled() {
            return Err(StepReplayError::Cancelled);
        }
        step.map_err(|error| StepReplayError::Failed(reached.iteration + 1, error))?;
        if let Some(stream) = &mut reached.stream {
            stream.pass(reached.state.point(), token);
            if token.is_cancelled() {
                return Err(StepReplayError::Cancelled);
            }
        }
        reached.iteration += 1;
        self.keep(reached);
        Ok(())
    }

    /// Keeps a state if one is due; leaves out every other one if there are too many.
    fn keep(&mut self, reached: &Reached) {
        let is_due = reached.iteration.is_multiple_of(self.interval);
        if !is_due || reached.stream.is_some() || self.kept.contains_key(&reached.iteration) {
            return;
        }
        self.kept.insert(reached.iteration, reached.copy());
        while self.kept.len() > self.most {
            self.interval *= 2;
            let interval = self.interval;
            self.kept.retain(|at, _| at.is_multiple_of(interval));
        }
    }
}

impl Reached {
    /// A copy of a state without an online problem.
    fn copy(&self) -> Self {
        Self {
            iteration: self.iteration,
            part: self.part,
            state: self.state.clone_box(),
            counts: self.counts,
            stream: None,
        }
    }
}
