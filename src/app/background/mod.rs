//! Work that pictures wait for, on named threads.

pub(crate) mod ground;
pub(crate) mod penalty_desk;
pub(crate) mod refining;
pub(crate) mod slices_desk;
pub(crate) mod survey_work;
pub(crate) mod training;
