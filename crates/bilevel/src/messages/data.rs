//! Errors in data sets: images, sparse samples and tables, and the words for their kinds.

pub(crate) fn unreadable(file: &str, reason: &str) -> String {
    format!("{file} cannot be read: {reason}")
}

pub(crate) fn in_line(file: &str, line: usize, reason: &str) -> String {
    format!("{file}, line {line}: {reason}")
}

// kinds of data, as values of a parameter

pub(crate) fn word_or_folder(words: &str) -> String {
    format!("{words} or a folder")
}

pub(crate) fn word_or_csv_file(words: &str) -> String {
    format!("{words} or the path of a CSV file")
}

pub(crate) fn word_or_libsvm_file(words: &str) -> String {
    format!("{words} or the path of a file in the format of LIBSVM")
}

// images

pub(crate) const fn images() -> &'static str {
    "images"
}

pub(crate) const fn labels() -> &'static str {
    "labels"
}

pub(crate) fn missing(folder: &str, name: &str) -> String {
    format!("there is no file {name} or {name}.gz in the folder {folder:?}")
}

/// An IDX file with another header; `what` is [`images`] or [`labels`].
pub(crate) fn wrong_header(file: &str, what: &str) -> String {
    format!("{file} is not an IDX file of {what}")
}

pub(crate) fn too_many_bytes(file: &str, promised: usize, most: usize) -> String {
    format!("{file} declares {promised} bytes; at most {most} are read")
}

pub(crate) fn truncated() -> &'static str {
    "truncated"
}

pub(crate) fn too_long() -> &'static str {
    "too long"
}

/// An IDX file of another length; `fault` is [`truncated`] or [`too_long`].
pub(crate) fn wrong_length(file: &str, fault: &str, promised: usize, found: usize) -> String {
    format!("{file} is {fault}: its header declares {promised} bytes of data, and it has {found}")
}

pub(crate) fn wrong_label(file: &str, number: usize, label: u8, last: usize) -> String {
    format!("{file}: label {number} is {label}, and classes go from 0 to {last}")
}

pub(crate) fn mismatch(first: &str, second: &str, reason: &str) -> String {
    format!("{first} and {second} do not match: {reason}")
}

pub(crate) fn different_pixels(first: usize, second: usize) -> String {
    format!("{first} and {second} pixels")
}

pub(crate) fn different_samples(images: usize, labels: usize) -> String {
    format!("{images} images and {labels} labels")
}

pub(crate) fn wrong_number_of_pixels(most: usize, pixels: usize) -> String {
    format!("images have 1 to {most} pixels, and these {pixels}")
}

pub(crate) fn too_few_images(least: usize, samples: usize) -> String {
    format!("a set has at least {least} samples, and this one {samples}")
}

// sparse samples

/// An error in a file as a whole; the reason is a predicate, such as [`no_entry`].
pub(crate) fn wrong_set(file: &str, reason: &str) -> String {
    format!("{file} {reason}")
}

pub(crate) fn too_few_samples(samples: usize, least: usize) -> String {
    format!("has {samples} samples; a set has at least {least}")
}

pub(crate) fn no_entry() -> &'static str {
    "has no nonzero entry"
}

pub(crate) fn one_class(label: i64) -> String {
    format!("has samples of one class alone, {label}; there must be two or more")
}

pub(crate) fn too_many_weights(features: usize, classes: usize, most: usize) -> String {
    format!(
        "has {features} features and {classes} classes; a model of them would have more than {most} weights, the limit"
    )
}

pub(crate) fn line_too_long(most: u64) -> String {
    format!("it is longer than {most} bytes")
}

pub(crate) fn line_is_no_text(error: &str) -> String {
    format!("it is not text: {error}")
}

pub(crate) fn too_many_samples(most: usize) -> String {
    format!("at most {most} samples are read")
}

pub(crate) fn too_many_entries(most: usize) -> String {
    format!("the set has more than {most} nonzero entries, the limit")
}

pub(crate) fn label_expected(word: &str) -> String {
    format!("a sample begins with its label, a whole number, not {word:?}")
}

pub(crate) fn unknown_label(label: i64) -> String {
    format!("no training sample has the label {label}")
}

pub(crate) fn entry_expected(word: &str) -> String {
    format!("{word:?} is no index:value, such as 12:0.5")
}

pub(crate) fn infinite_entry(word: &str) -> String {
    format!("the value of {word:?} is not finite")
}

pub(crate) fn index_too_large(index: u64, most: usize) -> String {
    format!("index {index} is too large: at most {most} features are read")
}

pub(crate) fn index_occurs_twice(index: u32) -> String {
    format!("index {index} occurs twice")
}

// tables

pub(crate) fn ragged(file: &str, line: u64, found: usize, expected: usize) -> String {
    format!("{file}, line {line}: the row has {found} cells, and the header {expected}")
}

pub(crate) fn wrong_cell(file: &str, line: u64, cell: &str, column: &str) -> String {
    format!("{file}, line {line}: {cell:?} in column {column:?} is not a finite number")
}

pub(crate) fn columns_of_one_name(file: &str, column: &str) -> String {
    format!("{file}, line 1: two columns are called {column:?}")
}

pub(crate) fn constant_column(file: &str, column: &str) -> String {
    format!("{file}: column {column:?} is constant, so it cannot be standardized")
}

pub(crate) fn rows() -> &'static str {
    "rows of numbers"
}

pub(crate) fn columns() -> &'static str {
    "columns"
}

/// A table with too few of `what`: [`rows`] or [`columns`].
pub(crate) fn table_too_small(file: &str, found: usize, what: &str, least: usize) -> String {
    format!("{file} has {found} {what}; a table has at least {least}")
}

pub(crate) fn bytes() -> &'static str {
    "bytes"
}

pub(crate) fn numbers() -> &'static str {
    "numbers"
}

/// A table with too many of `what`: [`bytes`] or [`numbers`].
pub(crate) fn table_too_large(file: &str, most: u64, what: &str) -> String {
    format!("{file} has more than {most} {what}, and no more are read")
}
