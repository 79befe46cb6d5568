//! Verdicts in the background, for a window that must not block.

use std::sync::Arc;

use super::known_minima::KnownMinima;
use super::outcome::{FinalState, Outcome};
use crate::numerics::WorkToken;
use crate::problem::Problem;
use crate::run::{Executor, Last, RunId, Status};
use crate::study::Worker;

struct OutcomeJob {
    run: RunId,
    last: Last,
    status: Status,
}

/// Determines the outcomes of runs. Dropping it stops the work.
pub struct OutcomeWorker {
    worker: Worker<OutcomeJob, (RunId, Option<Outcome>)>,
    token: WorkToken,
    /// The number of outcomes still to come.
    under_way: usize,
}

impl OutcomeWorker {
    /// A worker for the runs of one problem. `wake` is called whenever an outcome can be received.
    pub fn new(
        executor: &Executor,
        problem: Arc<dyn Problem>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let token = WorkToken::default();
        let in_worker = token.clone();
        let mut goals: Option<KnownMinima> = None;
        let work = move |job: OutcomeJob, hand_over: &mut dyn FnMut((RunId, Option<Outcome>))| {
            let point = &job.last.point;
            if goals.is_none() {
                goals = KnownMinima::of(&*problem, &in_worker);
            }
            let ended = FinalState {
                point,
                direction: &job.last.direction,
                stride: job.last.stride,
                recent: &job.last.recent,
                status: &job.status,
            };
            let end = goals
                .as_ref()
                .and_then(|goals| goals.end(&*problem, ended, &in_worker));
            hand_over((job.run, end));
        };
        Self {
            worker: Worker::new(executor, "outcomes", work, wake),
            token,
            under_way: 0,
        }
    }

    /// Requests an outcome; false if the queue is full.
    pub fn ask(&mut self, run: RunId, last: &Last, status: &Status) -> bool {
        let is_taken = self.worker.submit(OutcomeJob {
            run,
            last: last.clone(),
            status: status.clone(),
        });
        self.under_way += usize::from(is_taken);
        is_taken
    }

    /// Discards the request for the outcome of a run, if it still waits.
    pub fn forget(&mut self, run: RunId) {
        self.under_way -= self.worker.retain(|job| job.run != run);
    }

    /// Returns the next outcome and its run, if one has arrived.
    pub fn try_receive(&mut self) -> Option<(RunId, Option<Outcome>)> {
        let verdict = self.worker.try_receive()?;
        self.under_way -= 1;
        Some(verdict)
    }

    /// True if outcomes are still to come.
    pub fn is_busy(&self) -> bool {
        self.under_way > 0
    }
}

impl Drop for OutcomeWorker {
    fn drop(&mut self) {
        self.token.cancel();
    }
}
