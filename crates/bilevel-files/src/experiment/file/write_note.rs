//! The writer of `[[note]]` tables.

use super::lines::{LineWriter, list, quoted};
use crate::experiment::picture_note::PictureNote;

/// Writes the notes, a table each.
pub(super) fn write_notes(notes: &[PictureNote], out: &mut LineWriter) {
    for note in notes {
        out.heading("[[note]]");
        out.text("view", note.view.word());
        if note.figure != 1 {
            out.raw("figure", &note.figure.to_string());
        }
        if let Some([horizontal, vertical]) = &note.axes {
            out.raw(
                "axes",
                &format!("[{}, {}]", quoted(horizontal), quoted(vertical)),
            );
        }
        out.raw("at", &list(&note.at));
        out.text("text", &note.text);
        if let Some(tip) = note.arrow {
            out.raw("arrow", &list(&tip));
        }
    }
}
