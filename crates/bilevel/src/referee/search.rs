//! Minima of the reduced objective of a leader of several variables, by descent from many starts.
//!
//! Projected gradient steps on φ with the lengths of Barzilai and Borwein (IMA J. Numer. Anal. 1988), halved until φ falls, from the
//! problem's start and from points spread over the box or the picture. What comes to rest is a minimum or, seldom, a saddle; minima
//! between the starts may be missed.

use super::Referee;
use crate::numerics::{Point, WorkToken};
use crate::problem::{Coordinate, Facts, Minimum, Problem, Site};

/// Leaders and followers of more variables are not searched.
const MOST: [usize; 2] = [16, 64];
/// Descents.
const STARTS: usize = 12;
/// Steps of a descent, and halvings of one.
const STEPS: usize = 300;
const HALVINGS: usize = 30;
/// What a step has to gain, as a share of what its slope promises.
const GAIN: f64 = 1e-4;
/// A slope of φ that counts as rest, against its size.
const REST: f64 = 1e-9;
/// A descent that ended with a larger slope found nothing.
const FOUND: f64 = 1e-6;
/// Two minima within this distance, against their size, are one.
const SAME: f64 = 1e-4;
/// The shortest and the longest step.
const LENGTHS: [f64; 2] = [1e-10, 1e4];
/// A leader beyond this is on its way to nowhere.
const FARTHEST: f64 = 1e4;

/// The minima that are found, as they come; `None` where the problem is too large and once the token is cancelled.
pub(super) fn search(problem: &dyn Problem, token: &WorkToken) -> Option<Vec<Minimum>> {
    let facts = problem.facts();
    let shape = facts.shape();
    let lower = shape.total() - shape.size(1);
    if shape.size(1) > MOST[0] || lower > MOST[1] {
        return None;
    }
    let mut found: Vec<(f64, Point)> = Vec::new();
    for number in 0..STARTS {
        if token.is_cancelled() {
            return None;
        }
        let descent = Descent {
            problem,
            referee: Referee::new(problem, token),
        };
        let Some((value, point)) = descent.from(&start(facts, number)) else {
            continue;
        };
        let is_same = |(_, other): &(f64, Point)| {
            let size = 1.0 + length(&other[1]);
            distance(&other[1], &point[1]) <= SAME * size
        };
        match found.iter_mut().find(|one| is_same(one)) {
            Some(known) if value < known.0 => *known = (value, point),
            Some(_) => {}
            None => found.push((value, point)),
        }
    }
    let minima = found.into_iter().map(|(value, point)| Minimum {
        is_global: false,
        site: site(facts, &point),
        blocks: point.to_blocks().into_iter().map(Some).collect(),
        value,
        reason: "",
    });
    (!token.is_cancelled()).then(|| minima.collect())
}

fn length(a: &[f64]) -> f64 {
    a.iter().map(|a| a * a).sum::<f64>().sqrt()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// The problem's start, and points spread over the leader's box or picture.
fn start(facts: &Facts, number: usize) -> Point {
    let mut point = facts.start.clone();
    if number == 0 {
        return point;
    }
    for (index, value) in point[1].iter_mut().enumerate() {
        let [low, high] = facts.bounds.limits(1)[index];
        let shown = facts.range(Coordinate { level: 1, index });
        let low = if low.is_finite() {
            low
        } else {
            shown[0].min(high)
        };
        let high = if high.is_finite() {
            high
        } else {
            shown[1].max(low)
        };
        let root = ((index + 2) as f64 + 0.5).sqrt();
        *value = low + (number as f64 * root).fract() * (high - low);
    }
    point
}

/// An edge where a bound holds a variable.
fn site(facts: &Facts, point: &Point) -> Site {
    let limits = facts.bounds.limits(1);
    let mut pairs = point[1].iter().zip(limits);
    if pairs.any(|(value, [low, high])| value <= low || value >= high) {
        Site::Edge
    } else {
        Site::Interior
    }
}

struct Descent<'a> {
    problem: &'a dyn Problem,
    referee: Referee<'a>,
}

impl Descent<'_> {
    /// Where φ comes to rest, with all levels' answers; `None` where it does not, or is not known.
    fn from(&self, start: &Point) -> Option<(f64, Point)> {
        let bounds = &self.problem.facts().bounds;
        let mut here = start.clone();
        let mut value = self.referee.reduced(&here)?;
        let mut slope = self.referee.reduced_gradient(&here)?;
        let mut step = 1.0 / (1.0 + length(&slope));
        for _ in 0..STEPS {
            let size = 1.0 + value.abs();
            if bounds.free_length(1, &here[1], &slope) <= REST * size {
                break;
            }
            let Some((next, fallen)) = self.step(&here, value, &slope, step) else {
                break;
            };
            let next_slope = self.referee.reduced_gradient(&next)?;
            let moved: Vec<f64> = next[1].iter().zip(&here[1]).map(|(a, b)| a - b).collect();
            let turned = next_slope.iter().zip(&slope).map(|(a, b)| a - b);
            let curved: f64 = moved.iter().zip(turned).map(|(a, b)| a * b).sum();
            let square: f64 = moved.iter().map(|one| one * one).sum();
            step = if curved > 0.0 {
                square / curved
            } else {
                4.0 * step
            };
            step = step.clamp(LENGTHS[0], LENGTHS[1]);
            (here, value, slope) = (next, fallen, next_slope);
            if length(&here[1]) > FARTHEST {
                return None;
            }
        }
        let is_found = bounds.free_length(1, &here[1], &slope) <= FOUND * (1.0 + value.abs());
        let answered = self.referee.answered(&here)?;
        is_found.then_some((value, answered))
    }

    /// A step that lowers φ enough.
    fn step(&self, here: &Point, value: f64, slope: &[f64], step: f64) -> Option<(Point, f64)> {
        let bounds = &self.problem.facts().bounds;
        let mut step = step;
        for _ in 0..HALVINGS {
            let mut next = here.clone();
            for (x, slope) in next[1].iter_mut().zip(slope) {
                *x -= step * slope;
            }
            bounds.project(1, &mut next[1]);
            let pairs = next[1].iter().zip(&here[1]).zip(slope);
            let promised: f64 = pairs.map(|((to, from), slope)| (from - to) * slope).sum();
            let fallen = self.referee.reduced(&next);
            if let Some(fallen) = fallen.filter(|fallen| *fallen <= value - GAIN * promised) {
                return (fallen < value).then_some((next, fallen));
            }
            step *= 0.5;
        }
        None
    }
}
