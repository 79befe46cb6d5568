//! An objective sampled over a plane.

use crate::numerics::{Point, WorkToken};
use crate::problem::{Coordinate, Problem};
use crate::referee::Referee;

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

    /// The value at a point, bilinear between samples; `None` outside of the grid, or if a sample is not finite.
    pub fn between(&self, [x, y]: [f64; 2]) -> Option<f64> {
        let place = |value: f64, [low, high]: [f64; 2], count: usize| {
            let place = (value - low) / (high - low) * (count - 1) as f64;
            let cell = place.floor().min((count - 2) as f64);
            (place >= 0.0 && place <= (count - 1) as f64).then_some((cell as usize, place - cell))
        };
        let (column, right) = place(x, self.x, self.columns)?;
        let (row, up) = place(y, self.y, self.rows())?;
        let across = |row: usize| {
            let [a, b] = [column, column + 1].map(|column| self.value(column, row));
            a + right * (b - a)
        };
        let (low, high) = (across(row), across(row + 1));
        Some(low + up * (high - low)).filter(|value| value.is_finite())
    }

    /// The value of a sample.
    pub fn value(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.columns + column]
    }
}

/// Samples a level's objective over two coordinates of a point, with the others fixed: `resolution` columns and rows
/// over `range`.
///
/// Samples not computed because the token was cancelled are NaN.
pub fn sample(
    problem: &dyn Problem,
    level: usize,
    axes: [Coordinate; 2],
    base: &Point,
    range: [[f64; 2]; 2],
    resolution: [usize; 2],
    token: &WorkToken,
) -> Grid {
    filled(axes, base, range, resolution, token, |point| {
        problem.value(level, point, token)
    })
}

/// Fills a grid with values of points.
pub(in crate::study) fn filled(
    axes: [Coordinate; 2],
    base: &Point,
    range: [[f64; 2]; 2],
    resolution: [usize; 2],
    token: &WorkToken,
    mut value: impl FnMut(&Point) -> f64,
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
        for column in 0..columns {
            if token.is_cancelled() {
                return grid;
            }
            for (axis, value) in axes.into_iter().zip(grid.position(column, row)) {
                point[axis.level][axis.index] = value;
            }
            grid.values[row * columns + column] = value(&point);
        }
    }
    grid
}

/// Samples the reduced objective over two of the leader's variables, with the others fixed; otherwise as [`sample`].
/// NaN if the lower levels have no solution.
pub fn sample_reduced(
    problem: &dyn Problem,
    axes: [Coordinate; 2],
    base: &Point,
    range: [[f64; 2]; 2],
    resolution: [usize; 2],
    token: &WorkToken,
) -> Grid {
    let referee = Referee::new(problem, token);
    filled(axes, base, range, resolution, token, |point| {
        referee.reduced(point).unwrap_or(f64::NAN)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, Settings};
    use std::sync::Arc;

    const UPPER: Coordinate = Coordinate { level: 1, index: 0 };
    const FREE: Coordinate = Coordinate { level: 2, index: 1 };

    fn problem(id: &str) -> Arc<dyn Problem> {
        let entry = problem::find(id).unwrap();
        (entry.build)(&Settings::new(entry.parameters))
    }

    #[test]
    fn between_samples_a_plane_is_a_plane_and_outside_there_is_nothing() {
        let mut grid = Grid {
            x: [0.0, 2.0],
            y: [1.0, 3.0],
            columns: 3,
            values: vec![0.0; 12],
        };
        for row in 0..4 {
            for column in 0..3 {
                let [x, y] = grid.position(column, row);
                grid.values[row * 3 + column] = 2.0 * x - y;
            }
        }
        for at in [[0.0, 1.0], [2.0, 3.0], [0.3, 2.9], [1.7, 1.2]] {
            let value = grid.between(at).unwrap();
            assert!((value - (2.0 * at[0] - at[1])).abs() < 1e-12, "{at:?}");
        }
        for at in [[-0.1, 2.0], [1.0, 3.1], [f64::NAN, 2.0]] {
            assert_eq!(grid.between(at), None);
        }
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
