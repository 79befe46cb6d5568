//! The parameters by which problems choose the columns of a table, treat its missing cells and standardize it.

use super::declared::{part, seed};
use crate::data::{
    ColumnChoice, MissingCells, ScaledBy, TableChoice, TablePreparation, TableScale,
};
use crate::problem::benchmark::keys;
use crate::problem::{
    DefaultValue, Key, Parameter, ParameterChoice, ParameterKind, ParameterValue, Settings, Word,
};

const TARGET: Key<Word> = Key::new("target");
const FEATURES: Key<Word> = Key::new("features");
const MISSING: Key<Word> = Key::new("missing");
pub(super) const STANDARDIZE: Key<Word> = Key::new("standardize");

/// The names of the parameters that say how a table is read, besides its columns.
pub const TABLE_CHOICES: [&str; 2] = [MISSING.name(), STANDARDIZE.name()];

/// The column of the target.
pub(super) const TARGET_COLUMN: Parameter = Parameter {
    name: TARGET.name(),
    label: "target",
    symbol: "",
    kind: ParameterKind::Column,
    default: DefaultValue::Choice(""),
    meaning: "The column of a table that is predicted, by its name or its number from 1; the last one if none is named.",
};

/// The columns of the features.
pub(super) const FEATURE_COLUMNS: Parameter = Parameter {
    name: FEATURES.name(),
    label: "features",
    symbol: "",
    kind: ParameterKind::Columns,
    default: DefaultValue::Choice(""),
    meaning: "The columns of a table that predict, by their names or their numbers from 1; all but the target if none is named.",
};

/// The treatment of missing cells.
pub(super) const MISSING_CELLS: Parameter = Parameter {
    name: MISSING.name(),
    label: "missing cells",
    symbol: "",
    kind: ParameterKind::Choice(&[
        ParameterChoice {
            name: "error",
            label: "",
            meaning: "a missing cell is an error",
        },
        ParameterChoice {
            name: "drop",
            label: "",
            meaning: "rows with a missing cell are left out",
        },
        ParameterChoice {
            name: "mean",
            label: "",
            meaning: "a missing feature is the mean of its column over the training rows; rows without a target are left out",
        },
    ]),
    default: DefaultValue::Choice("error"),
    meaning: "Treatment of the cells of a table that are empty, ?, NA or NaN.",
};

/// The rows that set the scale of a table.
pub(super) const SCALED_BY: Parameter = Parameter {
    name: STANDARDIZE.name(),
    label: "standardize",
    symbol: "",
    kind: ParameterKind::Choice(&[
        ParameterChoice {
            name: "auto",
            label: "",
            meaning: "over the training rows; over all rows for tables that ship, as published",
        },
        ParameterChoice {
            name: "on",
            label: "",
            meaning: "columns have mean 0 and deviation 1 over the training rows",
        },
        ParameterChoice {
            name: "all",
            label: "",
            meaning: "columns have mean 0 and deviation 1 over all rows, test rows included",
        },
        ParameterChoice {
            name: "off",
            label: "",
            meaning: "columns stay as they are",
        },
    ]),
    default: DefaultValue::Choice("auto"),
    meaning: "The rows of a table over which columns get mean 0 and deviation 1.",
};

/// The rows over which settings standardize the columns of a table.
pub(super) fn scaled_by(settings: &Settings, is_shipped: bool) -> ScaledBy {
    let is = |word| settings.is(STANDARDIZE, word);
    if is("off") {
        ScaledBy::Nothing
    } else if is("all") || (is("auto") && is_shipped) {
        ScaledBy::All
    } else {
        ScaledBy::Training
    }
}

/// The most rows of a part: more than a table has.
const MOST_ROWS: u32 = 1_000_000;

/// The parameters that prepare the tables of a typed problem, with the keys of the problems that learn.
pub const TABLE_PREPARATION: &[Parameter] = &[
    MISSING_CELLS,
    Parameter {
        default: DefaultValue::Choice("off"),
        ..SCALED_BY
    },
    part(
        keys::TRAIN,
        "training rows",
        "n",
        MOST_ROWS,
        1000.0,
        "Number of training rows, or their share of all; 60 % by default.",
    ),
    part(
        keys::VALIDATION,
        "validation rows",
        "m",
        MOST_ROWS,
        1000.0,
        "Number of validation rows, or their share of all; 20 % by default.",
    ),
    part(
        keys::TEST,
        "test rows",
        "",
        MOST_ROWS,
        1000.0,
        "Number of test rows, or their share of all; the rest by default.",
    ),
    seed(
        keys::SPLIT_SEED,
        "split seed",
        "",
        "The seed of the shuffle before the split; 0 keeps the order of the rows.",
    ),
];

/// The preparation that settings of [`TABLE_PREPARATION`] give.
pub fn table_preparation(settings: &Settings) -> TablePreparation {
    let is_set = |scale: &TableScale| settings.is(STANDARDIZE, scale.word());
    let scale = TableScale::ALL.into_iter().find(is_set);
    let size = |key: Key<usize>| {
        let name = key.name();
        settings.is_set(name).then(|| settings.number(name))
    };
    TablePreparation {
        missing: missing_cells(settings),
        scale: scale.unwrap_or_default(),
        sizes: [keys::TRAIN, keys::VALIDATION, keys::TEST].map(size),
        split_seed: settings.get(keys::SPLIT_SEED) as u64,
    }
}

/// The columns and rows that settings choose.
pub(super) fn table_choice(settings: &Settings, is_class: bool) -> TableChoice {
    TableChoice {
        target: columns(settings.value(TARGET.name())).pop(),
        features: columns(settings.value(FEATURES.name())),
        missing: missing_cells(settings),
        is_class,
    }
}

fn missing_cells(settings: &Settings) -> MissingCells {
    let is = |word| settings.is(MISSING, word);
    if is("drop") {
        MissingCells::Drop
    } else if is("mean") {
        MissingCells::Mean
    } else {
        MissingCells::Refuse
    }
}

fn columns(value: ParameterValue) -> Vec<ColumnChoice> {
    match value {
        ParameterValue::Choice(name) if name.is_empty() => Vec::new(),
        ParameterValue::Choice(name) => vec![ColumnChoice::Name(name)],
        ParameterValue::Words(names) => names.into_iter().map(ColumnChoice::Name).collect(),
        ParameterValue::Number(number) => vec![ColumnChoice::Number(number)],
        ParameterValue::List(numbers) => numbers.into_iter().map(ColumnChoice::Number).collect(),
        ParameterValue::Data(_) => Vec::new(),
    }
}
