//! Behavior of the reduced objective around an x: a minimum, a saddle or maximum, or a slope.
//!
//! Only values of φ decide, within the box and beyond rounding, so that smooth points, kinks, jumps, edges and plateaus
//! are treated alike. For a leader of one variable the window around x is sampled; for several, the lowest point is
//! searched for by Newton steps and along sampled gradients, and φ must not be lower on spheres around it.

mod jump;
mod kink;
mod line;
mod quasi_newton;
mod space;

use super::Region;
use super::answers::AnswersOverX;
use super::reduced::Reduced;
use crate::messages;
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::Problem;

/// Reach of the window, as a multiple of the radius `near`.
const WINDOW: f64 = 2.0;
/// Radii of the spheres on which φ must not be lower, as shares of `near`.
const RADII: [f64; 2] = [1.0, 0.125];
/// Directions on each sphere, beside the axes.
const DIRECTIONS: usize = 24;
/// The most variables of a leader for which φ is sampled in all directions.
const MOST: usize = 32;
/// Step of gradient differences, as a share of `near`.
const STEP: f64 = 1.0 / 64.0;
/// Least difference, as a share of the span of φ, that is tested for a jump, and the halvings of that test.
const PARTED: f64 = 1e-5;
const PARTS: usize = 24;
/// Share of the whole difference that a jump keeps however short the interval, and the share below which both halves of
/// an interval are free of one.
const JUMP: f64 = 0.25;
const CALM: f64 = JUMP / 16.0;
/// A change of φ below this share of its span is rounding.
const ROUNDING: f64 = 1e-12;
/// The same for three levels and more.
pub(super) const NESTED: f64 = 2e-9;
/// Rounding above this multiple of [`NESTED`] is coarse.
const COARSE: f64 = 2.0;
/// A slope is confirmed if φ changes over some step as predicted, up to this share.
const KEPT: f64 = 0.5;

/// A lowest point of φ.
#[derive(Clone, Debug)]
pub(crate) struct Low {
    pub(crate) x: Vec<f64>,
    pub(crate) value: f64,
    /// True if an edge of the box holds it against a slope.
    pub(crate) is_edge: bool,
    /// True if φ jumps up beside it.
    pub(crate) is_jump: bool,
}

/// Behavior of φ around an x.
#[derive(Clone, Debug)]
pub(crate) enum Around {
    /// A minimum, or a place from which φ does not fall.
    Minimum(Low),
    /// A stationary place from which φ falls.
    Saddle,
    /// φ falls beyond the neighborhood.
    Slope,
    /// φ is not known well enough; the reason in a few words.
    Unknown(&'static str),
}

/// Evaluator of φ around points.
#[derive(Debug)]
pub(crate) struct Vicinity<'a> {
    problem: &'a dyn Problem,
    reduced: Reduced<'a>,
    line: Option<AnswersOverX<'a>>,
    region: &'a Region,
    limits: &'a [[f64; 2]],
    widths: Vec<f64>,
    /// Span of φ over the region.
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

    /// Adds the lower blocks of a point to the starts of searches.
    pub(crate) fn knowing(self, answered: &Point) -> Self {
        match &self.line {
            Some(line) => line.hint(answered),
            None => self.reduced.hint(answered),
        }
        self
    }

    /// φ; infinite if it is undefined or the followers have no answer.
    pub(crate) fn phi(&self, x: &[f64]) -> f64 {
        let value = match &self.line {
            Some(line) => line.at(x[0]).map(|at| at.value),
            None => self.reduced.at(x).map(|(value, _)| value),
        };
        value
            .filter(|value| !value.is_nan())
            .unwrap_or(f64::INFINITY)
    }

    /// ∇φ, if it is known.
    pub(crate) fn gradient(&self, x: &[f64]) -> Option<Vec<f64>> {
        let gradient = match &self.line {
            Some(line) => line.slope(x[0]).map(|slope| vec![slope]),
            None => self.reduced.gradient(x),
        };
        gradient.filter(|gradient| gradient.iter().all(|one| one.is_finite()))
    }

    /// Error bound of φ at an answered point: its own rounding and that of its arguments.
    pub(crate) fn rounding(&self, answered: &Point) -> f64 {
        let mut gradient = Point::zeros(answered.shape());
        self.problem
            .grad(1, answered, Levels::ALL, &mut gradient, self.token);
        let pairs = gradient.values().iter().zip(answered.values());
        let moved: f64 = pairs.map(|(slope, value)| (slope * value).abs()).sum();
        let moved = if moved.is_finite() { moved } else { 0.0 };
        let value = self.problem.value(1, answered, self.token).abs();
        self.noise(value + moved)
    }

    /// Error bound of a value of φ of some size: a change below it is no change.
    fn noise(&self, size: f64) -> f64 {
        // nested answers are less accurate, since ties decide between them
        let share = if self.reduced.is_nested() {
            NESTED
        } else {
            ROUNDING
        };
        share * self.span + 64.0 * f64::EPSILON * size.abs()
    }

    /// Classifies an answered point by φ within `near` of it, as a share of the widths.
    pub(crate) fn around(&self, answered: &Point, near: f64) -> Around {
        let slack = self.rounding(answered);
        let x = &answered[1];
        if !self.phi(x).is_finite() {
            return Around::Unknown(messages::outcome::no_lower_solution());
        }
        let around = match x.len() {
            1 => self.on_a_line(x[0], near, slack),
            ..=MOST => self.in_space(x, near, slack),
            _ => Around::Unknown(messages::outcome::too_many_variables()),
        };
        match around {
            Around::Minimum(low) if !self.is_seen(&low, near, slack) => {
                Around::Unknown(messages::outcome::too_large_to_resolve())
            }
            around => around,
        }
    }

    /// True if rounding is fine, or if φ rises visibly on all sides of a lowest point: coarse rounding could hide a
    /// fall.
    fn is_seen(&self, low: &Low, near: f64, slack: f64) -> bool {
        // a constant is nowhere lower
        self.span == 0.0
            || slack <= COARSE * NESTED * self.span
            || self.directions().iter().all(|direction| {
                let there = self.moved(&low.x, direction, near);
                let is_held = self.region.distance(1, &there, &low.x) < 0.5 * near;
                is_held || self.phi(&there) > low.value + slack
            })
    }

    /// True if φ is lower near a lowest point by more than its last digits, though not by more than lower-level solutions may
    /// be off.
    pub(crate) fn falls_a_little(&self, low: &Low, near: f64) -> bool {
        let least = low.value - 64.0 * f64::EPSILON * low.value.abs();
        self.directions().iter().any(|direction| {
            let radii = [WINDOW, 1.0, 0.5, RADII[1]];
            radii.iter().any(|radius| {
                let there = self.moved(&low.x, direction, radius * near);
                self.phi(&there) < least
            })
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
                // roughly normal numbers from a sum of a few waves, the same for every point
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

    /// True if φ jumps between two places.
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
            if (above - below).abs() < CALM * whole {
                return false;
            }
        }
        (above - below).abs() > JUMP * whole
    }

    /// ∇φ at an answered point, by differences if it is otherwise unknown.
    pub(crate) fn slope(&self, answered: &Point, near: f64) -> Option<Vec<f64>> {
        let known = match &self.line {
            Some(line) => line.slope(answered[1][0]).map(|slope| vec![slope]),
            None => self.reduced.gradient_at(answered),
        };
        let known = known.filter(|slope| slope.iter().all(|one| one.is_finite()));
        known.or_else(|| self.differences(&answered[1], near))
    }

    /// True if φ changes along a slope as predicted, over some step within `near`.
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
            // the decrease predicted over the part of the step inside the box
            let pairs = there.iter().zip(x).zip(&free);
            let promised: f64 = pairs.map(|((to, from), slope)| (from - to) * slope).sum();
            let fallen = value - self.phi(&there);
            promised > 8.0 * slack && (fallen - promised).abs() <= KEPT * promised
        };
        let shares = [1.0 / 8.0, 1.0 / 64.0, 1.0 / 1024.0, 1.0 / 32768.0];
        shares.into_iter().any(keeps)
    }

    /// A slope without the components that the box blocks.
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

    /// ∇φ by central differences of φ.
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
