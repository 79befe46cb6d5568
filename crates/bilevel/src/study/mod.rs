//! Work over many points or runs: what the referee says of a trace, landscapes, reaction curves. Takes runs and problems, never files.

mod check;
mod ensemble;
mod fields;
mod trace;
mod worker;

pub use check::badges::{Answer, Badge, Badges, badges};
pub use ensemble::goals::{Goals, REST, Target};
pub use ensemble::outcome::{End, Ended, Verdict};
pub use ensemble::outcome_desk::VerdictDesk;
pub use ensemble::start_grid::StartGrid;
pub use ensemble::survey::{Cell, Place, Survey};
pub use ensemble::survey_desk::{News, SurveyDesk, curves};
pub use ensemble::tally::{Share, Tally};
pub use ensemble::tuning::{Effort, Trial, Tuning, tune, tune_by, tuning_runs};
pub use fields::curvature::{Visit, curvature_map, least_curvature, looked_at, visit};
pub use fields::curves::reaction_curve;
pub use fields::landscape::{Grid, sample, sample_reduced};
pub use fields::penalty_surface::{Bead, Morph, PENALTIES, beads, is_plane};
pub use fields::plane::{PlaneOf, Section, Shown};
pub use fields::reaction::{Pieces, Reaction, reaction};
pub use fields::slices::{Cut, Slice, Unfinished, slices, unfinished};
pub use trace::bands::{Band, QUANTILES, Strand, band};
pub use trace::finish_line::FinishLine;
pub use trace::gaps::{Findings, JudgeDesk, fill_errors, judge, judge_all};
pub use trace::measure::{Cost, Measure};
pub use trace::ranking::{Candidate, FEASIBLE, Standing, standings};
pub use trace::score::Score;
pub use worker::Desk;
