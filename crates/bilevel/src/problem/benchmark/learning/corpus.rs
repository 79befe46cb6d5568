//! Sparse documents split into training, validation and test samples.

use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::sparse::chosen_rows;
use crate::data::{SparseRows, SparseSet};
use crate::messages;
use crate::problem::benchmark::keys;
use crate::problem::{ConfigError, Key};

/// The keys of the parameters for the number of samples of each part.
pub(super) const PARTS: [Key<usize>; 3] = [keys::TRAIN, keys::VALIDATION, keys::TEST];

/// Documents split into parts.
#[derive(Debug)]
pub(super) struct Corpus {
    /// The training, validation and test parts.
    pub(super) parts: [SparseRows; 3],
    pub(super) features: usize,
    pub(super) classes: usize,
    /// For each word, true if it is noise; `None` if this is unknown.
    pub(super) noise: Option<Vec<bool>>,
}

impl Corpus {
    /// Shuffles a set by a seed and splits it. A set that is too small gives fewer samples of each part.
    pub(super) fn cut(set: &SparseSet, asked: [usize; 3], seed: u64) -> Self {
        let own = set.test.as_ref();
        let there = set.pool.len();
        let wanted: usize = asked[..if own.is_some() { 2 } else { 3 }].iter().sum();
        let mut counts = asked;
        if wanted > there {
            let share = |part: usize| (part.saturating_mul(there) / wanted).max(1);
            counts[1] = share(asked[1]);
            counts[2] = if own.is_some() {
                asked[2]
            } else {
                share(asked[2])
            };
            let others = counts[1] + if own.is_some() { 0 } else { counts[2] };
            counts[0] = share(asked[0]).min(there - others);
        }
        if let Some(own) = own {
            counts[2] = counts[2].min(own.len());
        }
        let mut order = ChaCha8Rng::seed_from_u64(seed);
        let from_pool = counts[0] + counts[1] + if own.is_some() { 0 } else { counts[2] };
        let drawn = sample(&mut order, there, from_pool).into_vec();
        let (train, rest) = drawn.split_at(counts[0]);
        let (validation, test) = rest.split_at(counts[1]);
        let test = match own {
            None => chosen_rows(&set.pool, test),
            Some(own) => chosen_rows(own, &sample(&mut order, own.len(), counts[2]).into_vec()),
        };
        Self {
            parts: [
                chosen_rows(&set.pool, train),
                chosen_rows(&set.pool, validation),
                test,
            ],
            features: set.features,
            classes: set.classes,
            noise: None,
        }
    }

    /// Gives every feature the root mean square 1 over the training samples; one that they do not have stays as it is.
    pub(super) fn scale(&mut self) {
        let mut squares = vec![0.0; self.features];
        let train = &self.parts[0];
        for (&feature, value) in train.features.iter().zip(&train.values) {
            squares[feature as usize] += value * value;
        }
        let count = train.len() as f64;
        let factors: Vec<f64> = squares
            .into_iter()
            .map(|square| {
                if square > 0.0 {
                    (count / square).sqrt()
                } else {
                    1.0
                }
            })
            .collect();
        for part in &mut self.parts {
            for (value, &feature) in part.values.iter_mut().zip(&part.features) {
                *value *= factors[feature as usize];
            }
        }
    }

    /// The error for a set that is too small, at the parameter that asks for most.
    pub(super) fn fault(set: &SparseSet, asked: [usize; 3]) -> Option<ConfigError> {
        let name = set.name();
        let too_many = |parts: &[usize], there: usize, reason: fn(usize, &str, usize) -> String| {
            let wanted: usize = parts.iter().map(|&part| asked[part]).sum();
            let largest = parts.iter().max_by_key(|&&part| asked[part])?;
            (wanted > there).then(|| ConfigError {
                parameter: PARTS[*largest].name(),
                reason: reason(wanted, name, there),
            })
        };
        let there = set.pool.len();
        match &set.test {
            None => too_many(&[0, 1, 2], there, messages::learning::too_few_for_all_parts),
            Some(own) => {
                let reason = messages::learning::too_few_for_training_and_validation;
                too_many(&[0, 1], there, reason)
                    .or_else(|| too_many(&[2], own.len(), messages::learning::too_few_for_test))
            }
        }
    }
}
