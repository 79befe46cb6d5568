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
    /// The index of a sum whose ends have errors.
    Index,
    /// A name that is declared with an error, which is reported there.
    Broken,
}

/// The index of a sum.
#[derive(Clone, Debug)]
struct SumIndex {
    name: String,
    /// Its value; `None` in a sum whose ends have errors.
    at: Option<i64>,
}

/// All names, and the indices of the sums that are being expanded.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    names: BTreeMap<String, Named>,
    /// The indices from the outermost on.
    indices: Vec<SumIndex>,
    /// True if names are declared that could not be read: an unknown name may be one of them.
    pub(super) has_unread: bool,
    /// True in formulas of fixed constants, such as bounds, in which other names have no place.
    pub(super) has_only_constants: bool,
}

impl Scope {
    pub(super) fn add(&mut self, name: &str, named: Named) {
        self.names.insert(name.to_owned(), named);
    }

    pub(super) fn find(&self, name: &str) -> Option<Named> {
        if let Some(index) = self.index(name) {
            return Some(index.at.map_or(Named::Index, |at| Named::Fixed(at as f64)));
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

    fn index(&self, name: &str) -> Option<&SumIndex> {
        self.indices.iter().rev().find(|index| index.name == name)
    }

    /// Enters a sum; `at` is the value of its index, if that is known.
    pub(super) fn enter(&mut self, index: &str, at: Option<i64>) {
        let name = index.to_owned();
        self.indices.push(SumIndex { name, at });
    }

    pub(super) fn set_index(&mut self, at: i64) {
        if let Some(index) = self.indices.last_mut() {
            index.at = Some(at);
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
        let indices = self.indices.iter().map(|index| index.name.as_str());
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
