//! Cache shared by the referees of one problem: stationary points of a follower of one variable at the centres of
//! cells, from which they are followed to nearby x.
//!
//! The cells divide the range of a leader of one variable into equal parts. A cell is searched once, on first request,
//! at its centre and independently of all other requests, so that results do not depend on the order of requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::answered::Answered;
use super::follower::{Follower, StationaryPoints};
use super::region::{Region, floors};
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// Cells over the range.
const CELLS: f64 = 128.0;
/// The most cells that are kept; further ones are searched anew each time.
const MOST: usize = 1 << 14;
/// The most x whose solutions are kept.
const MOST_ANSWERS: usize = 1 << 10;

/// The stationary points at the centre of a cell; `None` if they cannot be followed from there.
type CachedColumn = Option<Arc<StationaryPoints>>;

/// Cache shared by the referees of one problem, across threads as well.
#[derive(Debug, Default)]
pub struct ColumnCache {
    cells: Mutex<HashMap<i64, CachedColumn>>,
    /// The solutions of all lower levels by the bits of x.
    answers: Mutex<HashMap<Vec<u64>, (Answered, Point)>>,
    floors: OnceLock<Vec<f64>>,
}

impl ColumnCache {
    /// Least span of each follower's objective, from level 2 on.
    pub(crate) fn floors(
        &self,
        problem: &dyn Problem,
        region: &Region,
        token: &WorkToken,
    ) -> &[f64] {
        self.floors.get_or_init(|| floors(problem, region, token))
    }

    /// The solutions of all lower levels at the x of a point, in place: those kept, or those of a search, which depend on
    /// x alone; `None` if one of them has no solution.
    pub(super) fn answer(
        &self,
        at: &mut Point,
        search: impl FnOnce(&mut Point) -> Option<Answered>,
    ) -> Option<Answered> {
        let bits: Vec<u64> = at[1].iter().map(|value| value.to_bits()).collect();
        let locked = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((found, point)) = locked().get(&bits) {
            at.copy_from(point);
            return Some(*found);
        }
        let found = search(at)?;
        let mut answers = locked();
        if answers.len() < MOST_ANSWERS {
            answers.insert(bits, (found, at.clone()));
        }
        Some(found)
    }

    /// The stationary points beneath a leader of one variable, followed from the centre of its cell or searched anew.
    pub(super) fn column(
        &self,
        follower: &Follower<'_>,
        region: &Region,
        at: &Point,
    ) -> Option<StationaryPoints> {
        let cell = self.cell(follower, region, at[1][0]);
        follower.stand(at);
        let followed = cell.and_then(|column| follower.followed(&column));
        followed.or_else(|| follower.column())
    }

    fn cell(&self, follower: &Follower<'_>, region: &Region, x: f64) -> CachedColumn {
        let [low, high] = region.ranges(1)[0];
        let step = (high - low) / CELLS;
        let number = ((x - low) / step).floor();
        let locked = || self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = locked().get(&(number as i64)) {
            return cell.clone();
        }
        let centre = low + (number + 0.5) * step;
        let column = follower.steady_column(centre, 0.5 * step);
        let cell = column.map(Arc::new);
        let mut cells = locked();
        if cells.len() < MOST {
            cells.insert(number as i64, cell.clone());
        }
        cell
    }
}
