//! The reader of `[[note]]` tables.

use bilevel::problem::{Metadata, Problem};

use super::document::{DocumentTable, DocumentValue, ErrorList, ReadError};
use super::note_axes::check_axes;
use crate::experiment::picture_note::PictureNote;
use crate::messages;
use crate::views::{self, ViewKind};

/// The keys of a note.
pub(crate) const NOTE: [&str; 6] = ["view", "figure", "axes", "at", "text", "arrow"];

/// Reads all notes; without a problem the words of axes are not checked.
pub(crate) fn read_notes(
    top: &DocumentTable<'_>,
    problem: Option<&dyn Problem>,
) -> Result<Vec<PictureNote>, ReadError> {
    let Some(field) = top.get("note") else {
        return Ok(Vec::new());
    };
    let tables = field.list(messages::experiment::note_tables())?;
    if let Some(table) = tables.get(PictureNote::MOST) {
        return Err(table.error(messages::experiment::too_many_notes(PictureNote::MOST)));
    }
    let errors = ErrorList::default();
    let metadata = problem.map(Problem::metadata);
    let notes = tables
        .iter()
        .map(|table| errors.keep(read_note(table, metadata)));
    let notes: Vec<PictureNote> = notes.collect::<Vec<_>>().into_iter().flatten().collect();
    errors.or(Some(notes))
}

fn read_note(
    table: &DocumentValue<'_>,
    metadata: Option<&Metadata>,
) -> Result<PictureNote, ReadError> {
    let section = table.section("[[note]]")?;
    let errors = ErrorList::default();
    errors.keep(section.only(&NOTE));
    let needed = |key: &'static str| {
        section.needed(key, &NOTE, &errors, || {
            table.error(messages::experiment::note_without(key))
        })
    };
    let view = needed("view").and_then(|field| errors.keep(read_view_word(&field)));
    let most = view.map_or(views::MOST_FIGURES, |view| view.info().most_figures);
    let figure = section.get("figure");
    let figure = errors.keep(figure.map_or(Ok(1), |field| field.whole(1, most as u64)));
    let axes = section.get("axes").map(|field| {
        let axes = read_axes(&field)?;
        if let (Some(view), Some(figure), Some(metadata)) = (view, figure, metadata) {
            check_axes(&field, &axes, (view, figure), metadata)?;
        }
        Ok(axes)
    });
    let axes = errors.keep(axes.transpose());
    let at = needed("at").and_then(|field| errors.keep(read_point(&field)));
    let text = needed("text").and_then(|field| errors.keep(read_text(&field)));
    let arrow = section.get("arrow").map(|field| read_point(&field));
    let arrow = errors.keep(arrow.transpose());
    let note = (|| {
        Some(PictureNote {
            view: view?,
            figure: figure? as usize,
            axes: axes?,
            at: at?,
            text: text?,
            arrow: arrow?,
        })
    })();
    errors.or(note)
}

/// A registered view by its word, the race and its like included.
fn read_view_word(field: &DocumentValue<'_>) -> Result<ViewKind, ReadError> {
    if let Some(view) = views::find(field.text()?) {
        return Ok(view);
    }
    let words: Vec<String> = views::registered()
        .iter()
        .map(|view| messages::experiment::quoted(view.id))
        .collect();
    Err(field.expected(&messages::experiment::either(&words)))
}

fn read_point(field: &DocumentValue<'_>) -> Result<[f64; 2], ReadError> {
    let numbers = field.list(messages::experiment::two_numbers())?;
    let numbers = numbers
        .iter()
        .map(|number| number.number([f64::MIN, f64::MAX]));
    let numbers: Vec<f64> = numbers.collect::<Result<_, _>>()?;
    let wrong = |_given| field.expected(messages::experiment::point_of_note());
    <[f64; 2]>::try_from(numbers).map_err(wrong)
}

fn read_axes(field: &DocumentValue<'_>) -> Result<[String; 2], ReadError> {
    let words = field.list(messages::experiment::axis_words())?;
    let words = words
        .iter()
        .map(|word| word.short_text(PictureNote::LONGEST).map(str::to_owned));
    let words: Vec<String> = words.collect::<Result<_, _>>()?;
    let wrong = |_given| field.expected(messages::experiment::axes_of_note());
    <[String; 2]>::try_from(words).map_err(wrong)
}

fn read_text(field: &DocumentValue<'_>) -> Result<String, ReadError> {
    let text = field.short_text(PictureNote::LONGEST)?.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(field.error(messages::experiment::wrong_text_of_note()));
    }
    Ok(text.to_owned())
}
