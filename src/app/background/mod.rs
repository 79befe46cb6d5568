//! Background work that pictures wait for, on named threads.

pub(crate) mod latest_wins;
pub(crate) mod survey_work;
pub(crate) mod training;
pub(crate) mod view_worker;
