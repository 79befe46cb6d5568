//! Columns of tables as constants of typed problems: vectors and matrices of numbers.
//!
//! All constants of one table have the same rows: those without a missing cell in any of their columns, split once.

use std::sync::Arc;

use super::part_sizes::{PartSize, part_sizes};
use super::table::DataTable;
use super::table_choice::{ChoiceError, ColumnChoice, MissingCells};
use super::table_scale::{ScaledBy, filled_and_scaled, scale_words};
use crate::messages;

/// The most numbers of all constants from tables together.
const MOST_NUMBERS: usize = 1_000_000;
/// The shares of the rows that the training, validation and test parts take if no size is given.
const SHARES: [f64; 3] = [0.6, 0.2, 0.2];

/// The columns of a table that a constant holds.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstantColumns {
    /// One column: a vector.
    One(ColumnChoice),
    /// Several columns: a matrix, a row for each row of the table.
    Several(Vec<ColumnChoice>),
    /// A matrix of all columns that no constant holds alone.
    Others,
}

/// The part of a table's rows that a constant holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowPart {
    /// All rows, in the order of the file.
    All,
    /// The training rows.
    Train,
    /// The validation rows.
    Validation,
    /// The test rows.
    Test,
}

impl RowPart {
    /// All of them, in the order of lists.
    pub const ALL: [Self; 4] = [Self::All, Self::Train, Self::Validation, Self::Test];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

/// The rows over which the tables of a typed problem are standardized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableScale {
    /// None: columns stay as they are.
    #[default]
    Off,
    /// The training rows; all rows of a built-in table.
    Auto,
    /// The training rows.
    Training,
    /// All rows.
    All,
}

impl TableScale {
    /// All of them, in the order of lists.
    pub const ALL: [Self; 4] = [Self::Off, Self::Auto, Self::Training, Self::All];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Auto => "auto",
            Self::Training => "on",
            Self::All => "all",
        }
    }

    const fn of(self, is_shipped: bool) -> ScaledBy {
        match self {
            Self::Off => ScaledBy::Nothing,
            Self::All => ScaledBy::All,
            Self::Auto if is_shipped => ScaledBy::All,
            Self::Auto | Self::Training => ScaledBy::Training,
        }
    }
}

/// The preparation of all tables of a typed problem.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TablePreparation {
    /// The treatment of missing cells; [`MissingCells::Mean`] leaves rows out that have none in a column held alone.
    pub missing: MissingCells,
    /// The standardization of columns.
    pub scale: TableScale,
    /// The sizes of the training, validation and test parts: numbers of rows or, below 1, shares of all.
    pub sizes: [Option<f64>; 3],
    /// The seed of the shuffle before the split; 0 keeps the table's order.
    pub split_seed: u64,
}

impl Default for TablePreparation {
    fn default() -> Self {
        Self {
            missing: MissingCells::Refuse,
            scale: TableScale::Off,
            sizes: [None; 3],
            split_seed: 0,
        }
    }
}

/// A constant that holds columns of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableConstant {
    /// The table.
    pub table: Arc<DataTable>,
    /// Its columns.
    pub columns: ConstantColumns,
    /// The part of its rows.
    pub rows: RowPart,
}

/// The numbers of a constant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TableNumbers {
    /// A number for each row.
    Vector(Vec<f64>),
    /// The numbers of each row.
    Matrix(Vec<Vec<f64>>),
}

impl TableNumbers {
    fn count(&self) -> usize {
        match self {
            Self::Vector(numbers) => numbers.len(),
            Self::Matrix(rows) => rows.iter().map(Vec::len).sum(),
        }
    }
}

/// The source of an error in constants from tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConstantSource {
    /// The constant with this number.
    Constant(usize),
    /// A column of the constant with this number, by its place in the list from 0.
    Column(usize, usize),
    /// A key of the preparation.
    Key(&'static str),
}

/// An error in constants from tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableConstantError {
    pub(crate) source: ConstantSource,
    pub(crate) reason: String,
}

/// Constants from tables as numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct PreparedTables {
    /// The numbers of each constant.
    pub(crate) numbers: Vec<TableNumbers>,
    /// The tables, what was changed in them and their constants, in words; empty without tables.
    pub(crate) summary: String,
}

/// Prepares the constants of a problem, given with their names.
///
/// # Errors
/// One for each wrong column, else the first one of each table: wrong cells, or parts that do not fit.
pub(crate) fn prepare_tables(
    constants: &[(String, TableConstant)],
    preparation: &TablePreparation,
) -> Result<PreparedTables, Vec<TableConstantError>> {
    let mut numbers: Vec<Option<TableNumbers>> = vec![None; constants.len()];
    let mut summaries = Vec::new();
    let mut errors = Vec::new();
    let mut total = 0;
    for first in 0..constants.len() {
        let table = &constants[first].1.table;
        if constants[..first]
            .iter()
            .any(|(_, one)| one.table == *table)
        {
            continue;
        }
        let of_table: Vec<usize> = (first..constants.len())
            .filter(|&number| constants[number].1.table == *table)
            .collect();
        let frame = match Frame::new(constants, &of_table, preparation) {
            Ok(frame) => frame,
            Err(wrong) => {
                errors.extend(wrong);
                continue;
            }
        };
        for &number in &of_table {
            match frame.numbers(constants, number) {
                Ok(held) => {
                    total += held.count();
                    numbers[number] = Some(held);
                }
                Err(wrong) => errors.push(wrong),
            }
            if total > MOST_NUMBERS {
                let reason = messages::data::too_many_table_numbers(total, MOST_NUMBERS);
                return Err(vec![at_constant(number, reason)]);
            }
        }
        summaries.push(frame.summary(constants, &of_table, &numbers));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(PreparedTables {
        numbers: numbers.into_iter().flatten().collect(),
        summary: summaries.join("; "),
    })
}

fn at_constant(number: usize, reason: String) -> TableConstantError {
    TableConstantError {
        source: ConstantSource::Constant(number),
        reason,
    }
}

/// The columns of a table that constants hold, on the rows that are kept, with their split.
struct Frame<'t> {
    table: &'t DataTable,
    /// The columns of each constant of the table, by the constant's number.
    columns: Vec<(usize, Vec<usize>)>,
    /// All of them, each once, with the numbers of the kept rows.
    held: Vec<(usize, Vec<f64>)>,
    /// The number of kept rows.
    rows: usize,
    /// The places of the rows of each part among the kept rows.
    parts: [Vec<usize>; 3],
    filled: usize,
    scale: ScaledBy,
}

impl<'t> Frame<'t> {
    fn new(
        constants: &'t [(String, TableConstant)],
        of_table: &[usize],
        preparation: &TablePreparation,
    ) -> Result<Self, Vec<TableConstantError>> {
        let first = of_table[0];
        let table = &*constants[first].1.table;
        let columns = chosen_columns(constants, of_table)?;
        let is_alone =
            |number: usize| matches!(constants[number].1.columns, ConstantColumns::One(_));
        let mut targets = Vec::new();
        let mut features = Vec::new();
        for (number, places) in &columns {
            let group = if is_alone(*number) {
                &mut targets
            } else {
                &mut features
            };
            group.extend(places.iter().copied());
        }
        let keyed = |error: ChoiceError| match error.key {
            "missing" => TableConstantError {
                source: ConstantSource::Key("missing"),
                reason: error.reason,
            },
            _ => at_constant(first, error.reason),
        };
        let rows = table
            .kept_rows(&features, &targets, preparation.missing)
            .map_err(|error| vec![keyed(error)])?;
        let is_split = of_table
            .iter()
            .any(|&number| constants[number].1.rows != RowPart::All);
        let all: Vec<usize> = (0..rows.len()).collect();
        let parts = if is_split {
            split(table, &rows, preparation).map_err(|error| vec![error])?
        } else {
            // all rows train where nothing is held back
            [all.clone(), Vec::new(), Vec::new()]
        };
        let scale = preparation.scale.of(table.is_shipped());
        let scaling = if scale == ScaledBy::All {
            &all
        } else {
            &parts[0]
        };
        let mut frame = Self {
            table,
            columns,
            held: Vec::new(),
            rows: rows.len(),
            parts: [Vec::new(), Vec::new(), Vec::new()],
            filled: 0,
            scale,
        };
        for &(number, ref places) in &frame.columns {
            for &place in places {
                if frame.held.iter().any(|(known, _)| *known == place) {
                    continue;
                }
                let column = &table.columns[place];
                let mut values: Vec<f64> = rows.iter().map(|&row| column.numbers[row]).collect();
                frame.filled += values.iter().filter(|value| value.is_nan()).count();
                filled_and_scaled(&mut values, [&parts[0], scaling], scale, &column.name).map_err(
                    |(key, reason)| {
                        let name = messages::excerpt::short_path(table.name());
                        let reason = messages::data::of_table(&name, &reason);
                        vec![match key {
                            "train" => TableConstantError {
                                source: ConstantSource::Key("train"),
                                reason,
                            },
                            _ => at_constant(number, reason),
                        }]
                    },
                )?;
                frame.held.push((place, values));
            }
        }
        frame.parts = parts;
        Ok(frame)
    }

    /// The numbers of a constant.
    fn numbers(
        &self,
        constants: &[(String, TableConstant)],
        number: usize,
    ) -> Result<TableNumbers, TableConstantError> {
        let constant = &constants[number].1;
        let all: Vec<usize>;
        let rows = match constant.rows {
            RowPart::All => {
                all = (0..self.rows).collect();
                &all
            }
            RowPart::Train => &self.parts[0],
            RowPart::Validation => &self.parts[1],
            RowPart::Test => &self.parts[2],
        };
        if rows.is_empty() {
            let reason = messages::data::empty_part(constant.rows.word());
            return Err(at_constant(number, reason));
        }
        let places = self.columns.iter().find(|(known, _)| *known == number);
        let columns: Vec<&[f64]> = places
            .iter()
            .flat_map(|(_, places)| places)
            .filter_map(|place| self.held.iter().find(|(held, _)| held == place))
            .map(|(_, values)| &values[..])
            .collect();
        Ok(match (&constant.columns, &columns[..]) {
            (ConstantColumns::One(_), &[only]) => {
                TableNumbers::Vector(rows.iter().map(|&row| only[row]).collect())
            }
            (_, columns) => {
                let row_of = |&row: &usize| columns.iter().map(|column| column[row]).collect();
                TableNumbers::Matrix(rows.iter().map(row_of).collect())
            }
        })
    }

    fn summary(
        &self,
        constants: &[(String, TableConstant)],
        of_table: &[usize],
        numbers: &[Option<TableNumbers>],
    ) -> String {
        let mut remarks = Vec::new();
        let dropped = self.table.rows() - self.rows;
        if dropped > 0 {
            remarks.push(messages::learning::rows_left_out(dropped));
        }
        if self.filled > 0 {
            remarks.push(messages::learning::cells_filled(self.filled));
        }
        remarks.extend(self.table.remarks.iter().cloned());
        remarks.push(scale_words(self.scale).to_owned());
        let constant = |&number: &usize| {
            let (name, constant) = &constants[number];
            let (rows, columns) = match &numbers[number] {
                Some(TableNumbers::Vector(numbers)) => (numbers.len(), None),
                Some(TableNumbers::Matrix(rows)) => (rows.len(), rows.first().map(Vec::len)),
                None => (0, None),
            };
            messages::data::table_constant(name, rows, columns, constant.rows.word())
        };
        let held: Vec<String> = of_table.iter().map(constant).collect();
        let size = [self.rows, self.held.len()];
        messages::data::table_of_constants(self.table.name(), size, &remarks, &held)
    }
}

/// The columns of each constant of a table, by the constant's number.
///
/// # Errors
/// One for each wrong column.
fn chosen_columns(
    constants: &[(String, TableConstant)],
    of_table: &[usize],
) -> Result<Vec<(usize, Vec<usize>)>, Vec<TableConstantError>> {
    let alone = |&number: &usize| match &constants[number].1 {
        TableConstant {
            table,
            columns: ConstantColumns::One(column),
            ..
        } => table.place(column, "column").ok(),
        _ => None,
    };
    let alone: Vec<usize> = of_table.iter().filter_map(alone).collect();
    let (mut chosen, mut wrong) = (Vec::new(), Vec::new());
    for &number in of_table {
        match constants[number].1.places(&alone) {
            Ok(places) => chosen.push((number, places)),
            Err(reasons) => wrong.extend(reasons.into_iter().map(|(column, reason)| {
                let source = match column {
                    Some(column) => ConstantSource::Column(number, column),
                    None => ConstantSource::Constant(number),
                };
                TableConstantError { source, reason }
            })),
        }
    }
    if wrong.is_empty() {
        Ok(chosen)
    } else {
        Err(wrong)
    }
}

impl TableConstant {
    /// The places of its columns in the table; `alone` are those of the columns that other constants hold alone.
    ///
    /// # Errors
    /// The reason for each wrong column, by its place in the list.
    fn places(&self, alone: &[usize]) -> Result<Vec<usize>, Vec<(Option<usize>, String)>> {
        let checked = |place: usize, key: &'static str| -> Result<usize, ChoiceError> {
            self.table.check_numbers(&self.table.columns[place], key)?;
            Ok(place)
        };
        let place = |column: &ColumnChoice, key: &'static str| {
            let place = self.table.place(column, key);
            place.and_then(|place| checked(place, key))
        };
        let several = match &self.columns {
            ConstantColumns::One(column) => {
                return place(column, "column")
                    .map(|place| vec![place])
                    .map_err(|error| vec![(Some(0), error.reason)]);
            }
            ConstantColumns::Others => {
                let others = (0..self.table.columns.len()).filter(|place| !alone.contains(place));
                let places: Result<Vec<usize>, ChoiceError> =
                    others.map(|place| checked(place, "columns")).collect();
                return match places {
                    Ok(places) if places.is_empty() => {
                        Err(vec![(None, messages::data::no_columns_left().to_owned())])
                    }
                    Ok(places) => Ok(places),
                    Err(error) => Err(vec![(None, error.reason)]),
                };
            }
            ConstantColumns::Several(several) => several,
        };
        let (mut places, mut wrong) = (Vec::new(), Vec::new());
        for (at, column) in several.iter().enumerate() {
            match place(column, "columns") {
                Ok(place) if places.contains(&place) => {
                    let name = &self.table.columns[place].name;
                    wrong.push((Some(at), messages::data::feature_twice(name)));
                }
                Ok(place) => places.push(place),
                Err(error) => wrong.push((Some(at), error.reason)),
            }
        }
        if wrong.is_empty() && places.is_empty() {
            wrong.push((None, messages::data::no_columns_left().to_owned()));
        }
        if wrong.is_empty() {
            Ok(places)
        } else {
            Err(wrong)
        }
    }
}

/// The places of the training, validation and test rows among the kept ones.
fn split(
    table: &DataTable,
    rows: &[usize],
    preparation: &TablePreparation,
) -> Result<[Vec<usize>; 3], TableConstantError> {
    let there = rows.len();
    let part = |(size, share): (&Option<f64>, f64)| PartSize {
        // a part without a size takes its share of the rows that are left
        asked: size.unwrap_or(there as f64 + 1.0),
        share,
        is_open: size.is_none(),
    };
    let parts: Vec<PartSize> = preparation.sizes.iter().zip(SHARES).map(part).collect();
    // a test without a size takes what is left, be it nothing
    let is_open = preparation.sizes[2].is_none();
    let sizes = if is_open {
        part_sizes(&parts[..2], SHARES[2], there)
    } else {
        part_sizes(&parts, 0.0, there)
    };
    let asked = sizes.iter().sum();
    if asked > there {
        let keys = ["train", "validation", "test"];
        let most = (0..3).filter(|&at| preparation.sizes[at].is_some());
        let most = most.max_by_key(|&at| sizes[at]).unwrap_or(0);
        return Err(TableConstantError {
            source: ConstantSource::Key(keys[most]),
            reason: messages::data::parts_too_large(asked, there),
        });
    }
    let order = table.split_order(rows, preparation.split_seed);
    let (training, rest) = order.split_at(sizes[0]);
    let (validating, rest) = rest.split_at(sizes[1]);
    let testing = sizes.get(2).map_or(rest, |&test| &rest[..test]);
    Ok([training, validating, testing].map(<[usize]>::to_vec))
}
