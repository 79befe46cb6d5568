//! A desk: one named thread that works off jobs in the background, for a window that must not wait.

use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, never};

/// The most jobs that wait, and the most results.
const ROOM: usize = 64;

/// A thread that turns jobs into results. Dropping it waits for the thread, so work must end soon once nobody wants it:
/// whoever drops a desk cancels the tokens of its jobs first.
#[derive(Debug)]
pub struct Worker<Job, Done> {
    jobs: Option<Sender<Job>>,
    done: Receiver<Done>,
    thread: Option<JoinHandle<()>>,
}

impl<Job: Send + 'static, Done: Send + 'static> Worker<Job, Done> {
    /// Starts the thread. `work` hands over its results one by one; `wake` is called after each.
    pub fn new(
        name: &str,
        mut work: impl FnMut(Job, &mut dyn FnMut(Done)) + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, inbox) = bounded::<Job>(ROOM);
        let (outbox, done) = bounded(ROOM);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let mut hand_over = |result| {
                    // with the desk gone, nobody wants the result
                    let _closed = outbox.send(result);
                    wake();
                };
                for job in inbox {
                    work(job, &mut hand_over);
                }
            })?;
        Ok(Self {
            jobs: Some(jobs),
            done,
            thread: Some(thread),
        })
    }

    /// Hands in a job; false if there is no room just now.
    pub fn submit(&self, job: Job) -> bool {
        self.jobs
            .as_ref()
            .is_some_and(|jobs| jobs.try_send(job).is_ok())
    }

    /// A result, if there is one.
    pub fn try_receive(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }
}

impl<Job, Done> Drop for Worker<Job, Done> {
    fn drop(&mut self) {
        self.jobs = None;
        self.done = never();
        if let Some(thread) = self.thread.take() {
            // a thread that panicked has nothing more to say
            let _ended = thread.join();
        }
    }
}
