//! Reverse differentiation of the inner loop of level 2, from a tape of its iterates.
//!
//! ```text
//! G = ∂F̃₁/∂x_1,  a = ∂F̃₁/∂x_2 at x_2⁽ᵀ⁾
//! t = T−1 … 0:   a ← 0 where step t was cut off,   s ← m s + a,   G ← G − α N_21ᵀ s,   a ← a − α H_2 s    at x_2⁽ᵗ⁾
//! ```
//!
//! F̃₁ and the second derivatives `N_21` and `H_2` of F̃₂ are those with all deeper levels answering; for two levels
//! they are f, `∇²_xy g` and `∇²_yy g`. Memory O(T p). A truncated tape keeps the last steps only.

use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::momentum::Momentum;
use super::projection::{clear, is_outside};
use super::term_names;
use super::terms::{FOLLOWER, LEADER, UnrolledTerms, lower_blocks};
use super::unrolled::{GRADIENT, Unrolled};
use crate::nested::{LiftedPoint, MixedDerivative, mixed, slope};
use crate::numerics::vectors::add;
use crate::numerics::{Levels, Nilpotent, Point, Scalar as _, Shape};
use crate::problem::Oracle;

/// Derivative of F̃₁ with respect to level 1 with level 2 held fixed: `∂f₁/∂x_1`, with the deeper levels answering.
const PARTIAL: TermInfo = TermInfo::blocks(
    "partial gradient",
    "∂F_1/∂x_1",
    TermKind::ReducedGradient {
        objective: 1,
        at: TermPoint::Term("answers"),
    },
    LEADER,
);
/// The iterates of level 2 at which the sweep differentiates, the last first.
const ITERATES: TermInfo = TermInfo::rows("swept iterates", "x_2^{(t)}", TermKind::Point, FOLLOWER);
/// The adjoint at the end of the loop, then after each step of the sweep.
const ADJOINTS: TermInfo = TermInfo::rows("adjoints", "a^{(t)}", TermKind::Adjoint, FOLLOWER);
/// The products `N_21ᵀ s` of the steps of the sweep.
const PRODUCTS: TermInfo = TermInfo::rows(
    term_names::MIXED_PRODUCTS,
    "N_{21}^T s",
    TermKind::Product {
        objective: 2,
        at: TermPoint::Term("swept iterates"),
    },
    LEADER,
);
/// The step size of the loop that the sweep differentiates.
const SWEPT_STEP_SIZE: TermInfo =
    TermInfo::number(term_names::SWEPT_STEP_SIZE, "α", TermKind::StepSize);

/// The tape, with the working memory of the reverse sweep.
#[derive(Clone, Debug)]
pub(super) struct UnrolledTape {
    /// The iterates of level 2 before each of the differentiated steps.
    path: Vec<f64>,
    /// Flags of the coordinates that the box cut off in those steps; empty if derivatives ignore the box.
    cuts: Vec<bool>,
    velocity: Momentum,
    /// s of the reverse sweep.
    sweep: Momentum,
    lifted: LiftedPoint,
    probe: Point,
    slope: Point,
    adjoint: Vec<f64>,
    products: [Vec<f64>; 2],
}

impl UnrolledTape {
    pub(super) fn new(shape: Shape, momentum: f64) -> Self {
        let size = shape.size(2);
        Self {
            path: Vec::new(),
            cuts: Vec::new(),
            velocity: Momentum::new(momentum, size),
            sweep: Momentum::new(momentum, size),
            lifted: LiftedPoint::new(shape),
            probe: Point::zeros(shape),
            slope: Point::zeros(shape),
            adjoint: vec![0.0; size],
            products: [vec![0.0; shape.size(1)], vec![0.0; size]],
        }
    }

    /// Runs the inner loops for the leader's block, leaves the answers in `point` and records the iterates.
    pub(super) fn descend(
        &mut self,
        oracle: &mut Oracle<'_>,
        unrolled: &Unrolled,
        point: &mut Point,
        terms: &mut StepDiagnostics,
        names: &'static UnrolledTerms,
    ) {
        if terms.is_enabled() {
            self.run::<true>(oracle, unrolled, point, terms, names);
        } else {
            self.run::<false>(oracle, unrolled, point, terms, names);
        }
    }

    fn run<const REPORTS: bool>(
        &mut self,
        oracle: &mut Oracle<'_>,
        unrolled: &Unrolled,
        point: &mut Point,
        terms: &mut StepDiagnostics,
        names: &'static UnrolledTerms,
    ) {
        let levels = point.shape().levels();
        let descent = unrolled.descents[0];
        let bounds = oracle.bounds();
        let sees_box = unrolled.sees_box && bounds.is_bounded(2);
        point[2].copy_from_slice(&unrolled.starts[2]);
        self.velocity.reset();
        self.path.clear();
        self.cuts.clear();
        if REPORTS {
            terms.record(&names.start, &point[2]);
            terms.number(&names.inner.step_size, descent.step_size);
            self.velocity.report(terms, &names.inner.momentum);
            terms.row(&names.inner.path, &point[2]);
            terms.row(&names.inner.gradients, &[]);
        }
        for step in 0..descent.steps {
            if oracle.is_cancelled() {
                return;
            }
            let counts = step + unrolled.truncation >= descent.steps;
            if counts {
                self.path.extend_from_slice(&point[2]);
            }
            if levels == 2 {
                oracle.grad(2, point, Levels::only(2), &mut self.slope);
            } else {
                let lifted = &mut self.lifted;
                lifted.set(point);
                let mut found = Nilpotent::constant(0.0);
                for (i, variable) in point.shape().range(2).enumerate() {
                    slope(unrolled, oracle, lifted, 2, variable, &mut found);
                    self.slope[2][i] = found.real();
                }
            }
            let along = self.velocity.of(&self.slope[2]);
            let block = &mut point[2];
            add(block, -descent.step_size, along);
            if counts && sees_box {
                let limits = bounds.limits(2).iter();
                let cuts = block.iter().zip(limits).map(|(y, at)| is_outside(*y, *at));
                self.cuts.extend(cuts);
            }
            bounds.project(2, block);
            if REPORTS {
                terms.row(&names.inner.gradients, &self.slope[2]);
                terms.row(&names.inner.path, &point[2]);
            }
        }
        if levels > 2 {
            unrolled.descend_deeper(oracle, &mut self.lifted, point, terms, names);
        }
        if REPORTS {
            terms.record(&names.answers, lower_blocks(point));
        }
    }

    /// Writes the hypergradient to the upper block of `gradient`.
    pub(super) fn differentiate(
        &mut self,
        oracle: &mut Oracle<'_>,
        unrolled: &Unrolled,
        point: &Point,
        gradient: &mut Point,
        terms: &mut StepDiagnostics,
    ) {
        if terms.is_enabled() {
            self.sweep_back::<true>(oracle, unrolled, point, gradient, terms);
        } else {
            self.sweep_back::<false>(oracle, unrolled, point, gradient, terms);
        }
    }

    fn sweep_back<const REPORTS: bool>(
        &mut self,
        oracle: &mut Oracle<'_>,
        unrolled: &Unrolled,
        point: &Point,
        gradient: &mut Point,
        terms: &mut StepDiagnostics,
    ) {
        let shape = point.shape();
        oracle.grad(1, point, Levels::ALL, gradient);
        if REPORTS {
            terms.record(&GRADIENT, gradient.values());
        }
        if shape.levels() > 2 {
            for variable in 0..shape.range(2).end {
                let lifted = &mut self.lifted;
                gradient.values_mut()[variable] =
                    unrolled.slope_through(oracle, lifted, 3, point, variable, gradient);
            }
        }
        self.adjoint.copy_from_slice(&gradient[2]);
        self.probe.copy_from(point);
        let step_size = unrolled.descents[0].step_size;
        if REPORTS {
            terms.record(&PARTIAL, &gradient[1]);
            terms.number(&SWEPT_STEP_SIZE, step_size);
            terms.row(&ADJOINTS, &self.adjoint);
            terms.row(&ITERATES, &[]);
            terms.row(&PRODUCTS, &[]);
        }
        self.sweep.reset();
        let size = shape.size(2);
        for (step, before) in self.path.chunks(size).enumerate().rev() {
            if oracle.is_cancelled() {
                return;
            }
            if let Some(is_cut) = self.cuts.get(step * size..(step + 1) * size) {
                clear(is_cut, &mut self.adjoint);
            }
            self.probe[2].copy_from_slice(before);
            let along = self.sweep.of(&self.adjoint);
            for (wrt, product) in [1, 2].into_iter().zip(&mut self.products) {
                let (at, lifted) = (&self.probe, &mut self.lifted);
                let pair = MixedDerivative { level: 2, wrt };
                mixed(unrolled, oracle, lifted, at, pair, along, product);
            }
            let [upper, lower] = &self.products;
            for (gradient, product) in gradient[1].iter_mut().zip(upper) {
                *gradient -= step_size * product;
            }
            for (adjoint, product) in self.adjoint.iter_mut().zip(lower) {
                *adjoint -= step_size * product;
            }
            if REPORTS {
                terms.row(&ITERATES, before);
                terms.row(&PRODUCTS, upper);
                terms.row(&ADJOINTS, &self.adjoint);
            }
        }
    }
}
