//! Terms of an objective at whose zeros it may have a pole: denominators, arguments of logarithms and of negative powers,
//! and the cosines of arguments of tangents.
//!
//! Terms that cannot vanish, such as 1 + y², are left out by interval arithmetic over all values of the variables.
//! Factors and bases of positive powers stand for their products and powers: most of them change their sign where they
//! vanish.

use super::elementary::Elementary;
use super::evaluate::Program;
use super::needed::{MOST, needed, small_result};
use super::tape::{Op, Operand, OperationTape};
use crate::numerics::Shape;

/// A term of an objective at whose zeros it may have a pole.
#[derive(Clone, Debug)]
pub(crate) struct PoleTerm {
    program: Program,
    zeros: TermZeros,
}

/// The values of a part of a formula at which a term vanishes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum TermZeros {
    /// 0.
    Zero,
    /// Odd multiples of π/2.
    QuarterTurns,
    /// -1 and 1.
    PlusMinusOne,
}

impl PoleTerm {
    /// The value over all variables.
    pub(crate) fn value(&self, variables: &[f64]) -> f64 {
        let part: f64 = self.program.value(variables);
        match self.zeros {
            TermZeros::Zero => part,
            TermZeros::QuarterTurns => part.cos(),
            TermZeros::PlusMinusOne => (1.0 - part) * (1.0 + part),
        }
    }
}

/// The terms of an objective; none if it is too large.
pub(super) fn pole_terms(tape: &OperationTape, result: Operand, shape: Shape) -> Vec<PoleTerm> {
    let Some(last) = small_result(result) else {
        return Vec::new();
    };
    let mut ranges: Vec<[f64; 2]> = Vec::new();
    for number in 0..=last {
        ranges.push(range(tape.op(number), &ranges));
    }
    let mut found = TermList {
        tape,
        ranges: &ranges,
        terms: Vec::new(),
    };
    for op in needed(tape, last) {
        match op {
            Op::Divide(_, a) | Op::Into(_, a) | Op::Apply(Elementary::Log, a) => {
                found.add_zeros(a);
            }
            Op::Whole(a, power) if power < 0 => found.add_zeros(a),
            Op::Real(a, power) if power < 0.0 => found.add_zeros(a),
            Op::Apply(Elementary::Tan, a) => found.add(a, TermZeros::QuarterTurns),
            Op::Apply(Elementary::Atanh, a) => found.add(a, TermZeros::PlusMinusOne),
            _ => {}
        }
    }
    let terms = found.terms.into_iter();
    terms
        .map(|(number, zeros)| PoleTerm {
            program: Program::new(tape, Operand::Result(number), shape),
            zeros,
        })
        .collect()
}

/// Parts of a tape with the values at which their terms vanish.
struct TermList<'a> {
    tape: &'a OperationTape,
    /// The range of each operation.
    ranges: &'a [[f64; 2]],
    terms: Vec<(u32, TermZeros)>,
}

impl TermList<'_> {
    fn add(&mut self, number: u32, zeros: TermZeros) {
        if self.terms.len() < MOST && !self.terms.contains(&(number, zeros)) {
            self.terms.push((number, zeros));
        }
    }

    /// Adds the parts whose zeros are those of a number, if it may vanish.
    fn add_zeros(&mut self, number: u32) {
        let [low, high] = self.ranges[number as usize];
        if low > 0.0 || high < 0.0 {
            return;
        }
        match self.tape.op(number) {
            Op::Constant(_) | Op::Into(..) => {}
            Op::Scale(a, _)
            | Op::Share(a, _)
            | Op::Negate(a)
            | Op::Square(a)
            | Op::Divide(a, _)
            | Op::Apply(Elementary::Abs | Elementary::Sqrt | Elementary::Length, a) => {
                self.add_zeros(a);
            }
            Op::Whole(a, power) if power > 0 => self.add_zeros(a),
            Op::Real(a, power) if power > 0.0 => self.add_zeros(a),
            Op::Multiply(a, b) => {
                self.add_zeros(a);
                self.add_zeros(b);
            }
            _ => self.add(number, TermZeros::Zero),
        }
    }
}

/// A range of the values of an operation, from those of its operands; wider than needed for most functions.
fn range(op: Op, ranges: &[[f64; 2]]) -> [f64; 2] {
    let of = |number: u32| ranges[number as usize];
    let all = [f64::NEG_INFINITY, f64::INFINITY];
    let joined = |values: [f64; 4]| {
        let [low, high] = values
            .into_iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
                [low.min(value), high.max(value)]
            });
        if values.iter().any(|value| value.is_nan()) {
            all
        } else {
            [low, high]
        }
    };
    let scaled = |[low, high]: [f64; 2], by: f64| joined([low * by, high * by, low * by, low * by]);
    match op {
        Op::Constant(value) => [value; 2],
        Op::Add(a, b) => [of(a)[0] + of(b)[0], of(a)[1] + of(b)[1]],
        Op::Subtract(a, b) => [of(a)[0] - of(b)[1], of(a)[1] - of(b)[0]],
        Op::Multiply(a, b) => {
            let ([a, b], [c, d]) = (of(a), of(b));
            joined([a * c, a * d, b * c, b * d])
        }
        Op::Shift(a, by) => of(a).map(|end| end + by),
        Op::From(value, a) => [value - of(a)[1], value - of(a)[0]],
        Op::Scale(a, by) => scaled(of(a), by),
        Op::Share(a, by) => scaled(of(a), 1.0 / by),
        Op::Negate(a) => [-of(a)[1], -of(a)[0]],
        Op::Square(a) => square(of(a)),
        Op::Whole(a, power) if power > 0 && power % 2 == 0 => {
            square(of(a)).map(|end| end.powi(power / 2))
        }
        Op::Real(..) => [0.0, f64::INFINITY],
        Op::Least(a, b) => [0, 1].map(|end: usize| of(a)[end].min(of(b)[end])),
        Op::Greatest(a, b) => [0, 1].map(|end: usize| of(a)[end].max(of(b)[end])),
        Op::Choose(_, a, b) => [of(a)[0].min(of(b)[0]), of(a)[1].max(of(b)[1])],
        Op::Apply(function, _) => match function {
            Elementary::Exp | Elementary::Softplus => [f64::MIN_POSITIVE, f64::INFINITY],
            Elementary::Sigmoid => [f64::MIN_POSITIVE, 1.0],
            Elementary::Cosh => [1.0, f64::INFINITY],
            Elementary::Abs | Elementary::Sqrt | Elementary::Length | Elementary::LogCosh => {
                [0.0, f64::INFINITY]
            }
            Elementary::Sin
            | Elementary::Cos
            | Elementary::Tanh
            | Elementary::Erf
            | Elementary::Sign => [-1.0, 1.0],
            _ => all,
        },
        _ => all,
    }
}

/// The range of the square of a number in a range.
fn square([low, high]: [f64; 2]) -> [f64; 2] {
    let least = if low > 0.0 {
        low
    } else if high < 0.0 {
        -high
    } else {
        0.0
    };
    [least * least, (low * low).max(high * high)]
}
