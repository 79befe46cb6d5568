//! Functions sampled over planes and lines: landscapes, reaction curves, slices, curvature, penalties, directions.

pub(super) mod compass;
pub(super) mod curvature;
pub(super) mod curves;
pub(super) mod landscape;
pub(super) mod penalty_surface;
pub(super) mod plane;
pub(super) mod reaction;
pub(super) mod slices;
pub(super) mod surrogate;
