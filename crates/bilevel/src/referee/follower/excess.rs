//! The least excess of a follower's objective at points other than its solutions.

use super::{Follower, StationaryPoints};

impl Follower<'_> {
    /// The least excess of g over its minimum, at other minima and at ends of the box; `None` without any.
    pub(crate) fn least_excess(&self, column: &StationaryPoints) -> Option<f64> {
        let least = column.answer()?.lower;
        let points = column.points.iter().filter(|point| !point.kind.is_global());
        let points = points.map(|point| point.lower);
        let ends = (0..2).filter(|&end| self.is_closed[end]);
        let ends = ends.map(|end| self.value(self.level, self.range[end]));
        let excesses = points.chain(ends).map(|lower| lower - least);
        excesses
            .filter(|excess| *excess > 0.0)
            .min_by(f64::total_cmp)
    }
}
