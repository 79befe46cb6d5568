//! Time to finish: after a signal, the referee judges the runs that have ended, for a few seconds.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use bilevel::numerics::WorkToken;

/// The time that work has after its token is cancelled: batch systems kill a command some 30 seconds after they stop it.
const GRACE: Duration = Duration::from_secs(5);
/// The interval at which the token is looked at.
const TICK: Duration = Duration::from_millis(50);

/// Does work with a token of its own, which is cancelled some seconds after the given one.
pub(super) fn with_grace<T>(token: &WorkToken, work: impl FnOnce(&WorkToken) -> T) -> T {
    let own = WorkToken::default();
    let (done, wait) = channel::<()>();
    let shared = &own;
    thread::scope(|scope| {
        let watch = move || {
            let mut end = None;
            while wait.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                if token.is_cancelled()
                    && *end.get_or_insert_with(|| Instant::now() + GRACE) <= Instant::now()
                {
                    shared.cancel();
                    return;
                }
            }
        };
        let watcher = thread::Builder::new().spawn_scoped(scope, watch);
        // without a watcher the work ends with the given token
        let result = work(if watcher.is_ok() { &own } else { token });
        drop(done);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_for_a_while_after_its_token_is_cancelled() {
        let token = WorkToken::default();
        token.cancel();
        assert!(!with_grace(&token, WorkToken::is_cancelled));
    }
}
