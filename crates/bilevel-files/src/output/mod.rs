//! Output files: traces, summaries, tables and surveys, each written whole or not at all.

pub(crate) mod atomic_write;
mod differences;
mod escapes;
pub(crate) mod shares_table;
pub(crate) mod summary;
pub(crate) mod summary_table;
pub(crate) mod survey_files;
pub(crate) mod tables;
pub(crate) mod trace_csv;
pub(crate) mod tuning_table;
