//! All minima of a sampled reduced objective.

use super::answers::PhiSample;
use super::jumps::{Jump, JumpSearch};
use super::vicinity::NESTED;
use crate::numerics::roots::golden_section;
use crate::problem::Site;

/// A minimum separated from a lower one by less than this hill, as a share of the span, belongs to that one's valley.
const PROMINENCE: f64 = 1e-7;
/// A minimum closer to a jump than this share of the range is at the jump, whose place is no more accurate where
/// answers touch.
const POINT: f64 = 2e-6;
/// A minimum closer to an end than this share of the range is at the end.
const SAME: f64 = 1e-8;
/// Two values are equal within this share of the span, and within rounding.
const EQUAL: f64 = 1e-13;
/// Values on both sides of a jump that differ by less than this share of the span make it a kink.
const KINK: f64 = 1e-6;
/// Runs of more equal samples than this are a plateau and no valley.
const PLAIN: usize = 4;
/// The most steps towards a root of dφ/dx, and golden sections if that is unknown.
const STEPS: usize = 100;
const SECTIONS: usize = 60;
/// Differences of φ as slopes: a root is accurate to this share of the width, and a valley whose sides fall by less than
/// this share of the span is flat.
const ROUGH: f64 = 1e-11;
const FLAT: f64 = 1e-9;
/// Samples of φ between two minima that no other sample separates.
const HILL: usize = 9;

/// A minimum of the reduced objective that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundMinimum {
    /// The leader's variable.
    pub x: f64,
    /// The reduced objective.
    pub value: f64,
    /// The kind of place: interior, edge or jump.
    pub site: Site,
    /// The blocks of all lower levels.
    pub answer: Vec<f64>,
}

/// A local minimum of the samples of a piece.
struct MinimumCandidate {
    sample: PhiSample,
    /// Index of the end of its piece that it lies at, if any.
    end: Option<usize>,
}

/// The minima of the pieces and of the jumps between them, from the left.
pub(super) fn minima(
    survey: JumpSearch<'_>,
    pieces: &[Vec<PhiSample>],
    jumps: &[Jump],
) -> Vec<FoundMinimum> {
    let candidates: Vec<Vec<MinimumCandidate>> = pieces
        .iter()
        .map(|piece| survey.candidates(piece))
        .collect();
    let mut found: Vec<FoundMinimum> = Vec::new();
    for (number, candidates) in candidates.iter().enumerate() {
        for MinimumCandidate { sample, end } in candidates {
            let site = match end {
                None => Site::Interior,
                Some(0) if number == 0 && survey.is_edge[0] && sample.x == survey.range[0] => {
                    Site::Edge
                }
                Some(1)
                    if number + 1 == pieces.len()
                        && survey.is_edge[1]
                        && sample.x == survey.range[1] =>
                {
                    Site::Edge
                }
                // jumps are handled below, and an end of the picture is no end of the problem
                Some(_) => continue,
            };
            found.push(FoundMinimum::new(sample, site));
        }
    }
    for jump in jumps {
        found.extend(at_jump(survey, jump, (pieces, &candidates)));
    }
    found.sort_by(|a, b| a.x.total_cmp(&b.x));
    survey.merged(found, pieces, jumps)
}

/// The minimum at a jump, if there is one: φ rises away from its lower side, or from both sides if φ is continuous.
fn at_jump(
    survey: JumpSearch<'_>,
    jump: &Jump,
    (pieces, candidates): (&[Vec<PhiSample>], &[Vec<MinimumCandidate>]),
) -> Option<FoundMinimum> {
    let is_near = |x: f64| (x - jump.x).abs() <= POINT * survey.width();
    let left = pieces
        .iter()
        .position(|piece| piece.last().is_some_and(|end| is_near(end.x)));
    let right = pieces
        .iter()
        .position(|piece| piece.first().is_some_and(|end| is_near(end.x)));
    // without a piece on a side, φ does not fall there
    let rests = [(left, 1), (right, 0)].map(|(piece, end)| {
        let Some(piece) = piece else {
            return Some(None);
        };
        let mut ends = candidates[piece].iter();
        ends.find(|candidate| candidate.end == Some(end)).map(Some)
    });
    let [before, after] = jump.values;
    let least = before.min(after);
    let little = KINK * survey.span + survey.rounding(least);
    let lower = usize::from(after < before);
    if jump.value < least - little {
        return Some(FoundMinimum {
            x: jump.x,
            value: jump.value,
            site: Site::Jump,
            answer: jump.answer.clone(),
        });
    }
    let site = if (before - after).abs() > little {
        Site::Jump
    } else if rests[1 - lower].is_some() {
        Site::Interior
    } else {
        return None;
    };
    let found = match rests[lower]? {
        Some(candidate) if candidate.sample.value < jump.value => {
            FoundMinimum::new(&candidate.sample, site)
        }
        _ => FoundMinimum {
            x: jump.x,
            value: jump.value,
            site,
            answer: jump.answers[lower].clone(),
        },
    };
    Some(found)
}

impl FoundMinimum {
    fn new(sample: &PhiSample, site: Site) -> Self {
        Self {
            x: sample.x,
            value: sample.value,
            site,
            answer: sample.answer.clone(),
        }
    }
}

impl JumpSearch<'_> {
    /// Error bound of a value.
    fn rounding(&self, value: f64) -> f64 {
        EQUAL * self.span + 8.0 * f64::EPSILON * value.abs()
    }

    /// Error bound of a value after solves of the lower levels.
    fn noise(&self, value: f64) -> f64 {
        let nested = if self.answers.is_nested() {
            NESTED * self.span
        } else {
            0.0
        };
        self.rounding(value) + nested
    }

    /// All local minima of a piece.
    fn candidates(&self, piece: &[PhiSample]) -> Vec<MinimumCandidate> {
        let mut candidates = Vec::new();
        let last = piece.len() - 1;
        let mut first = 0;
        while first <= last {
            let here = piece[first].value;
            let is_equal =
                |number: usize| (piece[number].value - here).abs() <= self.rounding(here);
            let mut run = first;
            while run < last && is_equal(run + 1) {
                run += 1;
            }
            let falls = first == 0 || piece[first - 1].value > here;
            let rises = run == last || piece[run + 1].value > here;
            if self.token.is_cancelled() {
                return Vec::new();
            }
            if falls && rises {
                if run - first >= PLAIN {
                    candidates.push(MinimumCandidate {
                        sample: piece[usize::midpoint(first, run)].clone(),
                        end: None,
                    });
                } else {
                    let bracket =
                        [first.saturating_sub(1), (run + 1).min(last)].map(|number| &piece[number]);
                    candidates.extend(self.refined(piece, bracket));
                }
            }
            first = run + 1;
        }
        self.add_ends(piece, &mut candidates);
        candidates
    }

    /// Adds the ends of a piece from which φ rises although the neighboring sample is lower: a hill may be narrower
    /// than the samples.
    fn add_ends(&self, piece: &[PhiSample], candidates: &mut Vec<MinimumCandidate>) {
        for (end, sample, inwards) in [(0, &piece[0], 1.0), (1, &piece[piece.len() - 1], -1.0)] {
            let is_known = candidates
                .iter()
                .any(|candidate| candidate.end == Some(end));
            if !is_known
                && self
                    .answers
                    .slope(sample.x)
                    .is_some_and(|slope| inwards * slope > 0.0)
            {
                candidates.push(MinimumCandidate {
                    sample: sample.clone(),
                    end: Some(end),
                });
            }
        }
    }

    /// The minimum between two samples of a piece.
    fn refined(
        &self,
        piece: &[PhiSample],
        [left, right]: [&PhiSample; 2],
    ) -> Option<MinimumCandidate> {
        let slopes = [left, right].map(|side| self.answers.slope(side.x).unwrap_or(f64::NAN));
        let ends = [&piece[0], &piece[piece.len() - 1]];
        let gap = right.x - left.x;
        let is_flat = self.answers.has_rough_slopes
            && (slopes.iter()).all(|slope| slope.abs() * gap <= FLAT * self.span);
        let x = if is_flat {
            // no minimum in between is significantly lower
            0.5 * (left.x + right.x)
        } else if slopes[0] < 0.0 && slopes[1] > 0.0 {
            self.root([left.x, right.x], slopes)
        } else {
            golden_section([left.x, right.x], SECTIONS, |x| {
                self.answers.at(x).map_or(f64::INFINITY, |at| at.value)
            })
        };
        let inner = self.answers.at(x)?;
        let end = ends
            .iter()
            .position(|end| (end.x - x).abs() <= POINT * self.width());
        // rounding may make a place beside the end look better
        let sample = match end {
            Some(end)
                if (ends[end].x - x).abs() <= SAME * self.width()
                    && ends[end].value <= inner.value + self.noise(inner.value) =>
            {
                ends[end].clone()
            }
            _ => inner,
        };
        let is_edge = [0, 1].map(|end| self.is_edge[end] && ends[end].x == self.range[end]);
        // near an edge of the box there may be a minimum apart from the edge
        let end = end.filter(|&end| !is_edge[end] || sample.x == ends[end].x);
        Some(MinimumCandidate { sample, end })
    }

    /// A sign change of dφ/dx, by secant steps that keep the bracket; kinks are found as well.
    fn root(&self, [mut low, mut high]: [f64; 2], [mut below, mut above]: [f64; 2]) -> f64 {
        let least = if self.answers.has_rough_slopes {
            ROUGH
        } else {
            4.0 * f64::EPSILON
        };
        for step in 0..STEPS {
            let secant = (low * above - high * below) / (above - below);
            // a kink has no root: every third step bisects
            let x = if step % 3 == 2 || !(low < secant && secant < high) {
                0.5 * (low + high)
            } else {
                secant
            };
            if high - low <= least * x.abs().max(self.width()) {
                return x;
            }
            let Some(slope) = self.answers.slope(x) else {
                return x;
            };
            if slope == 0.0 {
                return x;
            }
            if slope < 0.0 {
                // Illinois rule: the slope at an end that stays is halved
                (low, below, above) = (x, slope, 0.5 * above);
            } else {
                (high, above, below) = (x, slope, 0.5 * below);
            }
        }
        0.5 * (low + high)
    }

    /// Drops minima that no significant hill separates from a lower neighbor.
    fn merged(
        &self,
        mut found: Vec<FoundMinimum>,
        pieces: &[Vec<PhiSample>],
        jumps: &[Jump],
    ) -> Vec<FoundMinimum> {
        let mut number = 0;
        while number + 1 < found.len() {
            let (left, right) = (&found[number], &found[number + 1]);
            let higher = left.value.max(right.value);
            if self.hill([left.x, right.x], pieces, jumps) - higher
                >= PROMINENCE * self.span + self.rounding(higher)
            {
                number += 1;
                continue;
            }
            let drop = if left.value > right.value {
                number
            } else {
                number + 1
            };
            found.remove(drop);
            number = number.saturating_sub(1);
        }
        found
    }

    /// The highest value of φ between two places.
    fn hill(&self, [left, right]: [f64; 2], pieces: &[Vec<PhiSample>], jumps: &[Jump]) -> f64 {
        let is_between = |x: f64| left < x && x < right;
        let samples = pieces
            .iter()
            .flatten()
            .filter(|sample| is_between(sample.x));
        let samples = samples.map(|sample| sample.value);
        // a side of a jump lies between, even if the other is one of the places
        let beside = jumps
            .iter()
            .filter(|jump| left <= jump.x && jump.x <= right);
        let beside = beside.flat_map(|jump| {
            let [before, after] = jump.values;
            let is_right = jump.x > left;
            let is_left = jump.x < right;
            [
                if is_right { before } else { f64::NEG_INFINITY },
                if is_left { after } else { f64::NEG_INFINITY },
            ]
        });
        let highest = samples.chain(beside).fold(f64::NEG_INFINITY, f64::max);
        if highest > f64::NEG_INFINITY {
            return highest;
        }
        let between =
            (1..=HILL).map(|number| left + (right - left) * number as f64 / (HILL + 1) as f64);
        between
            .filter_map(|x| self.answers.at(x))
            .map(|at| at.value)
            .fold(f64::NEG_INFINITY, f64::max)
    }
}
