//! An experiment as plain data, its file, and what is planned from it.

pub(super) mod file;
pub(super) mod model;
pub(super) mod plan;
pub(super) mod sweep_axis;
