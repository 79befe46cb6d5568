//! What a benchmark says of itself, and how an instance is built.

use std::sync::Arc;

use super::Problem;
use super::parameter::{Parameter, Settings};
use super::reference::Reference;

/// A benchmark as lists show it, and how to build an instance.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The word in files, kebab-case.
    pub id: &'static str,
    /// The name in the window.
    pub name: &'static str,
    /// One sentence: what is asked.
    pub summary: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The same, ready to be cited; empty where nothing is published.
    pub references: &'static [Reference],
    /// What to look for when methods run on it.
    pub look_for: &'static str,
    /// Its own parameters.
    pub parameters: &'static [Parameter],
    /// Builds an instance from checked settings.
    pub build: fn(&Settings) -> Arc<dyn Problem>,
}
