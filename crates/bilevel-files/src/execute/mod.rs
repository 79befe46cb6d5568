//! An experiment run to its end, without a window.

pub(crate) mod run_all;
pub(crate) mod survey_cells;

use thiserror::Error;

use crate::experiment::model::PlanError;

/// Reports of work under way, for a progress bar; [`Progress::SILENT`] where nobody looks.
#[derive(Clone, Copy)]
pub struct ProgressReports<'a> {
    /// Called with the number of units done since the last call: iterations of runs, or cells of surveys.
    pub advance: &'a (dyn Fn(u64) + Sync),
    /// Called with a sentence when another kind of work begins.
    pub stage: &'a (dyn Fn(&'static str) + Sync),
}

impl ProgressReports<'_> {
    /// Reports to nobody.
    pub const SILENT: Self = Self {
        advance: &|_| (),
        stage: &|_| (),
    };
}

/// Why an experiment could not be run to its end.
#[derive(Debug, Error)]
pub enum ExecuteError {
    /// The experiment asks for runs that there cannot be.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No worker threads.
    #[error("the worker threads cannot be started: {0}")]
    Workers(#[from] std::io::Error),
    /// No threads for the referee or for surveys.
    #[error("the worker threads cannot be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A survey without minima to be reached.
    #[error("there is nothing to reach")]
    NoGoals,
    /// The work was cancelled.
    #[error("the work was cancelled")]
    Cancelled,
}
