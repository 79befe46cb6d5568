//! Confirmation of the jumps and minima of a sampled reduced objective by searches of their own.
//!
//! Samples follow lower-level solutions from x to x, and a search that misses a solution passes that on. At a jump the
//! solutions on both sides are therefore searched for again, from those of either side as well. One that is better than a
//! sample's own replaces it there and at the next samples for as long as it is better, and the samples are cut again.

use super::answers::PhiSample;
use super::jumps::{JUMP, Jump, JumpSearch, height};
use super::minima::FoundMinimum;
use crate::problem::Site;

/// The most rounds of replacements.
const ROUNDS: usize = 3;
/// The distance from a jump at which its sides are confirmed, as a share of the range.
const BESIDE: f64 = 1e-6;
/// A solution belongs to a side of a jump if it is no farther from it than this share of the jump.
const OWN: f64 = 0.5;
/// The largest difference in spans between φ at a minimum and by a search of its own there, and beside a jump.
const SAME: [f64; 2] = [1e-6, 1e-4];

impl JumpSearch<'_> {
    /// The samples as pieces without a jump, the jumps between them, and true if all of these are confirmed. Samples that
    /// missed a better solution are replaced.
    pub(super) fn confirmed_cut(
        &mut self,
        samples: &mut [PhiSample],
    ) -> (Vec<Vec<PhiSample>>, Vec<Jump>, bool) {
        let (mut pieces, mut jumps) = self.cut(samples);
        if !self.answers.may_miss() {
            return (pieces, jumps, true);
        }
        for _ in 0..ROUNDS {
            let wrong: Vec<f64> = (jumps.iter().filter(|jump| !self.is_real(jump)))
                .map(|jump| jump.x)
                .collect();
            if wrong.is_empty() {
                return (pieces, jumps, true);
            }
            for x in wrong {
                self.mend(samples, x);
            }
            self.is_careful = true;
            (pieces, jumps) = self.cut(samples);
        }
        let are_real = jumps.iter().all(|jump| self.is_real(jump));
        (pieces, jumps, are_real)
    }

    /// True if searches on both sides of a jump find the solution of that side.
    fn is_real(&self, jump: &Jump) -> bool {
        let side = |number: usize| PhiSample {
            x: jump.x,
            answer: jump.answers[number].clone(),
            value: jump.values[number],
            worst: jump.values[number],
            spread: 0.0,
            excess: None,
        };
        let sides = [side(0), side(1)];
        let apart = sides[0].distance(&sides[1]);
        let beside = BESIDE * self.width();
        [-beside, beside].iter().zip(&sides).all(|(away, own)| {
            let x = (jump.x + away).clamp(self.range[0], self.range[1]);
            let found = self.answers.searched_from(x, &[&sides[0], &sides[1]]);
            found.is_none_or(|found| found.distance(own) <= OWN * apart)
        })
    }

    /// Replaces samples on both sides of a place by searches that start from the solution of their neighbor too, for as
    /// long as these find another one.
    fn mend(&self, samples: &mut [PhiSample], x: f64) {
        let inside: Vec<&PhiSample> = samples.iter().filter(|one| self.is_own(one)).collect();
        let least = JUMP * height(&inside);
        let right = samples.partition_point(|one| one.x < x);
        let rightwards: Vec<usize> = (right.saturating_sub(1)..samples.len()).collect();
        let leftwards: Vec<usize> = (0..(right + 1).min(samples.len())).rev().collect();
        for places in [rightwards, leftwards] {
            for pair in places.windows(2) {
                let (from, own) = (&samples[pair[0]], &samples[pair[1]]);
                let found = self.answers.searched_from(own.x, &[from, own]);
                let Some(found) = found.filter(|found| found.distance(own) > least) else {
                    break;
                };
                samples[pair[1]] = found;
            }
        }
    }

    /// True if φ at a minimum is the same by a search of its own there or, at a jump, right beside it.
    pub(super) fn is_confirmed(&self, found: &FoundMinimum) -> bool {
        if !self.answers.may_miss() {
            return true;
        }
        let own = PhiSample {
            x: found.x,
            answer: found.answer.clone(),
            value: found.value,
            worst: found.value,
            spread: 0.0,
            excess: None,
        };
        let has_value = |x: f64, slack: f64| {
            let again = self.answers.searched_from(x, &[&own]);
            again.is_some_and(|again| (again.value - found.value).abs() <= slack * self.span)
        };
        let beside = BESIDE * self.width();
        has_value(found.x, SAME[0])
            || found.site == Site::Jump
                && [beside, -beside]
                    .iter()
                    .any(|away| has_value(found.x + away, SAME[1]))
    }
}
