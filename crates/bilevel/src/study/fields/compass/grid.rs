//! The compass over a grid of two leader's variables.

use super::CompassMethod;
use super::direction::Direction;
use super::gradient::{TrueDirection, true_direction};
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// ∇φ at the middles of the cells of a grid over the leader's two variables, row after row from the lower left.
#[derive(Clone, Debug, Default)]
pub struct TrueGrid {
    /// The part of the requested range within the box.
    pub range: [[f64; 2]; 2],
    /// The number of cells along each axis.
    pub side: usize,
    /// φ and ∇φ of each cell.
    pub cells: Vec<Option<TrueDirection>>,
}

impl TrueGrid {
    /// The width and the height of a cell.
    pub fn cell_size(&self) -> [f64; 2] {
        self.range
            .map(|[low, high]| (high - low) / self.side as f64)
    }

    /// The middle of a cell.
    pub fn middle(&self, cell: usize) -> [f64; 2] {
        let places = [cell % self.side.max(1), cell / self.side.max(1)];
        let size = self.cell_size();
        [0, 1].map(|axis| self.range[axis][0] + (places[axis] as f64 + 0.5) * size[axis])
    }
}

/// ∇φ over a grid; `None` if the leader does not have two variables or the range lies outside of the box, and once the token
/// is cancelled.
pub fn true_grid(
    problem: &dyn Problem,
    base: &Point,
    range: [[f64; 2]; 2],
    side: usize,
    token: &WorkToken,
) -> Option<TrueGrid> {
    let metadata = problem.metadata();
    if metadata.shape().size(1) != 2 {
        return None;
    }
    let limits = metadata.bounds.limits(1);
    let range = [0, 1].map(|axis| {
        let [low, high] = range[axis];
        [low.max(limits[axis][0]), high.min(limits[axis][1])]
    });
    if range
        .iter()
        .any(|[low, high]| low.partial_cmp(high) != Some(std::cmp::Ordering::Less))
    {
        return None;
    }
    let mut grid = TrueGrid {
        range,
        side,
        cells: Vec::with_capacity(side * side),
    };
    let mut at = base.clone();
    for cell in 0..side * side {
        at[1].copy_from_slice(&grid.middle(cell));
        let found = true_direction(problem, &at, token);
        if token.is_cancelled() {
            return None;
        }
        grid.cells.push(found);
    }
    Some(grid)
}

/// The directions of a method in the cells of a grid; `None` where φ or the direction is undefined.
pub fn method_grid(
    grid: &TrueGrid,
    method: &CompassMethod,
    token: &WorkToken,
) -> Vec<Option<Direction>> {
    let cells = grid.cells.iter().map(|cell| {
        let answered = &cell.as_ref()?.answered;
        method.at(answered, token).ok()
    });
    cells.collect()
}
