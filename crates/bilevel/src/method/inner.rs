//! The follower's own descent, shared by all methods that solve the lower level approximately.

use super::diagnostics::StepDiagnostics;
use super::keys;
use super::momentum::Momentum;
use super::terms::{INNER, InnerTerms};
use crate::numerics::vectors::add;
use crate::numerics::{Levels, Point, Shape};
use crate::problem::{Oracle, Settings};

pub(super) use crate::numerics::vectors::dot;

/// T projected gradient steps on the lower level: y ← P(y − α ∇_y g(x, y)), with optional momentum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct InnerDescent {
    pub(super) steps: usize,
    pub(super) step_size: f64,
    pub(super) momentum: f64,
}

impl InnerDescent {
    /// Reads `inner_steps` and `inner_step_size`.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            steps: settings.get_at(keys::INNER_STEPS, 2),
            step_size: settings.get_at(keys::INNER_STEP_SIZE, 2),
            momentum: 0.0,
        }
    }

    /// Reads `inner_momentum` too.
    pub(super) fn with_momentum(settings: &Settings) -> Self {
        Self {
            momentum: settings.get_at(keys::INNER_MOMENTUM, 2),
            ..Self::new(settings)
        }
    }

    /// Continues a loop with the parameters of this descent; its momentum stays.
    pub(super) fn resume(self, before: &InnerLoop) -> InnerLoop {
        let size = before.gradient[2].len();
        InnerLoop {
            names: before.names,
            descent: self,
            gradient: before.gradient.clone(),
            momentum: before.momentum.with_factor(self.momentum, size),
        }
    }

    /// Returns the descent with its working memory.
    pub(super) fn begin(self, shape: Shape) -> InnerLoop {
        self.begin_named(shape, &INNER)
    }

    /// Returns the descent with its working memory, and the names of the quantities that it reports.
    pub(super) fn begin_named(self, shape: Shape, names: &'static InnerTerms) -> InnerLoop {
        InnerLoop {
            names,
            descent: self,
            gradient: Point::zeros(shape),
            momentum: Momentum::new(self.momentum, shape.size(2)),
        }
    }
}

/// A descent with its state. Its momentum persists until [`InnerLoop::rest`].
#[derive(Clone, Debug)]
pub(super) struct InnerLoop {
    names: &'static InnerTerms,
    descent: InnerDescent,
    gradient: Point,
    momentum: Momentum,
}

impl InnerLoop {
    /// Resets the momentum.
    pub(super) fn rest(&mut self) {
        self.momentum.reset();
    }

    /// Runs all steps on the block of level 2 in place. Costs T gradients of g.
    pub(super) fn run(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &mut Point,
        terms: &mut StepDiagnostics,
    ) {
        if terms.is_enabled() {
            self.descend::<true>(oracle, at, terms);
        } else {
            self.descend::<false>(oracle, at, terms);
        }
    }

    /// The steps; compiled twice, so that those without a report need not ask whether there is one.
    fn descend<const REPORTS: bool>(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &mut Point,
        terms: &mut StepDiagnostics,
    ) {
        let names = self.names;
        if REPORTS {
            terms.number(&names.step_size, self.descent.step_size);
            self.momentum.report(terms, &names.momentum);
            terms.row(&names.path, &at[2]);
            terms.row(&names.gradients, &[]);
        }
        let (range, bounds) = (at.shape().range(2), oracle.bounds());
        let wrt = Levels::only(2);
        for _ in 0..self.descent.steps {
            if oracle.is_cancelled() {
                return;
            }
            oracle.grad(2, at, wrt, &mut self.gradient);
            let slope = &self.gradient.values()[range.clone()];
            let along = self.momentum.of(slope);
            let block = &mut at.values_mut()[range.clone()];
            add(block, -self.descent.step_size, along);
            bounds.project(2, block);
            if REPORTS {
                terms.row(&names.gradients, &self.gradient[2]);
                terms.row(&names.path, &at[2]);
            }
        }
    }
}

/// Moves the block of a level against a direction and back into the box.
#[inline]
pub(super) fn descend(
    oracle: &Oracle<'_>,
    at: &mut Point,
    level: usize,
    step_size: f64,
    direction: &[f64],
) {
    let block = &mut at[level];
    add(block, -step_size, direction);
    oracle.bounds().project(level, block);
}

/// ‖a‖.
pub(super) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}
