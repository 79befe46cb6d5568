//! Meaning of the names in a formula.

use std::collections::BTreeMap;

use super::tape::Operand;
use super::tree::{Fold, Function, LATER_NAMES, NUMBERS};

/// Compiled value of a part of a formula.
#[derive(Clone, Debug)]
pub(super) enum ScopeValue {
    /// A number.
    Scalar(Operand),
    /// Numbers under one name.
    Vector(Vec<Operand>),
    /// Rows of one length under one name.
    Matrix(Vec<Vec<Operand>>),
}

/// Meaning of a name.
#[derive(Clone, Debug)]
pub(super) enum Named {
    /// A variable or a part of a definition that has been computed.
    Value(ScopeValue),
    /// A constant without a range, which may be an index or an end of a sum.
    Fixed(f64),
    /// A constant with a range, or a built-in number.
    Slider(f64),
    /// A definition with an error of its own, which is reported there.
    Broken,
}

/// All names, and the indices of the sums that are being expanded.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    names: BTreeMap<String, Named>,
    indices: Vec<(String, i64)>,
}

impl Scope {
    pub(super) fn add(&mut self, name: &str, named: Named) {
        self.names.insert(name.to_owned(), named);
    }

    pub(super) fn find(&self, name: &str) -> Option<Named> {
        if let Some(index) = self.index(name) {
            return Some(Named::Fixed(index as f64));
        }
        if let Some((_, number)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            return Some(Named::Slider(*number));
        }
        self.names.get(name).cloned()
    }

    /// A variable, a definition or a constant with entries, without a copy of it; `None` for a number or an unknown name.
    pub(super) fn value(&self, name: &str) -> Option<&ScopeValue> {
        match self.names.get(name) {
            Some(Named::Value(value)) if self.index(name).is_none() => Some(value),
            _ => None,
        }
    }

    /// The value of a sum's index.
    pub(super) fn index(&self, name: &str) -> Option<i64> {
        let mut inner = self.indices.iter().rev();
        inner.find(|(index, _)| index == name).map(|(_, at)| *at)
    }

    pub(super) fn enter(&mut self, index: &str, at: i64) {
        self.indices.push((index.to_owned(), at));
    }

    pub(super) fn set_index(&mut self, at: i64) {
        if let Some((_, index)) = self.indices.last_mut() {
            *index = at;
        }
    }

    pub(super) fn leave(&mut self) {
        self.indices.pop();
    }

    /// True if a name is taken, names of functions included.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        is_reserved(name) || self.names.contains_key(name) || self.index(name).is_some()
    }

    /// All names that may stand for a number.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let indices = self.indices.iter().map(|(name, _)| name.as_str());
        let numbers = NUMBERS.iter().map(|(name, _)| *name);
        self.names
            .keys()
            .map(String::as_str)
            .chain(indices)
            .chain(numbers)
    }
}

/// True if a name belongs to the language.
pub(super) fn is_reserved(name: &str) -> bool {
    let is_function = Fold::find(name).is_some() || Function::find(name).is_some();
    (is_function && !LATER_NAMES.contains(&name)) || NUMBERS.iter().any(|(known, _)| *known == name)
}
