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
    Ok(text.to_owned())
}

/// The sentence on a label that no method has.
pub(super) fn unknown_run(label: &str, known: &[String]) -> String {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    messages::lessons::unknown_run(label, &nearest::hint(label, &known))
}
