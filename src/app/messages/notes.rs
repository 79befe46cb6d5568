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

/// A picture with its notes and the number of those that do not fit in it, for screen readers.
pub(crate) fn picture_with(name: &str, notes: &[&str], left_out: usize) -> String {
    let all = match notes {
        [] => name.to_owned(),
        notes => format!("{name}. Notes: {}", notes.join("; ")),
    };
    match left_out {
        0 => all,
        1 => format!("{all}. 1 note does not fit"),
        count => format!("{all}. {count} notes do not fit"),
    }
}

/// A text that is no markup is drawn with all its signs; `fault` says why.
pub(crate) fn shown_as_typed(fault: &str) -> String {
    format!("Shown as typed: {fault}.")
}

/// A note that its picture does not draw.
pub(crate) const fn out_of_sight(is_too_small: bool) -> &'static str {
    if is_too_small {
        "The picture is too small for it."
    } else {
        "Outside of the ranges shown."
    }
}

/// The number of notes that are not on the pictures shown.
pub(crate) fn elsewhere(count: usize) -> String {
    match count {
        1 => "1 more note is on another view or other axes.".to_owned(),
        count => format!("{count} more notes are on other views or other axes."),
    }
}
