//! The reduced objective over a leader of one variable: its curve, its jumps and all of its minima.
//!
//! φ is sampled and cut where the answer jumps. Each sample no higher than its neighbors starts the search for a
//! minimum: a root of dφ/dx if that is known, golden sections otherwise. A valley narrower than two samples may be
//! missed.

use super::answers::{AnswersOverX, PhiSample};
use super::isolated_ties::isolated_ties;
use super::jumps::{Jump, JumpSearch};
use super::minima::{FoundMinimum, minima};
use super::reduced_poles::poles_of_curve;
use super::region::span;
use super::searched;
use crate::numerics::features::FeatureSearch;
use crate::numerics::{Feature, Point, WorkToken};
use crate::problem::{Problem, Site};

/// The pessimistic value differs if it is worse by more than this share of the span.
const SAME: f64 = 1e-9;
/// Samples of φ over a region, for two levels with a follower of one variable and of several, and for three, four and
/// more levels, each more expensive.
const SAMPLES: [usize; 5] = [512, 256, 160, 96, 48];
/// Sampling beyond an open end, in widths: the part sampled at half the density, the growth of steps after it, the
/// distance sampled in any case, and the limit while φ still falls.
const BESIDE: f64 = 1.0;
const GROWTH: f64 = 1.5;
const FAR: f64 = 32.0;
const FARTHEST: f64 = 1e9;
/// Minima beyond this share of the limit are ends of the search.
const UNREACHED: f64 = 0.1;
/// A sample this share of the span below all minima belongs to one that was missed.
const UNSEEN: f64 = 1e-6;
/// A minimum closer to a pole than this share of the range is at the pole.
const BESIDE_POLE: f64 = 1e-5;
/// The way, in samples, within which an objective must not turn.
const WAY: f64 = 2.0;
/// The pessimistic curve is cut where it changes by more than this share of its height between two samples.
const JUMP: f64 = 0.05;

/// The reduced objective over a range.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReducedCurve {
    /// The points (x, φ) of the optimistic reduced objective, cut where the follower's answer jumps.
    pub pieces: Vec<Vec<[f64; 2]>>,
    /// The points of the pessimistic reduced objective, on the intervals where it differs.
    pub pessimistic: Vec<Vec<[f64; 2]>>,
    /// Jumps of the follower's answer, from the left.
    pub jumps: Vec<Jump>,
    /// All minima, from the left.
    pub minima: Vec<FoundMinimum>,
    /// The range of x that was searched.
    pub searched: [f64; 2],
    /// Span of φ over the range without its highest parts.
    pub span: f64,
    /// True if φ at an open end of the searched range or at a sample is below all minima, or falls without bound at a pole,
    /// or if an objective turns so fast that minima may be missed.
    pub is_open: bool,
    /// True if φ falls without bound at a pole.
    pub has_pole: bool,
    /// True if φ at some jump or minimum is not the same when the lower levels are searched for again.
    pub is_doubtful: bool,
}

/// The reduced objective over the part of a range inside the leader's box, from `samples` samples; nested solves start
/// from `base`.
///
/// `None` if the leader has several variables or no sample has an answer, and once the token is cancelled. An end of
/// the range inside the box is no minimum.
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

/// The reduced objective over the problem's region: its box and, if that is open, beyond the picture while φ falls.
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

/// Returns `count` evenly spaced places, both ends included.
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

/// Places outwards from an end: at half the density within, then with growing steps, and on while φ falls.
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

/// The curve, its jumps and its minima from places left of the range, inside it and right of it.
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
        own: [own[0], own[own.len() - 1]],
        is_edge: [low == limits[0], high == limits[1]],
        span: 0.0,
        is_careful: false,
        token,
    };
    let mut sampled = survey.sampled(&places)?;
    let is_resolved = add_turns(&survey, &mut sampled);
    let is_own = |at: &&PhiSample| own[0] <= at.x && at.x <= own[own.len() - 1];
    survey.span = span(sampled.iter().filter(is_own).map(|at| at.value));
    let (pieces, jumps, are_certain) = survey.confirmed_cut(&mut sampled);
    let mut minima = if answers.is_continuous {
        minima(survey, &pieces, &jumps)
    } else {
        Vec::new()
    };
    let poles = poles_of_curve(answers, (survey.width(), limits), &sampled, &minima);
    let is_beside = |x: f64| {
        let reach = BESIDE_POLE * survey.width();
        poles.iter().any(|pole| (x - pole).abs() <= reach)
    };
    minima.retain(|found| !is_beside(found.x));
    // where φ fell as far as it is followed, no minimum was reached
    let [first, last] = survey.own;
    let farthest = UNREACHED * FARTHEST * (last - first);
    minima.retain(|found| first - found.x < farthest && found.x - last < farthest);
    let has_pole = !poles.is_empty();
    let count = minima.len();
    minima.retain(|found| survey.is_confirmed(found));
    let is_doubtful = !are_certain || minima.len() < count;
    for found in &mut minima {
        // a sample may be right at a tie
        if found.site == Site::Interior && survey.is_below_its_sides([found.x, found.value], 0.0) {
            found.site = Site::Jump;
        }
    }
    let ties = isolated_ties(&survey, &sampled, &minima);
    minima.extend(ties.into_iter().filter(|tie| !is_beside(tie.x)));
    minima.sort_by(|a, b| a.x.total_cmp(&b.x));
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
    let samples = sampled.iter().filter(is_own).map(|at| at.value);
    let lowest = samples.fold(f64::INFINITY, f64::min);
    let is_missed = !minima.is_empty() && lowest < least - UNSEEN * survey.span;
    let is_open = has_pole
        || is_missed
        || !is_resolved
        || answers.hides_minima
        || ends
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
        has_pole,
        is_doubtful,
    })
}

/// Adds samples where an objective turns between two of them; false if no number of samples would do.
fn add_turns(survey: &JumpSearch<'_>, sampled: &mut Vec<PhiSample>) -> bool {
    let answers = survey.answers;
    let features: Vec<(f64, Vec<Feature>)> = sampled
        .iter()
        .map(|at| (at.x, answers.features(at)))
        .collect();
    if features.iter().all(|at| at.1.is_empty()) {
        return true;
    }
    let first = sampled.partition_point(|at| at.x < survey.own[0]);
    let last = sampled.partition_point(|at| at.x <= survey.own[1]);
    let scales = answers.feature_scales();
    // beyond the range samples lie farther apart, and features between them are wider
    let parts = [
        0..first + 1,
        first..last,
        last.saturating_sub(1)..sampled.len(),
    ];
    let mut added = Vec::new();
    for part in parts {
        let part = &features[part.start..part.end.min(features.len())];
        let apart = part.windows(2).map(|pair| pair[1].0 - pair[0].0);
        let search = FeatureSearch {
            way: WAY * apart.fold(0.0, f64::max),
            limits: survey.range,
            scales: scales.clone(),
            features: &|x| {
                let found = answers.at(x);
                found.map_or(Vec::new(), |at| answers.features(&at))
            },
        };
        let Some(places) = search.places(part) else {
            return false;
        };
        added.extend(places);
    }
    sampled.extend(added.into_iter().filter_map(|x| answers.at(x)));
    sampled.sort_by(|a, b| a.x.total_cmp(&b.x));
    sampled.dedup_by(|a, b| a.x == b.x);
    true
}

/// The runs of samples at which the pessimistic value differs.
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
