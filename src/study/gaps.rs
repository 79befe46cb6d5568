//! The gap column of traces: at once for an export, or by a desk in the background for a window.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use rayon::prelude::*;

use crate::problem::{Point, Problem, WorkToken};
use crate::run::{RunId, Trace};
use crate::truth::Referee;

/// Fills what is missing of a trace's gap column, on all cores. A row's gap depends on that row alone.
pub fn fill_gaps(trace: &mut Trace, problem: &dyn Problem, token: &WorkToken) {
    let first = trace.gap.values().len();
    let rows = &*trace;
    let gaps: Vec<f64> = (first..trace.len())
        .into_par_iter()
        .map(|row| gap(problem, rows.point(row).as_ref(), token))
        .collect();
    trace.gap.extend(&gaps);
}

fn gap(problem: &dyn Problem, point: Option<&Point>, token: &WorkToken) -> f64 {
    point
        .and_then(|point| Referee::new(problem, token).gap(point))
        .unwrap_or(f64::NAN)
}

/// The most jobs that wait at the desk.
const JOBS: usize = 64;

/// Gaps of some rows of a run, in the rows' order.
#[derive(Clone, Debug)]
pub struct Gaps {
    /// Whose rows they are.
    pub run: RunId,
    /// The gaps; NaN where none was found.
    pub gaps: Vec<f64>,
}

struct Job {
    run: RunId,
    points: Vec<Option<Point>>,
}

/// A thread that finds the gaps of rows for a window. Dropping it stops the work and waits for the thread to end.
#[derive(Debug)]
pub struct GapDesk {
    jobs: Option<Sender<Job>>,
    done: Receiver<Gaps>,
    token: WorkToken,
    thread: Option<JoinHandle<()>>,
}

impl GapDesk {
    /// A desk for the runs of one problem. `wake` is called whenever gaps can be received.
    pub fn new(
        problem: Arc<dyn Problem>,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, inbox) = bounded::<Job>(JOBS);
        let (outbox, done) = bounded(JOBS + 1);
        let token = WorkToken::default();
        let desk_token = token.clone();
        let thread = std::thread::Builder::new()
            .name("gap desk".to_owned())
            .spawn(move || {
                for job in inbox {
                    let mut gaps = Vec::with_capacity(job.points.len());
                    for point in &job.points {
                        if desk_token.is_cancelled() {
                            return;
                        }
                        gaps.push(gap(&*problem, point.as_ref(), &desk_token));
                    }
                    // the outbox is larger than the inbox and is emptied before new jobs come, so this waits for nobody
                    if outbox.send(Gaps { run: job.run, gaps }).is_err() {
                        return;
                    }
                    wake();
                }
            })?;
        Ok(Self {
            jobs: Some(jobs),
            done,
            token,
            thread: Some(thread),
        })
    }

    /// Hands rows to the desk; false if it has no room just now. A row whose point was not kept has no gap.
    pub fn submit(&self, run: RunId, points: Vec<Option<Point>>) -> bool {
        let job = Job { run, points };
        self.jobs
            .as_ref()
            .is_some_and(|jobs| jobs.try_send(job).is_ok())
    }

    /// Gaps that have been found, if there are any.
    pub fn try_receive(&self) -> Option<Gaps> {
        self.done.try_recv().ok()
    }
}

impl Drop for GapDesk {
    fn drop(&mut self) {
        self.token.cancel();
        self.jobs = None;
        // room for what the thread may be about to send
        while self.done.try_recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            // a thread that panicked has nothing more to say
            let _ended = thread.join();
        }
    }
}
