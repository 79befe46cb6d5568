//! A change of one parameter on the command line: `LABEL.parameter=VALUE`.

use std::str::FromStr;

use bilevel::problem::{ParameterError, ParameterValue, Settings};
use thiserror::Error;

use super::model::Experiment;
use crate::messages;

/// The word that names the problem in place of a method.
const PROBLEM: &str = "problem";

/// A new value of one parameter of a method, or of the problem.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingChange {
    /// The label or the id of the method, or `problem`.
    pub label: String,
    /// The name of the parameter.
    pub parameter: String,
    /// The new value.
    pub value: ParameterValue,
}

/// The reason why a parameter cannot be changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SettingChangeError {
    /// The text does not have the form of a change.
    #[error("{}", messages::experiment::form_of_change(.0))]
    Form(String),
    /// No method has the label or the id.
    #[error("{}", messages::experiment::unknown_label(.label, .known))]
    Label {
        /// The unknown label.
        label: String,
        /// The existing labels.
        known: String,
    },
    /// There is no such parameter, or it does not accept the value.
    #[error("{}", messages::experiment::wrong_parameter(.label, &.error.to_string()))]
    Parameter {
        /// The label.
        label: String,
        /// The error.
        error: ParameterError,
    },
}

impl FromStr for SettingChange {
    type Err = SettingChangeError;

    fn from_str(text: &str) -> Result<Self, SettingChangeError> {
        let form = || SettingChangeError::Form(text.to_owned());
        // a label may hold a point and an equals sign, a parameter neither
        let places = text.match_indices('=').map(|(place, _)| place);
        let parted = places.into_iter().find_map(|place| {
            let (label, parameter) = text[..place].rsplit_once('.')?;
            let is_name = |one: char| one.is_alphanumeric() || one == '_' || one == '-';
            let parameter = parameter.trim();
            let is_parameter = !parameter.is_empty() && parameter.chars().all(is_name);
            is_parameter.then(|| (label.trim(), parameter, text[place + 1..].trim()))
        });
        let (label, parameter, value) = parted.ok_or_else(form)?;
        if label.is_empty() || value.is_empty() {
            return Err(form());
        }
        Ok(Self {
            label: label.to_owned(),
            parameter: parameter.to_owned(),
            value: value_of(value).ok_or_else(form)?,
        })
    }
}

/// A number, a list of numbers in brackets, or a word.
fn value_of(text: &str) -> Option<ParameterValue> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    if let Some(list) = text.strip_prefix('[') {
        let numbers = list.strip_suffix(']')?.split(',').map(number);
        return numbers.collect::<Option<_>>().map(ParameterValue::List);
    }
    let word = || ParameterValue::Choice(text.trim_matches('"').to_owned());
    Some(number(text).map_or_else(word, ParameterValue::Number))
}

impl Experiment {
    /// Changes a parameter of the method with a label, or of all methods with an id.
    pub fn change(&mut self, change: &SettingChange) -> Result<(), SettingChangeError> {
        let labels: Vec<String> = self.methods.iter().map(|one| one.label.clone()).collect();
        let is_label = labels.contains(&change.label);
        let set = |settings: &mut Settings| {
            let set = settings.set(&change.parameter, change.value.clone());
            set.map_err(|error| SettingChangeError::Parameter {
                label: change.label.clone(),
                error,
            })
        };
        if !is_label && change.label == PROBLEM {
            return set(&mut self.problem.settings);
        }
        let mut is_there = false;
        for method in &mut self.methods {
            let is_meant = if is_label {
                method.label == change.label
            } else {
                method.entry.id.eq_ignore_ascii_case(&change.label)
            };
            if is_meant {
                is_there = true;
                set(&mut method.settings)?;
            }
        }
        if is_there {
            return Ok(());
        }
        Err(SettingChangeError::Label {
            label: change.label.clone(),
            known: labels.join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_a_method_or_the_problem() {
        let text = "[problem]\nid = 'coreset'\n[[method]]\nid = 'bome'\nlabel = 'BOME, T = 1.5'\n[[method]]\nid = 'bome'\n";
        let mut experiment = Experiment::read("a.toml", text).unwrap();
        let mut change = |text: &str| experiment.change(&text.parse()?);
        change("BOME, T = 1.5.inner_steps=7").unwrap();
        change("problem.x4=mirrored").unwrap();
        for (text, reason) in [
            ("inner_steps=5", "must be"),
            ("bome.inner_steps=", "must be"),
            ("itd.inner_steps=5", "is no method"),
            ("bome.inner_stepz=5", "inner_steps"),
            ("bome.inner_steps=many", "inner_steps"),
        ] {
            let error = change(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
        let steps = |slot: usize| experiment.methods[slot].settings.value("inner_steps");
        assert_eq!(steps(0), ParameterValue::Number(7.0));
        assert_ne!(steps(1), ParameterValue::Number(7.0));
        let x4 = experiment.problem.settings.value("x4");
        assert_eq!(x4, ParameterValue::Choice("mirrored".to_owned()));
        let mut all = experiment.clone();
        all.change(&"BOME.eta=0.25".parse().unwrap()).unwrap();
        assert!(
            all.methods
                .iter()
                .all(|one| one.settings.value("eta") == ParameterValue::Number(0.25))
        );
    }
}
