//! Advice after a divergence: a smaller inner step size if that is too long, else a value of another parameter with which
//! the method was tried and did not diverge.

use super::spec::{Points, Recording, RunSpec, StopRules};
use crate::messages;
use crate::method::keys;
use crate::numerics::vectors::dot;
use crate::numerics::{Point, WorkToken, rounded};
use crate::problem::{ParameterValue, Problem, Settings};

/// Levels with more variables than this are not measured: a Hessian-vector product there may take seconds.
const MOST_MEASURED: usize = 2000;
/// Power iterations (Hessian-vector products) per curvature.
const PRODUCTS: usize = 40;
/// Factors of the parameters that are tried in turn.
const SHORTER: [f64; 4] = [1.0 / 4.0, 1.0 / 16.0, 1.0 / 64.0, 1.0 / 256.0];
const WIDER: [f64; 3] = [1e2, 1e3, 1e4];
/// A trial has this many times the iterations of the run that diverged, and some more: shorter steps diverge later.
const LONGER: u64 = 8;
const MORE: u64 = 100;

/// The change to try after a divergence of the last part of a run: a smaller inner step size for the first level whose own
/// curvature at the start makes it too long, else the first smaller outer step size, or wider differences, with which a
/// trial survives; empty if there is none.
pub(super) fn advice(
    spec: &RunSpec,
    iterations: u64,
    token: &WorkToken,
    survives: impl Fn(RunSpec) -> bool,
) -> String {
    let (problem, settings, start) = (&*spec.problem, &spec.settings, &spec.start);
    let levels = start.shape().levels();
    let inner = (2..=levels).find_map(|level| too_long(problem, settings, level, start, token));
    if let Some(sentence) = inner {
        return sentence;
    }
    let most = spec.iterations.min(LONGER * iterations + MORE);
    let tried = [
        (keys::OUTER_STEP_SIZE, &SHORTER[..]),
        (keys::DIFFERENCE_STEP, &WIDER[..]),
    ];
    let declared = tried
        .iter()
        .filter(|(key, _)| settings.declares(key.name()));
    let mut values = declared.flat_map(|(key, factors)| {
        let value = settings.get(*key);
        factors
            .iter()
            .map(move |factor| (key.name(), factor * value))
    });
    let found =
        values.find(|(name, value)| with(spec, (name, *value), most).is_some_and(&survives));
    found.map_or_else(String::new, |(name, value)| {
        messages::run::try_value(name, rounded(value, 3))
    })
}

/// A run with another value of a parameter and some iterations; `None` if it is out of its range.
fn with(spec: &RunSpec, (name, value): (&str, f64), most: u64) -> Option<RunSpec> {
    let mut settings = spec.settings.clone();
    let value = ParameterValue::Number(rounded(value, 3));
    settings.set(name, value).ok()?;
    Some(RunSpec {
        settings,
        iterations: most,
        stop: StopRules::default(),
        recording: Recording {
            every: 0,
            points: Points::None,
        },
        ..spec.clone()
    })
}

/// The sentence on a level's inner step size that is too long to converge at the start, or `None`: heavy-ball steps
/// converge up to 2 (1 + m) / L.
fn too_long(
    problem: &dyn Problem,
    settings: &Settings,
    level: usize,
    start: &Point,
    token: &WorkToken,
) -> Option<String> {
    if !settings.declares(keys::INNER_STEP_SIZE.name()) {
        return None;
    }
    let step_size = settings.get_at(keys::INNER_STEP_SIZE, level);
    let momentum = if settings.declares(keys::INNER_MOMENTUM.name()) {
        settings.get_at(keys::INNER_MOMENTUM, level)
    } else {
        0.0
    };
    let curvature = steepest(problem, level, start, token)?;
    let longest = 2.0 * (1.0 + momentum) / curvature;
    (step_size > longest).then(|| {
        let whose = if start.shape().levels() == 2 {
            messages::run::curvature_of_follower().to_owned()
        } else {
            messages::run::curvature_of_level(level)
        };
        messages::run::inner_step_too_long(
            step_size,
            (&whose, rounded(curvature, 3)),
            rounded(longest, 3),
            rounded_down(1.0 / curvature),
        )
    })
}

/// The largest eigenvalue of a level's Hessian in its own block, by power iteration; `None` if it is not positive or
/// too expensive.
fn steepest(problem: &dyn Problem, level: usize, at: &Point, token: &WorkToken) -> Option<f64> {
    let size = at.shape().size(level);
    if size > MOST_MEASURED {
        return None;
    }
    // multiples of an irrational number: a direction that a symmetric problem is unlikely to be orthogonal to
    let share = |i: usize| 0.5 + ((i + 1) as f64 * 0.754_877_666).fract();
    let mut along: Vec<f64> = (0..size).map(share).collect();
    let mut product = vec![0.0; size];
    let mut curvature = 0.0;
    for _ in 0..PRODUCTS {
        let length = dot(&along, &along).sqrt();
        for value in &mut along {
            *value /= length;
        }
        problem.product(level, at, [level, level], &along, &mut product, token);
        curvature = dot(&along, &product);
        along.copy_from_slice(&product);
    }
    (curvature.is_finite() && curvature > 0.0).then_some(curvature)
}

/// The largest number of one digit that is at most a value, up to rounding.
fn rounded_down(value: f64) -> f64 {
    let power = value.log10().floor();
    let digit = (value / 10_f64.powf(power) + 1e-9).floor();
    let text = format!("{digit}e{power}");
    text.parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::rounded_down;

    #[test]
    fn a_suggestion_has_one_digit_and_is_not_above_what_works() {
        for (value, expected) in [
            (0.1, 0.1),
            (0.0999, 0.09),
            (12.7, 10.0),
            (3e-5, 3e-5),
            (1.0, 1.0),
        ] {
            assert_eq!(rounded_down(value), expected, "{value}");
        }
    }
}
