//! Turns the operations of a tape into the steps of a program: linear operations are joined, and steps sorted by kind.

use super::elementary::Elementary;
use super::tape::{Op, Operand, OperationTape};
use crate::numerics::{Levels, Shape};

/// A step of a program. Operands count variables first and then results.
#[derive(Clone, Copy, Debug)]
pub(super) enum Instruction {
    /// A multiple of an operand, plus a number.
    One(u32, f64, f64),
    /// A linear combination of two operands plus a number, the most frequent kind.
    Two([u32; 2], [f64; 2], f64),
    /// A linear combination of a range of the terms, plus a number.
    Many([u32; 2], f64),
    /// The product.
    Multiply(u32, u32),
    /// The quotient.
    Divide(u32, u32),
    /// A number over an operand.
    Into(f64, u32),
    /// The square.
    Square(u32),
    /// The square of a multiple of an operand plus a number.
    SquareOf(u32, f64, f64),
    /// A whole power.
    Whole(u32, i32),
    /// A real power.
    Real(u32, f64),
    /// A function.
    Apply(Elementary, u32),
    /// A function of a multiple of an operand plus a number.
    ApplyOf(Elementary, u32, f64, f64),
    /// The smaller one, the first of equal ones.
    Least(u32, u32),
    /// The greater one, the first of equal ones.
    Greatest(u32, u32),
    /// The second operand where the first is above 0, else the third.
    Choose(u32, u32, u32),
}

/// The steps of a program, sorted by depth and by kind for the sake of branch prediction.
#[derive(Clone, Debug)]
pub(super) struct Combination {
    pub(super) steps: Vec<Instruction>,
    /// Terms of linear combinations.
    pub(super) terms: Vec<(u32, f64)>,
    /// The levels that each step depends on.
    pub(super) depends: Vec<Levels>,
    pub(super) result: Operand,
    pub(super) has_kinks: bool,
    pub(super) may_jump: bool,
}

/// A step that is not placed yet: operands are numbers of the tape.
struct Loose {
    number: u32,
    op: Op,
    /// The terms of a linear step, or the only term inside a square or a function.
    terms: Vec<(u32, f64)>,
    /// The number that is added to them.
    constant: f64,
    depth: usize,
}

/// Builds the program of a result from the part of a tape that it needs.
pub(super) fn combined(tape: &OperationTape, result: Operand, shape: Shape) -> Combination {
    let mut combination = Combination {
        steps: Vec::new(),
        terms: Vec::new(),
        depends: Vec::new(),
        result,
        has_kinks: false,
        may_jump: false,
    };
    let Operand::Result(last) = result else {
        return combination;
    };
    let uses = uses(tape, last);
    let mut loose = loosened(tape, &uses);
    combination.has_kinks = loose.iter().any(|step| step.op.has_kink());
    combination.may_jump = loose.iter().any(|step| step.op.may_jump());
    loose.sort_by_key(|step| (step.depth, kind(step), step.number));
    let first = shape.total() as u32;
    let mut places = vec![0; last as usize + 1];
    for (number, place) in places.iter_mut().enumerate() {
        if let Op::Variable(variable) = tape.op(number as u32) {
            *place = variable;
        }
    }
    for (number, step) in (first..).zip(&loose) {
        places[step.number as usize] = number;
    }
    for step in &loose {
        let of = |place: u32| match place.checked_sub(first) {
            None => Levels::only(shape.locate(place as usize).0),
            Some(number) => combination.depends[number as usize],
        };
        let operands = step.operands().map(|operand| places[operand as usize]);
        let depends = operands.map(of).fold(Levels::NONE, Levels::with);
        combination.depends.push(depends);
        let placed = step.placed(&places, &mut combination.terms);
        combination.steps.push(placed);
    }
    combination.result = Operand::Result(places[last as usize]);
    combination
}

impl Loose {
    /// The numbers of its operands.
    fn operands(&self) -> impl Iterator<Item = u32> {
        let terms = self.terms.iter().map(|(operand, _)| *operand);
        let has_own = self.terms.is_empty() && !is_linear(self.op);
        terms.chain(has_own.then(|| self.op.operands()).into_iter().flatten())
    }

    /// The instruction with operands by their places; more than two terms are appended to `terms`.
    fn placed(&self, places: &[u32], terms: &mut Vec<(u32, f64)>) -> Instruction {
        let place = |operand: u32| places[operand as usize];
        let constant = self.constant;
        match (self.op, &self.terms[..]) {
            (Op::Multiply(a, b), _) => Instruction::Multiply(place(a), place(b)),
            (Op::Divide(a, b), _) => Instruction::Divide(place(a), place(b)),
            (Op::Into(c, a), _) => Instruction::Into(c, place(a)),
            (Op::Square(_), &[(a, by)]) => Instruction::SquareOf(place(a), by, constant),
            (Op::Square(a), _) => Instruction::Square(place(a)),
            (Op::Whole(a, power), _) => Instruction::Whole(place(a), power),
            (Op::Real(a, power), _) => Instruction::Real(place(a), power),
            (Op::Apply(function, _), &[(a, by)]) => {
                Instruction::ApplyOf(function, place(a), by, constant)
            }
            (Op::Apply(function, a), _) => Instruction::Apply(function, place(a)),
            (Op::Least(a, b), _) => Instruction::Least(place(a), place(b)),
            (Op::Greatest(a, b), _) => Instruction::Greatest(place(a), place(b)),
            (Op::Choose(c, a, b), _) => Instruction::Choose(place(c), place(a), place(b)),
            (_, &[(a, by)]) => Instruction::One(place(a), by, constant),
            (_, &[(a, by_a), (b, by_b)]) => {
                Instruction::Two([place(a), place(b)], [by_a, by_b], constant)
            }
            (_, more) => {
                let start = terms.len() as u32;
                terms.extend(more.iter().map(|&(a, by)| (place(a), by)));
                Instruction::Many([start, terms.len() as u32], constant)
            }
        }
    }
}

/// Sort key that puts steps of one kind together.
fn kind(step: &Loose) -> [usize; 3] {
    let terms = step.terms.len();
    match step.op {
        Op::Apply(function, _) => [1, function as usize, terms],
        Op::Shift(..) => [2, terms, 0],
        Op::Multiply(..) => [3, 0, 0],
        Op::Divide(..) => [4, 0, 0],
        Op::Square(_) => [5, terms, 0],
        _ => [6, 0, 0],
    }
}

/// Operands with their factors, and a number that is added.
type Linear = (Vec<(u32, f64)>, f64);

/// Users of an operation.
#[derive(Clone, Copy)]
enum Uses {
    None,
    /// Only the operation with this number.
    By(u32),
    Several,
}

/// The users of each operation up to the last. The last itself counts as used by several, so that it is merged into
/// none.
fn uses(tape: &OperationTape, last: u32) -> Vec<Uses> {
    let mut uses = vec![Uses::None; last as usize + 1];
    uses[last as usize] = Uses::Several;
    for number in (0..=last).rev() {
        if !matches!(uses[number as usize], Uses::None) {
            for operand in tape.op(number).operands() {
                let of = &mut uses[operand as usize];
                *of = match of {
                    Uses::None => Uses::By(number),
                    _ => Uses::Several,
                };
            }
        }
    }
    uses
}

/// The operations in use, linear ones joined: one with a single, linear user is merged into that, and a single term
/// with a single user into a square or a function.
fn loosened(tape: &OperationTape, uses: &[Uses]) -> Vec<Loose> {
    // terms and constants of linear operations still to be merged
    let mut waiting: Vec<Option<Linear>> = vec![None; uses.len()];
    let mut depths = vec![0; uses.len()];
    let mut found = Vec::new();
    for (number, uses_of) in uses.iter().enumerate() {
        let op = tape.op(number as u32);
        if matches!(uses_of, Uses::None) || matches!(op, Op::Variable(_)) {
            continue;
        }
        let (terms, constant) = match op {
            _ if is_linear(op) => joined(op, &mut waiting),
            Op::Square(a) | Op::Apply(_, a) => waiting[a as usize].take().unwrap_or_default(),
            Op::Constant(constant) => (Vec::new(), constant),
            _ => Linear::default(),
        };
        if let Uses::By(user) = *uses_of
            && is_linear(op)
        {
            let is_taken_in = match tape.op(user) {
                Op::Square(_) | Op::Apply(..) => terms.len() == 1,
                outer => goes_into(op, outer),
            };
            if is_taken_in {
                waiting[number] = Some((terms, constant));
                continue;
            }
        }
        let mut step = Loose {
            number: number as u32,
            // one operation stands for all linear ones
            op: if is_linear(op) { Op::Shift(0, 0.0) } else { op },
            terms,
            constant,
            depth: 0,
        };
        let deepest = step
            .operands()
            .map(|operand| depths[operand as usize])
            .max();
        step.depth = deepest.unwrap_or(0) + 1;
        depths[number] = step.depth;
        found.push(step);
    }
    found
}

/// The terms of a linear operation, merged with those of its operands that wait, and the number that is added.
fn joined(op: Op, waiting: &mut [Option<Linear>]) -> Linear {
    let (parts, mut constant) = parts(op);
    let mut terms = Vec::new();
    for (operand, factor) in parts.into_iter().flatten() {
        match waiting[operand as usize].take() {
            Some((mut inner, shift)) => {
                if factor != 1.0 {
                    for (_, by) in &mut inner {
                        *by *= factor;
                    }
                }
                constant += shift * factor;
                // a long sum grows from its first term on, without copies
                if terms.is_empty() {
                    terms = inner;
                } else {
                    terms.extend(inner);
                }
            }
            None => terms.push((operand, factor)),
        }
    }
    (terms, constant)
}

const fn is_linear(op: Op) -> bool {
    matches!(
        op,
        Op::Add(..)
            | Op::Subtract(..)
            | Op::Shift(..)
            | Op::From(..)
            | Op::Scale(..)
            | Op::Share(..)
            | Op::Negate(_)
    )
}

/// True if a linear operation may be merged into another: a multiple takes multiples only, since a difference that is
/// multiplied term by term loses digits where it is small.
const fn goes_into(inner: Op, outer: Op) -> bool {
    if matches!(outer, Op::Scale(..) | Op::Share(..)) {
        matches!(inner, Op::Scale(..) | Op::Share(..))
    } else {
        is_linear(inner) && is_linear(outer)
    }
}

/// The terms of a linear operation and the number that it adds.
fn parts(op: Op) -> ([Option<(u32, f64)>; 2], f64) {
    let one = |a: u32, factor: f64| [Some((a, factor)), None];
    match op {
        Op::Add(a, b) => ([Some((a, 1.0)), Some((b, 1.0))], 0.0),
        Op::Subtract(a, b) => ([Some((a, 1.0)), Some((b, -1.0))], 0.0),
        Op::Shift(a, c) => (one(a, 1.0), c),
        Op::From(c, a) => (one(a, -1.0), c),
        Op::Scale(a, c) => (one(a, c), 0.0),
        Op::Share(a, c) => (one(a, 1.0 / c), 0.0),
        Op::Negate(a) => (one(a, -1.0), 0.0),
        _ => ([None; 2], 0.0),
    }
}
