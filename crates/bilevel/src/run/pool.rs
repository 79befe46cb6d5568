//! A pool of worker threads that advance runs slice by slice, in turn.
//!
//! Runs wait in one queue; a worker takes the first, advances it by a slice, sends the recorded rows and puts it back
//! at the end. So methods race side by side on any number of workers. A run that has reached its iteration limit is
//! parked until the limit moves; when all runs are parked or done, every worker sleeps. A panic in a run fails that run
//! alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, SendTimeoutError, Sender, bounded, select};

use super::running::{Budget, Run};
use super::spec::RunSpec;
use super::status::Status;
use super::trace::TraceRows;
use crate::numerics::{Point, WorkToken};
use crate::problem::Counts;

/// The most batches in transit; a worker that finds the channel full keeps collecting rows.
const BATCHES: usize = 256;
/// The most runs in a pool; a shorter queue could fill up and block the workers.
pub const RUNS: usize = 65_536;
/// The time for which a worker whose run has ended waits for room in a full channel.
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
struct Task {
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

/// A set of workers and the runs that they advance. Dropping it stops all work and waits for the workers to end.
#[derive(Debug)]
pub struct Pool {
    ready: Sender<Box<Task>>,
    just_parked: Receiver<Box<Task>>,
    #[expect(
        clippy::vec_box,
        reason = "tasks move from queue to queue; boxed ones move cheaply"
    )]
    parked: Vec<Box<Task>>,
    batches: Receiver<Batch>,
    /// Closing this channel tells the workers to end.
    quit: Option<Sender<()>>,
    handles: Vec<Handle>,
    workers: Vec<JoinHandle<()>>,
    next_id: RunId,
}

/// The workers' ends of the channels.
#[derive(Clone)]
struct WorkerChannels {
    ready: Receiver<Box<Task>>,
    again: Sender<Box<Task>>,
    parked: Sender<Box<Task>>,
    batches: Sender<Batch>,
    quit: Receiver<()>,
}

impl Pool {
    /// Starts `workers` threads. `wake` is called whenever there is a batch to receive.
    pub fn new(workers: usize, wake: impl Fn() + Clone + Send + 'static) -> std::io::Result<Self> {
        let (ready_in, ready) = bounded(RUNS);
        let (parked_in, just_parked) = bounded(RUNS);
        let (batches_in, batches) = bounded(BATCHES);
        let (quit_in, quit) = bounded(0);
        let mut pool = Self {
            ready: ready_in.clone(),
            just_parked,
            parked: Vec::new(),
            batches,
            quit: Some(quit_in),
            handles: Vec::new(),
            workers: Vec::new(),
            next_id: 0,
        };
        let ends = WorkerChannels {
            ready,
            again: ready_in,
            parked: parked_in,
            batches: batches_in,
            quit,
        };
        for number in 0..workers.max(1) {
            let (ends, wake) = (ends.clone(), wake.clone());
            let worker = std::thread::Builder::new()
                .name(format!("run worker {number}"))
                .spawn(move || work(&ends, &wake))?;
            pool.workers.push(worker);
        }
        Ok(pool)
    }

    /// The default number of workers: as many as the machine has cores, and at least two.
    pub fn default_workers() -> usize {
        std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2))
    }

    /// Puts a new run at the end of the queue; it moves up to iteration `limit`.
    pub fn start(&mut self, spec: RunSpec, limit: u64) -> RunId {
        let id = self.next_id;
        self.next_id += 1;
        let token = WorkToken::default();
        let limit = Arc::new(AtomicU64::new(limit));
        self.handles.push(Handle {
            id,
            token: token.clone(),
            limit: Arc::clone(&limit),
        });
        let task = Box::new(Task {
            id,
            run: Run::new(spec, token.clone()),
            token,
            limit,
            pending: TraceRows::default(),
        });
        self.queue(task);
        id
    }

    /// Cancels a run; no further batches of it arrive.
    pub fn stop(&mut self, id: RunId) {
        if let Some(place) = self.handles.iter().position(|handle| handle.id == id) {
            self.handles.swap_remove(place).token.cancel();
        }
        self.collect_parked();
    }

    /// Sets the iteration limit of every run.
    pub fn set_limit(&mut self, limit: u64) {
        for handle in &self.handles {
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
        let batch = self.batches.recv().ok()?;
        self.forget_ended(&batch);
        Some(batch)
    }

    /// Waits for the next batch for at most `patience`; `None` if none has arrived.
    pub fn receive_within(&mut self, patience: Duration) -> Option<Batch> {
        let batch = self.batches.recv_timeout(patience).ok()?;
        self.forget_ended(&batch);
        Some(batch)
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
    fn collect_parked(&mut self) {
        self.parked.extend(self.just_parked.try_iter());
        let (movable, parked): (Vec<Box<Task>>, _) = std::mem::take(&mut self.parked)
            .into_iter()
            .filter(|task| !task.token.is_cancelled())
            .partition(|task| task.may_move());
        self.parked = parked;
        for task in movable {
            self.queue(task);
        }
    }

    fn queue(&self, task: Box<Task>) {
        // the channel cannot be closed: the pool holds both ends of it
        let _sent = self.ready.send(task);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for handle in &self.handles {
            handle.token.cancel();
        }
        self.quit = None;
        for worker in self.workers.drain(..) {
            // a worker that panicked has nothing more to report
            let _ended = worker.join();
        }
    }
}

impl Task {
    fn may_move(&self) -> bool {
        self.run.status().is_running() && self.run.iteration() < self.limit.load(Ordering::Relaxed)
    }

    fn advance(&mut self) {
        let budget = Budget::SliceUntil(self.limit.load(Ordering::Relaxed));
        match catch_unwind(AssertUnwindSafe(|| self.run.advance(budget))) {
            Ok(rows) => self.pending.append(rows),
            Err(payload) => self.run.fail(&panic_message(&*payload)),
        }
    }

    /// Tries to send the pending rows; true once nothing is left to send.
    fn deliver(&mut self, batches: &Sender<Batch>) -> bool {
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
            PATIENCE
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

/// Main loop of a worker thread.
fn work(ends: &WorkerChannels, wake: &impl Fn()) {
    loop {
        let mut task = select! {
            recv(ends.quit) -> _ => return,
            recv(ends.ready) -> task => match task {
                Ok(task) => task,
                Err(_) => return,
            },
        };
        if task.token.is_cancelled() {
            continue;
        }
        task.advance();
        if task.token.is_cancelled() {
            continue;
        }
        let is_delivered = task.deliver(&ends.batches);
        // neither queue can be full, since each holds every run
        if !is_delivered || task.may_move() {
            let _sent = ends.again.send(task);
        } else if task.run.status().is_running() {
            let _sent = ends.parked.send(task);
        }
        wake();
    }
}

/// The message of a panic.
fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no reason given".to_owned())
}
