//! Tables split into standardized training, validation and test rows.

use super::part_sizes::part_sizes;
use super::regression::RegressionRows;
use super::table_settings::{scaled_by, table_choice};
use crate::data::{
    ChosenTable, DataTable, MissingCells, SHIPPED_TABLES, ScaledTable, TableChoice, scale_words,
    table_words,
};
use crate::messages;
use crate::problem::benchmark::keys;
use crate::problem::{ConfigError, Settings};

/// The largest number of entries of P.
const MOST: usize = 10_000;

/// A split table.
#[derive(Debug)]
pub(super) struct TableSplit {
    pub(super) train: RegressionRows,
    pub(super) validation: RegressionRows,
    /// All other rows.
    pub(super) test: RegressionRows,
    /// The table and its split in words.
    pub(super) summary: String,
    /// The error if columns are wrong or parts are smaller than asked for.
    pub(super) fault: Option<ConfigError>,
}

impl TableSplit {
    /// Splits the chosen columns of a table after shuffling its rows by a seed; 0 keeps its own order. A table that is
    /// too small gives fewer rows of each part and sets `fault`; a choice that is wrong gives another table.
    pub(super) fn of(table: &DataTable, settings: &Settings, is_attacked: bool) -> Self {
        match table.choose(&table_choice(settings, false)) {
            Ok(chosen) => Self::chosen(table, &chosen, settings, is_attacked),
            Err(error) => Self {
                fault: Some(error.into()),
                ..Self::of_shipped(settings, is_attacked)
            },
        }
    }

    /// A table without faults, in place of one that cannot be used.
    fn of_shipped(settings: &Settings, is_attacked: bool) -> Self {
        let usual = TableChoice {
            target: None,
            features: Vec::new(),
            missing: MissingCells::Refuse,
            is_class: false,
        };
        let table = DataTable::shipped(SHIPPED_TABLES[0]).expect("it ships");
        let chosen = table.choose(&usual).expect("the embedded files are sound");
        Self::chosen(&table, &chosen, settings, is_attacked)
    }

    fn chosen(
        table: &DataTable,
        chosen: &ChosenTable,
        settings: &Settings,
        is_attacked: bool,
    ) -> Self {
        let (rows, features) = (chosen.rows.len(), chosen.features.len());
        let parts = [(keys::TRAIN, 0.6), (keys::VALIDATION, 0.2)];
        let asked = part_sizes(settings, &parts, 0.2, rows, !table.is_shipped());
        let asked = [asked[0], asked[1]];
        let most_perturbed = if is_attacked {
            (MOST / features).max(1)
        } else {
            rows
        };
        let train = asked[0].min(rows - 2).min(most_perturbed);
        let validation = asked[1].min(rows - 1 - train);
        let order = table.split_order(&chosen.rows, settings.get(keys::SPLIT_SEED) as u64);
        let (training, rest) = order.split_at(train);
        let (validating, testing) = rest.split_at(validation);
        let by = scaled_by(settings, table.is_shipped());
        let scaled = ScaledTable::of(chosen, training, by, table.name());
        let some = |chosen: &[usize]| RegressionRows {
            features,
            x: chosen
                .iter()
                .flat_map(|&row| &scaled.x[row * features..][..features])
                .copied()
                .collect(),
            y: chosen.iter().map(|&row| scaled.y[row]).collect(),
        };
        let sizes = [train, validation, rows - train - validation];
        Self {
            train: some(training),
            validation: some(validating),
            test: some(testing),
            summary: messages::learning::split_table(
                &table_words(table, chosen),
                sizes,
                scale_words(by),
            ),
            fault: fault(table.name(), [rows, features], asked, is_attacked)
                .or_else(|| scaled.fault.map(ConfigError::from)),
        }
    }
}

fn fault(
    name: &str,
    [rows, features]: [usize; 2],
    [train, validation]: [usize; 2],
    is_attacked: bool,
) -> Option<ConfigError> {
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
    (is_attacked && train * features > MOST).then(|| ConfigError {
        parameter: "train",
        reason: messages::learning::too_many_perturbed(train, features, MOST),
    })
}
