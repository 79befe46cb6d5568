//! Directions of methods beside the hypergradient ∇φ: at one point, over a leader of one variable, over a grid of two, and
//! along a run.
//!
//! ```text
//! fresh state at (x, y):   one step from there, whose direction is d
//! descent of φ:            ⟨d, ∇φ(x)⟩ > 0, since the method moves along −d
//! ```
//!
//! Calls of these steps belong to no run.

pub(in crate::study) mod course;
pub(in crate::study) mod direction;
pub(in crate::study) mod gradient;
pub(in crate::study) mod grid;
pub(in crate::study) mod line;

use crate::numerics::Point;
use crate::run::RunSpec;

/// A method whose directions are asked for: the run that it belongs to, and the lower blocks of its fresh states.
#[derive(Clone, Debug)]
pub struct CompassMethod {
    /// The run.
    pub spec: RunSpec,
    /// The point with the lower blocks; `None` for the reference solution at each x.
    pub lower: Option<Point>,
}
