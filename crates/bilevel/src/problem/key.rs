//! Typed keys of parameters: a misspelled key does not compile, and a value has the type of its key.

use std::fmt;
use std::marker::PhantomData;

/// The name of a parameter with the type of its value: `f64`, `usize` or [`Word`].
///
/// ```
/// use bilevel::prelude::*;
///
/// const ETA: Key<f64> = Key::new("eta");
/// let bome = method::find("bome").expect("it ships");
/// assert_eq!(Settings::new(bome.parameters).get(ETA), 0.5);
/// ```
pub struct Key<T> {
    name: &'static str,
    kind: PhantomData<fn() -> T>,
}

/// The type of a choice among words, in a [`Key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {}

impl<T> Key<T> {
    /// The key of a name, `snake_case`.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            kind: PhantomData,
        }
    }

    /// The name in files.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name).finish()
    }
}

/// A type of numeric values.
pub trait FromNumber {
    /// Converts a checked number.
    fn from_number(number: f64) -> Self;
}

impl FromNumber for f64 {
    fn from_number(number: f64) -> Self {
        number
    }
}

impl FromNumber for usize {
    fn from_number(number: f64) -> Self {
        number as Self
    }
}
