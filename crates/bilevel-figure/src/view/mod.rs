//! Figures of an experiment that has been run to its end, one a view.

pub(crate) mod draw;
pub(crate) mod error;
pub(crate) mod kind;
pub(crate) mod runs;
pub(crate) mod surveys;
