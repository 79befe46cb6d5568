//! Many runs: grids of starts, surveys, tuning, and the outcome of each run.

mod certificate;
mod judge;
pub(super) mod known_minima;
mod open_gaps;
pub(super) mod outcome;
pub(super) mod outcome_worker;
pub(super) mod run_counts;
pub(super) mod start_grid;
pub(super) mod start_spread;
pub(super) mod survey;
pub(super) mod survey_worker;
pub(super) mod tally;
pub(super) mod tuning;
