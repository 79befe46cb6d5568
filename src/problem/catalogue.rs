//! The benchmarks that ship: one line each.

use super::entry::Entry;
use super::{coreset, degenerate, minimax};

/// Every benchmark, in the order of lists and menus.
pub const PROBLEMS: &[Entry] = &[coreset::ENTRY, minimax::ENTRY, degenerate::ENTRY];

/// The benchmark with the given id.
pub fn find(id: &str) -> Option<&'static Entry> {
    PROBLEMS.iter().find(|entry| entry.id == id)
}
