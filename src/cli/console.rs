//! The standard output and the standard error: lines of results, notes and errors, without control characters of names.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use bilevel_figure::RichText;

use super::messages;

/// The exit status of an invalid call or file, and of output that is lost.
const WRONG: u8 = 2;

/// The first error of the standard output; output that is lost is no success.
static LOST: Mutex<Option<std::io::Error>> = Mutex::new(None);
/// True once nobody reads the standard output any more.
static IS_CLOSED: AtomicBool = AtomicBool::new(false);
/// Quiet, usual or verbose.
static VERBOSITY: AtomicU8 = AtomicU8::new(Verbosity::Usual as u8);

/// The amount of text that commands print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verbosity {
    /// Errors alone.
    Quiet,
    /// Results too, and progress on a terminal.
    Usual,
    /// A line for every run and phase, too.
    Verbose,
}

/// Sets the amount of text for the rest of the process.
pub(super) fn set_verbosity(verbosity: Verbosity) {
    VERBOSITY.store(verbosity as u8, Ordering::Relaxed);
}

/// True if only errors are printed.
pub(super) fn is_quiet() -> bool {
    VERBOSITY.load(Ordering::Relaxed) == Verbosity::Quiet as u8
}

/// True if every run and phase has a line.
pub(super) fn is_verbose() -> bool {
    VERBOSITY.load(Ordering::Relaxed) == Verbosity::Verbose as u8
}

/// Prints a line of output that was asked for, such as a list.
pub(super) fn print(line: &str) {
    write_out(|out| writeln!(out, "{}", printable(line)));
}

/// Prints a line on results, unless nothing but errors is to be printed.
pub(super) fn say(line: &str) {
    if !is_quiet() {
        print(line);
    }
}

/// Writes bytes to the standard output as they are.
pub(super) fn write_bytes(bytes: &[u8]) {
    write_out(|out| out.write_all(bytes));
}

/// Remembers the first error; a reader that has gone is none.
fn write_out(write: impl FnOnce(&mut std::io::StdoutLock<'_>) -> std::io::Result<()>) {
    if IS_CLOSED.load(Ordering::Relaxed) {
        return;
    }
    let mut out = std::io::stdout().lock();
    if let Err(error) = write(&mut out).and_then(|()| out.flush()) {
        keep(error);
    }
}

/// Remembers an error of the standard output.
pub(super) fn keep(error: std::io::Error) {
    IS_CLOSED.store(true, Ordering::Relaxed);
    if error.kind() != std::io::ErrorKind::BrokenPipe {
        LOST.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    }
}

/// The exit status after all output: that of the command, or 2 if output was lost.
pub(super) fn code_after_output(code: ExitCode) -> ExitCode {
    let lost = LOST.lock().unwrap_or_else(PoisonError::into_inner).take();
    match lost {
        Some(error) => complain(&messages::output_lost(error.kind(), &error.to_string())),
        None => code,
    }
}

/// Prints a note on the standard error, unless nothing but errors is to be printed.
pub(super) fn note(text: &str) {
    if !is_quiet() {
        // if it cannot be printed, there is nobody to read it
        let _closed = writeln!(std::io::stderr(), "{}", printable(text));
    }
}

/// Prints an error about the call or a file; returns the exit status 2.
pub fn complain(message: &str) -> ExitCode {
    let line = printable(message);
    let is_coloured = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let line = if is_coloured {
        messages::coloured_error(&line)
    } else {
        messages::error(&line)
    };
    // if it cannot be printed, there is nobody to read it
    let _closed = writeln!(std::io::stderr(), "{line}");
    ExitCode::from(WRONG)
}

/// The text with its control characters and marks of direction spelled out: a file's name must not command a terminal.
fn printable(text: &str) -> String {
    let is_direction = |one: char| matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut plain = String::with_capacity(text.len());
    for one in text.chars() {
        if (one.is_control() && !matches!(one, '\n' | '\t')) || is_direction(one) {
            plain.extend(one.escape_unicode());
        } else {
            plain.push(one);
        }
    }
    plain
}

/// Markup as plain characters.
pub(super) fn plain(markup: &str) -> String {
    RichText::parse(markup).plain()
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(printable("a\u{1b}[31mb\tc\n"), "a\\u{1b}[31mb\tc\n");
        assert_eq!(printable("x\u{202e}y φ"), "x\\u{202e}y φ");
    }
}
