//! Background work that pictures wait for.

pub(crate) mod animation_work;
pub(crate) mod file_chooser;
pub(crate) mod gallery_work;
pub(crate) mod latest_wins;
pub(crate) mod opening_work;
pub(crate) mod survey_work;
pub(crate) mod training;
pub(crate) mod tuning_work;
pub(crate) mod view_worker;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bilevel::run::Executor;

/// The time of a frame for first iterations.
const FIRST_PASS: Duration = Duration::from_millis(4);

/// The executor of all background work, and the function that requests a frame when some of it is done.
#[derive(Clone)]
pub(crate) struct Background {
    pub(crate) executor: Executor,
    /// The time of a frame for work without threads.
    budget: Duration,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Background {
    /// Work on an executor. `budget` is the time of a frame for work without threads; `wake` requests a frame, from any
    /// thread.
    pub(crate) fn new(
        executor: Executor,
        budget: Duration,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            executor,
            budget,
            wake: Arc::new(wake),
        }
    }

    /// Work without threads, which a test does by itself, with nobody to wake.
    #[cfg(test)]
    pub(crate) fn of_a_test() -> Self {
        Self::new(Executor::cooperative(), Duration::ZERO, || ())
    }

    /// The time of a frame for the first iterations of runs that start anew while a gesture goes on; none in a test, whose
    /// frames must not depend on the clock.
    pub(crate) const fn first_pass(&self) -> Duration {
        if self.budget.is_zero() {
            Duration::ZERO
        } else {
            FIRST_PASS
        }
    }

    /// The function that requests a frame.
    pub(crate) fn wake(&self) -> impl Fn() + Clone + Send + Sync + 'static {
        let wake = Arc::clone(&self.wake);
        move || wake()
    }

    /// Does the work of a frame that no thread does.
    pub(crate) fn work_in_frame(&self) {
        let has_time = !self.budget.is_zero();
        if has_time && self.executor.advance(Instant::now() + self.budget) {
            (self.wake)();
        }
    }
}
