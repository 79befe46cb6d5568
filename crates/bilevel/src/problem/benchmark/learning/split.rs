//! A data set cut into training, validation and test samples, with a share of the training labels replaced at random.

use rand::RngExt as _;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::softmax::{LabelledImages, Standard};
use crate::data::{CLASSES, DataSet};
use crate::problem::ConfigError;

/// How a set is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct SplitSizes {
    pub(super) train: usize,
    pub(super) validation: usize,
    pub(super) test: usize,
    /// The share of training labels that are drawn anew.
    pub(super) random_labels: f64,
    /// What the set is shuffled by; 0 leaves its own order.
    pub(super) split_seed: u64,
    /// What the random labels are drawn by.
    pub(super) label_seed: u64,
}

/// What a set was cut into. All of it is standardised by the mean and the deviation of the training pixels.
#[derive(Debug)]
pub(super) struct Split {
    /// The training samples with the labels that are believed.
    pub(super) train: LabelledImages,
    /// Their labels before any was replaced.
    pub(super) true_labels: Vec<u8>,
    pub(super) validation: LabelledImages,
    pub(super) test: LabelledImages,
    /// Why it is not what was asked for.
    pub(super) fault: Option<ConfigError>,
}

impl Split {
    /// Cuts the set. One that is too small gives fewer samples of each kind, and says so in `fault`.
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

/// Why a set is too small, at the parameter that asks for most.
fn fault(set: &DataSet, cut: SplitSizes) -> Option<ConfigError> {
    let (name, there) = (set.name(), set.pool.len());
    let too_many = |parameter, asked: usize, of: &str, there: usize| ConfigError {
        parameter,
        reason: format!("the split takes {asked} samples {of}, and {name} has {there}"),
    };
    match &set.test {
        None => {
            let asked = cut.train + cut.validation + cut.test;
            let of = "for training, validation and test together";
            let most = cut.train.max(cut.validation).max(cut.test);
            let parameter = match most {
                _ if most == cut.train => "train",
                _ if most == cut.test => "test",
                _ => "validation",
            };
            (asked > there).then(|| too_many(parameter, asked, of, there))
        }
        Some(own) => {
            let asked = cut.train + cut.validation;
            if asked > there {
                let of = "for training and validation together";
                let parameter = if cut.validation > cut.train {
                    "validation"
                } else {
                    "train"
                };
                Some(too_many(parameter, asked, of, there))
            } else {
                (cut.test > own.len())
                    .then(|| too_many("test", cut.test, "for the test", own.len()))
            }
        }
    }
}

/// The cut itself where the set is large enough, else one of its size: a set has at least one sample for each part.
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
