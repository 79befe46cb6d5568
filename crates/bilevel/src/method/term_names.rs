//! Names of the terms that other layers look up, shared with the methods that record them.
//!
//! A term that is renamed here is renamed everywhere. Names that only the operations of one method use stay texts: the
//! replay of its steps tests them.

/// The follower's iterates in its loop, the start first.
pub const INNER_PATH: &str = "inner path";
/// The step size of that loop.
pub const INNER_STEP_SIZE: &str = "inner step size";
/// The products of mixed derivatives in a sweep back, the last step first.
pub const MIXED_PRODUCTS: &str = "mixed products";
/// The step size of the loop that is swept back.
pub const SWEPT_STEP_SIZE: &str = "swept step size";
/// The gradient of the leader's objective.
pub const GRADIENT_OF_F: &str = "gradient of f";
/// The gradient ∇q̂ of the estimated gap.
pub const GRADIENT_OF_GAP: &str = "gradient of the gap";
/// The estimated gap q̂.
pub const ESTIMATED_GAP: &str = "estimated gap";
/// The multiplier λ of the dynamic barrier.
pub const MULTIPLIER: &str = "multiplier";
