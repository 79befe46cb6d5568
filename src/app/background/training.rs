//! What has to be found out about a problem in the background: the pretrained start first, then the models to compare with and
//! the minima that the referee finds where the problem knows none.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{Problem, ReferenceLine};
use bilevel::referee::with_found_minima;

use super::latest_wins::LatestWins;

/// The start, and then the rest.
static STEPS: [usize; 2] = [0, 1];

/// What has been trained.
pub(crate) enum Trained {
    /// The start; the problem remembers it.
    Start,
    /// The metrics of models that were trained in other ways, and the problem with all minima that are known of it.
    Rest(Vec<ReferenceLine>, Arc<dyn Problem>),
}

/// The thread. Dropping it stops the work and waits for the thread to end.
pub(crate) struct TrainingWorker(LatestWins<Arc<dyn Problem>, Trained>);

impl TrainingWorker {
    /// `wake` is called whenever something is trained.
    pub(crate) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        LatestWins::new("training desk", &STEPS, train, wake).map(Self)
    }

    /// Begins, unless it has begun.
    pub(crate) fn begin(&mut self, problem: &Arc<dyn Problem>) {
        if self.0.request().is_none() {
            // an inbox that is empty takes the job
            self.0.hand_in(Arc::clone(problem));
        }
    }

    /// What has been trained since the last call.
    pub(crate) fn take(&mut self) -> Option<Trained> {
        self.0.take()
    }

    /// Whether something is still to come.
    pub(crate) fn is_busy(&self) -> bool {
        self.0.request().is_some() && !self.0.is_settled()
    }
}

fn train(problem: &Arc<dyn Problem>, step: usize, token: &WorkToken) -> Trained {
    if step == 0 {
        problem.pretrained(token);
        Trained::Start
    } else {
        let lines = problem.reference_lines(token).unwrap_or_default();
        Trained::Rest(lines, with_found_minima(problem, token))
    }
}
