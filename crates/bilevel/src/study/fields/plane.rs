//! Planes through spaces of more than two variables, for pictures that report the share of a trajectory that they show.
//!
//! ```text
//! p = o + u a + v b + r,   a, b orthonormal in the variables of all levels together, r across both
//! explained = Σ (u² + v²) / Σ ‖p − o‖²
//! ```

use nalgebra::{DMatrix, DVector};

use super::landscape::Grid;
use crate::numerics::{Point, Shape, WorkToken};
use crate::problem::Problem;

/// The least length of a direction as a share of the whole: the remainder of nearly parallel ones is noise.
const SHORT: f64 = 1e-2;

/// The construction of a plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlaneOf {
    /// The start, the end of a run, and the known optimum.
    #[default]
    Points,
    /// The mean of all iterates, along the two directions in which they spread most.
    Principal,
}

impl PlaneOf {
    /// All constructions, in the order of menus.
    pub const ALL: [Self; 2] = [Self::Points, Self::Principal];

    /// The word in files and menus.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Principal => "principal",
        }
    }

    /// The construction in words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Points => "through the start, the end of a run and the optimum",
            Self::Principal => "along the first two principal directions of all iterates",
        }
    }
}

/// A plane with orthonormal axes.
#[derive(Clone, Debug, PartialEq)]
pub struct SlicePlane {
    origin: DVector<f64>,
    axes: [DVector<f64>; 2],
    /// The construction.
    pub of: PlaneOf,
    /// True if the second axis leads to the third point, and is not the direction of largest spread across the first
    /// axis.
    pub has_third: bool,
}

impl SlicePlane {
    /// The plane through three points, the first its origin and the second on its first axis; `None` if they lie on a
    /// line.
    pub fn through([origin, along, third]: [&[f64]; 3]) -> Option<Self> {
        let vector = |point: &[f64]| DVector::from_column_slice(point);
        let origin = vector(origin);
        let (first, second) = (vector(along) - &origin, vector(third) - &origin);
        let length = first.norm();
        let size = length.max(second.norm());
        let a = first / length;
        // orthogonalized twice, since the first pass leaves the rounding error of a nearly parallel pair
        let mut across = &second - &a * a.dot(&second);
        across -= &a * a.dot(&across);
        let b = across.clone() / across.norm();
        let is_plane = size.is_finite() && length > SHORT * size && across.norm() > SHORT * size;
        is_plane.then_some(Self {
            origin,
            axes: [a, b],
            of: PlaneOf::Points,
            has_third: true,
        })
    }

    /// The plane through two points, the first its origin and the second on its first axis, whose second axis is the
    /// orthogonal direction in which the given points spread most; `None` if there is none.
    pub fn along([origin, along]: [&[f64]; 2], points: &[f64]) -> Option<Self> {
        let start = DVector::from_column_slice(origin);
        let first = DVector::from_column_slice(along) - &start;
        let length = first.norm();
        if !(length > 0.0 && length.is_finite()) {
            return None;
        }
        let a = first / length;
        let mut across = Vec::with_capacity(points.len());
        for point in points.chunks_exact(start.len()) {
            let away = DVector::from_column_slice(point) - &start;
            let rest = &away - &a * a.dot(&away);
            across.extend(rest.iter());
        }
        let spread = Self::principal(&across, start.len())?;
        let mut b = spread.axes[0].clone();
        b -= &a * a.dot(&b);
        let b = b.clone() / b.norm();
        Some(Self {
            origin: start,
            axes: [a, b],
            of: PlaneOf::Points,
            has_third: false,
        })
    }

    /// The plane through the mean of some points, each of `size` variables, along their first two principal axes;
    /// `None` if they do not spread, or have fewer than two variables.
    pub fn principal(points: &[f64], size: usize) -> Option<Self> {
        let points: Vec<DVector<f64>> = points
            .chunks_exact(size.max(1))
            .filter(|point| point.iter().all(|value| value.is_finite()))
            .map(DVector::from_column_slice)
            .collect();
        if size < 2 || points.is_empty() {
            return None;
        }
        let count = points.len() as f64;
        let mut mean = DVector::zeros(size);
        for point in &points {
            mean += point / count;
        }
        let mut spread = DMatrix::zeros(size, size);
        for point in &points {
            let away = point - &mean;
            spread.ger(1.0 / count, &away, &away, 1.0);
        }
        let eigen = spread.symmetric_eigen();
        let mut order: Vec<usize> = (0..size).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        // no spread, or an infinite one
        let largest = eigen.eigenvalues[order[0]];
        if !(largest > 0.0 && largest.is_finite()) {
            return None;
        }
        let axis = |place: usize| {
            let axis = eigen.eigenvectors.column(order[place]).into_owned();
            // the sign of an eigenvector is arbitrary: its largest entry becomes positive
            let largest = axis[axis.iamax()];
            axis * largest.signum()
        };
        Some(Self {
            origin: mean,
            axes: [axis(0), axis(1)],
            of: PlaneOf::Principal,
            has_third: false,
        })
    }

    /// The coordinates of a point's projection, and its distance from the plane.
    pub fn project(&self, point: &[f64]) -> ([f64; 2], f64) {
        let dot = |axis: &DVector<f64>| -> f64 {
            let away = point.iter().zip(self.origin.iter());
            away.zip(axis.iter()).map(|((p, o), a)| (p - o) * a).sum()
        };
        let [u, v] = [dot(&self.axes[0]), dot(&self.axes[1])];
        let rest = point.iter().enumerate().map(|(place, value)| {
            let inside = u * self.axes[0][place] + v * self.axes[1][place];
            (value - self.origin[place] - inside).powi(2)
        });
        ([u, v], rest.sum::<f64>().sqrt())
    }

    /// The point at coordinates of the plane.
    pub fn at(&self, [u, v]: [f64; 2]) -> Vec<f64> {
        let point = &self.origin + &self.axes[0] * u + &self.axes[1] * v;
        point.iter().copied().collect()
    }

    /// The share of some points that the plane shows.
    pub fn shown_share(&self, points: &[f64]) -> ShownShare {
        let size = self.origin.len();
        let mut shown = ShownShare {
            explained: 1.0,
            farthest: 0.0,
            range: [[f64::INFINITY, f64::NEG_INFINITY]; 2],
        };
        let (mut inside, mut all) = (0.0, 0.0);
        for point in points.chunks_exact(size) {
            let (at, distance) = self.project(point);
            if !(at[0].is_finite() && at[1].is_finite() && distance.is_finite()) {
                continue;
            }
            inside += at[0] * at[0] + at[1] * at[1];
            all += at[0] * at[0] + at[1] * at[1] + distance * distance;
            shown.farthest = shown.farthest.max(distance);
            for (range, value) in shown.range.iter_mut().zip(at) {
                *range = [range[0].min(value), range[1].max(value)];
            }
        }
        if all > 0.0 {
            shown.explained = inside / all;
        }
        shown
    }

    /// Samples a level's objective over the plane: all blocks move with it.
    ///
    /// Samples not computed because the token was cancelled are NaN.
    pub fn sample(
        &self,
        (problem, level): (&dyn Problem, usize),
        shape: Shape,
        range: [[f64; 2]; 2],
        resolution: usize,
        token: &WorkToken,
    ) -> Grid {
        let columns = resolution.max(2);
        let mut grid = Grid {
            x: range[0],
            y: range[1],
            columns,
            values: vec![f64::NAN; columns * columns],
        };
        for row in 0..columns {
            if token.is_cancelled() {
                break;
            }
            for column in 0..columns {
                let values = self.at(grid.position(column, row));
                if let Some(point) = Point::from_values(shape, values) {
                    grid.values[row * columns + column] = problem.value(level, &point, token);
                }
            }
        }
        grid
    }
}

/// The share of some points that a plane shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShownShare {
    /// The share of their squared distance from the origin that lies in the plane; 1 if there is none.
    pub explained: f64,
    /// The largest distance from the plane.
    pub farthest: f64,
    /// The ranges of their projections; empty without points.
    pub range: [[f64; 2]; 2],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plane_through_three_points_contains_them() {
        let points = [
            [1.0, -2.0, 0.5, 3.0, 0.0],
            [0.0, 4.0, -1.0, 2.0, 7.0],
            [-3.0, 0.1, 2.0, 2.0, 1.0],
        ];
        let section = SlicePlane::through([&points[0], &points[1], &points[2]]).unwrap();
        for point in &points {
            let (at, distance) = section.project(point);
            assert!(distance < 1e-12, "{distance}");
            let back = section.at(at);
            assert!(back.iter().zip(point).all(|(a, b)| (a - b).abs() < 1e-12));
        }
        assert_eq!(section.project(&points[0]).0, [0.0, 0.0]);
        assert!(section.project(&points[1]).0[1].abs() < 1e-12);
        let [a, b] = &section.axes;
        assert!((a.norm() - 1.0).abs() < 1e-14 && (b.norm() - 1.0).abs() < 1e-14);
        assert!(a.dot(b).abs() < 1e-14);
    }

    #[test]
    fn three_points_on_a_line_have_no_plane() {
        let on_line = [[0.0; 3], [1.0, 2.0, 3.0], [-2.0, -4.0, -6.0]];
        assert_eq!(
            SlicePlane::through(on_line.each_ref().map(|p| &p[..])),
            None
        );
        let same = [[1.0; 3], [1.0; 3], [2.0; 3]];
        assert_eq!(SlicePlane::through(same.each_ref().map(|p| &p[..])), None);
        let wild = [[0.0; 3], [1.0, f64::NAN, 3.0], [2.0; 3]];
        assert_eq!(SlicePlane::through(wild.each_ref().map(|p| &p[..])), None);
    }

    #[test]
    fn a_run_that_ends_at_the_optimum_has_a_plane_of_its_ends_and_its_spread() {
        let points = planar();
        let (start, end) = (&points[..4], &points[4 * 17..4 * 18]);
        assert_eq!(SlicePlane::through([start, end, end]), None);
        let section = SlicePlane::along([start, end], &points).unwrap();
        for point in [start, end] {
            assert!(section.project(point).1 < 1e-12);
        }
        // the whole trajectory lies in one plane, whichever direction comes first
        assert!((section.shown_share(&points).explained - 1.0).abs() < 1e-12);
        assert_eq!(SlicePlane::along([start, start], &points), None);
    }

    /// A trajectory in the plane of (1, 1, 0, 0) and (0, 0, 1, −1) through (5, 0, 0, 1).
    fn planar() -> Vec<f64> {
        let place = |step: u32| {
            let (u, v) = (f64::from(step).sin() * 3.0, f64::from(step).cos());
            [5.0 + u, u, v, 1.0 - v]
        };
        (0..40).flat_map(place).collect()
    }

    #[test]
    fn a_planar_way_is_explained_in_full_by_its_principal_axes() {
        let points = planar();
        let section = SlicePlane::principal(&points, 4).unwrap();
        let shown = section.shown_share(&points);
        assert!((shown.explained - 1.0).abs() < 1e-12, "{shown:?}");
        assert!(shown.farthest < 1e-12);
        // it is longer along the first
        assert!(section.axes[0][0] > 0.7 && section.axes[0][2].abs() < 0.2);
    }

    #[test]
    fn what_leaves_the_plane_is_counted_as_missing() {
        let mut points = planar();
        let section = SlicePlane::principal(&points, 4).unwrap();
        // as far from the plane as from its origin along it
        let origin = section.at([0.0, 0.0]);
        let across = [1.0, -1.0, 0.0, 0.0].map(|entry: f64| 2.0 * entry / 2.0_f64.sqrt());
        let off: Vec<f64> = origin.iter().zip(across).map(|(o, a)| o + a).collect();
        points.clear();
        points.extend(section.at([2.0, 0.0]));
        points.extend(off);
        let shown = section.shown_share(&points);
        assert!((shown.explained - 0.5).abs() < 1e-12, "{shown:?}");
        assert!((shown.farthest - 2.0).abs() < 1e-12);
    }

    #[test]
    fn points_that_do_not_spread_have_no_principal_axes() {
        assert_eq!(SlicePlane::principal(&[1.0, 2.0, 1.0, 2.0], 2), None);
        assert_eq!(SlicePlane::principal(&[], 3), None);
        assert_eq!(SlicePlane::principal(&[1.0, 2.0], 1), None);
    }
}
