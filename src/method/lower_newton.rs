//! A tight solve of the innermost level, and of the linear system with its Hessian: damped Newton steps in the box.
//!
//! ```text
//! y ← P(y − t d),   (∇²_yy g + τ I) d = ∇_y g over the variables that no bound holds,   t = 1, ½, ¼, … until g falls enough
//! ```
//!
//! τ = 0 where the Hessian is positive definite; elsewhere the least of a geometric series that makes it so, and d is a
//! direction of descent between Newton's and the gradient. A bound holds a variable that lies on it while its gradient
//! points outwards (Bertsekas 1982); held variables take no part in the linear systems.
//!
//! Cost per Newton step: 1 gradient, a Hessian-vector product per free variable, 1 value per trial (and 1 once for the
//! first point). Memory O(p²): for lower levels of up to some hundred variables.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::trouble::Trouble;
use crate::problem::{Levels, Oracle, Point, Shape};

/// The most Newton steps.
const STEPS: usize = 200;
/// The most halvings of a step.
const HALVINGS: usize = 60;
/// The share of the decrease promised by the gradient that a step must bring.
const ENOUGH: f64 = 1e-4;
/// A promised decrease below this share of the value is lost in the value's rounding.
const UNMEASURABLE: f64 = 1e-13;
/// A pivot below this share of the largest diagonal entry counts as none.
const NEGLIGIBLE: f64 = 1e-12;

/// The solver with the memory that it works in.
#[derive(Clone, Debug)]
pub(super) struct LowerNewton {
    level: usize,
    /// The norm of the free variables' gradient at which the level counts as solved.
    tolerance: f64,
    gradient: Point,
    trial: Point,
    unit: Vec<f64>,
    is_held: Vec<bool>,
    /// Rows and columns of held variables are those of the identity.
    hessian: DMatrix<f64>,
    /// What the factorisation takes and gives back.
    factor: DMatrix<f64>,
    solution: DVector<f64>,
}

impl LowerNewton {
    /// A solver for the last level of a shape.
    pub(super) fn new(shape: Shape, tolerance: f64) -> Self {
        let level = shape.levels();
        let size = shape.size(level);
        Self {
            level,
            tolerance,
            gradient: Point::zeros(shape),
            trial: Point::zeros(shape),
            unit: vec![0.0; size],
            is_held: vec![false; size],
            hessian: DMatrix::zeros(size, size),
            factor: DMatrix::zeros(size, size),
            solution: DVector::zeros(size),
        }
    }

    /// Solves the level from the block in `at`, in place.
    pub(super) fn solve(&mut self, oracle: &mut Oracle<'_>, at: &mut Point) -> Result<(), Trouble> {
        let mut value = None;
        let mut damping = 0.0;
        let mut last_norm = f64::INFINITY;
        let mut is_at_the_floor = false;
        for _ in 0..STEPS {
            let norm = self.slope(oracle, at);
            // near the solution the value is too coarse a guide; the gradient goes on for as long as it halves
            let is_done = is_at_the_floor && norm > last_norm / 2.0;
            if norm <= self.tolerance || is_done || oracle.is_cancelled() {
                return Ok(());
            }
            if !norm.is_finite() {
                break;
            }
            last_norm = norm;
            self.fill_hessian(oracle, at);
            damping = self.factorise_damped(damping);
            match self.advance(oracle, at, &mut value) {
                Progress::Measured => is_at_the_floor = false,
                Progress::Unmeasurable => is_at_the_floor = damping == 0.0,
                Progress::None => break,
            }
        }
        Err(Trouble::Unsolved {
            level: self.level,
            gradient: self.slope(oracle, at),
        })
    }

    /// Solves `∇²_yy g · u = right` at the point that [`LowerNewton::solve`] has just ended at; u is 0 where a bound holds.
    pub(super) fn adjoint(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        right: &[f64],
    ) -> Result<&[f64], Trouble> {
        self.fill_hessian(oracle, at);
        for (i, right) in right.iter().enumerate() {
            self.solution[i] = if self.is_held[i] { 0.0 } else { *right };
        }
        if self.factorise(0.0) {
            Ok(self.solution.as_slice())
        } else {
            Err(Trouble::NoCurvature {
                level: self.level,
                curvature: self.smallest_curvature(),
            })
        }
    }

    /// Asks for the gradient, marks what bounds hold, leaves the rest in `solution` and returns its norm.
    fn slope(&mut self, oracle: &mut Oracle<'_>, at: &Point) -> f64 {
        let level = self.level;
        oracle.grad(level, at, Levels::only(level), &mut self.gradient);
        let limits = oracle.bounds().limits(level);
        for (i, [low, high]) in limits.iter().enumerate() {
            let (value, slope) = (at[level][i], self.gradient[level][i]);
            self.is_held[i] = value <= *low && slope > 0.0 || value >= *high && slope < 0.0;
            self.solution[i] = if self.is_held[i] { 0.0 } else { slope };
        }
        self.solution.norm()
    }

    fn fill_hessian(&mut self, oracle: &mut Oracle<'_>, at: &Point) {
        let level = self.level;
        self.hessian.fill_with_identity();
        for column in 0..self.unit.len() {
            if self.is_held[column] || oracle.is_cancelled() {
                continue;
            }
            self.unit[column] = 1.0;
            let out = self.hessian.column_mut(column);
            oracle.hvp(level, at, level, &self.unit, out.data.into_slice_mut());
            self.unit[column] = 0.0;
            for (row, is_held) in self.is_held.iter().enumerate() {
                if *is_held {
                    self.hessian[(row, column)] = 0.0;
                }
            }
        }
    }

    /// Solves with the Hessian, or where it is not positive definite with a damped one; returns the damping used.
    fn factorise_damped(&mut self, last: f64) -> f64 {
        if self.factorise(0.0) {
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
        while !self.factorise(damping) && damping <= 1e3 * scale * self.unit.len() as f64 {
            damping *= 10.0;
        }
        damping
    }

    /// Solves `(hessian + damping) u = solution` in place; false and no change where the matrix is not positive definite.
    fn factorise(&mut self, damping: f64) -> bool {
        let mut matrix = std::mem::replace(&mut self.factor, DMatrix::zeros(0, 0));
        matrix.copy_from(&self.hessian);
        let mut largest = 0.0_f64;
        for (i, is_held) in self.is_held.iter().enumerate() {
            if !is_held {
                matrix[(i, i)] += damping;
                largest = largest.max(matrix[(i, i)].abs());
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
        if has_pivots {
            factor.solve_mut(&mut self.solution);
        }
        self.factor = factor.unpack_dirty();
        has_pivots
    }

    /// A step along `solution`, halved until the value falls enough.
    fn advance(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &mut Point,
        value: &mut Option<f64>,
    ) -> Progress {
        let level = self.level;
        let here = *value.get_or_insert_with(|| oracle.value(level, at));
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            self.trial.copy_from(at);
            for (trial, component) in self.trial[level].iter_mut().zip(&self.solution) {
                *trial -= length * component;
            }
            oracle.bounds().project(level, &mut self.trial[level]);
            let promised: f64 = at[level]
                .iter()
                .zip(&self.trial[level])
                .zip(&self.gradient[level])
                .map(|((before, after), slope)| slope * (before - after))
                .sum();
            if promised <= UNMEASURABLE * (1.0 + here.abs()) && length == 1.0 {
                at.copy_from(&self.trial);
                *value = None;
                return Progress::Unmeasurable;
            }
            let there = oracle.value(level, &self.trial);
            if there <= here - ENOUGH * promised {
                at.copy_from(&self.trial);
                *value = Some(there);
                return Progress::Measured;
            }
            length /= 2.0;
        }
        Progress::None
    }

    /// The smallest eigenvalue over the free variables.
    fn smallest_curvature(&self) -> f64 {
        let free: Vec<usize> = (0..self.unit.len()).filter(|&i| !self.is_held[i]).collect();
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

/// What became of a step.
enum Progress {
    /// The value fell.
    Measured,
    /// Taken, but too short for the value to tell.
    Unmeasurable,
    /// No length brought the value down.
    None,
}
