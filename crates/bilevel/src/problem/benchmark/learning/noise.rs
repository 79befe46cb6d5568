//! Separation of noise words from topic words, by their exponents and by the lengths of their weights.

use crate::problem::HistogramGroup;

/// The share of the median length of topic words' weights below which a word counts as removed.
const REMOVED: f64 = 0.25;

/// The words that occur in training, split into noise and other words.
#[derive(Debug)]
pub(super) struct NoiseWords {
    noise: Vec<usize>,
    others: Vec<usize>,
}

impl NoiseWords {
    /// Splits those of all words that occur.
    pub(super) fn new(is_noise: &[bool], occurs: impl Fn(usize) -> bool) -> Self {
        let of = |kind: bool| {
            let words = 0..is_noise.len();
            words
                .filter(|&word| is_noise[word] == kind && occurs(word))
                .collect()
        };
        Self {
            noise: of(true),
            others: of(false),
        }
    }

    /// The exponents of topic words and of noise words.
    pub(super) fn groups(&self, exponents: &[f64]) -> Vec<HistogramGroup> {
        let group = |name, words: &[usize]| HistogramGroup {
            name,
            values: words.iter().map(|&word| exponents[word]).collect(),
        };
        vec![
            group("words of topics", &self.others),
            group("noise words", &self.noise),
        ]
    }

    /// The probability that a noise word has a higher exponent than another word, with ties counted half; NaN if there
    /// are no words of either kind.
    pub(super) fn auc(&self, exponents: &[f64]) -> f64 {
        let mut others: Vec<f64> = self.others.iter().map(|&word| exponents[word]).collect();
        others.sort_by(f64::total_cmp);
        let wins: f64 = self
            .noise
            .iter()
            .map(|&word| {
                let lower = others.partition_point(|other| *other < exponents[word]);
                let not_higher = others.partition_point(|other| *other <= exponents[word]);
                0.5 * (lower + not_higher) as f64
            })
            .sum();
        wins / (self.noise.len() * others.len()) as f64
    }

    /// The share of noise words whose weights are shorter than a quarter of the median of the others; NaN if there are
    /// no words of either kind.
    pub(super) fn removed(&self, theta: &[f64], classes: usize) -> f64 {
        let lengths = |words: &[usize]| -> Vec<f64> {
            let square = |word: usize| {
                let weights = &theta[word * classes..][..classes];
                weights.iter().map(|weight| weight * weight).sum::<f64>()
            };
            words.iter().map(|&word| square(word).sqrt()).collect()
        };
        let mut others = lengths(&self.others);
        others.sort_by(f64::total_cmp);
        let Some(median) = others.get(others.len() / 2) else {
            return f64::NAN;
        };
        let noise = lengths(&self.noise);
        let short = noise.iter().filter(|length| **length < REMOVED * median);
        short.count() as f64 / noise.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> NoiseWords {
        // the last word does not occur
        NoiseWords::new(&[true, false, true, false, true], |word| word < 4)
    }

    #[test]
    fn the_auc_counts_pairs_and_equal_exponents_half() {
        assert_eq!(words().auc(&[2.0, 1.0, 1.0, 0.0, -9.0]), 3.5 / 4.0);
        assert_eq!(words().auc(&[0.0; 5]), 0.5);
        assert!(NoiseWords::new(&[true], |_| true).auc(&[0.0]).is_nan());
    }

    #[test]
    fn a_noise_word_is_removed_when_its_weights_are_short_beside_those_of_topics() {
        let theta = [0.05, 0.0, 3.0, 4.0, 0.8, 0.8, 0.0, -10.0, 0.0, 0.0];
        assert_eq!(words().removed(&theta, 2), 1.0);
        let theta = [0.05, 0.0, 3.0, 4.0, 4.0, 0.8, 0.0, -10.0, 0.0, 0.0];
        assert_eq!(words().removed(&theta, 2), 0.5);
    }
}
