//! The reduced objective of a leader of one variable as a whole: its curve, where that jumps, and all of its minima.
//!
//! φ is sampled, cut where the answer jumps, and each sample that none beside it beats begins the search for a minimum: a root of
//! dφ/dx where that is known, golden sections elsewhere. A valley narrower than two samples may be missed.

use super::answers::{AnswersOverX, PhiSample};
use super::jumps::{Jump, JumpSearch};
use super::minima::{FoundMinimum, minima};
use super::region::span;
use super::searched;
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// A worst case that is worse by less than this share of the span is none.
const SAME: f64 = 1e-9;
/// Samples of φ over a region, for a follower of one variable, for one of several, and for three, four and
/// more levels: they cost ever more.
const SAMPLES: [usize; 5] = [512, 256, 160, 96, 48];
/// Beyond a range that no box ends: how far samples go on half as densely, in widths, how they spread from there, how far in any case,
/// and for how long where φ still falls.
const BESIDE: f64 = 1.0;
const GROWTH: f64 = 1.5;
const FAR: f64 = 32.0;
const FARTHEST: f64 = 1e9;
/// Between two samples it jumps where it changes by more than this share of its height.
const JUMP: f64 = 0.05;

/// The reduced objective over a range.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReducedCurve {
    /// The points (x, φ), cut where the follower's answer jumps; of equally good answers the leader has its favourite.
    pub pieces: Vec<Vec<[f64; 2]>>,
    /// The same for the leader's worst case, where that differs over a stretch.
    pub pessimistic: Vec<Vec<[f64; 2]>>,
    /// Where the follower's answer jumps, from the left.
    pub jumps: Vec<Jump>,
    /// All minima, from the left.
    pub minima: Vec<FoundMinimum>,
    /// From where to where it was looked.
    pub searched: [f64; 2],
    /// What φ differs by over the range, but for its highest parts.
    pub span: f64,
    /// Whether φ still falls below all of it at an end of what was searched.
    pub is_open: bool,
}

/// The reduced objective over the part of a range that lies in the leader's box, from so many samples; `base` holds where nested
/// answers begin.
///
/// `None` where the leader has several variables, where nothing is answered and once the token is cancelled. An end of the
/// range that is none of the box is no minimum.
pub fn reduced_curve(
    problem: &dyn Problem,
    base: &Point,
    range: [f64; 2],
    samples: usize,
    token: &WorkToken,
) -> Option<ReducedCurve> {
    let metadata = problem.metadata();
    if metadata.shape().size(1) != 1 {
        return None;
    }
    let limits = metadata.bounds.limits(1)[0];
    let (low, high) = (range[0].max(limits[0]), range[1].min(limits[1]));
    if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) {
        return None;
    }
    let places = evenly([low, high], samples.max(3));
    let answers = AnswersOverX::new(problem, base, token);
    surveyed(&answers, [&[], &places, &[]], limits, token)
}

/// The reduced objective over the problem's region: its box, and where that is open, beyond the picture for as long as φ falls.
pub(crate) fn reduced_curve_of(problem: &dyn Problem, token: &WorkToken) -> Option<ReducedCurve> {
    let metadata = problem.metadata();
    let shape = metadata.shape();
    if shape.size(1) != 1 {
        return None;
    }
    let samples = match (shape.levels(), shape.size(2)) {
        (2, 1) => SAMPLES[0],
        (levels, _) => SAMPLES[(levels - 1).min(SAMPLES.len() - 1)],
    };
    let region = searched::region(problem, token);
    let [low, high] = region.ranges(1)[0];
    if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) {
        return None;
    }
    let answers = AnswersOverX::new(problem, &metadata.start, token);
    let own = evenly([low, high], samples.max(3));
    let is_closed = region.is_closed(1)[0];
    let beside = |end: usize, sign: f64| {
        if is_closed[end] {
            Vec::new()
        } else {
            beyond(&answers, [low, high][end], sign * (high - low), samples)
        }
    };
    let mut left = beside(0, -1.0);
    left.reverse();
    let right = beside(1, 1.0);
    surveyed(
        &answers,
        [&left, &own, &right],
        metadata.bounds.limits(1)[0],
        token,
    )
}

/// So many places, both ends included.
fn evenly([low, high]: [f64; 2], count: usize) -> Vec<f64> {
    let place = |number: usize| {
        if number + 1 == count {
            high
        } else {
            low + number as f64 / (count - 1) as f64 * (high - low)
        }
    };
    (0..count).map(place).collect()
}

/// Places beyond an end, outwards: half as densely as within, then ever wider, and on for as long as φ falls.
fn beyond(answers: &AnswersOverX<'_>, end: f64, width: f64, samples: usize) -> Vec<f64> {
    let samples = samples / 2;
    let step = 1.0 / samples as f64;
    let dense = (1..=(BESIDE * samples as f64) as usize).map(|number| number as f64 * step);
    let mut distances: Vec<f64> = dense.collect();
    let value = |distance: f64| answers.at(end + width * distance).map(|at| at.value);
    let mut stride = step;
    let mut distance = BESIDE;
    let mut last = value(distance);
    while distance < FARTHEST {
        stride = (stride * GROWTH).min(distance);
        distance += stride;
        let here = value(distance);
        distances.push(distance);
        let falls = matches!((last, here), (Some(last), Some(here)) if here < last);
        if distance > FAR && !falls {
            break;
        }
        last = here;
    }
    distances
        .iter()
        .map(|distance| end + width * distance)
        .collect()
}

/// What is found at some places, those of the range itself between those beside it.
fn surveyed(
    answers: &AnswersOverX<'_>,
    [left, own, right]: [&[f64]; 3],
    limits: [f64; 2],
    token: &WorkToken,
) -> Option<ReducedCurve> {
    let places = [left, own, right].concat();
    let [low, high] = [places[0], places[places.len() - 1]];
    let mut survey = JumpSearch {
        answers,
        range: [low, high],
        is_edge: [low == limits[0], high == limits[1]],
        span: 0.0,
        token,
    };
    let sampled = survey.sampled(&places)?;
    let is_own = |at: &&PhiSample| own[0] <= at.x && at.x <= own[own.len() - 1];
    survey.span = span(sampled.iter().filter(is_own).map(|at| at.value));
    let (pieces, jumps) = survey.cut(&sampled);
    let minima = minima(survey, &pieces, &jumps);
    if token.is_cancelled() || pieces.is_empty() {
        return None;
    }
    let pessimistic = if answers.knows_the_worst() {
        worse(&sampled, survey.span)
    } else {
        Vec::new()
    };
    let least = minima.iter().map(|found| found.value);
    let least = least.fold(f64::INFINITY, f64::min);
    let ends = [(left, sampled.first()), (right, sampled.last())];
    let is_open = ends
        .iter()
        .any(|(beside, end)| !beside.is_empty() && end.is_some_and(|end| end.value < least));
    let curve = |piece: Vec<PhiSample>| piece.iter().map(|at| [at.x, at.value]).collect();
    Some(ReducedCurve {
        pieces: pieces.into_iter().map(curve).collect(),
        pessimistic,
        jumps,
        minima,
        searched: [low, high],
        span: survey.span,
        is_open,
    })
}

/// The stretches of samples where the leader's worst case differs.
fn worse(samples: &[PhiSample], span: f64) -> Vec<Vec<[f64; 2]>> {
    let rounding = |at: &PhiSample| 8.0 * f64::EPSILON * at.value.abs();
    let differs = |at: &PhiSample| at.worst - at.value > SAME * span + rounding(at);
    let worst = samples.iter().filter(|at| differs(at)).map(|at| at.worst);
    let [low, high] = worst.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], worst| {
        [low.min(worst), high.max(worst)]
    });
    let is_near = |a: &PhiSample, b: &PhiSample| (a.worst - b.worst).abs() <= JUMP * (high - low);
    let stretches = samples.chunk_by(|a, b| differs(a) == differs(b) && is_near(a, b));
    stretches
        .filter(|stretch| stretch.len() > 1 && differs(&stretch[0]))
        .map(|stretch| stretch.iter().map(|at| [at.x, at.worst]).collect())
        .collect()
}
