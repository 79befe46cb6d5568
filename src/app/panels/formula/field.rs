//! A field of the formula editor: wrong characters are underlined in place, and the message is shown beneath.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Galley, Label, Role, Stroke, StrokeKind, TextBuffer, TextEdit, Ui, WidgetInfo};

use crate::app::formulas::fields::{FieldError, Spot};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};

/// The thickness of the line under wrong characters.
const LINE: f32 = 2.0;

/// The description of a field.
pub(crate) struct FieldSpec<'a> {
    /// The accessible name.
    pub(crate) name: &'a str,
    /// The text shown while the field is empty.
    pub(crate) hint: &'a str,
    /// The tooltip; none if empty.
    pub(crate) meaning: &'a str,
    pub(crate) spot: Spot,
    pub(crate) width: f32,
    /// True if the text may have several lines.
    pub(crate) is_long: bool,
}

/// Draws a field. One that was just added is scrolled into view.
pub(crate) fn field_ui(
    ui: &mut Ui,
    text: &mut String,
    field: &FieldSpec<'_>,
    notes: &[FieldError],
    added: Option<Spot>,
) {
    let roles = roles_of(ui);
    let note = notes.iter().find(|note| note.spot == field.spot);
    let [ink, warning] = [roles.text, roles.warning].map(colour);
    let mut layouter = |ui: &Ui, text: &dyn TextBuffer, width: f32| -> Arc<Galley> {
        let text = text.as_str();
        let marked = note.map_or(0..0, |note| marked(text, &note.span));
        let format = TextFormat::simple(FontId::proportional(TEXT), ink);
        let wrong = TextFormat {
            underline: Stroke::new(LINE, warning),
            ..format.clone()
        };
        let mut job = LayoutJob::default();
        job.wrap.max_width = if field.is_long { width } else { f32::INFINITY };
        job.break_on_newline = field.is_long;
        job.append(&text[..marked.start], 0.0, format.clone());
        if !marked.is_empty() {
            job.append(&text[marked.clone()], 0.0, wrong);
        }
        job.append(&text[marked.end..], 0.0, format);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let spoken = text.clone();
    let edit = if field.is_long {
        TextEdit::multiline(text).desired_rows(1)
    } else {
        TextEdit::singleline(text)
    };
    let edit = edit
        .layouter(&mut layouter)
        .hint_text(field.hint)
        .margin(egui::Margin::symmetric(5, 3))
        .desired_width(field.width);
    let response = ui.add(edit);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TextInput, true, field.name);
        info.current_text_value = Some(spoken.clone());
        info
    });
    if added == Some(field.spot) {
        response.scroll_to_me(None);
    }
    // no tooltip covers a field that has the keyboard
    let response = if !field.meaning.is_empty() && !response.has_focus() {
        response.on_hover_text(field.meaning)
    } else {
        response
    };
    if note.is_some() {
        let edge = Stroke::new(1.0, warning);
        ui.painter()
            .rect_stroke(response.rect, 4, edge, StrokeKind::Inside);
    }
}

/// Draws the messages about some fields, each in a line or more of its own.
pub(crate) fn notes_ui(ui: &mut Ui, notes: &[FieldError], spots: &[Spot]) {
    let ink = colour(roles_of(ui).warning);
    for note in notes.iter().filter(|note| spots.contains(&note.spot)) {
        let words = egui::RichText::new(messages::status::warning(&note.words));
        ui.add(Label::new(words.size(SMALL).color(ink)).wrap());
    }
}

/// The bytes to underline: those of the wrong characters, or of the last character before a missing part.
fn marked(text: &str, span: &Range<usize>) -> Range<usize> {
    let byte = |character: usize| {
        let found = text.char_indices().nth(character);
        found.map_or(text.len(), |(byte, _)| byte)
    };
    let end = byte(span.end.max(span.start + 1));
    let begin = byte(span.start);
    if begin < end {
        return begin..end;
    }
    let last = text.char_indices().rfind(|(_, one)| !one.is_whitespace());
    last.map_or(0..0, |(byte, one)| byte..byte + one.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn characters_are_counted_and_a_gap_at_the_end_is_marked_before_it() {
        assert_eq!(marked("αβ + y", &(0..2)), 0..4);
        assert_eq!(marked("x + ", &(4..4)), 2..3);
        assert_eq!(marked("x + y", &(2..2)), 2..3);
        assert_eq!(marked("x", &(5..9)), 0..1);
        assert_eq!(marked("", &(0..3)), 0..0);
    }
}
