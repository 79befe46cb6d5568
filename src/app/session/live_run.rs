//! A run as the window follows it: its trace, status and outcome.

use bilevel::problem::{Counts, Metadata};
use bilevel::run::{Last, RunId, Status, Trace};
use bilevel::study::{FinishLine, Outcome, RankedRun, Verdict};
use bilevel_files::RunKey;

/// A run as the window follows it.
pub(crate) struct LiveRun {
    pub(crate) id: RunId,
    /// The run's place in the experiment: method, start and seed.
    pub(crate) key: RunKey,
    pub(crate) trace: Trace,
    pub(crate) status: Status,
    pub(crate) counts: Counts,
    pub(crate) iteration: u64,
    pub(crate) time: f64,
    /// The last point, once the run has ended.
    pub(crate) end: Option<Last>,
    /// The outcome of the last point, once classified.
    pub(crate) verdict: Option<Outcome>,
    /// True if the outcome has been requested.
    pub(crate) is_asked: bool,
    /// The trace from before the last edit, kept until the new one is longer.
    pub(crate) stale: Option<Trace>,
    /// True if the referee is at work on some of the rows.
    pub(crate) is_refereed: bool,
    pub(crate) finish_line: Option<FinishLine>,
    /// The row at which the run crosses the finish line, if it does.
    pub(crate) finish: Option<usize>,
    /// The row from which on the run is at rest, once its outcome is known.
    pub(crate) rest: Option<usize>,
}

impl LiveRun {
    /// The longer of the present trace and the stale one; `None` if both are empty.
    pub(crate) fn into_longest_trace(self) -> Option<Trace> {
        match self.stale {
            Some(stale) if self.trace.len() < stale.len() => Some(stale),
            _ => (!self.trace.is_empty()).then_some(self.trace),
        }
    }

    pub(crate) fn look_at_finish(&mut self) {
        let trace = &self.trace;
        self.finish = self.finish_line.as_mut().and_then(|line| line.row(trace));
    }

    /// Takes the outcome of the last point.
    pub(crate) fn set_outcome(&mut self, outcome: Option<Outcome>, metadata: &Metadata) {
        let rest = outcome
            .as_ref()
            .map(|end| end.resting_row(&self.trace, metadata));
        self.rest = rest.flatten();
        self.verdict = outcome;
    }

    /// Forgets the outcome of the last point.
    pub(crate) fn forget_outcome(&mut self) {
        (self.rest, self.verdict) = (None, None);
    }

    /// The upper objective and the largest gap of all followers with its level at an iteration, as far as they are
    /// known.
    pub(crate) fn values_at(&self, iteration: u64) -> Option<(f64, Option<(f64, usize)>)> {
        let row = self.trace.row_at(iteration)?;
        let f = *self.trace.objectives.first()?.values().get(row)?;
        Some((f, self.trace.largest_gap_at(row)))
    }

    /// The run at an iteration, as an entry of a ranking.
    pub(crate) fn candidate_at(&self, iteration: u64) -> Option<RankedRun> {
        let is_over = !self.status.is_running() && self.iteration <= iteration;
        let verdict = self.verdict.as_ref().map(|end| end.verdict);
        let is_stuck = self.status.is_failure() || verdict.is_some_and(Verdict::is_without_place);
        let row = self.trace.row_at(iteration)?;
        RankedRun::of(&self.trace, row, is_over && is_stuck)
    }
}
