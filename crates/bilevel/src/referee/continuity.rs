//! Jumps of the objectives of a problem along lines through its searched region, and poles of the followers'.
//!
//! Searches follow slopes, which do not show a jump: `floor(y)` has slope 0 beside each of them. A problem whose
//! objectives jump therefore has no minima or lower-level solutions that the referee could vouch for. A follower whose
//! objective falls without bound has no solution; poles of the leader's objective may be nowhere near the lower
//! levels' solutions, and are searched for along these.

use super::poles;
use super::region::{LARGE, Region};
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{Discontinuity, DiscontinuityKind, Problem};

/// The lines through the region in all, the fewest along each variable, and the intervals of a line.
const LINES: usize = 256;
const FEWEST: usize = 4;
const INTERVALS: usize = 48;
/// Halvings of an interval that may hold a jump, the last of them, and the largest change over these of the height of a
/// jump and of the values on both sides, as a share of the height.
const HALVINGS: usize = 40;
const LAST: usize = 6;
const KEPT: f64 = 0.1;
/// The least height of a jump, as a share of the range of values on its line.
const LEAST: f64 = 1e-7;
/// Places of samples and of cuts, as shares: not round ones, where formulas may be undefined.
const OFFSET: f64 = 0.137;
const SHARE: f64 = 0.45;

/// The innermost level whose objective is found to jump or, below the leader, to fall without bound, with a place;
/// `None` if none is found, and once the token is cancelled. Levels below the leader jump if they do so along their
/// own or deeper variables, since those above are fixed for them.
pub(crate) fn discontinuity(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> Option<Discontinuity> {
    let kept = problem.discontinuity()?;
    if let Some(known) = kept.get() {
        return known.clone();
    }
    let levels = (1..=problem.metadata().shape().levels()).rev();
    let found = levels.into_iter().find_map(|level| {
        let pole = (level > 1).then(|| poles::pole(problem, region, level, token));
        pole.flatten()
            .or_else(|| jump(problem, region, level, token))
    });
    if token.is_cancelled() {
        return None;
    }
    kept.get_or_init(|| found).clone()
}

/// True if no lower level's objective is found to jump or to fall without bound.
pub(crate) fn are_answers_continuous(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> bool {
    discontinuity(problem, region, token).is_none_or(|found| found.level == 1)
}

/// A jump of a level's objective along its own or deeper variables; `None` if none is found.
fn jump(
    problem: &dyn Problem,
    region: &Region,
    level: usize,
    token: &WorkToken,
) -> Option<Discontinuity> {
    let shape = problem.metadata().shape();
    if shape.total() > LARGE {
        return None;
    }
    let own = level..=shape.levels();
    let variables: Vec<(usize, usize)> = own
        .flat_map(|block| (0..shape.size(block)).map(move |index| (block, index)))
        .collect();
    let each = (LINES / variables.len()).max(FEWEST);
    for (place, &(block, index)) in variables.iter().enumerate() {
        for number in 0..each {
            if token.is_cancelled() {
                return None;
            }
            let mut at = problem.metadata().start.clone();
            for block in 1..=shape.levels() {
                region.spread(block, place + number * variables.len(), &mut at[block]);
            }
            let mut line = Line {
                problem,
                level,
                variable: (block, index),
                at,
                gradient: Point::zeros(shape),
                token,
            };
            if line.jumps(region.ranges(block)[index]) {
                return Some(Discontinuity {
                    level,
                    kind: DiscontinuityKind::Jump,
                    at: line.at,
                });
            }
        }
    }
    None
}

/// Sample of an objective on a line: the variable, the value and its slope.
type Sample = [f64; 3];

/// An objective along one variable.
struct Line<'a> {
    problem: &'a dyn Problem,
    level: usize,
    variable: (usize, usize),
    at: Point,
    gradient: Point,
    token: &'a WorkToken,
}

impl Line<'_> {
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
    fn jumps(&mut self, [low, high]: [f64; 2]) -> bool {
        let inner = (0..INTERVALS)
            .map(|number| low + (high - low) * (number as f64 + OFFSET) / INTERVALS as f64);
        let places: Vec<f64> = [low].into_iter().chain(inner).chain([high]).collect();
        let samples: Vec<Sample> = places.into_iter().map(|place| self.sample(place)).collect();
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
        let height = LEAST * range;
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
