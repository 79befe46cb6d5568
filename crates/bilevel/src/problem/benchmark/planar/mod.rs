//! The test set: small problems from the literature and of our own with all minima known, one per file.
//!
//! Lower levels are solved globally; of equally good answers the one that the leader prefers counts (optimistic
//! reading).

mod common;

pub(super) mod bda_counterexample;
pub(super) mod cusp_jump;
pub(super) mod henderson_quandt;
pub(super) mod iaptt_sin;
pub(super) mod ls_3_2;
pub(super) mod mb_3_10;
pub(super) mod mb_3_11;
pub(super) mod mb_3_12;
pub(super) mod mb_3_13;
pub(super) mod mb_3_14;
pub(super) mod mb_3_15;
pub(super) mod mb_3_16;
pub(super) mod mb_3_17;
pub(super) mod mb_3_18;
pub(super) mod mb_3_19;
pub(super) mod mb_3_20;
pub(super) mod mb_3_21;
pub(super) mod mb_3_24;
pub(super) mod mirrlees;
pub(super) mod rastrigin_response;
pub(super) mod sinresp;
pub(super) mod tanh_doublewell;
pub(super) mod two_basin_ridge;

use crate::problem::{Reference, Venue};

/// The source of the problems named `mb-3-…`, by the numbers of its examples.
const TEST_SET: Reference = Reference {
    key: "mitsos2006test",
    authors: &["Mitsos, Alexander", "Barton, Paul I."],
    title: "A Test Set for Bilevel Programs",
    year: 2006,
    venue: Venue::Report("Massachusetts Institute of Technology"),
    arxiv: None,
};
