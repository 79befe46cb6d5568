//! Tuning of step sizes with the same budget for every method: equally many settings, tried from the same starts with
//! the same seeds and compared by the scores of the final points.

mod step_grid;
#[cfg(test)]
mod tests;
mod trial_runs;
mod trials;

pub use step_grid::TrialCount;
pub use trial_runs::{
    TrialRuns, trial_keys, trial_scores, tune, tune_by, tune_until, tuning_runs, tunings,
};
pub use trials::{Trial, TrialKey, TrialScores, Tuning};
