//! Names that a problem declares, and the bounds, starts and ranges of its variables.

use std::collections::BTreeSet;

use super::draft::{Draft, UnreadParts};
use super::errors::{FormulaError, FormulaPart, SpanError};
use super::limits::{LONGEST_NAME, MOST_VARIABLES};
use super::markup::{element_as_maths, name_as_maths};
use super::scope::is_reserved;
use super::token::{Spanned, Token, begins_name, continues_name, tokens};
use crate::messages;
use crate::messages::excerpt::excerpt;

/// A variable as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// The number of entries of a vector; `None` for a number.
    pub size: Option<usize>,
}

impl Variable {
    /// The number of its entries, 1 for a number.
    pub fn entries(&self) -> usize {
        self.size.unwrap_or(1)
    }

    /// Its entries as maths, such as `x`, or `x_{1}` and so on.
    pub fn as_maths(&self) -> Vec<String> {
        match self.size {
            None => vec![name_as_maths(&self.name)],
            Some(size) => (1..=size)
                .map(|at| element_as_maths(&self.name, &at.to_string()))
                .collect(),
        }
    }
}

/// The names that a draft declares.
pub(super) struct Declared {
    /// The variables of each level that are right.
    pub(super) variables: Vec<Vec<Variable>>,
    /// True for each level all of whose variables are right.
    pub(super) is_whole: Vec<bool>,
    /// The names of declarations with errors.
    pub(super) broken: BTreeSet<String>,
    /// True if there are variables without a name.
    pub(super) has_unread: bool,
}

/// The names of a draft, with the errors of their declarations. No name may be declared twice, those of constants and
/// definitions included.
pub(super) fn declared(
    draft: &Draft,
    unread: &UnreadParts,
    troubles: &mut Vec<FormulaError>,
) -> Declared {
    let mut taken = BTreeSet::new();
    let mut left = MOST_VARIABLES;
    let mut declared = Declared {
        variables: Vec::new(),
        is_whole: Vec::new(),
        broken: unread.names.iter().cloned().collect(),
        has_unread: unread.has_names_unknown,
    };
    for (number, level) in draft.levels.iter().enumerate() {
        let mut variables = Vec::new();
        let is_unread = unread.levels.contains(&(number + 1));
        if level.variables.is_empty() && !is_unread {
            declared.has_unread = true;
            let message = messages::formula::level_without_variables(number + 1);
            troubles.push(SpanError::of(
                FormulaPart::Variable(number + 1, 0),
                "",
                message,
            ));
        }
        // one name more than allowed is enough for an error
        for (place, text) in level.variables.iter().take(MOST_VARIABLES + 1).enumerate() {
            let found = variable(text, &mut left).and_then(|variable| {
                fresh(&variable.name, text, &mut taken)?;
                Ok(variable)
            });
            match found {
                Ok(variable) => variables.push(variable),
                Err(wrong) => {
                    declared.broken.extend(names_in(text));
                    troubles.push(wrong.at(FormulaPart::Variable(number + 1, place), text));
                }
            }
        }
        let is_whole = !variables.is_empty() && variables.len() == level.variables.len();
        declared.is_whole.push(is_whole && !is_unread);
        declared.variables.push(variables);
    }
    let constants = draft.constants.iter().enumerate();
    let constants = constants.map(|(number, (name, _))| (name, FormulaPart::ConstantName(number)));
    let tables = draft.tables.iter().enumerate();
    let tables = tables.map(|(number, (name, _))| (name, FormulaPart::TableName(number)));
    let definitions = draft.definitions.iter().enumerate();
    let definitions =
        definitions.map(|(number, (name, _))| (name, FormulaPart::DefinedName(number)));
    for (name, place) in constants.chain(tables).chain(definitions) {
        let checked = is_name(name).and_then(|()| fresh(name, name, &mut taken));
        if let Err(wrong) = checked {
            declared.broken.extend(names_in(name));
            troubles.push(wrong.at(place, name));
        }
    }
    for (number, (name, constant)) in draft.constants.iter().enumerate() {
        let [low, high] = constant.range.unwrap_or([constant.value; 2]);
        let is_finite = [low, high, constant.value]
            .iter()
            .all(|one| one.is_finite());
        let is_within = low <= constant.value && constant.value <= high;
        if !(is_finite && is_within) {
            let message = messages::formula::wrong_constant(name, [low, high], constant.value);
            troubles.push(SpanError::of(FormulaPart::Constant(number), name, message));
        }
    }
    declared
}

/// The names in a text that declares none as it should, such as `x` in `x[0]`: formulas may mean them.
fn names_in(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|one: char| !continues_name(one));
    let names = words.map(|word| word.trim_start_matches(|one: char| !begins_name(one)));
    let names = names.filter(|name| !name.is_empty() && name.len() <= 4 * LONGEST_NAME);
    names.map(ToOwned::to_owned)
}

/// Parses `x` or `x[3]`, and takes its entries off the number of variables left.
fn variable(text: &str, left: &mut usize) -> Result<Variable, SpanError> {
    let tokens = tokens(text).map_err(|mut wrong| wrong.remove(0))?;
    let whole = 0..text.chars().count();
    let size = match &tokens[..] {
        [
            Spanned {
                token: Token::Name(_),
                ..
            },
        ] => None,
        [
            Spanned {
                token: Token::Name(_),
                ..
            },
            Spanned {
                token: Token::Sign('['),
                ..
            },
            Spanned {
                token: Token::Number(size),
                span,
            },
            Spanned {
                token: Token::Sign(']'),
                ..
            },
        ] => {
            if size.fract() != 0.0 || !(1.0..=MOST_VARIABLES as f64).contains(size) {
                return Err(SpanError::expected(
                    span.clone(),
                    &messages::formula::whole_number_up_to(MOST_VARIABLES),
                    &size.to_string(),
                ));
            }
            Some(*size as usize)
        }
        _ => {
            return Err(SpanError::expected(
                whole,
                messages::formula::a_variable(),
                &excerpt(text),
            ));
        }
    };
    let Some(Spanned {
        token: Token::Name(name),
        ..
    }) = tokens.into_iter().next()
    else {
        return Err(SpanError::expected(
            whole,
            messages::formula::a_variable(),
            messages::formula::nothing(),
        ));
    };
    *left = left.checked_sub(size.unwrap_or(1)).ok_or_else(|| {
        let message = messages::formula::too_many_variables(MOST_VARIABLES);
        SpanError::new(whole, message)
    })?;
    Ok(Variable { name, size })
}

/// Checks that a text is a single name.
fn is_name(text: &str) -> Result<(), SpanError> {
    let whole = 0..text.chars().count();
    if whole.end > LONGEST_NAME {
        let message = messages::formula::name_too_long(LONGEST_NAME);
        return Err(SpanError::new(whole, message));
    }
    if text.starts_with(begins_name) && text.chars().all(continues_name) {
        return Ok(());
    }
    let message = messages::formula::wrong_characters_of_name(text);
    Err(SpanError::new(whole, message))
}

/// Checks that a name is not taken, and takes it.
fn fresh(name: &str, text: &str, taken: &mut BTreeSet<String>) -> Result<(), SpanError> {
    let whole = 0..text.chars().count();
    if is_reserved(name) {
        let message = messages::formula::reserved_name(name);
        return Err(SpanError::new(whole, message));
    }
    if !taken.insert(name.to_owned()) {
        let message = messages::formula::declared_twice(name);
        return Err(SpanError::new(whole, message));
    }
    Ok(())
}

/// Collects the errors in bounds, starts and ranges; without those in numbers of variables where not all are known.
pub(super) fn check_bounds(draft: &Draft, declared: &Declared, troubles: &mut Vec<FormulaError>) {
    let variables = declared.variables.iter().zip(&declared.is_whole);
    for (number, (level, (variables, is_whole))) in draft.levels.iter().zip(variables).enumerate() {
        let entries: usize = variables.iter().map(Variable::entries).sum();
        for (pairs, is_bounds) in [(&level.bounds, true), (&level.range, false)] {
            let place = if is_bounds {
                FormulaPart::Bounds(number + 1)
            } else {
                FormulaPart::Range(number + 1)
            };
            let is_fit = [0, variables.len(), entries].contains(&pairs.len());
            if *is_whole && !is_fit {
                let sizes = [variables.len(), entries];
                let message = messages::formula::wrong_number_of_pairs(sizes, pairs.len());
                troubles.push(SpanError::of(place.clone(), "", message));
            }
            let wrong = pairs.iter().find(|[low, high]| {
                let may_be = is_bounds || (low.is_finite() && high.is_finite());
                !(may_be && low < high)
            });
            if let Some(pair) = wrong {
                let message = if is_bounds {
                    messages::formula::wrong_bounds(*pair)
                } else {
                    messages::formula::wrong_range(*pair)
                };
                troubles.push(SpanError::of(place, "", message));
            }
        }
        if !level.start.is_empty() {
            let entries = is_whole.then_some(entries);
            check_start(&level.start, number + 1, entries, troubles);
        }
    }
}

fn check_start(
    start: &[f64],
    level: usize,
    entries: Option<usize>,
    troubles: &mut Vec<FormulaError>,
) {
    let message = if let Some(entries) = entries.filter(|entries| *entries != start.len()) {
        messages::formula::wrong_size_of_start(entries, start.len())
    } else if !start.iter().all(|value| value.is_finite()) {
        messages::formula::infinite_start().to_owned()
    } else {
        return;
    };
    troubles.push(SpanError::of(FormulaPart::Start(level), "", message));
}
