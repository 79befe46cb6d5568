//! The error of a figure that cannot be drawn.

use bilevel_files::{ExecuteError, SurveyError};
use thiserror::Error;

use crate::page::compose::PageError;
use crate::page::png::PngError;

/// The reason why a figure of an experiment cannot be drawn.
#[derive(Debug, Error)]
pub enum ViewError {
    /// The view does not apply to the experiment; the sentence says what the view needs.
    #[error("{0}")]
    Unfit(String),
    /// The survey cannot be planned.
    #[error(transparent)]
    Survey(#[from] SurveyError),
    /// The runs cannot be executed.
    #[error(transparent)]
    Runs(#[from] ExecuteError),
    /// The page cannot be made.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The thumbnail cannot be encoded.
    #[error(transparent)]
    Thumbnail(#[from] PngError),
}
