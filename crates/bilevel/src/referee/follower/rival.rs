//! The point that the level above likes better than the follower's answer.

use super::{Follower, StationaryPoints};

/// A stationary point, or an end of the box, that the level above likes better than the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rival {
    /// The follower's variable.
    pub(crate) y: f64,
    /// The excess of the follower's objective over its minimum.
    pub(crate) excess: f64,
    /// The objective of the level above.
    pub(crate) upper: f64,
}

/// The level above likes a point better if that is this share of its own value lower.
const BETTER: f64 = 1e-9;

impl Follower<'_> {
    /// The rival with the least excess; `None` if the level above likes no such point better.
    pub(crate) fn rival(&self, column: &StationaryPoints) -> Option<Rival> {
        let least = column.answer()?.lower;
        let points = column.points.iter().filter(|point| !point.kind.is_global());
        let points = points.map(|point| [point.y, point.lower, point.upper]);
        let ends = (0..2).filter(|&end| self.is_closed[end]).map(|end| {
            let y = self.range[end];
            [y, self.value(self.level, y), self.value(self.level - 1, y)]
        });
        let liked = column.upper[0] - BETTER * column.upper[0].abs();
        let rivals = points.chain(ends).map(|[y, lower, upper]| Rival {
            y,
            excess: lower - least,
            upper,
        });
        let rivals = rivals.filter(|one| one.excess > 0.0 && one.upper < liked);
        rivals.min_by(|a, b| a.excess.total_cmp(&b.excess))
    }
}
