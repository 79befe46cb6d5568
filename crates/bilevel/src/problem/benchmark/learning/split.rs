//! Image sets split into training, validation and test samples, with a share of the training labels replaced at random.

use rand::RngExt as _;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::softmax::{LabelledImages, Standard};
use crate::data::{CLASSES, DataSet};
use crate::messages;
use crate::problem::ConfigError;

/// The sizes and seeds of a split.
#[derive(Clone, Copy, Debug)]
pub(super) struct SplitSizes {
    pub(super) train: usize,
    pub(super) validation: usize,
    pub(super) test: usize,
    /// The share of training labels that are replaced by random ones.
    pub(super) random_labels: f64,
    /// The seed of the shuffle; 0 keeps the set's own order.
    pub(super) split_seed: u64,
    /// The seed of the random labels.
    pub(super) label_seed: u64,
}

/// A split set. All parts are standardized by the mean and the deviation of the training pixels.
#[derive(Debug)]
pub(super) struct Split {
    /// The training samples, with some labels replaced.
    pub(super) train: LabelledImages,
    /// Their labels before any was replaced.
    pub(super) true_labels: Vec<u8>,
    pub(super) validation: LabelledImages,
    pub(super) test: LabelledImages,
    /// The error if the parts are smaller than asked for.
    pub(super) fault: Option<ConfigError>,
}

impl Split {
    /// Splits the set. A set that is too small gives fewer samples of each part and sets `fault`.
    pub(super) fn of(set: &DataSet, asked: SplitSizes) -> Self {
        let fault = fault(set, asked);
        let cut = fitting(set, asked);
        let mut order = ChaCha8Rng::seed_from_u64(asked.split_seed);
        let mut take = |count: usize, of: usize| match asked.split_seed {
            0 => (0..count).collect(),
            _ => sample(&mut order, of, count).into_vec(),
        };
        let from_pool = if set.test.is_some() {
            cut.train + cut.validation
        } else {
            cut.train + cut.validation + cut.test
        };
        let drawn: Vec<usize> = take(from_pool, set.pool.len());
        let (train, rest) = drawn.split_at(cut.train);
        let (validation, test) = rest.split_at(cut.validation);
        let true_labels: Vec<u8> = train.iter().map(|&i| set.pool.labels[i]).collect();
        let mut labels = true_labels.clone();
        let mut stream = ChaCha8Rng::seed_from_u64(asked.label_seed);
        let replaced = (asked.random_labels * cut.train as f64).round() as usize;
        for place in sample(&mut stream, cut.train, replaced) {
            labels[place] = stream.random_range(0..CLASSES as u8);
        }
        let standard = Standard::of(&set.pool, train);
        let labels_of = |chosen: &[usize]| chosen.iter().map(|&i| set.pool.labels[i]).collect();
        let test = match &set.test {
            None => LabelledImages::new(&set.pool, test, labels_of(test), standard),
            Some(own) => {
                let test: Vec<usize> = take(cut.test, own.len());
                let labels = test.iter().map(|&i| own.labels[i]).collect();
                LabelledImages::new(own, &test, labels, standard)
            }
        };
        Self {
            train: LabelledImages::new(&set.pool, train, labels, standard),
            true_labels,
            validation: LabelledImages::new(&set.pool, validation, labels_of(validation), standard),
            test,
            fault,
        }
    }
}

/// Returns the error for a set that is too small, at the parameter that asks for most.
fn fault(set: &DataSet, cut: SplitSizes) -> Option<ConfigError> {
    let (name, there) = (set.name(), set.pool.len());
    let error = |parameter, reason| ConfigError { parameter, reason };
    match &set.test {
        None => {
            let asked = cut.train + cut.validation + cut.test;
            let most = cut.train.max(cut.validation).max(cut.test);
            let parameter = match most {
                _ if most == cut.train => "train",
                _ if most == cut.test => "test",
                _ => "validation",
            };
            let reason = || messages::learning::too_few_for_all_parts(asked, name, there);
            (asked > there).then(|| error(parameter, reason()))
        }
        Some(own) => {
            let asked = cut.train + cut.validation;
            if asked > there {
                let parameter = if cut.validation > cut.train {
                    "validation"
                } else {
                    "train"
                };
                let reason =
                    messages::learning::too_few_for_training_and_validation(asked, name, there);
                Some(error(parameter, reason))
            } else {
                let reason = || messages::learning::too_few_for_test(cut.test, name, own.len());
                (cut.test > own.len()).then(|| error("test", reason()))
            }
        }
    }
}

/// The sizes themselves if the set is large enough, else sizes that fit, with at least one sample for each part.
fn fitting(set: &DataSet, cut: SplitSizes) -> SplitSizes {
    let there = set.pool.len();
    let own = set.test.as_ref().map(crate::data::Images::len);
    let asked = cut.train + cut.validation + if own.is_some() { 0 } else { cut.test };
    let share = |part: usize| {
        if asked > there {
            (part.saturating_mul(there) / asked).max(1)
        } else {
            part
        }
    };
    let validation = share(cut.validation);
    let test = own.map_or_else(|| share(cut.test), |own| cut.test.min(own));
    let left = there - validation - if own.is_some() { 0 } else { test };
    SplitSizes {
        train: cut.train.min(left),
        validation,
        test,
        ..cut
    }
}
