//! The ground of the landscape, made in the background: the newest request wins, and the last picture stays until then.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, Problem};
use bilevel::study::{self, Reaction};
use bilevel_figure::landscape::{Backdrop, REDUCED};

use super::latest_wins::LatestWins;

/// Samples along each axis, coarse first.
static RESOLUTIONS: [usize; 2] = [48, 240];
/// Samples of the reaction curve and of the reduced objective.
const CURVE: usize = 512;

/// One of so many samples along each axis is enough for the reduced objective.
const SOLVED: usize = 3;

/// What a ground is made of.
#[derive(Clone, Debug)]
pub(crate) struct LandscapeRequest {
    pub(crate) problem: Arc<dyn Problem>,
    /// The level whose objective is drawn; [`REDUCED`] for the reduced objective.
    pub(crate) level: usize,
    pub(crate) axes: [Coordinate; 2],
    pub(crate) base: Point,
    pub(crate) range: [[f64; 2]; 2],
}

impl LandscapeRequest {
    fn is_same(&self, other: &Self) -> bool {
        self.level == other.level && self.has_same_reaction(other)
    }

    /// Whether at most the objective is another.
    fn has_same_reaction(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.problem, &other.problem)
            && (self.axes, self.range) == (other.axes, other.range)
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

/// A request, with the follower's answer where that is known from another objective.
#[derive(Clone, Debug)]
struct LandscapeJob {
    request: LandscapeRequest,
    known: Option<Reaction>,
}

/// A thread that makes grounds.
pub(crate) struct LandscapeWorker {
    refining: LatestWins<LandscapeJob, Backdrop>,
    backdrop: Backdrop,
}

impl LandscapeWorker {
    /// `wake` is called whenever a ground is done.
    pub(crate) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            refining: LatestWins::new("ground desk", &RESOLUTIONS, make, wake)?,
            backdrop: Backdrop::default(),
        })
    }

    /// Asks for a ground unless it is the one that is there or on its way.
    pub(crate) fn ask(&mut self, request: LandscapeRequest) {
        let is_settled = self.refining.is_settled();
        let wanted = self.refining.request().map(|job| &job.request);
        if wanted.is_some_and(|wanted| wanted.is_same(&request)) {
            return;
        }
        // contours change with the objective, the answer does not
        let is_known = wanted.is_some_and(|wanted| wanted.has_same_reaction(&request));
        let known = (is_settled && is_known).then(|| self.backdrop.reaction.clone());
        let is_another = |wanted: &LandscapeRequest| {
            !Arc::ptr_eq(&wanted.problem, &request.problem) || wanted.axes != request.axes
        };
        if wanted.is_some_and(is_another) {
            self.backdrop = Backdrop::default();
        }
        self.refining.hand_in(LandscapeJob { request, known });
    }

    /// The newest ground.
    pub(crate) fn backdrop(&mut self) -> &Backdrop {
        if let Some(backdrop) = self.refining.take() {
            self.backdrop = backdrop;
        }
        &self.backdrop
    }

    /// Whether the finest ground of the newest request has come.
    pub(crate) fn is_settled(&self) -> bool {
        self.refining.is_settled()
    }
}

fn make(job: &LandscapeJob, resolution: usize, token: &WorkToken) -> Backdrop {
    let LandscapeRequest {
        problem,
        level,
        axes,
        base,
        range,
    } = &job.request;
    let problem = &**problem;
    let grid = if *level == REDUCED {
        // every sample is a solve of all lower levels
        let resolution = [resolution / SOLVED; 2];
        study::sample_reduced(problem, *axes, base, *range, resolution, token)
    } else {
        study::sample(problem, *level, *axes, base, *range, [resolution; 2], token)
    };
    let samples = CURVE * resolution / RESOLUTIONS[1];
    let reaction = job
        .known
        .clone()
        .unwrap_or_else(|| study::reaction(problem, *axes, base, *range, samples, token));
    Backdrop::answered(&grid, reaction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilevel::problem::{self, Settings};

    #[test]
    fn another_objective_over_the_same_ranges_has_the_same_answer_and_is_not_traced_anew() {
        let entry = problem::find("sine").unwrap();
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let [x, y] = [1, 2].map(|level| Coordinate { level, index: 0 });
        let request = |level: usize, low: f64| LandscapeRequest {
            problem: Arc::clone(&problem),
            level,
            axes: [x, y],
            base: problem.metadata().start.clone(),
            range: [[low, 8.0], [-5.0, 9.0]],
        };
        let (wake, woken) = crossbeam_channel::bounded(8);
        let mut worker = LandscapeWorker::new(move || assert!(wake.try_send(()).is_ok())).unwrap();
        let mut backdrop = |level: usize, low: f64| {
            worker.ask(request(level, low));
            while !worker.is_settled() {
                woken.recv().unwrap();
                worker.backdrop();
            }
            worker.backdrop().clone()
        };
        let [leader, follower, wider] =
            [(1, -5.0), (2, -5.0), (2, -6.0)].map(|(a, b)| backdrop(a, b));
        assert!(!leader.track.is_empty() && leader.contours != follower.contours);
        assert!(Arc::ptr_eq(&leader.track, &follower.track));
        assert!(!Arc::ptr_eq(&leader.track, &wider.track));
    }
}
