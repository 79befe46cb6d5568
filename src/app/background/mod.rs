//! Work that pictures wait for, on named threads.

pub(crate) mod landscape_worker;
pub(crate) mod latest_wins;
pub(crate) mod levels_worker;
pub(crate) mod penalty_worker;
pub(crate) mod survey_work;
pub(crate) mod training;
