//! Problems that learn from data, and what they share: a softmax model, splits of a data set, training.

mod corpus;
mod hyper_cleaning;
mod noise;
mod regularization;
mod softmax;
mod sparse;
mod split;
mod topics;

use super::entry::Entry;

/// Every problem that learns from data, in the order of lists.
pub const LEARNING: &[Entry] = &[hyper_cleaning::ENTRY, regularization::ENTRY];
