//! What formulas come to at a point: over any scalar, and the gradient in plain numbers by one sweep back.
//!
//! A [`Program`] is the part of a tape that one objective needs. Sums, differences and multiples by numbers are joined to linear
//! combinations, and what can be computed at the same time in the same way is one batch: a processor that has to guess what comes
//! next guesses once a batch and not once an operation. Neither way allocates but for long programs (see [`ROOM`]).

use std::ops::Range;

use smallvec::SmallVec;

use super::super::point::{Levels, Shape};
use super::super::scalar::Scalar;
use super::combine::{Combination, Step, combined};
use super::elementary::{derivative, elementary, whole_power};
use super::tape::{Op, Operand, Tape};

/// So many variables and results together need no allocation.
const ROOM: usize = 64;

/// An objective, ready to be evaluated. Variables have the first numbers, results those that follow.
#[derive(Clone, Debug)]
pub(in crate::problem) struct Program {
    steps: Vec<Step>,
    /// Steps of one kind that do not need each other, in order.
    batches: Vec<Batch>,
    /// Terms of linear combinations.
    terms: Vec<(u32, f64)>,
    result: Operand,
    has_kinks: bool,
}

#[derive(Clone, Debug)]
struct Batch {
    steps: Range<usize>,
    /// The levels that any of them depends on.
    depends: Levels,
}

impl Program {
    /// The part of a tape that a result needs.
    pub(super) fn new(tape: &Tape, result: Operand, shape: Shape) -> Self {
        let Combination {
            steps,
            terms,
            depths,
            result,
            has_kinks,
        } = combined(tape, result, shape);
        let mut batches: Vec<Batch> = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            let joins = number > 0
                && depths[number] == depths[number - 1]
                && step.is_like(&steps[number - 1]);
            match batches.last_mut().filter(|_| joins) {
                Some(batch) => {
                    batch.steps.end = number + 1;
                    batch.depends = batch.depends.with(step.depends());
                }
                None => batches.push(Batch {
                    steps: number..number + 1,
                    depends: step.depends(),
                }),
            }
        }
        Self {
            steps,
            batches,
            terms,
            result,
            has_kinks,
        }
    }

    /// Whether there are kinks in it.
    pub(in crate::problem) fn has_kinks(&self) -> bool {
        self.has_kinks
    }

    /// The value over all variables.
    pub(in crate::problem) fn value<S: Scalar>(&self, variables: &[S]) -> S {
        match self.result {
            Operand::Constant(value) => value.into(),
            Operand::Result(place) => self.results(variables)[place as usize],
        }
    }

    /// All variables and results.
    fn results<S: Scalar>(&self, variables: &[S]) -> SmallVec<[S; ROOM]> {
        let first = variables.len();
        let mut all: SmallVec<[S; ROOM]> = SmallVec::with_capacity(first + self.steps.len());
        all.extend_from_slice(variables);
        all.resize(first + self.steps.len(), S::from(0.0));
        for batch in &self.batches {
            let (known, rest) = all.split_at_mut(first + batch.steps.start);
            self.compute(&self.steps[batch.steps.clone()], known, rest);
        }
        all
    }

    /// The results of a batch from all that come before it.
    #[inline]
    fn compute<S: Scalar>(&self, steps: &[Step], known: &[S], out: &mut [S]) {
        let Some(first) = steps.first() else {
            return;
        };
        let at = |operand: u32| known[operand as usize];
        match first.op {
            Op::Shift(..) => fill(steps, out, |step| {
                let [start, end] = step.terms();
                let mut terms = self.terms[start..end].iter();
                let mut total = match terms.next() {
                    Some(&(operand, factor)) => at(operand) * factor,
                    None => 0.0.into(),
                };
                for &(operand, factor) in terms {
                    total += at(operand) * factor;
                }
                total + step.constant()
            }),
            Op::Multiply(..) => fill(steps, out, |step| at(step.a()) * at(step.b())),
            Op::Divide(..) => fill(steps, out, |step| at(step.a()) / at(step.b())),
            Op::Square(_) => fill(steps, out, |step| at(step.a()).square()),
            Op::Apply(function, _) => fill(steps, out, |step| elementary(function, at(step.a()))),
            _ => fill(steps, out, |step| single(step.op, at)),
        }
    }

    /// The gradient in the blocks of `wrt`, added to `out`, which has an entry for every variable.
    pub(in crate::problem) fn add_gradient(
        &self,
        variables: &[f64],
        wrt: Levels,
        (out, shape): (&mut [f64], Shape),
    ) {
        let Operand::Result(last) = self.result else {
            return;
        };
        let all = self.results(variables);
        let first = variables.len();
        let mut slopes: SmallVec<[f64; ROOM]> = SmallVec::from_elem(0.0, all.len());
        slopes[last as usize] = 1.0;
        for batch in self.batches.iter().rev() {
            if !batch.depends.meets(wrt) {
                continue;
            }
            for number in batch.steps.clone() {
                let place = first + number;
                let slope = slopes[place];
                if slope != 0.0 {
                    self.send_back(&self.steps[number], slope, (&all, place), &mut slopes);
                }
            }
        }
        for level in (1..=shape.levels()).filter(|level| wrt.contains(*level)) {
            for variable in shape.range(level) {
                out[variable] += slopes[variable];
            }
        }
    }

    /// Sends the slope of a step's result back to its operands, given all results and its own place.
    #[inline]
    fn send_back(
        &self,
        step: &Step,
        slope: f64,
        (all, place): (&[f64], usize),
        slopes: &mut [f64],
    ) {
        let at = |operand: u32| all[operand as usize];
        let mut give = |operand: u32, share: f64| slopes[operand as usize] += share;
        match step.op {
            Op::Shift(..) => {
                let [start, end] = step.terms();
                for &(operand, factor) in &self.terms[start..end] {
                    give(operand, slope * factor);
                }
            }
            Op::Multiply(a, b) => {
                give(a, slope * at(b));
                give(b, slope * at(a));
            }
            Op::Divide(a, b) => {
                let share = slope / at(b);
                give(a, share);
                give(b, -share * all[place]);
            }
            Op::Into(_, a) => give(a, -slope * all[place] / at(a)),
            Op::Square(a) => give(a, 2.0 * slope * at(a)),
            Op::Whole(a, power) => {
                give(a, slope * f64::from(power) * whole_power(at(a), power - 1));
            }
            Op::Real(a, power) => give(a, slope * power * at(a).powf(power - 1.0)),
            Op::Apply(function, a) => give(a, slope * derivative(function, at(a), all[place])),
            Op::Least(a, b) => give(if at(b) < at(a) { b } else { a }, slope),
            Op::Greatest(a, b) => give(if at(b) > at(a) { b } else { a }, slope),
            // these are linear combinations by now, or have no operands
            Op::Variable(_)
            | Op::Constant(_)
            | Op::Add(..)
            | Op::Subtract(..)
            | Op::From(..)
            | Op::Scale(..)
            | Op::Share(..)
            | Op::Negate(_) => {}
        }
    }
}

/// Writes a result for each step.
#[inline]
fn fill<S>(steps: &[Step], out: &mut [S], result: impl Fn(&Step) -> S) {
    for (step, out) in steps.iter().zip(out) {
        *out = result(step);
    }
}

/// An operation that seldom comes in numbers.
fn single<S: Scalar>(op: Op, at: impl Fn(u32) -> S) -> S {
    match op {
        Op::Constant(value) => value.into(),
        Op::Into(c, a) => S::from(c) / at(a),
        Op::Whole(a, power) => whole_power(at(a), power),
        Op::Real(a, power) => at(a).powf(power),
        Op::Least(a, b) => {
            if at(b).real() < at(a).real() {
                at(b)
            } else {
                at(a)
            }
        }
        Op::Greatest(a, b) => {
            if at(b).real() > at(a).real() {
                at(b)
            } else {
                at(a)
            }
        }
        _ => unreachable!("all others are linear, or batches of their own"),
    }
}
