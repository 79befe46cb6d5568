//! Output files: traces, summaries, tables and surveys, each written whole or not at all.

pub(crate) mod atomic_write;
mod destination;
pub(crate) mod diagnostics_csv;
mod differences;
mod escapes;
mod folder_lock;
pub(crate) mod frame_folder;
pub(crate) mod manifest;
pub(crate) mod merging;
pub(crate) mod result_set;
pub(crate) mod run_parts;
pub(crate) mod shares_table;
pub(crate) mod stored_runs;
pub(crate) mod stored_survey;
pub(crate) mod summary;
pub(crate) mod summary_context;
pub(crate) mod summary_table;
pub(crate) mod survey_files;
mod survey_frame;
pub(crate) mod survey_parts;
pub(crate) mod survey_stream;
pub(crate) mod table_text;
pub(crate) mod tables;
pub(crate) mod trace_csv;
pub(crate) mod tuning_files;
pub(crate) mod tuning_parts;
pub(crate) mod tuning_table;
