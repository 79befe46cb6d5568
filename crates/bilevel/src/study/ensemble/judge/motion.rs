//! The motion of a run at its end: whether it rests, hovers near a point or turns back.

use super::Judge;
use crate::referee::{Low, NEAR};

/// The number of last iterates that have to stay near a point for a run to hover.
const HOVERING: usize = 50;
/// The number of last displacements from which the rest of a path is estimated.
const LATEST: usize = 4;
/// A run turns back if its net displacement is less than this share of the length of its path.
const TURNED: f64 = 0.5;

impl Judge<'_> {
    /// The displacement by the direction in an iteration, in widths.
    fn next_step(&self) -> f64 {
        let own = self.vicinity.free(&self.answered[1], self.ended.direction);
        let widths = self.goals.region.widths(1);
        own.iter()
            .zip(widths)
            .map(|(own, width)| (own * self.ended.stride).abs() / width)
            .fold(0.0, f64::max)
    }

    /// The last displacements of x in widths, the latest last.
    fn displacements(&self) -> Vec<f64> {
        let size = self.answered[1].len();
        let blocks: Vec<&[f64]> = self.ended.recent.chunks(size).collect();
        let pairs = blocks.windows(2);
        pairs
            .map(|pair| self.goals.region.distance(1, pair[0], pair[1]))
            .collect()
    }

    /// True if the method is at rest, at a minimum or not.
    pub(super) fn rests(&self) -> bool {
        let own = self.vicinity.free(&self.answered[1], self.ended.direction);
        let rest = self.goals.rest;
        self.scaled(&own) <= rest
            && self.next_step() <= rest
            && self.displacements().last().is_none_or(|last| *last <= rest)
    }

    /// True if all of the last iterates are near a point.
    pub(super) fn hovers(&self, place: &[f64]) -> bool {
        let size = self.answered[1].len();
        let mut blocks = self.ended.recent.chunks(size);
        blocks.len() >= HOVERING
            && blocks.all(|block| self.goals.region.distance(1, block, place) <= NEAR)
    }

    /// True if the last iterates turn back more than they advance.
    pub(super) fn turns_back(&self) -> bool {
        let size = self.answered[1].len();
        let mut blocks = self.ended.recent.chunks(size);
        let (Some(first), Some(last)) = (blocks.next(), blocks.next_back()) else {
            return false;
        };
        let net = self.goals.region.distance(1, first, last);
        net < TURNED * self.displacements().iter().sum::<f64>()
    }

    /// True if a method without a direction is at rest: all remembered iterates are near and moved little.
    pub(super) fn stays(&self) -> bool {
        let displacements = self.displacements();
        self.hovers(&self.answered[1]) && displacements.iter().all(|one| *one <= self.goals.rest)
    }

    /// True if the remaining path is estimated to end near a minimum.
    pub(super) fn settles(&self, low: &Low) -> bool {
        if self.hovers(&low.x) {
            return true;
        }
        let left = match self.displacements().as_slice() {
            [] if self.has_direction => self.next_step(),
            [] => 0.0,
            [only] => HOVERING as f64 * only,
            // extrapolated as a geometric series
            all if shrinks(all) => {
                let [before, last] = [all[all.len() - 2], all[all.len() - 1]];
                (last * last / (before - last)).min(HOVERING as f64 * last)
            }
            all => {
                let latest = &all[all.len().saturating_sub(LATEST)..];
                HOVERING as f64 * latest.iter().copied().fold(0.0, f64::max)
            }
        };
        left <= NEAR
    }
}

/// True if the latest displacements shrink one after another.
fn shrinks(displacements: &[f64]) -> bool {
    let latest = &displacements[displacements.len().saturating_sub(LATEST)..];
    latest.len() > 1 && latest.windows(2).all(|pair| pair[1] < pair[0])
}
