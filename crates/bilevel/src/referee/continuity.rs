//! Jumps of the objectives of a problem, and poles of the followers', along lines through its searched region.
//!
//! Searches follow slopes, which do not show a jump: `floor(y)` has slope 0 beside each of them. A problem whose
//! objectives jump therefore has no minima or lower-level solutions that the referee could vouch for.

use super::region::{LARGE, Region};
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{ObjectiveJump, Problem};

/// The lines through the region in all, the fewest along each variable, and the intervals of a line.
const LINES: usize = 256;
const FEWEST: usize = 4;
const INTERVALS: usize = 48;
/// Halvings of an interval that may hold a jump. A jump keeps its height over the last of them; at a pole the height
/// grows with each.
const HALVINGS: usize = 40;
const LAST: usize = 6;
const KEPT: f64 = 0.1;
/// The least height of a jump, as a share of the range of values on its line.
const LEAST: f64 = 1e-7;
/// Places of samples and of cuts, as shares: not round ones, where formulas may be undefined.
const OFFSET: f64 = 0.137;
const SHARE: f64 = 0.45;

/// The innermost level whose objective is found to jump or to fall without bound, with a place; `None` if none is found, and once the token is
/// cancelled. Levels below the leader jump if they do so along their own or deeper variables, since those above are
/// fixed for them.
pub(crate) fn jump(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> Option<ObjectiveJump> {
    let kept = problem.jump()?;
    if let Some(known) = kept.get() {
        return known.clone();
    }
    let found = (1..=problem.metadata().shape().levels())
        .rev()
        .find_map(|level| jump_of(problem, region, level, token));
    if token.is_cancelled() {
        return None;
    }
    kept.get_or_init(|| found).clone()
}

/// True if no lower level's objective is found to jump.
pub(crate) fn are_answers_continuous(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> bool {
    jump(problem, region, token).is_none_or(|found| found.level == 1)
}

fn jump_of(
    problem: &dyn Problem,
    region: &Region,
    level: usize,
    token: &WorkToken,
) -> Option<ObjectiveJump> {
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
            let found = line.jumps(region.ranges(block)[index]);
            // a pole of the leader's objective may be nowhere near the lower levels' solutions
            if found == Some(false) || found == Some(true) && level > 1 {
                return Some(ObjectiveJump {
                    level,
                    at: line.at,
                    is_pole: found == Some(true),
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

    /// False for a jump, true for a pole at which the objective falls without bound; the point is then beside it. `None`
    /// if there is neither.
    fn jumps(&mut self, [low, high]: [f64; 2]) -> Option<bool> {
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
        let height = LEAST * (most - least);
        let mut pairs = samples.windows(2);
        pairs.find_map(|pair| self.jumps_between([pair[0], pair[1]], height, least))
    }

    fn jumps_between(
        &mut self,
        [mut left, mut right]: [Sample; 2],
        height: f64,
        least: f64,
    ) -> Option<bool> {
        let mut missed = [unexplained(left, right); 2];
        for step in 0..HALVINGS {
            // NaN where a value is undefined
            if missed[1].is_nan() || missed[1] <= height {
                return None;
            }
            let middle = self.sample(left[0] + SHARE * (right[0] - left[0]));
            let halves = [unexplained(left, middle), unexplained(middle, right)];
            if halves[0] > halves[1] {
                right = middle;
            } else {
                left = middle;
            }
            missed[1] = halves[0].max(halves[1]);
            if step == HALVINGS - LAST {
                missed[0] = missed[1];
            }
        }
        if missed[1].is_nan() || missed[1] <= height {
            return None;
        }
        if (missed[1] - missed[0]).abs() <= KEPT * missed[1] {
            return Some(false);
        }
        let depth = least - left[1].min(right[1]);
        (missed[1] > missed[0] && depth * LEAST > height).then_some(true)
    }
}

/// The part of a difference of values that the slopes at both ends do not explain.
fn unexplained(left: Sample, right: Sample) -> f64 {
    let promised = 0.5 * (left[2] + right[2]) * (right[0] - left[0]);
    (right[1] - left[1] - promised).abs()
}
