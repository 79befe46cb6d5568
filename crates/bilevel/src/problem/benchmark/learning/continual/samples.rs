//! The samples of one task or of many, and what a loss takes of each.

use crate::data::Images;
use crate::problem::benchmark::learning::softmax::ClassRow;

/// Images whose pixels are permuted, as the pixels that are not zero.
#[derive(Clone, Debug, Default)]
pub(super) struct PermutedImages {
    /// Where the pixels of each image end.
    ends: Vec<usize>,
    places: Vec<u16>,
    bytes: Vec<u8>,
    /// The class of each.
    pub(super) labels: Vec<u8>,
}

impl PermutedImages {
    /// Appends an image; `permutation` says where each of its pixels goes.
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

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// The places and values, from 0 to 1, of an image's pixels that are not zero.
    pub(super) fn pixels(&self, sample: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let start = sample.checked_sub(1).map_or(0, |before| self.ends[before]);
        let range = start..self.ends[sample];
        let places = self.places[range.clone()].iter();
        let pixels = places.zip(&self.bytes[range]);
        pixels.map(|(&place, &byte)| (usize::from(place), f64::from(byte) / 255.0))
    }
}

/// A sample in a loss.
#[derive(Clone, Debug)]
pub(super) struct LossSample {
    /// Its place among the samples.
    pub(super) sample: usize,
    pub(super) task: usize,
    pub(super) label: usize,
    /// What its cross-entropy counts.
    pub(super) weight: f64,
    /// What it is not to forget.
    pub(super) target: Option<SoftTarget>,
}

/// What the network once said of a sample.
#[derive(Clone, Debug)]
pub(super) struct SoftTarget {
    /// The softened chances.
    pub(super) chances: ClassRow,
    /// What keeping to them counts.
    pub(super) weight: f64,
}
