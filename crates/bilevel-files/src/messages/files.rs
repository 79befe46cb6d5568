//! Messages about opening and writing files, and the notes in them.

pub(crate) fn unknown_file(name: &str, hint: &str) -> String {
    format!("there is no file and no preset `{name}`{hint}")
}

pub(crate) fn cannot_read(file: &str, reason: &str) -> String {
    format!("cannot read {file}: {reason}")
}

pub(crate) const fn not_a_file() -> &'static str {
    "it is not a file"
}

pub(crate) const fn too_large() -> &'static str {
    "it is larger than 1 MiB, the limit of an experiment"
}

pub(crate) fn not_text(error: &str) -> String {
    format!("it is not text: {error}")
}

pub(crate) fn cannot_write(path: &str, reason: &str) -> String {
    format!("cannot write {path}: {reason}")
}

pub(crate) const fn names_no_file() -> &'static str {
    "it names no file"
}

pub(crate) const fn is_folder() -> &'static str {
    "it is a folder"
}

/// The note of a summary with numbers that JSON cannot express.
pub(crate) const fn numbers_are_null() -> &'static str {
    "numbers that are not finite are null"
}

/// A number of runs among all.
pub(crate) fn some_of(count: u64, of: u64) -> String {
    format!("{count} of {of}")
}
