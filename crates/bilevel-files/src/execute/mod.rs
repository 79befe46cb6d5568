//! Execution of a whole experiment, without a window.

mod grace;
pub(crate) mod part_race;
pub(crate) mod run_all;
pub(crate) mod survey_cells;

use thiserror::Error;

use crate::experiment::model::PlanError;
use crate::{RunResult, StoredRunsError, messages};

/// Callbacks for a progress bar; [`ProgressReports::SILENT`] does nothing.
#[derive(Clone, Copy)]
pub struct ProgressReports<'a> {
    /// Called with the number of units done since the last call: iterations of runs, or cells of surveys.
    pub advance: &'a (dyn Fn(u64) + Sync),
    /// Called with a sentence when another kind of work begins.
    pub stage: &'a (dyn Fn(&'static str) + Sync),
    /// Called with every run that has ended, before it is judged.
    pub ended: &'a (dyn Fn(&RunResult) + Sync),
    /// Called with the number of runs that the referee has judged since the last call.
    pub judged: &'a (dyn Fn(usize) + Sync),
}

impl ProgressReports<'_> {
    /// Callbacks that do nothing.
    pub const SILENT: Self = Self {
        advance: &|_| (),
        stage: &|_| (),
        ended: &|_| (),
        judged: &|_| (),
    };
}

/// The reason why an experiment cannot be executed.
#[derive(Debug, Error)]
pub enum ExecuteError {
    /// The experiment asks for runs that are not possible.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The worker threads cannot be started.
    #[error("{}", messages::surveys::no_workers(&.0.to_string()))]
    Workers(#[from] std::io::Error),
    /// The thread pool of the referee or of surveys cannot be started.
    #[error("{}", messages::surveys::no_workers(&.0.to_string()))]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A survey on a problem without known minima.
    #[error("{}", messages::surveys::no_known_minimum())]
    NoGoals,
    /// The results cannot be written.
    #[error(transparent)]
    Table(std::io::Error),
    /// The results of an earlier call cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredRunsError),
    /// The work was cancelled.
    #[error("{}", messages::surveys::cancelled())]
    Cancelled,
}
