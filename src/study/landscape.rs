//! An objective sampled over a plane, and the follower's answer in it.

use crate::problem::{Coordinate, Point, Problem, WorkToken};
use crate::truth::Referee;

/// Samples on a regular grid, row after row from the lower left.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The horizontal range; the first and the last column lie on its ends.
    pub x: [f64; 2],
    /// The vertical range.
    pub y: [f64; 2],
    /// The number of columns, at least 2.
    pub columns: usize,
    /// The values, `columns` in each row.
    pub values: Vec<f64>,
}

impl Grid {
    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// The coordinates of a sample.
    pub fn position(&self, column: usize, row: usize) -> [f64; 2] {
        let share = |index: usize, count: usize| index as f64 / (count - 1).max(1) as f64;
        [
            self.x[0] + share(column, self.columns) * (self.x[1] - self.x[0]),
            self.y[0] + share(row, self.rows()) * (self.y[1] - self.y[0]),
        ]
    }

    /// The value of a sample.
    pub fn value(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.columns + column]
    }
}

/// A level's objective over two coordinates of a point, the others held: `resolution` columns and rows over `range`.
///
/// What is not computed because the token was cancelled is NaN.
pub fn sample(
    problem: &dyn Problem,
    level: usize,
    axes: [Coordinate; 2],
    base: &Point,
    range: [[f64; 2]; 2],
    resolution: [usize; 2],
    token: &WorkToken,
) -> Grid {
    let [columns, rows] = resolution.map(|count| count.max(2));
    let mut grid = Grid {
        x: range[0],
        y: range[1],
        columns,
        values: vec![f64::NAN; columns * rows],
    };
    let mut point = base.clone();
    for row in 0..rows {
        if token.is_cancelled() {
            break;
        }
        for column in 0..columns {
            for (axis, value) in axes.into_iter().zip(grid.position(column, row)) {
                point[axis.level][axis.index] = value;
            }
            grid.values[row * columns + column] = problem.value(level, &point, token);
        }
    }
    grid
}

/// Where two neighbouring answers are further apart than this share of the picture, a jump is looked for between them.
const JUMP: f64 = 0.05;
/// How often the way between them is cut, and where: not in the middle, since symmetric problems jump there, and at the
/// jump itself the follower may not care.
const SECTIONS: usize = 40;
const SHARE: f64 = 0.45;

/// The branches of the reaction curve y*(x) in a plane of the leader's only variable and one of the follower's.
///
/// Empty where the plane is another one, and where the follower does not fix its coordinate at all. Cut where the answer
/// jumps.
pub fn reaction_curve(
    problem: &dyn Problem,
    axes: [Coordinate; 2],
    range: [[f64; 2]; 2],
    samples: usize,
    token: &WorkToken,
) -> Vec<Vec<[f64; 2]>> {
    let shape = problem.facts().shape();
    let upper = axes.iter().position(|axis| axis.level == 1);
    let lower = axes.iter().position(|axis| axis.level == 2);
    let (Some(upper), Some(lower)) = (upper, lower) else {
        return Vec::new();
    };
    if shape.levels() != 2 || shape.size(1) != 1 {
        return Vec::new();
    }
    let referee = Referee::new(problem, token);
    let answer = |x: f64| {
        let mut point = problem.facts().start.clone();
        point[1][0] = x;
        let solution = referee.lower(&point)?;
        is_fixed(problem, &point, &solution.argmin, axes[lower], token)
            .then(|| solution.argmin[axes[lower].index])
    };
    let place = |(x, y): (f64, f64)| if upper == 0 { [x, y] } else { [y, x] };
    let [low, high] = range[upper];
    let height = range[lower][1] - range[lower][0];
    let mut branches: Vec<Vec<[f64; 2]>> = vec![Vec::new()];
    let mut before: Option<(usize, (f64, f64))> = None;
    for number in 0..samples.max(2) {
        if token.is_cancelled() {
            return Vec::new();
        }
        let x = low + (high - low) * number as f64 / (samples.max(2) - 1) as f64;
        let Some(y) = answer(x) else {
            continue;
        };
        let jump = before.and_then(|(last, left)| {
            // one sample may fall on the very place of a jump, where the follower does not care
            if number - last > 2 {
                Some([left, (x, y)])
            } else if (y - left.1).abs() > JUMP * height {
                find_jump(left, (x, y), JUMP * height, &answer)
            } else {
                None
            }
        });
        if let Some([left, right]) = jump {
            if let Some(branch) = branches.last_mut() {
                branch.push(place(left));
            }
            branches.push(vec![place(right)]);
        }
        if let Some(branch) = branches.last_mut() {
            branch.push(place((x, y)));
        }
        before = Some((number, (x, y)));
    }
    branches.retain(|branch| branch.len() > 1);
    branches
}

/// Whether the follower cares about a coordinate of its answer: moving it makes its objective worse.
fn is_fixed(
    problem: &dyn Problem,
    at: &Point,
    argmin: &[f64],
    coordinate: Coordinate,
    token: &WorkToken,
) -> bool {
    let mut point = at.clone();
    point[2].copy_from_slice(argmin);
    let best = problem.value(2, &point, token);
    [-0.1, 0.1].into_iter().any(|step| {
        point[2][coordinate.index] = argmin[coordinate.index] + step;
        problem.value(2, &point, token) > best
    })
}

/// The two sides of a jump between two answers; `None` where the answer only runs steeply.
fn find_jump(
    mut left: (f64, f64),
    mut right: (f64, f64),
    least: f64,
    answer: &impl Fn(f64) -> Option<f64>,
) -> Option<[(f64, f64); 2]> {
    for _ in 0..SECTIONS {
        let x = left.0 + SHARE * (right.0 - left.0);
        let Some(y) = answer(x) else {
            break;
        };
        if (y - left.1).abs() < (y - right.1).abs() {
            left = (x, y);
        } else {
            right = (x, y);
        }
        if (right.1 - left.1).abs() < least {
            return None;
        }
    }
    Some([left, right])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, Settings};
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
    fn samples_hold_the_coordinates_that_are_not_shown() {
        let token = WorkToken::default();
        let problem = problem("degenerate");
        let base = Point::from_blocks(&[vec![0.5], vec![1.0, 0.0]]);
        let grid = sample(
            &*problem,
            1,
            [UPPER, FREE],
            &base,
            [[0.0, 1.0], [0.0, 1.0]],
            [3, 5],
            &token,
        );
        assert_eq!((grid.columns, grid.rows()), (3, 5));
        // f = ½ (v − t₂)² + ½ (t₁ − 1)², t₁ = 1
        assert_eq!(grid.value(2, 0), 0.5);
        assert_eq!(grid.value(1, 2), 0.0);
    }
}
