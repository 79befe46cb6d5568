//! What the reduced objective does around an x: whether a minimum lies there, a saddle or maximum, or a slope.
//!
//! Nothing but values of φ decides, within the box and beyond rounding, so that smooth points, kinks, jumps, edges and plateaus are all
//! treated alike. For a leader of one variable the window around x is sampled; for several, the lowest point is looked for by Newton's
//! steps and along sampled gradients, and φ must not be lower on spheres around it.

mod line;
mod space;

use super::Region;
use super::answers::AnswersOverX;
use super::reduced::Reduced;
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::Problem;

/// A window reaches this many times as far as what is near.
const WINDOW: f64 = 2.0;
/// Directions on each sphere, beside the axes.
const DIRECTIONS: usize = 24;
/// The most variables of a leader whose φ is looked at from all sides.
const MOST: usize = 32;
/// Differences of the gradient are taken over this share of what is near.
const STEP: f64 = 1.0 / 64.0;
/// φ is looked at for a jump where it differs by this share of its span, and by how many halvings.
const PARTED: f64 = 1e-5;
const PARTS: usize = 24;
/// A change of φ below this share of its span is rounding.
const ROUNDING: f64 = 1e-12;
/// The same for three levels and more.
const NESTED: f64 = 2e-9;
/// Rounding beyond so many times that is coarse.
const COARSE: f64 = 2.0;
/// A slope is right if what it promises over some step is kept to this share.
const KEPT: f64 = 0.5;

/// A lowest point.
#[derive(Clone, Debug)]
pub(crate) struct Low {
    pub(crate) x: Vec<f64>,
    pub(crate) value: f64,
    /// Whether an edge of the box holds it, against a slope.
    pub(crate) is_edge: bool,
    /// Whether φ jumps up beside it.
    pub(crate) is_jump: bool,
}

/// What lies around an x.
#[derive(Clone, Debug)]
pub(crate) enum Around {
    /// A minimum, or a place from which φ does not fall.
    Minimum(Low),
    /// A place near which φ has no slope, and falls from there.
    Saddle,
    /// φ falls on beyond what is near.
    Slope,
    /// φ is not known well enough, in a few words.
    Unknown(&'static str),
}

/// φ around points.
#[derive(Debug)]
pub(crate) struct Vicinity<'a> {
    problem: &'a dyn Problem,
    reduced: Reduced<'a>,
    line: Option<AnswersOverX<'a>>,
    region: &'a Region,
    limits: &'a [[f64; 2]],
    widths: Vec<f64>,
    /// What φ differs by over the region.
    span: f64,
    token: &'a WorkToken,
}

impl<'a> Vicinity<'a> {
    pub(crate) fn new(
        problem: &'a dyn Problem,
        region: &'a Region,
        span: f64,
        token: &'a WorkToken,
    ) -> Self {
        let metadata = problem.metadata();
        let is_line = metadata.shape().size(1) == 1;
        Self {
            problem,
            reduced: Reduced::new(problem, &metadata.start, token),
            line: is_line.then(|| AnswersOverX::new(problem, &metadata.start, token)),
            region,
            limits: metadata.bounds.limits(1),
            widths: region.widths(1).collect(),
            span,
            token,
        }
    }

    /// Looks for answers from those of a point, too.
    pub(crate) fn knowing(self, answered: &Point) -> Self {
        match &self.line {
            Some(line) => line.hint(answered),
            None => self.reduced.hint(answered),
        }
        self
    }

    /// φ; infinite where the leader may not be, or the followers have no answer.
    pub(crate) fn phi(&self, x: &[f64]) -> f64 {
        let value = match &self.line {
            Some(line) => line.at(x[0]).map(|at| at.value),
            None => self.reduced.at(x).map(|(value, _)| value),
        };
        value
            .filter(|value| !value.is_nan())
            .unwrap_or(f64::INFINITY)
    }

    /// ∇φ, where it is known.
    pub(crate) fn gradient(&self, x: &[f64]) -> Option<Vec<f64>> {
        let gradient = match &self.line {
            Some(line) => line.slope(x[0]).map(|slope| vec![slope]),
            None => self.reduced.gradient(x),
        };
        gradient.filter(|gradient| gradient.iter().all(|one| one.is_finite()))
    }

    /// What φ may be off by at an answered point: its own rounding and that of what it depends on.
    pub(crate) fn rounding(&self, answered: &Point) -> f64 {
        let mut gradient = Point::zeros(answered.shape());
        self.problem
            .grad(1, answered, Levels::ALL, &mut gradient, self.token);
        let pairs = gradient.values().iter().zip(answered.values());
        let moved: f64 = pairs.map(|(slope, value)| (slope * value).abs()).sum();
        let moved = if moved.is_finite() { moved } else { 0.0 };
        let value = self.problem.value(1, answered, self.token).abs();
        // nested answers are right to what makes them equally good
        let share = if answered.shape().levels() > 2 {
            NESTED
        } else {
            ROUNDING
        };
        share * self.span + 64.0 * f64::EPSILON * (value + moved)
    }

    /// What lies around an answered point, within this share of the widths.
    pub(crate) fn around(&self, answered: &Point, near: f64) -> Around {
        let slack = self.rounding(answered);
        let x = &answered[1];
        if !self.phi(x).is_finite() {
            return Around::Unknown("the followers have no answer there");
        }
        let around = match x.len() {
            1 => self.on_a_line(x[0], near, slack),
            ..=MOST => self.in_space(x, near, slack),
            _ => Around::Unknown("the leader has too many variables to look at $φ$ from all sides"),
        };
        match around {
            Around::Minimum(low) if !self.is_seen(&low, near, slack) => Around::Unknown(
                "$φ$ is so large there that double precision hides whether it falls",
            ),
            around => around,
        }
    }

    /// Whether φ rises visibly on all sides of a lowest point, where rounding is coarser than usual: a fall could hide in it.
    fn is_seen(&self, low: &Low, near: f64, slack: f64) -> bool {
        slack <= COARSE * NESTED * self.span
            || self.directions().iter().all(|direction| {
                let there = self.moved(&low.x, direction, near);
                let is_held = self.region.distance(1, &there, &low.x) < 0.5 * near;
                is_held || self.phi(&there) > low.value + slack
            })
    }

    fn moved(&self, x: &[f64], direction: &[f64], length: f64) -> Vec<f64> {
        let steps = direction.iter().zip(&self.widths);
        x.iter()
            .zip(steps)
            .zip(self.limits)
            .map(|((x, (one, width)), [low, high])| (x + length * one * width).clamp(*low, *high))
            .collect()
    }

    /// Unit directions in units of the widths: the axes, and others spread evenly.
    fn directions(&self) -> Vec<Vec<f64>> {
        let size = self.widths.len();
        let mut all = Vec::with_capacity(2 * size + DIRECTIONS);
        for i in 0..size {
            for sign in [1.0, -1.0] {
                let mut axis = vec![0.0; size];
                axis[i] = sign;
                all.push(axis);
            }
        }
        for number in 0..DIRECTIONS {
            let angle = (number as f64 + 0.5) / DIRECTIONS as f64 * std::f64::consts::TAU;
            let mut direction: Vec<f64> = if size == 2 {
                vec![angle.cos(), angle.sin()]
            } else {
                // normal numbers by the sum of a few waves, the same for every point
                let wave = |i: usize| {
                    let phase = (number * size + i + 1) as f64;
                    (1..=4)
                        .map(|k| (phase * 12.9898 * f64::from(k)).sin())
                        .sum()
                };
                (0..size).map(wave).collect()
            };
            let length = direction.iter().map(|one| one * one).sum::<f64>().sqrt();
            for one in &mut direction {
                *one /= length;
            }
            all.push(direction);
        }
        all
    }

    /// Whether φ jumps on the way from one place to another.
    pub(crate) fn is_parted(&self, from: &[f64], to: &[f64]) -> bool {
        let at = |share: f64| -> Vec<f64> {
            let pairs = from.iter().zip(to);
            pairs.map(|(a, b)| a + share * (b - a)).collect()
        };
        let [mut low, mut high] = [0.0, 1.0];
        let (mut below, mut above) = (self.phi(from), self.phi(to));
        let whole = (above - below).abs();
        if whole.is_nan() || whole <= PARTED * self.span {
            return false;
        }
        for _ in 0..PARTS {
            let middle = 0.5 * (low + high);
            let between = self.phi(&at(middle));
            if (between - below).abs() > (above - between).abs() {
                (high, above) = (middle, between);
            } else {
                (low, below) = (middle, between);
            }
        }
        (above - below).abs() > 0.25 * whole
    }

    /// ∇φ at an answered point, by differences where nothing else is known.
    pub(crate) fn slope(&self, answered: &Point, near: f64) -> Option<Vec<f64>> {
        let known = match &self.line {
            Some(line) => line.slope(answered[1][0]).map(|slope| vec![slope]),
            None => self.reduced.gradient_at(answered),
        };
        let known = known.filter(|slope| slope.iter().all(|one| one.is_finite()));
        known.or_else(|| self.differences(&answered[1], near))
    }

    /// Whether φ changes along a slope as that promises, over some step within what is near.
    pub(crate) fn confirms(&self, answered: &Point, slope: &[f64], near: f64) -> bool {
        let x = &answered[1];
        let slack = self.rounding(answered);
        let value = self.phi(x);
        let free = self.free(x, slope);
        let scaled: Vec<f64> = free
            .iter()
            .zip(&self.widths)
            .map(|(slope, width)| slope * width)
            .collect();
        let steep = scaled.iter().map(|one| one * one).sum::<f64>().sqrt();
        if steep == 0.0 {
            return true;
        }
        let down: Vec<f64> = scaled.iter().map(|one| -one / steep).collect();
        let keeps = |share: f64| {
            let length = share * near;
            let there = self.moved(x, &down, length);
            // what is promised over the way that the box allows
            let pairs = there.iter().zip(x).zip(&free);
            let promised: f64 = pairs.map(|((to, from), slope)| (from - to) * slope).sum();
            let fallen = value - self.phi(&there);
            promised > 8.0 * slack && (fallen - promised).abs() <= KEPT * promised
        };
        let shares = [1.0 / 8.0, 1.0 / 64.0, 1.0 / 1024.0, 1.0 / 32768.0];
        shares.into_iter().any(keeps)
    }

    /// A slope without what the box holds back.
    pub(crate) fn free(&self, x: &[f64], slope: &[f64]) -> Vec<f64> {
        let places = x.iter().zip(self.limits);
        let held = |((x, [low, high]), slope): ((&f64, &[f64; 2]), &f64)| {
            x <= low && *slope > 0.0 || x >= high && *slope < 0.0
        };
        places
            .zip(slope)
            .map(|pair| if held(pair) { 0.0 } else { *pair.1 })
            .collect()
    }

    /// Differences of φ itself.
    fn differences(&self, x: &[f64], near: f64) -> Option<Vec<f64>> {
        if x.len() > MOST {
            return None;
        }
        let slopes = (0..x.len()).map(|i| {
            let mut axis = vec![0.0; x.len()];
            axis[i] = 1.0;
            let sides = [STEP * near, -STEP * near].map(|step| self.moved(x, &axis, step));
            let apart = sides[0][i] - sides[1][i];
            (self.phi(&sides[0]) - self.phi(&sides[1])) / apart
        });
        let slopes: Vec<f64> = slopes.collect();
        slopes.iter().all(|one| one.is_finite()).then_some(slopes)
    }
}
