//! The race of an experiment's runs: all of them with all their rows, or some at a time and part after part, where the rows would
//! not fit into memory.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bilevel::numerics::WorkToken;
use bilevel::problem::Metadata;
use bilevel::run::{Batch, Executor, Last, Points, Pool, RunId, RunSpec, Trace};

use super::ProgressReports;
use crate::{RunKey, RunResult};

/// The interval at which a cancelled token is noticed between two batches.
const PATIENCE: Duration = Duration::from_millis(100);
/// The usual memory for the rows of [`run_streamed`](crate::run_streamed), in bytes.
pub const ROOM_FOR_ROWS: f64 = 128e6;
/// The least number of rows of a part.
const FEWEST_ROWS: f64 = 256.0;

/// The number of runs that race at a time, and of iterations between two stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PartSize {
    runs: usize,
    iterations: u64,
}

impl PartSize {
    /// All runs, from their starts to their ends.
    pub(super) const WHOLE: Self = Self {
        runs: usize::MAX,
        iterations: u64::MAX,
    };

    /// The number of rows of one run, each with its point, that fit into the room, which is in bytes.
    pub(super) fn rows_within(room: f64, metadata: &Metadata) -> usize {
        (room / Trace::bytes_of_row(metadata, true)).max(FEWEST_ROWS) as usize
    }

    /// The size for runs of at most `iterations` iterations: the whole if the rows fit into the room, which is in bytes.
    pub(super) fn within(
        room: f64,
        runs: &[(RunKey, RunSpec)],
        iterations: u64,
        workers: usize,
    ) -> Self {
        let Some((_, first)) = runs.first() else {
            return Self::WHOLE;
        };
        let every = first.recording.every;
        let has_points = first.recording.points == Points::All;
        let row = Trace::bytes_of_row(first.problem.metadata(), has_points);
        let Some(rows) = iterations.checked_div(every) else {
            return Self::WHOLE;
        };
        if (rows + 2) as f64 * row * runs.len() as f64 <= room {
            return Self::WHOLE;
        }
        let at_once = runs.len().min(2 * workers);
        let rows = (room / row / at_once as f64).max(FEWEST_ROWS);
        Self {
            runs: at_once,
            // a row falls on every stop, so that the stop is reported
            iterations: (rows as u64).saturating_mul(every),
        }
    }
}

/// A run in progress.
pub(super) struct Racer {
    pub(super) key: RunKey,
    pub(super) trace: Trace,
    /// The number of rows that were taken.
    pub(super) taken: usize,
    iteration: u64,
    limit: u64,
}

/// A run that has ended.
pub(super) struct EndedRun {
    pub(super) result: RunResult,
    pub(super) last: Last,
    /// The number of rows that were taken.
    pub(super) taken: usize,
}

/// The runs of an experiment, part after part.
pub(super) struct PartRace {
    pool: Pool,
    size: PartSize,
    iterations: u64,
    waiting: VecDeque<(RunKey, RunSpec)>,
    is_interrupted: bool,
    /// The runs at a stop.
    pub(super) under_way: BTreeMap<RunId, Racer>,
    /// The runs that have ended since the last stop.
    pub(super) ended: Vec<(RunId, EndedRun)>,
    finished: BTreeMap<RunId, RunResult>,
}

impl PartRace {
    /// The runs at their starts; `iterations` is the largest number of a run's iterations.
    pub(super) fn new(
        workers: usize,
        runs: Vec<(RunKey, RunSpec)>,
        size: PartSize,
        iterations: u64,
    ) -> Self {
        Self {
            pool: Pool::new(&Executor::new(workers), || {}),
            size,
            iterations,
            waiting: runs.into(),
            is_interrupted: false,
            under_way: BTreeMap::new(),
            ended: Vec::new(),
            finished: BTreeMap::new(),
        }
    }

    /// Advances the runs to their next stops or their ends; false once none is left. After the token is cancelled, runs that have
    /// begun end, and others never begin.
    pub(super) fn advance(&mut self, progress: ProgressReports<'_>, token: &WorkToken) -> bool {
        let ended = std::mem::take(&mut self.ended).into_iter();
        self.finished
            .extend(ended.map(|(id, run)| (id, run.result)));
        for (id, racer) in &mut self.under_way {
            racer.limit = racer.iteration.saturating_add(self.size.iterations);
            self.pool.set_limit_of(*id, racer.limit);
        }
        self.begin();
        if self.under_way.is_empty() {
            return false;
        }
        while self.under_way.values().any(Racer::is_moving) {
            if token.is_cancelled() && !self.is_interrupted {
                self.is_interrupted = true;
                self.pool.interrupt();
                for racer in self.under_way.values_mut() {
                    racer.limit = u64::MAX;
                }
            }
            if let Some(batch) = self.pool.receive_within(PATIENCE) {
                self.take(batch, progress);
            }
        }
        true
    }

    /// Begins runs that wait, as many as may race at a time.
    fn begin(&mut self) {
        while self.under_way.len() < self.size.runs && !self.is_interrupted {
            let Some((key, spec)) = self.waiting.pop_front() else {
                return;
            };
            let limit = self.size.iterations;
            let racer = Racer {
                key,
                trace: Trace::new(spec.problem.metadata(), spec.recording),
                taken: 0,
                iteration: 0,
                limit,
            };
            let id = self.pool.start(spec, limit);
            self.under_way.insert(id, racer);
        }
    }

    /// Adds the rows of a batch to their run.
    fn take(&mut self, batch: Batch, progress: ProgressReports<'_>) {
        let Some(racer) = self.under_way.get_mut(&batch.run) else {
            return;
        };
        racer.trace.extend(&batch.rows);
        (progress.advance)(batch.iteration - racer.iteration);
        racer.iteration = batch.iteration;
        let Some(last) = batch.end else {
            return;
        };
        let Some(racer) = self.under_way.remove(&batch.run) else {
            return;
        };
        (progress.advance)(self.iterations - racer.iteration);
        let result = RunResult {
            key: racer.key,
            trace: racer.trace,
            status: batch.status,
            iterations: batch.iteration,
            counts: batch.counts,
            time: batch.time,
            point: last.point.clone(),
            end: None,
        };
        (progress.ended)(&result);
        let ended = EndedRun {
            result,
            last,
            taken: racer.taken,
        };
        self.ended.push((batch.run, ended));
    }

    /// The results in the order of the runs.
    pub(super) fn results(self) -> Vec<RunResult> {
        self.finished.into_values().collect()
    }
}

impl Racer {
    fn is_moving(&self) -> bool {
        self.iteration < self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Experiment;

    #[test]
    fn rows_that_fit_are_one_part_and_others_are_divided() {
        let text = "iterations = 1000000\nrecord_every = 10\nstarts = [[[1.0], [1.0]], [[2.0], [1.0]]]\n\
                    [problem]\nid = 'pbgd'\n[[method]]\nid = 'bome'\n[[method]]\nid = 'itd'\n";
        let experiment = Experiment::read("a.toml", text).expect("an experiment");
        let runs = experiment.runs(&experiment.problem.build());
        let runs = runs.expect("runs");
        let size = |room: f64, workers| PartSize::within(room, &runs, 1_000_000, workers);
        assert_eq!(size(1e9, 2), PartSize::WHOLE);
        let row = Trace::bytes_of_row(runs[0].1.problem.metadata(), true);
        let part = size(2000.0 * row, 1);
        assert_eq!((part.runs, part.iterations), (2, 10_000));
        assert_eq!(size(1.0, 64).iterations, 2560);
        assert_eq!(size(1.0, 64).runs, 4);
        assert_eq!(PartSize::within(0.0, &[], 1, 1), PartSize::WHOLE);
    }
}
