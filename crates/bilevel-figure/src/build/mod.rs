//! Builders of figures from recorded data, one module per picture.

pub(crate) mod contour;
pub(crate) mod ends;
pub(crate) mod level_curves;
pub(crate) mod method_map;
pub(crate) mod race_options;
pub(crate) mod relief;

pub(crate) mod anatomy;
pub mod assumptions;
pub mod atlas;
pub mod compass;
pub mod feasibility;
pub mod landscape;
pub mod levels;
pub mod penalty;
pub mod race;
pub mod reduced;
pub mod slice;
pub mod sweep;
pub mod visuals;
