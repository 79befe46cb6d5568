//! What the penalty morph needs, made in the background: f and q once for a range, the contours for each penalty from them,
//! and the beads for each start.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, Problem};
use bilevel::study::{self, Bead, Morph};
use bilevel_figure::landscape::Ground;

use super::refining::Refining;

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
    morph: Morph,
    track: Arc<Vec<Vec<[f64; 2]>>>,
}

#[derive(Clone)]
struct Surface {
    sampled: Arc<Sampled>,
    gamma: f64,
}

#[derive(Clone)]
struct Strung {
    problem: Arc<dyn Problem>,
    start: Point,
}

/// The threads, and what they made last.
pub(crate) struct PenaltyDesk {
    sampling: Refining<Frame, Arc<Sampled>>,
    drawing: Refining<Surface, Ground>,
    stringing: Refining<Strung, Vec<Bead>>,
    sampled: Option<Arc<Sampled>>,
    ground: Ground,
    beads: Vec<Bead>,
    /// Whether what was asked for last is still to be handed in.
    is_behind: bool,
}

impl PenaltyDesk {
    /// `wake` is called whenever something is done.
    pub(crate) fn new(wake: impl Fn() + Clone + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            sampling: Refining::new("penalty desk", &RESOLUTIONS, sample, wake.clone())?,
            drawing: Refining::new("contour desk", &ONCE, draw, wake.clone())?,
            stringing: Refining::new("bead desk", &ONCE, string, wake)?,
            sampled: None,
            ground: Ground::default(),
            beads: Vec::new(),
            is_behind: false,
        })
    }

    /// Forgets what belongs to another problem.
    pub(crate) fn forget(&mut self) {
        self.sampled = None;
        self.ground = Ground::default();
        self.beads.clear();
    }

    /// Asks for all that is not there or on its way.
    pub(crate) fn ask(&mut self, frame: Frame, start: &Point, gamma: f64) {
        self.is_behind = false;
        let is_strung = self.stringing.wanted().is_some_and(|wanted| {
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
        let is_sampled = self.sampling.wanted().is_some_and(|wanted| {
            Arc::ptr_eq(&wanted.problem, &frame.problem)
                && (wanted.axes, wanted.range) == (frame.axes, frame.range)
        });
        if !is_sampled {
            self.is_behind |= !self.sampling.hand_in(frame);
        }
        let Some(sampled) = &self.sampled else { return };
        let is_drawn = self
            .drawing
            .wanted()
            .is_some_and(|wanted| Arc::ptr_eq(&wanted.sampled, sampled) && wanted.gamma == gamma);
        if !is_drawn {
            // the contours of a penalty that was passed by are shown all the same
            self.is_behind |= self.drawing.is_begun()
                || !self.drawing.hand_in(Surface {
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
        if let Some(ground) = self.drawing.take() {
            self.ground = ground;
        }
        if let Some(beads) = self.stringing.take() {
            self.beads = beads;
        }
    }

    pub(crate) fn ground(&self) -> &Ground {
        &self.ground
    }

    pub(crate) fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// Whether all that was asked for has come.
    pub(crate) fn is_settled(&self) -> bool {
        let newest = self.drawing.wanted().map(|wanted| &wanted.sampled);
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
        morph: Morph::sample(&**problem, *axes, *range, resolution, token),
        track: Arc::new(study::reaction_curve(
            &**problem, *axes, *range, curve, token,
        )),
    })
}

fn draw(surface: &Surface, _: usize, _token: &WorkToken) -> Ground {
    let Sampled { morph, track } = &*surface.sampled;
    let mut ground = Ground::new(&morph.penalised(surface.gamma), Vec::new(), Vec::new());
    ground.track = Arc::clone(track);
    ground
}

fn string(string: &Strung, _: usize, token: &WorkToken) -> Vec<Bead> {
    study::beads(&*string.problem, &string.start, token)
}
