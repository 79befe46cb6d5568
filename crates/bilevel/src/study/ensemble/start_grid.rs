//! The starts of a survey: a regular grid over one or two variables, with all others fixed.

use crate::numerics::Point;
use crate::problem::{Coordinate, Metadata, Plane};

/// Starts on a grid, all inside the problem's box; row after row from the lower left.
#[derive(Clone, Debug, PartialEq)]
pub struct StartGrid {
    axes: Vec<Coordinate>,
    ranges: Vec<[f64; 2]>,
    side: usize,
    base: Point,
}

impl StartGrid {
    /// The least and the most starts along an axis.
    pub const SIDES: [usize; 2] = [2, 1024];

    /// A grid of `side` starts along each of one or two axes, ends included, over the problem's box or, without one,
    /// over the range that its pictures show. `base` has the other variables.
    pub fn new(metadata: &Metadata, axes: &[Coordinate], side: usize, base: Point) -> Self {
        Self {
            ranges: axes
                .iter()
                .take(2)
                .map(|axis| metadata.start_range(*axis))
                .collect(),
            axes: axes.iter().take(2).copied().collect(),
            side: side.clamp(Self::SIDES[0], Self::SIDES[1]),
            base,
        }
    }

    /// The axes over which a picture lays the starts: the leader's variable if it is the only one and there are three
    /// levels or more, else the axes of the landscape.
    pub fn pictured(metadata: &Metadata, plane: &Plane) -> Vec<Coordinate> {
        let shape = metadata.shape();
        if shape.levels() > 2 && shape.size(1) == 1 {
            vec![Coordinate { level: 1, index: 0 }]
        } else {
            vec![plane.horizontal, plane.vertical]
        }
    }

    /// The variables that vary: one or two.
    pub fn axes(&self) -> &[Coordinate] {
        &self.axes
    }

    /// The range of each of these variables.
    pub fn ranges(&self) -> &[[f64; 2]] {
        &self.ranges
    }

    /// The number of starts along an axis.
    pub fn side(&self) -> usize {
        self.side
    }

    /// The number of rows: 1 if only one variable varies.
    pub fn rows(&self) -> usize {
        if self.axes.len() == 1 { 1 } else { self.side }
    }

    /// The number of starts.
    pub fn len(&self) -> usize {
        self.side * self.rows()
    }

    /// True if there are no starts.
    pub fn is_empty(&self) -> bool {
        self.axes.is_empty()
    }

    /// The values of the varying variables at a start.
    pub fn values(&self, cell: usize) -> Vec<f64> {
        let places = [cell % self.side, cell / self.side];
        let value = |(&[low, high], place): (&[f64; 2], usize)| {
            let last = self.side - 1;
            // both ends exactly, without rounding error
            if place == last {
                high
            } else {
                low + (high - low) * (place as f64 / last as f64)
            }
        };
        self.ranges.iter().zip(places).map(value).collect()
    }

    /// The start with the given index.
    pub fn start(&self, cell: usize) -> Point {
        let mut start = self.base.clone();
        for (axis, value) in self.axes.iter().zip(self.values(cell)) {
            start[axis.level][axis.index] = value;
        }
        start
    }

    /// The index of the start nearest to some values of the varying variables; `None` more than half a cell outside of
    /// the grid.
    pub fn nearest(&self, values: &[f64]) -> Option<usize> {
        let mut cell = 0;
        for ((value, [low, high]), stride) in values.iter().zip(&self.ranges).zip([1, self.side]) {
            let place = (value - low) / (high - low) * (self.side - 1) as f64;
            let is_inside = (-0.5..=self.side as f64 - 0.5).contains(&place);
            if !is_inside {
                return None;
            }
            cell += stride * (place.round() as usize).min(self.side - 1);
        }
        Some(cell)
    }

    /// The strides by which the grid is filled, coarse to fine: each start of a coarse grid belongs to every finer
    /// grid.
    pub fn strides(&self, coarsest: usize) -> Vec<usize> {
        let mut strides = vec![1];
        while self.side > coarsest * strides[strides.len() - 1] {
            strides.push(2 * strides[strides.len() - 1]);
        }
        strides.reverse();
        strides
    }

    /// The starts that a stride adds to those of the next coarser one; for the first, coarsest stride all of its
    /// starts.
    pub fn added(&self, stride: usize, is_first: bool) -> impl Iterator<Item = usize> + '_ {
        let is_coarser = move |place: usize| place.is_multiple_of(2 * stride);
        let rows = (0..self.rows()).step_by(stride);
        rows.flat_map(move |row| {
            let columns = (0..self.side).step_by(stride);
            let columns =
                columns.filter(move |&column| is_first || !(is_coarser(row) && is_coarser(column)));
            columns.map(move |column| row * self.side + column)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{self, Settings};

    fn grid(id: &str, side: usize) -> StartGrid {
        let entry = problem::find(id).unwrap();
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let metadata = problem.metadata();
        let axes = StartGrid::pictured(metadata, &metadata.plane(None));
        StartGrid::new(metadata, &axes, side, metadata.start.clone())
    }

    #[test]
    fn a_grid_reaches_from_edge_to_edge_of_the_box() {
        let strip = grid("tri-sin", 200);
        assert_eq!((strip.len(), strip.rows()), (200, 1));
        assert_eq!(strip.values(0), [-4.0]);
        assert_eq!(strip.values(199), [4.0]);
        let plane = grid("pbgd", 5);
        assert_eq!(plane.len(), 25);
        assert_eq!(plane.values(2)[0], 1.5);
        assert_eq!(plane.start(24).values(), [3.0, 2.0]);
    }

    #[test]
    fn every_start_is_added_by_one_stride_and_no_other() {
        for (id, side) in [("pbgd", 2), ("pbgd", 16), ("pbgd", 37), ("tri-sin", 100)] {
            let grid = grid(id, side);
            let mut added = vec![0; grid.len()];
            for (place, stride) in grid.strides(8).into_iter().enumerate() {
                for cell in grid.added(stride, place == 0) {
                    added[cell] += 1;
                }
            }
            assert!(added.iter().all(|&times| times == 1), "{id} {side}");
        }
    }

    #[test]
    fn the_nearest_start_is_found_and_none_outside() {
        let grid = grid("pbgd", 9);
        for cell in [0, 13, 80] {
            let mut values = grid.values(cell);
            values[0] += 0.01;
            assert_eq!(grid.nearest(&values), Some(cell));
        }
        assert_eq!(grid.nearest(&[3.2, 0.0]), None);
        assert_eq!(grid.nearest(&[f64::NAN, 0.0]), None);
    }
}
