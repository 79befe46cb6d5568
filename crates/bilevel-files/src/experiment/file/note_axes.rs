//! The words of the axes of a note: those that some problem can have are accepted, so that a note outlives a change of the
//! problem and of its parameters.

use bilevel::problem::{Metadata, all};
use bilevel::study::{Measure, RunCost};

use super::document::{DocumentValue, ReadError};
use crate::ProblemSpec;
use crate::messages::experiment as words;
use crate::views::{AxisWords, ViewKind};

/// Checks the words of the axes of a picture, by its number from 1; `metadata` are those of the file's problem.
///
/// # Errors
/// If no picture of the view can have such axes, with the words that it can have.
pub(super) fn check_axes(
    field: &DocumentValue<'_>,
    [horizontal, vertical]: &[String; 2],
    (view, figure): (ViewKind, u64),
    metadata: &Metadata,
) -> Result<(), ReadError> {
    let word = view.word();
    let wrong = |allowed: [String; 2]| {
        let message = words::unknown_axes((word, figure), [horizontal, vertical], &allowed);
        Err(field.error(message))
    };
    match view.info().axis_words {
        AxisWords::Labels => Ok(()),
        AxisWords::Variables(reduced) => {
            let is_right = if figure == 1 {
                is_variable(horizontal) && is_variable(vertical) && horizontal != vertical
            } else {
                is_variable(horizontal) && vertical == reduced
            };
            let second = if figure == 1 {
                words::another_variable()
            } else {
                words::quoted(reduced)
            };
            if is_right {
                return Ok(());
            }
            wrong([words::variable_as_word(), second])
        }
        AxisWords::Costs(gap) => {
            let costs = RunCost::ALL.map(RunCost::word);
            let measures = Measure::all(metadata).into_iter().map(Measure::word);
            let measures: Vec<&str> = measures.collect();
            let is_right = costs.contains(&&**horizontal)
                && if figure == 1 {
                    measures.contains(&&**vertical) || is_metric_of_any(vertical)
                } else {
                    vertical == gap
                };
            if is_right {
                return Ok(());
            }
            let second = if figure == 1 {
                words::either_word(&measures)
            } else {
                words::quoted(gap)
            };
            wrong([words::either_word(&costs), second])
        }
    }
}

/// True for the word of a variable, such as `x1[1]`.
fn is_variable(word: &str) -> bool {
    let parts = word
        .strip_prefix('x')
        .and_then(|rest| rest.strip_suffix(']')?.split_once('['));
    let is_count = |text: &str| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        is_plain && text.parse::<usize>().is_ok()
    };
    parts.is_some_and(|(level, index)| is_count(level) && is_count(index))
}

/// True for a metric of a problem of the catalogue, whatever its number.
fn is_metric_of_any(word: &str) -> bool {
    fn stem(word: &str) -> &str {
        word.trim_end_matches(|letter: char| letter.is_ascii_digit())
    }
    all().any(|entry| {
        let problem = ProblemSpec::new(entry).build();
        let mut metrics = problem.metadata().metrics.iter();
        metrics.any(|metric| stem(metric.name) == stem(word))
    })
}
