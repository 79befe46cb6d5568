//! The reaction curve y*(x) over the leader's only variable, split at its jumps; slices of levels are split likewise.

use crate::numerics::{Point, WorkToken};
use crate::problem::{Coordinate, Problem};
use crate::referee::Referee;

/// The share of the height by which neighboring solutions must differ for a search for a jump between them.
const JUMP: f64 = 0.05;
/// The number of sections of the interval between them, and the share at which it is cut: not the middle, since
/// symmetric problems jump there, and at the jump itself the follower may be indifferent.
const SECTIONS: usize = 40;
const SHARE: f64 = 0.45;
/// A piece narrower than this share of the curve is a sample that fell on a jump.
const POINT: f64 = 1e-9;

/// The branches of the reaction curve in a plane of the leader's only variable and one of a level below.
///
/// Empty in other planes, and if the follower does not determine the coordinate. Split at jumps of the solution, and
/// clipped to the leader's box.
pub fn reaction_curve(
    problem: &dyn Problem,
    axes: [Coordinate; 2],
    range: [[f64; 2]; 2],
    samples: usize,
    token: &WorkToken,
) -> Vec<Vec<[f64; 2]>> {
    let upper = axes.iter().position(|axis| axis.level == 1);
    let lower = axes.iter().position(|axis| axis.level != 1);
    let (Some(upper), Some(lower)) = (upper, lower) else {
        return Vec::new();
    };
    let referee = Referee::new(problem, token);
    let answer = |x: f64| {
        let mut point = problem.metadata().start.clone();
        point[1][0] = x;
        let answered = referee.answered(&point)?;
        let y = answered[axes[lower].level][axes[lower].index];
        is_fixed(problem, &answered, axes[lower], token).then(|| CurveSample {
            x,
            answer: vec![y],
            shown: y,
        })
    };
    let samples = leaders_samples(problem, range[upper], samples, &answer, token);
    let least = JUMP * (range[lower][1] - range[lower][0]);
    pieces(&samples, least, &answer, token)
        .into_iter()
        .map(|piece| {
            let place = |[x, y]: [f64; 2]| if upper == 0 { [x, y] } else { [y, x] };
            piece.into_iter().map(place).collect()
        })
        .collect()
}

/// Joins samples to curves, split at jumps. The height that jumps are compared with is that of all solutions, since no
/// picture gives one.
pub(crate) fn cut_at_jumps(
    samples: &[Option<CurveSample>],
    answer: &impl Fn(f64) -> Option<CurveSample>,
    token: &WorkToken,
) -> Vec<Vec<[f64; 2]>> {
    let numbers = samples.iter().flatten().map(|sample| sample.answer.len());
    let heights = (0..numbers.max().unwrap_or(0)).map(|i| {
        let answers = samples.iter().flatten().map(|sample| sample.answer[i]);
        let [low, high] = answers.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], y| {
            [low.min(y), high.max(y)]
        });
        high - low
    });
    let least = JUMP * heights.fold(0.0, f64::max);
    pieces(samples, least, answer, token)
}

/// The lower-level solution at one x, and the number that the curve shows there.
#[derive(Clone, Debug)]
pub(crate) struct CurveSample {
    pub(crate) x: f64,
    pub(crate) answer: Vec<f64>,
    pub(crate) shown: f64,
}

impl CurveSample {
    fn place(&self) -> [f64; 2] {
        [self.x, self.shown]
    }

    /// The distance between two solutions in the maximum norm.
    fn distance(&self, other: &Self) -> f64 {
        let pairs = self.answer.iter().zip(&other.answer);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

/// Samples over the leader's only variable; none if it has several.
fn leaders_samples(
    problem: &dyn Problem,
    range: [f64; 2],
    count: usize,
    answer: &impl Fn(f64) -> Option<CurveSample>,
    token: &WorkToken,
) -> Vec<Option<CurveSample>> {
    let metadata = problem.metadata();
    if metadata.shape().size(1) != 1 {
        return Vec::new();
    }
    sample(metadata.bounds.limits(1)[0], range, count, answer, token)
}

/// Samples spaced evenly over the part of a range within a variable's limits; none once the token is cancelled.
pub(crate) fn sample(
    [least, most]: [f64; 2],
    [low, high]: [f64; 2],
    count: usize,
    answer: &impl Fn(f64) -> Option<CurveSample>,
    token: &WorkToken,
) -> Vec<Option<CurveSample>> {
    let (low, high) = (low.max(least), high.min(most));
    let count = count.max(2);
    let mut samples = Vec::with_capacity(count);
    for number in 0..count {
        if token.is_cancelled() || low > high {
            return Vec::new();
        }
        let x = low + (high - low) * number as f64 / (count - 1) as f64;
        samples.push(answer(x));
    }
    samples
}

/// Joins samples to curves, split at jumps larger than `least`.
fn pieces(
    samples: &[Option<CurveSample>],
    least: f64,
    answer: &impl Fn(f64) -> Option<CurveSample>,
    token: &WorkToken,
) -> Vec<Vec<[f64; 2]>> {
    let mut pieces: Vec<Vec<[f64; 2]>> = vec![Vec::new()];
    let mut before: Option<(usize, &CurveSample)> = None;
    for (number, here) in samples.iter().enumerate() {
        let Some(here) = here else {
            continue;
        };
        if token.is_cancelled() {
            return Vec::new();
        }
        let jump = before.and_then(|(last, left)| {
            // one sample may fall exactly on a jump, where the follower is indifferent
            if number - last > 2 {
                Some([left.clone(), here.clone()])
            } else if here.distance(left) > least {
                find_jump(left.clone(), here.clone(), least, answer)
            } else {
                None
            }
        });
        if let Some([left, right]) = jump {
            if let Some(piece) = pieces.last_mut() {
                piece.push(left.place());
            }
            pieces.push(vec![right.place()]);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(here.place());
        }
        before = Some((number, here));
    }
    let width = |piece: &[[f64; 2]]| match piece {
        [first, .., last] => last[0] - first[0],
        _ => 0.0,
    };
    let whole: f64 = pieces.iter().map(|piece| width(piece)).sum();
    pieces.retain(|piece| width(piece) > POINT * whole);
    pieces
}

/// The two sides of a jump between two samples; `None` if the solution is only steep.
fn find_jump(
    mut left: CurveSample,
    mut right: CurveSample,
    least: f64,
    answer: &impl Fn(f64) -> Option<CurveSample>,
) -> Option<[CurveSample; 2]> {
    for _ in 0..SECTIONS {
        let Some(between) = answer(left.x + SHARE * (right.x - left.x)) else {
            break;
        };
        if between.distance(&left) < between.distance(&right) {
            left = between;
        } else {
            right = between;
        }
        if right.distance(&left) < least {
            return None;
        }
    }
    Some([left, right])
}

/// True if the innermost level determines a coordinate of its solution: changing it worsens the objective. Coordinates
/// of intermediate levels are assumed to be determined.
fn is_fixed(
    problem: &dyn Problem,
    answered: &Point,
    coordinate: Coordinate,
    token: &WorkToken,
) -> bool {
    let level = answered.shape().levels();
    if coordinate.level != level {
        return true;
    }
    let best = problem.value(level, answered, token);
    let mut moved = answered.clone();
    [-0.1, 0.1].into_iter().any(|step| {
        moved[level][coordinate.index] = answered[level][coordinate.index] + step;
        problem.value(level, &moved, token) > best
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, Settings};
    use std::f64::consts::{FRAC_PI_2, PI, TAU};
    use std::sync::Arc;

    const UPPER: Coordinate = Coordinate { level: 1, index: 0 };
    const LOWER: Coordinate = Coordinate { level: 2, index: 0 };
    const FREE: Coordinate = Coordinate { level: 2, index: 1 };

    fn problem(id: &str) -> Arc<dyn Problem> {
        let entry = problem::find(id).unwrap();
        (entry.build)(&Settings::new(entry.parameters))
    }

    #[test]
    fn the_answer_in_the_minimax_game_jumps_from_one_edge_of_the_box_to_the_other() {
        let token = WorkToken::default();
        let range = [[-6.0, 6.0], [-11.0, 11.0]];
        let branches = reaction_curve(&*problem("minimax"), [UPPER, LOWER], range, 200, &token);
        assert_eq!(branches.len(), 2);
        assert!(branches[0].iter().all(|[x, y]| *x < 1e-6 && *y == -10.0));
        assert!(branches[1].iter().all(|[x, y]| *x > -1e-6 && *y == 10.0));
        let last = branches[0].last().unwrap();
        assert!(
            last[0].abs() < 1e-6,
            "the jump is found at 0, not somewhere between samples: {last:?}"
        );
        let odd = reaction_curve(&*problem("minimax"), [UPPER, LOWER], range, 201, &token);
        assert_eq!(odd.len(), 2, "a sample at the jump does not hide it");
        assert!(odd[0].last().unwrap()[0].abs() < 1e-6);
    }

    #[test]
    fn a_coordinate_that_the_follower_leaves_free_has_no_reaction_curve() {
        let token = WorkToken::default();
        let range = [[-1.0, 2.0], [-1.0, 2.0]];
        let problem = problem("degenerate");
        let branches = reaction_curve(&*problem, [UPPER, LOWER], range, 100, &token);
        assert_eq!(branches.len(), 1);
        assert!(branches[0].iter().all(|[v, t]| v == t));
        assert!(reaction_curve(&*problem, [UPPER, FREE], range, 100, &token).is_empty());
        assert!(reaction_curve(&*problem, [LOWER, FREE], range, 100, &token).is_empty());
    }

    #[test]
    fn the_reaction_curve_ends_at_the_leaders_box() {
        let token = WorkToken::default();
        let range = [[-2.0, 5.0], [-4.0, 4.0]];
        let branches = reaction_curve(&*problem("pbgd"), [UPPER, LOWER], range, 100, &token);
        assert_eq!(branches.len(), 1);
        assert_eq!(branches[0][0], [0.0, -0.0]);
        assert_eq!(branches[0].last(), Some(&[3.0, -3.0]));
        assert!(branches[0].iter().all(|[x, y]| *x == -y));
    }

    #[test]
    fn of_the_answers_in_a_wave_the_reaction_curve_follows_the_leaders_favourite() {
        let token = WorkToken::default();
        let range = [[-6.0, 8.0], [-4.0, 12.0]];
        let branches = reaction_curve(&*problem("sine"), [UPPER, LOWER], range, 300, &token);
        assert_eq!(branches.len(), 3);
        for [x, y] in branches.iter().flatten() {
            let phase = (x + y - 2.0 + FRAC_PI_2) / TAU;
            assert!(
                (phase - phase.round()).abs() < 1e-12,
                "a trough at ({x}, {y})"
            );
            assert!(
                (y - 4.0).abs() <= PI + 1e-6,
                "the one nearest to 4 at ({x}, {y})"
            );
        }
    }
}
