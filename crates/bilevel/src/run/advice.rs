//! Advice after a divergence: a smaller inner step size if that is too long, else a smaller outer step size.

use crate::messages;
use crate::method::keys;
use crate::numerics::vectors::dot;
use crate::numerics::{Point, WorkToken, rounded};
use crate::problem::{Problem, Settings};

/// Levels with more variables than this are not measured: a Hessian-vector product there may take seconds.
const MOST_MEASURED: usize = 2000;
/// Power iterations (Hessian-vector products) per curvature.
const PRODUCTS: usize = 40;

/// The change to try after a divergence: a smaller inner step size for the first level whose own curvature at the start
/// makes it too long, else a smaller outer step size; empty if the method has neither.
pub(super) fn advice(
    problem: &dyn Problem,
    settings: &Settings,
    start: &Point,
    token: &WorkToken,
) -> String {
    let levels = start.shape().levels();
    let inner = (2..=levels).find_map(|level| too_long(problem, settings, level, start, token));
    match inner {
        Some(sentence) => sentence,
        None if settings.declares(keys::OUTER_STEP_SIZE.name()) => {
            let step_size = settings.get(keys::OUTER_STEP_SIZE);
            messages::run::try_outer_step(step_size / 4.0)
        }
        None => String::new(),
    }
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
