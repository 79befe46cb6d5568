//! Numbers that are written as formulas of constants, such as bounds.

use super::compile::Compiler;
use super::draft::Constant;
use super::errors::{FormulaError, FormulaPart, SpanError};
use super::limits::MOST_OPERATIONS;
use super::parser::parse;
use super::scope::Named;
use super::tape::Operand;
use super::walk::visit;
use crate::messages;

/// The number that a formula of constants stands for, such as `2*pi` or `-a`.
///
/// # Errors
/// If the formula is wrong, has a variable or a constant with a slider, or its value is not finite.
pub fn fixed_number(text: &str, constants: &[(String, Constant)]) -> Result<f64, FormulaError> {
    let wrong = |error: SpanError| error.at(FormulaPart::Whole, text);
    let formula = parse(text).map_err(wrong)?;
    let mut slider = None;
    visit(&formula, &mut |name, part| {
        let is_slider =
            |(known, constant): &&(String, Constant)| known == name && constant.is_slider();
        if slider.is_none() && constants.iter().any(|one| is_slider(&one)) {
            let message = messages::formula::slider_as_fixed_number(name);
            slider = Some(SpanError::new(part.span.clone(), message));
        }
    });
    if let Some(error) = slider {
        return Err(wrong(error));
    }
    let mut compiler = Compiler::new(MOST_OPERATIONS);
    for (name, constant) in constants {
        compiler.scope.add(name, Named::Fixed(constant.value));
    }
    match compiler.scalar(&formula).map_err(wrong)? {
        Operand::Constant(value) if value.is_finite() => Ok(value),
        _ => {
            let message = messages::formula::no_finite_number();
            Err(wrong(SpanError::new(formula.span.clone(), message)))
        }
    }
}
