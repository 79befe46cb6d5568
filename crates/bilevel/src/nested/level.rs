//! The memory of one level: what bounds hold, its reduced Hessian, factorised, and systems solved with it.

use nalgebra::{Cholesky, DMatrix, DVectorViewMut, Dyn};

use crate::numerics::{Bounds, Point, Shape};

/// A pivot below this share of the largest diagonal entry counts as none.
const NEGLIGIBLE: f64 = 1e-12;

/// One level.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// Which, from 2.
    pub(super) number: usize,
    /// The slope G of the reduced objective in the level's own block; scratch space elsewhere.
    pub(super) gradient: Point,
    /// The slope, 0 where a bound holds; Newton's step after a solve.
    pub(super) step: Vec<f64>,
    pub(super) trial: Point,
    /// A bound holds a variable that lies on it while its slope points outwards: it takes no part in linear systems.
    pub(super) is_held: Vec<bool>,
    /// H; rows and columns of held variables are those of the identity.
    pub(super) hessian: DMatrix<f64>,
    /// The point that `factor` belongs to; no number is equal to NaN.
    factored_at: Vec<f64>,
    /// The Cholesky factor below the diagonal, whatever above it.
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

    /// Marks what bounds hold at a point, copies the slope of the rest to `step` and returns its norm.
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

    /// Whether the factor is that of this point.
    pub(super) fn is_factored_at(&self, at: &Point) -> bool {
        self.factored_at == at.values()
    }

    /// Makes the factor belong to no point.
    pub(super) fn forget(&mut self) {
        self.factored_at.fill(f64::NAN);
    }

    /// Factorises the Hessian of a point without damping; false where it is not positive definite.
    pub(super) fn factorise_at(&mut self, at: &Point) -> bool {
        let is_definite = self.factorise(0.0);
        if is_definite {
            self.factored_at.copy_from_slice(at.values());
        } else {
            self.forget();
        }
        is_definite
    }

    /// Factorises the Hessian of a point, or where it is not positive definite a damped one; returns the damping used.
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
        // terms beyond the row sums' bound make any symmetric matrix definite
        while !self.factorise(damping) && damping <= 1e3 * scale * self.step.len() as f64 {
            damping *= 10.0;
        }
        damping
    }

    /// Factorises H + damping; false where that is not positive definite.
    fn factorise(&mut self, damping: f64) -> bool {
        let mut matrix = std::mem::replace(&mut self.factor, DMatrix::zeros(0, 0));
        matrix.copy_from(&self.hessian);
        let mut largest = 0.0_f64;
        for (i, is_held) in self.is_held.iter().enumerate() {
            if !is_held {
                // what the damping all but cancels is no curvature
                largest = largest.max(matrix[(i, i)].abs() + damping);
                matrix[(i, i)] += damping;
            }
        }
        let Some(factor) = Cholesky::<f64, Dyn>::new(matrix) else {
            // the factorisation keeps the memory of a matrix that it refuses
            self.factor = self.hessian.clone();
            return false;
        };
        let has_pivots = self.is_held.iter().enumerate().all(|(i, is_held)| {
            *is_held || factor.l_dirty()[(i, i)].powi(2) > NEGLIGIBLE * largest
        });
        self.factor = factor.unpack_dirty();
        has_pivots
    }

    /// Solves with the last factorisation in place, over the variables that no bound holds; the others become 0.
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

    /// The smallest eigenvalue over the free variables.
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
