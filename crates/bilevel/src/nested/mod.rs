//! Lower levels of a level: their solutions, and derivatives through these.
//!
//! `F_k(x_1 … x_k) = f_k` with every deeper level at its answer is the reduced objective of level k, and `G_k =
//! ∂F_k/∂x_k` its slope. An answer may be exact ([`Exact`], which solves `G_k = 0`) or any approximation that a method
//! puts in its place; derivatives of `F_k` are computed alike for both, with nilpotent numbers ([`LiftedPoint`]).
//! Methods pass their counted oracle, the referee its own; no state of either is kept.

mod chord_steps;
mod exact;
mod level;
mod lifted;
mod step_error;

pub use exact::{ChainOrder, ChainPart, Exact};
pub use lifted::{
    LevelGradient, LiftedPoint, LowerLevels, MixedDerivative, innermost_product, innermost_slopes,
    mixed, no_slopes, slope, slopes,
};
pub use step_error::StepError;
