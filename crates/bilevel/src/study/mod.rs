//! Computations over many points or runs: judgements of traces, landscapes, reaction curves, surveys, tuning. Takes
//! runs and problems, never files.

mod anatomy;
mod check;
mod ensemble;
mod fields;
mod trace;
mod worker;

pub use anatomy::step_anatomy::{StepAnatomy, step_anatomy, step_anatomy_of};
pub use anatomy::step_parts::{LevelMove, MovePart, block_symbol, bracketed};
pub use anatomy::surrogate_plane::{SurrogatePlane, surrogate_plane};
pub use check::problem_checks::{
    CheckResult, ProblemCheck, ProblemChecks, known_obstacle, problem_checks,
};
pub use ensemble::known_minima::{KnownMinima, REST, TargetMinimum};
pub use ensemble::outcome::{FinalState, Outcome, Verdict};
pub use ensemble::outcome_worker::OutcomeWorker;
pub use ensemble::run_counts::RunCounts;
pub use ensemble::start_grid::StartGrid;
pub use ensemble::start_spread::{SpreadPattern, StartSpread};
pub use ensemble::survey::{RunIndex, Survey, SurveyOutcome};
pub use ensemble::survey_worker::{News, SurveyWorker, curves};
pub use ensemble::tally::{OutcomeCounts, Share};
pub use ensemble::tuning::{
    Trial, TrialCount, TrialKey, TrialRuns, TrialScores, Tuning, trial_keys, trial_scores, tune,
    tune_by, tune_until, tuning_runs, tunings,
};
pub use fields::compass::CompassMethod;
pub use fields::compass::course::{
    Bearing, CourseSample, RecordedDirection, course, recorded_direction,
};
pub use fields::compass::direction::{DRAWS, Direction, direction, no_direction};
pub use fields::compass::gradient::{TrueDirection, true_direction};
pub use fields::compass::grid::{TrueGrid, method_grid, true_grid};
pub use fields::compass::line::{MethodLine, TrueLine, method_line, true_line};
pub use fields::curvature::{Visit, curvature_map, least_curvature, looked_at, visit};
pub use fields::curves::reaction_curve;
pub use fields::landscape::{Grid, sample, sample_reduced};
pub use fields::penalty_surface::{PENALTIES, PathSample, PenaltySurface, is_plane, path_samples};
pub use fields::plane::{PlaneOf, ShownShare, SlicePlane};
pub use fields::reaction::{Pieces, Reaction, reaction};
pub use fields::slices::{LevelSlice, Slice, Unfinished, slices, unfinished};
pub use fields::surrogate::{SurrogateCurve, surrogate};
pub use trace::bands::{QUANTILES, QuantileBand, Strand, band};
pub use trace::finish_line::FinishLine;
pub use trace::gaps::{Findings, GapWorker, fill_errors, judge, judge_all, judge_every};
pub use trace::measure::{Measure, RunCost};
pub use trace::quartiles::Quartiles;
pub use trace::ranking::{FEASIBLE, Rank, RankedRun, median_ranks, ranks};
pub use trace::score::Score;
pub use worker::Worker;
