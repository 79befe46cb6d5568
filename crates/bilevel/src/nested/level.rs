//! State of one level: its active bounds, the factorized Hessian of its reduced objective, and linear solves with it.

use nalgebra::{Cholesky, DMatrix, DVectorViewMut, Dyn};

use crate::numerics::{Bounds, Point, Shape};

/// Pivots below this share of the largest diagonal entry count as zero.
const NEGLIGIBLE: f64 = 1e-12;

/// Working state of one level.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// The number of the level, from 2.
    pub(super) number: usize,
    /// The slope G of the reduced objective in the level's own block; scratch space elsewhere.
    pub(super) gradient: Point,
    /// The slope, 0 where a bound holds; Newton's step after a solve.
    pub(super) step: Vec<f64>,
    pub(super) trial: Point,
    /// True for variables held by a bound, which lie on it and would decrease the objective beyond it. They take no
    /// part in linear systems.
    pub(super) is_held: Vec<bool>,
    /// H; rows and columns of held variables are those of the identity.
    pub(super) hessian: DMatrix<f64>,
    /// The point that `factor` belongs to; NaN, which equals no number, for none.
    factored_at: Vec<f64>,
    /// The Cholesky factor in the lower triangle; the upper triangle is arbitrary.
    factor: DMatrix<f64>,
}

impl Level {
    pub(super) fn new(shape: Shape, number: usize) -> Self {
        let size = shape.size(number);
        Self {
            number,
            gradient: Point::zeros(shape),
            step: vec![0.0; size],
            trial: Point::zeros(shape),
            is_held: vec![false; size],
            hessian: DMatrix::zeros(size, size),
            factored_at: vec![f64::NAN; shape.total()],
            factor: DMatrix::zeros(size, size),
        }
    }

    /// Marks the variables held by bounds at a point, copies the slope of the others to `step` and returns its norm.
    pub(super) fn hold(&mut self, bounds: &Bounds, at: &Point) -> f64 {
        let limits = bounds.limits(self.number);
        let mut square = 0.0;
        for (i, [low, high]) in limits.iter().enumerate() {
            let (value, slope) = (at[self.number][i], self.gradient[self.number][i]);
            self.is_held[i] = value <= *low && slope > 0.0 || value >= *high && slope < 0.0;
            self.step[i] = if self.is_held[i] { 0.0 } else { slope };
            square += self.step[i] * self.step[i];
        }
        square.sqrt()
    }

    /// True if the factor belongs to this point.
    pub(super) fn is_factored_at(&self, at: &Point) -> bool {
        self.factored_at == at.values()
    }

    /// Marks the factor as belonging to no point.
    pub(super) fn forget(&mut self) {
        self.factored_at.fill(f64::NAN);
    }

    /// Factorizes the Hessian of a point without damping; false if it is not positive definite.
    pub(super) fn factorise_at(&mut self, at: &Point) -> bool {
        let is_definite = self.factorise(0.0);
        if is_definite {
            self.factored_at.copy_from_slice(at.values());
        } else {
            self.forget();
        }
        is_definite
    }

    /// Factorizes the Hessian of a point, damped if it is not positive definite; returns the damping.
    pub(super) fn factorise_damped(&mut self, at: &Point, last: f64) -> f64 {
        if self.factorise_at(at) {
            return 0.0;
        }
        let scale = self.hessian.amax();
        let least = if scale > 0.0 { 1e-3 * scale } else { 1e-12 };
        let mut damping = match last {
            _ if last > 0.0 => (last / 10.0).max(least),
            _ if scale > 0.0 => least,
            _ => 1.0,
        };
        // damping above the largest row sum makes any symmetric matrix definite
        while !self.factorise(damping) && damping <= 1e3 * scale * self.step.len() as f64 {
            damping *= 10.0;
        }
        damping
    }

    /// Factorizes H + damping; false if it is not positive definite.
    fn factorise(&mut self, damping: f64) -> bool {
        let mut matrix = std::mem::replace(&mut self.factor, DMatrix::zeros(0, 0));
        matrix.copy_from(&self.hessian);
        let mut largest = 0.0_f64;
        for (i, is_held) in self.is_held.iter().enumerate() {
            if !is_held {
                // curvature that the damping nearly cancels counts as zero
                largest = largest.max(matrix[(i, i)].abs() + damping);
                matrix[(i, i)] += damping;
            }
        }
        let Some(factor) = Cholesky::<f64, Dyn>::new(matrix) else {
            // a failed factorization does not return the memory of its matrix
            self.factor = self.hessian.clone();
            return false;
        };
        let has_pivots = self.is_held.iter().enumerate().all(|(i, is_held)| {
            *is_held || factor.l_dirty()[(i, i)].powi(2) > NEGLIGIBLE * largest
        });
        self.factor = factor.unpack_dirty();
        has_pivots
    }

    /// Solves with the last factorization in place, over the variables that no bound holds; the others become 0.
    pub(super) fn solve(&self, right: &mut [f64]) {
        for (value, is_held) in right.iter_mut().zip(&self.is_held) {
            if *is_held {
                *value = 0.0;
            }
        }
        let size = right.len();
        let mut right = DVectorViewMut::from_slice(right, size);
        self.factor.solve_lower_triangular_mut(&mut right);
        self.factor.ad_solve_lower_triangular_mut(&mut right);
    }

    /// Turns the slope in `step` into Newton's step.
    pub(super) fn turn(&mut self) {
        let mut step = std::mem::take(&mut self.step);
        self.solve(&mut step);
        self.step = step;
    }

    /// The smallest eigenvalue of H over the free variables.
    pub(super) fn smallest_curvature(&self) -> f64 {
        let free: Vec<usize> = (0..self.step.len()).filter(|&i| !self.is_held[i]).collect();
        let hessian = self.hessian.select_rows(&free).select_columns(&free);
        let eigenvalues = hessian.symmetric_eigenvalues();
        let smallest = eigenvalues.min();
        // rounding must not make a singular Hessian look indefinite
        if smallest.abs() <= NEGLIGIBLE.sqrt() * eigenvalues.amax() {
            0.0
        } else {
            smallest
        }
    }
}
