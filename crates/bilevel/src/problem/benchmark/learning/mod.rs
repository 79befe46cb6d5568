//! Problems that learn from data, with the models, data splits and training that they share.

mod cleaning_visuals;
mod continual;
mod corpus;
mod corpus_source;
mod declared;
mod dense_softmax;
mod hyper_cleaning;
mod labelled_samples;
mod noise;
mod part_sizes;
mod regression;
mod regularization;
mod regularization_parameters;
mod robust_answers;
mod robust_regression;
mod softmax;
mod sparse;
mod split;
mod table_cleaning;
mod table_settings;
mod table_split;
mod topics;

pub use table_settings::{TABLE_CHOICES, TABLE_PREPARATION, table_preparation};

use crate::problem::ProblemInfo;

/// Every problem that learns from data, in the order of lists.
pub const LEARNING: &[ProblemInfo] = &[
    hyper_cleaning::INFO,
    robust_regression::INFO,
    regularization::INFO,
    continual::INFO,
];
