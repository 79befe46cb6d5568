//! Errors of the compiler of formulas: on kinds, sizes and whole numbers.

use super::errors::SpanError;
use super::print::print;
use super::scope::ScopeValue;
use super::tree::{Expr, Node};
use crate::messages;
use crate::messages::excerpt::{brief_number, plain_excerpt};

/// The error on a part that is no whole number.
pub(super) fn not_whole(part: &Expr) -> SpanError {
    let found = match part.node {
        Node::Number(number) => brief_number(number),
        _ => messages::formula::quoted(&plain_excerpt(&print(part))),
    };
    SpanError::expected(part.span.clone(), messages::formula::whole_number(), &found)
}

/// The error on a definition that has one of its own.
pub(super) fn broken(name: &str, part: &Expr) -> SpanError {
    let message = messages::formula::broken_definition(name);
    SpanError {
        is_consequence: true,
        ..SpanError::new(part.span.clone(), message)
    }
}

/// The error on a vector in place of a number.
pub(super) fn not_a_number(part: &Expr, size: usize) -> SpanError {
    let wrong = SpanError::expected(
        part.span.clone(),
        messages::formula::a_number(),
        &messages::formula::vector_of(size),
    );
    match &part.node {
        Node::Name(name) => SpanError {
            message: messages::formula::with_entries(&wrong.message, name),
            ..wrong
        },
        _ => wrong,
    }
}

/// The error on a matrix in place of a number or a vector.
pub(super) fn only_indexed(part: &Expr) -> SpanError {
    SpanError::new(part.span.clone(), messages::formula::only_indexed())
}

/// The kind and the size of a value, in words.
pub(super) fn described(value: &ScopeValue) -> String {
    match value {
        ScopeValue::Scalar(_) => messages::formula::a_number().to_owned(),
        ScopeValue::Vector(entries) => messages::formula::vector_of(entries.len()),
        ScopeValue::Matrix(_) => messages::formula::a_matrix().to_owned(),
    }
}
