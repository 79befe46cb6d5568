//! Errors of an outer iteration.

use thiserror::Error;

use crate::numerics::rounded;

/// An error that leaves an outer iteration without a result.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum StepError {
    /// A linear system with a level's Hessian has no unique solution, or its solution is no minimum.
    #[error(
        "the Hessian of level {level} is {kind} (smallest curvature met: {}), and this method must invert it; BOME \
         (two levels) does not need the inverse",
        short(*curvature),
        kind = if *curvature < 0.0 { "indefinite" } else { "singular" }
    )]
    NoCurvature {
        /// The level of the Hessian.
        level: usize,
        /// The smallest curvature in the directions tried.
        curvature: f64,
    },
    /// A level could not be solved to the tolerance.
    #[error(
        "level {level} could not be solved: Newton's steps leave its gradient at {gradient:.2e} in norm, and it may have no \
         minimum here"
    )]
    Unsolved {
        /// The level.
        level: usize,
        /// The norm of its gradient.
        gradient: f64,
    },
}

/// Formats a curvature in few characters.
fn short(curvature: f64) -> String {
    if curvature == 0.0 {
        "0".to_owned()
    } else if (0.01..1e4).contains(&curvature.abs()) {
        rounded(curvature, 3).to_string()
    } else {
        format!("{curvature:.2e}")
    }
}
