//! Linear systems with a lower Hessian that is available only through products.

use nalgebra::{DMatrix, DVector};

use super::diagnostics::{StepDiagnostics, SystemPart, TermForm, TermInfo, TermKind};
use super::inner::norm;
use super::projection::ActiveBounds;
use super::terms::{MIXED_PRODUCT, SYSTEM};
use crate::nested::StepError;
use crate::numerics::Point;
use crate::numerics::vectors::dot;
use crate::problem::Oracle;

/// Turns ∇_x f in the upper block of `gradient` into the hypergradient `∇_x f − ∇²_xy g · u` for an adjoint u, by one
/// mixed product; `product` is scratch space.
pub(super) fn subtract_response(
    oracle: &mut Oracle<'_>,
    at: &Point,
    adjoint: &[f64],
    product: &mut [f64],
    gradient: &mut Point,
    terms: &mut StepDiagnostics,
) {
    oracle.jvp(2, at, [1, 2], adjoint, product);
    terms.record(&MIXED_PRODUCT, product);
    for (gradient, product) in gradient[1].iter_mut().zip(product) {
        *gradient -= *product;
    }
}

/// The norm of each change of u by [`FixedPoint`].
const CHANGES: TermInfo = TermInfo::new(
    "changes of the linear solution",
    "β‖∇^2_{yy} g\\, u − ∇_y f‖",
    TermKind::LinearSystem(SystemPart::Norms),
    TermForm::List,
);

/// Curvature below this share of the largest one met counts as zero.
const NEGLIGIBLE: f64 = 1e-12;

/// Solves `∇²_yy g · u = b` by at most K conjugate-gradient steps from zero, one Hessian-vector product each.
#[derive(Clone, Debug)]
pub(super) struct ConjugateGradient {
    steps: usize,
    tolerance: f64,
    /// The solution u after [`ConjugateGradient::solve`].
    pub(super) solution: Vec<f64>,
    residual: Vec<f64>,
    direction: Vec<f64>,
    product: Vec<f64>,
    /// The step lengths and the residual ratios, which make the Lanczos matrix.
    coefficients: Vec<[f64; 2]>,
}

impl ConjugateGradient {
    /// Creates a solver that stops early if the residual's norm falls below `tolerance`.
    pub(super) fn new(size: usize, steps: usize, tolerance: f64) -> Self {
        Self {
            steps,
            tolerance,
            solution: vec![0.0; size],
            residual: vec![0.0; size],
            direction: vec![0.0; size],
            product: vec![0.0; size],
            coefficients: Vec::with_capacity(steps.min(size)),
        }
    }

    /// Solves for the Hessian of level 2 at a point, over the coordinates that are not cut off, and returns the
    /// residual's norm; `right` is 0 in the others.
    pub(super) fn solve(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        right: &[f64],
        cut: &ActiveBounds,
        terms: &mut StepDiagnostics,
    ) -> Result<f64, StepError> {
        if terms.is_enabled() {
            terms.record(&SYSTEM.right, right);
            cut.report(terms, &SYSTEM.cut);
            terms.row(&SYSTEM.norms, &[norm(right)]);
        }
        self.solution.fill(0.0);
        self.residual.copy_from_slice(right);
        self.direction.copy_from_slice(right);
        self.coefficients.clear();
        let mut square = dot(right, right);
        let mut largest = 0.0_f64;
        for _ in 0..self.steps {
            // a residual that is not a number must not look like success
            if square.sqrt() <= self.tolerance || oracle.is_cancelled() {
                break;
            }
            oracle.hvp(2, at, 2, &self.direction, &mut self.product);
            cut.clear(&mut self.product);
            let curved = dot(&self.direction, &self.product);
            let curvature = curved / dot(&self.direction, &self.direction);
            largest = largest.max(curvature.abs());
            if curvature <= NEGLIGIBLE * largest {
                return Err(StepError::NoCurvature {
                    level: 2,
                    curvature: self.smallest_curvature(curved / square),
                });
            }
            let length = square / curved;
            for (i, direction) in self.direction.iter().enumerate() {
                self.solution[i] += length * direction;
                self.residual[i] -= length * self.product[i];
            }
            let next = dot(&self.residual, &self.residual);
            let ratio = next / square;
            for (direction, residual) in self.direction.iter_mut().zip(&self.residual) {
                *direction = residual + ratio * *direction;
            }
            self.coefficients.push([length, ratio]);
            square = next;
            if terms.is_enabled() {
                terms.row(&SYSTEM.norms, &[square.sqrt()]);
            }
        }
        terms.record(&SYSTEM.solution, &self.solution);
        Ok(norm(&self.residual))
    }

    /// The smallest eigenvalue of the Lanczos matrix: the smallest curvature in the space searched so far.
    ///
    /// `last` is the reciprocal of the step length that could not be taken.
    fn smallest_curvature(&self, last: f64) -> f64 {
        let size = self.coefficients.len() + 1;
        let mut lanczos = DMatrix::zeros(size, size);
        for i in 0..size {
            let inverse_length = self
                .coefficients
                .get(i)
                .map_or(last, |[length, _]| length.recip());
            lanczos[(i, i)] = inverse_length;
            if i > 0 {
                let [length, ratio] = self.coefficients[i - 1];
                lanczos[(i, i)] += ratio / length;
                lanczos[(i, i - 1)] = ratio.sqrt() / length;
                lanczos[(i - 1, i)] = lanczos[(i, i - 1)];
            }
        }
        let eigenvalues: DVector<f64> = lanczos.symmetric_eigenvalues();
        let smallest = eigenvalues.min();
        // rounding must not make a singular Hessian look indefinite
        if smallest.abs() <= NEGLIGIBLE.sqrt() * eigenvalues.amax() {
            0.0
        } else {
            smallest
        }
    }
}

/// Approximates the solution of `∇²_yy g · u = b` by at most K steps `u ← u − β (∇²_yy g · u − b)` from zero: a Neumann
/// series of K terms.
#[derive(Clone, Debug)]
pub(super) struct FixedPoint {
    pub(super) steps: usize,
    pub(super) step_size: f64,
    /// A step shorter than this is the last.
    pub(super) tolerance: f64,
    /// The solution u after [`FixedPoint::solve`].
    pub(super) solution: Vec<f64>,
    pub(super) product: Vec<f64>,
}

impl FixedPoint {
    /// Solves for the Hessian of level 2 at a point, over the coordinates that are not cut off, and returns the last
    /// step's norm; `right` is 0 in the others. One Hessian-vector product for each step but the first, which starts at
    /// zero.
    pub(super) fn solve(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        right: &[f64],
        cut: &ActiveBounds,
        terms: &mut StepDiagnostics,
    ) -> f64 {
        if terms.is_enabled() {
            terms.record(&SYSTEM.right, right);
            cut.report(terms, &SYSTEM.cut);
            terms.row(&CHANGES, &[]);
        }
        self.solution.fill(0.0);
        self.product.fill(0.0);
        let mut change = 0.0;
        for step in 0..self.steps {
            if oracle.is_cancelled() {
                break;
            }
            if step > 0 {
                oracle.hvp(2, at, 2, &self.solution, &mut self.product);
                cut.clear(&mut self.product);
            }
            let mut square = 0.0;
            for (i, right) in right.iter().enumerate() {
                let component = self.step_size * (self.product[i] - right);
                self.solution[i] -= component;
                square += component * component;
            }
            change = square.sqrt();
            terms.row(&CHANGES, &[change]);
            if change < self.tolerance {
                break;
            }
        }
        terms.record(&SYSTEM.solution, &self.solution);
        change
    }
}
