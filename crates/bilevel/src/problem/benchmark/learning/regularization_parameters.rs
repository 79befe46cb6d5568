//! The parameters of learnable regularization.

use super::corpus::PARTS;
use super::declared::{count, number, part};
use super::table_settings::STANDARDIZE;
use crate::data::{self, DataKind};
use crate::problem::benchmark::keys;
use crate::problem::{DefaultValue, Key, Parameter, ParameterChoice, ParameterKind};

pub(super) const FEATURES: Key<usize> = Key::new("features");
pub(super) const TOPICS: Key<usize> = Key::new("topics");
pub(super) const WORDS: Key<usize> = Key::new("words");
pub(super) const NOISE: Key<f64> = Key::new("noise");
pub(super) const CONTRAST: Key<f64> = Key::new("contrast");
pub(super) const BOUND: Key<f64> = Key::new("bound");
pub(super) const DATA_SEED: Key<usize> = Key::new("data_seed");

/// The table of parameters for files and panels.
pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: keys::DATA.name(),
        label: "data",
        symbol: "D",
        kind: ParameterKind::Data(DataKind::Sparse),
        default: DefaultValue::Choice(data::TOPICS),
        meaning: "The documents: \"topics\", which are drawn, or a file in the format of LIBSVM; its test samples are in a file of the same name with .t at its end, where there is one. The path is relative to the experiment's file.",
    },
    Parameter {
        name: STANDARDIZE.name(),
        label: "standardize",
        symbol: "",
        kind: ParameterKind::Choice(&[
            ParameterChoice {
                name: "off",
                label: "",
                meaning: "values stay as they are",
            },
            ParameterChoice {
                name: "on",
                label: "",
                meaning: "features have the root mean square 1 over the training samples; zeros stay zeros",
            },
        ]),
        default: DefaultValue::Choice("off"),
        meaning: "Scale of the features of a file.",
    },
    part(
        PARTS[0],
        "training samples",
        "n",
        1_000_000,
        2000.0,
        "Number of documents in the follower's objective, or their share of a file's.",
    ),
    part(
        PARTS[1],
        "validation samples",
        "n_v",
        1_000_000,
        4000.0,
        "Number of documents in the leader's objective, or their share of a file's.",
    ),
    part(
        PARTS[2],
        "test samples",
        "n_t",
        1_000_000,
        2000.0,
        "Number of test documents, for the metrics only, or their share of a file's.",
    ),
    count(
        FEATURES,
        "vocabulary",
        "n_w",
        [2, 1_000_000],
        2000.0,
        "Number of words, for drawn documents.",
    ),
    count(
        TOPICS,
        "topics",
        "C",
        [2, 1000],
        20.0,
        "Number of topics, for drawn documents.",
    ),
    count(
        WORDS,
        "words of a document",
        "w",
        [1, 10_000],
        40.0,
        "Mean length of a document, for drawn documents.",
    ),
    number(
        NOISE,
        "noise words",
        "r",
        [0.0, 1.0],
        0.8,
        "Share of the vocabulary that is independent of the topic, for drawn documents.",
    ),
    number(
        CONTRAST,
        "contrast",
        "c",
        [1.0, 1000.0],
        8.0,
        "Frequency ratio of words of a document's own topic, for drawn documents.",
    ),
    Parameter {
        name: DATA_SEED.name(),
        label: "document seed",
        symbol: "s",
        kind: ParameterKind::Integer {
            min: 0,
            max: 1_000_000,
            slider: [1.0, 100.0],
            per_level: false,
        },
        default: DefaultValue::Number(0.0),
        meaning: "The seed of drawn documents, or of the shuffle of a file's samples before the split.",
    },
    number(
        BOUND,
        "bound of exponents",
        "b",
        [0.0, 20.0],
        5.0,
        "Exponents stay within this distance of 0.",
    ),
];
