//! Lessons: files of steps, each with an experiment, words, a question, and claims that a test holds.

pub(crate) mod check;
pub(crate) mod claim;
mod fields;
pub(crate) mod library;
mod measured;
pub(crate) mod model;
pub(crate) mod read;
mod read_claim;
mod read_step;
