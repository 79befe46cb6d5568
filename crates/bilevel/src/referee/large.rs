//! Lowest levels of many variables, solved by gradients and Hessian products alone: the Hessian is never formed.
//!
//! The block of `at` is the only start, so this is for lower levels with one valley. Large levels with bounds are not
//! solved.

use crate::numerics::lbfgs::{self, Limits};
use crate::numerics::vectors::{add, change, dot};
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{Curvature, LowerSolution, Problem};

/// The largest number of variables for which a Hessian is formed.
const LARGE: usize = 500;
/// Above this number of variables, the Hessian of a level costs more than a few closed-form solutions.
const WIDE: usize = 100;
/// Gradient tolerance and step limit of a solve: with curvature of at least 0.002, the gap is accurate to 3e-8.
const ANSWERED: Limits = Limits {
    tolerance: 1e-5,
    steps: 20_000,
};
/// Relative residual of the adjoint solve, and the most conjugate gradient steps.
const RESIDUAL: f64 = 1e-4;
const STEPS: usize = 5000;

/// True if the lowest level is too large for its Hessian to be formed.
pub(crate) fn is_large(at: &Point) -> bool {
    at[at.shape().levels()].len() > LARGE
}

/// True if a lower level has so many variables that its Hessian is expensive.
pub(super) fn is_wide(at: &Point) -> bool {
    let shape = at.shape();
    (2..=shape.levels()).any(|level| shape.size(level) > WIDE)
}

/// The minimizer of the innermost objective that a descent from `at` reaches; `None` if the level may have several
/// minima or has bounds.
pub(super) fn minimise(
    problem: &dyn Problem,
    at: &Point,
    token: &WorkToken,
) -> Option<LowerSolution> {
    let metadata = problem.metadata();
    let level = at.shape().levels();
    let curvature = metadata.lower_level.curvature;
    let has_one_valley = matches!(curvature, Curvature::StronglyConvex | Curvature::Unimodal);
    if !has_one_valley || metadata.bounds.is_bounded(level) {
        return None;
    }
    let mut point = at.clone();
    let mut gradient = Point::zeros(at.shape());
    let mut argmin = at[level].to_vec();
    let value = lbfgs::minimise(
        &mut argmin,
        ANSWERED,
        || token.is_cancelled(),
        |y, out| {
            point[level].copy_from_slice(y);
            let wrt = Levels::only(level);
            let value = problem.value_and_grad(level, &point, wrt, &mut gradient, token);
            out.copy_from_slice(&gradient[level]);
            value
        },
    )?;
    Some(LowerSolution {
        argmin,
        value,
        is_unique: true,
    })
}

/// The solution of ∇²g u = `right` over the lowest level's variables, by conjugate gradients; `None` if the level has
/// bounds, a direction has no positive curvature or the steps do not suffice.
pub(super) fn adjoint(
    problem: &dyn Problem,
    at: &Point,
    right: &[f64],
    token: &WorkToken,
) -> Option<Vec<f64>> {
    let level = at.shape().levels();
    if problem.metadata().bounds.is_bounded(level) {
        return None;
    }
    let mut solution = vec![0.0; right.len()];
    let mut residual = right.to_vec();
    let mut direction = residual.clone();
    let mut bent = solution.clone();
    let mut square = dot(&residual, &residual);
    let enough = square * RESIDUAL * RESIDUAL;
    for _ in 0..STEPS {
        if token.is_cancelled() {
            return None;
        }
        if square <= enough {
            return Some(solution);
        }
        problem.product(level, at, [level, level], &direction, &mut bent, token);
        let curvature = dot(&direction, &bent);
        if curvature <= 0.0 || !curvature.is_finite() {
            return None;
        }
        let length = square / curvature;
        add(&mut solution, length, &direction);
        add(&mut residual, -length, &bent);
        let next = dot(&residual, &residual);
        let share = next / square;
        change(&mut direction, &residual, |direction, residual| {
            *direction = residual + share * *direction;
        });
        square = next;
    }
    None
}
