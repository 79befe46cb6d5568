//! The horizon of a prediction: runs compute up to it and no further, so that nothing in the window can know what follows.

use std::sync::Arc;

use super::concealed::ConcealedProblem;
use super::{LiveRun, Session, referees, runs_of};
use crate::app::background::training::TrainingWorker;

/// The last iteration that may be computed, [`u64::MAX`] for all, and whether the minima of the problem are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Horizon {
    pub(crate) last: u64,
    /// True if the problem has no known minima until the horizon is lifted.
    pub(crate) hides_optimum: bool,
}

impl Session {
    /// The horizon; `None` if the runs go on to their ends.
    pub(crate) fn horizon(&self) -> Option<Horizon> {
        self.horizon
    }

    /// Sets or lifts the horizon. Runs that have passed it begin anew; the playhead stays, or moves back to it.
    pub(crate) fn set_horizon(&mut self, horizon: Option<Horizon>) {
        if self.horizon == horizon {
            return;
        }
        self.horizon = horizon;
        let conceals = horizon.is_some_and(|it| it.hides_optimum);
        let is_other = conceals != self.concealed.is_some();
        if is_other {
            self.conceal(conceals);
        }
        let has_passed = horizon.is_some_and(|it| {
            let mut runs = self.runs();
            let knows_more = |run: &LiveRun| {
                run.iteration > it.last
                    || run.is_asked
                    || run.verdict.is_some()
                    || run.stale.is_some()
            };
            it.last < u64::MAX && runs.any(knows_more)
        });
        if is_other || has_passed {
            let visible: Vec<bool> = self.slots.iter().map(|slot| slot.is_visible).collect();
            self.start_all();
            for (slot, is_visible) in self.slots.iter_mut().zip(visible) {
                slot.is_visible = is_visible;
            }
        }
        if let Some(it) = horizon
            && self.playhead.iteration() > it.last
        {
            self.playhead.seek(it.last);
        }
        self.playhead.range = None;
    }

    /// Takes the outcomes of all runs away, and the curves from before the last edit.
    pub(super) fn forget_outcomes(&mut self) {
        for run in runs_of(&mut self.slots) {
            self.verdicts.forget(run.id);
            run.forget_outcome();
            run.is_asked = false;
            run.stale = None;
        }
    }

    /// Takes the minima of the problem away, or gives them back.
    fn conceal(&mut self, conceals: bool) {
        if conceals {
            let whole = Arc::clone(&self.problem);
            self.problem = Arc::new(ConcealedProblem::new(Arc::clone(&whole)));
            self.concealed = Some(whole);
        } else if let Some(whole) = self.concealed.take() {
            self.problem = whole;
        }
        (self.worker, self.verdicts) = referees(&self.problem, &self.background);
        self.training = TrainingWorker::new(&self.background);
    }
}
