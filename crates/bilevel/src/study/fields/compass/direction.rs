//! The direction of a fresh state of a method at a point.

use super::CompassMethod;
use crate::messages;
use crate::method::{self, Start, StepDiagnostics};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Counts, Oracle, Sampled};
use crate::run::RunSpec;

/// Draws of a stochastic method at a point.
pub const DRAWS: u64 = 32;
/// The quantiles of a fan.
const FAN: [f64; 2] = [0.1, 0.9];

/// The direction of level 1 in the first step of a fresh state; the method moves along its negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// The direction; of a stochastic method the mean over [`DRAWS`] draws.
    pub mean: Vec<f64>,
    /// The directions of the draws; empty for a method without noise.
    pub draws: Vec<Vec<f64>>,
}

impl Direction {
    /// The 10 % and the 90 % quantile of a number of each draw; `None` without draws.
    pub fn fan(&self, number: impl Fn(&[f64]) -> f64) -> Option<[f64; 2]> {
        let mut numbers: Vec<f64> = self.draws.iter().map(|draw| number(draw)).collect();
        numbers.sort_by(f64::total_cmp);
        let last = numbers.len().checked_sub(1)?;
        Some(FAN.map(|share| numbers[(share * last as f64).round() as usize]))
    }
}

/// The reason why a run's method has no direction of its own anywhere; `None` if it has one.
pub fn no_direction(spec: &RunSpec) -> Option<&'static str> {
    let state = (spec.method.build)(&spec.settings).start(&Start {
        point: &spec.start,
        seed: spec.seed,
        number: spec.start_number,
    });
    let is_known = state.direction().iter().all(|one| !one.is_nan());
    (!is_known).then(messages::run::follows_no_direction)
}

/// The direction of a run's method in a fresh state at a point. Draws have the seeds that follow the run's own, the same at
/// every point.
///
/// # Errors
/// If the step fails, or its direction is not finite, with the reason.
pub fn direction(spec: &RunSpec, at: &Point, token: &WorkToken) -> Result<Direction, String> {
    if !is_stochastic(spec) {
        let mean = one_step(spec, at, spec.seed, token)?;
        let draws = Vec::new();
        return Ok(Direction { mean, draws });
    }
    let seeds = (0..DRAWS).map(|draw| spec.seed.wrapping_add(draw));
    let draws = seeds.map(|seed| one_step(spec, at, seed, token));
    let draws = draws.collect::<Result<Vec<_>, _>>()?;
    let mut mean = vec![0.0; at[1].len()];
    for draw in &draws {
        for (mean, one) in mean.iter_mut().zip(draw) {
            *mean += one / DRAWS as f64;
        }
    }
    Ok(Direction { mean, draws })
}

/// True if a run's steps depend on its seed: noise, or batches smaller than the set.
fn is_stochastic(spec: &RunSpec) -> bool {
    let settings = &spec.settings;
    let samples = spec.problem.sampled().map_or(0, Sampled::samples);
    let number = |name: &str| {
        if settings.declares(name) {
            settings.number(name)
        } else {
            0.0
        }
    };
    let batch = number(method::keys::BATCH_SIZE.name());
    number(method::keys::GRADIENT_NOISE.name()) > 0.0 || batch > 0.0 && batch < samples as f64
}

fn one_step(spec: &RunSpec, at: &Point, seed: u64, token: &WorkToken) -> Result<Vec<f64>, String> {
    let mut state = (spec.method.build)(&spec.settings).start(&Start {
        point: at,
        seed,
        number: spec.start_number,
    });
    let mut counts = Counts::default();
    let mut oracle = Oracle::new(&*spec.problem, &mut counts, token);
    let step = state.step(&mut oracle, &mut StepDiagnostics::ignored());
    step.map_err(|error| error.to_string())?;
    if token.is_cancelled() {
        return Err(messages::run::work_cancelled().to_owned());
    }
    let direction = state.direction();
    if direction.iter().all(|one| one.is_finite()) {
        Ok(direction.to_vec())
    } else {
        Err(messages::run::direction_not_finite().to_owned())
    }
}

impl CompassMethod {
    /// The direction of a fresh state at the leader's block of an answered point.
    ///
    /// # Errors
    /// As [`direction`].
    pub fn at(&self, answered: &Point, token: &WorkToken) -> Result<Direction, String> {
        let Some(lower) = &self.lower else {
            return direction(&self.spec, answered, token);
        };
        let mut at = lower.clone();
        at[1].copy_from_slice(&answered[1]);
        direction(&self.spec, &at, token)
    }
}
