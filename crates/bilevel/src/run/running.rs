//! A run, and its advance by iterations.

use std::time::{Duration, Instant};

use super::advice::advice;
use super::retrace::Checkpoint;
use super::spec::{Points, Recording, RunSpec};
use super::status::Status;
use super::trace::Trace;
use super::trace_rows::TraceRows;
use crate::messages;
use crate::method::{MethodState, StepDiagnostics, stride};
use crate::nested::StepError;
use crate::numerics::{Point, WorkToken};
use crate::problem::{Counts, OnlineProblem, Oracle, Problem};
use crate::referee::Referee;

/// The interval in iterations at which the gap rule is checked.
const GAP_INTERVAL: u64 = 16;
/// The approximate duration of a slice.
const SLICE: Duration = Duration::from_millis(2);
/// The most iterations in a slice, which bounds the memory of a batch.
const LONGEST_SLICE: u64 = 4096;
/// The most iterations, and the most numbers of their points, between two readings of the clock: few enough that the
/// snapshots stay in the processor's cache until they are recorded.
const LONGEST_STRETCH: u64 = 256;
const MOST_NUMBERS: usize = 1 << 22;
/// The number of last blocks of the leader that a run keeps, and the number for a leader with more than
/// [`FEW_VARIABLES`].
const RECENT: usize = 50;
const RECENT_OF_MANY: usize = 2;
const FEW_VARIABLES: usize = 16;

/// The limit of one call of [`Run::advance`].
#[derive(Clone, Copy, Debug)]
pub enum Budget {
    /// At most this many iterations.
    Iterations(u64),
    /// About 2 ms or one iteration, up to the given iteration.
    SliceUntil(u64),
}

/// A run of a method on a problem, in progress.
#[derive(Debug)]
pub struct Run {
    spec: RunSpec,
    /// Magnitude beyond which a variable has diverged.
    limit: f64,
    state: Box<dyn MethodState>,
    /// The number of earlier parts of the run that are done.
    part: usize,
    /// The online problem, if the objectives change from iteration to iteration.
    stream: Option<Box<dyn OnlineProblem>>,
    token: WorkToken,
    counts: Counts,
    status: Status,
    iteration: u64,
    time: Duration,
    /// Iterations per slice, adapted to the slices so far.
    pace: u64,
    /// True until row 0 is recorded.
    is_fresh: bool,
    /// The length up to which a direction of level 1 counts as at rest; `None` if rest is not watched.
    watched: Option<f64>,
    rest: Option<Rest>,
    recent: Recent,
    /// If objectives may be undefined, the state from which a failed iteration is repeated.
    checkpoint: Option<Checkpoint>,
    snapshots: Snapshots,
    /// Scratch space of the recorder.
    recorded: Point,
}

/// The start of a run's rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The first iteration after which the direction was short and stayed so.
    pub iteration: u64,
    /// The oracle calls until then.
    pub counts: Counts,
}

/// The last consecutive blocks of level 1, oldest first.
#[derive(Debug)]
struct Recent {
    /// Room for twice as many blocks as are kept: only when it is full are the last ones moved to its front.
    blocks: Vec<f64>,
    size: usize,
    /// The most blocks that are kept.
    most: usize,
}

impl Recent {
    fn new(block: &[f64]) -> Self {
        let size = block.len();
        let most = if size <= FEW_VARIABLES {
            RECENT
        } else {
            RECENT_OF_MANY
        };
        let mut blocks = Vec::with_capacity(2 * most * size);
        blocks.extend_from_slice(block);
        Self { blocks, size, most }
    }

    #[inline]
    fn push(&mut self, block: &[f64]) {
        if self.blocks.len() == 2 * self.most * self.size {
            let kept = (self.most - 1) * self.size;
            let first = self.blocks.len() - kept;
            self.blocks.copy_within(first.., 0);
            self.blocks.truncate(kept);
        }
        self.blocks.extend_from_slice(block);
    }

    fn last(&self) -> &[f64] {
        let kept = self.blocks.len().min(self.most * self.size);
        &self.blocks[self.blocks.len() - kept..]
    }
}

/// Iterates to record once the clock has stopped; the buffers are reused.
#[derive(Debug, Default)]
struct Snapshots {
    iterations: Vec<u64>,
    counts: Vec<u64>,
    values: Vec<f64>,
    directions: Vec<f64>,
}

impl Run {
    /// A run before its first iteration. Work in progress ends soon once the token is cancelled.
    pub fn new(spec: RunSpec, token: WorkToken) -> Self {
        let state = spec.first_state();
        let stream = spec.problem.online();
        let is_explained = spec.problem.may_be_undefined() && stream.is_none();
        Self {
            recorded: spec.start.clone(),
            recent: Recent::new(&spec.start[1]),
            checkpoint: is_explained.then(|| Checkpoint::new(&*state, 0)),
            stream,
            limit: spec.divergence_limit(),
            spec,
            state,
            part: 0,
            token,
            counts: Counts::default(),
            status: Status::Running,
            iteration: 0,
            time: Duration::ZERO,
            pace: 1,
            is_fresh: true,
            watched: None,
            rest: None,
            snapshots: Snapshots::default(),
        }
    }

    /// Runs to the end; returns the run and its trace.
    pub fn to_end(spec: RunSpec) -> (Self, Trace) {
        let mut trace = Trace::new(spec.problem.metadata(), spec.recording);
        let mut run = Self::new(spec, WorkToken::default());
        while *run.status() == Status::Running {
            trace.extend(&run.advance(Budget::SliceUntil(u64::MAX)));
        }
        (run, trace)
    }

    /// Watches from now on for rest: the run is at rest while its direction in level 1, within the box, is at most
    /// `longest`.
    pub fn watch_rest(&mut self, longest: f64) {
        self.watched = Some(longest);
    }

    /// The start of the run's rest; `None` if it is not at rest or not watched.
    pub fn rest(&self) -> Option<&Rest> {
        self.rest.as_ref()
    }

    /// The status of the run.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The number of outer iterations done.
    pub fn iteration(&self) -> u64 {
        self.iteration
    }

    /// The oracle calls so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The problem.
    pub fn problem(&self) -> &dyn Problem {
        &*self.spec.problem
    }

    /// The method's own time so far.
    pub fn time(&self) -> Duration {
        self.time
    }

    /// The current point.
    pub fn point(&self) -> &Point {
        self.state.point()
    }

    /// The method's last direction of level 1.
    pub fn direction(&self) -> &[f64] {
        self.state.direction()
    }

    /// The last blocks of level 1, oldest first and the current one last: at most 50, and at most 2 for a leader with
    /// more than 16 variables.
    pub fn recent(&self) -> &[f64] {
        self.recent.last()
    }

    /// The displacement of level 1 per iteration for a constant direction of length 1, from the settings; 1 for a
    /// method without outer steps.
    pub fn stride(&self) -> f64 {
        stride(&self.spec.settings)
    }

    /// Ends the run because the program itself failed.
    pub(super) fn fail(&mut self, reason: &str) {
        self.status = Status::Failed(messages::run::program_failed(self.iteration + 1, reason));
        self.snapshots = Snapshots::default();
    }

    /// Ends a run that is in progress, on request; returns the rows up to its last iterate.
    pub(super) fn interrupt(&mut self) -> TraceRows {
        let mut rows = if self.is_fresh {
            self.advance(Budget::Iterations(0))
        } else {
            TraceRows::default()
        };
        if self.status.is_running() {
            self.status = Status::Stopped(messages::run::interrupted(self.iteration));
            self.keep_last();
            self.record(&mut rows, self.time);
        }
        rows
    }

    /// Advances the run and returns the new rows. The numbers do not depend on the division into calls.
    pub fn advance(&mut self, budget: Budget) -> TraceRows {
        let mut rows = TraceRows::default();
        if self.is_fresh {
            self.is_fresh = false;
            if self.spec.recording.every > 0 {
                self.snapshot();
            }
            if let Some(reason) = self.undefined() {
                self.status = Status::Failed(messages::run::stopped_at_start(&reason));
            } else if self.spec.iterations == 0 {
                self.status = Status::Budget;
            }
            self.look_at_parent();
            self.record(&mut rows, self.time);
        }
        let (limit, is_slice) = match budget {
            Budget::Iterations(count) => (self.iteration.saturating_add(count), false),
            Budget::SliceUntil(limit) => {
                (limit.min(self.iteration.saturating_add(self.pace)), true)
            }
        };
        let limit = limit.min(self.spec.iterations);
        let (opened, first) = (Instant::now(), self.iteration);
        while self.status.is_running() && self.iteration < limit {
            self.begin_part();
            let next = self.next_stop(limit);
            let before = self.time;
            let clock = Instant::now();
            self.iterate_until(next);
            self.time += clock.elapsed();
            self.look_at_slow_rules();
            self.look_at_parent();
            if !self.status.is_running() {
                self.advise();
                self.keep_last();
            }
            self.record(&mut rows, before);
            if let Some(stream) = &mut self.stream {
                stream.pass(self.state.point(), &self.token);
            }
        }
        if is_slice {
            self.learn_pace(self.iteration - first, opened.elapsed());
        }
        rows
    }

    /// The iteration up to which to advance before the clock, the gap or the buffer is checked.
    fn next_stop(&self, limit: u64) -> u64 {
        let rows = (MOST_NUMBERS / self.recorded.values().len().max(1)).max(1) as u64;
        let mut next = limit.min(self.iteration + LONGEST_STRETCH.min(rows));
        if self.stream.is_some() {
            // the objectives of an iterate are recorded with the problem that it was computed for
            next = next.min(self.iteration + 1);
        }
        if let Some(part) = self.spec.earlier.get(self.part) {
            next = next.min(part.until);
        }
        if self.spec.stop.gap.is_some() {
            next = next.min((self.iteration / GAP_INTERVAL + 1) * GAP_INTERVAL);
        }
        next
    }

    /// Begins the next part of a branch once the one before is done.
    fn begin_part(&mut self) {
        let has_begun = self
            .spec
            .begin_parts(&mut self.part, self.iteration, &mut self.state);
        if has_begun && let Some(checkpoint) = &mut self.checkpoint {
            // an iteration is repeated by the method that has made it
            *checkpoint = Checkpoint::new(&*self.state, self.iteration);
        }
    }

    /// Fails a branch whose parent has ended before the branch begins.
    fn look_at_parent(&mut self) {
        let mut earlier = self.spec.earlier.iter();
        let has_ended = !self.status.is_running() && !self.token.is_cancelled();
        if has_ended && let Some(part) = earlier.find(|part| part.until > self.iteration) {
            let sentence = messages::run::parent_ended(
                &part.name,
                [self.iteration, part.until],
                self.status.message(),
            );
            self.status = Status::Failed(sentence);
        }
    }

    fn iterate_until(&mut self, limit: u64) {
        let mut terms = StepDiagnostics::ignored();
        while self.status.is_running() && self.iteration < limit {
            let problem = present(&self.spec, self.stream.as_deref());
            let mut oracle = Oracle::new(problem, &mut self.counts, &self.token);
            let step = self.state.step(&mut oracle, &mut terms);
            if self.token.is_cancelled() {
                // the result of a cancelled step is not reliable
                self.status = Status::Stopped(messages::run::stopped().to_owned());
                return;
            }
            self.take(step);
        }
    }

    fn take(&mut self, step: Result<(), StepError>) {
        if let Err(trouble) = step {
            let reason = match &trouble {
                StepError::Unsolved { gradient, .. } if !gradient.is_finite() => self.retrace(),
                _ => None,
            };
            self.stop_short(&reason.map_or_else(|| trouble.to_string(), |(_, reason)| reason));
            return;
        }
        let beyond = self.beyond();
        if beyond.is_some_and(|variable| !self.state.point().values()[variable].is_finite())
            && let Some((state, reason)) = self.retrace()
        {
            self.state = state;
            self.stop_short(&reason);
            return;
        }
        self.iteration += 1;
        self.recent.push(&self.state.point()[1]);
        if let Some(longest) = self.watched {
            self.look_for_rest(longest);
        }
        if let Some(variable) = beyond {
            self.status = Status::Diverged(self.divergence(variable));
        } else if let Some(reason) = self.undefined() {
            let sentence = messages::run::stopped_after_iteration(self.iteration, &reason);
            self.status = Status::Failed(sentence);
        } else if let Some(message) = self.convergence() {
            self.status = Status::Converged(message);
        } else if self.iteration == self.spec.iterations {
            self.status = Status::Budget;
        }
        let every = self.spec.recording.every;
        if every > 0 && self.iteration.is_multiple_of(every) {
            self.snapshot();
        }
        if let Some(checkpoint) = &mut self.checkpoint {
            checkpoint.keep(&*self.state, self.iteration);
        }
    }

    /// Ends the run in the iteration after the last completed one.
    fn stop_short(&mut self, reason: &str) {
        let sentence = messages::run::stopped_in_iteration(self.iteration + 1, reason);
        self.status = Status::Failed(sentence);
    }

    /// The state before the iteration that has just failed, and the sentence on the undefined part of a formula.
    fn retrace(&self) -> Option<(Box<dyn MethodState>, String)> {
        let checkpoint = self.checkpoint.as_ref()?;
        checkpoint.retrace(&*self.spec.problem, self.iteration, &self.token)
    }

    /// The sentence on an objective that is undefined at the current point.
    fn undefined(&self) -> Option<String> {
        self.checkpoint.as_ref()?;
        let (problem, at) = (&*self.spec.problem, self.state.point());
        let mut levels = 1..=at.shape().levels();
        let level = levels.find(|&level| !problem.value(level, at, &self.token).is_finite())?;
        problem.undefined(level, at, 0)
    }

    fn look_for_rest(&mut self, longest: f64) {
        let bounds = &self.spec.problem.metadata().bounds;
        let block = &self.state.point()[1];
        if bounds.free_length(1, block, self.state.direction()) <= longest {
            self.rest.get_or_insert(Rest {
                iteration: self.iteration,
                counts: self.counts,
            });
        } else {
            self.rest = None;
        }
    }

    /// The sentence on convergence, if the direction satisfies the stop rule.
    fn convergence(&self) -> Option<String> {
        let tolerance = self.spec.stop.gradient?;
        let square: f64 = self.state.direction().iter().map(|x| x * x).sum();
        let norm = square.sqrt();
        (norm <= tolerance).then(|| messages::run::converged(self.iteration, norm, tolerance))
    }

    /// The first variable that is too large or not finite.
    fn beyond(&self) -> Option<usize> {
        let values = self.state.point().values();
        values
            .iter()
            .position(|value| !value.is_finite() || value.abs() > self.limit)
    }

    /// The sentence on a variable that diverged.
    fn divergence(&self, variable: usize) -> String {
        let (level, index) = self.state.point().shape().locate(variable);
        let value = self.state.point().values()[variable];
        let what = if value.is_finite() {
            messages::run::beyond(level, index + 1, value.abs(), self.limit)
        } else {
            messages::run::not_finite(level, index + 1)
        };
        messages::run::diverged(self.iteration, &what)
    }

    /// Adds advice to the sentence on a divergence, outside of the time that is measured. Nobody reads it of a run without
    /// rows, as those of surveys and trials are.
    fn advise(&mut self) {
        if let Status::Diverged(sentence) = &mut self.status
            && self.part == self.spec.earlier.len()
            && self.spec.recording.every > 0
        {
            let survives = |trial| {
                let mut run = Self::new(trial, self.token.clone());
                run.advance(Budget::Iterations(u64::MAX));
                !run.status.is_failure()
            };
            sentence.push_str(&advice(&self.spec, self.iteration, &self.token, survives));
        }
    }

    /// Checks the expensive stop rules: the gap, every 16 iterations, and the time limit.
    fn look_at_slow_rules(&mut self) {
        if !self.status.is_running() {
            return;
        }
        if let Some(tolerance) = self.spec.stop.gap
            && self.iteration.is_multiple_of(GAP_INTERVAL)
            && let Some(gap) =
                Referee::new(&*self.spec.problem, &self.token).gap(self.state.point())
            && gap <= tolerance
        {
            let sentence = messages::run::gap_closed(gap, self.iteration, tolerance);
            self.status = Status::Converged(sentence);
        } else if let Some(limit) = self.spec.stop.time_s
            && self.time.as_secs_f64() >= limit
        {
            self.status = Status::Stopped(messages::run::time_limit_reached(limit));
        }
    }

    fn learn_pace(&mut self, iterations: u64, elapsed: Duration) {
        if elapsed > SLICE * 2 {
            let share = SLICE.as_secs_f64() / elapsed.as_secs_f64();
            self.pace = ((iterations as f64 * share) as u64).max(1);
        } else if elapsed < SLICE / 2 && iterations >= self.pace {
            self.pace = (self.pace * 2).min(LONGEST_SLICE);
        }
    }

    fn snapshot(&mut self) {
        let point = self.state.point();
        self.snapshots.iterations.push(self.iteration);
        self.counts
            .append_to(point.shape().levels(), &mut self.snapshots.counts);
        self.snapshots.values.extend_from_slice(point.values());
        if self.spec.recording.keeps_directions() {
            let direction = self.state.direction();
            self.snapshots.directions.extend_from_slice(direction);
        }
    }

    /// Takes a snapshot of the last iterate even if `every` would skip it.
    fn keep_last(&mut self) {
        let every = self.spec.recording.every;
        if every > 0 && !self.iteration.is_multiple_of(every) {
            self.snapshot();
        }
    }

    /// Evaluates the snapshots, outside of the method's time; times between two readings of the clock are interpolated.
    fn record(&mut self, rows: &mut TraceRows, from: Duration) {
        let (from, spent) = (
            from.as_secs_f64(),
            self.time.saturating_sub(from).as_secs_f64(),
        );
        let Snapshots {
            iterations,
            counts,
            values,
            directions,
        } = &mut self.snapshots;
        let problem = present(&self.spec, self.stream.as_deref());
        for (place, (&iteration, values)) in iterations
            .iter()
            .zip(values.chunks(self.recorded.values().len()))
            .enumerate()
        {
            self.recorded.values_mut().copy_from_slice(values);
            let is_last = iteration == self.iteration && !self.status.is_running();
            let Recording { every, points } = self.spec.recording;
            let keeps_point =
                points.keeps(iteration, every, values.len()) || is_last && points != Points::None;
            rows.is_over |= is_last;
            rows.time
                .push(from + spent * (place + 1) as f64 / iterations.len() as f64);
            for level in 1..=self.recorded.shape().levels() {
                rows.objectives
                    .push(problem.value(level, &self.recorded, &self.token));
            }
            if !problem.metadata().metrics.is_empty() {
                rows.metrics
                    .extend(problem.metrics(&self.recorded, &self.token));
            }
            if keeps_point {
                rows.points.extend_from_slice(values);
            }
        }
        rows.iterations.append(iterations);
        rows.counts.append(counts);
        rows.directions.append(directions);
        values.clear();
    }
}

/// The problem for the next iteration.
pub(super) fn present<'a>(
    spec: &'a RunSpec,
    stream: Option<&'a dyn OnlineProblem>,
) -> &'a dyn Problem {
    stream.map_or(&*spec.problem, OnlineProblem::present)
}

#[cfg(test)]
mod tests {
    use super::{FEW_VARIABLES, Recent};

    #[test]
    fn of_many_variables_two_blocks_are_remembered() {
        let block = |number: u8| vec![f64::from(number); FEW_VARIABLES + 1];
        let mut recent = Recent::new(&block(0));
        let memory = recent.blocks.as_ptr();
        for number in 1..20 {
            recent.push(&block(number));
            assert_eq!(recent.last(), [block(number - 1), block(number)].concat());
        }
        assert_eq!(memory, recent.blocks.as_ptr(), "nothing is allocated again");
    }
}
