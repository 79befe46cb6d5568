//! Evaluation of formulas at a point: the value over any scalar, and the gradient in plain numbers by one reverse
//! sweep.
//!
//! A [`Program`] is the part of a tape that one objective needs. Sums, differences and multiples by numbers are joined
//! to linear combinations. Neither evaluation allocates, except for long programs.

use super::combine::{Combination, Instruction, combined};
use super::elementary::{Elementary, divide, elementary, real_power, whole_power, with_slope};
use super::tape::{Operand, OperationTape};
use crate::numerics::{Levels, Point, Scalar, Shape};

/// An objective, ready to be evaluated. Variables have the first numbers, results those after them.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    combination: Combination,
}

impl Program {
    /// Creates the program of a result from the part of a tape that it needs.
    pub(super) fn new(tape: &OperationTape, result: Operand, shape: Shape) -> Self {
        Self {
            combination: combined(tape, result, shape),
        }
    }

    /// True if the objective has kinks.
    pub(crate) fn has_kinks(&self) -> bool {
        self.combination.has_kinks
    }

    /// True if the objective may jump from one finite value to another.
    pub(crate) fn may_jump(&self) -> bool {
        self.combination.may_jump
    }

    /// True if the value or slope may be undefined at finite variables, overflow aside.
    pub(crate) fn is_partial(&self) -> bool {
        self.combination.steps.iter().any(|step| match *step {
            Instruction::Divide(..) | Instruction::Into(..) | Instruction::Real(..) => true,
            Instruction::Whole(_, power) => power < 0,
            Instruction::Apply(function, _) | Instruction::ApplyOf(function, ..) => {
                function.is_partial()
            }
            _ => false,
        })
    }

    /// The value over all variables.
    pub(crate) fn value<S: Scalar>(&self, variables: &[S]) -> S {
        match self.combination.result {
            Operand::Constant(value) => value.into(),
            Operand::Result(place) => self.with_room(variables.len(), |[all]| {
                self.compute(variables, all, |_, function, a| elementary(function, a));
                all[place as usize]
            }),
        }
    }

    /// Provides buffers with a number for each variable and result: on the stack and as small as possible, since they
    /// have to be cleared.
    #[inline]
    fn with_room<S: Scalar, const EACH: usize, R>(
        &self,
        variables: usize,
        work: impl FnOnce([&mut [S]; EACH]) -> R,
    ) -> R {
        let needed = variables + self.combination.steps.len();
        let zero = S::from(0.0);
        match needed {
            0..=10 => work(
                [[zero; 10]; EACH]
                    .each_mut()
                    .map(|room| &mut room[..needed]),
            ),
            11..=20 => work(
                [[zero; 20]; EACH]
                    .each_mut()
                    .map(|room| &mut room[..needed]),
            ),
            21..=32 => work(
                [[zero; 32]; EACH]
                    .each_mut()
                    .map(|room| &mut room[..needed]),
            ),
            33..=64 => work(
                [[zero; 64]; EACH]
                    .each_mut()
                    .map(|room| &mut room[..needed]),
            ),
            _ => {
                let mut rooms: [Vec<S>; EACH] = std::array::from_fn(|_| vec![zero; needed]);
                work(rooms.each_mut().map(|room| &mut room[..]))
            }
        }
    }

    /// Computes all variables and results; `apply` also gets the place of the result of each function.
    #[inline]
    fn compute<S: Scalar>(
        &self,
        variables: &[S],
        all: &mut [S],
        mut apply: impl FnMut(usize, Elementary, S) -> S,
    ) {
        let first = variables.len();
        for (place, variable) in all.iter_mut().zip(variables) {
            *place = *variable;
        }
        for (place, step) in (first..).zip(&self.combination.steps) {
            let (known, rest) = all.split_at_mut(place);
            if let Some(result) = rest.first_mut() {
                *result = self.result(step, known, |function, a| apply(place, function, a));
            }
        }
    }

    /// The result of a step from all that come before it.
    #[inline]
    fn result<S: Scalar>(
        &self,
        step: &Instruction,
        known: &[S],
        apply: impl FnOnce(Elementary, S) -> S,
    ) -> S {
        let at = |operand: u32| known[operand as usize];
        match *step {
            Instruction::One(a, by, constant) => at(a) * by + constant,
            Instruction::Two([a, b], [by_a, by_b], constant) => {
                at(a) * by_a + at(b) * by_b + constant
            }
            Instruction::Many(terms, constant) => {
                let mut terms = self.terms(terms).iter();
                let mut total = match terms.next() {
                    Some(&(operand, factor)) => at(operand) * factor,
                    None => 0.0.into(),
                };
                for &(operand, factor) in terms {
                    total += at(operand) * factor;
                }
                total + constant
            }
            Instruction::Multiply(a, b) => at(a) * at(b),
            Instruction::Divide(a, b) => divide(at(a), at(b)),
            Instruction::Into(c, a) => divide(S::from(c), at(a)),
            Instruction::Square(a) => at(a).square(),
            Instruction::SquareOf(a, by, constant) => (at(a) * by + constant).square(),
            Instruction::Whole(a, power) => whole_power(at(a), power),
            Instruction::Real(a, power) => real_power(at(a), power),
            Instruction::Apply(function, a) => apply(function, at(a)),
            Instruction::ApplyOf(function, a, by, constant) => {
                apply(function, at(a) * by + constant)
            }
            Instruction::Least(a, b) if at(b).real() < at(a).real() => at(b),
            Instruction::Greatest(a, b) if at(b).real() > at(a).real() => at(b),
            Instruction::Least(a, _) | Instruction::Greatest(a, _) => at(a),
            Instruction::Choose(c, a, _) if at(c).real() > 0.0 => at(a),
            Instruction::Choose(_, _, b) => at(b),
        }
    }

    #[inline]
    fn terms(&self, [start, end]: [u32; 2]) -> &[(u32, f64)] {
        &self.combination.terms[start as usize..end as usize]
    }

    /// The gradient in the blocks of `wrt`.
    pub(crate) fn gradient(&self, at: &Point, wrt: Levels, out: &mut Point) {
        let variables = at.values();
        let Operand::Result(last) = self.combination.result else {
            return hand_out(|_| 0.0, wrt, out);
        };
        self.with_room(variables.len(), |[all, own_slopes, slopes]| {
            self.compute(variables, all, |place, function, a| {
                let [value, own_slope] = with_slope(function, a);
                own_slopes[place] = own_slope;
                value
            });
            slopes[last as usize] = 1.0;
            self.sweep_back(wrt, [all, own_slopes], slopes);
            hand_out(|variable| slopes[variable], wrt, out);
        });
    }

    /// Reverse sweep from the slope of the last result to those of all variables in the blocks of `wrt`.
    #[inline]
    fn sweep_back(&self, wrt: Levels, [all, own_slopes]: [&[f64]; 2], slopes: &mut [f64]) {
        let Combination { steps, depends, .. } = &self.combination;
        let first = all.len() - steps.len();
        for (number, (step, depends)) in steps.iter().zip(depends).enumerate().rev() {
            let place = first + number;
            let slope = slopes[place];
            // a result without influence sends nothing back, even if its own slope is infinite
            if slope != 0.0 && depends.meets(wrt) {
                self.send_back(step, slope, (all, place, own_slopes[place]), slopes);
            }
        }
    }

    /// Sends the slope of a step's result back to its operands, given all results, its place and its function's slope.
    #[inline]
    fn send_back(
        &self,
        step: &Instruction,
        slope: f64,
        (all, place, own_slope): (&[f64], usize, f64),
        slopes: &mut [f64],
    ) {
        let at = |operand: u32| all[operand as usize];
        let mut give = |operand: u32, share: f64| slopes[operand as usize] += share;
        match *step {
            Instruction::One(a, by, _) => give(a, slope * by),
            Instruction::Two([a, b], [by_a, by_b], _) => {
                give(a, slope * by_a);
                give(b, slope * by_b);
            }
            Instruction::Many(terms, _) => {
                for &(operand, factor) in self.terms(terms) {
                    give(operand, slope * factor);
                }
            }
            Instruction::Multiply(a, b) => {
                give(a, slope * at(b));
                give(b, slope * at(a));
            }
            Instruction::Divide(a, b) => {
                let share = slope / at(b);
                give(a, share);
                give(b, -share * all[place]);
            }
            Instruction::Into(_, a) => give(a, -slope * all[place] / at(a)),
            Instruction::Square(a) => give(a, 2.0 * slope * at(a)),
            Instruction::SquareOf(a, by, constant) => {
                give(a, 2.0 * slope * (at(a) * by + constant) * by);
            }
            Instruction::Whole(a, power) => {
                give(a, slope * f64::from(power) * whole_power(at(a), power - 1));
            }
            Instruction::Real(a, power) => give(a, slope * power * at(a).powf(power - 1.0)),
            Instruction::Apply(_, a) => give(a, slope * own_slope),
            Instruction::ApplyOf(_, a, by, _) => give(a, slope * own_slope * by),
            Instruction::Least(a, b) => give(if at(b) < at(a) { b } else { a }, slope),
            Instruction::Greatest(a, b) => give(if at(b) > at(a) { b } else { a }, slope),
            Instruction::Choose(c, a, b) => give(if at(c) > 0.0 { a } else { b }, slope),
        }
    }
}

/// Copies the slopes of variables to the blocks of `wrt`.
#[inline]
fn hand_out(slope: impl Fn(usize) -> f64, wrt: Levels, out: &mut Point) {
    let shape = out.shape();
    for level in (1..=shape.levels()).filter(|level| wrt.contains(*level)) {
        for variable in shape.range(level) {
            out.values_mut()[variable] = slope(variable);
        }
    }
}
