//! Unrolled answers: each lower level takes T gradient steps on its reduced objective from a fixed start, level within
//! level.
//!
//! ```text
//! x_k⁽ᵗ⁺¹⁾ = P(x_k⁽ᵗ⁾ − α_k ∂F̃_k/∂x_k),   F̃_k = f_k with every deeper level at the end of its own loop
//! ```
//!
//! A deeper loop restarts at each step of the loop above it, so that one answer of all levels costs T₂ T₃ ⋯ `T_n` steps
//! of the innermost one. Nilpotent numbers carry the derivatives. A coordinate that the box cuts off loses its
//! derivatives, or keeps them if derivatives ignore the box, as in the recorded runs that the tests follow.

use smallvec::SmallVec;

use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::inner::InnerDescent;
use super::keys;
use super::projection::is_outside;
use super::term_names;
use super::terms::{LEADER, LOWER, UnrolledTerms, lower_blocks};
use crate::nested::{
    LevelGradient, LiftedPoint, LowerLevels, innermost_product, innermost_slopes, no_slopes, slopes,
};
use crate::numerics::vectors::dot;
use crate::numerics::{Levels, Nilpotent, Point, Scalar as _, Shape};
use crate::problem::{Oracle, Settings};

/// ∇f₁ at the answers.
pub(super) const GRADIENT: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇f_1",
    TermKind::Gradient {
        objective: 1,
        at: TermPoint::Term("answers"),
    },
    Levels::ALL,
);
/// The responses of all lower variables, a row for each variable of level 1.
const RESPONSES: TermInfo =
    TermInfo::rows("responses", "dx_k^{(T)}/dx_1", TermKind::Response, LOWER);
/// The part of the hypergradient that comes through the responses.
const INDIRECT: TermInfo = TermInfo::blocks(
    "indirect part",
    "(dx_k^{(T)}/dx_1)^T ∂f_1/∂x_k",
    TermKind::Direction,
    LEADER,
);

/// The inner loops of all lower levels.
#[derive(Clone, Debug)]
pub(super) struct Unrolled {
    /// The loop of each level, level 2 first.
    pub(super) descents: Vec<InnerDescent>,
    /// The number of last steps of level 2 that carry derivatives.
    pub(super) truncation: usize,
    /// Start of each lower level.
    pub(super) starts: Point,
    /// True if a coordinate that the box cuts off loses its derivatives.
    pub(super) sees_box: bool,
}

impl Unrolled {
    /// True if the other loops have the same parameters, whatever their starts.
    pub(super) fn has_loops_of(&self, other: &Self) -> bool {
        self.descents == other.descents
            && self.truncation == other.truncation
            && self.sees_box == other.sees_box
    }

    /// Runs the loops of the levels from 3 on from their starts, without derivatives.
    pub(super) fn descend_deeper(
        &self,
        oracle: &mut Oracle<'_>,
        lifted: &mut LiftedPoint,
        at: &mut Point,
        terms: &mut StepDiagnostics,
        names: &'static UnrolledTerms,
    ) {
        lifted.set(at);
        self.answer_reported(oracle, lifted, 3, terms, names);
        copy_real(lifted, 3, at);
    }

    /// [`LowerLevels::answer`] with a report of the last loop of each level.
    fn answer_reported(
        &self,
        oracle: &mut Oracle<'_>,
        lifted: &mut LiftedPoint,
        first: usize,
        terms: &mut StepDiagnostics,
        names: &'static UnrolledTerms,
    ) {
        if !terms.is_enabled() {
            return self.answer(oracle, lifted, first);
        }
        self.loops(oracle, lifted, first, &mut |level, lifted, slopes| {
            let block = &lifted.numbers()[lifted.shape().range(level)];
            let real = |numbers: &[Nilpotent]| -> SmallVec<[f64; 8]> {
                numbers.iter().map(|number| number.real()).collect()
            };
            if level > 2 {
                terms.row(&names.deeper[level - 3], &real(block));
            } else {
                terms.row(&names.inner.path, &real(block));
                terms.row(&names.inner.gradients, &real(slopes));
            }
        });
    }

    /// The slope of F̃₁ by one variable, given ∇f₁, with the levels from `first` on answering.
    pub(super) fn slope_through(
        &self,
        oracle: &mut Oracle<'_>,
        lifted: &mut LiftedPoint,
        first: usize,
        at: &Point,
        variable: usize,
        gradient: &Point,
    ) -> f64 {
        lifted.set(at);
        lifted.perturb(variable);
        self.answer(oracle, lifted, first);
        gradient.values()[variable] + through(&responses(lifted, first), first, gradient)
    }
}

/// The derivatives of the blocks from `first` on along the first generator.
fn responses(lifted: &LiftedPoint, first: usize) -> SmallVec<[f64; 8]> {
    let lower = &lifted.numbers()[lifted.shape().range(first).start..];
    lower.iter().map(|number| number.coefficient(1)).collect()
}

/// No observer of [`Unrolled::loops`].
#[inline]
fn ignore(_: usize, _: &LiftedPoint, _: &[Nilpotent]) {}

/// The part of a derivative of f₁ that comes through the responses of the blocks from `first` on.
fn through(responses: &[f64], first: usize, gradient: &Point) -> f64 {
    dot(
        responses,
        &gradient.values()[gradient.shape().range(first).start..],
    )
}

fn copy_real(lifted: &LiftedPoint, first: usize, at: &mut Point) {
    for level in first..=at.shape().levels() {
        let numbers = &lifted.numbers()[at.shape().range(level)];
        for (value, number) in at[level].iter_mut().zip(numbers) {
            *value = number.real();
        }
    }
}

/// Forward differentiation: the responses `dx_k/dx_1` are updated along with the iterates, one variable of level 1
/// after the other.
#[derive(Clone, Debug)]
pub(super) struct Forward {
    lifted: LiftedPoint,
    /// The responses of all lower variables to the first variable of level 1, then to the second, …
    responses: Vec<f64>,
}

impl Forward {
    pub(super) fn new(shape: Shape) -> Self {
        Self {
            lifted: LiftedPoint::new(shape),
            responses: Vec::new(),
        }
    }

    /// Leaves the answers to the leader's block in `point`, and keeps their derivatives.
    pub(super) fn walk(
        &mut self,
        oracle: &mut Oracle<'_>,
        unrolled: &Unrolled,
        point: &mut Point,
        terms: &mut StepDiagnostics,
        names: &'static UnrolledTerms,
    ) {
        self.responses.clear();
        for variable in point.shape().range(1) {
            self.lifted.set(point);
            self.lifted.perturb(variable);
            if variable == 0 {
                // all variables have the same iterates
                unrolled.answer_reported(oracle, &mut self.lifted, 2, terms, names);
            } else {
                unrolled.answer(oracle, &mut self.lifted, 2);
            }
            self.responses.extend(responses(&self.lifted, 2));
        }
        copy_real(&self.lifted, 2, point);
        if terms.is_enabled() {
            terms.record(&names.answers, lower_blocks(point));
        }
    }

    /// Writes the hypergradient to the upper block of `gradient`.
    pub(super) fn differentiate(
        &self,
        oracle: &mut Oracle<'_>,
        point: &Point,
        gradient: &mut Point,
        terms: &mut StepDiagnostics,
    ) {
        oracle.grad(1, point, Levels::ALL, gradient);
        if terms.is_enabled() {
            terms.record(&GRADIENT, gradient.values());
            terms.record(&RESPONSES, &self.responses);
            terms.row(&INDIRECT, &[]);
        }
        let shape = point.shape();
        let lower = shape.total() - shape.size(1);
        for (variable, responses) in self.responses.chunks(lower).enumerate() {
            let indirect = through(responses, 2, gradient);
            terms.row(&INDIRECT, &[indirect]);
            gradient[1][variable] += indirect;
        }
    }
}

/// Reads `inner_steps`, `inner_step_size` and `inner_momentum` of every lower level.
pub(super) fn descents(
    settings: &Settings,
    shape: Shape,
    with_momentum: bool,
) -> Vec<InnerDescent> {
    (2..=shape.levels())
        .map(|level| InnerDescent {
            steps: settings.get_at(keys::INNER_STEPS, level),
            step_size: settings.get_at(keys::INNER_STEP_SIZE, level),
            momentum: if with_momentum {
                settings.get_at(keys::INNER_MOMENTUM, level)
            } else {
                0.0
            },
        })
        .collect()
}

impl LowerLevels for Unrolled {
    fn answer(&self, oracle: &mut Oracle<'_>, lifted: &mut LiftedPoint, first: usize) {
        self.loops(oracle, lifted, first, &mut ignore);
    }

    /// Repeats the innermost loop and differentiates it in reverse.
    fn pull_back(
        &self,
        oracle: &mut Oracle<'_>,
        lifted: &mut LiftedPoint,
        wrt: usize,
        adjoint: &[Nilpotent],
    ) -> LevelGradient {
        let last = lifted.shape().levels();
        let descent = self.descents[last - 2];
        let range = lifted.shape().range(last);
        let ended = lifted.numbers()[range.clone()].to_vec();
        let steps = self.steps(oracle, lifted);
        let zero = Nilpotent::constant(0.0);
        let mut out = vec![zero; lifted.shape().total()];
        let mut of_place = adjoint.to_vec();
        let mut of_velocity = vec![zero; adjoint.len()];
        let mut result: LevelGradient = lifted.shape().range(wrt).map(|_| zero).collect();
        for step in steps.iter().rev() {
            if oracle.is_cancelled() {
                break;
            }
            for (place, is_cut) in of_place.iter_mut().zip(&step.is_cut) {
                if *is_cut {
                    *place = zero;
                }
            }
            for (velocity, place) in of_velocity.iter_mut().zip(&of_place) {
                *velocity -= *place * descent.step_size;
            }
            lifted.block_mut(last).copy_from_slice(&step.place);
            let blocks = Levels::only(wrt).and(last);
            innermost_product(oracle, lifted, &of_velocity, blocks, &mut out);
            for (result, product) in result.iter_mut().zip(&out[lifted.shape().range(wrt)]) {
                *result += *product;
            }
            for (place, product) in of_place.iter_mut().zip(&out[range.clone()]) {
                *place += *product;
            }
            for velocity in &mut of_velocity {
                *velocity = *velocity * descent.momentum;
            }
        }
        lifted.block_mut(last).copy_from_slice(&ended);
        result
    }
}

impl Unrolled {
    /// Runs the loops of the levels from `first` on from their starts. `observe` is called with the level, the point
    /// and the slopes that led to them, none for the start: for the loop of `first`, and for the last loop of each
    /// deeper level.
    fn loops<F: FnMut(usize, &LiftedPoint, &[Nilpotent])>(
        &self,
        oracle: &mut Oracle<'_>,
        lifted: &mut LiftedPoint,
        first: usize,
        observe: &mut F,
    ) {
        let levels = lifted.shape().levels();
        let descent = self.descents[first - 2];
        for (number, &start) in lifted.block_mut(first).iter_mut().zip(&self.starts[first]) {
            number.strip(0);
            number.set(0, start);
        }
        let size = lifted.shape().size(first);
        let (mut velocities, mut found) = (no_slopes(size), no_slopes(size));
        observe(first, lifted, &[]);
        for step in 0..descent.steps {
            if oracle.is_cancelled() {
                return;
            }
            if first == levels {
                innermost_slopes(oracle, lifted, &mut found);
            } else {
                slopes(self, oracle, lifted, first, first, &mut found);
            }
            let is_forgotten = first == 2 && step + self.truncation < descent.steps;
            let limits = oracle.bounds().limits(first);
            for (((number, velocity), slope), [low, high]) in lifted
                .block_mut(first)
                .iter_mut()
                .zip(&mut velocities)
                .zip(&found)
                .zip(limits)
            {
                velocity.scale_and_add(descent.momentum, slope);
                number.subtract_scaled(descent.step_size, velocity);
                self.project(number, [*low, *high]);
                if is_forgotten {
                    number.strip(0);
                    velocity.strip(0);
                }
            }
            observe(first, lifted, &found);
        }
        if first < levels {
            self.loops(oracle, lifted, first + 1, observe);
        }
    }

    /// The steps of the innermost loop.
    fn steps(&self, oracle: &mut Oracle<'_>, lifted: &mut LiftedPoint) -> Vec<UnrolledStep> {
        let last = lifted.shape().levels();
        let descent = self.descents[last - 2];
        let limits = oracle.bounds().limits(last);
        let mut place: Vec<Nilpotent> = self.starts[last].iter().map(|&x| x.into()).collect();
        let mut velocities = vec![Nilpotent::constant(0.0); place.len()];
        let mut found = no_slopes(place.len());
        let mut steps = Vec::with_capacity(descent.steps);
        for _ in 0..descent.steps {
            lifted.block_mut(last).copy_from_slice(&place);
            let (before, mut is_cut) = (place.clone(), SmallVec::new());
            innermost_slopes(oracle, lifted, &mut found);
            for (((number, velocity), slope), [low, high]) in place
                .iter_mut()
                .zip(&mut velocities)
                .zip(&found)
                .zip(limits)
            {
                velocity.scale_and_add(descent.momentum, slope);
                number.subtract_scaled(descent.step_size, velocity);
                is_cut.push(self.project(number, [*low, *high]));
            }
            steps.push(UnrolledStep {
                place: before,
                is_cut,
            });
        }
        steps
    }

    /// Projects a number onto its limits; returns true if it thereby lost its derivatives.
    #[inline]
    fn project(&self, number: &mut Nilpotent, limits: [f64; 2]) -> bool {
        let reached = number.coefficient(0);
        number.set(0, reached.clamp(limits[0], limits[1]));
        let is_cut = self.sees_box && is_outside(reached, limits);
        if is_cut {
            number.strip(0);
        }
        is_cut
    }
}

/// A step of the innermost loop.
struct UnrolledStep {
    /// The iterate before the step.
    place: Vec<Nilpotent>,
    /// The coordinates that the box cut off.
    is_cut: SmallVec<[bool; 8]>,
}
