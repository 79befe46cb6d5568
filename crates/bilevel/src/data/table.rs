//! A table of numbers from a text: a line of names, then one row per line. `table_layout.rs` has the accepted layouts.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use thiserror::Error;

use super::source::{DecodedText, TextError, decode, read_text};
use super::table_layout::{
    TableLine, begins_with_names, comma_number, has_decimal_commas, is_missing, lines_of,
    plain_number,
};
use crate::messages;

/// The words for the built-in tables.
pub const SHIPPED_TABLES: &[&str] = &["diabetes", "winequality-red"];
/// The most bytes of a file.
const MOST_BYTES: u64 = 10_000_000;
/// The most numbers of a table.
const MOST_CELLS: usize = 1_000_000;
/// The fewest rows: one each for training, validation and test.
pub(super) const LEAST_ROWS: usize = 3;
/// The largest magnitude of a number: its square is finite, and so are sums of squares.
pub(super) const LARGEST: f64 = 1e100;
/// The names of columns that hold the number of a row, if they count.
const INDEX_NAMES: [&str; 5] = ["", "index", "id", "row", "Unnamed: 0"];

/// An error that makes a table unusable, as a sentence.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TableError {
    /// The system could not read the file, or it is not text.
    #[error("{}", messages::data::unreadable(file, reason))]
    Unreadable {
        /// The file.
        file: String,
        /// The system's message.
        reason: String,
    },
    /// A row is longer or shorter than the first line.
    #[error("{}", messages::data::ragged(file, *line, *found, *expected))]
    Ragged {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The cells of the row.
        found: usize,
        /// The cells of the first line.
        expected: usize,
    },
    /// An error in a line.
    #[error("{}", messages::data::in_line(file, *line as usize, reason))]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The error in words.
        reason: String,
    },
    /// Two columns have the same name.
    #[error("{}", messages::data::columns_of_one_name(file, *line, column))]
    Twice {
        /// The file.
        file: String,
        /// The line of names, from 1.
        line: u64,
        /// The name.
        column: String,
    },
    /// Too few rows or columns.
    #[error("{}", messages::data::table_too_small(file, *found, what))]
    Small {
        /// The file.
        file: String,
        /// The number of rows or columns found.
        found: usize,
        /// The word for one of them.
        what: &'static str,
    },
    /// The table exceeds a size limit.
    #[error("{}", messages::data::table_too_large(file, *most, what))]
    Large {
        /// The file.
        file: String,
        /// The limit.
        most: u64,
        /// "bytes" or "numbers".
        what: &'static str,
    },
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct TableColumn {
    /// The name, or "column 3" where the file has none.
    pub name: String,
    /// The number of each row; NaN for a cell that is missing or is a word.
    pub numbers: Vec<f64>,
    /// The cells as written, if any is a word; empty for a missing one.
    pub words: Option<Vec<String>>,
}

/// Rows of numbers, as in the file. Two tables are equal if their names are.
#[derive(Clone, Debug)]
pub struct DataTable {
    name: String,
    path: String,
    /// The columns without the one that counts the rows.
    pub columns: Vec<TableColumn>,
    /// The line of each row, from 1.
    pub lines: Vec<u64>,
    /// The layout, where it differs from the usual one, in words.
    pub remarks: Vec<String>,
    /// The order in which rows are split into training, validation and test sets if no seed shuffles them; `None` for
    /// the file's order.
    order: Option<Vec<usize>>,
}

impl PartialEq for DataTable {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl DataTable {
    /// The word or the path by which a file of an experiment names it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path from which it was read; the word of a built-in table.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The order in which rows are split into training, validation and test sets if no seed shuffles them.
    pub fn order(&self) -> Vec<usize> {
        self.order
            .clone()
            .unwrap_or_else(|| (0..self.rows()).collect())
    }

    /// Some rows, in ascending order, in the order of a split: shuffled by a seed, or for a seed of 0 in the table's own
    /// order. Returns their places among the given ones.
    pub(crate) fn split_order(&self, rows: &[usize], seed: u64) -> Vec<usize> {
        if seed != 0 {
            let mut order: Vec<usize> = (0..rows.len()).collect();
            order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
            return order;
        }
        let places = self.order().into_iter();
        places
            .filter_map(|row| rows.binary_search(&row).ok())
            .collect()
    }

    /// True for a built-in table.
    pub fn is_shipped(&self) -> bool {
        SHIPPED_TABLES.contains(&self.name())
    }

    /// A built-in table; `None` for a word that is not in [`SHIPPED_TABLES`].
    ///
    /// # Panics
    /// Never: a test reads the embedded files.
    pub fn shipped(word: &str) -> Option<Arc<Self>> {
        static TABLES: [OnceLock<Arc<DataTable>>; 2] = [OnceLock::new(), OnceLock::new()];
        let place = SHIPPED_TABLES.iter().position(|name| *name == word)?;
        let unpack = || {
            let bytes: &[u8] = match place {
                0 => include_bytes!("../../assets/data/diabetes.csv"),
                _ => include_bytes!("../../assets/data/winequality-red.csv"),
            };
            let text = decode(bytes, MOST_BYTES).expect("the embedded files are text");
            let mut table = parse(text, word).expect("the embedded files are sound");
            if place == 0 {
                let order = include_str!("../../assets/data/diabetes-order.txt");
                let rows = order.split_whitespace().map(str::parse);
                table.order = Some(rows.collect::<Result<_, _>>().expect("they are numbers"));
            }
            Arc::new(table)
        };
        Some(Arc::clone(TABLES[place].get_or_init(unpack)))
    }

    /// The same table under another name.
    pub fn named(self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self
        }
    }

    /// Reads a file of text.
    pub fn read(path: &str) -> Result<Self, TableError> {
        let text = read_text(path, MOST_BYTES).map_err(|error| match error {
            TextError::Unreadable(reason) => TableError::Unreadable {
                file: path.to_owned(),
                reason,
            },
            TextError::TooLong => TableError::Large {
                file: path.to_owned(),
                most: MOST_BYTES,
                what: messages::data::bytes(),
            },
        })?;
        parse(text, path)
    }
}

/// Reads a table from a text; `file` is its name in errors.
fn parse(decoded: DecodedText, file: &str) -> Result<DataTable, TableError> {
    let DecodedText { text, remarks } = decoded;
    let mut remarks: Vec<String> = remarks.into_iter().map(ToOwned::to_owned).collect();
    let line_error = |line: u64, reason: String| TableError::Line {
        file: file.to_owned(),
        line,
        reason,
    };
    let small = |found, what| TableError::Small {
        file: file.to_owned(),
        found,
        what,
    };
    let (separator, mut lines) =
        lines_of(&text, MOST_CELLS).map_err(|reason| TableError::Unreadable {
            file: file.to_owned(),
            reason,
        })?;
    if lines.iter().map(|line| line.cells.len()).sum::<usize>() > MOST_CELLS {
        return Err(TableError::Large {
            file: file.to_owned(),
            most: MOST_CELLS as u64,
            what: messages::data::numbers(),
        });
    }
    remarks.extend(separator.remark().map(ToOwned::to_owned));
    let has_commas = has_decimal_commas(separator, &lines)
        .map_err(|(line, cell)| line_error(line, messages::data::two_decimal_marks(&cell)))?;
    if has_commas {
        remarks.push(messages::data::decimal_commas().to_owned());
    }
    let number = |cell: &str| {
        if has_commas {
            comma_number(cell).or_else(|| plain_number(cell))
        } else {
            plain_number(cell)
        }
    };
    let has_names = begins_with_names(&lines, number);
    let names = has_names.then(|| lines.remove(0));
    if names.is_none() {
        remarks.push(messages::data::no_names().to_owned());
    }
    let width = check_widths(names.as_ref(), &lines, file)?;
    if width < 2 {
        return Err(small(width, messages::data::column_of_table()));
    }
    let mut columns = Vec::with_capacity(width);
    for (place, name) in column_names(names, width, file)?.into_iter().enumerate() {
        let column = column(name, place, &lines, number);
        columns.push(column.map_err(|(line, reason)| line_error(line, reason))?);
    }
    if lines.len() < LEAST_ROWS {
        return Err(small(lines.len(), messages::data::row()));
    }
    if columns.len() > 2 && is_index(&columns[0], has_names) {
        let index = columns.remove(0);
        remarks.push(messages::data::index_left_out(&index.name));
    }
    if columns[0].name.is_empty() {
        columns[0].name = messages::data::column(1);
    }
    Ok(DataTable {
        name: file.to_owned(),
        path: file.to_owned(),
        columns,
        lines: lines.iter().map(|line| line.number).collect(),
        remarks,
        order: None,
    })
}

/// The number of cells of every row: that of the line of names, or one more for the numbers of rows without a name.
fn check_widths(
    names: Option<&TableLine>,
    lines: &[TableLine],
    file: &str,
) -> Result<usize, TableError> {
    let first = names
        .or_else(|| lines.first())
        .map_or(0, |line| line.cells.len());
    let rows_have_more = names.is_some() && lines.iter().all(|line| line.cells.len() == first + 1);
    let width = if rows_have_more && !lines.is_empty() {
        first + 1
    } else {
        first
    };
    match lines.iter().find(|line| line.cells.len() != width) {
        Some(line) => Err(TableError::Ragged {
            file: file.to_owned(),
            line: line.number,
            found: line.cells.len(),
            expected: width,
        }),
        None => Ok(width),
    }
}

/// The names of the columns; an empty first one for the column that has none.
fn column_names(
    names: Option<TableLine>,
    width: usize,
    file: &str,
) -> Result<Vec<String>, TableError> {
    let Some(TableLine { number, mut cells }) = names else {
        return Ok((1..=width).map(messages::data::column).collect());
    };
    if cells.len() < width {
        cells.insert(0, String::new());
    }
    for (place, cell) in cells.iter_mut().enumerate().skip(1) {
        if cell.is_empty() {
            *cell = messages::data::column(place + 1);
        }
    }
    let mut seen = HashSet::new();
    match cells.iter().find(|column| !seen.insert(*column)) {
        Some(column) => Err(TableError::Twice {
            file: file.to_owned(),
            line: number,
            column: column.clone(),
        }),
        None => Ok(cells),
    }
}

/// The cells of a column; an error is a line and the reason.
fn column(
    name: String,
    place: usize,
    lines: &[TableLine],
    number: impl Fn(&str) -> Option<f64>,
) -> Result<TableColumn, (u64, String)> {
    let mut numbers = Vec::with_capacity(lines.len());
    let mut has_words = false;
    for line in lines {
        let cell = line.cells[place].as_str();
        let value = number(cell);
        if let Some(value) = value
            && value.abs() > LARGEST
        {
            return Err((
                line.number,
                messages::data::cell_too_large(cell, &name, LARGEST),
            ));
        }
        has_words |= value.is_none() && !is_missing(cell);
        numbers.push(value.unwrap_or(f64::NAN));
    }
    let word = |line: &TableLine| {
        let cell = line.cells[place].as_str();
        if is_missing(cell) { "" } else { cell }.to_owned()
    };
    Ok(TableColumn {
        words: has_words.then(|| lines.iter().map(word).collect()),
        name,
        numbers,
    })
}

/// True if a first column counts the rows from 0 or 1 and has no other meaning by its name.
fn is_index(column: &TableColumn, has_names: bool) -> bool {
    let starts: &[f64] = if has_names { &[0.0, 1.0] } else { &[0.0] };
    let counts = |from: f64| {
        let mut expected = (0..column.numbers.len()).map(|row| row as f64 + from);
        column
            .numbers
            .iter()
            .all(|&number| Some(number) == expected.next())
    };
    let is_named = |name: &&str| name.eq_ignore_ascii_case(&column.name);
    let unnamed_words = column.name.is_empty() && column.words.is_some();
    unnamed_words
        || ((!has_names || INDEX_NAMES.iter().any(is_named))
            && starts.iter().any(|&from| counts(from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_that_ship_are_whole_and_the_order_of_one_names_each_row_once() {
        let sizes = SHIPPED_TABLES.iter().map(|word| {
            let table = DataTable::shipped(word).expect("it ships");
            (table.rows(), table.columns.len())
        });
        assert_eq!(sizes.collect::<Vec<_>>(), [(442, 11), (1599, 12)]);
        let mut order = DataTable::shipped("diabetes").expect("it ships").order();
        assert_eq!(order[..4], [203, 232, 262, 242]);
        order.sort_unstable();
        assert!(order.into_iter().eq(0..442));
    }
}
