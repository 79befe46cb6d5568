//! The reference of the file format: its tables have the keys that the reader accepts, the functions of formulas, and the
//! parameters of data.

use std::collections::BTreeSet;

use bilevel::formula::{Fold, Function, IF, NUMBERS};
use bilevel::problem;
use rstest::rstest;

const PAGE: &str = include_str!("../../docs/file-format.md");

/// The words in backticks in the first cells of the tables below a heading, up to the next one.
fn listed(heading: &str) -> Vec<String> {
    let lines = PAGE
        .lines()
        .skip_while(|line| line.trim_start_matches('#').trim() != heading);
    let section = lines.skip(1).take_while(|line| !line.starts_with('#'));
    let rows = section.filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(ToOwned::to_owned)
        .collect()
}

fn set<'a>(words: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    words.into_iter().map(ToOwned::to_owned).collect()
}

#[rstest]
fn its_tables_have_the_keys_of_the_reader() {
    bilevel_figure::register_views();
    for (heading, keys) in bilevel_files::file_keys() {
        let found: BTreeSet<String> = listed(heading).into_iter().collect();
        assert_eq!(found, set(keys), "{heading}");
    }
}

#[rstest]
fn its_functions_and_numbers_are_those_of_formulas() {
    let functions = Function::ALL.iter().map(|(_, info)| info.call);
    let folds = Fold::ALL.iter().map(|fold| fold.info().call);
    let numbers = NUMBERS.iter().map(|(name, _)| *name);
    let found: BTreeSet<String> = listed("Formulas").into_iter().collect();
    assert_eq!(
        found,
        set(functions.chain(folds).chain(numbers).chain([IF.call]))
    );
    for (_, info) in Function::ALL {
        let row = format!("| `{}` | {} |", info.call, info.meaning);
        assert!(PAGE.contains(&row), "{row}");
    }
}

#[rstest]
fn its_keys_of_data_are_parameters() {
    let parameters: BTreeSet<String> = ["robust-regression", "hyper-cleaning", "regularization"]
        .into_iter()
        .filter_map(problem::find)
        .flat_map(|entry| entry.parameters)
        .map(|parameter| parameter.name.to_owned())
        .collect();
    let keys = [listed("Split"), listed("Tables")].concat();
    assert_eq!(keys.len(), 8);
    for key in keys {
        assert!(parameters.contains(&key), "{key}");
    }
}
