//! Errors of the compiler of formulas: on kinds, sizes and whole numbers.

use super::errors::SpanError;
use super::print::print;
use super::scope::{Scope, ScopeValue};
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

/// The error on a name that is none; a consequence if it may be one that could not be read.
pub(super) fn unknown_name(scope: &Scope, name: &str, part: &Expr) -> SpanError {
    let start = part.span.start;
    let span = start..start + name.chars().count();
    let message = if scope.has_only_constants {
        messages::formula::no_fixed_constant(name)
    } else {
        messages::formula::unknown_name(name)
    };
    let mut wrong = SpanError::unknown(span, message, name, scope.names());
    wrong.is_consequence = scope.has_unread;
    let instead = if scope.has_only_constants && name.eq_ignore_ascii_case("inf") {
        Some(messages::formula::open_side())
    } else {
        messages::formula::name_instead(name)
    };
    if let Some(instead) = instead {
        wrong.nearest = None;
        wrong.message = messages::formula::written(&wrong.message, instead);
    } else if wrong.nearest.is_none() {
        let known: Vec<&str> = scope.names().take(12).collect();
        wrong.message = messages::formula::with_known_names(&wrong.message, &known);
    }
    wrong
}

/// An index that is no place of an entry, in words.
pub(super) fn found_index(index: &Expr, at: i64) -> String {
    let at = at.to_string();
    match index.node {
        Node::Number(_) => at,
        _ => messages::formula::value_of(&plain_excerpt(&print(index)), &at),
    }
}

/// The error on a name that is declared with one.
pub(super) fn broken(name: &str, part: &Expr) -> SpanError {
    let message = messages::formula::broken_declaration(name);
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
