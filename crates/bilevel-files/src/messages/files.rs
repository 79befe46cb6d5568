//! Messages about opening and writing files, and the notes in them.

pub(crate) fn unknown_file(name: &str, hint: &str) -> String {
    format!("there is no file and no preset `{name}`{hint}")
}

/// The hint where no preset has a near name.
pub(crate) const fn list_of_presets() -> &'static str {
    "; `bilevel-lab list presets` has their names"
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

/// A folder for frames that has another file.
pub(crate) fn holds_other_files(name: &str) -> String {
    format!("it holds {name}, which is no frame")
}

pub(crate) const fn is_folder() -> &'static str {
    "it is a folder"
}

pub(crate) const fn is_no_plain_file() -> &'static str {
    "it is a device, a pipe or a socket and no plain file"
}

pub(crate) const fn is_read_only() -> &'static str {
    "it is read-only"
}

pub(crate) const fn links_in_a_circle() -> &'static str {
    "its links point to each other"
}

/// The reason of the system; `text` is its own sentence.
pub(crate) fn reason_of(kind: std::io::ErrorKind, text: &str) -> String {
    use std::io::ErrorKind;
    let known = match kind {
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "the quota of the disk is used up",
        ErrorKind::PermissionDenied => "permission is denied",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::NotFound => "there is no such file or folder",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a part of the path is a file and no folder"
        }
        ErrorKind::FileTooLarge => "it is larger than the system allows",
        ErrorKind::InvalidFilename => "the system allows no such name",
        // a temporary path in it would tell nothing
        _ => text
            .split_once(" at path ")
            .map_or(text, |(reason, _)| reason),
    };
    known.to_owned()
}

// sets of results

pub(crate) fn folder_in_use(folder: &str) -> String {
    format!("another command is writing into {folder}; wait for it, or choose another folder")
}

pub(crate) fn other_experiment(folder: &str, there: &str, here: &str) -> String {
    if there == here {
        return format!(
            "{folder} holds results of “{there}” with other settings; choose another folder, or replace them with --force"
        );
    }
    format!(
        "{folder} holds results of “{there}”, and this is “{here}”; choose another folder, or replace them with --force"
    )
}

pub(crate) fn foreign_file(path: &str) -> String {
    format!("{path} is no result of this program, and stays; move it, or choose another folder")
}

pub(crate) fn half_replaced(folder: &str, error: &str) -> String {
    format!("{error}; some results in {folder} are new and others old: run the command again")
}

pub(crate) fn wrong_result(file: &str, reason: &str) -> String {
    format!("{file}: {reason}")
}

pub(crate) const fn no_experiment() -> &'static str {
    "it does not hold the experiment, as in earlier versions; run the experiment again"
}

pub(crate) const fn no_manifest() -> &'static str {
    "its key `set` is missing or not valid"
}

pub(crate) const fn wrong_runs() -> &'static str {
    "its key `runs` is not valid, or has methods that the experiment has not"
}

pub(crate) const fn wrong_points() -> &'static str {
    "the rows with variables are not those that the experiment records"
}

pub(crate) fn wrong_columns_of_trace(names: &str) -> String {
    format!("its columns must begin with {names}")
}

pub(crate) fn wrong_row_of_trace(line: u64) -> String {
    format!("line {line}: the row is not valid, or of no run of the summary")
}

pub(crate) const fn rows_of_run_apart() -> &'static str {
    "the rows of a run are not beside each other"
}

pub(crate) fn not_of_set(manifest: &str) -> String {
    format!(
        "it is not the file that {manifest} describes; one of them was changed, or a command was killed: compute it again"
    )
}

/// The note of a summary with numbers that JSON cannot express.
pub(crate) const fn numbers_are_null() -> &'static str {
    "numbers that are not finite are null"
}

/// A column that a table does not have; `known` are those that it has.
pub(crate) fn no_column(name: &str, known: &str) -> String {
    format!("there is no column `{name}`; there are {known}")
}

/// A number of runs among all.
pub(crate) fn some_of(count: u64, of: u64) -> String {
    format!("{count} of {of}")
}
