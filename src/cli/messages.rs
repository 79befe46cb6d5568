//! The messages of the command line in words: errors, states and the lines of results, a function per message.
//!
//! A function takes plain values and decides nothing but words, so that a translation is made in this file alone. The
//! help of arguments is beside each argument.

// errors

pub(super) fn error(message: &str) -> String {
    format!("error: {message}")
}

/// The error of an invalid call; `what` is its first sentence.
pub(super) fn wrong_call(what: &str) -> String {
    format!("{what} (see bilevel-lab --help)")
}

pub(super) fn wrong_rest(given: &str) -> String {
    format!("it must be a number of at least 0, not {given}")
}

pub(super) const fn no_pdf_of_figure() -> &'static str {
    "pdf is not supported yet; name the figure OUT.svg or OUT.png"
}

pub(super) fn unknown_format(file: &str) -> String {
    format!("the format of {file} is not known; name the figure OUT.svg or OUT.png")
}

pub(super) const fn no_pdf_of_run() -> &'static str {
    "pdf is not supported yet; choose svg or png"
}

pub(super) fn no_search(problem: &str) -> String {
    format!(
        "the minima of {problem} cannot be searched: it has too many variables, or its lower levels have no solution"
    )
}

pub(super) const fn no_workers() -> &'static str {
    "the worker threads cannot be started"
}

pub(super) const fn tuning_cancelled() -> &'static str {
    "the tuning was cancelled"
}

// states

pub(super) fn computing_view(view: &str) -> String {
    format!("computing the view {view}")
}

pub(super) fn searching_minima(problem: &str) -> String {
    format!("searching the minima of {problem}")
}

// results

pub(super) fn file_is_right(file: &str, runs: usize) -> String {
    format!("{file}: ok, {runs} runs")
}

/// The data of a valid file, as they were read.
pub(super) fn data_of_file(file: &str, data: &str) -> String {
    format!("{file}: data: {data}")
}

pub(super) fn no_minimum(problem: &str) -> String {
    format!("no minimum of {problem} was found")
}

pub(super) fn minimum(kind: &str, site: &str, value: &str, blocks: &str) -> String {
    format!("{kind:6}  {site:8}  φ = {value}  at [{blocks}]")
}

/// A run's line up to its gap.
pub(super) fn run(
    (label, width): (&str, usize),
    [start, seed]: [&str; 2],
    status: &str,
    iterations: u64,
    [f, gap]: [&str; 2],
) -> String {
    format!(
        "{label:width$}  start {start}  seed {seed}  {status:9}  {iterations:>8} iterations  f = {f}  gap = {gap}"
    )
}

pub(super) fn message_of_run(message: &str) -> String {
    format!("  ({message})")
}

pub(super) fn expected_status(status: &str) -> String {
    format!("  (expected: {status})")
}

pub(super) const fn unknown_number() -> &'static str {
    "unknown"
}

pub(super) fn score_of_trials(score: &str) -> String {
    format!("score of a trial: {score} at the end")
}
