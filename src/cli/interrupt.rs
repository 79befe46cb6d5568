//! Ctrl C and the stop of a batch system: the first ends a command in complete files, the second ends it at once.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bilevel::numerics::WorkToken;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The watch over the signals of a command.
#[derive(Debug)]
pub(super) struct Interrupt {
    /// Cancelled by the first signal.
    pub(super) token: WorkToken,
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Watches the signals for the rest of the process.
    pub(super) fn watch() -> std::io::Result<Self> {
        let raised = Arc::new(AtomicBool::new(false));
        let signal = Arc::new(AtomicUsize::new(0));
        for number in [SIGINT, SIGTERM] {
            // in this order: a first signal finds the flag down
            flag::register_conditional_shutdown(number, status(number), Arc::clone(&raised))?;
            flag::register(number, Arc::clone(&raised))?;
            flag::register_usize(number, Arc::clone(&signal), number as usize)?;
        }
        Ok(Self {
            token: WorkToken::from(raised),
            signal,
        })
    }

    /// True once a signal was received.
    pub(super) fn is_raised(&self) -> bool {
        self.token.is_cancelled()
    }

    /// The exit status: 128 and the number of the signal.
    pub(super) fn code(&self) -> ExitCode {
        let number = self.signal.load(Ordering::Relaxed);
        let number = i32::try_from(number).ok().filter(|&number| number != 0);
        ExitCode::from(status(number.unwrap_or(SIGINT)) as u8)
    }
}

const fn status(signal: i32) -> i32 {
    128 + signal
}
