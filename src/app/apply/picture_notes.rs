//! Notes on pictures: added, changed and removed as edits of the experiment.

use bilevel_files::PictureNote;

use crate::app::paint::noted_picture::set_notes_written;
use crate::app::{App, messages};

impl App {
    /// Begins or stops writing notes, unless they are hidden.
    pub(super) fn toggle_notes(&mut self) {
        if self.is_predicting() && !self.notes.is_on() {
            self.message = Some((messages::notes::hidden().to_owned(), false));
        } else {
            self.notes.toggle(&mut self.commands);
        }
    }

    /// Covers the pictures while notes are written, which they are not while a prediction hides them.
    pub(crate) fn follow_notes(&mut self, ctx: &egui::Context) {
        if self.is_predicting() {
            self.notes.put_away();
        }
        set_notes_written(ctx, self.notes.is_on());
    }

    /// Adds a note that a file can hold.
    pub(super) fn add_picture_note(&mut self, note: PictureNote) {
        if self.experiment().view.notes.len() >= PictureNote::MOST {
            let words = messages::notes::too_many(PictureNote::MOST);
            self.message = Some((words, true));
            return;
        }
        if let Some(note) = storable(note) {
            self.document
                .edit(|experiment| experiment.view.notes.push(note));
        }
    }

    /// Replaces a note, counted from 0.
    pub(super) fn set_picture_note(&mut self, number: usize, note: PictureNote) {
        let Some(note) = storable(note) else { return };
        self.document.edit(|experiment| {
            if let Some(own) = experiment.view.notes.get_mut(number) {
                *own = note;
            }
        });
    }

    /// Removes a note, counted from 0.
    pub(super) fn remove_picture_note(&mut self, number: usize) {
        self.document.edit(|experiment| {
            if number < experiment.view.notes.len() {
                experiment.view.notes.remove(number);
            }
        });
    }
}

/// The note as files hold it: one line of a limited length, at finite numbers; `None` if nothing remains.
fn storable(mut note: PictureNote) -> Option<PictureNote> {
    let letters = note.text.chars().filter(|letter| !letter.is_control());
    let text: String = letters.take(PictureNote::LONGEST).collect();
    text.trim().clone_into(&mut note.text);
    let mut numbers = note.at.into_iter().chain(note.arrow.into_iter().flatten());
    let is_finite = numbers.all(f64::is_finite);
    (is_finite && !note.text.is_empty()).then_some(note)
}
