//! Execution of all runs of an experiment.

use std::collections::HashMap;
use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::referee::ColumnCache;
use bilevel::run::{Batch, Executor, Pool, RunId, RunSpec, Trace};
use bilevel::study::{FinalState, KnownMinima, Measure, Outcome, fill_errors, judge_all};
use rayon::prelude::*;

use super::{ExecuteError, ProgressReports};
use crate::messages;
use crate::{Experiment, RunKey, RunResult};

/// Runs the whole experiment; the results are in the order of [`Experiment::runs`].
pub fn run_all(
    experiment: &Experiment,
    problem: &Arc<dyn Problem>,
    threads: Option<usize>,
    progress: ProgressReports<'_>,
) -> Result<Vec<RunResult>, ExecuteError> {
    let runs = experiment.runs(problem)?;
    let workers = threads.unwrap_or_else(Executor::default_threads);
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
    while let Some(batch) = pool.receive() {
        let id = batch.run;
        let Some(mut following) = under_way.remove(&id) else {
            continue;
        };
        (progress.advance)(batch.iteration - following.iteration);
        match following.take(batch) {
            Some(run) => {
                (progress.advance)(experiment.iterations - run.0.iterations);
                finished.insert(id, run);
            }
            None => {
                under_way.insert(id, following);
            }
        }
    }
    drop(pool);
    let (mut finished, motions): (Vec<RunResult>, Vec<Motion>) = order
        .into_iter()
        .filter_map(|id| finished.remove(&id))
        .unzip();
    (progress.stage)(messages::surveys::referee_at_work());
    let threads = rayon::ThreadPoolBuilder::new().num_threads(workers);
    threads.build()?.install(|| {
        let memory = Arc::<ColumnCache>::default();
        for run in &mut finished {
            judge_all(&mut run.trace, &**problem, &memory, &WorkToken::default());
            if experiment.view.race_y == Some(Measure::HypergradientError) {
                fill_errors(&mut run.trace, &**problem, &WorkToken::default());
            }
        }
        say_what_ends_are(&mut finished, &motions, &**problem);
    });
    Ok(finished)
}

/// Gives each run its verdict, if any minima are known.
fn say_what_ends_are(finished: &mut [RunResult], motions: &[Motion], problem: &dyn Problem) {
    let token = WorkToken::default();
    let Some(goals) = KnownMinima::of(problem, &token) else {
        return;
    };
    let ends: Vec<Option<Outcome>> = finished
        .par_iter()
        .zip(motions)
        .map(|(run, motion)| {
            let ended = FinalState {
                point: &run.point,
                direction: &motion.direction,
                stride: motion.stride,
                recent: &motion.recent,
                status: &run.status,
            };
            goals.end(problem, ended, &token)
        })
        .collect();
    for (run, end) in finished.iter_mut().zip(ends) {
        run.end = end;
    }
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
