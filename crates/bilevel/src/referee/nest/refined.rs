//! Minima of a level of one variable near samples, by exact steps or else by golden sections.

use super::{Nest, SAME};
use crate::nested::Exact;
use crate::numerics::Point;
use crate::numerics::roots::brent_minimum;
use crate::problem::{Counts, Oracle};

/// Slope tolerance of a solved level, in spans per width.
const TOLERANCE: f64 = 1e-12;
/// A Newton step below this share of the widths leaves no error to speak of, and is the last one.
const LAST_STEP: f64 = 3e-7;
/// The accuracy of the minimum of a bracket that exact steps leave, as a share of the bracket, and the most values.
const ACCURATE: f64 = 1e-9;
const VALUES: usize = 60;

impl Nest<'_> {
    /// The minimum near a sample, within its bracket.
    pub(super) fn refined(
        &self,
        level: usize,
        (value, point): &(f64, Point),
        bracket: [f64; 2],
        spread: f64,
    ) -> (f64, Point) {
        let width: f64 = self.region.widths(level).sum();
        if let Some(end) = self.stepped(level, point, spread / width) {
            let place = end.1[level][0];
            if bracket[0] <= place && place <= bracket[1] && end.0 <= *value {
                return end;
            }
        }
        self.lowest(level, &(*value, point.clone()), bracket)
    }

    /// The lowest point of a bracket by golden sections, or the sample if that is lower.
    pub(super) fn lowest(
        &self,
        level: usize,
        (value, point): &(f64, Point),
        bracket: [f64; 2],
    ) -> (f64, Point) {
        let place = brent_minimum(bracket, ACCURATE, VALUES, |place| {
            let mut there = point.clone();
            there[level][0] = place;
            self.reduced(level, &mut there).unwrap_or(f64::INFINITY)
        });
        let mut there = point.clone();
        there[level][0] = place;
        match self.reduced(level, &mut there) {
            Some(lower) if lower < *value => (lower, there),
            _ => (*value, point.clone()),
        }
    }

    /// End of exact steps on a level from a point, with the deeper levels at their global solutions.
    pub(super) fn stepped(&self, level: usize, from: &Point, slope: f64) -> Option<(f64, Point)> {
        let mut point = from.clone();
        let mut counts = Counts::default();
        let mut oracle = Oracle::new(self.problem, &mut counts, self.token);
        let mut exact = self
            .exact
            .borrow_mut()
            .take()
            .unwrap_or_else(|| {
                let levels = 1..=from.shape().levels();
                let widths = levels.flat_map(|level| self.region.widths(level));
                Exact::new(from.shape(), 0.0).ending_after(widths.collect(), LAST_STEP)
            })
            .with_tolerance(TOLERANCE * slope);
        let is_solved = exact.solve_from(level, &mut oracle, &mut point).is_ok();
        *self.exact.borrow_mut() = Some(exact);
        if !is_solved || self.token.is_cancelled() {
            return None;
        }
        let own = self.problem.value(level, &point, self.token);
        let mut checked = point.clone();
        let value = self.reduced(level, &mut checked)?;
        // exact steps may follow deeper minima that are not global
        let is_right = self.region.distance_from(level + 1, &point, &checked) <= SAME;
        if is_right {
            Some((own, point))
        } else {
            Some((value, checked))
        }
    }
}
