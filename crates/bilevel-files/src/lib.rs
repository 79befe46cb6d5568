//! The files: experiments and presets (TOML), traces and tables (CSV, JSON), atomic writing.
//!
//! The format is a contract with other people's scripts.

mod execute;
mod experiment;
mod output;

pub mod presets;

pub use execute::run_all::finish;
pub use execute::survey_cells::cells;
pub use execute::{ExecuteError, Progress};
pub use experiment::file::document::ReadError;
pub use experiment::file::read::LARGEST_FILE;
pub use experiment::model::{
    Experiment, Ground, Layout, MethodSpec, PlanError, ProblemSpec, RunKey, StartSpec, ViewSpec,
    unused_label,
};
pub use experiment::plan::shard::Shard;
pub use experiment::plan::survey_plan::{Ask, AskError, Entrant, SurveyPlan};
pub use experiment::plan::variants::Variant;
pub use experiment::vary::{Vary, VaryError};
pub use output::atomic_write::{FileSet, WriteError, write_file};
pub use output::shares_table::shares_table;
pub use output::summary::{Finished, summary};
pub use output::survey_files::{MergeError, SurveyFiles, SurveyKind};
pub use output::tables::{Cell, Outcome, Table};
pub use output::trace_csv::{header, write_rows};
pub use presets::{OpenError, Preset, open};
