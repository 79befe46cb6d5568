//! Image sets split into training, validation and test samples, with a share of the training labels replaced at random.

use rand::RngExt as _;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::dense_softmax::DenseRows;
use super::labelled_samples::LabelledSamples;
use super::part_sizes::SplitPart;
use super::softmax::{LabelledImages, Standard};
use crate::data::{CLASSES, DataSet, Images};
use crate::messages;
use crate::problem::ConfigError;
use crate::problem::benchmark::keys;

/// The parts of a split, and their shares where sizes do not fit.
pub(super) const CLEANING_PARTS: [SplitPart; 3] = [
    (keys::TRAIN, 0.6),
    (keys::VALIDATION, 0.2),
    (keys::TEST, 0.2),
];

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
    pub(super) train: LabelledSamples,
    /// Their labels before any was replaced.
    pub(super) true_labels: Vec<u8>,
    pub(super) validation: LabelledSamples,
    pub(super) test: LabelledSamples,
    /// The data and their split in words.
    pub(super) summary: String,
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
        let classes = set.classes();
        let labels =
            with_random_labels(&true_labels, asked.random_labels, asked.label_seed, classes);
        let standard = Standard::of(&set.pool, train);
        let labels_of = |chosen: &[usize]| chosen.iter().map(|&i| set.pool.labels[i]).collect();
        let test = match &set.test {
            None => samples(&set.pool, test, labels_of(test), (standard, classes)),
            Some(own) => {
                let test: Vec<usize> = take(cut.test, own.len());
                let labels = test.iter().map(|&i| own.labels[i]).collect();
                samples(own, &test, labels, (standard, classes))
            }
        };
        let of_pool =
            |chosen: &[usize], labels| samples(&set.pool, chosen, labels, (standard, classes));
        let images = messages::learning::images(set.pool.len(), set.pool.pixels, classes);
        Self {
            train: of_pool(train, labels),
            true_labels,
            validation: of_pool(validation, labels_of(validation)),
            summary: messages::learning::data_and_parts(
                &images,
                [train.len(), validation.len(), test.len()],
            ),
            test,
            fault,
        }
    }
}

/// The chosen images with their labels, standardized; stored without zeros where there are ten classes.
fn samples(
    images: &Images,
    chosen: &[usize],
    labels: Vec<u8>,
    (standard, classes): (Standard, usize),
) -> LabelledSamples {
    if classes == CLASSES {
        let images = LabelledImages::new(images, chosen, labels, standard);
        return LabelledSamples::Images(images);
    }
    let x = chosen.iter().flat_map(|&number| images.image(number));
    let x = x.map(|&byte| standard.of_byte(byte)).collect();
    let rows = DenseRows::new(x, labels, [images.pixels, classes]);
    LabelledSamples::Rows(rows, Some(images.width))
}

/// Labels of which a share is replaced by random classes, some of which happen to be right.
pub(super) fn with_random_labels(labels: &[u8], share: f64, seed: u64, classes: usize) -> Vec<u8> {
    let mut labels = labels.to_vec();
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    let replaced = (share * labels.len() as f64).round() as usize;
    for place in sample(&mut stream, labels.len(), replaced) {
        labels[place] = if classes <= 255 {
            stream.random_range(0..classes as u8)
        } else {
            stream.random_range(0..=u8::MAX)
        };
    }
    labels
}

/// Returns the error for a set that is too small, at the parameter that asks for most.
fn fault(set: &DataSet, cut: SplitSizes) -> Option<ConfigError> {
    let (name, there) = (set.name(), set.pool.len());
    let error = |parameter, reason| ConfigError { parameter, reason };
    match &set.test {
        None => fault_of_sizes([cut.train, cut.validation, cut.test], name, there),
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

/// Returns the error for parts that together exceed the samples, at the parameter that asks for most.
pub(super) fn fault_of_sizes(
    [train, validation, test]: [usize; 3],
    name: &str,
    there: usize,
) -> Option<ConfigError> {
    let asked = train + validation + test;
    let most = train.max(validation).max(test);
    let parameter = match most {
        _ if most == train => "train",
        _ if most == test => "test",
        _ => "validation",
    };
    (asked > there).then(|| ConfigError {
        parameter,
        reason: messages::learning::too_few_for_all_parts(asked, name, there),
    })
}

/// The sizes themselves if the set is large enough, else sizes that fit, with at least one sample for each part.
fn fitting(set: &DataSet, cut: SplitSizes) -> SplitSizes {
    let there = set.pool.len();
    let own = set.test.as_ref().map(Images::len);
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
