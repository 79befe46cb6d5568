//! The problem that is typed: `id = "formula"` in files. The language is in [`formula`](super::formula).

mod examples;
mod instance;
mod more_examples;
mod shipped;
mod view;

pub use examples::{example, has_example};
pub(super) use instance::ENTRY;
