//! From the operations of a tape to the steps of a program: what is linear is joined, and what is alike stands together.

use super::super::point::{Levels, Shape};
use super::tape::{Op, Operand, Tape};

/// A step of a program. Its operands count variables first and then results; linear combinations are written as
/// [`Op::Shift`] with their terms beside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) op: Op,
    terms: [u32; 2],
    depends: Levels,
}

impl Step {
    /// Where its terms are among all terms.
    pub(super) fn terms(&self) -> [usize; 2] {
        self.terms.map(|place| place as usize)
    }

    /// The levels that it depends on.
    pub(super) const fn depends(&self) -> Levels {
        self.depends
    }

    /// The number that a linear combination adds.
    pub(super) const fn constant(&self) -> f64 {
        match self.op {
            Op::Shift(_, constant) => constant,
            _ => 0.0,
        }
    }

    /// The first operand of a product, a quotient, a square or a function.
    pub(super) const fn a(&self) -> u32 {
        match self.op {
            Op::Multiply(a, _) | Op::Divide(a, _) | Op::Square(a) | Op::Apply(_, a) => a,
            _ => 0,
        }
    }

    /// The second operand of a product or a quotient.
    pub(super) const fn b(&self) -> u32 {
        match self.op {
            Op::Multiply(_, b) | Op::Divide(_, b) => b,
            _ => 0,
        }
    }

    /// Whether another step does the same to other operands.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.kind() == other.kind()
    }

    fn kind(&self) -> [u64; 2] {
        match self.op {
            Op::Apply(function, _) => [1, function as u64],
            Op::Shift(..) => [2, 0],
            Op::Multiply(..) => [3, 0],
            Op::Divide(..) => [4, 0],
            Op::Square(_) => [5, 0],
            // whatever is done one by one
            _ => [6, 0],
        }
    }
}

/// The steps of a program, sorted by how deep they are and by their kinds.
pub(super) struct Combination {
    pub(super) steps: Vec<Step>,
    pub(super) terms: Vec<(u32, f64)>,
    /// How many steps have to come before each.
    pub(super) depths: Vec<usize>,
    pub(super) result: Operand,
    pub(super) has_kinks: bool,
}

/// A step before it has its place: operands are numbers of the tape.
struct Loose {
    number: u32,
    op: Op,
    terms: Vec<(u32, f64)>,
    depth: usize,
}

/// The part of a tape that a result needs.
pub(super) fn combined(tape: &Tape, result: Operand, shape: Shape) -> Combination {
    let mut combination = Combination {
        steps: Vec::new(),
        terms: Vec::new(),
        depths: Vec::new(),
        result,
        has_kinks: false,
    };
    let Operand::Result(last) = result else {
        return combination;
    };
    let uses = uses(tape, last);
    let mut loose = loosened(tape, &uses);
    combination.has_kinks = loose.iter().any(|step| step.op.has_kink());
    let like = |step: &Loose| Step {
        op: step.op,
        terms: [0; 2],
        depends: Levels::NONE,
    };
    loose.sort_by_key(|step| (step.depth, like(step).kind(), step.number));
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
        let start = combination.terms.len() as u32;
        let terms = step.terms.iter();
        combination
            .terms
            .extend(terms.map(|(operand, factor)| (places[*operand as usize], *factor)));
        let is_linear = matches!(step.op, Op::Shift(..));
        let op = if is_linear {
            step.op
        } else {
            step.op.renumbered(|operand| places[operand as usize])
        };
        let end = combination.terms.len() as u32;
        let depends = {
            let of = |place: u32| match place.checked_sub(first) {
                None => Levels::only(shape.locate(place as usize).0),
                Some(number) => combination.steps[number as usize].depends,
            };
            let terms = combination.terms[start as usize..].iter();
            let terms = terms.map(|(place, _)| *place);
            let operands: Vec<u32> = if is_linear {
                terms.collect()
            } else {
                op.operands().collect()
            };
            let levels = operands.into_iter().map(of);
            levels.fold(Levels::NONE, Levels::with)
        };
        combination.depths.push(step.depth);
        combination.steps.push(Step {
            op,
            terms: [start, end],
            depends,
        });
    }
    combination.result = Operand::Result(places[last as usize]);
    combination
}

/// Operands with their factors, and a number that is added.
type Linear = (Vec<(u32, f64)>, f64);

/// How often each operation up to the last is used by those that are needed; the last itself once.
fn uses(tape: &Tape, last: u32) -> Vec<u32> {
    let mut uses = vec![0; last as usize + 1];
    uses[last as usize] = 1;
    for number in (0..=last).rev() {
        if uses[number as usize] > 0 {
            for operand in tape.op(number).operands() {
                uses[operand as usize] += 1;
            }
        }
    }
    uses
}

/// The needed operations, linear ones joined: one that is used once, and by a linear one, goes into that.
fn loosened(tape: &Tape, uses: &[u32]) -> Vec<Loose> {
    let mut is_absorbed = vec![false; uses.len()];
    for (number, uses_of) in uses.iter().enumerate() {
        let op = tape.op(number as u32);
        if *uses_of > 0 && is_linear(op) {
            for operand in op.operands() {
                is_absorbed[operand as usize] =
                    uses[operand as usize] == 1 && goes_into(tape.op(operand), op);
            }
        }
    }
    // terms and constants of linear ones that wait to be absorbed
    let mut waiting: Vec<Option<Linear>> = vec![None; uses.len()];
    let mut depths = vec![0; uses.len()];
    let mut found = Vec::new();
    for (number, uses_of) in uses.iter().enumerate() {
        let op = tape.op(number as u32);
        if *uses_of == 0 || matches!(op, Op::Variable(_)) {
            continue;
        }
        let (mut op, mut terms) = (op, Vec::new());
        if is_linear(op) {
            let (parts, mut constant) = parts(op);
            for (operand, factor) in parts.into_iter().flatten() {
                match waiting[operand as usize].take() {
                    Some((mut inner, shift)) => {
                        if factor != 1.0 {
                            for (_, by) in &mut inner {
                                *by *= factor;
                            }
                        }
                        constant += shift * factor;
                        // a long sum grows from its first term on, and is not copied each time
                        if terms.is_empty() {
                            terms = inner;
                        } else {
                            terms.extend(inner);
                        }
                    }
                    None => terms.push((operand, factor)),
                }
            }
            if is_absorbed[number] {
                waiting[number] = Some((terms, constant));
                continue;
            }
            op = Op::Shift(0, constant);
        }
        let operands = terms.iter().map(|(operand, _)| *operand);
        let deepest = if is_linear(op) {
            operands.map(|operand| depths[operand as usize]).max()
        } else {
            op.operands().map(|operand| depths[operand as usize]).max()
        };
        let depth = deepest.unwrap_or(0) + 1;
        depths[number] = depth;
        found.push(Loose {
            number: number as u32,
            op,
            terms,
            depth,
        });
    }
    found
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

/// Whether a linear operation may go into another: a multiple takes multiples only, since a difference that is multiplied term by
/// term loses digits where it is small.
const fn goes_into(inner: Op, outer: Op) -> bool {
    if matches!(outer, Op::Scale(..) | Op::Share(..)) {
        matches!(inner, Op::Scale(..) | Op::Share(..))
    } else {
        is_linear(inner)
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
