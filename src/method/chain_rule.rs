//! Naive chain rule: the tempting wrong way through n levels, in which each level differentiates its own condition as if what
//! lies beneath it stood still.
//!
//! ```text
//! x_k = x_k*(x_1 … x_{k−1})   for k = 2 … n, exactly
//! a_k = ∂f₁/∂x_k              for k = 1 … n
//! k = n … 2:   ∇²_kk f_k w = a_k,   a_j ← a_j − ∇²_jk f_k w   for all j < k
//! x_1 ← P(x_1 − ξ a_1),   then all answers again
//! ```
//!
//! Source: folklore. The right sweep (`implicit`) has the Hessian `H_k` and the mixed derivatives `N_kj` of the reduced objective `F_k`,
//! in which deeper levels answer, where this one has those of `f_k`. So it leaves out how x_{k+1}* … answer to `x_k`, and the third
//! derivatives of the deeper objectives; for two levels nothing is left out and the two agree.
//! Cost per outer step: exact answers as in `implicit`, then `d_k` Hessian-vector and k − 1 mixed products of each `f_k`.
//! Assumes: that `f_k` does not depend on the levels beneath it, which is wrong for most problems of three levels.

use nalgebra::{DMatrix, DVector};

use super::entry::{Cost, Entry, Inverse, Needs};
use super::inner::descend;
use super::momentum::Momentum;
use super::{Method, Start, State, Terms, Trouble, shared};
use crate::nested::Exact;
use crate::problem::{Levels, Oracle, Point};

/// The list's line.
pub(super) const ENTRY: Entry = Entry {
    id: "chain-rule",
    name: "Chain rule (wrong)",
    summary: "The tempting wrong sweep: solves all levels, but differentiates each as if the levels beneath it stood still.",
    rule: &[
        "$x_k = x_k^*$ for $k = 2 … n$, $a_k = ∂f_1/∂x_k$",
        "$k = n … 2$: $∇^2_{kk} f_k\\, w = a_k$, then $a_j ← a_j − ∇^2_{jk} f_k\\, w$",
        "$x_1 ← x_1 − ξ a_1$, without what $F_k$ has beyond $f_k$",
    ],
    source: "folklore",
    references: &[],
    cost: &[
        Cost {
            call: "∇f",
            count: "1",
        },
        Cost {
            call: "Hessian products of each $f_k$, beside those of exact answers",
            count: "d_k",
        },
    ],
    assumes: "That no level's objective depends on what lies beneath it; right for two levels, wrong for most problems with more.",
    needs: Needs {
        two_levels: false,
        inverse: Inverse::OffTheBounds,
        unique_answer: true,
        min_max: false,
    },
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_TOLERANCE,
        shared::MOMENTUM,
    ],
    build: |settings| {
        Box::new(ChainRule {
            step_size: settings.number("outer_step_size"),
            inner_tolerance: settings.number("inner_tolerance"),
            momentum: settings.number("momentum"),
        })
    },
};

#[derive(Clone, Copy, Debug)]
struct ChainRule {
    step_size: f64,
    inner_tolerance: f64,
    momentum: f64,
}

impl Method for ChainRule {
    fn prepare(&self, start: &Start<'_>) -> Box<dyn State> {
        let shape = start.point.shape();
        Box::new(Running {
            step_size: self.step_size,
            point: start.point.clone(),
            is_solved: false,
            next: start.point.clone(),
            gradient: Point::zeros(shape),
            exact: Exact::new(shape, self.inner_tolerance),
            momentum: Momentum::new(self.momentum, shape.size(1)),
        })
    }
}

#[derive(Clone, Debug)]
struct Running {
    step_size: f64,
    point: Point,
    /// Whether the point's lower blocks are the answers to its upper one: not so before the first step.
    is_solved: bool,
    /// The point under construction: `point` stays good until all solves have succeeded.
    next: Point,
    gradient: Point,
    exact: Exact,
    momentum: Momentum,
}

impl Running {
    /// Turns ∇f₁ into the naive hypergradient.
    fn sweep(&mut self, oracle: &mut Oracle<'_>) -> Result<(), Trouble> {
        let at = &self.next;
        let shape = at.shape();
        oracle.grad(1, at, Levels::ALL, &mut self.gradient);
        for level in (2..=shape.levels()).rev() {
            if oracle.is_cancelled() {
                return Ok(());
            }
            let is_held = self.exact.is_held(level);
            let free: Vec<usize> = (0..is_held.len()).filter(|&i| !is_held[i]).collect();
            let right =
                DVector::from_iterator(free.len(), free.iter().map(|&i| self.gradient[level][i]));
            let hessian = hessian(oracle, at, level);
            let hessian = hessian.select_rows(&free).select_columns(&free);
            let Some(factor) = hessian.clone().cholesky() else {
                return Err(Trouble::NoCurvature {
                    level,
                    curvature: hessian.symmetric_eigenvalues().min(),
                });
            };
            let mut adjoint = vec![0.0; is_held.len()];
            for (&i, value) in free.iter().zip(factor.solve(&right).iter()) {
                adjoint[i] = *value;
            }
            for wrt in 1..level {
                let mut product = vec![0.0; shape.size(wrt)];
                oracle.jvp(level, at, [wrt, level], &adjoint, &mut product);
                for (gradient, product) in self.gradient[wrt].iter_mut().zip(product) {
                    *gradient -= product;
                }
            }
        }
        Ok(())
    }
}

/// ∇`²_kk` `f_k`, column by column.
fn hessian(oracle: &mut Oracle<'_>, at: &Point, level: usize) -> DMatrix<f64> {
    let size = at.shape().size(level);
    let mut hessian = DMatrix::zeros(size, size);
    let mut unit = vec![0.0; size];
    for column in 0..size {
        unit[column] = 1.0;
        let mut out = hessian.column_mut(column);
        oracle.hvp(level, at, level, &unit, out.as_mut_slice());
        unit[column] = 0.0;
    }
    hessian
}

impl State for Running {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.gradient[1]
    }

    fn step(&mut self, oracle: &mut Oracle<'_>, terms: &mut Terms) -> Result<(), Trouble> {
        self.next.copy_from(&self.point);
        if !self.is_solved {
            self.exact.solve(oracle, &mut self.next)?;
        }
        self.sweep(oracle)?;
        terms.vector("hypergradient", &self.gradient[1]);
        let along = self.momentum.of(&self.gradient[1]);
        descend(oracle, &mut self.next, 1, self.step_size, along);
        self.exact.solve(oracle, &mut self.next)?;
        self.point.copy_from(&self.next);
        self.is_solved = true;
        Ok(())
    }

    fn fork(&self) -> Box<dyn State> {
        Box::new(self.clone())
    }
}
