//! The session: an experiment, its active runs, their traces and the playhead. Draws nothing.

mod chosen_run;
mod concealed;
mod course;
pub(crate) mod document;
mod editing;
pub(crate) mod events;
pub(crate) mod history;
pub(crate) mod horizon;
pub(crate) mod letters;
pub(crate) mod live_run;
pub(crate) mod open_lesson;
pub(crate) mod playhead;
pub(crate) mod prediction;
pub(crate) mod sizes;
mod statistics;
mod update;
pub(crate) mod visible_runs;

use std::sync::Arc;
use std::time::Duration;

use bilevel::numerics::Point;
use bilevel::problem::{Counts, Problem, ReferenceLine};
use bilevel::run::{Points, Pool, Recording, RunId, RunSpec, Status, Trace, WEIGHTS, Weights};
use bilevel::study::{FinishLine, GapWorker, Measure, OutcomeWorker, RunCost};
use bilevel_figure::AxisScale;
use bilevel_figure::race::RaceOptions;
use bilevel_files::{Experiment, RunKey};

use self::chosen_run::ChosenRun;
use self::course::Course;
use self::horizon::Horizon;
use self::letters::Letters;
pub(crate) use self::live_run::LiveRun;
use self::playhead::Playhead;
use crate::app::background::Background;
use crate::app::background::training::TrainingWorker;

/// The number of iterations beyond the playhead that a paused window still computes.
const LEAD: u64 = 10_000;
/// The most numbers that all traces may hold, 2 GiB of them: room for eight runs of a million iterates. Above this,
/// only every n-th iterate is recorded.
const MOST_NUMBERS: u64 = 1 << 28;
/// The approximate count of numbers recorded for an iterate besides its variables.
const NUMBERS_PER_ROW: u64 = 24;

/// The most runs that the window makes: each is stepped, drawn and judged while it is watched. A file may ask for more.
pub(crate) const MOST_RUNS: usize = 1000;

/// An experiment with its active runs.
pub(crate) struct Session {
    experiment: Experiment,
    problem: Arc<dyn Problem>,
    /// The problem with its minima, while a prediction hides them.
    concealed: Option<Arc<dyn Problem>>,
    horizon: Option<Horizon>,
    /// The letters that stand for the methods, while a prediction asks whose curve is whose.
    letters: Option<Letters>,
    pool: Pool,
    worker: GapWorker,
    verdicts: OutcomeWorker,
    training: TrainingWorker,
    background: Background,
    /// The time that has passed in updates, in seconds.
    clock: f64,
    /// Reference models to compare the problem's metrics with, once they are trained.
    lines: Vec<ReferenceLine>,
    /// The starts of the runs; the problem's own start stands in for one that is still being trained.
    starts: Vec<Point>,
    /// True if one of the starts has still to be trained.
    awaits_start: bool,
    slots: Vec<Slot>,
    chosen: ChosenRun,
    tolerance: Option<f64>,
    weights: Weights,
    /// The quantity and the scale of the race's horizontal axis.
    axis: (RunCost, AxisScale),
    /// True if hypergradient errors are computed, the most expensive work of the referee.
    wants_errors: bool,
    /// The duration of the last restart of edited runs.
    restart_time: Duration,
    /// True if runs may advance: not before the window is drawn, which needs all cores until then.
    has_begun: bool,
    /// The iteration that all views show.
    pub(crate) playhead: Playhead,
}

/// One method of the experiment with its runs, one per start and seed.
pub(crate) struct Slot {
    /// True if the method's curves are drawn.
    pub(crate) is_visible: bool,
    pub(crate) runs: Vec<LiveRun>,
    /// The reason why the method's runs cannot start.
    pub(crate) refusal: Option<String>,
    /// The session's clock at the first edit that still awaits its restart.
    edited: Option<f64>,
}

impl Slot {
    /// True if an iteration of each run fits in the time, as far as is known from the iterations so far.
    fn may_pass_within(&self, time: Duration) -> bool {
        let is_known = self.runs.iter().all(|run| run.iteration > 0);
        let step = |run: &LiveRun| run.time / run.iteration as f64;
        let all: f64 = self.runs.iter().map(step).sum();
        self.is_visible && is_known && all < time.as_secs_f64()
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self {
            is_visible: true,
            runs: Vec::new(),
            refusal: None,
            edited: None,
        }
    }
}

impl Session {
    /// Places all runs of an experiment at their starts.
    pub(crate) fn new(experiment: Experiment, background: &Background) -> Self {
        let problem = experiment.problem.build();
        Self::of_problem(experiment, problem, background)
    }

    /// Like [`Self::new`], with the problem of the experiment, which is made already.
    pub(crate) fn of_problem(
        experiment: Experiment,
        problem: Arc<dyn Problem>,
        background: &Background,
    ) -> Self {
        let (worker, verdicts) = referees(&problem, background);
        let mut session = Self {
            pool: Pool::new(&background.executor, background.wake()),
            worker,
            verdicts,
            background: background.clone(),
            clock: 0.0,
            training: TrainingWorker::new(background),
            lines: Vec::new(),
            starts: Vec::new(),
            awaits_start: false,
            problem,
            concealed: None,
            horizon: None,
            letters: None,
            slots: Vec::new(),
            chosen: ChosenRun::default(),
            tolerance: None,
            weights: WEIGHTS,
            axis: (RunCost::Iterations, AxisScale::Linear),
            wants_errors: false,
            restart_time: Duration::ZERO,
            has_begun: false,
            playhead: Playhead::default(),
            experiment,
        };
        session.start_all();
        session
    }

    /// Replaces this session by another. The old one, which may be large, is freed in the background.
    pub(crate) fn give_way_to(&mut self, next: Self) {
        let mut old = Some(std::mem::replace(self, next));
        self.background.executor.spawn("end of a session", move || {
            drop(old.take());
            false
        });
    }

    /// The executor of all background work.
    pub(crate) fn background(&self) -> &Background {
        &self.background
    }

    /// The experiment as edited.
    pub(crate) fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The problem of the experiment.
    pub(crate) fn problem(&self) -> &Arc<dyn Problem> {
        &self.problem
    }

    /// The starts of the runs; at least one.
    pub(crate) fn starts(&self) -> &[Point] {
        &self.starts
    }

    /// True if runs wait for a start that is being trained.
    pub(crate) fn awaits_start(&self) -> bool {
        self.awaits_start
    }

    /// Reference models to compare the problem's metrics with, as far as they are trained.
    pub(crate) fn reference_lines(&self) -> &[ReferenceLine] {
        &self.lines
    }

    /// The weights of the oracle calls in the weighted cost.
    pub(crate) fn weights(&self) -> Weights {
        self.weights
    }

    /// The methods with their runs, in the experiment's order.
    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Lets the runs advance, from the next update on.
    pub(crate) fn begin(&mut self) {
        self.has_begun = true;
    }

    /// True if the runs may advance and other background work may be requested.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Shows or hides a method's curves.
    pub(crate) fn set_visible(&mut self, slot: usize, is_visible: bool) {
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.is_visible = is_visible;
        }
    }

    /// Hides a method that is shown, or shows it.
    pub(crate) fn toggle_visible(&mut self, slot: usize) {
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.is_visible = !slot.is_visible;
        }
    }

    /// Shows one method only, or all again if it is already the only one.
    pub(crate) fn isolate(&mut self, only: usize) {
        if only >= self.slots.len() {
            return;
        }
        let slots = || self.slots.iter().enumerate();
        let is_alone = slots().all(|(slot, it)| it.is_visible == (slot == only));
        for (slot, it) in self.slots.iter_mut().enumerate() {
            it.is_visible = is_alone || slot == only;
        }
    }

    /// Plays, or pauses.
    pub(crate) fn toggle_play(&mut self) {
        let end = self.end();
        if self.playhead.is_playing {
            self.playhead.is_playing = false;
        } else {
            self.playhead.play(end);
        }
    }

    /// Plays the part from the playhead to the end again and again, or no part any more.
    pub(crate) fn toggle_loop(&mut self) {
        let (now, end) = (self.playhead.iteration(), self.end());
        let is_new = self.playhead.range.is_none() && now < end;
        self.playhead.range = is_new.then_some([now, end]);
    }

    /// Applies the options of the race: hypergradient errors, finish line and weights. A new session does not know them
    /// yet.
    pub(crate) fn follow(&mut self, view: &RaceOptions) {
        self.wants_errors = view.measure == Measure::HypergradientError;
        self.axis = (view.cost, view.scales[0]);
        if self.tolerance != view.tolerance {
            self.tolerance = view.tolerance;
            runs_of(&mut self.slots).for_each(|run| {
                run.finish_line = view.tolerance.map(FinishLine::new);
                run.look_at_finish();
            });
        }
        if self.weights != view.weights {
            self.weights = view.weights;
            runs_of(&mut self.slots).for_each(|run| run.trace.weigh(view.weights));
        }
    }

    /// Discards all results and restarts every run.
    pub(crate) fn restart(&mut self) {
        self.start_all();
        self.playhead.rewind();
    }

    fn look_at_starts(&mut self) {
        self.starts = self.experiment.known_starts(&*self.problem);
        self.awaits_start = !self.experiment.starts_are_known(&*self.problem);
    }

    fn start_all(&mut self) {
        self.look_at_starts();
        for run in self.slots.iter().flat_map(|slot| &slot.runs) {
            self.pool.stop(run.id);
        }
        self.slots = (0..self.experiment.methods.len())
            .map(|_| Slot::default())
            .collect();
        for slot in 0..self.slots.len() {
            self.start_slot(slot, Duration::ZERO);
        }
    }

    /// Restarts the runs of one method, with their first iterations within about `first_pass`; their last traces stay as
    /// stale ones.
    fn start_slot(&mut self, slot: usize, first_pass: Duration) {
        let limit = self.limit();
        let old = std::mem::take(&mut self.slots[slot].runs);
        for run in &old {
            self.pool.stop(run.id);
            self.worker.forget(run.id);
            self.verdicts.forget(run.id);
        }
        if self.awaits_start {
            self.slots[slot].edited = None;
            return;
        }
        let specs = self.experiment.runs_of(slot, &self.problem);
        self.slots[slot].edited = None;
        match specs {
            Ok(specs) => {
                let mut stale = old.into_iter().map(LiveRun::into_longest_trace);
                let recording = Recording {
                    every: self.every(),
                    points: self.points(),
                };
                let (keys, specs): (Vec<RunKey>, Vec<RunSpec>) = specs
                    .into_iter()
                    .map(|(key, spec)| (key, RunSpec { recording, ..spec }))
                    .unzip();
                let traces: Vec<Trace> = specs.iter().map(|spec| self.new_trace(spec)).collect();
                let ids = self.pool.start_all(specs, limit, first_pass);
                let runs = keys.into_iter().zip(traces).zip(ids);
                self.slots[slot].runs = runs
                    .map(|((key, trace), id)| self.live_run(key, id, trace, stale.next().flatten()))
                    .collect();
                self.slots[slot].refusal = None;
            }
            Err(error) => self.slots[slot].refusal = Some(error.to_string()),
        }
    }

    /// The recording interval n: every n-th iterate is recorded. The experiment's own, or a multiple of it if the
    /// traces would not fit in memory.
    pub(crate) fn every(&self) -> u64 {
        let asked = self.experiment.record_every.max(1);
        let variables = match self.points() {
            Points::All => self.problem.metadata().shape().total() as u64,
            _ => 0,
        };
        let rows = MOST_NUMBERS / (NUMBERS_PER_ROW + variables);
        let rows = (rows / self.experiment.run_count().max(1) as u64).max(1);
        (self.experiment.iterations / asked).div_ceil(rows).max(1) * asked
    }

    /// The rows whose variables are recorded: some of a large problem's, so that its pictures follow the playhead.
    fn points(&self) -> Points {
        let variables = self.problem.metadata().shape().total();
        let usual = Recording::for_pictures(variables);
        self.experiment.record_points.unwrap_or(usual.points)
    }

    fn new_trace(&self, spec: &RunSpec) -> Trace {
        let mut trace = Trace::new(spec.problem.metadata(), spec.recording);
        trace.weigh(self.weights);
        trace
    }

    /// A run that has just started.
    fn live_run(&self, key: RunKey, id: RunId, trace: Trace, stale: Option<Trace>) -> LiveRun {
        LiveRun {
            key,
            trace,
            status: Status::Running,
            counts: Counts::default(),
            iteration: 0,
            time: 0.0,
            end: None,
            verdict: None,
            is_asked: false,
            stale,
            is_refereed: false,
            finish_line: self.tolerance.map(FinishLine::new),
            finish: None,
            rest: None,
            id,
        }
    }

    /// True if an edit still awaits its restart, so that the window must update again soon.
    pub(crate) fn is_waiting(&self) -> bool {
        self.slots.iter().any(|slot| slot.edited.is_some())
    }

    /// True if any run or the referee is at work.
    pub(crate) fn is_computing(&self) -> bool {
        let is_judged = self.runs().any(|run| run.is_refereed) || self.verdicts.is_busy();
        let is_running = match self.horizon {
            None => self.pool.active() > 0,
            Some(horizon) => self
                .runs()
                .any(|run| run.status.is_running() && run.iteration < horizon.last),
        };
        is_running || is_judged || self.training.is_busy()
    }

    fn runs(&self) -> impl Iterator<Item = &LiveRun> {
        self.slots.iter().flat_map(|slot| &slot.runs)
    }

    fn run_mut(&mut self, id: RunId) -> Option<&mut LiveRun> {
        runs_of(&mut self.slots).find(|run| run.id == id)
    }

    /// The last iteration that every active run has reached; [`u64::MAX`] if none is active, 0 before a start is trained.
    pub(crate) fn computed(&self) -> u64 {
        if self.awaits_start {
            return 0;
        }
        self.runs()
            .filter(|run| run.status.is_running())
            .map(|run| run.trace.last_iteration().unwrap_or(0))
            .min()
            .unwrap_or(u64::MAX)
    }

    /// The course of the playhead along the race's horizontal axis; costs are those of the longest run.
    pub(crate) fn course(&self) -> Course<'_> {
        let (cost, scale) = self.axis;
        let end = self.end();
        let lettered = self.lettered_runs().map(|(_, run)| run);
        let longest = match self.letters {
            Some(_) => lettered.max_by_key(|run| run.iteration),
            None => self.runs().max_by_key(|run| run.iteration),
        };
        match longest.filter(|_| cost != RunCost::Iterations) {
            Some(run) => {
                let trace = &run.trace;
                Course::of_costs(end, scale, &trace.iterations, cost.column(trace))
            }
            None => Course::of_iterations(end, scale),
        }
    }

    /// The last iteration that the playhead can reach: the end of the longest run, as planned while it is active or its
    /// start is trained.
    pub(crate) fn end(&self) -> u64 {
        let most = self.horizon.map_or(u64::MAX, |horizon| horizon.last);
        if self.awaits_start {
            return self.experiment.iterations.min(most);
        }
        let longest = |run: &LiveRun| {
            if run.status.is_running() {
                self.experiment.iterations
            } else {
                run.iteration
            }
        };
        self.runs().map(longest).max().unwrap_or(0).min(most)
    }

    /// The iteration up to which runs may compute now.
    fn limit(&self) -> u64 {
        let most = self.horizon.map_or(u64::MAX, |horizon| horizon.last);
        if !self.has_begun {
            0
        } else if self.playhead.is_playing {
            most
        } else {
            self.playhead.iteration().saturating_add(LEAD).min(most)
        }
    }
}

/// The workers that judge rows and ends of runs.
fn referees(problem: &Arc<dyn Problem>, background: &Background) -> (GapWorker, OutcomeWorker) {
    let executor = &background.executor;
    let gaps = GapWorker::new(executor, Arc::clone(problem), background.wake());
    let outcomes = OutcomeWorker::new(executor, Arc::clone(problem), background.wake());
    (gaps, outcomes)
}

fn runs_of(slots: &mut [Slot]) -> impl Iterator<Item = &mut LiveRun> {
    slots.iter_mut().flat_map(|slot| &mut slot.runs)
}

#[cfg(test)]
mod tests;
