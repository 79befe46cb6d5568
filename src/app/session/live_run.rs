//! A run as the window follows it: what it has recorded, where it stands and what is known of its end.

use bilevel::problem::Counts;
use bilevel::run::{Last, RunId, Status, Trace};
use bilevel::study::{FinishLine, Outcome, RankedRun, Verdict};
use bilevel_files::RunKey;

/// A run as the window follows it.
pub(crate) struct LiveRun {
    pub(crate) id: RunId,
    /// Which of the experiment's runs it is.
    pub(crate) key: RunKey,
    pub(crate) trace: Trace,
    pub(crate) status: Status,
    pub(crate) counts: Counts,
    pub(crate) iteration: u64,
    pub(crate) time: f64,
    /// The last point, once the run has ended.
    pub(crate) end: Option<Last>,
    /// What the end is, as far as that is known.
    pub(crate) verdict: Option<Outcome>,
    /// Whether that was asked for.
    pub(crate) is_asked: bool,
    /// The curve from before the last edit, kept until the new one has passed it.
    pub(crate) stale: Option<Trace>,
    /// Whether the referee is at work on some of the rows.
    pub(crate) is_refereed: bool,
    pub(crate) finish_line: Option<FinishLine>,
    /// The row in which it crosses the finish line, if there is one.
    pub(crate) finish: Option<usize>,
}

impl LiveRun {
    /// The curve to leave behind: the present one, or the one from before if that is longer.
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

    /// The upper objective and the largest gap of all followers with its level at an iteration, as far as they are known.
    pub(crate) fn values_at(&self, iteration: u64) -> Option<(f64, Option<(f64, usize)>)> {
        let row = self.trace.row_at(iteration)?;
        let f = *self.trace.objectives.first()?.values().get(row)?;
        Some((f, self.trace.largest_gap_at(row)))
    }

    /// The run at an iteration as a ranking sees it.
    pub(crate) fn candidate_at(&self, iteration: u64) -> Option<RankedRun> {
        let is_over = !self.status.is_running() && self.iteration <= iteration;
        let verdict = self.verdict.as_ref().map(|end| end.verdict);
        let is_stuck = self.status.is_failure() || verdict.is_some_and(Verdict::is_without_place);
        let row = self.trace.row_at(iteration)?;
        RankedRun::of(&self.trace, row, is_over && is_stuck)
    }
}
