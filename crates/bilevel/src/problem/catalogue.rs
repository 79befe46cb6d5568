//! What a benchmark says of itself, and how an instance is built.

use std::sync::Arc;

use super::Problem;
use super::citations::Reference;
use super::parameter::{Parameter, Settings};

/// What kind of trouble a benchmark is about; lists and menus are grouped by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The examples of the paper on BOME.
    Toys,
    /// One answer, and one valley of the reduced objective.
    Smooth,
    /// One answer, and several valleys of the reduced objective.
    Valleys,
    /// The best answer jumps from one branch to another, and the reduced objective with it.
    Jumps,
    /// Several equally good answers.
    Ties,
    /// Three levels and more.
    Levels,
    /// Many variables, and objectives that are means over data.
    Learning,
    /// Formulas that are typed.
    Own,
}

impl Class {
    /// All of them, in the order of lists and menus.
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
            Self::Smooth => "One answer, one valley",
            Self::Valleys => "One answer, several valleys",
            Self::Jumps => "An answer that jumps",
            Self::Ties => "Several equally good answers",
            Self::Levels => "Three levels and more",
            Self::Learning => "Learning from data",
            Self::Own => "Your own",
        }
    }
}

/// A benchmark as lists show it, and how to build an instance.
#[derive(Clone, Copy, Debug)]
pub struct ProblemInfo {
    /// The word in files, kebab-case.
    pub id: &'static str,
    /// The name in the window.
    pub name: &'static str,
    /// What kind of trouble it is about.
    pub class: Class,
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
