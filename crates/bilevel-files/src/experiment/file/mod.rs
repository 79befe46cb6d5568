//! The experiment file: reading with errors at line and column, and writing what reads back equal.

pub(crate) mod document;
pub(crate) mod lines;
pub(crate) mod read;
pub(crate) mod read_formula;
pub(crate) mod read_view;
pub(crate) mod write;
pub(crate) mod write_formula;
