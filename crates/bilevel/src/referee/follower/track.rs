//! Continuation of stationary points to nearby x, in place of a new search.

use super::{Follower, Stationary, StationaryKind, StationaryPoints};

/// The most Newton steps of a continuation, the largest move and the tolerance, both as shares of the height; a step
/// below the last share leaves no error to speak of.
const TRACKED: usize = 12;
const NEARBY: f64 = 0.25;
const EXACT: f64 = 1e-12;
const LAST_STEP: f64 = 1e-9;
/// Places between two stationary points at which the sign of the slope is checked, and those after a long way.
const BETWEEN: [f64; 3] = [0.05, 0.35, 0.7];
const BETWEEN_FAR: [f64; 7] = [0.03, 0.15, 0.3, 0.45, 0.6, 0.8, 0.96];

impl Follower<'_> {
    /// All stationary points at an x of a leader of one variable, if they can be continued to nearby x; `None` if one
    /// is an interval, or if points appear or vanish within `step` to either side.
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

    /// True if a column's points may be continued: none is an interval, none appears in a narrow feature, and the answer lies within the grid, over which
    /// the objective is measured.
    pub(crate) fn can_follow(&self, column: &StationaryPoints) -> bool {
        if self.is_narrow {
            return false;
        }
        let [low, high] = self.range;
        let is_inside = column
            .answer()
            .is_some_and(|answer| (low..=high).contains(&answer.y));
        is_inside && !column.points.iter().any(Stationary::is_stretch)
    }

    /// Continues the stationary points of a nearby x to the present one; `None` if one cannot be continued.
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

    /// True if `g_y` has the expected sign at some places between a column's points, so that none has appeared:
    /// at more places after a long way.
    pub(crate) fn is_whole(&self, column: &StationaryPoints, is_far: bool) -> bool {
        let places: &[f64] = if is_far { &BETWEEN_FAR } else { &BETWEEN };
        let [low, high] = self.range;
        let points = &column.points;
        let stops = [low]
            .into_iter()
            .chain(points.iter().map(|point| point.y))
            .chain([high]);
        let stops: Vec<f64> = stops.collect();
        // a minimum lies below the slope that rises from it
        let is_rising = |place: usize| match (place.checked_sub(1), points.get(place)) {
            (Some(before), _) => points[before].kind.is_minimum(),
            (None, Some(next)) => !next.kind.is_minimum(),
            (None, None) => true,
        };
        stops.windows(2).enumerate().all(|(place, ends)| {
            let sign = if is_rising(place) { 1.0 } else { -1.0 };
            ends[0] >= ends[1]
                || places
                    .iter()
                    .all(|share| sign * self.slope(ends[0] + share * (ends[1] - ends[0])) >= 0.0)
        })
    }

    /// End of Newton steps from a stationary point, if the curvature keeps its sign and the move is short.
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
            // as short as rounding permits
            let size = step.abs();
            if size <= 4.0 * f64::EPSILON * y.abs()
                || size <= LAST_STEP * self.height()
                || size >= 0.5 * last && size <= EXACT * self.height()
            {
                return Some(y);
            }
            last = size;
        }
        None
    }
}
