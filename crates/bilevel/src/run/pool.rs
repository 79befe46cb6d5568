//! Workers that give runs their slices in turn.
//!
//! Runs wait in one queue; a worker takes the first, advances it by a slice, sends what was recorded and puts it back at
//! the end. So methods race side by side on any number of workers. A run that has come to its limit is parked until the
//! limit moves; when all are parked or done, every worker sleeps. A run whose code panics fails alone.

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

/// The most batches under way; a worker that meets a full channel goes on collecting.
const BATCHES: usize = 256;
/// The most runs that a pool holds at once; a queue for fewer could fill up and block the workers.
pub const RUNS: usize = 65_536;
/// How long a worker whose run has nothing left to do waits for room in a full channel.
const PATIENCE: Duration = Duration::from_millis(10);

/// Names a run of a pool; never used again for another.
pub type RunId = u64;

/// Where a run ended.
#[derive(Clone, Debug)]
pub struct Last {
    /// The last point.
    pub point: Point,
    /// The last direction of level 1, the method's own; NaN for a method that follows none.
    pub direction: Vec<f64>,
    /// How far a steady direction of length 1 moves level 1 in an iteration.
    pub stride: f64,
    /// The last blocks of level 1, oldest first, as [`Run::recent`] gives them.
    pub recent: Vec<f64>,
}

/// What a run recorded in one or more slices, and where it stands.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Whose it is.
    pub run: RunId,
    /// The new rows.
    pub rows: TraceRows,
    /// Where the run stands after them.
    pub status: Status,
    /// The iterations done.
    pub iteration: u64,
    /// The calls so far.
    pub counts: Counts,
    /// The method's own time so far, in seconds.
    pub time: f64,
    /// Where it ended, once it has.
    pub end: Option<Last>,
}

/// A run on its way through the queue.
#[derive(Debug)]
struct Task {
    id: RunId,
    run: Run,
    token: WorkToken,
    limit: Arc<AtomicU64>,
    /// What the full channel has not taken yet.
    pending: TraceRows,
}

/// What the pool's owner keeps of a run.
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
    /// Closing this channel is the sign to end.
    quit: Option<Sender<()>>,
    handles: Vec<Handle>,
    workers: Vec<JoinHandle<()>>,
    next_id: RunId,
}

/// The worker's ends of the channels.
#[derive(Clone)]
struct WorkerChannels {
    ready: Receiver<Box<Task>>,
    again: Sender<Box<Task>>,
    parked: Sender<Box<Task>>,
    batches: Sender<Batch>,
    quit: Receiver<()>,
}

impl Pool {
    /// Starts `workers` threads. `wake` is called whenever there is something to receive.
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

    /// As many workers as the machine has cores, and at least two.
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

    /// Stops a run soon; nothing more comes of it.
    pub fn stop(&mut self, id: RunId) {
        if let Some(place) = self.handles.iter().position(|handle| handle.id == id) {
            self.handles.swap_remove(place).token.cancel();
        }
        self.collect_parked();
    }

    /// Lets every run move up to iteration `limit`, and no further until told so.
    pub fn set_limit(&mut self, limit: u64) {
        for handle in &self.handles {
            handle.limit.store(limit, Ordering::Relaxed);
        }
        self.collect_parked();
    }

    /// The next batch, if one has come. Also sends parked runs on whose limit has moved.
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

    /// Waits for the next batch, but no longer than `patience`; `None` if none has come.
    pub fn receive_within(&mut self, patience: Duration) -> Option<Batch> {
        let batch = self.batches.recv_timeout(patience).ok()?;
        self.forget_ended(&batch);
        Some(batch)
    }

    /// How many runs have not ended.
    pub fn active(&self) -> usize {
        self.handles.len()
    }

    fn forget_ended(&mut self, batch: &Batch) {
        if !batch.status.is_running() {
            self.handles.retain(|handle| handle.id != batch.run);
        }
    }

    /// Puts parked runs whose limit has moved back into the queue, and drops those that were stopped.
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
            // a worker that panicked has nothing more to say
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

    /// Tries to hand over what is pending; true once there is nothing left to hand over.
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

/// A worker's life.
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

/// What a panic said.
fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no reason given".to_owned())
}
