//! The documents of learnable regularization before they are drawn or split: their sizes, faults and words.

use std::sync::Arc;

use super::corpus::{Corpus, PARTS};
use super::part_sizes::part_sizes;
use super::topics::Drawing;
use crate::data::SparseSet;
use crate::messages;
use crate::problem::{ConfigError, Settings};

/// The shares of the parts where sizes do not fit.
const SHARES: [f64; 3] = [0.6, 0.2, 0.2];

/// Documents that are split or drawn when they are needed.
#[derive(Debug)]
pub(super) enum CorpusSource {
    /// A set from a file, the numbers of its parts, and the seed of the shuffle.
    File(Arc<SparseSet>, [usize; 3], u64),
    /// Documents to draw.
    Drawn(Drawing),
}

impl CorpusSource {
    /// A set from a file with the sizes of its parts.
    pub(super) fn of_file(set: Arc<SparseSet>, settings: &Settings, seed: u64) -> Self {
        let there = set.pool.len();
        let parts = [0, 1, 2].map(|part| (PARTS[part], SHARES[part]));
        let sizes = match &set.test {
            None => part_sizes(settings, &parts, 0.0, there, true),
            Some(own) => {
                let of_pool = part_sizes(settings, &parts[..2], 0.0, there, true);
                [
                    of_pool,
                    part_sizes(settings, &parts[2..], 0.0, own.len(), true),
                ]
                .concat()
            }
        };
        Self::File(set, [sizes[0], sizes[1], sizes[2]], seed)
    }

    /// The numbers of features and classes.
    pub(super) fn sizes(&self) -> [usize; 2] {
        match self {
            Self::File(set, ..) => [set.features, set.classes],
            Self::Drawn(drawing) => drawing.sizes(),
        }
    }

    /// The documents.
    pub(super) fn corpus(&self) -> Corpus {
        match self {
            Self::File(set, sizes, seed) => Corpus::cut(set, *sizes, *seed),
            Self::Drawn(drawing) => drawing.draw(),
        }
    }

    /// The error in the sizes, found without any document.
    pub(super) fn fault(&self) -> Option<ConfigError> {
        match self {
            Self::File(set, sizes, _) => Corpus::fault(set, *sizes),
            Self::Drawn(drawing) => drawing.fault(),
        }
    }

    /// The documents and their split in words.
    pub(super) fn summary(&self) -> String {
        let [features, classes] = self.sizes();
        match self {
            Self::File(set, sizes, _) => messages::learning::data_and_parts(
                &messages::learning::documents(set.pool.len(), features, classes),
                *sizes,
            ),
            Self::Drawn(drawing) => messages::learning::data_and_parts(
                &messages::learning::drawn_documents(features, classes),
                drawing.documents.map(|count| count as usize),
            ),
        }
    }
}
