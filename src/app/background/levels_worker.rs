//! The slices of all levels, made in the background. A coarse picture is finished even if something newer is wanted, so that
//! there is always one while the playhead moves; a fine one is not.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::Problem;
use bilevel::study::{self, LevelSlice, Unfinished};
use bilevel_figure::{Curves, RunTag};

use super::latest_wins::LatestWins;

/// Samples of each curve, coarse first.
static SAMPLES: [usize; 2] = [41, 161];

/// What slices are made of.
#[derive(Clone, Debug)]
pub(crate) struct LevelsRequest {
    pub(crate) problem: Arc<dyn Problem>,
    /// The point whose block of level 1 is answered to.
    pub(crate) at: Point,
    pub(crate) cuts: Vec<LevelSlice>,
    /// The points that are compared with the answers to their own leader.
    pub(crate) runs: Vec<(RunTag, Point)>,
}

impl LevelsRequest {
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
pub(crate) struct LevelsResult {
    /// The curves of each level, level 1 first; none where there is no true answer.
    pub(crate) curves: Vec<Curves>,
    /// What each run has left unfinished.
    pub(crate) unfinished: Vec<(RunTag, Unfinished)>,
}

/// A thread that makes slices.
pub(crate) struct LevelsWorker {
    refining: LatestWins<LevelsRequest, LevelsResult>,
    /// Whether what was asked for last is still to be handed in.
    is_behind: bool,
}

impl LevelsWorker {
    /// `wake` is called whenever an answer is there.
    pub(crate) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            refining: LatestWins::new("slices desk", &SAMPLES, make, wake)?,
            is_behind: false,
        })
    }

    /// Asks for slices, unless they are there or on their way; false if those that came before are of no use any more.
    pub(crate) fn ask(&mut self, request: LevelsRequest) -> bool {
        let wanted = self.refining.request();
        let is_alike = wanted.is_none_or(|wanted| wanted.is_alike(&request));
        self.is_behind = !wanted.is_some_and(|wanted| wanted.is_same(&request));
        if !self.is_behind || self.refining.is_begun() && is_alike {
            return true;
        }
        self.is_behind = !self.refining.hand_in(request);
        is_alike
    }

    /// The newest answer that has come since the last call.
    pub(crate) fn take(&mut self) -> Option<LevelsResult> {
        self.refining.take()
    }

    /// Whether the finest answer to the newest request has come.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_behind && self.refining.is_settled()
    }
}

fn make(request: &LevelsRequest, samples: usize, token: &WorkToken) -> LevelsResult {
    let problem = &*request.problem;
    let unfinished = request.runs.iter().filter_map(|(tag, point)| {
        let unfinished = study::unfinished(problem, point, token)?;
        Some((*tag, unfinished))
    });
    let unfinished = unfinished.collect();
    let slices = study::slices(problem, &request.at, &request.cuts, samples, token);
    LevelsResult {
        curves: slices
            .unwrap_or_default()
            .into_iter()
            .map(Curves::new)
            .collect(),
        unfinished,
    }
}
