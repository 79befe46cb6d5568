//! Background work in steps, on threads or in the thread of the caller.
//!
//! A task is a function that does one step and says whether there is more to do. On threads, a task has a thread of its
//! own with its name, which ends with the task: where nothing is to be done, there is no thread. Without threads, tasks
//! wait in a queue and take turns, step by step, whenever the owner of the executor calls [`Executor::advance`]: in a
//! browser, or in a test whose order must be the same each time.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// One step of a task; true if there is more to do.
type Task = Box<dyn FnMut() -> bool + Send>;

/// The way in which background work is done. Clones share one queue.
#[derive(Clone)]
pub struct Executor {
    /// The number of steps of one kind at a time; 0 without threads.
    threads: usize,
    queue: Arc<Mutex<VecDeque<Task>>>,
}

impl std::fmt::Debug for Executor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Executor")
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

impl Executor {
    /// Work on threads, of which at most `threads` advance runs; 0 is work in the caller's thread.
    pub fn new(threads: usize) -> Self {
        Self {
            threads,
            queue: Arc::default(),
        }
    }

    /// Work on as many threads as the machine has cores, and at least two.
    pub fn on_all_cores() -> Self {
        Self::new(Self::default_threads())
    }

    /// The default number of threads: as many as the machine has cores, and at least two.
    pub fn default_threads() -> usize {
        std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2))
    }

    /// Work in the thread that calls [`Executor::advance`].
    pub fn cooperative() -> Self {
        Self::new(0)
    }

    /// True if there are no threads.
    pub fn is_cooperative(&self) -> bool {
        self.threads == 0
    }

    /// The number of runs that advance at the same time.
    pub fn parallelism(&self) -> usize {
        self.threads.max(1)
    }

    /// Starts a task. If the system has no thread left, the task is done as without threads.
    pub fn spawn(&self, name: &str, step: impl FnMut() -> bool + Send + 'static) {
        let task: Task = Box::new(step);
        if self.is_cooperative() {
            self.queue().push_back(task);
            return;
        }
        // a thread that cannot be started drops its closure, so the task is shared until then
        let shared = Arc::new(Mutex::new(Some(task)));
        let in_thread = Arc::clone(&shared);
        let started = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let task = in_thread
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .take();
                if let Some(mut task) = task {
                    while task() {}
                }
            });
        if started.is_err() {
            let task = shared.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.queue().extend(task);
        }
    }

    /// Does steps in turn until the deadline, at least one if there is any; true if some are left.
    pub fn advance(&self, deadline: Instant) -> bool {
        while self.step() {
            if deadline <= Instant::now() {
                return true;
            }
        }
        false
    }

    /// Does one step of the task that has waited longest; false if none waits. A task that panics ends.
    pub fn step(&self) -> bool {
        let Some(mut task) = self.queue().pop_front() else {
            return false;
        };
        if catch_unwind(AssertUnwindSafe(&mut task)).unwrap_or(false) {
            self.queue().push_back(task);
        }
        true
    }

    /// True if no task waits for its turn in the caller's thread.
    pub fn is_idle(&self) -> bool {
        self.queue().is_empty()
    }

    /// A thread pool for loops that share their work, which lasts as long as the work does; `None` without threads.
    pub fn thread_pool(&self, name: &'static str) -> Option<rayon::ThreadPool> {
        if self.is_cooperative() {
            return None;
        }
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .thread_name(move |number| format!("{name} {number}"))
            .build()
            .ok()
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, VecDeque<Task>> {
        // a task is not in the queue while it runs, so a panic leaves the queue whole
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn countdown(
        from: usize,
        log: &Arc<Mutex<Vec<usize>>>,
    ) -> impl FnMut() -> bool + Send + 'static {
        let (mut left, log) = (from, Arc::clone(log));
        move || {
            log.lock().expect("no step panics").push(left);
            left -= 1;
            left > 0
        }
    }

    #[test]
    fn without_threads_tasks_take_turns_when_they_are_called() {
        let executor = Executor::cooperative();
        let log = Arc::default();
        executor.spawn("a", countdown(3, &log));
        executor.spawn("b", countdown(20, &log));
        assert!(log.lock().expect("no step panics").is_empty());
        for _ in 0..5 {
            assert!(executor.step());
        }
        assert_eq!(*log.lock().expect("no step panics"), [3, 20, 2, 19, 1]);
        assert!(!executor.advance(Instant::now() + Duration::from_mins(1)));
        assert!(executor.is_idle() && !executor.step());
    }

    #[test]
    fn a_deadline_that_has_passed_still_allows_one_step() {
        let executor = Executor::cooperative();
        let log = Arc::default();
        executor.spawn("a", countdown(3, &log));
        assert!(executor.advance(Instant::now()));
        assert_eq!(*log.lock().expect("no step panics"), [3]);
    }

    #[test]
    fn a_step_that_panics_ends_its_task_alone() {
        let executor = Executor::cooperative();
        let log = Arc::default();
        executor.spawn("a", || panic!("a fault"));
        executor.spawn("b", countdown(2, &log));
        while executor.step() {}
        assert_eq!(*log.lock().expect("no step panics"), [2, 1]);
    }

    #[test]
    fn threads_have_the_names_of_their_tasks_and_end_with_them() {
        let executor = Executor::new(2);
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let left = Arc::new(AtomicUsize::new(3));
        let count = Arc::clone(&left);
        executor.spawn("counting", move || {
            let name = std::thread::current().name().map(str::to_owned);
            let is_last = count.fetch_sub(1, Ordering::Relaxed) == 1;
            if is_last {
                sender.send(name).expect("the test waits");
            }
            !is_last
        });
        assert_eq!(
            receiver.recv().expect("one answer"),
            Some("counting".to_owned())
        );
        assert!(
            receiver.recv().is_err(),
            "the task is dropped with its thread"
        );
        assert_eq!(left.load(Ordering::Relaxed), 0);
    }
}
