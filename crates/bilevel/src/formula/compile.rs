//! Compiles a tree to operations: names are resolved, sizes of vectors compared, sums expanded, and all of it counted.

use std::ops::RangeInclusive;

use super::compile_errors::{broken, described, not_a_number, not_whole, only_indexed};
use super::elementary::Elementary;
use super::errors::SpanError;
use super::scope::{Named, Scope, ScopeValue};
use super::tape::{Operand, OperationTape};
use super::tree::{Expr, Factor, Fold, Function, Node, Over, Relation, TermSign};
use crate::messages;

/// Compiler of formulas to one tape.
#[derive(Debug)]
pub(super) struct Compiler {
    pub(super) tape: OperationTape,
    pub(super) scope: Scope,
    /// The number of parts visited, with sums expanded.
    visited: usize,
    /// The limit of that number.
    most: usize,
}

type CompiledPart<T> = Result<T, SpanError>;

impl Compiler {
    /// A compiler without names that refuses more than `most` operations.
    pub(super) fn new(most: usize) -> Self {
        Self {
            tape: OperationTape::default(),
            scope: Scope::default(),
            visited: 0,
            most,
        }
    }

    /// Compiles a formula that has to be a number.
    pub(super) fn scalar(&mut self, part: &Expr) -> CompiledPart<Operand> {
        match self.value(part)? {
            ScopeValue::Scalar(operand) => Ok(operand),
            ScopeValue::Vector(entries) => Err(not_a_number(part, entries.len())),
            ScopeValue::Matrix(_) => Err(only_indexed(part)),
        }
    }

    /// Compiles a formula that may be a vector.
    pub(super) fn value(&mut self, part: &Expr) -> CompiledPart<ScopeValue> {
        self.count(part, 1)?;
        match &part.node {
            Node::Number(number) => Ok(ScopeValue::Scalar(Operand::Constant(*number))),
            Node::Name(name) => self.compile_named(name, part),
            Node::Element(name, index) => self.element(name, index, part),
            Node::Entry(name, [row, column]) => {
                let ScopeValue::Vector(entries) = self.element(name, row, part)? else {
                    let message = messages::formula::vector_has_one_index(name);
                    return Err(SpanError::new(part.span.clone(), message));
                };
                let place = self.indexed(entries.len(), name, column)?;
                Ok(ScopeValue::Scalar(entries[place]))
            }
            Node::Negative(of) => {
                let value = self.value(of)?;
                self.mapped(of, value, OperationTape::negate)
            }
            Node::Sum(first, rest) => {
                let mut total = self.value(first)?;
                for (sign, term) in rest {
                    let value = self.value(term)?;
                    let combine = match sign {
                        TermSign::Plus => OperationTape::add,
                        TermSign::Minus => OperationTape::subtract,
                    };
                    total = self.combined(term, (total, value), combine)?;
                }
                Ok(total)
            }
            Node::Product(first, rest) => {
                let mut product = self.value(first)?;
                for (sign, factor) in rest {
                    let value = self.value(factor)?;
                    product = self.multiplied(*sign, factor, product, value)?;
                }
                Ok(product)
            }
            Node::Power(base, exponent) => {
                let base = self.scalar(base)?;
                let exponent = self.scalar(exponent)?;
                Ok(ScopeValue::Scalar(self.tape.power(base, exponent)))
            }
            Node::Call(function, arguments) => {
                self.call(*function, arguments).map(ScopeValue::Scalar)
            }
            Node::Vector(entries) => self.array(entries),
            Node::If(branch) => {
                let left = self.scalar(&branch.left)?;
                let right = self.scalar(&branch.right)?;
                let holds = self.scalar(&branch.holds)?;
                let fails = self.scalar(&branch.fails)?;
                // a choice has the first of two numbers where a third is above 0
                let [above, chosen] = match branch.relation {
                    Relation::Less => [[right, left], [holds, fails]],
                    Relation::Greater => [[left, right], [holds, fails]],
                    Relation::LessEqual => [[left, right], [fails, holds]],
                    Relation::GreaterEqual => [[right, left], [fails, holds]],
                };
                let difference = self.tape.subtract(above[0], above[1]);
                Ok(ScopeValue::Scalar(self.tape.choose(difference, chosen)))
            }
            Node::Over(over) => self.over(over, part),
        }
    }

    /// True if the limit of operations is exceeded, which has been reported.
    pub(super) fn is_exhausted(&self) -> bool {
        self.visited > self.most
    }

    /// Counts work before it is done.
    fn count(&mut self, part: &Expr, times: usize) -> CompiledPart<()> {
        self.visited = self.visited.saturating_add(times);
        if self.is_exhausted() {
            return Err(SpanError::new(
                part.span.clone(),
                messages::formula::too_many_operations(self.most),
            ));
        }
        Ok(())
    }

    fn compile_named(&mut self, name: &str, part: &Expr) -> CompiledPart<ScopeValue> {
        match self.scope.find(name) {
            Some(Named::Value(value)) => {
                if let ScopeValue::Vector(entries) = &value {
                    self.count(part, entries.len())?;
                }
                Ok(value)
            }
            Some(Named::Fixed(number) | Named::Slider(number)) => {
                Ok(ScopeValue::Scalar(Operand::Constant(number)))
            }
            Some(Named::Broken) => Err(broken(name, part)),
            None => Err(self.unknown(name, part)),
        }
    }

    fn unknown(&self, name: &str, part: &Expr) -> SpanError {
        let start = part.span.start;
        let span = start..start + name.chars().count();
        let mut wrong = SpanError::unknown(
            span,
            messages::formula::unknown_name(name),
            name,
            self.scope.names(),
        );
        if let Some(instead) = messages::formula::name_instead(name) {
            wrong.nearest = None;
            wrong.message = messages::formula::written(&wrong.message, instead);
        } else if wrong.nearest.is_none() {
            let known: Vec<&str> = self.scope.names().take(12).collect();
            wrong.message = messages::formula::with_known_names(&wrong.message, &known);
        }
        wrong
    }

    /// A vector of numbers, or a matrix of vectors of one length.
    fn array(&mut self, entries: &[Expr]) -> CompiledPart<ScopeValue> {
        if !matches!(
            entries.first().map(|first| &first.node),
            Some(Node::Vector(_))
        ) {
            let entries = entries.iter().map(|entry| self.scalar(entry));
            return Ok(ScopeValue::Vector(entries.collect::<CompiledPart<_>>()?));
        }
        let mut rows: Vec<Vec<Operand>> = Vec::new();
        for entry in entries {
            let row = self.vector(entry)?;
            if let Some(first) = rows.first()
                && first.len() != row.len()
            {
                return Err(SpanError::expected(
                    entry.span.clone(),
                    &messages::formula::vector_of(first.len()),
                    &messages::formula::another_vector_of(row.len()),
                ));
            }
            rows.push(row);
        }
        Ok(ScopeValue::Matrix(rows))
    }

    /// The place of an entry of some that have a name, by an index from 1.
    fn indexed(&mut self, count: usize, name: &str, index: &Expr) -> CompiledPart<usize> {
        let at = self.whole(index)?;
        let place = usize::try_from(at).ok().and_then(|at| at.checked_sub(1));
        place.filter(|place| *place < count).ok_or_else(|| {
            SpanError::expected(
                index.span.clone(),
                &messages::formula::index_from_1(count, name),
                &at.to_string(),
            )
        })
    }

    fn element(&mut self, name: &str, index: &Expr, part: &Expr) -> CompiledPart<ScopeValue> {
        let Some([count, _]) = self.size(name, part)? else {
            let message = messages::formula::number_has_no_entries(name);
            return Err(SpanError::new(part.span.clone(), message));
        };
        let place = self.indexed(count, name, index)?;
        // a table is large, and only one of its rows is copied
        match self.scope.value(name) {
            Some(ScopeValue::Vector(entries)) => Ok(ScopeValue::Scalar(entries[place])),
            Some(ScopeValue::Matrix(rows)) => Ok(ScopeValue::Vector(rows[place].clone())),
            _ => Err(self.unknown(name, part)),
        }
    }

    /// The rows and columns of what a name stands for, a vector being a column; `None` for a number.
    fn size(&self, name: &str, part: &Expr) -> CompiledPart<Option<[usize; 2]>> {
        match self.scope.value(name) {
            Some(ScopeValue::Vector(entries)) => return Ok(Some([entries.len(), 1])),
            Some(ScopeValue::Matrix(rows)) => {
                return Ok(Some([rows.len(), rows.first().map_or(0, Vec::len)]));
            }
            Some(ScopeValue::Scalar(_)) => return Ok(None),
            None => {}
        }
        match self.scope.find(name) {
            Some(Named::Broken) => Err(broken(name, part)),
            Some(_) => Ok(None),
            None => Err(self.unknown(name, part)),
        }
    }

    /// The number of rows or columns of a name.
    fn extent(&self, function: Function, argument: &Expr) -> CompiledPart<usize> {
        let wrong = || {
            let call = function.info().call;
            SpanError::new(
                argument.span.clone(),
                messages::formula::name_of_array(call),
            )
        };
        let Node::Name(name) = &argument.node else {
            return Err(wrong());
        };
        let [rows, columns] = self.size(name, argument)?.ok_or_else(wrong)?;
        Ok(if function == Function::Rows {
            rows
        } else {
            columns
        })
    }

    /// Evaluates a whole number known at compile time: an index or an end of a sum.
    fn whole(&mut self, part: &Expr) -> CompiledPart<i64> {
        self.count(part, 1)?;
        let too_large = || SpanError::new(part.span.clone(), messages::formula::count_too_large());
        match &part.node {
            Node::Number(number) => as_integer(*number).ok_or_else(|| not_whole(part)),
            Node::Name(name) => match self.scope.find(name) {
                Some(Named::Fixed(number)) => as_integer(number).ok_or_else(|| not_whole(part)),
                Some(Named::Slider(_)) => Err(SpanError::new(
                    part.span.clone(),
                    messages::formula::slider_as_count(name),
                )),
                Some(_) => Err(not_whole(part)),
                None => Err(self.unknown(name, part)),
            },
            Node::Call(function @ (Function::Rows | Function::Cols), arguments) => {
                let count = self.extent(*function, &arguments[0])?;
                i64::try_from(count).map_err(|_wraps| too_large())
            }
            Node::Negative(of) => self.whole(of)?.checked_neg().ok_or_else(too_large),
            Node::Sum(first, rest) => {
                let mut total = self.whole(first)?;
                for (sign, term) in rest {
                    let value = self.whole(term)?;
                    total = match sign {
                        TermSign::Plus => total.checked_add(value),
                        TermSign::Minus => total.checked_sub(value),
                    }
                    .ok_or_else(too_large)?;
                }
                Ok(total)
            }
            Node::Product(first, rest) if rest.iter().all(|(sign, _)| *sign == Factor::Times) => {
                let mut product = self.whole(first)?;
                for (_, factor) in rest {
                    let value = self.whole(factor)?;
                    product = product.checked_mul(value).ok_or_else(too_large)?;
                }
                Ok(product)
            }
            _ => Err(not_whole(part)),
        }
    }

    /// Applies an operation to each entry.
    fn mapped(
        &mut self,
        part: &Expr,
        value: ScopeValue,
        change: impl Fn(&mut OperationTape, Operand) -> Operand,
    ) -> CompiledPart<ScopeValue> {
        Ok(match value {
            ScopeValue::Scalar(a) => ScopeValue::Scalar(change(&mut self.tape, a)),
            ScopeValue::Vector(mut entries) => {
                self.count(part, entries.len())?;
                for entry in &mut entries {
                    *entry = change(&mut self.tape, *entry);
                }
                ScopeValue::Vector(entries)
            }
            ScopeValue::Matrix(_) => return Err(only_indexed(part)),
        })
    }

    /// Combines two numbers, or two vectors of one size entry by entry.
    fn combined(
        &mut self,
        part: &Expr,
        values: (ScopeValue, ScopeValue),
        combine: impl Fn(&mut OperationTape, Operand, Operand) -> Operand,
    ) -> CompiledPart<ScopeValue> {
        match values {
            (ScopeValue::Scalar(a), ScopeValue::Scalar(b)) => {
                Ok(ScopeValue::Scalar(combine(&mut self.tape, a, b)))
            }
            (ScopeValue::Vector(a), ScopeValue::Vector(b)) if a.len() == b.len() => {
                self.count(part, a.len())?;
                let pairs = a.into_iter().zip(b);
                let entries = pairs.map(|(a, b)| combine(&mut self.tape, a, b));
                Ok(ScopeValue::Vector(entries.collect()))
            }
            (ScopeValue::Scalar(_), ScopeValue::Vector(entries)) => {
                Err(not_a_number(part, entries.len()))
            }
            (ScopeValue::Matrix(_), _) | (_, ScopeValue::Matrix(_)) => Err(only_indexed(part)),
            (a, b) => Err(SpanError::expected(
                part.span.clone(),
                &described(&a),
                &described(&b),
            )),
        }
    }

    /// A product in which at most one factor is a vector.
    fn multiplied(
        &mut self,
        sign: Factor,
        part: &Expr,
        product: ScopeValue,
        value: ScopeValue,
    ) -> CompiledPart<ScopeValue> {
        match (sign, product, value) {
            (_, ScopeValue::Matrix(_), _) | (_, _, ScopeValue::Matrix(_)) => {
                Err(only_indexed(part))
            }
            (Factor::Times, ScopeValue::Scalar(a), other)
            | (Factor::Times, other, ScopeValue::Scalar(a)) => {
                self.mapped(part, other, |tape, b| tape.multiply(a, b))
            }
            (Factor::Times, ScopeValue::Vector(_), ScopeValue::Vector(_)) => Err(SpanError::new(
                part.span.clone(),
                messages::formula::product_of_vectors(),
            )),
            (Factor::Over, other, ScopeValue::Scalar(b)) => {
                self.mapped(part, other, |tape, a| tape.divide(a, b))
            }
            (Factor::Over, _, ScopeValue::Vector(entries)) => {
                Err(not_a_number(part, entries.len()))
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> CompiledPart<Operand> {
        match function {
            Function::Min | Function::Max => {
                let mut best = self.scalar(&arguments[0])?;
                for argument in &arguments[1..] {
                    let other = self.scalar(argument)?;
                    best = match function {
                        Function::Min => self.tape.least(best, other),
                        _ => self.tape.greatest(best, other),
                    };
                }
                Ok(best)
            }
            Function::Dot => {
                let a = self.vector(&arguments[0])?;
                let b = self.vector(&arguments[1])?;
                if a.len() != b.len() {
                    return Err(SpanError::expected(
                        arguments[1].span.clone(),
                        &messages::formula::vector_of(a.len()),
                        &messages::formula::another_vector_of(b.len()),
                    ));
                }
                self.count(&arguments[0], 2 * a.len())?;
                Ok(self.dot(&a, &b))
            }
            Function::Norm2 => {
                let entries = self.vector(&arguments[0])?;
                self.count(&arguments[0], 2 * entries.len())?;
                let square = self.dot(&entries, &entries);
                Ok(self.tape.apply(Elementary::Length, square))
            }
            Function::Norm1 => {
                let entries = self.vector(&arguments[0])?;
                self.count(&arguments[0], 2 * entries.len())?;
                let mut total = Operand::Constant(0.0);
                for entry in entries {
                    let size = self.tape.apply(Elementary::Abs, entry);
                    total = self.tape.add(total, size);
                }
                Ok(total)
            }
            Function::LogSumExp => {
                let terms = match arguments {
                    [one] => self.vector(one)?,
                    several => {
                        let terms = several.iter().map(|argument| self.scalar(argument));
                        terms.collect::<CompiledPart<_>>()?
                    }
                };
                self.count(&arguments[0], 3 * terms.len())?;
                let mut terms = terms.into_iter();
                let first = terms.next().unwrap_or(Operand::Constant(f64::NEG_INFINITY));
                // log(exp a + exp b) = a + softplus(b - a), which is smooth and never overflows
                Ok(terms.fold(first, |total, term| {
                    let difference = self.tape.subtract(term, total);
                    let rest = self.tape.apply(Elementary::Softplus, difference);
                    self.tape.add(total, rest)
                }))
            }
            Function::Rows | Function::Cols => {
                let count = self.extent(function, &arguments[0])?;
                Ok(Operand::Constant(count as f64))
            }
            _ => {
                let argument = self.scalar(&arguments[0])?;
                Ok(self.tape.apply(elementary(function), argument))
            }
        }
    }

    fn dot(&mut self, a: &[Operand], b: &[Operand]) -> Operand {
        let mut total = Operand::Constant(0.0);
        for (&a, &b) in a.iter().zip(b) {
            let product = self.tape.multiply(a, b);
            total = self.tape.add(total, product);
        }
        total
    }

    fn vector(&mut self, part: &Expr) -> CompiledPart<Vec<Operand>> {
        match self.value(part)? {
            ScopeValue::Vector(entries) => Ok(entries),
            ScopeValue::Matrix(_) => Err(only_indexed(part)),
            ScopeValue::Scalar(_) => Err(SpanError::expected(
                part.span.clone(),
                messages::formula::a_vector(),
                messages::formula::one_number(),
            )),
        }
    }

    fn over(&mut self, over: &Over, part: &Expr) -> CompiledPart<ScopeValue> {
        let name = &over.index;
        if self.scope.is_taken(name) {
            return Err(SpanError::new(
                part.span.clone(),
                messages::formula::index_is_taken(name),
            ));
        }
        let (from, to) = (self.whole(&over.from)?, self.whole(&over.to)?);
        let terms = to.saturating_sub(from).saturating_add(1);
        if u64::try_from(terms).is_ok_and(|terms| terms > self.most as u64) {
            return Err(SpanError::new(
                part.span.clone(),
                messages::formula::sum_too_long(terms, self.most),
            ));
        }
        self.scope.enter(name, from);
        let total = self.joined(over.fold, &over.body, from..=to);
        self.scope.leave();
        let of_none = match over.fold {
            Fold::Sum => 0.0,
            Fold::Product => 1.0,
        };
        Ok(total?.unwrap_or(ScopeValue::Scalar(Operand::Constant(of_none))))
    }

    /// The sum or the product of a body over the innermost index; `None` if there are no terms.
    fn joined(
        &mut self,
        fold: Fold,
        body: &Expr,
        range: RangeInclusive<i64>,
    ) -> CompiledPart<Option<ScopeValue>> {
        let mut total = None;
        for at in range {
            self.scope.set_index(at);
            let value = self.value(body)?;
            total = Some(match total {
                None => value,
                Some(total) => match fold {
                    Fold::Sum => self.combined(body, (total, value), OperationTape::add)?,
                    Fold::Product => self.multiplied(Factor::Times, body, total, value)?,
                },
            });
        }
        Ok(total)
    }
}

pub(super) fn elementary(function: Function) -> Elementary {
    match function {
        Function::Exp => Elementary::Exp,
        Function::Log => Elementary::Log,
        Function::Sqrt => Elementary::Sqrt,
        Function::Sin => Elementary::Sin,
        Function::Cos => Elementary::Cos,
        Function::Tan => Elementary::Tan,
        Function::Asin => Elementary::Asin,
        Function::Acos => Elementary::Acos,
        Function::Atan => Elementary::Atan,
        Function::Sinh => Elementary::Sinh,
        Function::Cosh => Elementary::Cosh,
        Function::Tanh => Elementary::Tanh,
        Function::Asinh => Elementary::Asinh,
        Function::Acosh => Elementary::Acosh,
        Function::Atanh => Elementary::Atanh,
        Function::Softplus => Elementary::Softplus,
        Function::Sigmoid => Elementary::Sigmoid,
        Function::Abs => Elementary::Abs,
        Function::Sign => Elementary::Sign,
        Function::Floor => Elementary::Floor,
        Function::Erf => Elementary::Erf,
        Function::Min
        | Function::Max
        | Function::Dot
        | Function::Norm2
        | Function::Norm1
        | Function::LogSumExp
        | Function::Rows
        | Function::Cols => unreachable!("these are compiled on their own"),
    }
}

/// The number as an integer, if it is whole and not too large.
fn as_integer(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}
