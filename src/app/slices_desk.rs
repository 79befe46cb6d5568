//! The slices of all levels, made in the background. A coarse picture is finished even if something newer is wanted, so that
//! there is always one while the playhead moves; a fine one is not.

use std::sync::Arc;

use crate::figure::{Curves, RunTag};
use crate::problem::{Point, Problem, WorkToken};
use crate::study::{self, Cut, Desk, Unfinished};

/// Samples of each curve, coarse first.
const SAMPLES: [usize; 2] = [41, 161];

/// What slices are made of.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) problem: Arc<dyn Problem>,
    /// The point whose block of level 1 is answered to.
    pub(super) at: Point,
    pub(super) cuts: Vec<Cut>,
    /// The points that are compared with the answers to their own leader.
    pub(super) runs: Vec<(RunTag, Point)>,
}

impl Request {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.problem, &other.problem)
            && self.at[1] == other.at[1]
            && self.cuts == other.cuts
            && self.runs == other.runs
    }

    /// Whether curves made for one can stand for the other until its own are there.
    fn is_alike(&self, other: &Self) -> bool {
        let alongs =
            |request: &Self| -> Vec<_> { request.cuts.iter().map(|cut| cut.along).collect() };
        Arc::ptr_eq(&self.problem, &other.problem) && alongs(self) == alongs(other)
    }
}

/// What came of a request.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The curves of each level, level 1 first; none where there is no true answer.
    pub(super) curves: Vec<Curves>,
    /// What each run has left unfinished.
    pub(super) unfinished: Vec<(RunTag, Unfinished)>,
}

struct Job {
    number: u64,
    request: Request,
    token: WorkToken,
}

/// A thread that makes slices. Dropping it stops the work and waits for the thread to end.
pub(super) struct SlicesDesk {
    desk: Desk<Job, (u64, Answer)>,
    token: WorkToken,
    wanted: Option<Request>,
    /// How many requests there were.
    number: u64,
    /// How many answers to the newest request have come.
    received: usize,
    /// Whether what was asked for last is still to be handed in.
    is_behind: bool,
}

impl SlicesDesk {
    /// `wake` is called whenever an answer is there.
    pub(super) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let work = |job: Job, hand_over: &mut dyn FnMut((u64, Answer))| {
            for samples in SAMPLES {
                let answer = make(&job.request, samples, &job.token);
                if job.token.is_cancelled() {
                    return;
                }
                hand_over((job.number, answer));
            }
        };
        Ok(Self {
            desk: Desk::new("slices desk", work, wake)?,
            token: WorkToken::default(),
            wanted: None,
            number: 0,
            received: 0,
            is_behind: false,
        })
    }

    /// Asks for slices, unless they are there or on their way; false if those that came before are of no use any more.
    pub(super) fn ask(&mut self, request: Request) -> bool {
        let wanted = self.wanted.as_ref();
        let is_alike = wanted.is_none_or(|wanted| wanted.is_alike(&request));
        self.is_behind = !wanted.is_some_and(|wanted| wanted.is_same(&request));
        let is_begun = wanted.is_some() && self.received == 0;
        if !self.is_behind || is_begun && is_alike {
            return true;
        }
        self.token.cancel();
        self.token = WorkToken::default();
        let job = Job {
            number: self.number + 1,
            request: request.clone(),
            token: self.token.clone(),
        };
        // a full inbox holds only cancelled jobs; the next frame asks again
        if self.desk.submit(job) {
            self.wanted = Some(request);
            self.number += 1;
            self.received = 0;
            self.is_behind = false;
        }
        is_alike
    }

    /// The newest answer that has come since the last call.
    pub(super) fn take(&mut self) -> Option<Answer> {
        let mut newest = None;
        while let Some((number, answer)) = self.desk.try_receive() {
            if number == self.number {
                newest = Some(answer);
                self.received += 1;
            }
        }
        newest
    }

    /// Whether the finest answer to the newest request has come.
    pub(super) fn is_settled(&self) -> bool {
        !self.is_behind && self.received == SAMPLES.len()
    }
}

impl Drop for SlicesDesk {
    fn drop(&mut self) {
        self.token.cancel();
    }
}

fn make(request: &Request, samples: usize, token: &WorkToken) -> Answer {
    let problem = &*request.problem;
    let unfinished = request.runs.iter().filter_map(|(tag, point)| {
        let unfinished = study::unfinished(problem, point, token)?;
        Some((*tag, unfinished))
    });
    let unfinished = unfinished.collect();
    let slices = study::slices(problem, &request.at, &request.cuts, samples, token);
    Answer {
        curves: slices
            .unwrap_or_default()
            .into_iter()
            .map(Curves::new)
            .collect(),
        unfinished,
    }
}
