//! The reduced objective of a leader of one variable as a whole: its curve, where that jumps, and all of its minima.
//!
//! φ is sampled, cut where the answer jumps, and each sample that none beside it beats begins the search for a minimum: a root of
//! dφ/dx where that is known, golden sections elsewhere. A valley narrower than two samples may be missed.

use super::answers::{Answers, Sample};
use super::jumps::{Jump, Survey};
use super::minima::{Found, minima};
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// A worst case that is worse by less than this share is none.
const SAME: f64 = 1e-9;
/// Between two samples it jumps where it changes by more than this share of its height.
const JUMP: f64 = 0.05;

/// The reduced objective over a range.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Valleys {
    /// The points (x, φ), cut where the follower's answer jumps; of equally good answers the leader has its favourite.
    pub pieces: Vec<Vec<[f64; 2]>>,
    /// The same for the leader's worst case, where that differs over a stretch.
    pub pessimistic: Vec<Vec<[f64; 2]>>,
    /// Where the follower's answer jumps, from the left.
    pub jumps: Vec<Jump>,
    /// All minima, from the left.
    pub minima: Vec<Found>,
}

/// The reduced objective over the part of a range that lies in the leader's box, from so many samples; `base` holds where nested
/// answers begin.
///
/// `None` where the leader has several variables, where nothing is answered and once the token is cancelled. An end of the
/// range that is none of the box is no minimum.
pub fn valleys(
    problem: &dyn Problem,
    base: &Point,
    range: [f64; 2],
    samples: usize,
    token: &WorkToken,
) -> Option<Valleys> {
    let facts = problem.facts();
    if facts.shape().size(1) != 1 {
        return None;
    }
    let limits = facts.bounds.limits(1)[0];
    let (low, high) = (range[0].max(limits[0]), range[1].min(limits[1]));
    if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) {
        return None;
    }
    let answers = Answers::new(problem, base, token);
    let survey = Survey {
        answers: &answers,
        range: [low, high],
        is_edge: [low == limits[0], high == limits[1]],
        token,
    };
    let sampled = survey.sampled(samples.max(3))?;
    let (pieces, jumps) = survey.cut(&sampled);
    let minima = minima(survey, &pieces, &jumps);
    if token.is_cancelled() || pieces.is_empty() {
        return None;
    }
    let pessimistic = if answers.knows_the_worst() {
        worse(&sampled)
    } else {
        Vec::new()
    };
    let curve = |piece: Vec<Sample>| piece.iter().map(|at| [at.x, at.value]).collect();
    Some(Valleys {
        pieces: pieces.into_iter().map(curve).collect(),
        pessimistic,
        jumps,
        minima,
    })
}

/// The stretches of samples where the leader's worst case differs.
fn worse(samples: &[Sample]) -> Vec<Vec<[f64; 2]>> {
    let differs = |at: &Sample| at.worst - at.value > SAME * (1.0 + at.value.abs());
    let worst = samples.iter().filter(|at| differs(at)).map(|at| at.worst);
    let [low, high] = worst.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], worst| {
        [low.min(worst), high.max(worst)]
    });
    let is_near = |a: &Sample, b: &Sample| (a.worst - b.worst).abs() <= JUMP * (high - low);
    let stretches = samples.chunk_by(|a, b| differs(a) == differs(b) && is_near(a, b));
    stretches
        .filter(|stretch| stretch.len() > 1 && differs(&stretch[0]))
        .map(|stretch| stretch.iter().map(|at| [at.x, at.worst]).collect())
        .collect()
}
