//! Opening an experiment on a thread of its own: its data are read and its problem is made there, which may take seconds.

use std::sync::Arc;
use std::time::Duration;

use bilevel::problem::Problem;
use bilevel_files::Experiment;
use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError, bounded};

use super::Background;
use crate::app::messages;

/// The time for which the window waits before it shows that it does.
const MOMENT: Duration = Duration::from_millis(80);

/// The source of an experiment that is being opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OpeningSource {
    /// A file or a preset, by its name.
    Named(String),
    /// A text.
    Pasted,
}

/// An experiment with its problem, or the reason why it cannot be opened.
pub(crate) type Opened = Result<(Experiment, Arc<dyn Problem>), String>;

/// The experiment that is being opened, if there is one.
#[derive(Default)]
pub(crate) struct OpeningWork {
    pending: Option<(OpeningSource, Receiver<Opened>)>,
}

impl OpeningWork {
    /// Begins to open an experiment, which `read` reads, in place of one that is being opened. Returns it if that takes a moment
    /// only, or if nothing is done on threads.
    pub(crate) fn begin(
        &mut self,
        source: OpeningSource,
        background: &Background,
        read: impl FnOnce() -> Result<Experiment, String> + Send + 'static,
    ) -> Option<(OpeningSource, Opened)> {
        self.cancel();
        let open = move || {
            let experiment = read()?;
            let problem = experiment.problem.build();
            Ok((experiment, problem))
        };
        if background.executor.is_cooperative() {
            return Some((source, open()));
        }
        let (sender, receiver) = bounded(1);
        let wake = background.wake();
        let work = move || {
            let opened = open();
            // the window may have given it up
            let _given_up = sender.send(opened);
            wake();
        };
        let thread = std::thread::Builder::new().name("opening".to_owned());
        if let Err(error) = thread.spawn(work) {
            return Some((source, Err(error.to_string())));
        }
        match receiver.recv_timeout(MOMENT) {
            Ok(opened) => Some((source, opened)),
            Err(RecvTimeoutError::Timeout) => {
                self.pending = Some((source, receiver));
                None
            }
            Err(RecvTimeoutError::Disconnected) => Some((source, Err(gave_up()))),
        }
    }

    /// The experiment that was being opened, once it is there.
    pub(crate) fn receive(&mut self) -> Option<(OpeningSource, Opened)> {
        let (_, receiver) = self.pending.as_ref()?;
        let opened = match receiver.try_recv() {
            Ok(opened) => opened,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Err(gave_up()),
        };
        let (source, _) = self.pending.take()?;
        Some((source, opened))
    }

    /// The source of the experiment that is being opened.
    pub(crate) fn pending(&self) -> Option<&OpeningSource> {
        self.pending.as_ref().map(|(source, _)| source)
    }

    /// Gives up the experiment that is being opened; its thread ends by itself.
    pub(crate) fn cancel(&mut self) {
        self.pending = None;
    }
}

/// The error of a thread that ended without a result.
fn gave_up() -> String {
    messages::status::opening_failed().to_owned()
}

#[cfg(test)]
mod tests {
    use bilevel::run::Executor;
    use rstest::rstest;

    use super::*;

    fn threaded() -> Background {
        Background::new(Executor::new(1), Duration::ZERO, || ())
    }

    fn experiment() -> Result<Experiment, String> {
        crate::embedded::open("welcome").map_err(|error| error.to_string())
    }

    #[rstest]
    fn what_takes_long_is_received_later_or_given_up() {
        let mut work = OpeningWork::default();
        for is_cancelled in [false, true] {
            let (go, wait) = bounded::<()>(1);
            let read = move || {
                wait.recv().map_err(|error| error.to_string())?;
                experiment()
            };
            let source = OpeningSource::Named("slow.toml".to_owned());
            assert!(work.begin(source.clone(), &threaded(), read).is_none());
            assert_eq!(work.pending(), Some(&source));
            assert!(work.receive().is_none());
            if is_cancelled {
                work.cancel();
            }
            go.send(()).expect("it waits");
            if is_cancelled {
                assert_eq!(work.pending(), None);
                assert!(work.receive().is_none());
                continue;
            }
            let (from, opened) = loop {
                if let Some(received) = work.receive() {
                    break received;
                }
                std::thread::yield_now();
            };
            assert_eq!(from, source);
            assert_eq!(
                opened.expect("opened").0.title,
                experiment().expect("a preset").title
            );
        }
    }

    #[rstest]
    fn errors_and_panics_become_sentences() {
        let mut work = OpeningWork::default();
        let refused = work.begin(OpeningSource::Pasted, &threaded(), || Err("no".to_owned()));
        let mut received = refused;
        while received.is_none() {
            received = work.receive();
        }
        let (_, opened) = received.expect("received");
        assert_eq!(opened.err(), Some("no".to_owned()));
        let mut received = work.begin(OpeningSource::Pasted, &threaded(), || panic!("of a reader"));
        while received.is_none() {
            received = work.receive();
        }
        let (_, opened) = received.expect("received");
        assert_eq!(opened.err(), Some(gave_up()));
    }
}
