//! Plans of an experiment's runs: surveys, variants of a sweep, and parts of both.

pub(crate) mod shard;
pub(crate) mod survey_plan;
pub(crate) mod variants;
