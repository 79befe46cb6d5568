//! Samples of one task or of many, and their terms in a loss.

use crate::data::Images;
use crate::problem::benchmark::learning::softmax::ClassRow;

/// Images with permuted pixels, stored as the pixels that are not zero.
#[derive(Clone, Debug, Default)]
pub(super) struct PermutedImages {
    /// The end of each image's pixels.
    ends: Vec<usize>,
    places: Vec<u16>,
    bytes: Vec<u8>,
    /// The class of each image.
    pub(super) labels: Vec<u8>,
}

impl PermutedImages {
    /// Appends an image; `permutation` maps each of its pixels to its new position.
    pub(super) fn push(&mut self, images: &Images, number: usize, permutation: &[u16]) {
        for (&byte, &place) in images.image(number).iter().zip(permutation) {
            if byte > 0 {
                self.places.push(place);
                self.bytes.push(byte);
            }
        }
        self.ends.push(self.places.len());
        self.labels.push(images.labels[number]);
    }

    /// The number of images.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// The positions and values, from 0 to 1, of an image's pixels that are not zero.
    pub(super) fn pixels(&self, sample: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let start = sample.checked_sub(1).map_or(0, |before| self.ends[before]);
        let range = start..self.ends[sample];
        let places = self.places[range.clone()].iter();
        let pixels = places.zip(&self.bytes[range]);
        pixels.map(|(&place, &byte)| (usize::from(place), f64::from(byte) / 255.0))
    }
}

/// The term of a sample in a loss.
#[derive(Clone, Debug)]
pub(super) struct LossSample {
    /// The index of the sample.
    pub(super) sample: usize,
    pub(super) task: usize,
    pub(super) label: usize,
    /// The weight of its cross-entropy.
    pub(super) weight: f64,
    /// The target of distillation, if there is one.
    pub(super) target: Option<SoftTarget>,
}

/// An earlier output of the network for a sample.
#[derive(Clone, Debug)]
pub(super) struct SoftTarget {
    /// The softened probabilities.
    pub(super) chances: ClassRow,
    /// The weight of the divergence from them.
    pub(super) weight: f64,
}
