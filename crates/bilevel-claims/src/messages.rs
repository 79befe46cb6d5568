//! The errors and states of a measurement in words, a function per message; the documents' prose stays with the
//! measurements.

pub(crate) const fn no_workers() -> &'static str {
    "the worker threads cannot be started"
}

pub(crate) const fn no_toy() -> &'static str {
    "a toy is missing"
}

pub(crate) const fn no_goal() -> &'static str {
    "there is nothing to reach"
}

pub(crate) const fn unknown_optimum() -> &'static str {
    "the optimum is not known"
}

pub(crate) fn no_method(id: &str) -> String {
    format!("no method `{id}`")
}

pub(crate) fn neither_method(preset: &str) -> String {
    format!("the preset {preset} has neither BOME nor AID-CG")
}

pub(crate) const fn no_itd() -> &'static str {
    "no ITD"
}

pub(crate) const fn no_table() -> &'static str {
    "a document has no such table"
}

pub(crate) fn no_row_of_bome(document: &str) -> String {
    format!("{document} has no row of BOME")
}

pub(crate) fn missing_row(document: &str) -> String {
    format!("{document} lacks a row")
}

pub(crate) const fn unlisted_view() -> &'static str {
    "the view is in the list"
}

// the report

pub(crate) fn other_verdict_listed(verdict: &str) -> String {
    format!("  (the list says: {verdict})")
}

pub(crate) const fn not_listed() -> &'static str {
    "  (not in the list)"
}

/// The line of a claim; `remark` is one of the two above, or empty.
pub(crate) fn verdict_of_claim(claim: &str, verdict: &str, remark: &str) -> String {
    format!("{claim:13} {verdict}{remark}")
}
