//! Poles at which the reduced objective falls without bound, at zeros of terms of the leader's objective along the
//! lower-level solutions.

use super::answers::{AnswersOverX, PhiSample};
use super::minima::FoundMinimum;
use super::reduced::Reduced;
use crate::numerics::Point;
use crate::numerics::poles::{PoleSearch, ROUGH, TermSample, falls_without_bound};
use crate::problem::Problem;

/// For a leader of several variables: the pairs of points between which a term's zero is searched for, and the intervals
/// between them.
const PAIRS: usize = 4;
const CUTS: usize = 8;
/// The points from which the edges of its box are approached.
const EDGES: usize = 2;

/// The places at which φ over a leader of one variable falls without bound: at zeros of terms between samples, and at
/// minima below all samples by more than their range. Distances are measured in a width.
pub(super) fn poles_of_curve(
    answers: &AnswersOverX<'_>,
    (width, limits): (f64, [f64; 2]),
    samples: &[PhiSample],
    minima: &[FoundMinimum],
) -> Vec<f64> {
    let value = |x: f64| answers.at(x).map_or(f64::NAN, |at| at.value);
    let search = PoleSearch {
        width,
        limits,
        is_exact: false,
        terms: &|x| {
            let found = answers.at(x);
            found.map_or(Vec::new(), |at| answers.pole_terms(&at))
        },
        value: &value,
    };
    let terms: Vec<TermSample> = (samples.iter())
        .map(|at| (at.x, answers.pole_terms(at)))
        .collect();
    let mut poles = search.poles(&terms);
    if terms.iter().any(|(_, terms)| !terms.is_empty()) {
        // there is no sample where φ is undefined
        let edges = limits.into_iter().filter(|edge| edge.is_finite());
        poles.extend(edges.filter(|edge| {
            value(*edge).is_nan() && falls_without_bound(*edge, (width, limits, ROUGH), value)
        }));
    }
    let [lowest, highest] = extent(samples);
    let deep = minima
        .iter()
        .filter(|found| lowest - found.value > highest - lowest);
    let falls = |found: &&FoundMinimum| falls_without_bound(found.x, (width, limits, ROUGH), value);
    poles.extend(deep.filter(falls).map(|found| found.x));
    poles
}

/// The least and the greatest value of samples.
fn extent(samples: &[PhiSample]) -> [f64; 2] {
    let values = samples.iter().map(|at| at.value);
    let values = values.filter(|value| value.is_finite());
    values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
        [low.min(value), high.max(value)]
    })
}

/// True if φ over a leader of several variables falls without bound at a zero of a term between some points.
pub(super) fn has_pole_between(
    problem: &dyn Problem,
    reduced: &Reduced<'_>,
    points: &[Point],
) -> bool {
    let count = problem.pole_terms(1, &problem.metadata().start).len();
    if count == 0 {
        return false;
    }
    let terms_at = |x: &[f64]| {
        let answered = reduced.at(x);
        answered.map_or(Vec::new(), |(_, at)| problem.pole_terms(1, &at))
    };
    let known: Vec<(&[f64], Vec<f64>)> = points
        .iter()
        .map(|point| (&point[1], terms_at(&point[1])))
        .collect();
    let is_at_edge = || {
        let bounds = &problem.metadata().bounds;
        let edges = bounds.limits(1).iter().enumerate();
        let edges = edges.flat_map(|(i, limits)| limits.map(|edge| (i, edge, *limits)));
        let mut edges = edges.filter(|(_, edge, _)| edge.is_finite());
        edges.any(|(i, edge, limits)| {
            points.iter().take(EDGES).any(|point| {
                let value = |x: f64| {
                    let mut at = point[1].to_vec();
                    at[i] = x;
                    reduced.at(&at).map_or(f64::NAN, |found| found.0)
                };
                let width = 2.0 * (point[1][i] - edge).abs();
                value(edge).is_nan() && falls_without_bound(edge, (width, limits, ROUGH), value)
            })
        })
    };
    is_at_edge()
        || (0..count).any(|term| {
            let values = known.iter();
            let values: Vec<(&[f64], f64)> = values
                .filter_map(|(x, terms)| Some((*x, *terms.get(term)?)))
                .collect();
            let mut pairs: Vec<(f64, [&[f64]; 2])> = Vec::new();
            for (number, (from, value)) in values.iter().enumerate() {
                let others = values[number + 1..].iter();
                let across = others.filter(|(_, other)| value * other < 0.0);
                pairs.extend(across.map(|(to, other)| ((value - other).abs(), [*from, *to])));
            }
            // the nearest to the zero on both sides
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut nearest = pairs.into_iter().take(PAIRS);
            nearest.any(|(_, ends)| has_pole_on(ends, reduced, &terms_at))
        })
}

/// True if φ falls without bound at a zero of a term between two points.
fn has_pole_on(
    [from, to]: [&[f64]; 2],
    reduced: &Reduced<'_>,
    terms_at: &dyn Fn(&[f64]) -> Vec<f64>,
) -> bool {
    let at = |share: f64| -> Vec<f64> {
        let ends = from.iter().zip(to);
        ends.map(|(from, to)| from + share * (to - from)).collect()
    };
    let terms = |share: f64| terms_at(&at(share));
    let search = PoleSearch {
        width: 1.0,
        limits: [0.0, 1.0],
        is_exact: false,
        terms: &terms,
        value: &|share| reduced.at(&at(share)).map_or(f64::NAN, |found| found.0),
    };
    let samples: Vec<TermSample> = (0..=CUTS)
        .map(|cut| cut as f64 / CUTS as f64)
        .map(|share| (share, terms(share)))
        .collect();
    !search.poles(&samples).is_empty()
}
