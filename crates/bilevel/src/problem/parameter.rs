//! Declared parameters: the table from which files, panels, checks and docs are generated.

use std::sync::Arc;

use thiserror::Error;

use super::key::{FromNumber, Key, Word};
use super::nearest;
use crate::data::{Data, DataKind, brief_number, excerpt};
use crate::formula::Model;
use crate::messages;

/// A parameter of a method or a problem.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The key in an experiment file, `snake_case`.
    pub name: &'static str,
    /// The label in the window.
    pub label: &'static str,
    /// The symbol in formulas, in the markup of texts that `metadata.rs` describes.
    pub symbol: &'static str,
    /// The allowed values.
    pub kind: ParameterKind,
    /// The default value.
    pub default: DefaultValue,
    /// The meaning, in one sentence.
    pub meaning: &'static str,
}

/// The values that a parameter allows.
#[derive(Clone, Copy, Debug)]
pub enum ParameterKind {
    /// A real number in [min, max].
    Number {
        /// The least value that a file may give.
        min: f64,
        /// The greatest value that a file may give.
        max: f64,
        /// The range of the slider: on a logarithmic scale, or from 0 on a linear one.
        slider: [f64; 2],
        /// True if a list with one value per lower level is allowed.
        per_level: bool,
    },
    /// A whole number in [min, max].
    Integer {
        /// The least value that a file may give.
        min: u32,
        /// The greatest value that a file may give.
        max: u32,
        /// The range of the slider, on a logarithmic scale.
        slider: [f64; 2],
        /// True if a list with one value per lower level is allowed.
        per_level: bool,
    },
    /// The size of a part of the data: a whole number from 1 to `max`, or a share between 0 and 1 of what there is.
    Part {
        /// The greatest whole number.
        max: u32,
        /// The range of the slider, on a logarithmic scale.
        slider: [f64; 2],
    },
    /// One of several words.
    Choice(&'static [ParameterChoice]),
    /// Data: the name of a set that ships, or the path to read it from.
    Data(DataKind),
    /// A column of a table, by its name or its number from 1.
    Column,
    /// A list of columns of a table.
    Columns,
}

/// A word that a parameter allows.
#[derive(Clone, Copy, Debug)]
pub struct ParameterChoice {
    /// The word in a file.
    pub name: &'static str,
    /// The words in the window; empty if they are the word in a file.
    pub label: &'static str,
    /// The meaning, in one sentence.
    pub meaning: &'static str,
}

impl ParameterChoice {
    /// The words in the window.
    pub const fn words(&self) -> &'static str {
        if self.label.is_empty() {
            self.name
        } else {
            self.label
        }
    }
}

/// A default value as it is declared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// A number, whole or not.
    Number(f64),
    /// A word.
    Choice(&'static str),
    /// Another parameter's value.
    SameAs(&'static str),
}

/// A value that a parameter is set to.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// A number, whole or not, for all lower levels.
    Number(f64),
    /// One number per lower level, level 2 first.
    List(Vec<f64>),
    /// A word.
    Choice(String),
    /// Several words.
    Words(Vec<String>),
    /// Data in memory.
    Data(Data),
}

impl From<f64> for ParameterValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for ParameterValue {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<i32> for ParameterValue {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<&str> for ParameterValue {
    fn from(word: &str) -> Self {
        Self::Choice(word.to_owned())
    }
}

impl From<Vec<String>> for ParameterValue {
    fn from(words: Vec<String>) -> Self {
        Self::Words(words)
    }
}

impl From<Vec<f64>> for ParameterValue {
    fn from(numbers: Vec<f64>) -> Self {
        Self::List(numbers)
    }
}

/// An invalid name or value of a parameter.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParameterError {
    /// No parameter has this name.
    #[error("{}", messages::settings::unknown_parameter(name, hint))]
    Unknown {
        /// The name as given.
        name: String,
        /// " (did you mean …?)" or the list of existing names.
        hint: String,
    },
    /// The value is of another kind or out of range.
    #[error("{}", messages::settings::wrong_value(name, expected, given))]
    Value {
        /// The parameter.
        name: String,
        /// The allowed values, in words.
        expected: String,
        /// The given value.
        given: String,
    },
}

impl Parameter {
    /// Checks a value against the kind and the range.
    pub fn check(&self, value: &ParameterValue) -> Result<(), ParameterError> {
        let fits = match (&self.kind, value) {
            (ParameterKind::Choice(choices), ParameterValue::Choice(word)) => {
                choices.iter().any(|choice| choice.name == word)
            }
            (ParameterKind::Data(form), ParameterValue::Choice(word)) => {
                form.words().contains(&word.as_str())
            }
            (ParameterKind::Data(form), ParameterValue::Data(data)) => form.holds(data),
            (ParameterKind::Column, ParameterValue::Choice(_)) => true,
            (ParameterKind::Columns, ParameterValue::Words(words)) => !words.is_empty(),
            (ParameterKind::Columns, ParameterValue::List(numbers)) => {
                !numbers.is_empty() && numbers.iter().all(|&number| self.holds(number))
            }
            (
                ParameterKind::Number { per_level, .. } | ParameterKind::Integer { per_level, .. },
                ParameterValue::List(values),
            ) => *per_level && !values.is_empty() && values.iter().all(|&value| self.holds(value)),
            (
                ParameterKind::Number { .. }
                | ParameterKind::Integer { .. }
                | ParameterKind::Part { .. }
                | ParameterKind::Column,
                ParameterValue::Number(value),
            ) => self.holds(*value),
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(ParameterError::Value {
                name: self.name.to_owned(),
                expected: self.expected(),
                given: value.to_string(),
            })
        }
    }

    fn holds(&self, value: f64) -> bool {
        match self.kind {
            ParameterKind::Number { min, max, .. } => min <= value && value <= max,
            ParameterKind::Integer { min, max, .. } => {
                f64::from(min) <= value && value <= f64::from(max) && value.fract() == 0.0
            }
            ParameterKind::Part { max, .. } => {
                let is_share = 0.0 < value && value < 1.0;
                is_share || (1.0 <= value && value <= f64::from(max) && value.fract() == 0.0)
            }
            ParameterKind::Column | ParameterKind::Columns => value >= 1.0 && value.fract() == 0.0,
            ParameterKind::Choice(_) | ParameterKind::Data(_) => false,
        }
    }

    /// The allowed values, in words.
    pub fn expected(&self) -> String {
        match self.kind {
            ParameterKind::Number {
                min,
                max,
                per_level,
                ..
            } => or_list(messages::settings::number_between(min, max), per_level),
            ParameterKind::Integer {
                min,
                max,
                per_level,
                ..
            } => or_list(
                messages::settings::whole_number_between(min, max),
                per_level,
            ),
            ParameterKind::Choice(choices) => {
                let words: Vec<String> = choices
                    .iter()
                    .map(|choice| format!("{:?}", choice.name))
                    .collect();
                messages::settings::alternatives(&words)
            }
            ParameterKind::Data(form) => form.expected(),
            ParameterKind::Part { max, .. } => messages::settings::number_or_share(max),
            ParameterKind::Column => messages::settings::column().to_owned(),
            ParameterKind::Columns => messages::settings::columns().to_owned(),
        }
    }
}

fn or_list(expected: String, per_level: bool) -> String {
    if per_level {
        messages::settings::or_one_per_level(&expected)
    } else {
        expected
    }
}

impl std::fmt::Display for ParameterValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&brief_number(*number)),
            Self::List(numbers) => f.write_str(&list(numbers.iter().copied().map(brief_number))),
            Self::Choice(word) => f.write_str(&excerpt(word)),
            Self::Words(words) => f.write_str(&list(words.iter().map(|word| excerpt(word)))),
            Self::Data(set) => f.write_str(&excerpt(set.name())),
        }
    }
}

/// A list in brackets, of which no more than a few items are shown.
fn list(items: impl ExactSizeIterator<Item = String>) -> String {
    const SHOWN: usize = 8;
    let count = items.len();
    let mut shown: Vec<String> = items.take(SHOWN).collect();
    if count > SHOWN {
        shown.push(messages::settings::and_more(count - SHOWN));
    }
    format!("[{}]", shown.join(", "))
}

/// The values of all parameters of one method or problem: the given ones, and defaults for the rest.
///
/// For a typed problem also its model, whose sliders are parameters like those of a table: they are set, read and
/// compared by name. Their ranges are given by [`Model::sliders`], since no table can know them.
#[derive(Clone, Debug)]
pub struct Settings {
    table: &'static [Parameter],
    given: Vec<(&'static str, ParameterValue)>,
    model: Option<Arc<Model>>,
}

impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        // a typed problem without a model is the starter
        let model = |settings: &Self| settings.model.clone();
        let models = match (model(self), model(other)) {
            (None, None) => None,
            (own, others) => {
                Some([own, others].map(|one| one.unwrap_or_else(|| Arc::clone(Model::starter()))))
            }
        };
        models.is_none_or(|[own, others]| own == others)
            && std::ptr::eq(self.table, other.table)
            && self
                .table
                .iter()
                .all(|parameter| self.value(parameter.name) == other.value(parameter.name))
    }
}

impl Settings {
    /// The default values of a table.
    pub fn new(table: &'static [Parameter]) -> Self {
        Self {
            table,
            given: Vec::new(),
            model: None,
        }
    }

    /// The default values of the typed problem with a model.
    pub fn of_model(model: Model) -> Self {
        Self {
            model: Some(Arc::new(model)),
            ..Self::new(&[])
        }
    }

    /// The model of a typed problem; `None` stands for the starter.
    pub fn model(&self) -> Option<&Arc<Model>> {
        self.model.as_ref()
    }

    /// The declared parameters.
    pub fn table(&self) -> &'static [Parameter] {
        self.table
    }

    /// Iterates over the given values, in the table's order; the rest are defaults.
    pub fn iter_set(&self) -> impl Iterator<Item = (&'static str, &ParameterValue)> {
        self.table.iter().filter_map(|parameter| {
            let (name, value) = self
                .given
                .iter()
                .find(|(name, _)| *name == parameter.name)?;
            Some((*name, value))
        })
    }

    /// Sets a parameter after checking the value.
    pub fn set(&mut self, name: &str, value: ParameterValue) -> Result<(), ParameterError> {
        if let Some(model) = &mut self.model {
            return set_slider(model, name, &value);
        }
        let parameter = self.parameter(name)?;
        parameter.check(&value)?;
        self.given.retain(|(given, _)| *given != name);
        self.given.push((parameter.name, value));
        Ok(())
    }

    /// A declared parameter by its name.
    pub fn parameter(&self, name: &str) -> Result<&'static Parameter, ParameterError> {
        let found = self.table.iter().find(|parameter| parameter.name == name);
        found.ok_or_else(|| unknown(name, self.table))
    }

    /// True if the value was set, to its default or another one.
    pub fn is_set(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| *given == name)
    }

    /// Resets a parameter to its default.
    pub fn reset(&mut self, name: &str) {
        self.given.retain(|(given, _)| *given != name);
    }

    /// True if the table or the model declares such a parameter.
    pub fn declares(&self, name: &str) -> bool {
        self.slider(name).is_some() || self.table.iter().any(|parameter| parameter.name == name)
    }

    fn slider(&self, name: &str) -> Option<f64> {
        let constant = self.model.as_ref()?.slider(name)?;
        Some(constant.value)
    }

    /// The value in force: the given one, else the default.
    ///
    /// # Panics
    /// If no such parameter is declared: the name stands in the program, not in a file.
    pub fn value(&self, name: &str) -> ParameterValue {
        if let Some((_, value)) = self.given.iter().find(|(given, _)| *given == name) {
            return value.clone();
        }
        if let Some(value) = self.slider(name) {
            return ParameterValue::Number(value);
        }
        let parameter = self.table.iter().find(|parameter| parameter.name == name);
        match parameter
            .unwrap_or_else(|| panic!("no parameter `{name}` is declared"))
            .default
        {
            DefaultValue::Number(number) => ParameterValue::Number(number),
            DefaultValue::Choice(word) => ParameterValue::Choice(word.to_owned()),
            DefaultValue::SameAs(other) => self.value(other),
        }
    }

    /// A number that holds for every level.
    pub fn number(&self, name: &str) -> f64 {
        self.number_at(name, 2)
    }

    /// A number for one lower level, counted from 2; the last of a list serves all deeper levels.
    pub fn number_at(&self, name: &str, level: usize) -> f64 {
        match self.value(name) {
            ParameterValue::Number(number) => number,
            ParameterValue::List(numbers) => numbers[(level - 2).min(numbers.len() - 1)],
            other => panic!("`{name}` is {other}, not a number"),
        }
    }

    /// A whole number for one lower level, counted from 2.
    pub fn integer_at(&self, name: &str, level: usize) -> usize {
        self.number_at(name, level) as usize
    }

    /// The number of a key, for all levels.
    ///
    /// # Panics
    /// If the table does not declare the key.
    pub fn get<T: FromNumber>(&self, key: Key<T>) -> T {
        self.get_at(key, 2)
    }

    /// The number of a key for one lower level, counted from 2; the last of a list serves all deeper levels.
    ///
    /// # Panics
    /// If the table does not declare the key.
    pub fn get_at<T: FromNumber>(&self, key: Key<T>, level: usize) -> T {
        T::from_number(self.number_at(key.name(), level))
    }

    /// True if a choice is set to `word`.
    pub fn is(&self, key: Key<Word>, word: &str) -> bool {
        self.value(key.name()) == ParameterValue::Choice(word.to_owned())
    }

    /// Checks that lists have one value per lower level of a problem with `levels` levels.
    pub fn check_levels(&self, levels: usize) -> Result<(), ParameterError> {
        for (name, value) in self.iter_set() {
            if let ParameterValue::List(values) = value
                && values.len() != levels - 1
            {
                return Err(ParameterError::Value {
                    name: name.to_owned(),
                    expected: messages::settings::number_or_list_of(levels - 1),
                    given: messages::settings::list_of(values.len()),
                });
            }
        }
        Ok(())
    }
}

/// Sets a slider of a model.
fn set_slider(
    model: &mut Arc<Model>,
    name: &str,
    value: &ParameterValue,
) -> Result<(), ParameterError> {
    let names: Vec<&str> = model.sliders().map(|(name, _)| name).collect();
    let range = model.slider(name).and_then(|constant| constant.range);
    let Some([low, high]) = range else {
        return Err(ParameterError::Unknown {
            name: name.to_owned(),
            hint: nearest::hint(name, &names),
        });
    };
    let is_set = matches!(value, ParameterValue::Number(number) if Arc::make_mut(model).set_slider(name, *number));
    if is_set {
        return Ok(());
    }
    Err(ParameterError::Value {
        name: name.to_owned(),
        expected: messages::settings::number_between(low, high),
        given: value.to_string(),
    })
}

fn unknown(name: &str, table: &[Parameter]) -> ParameterError {
    let names: Vec<&str> = table.iter().map(|parameter| parameter.name).collect();
    ParameterError::Unknown {
        name: name.to_owned(),
        hint: nearest::hint(name, &names),
    }
}
