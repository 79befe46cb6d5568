//! The program as tests call it: without a screen, with its status, texts and files.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

/// A call of the program.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bilevel-lab"));
    command
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET");
    command
}

/// A finished call.
pub(crate) fn lab(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

pub(crate) fn status(output: &Output) -> i32 {
    output.status.code().expect("the program was not killed")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("what is printed is text")
}

/// Checks for one sentence on standard error, and exit status 2.
#[track_caller]
pub(crate) fn assert_refused(arguments: &[&str], expected: &str) {
    let output = lab(arguments);
    let complaint = text(&output.stderr);
    assert_eq!(status(&output), 2, "{arguments:?}: {complaint}");
    assert!(
        complaint.starts_with("error: ") && complaint.contains(expected),
        "{arguments:?}: {complaint}"
    );
    assert_eq!(complaint.lines().count(), 1, "one sentence: {complaint}");
}

pub(crate) fn complaint_of(output: &Output) -> String {
    text(&output.stderr)
}

/// The text on standard error of a call that ends with a status.
#[track_caller]
pub(crate) fn ends_with(status: i32, arguments: &[&str]) -> String {
    let output = lab(arguments);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {words}");
    words
}

/// The JSON file of a folder.
#[track_caller]
pub(crate) fn json(folder: &Path, name: &str) -> Json {
    let text = std::fs::read(folder.join(name)).expect("a file");
    serde_json::from_slice(&text).expect("JSON")
}

/// The names of all files in a folder, hidden ones too.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// The path of a file in a folder, as an argument.
pub(crate) fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

/// Writes an experiment, and returns its path.
pub(crate) fn experiment(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("written");
    path.display().to_string()
}

/// An experiment of one method and five iterations.
pub(crate) const SHORT: &str =
    "title = 'Short'\niterations = 5\n[problem]\nid = 'valleys'\n[[method]]\nid = 'bome'\n";
