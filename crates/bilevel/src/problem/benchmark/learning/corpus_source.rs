//! The documents of learnable regularization before they are drawn or split: their sizes, faults and words.

use std::sync::Arc;

use super::corpus::{Corpus, PARTS};
use super::part_sizes::part_sizes;
use super::table_settings::STANDARDIZE;
use super::topics::Drawing;
use crate::data::SparseSet;
use crate::messages;
use crate::problem::{ConfigError, Settings};

/// The shares of the parts where sizes do not fit.
const SHARES: [f64; 3] = [0.6, 0.2, 0.2];

/// Documents that are split or drawn when they are needed.
#[derive(Debug)]
pub(super) enum CorpusSource {
    /// A set from a file with its split.
    File(FileCorpus),
    /// Documents to draw.
    Drawn(Drawing),
}

/// A set from a file, before it is split.
#[derive(Debug)]
pub(super) struct FileCorpus {
    set: Arc<SparseSet>,
    /// The numbers of training, validation and test samples.
    sizes: [usize; 3],
    /// The seed of the shuffle.
    seed: u64,
    /// True if features are scaled by the training samples.
    is_scaled: bool,
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
        Self::File(FileCorpus {
            set,
            sizes: [sizes[0], sizes[1], sizes[2]],
            seed,
            is_scaled: settings.is(STANDARDIZE, "on"),
        })
    }

    /// The numbers of features and classes.
    pub(super) fn sizes(&self) -> [usize; 2] {
        match self {
            Self::File(file) => [file.set.features, file.set.classes],
            Self::Drawn(drawing) => drawing.sizes(),
        }
    }

    /// The documents.
    pub(super) fn corpus(&self) -> Corpus {
        match self {
            Self::File(file) => {
                let mut corpus = Corpus::cut(&file.set, file.sizes, file.seed);
                if file.is_scaled {
                    corpus.scale();
                }
                corpus
            }
            Self::Drawn(drawing) => drawing.draw(),
        }
    }

    /// The error in the sizes, found without any document.
    pub(super) fn fault(&self) -> Option<ConfigError> {
        match self {
            Self::File(file) => Corpus::fault(&file.set, file.sizes),
            Self::Drawn(drawing) => drawing.fault(),
        }
    }

    /// The documents and their split in words.
    pub(super) fn summary(&self) -> String {
        let [features, classes] = self.sizes();
        match self {
            Self::File(file) => {
                let samples = file.set.pool.len();
                let data = messages::learning::documents(samples, features, classes);
                let parts = messages::learning::data_and_parts(&data, file.sizes);
                if file.is_scaled {
                    messages::learning::with_scale(&parts)
                } else {
                    parts
                }
            }
            Self::Drawn(drawing) => messages::learning::data_and_parts(
                &messages::learning::drawn_documents(features, classes),
                drawing.documents.map(|count| count as usize),
            ),
        }
    }
}
