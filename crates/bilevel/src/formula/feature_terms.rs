//! The arguments of the parts of an objective that turn within a short way where the argument has some value.

use super::elementary::Elementary;
use super::evaluate::Program;
use super::needed::{MOST, needed, small_result};
use super::tape::{Op, Operand, OperationTape};
use crate::numerics::{Feature, FeatureKind, Shape};

/// A part of an objective that turns with its argument.
#[derive(Clone, Debug)]
pub(crate) struct FeatureTerm {
    kind: FeatureKind,
    argument: Program,
    /// Subtracted from the argument, if there is one.
    less: Option<Program>,
}

impl FeatureTerm {
    /// The feature over all variables.
    pub(crate) fn value(&self, variables: &[f64]) -> Feature {
        let value = |program: &Program| -> f64 { program.value(variables) };
        Feature {
            kind: self.kind,
            argument: value(&self.argument) - self.less.as_ref().map_or(0.0, value),
        }
    }
}

/// The terms of an objective; none if it is too large.
pub(super) fn feature_terms(
    tape: &OperationTape,
    result: Operand,
    shape: Shape,
) -> Vec<FeatureTerm> {
    let Some(last) = small_result(result) else {
        return Vec::new();
    };
    let mut found: Vec<(FeatureKind, u32, Option<u32>)> = Vec::new();
    for term in needed(tape, last).into_iter().filter_map(term) {
        if found.len() < MOST && !found.contains(&term) {
            found.push(term);
        }
    }
    let program = |number: u32| Program::new(tape, Operand::Result(number), shape);
    let terms = found.into_iter();
    terms
        .map(|(kind, argument, less)| FeatureTerm {
            kind,
            argument: program(argument),
            less: less.map(program),
        })
        .collect()
}

/// The kind of an operation, its argument, and what is subtracted from that; `None` for one that does not turn.
fn term(op: Op) -> Option<(FeatureKind, u32, Option<u32>)> {
    Some(match op {
        Op::Divide(_, a) | Op::Into(_, a) => (FeatureKind::Least, a, None),
        Op::Whole(a, power) if power < 0 => (FeatureKind::Least, a, None),
        Op::Real(a, power) if power < 0.0 => (FeatureKind::Least, a, None),
        Op::Least(a, b) | Op::Greatest(a, b) => (FeatureKind::Kink, a, Some(b)),
        Op::Choose(a, ..) => (FeatureKind::Kink, a, None),
        Op::Apply(function, a) => (kind(function)?, a, None),
        _ => return None,
    })
}

const fn kind(function: Elementary) -> Option<FeatureKind> {
    Some(match function {
        Elementary::Exp => FeatureKind::Peak,
        Elementary::Log => FeatureKind::Least,
        // where a quotient by a cosh is greatest, too
        Elementary::Tanh
        | Elementary::Erf
        | Elementary::Sigmoid
        | Elementary::Atan
        | Elementary::Cosh => FeatureKind::Crossing,
        Elementary::Abs | Elementary::Softplus | Elementary::LogCosh => FeatureKind::Kink,
        Elementary::Sin
        | Elementary::Cos
        | Elementary::Tan
        | Elementary::SinOver
        | Elementary::CosOver => FeatureKind::Wave,
        _ => return None,
    })
}
