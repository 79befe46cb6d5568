//! The update of a session, once a frame: results come in, edited runs restart, time passes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bilevel::problem::Problem;
use bilevel::run::{Batch, Trace};
use bilevel::study::Findings;

use super::{Session, Slot, referees, runs_of};
use crate::app::background::training::Trained;

/// The most rows in one job of the referee.
const ROWS_PER_JOB: usize = 2_000;
/// Edits that follow each other faster than this, in seconds, restart the runs once.
const DEBOUNCE: f64 = 0.06;
/// A restart that takes less is done in the frame of the edit.
const FAST: Duration = Duration::from_millis(12);

impl Session {
    /// Receives results, restarts edited runs, and lets `seconds` pass. True if anything changed.
    pub(crate) fn update(&mut self, seconds: f64) -> bool {
        let mut changed = false;
        self.clock += seconds;
        changed |= self.receive();
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
            let problem = Arc::clone(&self.problem);
            if let Some(run) = self.run_mut(id) {
                run.set_outcome(end, problem.metadata());
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
                (0..self.slots.len()).for_each(|slot| self.start_slot(slot, Duration::ZERO));
            }
            changed = true;
        }
        self.ask_referee();
        if self.restart_edited() {
            changed = true;
            self.receive();
        }
        let before = self.playhead;
        let mut playhead = self.playhead;
        playhead.pass(seconds, self.computed(), self.end(), &self.course());
        self.playhead = playhead;
        self.pool.set_limit(self.limit());
        changed || before != self.playhead
    }

    /// Takes the rows that have arrived; true if there are any.
    fn receive(&mut self) -> bool {
        let mut has_new = false;
        while let Some(batch) = self.pool.try_receive() {
            self.take(batch);
            has_new = true;
        }
        has_new
    }

    /// Restarts the runs of edited methods; true if there are any. Restarts that take longer than a frame wait until
    /// `DEBOUNCE` has passed since the first edit.
    fn restart_edited(&mut self) -> bool {
        let first_pass = self.background.first_pass();
        let is_fast = !first_pass.is_zero() && self.restart_time < FAST;
        let patience = if is_fast { 0.0 } else { DEBOUNCE };
        let is_due = |slot: &Slot| {
            slot.edited
                .is_some_and(|edited| patience <= self.clock - edited)
        };
        let due: Vec<usize> = (0..self.slots.len())
            .filter(|&slot| is_due(&self.slots[slot]))
            .collect();
        let opened = Instant::now();
        let shown = due
            .iter()
            .map(|&slot| &self.slots[slot])
            .filter(|slot| slot.is_visible);
        let all = shown.map(|slot| slot.runs.len()).sum::<usize>().max(1);
        for &slot in &due {
            let share = first_pass.mul_f64(self.slots[slot].runs.len() as f64 / all as f64);
            self.start_slot(
                slot,
                if self.slots[slot].may_pass_within(share) {
                    share
                } else {
                    Duration::ZERO
                },
            );
        }
        if !due.is_empty() {
            self.restart_time = opened.elapsed();
        }
        !due.is_empty()
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
        // an outcome would give away what is to be predicted
        let gives_outcomes = self.horizon.is_none();
        for run in runs_of(&mut self.slots) {
            if run.is_refereed {
                continue;
            }
            let is_over = !run.status.is_running();
            let is_due = gives_outcomes && !run.is_asked;
            if let Some(last) = run.end.as_ref().filter(|_| is_due) {
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
