//! The reader of `[[method]]` tables.

use bilevel::method;
use bilevel::problem::{Settings, nearest};

use super::document::{DocumentTable, DocumentValue, ErrorList, ReadError};
use super::read_parameter::read_parameter;
use crate::messages;
use crate::{Experiment, ForkPoint, MethodSpec};

/// The possible values of `expect`.
pub(crate) const STATUSES: [&str; 5] = ["converged", "budget", "diverged", "stopped", "failed"];

/// The keys of a method that are not its parameters.
pub(crate) const OWN_KEYS: [&str; 7] =
    ["id", "label", "expect", "colour", "note", "pinned", "from"];

/// The keys of the iterate from which a method continues another one.
pub(crate) const FORK: [&str; 2] = ["run", "k"];

/// The methods of a file as far as they could be read.
#[derive(Default)]
pub(crate) struct ReadMethods {
    /// The methods; a parameter with an error has its default.
    pub(crate) methods: Vec<MethodSpec>,
    /// True if there is a method for each table, with the label of the file.
    pub(crate) are_all_known: bool,
}

/// Reads all methods; `known` are the keys of the file.
pub(crate) fn read_methods(
    top: &DocumentTable<'_>,
    known: &[&str],
    errors: &ErrorList,
) -> ReadMethods {
    let field = top.needed("method", known, errors, || {
        top.error(messages::experiment::no_method(top.name))
    });
    let tables = field.map(|field| field.list(messages::experiment::method_tables()));
    let Some(tables) = tables.and_then(|tables| errors.keep(tables)) else {
        return ReadMethods::default();
    };
    let mut read = ReadMethods {
        methods: Vec::new(),
        are_all_known: true,
    };
    for table in &tables {
        match read_method(table, &read.methods, errors) {
            Some((method, has_label)) => {
                read.methods.push(method);
                read.are_all_known &= has_label;
            }
            None => read.are_all_known = false,
        }
    }
    read
}

/// Reads a method, and true if its label is that of the file; `None` for a method that is not known.
fn read_method(
    table: &DocumentValue<'_>,
    methods: &[MethodSpec],
    errors: &ErrorList,
) -> Option<(MethodSpec, bool)> {
    let ids: Vec<&str> = method::METHODS.iter().map(|entry| entry.id).collect();
    let section = errors.keep(table.section("[[method]]"))?;
    let Some(id) = section.get("id") else {
        errors.push(table.error(messages::experiment::method_without_id(&ids)));
        return None;
    };
    let given = errors.keep(id.text())?;
    let Some(entry) = method::find(given) else {
        let hint = nearest::hint(given, &ids);
        errors.push(id.error(messages::experiment::unknown_method(given, &hint)));
        return None;
    };
    let mut settings = Settings::new(entry.parameters);
    for field in section.fields() {
        if !OWN_KEYS.contains(&field.name) {
            errors.keep(read_parameter(&field, &section, &mut settings));
        }
    }
    let label = match section.get("label") {
        Some(field) => read_label(&field, methods, errors),
        None => Some(crate::unused_label(entry.id, methods)),
    };
    let has_label = label.is_some();
    let method = MethodSpec {
        entry,
        settings,
        label: label.unwrap_or_default(),
        expect: section.optional("expect", errors, |field| field.word(&STATUSES)),
        colour: section.optional("colour", errors, read_colour),
        note: section
            .optional("note", errors, read_note)
            .unwrap_or_default(),
        is_pinned: section
            .optional("pinned", errors, DocumentValue::truth)
            .unwrap_or_default(),
        from: section.optional("from", errors, read_fork),
    };
    Some((method, has_label))
}

/// Reads `{ run = "BOME", k = 120 }`.
fn read_fork(field: &DocumentValue<'_>) -> Result<ForkPoint, ReadError> {
    let section = field.section(messages::experiment::fork_example())?;
    let errors = ErrorList::default();
    let has_unknown = errors.keep(section.only(&FORK)).is_none();
    let needed = |key: &'static str| {
        let given = section.get(key);
        // the missing one may be the unknown key
        if given.is_none() && !has_unknown {
            errors.push(field.error(messages::experiment::fork_without(key)));
        }
        given
    };
    let run = needed("run").and_then(|run| errors.keep(run.text()));
    let k = needed("k").and_then(|k| errors.keep(k.whole(0, Experiment::MOST_ITERATIONS)));
    errors.or(run.zip(k).map(|(run, k)| ForkPoint {
        run: run.to_owned(),
        k,
    }))
}

/// Reads a label; one with an error is the method's label all the same.
fn read_label(
    field: &DocumentValue<'_>,
    methods: &[MethodSpec],
    errors: &ErrorList,
) -> Option<String> {
    let label = errors.keep(field.text())?;
    let others = methods.iter().map(|method| method.label.as_str());
    if let Some(message) = label_error(label, others) {
        errors.push(field.error(message));
    }
    Some(label.to_owned())
}

/// The reason why a text cannot be a label beside those of other methods; `None` if it can.
pub fn label_error<'a>(label: &str, mut others: impl Iterator<Item = &'a str>) -> Option<String> {
    if label.trim().is_empty() || label.chars().count() > 60 || label.chars().any(char::is_control)
    {
        Some(messages::experiment::wrong_label().to_owned())
    } else if others.any(|other| other == label) {
        Some(messages::experiment::two_labels(label))
    } else {
        None
    }
}

/// The most characters of a note.
pub const LONGEST_NOTE: usize = 300;

fn read_note(field: &DocumentValue<'_>) -> Result<String, ReadError> {
    let note = field.text()?.trim();
    if note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        return Err(field.error(messages::experiment::wrong_note(LONGEST_NOTE)));
    }
    Ok(note.to_owned())
}

/// Reads a colour such as `"#0072B2"`.
fn read_colour(field: &DocumentValue<'_>) -> Result<[u8; 3], ReadError> {
    let digits = field.text()?.strip_prefix('#').unwrap_or_default();
    let is_hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex);
    let [_, rgb @ ..] = code
        .ok_or_else(|| field.expected(messages::experiment::colour()))?
        .to_be_bytes();
    Ok(rgb)
}
