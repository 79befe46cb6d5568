//! Execution of all runs of an experiment.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::referee::ColumnCache;
use bilevel::run::{Batch, Executor, Pool, RunId, RunSpec, Status, Trace};
use bilevel::study::{FinalState, KnownMinima, Measure, fill_errors, judge_all, judge_every};
use rayon::prelude::*;

use super::grace::with_grace;
use super::{ExecuteError, ProgressReports};
use crate::messages;
use crate::{Experiment, RunKey, RunResult, Shard, StoredRuns};

/// The interval at which a cancelled token is noticed between two batches.
const PATIENCE: Duration = Duration::from_millis(100);

/// The rows that the referee judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefereeRows {
    /// Every row.
    #[default]
    All,
    /// The first row, the last one, and those whose iteration is a multiple of the number.
    Every(u64),
    /// None; runs have no verdicts either.
    None,
}

/// Options of an execution.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunOptions {
    /// The number of worker threads; `None` for the number of cores.
    pub threads: Option<usize>,
    /// The rows that the referee judges.
    pub referee: RefereeRows,
    /// The part of the experiment's runs.
    pub shard: Shard,
    /// True if hypergradient errors are computed although the view does not show them.
    pub has_errors: bool,
}

/// Runs the whole experiment; the results are in the order of [`Experiment::runs`].
pub fn run_all(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    threads: Option<usize>,
    progress: ProgressReports<'_>,
) -> Result<Vec<RunResult>, ExecuteError> {
    let options = RunOptions {
        threads,
        ..RunOptions::default()
    };
    run_until(
        experiment,
        problem,
        options,
        progress,
        &WorkToken::default(),
    )
}

/// Like [`run_all`], but a token that is cancelled ends all runs, with the status `stopped`.
///
/// The referee then judges those that had ended for some seconds; rows that it does not reach stay without its values.
pub fn run_until(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    options: RunOptions,
    progress: ProgressReports<'_>,
    token: &WorkToken,
) -> Result<Vec<RunResult>, ExecuteError> {
    run_rest(experiment, problem, (options, &[]), progress, token)
}

/// Like [`run_until`], without the runs of an earlier call.
pub fn run_rest(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    (options, earlier): (RunOptions, &[RunKey]),
    progress: ProgressReports<'_>,
    token: &WorkToken,
) -> Result<Vec<RunResult>, ExecuteError> {
    let workers = options.threads.unwrap_or_else(Executor::default_threads);
    let earlier: HashSet<RunKey> = earlier.iter().copied().collect();
    let all = experiment.runs(problem)?;
    let own: HashSet<usize> = options.shard.runs(all.len()).collect();
    let numbered = all.into_iter().enumerate();
    let is_left = |(number, (key, _)): &(usize, (RunKey, RunSpec))| {
        own.contains(number) && !earlier.contains(key)
    };
    let runs = numbered.filter(is_left).map(|(_, run)| run).collect();
    let (mut finished, motions) = raced(experiment, runs, workers, (progress, token));
    if options.referee == RefereeRows::None {
        return Ok(finished);
    }
    (progress.stage)(messages::surveys::referee_at_work());
    let is_interrupted = token.is_cancelled();
    let threads = rayon::ThreadPoolBuilder::new().num_threads(workers);
    let pool = threads.build()?;
    let is_shown = experiment.view.race_y == Some(Measure::HypergradientError);
    let has_errors = is_shown || options.has_errors;
    with_grace(token, |token| {
        pool.install(|| {
            let memory = Arc::<ColumnCache>::default();
            let ended = finished.iter_mut().zip(&motions);
            // runs that were stopped are no results yet
            let ended = ended.filter(|(run, _)| !is_interrupted || !is_stopped(run));
            let mut ended: Vec<(&mut RunResult, &Motion)> = ended.collect();
            give_verdicts(&mut ended, &**problem, token);
            for (run, _) in ended {
                judge_rows(
                    options.referee,
                    &mut run.trace,
                    &**problem,
                    (&memory, token),
                );
                if has_errors && !token.is_cancelled() {
                    fill_errors(&mut run.trace, &**problem, token);
                }
                (progress.judged)(1);
            }
        });
    });
    Ok(finished)
}

fn is_stopped(run: &RunResult) -> bool {
    matches!(run.status, Status::Stopped(_))
}

/// Fills the referee's columns of traces that were read from files, as [`run_until`] does for those of runs.
pub fn judge_stored(
    stored: &mut StoredRuns,
    options: RunOptions,
    token: &WorkToken,
) -> Result<(), ExecuteError> {
    if options.referee == RefereeRows::None {
        return Ok(());
    }
    let workers = options.threads.unwrap_or_else(Executor::default_threads);
    let threads = rayon::ThreadPoolBuilder::new().num_threads(workers);
    let problem = Arc::clone(&stored.problem);
    threads.build()?.install(|| {
        let memory = Arc::<ColumnCache>::default();
        for run in &mut stored.results {
            judge_rows(options.referee, &mut run.trace, &*problem, (&memory, token));
        }
    });
    Ok(())
}

fn judge_rows(
    rows: RefereeRows,
    trace: &mut Trace,
    problem: &dyn Problem,
    (memory, token): (&Arc<ColumnCache>, &WorkToken),
) {
    match rows {
        RefereeRows::All => judge_all(trace, problem, memory, token),
        RefereeRows::Every(every) => judge_every(every, trace, problem, memory, token),
        RefereeRows::None => {}
    }
}

/// Advances all runs to their ends, or to the point at which the token is cancelled.
fn raced(
    experiment: &Experiment,
    runs: Vec<(RunKey, RunSpec)>,
    workers: usize,
    (progress, token): (ProgressReports<'_>, &WorkToken),
) -> (Vec<RunResult>, Vec<Motion>) {
    let mut pool = Pool::new(&Executor::new(workers), || {});
    let mut order = Vec::new();
    let mut under_way: HashMap<RunId, Following> = HashMap::new();
    for (key, spec) in runs {
        let following = Following::new(key, &spec);
        let id = pool.start(spec, u64::MAX);
        order.push(id);
        under_way.insert(id, following);
    }
    let mut finished: HashMap<RunId, (RunResult, Motion)> = HashMap::new();
    let mut is_interrupted = false;
    while pool.active() > 0 {
        if token.is_cancelled() && !is_interrupted {
            is_interrupted = true;
            pool.interrupt();
        }
        let Some(batch) = pool.receive_within(PATIENCE) else {
            continue;
        };
        let id = batch.run;
        let Some(mut following) = under_way.remove(&id) else {
            continue;
        };
        (progress.advance)(batch.iteration - following.iteration);
        match following.take(batch) {
            Some(run) => {
                (progress.advance)(experiment.iterations - run.0.iterations);
                (progress.ended)(&run.0);
                finished.insert(id, run);
            }
            None => {
                under_way.insert(id, following);
            }
        }
    }
    drop(pool);
    let finished = order.into_iter().filter_map(|id| finished.remove(&id));
    finished.unzip()
}

/// Gives each run its verdict, if any minima are known.
fn give_verdicts(
    ended: &mut [(&mut RunResult, &Motion)],
    problem: &dyn Problem,
    token: &WorkToken,
) {
    let Some(goals) = KnownMinima::of(problem, token) else {
        return;
    };
    ended.par_iter_mut().for_each(|(run, motion)| {
        let last = FinalState {
            point: &run.point,
            direction: &motion.direction,
            stride: motion.stride,
            recent: &motion.recent,
            status: &run.status,
        };
        let end = goals.end(problem, last, token);
        // numbers of cancelled work are not reliable
        run.end = end.filter(|_| !token.is_cancelled());
    });
}

/// The last movement of a run that has ended.
struct Motion {
    direction: Vec<f64>,
    stride: f64,
    recent: Vec<f64>,
}

/// A run in progress.
struct Following {
    key: RunKey,
    trace: Trace,
    iteration: u64,
}

impl Following {
    fn new(key: RunKey, spec: &RunSpec) -> Self {
        let metadata = spec.problem.metadata();
        Self {
            key,
            trace: Trace::new(metadata, spec.recording),
            iteration: 0,
        }
    }

    /// Adds the recorded rows; returns the result once the run has ended.
    fn take(&mut self, batch: Batch) -> Option<(RunResult, Motion)> {
        self.trace.extend(&batch.rows);
        self.iteration = batch.iteration;
        let last = batch.end?;
        let finished = RunResult {
            key: self.key,
            trace: self.trace.clone(),
            status: batch.status,
            iterations: batch.iteration,
            counts: batch.counts,
            time: batch.time,
            point: last.point,
            end: None,
        };
        let motion = Motion {
            direction: last.direction,
            stride: last.stride,
            recent: last.recent,
        };
        Some((finished, motion))
    }
}
