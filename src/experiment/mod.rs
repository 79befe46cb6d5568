//! The files: experiments and presets (TOML), traces and tables (CSV, JSON), atomic writing.
//!
//! The format is a contract with other people's scripts.

mod atomic;
mod document;
mod lines;
mod model;
mod read;
mod read_formula;
mod read_view;
mod shard;
mod shares_table;
mod summary;
mod survey_files;
mod survey_plan;
mod table;
mod trace_csv;
mod tuning_table;
mod variants;
mod vary;
mod write;
mod write_formula;

pub mod claims;
pub mod presets;

pub use atomic::{FileSet, WriteError, write_file};
pub use document::ReadError;
pub use model::{
    Experiment, Ground, Layout, MethodSpec, PlanError, ProblemSpec, RunKey, StartSpec, ViewSpec,
};
pub use presets::{OpenError, PRESETS, Preset, open};
pub use read::LARGEST_FILE;
pub use shard::Shard;
pub use shares_table::shares_table;
pub use summary::{Finished, summary};
pub use survey_files::{MergeError, SurveyFiles, SurveyKind};
pub use survey_plan::{Ask, AskError, Entrant, SurveyPlan};
pub use table::{Cell, Outcome, Table};
pub use trace_csv::{header, write_rows};
pub use variants::Variant;
pub use vary::{Vary, VaryError};

/// A label for a method that has none: its id, numbered when that is taken.
pub fn unused_label(id: &str, methods: &[MethodSpec]) -> String {
    let is_free = |label: &str| methods.iter().all(|method| method.label != label);
    if is_free(id) {
        return id.to_owned();
    }
    // one more number than there are methods is always free
    (2..methods.len() + 3)
        .map(|number| format!("{id} {number}"))
        .find(|label| is_free(label))
        .unwrap_or_else(|| id.to_owned())
}
