//! What formulas come to at a point: over any scalar, and the gradient in plain numbers by one sweep back.
//!
//! A [`Program`] is the part of a tape that one objective needs. Forwards it writes to few registers, which are used again as soon
//! as nobody reads them; backwards it keeps every result. Neither allocates but for long programs (see [`ROOM`]).

use smallvec::SmallVec;

use super::super::point::{Levels, Shape};
use super::super::scalar::Scalar;
use super::elementary::{derivative, elementary, whole_power};
use super::tape::{Op, Operand, Tape};

/// So many registers, and so many results on the way back, need no allocation.
const ROOM: [usize; 2] = [24, 192];

/// An objective, ready to be evaluated.
#[derive(Clone, Debug)]
pub(in crate::problem) struct Program {
    /// The operations in order, each with the register that takes its result; operands are registers.
    steps: Vec<(Op, u32)>,
    registers: usize,
    /// The same, operands being numbers of operations; with the levels that each depends on.
    ops: Vec<(Op, Levels)>,
    result: Where,
}

/// Where the value of an objective is.
#[derive(Clone, Copy, Debug)]
enum Where {
    /// It is known beforehand.
    Constant(f64),
    /// In this register.
    Register(u32),
}

impl Program {
    /// The part of a tape that a result needs.
    pub(super) fn new(tape: &Tape, result: Operand, shape: Shape) -> Self {
        let last = match result {
            Operand::Result(last) => last,
            Operand::Constant(value) => {
                return Self {
                    steps: Vec::new(),
                    registers: 0,
                    ops: Vec::new(),
                    result: Where::Constant(value),
                };
            }
        };
        let ops = needed(tape, last, shape);
        let (steps, registers) = in_registers(&ops);
        let register = steps.last().map_or(0, |(_, register)| *register);
        Self {
            steps,
            registers,
            ops,
            result: Where::Register(register),
        }
    }

    /// Whether there are kinks in it.
    pub(in crate::problem) fn has_kinks(&self) -> bool {
        self.ops.iter().any(|(op, _)| op.has_kink())
    }

    /// The value over all variables.
    pub(in crate::problem) fn value<S: Scalar>(&self, variables: &[S]) -> S {
        let register = match self.result {
            Where::Constant(value) => return value.into(),
            Where::Register(register) => register,
        };
        let mut registers: SmallVec<[S; ROOM[0]]> =
            SmallVec::from_elem(S::from(0.0), self.registers);
        for &(op, to) in &self.steps {
            registers[to as usize] = computed(op, variables, &registers);
        }
        registers[register as usize]
    }

    /// The gradient in the blocks of `wrt`, added to `out`, which has an entry for every variable.
    pub(in crate::problem) fn add_gradient(&self, variables: &[f64], wrt: Levels, out: &mut [f64]) {
        let Where::Register(_) = self.result else {
            return;
        };
        let mut values: SmallVec<[f64; ROOM[1]]> = SmallVec::new();
        for &(op, _) in &self.ops {
            let value = computed(op, variables, &values);
            values.push(value);
        }
        let mut slopes: SmallVec<[f64; ROOM[1]]> = SmallVec::from_elem(0.0, self.ops.len());
        if let Some(last) = slopes.last_mut() {
            *last = 1.0;
        }
        for (number, &(op, depends)) in self.ops.iter().enumerate().rev() {
            let slope = slopes[number];
            if slope == 0.0 || !depends.meets(wrt) {
                continue;
            }
            if let Op::Variable(variable) = op {
                out[variable as usize] += slope;
            } else {
                sent_back(op, slope, (&values, number), &mut slopes);
            }
        }
    }
}

/// The operations that one needs, in order and numbered anew, with the levels that they depend on.
fn needed(tape: &Tape, last: u32, shape: Shape) -> Vec<(Op, Levels)> {
    let mut is_needed = vec![false; last as usize + 1];
    is_needed[last as usize] = true;
    for number in (0..=last).rev() {
        if is_needed[number as usize] {
            for operand in tape.op(number).operands() {
                is_needed[operand as usize] = true;
            }
        }
    }
    let mut renumbered = vec![0; is_needed.len()];
    let mut ops: Vec<(Op, Levels)> = Vec::new();
    for number in 0..=last {
        if !is_needed[number as usize] {
            continue;
        }
        let op = tape
            .op(number)
            .renumbered(|operand| renumbered[operand as usize]);
        let depends = match op {
            Op::Variable(variable) => Levels::only(shape.locate(variable as usize).0),
            _ => op.operands().fold(Levels::NONE, |levels, operand| {
                levels.with(ops[operand as usize].1)
            }),
        };
        renumbered[number as usize] = ops.len() as u32;
        ops.push((op, depends));
    }
    ops
}

/// The operations with registers for operands and results, and how many registers that takes.
fn in_registers(ops: &[(Op, Levels)]) -> (Vec<(Op, u32)>, usize) {
    let mut last_use = vec![usize::MAX; ops.len()];
    for (number, (op, _)) in ops.iter().enumerate() {
        for operand in op.operands() {
            last_use[operand as usize] = number;
        }
    }
    let (mut free, mut count) = (Vec::new(), 0);
    let mut registers: Vec<u32> = Vec::with_capacity(ops.len());
    let mut steps = Vec::with_capacity(ops.len());
    for (number, (op, _)) in ops.iter().enumerate() {
        let step = op.renumbered(|operand| registers[operand as usize]);
        // operands are read before the result is written, so that it may take the place of one
        let mut released: SmallVec<[u32; 2]> = SmallVec::new();
        for operand in op.operands() {
            let register = registers[operand as usize];
            if last_use[operand as usize] == number && !released.contains(&register) {
                released.push(register);
            }
        }
        free.extend(released);
        let register = free.pop().unwrap_or_else(|| {
            count += 1;
            count - 1
        });
        registers.push(register);
        steps.push((step, register));
    }
    (steps, count as usize)
}

/// The result of an operation whose operands have been computed.
#[inline]
fn computed<S: Scalar>(op: Op, variables: &[S], results: &[S]) -> S {
    let at = |operand: u32| results[operand as usize];
    match op {
        Op::Variable(variable) => variables[variable as usize],
        Op::Constant(value) => value.into(),
        Op::Add(a, b) => at(a) + at(b),
        Op::Subtract(a, b) => at(a) - at(b),
        Op::Multiply(a, b) => at(a) * at(b),
        Op::Divide(a, b) => at(a) / at(b),
        Op::Shift(a, c) => at(a) + c,
        Op::From(c, a) => -at(a) + c,
        Op::Scale(a, c) => at(a) * c,
        Op::Share(a, c) => at(a) / c,
        Op::Into(c, a) => S::from(c) / at(a),
        Op::Negate(a) => -at(a),
        Op::Square(a) => at(a).square(),
        Op::Whole(a, power) => whole_power(at(a), power),
        Op::Real(a, power) => at(a).powf(power),
        Op::Apply(function, a) => elementary(function, at(a)),
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
    }
}

/// Sends the slope of an operation's result back to its operands, given all results and its own number.
#[inline]
fn sent_back(op: Op, slope: f64, (values, number): (&[f64], usize), slopes: &mut [f64]) {
    let at = |operand: u32| values[operand as usize];
    let mut give = |operand: u32, share: f64| slopes[operand as usize] += share;
    match op {
        Op::Variable(_) | Op::Constant(_) => {}
        Op::Add(a, b) => {
            give(a, slope);
            give(b, slope);
        }
        Op::Subtract(a, b) => {
            give(a, slope);
            give(b, -slope);
        }
        Op::Multiply(a, b) => {
            give(a, slope * at(b));
            give(b, slope * at(a));
        }
        Op::Divide(a, b) => {
            let share = slope / at(b);
            give(a, share);
            give(b, -share * values[number]);
        }
        Op::Shift(a, _) => give(a, slope),
        Op::From(_, a) | Op::Negate(a) => give(a, -slope),
        Op::Scale(a, c) => give(a, slope * c),
        Op::Share(a, c) => give(a, slope / c),
        Op::Into(_, a) => give(a, -slope * values[number] / at(a)),
        Op::Square(a) => give(a, 2.0 * slope * at(a)),
        Op::Whole(a, power) => {
            give(a, slope * f64::from(power) * whole_power(at(a), power - 1));
        }
        Op::Real(a, power) => give(a, slope * power * at(a).powf(power - 1.0)),
        Op::Apply(function, a) => {
            give(a, slope * derivative(function, at(a), values[number]));
        }
        Op::Least(a, b) => give(if at(b) < at(a) { b } else { a }, slope),
        Op::Greatest(a, b) => give(if at(b) > at(a) { b } else { a }, slope),
    }
}
