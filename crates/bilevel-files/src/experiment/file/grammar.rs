//! The errors of a file's grammar, each once, and the reading of the rest in spite of them.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, Error};

use super::balance::balanced;
use super::document::{DocumentTable, DocumentText, ErrorList, ReadError};
use crate::messages;

/// Reads a document with the reader of its top table.
///
/// # Errors
/// Those of the grammar, and those of `read` unless they are on lines that the grammar has errors on; only the former where
/// the grammar leaves open which keys there are.
pub(crate) fn read_document<T>(
    source: DocumentText<'_>,
    read: impl FnOnce(&DocumentTable<'_>) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    // a binary file can be valid Unicode, and a message from TOML's grammar would not help there
    if let Some(place) = source.text.find('\0') {
        return Err(source.error(&(place..place), messages::experiment::not_text()));
    }
    if source.text.trim_start().starts_with('<') {
        return Err(source.error(&(0..0), messages::experiment::markup()));
    }
    // no document of TOML begins with a brace
    if source.text.trim_start().starts_with('{') {
        return Err(source.error(&(0..0), messages::experiment::json()));
    }
    let (document, wrong) = DeTable::parse_recoverable(source.text);
    if wrong.is_empty() {
        return read(&DocumentTable::top(source, document.get_ref()));
    }
    let mended = balanced(source.text);
    let mut found = GrammarErrors::default();
    for error in mended.errors {
        found.add(source, &(error.at..error.end), error.message);
    }
    // the lines of the mended text are those of the file
    let source = DocumentText {
        text: &mended.text,
        ..source
    };
    let (document, wrong) = DeTable::parse_recoverable(source.text);
    let are_all_values = found.add_all(source, &wrong);
    let read = are_all_values.then(|| read_rest(source, &document, read));
    if let Some(Err(error)) = read {
        found.add_others(error);
    }
    found.errors.or(None)
}

fn read_rest<'t, T>(
    source: DocumentText<'t>,
    document: &'t Spanned<DeTable<'t>>,
    read: impl FnOnce(&DocumentTable<'_>) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    read(&DocumentTable::top(source, document.get_ref()))
}

/// Errors of the grammar with the lines that they are on.
#[derive(Default)]
struct GrammarErrors {
    errors: ErrorList,
    lines: Vec<Range<usize>>,
}

impl GrammarErrors {
    /// Keeps an error on a value, unless there is one on its lines.
    fn add(&mut self, source: DocumentText<'_>, span: &Range<usize>, message: String) {
        let error = source.error(span, message);
        let last = source.error(&(span.end..span.end), "").line;
        if !self.is_on(error.line) {
            self.lines.push(error.line..last + 1);
            self.errors.push(error);
        }
    }

    fn is_on(&self, line: usize) -> bool {
        self.lines.iter().any(|lines| lines.contains(&line))
    }

    /// Keeps the errors of the parser, one for each line; true if all are on values, so that all keys are known.
    fn add_all(&mut self, source: DocumentText<'_>, wrong: &[Error]) -> bool {
        let mut found: Vec<Explained> = wrong
            .iter()
            .map(|error| explained(source.text, error))
            .filter(|error| !self.is_on(source.error(&error.span, "").line))
            .collect();
        // the parser's first error on a line may follow from a value that it finds later
        found.sort_by_key(|error| (error.span.start, !error.is_on_value));
        let are_all_values = found.iter().all(|error| error.is_on_value);
        for error in found {
            self.add(source, &error.span, error.message);
        }
        are_all_values
    }

    /// Keeps errors on lines without errors of the grammar.
    fn add_others(&self, mut error: ReadError) {
        let others = std::mem::take(&mut error.others);
        for error in std::iter::once(error).chain(others) {
            if !self.is_on(error.line) {
                self.errors.push(error);
            }
        }
    }
}

/// An error of the parser in words.
struct Explained {
    span: Range<usize>,
    message: String,
    /// True if only a value is wrong.
    is_on_value: bool,
}

fn explained(text: &str, error: &Error) -> Explained {
    let message = error.message().lines().next().unwrap_or_default();
    let message = message.split(", expected").next().unwrap_or_default();
    let span = error.span().unwrap_or(0..0);
    let at = span.start.min(text.len());
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = at + text[at..].find('\n').unwrap_or(text.len() - at);
    let explain = |span: Range<usize>, message: String, is_on_value: bool| Explained {
        span,
        message,
        is_on_value,
    };
    if message.contains("escaped value") || message.contains("unicode value") {
        let back = text[line_start..at].rfind('\\');
        let back = back.map_or(at, |back| line_start + back);
        let escape: String = text[back..line_end].chars().take(2).collect();
        return explain(back..at, messages::toml::escape(&escape), true);
    }
    let is_no_value = ["invalid", "unexpected leading zero", "string values must"]
        .iter()
        .any(|begin| message.starts_with(begin))
        && !message.contains("key")
        && !message.contains("basic");
    if is_no_value {
        let whole = value_around(&text[line_start..line_end], at - line_start);
        let whole = line_start + whole.start..line_start + whole.end;
        let message = messages::toml::no_value(text[whole.clone()].trim());
        return explain(whole, message, true);
    }
    if message.starts_with("unexpected key or value") {
        let behind = text[at..line_end].trim_start();
        let is_decimal = behind.strip_prefix(',').is_some_and(|rest| {
            rest.trim_start()
                .starts_with(|one: char| one.is_ascii_digit())
        });
        if is_decimal && text[..at].ends_with(|one: char| one.is_ascii_digit()) {
            return explain(span, messages::toml::decimal_comma().to_owned(), true);
        }
    }
    let there = text.get(span.clone()).unwrap_or_default();
    let is_on_value = ["unexpected key or value", "missing comma", "extra comma"];
    let is_on_value = is_on_value.iter().any(|begin| message.starts_with(begin));
    explain(span, messages::toml::error(message, there), is_on_value)
}

/// The characters of a line around a place that part no values: the value that is meant.
fn value_around(line: &str, at: usize) -> Range<usize> {
    let parts = |one: char| matches!(one, ',' | '=' | '[' | ']' | '{' | '}' | '#');
    let start = line[..at].rfind(parts).map_or(0, |place| place + 1);
    let end = line[at..]
        .find(parts)
        .map_or(line.len(), |place| at + place);
    let value = &line[start..end.max(start)];
    let blank = value.len() - value.trim_start().len();
    start + blank..start + value.trim_end().len().max(blank)
}
