//! Work on recorded traces: gaps by the referee, measures, bands, rankings, scores.

pub(super) mod bands;
pub(super) mod finish_line;
pub(super) mod gaps;
pub(super) mod measure;
pub(super) mod quartiles;
pub(super) mod ranking;
pub(super) mod score;
