//! Verdicts at jumps of the lower-level solution, where φ at a minimum may be lower than right beside it.

use super::{HEIGHT, Judge};
use crate::referee::{Low, NEAR, Referee};
use crate::study::ensemble::known_minima::MinimaSource;
use crate::study::ensemble::outcome::{Outcome, Verdict};

/// The share of a jump's height up to which a point is on its lower side, where the minimum is reached.
const LOWER_SIDE: f64 = 0.1;
/// A run's end is at a jump if φ is lower by this share of its span at this distance, in widths.
const BESIDE: f64 = 1e-6;
const FALLEN: f64 = 1e-4;

impl Judge<'_> {
    /// The verdict at a jump of the lower-level solution, if a known minimum lies there.
    pub(super) fn at_a_jump(&self, end: &mut Outcome) -> Option<Verdict> {
        let x = &self.answered[1];
        let is_near = |place: f64| self.goals.region.distance(1, &[place], x) <= NEAR;
        let jump = self.goals.jumps.iter().find(|jump| is_near(jump.x))?;
        let minima = self.goals.minima.iter().enumerate();
        let mut held = minima.filter(|(_, known)| known.is_at(jump, &self.goals.region));
        let (place, known) = held.next()?;
        if !self.is_answered {
            return None;
        }
        let low = Low {
            x: vec![jump.x],
            value: known.value,
            is_edge: false,
            is_jump: true,
        };
        if !self.settles(&low) {
            return None;
        }
        end.index = Some(place);
        let [left, right] = jump.values;
        let is_low = end.phi - known.value <= LOWER_SIDE * (right - left).abs();
        // a run that oscillates across a jump is held by it, even if it is on the lower side now
        let side = |place: f64| (place - jump.x).signum();
        let blocks = self.ended.recent.chunks(1);
        let crosses = blocks
            .into_iter()
            .any(|block| block[0] != jump.x && x[0] != jump.x && side(block[0]) != side(x[0]));
        Some(if is_low && known.is_global && !crosses {
            self.named_best(end)
        } else {
            Verdict::Jump
        })
    }

    /// True if a jump separates a run from a minimum that is lower. Right at a jump rounding decides on its side, and
    /// with it on φ at the minimum itself.
    pub(super) fn is_above(&self, phi: f64, low: &Low) -> bool {
        let above = phi - low.value;
        let rise = || self.vicinity.phi(&low.x) - low.value;
        above > 0.0
            && (self.vicinity.is_parted(&self.answered[1], &low.x)
                || low.is_jump
                    && (above > HEIGHT * self.goals.span
                        || above > self.slack() && rise() > 0.5 * above))
    }

    /// Sets the verdict on the upper side of a jump beside a minimum.
    pub(super) fn name_beside(&self, end: &mut Outcome, low: &Low) {
        end.verdict = if self.settles(low) {
            Verdict::Jump
        } else {
            Verdict::Moving
        };
    }

    /// True if φ is lower right beside a run's end than there, by searches of their own, and a doubtful search may have missed
    /// a minimum at that jump.
    pub(super) fn may_be_at_a_jump(&self, phi: f64) -> bool {
        if self.goals.source != MinimaSource::DoubtfulSearch {
            return false;
        }
        let referee = Referee::new(self.problem, self.token);
        let widths: Vec<f64> = self.goals.region.widths(1).collect();
        let sides = widths.iter().enumerate();
        let mut sides = sides.flat_map(|(i, width)| [(i, BESIDE * width), (i, -BESIDE * width)]);
        sides.any(|(i, step)| {
            let mut beside = self.answered.clone();
            beside[1][i] += step;
            self.problem.metadata().bounds.project(1, &mut beside[1]);
            let found = referee.reduced(&beside);
            found.is_some_and(|value| phi - value > FALLEN * self.goals.span)
        })
    }
}
