//! Jumps of an objective along lines through the searched region.
//!
//! An interval between two samples whose slopes do not explain the difference of their values is halved towards what they
//! leave unexplained. At a jump that is left whatever the interval's length, and the values on both sides stay.

use super::lines::{RegionLine, lines, places_inside};
use super::region::Region;
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{Obstacle, ObstacleKind, Problem};

/// The lines through the region in all, and the fewest along each variable.
const LINES: [usize; 2] = [256, 4];
/// Halvings of an interval that may hold a jump, the last of them, and the largest change over these of the height of a
/// jump and of the values on both sides, as a share of the height.
const HALVINGS: usize = 40;
const LAST: usize = 6;
const KEPT: f64 = 0.1;
/// The least height of a jump, as a share of the range of values on its line.
const LEAST: f64 = 1e-7;
/// A jump is higher than this many units in the last place of the values on its line.
const ROUNDING: f64 = 64.0;
/// The place of cuts, as a share: not a round one, where formulas may be undefined.
const SHARE: f64 = 0.45;

/// A jump of a level's objective along its own or deeper variables; `None` if none is found.
pub(super) fn objective_jump(
    problem: &dyn Problem,
    region: &Region,
    level: usize,
    token: &WorkToken,
) -> Option<Obstacle> {
    let shape = problem.metadata().shape();
    for line in lines(problem, region, level..=shape.levels(), LINES) {
        if token.is_cancelled() {
            return None;
        }
        let RegionLine {
            variable, through, ..
        } = line;
        let range = region.ranges(variable.0)[variable.1];
        let mut line = JumpLine {
            problem,
            level,
            variable,
            at: through,
            gradient: Point::zeros(shape),
            token,
        };
        if line.jumps(range) {
            return Some(Obstacle {
                level,
                kind: ObstacleKind::Jump,
                at: line.at,
            });
        }
    }
    None
}

/// Sample of an objective on a line: the variable, the value and its slope.
type Sample = [f64; 3];

/// An objective along one variable.
struct JumpLine<'a> {
    problem: &'a dyn Problem,
    level: usize,
    variable: (usize, usize),
    at: Point,
    gradient: Point,
    token: &'a WorkToken,
}

impl JumpLine<'_> {
    fn sample(&mut self, place: f64) -> Sample {
        let (block, index) = self.variable;
        self.at[block][index] = place;
        let wrt = Levels::only(block);
        let value =
            self.problem
                .value_and_grad(self.level, &self.at, wrt, &mut self.gradient, self.token);
        [place, value, self.gradient[block][index]]
    }

    /// True if the objective jumps; the point is then beside the place.
    fn jumps(&mut self, range: [f64; 2]) -> bool {
        let places = places_inside(range).into_iter();
        let samples: Vec<Sample> = places.map(|place| self.sample(place)).collect();
        let values = samples.iter().map(|sample| sample[1]);
        let [least, most] = values
            .filter(|value| value.is_finite())
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
                [low.min(value), high.max(value)]
            });
        let mut pairs = samples.windows(2);
        pairs.any(|pair| self.jumps_between([pair[0], pair[1]], [least, most]))
    }

    /// True if the objective jumps between two samples on a line with this least and greatest value.
    fn jumps_between(
        &mut self,
        [mut left, mut right]: [Sample; 2],
        [least, most]: [f64; 2],
    ) -> bool {
        let range = most - least;
        // where the line is almost flat, the last digits of values jump
        let rounding = ROUNDING * f64::EPSILON * least.abs().max(most.abs());
        let height = (LEAST * range).max(rounding);
        let mut missed = unexplained(left, right);
        let mut before = [missed, left[1], right[1]];
        for step in 0..HALVINGS {
            // NaN where a value is undefined
            if missed.is_nan() || missed <= height {
                return false;
            }
            let middle = self.sample(left[0] + SHARE * (right[0] - left[0]));
            let halves = [unexplained(left, middle), unexplained(middle, right)];
            if halves[0] > halves[1] {
                right = middle;
            } else {
                left = middle;
            }
            missed = halves[0].max(halves[1]);
            if step == HALVINGS - LAST {
                before = [missed, left[1], right[1]];
            }
        }
        // beside the pole of a logarithm the height is kept, but not the values; beside that of a power rounding looks like a
        // jump
        let now = [missed, left[1], right[1]];
        let is_usual = |value: &f64| (least - range..=most + range).contains(value);
        missed > height
            && now[1..].iter().all(is_usual)
            && (before.iter().zip(now)).all(|(before, now)| (now - before).abs() <= KEPT * missed)
    }
}

/// The part of a difference of values that the slopes at both ends do not explain.
fn unexplained(left: Sample, right: Sample) -> f64 {
    let promised = 0.5 * (left[2] + right[2]) * (right[0] - left[0]);
    (right[1] - left[1] - promised).abs()
}
