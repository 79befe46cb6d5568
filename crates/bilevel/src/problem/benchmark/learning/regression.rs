//! Linear regression with perturbed rows and a smoothed l1 penalty: the objectives of robust regression, over any
//! scalar.
//!
//! ```text
//! r = y − (X + P) θ
//! s(t) = |t| where |t| > μ, else −t⁴/(8 μ³) + 3 t²/(4 μ) + 3 μ/8,      μ = 1/4
//! ```
//!
//! Source: Sato, Tanaka, Takeda 2021 (arXiv 2105.13954). s is convex and twice continuously differentiable.

use crate::numerics::{Scalar, WorkToken};

/// The bound above which the smoothed absolute value is the absolute value.
pub(super) const MU: f64 = 0.25;
/// The number of rows between two polls of the token.
const ROWS: usize = 1000;

/// Standardized features, row after row, and one target per row.
#[derive(Clone, Debug)]
pub(super) struct RegressionRows {
    pub(super) features: usize,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
}

impl RegressionRows {
    pub(super) fn len(&self) -> usize {
        self.y.len()
    }

    pub(super) fn row(&self, number: usize) -> &[f64] {
        &self.x[number * self.features..][..self.features]
    }

    /// The product of a perturbed row with a vector.
    fn along<S: Scalar>(&self, number: usize, poison: &[S], theta: &[S]) -> S {
        let row = self.row(number);
        let mut sum = S::from(0.0);
        if poison.is_empty() {
            for (x, theta) in row.iter().zip(theta) {
                sum += *theta * *x;
            }
        } else {
            let poison = &poison[number * self.features..];
            for ((x, poison), theta) in row.iter().zip(poison).zip(theta) {
                sum += (*poison + *x) * *theta;
            }
        }
        sum
    }

    /// The residuals y − (X + P) θ; fewer once the token is cancelled. An empty P counts as zero.
    pub(super) fn residuals<S: Scalar>(
        &self,
        poison: &[S],
        theta: &[S],
        token: &WorkToken,
    ) -> Vec<S> {
        let rows = (0..self.len()).take_while(|row| row % ROWS != 0 || !token.is_cancelled());
        rows.map(|row| -self.along(row, poison, theta) + self.y[row])
            .collect()
    }

    /// The product (X + P) w.
    pub(super) fn times<S: Scalar>(&self, poison: &[S], direction: &[S]) -> Vec<S> {
        (0..self.len())
            .map(|row| self.along(row, poison, direction))
            .collect()
    }

    /// Adds `factor` (X + P)ᵀ r to `out`.
    pub(super) fn add_transposed<S: Scalar>(
        &self,
        poison: &[S],
        residuals: &[S],
        factor: f64,
        out: &mut [S],
    ) {
        for (number, residual) in residuals.iter().enumerate() {
            let residual = *residual * factor;
            let columns = out.iter_mut().zip(self.row(number));
            if poison.is_empty() {
                columns.for_each(|(out, x)| *out += residual * *x);
            } else {
                let poison = &poison[number * self.features..];
                let columns = columns.zip(poison);
                columns.for_each(|((out, x), poison)| *out += residual * (*poison + *x));
            }
        }
    }
}

/// The smoothed absolute value s.
pub(super) fn smoothed<S: Scalar>(t: S) -> S {
    if t.real().abs() > MU {
        return t * t.real().signum();
    }
    let square = t * t;
    square * (square * (-1.0 / (8.0 * MU.powi(3))) + 0.75 / MU) + 0.375 * MU
}

/// The derivative s′.
pub(super) fn smoothed_slope<S: Scalar>(t: S) -> S {
    if t.real().abs() > MU {
        return S::from(t.real().signum());
    }
    t * (t * t * (-0.5 / MU.powi(3)) + 1.5 / MU)
}

/// The second derivative s″.
pub(super) fn smoothed_curvature<S: Scalar>(t: S) -> S {
    if t.real().abs() > MU {
        return S::from(0.0);
    }
    t * t * (-1.5 / MU.powi(3)) + 1.5 / MU
}

/// The role of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The mean square over the validation rows.
    Validate,
    /// Minus the mean square over the perturbed training rows, plus c/(nd) ‖P‖².
    Attack,
    /// The mean square over the perturbed training rows, plus e^λ/d Σ s(θ).
    Fit,
}

/// An objective over its rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Objective<'a> {
    pub(super) role: Role,
    /// The rows of the mean.
    pub(super) rows: &'a RegressionRows,
    /// The price c of the perturbation.
    pub(super) price: f64,
}

/// All variables; P is empty if there is no adversary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variables<'a, S> {
    pub(super) lambda: S,
    pub(super) poison: &'a [S],
    pub(super) theta: &'a [S],
}

/// A gradient, restricted to the parts asked for.
#[derive(Debug)]
pub(super) struct Gradient<S> {
    pub(super) lambda: S,
    pub(super) poison: Vec<S>,
    pub(super) theta: Vec<S>,
}

impl Objective<'_> {
    fn poison<'b, S>(&self, at: &Variables<'b, S>) -> &'b [S] {
        if self.role == Role::Validate {
            &[]
        } else {
            at.poison
        }
    }

    pub(super) fn value<S: Scalar>(&self, at: Variables<'_, S>, token: &WorkToken) -> S {
        let residuals = self.rows.residuals(self.poison(&at), at.theta, token);
        let mean = S::sum(residuals.iter().map(|r| *r * *r)) / self.rows.len() as f64;
        match self.role {
            Role::Validate => mean,
            Role::Attack => {
                let own = S::sum(at.poison.iter().map(|p| *p * *p));
                own * (self.price / at.poison.len() as f64) - mean
            }
            Role::Fit => {
                let own = S::sum(at.theta.iter().map(|theta| smoothed(*theta)));
                mean + at.lambda.exp() * own / at.theta.len() as f64
            }
        }
    }

    /// The gradient in λ, P and θ as `wants` selects; other parts are zero or empty.
    pub(super) fn gradient<S: Scalar>(
        &self,
        at: Variables<'_, S>,
        wants: [bool; 3],
        token: &WorkToken,
    ) -> Gradient<S> {
        let zero = S::from(0.0);
        let poison = self.poison(&at);
        let mut gradient = Gradient {
            lambda: zero,
            poison: vec![zero; if wants[1] { at.poison.len() } else { 0 }],
            theta: vec![zero; if wants[2] { at.theta.len() } else { 0 }],
        };
        let sign = if self.role == Role::Attack { 1.0 } else { -1.0 };
        let factor = sign * 2.0 / self.rows.len() as f64;
        if wants[2] || wants[1] && self.role != Role::Validate {
            let residuals = self.rows.residuals(poison, at.theta, token);
            self.rows
                .add_transposed(poison, &residuals, factor, &mut gradient.theta);
            if self.role != Role::Validate {
                let rows = gradient.poison.chunks_mut(at.theta.len());
                for (row, residual) in rows.zip(&residuals) {
                    let residual = *residual * factor;
                    for (out, theta) in row.iter_mut().zip(at.theta) {
                        *out = residual * *theta;
                    }
                }
            }
        }
        match self.role {
            Role::Validate => {}
            Role::Attack => {
                let factor = 2.0 * self.price / at.poison.len() as f64;
                for (out, poison) in gradient.poison.iter_mut().zip(at.poison) {
                    *out += *poison * factor;
                }
            }
            Role::Fit => {
                let weight = at.lambda.exp() / at.theta.len() as f64;
                for (out, theta) in gradient.theta.iter_mut().zip(at.theta) {
                    *out += weight * smoothed_slope(*theta);
                }
                if wants[0] {
                    gradient.lambda =
                        weight * S::sum(at.theta.iter().map(|theta| smoothed(*theta)));
                }
            }
        }
        gradient
    }
}
