//! What the penalty morph needs, made in the background: f and q once for a range, the contours for each penalty from them,
//! and the beads for each start.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, Problem};
use bilevel::study::{self, PathSample, PenaltySurface};
use bilevel_figure::landscape::Backdrop;

use super::latest_wins::LatestWins;

/// Samples along each axis, coarse first.
static RESOLUTIONS: [usize; 2] = [40, 160];
/// What is made in one go.
static ONCE: [usize; 1] = [1];
/// Samples of the reaction curve for each one along an axis.
const CURVE: usize = 2;

/// Over what the surface is sampled.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) problem: Arc<dyn Problem>,
    pub(crate) axes: [Coordinate; 2],
    pub(crate) range: [[f64; 2]; 2],
}

/// f, q and the reaction curve.
#[derive(Debug)]
struct Sampled {
    surface: PenaltySurface,
    track: Arc<Vec<Vec<[f64; 2]>>>,
}

#[derive(Clone)]
struct PenaltyRequest {
    sampled: Arc<Sampled>,
    gamma: f64,
}

#[derive(Clone)]
struct Strung {
    problem: Arc<dyn Problem>,
    start: Point,
}

/// The threads, and what they made last.
pub(crate) struct PenaltyWorker {
    sampling: LatestWins<Frame, Arc<Sampled>>,
    drawing: LatestWins<PenaltyRequest, Backdrop>,
    stringing: LatestWins<Strung, Vec<PathSample>>,
    sampled: Option<Arc<Sampled>>,
    backdrop: Backdrop,
    path_samples: Vec<PathSample>,
    /// Whether what was asked for last is still to be handed in.
    is_behind: bool,
}

impl PenaltyWorker {
    /// `wake` is called whenever something is done.
    pub(crate) fn new(wake: impl Fn() + Clone + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            sampling: LatestWins::new("penalty desk", &RESOLUTIONS, sample, wake.clone())?,
            drawing: LatestWins::new("contour desk", &ONCE, draw, wake.clone())?,
            stringing: LatestWins::new("bead desk", &ONCE, string, wake)?,
            sampled: None,
            backdrop: Backdrop::default(),
            path_samples: Vec::new(),
            is_behind: false,
        })
    }

    /// Forgets what belongs to another problem.
    pub(crate) fn forget(&mut self) {
        self.sampled = None;
        self.backdrop = Backdrop::default();
        self.path_samples.clear();
    }

    /// Asks for all that is not there or on its way.
    pub(crate) fn ask(&mut self, frame: Frame, start: &Point, gamma: f64) {
        self.is_behind = false;
        let is_strung = self.stringing.request().is_some_and(|wanted| {
            Arc::ptr_eq(&wanted.problem, &frame.problem) && wanted.start == *start
        });
        if !is_strung {
            // a start that is dragged shows beads on the way
            self.is_behind = self.stringing.is_begun()
                || !self.stringing.hand_in(Strung {
                    problem: Arc::clone(&frame.problem),
                    start: start.clone(),
                });
        }
        let is_sampled = self.sampling.request().is_some_and(|wanted| {
            Arc::ptr_eq(&wanted.problem, &frame.problem)
                && (wanted.axes, wanted.range) == (frame.axes, frame.range)
        });
        if !is_sampled {
            self.is_behind |= !self.sampling.hand_in(frame);
        }
        let Some(sampled) = &self.sampled else { return };
        let is_drawn = self
            .drawing
            .request()
            .is_some_and(|wanted| Arc::ptr_eq(&wanted.sampled, sampled) && wanted.gamma == gamma);
        if !is_drawn {
            // the contours of a penalty that was passed by are shown all the same
            self.is_behind |= self.drawing.is_begun()
                || !self.drawing.hand_in(PenaltyRequest {
                    sampled: Arc::clone(sampled),
                    gamma,
                });
        }
    }

    /// Takes in what has come.
    pub(crate) fn receive(&mut self) {
        if let Some(sampled) = self.sampling.take() {
            self.sampled = Some(sampled);
        }
        if let Some(backdrop) = self.drawing.take() {
            self.backdrop = backdrop;
        }
        if let Some(path_samples) = self.stringing.take() {
            self.path_samples = path_samples;
        }
    }

    pub(crate) fn backdrop(&self) -> &Backdrop {
        &self.backdrop
    }

    pub(crate) fn path_samples(&self) -> &[PathSample] {
        &self.path_samples
    }

    /// Whether all that was asked for has come.
    pub(crate) fn is_settled(&self) -> bool {
        let newest = self.drawing.request().map(|wanted| &wanted.sampled);
        let is_drawn = newest
            .zip(self.sampled.as_ref())
            .is_some_and(|(drawn, sampled)| Arc::ptr_eq(drawn, sampled));
        !self.is_behind
            && is_drawn
            && self.sampling.is_settled()
            && self.drawing.is_settled()
            && self.stringing.is_settled()
    }
}

fn sample(frame: &Frame, resolution: usize, token: &WorkToken) -> Arc<Sampled> {
    let Frame {
        problem,
        axes,
        range,
    } = frame;
    let curve = CURVE * resolution;
    Arc::new(Sampled {
        surface: PenaltySurface::sample(&**problem, *axes, *range, resolution, token),
        track: Arc::new(study::reaction_curve(
            &**problem, *axes, *range, curve, token,
        )),
    })
}

fn draw(request: &PenaltyRequest, _: usize, _token: &WorkToken) -> Backdrop {
    let Sampled { surface, track } = &*request.sampled;
    let mut backdrop = Backdrop::new(&surface.penalised(request.gamma), Vec::new(), Vec::new());
    backdrop.track = Arc::clone(track);
    backdrop
}

fn string(string: &Strung, _: usize, token: &WorkToken) -> Vec<PathSample> {
    study::path_samples(&*string.problem, &string.start, token)
}
