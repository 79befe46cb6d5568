//! Parts of the readers of lessons, steps and claims.

use bilevel::problem::nearest;

use crate::experiment::file::document::{DocumentTable, ReadError};
use crate::messages;

/// A text that must be there and must not be empty.
pub(super) fn needed_text(
    table: &DocumentTable<'_>,
    key: &'static str,
    most: usize,
) -> Result<String, ReadError> {
    let Some(field) = table.get(key) else {
        let message = messages::lessons::missing_key(table.name, key);
        return Err(table.error(message));
    };
    let text = field.short_text(most)?.trim();
    if text.is_empty() {
        return Err(field.error(messages::lessons::empty_text(key)));
    }
    // characters of the text; its paragraphs have bold words and formulas of their own
    let mut before = 0;
    for paragraph in field.text()?.split("\n\n") {
        if let Some((place, message)) = markup_error(key, paragraph) {
            return Err(field.error_within(before + place, message));
        }
        before += paragraph.chars().count() + 2;
    }
    Ok(text.to_owned())
}

/// The first error of a paragraph's markup, with its place in characters.
fn markup_error(key: &str, paragraph: &str) -> Option<(usize, String)> {
    let characters = |end: usize| paragraph[..end].chars().count();
    let dollars: Vec<usize> = paragraph.match_indices('$').map(|(at, _)| at).collect();
    if dollars.len() % 2 == 1 {
        let last = dollars.last().copied().unwrap_or_default();
        return Some((characters(last), messages::lessons::open_formula(key)));
    }
    let mut start = 0;
    for (part, words) in paragraph.split('$').enumerate() {
        let is_maths = part % 2 == 1;
        let marks: Vec<usize> = words.match_indices("**").map(|(at, _)| at).collect();
        if !is_maths && marks.len() % 2 == 1 {
            let last = marks.last().copied().unwrap_or_default();
            return Some((characters(start + last), messages::lessons::open_bold(key)));
        }
        start += words.len() + 1;
    }
    None
}

/// The sentence on a label that no method has.
pub(super) fn unknown_run(label: &str, known: &[String]) -> String {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    messages::lessons::unknown_run(label, &nearest::hint(label, &known))
}
