//! Messages on undefined formulas: the innermost part without a finite value or derivative at a point, and the reason.
//!
//! The tree is evaluated part by part in plain numbers. Speed does not matter: this runs once a run, after an error.

use std::collections::BTreeMap;

use super::elementary::{Elementary, elementary};
use super::model::Model;
use super::print::print;
use super::tree::{Expr, Factor, Fold, Function, NUMBERS, Node, Over, TermSign};
use crate::data::TableNumbers;
use crate::messages;
use crate::numerics::{Point, short_number};

/// The most names whose values are shown.
const MOST_SHOWN: usize = 6;

/// The value of a part.
#[derive(Clone, Debug)]
enum PartValue {
    Scalar(Number),
    Vector(Vec<Number>),
    Matrix(Vec<Vec<Number>>),
}

/// A number; `varies` is true if it depends on a variable.
#[derive(Clone, Copy, Debug)]
struct Number {
    value: f64,
    varies: bool,
}

/// The evaluation of a tree at a point.
struct TreeEvaluation {
    names: BTreeMap<String, PartValue>,
    /// Indices of sums, the innermost last.
    indices: Vec<(String, f64)>,
    /// The order of the derivatives that have to be finite, 0 for values alone.
    order: usize,
}

/// Result of an evaluation; the error is a sentence, or `None` if the reason is unknown.
type EvaluationResult<T> = Result<T, Option<String>>;

impl Model {
    /// Explains in a sentence why the derivatives of that order of an objective, or its value for order 0, are not
    /// finite at a point: the part of the formula, its place and the reason.
    pub(crate) fn undefined(&self, level: usize, at: &Point, order: usize) -> Option<String> {
        let mut walk = TreeEvaluation::at(self, at, order);
        for number in self.order() {
            let (name, _) = &self.draft().definitions[*number];
            match walk.value(self.definition(*number)) {
                Ok(value) => walk.names.insert(name.clone(), value),
                Err(sentence) => {
                    let place = messages::undefined::in_definition(name);
                    return Some(located(&sentence?, &place));
                }
            };
        }
        let sentence = walk.value(self.objective(level)).err()??;
        let place = messages::undefined::in_objective(level);
        Some(located(&sentence, &place))
    }
}

/// Inserts the place into a sentence.
fn located(sentence: &str, place: &str) -> String {
    sentence.replacen(PLACE, place, 1)
}

/// Placeholder for the place until it is known.
const PLACE: &str = "\u{0}";

impl TreeEvaluation {
    fn at(model: &Model, at: &Point, order: usize) -> Self {
        let fixed = |value: f64| {
            PartValue::Scalar(Number {
                value,
                varies: false,
            })
        };
        let mut names = BTreeMap::new();
        for (name, value) in NUMBERS {
            names.insert(name.to_owned(), fixed(value));
        }
        for (name, constant) in &model.draft().constants {
            names.insert(name.clone(), fixed(constant.value));
        }
        let fixed_entry = |&value: &f64| Number {
            value,
            varies: false,
        };
        for (name, numbers) in model.tables() {
            let value = match numbers {
                TableNumbers::Vector(entries) => {
                    PartValue::Vector(entries.iter().map(fixed_entry).collect())
                }
                TableNumbers::Matrix(rows) => {
                    let rows = rows.iter();
                    let rows = rows.map(|row| row.iter().map(fixed_entry).collect());
                    PartValue::Matrix(rows.collect())
                }
            };
            names.insert(name.to_owned(), value);
        }
        for level in 1..=at.shape().levels() {
            let mut values = at[level].iter().map(|&value| Number {
                value,
                varies: true,
            });
            for variable in model.variables(level) {
                let value = match variable.size {
                    None => values.next().map(PartValue::Scalar),
                    Some(size) => Some(PartValue::Vector(values.by_ref().take(size).collect())),
                };
                names.extend(value.map(|value| (variable.name.clone(), value)));
            }
        }
        Self {
            names,
            indices: Vec::new(),
            order,
        }
    }

    fn scalar(&mut self, part: &Expr) -> EvaluationResult<Number> {
        match self.value(part)? {
            PartValue::Scalar(number) => Ok(number),
            PartValue::Vector(_) | PartValue::Matrix(_) => Err(None),
        }
    }

    fn vector(&mut self, part: &Expr) -> EvaluationResult<Vec<Number>> {
        match self.value(part)? {
            PartValue::Vector(entries) => Ok(entries),
            PartValue::Scalar(_) | PartValue::Matrix(_) => Err(None),
        }
    }

    fn value(&mut self, part: &Expr) -> EvaluationResult<PartValue> {
        let value = match &part.node {
            Node::Number(value) => PartValue::Scalar(Number {
                value: *value,
                varies: false,
            }),
            Node::Name(name) => self.lookup(name).ok_or(None)?,
            Node::Element(name, index) => self.entry(name, &[index])?,
            Node::Entry(name, [row, column]) => self.entry(name, &[row, column])?,
            Node::Negative(of) => mapped(self.value(of)?, |value| -value),
            Node::Sum(first, rest) => {
                let mut total = self.value(first)?;
                for (sign, term) in rest {
                    let value = self.value(term)?;
                    total = match sign {
                        TermSign::Plus => combined(total, value, |a, b| a + b)?,
                        TermSign::Minus => combined(total, value, |a, b| a - b)?,
                    };
                }
                total
            }
            Node::Product(first, rest) => {
                let mut product = self.value(first)?;
                for (sign, factor) in rest {
                    let value = self.value(factor)?;
                    product = match (sign, product, value) {
                        (Factor::Over, _, PartValue::Scalar(by)) if by.value == 0.0 => {
                            return Err(Some(self.describe(
                                part,
                                messages::undefined::is_undefined(),
                                messages::undefined::division_by_0(),
                            )));
                        }
                        (Factor::Over, a, PartValue::Scalar(by)) => scaled(a, by, |a, b| a / b),
                        (Factor::Times, a, PartValue::Scalar(by))
                        | (Factor::Times, PartValue::Scalar(by), a) => scaled(a, by, |a, b| a * b),
                        _ => return Err(None),
                    };
                }
                product
            }
            Node::Power(base, exponent) => {
                let (base, exponent) = (self.scalar(base)?, self.scalar(exponent)?);
                PartValue::Scalar(self.power(part, base, exponent)?)
            }
            Node::Call(function, arguments) => {
                PartValue::Scalar(self.call(part, *function, arguments)?)
            }
            Node::Vector(rows)
                if matches!(rows.first().map(|one| &one.node), Some(Node::Vector(_))) =>
            {
                let rows = rows.iter().map(|row| self.vector(row));
                PartValue::Matrix(rows.collect::<EvaluationResult<_>>()?)
            }
            Node::Vector(entries) => {
                let entries = entries.iter().map(|entry| self.scalar(entry));
                PartValue::Vector(entries.collect::<EvaluationResult<_>>()?)
            }
            Node::If(branch) => {
                let (left, right) = (self.scalar(&branch.left)?, self.scalar(&branch.right)?);
                // only the chosen formula has to be defined
                if branch.relation.holds(left.value, right.value) {
                    self.value(&branch.holds)?
                } else {
                    self.value(&branch.fails)?
                }
            }
            Node::Over(over) => self.over(over)?,
            Node::Broken(_) => return Err(None),
        };
        self.checked(part, value)
    }

    /// An entry of a vector, or a row or an entry of a matrix.
    fn entry(&mut self, name: &str, indices: &[&Expr]) -> EvaluationResult<PartValue> {
        let mut places = Vec::new();
        for index in indices {
            let index = self.scalar(index)?.value as usize;
            places.push(index.checked_sub(1).ok_or(None)?);
        }
        // without a copy of a table
        let found = match (self.names.get(name), &places[..]) {
            (Some(PartValue::Vector(entries)), &[place]) => {
                entries.get(place).copied().map(PartValue::Scalar)
            }
            (Some(PartValue::Matrix(rows)), &[row]) => {
                rows.get(row).cloned().map(PartValue::Vector)
            }
            (Some(PartValue::Matrix(rows)), &[row, column]) => {
                let entry = rows.get(row).and_then(|row| row.get(column));
                entry.copied().map(PartValue::Scalar)
            }
            _ => None,
        };
        found.ok_or(None)
    }

    /// Returns the value if it is finite, else an error.
    fn checked(&self, part: &Expr, value: PartValue) -> EvaluationResult<PartValue> {
        let is_finite = match &value {
            PartValue::Scalar(number) => number.value.is_finite(),
            PartValue::Vector(entries) => entries.iter().all(|entry| entry.value.is_finite()),
            PartValue::Matrix(rows) => rows.iter().flatten().all(|one| one.value.is_finite()),
        };
        if is_finite {
            Ok(value)
        } else {
            Err(Some(self.describe(
                part,
                messages::undefined::is_undefined(),
                messages::undefined::too_large(),
            )))
        }
    }

    fn lookup(&self, name: &str) -> Option<PartValue> {
        let index = self.indices.iter().rev().find(|(index, _)| index == name);
        match index {
            Some((_, value)) => Some(PartValue::Scalar(Number {
                value: *value,
                varies: false,
            })),
            None => self.names.get(name).cloned(),
        }
    }

    fn power(&self, part: &Expr, base: Number, exponent: Number) -> EvaluationResult<Number> {
        let varies = base.varies || exponent.varies;
        let is_whole = exponent.value.fract() == 0.0 && !exponent.varies;
        let is_variable = exponent.varies && base.value != std::f64::consts::E;
        let is_steep = self.order as f64 > exponent.value && !is_whole && base.varies;
        let undefined = |reason| {
            let what = messages::undefined::is_undefined();
            Err(Some(self.describe(part, what, reason)))
        };
        match base.value {
            0.0 if exponent.value < 0.0 => undefined(messages::undefined::negative_power_of_0()),
            value if value < 0.0 && !is_whole => {
                undefined(messages::undefined::real_power_of_negative())
            }
            0.0 if self.order > 0 && (is_variable || is_steep) => {
                let what = slope(self.order, if is_variable { 0.0 } else { exponent.value });
                Err(Some(self.describe(
                    part,
                    what,
                    messages::undefined::real_power_of_0(),
                )))
            }
            value => Ok(Number {
                value: value.powf(exponent.value),
                varies,
            }),
        }
    }

    fn call(
        &mut self,
        part: &Expr,
        function: Function,
        arguments: &[Expr],
    ) -> EvaluationResult<Number> {
        match function {
            Function::Rows | Function::Cols => self.extent(function, arguments).ok_or(None),
            Function::Dot | Function::Norm2 => {
                let first = self.vector(&arguments[0])?;
                let second = self.vector(arguments.last().ok_or(None)?)?;
                let varies = first.iter().chain(&second).any(|entry| entry.varies);
                let dot: f64 = first
                    .iter()
                    .zip(&second)
                    .map(|(a, b)| a.value * b.value)
                    .sum();
                let value = if function == Function::Dot {
                    dot
                } else {
                    dot.sqrt()
                };
                Ok(Number { value, varies })
            }
            Function::Norm1 | Function::LogSumExp => {
                let terms = match arguments {
                    [one] => self.vector(one)?,
                    several => {
                        let terms = several.iter().map(|argument| self.scalar(argument));
                        terms.collect::<EvaluationResult<_>>()?
                    }
                };
                let values = terms.iter().map(|term| term.value);
                let value = if function == Function::Norm1 {
                    values.map(f64::abs).sum()
                } else {
                    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
                    most + values.map(|value| (value - most).exp()).sum::<f64>().ln()
                };
                let varies = terms.iter().any(|term| term.varies);
                Ok(Number { value, varies })
            }
            Function::Min | Function::Max => {
                let mut best = self.scalar(&arguments[0])?;
                for argument in &arguments[1..] {
                    let other = self.scalar(argument)?;
                    let is_better = match function {
                        Function::Min => other.value < best.value,
                        _ => other.value > best.value,
                    };
                    let varies = best.varies || other.varies;
                    best = Number {
                        varies,
                        ..if is_better { other } else { best }
                    };
                }
                Ok(best)
            }
            _ => {
                let argument = self.scalar(&arguments[0])?;
                if let Some(reason) = outside(function, argument.value) {
                    let what = messages::undefined::is_undefined();
                    return Err(Some(self.describe(part, what, reason)));
                }
                if self.order > 0
                    && argument.varies
                    && let Some(reason) = steep(function, argument.value)
                {
                    let what = messages::undefined::has_infinite_slope();
                    return Err(Some(self.describe(part, what, reason)));
                }
                let value = elementary(Elementary::of(function), argument.value);
                Ok(Number { value, ..argument })
            }
        }
    }

    /// The number of rows or columns of what a name stands for.
    fn extent(&self, function: Function, arguments: &[Expr]) -> Option<Number> {
        let Node::Name(name) = &arguments.first()?.node else {
            return None;
        };
        let [rows, columns] = match self.names.get(name)? {
            PartValue::Vector(entries) => [entries.len(), 1],
            PartValue::Matrix(rows) => [rows.len(), rows.first().map_or(0, Vec::len)],
            PartValue::Scalar(_) => return None,
        };
        let count = if function == Function::Rows {
            rows
        } else {
            columns
        };
        Some(Number {
            value: count as f64,
            varies: false,
        })
    }

    fn over(&mut self, over: &Over) -> EvaluationResult<PartValue> {
        let (from, to) = (self.scalar(&over.from)?.value, self.scalar(&over.to)?.value);
        let mut total = None;
        let mut at = from;
        while at <= to {
            self.indices.push((over.index.clone(), at));
            let value = self.value(&over.body)?;
            self.indices.pop();
            total = Some(match (total, over.fold) {
                (None, _) => value,
                (Some(total), Fold::Sum) => combined(total, value, |a, b| a + b)?,
                (Some(total), Fold::Product) => multiplied(total, value)?,
            });
            at += 1.0;
        }
        let of_none = match over.fold {
            Fold::Sum => 0.0,
            Fold::Product => 1.0,
        };
        Ok(total.unwrap_or(PartValue::Scalar(Number {
            value: of_none,
            varies: false,
        })))
    }

    /// Builds the sentence on a part.
    fn describe(&self, part: &Expr, what: &str, reason: &str) -> String {
        let mut shown: Vec<String> = Vec::new();
        self.leaves(part, &mut shown);
        messages::undefined::part(&print(part), PLACE, what, &shown, reason)
    }

    /// Collects the values of the names in a part.
    fn leaves(&self, part: &Expr, shown: &mut Vec<String>) {
        let mut show = |name: String, value: f64| {
            let text = format!("{name} = {}", short(value));
            if shown.len() < MOST_SHOWN && !shown.contains(&text) {
                shown.push(text);
            }
        };
        match &part.node {
            Node::Number(_) | Node::Over(_) | Node::Entry(..) | Node::Broken(_) => {}
            Node::Name(name) => match self.lookup(name) {
                Some(PartValue::Scalar(number)) if !is_known(name) => {
                    show(name.clone(), number.value);
                }
                Some(PartValue::Vector(entries)) => {
                    for (place, entry) in entries.iter().enumerate() {
                        show(format!("{name}[{}]", place + 1), entry.value);
                    }
                }
                _ => {}
            },
            Node::Element(name, index) => {
                // the evaluation has passed here, so the index is known
                let place = Self {
                    names: self.names.clone(),
                    indices: self.indices.clone(),
                    order: 0,
                }
                .scalar(index);
                if let (Ok(place), Some(PartValue::Vector(entries))) = (place, self.lookup(name)) {
                    let place = place.value as usize;
                    if let Some(entry) = place.checked_sub(1).and_then(|at| entries.get(at)) {
                        show(format!("{name}[{place}]"), entry.value);
                    }
                }
            }
            Node::Negative(of) => self.leaves(of, shown),
            Node::Sum(first, rest) => {
                self.leaves(first, shown);
                for (_, term) in rest {
                    self.leaves(term, shown);
                }
            }
            Node::Product(first, rest) => {
                self.leaves(first, shown);
                for (_, factor) in rest {
                    self.leaves(factor, shown);
                }
            }
            Node::Power(base, exponent) => {
                self.leaves(base, shown);
                self.leaves(exponent, shown);
            }
            Node::If(branch) => {
                for one in [&branch.left, &branch.right, &branch.holds, &branch.fails] {
                    self.leaves(one, shown);
                }
            }
            Node::Call(_, arguments) | Node::Vector(arguments) => {
                for one in arguments {
                    self.leaves(one, shown);
                }
            }
        }
    }
}

fn is_known(name: &str) -> bool {
    NUMBERS.iter().any(|(known, _)| *known == name)
}

/// A value in at most six digits.
fn short(value: f64) -> String {
    short_number(value, 6)
}

/// Message on the infinite derivative of a real power of 0.
fn slope(order: usize, exponent: f64) -> &'static str {
    if exponent < 1.0 {
        messages::undefined::has_infinite_slope()
    } else if order == 2 || exponent < 2.0 {
        messages::undefined::has_infinite_second_derivative()
    } else {
        messages::undefined::has_infinite_higher_derivative()
    }
}

/// The reason for which a function has no value, if any.
fn outside(function: Function, a: f64) -> Option<&'static str> {
    match function {
        Function::Log if a < 0.0 => Some(messages::undefined::logarithm_of_negative()),
        Function::Log if a == 0.0 => Some(messages::undefined::logarithm_of_0()),
        Function::Sqrt if a < 0.0 => Some(messages::undefined::root_of_negative()),
        Function::Asin | Function::Acos if a.abs() > 1.0 => {
            Some(messages::undefined::outside_closed_interval())
        }
        Function::Acosh if a < 1.0 => Some(messages::undefined::argument_below_1()),
        Function::Atanh if a.abs() >= 1.0 => Some(messages::undefined::outside_open_interval()),
        _ => None,
    }
}

/// The reason for which a function has no finite slope, if any.
fn steep(function: Function, a: f64) -> Option<&'static str> {
    match function {
        Function::Sqrt if a == 0.0 => Some(messages::undefined::root_of_0()),
        Function::Asin | Function::Acos if a.abs() == 1.0 => {
            Some(messages::undefined::edge_of_interval())
        }
        Function::Acosh if a == 1.0 => Some(messages::undefined::argument_of_1()),
        _ => None,
    }
}

fn mapped(value: PartValue, change: impl Fn(f64) -> f64) -> PartValue {
    let of = |number: Number| Number {
        value: change(number.value),
        ..number
    };
    match value {
        PartValue::Scalar(number) => PartValue::Scalar(of(number)),
        PartValue::Vector(entries) => PartValue::Vector(entries.into_iter().map(of).collect()),
        matrix @ PartValue::Matrix(_) => matrix,
    }
}

/// A product in which at most one factor is a vector.
fn multiplied(a: PartValue, b: PartValue) -> EvaluationResult<PartValue> {
    match (a, b) {
        (a, PartValue::Scalar(by)) | (PartValue::Scalar(by), a) => Ok(scaled(a, by, |a, b| a * b)),
        _ => Err(None),
    }
}

fn joined(a: Number, b: Number, change: impl Fn(f64, f64) -> f64) -> Number {
    Number {
        value: change(a.value, b.value),
        varies: a.varies || b.varies,
    }
}

fn scaled(value: PartValue, by: Number, change: impl Fn(f64, f64) -> f64) -> PartValue {
    match value {
        PartValue::Scalar(number) => PartValue::Scalar(joined(number, by, change)),
        PartValue::Vector(entries) => PartValue::Vector(
            entries
                .into_iter()
                .map(|entry| joined(entry, by, &change))
                .collect(),
        ),
        matrix @ PartValue::Matrix(_) => matrix,
    }
}

fn combined(
    a: PartValue,
    b: PartValue,
    change: impl Fn(f64, f64) -> f64,
) -> EvaluationResult<PartValue> {
    match (a, b) {
        (PartValue::Scalar(a), PartValue::Scalar(b)) => Ok(PartValue::Scalar(joined(a, b, change))),
        (PartValue::Vector(a), PartValue::Vector(b)) => {
            let entries = a.into_iter().zip(b).map(|(a, b)| joined(a, b, &change));
            Ok(PartValue::Vector(entries.collect()))
        }
        _ => Err(None),
    }
}
