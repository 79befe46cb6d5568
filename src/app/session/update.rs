//! The update of a session, once a frame: results come in, edited runs restart, time passes.

use std::sync::Arc;

use bilevel::problem::Problem;
use bilevel::run::{Batch, Trace};
use bilevel::study::Findings;

use super::{Session, referees, runs_of};
use crate::app::background::training::Trained;

/// The most rows in one job of the referee.
const ROWS_PER_JOB: usize = 2_000;
/// Edits that follow each other faster than this, in seconds, restart the runs once.
const DEBOUNCE: f64 = 0.06;

impl Session {
    /// Receives results, restarts edited runs, and lets `seconds` pass. True if anything changed.
    pub(crate) fn update(&mut self, seconds: f64) -> bool {
        let mut changed = false;
        self.clock += seconds;
        while let Some(batch) = self.pool.try_receive() {
            self.take(batch);
            changed = true;
        }
        while let Some((id, findings)) = self.worker.try_receive() {
            if let Some(run) = self.run_mut(id) {
                match findings {
                    Findings::Judgements(judgements) => run.trace.judge(&judgements),
                    Findings::Errors(errors) => run.trace.hypergradient_error.extend(&errors),
                }
                run.is_refereed = false;
                run.look_at_finish();
                changed = true;
            }
        }
        while let Some((id, end)) = self.verdicts.try_receive() {
            if let Some(run) = self.run_mut(id) {
                run.verdict = end;
                changed = true;
            }
        }
        if self.has_begun {
            self.training.begin(&self.problem);
        }
        if let Some(trained) = self.training.take() {
            let mut is_other = false;
            if let Trained::Rest(lines, problem) = trained {
                self.lines = lines;
                is_other = self.inform(problem);
            }
            if self.awaits_start || is_other {
                self.look_at_starts();
                (0..self.slots.len()).for_each(|slot| self.start_slot(slot));
            }
            changed = true;
        }
        self.ask_referee();
        for slot in 0..self.slots.len() {
            if self.slots[slot]
                .edited
                .is_some_and(|edited| DEBOUNCE <= self.clock - edited)
            {
                self.start_slot(slot);
                changed = true;
            }
        }
        let before = self.playhead;
        let mut playhead = self.playhead;
        playhead.pass(seconds, self.computed(), self.end(), &self.course());
        self.playhead = playhead;
        self.pool.set_limit(self.limit());
        changed || before != self.playhead
    }

    /// Replaces the problem by itself with the minima that were found; false if there are none. Curves over the optimum
    /// begin anew.
    fn inform(&mut self, problem: Arc<dyn Problem>) -> bool {
        if Arc::ptr_eq(&problem, &self.problem) {
            return false;
        }
        (self.worker, self.verdicts) = referees(&problem, &self.background);
        self.problem = problem;
        true
    }

    fn take(&mut self, batch: Batch) {
        let Some(run) = self.run_mut(batch.run) else {
            return;
        };
        run.trace.extend(&batch.rows);
        run.status = batch.status;
        run.counts = batch.counts;
        run.iteration = batch.iteration;
        run.time = batch.time;
        run.end = batch.end;
    }

    /// Sends rows that have no gap yet to the referee, one job per run at a time.
    fn ask_referee(&mut self) {
        for run in runs_of(&mut self.slots) {
            if run.is_refereed {
                continue;
            }
            let is_over = !run.status.is_running();
            if let Some(last) = run.end.as_ref().filter(|_| !run.is_asked) {
                run.is_asked = self.verdicts.ask(run.id, last, &run.status);
            }
            run.is_refereed = self.worker.judge(run.id, &run.trace, ROWS_PER_JOB)
                || self.wants_errors
                    && self
                        .worker
                        .compare(run.id, &run.trace, is_over, ROWS_PER_JOB);
            // the old curves stay until the new ones are as long, those of the gap too
            let before = run.stale.as_ref().and_then(Trace::last_iteration);
            if (is_over || before <= Some(run.iteration)) && !run.is_refereed {
                run.stale = None;
            }
        }
    }
}
