//! Directions along a recorded run beside the hypergradient: angles and ratios of lengths.

use super::gradient::{norm, true_direction};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Problem, Settings};
use crate::run::Trace;

/// A direction of level 1 at an iterate, in the method's own state there.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedDirection {
    /// The iteration.
    pub iteration: u64,
    /// The iterate.
    pub point: Point,
    /// The direction d; the method moves along −d.
    pub direction: Vec<f64>,
    /// The velocity u along which it steps, if it has momentum and u is known.
    pub velocity: Option<Vec<f64>>,
}

/// The direction of the step that starts at a row of a trace; at the last row, which has none yet, that of the step before.
/// `None` if directions are not recorded, or the run has made no step.
pub fn recorded_direction(
    trace: &Trace,
    row: usize,
    settings: &Settings,
) -> Option<RecordedDirection> {
    let known = |row: usize| Some((row, trace.direction(row)?.to_vec()));
    let (row, direction) = known(row).or_else(|| known(row.checked_sub(1)?))?;
    Some(RecordedDirection {
        iteration: *trace.iterations.get(row)? as u64,
        point: trace.point(row)?,
        velocity: velocity(trace, row, settings),
        direction,
    })
}

/// Terms of the sum below this share are left out.
const FORGOTTEN: f64 = 1e-17;
/// The most by which the sine of the angle between a velocity and the move may differ from 0.
const ASIDE: f64 = 1e-6;

/// The velocity u of the step that starts at a row: the sum of m^j times the j-th last direction, with momentum m. `None`
/// without momentum. Where no bound is active the recorded points have to confirm it: if the move to the next iterate is
/// not along −u, the method has begun its sum anew, and u is unknown.
fn velocity(trace: &Trace, row: usize, settings: &Settings) -> Option<Vec<f64>> {
    let name = crate::method::keys::MOMENTUM.name();
    let momentum = settings.declares(name).then(|| settings.number(name))?;
    if momentum == 0.0 {
        return None;
    }
    let mut velocity = vec![0.0; trace.direction(row)?.len()];
    let mut factor = 1.0;
    for earlier in (0..=row).rev() {
        if factor < FORGOTTEN {
            break;
        }
        for (sum, one) in velocity.iter_mut().zip(trace.direction(earlier)?) {
            *sum += factor * one;
        }
        factor *= momentum;
    }
    let (from, to) = (trace.point(row)?, trace.point(row + 1)?);
    let pairs = from[1].iter().zip(&to[1]);
    let moved: Vec<f64> = pairs.map(|(from, to)| from - to).collect();
    let (long, far) = (norm(&velocity), norm(&moved));
    if long == 0.0 || far == 0.0 {
        return Some(velocity);
    }
    let along: f64 = velocity.iter().zip(&moved).map(|(a, b)| a * b).sum();
    let shares = velocity.iter().zip(&moved);
    let aside = shares.map(|(u, m)| u / long - m / far * along.signum());
    let is_along = along > 0.0 && norm(&aside.collect::<Vec<_>>()) < ASIDE.max(1e-12 / far);
    let is_held = moved
        .iter()
        .zip(&velocity)
        .any(|(m, u)| *m == 0.0 && *u != 0.0);
    (is_along || is_held).then_some(velocity)
}

/// A vector beside ∇φ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bearing {
    /// The angle between both, in degrees from 0 to 180.
    pub angle: f64,
    /// The length of the vector over that of ∇φ.
    pub ratio: f64,
}

impl Bearing {
    /// The bearing of a vector; `None` if one of both is zero or not finite.
    pub fn of(vector: &[f64], gradient: &[f64]) -> Option<Self> {
        let (a, b) = (norm(vector), norm(gradient));
        let known = a > 0.0 && b > 0.0 && (a / b).is_finite();
        known.then(|| {
            // the angle by both half chords is accurate for small and for straight angles
            let units = vector.iter().zip(gradient).map(|(v, g)| (v / a, g / b));
            let units: Vec<(f64, f64)> = units.collect();
            let apart = norm(&units.iter().map(|(v, g)| v - g).collect::<Vec<_>>());
            let together = norm(&units.iter().map(|(v, g)| v + g).collect::<Vec<_>>());
            Self {
                angle: 2.0 * apart.atan2(together).to_degrees(),
                ratio: a / b,
            }
        })
    }
}

/// The bearing of a method's direction at an iterate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CourseSample {
    /// The iteration.
    pub iteration: u64,
    /// The bearing; `None` where ∇φ or the bearing is undefined.
    pub bearing: Option<Bearing>,
}

/// The bearings of recorded directions, in their order; fewer once the token is cancelled.
pub fn course(
    problem: &dyn Problem,
    recorded: &[RecordedDirection],
    token: &WorkToken,
) -> Vec<CourseSample> {
    let mut samples = Vec::with_capacity(recorded.len());
    for one in recorded {
        if token.is_cancelled() {
            break;
        }
        let gradient = true_direction(problem, &one.point, token).and_then(|it| it.gradient);
        samples.push(CourseSample {
            iteration: one.iteration,
            bearing: gradient.and_then(|gradient| Bearing::of(&one.direction, &gradient)),
        });
    }
    samples
}
