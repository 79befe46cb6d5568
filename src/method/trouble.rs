//! Why a method cannot go on.

use thiserror::Error;

/// A reason for which an outer iteration has no result.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Trouble {
    /// A linear system with the lower Hessian has no unique solution, or its solution is no minimum.
    #[error(
        "the Hessian of level {level} is {kind}: its smallest curvature met is {curvature:.3e}, and implicit \
         differentiation needs a positive definite one; try bome, which does not invert it",
        kind = if *curvature < 0.0 { "indefinite" } else { "singular" }
    )]
    NoCurvature {
        /// The level whose Hessian it is.
        level: usize,
        /// The smallest curvature in the directions tried.
        curvature: f64,
    },
}
