//! The compass over a leader of one variable: φ, its slope, and the directions of methods, with the intervals on which a
//! method's move is no descent of φ.

use super::CompassMethod;
use super::gradient::true_direction;
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;
use crate::referee::{ReducedCurve, Referee, reduced_curve};
use crate::study::fields::curves::{CurveSample, cut_at_jumps};

/// Samples of φ for each sample of its slope.
const CURVE: usize = 2;
/// The accuracy of borders, as a share of the range.
const BORDER: f64 = 1e-6;
/// Intervals narrower than this share of the range are points, at which a sample fell on a zero or a jump.
const POINT: f64 = 4e-6;

/// φ and its slope over a range of a leader of one variable.
#[derive(Clone, Debug, Default)]
pub struct TrueLine {
    /// φ with its jumps and minima.
    pub reduced: ReducedCurve,
    /// The points (x, dφ/dx), in pieces that end at jumps and kinks and where the slope is undefined.
    pub slope: Vec<Vec<[f64; 2]>>,
    /// The intervals on which the slope is undefined.
    pub undefined: Vec<[f64; 2]>,
    /// The sampled x, with the answered points.
    samples: Vec<(f64, Option<Point>)>,
    signs: Vec<SignedInterval>,
}

/// The direction of a method over the range of a [`TrueLine`].
#[derive(Clone, Debug, Default)]
pub struct MethodLine {
    /// The points (x, d), in pieces that end at jumps and where there is no direction.
    pub direction: Vec<Vec<[f64; 2]>>,
    /// The points (x, 10 % and 90 % quantile of d) of a stochastic method.
    pub fan: Vec<(f64, [f64; 2])>,
    /// The intervals on which its move is no descent of φ; their borders are accurate to a millionth of the range.
    pub wrong: Vec<[f64; 2]>,
    /// The reason why it has no direction, if it has none anywhere.
    pub reason: Option<String>,
}

/// An interval on which a function keeps its sign; `None` where it is undefined.
#[derive(Clone, Copy, Debug, PartialEq)]
struct SignedInterval {
    ends: [f64; 2],
    sign: Option<i8>,
}

fn sign_of(value: Option<f64>) -> Option<i8> {
    value.map(|value| i8::from(value > 0.0) - i8::from(value < 0.0))
}

/// Intervals of one sign each between samples (x, value); borders are found by bisection.
fn signed_intervals(
    samples: &[(f64, Option<f64>)],
    value: impl Fn(f64) -> Option<f64>,
    token: &WorkToken,
) -> Vec<SignedInterval> {
    let (Some((first, at_first)), Some((last, _))) = (samples.first(), samples.last()) else {
        return Vec::new();
    };
    let width = last - first;
    let mut intervals: Vec<SignedInterval> = Vec::new();
    let (mut from, mut sign) = (*first, sign_of(*at_first));
    for pair in samples.windows(2) {
        if token.is_cancelled() {
            return Vec::new();
        }
        let next = sign_of(pair[1].1);
        if next == sign {
            continue;
        }
        let [mut low, mut high] = [pair[0].0, pair[1].0];
        while high - low > 0.25 * BORDER * width {
            let middle = 0.5 * (low + high);
            if sign_of(value(middle)) == sign {
                low = middle;
            } else {
                high = middle;
            }
        }
        let border = 0.5 * (low + high);
        let ends = [from, border];
        intervals.push(SignedInterval { ends, sign });
        (from, sign) = (border, next);
    }
    let ends = [from, *last];
    intervals.push(SignedInterval { ends, sign });
    intervals.retain(|one| one.ends[1] - one.ends[0] > POINT * width);
    // a point that was left out lies between two intervals that now touch
    for place in 1..intervals.len() {
        intervals[place].ends[0] = intervals[place - 1].ends[1];
    }
    intervals
}

/// φ and its slope over the part of a range within the leader's box; nested solves start from `base`.
///
/// `None` if the leader has several variables or φ has no value in the range, and once the token is cancelled.
pub fn true_line(
    problem: &dyn Problem,
    base: &Point,
    range: [f64; 2],
    samples: usize,
    token: &WorkToken,
) -> Option<TrueLine> {
    let reduced = reduced_curve(problem, base, range, CURVE * samples, token)?;
    let [low, high] = reduced.searched;
    let count = samples.max(3);
    let step = (high - low) / (count - 1) as f64;
    let xs: Vec<f64> = (0..count).map(|place| low + step * place as f64).collect();
    let at = |x: f64| {
        let mut at = base.clone();
        at[1][0] = x;
        true_direction(problem, &at, token)
    };
    let slope = |x: f64| at(x)?.gradient.map(|gradient| gradient[0]);
    let sampled = xs.iter().map(|&x| (x, at(x)));
    let sampled: Vec<_> = sampled.collect();
    let known = sampled.iter().map(|(x, found)| {
        let gradient = found.as_ref().and_then(|found| found.gradient.as_ref());
        (*x, gradient.map(|gradient| gradient[0]))
    });
    let known: Vec<(f64, Option<f64>)> = known.collect();
    let curve = curve(&known, slope, token);
    let signs = signed_intervals(&known, slope, token);
    let undefined = signs.iter().filter(|one| one.sign.is_none());
    let undefined = undefined.map(|one| one.ends).collect();
    (!token.is_cancelled()).then(|| TrueLine {
        reduced,
        slope: curve,
        undefined,
        samples: sampled
            .into_iter()
            .map(|(x, found)| (x, found.map(|found| found.answered)))
            .collect(),
        signs,
    })
}

/// The samples as pieces, split where the values jump.
fn curve(
    samples: &[(f64, Option<f64>)],
    value: impl Fn(f64) -> Option<f64>,
    token: &WorkToken,
) -> Vec<Vec<[f64; 2]>> {
    let sample = |x: f64, shown: f64| CurveSample {
        x,
        answer: vec![shown],
        shown,
    };
    let known = samples.iter().map(|(x, value)| Some(sample(*x, (*value)?)));
    let known: Vec<_> = known.collect();
    cut_at_jumps(&known, &|x| Some(sample(x, value(x)?)), token)
}

/// The directions of a method at the samples of a line.
pub fn method_line(
    problem: &dyn Problem,
    line: &TrueLine,
    method: &CompassMethod,
    token: &WorkToken,
) -> MethodLine {
    let mut found = MethodLine::default();
    let mut sampled = Vec::with_capacity(line.samples.len());
    for (x, answered) in &line.samples {
        let direction = answered.as_ref().map(|at| method.at(at, token));
        let mean = match direction {
            Some(Ok(direction)) => {
                let fan = direction.fan(|draw| draw[0]);
                found.fan.extend(fan.map(|fan| (*x, fan)));
                Some(direction.mean[0])
            }
            Some(Err(reason)) => {
                found.reason.get_or_insert(reason);
                None
            }
            None => None,
        };
        sampled.push((*x, mean));
        if token.is_cancelled() {
            return MethodLine::default();
        }
    }
    if sampled.iter().all(|(_, mean)| mean.is_none()) {
        return found;
    }
    found.reason = None;
    let base = line.samples.iter().find_map(|(_, point)| point.as_ref());
    let value = |x: f64| {
        let mut at = base?.clone();
        at[1][0] = x;
        if method.lower.is_none() {
            at = Referee::new(problem, token).answered(&at)?;
        }
        let direction = method.at(&at, token).ok()?;
        Some(direction.mean[0])
    };
    found.direction = curve(&sampled, value, token);
    let signs = signed_intervals(&sampled, value, token);
    found.wrong = disagreements(&line.signs, &signs);
    found
}

/// The intervals on which both functions are defined and differ in sign, or one is zero.
fn disagreements(one: &[SignedInterval], other: &[SignedInterval]) -> Vec<[f64; 2]> {
    let mut wrong: Vec<[f64; 2]> = Vec::new();
    for a in one {
        for b in other {
            let ends = [a.ends[0].max(b.ends[0]), a.ends[1].min(b.ends[1])];
            let (Some(s), Some(t)) = (a.sign, b.sign) else {
                continue;
            };
            if ends[0] >= ends[1] || s * t > 0 {
                continue;
            }
            match wrong.last_mut() {
                Some(last) if last[1] == ends[0] => last[1] = ends[1],
                _ => wrong.push(ends),
            }
        }
    }
    wrong
}
