//! Stationary points that are followed from one place to those around it, instead of being searched for anew.

use super::{Follower, Stationary, StationaryKind, StationaryPoints};

/// Stationary points are followed by so many Newton steps, no farther than this share of the height, to within this share.
const TRACKED: usize = 12;
const NEARBY: f64 = 0.25;
const EXACT: f64 = 1e-12;

impl Follower<'_> {
    /// All stationary points beneath an x of a leader of one variable, if they may be followed to the places around it: `None` where there is
    /// a stretch, or where some come or go within a step to either side.
    pub(crate) fn steady_column(&self, x: f64, step: f64) -> Option<StationaryPoints> {
        let [low, high] = self.problem.metadata().bounds.limits(1)[0];
        let column = self.column_at(x.clamp(low, high))?;
        let has_stretch = column.points.iter().any(Stationary::is_stretch);
        let is_alike = |other: &StationaryPoints| {
            let pair = |a: &Stationary, b: &Stationary| {
                a.is_held == b.is_held && a.kind.is_minimum() == b.kind.is_minimum()
            };
            other.points.len() == column.points.len()
                && other
                    .points
                    .iter()
                    .zip(&column.points)
                    .all(|(a, b)| pair(a, b))
        };
        let is_steady = [-step, step].into_iter().all(|step| {
            let beside = self.column_at((x + step).clamp(low, high));
            beside.is_some_and(|other| is_alike(&other))
        });
        (!has_stretch && is_steady).then_some(column)
    }

    /// The stationary points that those of a place near by have become; `None` where one can not be followed.
    pub(crate) fn followed(&self, from: &StationaryPoints) -> Option<StationaryPoints> {
        let mut points = Vec::with_capacity(from.points.len());
        for point in &from.points {
            let y = if point.is_held {
                let outwards = if point.y <= self.range[0] { 1.0 } else { -1.0 };
                (outwards * self.slope(point.y) > 0.0).then_some(point.y)?
            } else {
                self.tracked(point)?
            };
            if points.last().is_some_and(|last: &Stationary| y <= last.y) {
                return None;
            }
            points.push(Stationary {
                y,
                lower: self.value(self.level, y),
                upper: self.value(self.level - 1, y),
                kind: if point.kind.is_minimum() {
                    StationaryKind::Local
                } else {
                    StationaryKind::Maximum
                },
                is_held: point.is_held,
                stretch: [y; 2],
            });
        }
        self.chosen(points)
    }

    /// End of Newton's steps from a stationary point, if the curvature keeps its sign and the way is short.
    fn tracked(&self, from: &Stationary) -> Option<f64> {
        let sign = if from.kind.is_minimum() { 1.0 } else { -1.0 };
        let mut y = from.y;
        let mut last = f64::INFINITY;
        for _ in 0..TRACKED {
            let curvature = self.second(self.level, y);
            if sign * curvature <= 0.0 {
                return None;
            }
            let step = self.slope(y) / curvature;
            y -= step;
            let is_far = (y - from.y).abs() > NEARBY * self.height();
            let is_out =
                self.is_closed[0] && y < self.range[0] || self.is_closed[1] && y > self.range[1];
            if step.is_nan() || is_far || is_out {
                return None;
            }
            // as short as rounding lets it be
            let size = step.abs();
            if size <= 4.0 * f64::EPSILON * y.abs()
                || size >= 0.5 * last && size <= EXACT * self.height()
            {
                return Some(y);
            }
            last = size;
        }
        None
    }
}
