//! The words of notes on pictures.

/// The gestures of a note.
pub(crate) const fn gestures() -> &'static str {
    "Click in a picture to write a note, or drag from a free place to an arrow's tip. Texts and tips can be moved."
}

pub(crate) const fn hidden() -> &'static str {
    "Notes are hidden until the prediction is revealed"
}

pub(crate) fn too_many(most: usize) -> String {
    format!("An experiment has at most {most} notes")
}

/// A picture with its notes, for screen readers.
pub(crate) fn picture_with(name: &str, notes: &[&str]) -> String {
    if notes.is_empty() {
        name.to_owned()
    } else {
        format!("{name}. Notes: {}", notes.join("; "))
    }
}
