//! Chosen columns of a table with missing cells filled and columns standardized, from the rows that set the scale.

use super::table::DataTable;
use super::table_choice::{ChoiceError, ChosenTable};
use crate::messages;

/// The rows over which columns are standardized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScaledBy {
    /// The training rows.
    Training,
    /// All rows.
    All,
    /// None: columns stay as they are.
    Nothing,
}

/// The features and the target of a table, ready for a model.
#[derive(Debug)]
pub(crate) struct ScaledTable {
    pub(crate) features: usize,
    /// The features of all rows, row after row.
    pub(crate) x: Vec<f64>,
    /// The target of each row; standardized only if it is a number.
    pub(crate) y: Vec<f64>,
    /// The error if a column has no scale.
    pub(crate) fault: Option<ChoiceError>,
}

impl ScaledTable {
    /// Fills and standardizes the columns; `training` has the training rows, by their numbers among the chosen ones.
    ///
    /// A column without a scale stays as it is and sets `fault`.
    pub(crate) fn of(chosen: &ChosenTable, training: &[usize], by: ScaledBy, name: &str) -> Self {
        let features = chosen.features.len();
        let mut scaled = Self {
            features,
            x: chosen.x.clone(),
            y: chosen.y.clone(),
            fault: None,
        };
        let all: Vec<usize> = (0..chosen.rows.len()).collect();
        let rows = if by == ScaledBy::All {
            &all[..]
        } else {
            training
        };
        for column in 0..features {
            let title = &chosen.features[column];
            let mut values: Vec<f64> = all
                .iter()
                .map(|row| chosen.x[row * features + column])
                .collect();
            let result = filled_and_scaled(&mut values, [training, rows], by, title);
            scaled.note(result, name);
            for (row, value) in values.into_iter().enumerate() {
                scaled.x[row * features + column] = value;
            }
        }
        if chosen.classes.is_empty() {
            let result = standardize(&mut scaled.y, rows, by, &chosen.target);
            scaled.note(result, name);
        }
        scaled
    }

    fn note(&mut self, result: Result<(), (&'static str, String)>, name: &str) {
        if let Err((key, reason)) = result {
            let name = messages::excerpt::short_path(name);
            self.fault.get_or_insert_with(|| ChoiceError {
                key,
                reason: messages::data::of_table(&name, &reason),
            });
        }
    }
}

/// Fills the missing values of a column by the mean over the training rows, and standardizes it over `rows`.
///
/// # Errors
/// If there is no number to fill with, or the column is constant: the key that causes it, and the reason.
pub(super) fn filled_and_scaled(
    values: &mut [f64],
    [training, rows]: [&[usize]; 2],
    by: ScaledBy,
    title: &str,
) -> Result<(), (&'static str, String)> {
    fill(values, training, title)?;
    standardize(values, rows, by, title)
}

/// Replaces missing values by the mean over the training rows.
fn fill(values: &mut [f64], training: &[usize], title: &str) -> Result<(), (&'static str, String)> {
    if !values.iter().any(|value| value.is_nan()) {
        return Ok(());
    }
    let known: Vec<f64> = training
        .iter()
        .map(|&row| values[row])
        .filter(|value| !value.is_nan())
        .collect();
    let mean = if known.is_empty() {
        0.0
    } else {
        known.iter().sum::<f64>() / known.len() as f64
    };
    for value in values.iter_mut().filter(|value| value.is_nan()) {
        *value = mean;
    }
    if known.is_empty() {
        let reason = messages::data::no_number_in_training(title, training.len());
        return Err(("train", reason));
    }
    Ok(())
}

/// Gives a column mean 0 and deviation 1 over some rows.
fn standardize(
    values: &mut [f64],
    rows: &[usize],
    by: ScaledBy,
    title: &str,
) -> Result<(), (&'static str, String)> {
    if by == ScaledBy::Nothing {
        return Ok(());
    }
    let is_constant = |mut numbers: std::slice::Iter<'_, f64>| {
        let first = numbers.next();
        numbers.all(|value| Some(value) == first)
    };
    if is_constant(values.iter()) {
        return Err(("data", messages::data::constant_column(title)));
    }
    let chosen: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
    if is_constant(chosen.iter()) {
        let reason = messages::data::constant_in_training(title, rows.len());
        return Err(("train", reason));
    }
    let count = chosen.len() as f64;
    let mean = chosen.iter().sum::<f64>() / count;
    let square: f64 = chosen.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = (square / count).sqrt();
    for value in values {
        *value = (*value - mean) / deviation;
    }
    Ok(())
}

/// The shape and the layout of a table in words: its rows, features and target, and what was left out.
pub(crate) fn table_words(table: &DataTable, chosen: &ChosenTable) -> String {
    let mut words = vec![messages::learning::table_shape(
        chosen.rows.len(),
        chosen.features.len(),
        &chosen.target,
    )];
    if !chosen.classes.is_empty() {
        words.push(messages::learning::classes(&chosen.classes));
    }
    if chosen.dropped > 0 {
        words.push(messages::learning::rows_left_out(chosen.dropped));
    }
    if chosen.filled > 0 {
        words.push(messages::learning::cells_filled(chosen.filled));
    }
    words.extend(table.remarks.iter().cloned());
    words.join(", ")
}

/// The rows that set the scale, in words.
pub(crate) fn scale_words(by: ScaledBy) -> &'static str {
    match by {
        ScaledBy::Training => messages::learning::scaled_by_training(),
        ScaledBy::All => messages::learning::scaled_by_all(),
        ScaledBy::Nothing => messages::learning::not_scaled(),
    }
}
