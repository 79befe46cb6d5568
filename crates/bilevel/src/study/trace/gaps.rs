//! The columns of a trace that need the referee: at once for an export, or by a background worker for a window.

use std::sync::Arc;

use rayon::prelude::*;

use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;
use crate::referee::{Bench, ColumnCache, Referee};
use crate::run::{Executor, Judgement, RunId, Trace};
use crate::study::Worker;

/// Fills the missing rows of a trace's judged columns, on all cores; `memory` is the problem's cache.
///
/// The judgement of a row depends on that row alone. Rows that are reached after the token is cancelled have no judgement.
pub fn judge_all(
    trace: &mut Trace,
    problem: &dyn Problem,
    memory: &Arc<ColumnCache>,
    token: &WorkToken,
) {
    judge_every((1, trace.len()), trace, problem, memory, token);
}

/// Like [`judge_all`], for the first row, the last one and those whose iteration is a multiple of `every` alone, and up to a
/// row that is not judged.
pub fn judge_every(
    (every, until): (u64, usize),
    trace: &mut Trace,
    problem: &dyn Problem,
    memory: &Arc<ColumnCache>,
    token: &WorkToken,
) {
    let rows = &*trace;
    let is_judged = |row: usize| {
        let is_end = row == 0 || row + 1 == rows.len();
        !token.is_cancelled() && (is_end || (rows.iterations[row] as u64).is_multiple_of(every))
    };
    let judgements: Vec<Judgement> = (rows.gap.len()..until)
        .into_par_iter()
        .map_init(
            || Bench::new(problem, memory, token),
            |bench, row| {
                let point = rows.judged_point(row).filter(|_| is_judged(row));
                let judgement = judge(problem, bench, point.as_ref());
                // numbers of cancelled work are not reliable
                if token.is_cancelled() {
                    Judgement::NONE
                } else {
                    judgement
                }
            },
        )
        .collect();
    trace.judge(&judgements);
}

/// Fills the missing rows of a trace's hypergradient errors up to a row that is left out, on all cores.
pub fn fill_errors(trace: &mut Trace, until: usize, problem: &dyn Problem, token: &WorkToken) {
    let rows = &*trace;
    let errors: Vec<f64> = (rows.hypergradient_error.len()..until)
        .into_par_iter()
        .map(|row| error(problem, step(rows, row), token))
        .collect();
    trace.hypergradient_error.extend(&errors);
}

/// The referee's judgement of a point; [`Judgement::NONE`] without a point.
pub fn judge(problem: &dyn Problem, bench: &Bench<'_>, point: Option<&Point>) -> Judgement {
    let Some(point) = point else {
        return Judgement::NONE;
    };
    let distance = problem.metadata().distance(point).unwrap_or(f64::NAN);
    let Some((found, gaps)) = bench.assess(point) else {
        return Judgement {
            distance,
            ..Judgement::NONE
        };
    };
    let largest = gaps.iter().find(|gap| gap.level == found.level);
    Judgement {
        gap: found.gap,
        reduced: found.reduced,
        distance,
        largest: largest.map_or(f64::NAN, |gap| gap.value),
        share: found.share,
        level: found.level,
    }
}

/// A point and the direction in which level 1 moved from it.
type LeaderStep = (Point, Vec<f64>);

fn step(trace: &Trace, row: usize) -> Option<LeaderStep> {
    Some((trace.point(row)?, trace.direction(row)?.to_vec()))
}

/// The distance between the direction of a step and the true hypergradient; NaN if either is unknown.
fn error(problem: &dyn Problem, step: Option<LeaderStep>, token: &WorkToken) -> f64 {
    let Some((point, direction)) = step else {
        return f64::NAN;
    };
    let Some(truth) = Referee::new(problem, token).reduced_gradient(&point) else {
        return f64::NAN;
    };
    let square: f64 = direction
        .iter()
        .zip(&truth)
        .map(|(ours, theirs)| (ours - theirs).powi(2))
        .sum();
    square.sqrt()
}

/// The referee's results for some rows of a run, in the rows' order.
#[derive(Clone, Debug)]
pub enum Findings {
    /// Gaps, reduced objectives and distances.
    Judgements(Vec<Judgement>),
    /// Hypergradient errors.
    Errors(Vec<f64>),
}

struct GapJob {
    run: RunId,
    work: GapWork,
}

enum GapWork {
    Judge(Vec<Option<Point>>),
    Compare(Vec<Option<LeaderStep>>),
}

/// Judges rows for a window. Dropping it stops the work.
pub struct GapWorker {
    worker: Worker<GapJob, (RunId, Findings)>,
    token: WorkToken,
}

impl GapWorker {
    /// A worker for the runs of one problem. `wake` is called whenever findings can be received.
    pub fn new(
        executor: &Executor,
        problem: Arc<dyn Problem>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let token = WorkToken::default();
        let in_worker = token.clone();
        let memory = Arc::<ColumnCache>::default();
        let work = move |job: GapJob, hand_over: &mut dyn FnMut((RunId, Findings))| {
            let goes_on = || !in_worker.is_cancelled();
            let findings = match job.work {
                GapWork::Judge(points) => {
                    let bench = Bench::new(&*problem, &memory, &in_worker);
                    Findings::Judgements(
                        points
                            .iter()
                            .take_while(|_| goes_on())
                            .map(|point| judge(&*problem, &bench, point.as_ref()))
                            .collect(),
                    )
                }
                GapWork::Compare(steps) => Findings::Errors(
                    steps
                        .into_iter()
                        .take_while(|_| goes_on())
                        .map(|step| error(&*problem, step, &in_worker))
                        .collect(),
                ),
            };
            hand_over((job.run, findings));
        };
        Self {
            worker: Worker::new(executor, "gaps", work, wake),
            token,
        }
    }

    /// Submits at most `most` rows that are not judged yet; false if there are none, or the queue is full.
    pub fn judge(&self, run: RunId, trace: &Trace, most: usize) -> bool {
        let first = trace.gap.len();
        let last = trace.len().min(first + most);
        let points: Vec<_> = (first..last).map(|row| trace.judged_point(row)).collect();
        let work = GapWork::Judge(points);
        first < last && self.worker.submit(GapJob { run, work })
    }

    /// Submits rows for hypergradient errors likewise; the last row of an unfinished run has to wait for its step.
    pub fn compare(&self, run: RunId, trace: &Trace, is_over: bool, most: usize) -> bool {
        let known = trace.len().saturating_sub(usize::from(!is_over));
        let first = trace.hypergradient_error.len();
        let last = known.min(first + most);
        let steps: Vec<_> = (first..last).map(|row| step(trace, row)).collect();
        let work = GapWork::Compare(steps);
        first < last && self.worker.submit(GapJob { run, work })
    }

    /// Discards the waiting rows of a run.
    pub fn forget(&self, run: RunId) {
        self.worker.retain(|job| job.run != run);
    }

    /// Returns the next findings and their run, if any have arrived.
    pub fn try_receive(&self) -> Option<(RunId, Findings)> {
        self.worker.try_receive()
    }
}

impl Drop for GapWorker {
    fn drop(&mut self) {
        self.token.cancel();
    }
}
