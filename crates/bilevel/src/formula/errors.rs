//! Errors in a typed problem, with their place, the expected text and the nearest known name.

use std::ops::Range;

use thiserror::Error;

use crate::messages;

/// A part of a typed problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormulaPart {
    /// The problem as a whole.
    Whole,
    /// A name in the list of a level's variables; the level from 1, the name from 0.
    Variable(usize, usize),
    /// The bounds of a level, from 1.
    Bounds(usize),
    /// The start of a level, from 1.
    Start(usize),
    /// The range that pictures show of a level, from 1.
    Range(usize),
    /// The objective of a level, from 1.
    Objective(usize),
    /// A constant, from 0: its name.
    ConstantName(usize),
    /// A constant, from 0: its value and range.
    Constant(usize),
    /// A constant that holds columns of a table, from 0: its name.
    TableName(usize),
    /// A constant that holds columns of a table, from 0.
    Table(usize),
    /// A column of a constant that holds columns of a table; both from 0.
    Column(usize, usize),
    /// A key of the preparation of tables.
    Preparation(&'static str),
    /// A definition, from 0: its name.
    DefinedName(usize),
    /// A definition, from 0: its formula.
    Definition(usize),
}

/// An error with its place in the formulas.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}{}", suggestion(.nearest.as_deref()))]
pub struct FormulaError {
    /// The part of the problem.
    pub place: FormulaPart,
    /// The characters of that part, counted from 0; empty if something is missing.
    pub span: Range<usize>,
    /// The line of the first character, from 1.
    pub line: usize,
    /// Its column, from 1, in characters.
    pub column: usize,
    /// The error and the expected text, in a sentence.
    pub message: String,
    /// The expected text, if the sentence names one; for a hint beside the place.
    pub expected: Option<Box<str>>,
    /// The nearest known name, if a name is unknown and one is near.
    pub nearest: Option<Box<str>>,
    /// True if it only follows from another error and vanishes with that.
    pub is_consequence: bool,
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, messages::settings::did_you_mean)
}

/// An error in one text, before its part of the problem is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SpanError {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) expected: Option<Box<str>>,
    pub(super) nearest: Option<Box<str>>,
    pub(super) is_consequence: bool,
}

impl SpanError {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            expected: None,
            nearest: None,
            is_consequence: false,
        }
    }

    /// An error on a text that differs from the expected one.
    pub(super) fn expected(span: Range<usize>, expected: &str, found: &str) -> Self {
        Self {
            expected: Some(expected.into()),
            ..Self::new(span, messages::formula::expected(expected, found))
        }
    }

    /// An error on an unknown name, with the nearest known one.
    pub(super) fn unknown<'a>(
        span: Range<usize>,
        message: String,
        given: &str,
        known: impl Iterator<Item = &'a str>,
    ) -> Self {
        let nearest = known
            .map(|name| (strsim::damerau_levenshtein(given, name), name))
            .min()
            // one-letter names are all equally near
            .filter(|(distance, _)| *distance <= (given.chars().count() / 2).min(3));
        Self {
            nearest: nearest.map(|(_, name)| name.into()),
            ..Self::new(span, message)
        }
    }

    /// Adds the part of the problem, and the line and column in its text.
    pub(super) fn at(self, place: FormulaPart, text: &str) -> FormulaError {
        let (mut line, mut column) = (1, 1);
        for character in text.chars().take(self.span.start) {
            if character == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        FormulaError {
            place,
            span: self.span,
            line,
            column,
            message: self.message,
            expected: self.expected,
            nearest: self.nearest,
            is_consequence: self.is_consequence,
        }
    }

    /// An error on a part as a whole.
    pub(super) fn of(place: FormulaPart, text: &str, message: impl Into<String>) -> FormulaError {
        Self::new(0..text.chars().count(), message).at(place, text)
    }
}
