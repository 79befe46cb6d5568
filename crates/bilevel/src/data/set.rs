//! Labelled images in files with MNIST's standard names, and the built-in digits.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::idx::{self, DataError};
use super::source::open_regular;
use crate::messages;

/// The number of classes of MNIST.
pub const CLASSES: usize = 10;
/// The word for the built-in set.
pub const SHIPPED: &str = "mnist-10k";
/// The most pixels of an image: pixel indices have two bytes.
const MOST_PIXELS: usize = 65_536;
/// The fewest samples of a set: one each for training, validation and test.
const LEAST: usize = 3;

/// Images of one size with a class each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// The pixels of an image.
    pub pixels: usize,
    /// The pixels per row of an image.
    pub width: usize,
    /// All pixels from 0 to 255, image after image.
    pub bytes: Vec<u8>,
    /// The class of each image, from 0.
    pub labels: Vec<u8>,
}

impl Images {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// True if there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of one image.
    pub fn image(&self, number: usize) -> &[u8] {
        &self.bytes[number * self.pixels..][..self.pixels]
    }
}

/// A data set under the name that a file gives it. Two sets are equal if their names are.
#[derive(Clone, Debug)]
pub struct DataSet {
    name: String,
    path: String,
    /// Images from which training and validation sets are drawn, and the test set if the set has none of its own.
    pub pool: Images,
    /// The set's own test samples.
    pub test: Option<Images>,
}

impl PartialEq for DataSet {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl DataSet {
    /// The word or the folder from which it was read.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder from which it was read; the word of the built-in set.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same set under another name.
    pub fn named(self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self
        }
    }

    /// The number of classes: one more than the greatest label, and ten at least.
    pub fn classes(&self) -> usize {
        let parts = std::iter::once(&self.pool).chain(&self.test);
        let greatest = parts.flat_map(|images| images.labels.iter().copied()).max();
        greatest.map_or(CLASSES, |label| CLASSES.max(usize::from(label) + 1))
    }

    /// The 10,000 built-in digits, decompressed on first use.
    ///
    /// # Panics
    /// Never: a test reads the embedded files.
    pub fn shipped() -> Arc<Self> {
        static SET: OnceLock<Arc<DataSet>> = OnceLock::new();
        let unpack = || {
            let images: &[u8] = include_bytes!("../../assets/data/mnist-10k-images-idx3-ubyte.gz");
            let labels: &[u8] = include_bytes!("../../assets/data/mnist-10k-labels-idx1-ubyte.gz");
            let images = idx::read(images, "the digits", IMAGES);
            let labels = idx::read(labels, "their labels", LABELS);
            let pool = images.and_then(|images| {
                labels.and_then(|labels| joined([images, labels], ["the digits", "their labels"]))
            });
            Arc::new(Self {
                name: SHIPPED.to_owned(),
                path: SHIPPED.to_owned(),
                pool: pool.expect("the embedded files are sound"),
                test: None,
            })
        };
        Arc::clone(SET.get_or_init(unpack))
    }

    /// Reads the standard files of MNIST or Fashion-MNIST from a folder: `train-images-idx3-ubyte` and
    /// `train-labels-idx1-ubyte`, and for the test those that begin with `t10k`, if they exist. Each may be compressed
    /// and end in `.gz`.
    pub fn read(folder: &str) -> Result<Self, DataError> {
        let pool = read_pair(folder, "train")?;
        let has_test = find(folder, "t10k-images-idx3-ubyte").is_some();
        let test = has_test.then(|| read_pair(folder, "t10k")).transpose()?;
        if let Some(test) = &test
            && test.pixels != pool.pixels
        {
            return Err(DataError::Mismatch {
                first: format!("{folder}/train-images-idx3-ubyte"),
                second: format!("{folder}/t10k-images-idx3-ubyte"),
                reason: messages::data::different_pixels(pool.pixels, test.pixels),
            });
        }
        Ok(Self {
            name: folder.to_owned(),
            path: folder.to_owned(),
            pool,
            test,
        })
    }
}

const IMAGES: (u8, &str) = (3, messages::data::images());
const LABELS: (u8, &str) = (1, messages::data::labels());

/// The file with a standard name, compressed or not, also with a dot before `idx` as in some copies; `None` if there is
/// none.
fn find(folder: &str, name: &str) -> Option<PathBuf> {
    let pointed = name.replacen("-idx", ".idx", 1);
    [name, &pointed]
        .iter()
        .flat_map(|name| [(*name).to_owned(), format!("{name}.gz")])
        .map(|name| Path::new(folder).join(name))
        .find(|path| path.is_file())
}

fn read_pair(folder: &str, part: &str) -> Result<Images, DataError> {
    let mut names = [const { String::new() }; 2];
    let mut read_one = |place: usize, ending: &str, kind| {
        let name = format!("{part}-{ending}");
        let path = find(folder, &name).ok_or_else(|| DataError::Missing {
            folder: folder.to_owned(),
            name: name.clone(),
        })?;
        let file = path.display().to_string();
        let opened = open_regular(&file).map_err(|reason| idx::unreadable(&file, &reason))?;
        let read = idx::read(std::io::BufReader::new(opened), &file, kind);
        names[place] = file;
        read
    };
    let images = read_one(0, "images-idx3-ubyte", IMAGES)?;
    let labels = read_one(1, "labels-idx1-ubyte", LABELS)?;
    joined([images, labels], [&names[0], &names[1]])
}

/// Joins images with their labels and checks that they match.
fn joined([images, labels]: [idx::Idx; 2], files: [&str; 2]) -> Result<Images, DataError> {
    let mismatch = |reason: String| DataError::Mismatch {
        first: files[0].to_owned(),
        second: files[1].to_owned(),
        reason,
    };
    if images.samples != labels.samples {
        return Err(mismatch(messages::data::different_samples(
            images.samples,
            labels.samples,
        )));
    }
    if !(1..=MOST_PIXELS).contains(&images.entries) {
        return Err(mismatch(messages::data::wrong_number_of_pixels(
            MOST_PIXELS,
            images.entries,
        )));
    }
    if images.samples < LEAST {
        return Err(mismatch(messages::data::too_few_images(
            LEAST,
            images.samples,
        )));
    }
    Ok(Images {
        pixels: images.entries,
        width: images.width,
        bytes: images.bytes,
        labels: labels.bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_that_ship_are_ten_thousand_of_all_classes() {
        let set = DataSet::shipped();
        assert_eq!((set.pool.len(), set.pool.pixels), (10_000, 784));
        for class in 0..10 {
            let labels = set.pool.labels.iter();
            let count: usize = labels.map(|label| usize::from(*label == class)).sum();
            assert!((800..1200).contains(&count), "{class}: {count}");
        }
        assert_eq!(set.pool.labels[..8], [9, 3, 7, 0, 9, 7, 7, 9]);
    }
}
