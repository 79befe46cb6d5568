//! The ground of the landscape, made in the background: the newest request wins, and the last picture stays until then.

use std::sync::Arc;

use crate::figure::landscape::Ground;
use crate::problem::{Coordinate, Point, Problem, WorkToken};
use crate::study::{self, Desk};

/// Samples along each axis, coarse first.
const RESOLUTIONS: [usize; 2] = [48, 240];
/// Samples of the reaction curve and of the reduced objective.
const CURVE: usize = 512;

/// What a ground is made of.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) problem: Arc<dyn Problem>,
    pub(super) level: usize,
    pub(super) axes: [Coordinate; 2],
    pub(super) base: Point,
    pub(super) range: [[f64; 2]; 2],
}

impl Request {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.problem, &other.problem)
            && (self.level, self.axes, self.range) == (other.level, other.axes, other.range)
            && self.base_values() == other.base_values()
    }

    /// The coordinates that the picture holds: those on its axes do not matter.
    fn base_values(&self) -> Vec<f64> {
        let mut base = self.base.clone();
        for axis in self.axes {
            base[axis.level][axis.index] = 0.0;
        }
        base.values().to_vec()
    }
}

struct Job {
    number: u64,
    request: Request,
    token: WorkToken,
}

/// A thread that makes grounds. Dropping it stops the work and waits for the thread to end.
pub(super) struct GroundDesk {
    desk: Desk<Job, (u64, Ground)>,
    token: WorkToken,
    wanted: Option<Request>,
    ground: Ground,
    /// How many requests there were.
    number: u64,
    /// How many grounds of the newest request have come.
    received: usize,
}

impl GroundDesk {
    /// `wake` is called whenever a ground is done.
    pub(super) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let work = |job: Job, hand_over: &mut dyn FnMut((u64, Ground))| {
            for resolution in RESOLUTIONS {
                let ground = make(&job.request, resolution, &job.token);
                if job.token.is_cancelled() {
                    return;
                }
                hand_over((job.number, ground));
            }
        };
        Ok(Self {
            desk: Desk::new("ground desk", work, wake)?,
            token: WorkToken::default(),
            wanted: None,
            ground: Ground::default(),
            number: 0,
            received: 0,
        })
    }

    /// Asks for a ground unless it is the one that is there or on its way.
    pub(super) fn ask(&mut self, request: Request) {
        if self
            .wanted
            .as_ref()
            .is_some_and(|wanted| wanted.is_same(&request))
        {
            return;
        }
        let is_another = |wanted: &Request| {
            !Arc::ptr_eq(&wanted.problem, &request.problem) || wanted.axes != request.axes
        };
        if self.wanted.as_ref().is_some_and(is_another) {
            self.ground = Ground::default();
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
        }
    }

    /// The newest ground.
    pub(super) fn ground(&mut self) -> &Ground {
        while let Some((number, ground)) = self.desk.try_receive() {
            if number == self.number {
                self.ground = ground;
                self.received += 1;
            }
        }
        &self.ground
    }

    /// Whether the finest ground of the newest request has come.
    pub(super) fn is_settled(&self) -> bool {
        self.received == RESOLUTIONS.len()
    }
}

impl Drop for GroundDesk {
    fn drop(&mut self) {
        self.token.cancel();
    }
}

fn make(request: &Request, resolution: usize, token: &WorkToken) -> Ground {
    let Request {
        problem,
        level,
        axes,
        base,
        range,
    } = request;
    let grid = study::sample(
        &**problem,
        *level,
        *axes,
        base,
        *range,
        [resolution; 2],
        token,
    );
    let samples = CURVE * resolution / RESOLUTIONS[1];
    let track = study::reaction_curve(&**problem, *axes, *range, samples, token);
    let reduced = if axes[0].level == 1 {
        study::reduced_curve(&**problem, base, range[0], samples, token)
    } else {
        Vec::new()
    };
    Ground::new(&grid, track, reduced)
}
