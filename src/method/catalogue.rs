//! The methods that ship: one line each.

use super::entry::Entry;
use super::{aid_cg, bome, bsg1, itd};

/// Every method, in the order of lists and menus.
pub const METHODS: &[Entry] = &[bome::ENTRY, itd::ENTRY, aid_cg::ENTRY, bsg1::ENTRY];

/// The method with the given id.
pub fn find(id: &str) -> Option<&'static Entry> {
    METHODS.iter().find(|entry| entry.id == id)
}
