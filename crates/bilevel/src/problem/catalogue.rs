//! Catalogue entries of benchmarks: their texts, parameters and constructors.

use std::sync::Arc;

use super::Problem;
use super::citations::Reference;
use super::formula_text::FormulaText;
use super::parameter::{Parameter, Settings};

/// The class of a benchmark by its main difficulty; lists and menus are grouped by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Examples of the paper on BOME.
    Toys,
    /// A unique lower-level solution, and one minimum of the reduced objective.
    Smooth,
    /// A unique lower-level solution, and several minima of the reduced objective.
    Valleys,
    /// A lower-level solution that jumps from one branch to another, and the reduced objective with it.
    Jumps,
    /// Several optimal lower-level solutions.
    Ties,
    /// Three levels and more.
    Levels,
    /// Many variables, and objectives that are means over data.
    Learning,
    /// Typed formulas.
    Own,
}

impl Class {
    /// All classes, in the order of lists and menus.
    pub const ALL: [Self; 8] = [
        Self::Toys,
        Self::Smooth,
        Self::Valleys,
        Self::Jumps,
        Self::Ties,
        Self::Levels,
        Self::Learning,
        Self::Own,
    ];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Toys => "toys",
            Self::Smooth => "smooth",
            Self::Valleys => "valleys",
            Self::Jumps => "jumps",
            Self::Ties => "ties",
            Self::Levels => "levels",
            Self::Learning => "learning",
            Self::Own => "own",
        }
    }

    /// The heading in lists and menus.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Toys => "The examples of BOME",
            Self::Smooth => "Unique solution, one minimum",
            Self::Valleys => "Unique solution, several minima",
            Self::Jumps => "Discontinuous solution",
            Self::Ties => "Several optimal solutions",
            Self::Levels => "Three levels and more",
            Self::Learning => "Learning from data",
            Self::Own => "Your own",
        }
    }
}

/// The catalogue entry of a benchmark, with the constructor of its instances.
#[derive(Clone, Copy, Debug)]
pub struct ProblemInfo {
    /// The word in files, kebab-case.
    pub id: &'static str,
    /// The name in the window.
    pub name: &'static str,
    /// The class.
    pub class: Class,
    /// The problem, in one sentence.
    pub summary: &'static str,
    /// The source, in words.
    pub source: &'static str,
    /// The source, ready to be cited; empty if nothing is published.
    pub references: &'static [Reference],
    /// The behavior of methods to look for.
    pub look_for: &'static str,
    /// The benchmark's own parameters.
    pub parameters: &'static [Parameter],
    /// The benchmark with default parameters as formulas; `None` for one that learns from data.
    pub text: Option<&'static FormulaText>,
    /// Builds an instance from checked settings.
    pub build: fn(&Settings) -> Arc<dyn Problem>,
}

impl ProblemInfo {
    /// The benchmark with its default parameters; for typed formulas, see [`typed`](super::typed).
    pub fn instance(&self) -> Arc<dyn Problem> {
        (self.build)(&Settings::new(self.parameters))
    }
}

#[cfg(test)]
mod tests {
    use super::Class;
    use crate::problem;

    #[test]
    fn problems_are_listed_class_by_class() {
        let place = |class: Class| Class::ALL.iter().position(|other| *other == class);
        assert!(problem::all().is_sorted_by_key(|entry| place(entry.class)));
    }
}
