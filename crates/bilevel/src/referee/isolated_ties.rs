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
/// The sections after which the excess has to be below this share of that of a neighboring sample.
const FIRST: usize = 20;
const NEARER: f64 = 1e-3;
/// Points are tied if the excess falls to this share of that of a neighboring sample.
const TIED: f64 = 1e-9;
/// The distance of a place beside a tie, as a share of that between samples.
const BESIDE: f64 = 1e-3;
/// Ties closer than this share of the range are one.
const ONE: f64 = 1e-6;
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
    let tie = |three: &[PhiSample]| {
        let lower = three[0].value.min(three[2].value) - FALL * span;
        // close to a tie the points are tied but for rounding
        let is_at_tie = |at: &PhiSample| at.value < lower;
        let excess = |at: &PhiSample| match at.rival {
            _ if is_at_tie(at) => 0.0,
            rival => rival.map_or(f64::INFINITY, |rival| rival.excess),
        };
        let [left, middle, right] = [0, 1, 2].map(|number: usize| excess(&three[number]));
        let beside = left.max(right);
        if !(beside.is_finite() && middle <= left && middle <= right && middle < beside) {
            return None;
        }
        let ends = [three[0].x, three[2].x];
        let excess = |x: f64| answers.at(x).as_ref().map_or(f64::INFINITY, excess);
        // most rivals come nearer without a tie, which few sections show
        let near = excess(golden_section(ends, FIRST, excess));
        if near > NEARER * beside {
            return None;
        }
        let mut x = golden_section(ends, SECTIONS, excess);
        if x.abs() < ROUND * (ends[1] - ends[0]) && excess(0.0) <= excess(x) {
            x = 0.0;
        }
        // φ from both sides: at a kink it is as low as at the tie
        let step = BESIDE * (ends[1] - ends[0]);
        let limits = [-step, step].map(|step| {
            let [once, twice] = [x + step, x + 2.0 * step].map(|x| answers.at(x));
            Some(2.0 * once?.value - twice?.value)
        });
        let usual = limits[0]?.min(limits[1]?);
        let is_tied = excess(x) <= TIED * beside;
        // the leader's choice at the tie itself
        let at = answers.at(x)?;
        let (value, y) = match at.rival.filter(|_| !is_at_tie(&at)) {
            Some(rival) => (rival.upper, rival.y),
            None => (at.value, at.answer[0]),
        };
        (is_tied && value < usual - FALL * span).then(|| FoundMinimum {
            x,
            value,
            site: Site::Jump,
            answer: vec![y],
        })
    };
    let mut found: Vec<FoundMinimum> = samples.windows(3).filter_map(tie).collect();
    // a tie between two samples that are as near to it is found from both
    let ends = samples.first().zip(samples.last());
    let near = ends.map_or(0.0, |(first, last)| ONE * (last.x - first.x));
    found.dedup_by(|next, before| (next.x - before.x).abs() <= near);
    found
}
