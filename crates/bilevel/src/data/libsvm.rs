//! The sparse text format of LIBSVM: one sample per line, `label index:value index:value …`, plain or compressed with
//! gzip.
//!
//! Source: C.-C. Chang, C.-J. Lin, "LIBSVM: a library for support vector machines", ACM TIST 2011. Indices start at 1
//! or, if a 0 occurs in any line of the set, at 0, as some programs write them; they need not ascend. A `#` starts a
//! comment, and `qid:` after the label, the query of a ranking, is passed over. Labels are whole numbers; the classes are those of the set's own file, in ascending order. Test samples are
//! read from a file of the same name with `.t` at its end (before `.gz` if compressed), if it exists.

use std::io::{BufRead, BufReader, Read as _};
use std::path::PathBuf;

use thiserror::Error;

use super::source::{GZIP, Unpacked, foreign_format, open_regular};
use super::table::LARGEST;
use crate::messages;

/// The word for sparse documents that are generated instead of read.
pub const TOPICS: &str = "topics";
/// The most features of a set.
const MOST_FEATURES: usize = 1_000_000;
/// The most nonzero entries of a set, test included.
const MOST_ENTRIES: usize = 100_000_000;
/// The most samples of a file.
const MOST_SAMPLES: usize = 5_000_000;
/// The most weights of a linear model of the set; a point of a run is as large.
const MOST_WEIGHTS: usize = 20_000_000;
/// The most bytes of a line.
const LONGEST_LINE: u64 = 1 << 24;
/// The largest magnitude of a label.
const LARGEST_LABEL: f64 = 1e15;
/// The fewest samples of a set: one each for training, validation and test.
const LEAST: usize = 3;
/// The most lines, and bytes of them, that hold no sample.
const MOST_IDLE: [u64; 2] = [1_000_000, 64 << 20];
/// A set of more classes than this has to have [`FEWEST_OF_CLASS`] samples of each on average.
const FEW_CLASSES: usize = 20;
const FEWEST_OF_CLASS: usize = 5;

/// An error that makes a file of sparse samples unusable, as a sentence.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SparseError {
    /// The system could not read the file.
    #[error("{}", messages::data::unreadable(file, reason))]
    Unreadable {
        /// The file.
        file: String,
        /// The system's message.
        reason: String,
    },
    /// An error in a line.
    #[error("{}", messages::data::in_line(file, *line, reason))]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The error, and the expected form.
        reason: String,
    },
    /// The file as a whole is not a usable data set.
    #[error("{}", messages::data::wrong_set(file, reason))]
    Set {
        /// The file.
        file: String,
        /// The property that makes it unusable.
        reason: String,
    },
}

/// Sparse rows with a class each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SparseRows {
    /// The end of each row's entries.
    pub ends: Vec<usize>,
    /// The feature of each entry, from 0 and ascending within a row.
    pub features: Vec<u32>,
    /// The value of each entry, finite and not zero.
    pub values: Vec<f64>,
    /// The class of each row, from 0.
    pub classes: Vec<u32>,
}

impl SparseRows {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The range of a row's entries.
    pub fn range(&self, row: usize) -> std::ops::Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        start..self.ends[row]
    }
}

/// A set of sparse samples under the name that a file gives it. Two sets are equal if their names are.
#[derive(Clone, Debug)]
pub struct SparseSet {
    name: String,
    path: String,
    /// The number of features.
    pub features: usize,
    /// The number of classes.
    pub classes: usize,
    /// Samples from which training and validation sets are drawn, and the test set if the set has none of its own.
    pub pool: SparseRows,
    /// The set's own test samples.
    pub test: Option<SparseRows>,
}

impl PartialEq for SparseSet {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl SparseSet {
    /// The file from which it was read.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path from which it was read.
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

    /// Reads a file and, if it exists, the file of its test samples.
    pub fn read(path: &str) -> Result<Self, SparseError> {
        let mut budget = MOST_ENTRIES;
        let pool = ParsedRows::read(path, &mut budget)?;
        let test = test_of(path).map(|path| {
            let file = path.display().to_string();
            ParsedRows::read(&file, &mut budget).map(|lines| (lines, file))
        });
        let test = test.transpose()?;
        let fault = |reason: String| SparseError::Set {
            file: path.to_owned(),
            reason,
        };
        if pool.rows.len() < LEAST {
            return Err(fault(messages::data::too_few_samples(
                pool.rows.len(),
                LEAST,
            )));
        }
        let parts = || std::iter::once(&pool).chain(test.iter().map(|(lines, _)| lines));
        let lowest = parts().filter_map(|lines| lines.lowest).min();
        let highest = parts().filter_map(|lines| lines.highest).max();
        let (Some(lowest), Some(highest)) = (lowest, highest) else {
            return Err(fault(messages::data::no_entry().to_owned()));
        };
        let base = lowest.min(1);
        let features = highest as usize + 1 - base as usize;
        let mut labels: Vec<i64> = pool.labels.clone();
        labels.sort_unstable();
        labels.dedup();
        if labels.len() < 2 {
            return Err(fault(messages::data::one_class(labels[0])));
        }
        let samples = pool.rows.len();
        if labels.len() > FEW_CLASSES && samples < labels.len() * FEWEST_OF_CLASS {
            return Err(fault(messages::data::too_many_classes(
                labels.len(),
                samples,
            )));
        }
        if labels.len().saturating_mul(features) > MOST_WEIGHTS {
            return Err(fault(messages::data::too_many_weights(
                features,
                labels.len(),
                MOST_WEIGHTS,
            )));
        }
        Ok(Self {
            name: path.to_owned(),
            path: path.to_owned(),
            features,
            classes: labels.len(),
            pool: pool.rows(base, &labels, path)?,
            test: test
                .map(|(lines, file)| lines.rows(base, &labels, &file))
                .transpose()?,
        })
    }
}

/// The file of test samples that belongs to a file; `None` if it does not exist.
fn test_of(path: &str) -> Option<PathBuf> {
    let plain = path.strip_suffix(".gz").unwrap_or(path);
    [format!("{plain}.t"), format!("{plain}.t.gz")]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
}

/// The parsed lines of a file, with indices and labels as written.
#[derive(Default)]
struct ParsedRows {
    rows: SparseRows,
    labels: Vec<i64>,
    /// The line of each row, from 1.
    numbers: Vec<usize>,
    lowest: Option<u32>,
    highest: Option<u32>,
}

impl ParsedRows {
    /// Reads a file; `budget` is the number of entries still allowed.
    fn read(file: &str, budget: &mut usize) -> Result<Self, SparseError> {
        let unreadable = |reason: String| SparseError::Unreadable {
            file: file.to_owned(),
            reason,
        };
        let words = |error: std::io::Error| unreadable(error.to_string());
        let opened = open_regular(file).map_err(unreadable)?;
        let mut plain = BufReader::new(opened);
        let start = plain.fill_buf().map_err(words)?;
        if let Some(format) = foreign_format(start) {
            return Err(unreadable(messages::data::foreign(format)));
        }
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(unreadable(messages::data::wide_text().to_owned()));
        }
        let mut source: Box<dyn BufRead> = if start.starts_with(&GZIP) {
            Box::new(BufReader::new(Unpacked::new(plain)))
        } else {
            Box::new(plain)
        };
        let mut lines = Self::default();
        let mut bytes = Vec::new();
        let mut idle = [0; 2];
        for number in 1.. {
            bytes.clear();
            let read = source
                .by_ref()
                .take(LONGEST_LINE + 1)
                .read_until(b'\n', &mut bytes)
                .map_err(words)?;
            if read == 0 {
                break;
            }
            let line = if number == 1 {
                bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)
            } else {
                &bytes
            };
            let error = |reason| SparseError::Line {
                file: file.to_owned(),
                line: number,
                reason,
            };
            let is_sample = lines.line(number, line, budget).map_err(error)?;
            if !is_sample {
                idle = [idle[0] + 1, idle[1] + read as u64];
            }
            if idle[0] > MOST_IDLE[0] || idle[1] > MOST_IDLE[1] {
                return Err(error(messages::data::too_many_idle_lines().to_owned()));
            }
        }
        Ok(lines)
    }

    /// Parses a line and appends its sample; returns false if it has none.
    fn line(&mut self, number: usize, bytes: &[u8], budget: &mut usize) -> Result<bool, String> {
        if bytes.len() as u64 > LONGEST_LINE {
            return Err(messages::data::line_too_long(LONGEST_LINE));
        }
        let text = str::from_utf8(bytes)
            .map_err(|error| messages::data::line_is_no_text(&error.to_string()))?;
        let text = text.split('#').next().unwrap_or_default();
        let mut words = text.split_ascii_whitespace().peekable();
        let Some(label) = words.next() else {
            return Ok(false);
        };
        if self.labels.len() == MOST_SAMPLES {
            return Err(messages::data::too_many_samples(MOST_SAMPLES));
        }
        self.labels
            .push(whole(label).ok_or_else(|| messages::data::label_expected(label))?);
        self.numbers.push(number);
        words.next_if(|word| is_query(word));
        let mut entries = Vec::new();
        for word in words {
            let (index, value) = entry(word)?;
            if value == 0.0 {
                continue;
            }
            *budget = budget
                .checked_sub(1)
                .ok_or_else(|| messages::data::too_many_entries(MOST_ENTRIES))?;
            entries.push((index, value));
        }
        entries.sort_by_key(|(index, _)| *index);
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(messages::data::index_occurs_twice(pair[0].0));
        }
        if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
            self.lowest = Some(self.lowest.map_or(first.0, |lowest| lowest.min(first.0)));
            self.highest = Some(self.highest.map_or(last.0, |highest| highest.max(last.0)));
        }
        for (index, value) in entries {
            self.rows.features.push(index);
            self.rows.values.push(value);
        }
        self.rows.ends.push(self.rows.features.len());
        Ok(true)
    }

    /// The rows with features from 0 and classes in the order of the given labels.
    fn rows(self, base: u32, labels: &[i64], file: &str) -> Result<SparseRows, SparseError> {
        let mut rows = self.rows;
        for feature in &mut rows.features {
            *feature -= base;
        }
        rows.classes.reserve_exact(self.labels.len());
        for (label, line) in self.labels.iter().zip(&self.numbers) {
            let class = labels
                .binary_search(label)
                .map_err(|_absent| SparseError::Line {
                    file: file.to_owned(),
                    line: *line,
                    reason: messages::data::unknown_label(*label),
                })?;
            rows.classes.push(class as u32);
        }
        Ok(rows)
    }
}

/// Parses a whole number, which may have a fractional part of zero.
fn whole(word: &str) -> Option<i64> {
    let number: f64 = word.parse().ok()?;
    (number.fract() == 0.0 && number.abs() <= LARGEST_LABEL).then_some(number as i64)
}

/// True for the query of a ranking, such as `qid:3`.
fn is_query(word: &str) -> bool {
    let query = word.strip_prefix("qid:");
    query.is_some_and(|query| query.parse::<u64>().is_ok())
}

fn entry(word: &str) -> Result<(u32, f64), String> {
    let wrong = || messages::data::entry_expected(word);
    let (index, value) = word.split_once(':').ok_or_else(wrong)?;
    let index: u64 = index.parse().map_err(|_error| wrong())?;
    let value: f64 = value.parse().map_err(|_error| wrong())?;
    if !value.is_finite() {
        return Err(messages::data::infinite_entry(word));
    }
    if value.abs() > LARGEST {
        return Err(messages::data::entry_too_large(word, LARGEST));
    }
    if index > MOST_FEATURES as u64 {
        return Err(messages::data::index_too_large(index, MOST_FEATURES));
    }
    Ok((index as u32, value))
}
