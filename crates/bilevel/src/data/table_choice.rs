//! The target and the features of a table, as an experiment chooses them: numbers or classes, with missing cells left
//! out or kept for the mean of the training rows.

use super::table::{DataTable, LEAST_ROWS, TableColumn};
use crate::messages;

/// The most classes of a target; a class has one byte.
const MOST_CLASSES: usize = 256;
/// A target of more values than this has to have each of them [`FEWEST_OF_CLASS`] times on average.
const FEW_CLASSES: usize = 20;
const FEWEST_OF_CLASS: usize = 5;

/// A column as an experiment names it.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnChoice {
    /// By its name.
    Name(String),
    /// By its number in the table, from 1; the column that counts rows is none.
    Number(f64),
}

/// The treatment of missing cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingCells {
    /// An error.
    Refuse,
    /// Rows with one are left out.
    Drop,
    /// Features stay NaN, for the mean of the training rows; rows without a target are left out.
    Mean,
}

impl MissingCells {
    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refuse => "error",
            Self::Drop => "drop",
            Self::Mean => "mean",
        }
    }
}

/// The choice of columns and rows.
#[derive(Clone, Debug)]
pub struct TableChoice {
    /// The target; `None` for the last column.
    pub target: Option<ColumnChoice>,
    /// The features; empty for all columns but the target.
    pub features: Vec<ColumnChoice>,
    /// The treatment of missing cells.
    pub missing: MissingCells,
    /// True if the target is a class, false for a number.
    pub is_class: bool,
}

/// An error in a choice: the key that causes it, and the reason in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceError {
    /// `target`, `features`, `missing` or `data`.
    pub key: &'static str,
    /// The reason.
    pub reason: String,
}

/// The chosen columns of the rows that are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenTable {
    /// The names of the features.
    pub features: Vec<String>,
    /// The name of the target.
    pub target: String,
    /// The features of all rows, row after row; NaN only for a missing cell that awaits the mean.
    pub x: Vec<f64>,
    /// The target of each row: a number, or the index of its class.
    pub y: Vec<f64>,
    /// The names of the classes; empty for a target of numbers.
    pub classes: Vec<String>,
    /// The row of the table that each one is.
    pub rows: Vec<usize>,
    /// The number of rows that are left out.
    pub dropped: usize,
    /// The number of cells that await the mean.
    pub filled: usize,
}

impl DataTable {
    /// Chooses columns and rows.
    ///
    /// # Errors
    /// If a column does not exist or has words, a cell is missing, a target is no class, or too few rows are left.
    pub fn choose(&self, choice: &TableChoice) -> Result<ChosenTable, ChoiceError> {
        let target = match &choice.target {
            None => self.columns.len() - 1,
            Some(column) => self.place(column, "target")?,
        };
        let features = self.features(choice, target)?;
        let of = |column: usize| &self.columns[column];
        for &column in &features {
            self.check_numbers(of(column), "features")?;
        }
        if !choice.is_class {
            self.check_numbers(of(target), "target")?;
        }
        let rows = self.kept_rows(&features, &[target], choice.missing)?;
        let (y, classes) = if choice.is_class {
            self.classes_of(of(target), &rows)?
        } else {
            let numbers = rows.iter().map(|&row| of(target).numbers[row]);
            (numbers.collect(), Vec::new())
        };
        let x: Vec<f64> = rows
            .iter()
            .flat_map(|&row| features.iter().map(move |&column| of(column).numbers[row]))
            .collect();
        Ok(ChosenTable {
            features: features
                .iter()
                .map(|&column| of(column).name.clone())
                .collect(),
            target: of(target).name.clone(),
            filled: x.iter().filter(|number| number.is_nan()).count(),
            dropped: self.rows() - rows.len(),
            x,
            y,
            classes,
            rows,
        })
    }

    /// The rows that are kept for some columns: those without a missing cell or, for [`MissingCells::Mean`], without one
    /// in a target.
    ///
    /// # Errors
    /// If a cell is missing and none may be, or too few rows are left.
    pub(super) fn kept_rows(
        &self,
        features: &[usize],
        targets: &[usize],
        missing: MissingCells,
    ) -> Result<Vec<usize>, ChoiceError> {
        let of = |column: usize| &self.columns[column];
        let is_given = |column: &TableColumn, row: usize| match &column.words {
            Some(words) => !words[row].is_empty(),
            None => !column.numbers[row].is_nan(),
        };
        let missing_in = |row: usize| {
            let all = features.iter().chain(targets).copied();
            all.filter(move |&column| !is_given(of(column), row))
        };
        if missing == MissingCells::Refuse {
            let mut all = (0..self.rows()).filter_map(|row| Some((row, missing_in(row).next()?)));
            if let Some((row, column)) = all.next() {
                let reason = messages::data::missing_cell(&of(column).name);
                return Err(self.error_in("missing", row, &reason));
            }
        }
        let is_kept = |row: &usize| match missing {
            MissingCells::Mean => targets.iter().all(|&target| is_given(of(target), *row)),
            _ => missing_in(*row).next().is_none(),
        };
        let rows: Vec<usize> = (0..self.rows()).filter(is_kept).collect();
        if rows.len() < LEAST_ROWS {
            let reason = messages::data::too_few_complete_rows(rows.len(), LEAST_ROWS);
            return Err(self.error("missing", &reason));
        }
        Ok(rows)
    }

    fn features(&self, choice: &TableChoice, target: usize) -> Result<Vec<usize>, ChoiceError> {
        if choice.features.is_empty() {
            return Ok((0..self.columns.len())
                .filter(|column| *column != target)
                .collect());
        }
        let mut places = Vec::new();
        for column in &choice.features {
            let place = self.place(column, "features")?;
            let name = &self.columns[place].name;
            if place == target {
                return Err(self.error("features", &messages::data::feature_is_target(name)));
            }
            if places.contains(&place) {
                return Err(self.error("features", &messages::data::feature_twice(name)));
            }
            places.push(place);
        }
        Ok(places)
    }

    /// The place of a column.
    pub(super) fn place(
        &self,
        column: &ColumnChoice,
        key: &'static str,
    ) -> Result<usize, ChoiceError> {
        let found = match column {
            ColumnChoice::Name(name) => self.columns.iter().position(|column| column.name == *name),
            ColumnChoice::Number(number) => {
                let is_one = number.fract() == 0.0 && (1.0..1e9).contains(number);
                is_one
                    .then(|| *number as usize - 1)
                    .filter(|place| *place < self.columns.len())
            }
        };
        found.ok_or_else(|| {
            let given = match column {
                ColumnChoice::Name(name) => messages::excerpt::excerpt(name),
                ColumnChoice::Number(number) => messages::excerpt::brief_number(*number),
            };
            let names: Vec<&str> = self.columns.iter().map(|one| one.name.as_str()).collect();
            self.error(key, &messages::data::unknown_column(&given, &names))
        })
    }

    /// Checks that a column has no words.
    pub(super) fn check_numbers(
        &self,
        column: &TableColumn,
        key: &'static str,
    ) -> Result<(), ChoiceError> {
        let word = column.words.as_ref().and_then(|words| {
            let mut all = words.iter().zip(&column.numbers).enumerate();
            all.find(|(_, (word, number))| !word.is_empty() && number.is_nan())
        });
        match word {
            Some((row, (word, _))) => {
                let has_numbers = column.numbers.iter().any(|number| !number.is_nan());
                let reason = messages::data::wrong_cell(word, &column.name, !has_numbers, key);
                Err(self.error_in(key, row, &reason))
            }
            None => Ok(()),
        }
    }

    /// The class of each row by its index, and the names of the classes in order.
    fn classes_of(
        &self,
        column: &TableColumn,
        rows: &[usize],
    ) -> Result<(Vec<f64>, Vec<String>), ChoiceError> {
        let continuous = |count: usize| {
            let reason = messages::data::continuous_target(&column.name, count, rows.len());
            self.error("target", &reason)
        };
        let names: Vec<String> = if let Some(words) = &column.words {
            rows.iter().map(|&row| words[row].clone()).collect()
        } else {
            let number = |&row: &usize| column.numbers[row].to_string();
            rows.iter().map(number).collect()
        };
        let mut classes = names.clone();
        if column.words.is_some() {
            classes.sort_unstable();
        } else {
            let number = |text: &String| text.parse().unwrap_or(f64::NAN);
            classes.sort_by(|a, b| number(a).total_cmp(&number(b)));
        }
        classes.dedup();
        let count = classes.len();
        let is_broken =
            column.words.is_none() && rows.iter().any(|&row| column.numbers[row].fract() != 0.0);
        let is_rare = count > FEW_CLASSES && rows.len() < count * FEWEST_OF_CLASS;
        if is_broken || is_rare || count > MOST_CLASSES {
            return Err(continuous(count));
        }
        if count < 2 {
            let reason = messages::data::one_value(&column.name);
            return Err(self.error("target", &reason));
        }
        let class = |name: &String| {
            let place = classes.iter().position(|class| class == name);
            place.unwrap_or_default() as f64
        };
        Ok((names.iter().map(class).collect(), classes))
    }

    fn error(&self, key: &'static str, reason: &str) -> ChoiceError {
        ChoiceError {
            key,
            reason: messages::data::of_table(&messages::excerpt::short_path(self.name()), reason),
        }
    }

    fn error_in(&self, key: &'static str, row: usize, reason: &str) -> ChoiceError {
        let file = messages::excerpt::short_path(self.name());
        ChoiceError {
            key,
            reason: messages::data::in_line(&file, self.lines[row] as usize, reason),
        }
    }
}
