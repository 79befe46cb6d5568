//! Why a figure of an experiment cannot be drawn.

use bilevel_files::{ExecuteError, SurveyError};
use thiserror::Error;

use crate::page::png::PngError;

/// Why a figure of an experiment cannot be drawn.
#[derive(Debug, Error)]
pub enum ViewError {
    /// The experiment has no such view; the sentence says what the view needs.
    #[error("{0}")]
    Unfit(String),
    /// Its survey cannot be planned.
    #[error(transparent)]
    Survey(#[from] SurveyError),
    /// Its runs cannot be run to their ends.
    #[error(transparent)]
    Runs(#[from] ExecuteError),
    /// The picture cannot be made.
    #[error(transparent)]
    Picture(#[from] PngError),
}
