//! The axis of a sweep: `LABEL.parameter=from:to:count[:log]`, on the command line and in files.

use std::fmt;
use std::str::FromStr;

use bilevel::numerics::rounded;
use bilevel::problem::{Parameter, ParameterError, ParameterKind};
use thiserror::Error;

use crate::messages;

/// A range of values for one parameter of one method.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepAxis {
    /// The label of the method.
    pub label: String,
    /// The name of the parameter.
    pub parameter: String,
    /// The first value.
    pub from: f64,
    /// The last value.
    pub to: f64,
    /// The number of values, including both ends.
    pub count: usize,
    /// True for logarithmic spacing.
    pub is_log: bool,
}

/// The reason why an axis is not valid.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SweepAxisError {
    /// The text does not have the form of an axis.
    #[error("{}", messages::experiment::form_of_axis(.0))]
    Form(String),
    /// The number of values is too small or too large.
    #[error("{}", messages::experiment::values_of_axis(.text, SweepAxis::MOST, *.count))]
    Count {
        /// The text of the axis.
        text: String,
        /// The number of values.
        count: usize,
    },
    /// An end of a logarithmic axis is not positive.
    #[error("{}", messages::experiment::logarithmic_axis(.0))]
    Log(String),
    /// No method has the label.
    #[error("{}", messages::experiment::unknown_label(.label, .known))]
    Label {
        /// The unknown label.
        label: String,
        /// The existing labels.
        known: String,
    },
    /// The method has no such parameter, or the parameter does not accept these values.
    #[error("{}", messages::experiment::wrong_parameter(.label, &.error.to_string()))]
    Parameter {
        /// The method's label.
        label: String,
        /// The error.
        error: ParameterError,
    },
    /// The parameter is not numeric.
    #[error("{}", messages::experiment::axis_of_words(.0))]
    Words(String),
    /// The number of axes is not one or two, or they do not vary two parameters of one method.
    #[error("{}", messages::experiment::wrong_axes())]
    Pair,
}

impl SweepAxis {
    /// The maximum number of values.
    pub const MOST: usize = 256;

    /// The values in order, rounded to four significant digits between the ends; rounded to integers for an integer
    /// parameter, without duplicates.
    pub fn values(&self, parameter: &Parameter) -> Vec<f64> {
        let is_whole = matches!(parameter.kind, ParameterKind::Integer { .. });
        let last = (self.count - 1) as f64;
        let mut values: Vec<f64> = (0..self.count)
            .map(|place| {
                let share = place as f64 / last;
                let value = if self.is_log {
                    self.from * (self.to / self.from).powf(share)
                } else {
                    self.from + share * (self.to - self.from)
                };
                if place == 0 {
                    self.from
                } else if place + 1 == self.count {
                    self.to
                } else if is_whole {
                    value.round()
                } else {
                    rounded(value, 4)
                }
            })
            .collect();
        values.dedup();
        values
    }
}

impl FromStr for SweepAxis {
    type Err = SweepAxisError;

    fn from_str(text: &str) -> Result<Self, SweepAxisError> {
        let form = || SweepAxisError::Form(text.to_owned());
        let (name, range) = text.rsplit_once('=').ok_or_else(form)?;
        let (label, parameter) = name.rsplit_once('.').ok_or_else(form)?;
        let parts: Vec<&str> = range.split(':').map(str::trim).collect();
        let (numbers, is_log) = match &parts[..] {
            [numbers @ .., "log"] => (numbers, true),
            numbers => (numbers, false),
        };
        let [from, to, count] = numbers else {
            return Err(form());
        };
        let number = |word: &str| word.parse().ok().filter(|value: &f64| value.is_finite());
        let vary = Self {
            label: label.trim().to_owned(),
            parameter: parameter.trim().to_owned(),
            from: number(from).ok_or_else(form)?,
            to: number(to).ok_or_else(form)?,
            count: count.parse().map_err(|_no_number| form())?,
            is_log,
        };
        if !(2..=Self::MOST).contains(&vary.count) {
            return Err(SweepAxisError::Count {
                text: text.to_owned(),
                count: vary.count,
            });
        }
        if vary.is_log && !(vary.from > 0.0 && vary.to > 0.0) {
            return Err(SweepAxisError::Log(text.to_owned()));
        }
        Ok(vary)
    }
}

impl fmt::Display for SweepAxis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            label,
            parameter,
            from,
            to,
            count,
            is_log,
        } = self;
        let log = if *is_log { ":log" } else { "" };
        write!(out, "{label}.{parameter}={from}:{to}:{count}{log}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "BOME.inner_steps=1:50:12:log",
            "ITD, T = 3.outer_step_size=0.01:0.1:4",
            "a.b.c=-1:1:3",
        ] {
            let vary: SweepAxis = text.parse().unwrap();
            assert_eq!(vary.to_string(), text);
        }
        let vary: SweepAxis = "ITD, T = 3.outer_step_size=0.01:0.1:4".parse().unwrap();
        assert_eq!(vary.label, "ITD, T = 3");
    }

    #[test]
    fn what_cannot_be_varied_is_refused_with_the_reason() {
        for (text, reason) in [
            ("inner_steps=1:50:12", "must be LABEL"),
            ("BOME.inner_steps=1:50", "must be LABEL"),
            ("BOME.inner_steps=1:x:3", "must be LABEL"),
            ("BOME.inner_steps=1:inf:3", "must be LABEL"),
            ("BOME.inner_steps=1:50:1", "2 to 256"),
            ("BOME.inner_steps=0:50:5:log", "above 0"),
        ] {
            let error = text.parse::<SweepAxis>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
