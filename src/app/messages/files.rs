//! Messages about the opened file, and about the state that outlives a window.

use bilevel_figure::{counted, grouped};

pub(crate) fn save_before_closing(name: &str) -> String {
    format!("{name} has changes that are not saved. Save them before closing?")
}

/// The progress of a part of an animation.
pub(crate) fn frames_done(done: usize, all: usize) -> String {
    let (done, all) = (grouped(done), counted(all, "frame"));
    format!("{done} of {all}")
}

pub(crate) const fn survey_stays() -> &'static str {
    "a survey has no iterations to be animated"
}

pub(crate) const fn earlier_animation() -> &'static str {
    "an earlier animation is still ending; try again"
}

/// An animation that was saved; `remark` is a sentence on what was given up for its size.
pub(crate) fn animation_saved(
    [name, folder]: [&str; 2],
    (frames, [width, height]): (usize, [u32; 2]),
    (seconds, size): (f64, &str),
    remark: Option<&str>,
) -> String {
    let frames = counted(frames, "frame");
    let remark = remark.map_or_else(String::new, |remark| format!(" It was {remark}."));
    format!(
        "Saved {name} in {folder}: {frames} of {width} × {height} pixels, {seconds:.1} s, {size}.{remark}"
    )
}

pub(crate) fn exists_already(name: &str, folder: &str) -> String {
    format!("{name} exists already in {folder}. Replace it?")
}

/// A path that leads through a file.
pub(crate) fn no_folder(path: &str, file: &str) -> String {
    format!("cannot write {path}: {file} is a file, and no folder")
}

pub(crate) fn new_folder(folder: &str) -> String {
    format!("There is no folder {folder} yet. Make it?")
}

/// The folder of a typed path.
pub(crate) fn folder_of(folder: &str) -> String {
    format!("in the folder {folder}")
}

pub(crate) fn changed_outside(name: &str, folder: &str) -> String {
    format!("{name} in {folder} was changed by another program. Open its new content?")
}

pub(crate) fn changed_before_saving(name: &str, folder: &str) -> String {
    format!(
        "{name} in {folder} was changed by another program since it was opened. Replace those changes by this window's?"
    )
}

/// A saved file.
pub(crate) fn saved(name: &str, folder: &str) -> String {
    format!("saved {name} in {folder}")
}

/// The title of the window: experiment, state and program.
pub(crate) fn window_title(name: &str, is_modified: bool) -> String {
    let mark = if is_modified { " (modified)" } else { "" };
    format!("{name}{mark} – Bilevel Lab")
}

/// A message after another experiment was opened in place of a changed one.
pub(crate) fn changes_left(name: &str) -> String {
    format!("the changes of {name} are not saved; Undo brings them back")
}

pub(crate) fn draft_recovered(name: &str) -> String {
    format!("unsaved changes of {name} are back, from a window that did not close; Undo drops them")
}

pub(crate) fn draft_not_read(name: &str, reason: &str) -> String {
    format!("the unsaved changes of {name} cannot be read: {reason}")
}

pub(crate) fn last_not_opened(reason: &str) -> String {
    format!("the last experiment is not open: {reason}")
}

pub(crate) fn state_set_aside(path: &str) -> String {
    format!("the state of the last window is unreadable; it is kept as {path}")
}

pub(crate) fn state_not_written(folder: &str, reason: &str) -> String {
    format!("the state of the window cannot be kept in {folder}: {reason}")
}

pub(crate) const fn no_such_experiment() -> &'static str {
    "No experiment has all of these words. The path of a file opens it."
}

pub(crate) const fn none_chosen() -> &'static str {
    "no file was chosen; its path can also be typed above"
}

/// The tooltip of the name of the open experiment; `tooltip` is that of the action.
pub(crate) fn open_another(name: &str, tooltip: &str) -> String {
    format!("{name}\n{tooltip}")
}

pub(crate) fn changed_in_another_window(name: &str) -> String {
    format!("another window has unsaved changes of {name}")
}

pub(crate) const fn state_is_locked() -> &'static str {
    "another window keeps it locked"
}

// one line of text

pub(crate) const fn share_meaning() -> &'static str {
    "The whole experiment, with methods, starts and view, in one line. *Paste an experiment* in the list of commands \
     reads it again, and so does the command line in place of a file."
}

/// The name of a preset with the numbers of variables of its problem in words.
pub(crate) fn preset_with_sizes(name: &str, sizes: &str) -> String {
    format!("{sizes} · {name}")
}

pub(crate) fn beginning_of_line(beginning: &str, rest: usize) -> String {
    format!("{beginning} and {} more characters", grouped(rest))
}

pub(crate) fn line_copied(length: usize) -> String {
    let length = grouped(length);
    format!("copied the experiment as a line of {length} characters")
}

pub(crate) fn line_too_long_for_code(length: usize, most: usize) -> String {
    let [length, most] = [length, most].map(grouped);
    format!(
        "No QR code: the line has {length} characters, and a code that a phone reads has at most {most}. Fewer methods, \
         starts and texts make it shorter."
    )
}
