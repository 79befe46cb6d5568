//! Minima of φ at an x where other points of the follower come to be as good as its answer, and at no x beside it.
//!
//! For g = x² y with y in [0, 5] the answer is 0 at all x but 0, where the leader chooses. No answer jumps there, and no
//! sample of φ is lower.

use super::answers::PhiSample;
use super::jumps::JumpSearch;
use super::minima::FoundMinimum;
use crate::numerics::roots::golden_section;
use crate::problem::Site;

/// Golden sections towards the least excess.
const SECTIONS: usize = 90;
/// The sections after which the excess has to be below this share of that of a neighboring sample.
const FIRST: usize = 20;
const NEARER: f64 = 1e-3;
/// Points are tied if the excess falls to this share of that of a neighboring sample.
const TIED: f64 = 1e-9;
/// The least distance of a place beside a tie, as a share of the width; ties closer than that are one.
const ONE: f64 = 1e-6;
/// φ beside a tie as far as that and this many times nearer differ by less than half of its fall; at a cusp by more.
const NEAR: f64 = 10.0;
/// The distance of a place beside a tie, as a share of that between samples.
const BESIDE: f64 = 1e-3;
/// φ falls at a tie by more than this share of its span.
const FALL: f64 = 1e-6;
/// An x this near to 0, as a share of the distance between samples, is tried at 0, too: close to a tie all x are tied but for
/// rounding.
const ROUND: f64 = 1e-4;

/// The minima at isolated ties among ascending samples that are not known.
pub(super) fn isolated_ties(
    survey: &JumpSearch<'_>,
    samples: &[PhiSample],
    known: &[FoundMinimum],
) -> Vec<FoundMinimum> {
    let same = ONE * survey.width();
    let tie = |three: &[PhiSample]| survey.tie(three);
    let mut found: Vec<FoundMinimum> = samples.windows(3).filter_map(tie).collect();
    // jumps are at ties, too
    let is_known = |found: &FoundMinimum| {
        let near = |one: &&FoundMinimum| (one.x - found.x).abs() <= same;
        let values = known.iter().filter(near).map(|one| one.value);
        values.fold(f64::INFINITY, f64::min) <= found.value + FALL * survey.span
    };
    found.retain(|found| !is_known(found));
    // a tie between two samples that are as near to it is found from both
    found.dedup_by(|next, before| (next.x - before.x).abs() <= same);
    found
}

impl JumpSearch<'_> {
    /// The minimum at an isolated tie between the first and the last of three samples.
    fn tie(&self, three: &[PhiSample]) -> Option<FoundMinimum> {
        let lower = three[0].value.min(three[2].value) - FALL * self.span;
        let excess = |at: &PhiSample| {
            // close to a tie the points are tied but for rounding
            if at.value < lower {
                0.0
            } else {
                at.excess.unwrap_or(f64::INFINITY)
            }
        };
        let [left, middle, right] = [0, 1, 2].map(|number: usize| excess(&three[number]));
        let beside = left.max(right);
        if !(beside.is_finite() && middle <= left && middle <= right && middle < beside) {
            return None;
        }
        let ends = [three[0].x, three[2].x];
        let excess = |x: f64| self.answers.at(x).as_ref().map_or(f64::INFINITY, excess);
        // most points come nearer without a tie, which few sections show
        if excess(golden_section(ends, FIRST, excess)) > NEARER * beside {
            return None;
        }
        let mut x = golden_section(ends, SECTIONS, excess);
        if x.abs() < ROUND * (ends[1] - ends[0]) && excess(0.0) <= excess(x) {
            x = 0.0;
        }
        let slack = TIED * beside;
        if excess(x) > slack {
            return None;
        }
        let PhiSample { value, answer, .. } = self.answers.indulged(x, slack)?;
        let step = BESIDE * (ends[1] - ends[0]);
        self.is_below_its_sides([x, value], step)
            .then_some(FoundMinimum {
                x,
                value,
                site: Site::Jump,
                answer,
            })
    }

    /// True if φ at a point (x, φ) is below its limits from both sides, as measured at some distance at least.
    pub(super) fn is_below_its_sides(&self, [x, value]: [f64; 2], step: f64) -> bool {
        let fall = |step: f64| {
            // φ from both sides: at a kink it is as low as at the tie
            let limits = [-step, step].map(|step| {
                let [once, twice] = [x + step, x + 2.0 * step].map(|x| self.answers.at(x));
                Some(2.0 * once?.value - twice?.value)
            });
            Some(limits[0]?.min(limits[1]?) - value)
        };
        // samples crowd around features
        let step = step.max(ONE * self.width());
        let falls = [step, step / NEAR].map(|step| fall(step).unwrap_or(0.0));
        falls[0] > FALL * self.span && falls[1] > 0.5 * falls[0]
    }
}
