//! Numbers that are written as formulas of constants, such as bounds.

use std::collections::BTreeSet;

use super::compile::Compiler;
use super::draft::{Constant, UnreadParts};
use super::errors::{FormulaError, FormulaPart, SpanError};
use super::limits::MOST_OPERATIONS;
use super::parser::parse;
use super::scope::Named;
use super::tape::Operand;
use super::walk::visit;
use crate::messages;

/// The number that a formula of constants stands for, such as `2*pi` or `-a`; `unread` are constants without a value,
/// whose errors are told elsewhere.
///
/// # Errors
/// All errors of a formula that is wrong or has variables or constants with a slider; or that on a value that is not finite.
pub fn fixed_number(
    text: &str,
    constants: &[(String, Constant)],
    unread: &UnreadParts,
) -> Result<f64, Vec<FormulaError>> {
    let placed = |errors: Vec<SpanError>| {
        let errors = errors.into_iter();
        let placed = errors.map(|error| error.at(FormulaPart::Whole, text));
        placed.collect()
    };
    let parsed = parse(text, &BTreeSet::new());
    let mut errors = parsed.errors;
    let Some(formula) = parsed.tree else {
        return Err(placed(errors));
    };
    visit(&formula, &mut |name, part| {
        let is_slider =
            |(known, constant): &(String, Constant)| known == name && constant.is_slider();
        if constants.iter().any(is_slider) {
            let message = messages::formula::slider_as_fixed_number(name);
            errors.push(SpanError::new(part.span.clone(), message));
        }
    });
    let mut compiler = Compiler::new(MOST_OPERATIONS);
    for (name, constant) in constants {
        compiler.scope.add(name, Named::Fixed(constant.value));
    }
    for name in &unread.names {
        compiler.scope.add(name, Named::Broken);
    }
    compiler.scope.has_unread = unread.has_names_unknown;
    compiler.scope.has_only_constants = true;
    let value = compiler.scalar(&formula);
    errors.extend(compiler.take_errors());
    if !errors.is_empty() {
        return Err(placed(errors));
    }
    match value {
        Some(Operand::Constant(value)) if value.is_finite() => Ok(value),
        _ => {
            let message = messages::formula::no_finite_number();
            Err(placed(vec![SpanError::new(formula.span, message)]))
        }
    }
}
