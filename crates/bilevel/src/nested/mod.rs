//! Levels beneath a level: their answers, and derivatives through their answers.
//!
//! `F_k(x_1 … x_k) = f_k` with every deeper level at its answer is the reduced objective of level k, and `G_k = ∂F_k/∂x_k` its
//! slope. An answer may be exact ([`Exact`], which solves `G_k = 0`) or whatever else a method puts in its place; derivatives
//! of `F_k` come alike from both, through nilpotent numbers ([`Lifted`]). Methods use it with their counted oracle, the
//! referee with one of its own; it keeps no memory of either.

mod exact;
mod level;
mod lifted;
mod step_error;

pub use exact::{ChainOrder, Exact};
pub use lifted::{
    LevelGradient, LiftedPoint, LowerLevels, MixedDerivative, innermost_product, innermost_slopes,
    mixed, no_slopes, slope, slopes,
};
pub use step_error::StepError;
