//! Poles at which the objective of a lower level falls without bound, along lines through the searched region.

use super::region::{LARGE, Region};
use crate::numerics::poles::{PoleSearch, TermSample};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Discontinuity, DiscontinuityKind, Problem};

/// The lines in all, the fewest along each variable, and the intervals of a line.
const LINES: usize = 128;
const FEWEST: usize = 3;
const INTERVALS: usize = 48;
/// The place of a sample in its interval: not a round one, where formulas may be undefined.
const OFFSET: f64 = 0.137;
/// Samples beyond an open end: the first step, the growth of steps and the last distance, in widths.
const STEP: f64 = 1.0 / 64.0;
const GROWTH: f64 = 1.5;
const FAR: f64 = 16.0;

/// A pole of a level's objective along its own or deeper variables; `None` if none is found.
pub(super) fn pole(
    problem: &dyn Problem,
    region: &Region,
    level: usize,
    token: &WorkToken,
) -> Option<Discontinuity> {
    let metadata = problem.metadata();
    let shape = metadata.shape();
    if shape.total() > LARGE || problem.pole_terms(level, &metadata.start).is_empty() {
        return None;
    }
    let own = level..=shape.levels();
    let variables: Vec<(usize, usize)> = own
        .flat_map(|block| (0..shape.size(block)).map(move |index| (block, index)))
        .collect();
    let each = (LINES / variables.len()).max(FEWEST);
    for (place, &variable) in variables.iter().enumerate() {
        for number in 0..each {
            if token.is_cancelled() {
                return None;
            }
            let mut through = metadata.start.clone();
            for block in 1..=shape.levels() {
                // what a small part of the region holds is mostly at its ends
                if number < 2 {
                    for (value, range) in through[block].iter_mut().zip(region.ranges(block)) {
                        *value = range[number];
                    }
                } else {
                    let member = place + number * variables.len();
                    region.spread(block, member, &mut through[block]);
                }
            }
            if let Some(at) = pole_along(problem, region, (level, variable), &through, token) {
                let kind = DiscontinuityKind::Pole;
                return Some(Discontinuity { level, kind, at });
            }
        }
    }
    None
}

/// The first pole of a level's objective on the line along a variable through a point.
fn pole_along(
    problem: &dyn Problem,
    region: &Region,
    (level, (block, index)): (usize, (usize, usize)),
    through: &Point,
    token: &WorkToken,
) -> Option<Point> {
    let at = |place: f64| {
        let mut at = through.clone();
        at[block][index] = place;
        at
    };
    let range = region.ranges(block)[index];
    let terms = |place: f64| problem.pole_terms(level, &at(place));
    let search = PoleSearch {
        width: range[1] - range[0],
        limits: problem.metadata().bounds.limits(block)[index],
        is_exact: true,
        terms: &terms,
        value: &|place| problem.value(level, &at(place), token),
    };
    let places = places(range, region.is_closed(block)[index]);
    let samples: Vec<TermSample> = (places.into_iter())
        .map(|place| (place, terms(place)))
        .collect();
    search.poles(&samples).first().map(|place| at(*place))
}

/// Places on a line: evenly in the range, and with growing steps beyond its open ends.
fn places([low, high]: [f64; 2], is_closed: [bool; 2]) -> Vec<f64> {
    let width = high - low;
    let inner =
        (0..INTERVALS).map(|number| low + width * (number as f64 + OFFSET) / INTERVALS as f64);
    let mut places: Vec<f64> = [low].into_iter().chain(inner).chain([high]).collect();
    let mut distance = STEP;
    while distance <= FAR {
        if !is_closed[0] {
            places.insert(0, low - distance * width);
        }
        if !is_closed[1] {
            places.push(high + distance * width);
        }
        distance *= GROWTH;
    }
    places
}
