//! Errors in data sets: images, sparse samples and tables, and the words for their kinds.

use super::counted::counted;
use super::excerpt::{excerpt, short_path};

pub(crate) fn unreadable(file: &str, reason: &str) -> String {
    let file = short_path(file);
    format!("{file} cannot be read: {reason}")
}

pub(crate) fn in_line(file: &str, line: usize, reason: &str) -> String {
    let file = short_path(file);
    format!("{file}, line {line}: {reason}")
}

// kinds of data, as values of a parameter

pub(crate) fn word_or_folder(words: &str) -> String {
    format!("{words} or a folder")
}

pub(crate) fn word_or_csv_file(words: &str) -> String {
    format!("{words} or the path of a CSV file")
}

pub(crate) fn word_or_folder_or_table(words: &str) -> String {
    format!("{words} or a folder or the path of a CSV file")
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
    let folder = short_path(folder);
    format!("there is no file {name} or {name}.gz in the folder \"{folder}\"")
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

pub(crate) fn mismatch(first: &str, second: &str, reason: &str) -> String {
    format!("{first} and {second} do not match: {reason}")
}

pub(crate) fn different_pixels(first: usize, second: usize) -> String {
    format!("{first} and {second} pixels")
}

pub(crate) fn different_samples(images: usize, labels: usize) -> String {
    let labels = counted(labels, "label");
    let images = counted(images, "image");
    format!("{images} and {labels}")
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
    let samples = counted(samples, "sample");
    format!("has {samples}; a set has at least {least}")
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
    let word = excerpt(word);
    format!("a sample begins with its label, a whole number, not {word}")
}

pub(crate) fn unknown_label(label: i64) -> String {
    format!("no training sample has the label {label}")
}

pub(crate) fn entry_expected(word: &str) -> String {
    let word = excerpt(word);
    format!("{word} is no index:value, such as 12:0.5")
}

pub(crate) fn infinite_entry(word: &str) -> String {
    let word = excerpt(word);
    format!("the value of {word} is not finite")
}

pub(crate) fn entry_too_large(word: &str, most: f64) -> String {
    let word = excerpt(word);
    format!("the value of {word} is out of range: values go to ±{most:e}")
}

pub(crate) fn too_many_classes(classes: usize, samples: usize) -> String {
    format!(
        "has {classes} different labels in {samples} samples: they are continuous, and a classification needs classes"
    )
}

pub(crate) fn wide_text() -> &'static str {
    "it is UTF-16 text; save it in UTF-8"
}

pub(crate) fn too_many_idle_lines() -> &'static str {
    "it has more than 1000000 lines or 64 MiB without samples"
}

pub(crate) fn index_too_large(index: u64, most: usize) -> String {
    format!("index {index} is too large: at most {most} features are read")
}

pub(crate) fn index_occurs_twice(index: u32) -> String {
    format!("index {index} occurs twice")
}

// tables

pub(crate) fn ragged(file: &str, line: u64, found: usize, expected: usize) -> String {
    let found = counted(found, "cell");
    let file = short_path(file);
    format!("{file}, line {line}: the row has {found}, and the header {expected}")
}

/// A cell in a column of numbers; `key` is the key that chooses columns.
pub(crate) fn wrong_cell(cell: &str, column: &str, is_of_words: bool, key: &str) -> String {
    let (cell, column) = (excerpt(cell), excerpt(column));
    let sentence = format!("{cell} in column {column} is not a finite number");
    match (is_of_words, key) {
        (true, "features") => {
            format!("{sentence}; `features = [...]` may name the columns that are")
        }
        (true, "columns") => {
            format!("{sentence}; `columns = [...]` may name the columns that are")
        }
        (true, "column") => sentence,
        (true, _) => format!("{sentence}; `target = \"...\"` may name a column of numbers"),
        _ => sentence,
    }
}

pub(crate) fn cell_too_large(cell: &str, column: &str, most: f64) -> String {
    let (cell, column) = (excerpt(cell), excerpt(column));
    format!("{cell} in column {column} is out of range: numbers go to ±{most:e}")
}

pub(crate) fn two_decimal_marks(cell: &str) -> String {
    let cell = excerpt(cell);
    format!("{cell} has another decimal mark than numbers before it: a file has points or commas")
}

pub(crate) fn columns_of_one_name(file: &str, line: u64, column: &str) -> String {
    let (file, column) = (short_path(file), excerpt(column));
    format!("{file}, line {line}: two columns are called {column}")
}

/// An error in a table as a whole.
pub(crate) fn of_table(file: &str, reason: &str) -> String {
    format!("{file}: {reason}")
}

pub(crate) fn constant_column(column: &str) -> String {
    let column = excerpt(column);
    format!("column {column} is constant, so it cannot be standardized")
}

pub(crate) fn constant_in_training(column: &str, rows: usize) -> String {
    let rows = counted(rows, "training row");
    let column = excerpt(column);
    format!("column {column} is constant over the {rows}, so it cannot be standardized")
}

pub(crate) fn no_number_in_training(column: &str, rows: usize) -> String {
    let rows = counted(rows, "training row");
    let column = excerpt(column);
    format!("column {column} has no number in the {rows}, so it has no mean")
}

pub(crate) fn missing_cell(column: &str) -> String {
    let column = excerpt(column);
    format!(
        "column {column} has no number here; `missing = \"drop\"` leaves such rows out, `missing = \"mean\"` takes the mean of the training rows"
    )
}

pub(crate) fn too_few_complete_rows(rows: usize, least: usize) -> String {
    let verb = if rows == 1 { "is" } else { "are" };
    let rows = counted(rows, "row");
    format!("{rows} {verb} complete, and a table has at least {least}")
}

pub(crate) fn unknown_column(given: &str, names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| excerpt(name)).collect();
    if names.len() > SHOWN {
        shown.push("…".to_owned());
    }
    format!("there is no column {given}; there are {}", shown.join(", "))
}

pub(crate) fn feature_is_target(column: &str) -> String {
    let column = excerpt(column);
    format!("column {column} is the target, and no feature")
}

pub(crate) fn feature_twice(column: &str) -> String {
    let column = excerpt(column);
    format!("column {column} is named twice")
}

// constants from tables

/// The key of a split that takes too many rows, in words.
pub(crate) fn parts_too_large(asked: usize, there: usize) -> String {
    format!("the parts take {asked} rows together, and the table has {there}")
}

pub(crate) fn empty_part(part: &str) -> String {
    format!("no row is left for `rows = \"{part}\"`")
}

pub(crate) fn no_columns_left() -> &'static str {
    "other constants take all columns alone, so that none is left for this matrix"
}

pub(crate) fn too_many_table_numbers(count: usize, most: usize) -> String {
    format!("the constants from tables have {count} numbers together, and the limit is {most}")
}

/// The size of a constant and its part of the rows.
pub(crate) fn table_constant(
    name: &str,
    rows: usize,
    columns: Option<usize>,
    part: &str,
) -> String {
    let columns = columns.map_or_else(String::new, |columns| format!(" × {columns}"));
    format!("`{name}` {rows}{columns} ({part})")
}

/// A table of a typed problem: its size, what was changed in it, and the constants that hold it.
pub(crate) fn table_of_constants(
    name: &str,
    [rows, columns]: [usize; 2],
    remarks: &[String],
    constants: &[String],
) -> String {
    let columns = counted(columns, "column");
    let rows = counted(rows, "row");
    let name = short_path(name);
    let mut words = vec![format!("{name}: {rows}, {columns}")];
    words.extend(remarks.iter().cloned());
    format!("{}; {}", words.join(", "), constants.join(", "))
}

pub(crate) fn continuous_target(column: &str, values: usize, rows: usize) -> String {
    let column = excerpt(column);
    format!(
        "target {column} has {values} different values in {rows} rows: it is continuous, and a classification needs classes"
    )
}

pub(crate) fn one_value(column: &str) -> String {
    let column = excerpt(column);
    format!("target {column} has one class alone; there must be two or more")
}

pub(crate) fn row() -> &'static str {
    "row"
}

pub(crate) fn column_of_table() -> &'static str {
    "column"
}

/// A table with too few of `what`: [`row`] or [`column_of_table`].
pub(crate) fn table_too_small(file: &str, found: usize, what: &str) -> String {
    let file = short_path(file);
    let rest = if what == row() {
        " of numbers; a table has at least 3"
    } else {
        "; a table has at least 2, parted by commas, semicolons, tabs or blanks"
    };
    format!("{file} has {}{rest}", counted(found, what))
}

pub(crate) fn bytes() -> &'static str {
    "bytes"
}

pub(crate) fn numbers() -> &'static str {
    "numbers"
}

/// A table with too many of `what`: [`bytes`] or [`numbers`].
pub(crate) fn table_too_large(file: &str, most: u64, what: &str) -> String {
    let file = short_path(file);
    format!("{file} has more than {most} {what}, and no more are read")
}

/// The name of a column that has none.
pub(crate) fn column(number: usize) -> String {
    format!("column {number}")
}

// layouts of tables, as remarks

pub(crate) const fn gzip() -> &'static str {
    "packed with gzip"
}

pub(crate) const fn utf_16() -> &'static str {
    "in UTF-16"
}

pub(crate) const fn semicolons() -> &'static str {
    "parted by semicolons"
}

pub(crate) const fn tabs() -> &'static str {
    "parted by tabs"
}

pub(crate) const fn blanks() -> &'static str {
    "parted by blanks"
}

pub(crate) const fn decimal_commas() -> &'static str {
    "decimal commas"
}

pub(crate) const fn no_names() -> &'static str {
    "no line of names"
}

pub(crate) fn index_left_out(name: &str) -> String {
    if name.is_empty() {
        "the unnamed first column is an index and left out".to_owned()
    } else {
        format!(
            "the first column {} is an index and left out",
            excerpt(name)
        )
    }
}

// files that are no text or no regular ones

pub(crate) const fn empty_path() -> &'static str {
    "the path is empty"
}

pub(crate) const fn is_folder() -> &'static str {
    "it is a folder"
}

pub(crate) const fn is_not_regular() -> &'static str {
    "it is a pipe or a device, and data are read from regular files"
}

pub(crate) const fn is_empty() -> &'static str {
    "it is empty, or a file of the system without a size"
}

/// A file of another format, in one of the words below.
pub(crate) fn foreign(format: &str) -> String {
    format!("it is {format}, and no text; save it as CSV in UTF-8")
}

pub(crate) const fn zip() -> &'static str {
    "a ZIP archive or an Excel workbook"
}

pub(crate) const fn old_workbook() -> &'static str {
    "an Excel workbook"
}

pub(crate) const fn xz() -> &'static str {
    "packed with xz"
}

pub(crate) const fn zstd() -> &'static str {
    "packed with zstd"
}

pub(crate) const fn bzip2() -> &'static str {
    "packed with bzip2"
}

pub(crate) const fn parquet() -> &'static str {
    "a Parquet file"
}

pub(crate) const fn hdf5() -> &'static str {
    "an HDF5 file"
}

pub(crate) const fn numpy() -> &'static str {
    "a file of NumPy"
}

pub(crate) const fn arrow() -> &'static str {
    "an Arrow file"
}

pub(crate) const fn pdf() -> &'static str {
    "a PDF document"
}

pub(crate) const fn picture() -> &'static str {
    "a picture"
}

pub(crate) const fn web_page() -> &'static str {
    "a web page"
}

pub(crate) const fn broken_utf_16() -> &'static str {
    "its UTF-16 is broken"
}

pub(crate) fn not_utf_8(byte: u8, line: usize) -> String {
    format!("byte 0x{byte:02X} in line {line} is not UTF-8; save the file in UTF-8")
}

pub(crate) const fn unpacks_to_nothing() -> &'static str {
    "its gzip members are almost empty"
}

pub(crate) fn unpacks_to_too_much(most: u64) -> String {
    format!("it unpacks to more than {most} times its size")
}
