//! Gaps of followers that are far from their solutions, compared with the change of their objectives on the way there.
//!
//! An objective may grow by many powers of ten over its region. Compared with its span there, a gap between two of its
//! wells may be as small as rounding.

use super::judge::Judge;
use crate::numerics::Point;
use crate::referee::{Gap, Referee};

/// A gap above this share of the change on the way is open, unless it is below the second share of the objective's own
/// size.
const OPEN: [f64; 2] = [1e-3, 1e-9];
/// Samples on the way to the solution.
const SAMPLES: usize = 4;

impl Judge<'_> {
    /// True if a gap of some follower at a point, among all `gaps` there, is no rounding: above `tied` spans, or visible
    /// on the way from a far block to the solution.
    pub(super) fn has_open_gap(
        &self,
        point: &Point,
        gaps: &[Gap],
        (tied, far): (f64, f64),
    ) -> bool {
        gaps.iter().any(|gap| {
            gap.share() > tied || gap.value > 0.0 && self.shows_on_the_way(point, gap, far)
        })
    }

    fn shows_on_the_way(&self, point: &Point, gap: &Gap, far: f64) -> bool {
        let referee = Referee::new(self.problem, self.token);
        let level = gap.level;
        let Some(answered) = referee.answered_below(level - 1, point) else {
            return false;
        };
        let region = &self.goals.region;
        if region.distance(level, &point[level], &answered[level]) <= far {
            return false;
        }
        let values = (0..=SAMPLES).filter_map(|sample| {
            let share = sample as f64 / SAMPLES as f64;
            let mut beside = point.clone();
            for (value, to) in beside[level].iter_mut().zip(&answered[level]) {
                *value += share * (to - *value);
            }
            let beneath = referee.answered_below(level, &beside)?;
            Some(self.problem.value(level, &beneath, self.token))
        });
        let values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        gap.value > OPEN[0] * (most - least) && gap.value > OPEN[1] * least.abs().max(most.abs())
    }
}
