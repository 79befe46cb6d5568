//! Execution of all runs of an experiment.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::referee::ColumnCache;
use bilevel::run::{Executor, RunSpec, Status, Trace};
use bilevel::study::{FinalState, KnownMinima, Measure, fill_errors, judge_every};
use rayon::prelude::*;

use super::grace::with_grace;
use super::part_race::{EndedRun, PartRace, PartSize};
use super::{ExecuteError, ProgressReports};
use crate::messages;
use crate::{Experiment, RowSink, RunKey, RunResult, Shard, StoredFolder, StoredRuns};

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
    rest: (RunOptions, &[RunKey]),
    progress: ProgressReports<'_>,
    token: &WorkToken,
) -> Result<Vec<RunResult>, ExecuteError> {
    run_parts((experiment, problem), rest, None, progress, token)
}

/// Like [`run_rest`], with about `room` bytes for rows.
///
/// `sink` takes the rows of each run in their order, and of these the results have the first and the last alone. After the token is cancelled, runs that have not begun are left out.
pub fn run_streamed(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    rest: (RunOptions, &[RunKey]),
    (sink, room): (&mut dyn RowSink, f64),
    (progress, token): (ProgressReports<'_>, &WorkToken),
) -> Result<Vec<RunResult>, ExecuteError> {
    let sink = Some((sink, room));
    run_parts((experiment, problem), rest, sink, progress, token)
}

fn run_parts(
    (experiment, problem): (&Experiment, &Arc<dyn Problem>),
    (options, earlier): (RunOptions, &[RunKey]),
    mut sink: Option<(&mut dyn RowSink, f64)>,
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
    let runs: Vec<(RunKey, RunSpec)> = numbered.filter(is_left).map(|(_, run)| run).collect();
    let size = match sink {
        Some((_, room)) => PartSize::within(room, &runs, experiment.iterations, workers),
        None => PartSize::WHOLE,
    };
    let mut race = PartRace::new(workers, runs, size, experiment.iterations);
    let mut referee = None;
    while race.advance(progress, token) {
        if options.referee != RefereeRows::None {
            if size == PartSize::WHOLE {
                (progress.stage)(messages::surveys::referee_at_work());
            }
            let referee = match &mut referee {
                Some(referee) => referee,
                None => referee.insert(RunReferee::new(experiment, options, workers)?),
            };
            referee.judge(&**problem, &mut race, progress, token);
        }
        if let Some((sink, _)) = &mut sink {
            take_rows(&mut race, *sink).map_err(ExecuteError::Table)?;
        }
    }
    Ok(race.results())
}

/// Moves the rows of all runs to the sink: of a run under way all but the last, whose direction is not known yet.
fn take_rows(race: &mut PartRace, sink: &mut dyn RowSink) -> std::io::Result<()> {
    for racer in race.under_way.values_mut() {
        let Some(last) = racer.trace.len().checked_sub(1).filter(|&last| last > 0) else {
            continue;
        };
        sink.take(racer.key, &racer.trace, racer.taken..last)?;
        racer.trace.keep_rows(&[0, last]);
        racer.taken = 1;
    }
    for (_, run) in &mut race.ended {
        let rows = run.result.trace.len();
        sink.take(run.result.key, &run.result.trace, run.taken..rows)?;
        if rows > 2 {
            run.result.trace.keep_rows(&[0, rows - 1]);
        }
    }
    Ok(())
}

/// The referee over the rows and ends of an execution.
struct RunReferee {
    rows: RefereeRows,
    has_errors: bool,
    threads: rayon::ThreadPool,
    memory: Arc<ColumnCache>,
    /// The minima, once they were asked for; `None` if none are known.
    goals: OnceLock<Option<KnownMinima>>,
}

impl RunReferee {
    fn new(
        experiment: &Experiment,
        options: RunOptions,
        workers: usize,
    ) -> Result<Self, ExecuteError> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(workers);
        let is_shown = experiment.view.race_y == Some(Measure::HypergradientError);
        Ok(Self {
            rows: options.referee,
            has_errors: is_shown || options.has_errors,
            threads: threads.build()?,
            memory: Arc::default(),
            goals: OnceLock::new(),
        })
    }

    /// Judges the new rows of all runs, and gives those that have ended their verdicts.
    fn judge(
        &mut self,
        problem: &dyn Problem,
        race: &mut PartRace,
        progress: ProgressReports<'_>,
        token: &WorkToken,
    ) {
        let Self {
            rows,
            has_errors,
            threads,
            memory,
            goals,
        } = self;
        let is_interrupted = token.is_cancelled();
        let judge = |trace: &mut Trace, until: usize, token: &WorkToken| {
            judge_rows((*rows, until), trace, problem, (memory, token));
            if *has_errors && !token.is_cancelled() {
                fill_errors(trace, until, problem, token);
            }
        };
        with_grace(token, |token| {
            threads.install(|| {
                let ended = race.ended.iter_mut().map(|(_, run)| run);
                // runs that were stopped are no results yet
                let ended = ended.filter(|run| !is_interrupted || !is_stopped(&run.result));
                let mut ended: Vec<&mut EndedRun> = ended.collect();
                if !ended.is_empty() {
                    let goals = goals.get_or_init(|| KnownMinima::of(problem, token));
                    give_verdicts(&mut ended, goals.as_ref(), problem, token);
                }
                for run in ended {
                    let until = run.result.trace.len();
                    judge(&mut run.result.trace, until, token);
                    (progress.judged)(1);
                }
                for racer in race.under_way.values_mut() {
                    // the last row comes with the next part: it may be the run's last
                    let until = racer.trace.len().saturating_sub(1);
                    judge(&mut racer.trace, until, token);
                }
            });
        });
    }
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
            let rows = (options.referee, run.trace.len());
            judge_rows(rows, &mut run.trace, &*problem, (&memory, token));
        }
    });
    Ok(())
}

/// Reads the runs of a folder with about `room` bytes for rows; the referee's columns are filled as [`judge_stored`] does.
///
/// `sink` takes the rows of each run in their order, and of these the results have the first and the last alone.
///
/// # Errors
/// If the folder's table cannot be read or is wrong, or rows cannot be taken.
pub fn stream_stored(
    folder: StoredFolder,
    options: RunOptions,
    (sink, room): (&mut dyn RowSink, f64),
    token: &WorkToken,
) -> Result<StoredRuns, ExecuteError> {
    let workers = options.threads.unwrap_or_else(Executor::default_threads);
    let threads = rayon::ThreadPoolBuilder::new().num_threads(workers);
    let threads = threads.build()?;
    let problem = Arc::clone(&folder.problem);
    let memory = Arc::<ColumnCache>::default();
    let rows = PartSize::rows_within(room, problem.metadata());
    let mut take = |key: RunKey, trace: &mut Trace, new: Range<usize>| {
        let rows = (options.referee, new.end);
        threads.install(|| judge_rows(rows, trace, &*problem, (&memory, token)));
        sink.take(key, trace, new)
    };
    Ok(folder.read(Some((rows, &mut take)))?)
}

/// Judges the rows before one that is left out.
fn judge_rows(
    (rows, until): (RefereeRows, usize),
    trace: &mut Trace,
    problem: &dyn Problem,
    (memory, token): (&Arc<ColumnCache>, &WorkToken),
) {
    let every = match rows {
        RefereeRows::All => 1,
        RefereeRows::Every(every) => every,
        RefereeRows::None => return,
    };
    judge_every((every, until), trace, problem, memory, token);
}

/// Gives each run its verdict, if any minima are known.
fn give_verdicts(
    ended: &mut [&mut EndedRun],
    goals: Option<&KnownMinima>,
    problem: &dyn Problem,
    token: &WorkToken,
) {
    let Some(goals) = goals else {
        return;
    };
    ended.par_iter_mut().for_each(|run| {
        let last = FinalState {
            point: &run.result.point,
            direction: &run.last.direction,
            stride: run.last.stride,
            recent: &run.last.recent,
            status: &run.result.status,
        };
        let end = goals.end(problem, last, token);
        // numbers of cancelled work are not reliable
        run.result.end = end.filter(|_| !token.is_cancelled());
    });
}
