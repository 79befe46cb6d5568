//! A background worker: processes jobs in order for a window that must not block.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::run::Executor;

/// The most waiting jobs, and the number of results beyond which the next part of a job waits.
const ROOM: usize = 64;
/// The time between two looks of a thread for room.
const PATIENCE: Duration = Duration::from_millis(10);

/// Does the next part of a job and hands over its results; returns the rest of the job, if there is one. Others have
/// their turn between two parts.
type Work<Job, Done> = Box<dyn FnMut(Job, &mut dyn FnMut(Done)) -> Option<Job> + Send>;

/// Turns jobs into results, one after another. Dropping it discards waiting jobs; the owner cancels the token of the one
/// that is being done.
pub struct Worker<Job, Done> {
    name: &'static str,
    executor: Executor,
    shared: Arc<Mutex<JobQueue<Job, Done>>>,
}

struct JobQueue<Job, Done> {
    jobs: VecDeque<Job>,
    /// Absent while a job is being done.
    work: Option<Work<Job, Done>>,
    /// Results that were not received yet.
    results: VecDeque<Done>,
    wake: Arc<dyn Fn() + Send + Sync>,
    /// True from the first job until none is left.
    is_at_work: bool,
    /// True once the worker is dropped.
    is_closed: bool,
}

impl<Job: Send + 'static, Done: Send + 'static> Worker<Job, Done> {
    /// A worker that does each job in one part. `wake` is called after each result.
    pub fn new(
        executor: &Executor,
        name: &'static str,
        mut work: impl FnMut(Job, &mut dyn FnMut(Done)) + Send + 'static,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let whole = move |job: Job, hand_over: &mut dyn FnMut(Done)| {
            work(job, hand_over);
            None
        };
        Self::in_parts(executor, name, whole, wake)
    }

    /// A worker that does a part of a job at a time; `work` returns the rest.
    pub fn in_parts(
        executor: &Executor,
        name: &'static str,
        work: impl FnMut(Job, &mut dyn FnMut(Done)) -> Option<Job> + Send + 'static,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let shared = JobQueue {
            jobs: VecDeque::new(),
            work: Some(Box::new(work)),
            results: VecDeque::new(),
            wake: Arc::new(wake),
            is_at_work: false,
            is_closed: false,
        };
        Self {
            name,
            executor: executor.clone(),
            shared: Arc::new(Mutex::new(shared)),
        }
    }

    /// Submits a job; false if the queue is full.
    pub fn submit(&self, job: Job) -> bool {
        let mut shared = locked(&self.shared);
        if shared.jobs.len() >= ROOM {
            return false;
        }
        shared.jobs.push_back(job);
        if !std::mem::replace(&mut shared.is_at_work, true) {
            drop(shared);
            let shared = Arc::clone(&self.shared);
            let patience = if self.executor.is_cooperative() {
                Duration::ZERO
            } else {
                PATIENCE
            };
            self.executor
                .spawn(self.name, move || do_next(&shared, patience));
        }
        true
    }

    /// Discards the waiting jobs that are not `meant` any more; returns their number.
    pub fn retain(&self, meant: impl FnMut(&Job) -> bool) -> usize {
        let jobs = &mut locked(&self.shared).jobs;
        let before = jobs.len();
        jobs.retain(meant);
        before - jobs.len()
    }

    /// Returns the next result, if there is one.
    pub fn try_receive(&self) -> Option<Done> {
        locked(&self.shared).results.pop_front()
    }
}

/// Does the next part of the first job, if there is room for its results; true if anything is left to do.
fn do_next<Job, Done>(shared: &Mutex<JobQueue<Job, Done>>, patience: Duration) -> bool {
    let mut inside = locked(shared);
    if inside.results.len() >= ROOM && !inside.is_closed {
        drop(inside);
        std::thread::sleep(patience);
        return true;
    }
    let Some(job) = inside.jobs.pop_front() else {
        inside.is_at_work = false;
        return false;
    };
    let Some(mut work) = inside.work.take() else {
        return false;
    };
    let wake = Arc::clone(&inside.wake);
    drop(inside);
    let mut hand_over = |result| {
        locked(shared).results.push_back(result);
        wake();
    };
    let rest = work(job, &mut hand_over);
    let mut inside = locked(shared);
    inside.work = Some(work);
    if let Some(rest) = rest.filter(|_| !inside.is_closed) {
        inside.jobs.push_front(rest);
    }
    inside.is_at_work = !inside.jobs.is_empty();
    inside.is_at_work
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // no work is done under the lock
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<Job, Done> Drop for Worker<Job, Done> {
    fn drop(&mut self) {
        let mut inside = locked(&self.shared);
        inside.is_closed = true;
        inside.jobs.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_done_in_order_and_in_parts() {
        let executor = Executor::cooperative();
        let work = |job: u32, hand_over: &mut dyn FnMut(u32)| {
            hand_over(job);
            (!job.is_multiple_of(10)).then(|| job - 1)
        };
        let worker = Worker::in_parts(&executor, "digits", work, || {});
        assert!(worker.submit(12) && worker.submit(31));
        assert!(executor.step());
        assert_eq!(worker.try_receive(), Some(12));
        assert_eq!(worker.try_receive(), None);
        while executor.step() {}
        let rest: Vec<u32> = std::iter::from_fn(|| worker.try_receive()).collect();
        assert_eq!(rest, [11, 10, 31, 30]);
        assert!(worker.submit(20), "it begins again");
        while executor.step() {}
        assert_eq!(worker.try_receive(), Some(20));
    }

    #[test]
    fn no_part_begins_while_nobody_receives() {
        let executor = Executor::cooperative();
        let work = |job: usize, hand_over: &mut dyn FnMut(usize)| {
            hand_over(job);
            Some(job + 1)
        };
        let worker = Worker::in_parts(&executor, "numbers", work, || {});
        assert!(worker.submit(0));
        for _ in 0..2 * ROOM {
            assert!(executor.step());
        }
        for number in 0..ROOM {
            assert_eq!(worker.try_receive(), Some(number));
        }
        assert_eq!(worker.try_receive(), None);
        assert!(executor.step());
        assert_eq!(worker.try_receive(), Some(ROOM));
        drop(worker);
        while executor.step() {}
    }

    #[test]
    fn a_full_queue_takes_no_job_and_a_dropped_worker_does_none() {
        let executor = Executor::cooperative();
        let done = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = Arc::clone(&done);
        let work = move |(): (), _: &mut dyn FnMut(())| {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        };
        let worker = Worker::new(&executor, "nothing", work, || {});
        for _ in 0..ROOM {
            assert!(worker.submit(()));
        }
        assert!(!worker.submit(()));
        drop(worker);
        while executor.step() {}
        assert_eq!(done.load(std::sync::atomic::Ordering::Relaxed), 0);
        assert_eq!(Arc::strong_count(&done), 1, "the work is dropped");
    }
}
