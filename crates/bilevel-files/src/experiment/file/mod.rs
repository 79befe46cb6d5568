//! The experiment file: a reader with errors at line and column, and a writer whose output reads back equal.

mod balance;
pub(crate) mod document;
pub(crate) mod grammar;
pub(crate) mod keys;
pub(crate) mod lines;
mod note_axes;
pub(crate) mod read;
pub(crate) mod read_figure;
pub(crate) mod read_formula;
pub(crate) mod read_methods;
pub(crate) mod read_note;
pub(crate) mod read_parameter;
pub(crate) mod read_starts;
pub(crate) mod read_tables;
pub(crate) mod read_view;
pub(crate) mod rewrite;
pub(crate) mod write;
mod write_figure;
pub(crate) mod write_formula;
mod write_note;
