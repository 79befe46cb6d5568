//! Many runs: grids of starts, surveys, tuning, and the outcome of each run.

pub(super) mod goals;
mod judge;
pub(super) mod outcome;
pub(super) mod outcome_desk;
pub(super) mod start_grid;
pub(super) mod survey;
pub(super) mod survey_desk;
pub(super) mod tally;
pub(super) mod tuning;
