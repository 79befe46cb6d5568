//! The reader of a parameter of a problem or a method, as its table declares it.

use std::path::Path;

use bilevel::data::{Data, DataKind};
use bilevel::problem::{Parameter, ParameterError, ParameterKind, ParameterValue, Settings};

use super::document::{DocumentTable, DocumentValue, ReadError};
use crate::messages;

/// Sets a parameter from a field in the table of a problem or a method.
pub(crate) fn read_parameter(
    field: &DocumentValue<'_>,
    section: &DocumentTable<'_>,
    settings: &mut Settings,
) -> Result<(), ReadError> {
    let wrong = |error: ParameterError| match error {
        ParameterError::Unknown { name, hint } => {
            let message = messages::experiment::unknown_key(&name, section.name, &hint);
            field.error_at_key(message)
        }
        ParameterError::Value { .. } => field.error(error.to_string()),
    };
    let parameter = settings.parameter(field.name).map_err(wrong)?;
    let unfit = || field.expected(&parameter.expected());
    let value = if field.is_list() {
        list(field).ok_or_else(unfit)?
    } else if let Some(number) = field.any_number() {
        ParameterValue::Number(number)
    } else {
        // `true` and `false` are what other programs write for these words
        let switched = |truth| if truth { "on" } else { "off" };
        let word = field
            .as_truth()
            .map(switched)
            .filter(|_| is_switch(parameter));
        let text = word.or_else(|| field.as_text()).ok_or_else(unfit)?;
        match parameter.kind {
            ParameterKind::Data(kind) if !kind.words().contains(&text) => {
                let data = read_data(field, kind, text)?;
                ParameterValue::Data(data)
            }
            _ => ParameterValue::Choice(text.to_owned()),
        }
    };
    parameter.check(&value).map_err(|error| match value {
        // the text of the file says more than a number that was read from it
        ParameterValue::Number(_) | ParameterValue::List(_) => unfit(),
        _ => wrong(error),
    })?;
    settings.set(field.name, value).map_err(wrong)
}

/// True for a choice with the words "on" and "off".
fn is_switch(parameter: &Parameter) -> bool {
    match parameter.kind {
        ParameterKind::Choice(choices) => choices.iter().any(|choice| choice.name == "on"),
        _ => false,
    }
}

/// A list of numbers or of words; `None` for any other one.
fn list(field: &DocumentValue<'_>) -> Option<ParameterValue> {
    let items = field.list(messages::experiment::numbers()).ok()?;
    let numbers: Option<Vec<f64>> = items.iter().map(DocumentValue::any_number).collect();
    if let Some(numbers) = numbers {
        return Some(ParameterValue::List(numbers));
    }
    let words: Option<Vec<String>> = items
        .iter()
        .map(|item| item.as_text().map(ToOwned::to_owned))
        .collect();
    words.map(ParameterValue::Words)
}

/// The path of data that a file names: beside it or, if there is nothing, from the folder of the process.
pub(crate) fn path_of_data(file: &str, text: &str) -> String {
    let beside = Path::new(file).with_file_name(text);
    let is_elsewhere = text.is_empty() || (!beside.exists() && Path::new(text).exists());
    if is_elsewhere {
        text.to_owned()
    } else {
        beside.to_string_lossy().into_owned()
    }
}

/// Reads data from a path, which is relative to the folder of the experiment's file or else to that of the process.
fn read_data(field: &DocumentValue<'_>, kind: DataKind, text: &str) -> Result<Data, ReadError> {
    let path = path_of_data(field.source.name, text);
    let data = kind
        .read(&path)
        .map_err(|error| field.error(error.to_string()))?;
    Ok(data.named(text))
}
