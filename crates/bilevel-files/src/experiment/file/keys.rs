//! The keys of every table of an experiment file, for documents.

use super::read;
use super::read_figure::PAGE;
use super::read_formula::{CONSTANT, KEYS as FORMULA, LEVEL};
use super::read_methods::{FORK, OWN_KEYS};
use super::read_note::NOTE;
use super::read_tables::TABLE;
use super::read_view::view_keys;

/// The keys of the tables of a file, by the names of the tables in `docs/file-format.md`; keys that are parameters of a
/// problem or a method are not among them.
pub fn file_keys() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("Top level", read::KEYS.to_vec()),
        ("Problem", FORMULA.to_vec()),
        ("Level", LEVEL.to_vec()),
        ("Constants", CONSTANT.to_vec()),
        ("Columns of tables", TABLE.to_vec()),
        ("Method", OWN_KEYS.to_vec()),
        ("Fork", FORK.to_vec()),
        ("Stop", read::STOP.to_vec()),
        ("View", view_keys()),
        ("Page", PAGE.to_vec()),
        ("Note", NOTE.to_vec()),
    ]
}
