//! Minima of φ at an x where another point of the follower comes to be as good as its answer, and at no x beside it.
//!
//! For g = x² y with y in [0, 5] the answer is 0 at all x but 0, where the leader chooses. No answer jumps there, and no
//! sample of φ is lower.

use super::answers::{AnswersOverX, PhiSample};
use super::minima::FoundMinimum;
use crate::numerics::roots::golden_section;
use crate::problem::Site;

/// Golden sections towards the least excess.
const SECTIONS: usize = 90;
/// Points are tied if the excess falls to this share of that of a neighboring sample.
const TIED: f64 = 1e-9;
/// The distance of a place beside a tie, as a share of that between samples.
const BESIDE: f64 = 1e-3;
/// φ falls at a tie by more than this share of its span.
const FALL: f64 = 1e-6;
/// An x this near to 0, as a share of the distance between samples, is tried at 0, too: close to a tie all x are tied but for
/// rounding.
const ROUND: f64 = 1e-4;

/// The minima at isolated ties among ascending samples.
pub(super) fn isolated_ties(
    answers: &AnswersOverX<'_>,
    samples: &[PhiSample],
    span: f64,
) -> Vec<FoundMinimum> {
    let excess = |at: &PhiSample| at.rival.map_or(f64::INFINITY, |rival| rival.excess);
    let tie = |three: &[PhiSample]| {
        let [left, middle, right] = [0, 1, 2].map(|number: usize| excess(&three[number]));
        let beside = left.max(right);
        if !(beside.is_finite() && middle <= left && middle <= right && middle < beside) {
            return None;
        }
        let ends = [three[0].x, three[2].x];
        let rival = |x: f64| answers.at(x).and_then(|at| at.rival);
        let mut x = golden_section(ends, SECTIONS, |x| {
            rival(x).map_or(f64::INFINITY, |rival| rival.excess)
        });
        let is_round = x.abs() < ROUND * (ends[1] - ends[0]);
        let near = rival(x)?;
        // φ from both sides: at a kink it is as low as at the tie
        let step = BESIDE * (ends[1] - ends[0]);
        let limits = [-step, step].map(|step| {
            let [once, twice] = [x + step, x + 2.0 * step].map(|x| answers.at(x));
            Some(2.0 * once?.value - twice?.value)
        });
        let usual = limits[0]?.min(limits[1]?);
        // the leader's choice at the tie itself
        let at_zero = || answers.at(0.0).filter(|at| at.value < usual - FALL * span);
        let (value, y) = match at_zero().filter(|_| is_round) {
            Some(tied) => {
                x = 0.0;
                (tied.value, tied.answer[0])
            }
            None => (near.upper, near.y),
        };
        let is_tied = near.excess <= TIED * beside && value < usual - FALL * span;
        is_tied.then(|| FoundMinimum {
            x,
            value,
            site: Site::Jump,
            answer: vec![y],
        })
    };
    samples.windows(3).filter_map(tie).collect()
}
