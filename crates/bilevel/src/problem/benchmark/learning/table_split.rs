//! Tables split into standardized training, validation and test rows.

use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;

use super::regression::RegressionRows;
use crate::data::DataTable;
use crate::messages;
use crate::problem::ConfigError;

/// The largest number of entries of P.
const MOST: usize = 10_000;

/// A split table.
#[derive(Debug)]
pub(super) struct TableSplit {
    pub(super) train: RegressionRows,
    pub(super) validation: RegressionRows,
    /// All other rows.
    pub(super) test: RegressionRows,
    /// The error if the parts are smaller than asked for.
    pub(super) fault: Option<ConfigError>,
}

impl TableSplit {
    /// Splits a table after shuffling its rows by a seed; 0 keeps its own order. Features and target have mean 0 and
    /// deviation 1 over all rows. A table that is too small gives fewer rows of each part and sets `fault`.
    pub(super) fn of(table: &DataTable, [train, validation]: [usize; 2], seed: u64) -> Self {
        let (rows, features) = (table.rows(), table.features());
        let fault = fault(table, [train, validation]);
        let train = train.min(rows - 2).min((MOST / features).max(1));
        let validation = validation.min(rows - 1 - train);
        let mut order = table.order();
        if seed != 0 {
            order = (0..rows).collect();
            order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        }
        let scales: Vec<[f64; 2]> = (0..=features).map(|column| scale(table, column)).collect();
        let some = |chosen: &[usize]| {
            let standard = |row: usize, column: usize| {
                let [mean, deviation] = scales[column];
                (table.row(row)[column] - mean) / deviation
            };
            RegressionRows {
                features,
                x: chosen
                    .iter()
                    .flat_map(|&row| (0..features).map(move |column| standard(row, column)))
                    .collect(),
                y: chosen.iter().map(|&row| standard(row, features)).collect(),
            }
        };
        let (training, rest) = order.split_at(train);
        let (validating, testing) = rest.split_at(validation);
        Self {
            train: some(training),
            validation: some(validating),
            test: some(testing),
            fault,
        }
    }
}

/// The mean and the deviation of a column.
fn scale(table: &DataTable, column: usize) -> [f64; 2] {
    let count = table.rows() as f64;
    let values = || (0..table.rows()).map(|row| table.row(row)[column]);
    let mean = values().sum::<f64>() / count;
    let square: f64 = values().map(|value| (value - mean).powi(2)).sum();
    [mean, (square / count).sqrt()]
}

fn fault(table: &DataTable, [train, validation]: [usize; 2]) -> Option<ConfigError> {
    let (rows, features) = (table.rows(), table.features());
    let name = table.name();
    if train + validation >= rows {
        let parameter = if train >= validation {
            "train"
        } else {
            "validation"
        };
        return Some(ConfigError {
            parameter,
            reason: messages::learning::too_few_rows(train + validation, name, rows),
        });
    }
    (train * features > MOST).then(|| ConfigError {
        parameter: "train",
        reason: messages::learning::too_many_perturbed(train, features, MOST),
    })
}
