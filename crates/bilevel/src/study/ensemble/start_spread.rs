//! Several starts at once: on a grid, on a ring, or at random, over a plane or over the whole box.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use crate::numerics::{Point, rounded};
use crate::problem::{Coordinate, Metadata};

/// The shape in which starts are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpreadPattern {
    /// The centres of equal cells: `count` along each variable.
    #[default]
    Grid,
    /// `count` points on the largest ellipse that leaves a tenth of the range free on each side; for two variables.
    Ring,
    /// `count` uniformly distributed points, which a seed repeats.
    Random,
}

/// A spread of starts over the ranges of some variables. All other variables have the values of a base point.
#[derive(Clone, Debug, PartialEq)]
pub struct StartSpread {
    /// The shape.
    pub pattern: SpreadPattern,
    /// The number of starts, or of a grid's starts along each variable.
    pub count: usize,
    /// The seed of random starts.
    pub seed: u64,
    /// The variables with their ranges.
    pub axes: Vec<(Coordinate, [f64; 2])>,
}

/// The significant digits of a start's variables, relative to the width of their range, so that a file has short rows.
const DIGITS: usize = 4;
/// The share of a range from its middle to the ring.
const RADIUS: f64 = 0.4;

impl StartSpread {
    /// The variables of a plane with its ranges, as far as they are inside the box.
    pub fn over_plane(
        metadata: &Metadata,
        axes: [Coordinate; 2],
        range: [[f64; 2]; 2],
    ) -> Vec<(Coordinate, [f64; 2])> {
        let inside = |(axis, [low, high]): (Coordinate, [f64; 2])| {
            let [least, most] = metadata.bounds.limits(axis.level)[axis.index];
            let low = low.clamp(least, most);
            (axis, [low, high.clamp(low, most)])
        };
        axes.into_iter().zip(range).map(inside).collect()
    }

    /// All variables over the box; an unbounded one over the range that pictures show.
    pub fn over_box(metadata: &Metadata) -> Vec<(Coordinate, [f64; 2])> {
        let all = metadata.coordinates().into_iter();
        all.map(|axis| (axis, metadata.start_range(axis))).collect()
    }

    /// The number of starts of a pattern over some number of variables; the greatest number instead of an overflow.
    pub fn len(pattern: SpreadPattern, count: usize, variables: usize) -> usize {
        match pattern {
            SpreadPattern::Grid => {
                let variables = u32::try_from(variables).unwrap_or(u32::MAX);
                count.saturating_pow(variables)
            }
            SpreadPattern::Ring | SpreadPattern::Random => count,
        }
    }

    /// The starts. The caller asks for a number that it can hold.
    pub fn starts(&self, base: &Point) -> Vec<Point> {
        let count = Self::len(self.pattern, self.count, self.axes.len());
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let mut start = |number: usize| {
            let mut start = base.clone();
            for (place, &(axis, [low, high])) in self.axes.iter().enumerate() {
                let share = match self.pattern {
                    SpreadPattern::Grid => self.share_of_cell(number, place),
                    SpreadPattern::Ring => self.share_of_ring(number, place),
                    SpreadPattern::Random => f64::from(random.next_u32()) / f64::from(u32::MAX),
                };
                start[axis.level][axis.index] =
                    short_value(low + share * (high - low), [low, high]);
            }
            start
        };
        (0..count).map(&mut start).collect()
    }

    /// The position of a grid's start along a variable, as a share of its range.
    fn share_of_cell(&self, number: usize, place: usize) -> f64 {
        // the first variable changes fastest
        let row = (0..place).fold(number, |rest, _| rest / self.count);
        ((row % self.count) as f64 + 0.5) / self.count as f64
    }

    /// The position of a ring's start along a variable; the first start is on the right, and they go round to the left.
    fn share_of_ring(&self, number: usize, place: usize) -> f64 {
        let angle = std::f64::consts::TAU * number as f64 / self.count as f64;
        let offset = match place {
            0 => angle.cos(),
            1 => angle.sin(),
            _ => 0.0,
        };
        0.5 + RADIUS * offset
    }
}

/// A value with few decimals, relative to the width of its range, and inside of it.
fn short_value(value: f64, [low, high]: [f64; 2]) -> f64 {
    let width = high - low;
    if !(width.is_finite() && width > 0.0) {
        return value;
    }
    let unit = 10.0_f64.powf(width.log10().floor() - (DIGITS - 1) as f64);
    // a multiple of the unit has many decimals again by rounding
    let steps = (value / unit).round();
    let digits = steps.abs().max(1.0).log10().floor() as usize + 1;
    rounded(steps * unit, digits).clamp(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, Settings};

    fn spread(pattern: SpreadPattern, count: usize) -> (StartSpread, Point) {
        let entry = problem::find("pbgd").unwrap();
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let metadata = problem.metadata();
        let plane = metadata.plane(None);
        let axes = [plane.horizontal, plane.vertical];
        let spread = StartSpread {
            pattern,
            count,
            seed: 7,
            axes: StartSpread::over_plane(metadata, axes, [[-1.0, 1.0], [0.0, 1.0]]),
        };
        (spread, metadata.start.clone())
    }

    fn values(starts: &[Point]) -> Vec<Vec<f64>> {
        starts.iter().map(|start| start.values().to_vec()).collect()
    }

    #[test]
    fn a_grid_has_the_centres_of_its_cells_inside_the_box() {
        let (spread, base) = spread(SpreadPattern::Grid, 2);
        // the box of x is 0 to 3
        assert_eq!(spread.axes[0].1, [0.0, 1.0]);
        assert_eq!(
            values(&spread.starts(&base)),
            [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
        );
    }

    #[test]
    fn a_ring_begins_on_the_right_and_goes_round() {
        let (spread, base) = spread(SpreadPattern::Ring, 4);
        assert_eq!(
            values(&spread.starts(&base)),
            [[0.9, 0.5], [0.5, 0.9], [0.1, 0.5], [0.5, 0.1]]
        );
    }

    #[test]
    fn random_starts_repeat_with_their_seed_and_have_short_rows() {
        let (one, base) = spread(SpreadPattern::Random, 50);
        let starts = values(&one.starts(&base));
        assert_eq!(starts, values(&one.starts(&base)));
        // more of them begin with the same ones
        let more = StartSpread {
            count: 60,
            ..one.clone()
        };
        assert_eq!(starts, values(&more.starts(&base))[..50]);
        let other = StartSpread { seed: 8, ..one };
        assert_ne!(starts, values(&other.starts(&base)));
        for value in starts.iter().flatten() {
            assert!((0.0..=1.0).contains(value));
            assert!(format!("{value}").len() <= 6, "{value}");
        }
        let mean = starts.iter().map(|start| start[0]).sum::<f64>() / 50.0;
        assert!((mean - 0.5).abs() < 0.15, "{mean}");
    }

    #[test]
    fn the_number_of_starts_of_a_grid_grows_with_its_variables() {
        assert_eq!(StartSpread::len(SpreadPattern::Grid, 3, 6), 729);
        assert_eq!(StartSpread::len(SpreadPattern::Random, 3, 6), 3);
        assert_eq!(StartSpread::len(SpreadPattern::Grid, 10, 300), usize::MAX);
    }

    #[test]
    fn the_box_of_an_unbounded_problem_is_the_range_of_its_pictures() {
        let coreset = problem::find("coreset").unwrap().instance();
        let axes = StartSpread::over_box(coreset.metadata());
        assert_eq!(axes.len(), 6);
        let is_finite =
            |(_, [low, high]): &(Coordinate, [f64; 2])| low < high && (high - low).is_finite();
        assert!(axes.iter().all(is_finite));
    }
}
