//! Exact solutions: every level solved to a tolerance by damped Newton steps on its reduced objective, and the
//! derivatives of the solutions by the implicit function theorem, level within level.
//!
//! ```text
//! x_k ← P(x_k − t d),   (H_k + τ I) d = G_k over the variables that no bound holds,   t = 1, ½, ¼, … until F_k falls enough
//! ```
//!
//! τ = 0 if `H_k` is positive definite, else the least of a geometric series that makes `H_k + τ I` so; d is then a
//! descent direction between Newton's and the negative slope's (bounds as in Bertsekas 1982). Each trial solves the
//! deeper levels again, from their last solutions.
//!
//! Derivatives of a solution: chord steps `x_k ← x_k − H_k⁻¹ G_k(x_k)` in nilpotent numbers with `H_k` frozen. Each
//! makes one more order exact, so m generators need m of them. `G_k` needs one more generator from the levels beneath
//! it, and `F_k` is differentiated n − k + 2 times at most: this makes n levels expensive. Step s needs the deeper
//! solutions in the orders up to s + 1 only. If the level has one variable, their orders below s − 1 are kept from the
//! previous step, which changed nothing that they depend on; after the last step, all orders but the last are kept.

use super::level::Level;
use super::lifted::{LiftedPoint, LowerLevels, MixedDerivative, mixed, no_slopes, slope, slopes};
use super::step_error::StepError;
use crate::numerics::{Levels, Nilpotent, Point, Shape};
use crate::problem::Oracle;

/// The most Newton steps.
const STEPS: usize = 200;
/// The most halvings of a step.
const HALVINGS: usize = 60;
/// Least decrease of a step, as a share of the decrease that the slope promises.
const ENOUGH: f64 = 1e-4;
/// A promised decrease below this share of the value is lost in rounding.
const UNMEASURABLE: f64 = 1e-13;

/// Tolerance of the levels below level 2, relative to that of level 2: their errors are noise in the objectives above
/// them.
const TIGHTER: f64 = 1e-2;

/// Order in which the chain rule is multiplied out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainOrder {
    /// From the innermost level up: one linear solve per level, whatever the size of level 1.
    Reverse,
    /// From level 2 down: one linear solve per level and variable of level 1.
    Forward,
    /// From the innermost level up, each level's optimality condition differentiated with the deeper levels held fixed:
    /// wrong for most problems of three levels, and kept for comparison.
    Naive,
}

/// Part of the chain rule, for an observer.
#[derive(Debug)]
pub enum ChainPart<'a> {
    /// Right-hand side `a_k` of the system of a level.
    RightSide(usize, &'a [f64]),
    /// Its solution w.
    Solution(usize, &'a [f64]),
    /// Product `N_kjᵀ w`, which is subtracted from `a_j`.
    Product(MixedDerivative, &'a [f64]),
    /// For the next variable of level 1: the lower variables, whose first generator carries their responses, and the
    /// number added to its slope.
    Responses {
        /// The variables of all lower levels.
        numbers: &'a [Nilpotent],
        /// The part of the slope that comes through them.
        indirect: f64,
    },
}

/// No observer.
#[inline]
fn ignore(_: ChainPart<'_>) {}

/// Solver of all levels but the first, with its working memory.
#[derive(Clone, Debug)]
pub struct Exact {
    /// The norm of the slope at which level 2 counts as solved.
    tolerance: f64,
    /// The units of all variables, and the share of them below which an undamped step is the last one.
    ending: (Vec<f64>, f64),
    levels: Vec<Level>,
    lifted: LiftedPoint,
    /// Buffer for a product with a block of any size.
    product: Vec<f64>,
}

impl Exact {
    /// Creates a solver for problems of a shape.
    pub fn new(shape: Shape, tolerance: f64) -> Self {
        let sizes = (1..=shape.levels()).map(|level| shape.size(level));
        Self {
            tolerance,
            ending: (Vec::new(), 0.0),
            levels: (2..=shape.levels())
                .map(|number| Level::new(shape, number))
                .collect(),
            lifted: LiftedPoint::new(shape),
            product: vec![0.0; sizes.max().unwrap_or(0)],
        }
    }

    /// The same solver with another tolerance.
    #[must_use]
    pub(crate) fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The same solver, ending also after an undamped step below `share` of some widths, given by variable over all
    /// levels: Newton's steps converge quadratically, and the error that remains is far smaller.
    #[must_use]
    pub(crate) fn ending_after(mut self, widths: Vec<f64>, share: f64) -> Self {
        self.ending = (widths, share);
        self
    }

    /// Solves the levels from 2 on for the leader's block of `at`, in place, starting from their present blocks.
    pub fn solve(&mut self, oracle: &mut Oracle<'_>, at: &mut Point) -> Result<(), StepError> {
        self.solve_from(2, oracle, at)
    }

    /// Solves the levels from `first` on for the blocks above it.
    pub fn solve_from(
        &mut self,
        first: usize,
        oracle: &mut Oracle<'_>,
        at: &mut Point,
    ) -> Result<(), StepError> {
        let mut solver = Solver {
            tolerance: self.tolerance,
            ending: (&self.ending.0, self.ending.1),
            lifted: &mut self.lifted,
            product: &mut self.product,
        };
        solver.solve(&mut self.levels[first - 2..], oracle, at)
    }

    /// True if all lower levels are solved at a point: no Newton step is longer than `share` in the widths of any
    /// variable. Marks the variables held by bounds, so that [`Exact::hypergradient`] may follow.
    pub(crate) fn is_solved(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        (widths, share): (&[f64], f64),
    ) -> bool {
        let mut solver = Solver {
            tolerance: self.tolerance,
            ending: (&self.ending.0, self.ending.1),
            lifted: &mut self.lifted,
            product: &mut self.product,
        };
        solver.is_still(&mut self.levels, oracle, at, (widths, share))
    }

    /// Turns ∇f₁ in `gradient` into the hypergradient in its block of level 1, at a point solved by [`Exact::solve`].
    pub fn hypergradient(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        sweep: ChainOrder,
        gradient: &mut Point,
    ) -> Result<(), StepError> {
        self.observed_hypergradient(oracle, at, sweep, gradient, &mut ignore)
    }

    /// [`Exact::hypergradient`] with an observer of the parts of the chain rule, in the order of their computation.
    pub fn observed_hypergradient<F: FnMut(ChainPart<'_>)>(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        sweep: ChainOrder,
        gradient: &mut Point,
        observe: &mut F,
    ) -> Result<(), StepError> {
        let mut solver = Solver {
            tolerance: self.tolerance,
            ending: (&self.ending.0, self.ending.1),
            lifted: &mut self.lifted,
            product: &mut self.product,
        };
        match sweep {
            ChainOrder::Naive => solver.naive(&mut self.levels, oracle, at, gradient, observe),
            ChainOrder::Reverse => {
                solver.refresh(&mut self.levels, oracle, at)?;
                solver.sweep(&self.levels, oracle, at, 1, gradient, observe);
                Ok(())
            }
            ChainOrder::Forward => {
                solver.refresh(&mut self.levels, oracle, at)?;
                let lifted = &mut self.lifted;
                forward(&*self.levels, oracle, lifted, at, gradient, observe);
                Ok(())
            }
        }
    }
}

/// Adds the part of the hypergradient through the lower levels to `∇_1 f_1`, one variable of level 1 after the other.
fn forward(
    answers: &(impl LowerLevels + ?Sized),
    oracle: &mut Oracle<'_>,
    lifted: &mut LiftedPoint,
    at: &Point,
    gradient: &mut Point,
    observe: &mut impl FnMut(ChainPart<'_>),
) {
    let shape = at.shape();
    for variable in shape.range(1) {
        lifted.set(at);
        lifted.perturb(variable);
        answers.answer(oracle, lifted, 2);
        let numbers = &lifted.numbers()[shape.range(1).end..];
        let responses = numbers.iter();
        let own = &gradient.values()[shape.range(1).end..];
        let indirect: f64 = responses
            .zip(own)
            .map(|(response, slope)| response.coefficient(1) * slope)
            .sum();
        observe(ChainPart::Responses { numbers, indirect });
        gradient.values_mut()[variable] += indirect;
    }
}

/// State shared by nested solves. Levels are passed beside it, so that one can be changed while the deeper ones are
/// solved.
struct Solver<'a> {
    tolerance: f64,
    ending: (&'a [f64], f64),
    lifted: &'a mut LiftedPoint,
    product: &'a mut Vec<f64>,
}

impl Solver<'_> {
    /// Solves the first of `levels` and, for each of its trials, all others.
    fn solve(
        &mut self,
        levels: &mut [Level],
        oracle: &mut Oracle<'_>,
        at: &mut Point,
    ) -> Result<(), StepError> {
        let Some((here, deeper)) = levels.split_first_mut() else {
            return Ok(());
        };
        self.solve(deeper, oracle, at)?;
        let tolerance = if here.number == 2 {
            self.tolerance
        } else {
            TIGHTER * self.tolerance
        };
        let mut value = None;
        let mut damping = 0.0;
        let mut last_norm = f64::INFINITY;
        let mut is_at_the_floor = false;
        for _ in 0..STEPS {
            let norm = self.slope(here, deeper, oracle, at)?;
            // near the solution rounding hides the decrease of the value; steps go on while the slope halves
            let is_done = is_at_the_floor && norm > last_norm / 2.0;
            if norm <= tolerance || is_done || oracle.is_cancelled() {
                return Ok(());
            }
            if !norm.is_finite() {
                break;
            }
            last_norm = norm;
            self.fill_hessian(here, deeper, oracle, at);
            damping = here.factorise_damped(at, damping);
            here.turn();
            let is_last = damping == 0.0 && is_short(here, at, self.ending);
            match self.advance(here, deeper, oracle, at, &mut value) {
                StepProgress::None => break,
                _ if is_last => return Ok(()),
                StepProgress::Measured => is_at_the_floor = false,
                StepProgress::Unmeasurable => is_at_the_floor = damping == 0.0,
            }
        }
        Err(StepError::Unsolved {
            level: here.number,
            gradient: self.slope(here, deeper, oracle, at)?,
        })
    }

    /// True if no Newton step of a level is longer than `share` of the widths, given by variable over all levels.
    fn is_still(
        &mut self,
        levels: &mut [Level],
        oracle: &mut Oracle<'_>,
        at: &Point,
        (widths, share): (&[f64], f64),
    ) -> bool {
        let Some((here, deeper)) = levels.split_first_mut() else {
            return true;
        };
        if !self.is_still(deeper, oracle, at, (widths, share))
            || self.slope(here, deeper, oracle, at).is_err()
        {
            return false;
        }
        self.fill_hessian(here, deeper, oracle, at);
        if !here.factorise_at(at) {
            return false;
        }
        here.turn();
        is_short(here, at, (widths, share))
    }

    /// Factorizes the Hessians of solved levels at a point, the innermost first, unless that is done already.
    fn refresh(
        &mut self,
        levels: &mut [Level],
        oracle: &mut Oracle<'_>,
        at: &Point,
    ) -> Result<(), StepError> {
        let Some((here, deeper)) = levels.split_first_mut() else {
            return Ok(());
        };
        self.refresh(deeper, oracle, at)?;
        if here.is_factored_at(at) {
            return Ok(());
        }
        self.fill_hessian(here, deeper, oracle, at);
        if here.factorise_at(at) || oracle.is_cancelled() {
            return Ok(());
        }
        Err(StepError::NoCurvature {
            level: here.number,
            curvature: here.smallest_curvature(),
        })
    }

    /// Computes `G_k` at a point with the deeper levels solved; returns its norm over the variables that no bound
    /// holds.
    fn slope(
        &mut self,
        here: &mut Level,
        deeper: &mut [Level],
        oracle: &mut Oracle<'_>,
        at: &Point,
    ) -> Result<f64, StepError> {
        self.refresh(deeper, oracle, at)?;
        let level = here.number;
        oracle.grad(level, at, Levels::from(level), &mut here.gradient);
        self.sweep(deeper, oracle, at, level, &mut here.gradient, &mut ignore);
        Ok(here.hold(oracle.bounds(), at))
    }

    /// Reverse sweep: turns the gradient of `f_i` into that of `F_i` in the block of level `top` = i. It takes one
    /// linear solve for each of the deeper levels, which must be solved and factorized at the point.
    fn sweep(
        &mut self,
        deeper: &[Level],
        oracle: &mut Oracle<'_>,
        at: &Point,
        top: usize,
        adjoint: &mut Point,
        observe: &mut impl FnMut(ChainPart<'_>),
    ) {
        for place in (0..deeper.len()).rev() {
            let (here, beneath) = (&deeper[place], &deeper[place + 1..]);
            let level = here.number;
            observe(ChainPart::RightSide(level, &adjoint[level]));
            here.solve(&mut adjoint[level]);
            observe(ChainPart::Solution(level, &adjoint[level]));
            for wrt in top..level {
                let size = at.shape().size(wrt);
                let product = &mut self.product[..size];
                let direction = &adjoint[level];
                let pair = MixedDerivative { level, wrt };
                mixed(beneath, oracle, self.lifted, at, pair, direction, product);
                observe(ChainPart::Product(pair, product));
                for (adjoint, product) in adjoint[wrt].iter_mut().zip(product) {
                    *adjoint -= *product;
                }
            }
        }
    }

    /// Reverse sweep with the Hessian and the mixed derivatives of `f_k` in place of those of `F_k`.
    fn naive(
        &mut self,
        levels: &mut [Level],
        oracle: &mut Oracle<'_>,
        at: &Point,
        adjoint: &mut Point,
        observe: &mut impl FnMut(ChainPart<'_>),
    ) -> Result<(), StepError> {
        for here in levels.iter_mut().rev() {
            let level = here.number;
            self.fill_hessian(here, &[], oracle, at);
            let is_definite = here.factorise_at(at);
            // the matrix factorized here is not H
            here.forget();
            if !is_definite && !oracle.is_cancelled() {
                return Err(StepError::NoCurvature {
                    level,
                    curvature: here.smallest_curvature(),
                });
            }
            observe(ChainPart::RightSide(level, &adjoint[level]));
            here.solve(&mut adjoint[level]);
            observe(ChainPart::Solution(level, &adjoint[level]));
            for wrt in 1..level {
                let product = &mut self.product[..at.shape().size(wrt)];
                oracle.jvp(level, at, [wrt, level], &adjoint[level], product);
                observe(ChainPart::Product(MixedDerivative { level, wrt }, product));
                for (adjoint, product) in adjoint[wrt].iter_mut().zip(product) {
                    *adjoint -= *product;
                }
            }
        }
        Ok(())
    }

    /// Fills `H_k`: by Hessian products for the innermost level, else by evaluations with two generators, one for each
    /// variable if the problem offers lifted gradients and one for each pair of variables if not.
    fn fill_hessian(
        &mut self,
        here: &mut Level,
        deeper: &[Level],
        oracle: &mut Oracle<'_>,
        at: &Point,
    ) {
        let level = here.number;
        let range = at.shape().range(level);
        here.hessian.fill_with_identity();
        for column in (0..range.len()).filter(|&i| !here.is_held[i]) {
            if oracle.is_cancelled() {
                return;
            }
            if deeper.is_empty() {
                here.trial[level].fill(0.0);
                here.trial[level][column] = 1.0;
                let product = &mut self.product[..range.len()];
                oracle.hvp(level, at, level, &here.trial[level], product);
                for row in (0..range.len()).filter(|&i| !here.is_held[i]) {
                    here.hessian[(row, column)] = product[row];
                }
                continue;
            }
            if oracle.lifts_gradients() {
                self.lifted.set(at);
                self.lifted.perturb(range.start + column);
                let mut second = no_slopes(range.len());
                slopes(deeper, oracle, self.lifted, level, level, &mut second);
                for row in (0..=column).filter(|&i| !here.is_held[i]) {
                    here.hessian[(row, column)] = second[row].coefficient(1);
                    here.hessian[(column, row)] = second[row].coefficient(1);
                }
                continue;
            }
            let mut second = Nilpotent::constant(0.0);
            for row in (0..=column).filter(|&i| !here.is_held[i]) {
                self.lifted.set(at);
                self.lifted.perturb(range.start + column);
                let variable = range.start + row;
                slope(deeper, oracle, self.lifted, level, variable, &mut second);
                here.hessian[(row, column)] = second.coefficient(1);
                here.hessian[(column, row)] = second.coefficient(1);
            }
        }
    }

    /// Takes a step along `here.step`, halved until the value falls enough.
    fn advance(
        &mut self,
        here: &mut Level,
        deeper: &mut [Level],
        oracle: &mut Oracle<'_>,
        at: &mut Point,
        value: &mut Option<f64>,
    ) -> StepProgress {
        let level = here.number;
        let current = *value.get_or_insert_with(|| oracle.value(level, at));
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            here.trial.copy_from(at);
            for (trial, component) in here.trial[level].iter_mut().zip(&here.step) {
                *trial -= length * component;
            }
            oracle.bounds().project(level, &mut here.trial[level]);
            let promised: f64 = at[level]
                .iter()
                .zip(&here.trial[level])
                .zip(&here.gradient[level])
                .map(|((before, after), slope)| slope * (before - after))
                .sum();
            let is_answered = self.solve(deeper, oracle, &mut here.trial).is_ok();
            if oracle.is_cancelled() {
                return StepProgress::None;
            }
            if is_answered {
                if promised <= UNMEASURABLE * (1.0 + current.abs()) && length == 1.0 {
                    at.copy_from(&here.trial);
                    *value = None;
                    return StepProgress::Unmeasurable;
                }
                let there = oracle.value(level, &here.trial);
                if there <= current - ENOUGH * promised {
                    at.copy_from(&here.trial);
                    *value = Some(there);
                    return StepProgress::Measured;
                }
            }
            length /= 2.0;
        }
        StepProgress::None
    }
}

/// True if the step of a level is below a share of the widths, given by variable over all levels; false without widths.
fn is_short(here: &Level, at: &Point, (widths, share): (&[f64], f64)) -> bool {
    let widths = widths.get(at.shape().range(here.number));
    // false for a NaN, too
    widths.is_some_and(|widths| {
        (here.step.iter().zip(widths)).all(|(step, width)| step.abs() <= share * width)
    })
}

/// Result of a step.
enum StepProgress {
    /// The step was taken and lowered the value.
    Measured,
    /// The step was taken, but is too short for the value to show.
    Unmeasurable,
    /// No length lowered the value, or the work was cancelled.
    None,
}
