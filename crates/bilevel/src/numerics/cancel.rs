//! Cancellation token for work whose result is no longer wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cancellation flag shared between the owner of some work and its workers, who poll it at least every 1,000 rows of
/// data.
#[derive(Clone, Debug, Default)]
pub struct WorkToken(Arc<AtomicBool>);

impl From<Arc<AtomicBool>> for WorkToken {
    /// A token that is cancelled once the flag is set, such as by a signal.
    fn from(flag: Arc<AtomicBool>) -> Self {
        Self(flag)
    }
}

impl WorkToken {
    /// Asks the work to end soon; its result will be discarded.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// True if the work should end.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
