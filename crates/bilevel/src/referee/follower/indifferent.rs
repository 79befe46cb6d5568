//! The choices of the level above among y between which the follower is indifferent.

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
        refined(&(0..ROWS).map(place).collect::<Vec<f64>>(), upper).unwrap_or(low)
    }

    /// The point (y, f) that the level above prefers where g is within `slack` of its minimum: at the exact place of a jump
    /// several minima are tied, or g is constant. `None` if g has no minimum.
    pub(crate) fn indulged(&self, slack: f64) -> Option<[f64; 2]> {
        let column = self.column()?;
        let lower = |y: f64| self.value(self.level, y);
        let least = column.answer()?.lower + slack;
        let is_tied = |y: &f64| lower(*y) <= least;
        let upper = |y: f64| {
            if is_tied(&y) {
                self.value(self.level - 1, y)
            } else {
                f64::INFINITY
            }
        };
        let rows: Vec<f64> = (0..ROWS).map(|row| self.place(row)).collect();
        let is_flat = rows.iter().filter(|y| is_tied(y)).count() >= CARELESS;
        let constant = is_flat.then(|| refined(&rows, upper)).flatten();
        let minima = column.points.iter().filter(|point| point.kind.is_minimum());
        let tied = minima.map(|point| point.y).filter(is_tied).chain(constant);
        tied.map(|y| [y, upper(y)])
            .min_by(|a, b| a[1].total_cmp(&b[1]))
    }

    /// The greatest value of the level above on an interval of minimizers, over samples.
    pub(super) fn worst(&self, [low, high]: [f64; 2]) -> f64 {
        let place = |row: usize| low + (high - low) * row as f64 / (ROWS - 1) as f64;
        (0..ROWS)
            .map(|row| self.value(self.level - 1, place(row)))
            .fold(f64::NEG_INFINITY, f64::max)
    }
}

/// The place of a function's minimum, by golden sections between the neighbors of the lowest of ascending places.
fn refined(places: &[f64], value: impl Fn(f64) -> f64) -> Option<f64> {
    let best = (places.iter().enumerate())
        .map(|(number, &y)| (number, value(y)))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    let last = places.len() - 1;
    let bracket = [
        places[best.0.saturating_sub(1)],
        places[(best.0 + 1).min(last)],
    ];
    let found = golden_section(bracket, 60, &value);
    Some(if value(found) < best.1 {
        found
    } else {
        places[best.0]
    })
}
