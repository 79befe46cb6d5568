//! The registered lessons, and the look-up of lessons by file or name.

use std::sync::OnceLock;

use bilevel::problem::nearest;
use thiserror::Error;

use super::model::Lesson;
use crate::experiment::file::document::{DocumentTable, DocumentText, ReadError};
use crate::messages;
use crate::presets::{self, path_of, read_text};

/// A built-in lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltInLesson {
    /// The name on the command line.
    pub name: &'static str,
    /// The text of its file.
    pub text: &'static str,
}

impl BuiltInLesson {
    /// Reads the lesson.
    ///
    /// # Errors
    /// All errors of the file.
    pub fn read(&self) -> Result<Lesson, ReadError> {
        Lesson::read(&format!("lessons/{}.toml", self.name), self.text)
    }
}

/// A registered lesson in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonHeading {
    /// The name on the command line.
    pub name: &'static str,
    /// The title.
    pub title: String,
    /// One sentence, as markup.
    pub summary: String,
    /// The number of steps.
    pub steps: usize,
}

/// Every registered lesson in words, in the order of lists.
pub fn lesson_headings() -> &'static [LessonHeading] {
    static HEADINGS: OnceLock<Vec<LessonHeading>> = OnceLock::new();
    HEADINGS.get_or_init(|| lessons().iter().map(BuiltInLesson::heading).collect())
}

impl BuiltInLesson {
    /// The title, the summary and the number of steps, without reading the experiments.
    fn heading(&self) -> LessonHeading {
        let table: toml::Table = self.text.parse().unwrap_or_default();
        let text = |key: &str| {
            let text = table.get(key).and_then(toml::Value::as_str);
            text.unwrap_or(self.name).to_owned()
        };
        let steps = table.get("step").and_then(toml::Value::as_array);
        LessonHeading {
            name: self.name,
            title: text("title"),
            summary: text("summary"),
            steps: steps.map_or(0, Vec::len),
        }
    }
}

/// The reason why a lesson cannot be opened.
#[derive(Debug, Error)]
pub enum OpenLessonError {
    /// No file or lesson has the name.
    #[error("{}", messages::lessons::unknown_lesson(.name, .hint))]
    Missing {
        /// The given name.
        name: String,
        /// The most similar name, or all names.
        hint: String,
    },
    /// The file cannot be read.
    #[error("{}", messages::files::cannot_read(.file, .reason))]
    Unreadable {
        /// The given name.
        file: String,
        /// The reason.
        reason: String,
    },
    /// The file has an error.
    #[error(transparent)]
    Wrong(#[from] ReadError),
}

static REGISTERED: OnceLock<&'static [BuiltInLesson]> = OnceLock::new();

/// Registers the lessons in the order of lists. Only the first call has an effect.
pub fn register_lessons(lessons: &'static [BuiltInLesson]) {
    REGISTERED.get_or_init(|| lessons);
}

/// The registered lessons; empty before [`register_lessons`].
pub fn lessons() -> &'static [BuiltInLesson] {
    REGISTERED.get().copied().unwrap_or_default()
}

/// Finds a registered lesson by name, with or without `.toml`.
pub fn find_lesson(name: &str) -> Option<&'static BuiltInLesson> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    lessons().iter().find(|lesson| lesson.name == name)
}

/// Opens the lesson in a file or, if there is none, the registered lesson of that name. `~` is the home folder.
///
/// # Errors
/// If there is neither, or the file cannot be read or is no valid lesson.
pub fn open_lesson(name: &str) -> Result<Lesson, OpenLessonError> {
    let path = path_of(name);
    if path.is_file() {
        let text = read_text(&path).map_err(|reason| OpenLessonError::Unreadable {
            file: name.to_owned(),
            reason,
        })?;
        return Ok(Lesson::read(&path.to_string_lossy(), &text)?);
    }
    let Some(lesson) = find_lesson(name) else {
        let names: Vec<&str> = lessons().iter().map(|lesson| lesson.name).collect();
        return Err(OpenLessonError::Missing {
            name: name.to_owned(),
            hint: nearest::hint(name, &names),
        });
    };
    Ok(lesson.read()?)
}

/// True if a text is a lesson rather than an experiment: it has steps, or says so.
pub fn is_lesson(text: &str) -> bool {
    let (document, _errors) = toml::de::DeTable::parse_recoverable(text);
    let source = DocumentText { name: "", text };
    let top = DocumentTable::top(source, document.get_ref());
    let kind = top.get("kind").and_then(|field| field.as_text());
    kind == Some(super::read::WORD) || top.get("step").is_some()
}

/// True if a name is that of a lesson: of its file, or of a registered one that is no preset.
pub fn names_lesson(name: &str) -> bool {
    let path = path_of(name);
    if path.is_file() {
        return read_text(&path).is_ok_and(|text| is_lesson(&text));
    }
    presets::find(name).is_none() && find_lesson(name).is_some()
}
