//! Operations of compiled formulas, in evaluation order, none twice, constants folded.

use std::collections::HashMap;

use super::elementary::{Elementary, elementary};

/// A number known at compile time, or the result of an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operand {
    /// Known at compile time.
    Constant(f64),
    /// The result of the operation with this number.
    Result(u32),
}

/// An operation; operands are numbers of earlier ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Op {
    /// A variable, counted over all levels.
    Variable(u32),
    /// A number.
    Constant(f64),
    /// The sum.
    Add(u32, u32),
    /// The difference.
    Subtract(u32, u32),
    /// The product.
    Multiply(u32, u32),
    /// The quotient.
    Divide(u32, u32),
    /// An operand plus a number.
    Shift(u32, f64),
    /// A number minus an operand.
    From(f64, u32),
    /// An operand times a number.
    Scale(u32, f64),
    /// An operand over a number.
    Share(u32, f64),
    /// A number over an operand.
    Into(f64, u32),
    /// The negative.
    Negate(u32),
    /// The square.
    Square(u32),
    /// A whole power.
    Whole(u32, i32),
    /// A real power.
    Real(u32, f64),
    /// A function.
    Apply(Elementary, u32),
    /// The smaller one, the first of equal ones.
    Least(u32, u32),
    /// The greater one, the first of equal ones.
    Greatest(u32, u32),
    /// The second operand where the first is above 0, else the third.
    Choose(u32, u32, u32),
}

impl Op {
    /// True if it has a kink.
    pub(super) const fn has_kink(self) -> bool {
        match self {
            Self::Apply(function, _) => function.has_kink(),
            Self::Least(..) | Self::Greatest(..) | Self::Choose(..) => true,
            _ => false,
        }
    }

    /// True if it may jump from one finite value to another.
    pub(super) const fn may_jump(self) -> bool {
        match self {
            Self::Apply(function, _) => {
                matches!(
                    function,
                    Elementary::Sign | Elementary::Floor | Elementary::Tan
                )
            }
            // a quotient or a negative power may change its sign at a pole, within a bounded function
            Self::Whole(_, power) => power < 0,
            Self::Real(_, power) => power < 0.0,
            Self::Choose(..) | Self::Divide(..) | Self::Into(..) => true,
            _ => false,
        }
    }

    /// The same operation with renumbered operands.
    pub(super) fn renumbered(self, mut number: impl FnMut(u32) -> u32) -> Self {
        match self {
            Self::Variable(_) | Self::Constant(_) => self,
            Self::Add(a, b) => Self::Add(number(a), number(b)),
            Self::Subtract(a, b) => Self::Subtract(number(a), number(b)),
            Self::Multiply(a, b) => Self::Multiply(number(a), number(b)),
            Self::Divide(a, b) => Self::Divide(number(a), number(b)),
            Self::Least(a, b) => Self::Least(number(a), number(b)),
            Self::Greatest(a, b) => Self::Greatest(number(a), number(b)),
            Self::Choose(c, a, b) => Self::Choose(number(c), number(a), number(b)),
            Self::Shift(a, c) => Self::Shift(number(a), c),
            Self::From(c, a) => Self::From(c, number(a)),
            Self::Scale(a, c) => Self::Scale(number(a), c),
            Self::Share(a, c) => Self::Share(number(a), c),
            Self::Into(c, a) => Self::Into(c, number(a)),
            Self::Negate(a) => Self::Negate(number(a)),
            Self::Square(a) => Self::Square(number(a)),
            Self::Whole(a, power) => Self::Whole(number(a), power),
            Self::Real(a, power) => Self::Real(number(a), power),
            Self::Apply(function, a) => Self::Apply(function, number(a)),
        }
    }

    /// Its operands.
    pub(super) fn operands(self) -> impl Iterator<Item = u32> {
        let mut found = [None; 3];
        let mut count = 0;
        self.renumbered(|operand| {
            found[count] = Some(operand);
            count += 1;
            operand
        });
        found.into_iter().flatten()
    }

    /// A key that only equal operations share.
    fn key(self) -> [u64; 3] {
        let pair = |kind: u64, a: u32, b: u32| [kind, u64::from(a), u64::from(b)];
        let with = |kind: u64, a: u32, c: f64| [kind, u64::from(a), c.to_bits()];
        match self {
            Self::Variable(a) => pair(0, a, 0),
            Self::Constant(c) => with(1, 0, c),
            Self::Add(a, b) => pair(2, a, b),
            Self::Subtract(a, b) => pair(3, a, b),
            Self::Multiply(a, b) => pair(4, a, b),
            Self::Divide(a, b) => pair(5, a, b),
            Self::Least(a, b) => pair(6, a, b),
            Self::Greatest(a, b) => pair(7, a, b),
            Self::Shift(a, c) => with(8, a, c),
            Self::From(c, a) => with(9, a, c),
            Self::Scale(a, c) => with(10, a, c),
            Self::Share(a, c) => with(11, a, c),
            Self::Into(c, a) => with(12, a, c),
            Self::Negate(a) => pair(13, a, 0),
            Self::Square(a) => pair(14, a, 0),
            Self::Whole(a, power) => [15, u64::from(a), u64::from(power.cast_unsigned())],
            Self::Real(a, power) => with(16, a, power),
            Self::Choose(c, a, b) => [17, u64::from(c), (u64::from(a) << 32) | u64::from(b)],
            Self::Apply(function, a) => pair(18 + function as u64, a, 0),
        }
    }
}

/// All operations so far.
#[derive(Debug, Default)]
pub(super) struct OperationTape {
    ops: Vec<Op>,
    known: HashMap<[u64; 3], u32>,
}

/// The largest whole power computed as one; larger ones are real powers.
const WHOLE: f64 = 1000.0;

use Operand::{Constant, Result};

impl OperationTape {
    /// The operation with a number.
    pub(super) fn op(&self, number: u32) -> Op {
        self.ops[number as usize]
    }

    /// The number of an operation, new or known.
    pub(super) fn push(&mut self, op: Op) -> u32 {
        let next = self.ops.len() as u32;
        let number = *self.known.entry(op.key()).or_insert(next);
        if number == next {
            self.ops.push(op);
        }
        number
    }

    fn result(&mut self, op: Op) -> Operand {
        Result(self.push(op))
    }

    /// The number of an operand, also of a constant.
    pub(super) fn number(&mut self, operand: Operand) -> u32 {
        match operand {
            Constant(value) => self.push(Op::Constant(value)),
            Result(number) => number,
        }
    }

    pub(super) fn add(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Constant(a), Constant(b)) => Constant(a + b),
            (Constant(0.0), other) | (other, Constant(0.0)) => other,
            (Constant(c), Result(a)) | (Result(a), Constant(c)) => self.result(Op::Shift(a, c)),
            (Result(a), Result(b)) => self.result(Op::Add(a, b)),
        }
    }

    pub(super) fn subtract(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Constant(a), Constant(b)) => Constant(a - b),
            (other, Constant(0.0)) => other,
            (Result(a), Constant(c)) => self.result(Op::Shift(a, -c)),
            (Constant(c), Result(a)) => self.result(Op::From(c, a)),
            (Result(a), Result(b)) => self.result(Op::Subtract(a, b)),
        }
    }

    pub(super) fn multiply(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Constant(a), Constant(b)) => Constant(a * b),
            (Constant(1.0), other) | (other, Constant(1.0)) => other,
            (Constant(c), Result(a)) | (Result(a), Constant(c)) => self.result(Op::Scale(a, c)),
            (Result(a), Result(b)) if a == b => self.result(Op::Square(a)),
            (Result(a), Result(b)) => self.result(Op::Multiply(a, b)),
        }
    }

    pub(super) fn divide(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Constant(a), Constant(b)) => Constant(a / b),
            (other, Constant(1.0)) => other,
            (Result(a), Constant(c)) => self.result(Op::Share(a, c)),
            (Constant(c), Result(a)) => self.result(Op::Into(c, a)),
            (Result(a), Result(b)) => match self.removable(a, b) {
                Some((function, by, inner)) => {
                    let quotient = self.apply(function, Result(inner));
                    self.multiply(Constant(by), quotient)
                }
                None => self.result(Op::Divide(a, b)),
            },
        }
    }

    /// Finds a quotient with a limit at a zero of its denominator, such as sin(a)/a; returns its function, factor and
    /// operand.
    fn removable(&self, above: u32, below: u32) -> Option<(Elementary, f64, u32)> {
        if let Op::Scale(inner, by) = self.op(above) {
            let (function, factor, of) = self.removable(inner, below)?;
            return Some((function, by * factor, of));
        }
        let function = |number: u32| match self.op(number) {
            Op::Apply(function, of) => Some((function, of)),
            _ => None,
        };
        let (applied, shift, sign) = match self.op(above) {
            Op::Apply(..) => (above, 0.0, 1.0),
            Op::Shift(of, shift) => (of, shift, 1.0),
            Op::From(shift, of) => (of, -shift, -1.0),
            _ => return None,
        };
        let (function, of) = function(applied)?;
        let is_square = matches!(self.op(below), Op::Square(inner) if inner == of);
        let (over, factor) = match (function, shift, is_square) {
            (Elementary::Sin, 0.0, false) => (Elementary::SinOver, 1.0),
            (Elementary::Sinh, 0.0, false) => (Elementary::SinhOver, 1.0),
            (Elementary::Exp, -1.0, false) => (Elementary::ExpOver, 1.0),
            (Elementary::Cos, -1.0, true) => (Elementary::CosOver, -1.0),
            (Elementary::Cosh, -1.0, true) => (Elementary::CoshOver, 1.0),
            _ => return None,
        };
        (is_square || of == below).then_some((over, sign * factor, of))
    }

    pub(super) fn negate(&mut self, a: Operand) -> Operand {
        match a {
            Constant(a) => Constant(-a),
            Result(a) => self.result(Op::Negate(a)),
        }
    }

    pub(super) fn square(&mut self, a: Operand) -> Operand {
        match a {
            Constant(a) => Constant(a * a),
            // the square of a length is smooth, and so is that of an absolute value
            Result(a) => match self.op(a) {
                Op::Apply(Elementary::Length, inner) => Result(inner),
                Op::Apply(Elementary::Abs, inner) => self.result(Op::Square(inner)),
                _ => self.result(Op::Square(a)),
            },
        }
    }

    pub(super) fn power(&mut self, base: Operand, exponent: Operand) -> Operand {
        match (base, exponent) {
            (Constant(base), Constant(exponent)) => Constant(base.powf(exponent)),
            (Result(a), Constant(exponent)) => {
                if exponent == 0.0 {
                    Constant(1.0)
                } else if exponent == 1.0 {
                    base
                } else if exponent == 2.0 {
                    self.square(base)
                } else if exponent == -1.0 {
                    self.result(Op::Into(1.0, a))
                } else if exponent == 0.5 {
                    self.apply(Elementary::Sqrt, base)
                } else if exponent.fract() == 0.0 && exponent.abs() <= WHOLE {
                    self.result(Op::Whole(a, exponent as i32))
                } else {
                    self.result(Op::Real(a, exponent))
                }
            }
            (Constant(std::f64::consts::E), exponent) => self.apply(Elementary::Exp, exponent),
            (base, exponent) => {
                let log = self.apply(Elementary::Log, base);
                let product = self.multiply(exponent, log);
                self.apply(Elementary::Exp, product)
            }
        }
    }

    pub(super) fn apply(&mut self, function: Elementary, a: Operand) -> Operand {
        match a {
            Constant(a) => Constant(elementary(function, a)),
            Result(a) => match (function, self.op(a)) {
                // without overflow where cosh or exp has one
                (Elementary::Log, Op::Apply(Elementary::Cosh, inner)) => {
                    self.result(Op::Apply(Elementary::LogCosh, inner))
                }
                (Elementary::Log, Op::Shift(inner, 1.0)) => match self.op(inner) {
                    Op::Apply(Elementary::Exp, inner) => {
                        self.result(Op::Apply(Elementary::Softplus, inner))
                    }
                    _ => self.result(Op::Apply(function, a)),
                },
                _ => self.result(Op::Apply(function, a)),
            },
        }
    }

    /// The first of two numbers where another is above 0, else the second.
    pub(super) fn choose(&mut self, above: Operand, [holds, fails]: [Operand; 2]) -> Operand {
        match above {
            Constant(above) if above > 0.0 => holds,
            Constant(_) => fails,
            Result(above) => {
                let (holds, fails) = (self.number(holds), self.number(fails));
                if holds == fails {
                    Result(holds)
                } else {
                    self.result(Op::Choose(above, holds, fails))
                }
            }
        }
    }

    pub(super) fn least(&mut self, a: Operand, b: Operand) -> Operand {
        self.chosen(a, b, |a, b| if b < a { b } else { a }, Op::Least)
    }

    pub(super) fn greatest(&mut self, a: Operand, b: Operand) -> Operand {
        self.chosen(a, b, |a, b| if b > a { b } else { a }, Op::Greatest)
    }

    fn chosen(
        &mut self,
        a: Operand,
        b: Operand,
        of_numbers: fn(f64, f64) -> f64,
        op: fn(u32, u32) -> Op,
    ) -> Operand {
        if let (Constant(a), Constant(b)) = (a, b) {
            return Constant(of_numbers(a, b));
        }
        let (a, b) = (self.number(a), self.number(b));
        if a == b {
            Result(a)
        } else {
            self.result(op(a, b))
        }
    }
}
