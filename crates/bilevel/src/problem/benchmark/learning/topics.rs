//! Documents drawn from topics by a seed: words of each topic, and noise words that do not depend on it.
//!
//! ```text
//! word r of a vocabulary in random order has the weight  (r + 10)^(−0.7)  (Zipf–Mandelbrot);
//! a document of topic k draws each of its words by these weights, in which words of topic k count `contrast` times
//! ```
//!
//! Noise words and topic words are equally frequent and lie anywhere in the vocabulary, so that frequency alone does
//! not tell them apart. Documents take the topics in turn; their lengths are uniform from half the mean to one and a
//! half of it. As in text classification, counts are multiplied by log((1 + n) / (1 + nⱼ)) + 1, where nⱼ of the n
//! training documents have the word, and each row is scaled to length one.

use std::collections::BTreeMap;

use rand::RngExt as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::corpus::{Corpus, PARTS};
use crate::data::SparseRows;
use crate::messages;
use crate::problem::ConfigError;

/// The exponent of the weights; less than one, so that rare words occur as well.
const ZIPF: f64 = 0.7;
/// The offset added to a rank.
const RANK: f64 = 10.0;
/// The largest number of words of all documents together.
const MOST_WORDS: usize = 50_000_000;
/// The largest number of entries of a model.
const MOST_WEIGHTS: usize = 20_000_000;

/// The settings of a drawn corpus.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawing {
    /// The numbers of documents for training, validation and test; a share is an error.
    pub(super) documents: [f64; 3],
    pub(super) features: usize,
    pub(super) topics: usize,
    /// The mean length of a document.
    pub(super) words: usize,
    /// The share of the vocabulary that is noise.
    pub(super) noise: f64,
    /// The factor by which a document prefers its own topic's words.
    pub(super) contrast: f64,
    pub(super) seed: u64,
}

impl Drawing {
    /// Draws the documents. Sizes beyond the limits are reduced.
    pub(super) fn draw(self) -> Corpus {
        let Self {
            features,
            topics,
            documents,
            ..
        } = self.fitting();
        let mut stream = ChaCha8Rng::seed_from_u64(self.seed);
        let vocabulary = Vocabulary::new(features, topics, self, &mut stream);
        let mut parts = documents.map(|count| {
            let mut rows = SparseRows::default();
            for number in 0..count as usize {
                let topic = number % topics;
                for (word, count) in vocabulary.document(topic, self.words, &mut stream) {
                    rows.features.push(word as u32);
                    rows.values.push(f64::from(count));
                }
                rows.ends.push(rows.features.len());
                rows.classes.push(topic as u32);
            }
            rows
        });
        let rarity = rarity(&parts[0], features);
        for part in &mut parts {
            weigh(part, &rarity);
        }
        Corpus {
            parts,
            features,
            classes: topics,
            noise: Some(vocabulary.topic.iter().map(Option::is_none).collect()),
        }
    }

    /// The numbers of features and topics, within the limits.
    pub(super) fn sizes(self) -> [usize; 2] {
        let fitting = self.fitting();
        [fitting.features, fitting.topics]
    }

    /// The error in sizes that are reduced.
    pub(super) fn fault(&self) -> Option<ConfigError> {
        if let Some(part) = self.documents.iter().position(|count| *count < 1.0) {
            return Some(ConfigError {
                parameter: PARTS[part].name(),
                reason: messages::learning::share_of_drawn().to_owned(),
            });
        }
        let documents = self.documents.iter().sum::<f64>() as usize;
        let drawn = documents.saturating_mul(self.words);
        if drawn > MOST_WORDS {
            let largest =
                (0..3).max_by(|&a, &b| self.documents[a].total_cmp(&self.documents[b]))?;
            return Some(ConfigError {
                parameter: PARTS[largest].name(),
                reason: messages::learning::too_many_words(
                    documents, self.words, drawn, MOST_WORDS,
                ),
            });
        }
        let weights = self.features.saturating_mul(self.topics);
        if weights > MOST_WEIGHTS {
            return Some(ConfigError {
                parameter: "features",
                reason: messages::learning::too_many_weights(
                    self.features,
                    self.topics,
                    weights,
                    MOST_WEIGHTS,
                ),
            });
        }
        (self.features < self.topics).then(|| ConfigError {
            parameter: "features",
            reason: messages::learning::more_topics_than_words(self.topics, self.features),
        })
    }

    /// The same settings within the limits.
    fn fitting(self) -> Self {
        let most = MOST_WORDS / self.words / 3;
        Self {
            documents: self.documents.map(|count| count.clamp(1.0, most as f64)),
            features: self
                .features
                .clamp(self.topics, (MOST_WEIGHTS / self.topics).max(self.topics)),
            ..self
        }
    }
}

/// The words, with the weights by which they are drawn.
struct Vocabulary {
    /// The topic of each word; `None` for noise.
    topic: Vec<Option<usize>>,
    /// The cumulative weights of the words.
    sums: Vec<f64>,
    /// The words of each topic, with the cumulative weights that its documents add.
    own: Vec<Vec<(usize, f64)>>,
}

impl Vocabulary {
    fn new(features: usize, topics: usize, of: Drawing, stream: &mut ChaCha8Rng) -> Self {
        let mut order: Vec<usize> = (0..features).collect();
        order.shuffle(stream);
        // each topic has at least one word
        let noise = ((of.noise * features as f64).round() as usize).min(features - topics);
        let mut topic = vec![None; features];
        for (place, &word) in order[noise..].iter().enumerate() {
            topic[word] = Some(place % topics);
        }
        let mut own = vec![Vec::new(); topics];
        let mut sums = Vec::with_capacity(features);
        let mut extra = vec![0.0; topics];
        let mut sum = 0.0;
        for (word, topic) in topic.iter().enumerate() {
            let weight = (word as f64 + RANK).powf(-ZIPF);
            sum += weight;
            sums.push(sum);
            if let Some(topic) = *topic {
                extra[topic] += (of.contrast - 1.0) * weight;
                own[topic].push((word, extra[topic]));
            }
        }
        Self { topic, sums, own }
    }

    /// Draws a document: the count of each of its words, in the order of the words.
    fn document(&self, topic: usize, mean: usize, stream: &mut ChaCha8Rng) -> BTreeMap<usize, u32> {
        let own = &self.own[topic];
        let (all, extra) = (
            self.sums.last().map_or(0.0, |sum| *sum),
            own.last().map_or(0.0, |(_, sum)| *sum),
        );
        let length = stream.random_range(mean.div_ceil(2)..=mean + mean / 2);
        let mut counts = BTreeMap::new();
        for _ in 0..length {
            let place = stream.random_range(0.0..all + extra);
            let word = if place < all {
                self.sums.partition_point(|sum| *sum <= place)
            } else {
                let place = own.partition_point(|(_, sum)| *sum <= place - all);
                own[place.min(own.len() - 1)].0
            };
            *counts.entry(word).or_insert(0) += 1;
        }
        counts
    }
}

/// The factor log((1 + n) / (1 + nⱼ)) + 1 of each word.
fn rarity(rows: &SparseRows, features: usize) -> Vec<f64> {
    let mut having = vec![0_u32; features];
    for &word in &rows.features {
        having[word as usize] += 1;
    }
    let all = 1.0 + rows.len() as f64;
    having
        .into_iter()
        .map(|count| (all / (1.0 + f64::from(count))).ln() + 1.0)
        .collect()
}

/// Multiplies counts by the rarity of their words, and scales rows to length one.
fn weigh(rows: &mut SparseRows, rarity: &[f64]) {
    for row in 0..rows.len() {
        let range = rows.range(row);
        let words = &rows.features[range.clone()];
        let values = &mut rows.values[range];
        let mut square = 0.0;
        for (value, &word) in values.iter_mut().zip(words) {
            *value *= rarity[word as usize];
            square += *value * *value;
        }
        for value in values {
            *value /= square.sqrt();
        }
    }
}
