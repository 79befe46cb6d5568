//! The problem with typed formulas: `id = "formula"` in files. The language is in [`formula`](crate::formula).

mod examples;
mod instance;
mod view;

pub use examples::{example, has_example};
pub(in crate::problem) use instance::ENTRY;
