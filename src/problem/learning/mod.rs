//! Problems that learn from data, and what they share: a softmax model, splits of a data set, training.

mod cleaning_exhibits;
mod hyper_cleaning;
mod softmax;
mod split;

use super::entry::Entry;

/// Every problem that learns from data, in the order of lists.
pub const LEARNING: &[Entry] = &[hyper_cleaning::ENTRY];
