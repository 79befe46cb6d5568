//! A TOML document whose values know their positions, so that errors name line and column.

use std::cell::RefCell;
use std::ops::Range;

use crate::messages;
use bilevel::data::{excerpt, plain_excerpt};
use bilevel::problem::nearest;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The range of any finite number.
pub(crate) const ANY: [f64; 2] = [f64::MIN, f64::MAX];

/// An error in a file, with its position and the other errors of the file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}", self.lines().join("\n"))]
pub struct ReadError {
    /// The name of the file, as given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// A sentence: the mistake and the expected input.
    pub message: String,
    /// Errors of the same file further down, each without others.
    pub others: Vec<Self>,
}

impl ReadError {
    /// A line for each error of the file: its position and the sentence.
    pub fn lines(&self) -> Vec<String> {
        let all = std::iter::once(self).chain(&self.others);
        let line = |one: &Self| {
            messages::experiment::at_position(&one.file, one.line, one.column, &one.message)
        };
        all.map(line).collect()
    }
}

/// The most errors of a file that are reported.
const MOST_ERRORS: usize = 20;

/// The errors of a file so far.
#[derive(Debug, Default)]
pub(crate) struct ErrorList(RefCell<Vec<ReadError>>);

impl ErrorList {
    /// Keeps an error, with its others.
    pub(crate) fn push(&self, error: ReadError) {
        let mut error = error;
        let others = std::mem::take(&mut error.others);
        self.0
            .borrow_mut()
            .extend(std::iter::once(error).chain(others));
    }

    /// True without an error.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The value of a result, whose error is kept.
    pub(crate) fn keep<T>(&self, result: Result<T, ReadError>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// A result with the value, or with the errors in the order of the file if there is any.
    pub(crate) fn or<T>(&self, value: Option<T>) -> Result<T, ReadError> {
        let mut errors = self.0.take();
        errors.sort_by_key(|error| (error.line, error.column));
        errors.dedup();
        errors.truncate(MOST_ERRORS);
        let mut errors = errors.into_iter();
        match (errors.next(), value) {
            (None, Some(value)) => Ok(value),
            (Some(first), _) => Err(ReadError {
                others: errors.collect(),
                ..first
            }),
            (None, None) => unreachable!("a value is missing only after an error"),
        }
    }
}

/// The text of a file and its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocumentText<'t> {
    pub(crate) name: &'t str,
    pub(crate) text: &'t str,
}

impl DocumentText<'_> {
    /// An error at a position.
    pub(crate) fn error(&self, at: &Range<usize>, message: impl Into<String>) -> ReadError {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        ReadError {
            file: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
            others: Vec::new(),
        }
    }
}

/// A table of the document with its name in messages.
#[derive(Clone, Copy)]
pub(crate) struct DocumentTable<'t> {
    pub(crate) source: DocumentText<'t>,
    pub(crate) name: &'t str,
    table: &'t DeTable<'t>,
    start: usize,
}

impl<'t> DocumentTable<'t> {
    /// An error at the beginning of the table.
    pub(crate) fn error(&self, message: impl Into<String>) -> ReadError {
        self.source.error(&(self.start..self.start), message)
    }

    /// The table of the whole document.
    pub(crate) fn top(source: DocumentText<'t>, table: &'t DeTable<'t>) -> Self {
        Self {
            source,
            name: messages::experiment::whole_file(),
            table,
            start: 0,
        }
    }

    /// True if a key is missing that an unknown one is likely to mean: that error tells both.
    pub(crate) fn is_misspelt(&self, key: &str, known: &[&str]) -> bool {
        let given = self.table.keys().map(|given| &**given.get_ref());
        let mut unknown = given.filter(|given| !known.contains(given));
        !self.table.contains_key(key)
            && unknown.any(|given| nearest::find(given, known) == Some(key))
    }

    /// The value of a key that must be present, or the error of `missing`; no error if the key is misspelt.
    pub(crate) fn needed(
        &self,
        key: &'t str,
        known: &[&str],
        errors: &ErrorList,
        missing: impl FnOnce() -> ReadError,
    ) -> Option<DocumentValue<'t>> {
        let field = self.get(key);
        if field.is_none() && !self.is_misspelt(key, known) {
            errors.push(missing());
        }
        field
    }

    /// The value of a key that may be absent; `None`, too, after an error, which is kept.
    pub(crate) fn optional<T>(
        &self,
        key: &'t str,
        errors: &ErrorList,
        read: impl FnOnce(&DocumentValue<'t>) -> Result<T, ReadError>,
    ) -> Option<T> {
        let field = self.get(key)?;
        errors.keep(read(&field))
    }

    /// Returns the errors of keys that are not known.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), ReadError> {
        let errors = ErrorList::default();
        for key in self.table.keys() {
            if !known.contains(&&**key.get_ref()) {
                let absent = messages::experiment::absent(key.get_ref());
                let hint = absent.map_or_else(
                    || nearest::hint(key.get_ref(), known),
                    messages::experiment::instead,
                );
                let message = messages::experiment::unknown_key(key.get_ref(), self.name, &hint);
                errors.push(self.source.error(&key.span(), message));
            }
        }
        errors.or(Some(()))
    }

    /// All keys with their values, in the file's order.
    pub(crate) fn fields(&self) -> Vec<DocumentValue<'t>> {
        let mut fields: Vec<DocumentValue<'t>> = self
            .table
            .iter()
            .map(|(key, value)| DocumentValue {
                source: self.source,
                name: key.get_ref(),
                key: key.span().start,
                value,
            })
            .collect();
        fields.sort_by_key(|field| field.value.span().start);
        fields
    }

    /// The value of a key, if present.
    pub(crate) fn get(&self, key: &'t str) -> Option<DocumentValue<'t>> {
        let (written, value) = self.table.get_key_value(key)?;
        Some(DocumentValue {
            source: self.source,
            name: key,
            key: written.span().start,
            value,
        })
    }

    /// Returns an error if both of two alternative keys are present.
    pub(crate) fn not_both(&self, one: &'t str, other: &'t str) -> Result<(), ReadError> {
        match (self.get(one), self.get(other)) {
            (Some(_), Some(field)) => {
                Err(field.error_at_key(messages::experiment::two_alternatives(one, other)))
            }
            _ => Ok(()),
        }
    }
}

/// A value with its key and its position.
#[derive(Clone, Copy)]
pub(crate) struct DocumentValue<'t> {
    pub(crate) source: DocumentText<'t>,
    pub(crate) name: &'t str,
    /// The place of the key.
    key: usize,
    value: &'t Spanned<DeValue<'t>>,
}

impl<'t> DocumentValue<'t> {
    /// An error at the value.
    pub(crate) fn error(&self, message: impl Into<String>) -> ReadError {
        self.source.error(&self.value.span(), message)
    }

    /// An error at the key of the value.
    pub(crate) fn error_at_key(&self, message: impl Into<String>) -> ReadError {
        self.source.error(&(self.key..self.key), message)
    }

    /// An error at a character of a text, counted from 0; at the quotes if the text has escapes in the file.
    pub(crate) fn error_within(&self, character: usize, message: impl Into<String>) -> ReadError {
        let span = self.value.span();
        let written = self.source.text.get(span.clone()).unwrap_or_default();
        let inner = self.value.get_ref().as_str().and_then(|text| {
            let place = written.find(text).filter(|_| !text.is_empty())?;
            let before: usize = text.chars().take(character).map(char::len_utf8).sum();
            Some(span.start + place + before)
        });
        let at = inner.unwrap_or(span.start);
        self.source.error(&(at..at), message)
    }

    pub(crate) fn expected(&self, what: &str) -> ReadError {
        self.error(messages::experiment::expected(
            self.name,
            what,
            &self.described(),
        ))
    }

    /// The value's text in the file, or its kind, for messages.
    pub(crate) fn described(&self) -> String {
        let text = self.source.text.get(self.value.span()).unwrap_or_default();
        match self.value.get_ref() {
            DeValue::Table(_) => messages::experiment::given_table().to_owned(),
            DeValue::Array(_) if text.len() > 40 => messages::experiment::given_list().to_owned(),
            _ => plain_excerpt(&text.replace('\n', " ")),
        }
    }

    /// The value under another key.
    pub(crate) fn named(&self, name: &'t str) -> Self {
        Self { name, ..*self }
    }

    /// The line of the value, from 1.
    pub(crate) fn line(&self) -> usize {
        let before = self.source.text.get(..self.value.span().start);
        before.unwrap_or_default().matches('\n').count() + 1
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Result<&'t str, ReadError> {
        let text = self.value.get_ref().as_str();
        let text = text.ok_or_else(|| self.expected(messages::experiment::quoted_text()))?;
        match self.accidental_escape() {
            Some((at, escape)) => {
                let message = messages::toml::escape(&escape);
                Err(self.source.error(&(at..at), message))
            }
            None => Ok(text),
        }
    }

    /// The first backslash in double quotes that is rather a letter of a formula, as in `"$\theta$"`, and what TOML reads
    /// there: a character that no text has, or a blank within a formula.
    fn accidental_escape(&self) -> Option<(usize, String)> {
        let span = self.value.span();
        let written = self.source.text.get(span.clone())?;
        let mut is_formula = false;
        let mut characters = written.char_indices().peekable();
        if !written.starts_with('"') {
            return None;
        }
        while let Some((place, one)) = characters.next() {
            is_formula ^= one == '$';
            if one != '\\' {
                continue;
            }
            let (_, escaped) = characters.next()?;
            let is_followed = characters
                .peek()
                .is_some_and(|(_, next)| next.is_ascii_alphabetic());
            let is_accident = match escaped {
                'b' | 'e' | 'f' | 'r' => true,
                'n' | 't' => is_formula,
                _ => false,
            };
            if is_accident && is_followed {
                return Some((span.start + place, format!("\\{escaped}")));
            }
        }
        None
    }

    /// The value of `true` or `false`.
    pub(crate) fn truth(&self) -> Result<bool, ReadError> {
        let value = self.value.get_ref().as_bool();
        value.ok_or_else(|| self.expected(messages::experiment::truth()))
    }

    /// The given word, if it is one of the known ones.
    pub(crate) fn word(&self, words: &[&'static str]) -> Result<&'static str, ReadError> {
        let given = self.value.get_ref().as_str();
        let known = words.iter().copied().find(|word| Some(*word) == given);
        known.ok_or_else(|| {
            let quoted: Vec<String> = words.iter().map(|word| excerpt(word)).collect();
            self.expected(&messages::experiment::either(&quoted))
        })
    }

    /// The thing, out of a list, that has the given word.
    pub(crate) fn one_of<T: Copy>(
        &self,
        things: &[T],
        word: fn(T) -> &'static str,
    ) -> Result<T, ReadError> {
        let words: Vec<&str> = things.iter().map(|&thing| word(thing)).collect();
        let chosen = self.word(&words)?;
        let place = words.iter().position(|word| *word == chosen);
        place
            .map(|place| things[place])
            .ok_or_else(|| self.expected(&messages::experiment::either(&words)))
    }

    /// A finite number in a range, integer or not.
    pub(crate) fn number(&self, [low, high]: [f64; 2]) -> Result<f64, ReadError> {
        let number = self
            .any_number()
            .filter(|number| low <= *number && *number <= high);
        number.ok_or_else(|| {
            self.expected(&if high == f64::MAX {
                messages::experiment::finite_number().to_owned()
            } else {
                messages::experiment::number_between(low, high)
            })
        })
    }

    /// A number of any size, integer or not; `None` for any other value.
    pub(crate) fn any_number(&self) -> Option<f64> {
        match self.value.get_ref() {
            // TOML allows underscores between digits
            DeValue::Float(float) => float.as_str().replace('_', "").parse().ok(),
            DeValue::Integer(integer) => {
                let digits = integer.as_str().replace('_', "");
                let number = i64::from_str_radix(&digits, integer.radix()).ok();
                // more digits than those of 64 bits are a number all the same
                let longer = || digits.parse().ok().filter(|_| integer.radix() == 10);
                number.map(|number| number as f64).or_else(longer)
            }
            _ => None,
        }
    }

    /// An integer in a range.
    pub(crate) fn whole(&self, low: u64, high: u64) -> Result<u64, ReadError> {
        let number = match self.value.get_ref() {
            DeValue::Integer(integer) => {
                u64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
            }
            _ => None,
        };
        number
            .filter(|number| low <= *number && *number <= high)
            .ok_or_else(|| self.expected(&messages::experiment::whole_number_between(low, high)))
    }

    /// The items of a list, each under the list's key; `None` for any other value.
    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        let items = self.value.get_ref().as_array()?;
        Some(items.iter().map(|value| Self { value, ..*self }).collect())
    }

    /// The items of a list.
    pub(crate) fn list(&self, of_what: &str) -> Result<Vec<Self>, ReadError> {
        let wrong = || self.expected(&messages::experiment::list_of(of_what));
        self.items().ok_or_else(wrong)
    }

    /// The value of `true` or `false`; `None` for any other value.
    pub(crate) fn as_truth(&self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    /// The text of a string; `None` for any other value.
    pub(crate) fn as_text(&self) -> Option<&'t str> {
        self.value.get_ref().as_str()
    }

    /// A text of at most `most` characters.
    pub(crate) fn short_text(&self, most: usize) -> Result<&'t str, ReadError> {
        let text = self.text()?;
        if text.char_indices().nth(most).is_none() {
            return Ok(text);
        }
        let count = text.chars().count();
        Err(self.error(messages::experiment::text_too_long(self.name, most, count)))
    }

    /// True if the value is a table.
    pub(crate) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// True if the value is a list.
    pub(crate) fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    /// A table with its name in messages.
    pub(crate) fn section(&self, name: &'t str) -> Result<DocumentTable<'t>, ReadError> {
        let table = self
            .value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.expected(&messages::experiment::table_written(name)))?;
        Ok(DocumentTable {
            source: self.source,
            name,
            table,
            start: self.value.span().start,
        })
    }
}
