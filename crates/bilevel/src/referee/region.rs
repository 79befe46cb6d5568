//! The searched region of a problem: the box of each variable, or without one the range that its pictures show.
//!
//! The referee measures lengths in the widths of this region and values in the span of the objective over it, so that
//! its results do not depend on units.

use crate::numerics::{Point, Shape, WorkToken};
use crate::problem::{Coordinate, Metadata, Problem};

/// Least span of a follower's objective as a share of its median span, and the samples in each direction behind that
/// median.
const FLOOR: f64 = 0.02;
const SAMPLES: usize = 16;
/// The largest number of variables for which the spans and answers of a problem are sampled.
pub(super) const LARGE: usize = 500;

/// Search range of every variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Region {
    shape: Shape,
    ranges: Vec<[f64; 2]>,
    is_closed: Vec<[bool; 2]>,
}

impl Region {
    /// The region made of the box of each variable, or of what its pictures show.
    pub(super) fn picture(metadata: &Metadata) -> Self {
        let coordinates = metadata.coordinates();
        let limits = |at: &Coordinate| metadata.bounds.limits(at.level)[at.index];
        Self {
            shape: metadata.shape(),
            ranges: coordinates
                .iter()
                .map(|at| within(limits(at), metadata.range(*at)))
                .collect(),
            is_closed: coordinates
                .iter()
                .map(|at| limits(at).map(f64::is_finite))
                .collect(),
        }
    }

    /// A region of the same shape with other ranges.
    pub(super) fn over(mut self, ranges: &[[f64; 2]]) -> Self {
        self.ranges.copy_from_slice(ranges);
        self
    }

    /// The ranges of a level's variables.
    pub(crate) fn ranges(&self, level: usize) -> &[[f64; 2]] {
        &self.ranges[self.shape.range(level)]
    }

    /// Flags of the range ends that are ends of the box.
    pub(crate) fn is_closed(&self, level: usize) -> &[[bool; 2]] {
        &self.is_closed[self.shape.range(level)]
    }

    /// The widths of the ranges of a level's variables.
    pub(crate) fn widths(&self, level: usize) -> impl Iterator<Item = f64> {
        // a variable fixed by its box has no width
        let width = |[low, high]: &[f64; 2]| if low < high { high - low } else { 1.0 };
        self.ranges(level).iter().map(width)
    }

    /// True if the box bounds every variable of a level on both sides.
    pub(crate) fn is_boxed(&self, level: usize) -> bool {
        self.is_closed(level).iter().flatten().all(|closed| *closed)
    }

    /// Fills `block` with member `number` of a sequence that covers a level's region evenly.
    pub(crate) fn spread(&self, level: usize, number: usize, block: &mut [f64]) {
        for (i, (value, [low, high])) in block.iter_mut().zip(self.ranges(level)).enumerate() {
            // multiples of the golden ratio fill an interval evenly, and square roots serve the other axes
            let step = if i == 0 {
                0.618_033_988_749_895
            } else {
                ((i + 1) as f64 + 0.5).sqrt()
            };
            let share = (0.5 + step * number as f64).fract();
            *value = low + share * (high - low);
        }
    }

    /// Largest distance of two blocks of a level in any variable, as a share of its width.
    pub(crate) fn distance(&self, level: usize, a: &[f64], b: &[f64]) -> f64 {
        let pairs = a.iter().zip(b).zip(self.widths(level));
        pairs
            .map(|((a, b), width)| (a - b).abs() / width)
            .fold(0.0, f64::max)
    }

    /// The same distance over the leading variables of a point.
    pub(crate) fn apart(&self, a: &[f64], b: &[f64]) -> f64 {
        let pairs = a.iter().zip(b).zip(&self.ranges);
        let away = |((a, b), [low, high]): ((&f64, &f64), &[f64; 2])| {
            (a - b).abs() / if low < high { high - low } else { 1.0 }
        };
        pairs.map(away).fold(0.0, f64::max)
    }

    /// True if the leading variables of two points are nowhere farther apart than a share of the widths.
    pub(crate) fn is_within(&self, a: &[f64], b: &[f64], share: f64) -> bool {
        let mut pairs = a.iter().zip(b).zip(&self.ranges);
        pairs.all(|((a, b), [low, high])| {
            (a - b).abs() <= share * if low < high { high - low } else { 1.0 }
        })
    }

    /// The same distance over the blocks of all levels from `level` on.
    pub(crate) fn distance_from(&self, level: usize, a: &Point, b: &Point) -> f64 {
        (level..=self.shape.levels())
            .map(|level| self.distance(level, &a[level], &b[level]))
            .fold(0.0, f64::max)
    }
}

/// The range of the box, its open ends taken from the picture.
fn within(limits: [f64; 2], shown: [f64; 2]) -> [f64; 2] {
    let width = shown[1] - shown[0];
    let [low, high] = [0, 1].map(|end| {
        if limits[end].is_finite() {
            limits[end]
        } else {
            shown[end]
        }
    });
    // a picture may lie outside the box
    match limits.map(f64::is_finite) {
        [true, false] if low >= high => [low, low + width],
        [false, true] if low >= high => [high - width, high],
        _ => [low, high],
    }
}

/// A quartile this many times as far above the least value as the next lower one is on a wall.
const STEEP: f64 = 1e4;

/// Robust range of the finite values: from the least to the third quartile, since an objective may grow without bound
/// towards an end or a barrier; if these are equal, from the least to the greatest.
pub(crate) fn span(values: impl Iterator<Item = f64>) -> f64 {
    quartiles(values).map_or(0.0, |[_, _, third, whole]| third.or(whole).unwrap_or(0.0))
}

/// Like [`span`], for values without errors of solutions: up to a lower quartile, if the objective grows without bound
/// over half of the samples.
pub(super) fn span_of_exact(values: impl Iterator<Item = f64>) -> f64 {
    let Some([first, second, third, whole]) = quartiles(values) else {
        return 0.0;
    };
    let mut usual = third;
    for lower in [second, first].into_iter().flatten() {
        usual = usual
            .filter(|usual| *usual <= STEEP * lower)
            .or(Some(lower));
    }
    usual.or(whole).unwrap_or(0.0)
}

/// The three quartiles and the greatest of the finite values, above the least one and beyond rounding.
fn quartiles(values: impl Iterator<Item = f64>) -> Option<[Option<f64>; 4]> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_unstable_by(f64::total_cmp);
    let least = *values.first()?;
    Some([1, 2, 3, 4].map(|number| {
        let value = values[(values.len() * number / 4).min(values.len() - 1)];
        // the rounding is that of the two values and not of the greatest of all
        let rounding = 64.0 * f64::EPSILON * least.abs().max(value.abs());
        (value - least > rounding).then_some(value - least)
    }))
}

/// Least span of each follower's objective, from level 2 on: [`FLOOR`] times its median span. Where the objective is
/// nearly constant, gaps are measured against it.
pub(super) fn floors(problem: &dyn Problem, region: &Region, token: &WorkToken) -> Vec<f64> {
    let shape = problem.metadata().shape();
    if shape.total() > LARGE {
        return vec![0.0; shape.levels() - 1];
    }
    let mut point = problem.metadata().start.clone();
    let mut floor = |level: usize| {
        let mut spans: Vec<f64> = (0..SAMPLES)
            .map(|number| {
                for above in 1..level {
                    region.spread(above, number, &mut point[above]);
                }
                let values = (0..SAMPLES).map(|number| {
                    region.spread(level, number, &mut point[level]);
                    problem.value(level, &point, token)
                });
                span_of_exact(values)
            })
            .collect();
        spans.sort_unstable_by(f64::total_cmp);
        FLOOR * spans[SAMPLES / 2]
    };
    (2..=shape.levels()).map(&mut floor).collect()
}

#[cfg(test)]
mod tests {
    use super::{span_of_exact, within};

    #[test]
    fn a_span_is_measured_beside_barriers_and_walls() {
        let of = |value: fn(f64) -> f64| {
            span_of_exact((0..64).map(|place| value(f64::from(place) / 32.0 - 1.0)))
        };
        let parabola = of(|y| y * y);
        assert!((0.3..1.0).contains(&parabola));
        // a sample on a pole, a wall over half of the range, and an exponential over more
        let barrier = of(|y| y * y + 1e-2 / (y * y + 1e-30));
        assert!((0.5..2.0).contains(&(barrier / parabola)), "{barrier}");
        let wall = of(|y| y * y + 1e12 * (-y).max(0.0).powi(2));
        assert!((0.01..1.0).contains(&wall), "{wall}");
        let steep = of(|y| y * y + (-40.0 * (y + 0.2)).exp());
        assert!((0.01..1.0).contains(&steep), "{steep}");
        assert_eq!((of(|_| 3.0), of(|_| f64::NAN)), (0.0, 0.0));
    }

    #[test]
    fn a_range_is_the_box_and_where_there_is_none_the_picture() {
        let open = [f64::NEG_INFINITY, f64::INFINITY];
        assert_eq!(within([-1.0, 2.0], [0.0, 9.0]), [-1.0, 2.0]);
        assert_eq!(within(open, [0.0, 9.0]), [0.0, 9.0]);
        assert_eq!(within([0.0, f64::INFINITY], [-2.0, 9.0]), [0.0, 9.0]);
        assert_eq!(within([20.0, f64::INFINITY], [-2.0, 8.0]), [20.0, 30.0]);
        assert_eq!(within([f64::NEG_INFINITY, -9.0], [0.0, 4.0]), [-13.0, -9.0]);
    }
}
