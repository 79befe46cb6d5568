//! Convexity of the innermost level: the smallest eigenvalue of its Hessian in its own variables.

use nalgebra::DMatrix;

use super::landscape::Grid;
use super::penalty_surface::eigenvalues;
use crate::numerics::{Point, WorkToken};
use crate::problem::{Coordinate, Problem};

/// With more variables than this, a picture has fewer samples: an eigenvalue has cubic cost in the number of variables.
const FEW: usize = 8;

/// The smallest eigenvalue of ∇²g in the innermost block at a point; NaN if it is not finite.
pub fn least_curvature(problem: &dyn Problem, at: &Point, token: &WorkToken) -> f64 {
    let level = at.shape().levels();
    let size = at.shape().size(level);
    let mut hessian = DMatrix::zeros(size, size);
    let mut unit = vec![0.0; size];
    for column in 0..size {
        unit[column] = 1.0;
        let mut out = hessian.column_mut(column);
        problem.product(level, at, [level, level], &unit, out.as_mut_slice(), token);
        unit[column] = 0.0;
    }
    if hessian.iter().any(|entry| !entry.is_finite()) {
        return f64::NAN;
    }
    match size {
        1 => hessian[(0, 0)],
        2 => eigenvalues([hessian[(0, 0)], hessian[(0, 1)], hessian[(1, 1)]])[0],
        _ => hessian.symmetric_eigenvalues().min(),
    }
}

/// The smallest eigenvalue over a plane of two variables, with the others fixed; about `resolution` samples along each
/// axis.
///
/// Samples not computed because the token was cancelled are NaN.
pub fn curvature_map(
    problem: &dyn Problem,
    axes: [Coordinate; 2],
    base: &Point,
    range: [[f64; 2]; 2],
    resolution: usize,
    token: &WorkToken,
) -> Grid {
    let size = base.shape().size(base.shape().levels());
    let resolution = (resolution * FEW / size.max(FEW)).max(8);
    let mut grid = Grid {
        x: range[0],
        y: range[1],
        columns: resolution,
        values: vec![f64::NAN; resolution * resolution],
    };
    let mut point = base.clone();
    for row in 0..resolution {
        for column in 0..resolution {
            if token.is_cancelled() {
                return grid;
            }
            for (axis, value) in axes.into_iter().zip(grid.position(column, row)) {
                point[axis.level][axis.index] = value;
            }
            grid.values[row * resolution + column] = least_curvature(problem, &point, token);
        }
    }
    grid
}

/// The most iterates of a run that are checked.
const LOOKED_AT: usize = 48;
/// An eigenvalue up to this does not count as positive.
const NONE: f64 = 1e-9;

/// Rows spread evenly over a run up to the row `until`, which is the last of them.
pub fn looked_at(until: usize) -> Vec<usize> {
    let count = LOOKED_AT.min(until + 1);
    let last = (count - 1).max(1);
    let mut rows: Vec<usize> = (0..count).map(|place| place * until / last).collect();
    if let Some(row) = rows.last_mut() {
        *row = until;
    }
    rows
}

/// Counts of a run's iterates in the region where the innermost Hessian is not positive definite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// The number of iterates checked.
    pub of: usize,
    /// The number of those in the region.
    pub inside: usize,
    /// True if the last iterate is in the region.
    pub is_inside: bool,
}

/// Checks the convexity at some iterates, by their own Hessians and not by those of a picture's plane.
pub fn visit(problem: &dyn Problem, points: &[Point], token: &WorkToken) -> Visit {
    let mut visit = Visit::default();
    for point in points {
        if token.is_cancelled() {
            break;
        }
        // NaN is not positive, either
        let is_definite = least_curvature(problem, point, token) > NONE;
        visit.of += 1;
        visit.inside += usize::from(!is_definite);
        visit.is_inside = !is_definite;
    }
    visit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, PROBLEMS, Settings};

    #[test]
    fn curvatures_are_those_of_the_formulas() {
        let least = |id: &str, blocks: &[Vec<f64>]| {
            let entry = problem::find(id).unwrap();
            let problem = (entry.build)(&Settings::new(entry.parameters));
            let at = Point::from_blocks(blocks);
            least_curvature(&*problem, &at, &WorkToken::default())
        };
        // g = ½ (y − x)²
        assert!((least("valleys", &[vec![3.0], vec![-1.0]]) - 1.0).abs() < 1e-12);
        // g = (y + x)² + x sin²(y + x): 2 + 2 x cos 2 (y + x)
        for (x, y) in [(2.4_f64, 1.0), (0.5, 0.2), (3.0, -1.4)] {
            let expected = 2.0 + 2.0 * x * (2.0 * (x + y)).cos();
            assert!((least("pbgd", &[vec![x], vec![y]]) - expected).abs() < 1e-10);
        }
    }

    #[test]
    fn eigenvalues_in_closed_form_are_those_of_the_library() {
        for entry in [[2.0, 0.5, -1.0], [0.0, 0.0, 0.0], [1.0, 3.0, 1.0]] {
            let [xx, xy, yy] = entry;
            let library = DMatrix::from_row_slice(2, 2, &[xx, xy, xy, yy]).symmetric_eigenvalues();
            let [low, high] = eigenvalues(entry);
            assert!((low - library.min()).abs() < 1e-12 && (high - library.max()).abs() < 1e-12);
        }
    }

    #[test]
    fn iterates_are_judged_by_their_own_hessians() {
        let entry = problem::find("pbgd").unwrap();
        let problem = (entry.build)(&Settings::new(entry.parameters));
        // 2 + 2 x cos 2 (x + y): negative at x = 2, y = −0.4, and 6 at y = −2, on the reaction curve
        let points =
            [[2.0, -0.4], [2.0, -2.0]].map(|[x, y]| Point::from_blocks(&[vec![x], vec![y]]));
        let visit = visit(&*problem, &points, &WorkToken::default());
        assert_eq!((visit.of, visit.inside, visit.is_inside), (2, 1, false));
        assert_eq!(looked_at(0), [0]);
        assert_eq!(looked_at(2), [0, 1, 2]);
        let rows = looked_at(1000);
        assert_eq!((rows.len(), rows[0], rows[47]), (48, 0, 1000));
    }

    #[test]
    fn every_problem_has_a_map_and_none_once_it_is_cancelled() {
        for entry in PROBLEMS {
            let problem = (entry.build)(&Settings::new(entry.parameters));
            let metadata = problem.metadata();
            let plane = metadata.plane(None);
            let axes = [plane.horizontal, plane.vertical];
            let token = WorkToken::default();
            let map = |token: &WorkToken| {
                curvature_map(&*problem, axes, &metadata.start, plane.range, 8, token)
            };
            let finite = map(&token)
                .values
                .iter()
                .filter(|it| it.is_finite())
                .count();
            assert!(finite > 0, "{}", entry.id);
            token.cancel();
            assert!(map(&token).values.iter().all(|it| it.is_nan()));
        }
    }
}
