//! Work over many points or runs: what the referee says of a trace, landscapes, reaction curves. Takes runs and problems, never files.

mod band;
mod curvature;
mod curves;
mod desk;
mod finish_line;
mod judge;
mod landscape;
mod measure;
mod morph;
mod reaction;
mod section;
mod slices;
mod standing;
mod tuning;
mod verdict;
mod verdict_desk;

pub use band::{Band, QUANTILES, Strand, band};
pub use curvature::{Visit, curvature_map, least_curvature, looked_at, visit};
pub use curves::reaction_curve;
pub use desk::Desk;
pub use finish_line::FinishLine;
pub use judge::{Findings, JudgeDesk, fill_errors, judge, judge_all};
pub use landscape::{Grid, sample, sample_reduced};
pub use measure::{Cost, Measure};
pub use morph::{Bead, Morph, PENALTIES, beads, is_plane};
pub use reaction::{Pieces, Reaction, reaction};
pub use section::{PlaneOf, Section, Shown};
pub use slices::{Cut, Slice, Unfinished, slices, unfinished};
pub use standing::{FEASIBLE, Standing, standings};
pub use tuning::{Effort, Trial, Tuning, tune, tuning_runs};
pub use verdict::{End, Ended, Goals, REST, Verdict};
pub use verdict_desk::VerdictDesk;
