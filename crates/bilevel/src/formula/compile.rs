//! Compiles a tree to operations: names are resolved, sizes of vectors compared, sums expanded, and all of it counted.

use std::ops::RangeInclusive;

use super::compile_errors::{
    broken, described, found_index, not_a_number, not_whole, only_indexed, unknown_name,
};
use super::elementary::Elementary;
use super::errors::SpanError;
use super::scope::{Named, Scope, ScopeValue};
use super::tape::{Operand, OperationTape};
use super::tree::{Branch, Expr, Factor, Fold, Function, Node, Over, Relation, TermSign};
use crate::messages;

/// Compiler of formulas to one tape.
#[derive(Debug)]
pub(super) struct Compiler {
    pub(super) tape: OperationTape,
    pub(super) scope: Scope,
    /// The errors of the present formula; those on one name are one.
    errors: Vec<SpanError>,
    /// The number of parts visited, with sums expanded.
    visited: usize,
    /// The limit of that number.
    most: usize,
}

/// A compiled part; `None` after an error, which is kept. Parts beside it are checked all the same.
type CompiledPart<T> = Option<T>;

impl Compiler {
    /// A compiler without names that refuses more than `most` operations.
    pub(super) fn new(most: usize) -> Self {
        Self {
            tape: OperationTape::default(),
            scope: Scope::default(),
            errors: Vec::new(),
            visited: 0,
            most,
        }
    }

    /// The errors since the last call.
    pub(super) fn take_errors(&mut self) -> Vec<SpanError> {
        std::mem::take(&mut self.errors)
    }

    fn wrong<T>(&mut self, error: SpanError) -> CompiledPart<T> {
        self.errors.push(error);
        None
    }

    /// Keeps an error on a name or an index unless the formula has the same one before: one mistake, made once.
    fn wrong_once<T>(&mut self, error: SpanError) -> CompiledPart<T> {
        let is_known = |known: &SpanError| known.message == error.message;
        if !self.errors.iter().any(is_known) {
            self.errors.push(error);
        }
        None
    }

    /// Compiles a formula that has to be a number.
    pub(super) fn scalar(&mut self, part: &Expr) -> CompiledPart<Operand> {
        match self.value(part)? {
            ScopeValue::Scalar(operand) => Some(operand),
            ScopeValue::Vector(entries) => self.wrong(not_a_number(part, entries.len())),
            ScopeValue::Matrix(_) => self.wrong(only_indexed(part)),
        }
    }

    /// Compiles formulas that have to be numbers.
    fn scalars(&mut self, parts: &[Expr]) -> CompiledPart<Vec<Operand>> {
        // all are compiled before an error of one ends it
        let parts: Vec<_> = parts.iter().map(|part| self.scalar(part)).collect();
        parts.into_iter().collect()
    }

    /// Compiles a formula that may be a vector.
    pub(super) fn value(&mut self, part: &Expr) -> CompiledPart<ScopeValue> {
        self.count(part, 1)?;
        match &part.node {
            Node::Number(number) => Some(ScopeValue::Scalar(Operand::Constant(*number))),
            Node::Name(name) => self.compile_named(name, part),
            Node::Element(name, index) => self.element(name, index, part),
            Node::Entry(name, indices) => self.entry(name, indices, part),
            Node::Negative(of) => {
                let value = self.value(of)?;
                self.mapped(of, value, OperationTape::negate)
            }
            Node::Sum(first, rest) => self.sum(first, rest),
            Node::Product(first, rest) => {
                let mut product = self.value(first);
                for (sign, factor) in rest {
                    let value = self.value(factor);
                    let values = product.zip(value);
                    product = values.and_then(|values| self.multiplied(*sign, factor, values));
                }
                product
            }
            Node::Power(base, exponent) => {
                let (base, exponent) = (self.scalar(base), self.scalar(exponent));
                let power = self.tape.power(base?, exponent?);
                Some(ScopeValue::Scalar(power))
            }
            Node::Call(function, arguments) => {
                self.call(*function, arguments).map(ScopeValue::Scalar)
            }
            Node::Vector(entries) => self.array(entries),
            Node::If(branch) => self.choice(branch),
            Node::Over(over) => self.over(over, part),
            Node::Broken(parts) => {
                for part in parts {
                    let _unused = self.value(part);
                }
                None
            }
        }
    }

    fn sum(&mut self, first: &Expr, rest: &[(TermSign, Expr)]) -> CompiledPart<ScopeValue> {
        let mut total = self.value(first);
        let mut is_whole = total.is_some();
        for (sign, term) in rest {
            let Some(value) = self.value(term) else {
                is_whole = false;
                continue;
            };
            let combine = match sign {
                TermSign::Plus => OperationTape::add,
                TermSign::Minus => OperationTape::subtract,
            };
            // terms on both sides of one with an error are compared all the same
            total = match total {
                Some(total) => self.combined(term, (total, value), combine),
                None => Some(value),
            };
            is_whole &= total.is_some();
        }
        total.filter(|_| is_whole)
    }

    fn choice(&mut self, branch: &Branch) -> CompiledPart<ScopeValue> {
        let (left, right) = (self.scalar(&branch.left), self.scalar(&branch.right));
        let (holds, fails) = (self.scalar(&branch.holds), self.scalar(&branch.fails));
        let (left, right, holds, fails) = (left?, right?, holds?, fails?);
        // a choice has the first of two numbers where a third is above 0
        let [above, chosen] = match branch.relation {
            Relation::Less => [[right, left], [holds, fails]],
            Relation::Greater => [[left, right], [holds, fails]],
            Relation::LessEqual => [[left, right], [fails, holds]],
            Relation::GreaterEqual => [[right, left], [fails, holds]],
        };
        let difference = self.tape.subtract(above[0], above[1]);
        Some(ScopeValue::Scalar(self.tape.choose(difference, chosen)))
    }

    /// True if the limit of operations is exceeded, which has been reported.
    pub(super) fn is_exhausted(&self) -> bool {
        self.visited > self.most
    }

    /// Counts work before it is done.
    fn count(&mut self, part: &Expr, times: usize) -> CompiledPart<()> {
        if self.is_exhausted() {
            return None;
        }
        self.visited = self.visited.saturating_add(times);
        if self.is_exhausted() {
            let message = messages::formula::too_many_operations(self.most);
            return self.wrong(SpanError::new(part.span.clone(), message));
        }
        Some(())
    }

    fn compile_named(&mut self, name: &str, part: &Expr) -> CompiledPart<ScopeValue> {
        match self.scope.find(name) {
            Some(Named::Value(value)) => {
                if let ScopeValue::Vector(entries) = &value {
                    self.count(part, entries.len())?;
                }
                Some(value)
            }
            Some(Named::Fixed(number) | Named::Slider(number)) => {
                Some(ScopeValue::Scalar(Operand::Constant(number)))
            }
            Some(Named::Index) => None,
            Some(Named::Broken) => self.wrong_once(broken(name, part)),
            None => self.wrong_once(unknown_name(&self.scope, name, part)),
        }
    }

    /// A vector of numbers, or a matrix of vectors of one length.
    fn array(&mut self, entries: &[Expr]) -> CompiledPart<ScopeValue> {
        if !matches!(
            entries.first().map(|first| &first.node),
            Some(Node::Vector(_))
        ) {
            return self.scalars(entries).map(ScopeValue::Vector);
        }
        let mut rows: Vec<Vec<Operand>> = Vec::new();
        let mut is_whole = true;
        for entry in entries {
            let Some(row) = self.vector(entry) else {
                is_whole = false;
                continue;
            };
            if let Some(first) = rows.first()
                && first.len() != row.len()
            {
                return self.wrong(SpanError::expected(
                    entry.span.clone(),
                    &messages::formula::vector_of(first.len()),
                    &messages::formula::another_vector_of(row.len()),
                ));
            }
            rows.push(row);
        }
        is_whole.then_some(ScopeValue::Matrix(rows))
    }

    /// The place of an entry of some that have a name, by an index from 1.
    fn indexed(&mut self, count: usize, name: &str, index: &Expr) -> CompiledPart<usize> {
        let at = self.whole(index)?;
        let place = usize::try_from(at).ok().and_then(|at| at.checked_sub(1));
        let place = place.filter(|place| *place < count);
        if place.is_none() {
            let found = found_index(index, at);
            let is_same = |known: &SpanError| known.message.ends_with(&found);
            // an end of a sum that is too large for several vectors is one mistake
            let is_number = matches!(index.node, Node::Number(_));
            if is_number || !self.errors.iter().any(is_same) {
                let expected = messages::formula::index_from_1(count, name);
                let error = SpanError::expected(index.span.clone(), &expected, &found);
                self.errors.push(error);
            }
        }
        place
    }

    fn element(&mut self, name: &str, index: &Expr, part: &Expr) -> CompiledPart<ScopeValue> {
        let Some(size) = self.size(name, part) else {
            let _unused = self.whole(index);
            return None;
        };
        let Some([count, _]) = size else {
            let message = messages::formula::number_has_no_entries(name);
            return self.wrong(SpanError::new(part.span.clone(), message));
        };
        let place = self.indexed(count, name, index)?;
        // a table is large, and only one of its rows is copied
        match self.scope.value(name) {
            Some(ScopeValue::Vector(entries)) => Some(ScopeValue::Scalar(entries[place])),
            Some(ScopeValue::Matrix(rows)) => Some(ScopeValue::Vector(rows[place].clone())),
            _ => None,
        }
    }

    /// An entry of a matrix.
    fn entry(
        &mut self,
        name: &str,
        [row, column]: &[Box<Expr>; 2],
        part: &Expr,
    ) -> CompiledPart<ScopeValue> {
        let size = self.size(name, part);
        if let Some(Some([count, columns])) = size
            && !matches!(self.scope.value(name), Some(ScopeValue::Vector(_)))
        {
            let row = self.indexed(count, name, row);
            let column = self.indexed(columns, name, column);
            let (row, column) = (row?, column?);
            return match self.scope.value(name) {
                Some(ScopeValue::Matrix(rows)) => Some(ScopeValue::Scalar(rows[row][column])),
                _ => None,
            };
        }
        let _unused = [row, column].map(|index| self.whole(index));
        let message = match size? {
            Some(_) => messages::formula::vector_has_one_index(name),
            None => messages::formula::number_has_no_entries(name),
        };
        self.wrong(SpanError::new(part.span.clone(), message))
    }

    /// The rows and columns of what a name stands for, a vector being a column; `None` inside for a number.
    fn size(&mut self, name: &str, part: &Expr) -> CompiledPart<Option<[usize; 2]>> {
        match self.scope.value(name) {
            Some(ScopeValue::Vector(entries)) => return Some(Some([entries.len(), 1])),
            Some(ScopeValue::Matrix(rows)) => {
                return Some(Some([rows.len(), rows.first().map_or(0, Vec::len)]));
            }
            Some(ScopeValue::Scalar(_)) => return Some(None),
            None => {}
        }
        match self.scope.find(name) {
            Some(Named::Broken) => self.wrong_once(broken(name, part)),
            Some(_) => Some(None),
            None => self.wrong_once(unknown_name(&self.scope, name, part)),
        }
    }

    /// The number of rows or columns of a name.
    fn extent(&mut self, function: Function, argument: &Expr) -> CompiledPart<usize> {
        let size = match &argument.node {
            Node::Name(name) => self.size(name, argument)?,
            _ => None,
        };
        let Some([rows, columns]) = size else {
            let message = messages::formula::name_of_array(function.info().call);
            return self.wrong(SpanError::new(argument.span.clone(), message));
        };
        Some(if function == Function::Rows {
            rows
        } else {
            columns
        })
    }

    /// Evaluates a whole number known at compile time: an index or an end of a sum.
    fn whole(&mut self, part: &Expr) -> CompiledPart<i64> {
        self.count(part, 1)?;
        let result = match &part.node {
            Node::Number(number) => return self.integer(*number, part),
            Node::Name(name) => return self.whole_named(name, part),
            Node::Call(function @ (Function::Rows | Function::Cols), arguments) => {
                i64::try_from(self.extent(*function, &arguments[0])?).ok()
            }
            Node::Negative(of) => self.whole(of)?.checked_neg(),
            Node::Sum(first, rest) => {
                let mut total = self.whole(first).map(Some);
                for (sign, term) in rest {
                    let value = self.whole(term);
                    total = total.zip(value).map(|(total, value)| match sign {
                        TermSign::Plus => total?.checked_add(value),
                        TermSign::Minus => total?.checked_sub(value),
                    });
                }
                total?
            }
            Node::Product(first, rest) if rest.iter().all(|(sign, _)| *sign == Factor::Times) => {
                let mut product = self.whole(first).map(Some);
                for (_, factor) in rest {
                    let value = self.whole(factor);
                    let both = product.zip(value);
                    product = both.map(|(product, value)| product?.checked_mul(value));
                }
                product?
            }
            Node::Broken(_) => {
                let _unused = self.value(part);
                return None;
            }
            _ => return self.wrong(not_whole(part)),
        };
        result.or_else(|| {
            let message = messages::formula::count_too_large();
            self.wrong(SpanError::new(part.span.clone(), message))
        })
    }

    fn integer(&mut self, number: f64, part: &Expr) -> CompiledPart<i64> {
        as_integer(number).or_else(|| self.wrong(not_whole(part)))
    }

    fn whole_named(&mut self, name: &str, part: &Expr) -> CompiledPart<i64> {
        match self.scope.find(name) {
            Some(Named::Fixed(number)) => self.integer(number, part),
            Some(Named::Slider(_)) => {
                let message = messages::formula::slider_as_count(name);
                self.wrong_once(SpanError::new(part.span.clone(), message))
            }
            Some(Named::Index) => None,
            Some(Named::Broken) => self.wrong_once(broken(name, part)),
            Some(Named::Value(_)) => self.wrong(not_whole(part)),
            None => self.wrong_once(unknown_name(&self.scope, name, part)),
        }
    }

    /// Applies an operation to each entry.
    fn mapped(
        &mut self,
        part: &Expr,
        value: ScopeValue,
        change: impl Fn(&mut OperationTape, Operand) -> Operand,
    ) -> CompiledPart<ScopeValue> {
        Some(match value {
            ScopeValue::Scalar(a) => ScopeValue::Scalar(change(&mut self.tape, a)),
            ScopeValue::Vector(mut entries) => {
                self.count(part, entries.len())?;
                for entry in &mut entries {
                    *entry = change(&mut self.tape, *entry);
                }
                ScopeValue::Vector(entries)
            }
            ScopeValue::Matrix(_) => return self.wrong(only_indexed(part)),
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
                Some(ScopeValue::Scalar(combine(&mut self.tape, a, b)))
            }
            (ScopeValue::Vector(a), ScopeValue::Vector(b)) if a.len() == b.len() => {
                self.count(part, a.len())?;
                let pairs = a.into_iter().zip(b);
                let entries = pairs.map(|(a, b)| combine(&mut self.tape, a, b));
                Some(ScopeValue::Vector(entries.collect()))
            }
            (ScopeValue::Scalar(_), ScopeValue::Vector(entries)) => {
                self.wrong(not_a_number(part, entries.len()))
            }
            (ScopeValue::Matrix(_), _) | (_, ScopeValue::Matrix(_)) => {
                self.wrong(only_indexed(part))
            }
            (a, b) => self.wrong(SpanError::expected(
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
        (product, value): (ScopeValue, ScopeValue),
    ) -> CompiledPart<ScopeValue> {
        match (sign, product, value) {
            (_, ScopeValue::Matrix(_), _) | (_, _, ScopeValue::Matrix(_)) => {
                self.wrong(only_indexed(part))
            }
            (Factor::Times, ScopeValue::Scalar(a), other)
            | (Factor::Times, other, ScopeValue::Scalar(a)) => {
                self.mapped(part, other, |tape, b| tape.multiply(a, b))
            }
            (Factor::Times, ScopeValue::Vector(_), ScopeValue::Vector(_)) => {
                let message = messages::formula::product_of_vectors();
                self.wrong(SpanError::new(part.span.clone(), message))
            }
            (Factor::Over, other, ScopeValue::Scalar(b)) => {
                self.mapped(part, other, |tape, a| tape.divide(a, b))
            }
            (Factor::Over, _, ScopeValue::Vector(entries)) => {
                self.wrong(not_a_number(part, entries.len()))
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> CompiledPart<Operand> {
        match function {
            Function::Min | Function::Max => {
                let numbers = self.scalars(arguments)?;
                let best = numbers.into_iter().reduce(|best, other| match function {
                    Function::Min => self.tape.least(best, other),
                    _ => self.tape.greatest(best, other),
                });
                Some(best.unwrap_or(Operand::Constant(0.0)))
            }
            Function::Dot => {
                let (a, b) = (self.vector(&arguments[0]), self.vector(&arguments[1]));
                let (a, b) = (a?, b?);
                if a.len() != b.len() {
                    return self.wrong(SpanError::expected(
                        arguments[1].span.clone(),
                        &messages::formula::vector_of(a.len()),
                        &messages::formula::another_vector_of(b.len()),
                    ));
                }
                self.count(&arguments[0], 2 * a.len())?;
                Some(self.dot(&a, &b))
            }
            Function::Norm2 => {
                let entries = self.vector(&arguments[0])?;
                self.count(&arguments[0], 2 * entries.len())?;
                let square = self.dot(&entries, &entries);
                Some(self.tape.apply(Elementary::Length, square))
            }
            Function::Norm1 => {
                let entries = self.vector(&arguments[0])?;
                self.count(&arguments[0], 2 * entries.len())?;
                let mut total = Operand::Constant(0.0);
                for entry in entries {
                    let size = self.tape.apply(Elementary::Abs, entry);
                    total = self.tape.add(total, size);
                }
                Some(total)
            }
            Function::LogSumExp => {
                let terms = match arguments {
                    [one] => self.vector(one)?,
                    several => self.scalars(several)?,
                };
                self.count(&arguments[0], 3 * terms.len())?;
                let mut terms = terms.into_iter();
                let first = terms.next().unwrap_or(Operand::Constant(f64::NEG_INFINITY));
                // log(exp a + exp b) = a + softplus(b - a), which is smooth and never overflows
                Some(terms.fold(first, |total, term| {
                    let difference = self.tape.subtract(term, total);
                    let rest = self.tape.apply(Elementary::Softplus, difference);
                    self.tape.add(total, rest)
                }))
            }
            Function::Rows | Function::Cols => {
                let count = self.extent(function, &arguments[0])?;
                Some(Operand::Constant(count as f64))
            }
            _ => {
                let argument = self.scalar(&arguments[0])?;
                Some(self.tape.apply(Elementary::of(function), argument))
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
            ScopeValue::Vector(entries) => Some(entries),
            ScopeValue::Matrix(_) => self.wrong(only_indexed(part)),
            ScopeValue::Scalar(_) => self.wrong(SpanError::expected(
                part.span.clone(),
                messages::formula::a_vector(),
                messages::formula::one_number(),
            )),
        }
    }

    fn over(&mut self, over: &Over, part: &Expr) -> CompiledPart<ScopeValue> {
        let name = &over.index;
        let is_taken = self.scope.is_taken(name);
        if is_taken {
            let message = messages::formula::index_is_taken(name);
            self.errors.push(SpanError::new(part.span.clone(), message));
        }
        let (from, to) = (self.whole(&over.from), self.whole(&over.to));
        let (Some(from), Some(to), false) = (from, to, is_taken) else {
            // the body is checked all the same, for an index that is not known
            self.scope.enter(name, None);
            let _unused = self.value(&over.body);
            self.scope.leave();
            return None;
        };
        let terms = to.saturating_sub(from).saturating_add(1);
        if u64::try_from(terms).is_ok_and(|terms| terms > self.most as u64) {
            let message = messages::formula::sum_too_long(terms, self.most);
            return self.wrong(SpanError::new(part.span.clone(), message));
        }
        self.scope.enter(name, Some(from));
        let total = self.joined(over.fold, &over.body, from..=to);
        self.scope.leave();
        let of_none = match over.fold {
            Fold::Sum => 0.0,
            Fold::Product => 1.0,
        };
        Some(total?.unwrap_or(ScopeValue::Scalar(Operand::Constant(of_none))))
    }

    /// The sum or the product of a body over the innermost index; `None` inside if there are no terms.
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
                    Fold::Product => self.multiplied(Factor::Times, body, (total, value))?,
                },
            });
        }
        Some(total)
    }
}

/// The number as an integer, if it is whole and not too large.
fn as_integer(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}
