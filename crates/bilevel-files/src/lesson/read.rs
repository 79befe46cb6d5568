//! The reader of lessons.

use std::path::Path;

use super::fields::needed_text;
use super::model::Lesson;
use super::read_step::{StepExperiment, read_step};
use super::{read_claim, read_step};
use crate::experiment::file::document::{
    DocumentTable, DocumentText, DocumentValue, ErrorList, ReadError,
};
use crate::experiment::file::grammar::read_document;
use crate::messages;

/// The value of `kind` in a lesson.
pub(super) const WORD: &str = "lesson";
/// The version of the format.
const FORMAT: u64 = 1;
/// The top-level keys.
const KEYS: [&str; 5] = ["kind", "format", "title", "summary", "step"];
/// The most characters of the title and of the summary.
const LONGEST: [usize; 2] = [100, 300];
/// The most steps.
const MOST_STEPS: usize = 50;

/// The keys of the tables of a lesson, by the names of the tables in `docs/lessons.md`.
pub fn lesson_keys() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("Lesson", KEYS.to_vec()),
        ("Step", read_step::KEYS.to_vec()),
        ("Claim", read_claim::KEYS.to_vec()),
    ]
}

impl Lesson {
    /// Reads a lesson with the experiments of its steps; `file` is the file's name in errors, and experiments are looked
    /// for beside it.
    ///
    /// # Errors
    /// All errors of the file that do not follow from another one, the first with the others.
    pub fn read(file: &str, text: &str) -> Result<Self, ReadError> {
        let source = DocumentText { name: file, text };
        read_document(source, |top| read_lesson(file, top))
    }
}

fn read_lesson(file: &str, top: &DocumentTable<'_>) -> Result<Lesson, ReadError> {
    if top.get("problem").is_some() && top.get("step").is_none() {
        return Err(top.error(messages::lessons::is_an_experiment()));
    }
    let errors = ErrorList::default();
    errors.keep(top.only(&KEYS));
    errors.keep(read_kind(top));
    let title = errors.keep(needed_text(top, "title", LONGEST[0]));
    let summary = errors.keep(needed_text(top, "summary", LONGEST[1]));
    let mut steps = Vec::new();
    let mut progress = StepExperiment::new(file);
    for field in errors.keep(read_tables(top)).unwrap_or_default() {
        match read_step(&field, &mut progress) {
            Ok(step) => steps.push(step),
            Err(error) => errors.push(error),
        }
        // the steps after one without an experiment would repeat its error
        if !progress.has_experiment() {
            break;
        }
    }
    let name = Path::new(file).file_stem();
    let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let lesson = title.zip(summary).map(|(title, summary)| Lesson {
        name,
        title,
        summary,
        steps,
    });
    errors.or(lesson)
}

/// Checks what the file says that it is.
fn read_kind(top: &DocumentTable<'_>) -> Result<(), ReadError> {
    let Some(kind) = top.get("kind") else {
        return Err(top.source.error(&(0..0), messages::lessons::no_kind()));
    };
    kind.word(&[WORD])?;
    let format = top.get("format");
    format.map_or(Ok(FORMAT), |field| field.whole(FORMAT, FORMAT))?;
    Ok(())
}

/// The tables of the steps.
fn read_tables<'t>(top: &DocumentTable<'t>) -> Result<Vec<DocumentValue<'t>>, ReadError> {
    let field = top.get("step");
    let none = || top.source.error(&(0..0), messages::lessons::no_step());
    let field = field.ok_or_else(none)?;
    let tables = field.list(messages::lessons::step_tables())?;
    match tables.len() {
        0 => Err(none()),
        count if count > MOST_STEPS => {
            Err(field.error(messages::lessons::too_many_steps(count, MOST_STEPS)))
        }
        _ => Ok(tables),
    }
}
