//! A pool that advances runs slice by slice, in turn.
//!
//! Runs wait in one queue; a task takes the first, advances it by a slice, sends the recorded rows and puts it back at the
//! end. So methods race side by side on any number of threads, or in the caller's thread. A run that has reached its
//! iteration limit is parked until the limit moves; when all runs are parked or done, nothing is at work. A panic in a run
//! fails that run alone.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, SendTimeoutError, Sender, bounded};

use super::executor::Executor;
use super::running::{Budget, Run};
use super::spec::RunSpec;
use super::status::Status;
use super::trace_rows::TraceRows;
use crate::messages;
use crate::numerics::{Point, WorkToken};
use crate::problem::Counts;

/// The most batches in transit; a task that finds the channel full keeps collecting rows.
const BATCHES: usize = 256;
/// The time for which a thread whose run has ended waits for room in a full channel.
const PATIENCE: Duration = Duration::from_millis(10);

/// The identifier of a run in a pool, never reused.
pub type RunId = u64;

/// The final state of a run.
#[derive(Clone, Debug)]
pub struct Last {
    /// The last point.
    pub point: Point,
    /// The method's last direction of level 1; NaN for a method without one.
    pub direction: Vec<f64>,
    /// The displacement of level 1 per iteration for a constant direction of length 1.
    pub stride: f64,
    /// The last blocks of level 1, oldest first, as [`Run::recent`] gives them.
    pub recent: Vec<f64>,
}

/// The rows that a run recorded in one or more slices, and its state after them.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The run.
    pub run: RunId,
    /// The new rows.
    pub rows: TraceRows,
    /// The status of the run after these rows.
    pub status: Status,
    /// The iterations done.
    pub iteration: u64,
    /// The oracle calls so far.
    pub counts: Counts,
    /// The method's own time so far, in seconds.
    pub time: f64,
    /// The final state, once the run has ended.
    pub end: Option<Last>,
}

/// A run in the queue.
#[derive(Debug)]
struct PooledRun {
    id: RunId,
    run: Run,
    token: WorkToken,
    limit: Arc<AtomicU64>,
    /// Rows that the full channel has not accepted yet.
    pending: TraceRows,
}

/// The pool owner's handle of a run.
#[derive(Debug)]
struct Handle {
    id: RunId,
    token: WorkToken,
    limit: Arc<AtomicU64>,
}

/// A set of runs that advance in the background. Dropping it cancels them.
#[derive(Debug)]
pub struct Pool {
    executor: Executor,
    shared: Arc<PoolState>,
    batches: Receiver<Batch>,
    handles: Vec<Handle>,
    next_id: RunId,
}

/// State that the pool shares with its tasks.
struct PoolState {
    queue: Mutex<Queue>,
    batches: Sender<Batch>,
    wake: Box<dyn Fn() + Send + Sync>,
    /// The time for which a task waits for room in the channel.
    patience: Duration,
    /// True once every run is to end at its next slice.
    is_interrupted: AtomicBool,
}

/// The runs that no task holds at the moment.
#[derive(Default)]
#[expect(
    clippy::vec_box,
    reason = "runs move from queue to queue; boxed ones move cheaply"
)]
struct Queue {
    ready: VecDeque<Box<PooledRun>>,
    parked: Vec<Box<PooledRun>>,
    /// The number of tasks, and of those that hold a run.
    tasks: usize,
    holding: usize,
}

impl std::fmt::Debug for PoolState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PoolState").finish_non_exhaustive()
    }
}

impl Pool {
    /// A pool without runs. `wake` is called whenever there is a batch to receive.
    pub fn new(executor: &Executor, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, batches) = bounded(BATCHES);
        let shared = PoolState {
            queue: Mutex::default(),
            batches: sender,
            wake: Box::new(wake),
            patience: if executor.is_cooperative() {
                Duration::ZERO
            } else {
                PATIENCE
            },
            is_interrupted: AtomicBool::new(false),
        };
        Self {
            executor: executor.clone(),
            shared: Arc::new(shared),
            batches,
            handles: Vec::new(),
            next_id: 0,
        }
    }

    /// Puts a new run at the end of the queue; it moves up to iteration `limit`.
    pub fn start(&mut self, spec: RunSpec, limit: u64) -> RunId {
        let run = self.pooled(spec, limit);
        let id = run.id;
        self.shared.queue().ready.push_back(run);
        self.begin();
        id
    }

    /// Puts new runs at the end of the queue, in their order. Before, unless `first_pass` is 0, the caller's thread
    /// advances them in turn for about that time, each by at least an iteration, so that their first batches can be
    /// received at once.
    pub fn start_all(
        &mut self,
        specs: impl IntoIterator<Item = RunSpec>,
        limit: u64,
        first_pass: Duration,
    ) -> Vec<RunId> {
        let deadline = Instant::now() + first_pass;
        let mut runs: Vec<_> = specs
            .into_iter()
            .map(|spec| self.pooled(spec, limit))
            .collect();
        let ids = runs.iter().map(|run| run.id).collect();
        let mut is_first = true;
        while !first_pass.is_zero() && runs.iter().any(|run| run.may_move()) {
            for run in &mut runs {
                if run.may_move() && (is_first || Instant::now() < deadline) {
                    run.advance(false);
                }
            }
            is_first = false;
            if Instant::now() >= deadline {
                break;
            }
        }
        runs.retain_mut(|run| {
            let is_delivered = run.deliver(&self.shared.batches, Duration::ZERO);
            !is_delivered || run.run.status().is_running()
        });
        self.shared.queue().ready.extend(runs);
        self.begin();
        ids
    }

    /// A new run with its handle.
    fn pooled(&mut self, spec: RunSpec, limit: u64) -> Box<PooledRun> {
        let id = self.next_id;
        self.next_id += 1;
        let token = WorkToken::default();
        let limit = Arc::new(AtomicU64::new(limit));
        self.handles.push(Handle {
            id,
            token: token.clone(),
            limit: Arc::clone(&limit),
        });
        Box::new(PooledRun {
            id,
            run: Run::new(spec, token.clone()),
            token,
            limit,
            pending: TraceRows::default(),
        })
    }

    /// Cancels a run; no further batches of it arrive.
    pub fn stop(&mut self, id: RunId) {
        if let Some(place) = self.handles.iter().position(|handle| handle.id == id) {
            self.handles.swap_remove(place).token.cancel();
        }
        self.collect_parked();
    }

    /// Ends every run at its next slice with the status [`Status::Stopped`]; the batches of their ends arrive as usual.
    pub fn interrupt(&mut self) {
        self.shared.is_interrupted.store(true, Ordering::Relaxed);
        // parked runs end, too
        self.set_limit(u64::MAX);
    }

    /// Sets the iteration limit of every run.
    pub fn set_limit(&mut self, limit: u64) {
        for handle in &self.handles {
            handle.limit.store(limit, Ordering::Relaxed);
        }
        self.collect_parked();
    }

    /// Sets the iteration limit of a run.
    pub fn set_limit_of(&mut self, id: RunId, limit: u64) {
        if let Some(handle) = self.handles.iter().find(|handle| handle.id == id) {
            handle.limit.store(limit, Ordering::Relaxed);
        }
        self.collect_parked();
    }

    /// Returns the next batch, if one has arrived. Also requeues parked runs whose limit has moved.
    pub fn try_receive(&mut self) -> Option<Batch> {
        self.collect_parked();
        let batch = self.batches.try_recv().ok()?;
        self.forget_ended(&batch);
        Some(batch)
    }

    /// Waits for the next batch; `None` once no run is left.
    pub fn receive(&mut self) -> Option<Batch> {
        if self.handles.is_empty() {
            return None;
        }
        let batch = self.next_batch(None)?;
        self.forget_ended(&batch);
        Some(batch)
    }

    /// Waits for the next batch for at most `patience`; `None` if none has arrived.
    pub fn receive_within(&mut self, patience: Duration) -> Option<Batch> {
        let batch = self.next_batch(Some(Instant::now() + patience))?;
        self.forget_ended(&batch);
        Some(batch)
    }

    /// Waits for the next batch, and works itself for it where no threads do.
    fn next_batch(&self, deadline: Option<Instant>) -> Option<Batch> {
        loop {
            if let Ok(batch) = self.batches.try_recv() {
                return Some(batch);
            }
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                return None;
            }
            if self.executor.step() {
                continue;
            }
            return match deadline {
                Some(deadline) => self.batches.recv_deadline(deadline).ok(),
                None => self.batches.recv().ok(),
            };
        }
    }

    /// The number of runs that have not ended.
    pub fn active(&self) -> usize {
        self.handles.len()
    }

    fn forget_ended(&mut self, batch: &Batch) {
        if !batch.status.is_running() {
            self.handles.retain(|handle| handle.id != batch.run);
        }
    }

    /// Requeues parked runs whose limit has moved, and drops those that were stopped.
    fn collect_parked(&self) {
        let mut queue = self.shared.queue();
        let (movable, parked): (Vec<_>, _) = std::mem::take(&mut queue.parked)
            .into_iter()
            .filter(|task| !task.token.is_cancelled())
            .partition(|task| task.may_move());
        queue.parked = parked;
        queue.ready.extend(movable);
        drop(queue);
        self.begin();
    }

    /// Starts tasks for the runs that are ready, as many as may advance at the same time.
    fn begin(&self) {
        loop {
            let mut queue = self.shared.queue();
            let free = queue.tasks - queue.holding;
            if queue.ready.len() <= free || self.executor.parallelism() <= queue.tasks {
                return;
            }
            let number = queue.tasks;
            queue.tasks += 1;
            drop(queue);
            let shared = Arc::clone(&self.shared);
            self.executor
                .spawn(&format!("run {number}"), move || shared.advance_next());
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for handle in &self.handles {
            handle.token.cancel();
        }
        let mut queue = self.shared.queue();
        queue.ready.clear();
        queue.parked.clear();
    }
}

impl PoolState {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // nothing is computed under the lock
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Advances the first run by a slice; false if none is ready.
    fn advance_next(&self) -> bool {
        let mut queue = self.queue();
        let Some(mut task) = queue.ready.pop_front() else {
            queue.tasks -= 1;
            return false;
        };
        queue.holding += 1;
        drop(queue);
        let next = self.advance_one(&mut task);
        let mut queue = self.queue();
        queue.holding -= 1;
        match next {
            NextQueue::Ready => queue.ready.push_back(task),
            NextQueue::Parked => queue.parked.push(task),
            NextQueue::Done => {}
        }
        drop(queue);
        // the owner may move a run's limit once it is back in its place
        (self.wake)();
        true
    }

    /// Advances a run by a slice; returns its next queue.
    fn advance_one(&self, task: &mut PooledRun) -> NextQueue {
        if !task.token.is_cancelled() {
            task.advance(self.is_interrupted.load(Ordering::Relaxed));
        }
        if task.token.is_cancelled() {
            return NextQueue::Done;
        }
        let is_delivered = task.deliver(&self.batches, self.patience);
        if !is_delivered || task.may_move() {
            NextQueue::Ready
        } else if task.run.status().is_running() {
            NextQueue::Parked
        } else {
            NextQueue::Done
        }
    }
}

/// The queue of a run after a slice.
enum NextQueue {
    Ready,
    Parked,
    /// It has ended.
    Done,
}

impl PooledRun {
    fn may_move(&self) -> bool {
        self.run.status().is_running() && self.run.iteration() < self.limit.load(Ordering::Relaxed)
    }

    /// Advances the run by a slice, or ends it.
    fn advance(&mut self, is_interrupted: bool) {
        let budget = Budget::SliceUntil(self.limit.load(Ordering::Relaxed));
        let rows = catch_unwind(AssertUnwindSafe(|| {
            if is_interrupted {
                self.run.interrupt()
            } else {
                self.run.advance(budget)
            }
        }));
        match rows {
            Ok(rows) => self.pending.append(rows),
            Err(payload) => self.run.fail(&panic_message(&*payload)),
        }
    }

    /// Tries to send the pending rows; true once nothing is left to send.
    fn deliver(&mut self, batches: &Sender<Batch>, patience: Duration) -> bool {
        let is_running = self.run.status().is_running();
        if self.pending.is_empty() && is_running {
            return true;
        }
        let batch = Batch {
            run: self.id,
            rows: std::mem::take(&mut self.pending),
            status: self.run.status().clone(),
            iteration: self.run.iteration(),
            counts: *self.run.counts(),
            time: self.run.time().as_secs_f64(),
            end: (!is_running).then(|| Last {
                point: self.run.point().clone(),
                direction: self.run.direction().to_vec(),
                stride: self.run.stride(),
                recent: self.run.recent().to_vec(),
            }),
        };
        let patience = if self.may_move() {
            Duration::ZERO
        } else {
            patience
        };
        match batches.send_timeout(batch, patience) {
            Ok(()) => true,
            Err(SendTimeoutError::Timeout(batch) | SendTimeoutError::Disconnected(batch)) => {
                self.pending = batch.rows;
                false
            }
        }
    }
}

/// The message of a panic.
fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| messages::run::no_reason_given().to_owned())
}
