//! Lower-level solutions of robust regression from a small system: the worst P has rank two.
//!
//! With w = H₃⁻¹ ∂f₂/∂θ, s = (X + P) w and k = d/c, the gradient of level 2 vanishes exactly for
//!
//! ```text
//! P = k (s θᵀ − r (θ + w)ᵀ)
//! ```
//!
//! so that r and s follow from θ and w row by row. The other 2 d equations are ∂f₃/∂θ = 0 and H₃ w = ∂f₂/∂θ. Newton's
//! method solves them by continuation from k = 0, where P = 0, in as few stages as it converges from. Without P, level
//! 3 is solved alone.

use nalgebra::{DMatrix, DVector};

use super::regression::{
    Objective, RegressionRows, Role, Variables, smoothed_curvature, smoothed_slope,
};
use crate::numerics::nilpotent::Polynomial;
use crate::numerics::{Scalar, WorkToken};

/// The largest number of Newton steps of a stage, and of level 3 alone.
const STEPS: [usize; 2] = [12, 100];
/// The largest number of halvings of a step.
const HALVINGS: usize = 40;
/// The norm of the equations at which they count as solved.
const TOLERANCE: f64 = 1e-12;
/// The shortest stage, as a share of the range of k.
const SHORTEST: f64 = 1e-3;

fn at<'a>(lambda: f64, poison: &'a [f64], theta: &'a [f64]) -> Variables<'a, f64> {
    Variables {
        lambda,
        poison,
        theta,
    }
}

/// The minimizer θ for a λ and a P; `None` if the rows do not determine it or the token is cancelled.
pub(super) fn fitted(
    rows: &RegressionRows,
    lambda: f64,
    poison: &[f64],
    token: &WorkToken,
) -> Option<Vec<f64>> {
    let objective = Objective {
        role: Role::Fit,
        rows,
        price: 0.0,
    };
    let mut theta = vec![0.0; rows.features];
    let mut value = objective.value(at(lambda, poison, &theta), token);
    for _ in 0..STEPS[1] {
        if token.is_cancelled() {
            return None;
        }
        let slope = objective.gradient(at(lambda, poison, &theta), [false, false, true], token);
        let slope = DVector::from_vec(slope.theta);
        let factor = curvature(rows, lambda, poison, &theta).cholesky()?;
        let step = factor.solve(&slope);
        let promised = slope.dot(&step);
        let mut length = 1.0;
        let is_small = promised <= 1e-13 * (1.0 + value.abs());
        for _ in 0..HALVINGS {
            let trial: Vec<f64> = theta
                .iter()
                .zip(&step)
                .map(|(theta, step)| theta - length * step)
                .collect();
            let there = objective.value(at(lambda, poison, &trial), token);
            if is_small || there <= value - 1e-4 * length * promised {
                (theta, value) = (trial, there);
                break;
            }
            length /= 2.0;
        }
        if is_small
            && step.amax() <= 1e-13 * (1.0 + theta.iter().fold(0.0, |m: f64, t| m.max(t.abs())))
        {
            break;
        }
    }
    theta.iter().all(|theta| theta.is_finite()).then_some(theta)
}

/// The Hessian H₃.
fn curvature(rows: &RegressionRows, lambda: f64, poison: &[f64], theta: &[f64]) -> DMatrix<f64> {
    let (count, size) = (rows.len(), rows.features);
    let mut matrix = DMatrix::from_row_slice(count, size, &rows.x);
    if !poison.is_empty() {
        matrix += DMatrix::from_row_slice(count, size, poison);
    }
    let mut hessian = matrix.tr_mul(&matrix) * (2.0 / count as f64);
    let weight = lambda.exp() / size as f64;
    for (i, theta) in theta.iter().enumerate() {
        hessian[(i, i)] += weight * smoothed_curvature(*theta);
    }
    hessian
}

/// The answers (P, θ) of both lower levels to a λ; `None` if the continuation fails or the token is cancelled.
pub(super) fn attacked(
    rows: &RegressionRows,
    lambda: f64,
    price: f64,
    token: &WorkToken,
) -> Option<[Vec<f64>; 2]> {
    let theta = fitted(rows, lambda, &[], token)?;
    let attack = Objective {
        role: Role::Attack,
        rows,
        price,
    };
    let size = theta.len();
    let none = vec![0.0; rows.x.len()];
    let at = Variables {
        lambda,
        poison: &none,
        theta: &theta,
    };
    let slope = attack.gradient(at, [false, false, true], token).theta;
    let factor = curvature(rows, lambda, &none, &theta).cholesky()?;
    let adjoint = factor.solve(&DVector::from_vec(slope));
    let mut found: Vec<f64> = theta.iter().chain(adjoint.iter()).copied().collect();
    let whole = size as f64 / price;
    let (mut share, mut stage) = (0.0, 1.0);
    while share < 1.0 {
        if token.is_cancelled() || stage < SHORTEST {
            return None;
        }
        let next = f64::min(share + stage, 1.0);
        match newton(rows, lambda, next * whole, &found) {
            Some(better) => {
                (found, share) = (better, next);
            }
            None => stage /= 2.0,
        }
    }
    let (theta, adjoint) = found.split_at(size);
    let [residuals, images] = responses(rows, whole, theta, adjoint);
    let mut poison = Vec::with_capacity(rows.x.len());
    for (r, s) in residuals.iter().zip(&images) {
        let pairs = theta.iter().zip(adjoint);
        poison.extend(pairs.map(|(theta, adjoint)| (s * theta - r * (theta + adjoint)) * whole));
    }
    Some([poison, theta.to_vec()])
}

/// Solves the equations by Newton's method; `None` if it does not converge.
fn newton(rows: &RegressionRows, lambda: f64, k: f64, start: &[f64]) -> Option<Vec<f64>> {
    let mut point = start.to_vec();
    let mut last = f64::INFINITY;
    for _ in 0..STEPS[0] {
        let mut matrix = DMatrix::zeros(point.len(), point.len());
        let mut right = DVector::zeros(point.len());
        let mut lifted: Vec<Polynomial<2>> = point.iter().map(|&value| value.into()).collect();
        for column in 0..point.len() {
            lifted[column].set(1, 1.0);
            for (row, value) in equations(rows, lambda, k, &lifted).iter().enumerate() {
                matrix[(row, column)] = value.coefficient(1);
                right[row] = value.coefficient(0);
            }
            lifted[column].strip(0);
        }
        let norm = right.norm();
        // iterate down to the level of rounding, and not beyond
        if norm <= TOLERANCE && norm > last / 2.0 {
            return Some(point);
        }
        if !norm.is_finite() || norm > 10.0 * last {
            return None;
        }
        last = norm;
        let step = matrix.lu().solve(&right)?;
        for (value, step) in point.iter_mut().zip(&step) {
            *value -= step;
        }
    }
    (last <= TOLERANCE).then_some(point)
}

/// The residuals ∂f₃/∂θ and H₃ w − ∂f₂/∂θ at (θ, w).
fn equations<S: Scalar>(rows: &RegressionRows, lambda: f64, k: f64, point: &[S]) -> Vec<S> {
    let (theta, adjoint) = point.split_at(rows.features);
    let [residuals, images] = responses(rows, k, theta, adjoint);
    let factor = 2.0 / rows.len() as f64;
    let weight = lambda.exp() / rows.features as f64;
    let mut out = vec![S::from(0.0); point.len()];
    let (fit, response) = out.split_at_mut(rows.features);
    rows.add_transposed(&[], &residuals, -factor, fit);
    rows.add_transposed(&[], &images, factor, response);
    // the same with P instead of X, which has rank two
    let dot = |a: &[S], b: &[S]| S::sum(a.iter().zip(b).map(|(a, b)| *a * *b)) * (factor * k);
    let [own, cross, far] = [
        dot(&residuals, &residuals),
        dot(&residuals, &images),
        dot(&images, &images),
    ];
    for (i, (theta, adjoint)) in theta.iter().zip(adjoint).enumerate() {
        let sum = *theta + *adjoint;
        // fit is −2/n (X + P)ᵀ r here, which is −∂f₂/∂θ
        fit[i] += sum * own - *theta * cross;
        response[i] += *theta * far - sum * cross + fit[i];
    }
    for (i, (theta, adjoint)) in theta.iter().zip(adjoint).enumerate() {
        fit[i] += smoothed_slope(*theta) * weight;
        response[i] += smoothed_curvature(*theta) * *adjoint * weight;
    }
    out
}

/// The vectors r and s for θ and w, from two linear equations per row.
fn responses<S: Scalar>(rows: &RegressionRows, k: f64, theta: &[S], adjoint: &[S]) -> [Vec<S>; 2] {
    let dot = |a: &[S], b: &[S]| S::sum(a.iter().zip(b).map(|(a, b)| *a * *b)) * k;
    let [own, cross, far] = [
        dot(theta, theta),
        dot(theta, adjoint),
        dot(adjoint, adjoint),
    ];
    // r (1 − k (θ + w)·θ) + s k θ·θ = y − x·θ,   r k (θ + w)·w + s (1 − k θ·w) = x·w
    let matrix = [[-(own + cross) + 1.0, own], [cross + far, -cross + 1.0]];
    let determinant = matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0];
    let plain = rows.residuals(&[], theta, &WorkToken::default());
    let images = rows.times(&[], adjoint);
    // once for all rows: dividing polynomials costs many multiplications
    let inverse = S::from(1.0) / determinant;
    let [[a, b], [c, d]] = matrix.map(|row| row.map(|entry| entry * inverse));
    let pairs = plain.into_iter().zip(images);
    let pairs = pairs.map(|(plain, image)| (plain * d - b * image, a * image - plain * c));
    let (residuals, images) = pairs.unzip();
    [residuals, images]
}
