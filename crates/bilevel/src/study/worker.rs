//! A background worker: one named thread that processes jobs for a window that must not block.

use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, never};

/// The most waiting jobs, and the most waiting results.
const ROOM: usize = 64;

/// A thread that turns jobs into results. Dropping it waits for the thread, so the owner must first cancel the tokens
/// of its jobs.
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
                    // the result is discarded if the worker has been dropped
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

    /// Submits a job; false if the queue is full.
    pub fn submit(&self, job: Job) -> bool {
        self.jobs
            .as_ref()
            .is_some_and(|jobs| jobs.try_send(job).is_ok())
    }

    /// Returns the next result, if one has arrived.
    pub fn try_receive(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }
}

impl<Job, Done> Drop for Worker<Job, Done> {
    fn drop(&mut self) {
        self.jobs = None;
        self.done = never();
        if let Some(thread) = self.thread.take() {
            // a thread that panicked has nothing more to report
            let _ended = thread.join();
        }
    }
}
