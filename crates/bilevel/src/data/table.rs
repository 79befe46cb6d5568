//! A table of numbers from a CSV file: a header line of names, then one row of plain numbers per line, the target last.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::sync::{Arc, OnceLock};

use csv::{ReaderBuilder, StringRecord, Trim};
use thiserror::Error;

use crate::messages;

/// The words for the built-in tables.
pub const SHIPPED_TABLES: &[&str] = &["diabetes", "winequality-red"];
/// The most bytes of a file.
const MOST_BYTES: u64 = 10_000_000;
/// The most numbers of a table.
const MOST_CELLS: usize = 200_000;
/// The fewest rows: one each for training, validation and test.
const LEAST_ROWS: usize = 3;

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
    /// A row is longer or shorter than the header.
    #[error("{}", messages::data::ragged(file, *line, *found, *expected))]
    Ragged {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The cells of the row.
        found: usize,
        /// The cells of the header.
        expected: usize,
    },
    /// A cell is not a finite number.
    #[error("{}", messages::data::wrong_cell(file, *line, cell, column))]
    Cell {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The text of the cell.
        cell: String,
        /// The column's name.
        column: String,
    },
    /// Two columns have the same name.
    #[error("{}", messages::data::columns_of_one_name(file, column))]
    Twice {
        /// The file.
        file: String,
        /// The name.
        column: String,
    },
    /// Too few rows or columns.
    #[error("{}", messages::data::table_too_small(file, *found, what, *least))]
    Small {
        /// The file.
        file: String,
        /// The number of rows or columns found.
        found: usize,
        /// "rows of numbers" or "columns".
        what: &'static str,
        /// The least number required.
        least: usize,
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
    /// A column is constant.
    #[error("{}", messages::data::constant_column(file, column))]
    Constant {
        /// The file.
        file: String,
        /// The column's name.
        column: String,
    },
}

/// Rows of features with a target each, as in the file. Two tables are equal if their names are.
#[derive(Clone, Debug)]
pub struct DataTable {
    name: String,
    /// The names of the columns, the target's last.
    pub columns: Vec<String>,
    /// All numbers, row after row.
    cells: Vec<f64>,
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
    /// The word or the path from which it was read.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.cells.len() / self.columns.len()
    }

    /// The number of columns without the target.
    pub fn features(&self) -> usize {
        self.columns.len() - 1
    }

    /// The numbers of a row, its target last.
    pub fn row(&self, number: usize) -> &[f64] {
        &self.cells[number * self.columns.len()..][..self.columns.len()]
    }

    /// The order in which rows are split into training, validation and test sets if no seed shuffles them.
    pub fn order(&self) -> Vec<usize> {
        self.order
            .clone()
            .unwrap_or_else(|| (0..self.rows()).collect())
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
            let mut table = read_from(bytes, word).expect("the embedded files are sound");
            if place == 0 {
                let order = include_str!("../../assets/data/diabetes-order.txt");
                let rows = order.split_whitespace().map(str::parse);
                table.order = Some(rows.collect::<Result<_, _>>().expect("they are numbers"));
            }
            Arc::new(table)
        };
        Some(Arc::clone(TABLES[place].get_or_init(unpack)))
    }

    /// Reads a CSV file.
    pub fn read(path: &str) -> Result<Self, TableError> {
        let opened = File::open(path).map_err(|error| unreadable(path, &error))?;
        read_from(opened, path)
    }
}

fn unreadable(file: &str, error: &dyn std::error::Error) -> TableError {
    TableError::Unreadable {
        file: file.to_owned(),
        reason: error.to_string(),
    }
}

fn read_from(source: impl Read, file: &str) -> Result<DataTable, TableError> {
    let large = |most, what| TableError::Large {
        file: file.to_owned(),
        most,
        what,
    };
    let mut bytes = Vec::new();
    source
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(file, &error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(large(MOST_BYTES, messages::data::bytes()));
    }
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .trim(Trim::All)
        .from_reader(&bytes[..]);
    let header = reader.headers().map_err(|error| unreadable(file, &error))?;
    let columns = column_names(header, file)?;
    let mut cells = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(file, &error))?;
        take_row(&record, &columns, file, &mut cells)?;
        if cells.len() > MOST_CELLS {
            return Err(large(MOST_CELLS as u64, messages::data::numbers()));
        }
    }
    let rows = cells.len() / columns.len();
    if rows < LEAST_ROWS {
        return Err(TableError::Small {
            file: file.to_owned(),
            found: rows,
            what: messages::data::rows(),
            least: LEAST_ROWS,
        });
    }
    let is_constant = |column: &usize| {
        let mut values = cells.iter().skip(*column).step_by(columns.len());
        let first = values.next();
        values.all(|value| Some(value) == first)
    };
    if let Some(column) = (0..columns.len()).find(is_constant) {
        return Err(TableError::Constant {
            file: file.to_owned(),
            column: columns[column].clone(),
        });
    }
    Ok(DataTable {
        name: file.to_owned(),
        columns,
        cells,
        order: None,
    })
}

/// Reads and checks the names of the columns.
fn column_names(header: &StringRecord, file: &str) -> Result<Vec<String>, TableError> {
    let columns: Vec<String> = header.iter().map(str::to_owned).collect();
    if columns.len() < 2 {
        return Err(TableError::Small {
            file: file.to_owned(),
            found: columns.len(),
            what: messages::data::columns(),
            least: 2,
        });
    }
    let mut seen = HashSet::new();
    if let Some(column) = columns.iter().find(|column| !seen.insert(*column)) {
        return Err(TableError::Twice {
            file: file.to_owned(),
            column: column.clone(),
        });
    }
    Ok(columns)
}

fn take_row(
    record: &StringRecord,
    columns: &[String],
    file: &str,
    cells: &mut Vec<f64>,
) -> Result<(), TableError> {
    let line = record.position().map_or(0, csv::Position::line);
    if record.len() != columns.len() {
        return Err(TableError::Ragged {
            file: file.to_owned(),
            line,
            found: record.len(),
            expected: columns.len(),
        });
    }
    for (cell, column) in record.iter().zip(columns) {
        let number = cell.parse().ok().filter(|number: &f64| number.is_finite());
        cells.push(number.ok_or_else(|| TableError::Cell {
            file: file.to_owned(),
            line,
            cell: cell.to_owned(),
            column: column.clone(),
        })?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_that_ship_are_whole_and_the_order_of_one_names_each_row_once() {
        let sizes = SHIPPED_TABLES.iter().map(|word| {
            let table = DataTable::shipped(word).expect("it ships");
            (table.rows(), table.features())
        });
        assert_eq!(sizes.collect::<Vec<_>>(), [(442, 10), (1599, 11)]);
        let mut order = DataTable::shipped("diabetes").expect("it ships").order();
        assert_eq!(order[..4], [203, 232, 262, 242]);
        order.sort_unstable();
        assert!(order.into_iter().eq(0..442));
    }
}
