//! Errors of an outer iteration.

use thiserror::Error;

use crate::messages;

/// An error that leaves an outer iteration without a result.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum StepError {
    /// A linear system with a level's Hessian has no unique solution, or its solution is no minimum.
    #[error("{}", messages::run::no_curvature(*level, *curvature))]
    NoCurvature {
        /// The level of the Hessian.
        level: usize,
        /// The smallest curvature in the directions tried.
        curvature: f64,
    },
    /// A level could not be solved to the tolerance.
    #[error("{}", messages::run::unsolved(*level, *gradient))]
    Unsolved {
        /// The level.
        level: usize,
        /// The norm of its gradient.
        gradient: f64,
    },
}
