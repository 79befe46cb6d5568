//! Jumps of the answers to a leader of one variable: samples are cut into continuous pieces, and the place of each jump
//! is located between them.

use super::answers::{AnswersOverX, PhiSample};
use crate::numerics::WorkToken;

/// A jump is searched for between neighboring answers that differ by more than this share of the range of all answers
/// in the evenly sampled part, or by more than this many times the differences beside them.
const SUSPICIOUS: f64 = 0.02;
const UNLIKE: f64 = 3.0;
/// Least height of a located jump, as a share of the range of all answers.
pub(super) const JUMP: f64 = 1e-3;
/// The most cuts of an interval that holds a jump, and their place: not the middle, since symmetric problems jump
/// there.
const SECTIONS: usize = 60;
const SHARE: f64 = 0.45;
/// The most jumps nested within each other between two samples.
const DEPTH: usize = 3;
/// A piece narrower than this share of the range is the place of a jump, at which the follower is indifferent.
const POINT: f64 = 1e-6;
/// Differences of g below this share of its median spread leave the follower indifferent.
const CARELESS: f64 = 1e-9;

/// A jump of the follower's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Jump {
    /// The leader's variable.
    pub x: f64,
    /// The blocks of all lower levels on both sides.
    pub answers: [Vec<f64>; 2],
    /// φ on both sides.
    pub values: [f64; 2],
    /// φ at the jump itself: the lower of both sides, or less if the follower is indifferent there.
    pub value: f64,
    /// The blocks of all lower levels for that value.
    pub answer: Vec<f64>,
}

/// Both sides of a jump.
type Sides = [PhiSample; 2];

/// Search of a range for jumps and minima of φ.
#[derive(Clone, Copy)]
pub(super) struct JumpSearch<'a> {
    pub(super) answers: &'a AnswersOverX<'a>,
    /// The range, within the leader's box.
    pub(super) range: [f64; 2],
    /// The part of it that is sampled evenly, beyond which samples lie ever farther apart.
    pub(super) own: [f64; 2],
    /// Flags of the range ends that are ends of the box.
    pub(super) is_edge: [bool; 2],
    /// Span of φ over the range; see [`super::region::span`].
    pub(super) span: f64,
    /// True if each section of an interval with a jump is searched from the answers on both sides, too.
    pub(super) is_careful: bool,
    pub(super) token: &'a WorkToken,
}

impl JumpSearch<'_> {
    /// The width of the evenly sampled part.
    pub(super) fn width(&self) -> f64 {
        self.own[1] - self.own[0]
    }

    pub(super) fn is_own(&self, sample: &PhiSample) -> bool {
        self.own[0] <= sample.x && sample.x <= self.own[1]
    }

    /// The samples at places that have an answer; `None` once the token is cancelled, and if there is no answer at all.
    pub(super) fn sampled(&self, places: &[f64]) -> Option<Vec<PhiSample>> {
        let mut samples = Vec::with_capacity(places.len());
        for &x in places {
            if self.token.is_cancelled() {
                return None;
            }
            samples.extend(self.answers.at(x));
        }
        (!samples.is_empty()).then_some(samples)
    }

    /// The samples as pieces without a jump, and the jumps between them.
    pub(super) fn cut(&self, samples: &[PhiSample]) -> (Vec<Vec<PhiSample>>, Vec<Jump>) {
        let inside: Vec<&PhiSample> = samples.iter().filter(|one| self.is_own(one)).collect();
        let height = height(&inside);
        let distances: Vec<f64> = samples
            .windows(2)
            .map(|pair| pair[1].distance(&pair[0]))
            .collect();
        let mut pieces = vec![vec![samples[0].clone()]];
        for (number, pair) in samples.windows(2).enumerate() {
            let beside = [number.checked_sub(1), Some(number + 1)];
            let beside = beside
                .into_iter()
                .flatten()
                .filter_map(|number| distances.get(number));
            let usual = beside.fold(0.0_f64, |most, distance| most.max(*distance));
            let distance = distances[number];
            let is_inside = pair.iter().all(|one| self.is_own(one));
            let is_suspicious = is_inside && distance > SUSPICIOUS * height
                || distance > UNLIKE * usual + JUMP * height;
            if is_suspicious {
                let mut found = Vec::new();
                let height = if is_inside {
                    height
                } else {
                    height.max(distance)
                };
                self.jumps_between(&pair[0], &pair[1], (JUMP * height, DEPTH), &mut found);
                for [left, right] in found {
                    push(&mut pieces, left);
                    pieces.push(vec![right]);
                }
            }
            push(&mut pieces, pair[1].clone());
        }
        self.without_points(pieces, slack(samples))
    }

    /// Adds the jumps between two samples, from the left.
    fn jumps_between(
        &self,
        left: &PhiSample,
        right: &PhiSample,
        (least, depth): (f64, usize),
        found: &mut Vec<Sides>,
    ) {
        if depth == 0 || self.token.is_cancelled() || left.distance(right) <= least {
            return;
        }
        let Some([before, after]) = self.jump(left.clone(), right.clone(), least) else {
            return;
        };
        let rest = (least, depth - 1);
        self.jumps_between(left, &before, rest, found);
        found.push([before.clone(), after.clone()]);
        self.jumps_between(&after, right, rest, found);
    }

    /// The two sides of a jump between two samples; `None` if the answer is steep but continuous.
    fn jump(&self, mut left: PhiSample, mut right: PhiSample, least: f64) -> Option<Sides> {
        for _ in 0..SECTIONS {
            let x = left.x + SHARE * (right.x - left.x);
            if !(left.x < x && x < right.x) {
                break;
            }
            let between = if self.is_careful {
                self.answers.searched_from(x, &[&left, &right])
            } else {
                self.answers.at(x)
            };
            let Some(between) = between else {
                // at the exact place of a jump there may be no solution, such as for 0/0
                if right.x - left.x <= POINT * self.width() {
                    break;
                }
                return None;
            };
            if between.distance(&left) < between.distance(&right) {
                left = between;
            } else {
                right = between;
            }
            if right.distance(&left) < least {
                return None;
            }
        }
        Some([left, right])
    }

    /// Drops pieces no wider than a point, and joins the jumps on both sides of them.
    fn without_points(
        &self,
        pieces: Vec<Vec<PhiSample>>,
        slack: f64,
    ) -> (Vec<Vec<PhiSample>>, Vec<Jump>) {
        let is_point = |piece: &[PhiSample]| match piece {
            [first, .., last] => last.x - first.x <= POINT * self.width(),
            _ => true,
        };
        let mut kept: Vec<Vec<PhiSample>> = Vec::new();
        let mut jumps = Vec::new();
        // samples of the pieces dropped since the last one kept
        let mut between: Vec<PhiSample> = Vec::new();
        for piece in pieces {
            if is_point(&piece) {
                between.extend(piece);
                continue;
            }
            // the end of the range itself may be a jump, too
            let left = kept
                .last()
                .and_then(|piece| piece.last())
                .or_else(|| between.first());
            if let Some(left) = left {
                jumps.push(self.jump_at(left, &piece[0], (&between, slack)));
            }
            between.clear();
            kept.push(piece);
        }
        if let (Some([.., left]), [.., end]) = (kept.last().map(Vec::as_slice), &between[..]) {
            jumps.push(self.jump_at(left, end, (&between, slack)));
        }
        (kept, jumps)
    }

    fn jump_at(
        &self,
        left: &PhiSample,
        right: &PhiSample,
        (between, slack): (&[PhiSample], f64),
    ) -> Jump {
        let x = left.x + 0.5 * (right.x - left.x);
        let careless = self.answers.indulged(x, slack);
        let all = [left, right]
            .into_iter()
            .chain(between)
            .chain(careless.as_ref());
        let best = all
            .min_by(|a, b| a.value.total_cmp(&b.value))
            .unwrap_or(left);
        Jump {
            x,
            answers: [left.answer.clone(), right.answer.clone()],
            values: [left.value, right.value],
            value: best.value,
            answer: best.answer.clone(),
        }
    }
}

/// The differences of g that leave the follower indifferent, from samples that do not crowd around jumps.
fn slack(samples: &[PhiSample]) -> f64 {
    // the median, since a barrier near one sample makes its spread huge
    let mut spreads: Vec<f64> = samples.iter().map(|sample| sample.spread).collect();
    spreads.sort_unstable_by(f64::total_cmp);
    CARELESS * spreads.get(spreads.len() / 2).copied().unwrap_or(0.0)
}

fn push(pieces: &mut [Vec<PhiSample>], sample: PhiSample) {
    if let Some(piece) = pieces.last_mut() {
        piece.push(sample);
    }
}

/// Range of the answers, in the variable where it is largest.
pub(super) fn height(samples: &[&PhiSample]) -> f64 {
    let numbers = samples.first().map_or(0, |sample| sample.answer.len());
    let heights = (0..numbers).map(|i| {
        let answers = samples.iter().map(|sample| sample.answer[i]);
        let [low, high] = answers.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], y| {
            [low.min(y), high.max(y)]
        });
        high - low
    });
    heights.fold(0.0, f64::max)
}
