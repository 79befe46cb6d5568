//! Lines along variables through the searched region, and the places of samples on them.

use std::ops::RangeInclusive;

use super::region::Region;
use crate::numerics::Point;
use crate::problem::Problem;

/// The intervals between the samples of a line, and the place of a sample in its interval: not a round one, where
/// formulas may be undefined.
pub(super) const INTERVALS: usize = 48;
const OFFSET: f64 = 0.137;
/// Samples beyond an open end: the first step, the growth of steps and the last distance, in widths.
const STEP: f64 = 1.0 / 64.0;
const GROWTH: f64 = 1.5;
const FAR: f64 = 16.0;

/// A line along a variable.
#[derive(Clone, Debug)]
pub(super) struct RegionLine {
    /// The level of the variable, and its index there.
    pub(super) variable: (usize, usize),
    /// A point that the line goes through.
    pub(super) through: Point,
}

/// Lines along every variable of some levels: about `most` in all, and not fewer than `fewest` along each.
pub(super) fn lines(
    problem: &dyn Problem,
    region: &Region,
    levels: RangeInclusive<usize>,
    [most, fewest]: [usize; 2],
) -> impl Iterator<Item = RegionLine> {
    let start = &problem.metadata().start;
    let shape = start.shape();
    let variables: Vec<(usize, usize)> = levels
        .flat_map(|block| (0..shape.size(block)).map(move |index| (block, index)))
        .collect();
    let count = variables.len();
    let each = (most / count.max(1)).max(fewest);
    (0..count * each).map(move |line| {
        let (place, number) = (line / each, line % each);
        let mut through = start.clone();
        for block in 1..=shape.levels() {
            // what a small part of the region holds is mostly at its ends
            if number < 2 {
                for (value, range) in through[block].iter_mut().zip(region.ranges(block)) {
                    *value = range[number];
                }
            } else {
                region.spread(block, place + number * count, &mut through[block]);
            }
        }
        RegionLine {
            variable: variables[place],
            through,
        }
    })
}

/// Places of samples on a line: evenly in a range, both ends included.
pub(super) fn places_inside([low, high]: [f64; 2]) -> Vec<f64> {
    let width = high - low;
    let inner =
        (0..INTERVALS).map(|number| low + width * (number as f64 + OFFSET) / INTERVALS as f64);
    [low].into_iter().chain(inner).chain([high]).collect()
}

/// The same places, and with growing steps those beyond the open ends.
pub(super) fn places_beyond([low, high]: [f64; 2], is_closed: [bool; 2]) -> Vec<f64> {
    let width = high - low;
    let mut places = places_inside([low, high]);
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
