//! The choices of the level above on intervals of y on which the follower is indifferent.

use super::{Follower, ROWS};
use crate::numerics::roots::golden_section;

/// g flat over at least this many samples counts as a continuum of minimizers.
const CARELESS: usize = ROWS / 16;

impl Follower<'_> {
    /// The y that the level above prefers on an interval of minimizers.
    pub(super) fn favourite(&self, [low, high]: [f64; 2]) -> f64 {
        let upper = |y: f64| self.value(self.level - 1, y);
        let place = |row: usize| match row {
            // the exact end: rounding would leave the stretch
            _ if row + 1 == ROWS => high,
            _ => low + (high - low) * row as f64 / (ROWS - 1) as f64,
        };
        let best = (0..ROWS).map(|row| (row, upper(place(row))));
        let Some((row, _)) = best.min_by(|a, b| a.1.total_cmp(&b.1)) else {
            return low;
        };
        let bracket = [place(row.saturating_sub(1)), place((row + 1).min(ROWS - 1))];
        let found = golden_section(bracket, 60, upper);
        if upper(found) < upper(place(row)) {
            found
        } else {
            place(row)
        }
    }

    /// The point (y, f) that the level above prefers among the rows where g is within `slack` of its minimum; `None` if
    /// there are few such rows. At the exact place of a jump g may be constant.
    pub(crate) fn indulged(&self, slack: f64) -> Option<[f64; 2]> {
        let lower: Vec<f64> = (0..ROWS)
            .map(|row| self.value(self.level, self.place(row)))
            .collect();
        let best = lower.iter().copied().fold(f64::INFINITY, f64::min);
        let allowed = (0..ROWS).filter(|&row| lower[row] <= best + slack);
        let answers: Vec<[f64; 2]> = allowed
            .map(|row| self.place(row))
            .map(|y| [y, self.value(self.level - 1, y)])
            .collect();
        if answers.len() < CARELESS {
            return None;
        }
        answers.into_iter().min_by(|a, b| a[1].total_cmp(&b[1]))
    }

    /// The greatest value of the level above on an interval of minimizers, over samples.
    pub(super) fn worst(&self, [low, high]: [f64; 2]) -> f64 {
        let place = |row: usize| low + (high - low) * row as f64 / (ROWS - 1) as f64;
        (0..ROWS)
            .map(|row| self.value(self.level - 1, place(row)))
            .fold(f64::NEG_INFINITY, f64::max)
    }
}
