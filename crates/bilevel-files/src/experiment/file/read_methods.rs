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

/// Reads all methods.
pub(crate) fn read_methods(top: &DocumentTable<'_>) -> Result<Vec<MethodSpec>, ReadError> {
    let tables = top
        .get("method")
        .ok_or_else(|| {
            let message = messages::experiment::no_method(top.name);
            top.error(message)
        })?
        .list(messages::experiment::method_tables())?;
    let errors = ErrorList::default();
    let mut methods: Vec<MethodSpec> = Vec::new();
    for table in tables {
        methods.extend(errors.keep(read_method(&table, &methods)));
    }
    errors.or(Some(methods))
}

fn read_method(table: &DocumentValue<'_>, methods: &[MethodSpec]) -> Result<MethodSpec, ReadError> {
    let ids: Vec<&str> = method::METHODS.iter().map(|entry| entry.id).collect();
    let section = table.section("[[method]]")?;
    let id = section
        .get("id")
        .ok_or_else(|| table.error(messages::experiment::method_without_id(&ids)))?;
    let entry = method::find(id.text()?).ok_or_else(|| {
        let given = id.text().unwrap_or_default();
        let hint = nearest::hint(given, &ids);
        id.error(messages::experiment::unknown_method(given, &hint))
    })?;
    let errors = ErrorList::default();
    let mut settings = Settings::new(entry.parameters);
    for field in section.fields() {
        if !OWN_KEYS.contains(&field.name) {
            errors.keep(read_parameter(&field, &section, &mut settings));
        }
    }
    let label = match section.get("label") {
        Some(field) => errors.keep(read_label(&field, methods)),
        None => Some(crate::unused_label(entry.id, methods)),
    };
    let expect = section.get("expect").map(|field| field.word(&STATUSES));
    let expect = errors.keep(expect.transpose());
    let colour = section.get("colour").map(|field| read_colour(&field));
    let colour = errors.keep(colour.transpose());
    let note = section.get("note").map(|field| read_note(&field));
    let note = errors.keep(note.transpose());
    let pinned = section.get("pinned").map(|field| field.truth());
    let pinned = errors.keep(pinned.transpose());
    let from = section.get("from").map(|field| read_fork(&field));
    let from = errors.keep(from.transpose());
    errors.or(Some(MethodSpec {
        entry,
        settings,
        // these are values wherever no error is kept
        label: label.unwrap_or_default(),
        expect: expect.flatten(),
        colour: colour.flatten(),
        note: note.flatten().unwrap_or_default(),
        is_pinned: pinned.flatten().unwrap_or_default(),
        from: from.flatten(),
    }))
}

/// Reads `{ run = "BOME", k = 120 }`.
fn read_fork(field: &DocumentValue<'_>) -> Result<ForkPoint, ReadError> {
    let section = field.section(messages::experiment::fork_example())?;
    let errors = ErrorList::default();
    errors.keep(section.only(&FORK));
    let missing = |key| field.error(messages::experiment::fork_without(key));
    let run = section.get("run").ok_or_else(|| missing("run"));
    let run = errors.keep(run.and_then(|run| run.text()));
    let k = section.get("k").ok_or_else(|| missing("k"));
    let k = errors.keep(k.and_then(|k| k.whole(0, Experiment::MOST_ITERATIONS)));
    errors.or(run.zip(k).map(|(run, k)| ForkPoint {
        run: run.to_owned(),
        k,
    }))
}

fn read_label(field: &DocumentValue<'_>, methods: &[MethodSpec]) -> Result<String, ReadError> {
    let label = field.text()?;
    let others = methods.iter().map(|method| method.label.as_str());
    match label_error(label, others) {
        Some(message) => Err(field.error(message)),
        None => Ok(label.to_owned()),
    }
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
