//! The work token: how long work learns that nobody waits for it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shared between whoever waits for work and whoever does it. Work polls it at least every 1,000 rows of data.
#[derive(Clone, Debug, Default)]
pub struct WorkToken(Arc<AtomicBool>);

impl WorkToken {
    /// Asks the work to end soon; its result will be thrown away.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work should end.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
