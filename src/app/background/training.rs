//! Background preparation of a problem: first the pretrained start, then the reference models, and the minima that the
//! referee finds for a problem without known ones.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{Problem, ReferenceLine};
use bilevel::referee::with_found_minima;

use super::Background;
use super::latest_wins::LatestWins;

/// The two steps: the start, then the rest.
static STEPS: [usize; 2] = [0, 1];

/// The result of a step.
pub(crate) enum Trained {
    /// The pretrained start, which the problem itself keeps.
    Start,
    /// The metrics of reference models, and the problem with all of its known minima.
    Rest(Vec<ReferenceLine>, Arc<dyn Problem>),
}

/// The worker. Dropping it cancels the work.
pub(crate) struct TrainingWorker(LatestWins<Arc<dyn Problem>, Trained>);

impl TrainingWorker {
    /// A worker without a problem.
    pub(crate) fn new(background: &Background) -> Self {
        Self(LatestWins::new(background, "training", &STEPS, train))
    }

    /// Requests the preparation of a problem, unless one was requested before.
    pub(crate) fn begin(&mut self, problem: &Arc<dyn Problem>) {
        if self.0.request().is_none() {
            // an empty inbox takes the job
            self.0.hand_in(Arc::clone(problem));
        }
    }

    /// The newest result since the last call.
    pub(crate) fn take(&mut self) -> Option<Trained> {
        self.0.take()
    }

    /// True if a step is still to come.
    pub(crate) fn is_busy(&self) -> bool {
        self.0.request().is_some() && !self.0.is_settled()
    }
}

fn train(problem: &Arc<dyn Problem>, step: usize, token: &WorkToken) -> Trained {
    if step == 0 {
        problem.pretrained().and_then(|it| it.pretrained(token));
        Trained::Start
    } else {
        let lines = problem.reference_lines(token).unwrap_or_default();
        Trained::Rest(lines, with_found_minima(problem, token))
    }
}
