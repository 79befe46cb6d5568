//! Columns remembered by their upper blocks, and followed to nearby ones.

use std::cell::RefCell;
use std::collections::VecDeque;

use super::{Follower, StationaryPoints};
use crate::referee::{NEAR, Region};

/// The largest distance, in widths, from a search over which its stationary points are followed.
const REACH: f64 = 1.0 / 16.0;
/// The number of searches remembered, and that of columns followed from them.
const SEARCHED: usize = 512;
const LATEST: usize = 48;

/// A column of some upper blocks.
#[derive(Debug)]
struct KnownColumn {
    upper: Vec<f64>,
    /// The upper blocks of the search from which it was followed: these ones for a search.
    origin: Vec<f64>,
    column: StationaryPoints,
}

/// Columns of a follower of one variable searched or followed so far.
#[derive(Debug, Default)]
pub(crate) struct ColumnMemory {
    searched: RefCell<VecDeque<KnownColumn>>,
    latest: RefCell<VecDeque<KnownColumn>>,
}

impl ColumnMemory {
    /// Forgets all columns.
    pub(crate) fn forget(&self) {
        self.searched.borrow_mut().clear();
        self.latest.borrow_mut().clear();
    }

    /// The stationary points of a follower that stands beneath some upper blocks, followed from a search nearby or
    /// searched for.
    pub(crate) fn column(
        &self,
        follower: &Follower<'_>,
        region: &Region,
        upper: &[f64],
    ) -> Option<StationaryPoints> {
        if let Some((column, origin)) = self.followed(follower, region, upper) {
            add(&self.latest, LATEST, (upper, origin, &column));
            return Some(column);
        }
        let column = follower.column()?;
        if follower.can_follow(&column) {
            add(&self.searched, SEARCHED, (upper, upper.to_vec(), &column));
        }
        Some(column)
    }

    fn followed(
        &self,
        follower: &Follower<'_>,
        region: &Region,
        upper: &[f64],
    ) -> Option<(StationaryPoints, Vec<f64>)> {
        let (searched, latest) = (self.searched.borrow(), self.latest.borrow());
        let near = (searched.iter().chain(latest.iter()))
            .filter(|known| region.is_within(upper, &known.origin, REACH));
        let away = near.map(|known| (region.apart(upper, &known.upper), known));
        let (distance, nearest) = away.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let column = follower.followed(&nearest.column)?;
        (follower.is_whole(&column, distance > NEAR)).then(|| (column, nearest.origin.clone()))
    }
}

fn add(
    columns: &RefCell<VecDeque<KnownColumn>>,
    most: usize,
    (upper, origin, column): (&[f64], Vec<f64>, &StationaryPoints),
) {
    let mut columns = columns.borrow_mut();
    if columns.len() >= most {
        columns.pop_front();
    }
    columns.push_back(KnownColumn {
        upper: upper.to_vec(),
        origin,
        column: column.clone(),
    });
}
