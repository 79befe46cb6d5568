//! The views of an experiment that are drawn without a window.

/// A figure's subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureKind {
    /// A measure against its cost, and the value gap.
    Race,
    /// Contours, the reaction curve and the ways of the runs.
    Landscape,
    /// The landscape, and the reduced objective beneath it.
    Reaction,
    /// Each level's objective along its own variable, side by side.
    Levels,
    /// The leader's objective over the value gap, and what runs report beside what is true.
    Honesty,
    /// f with a penalty on the follower's gap, the minimiser's way as it grows, and the longest safe step.
    Penalty,
    /// Convexity of the follower over a plane, and the methods that need it.
    Assumptions,
    /// An objective over a plane through all variables, with the trails projected.
    Slice,
    /// For every start of a grid, where each method ends.
    Atlas,
    /// Share of runs of a method that reach the global optimum, over what the file varies.
    Sweep,
    /// The first run's learnt model, in the problem's own pictures.
    Learned,
}

impl FigureKind {
    /// Every view, in the order of lists.
    pub const ALL: [Self; 11] = [
        Self::Race,
        Self::Landscape,
        Self::Reaction,
        Self::Levels,
        Self::Honesty,
        Self::Penalty,
        Self::Assumptions,
        Self::Slice,
        Self::Atlas,
        Self::Sweep,
        Self::Learned,
    ];

    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Race => "race",
            Self::Landscape => "landscape",
            Self::Reaction => "reaction",
            Self::Levels => "levels",
            Self::Honesty => "honesty",
            Self::Penalty => "penalty",
            Self::Assumptions => "assumptions",
            Self::Slice => "slice",
            Self::Atlas => "atlas",
            Self::Sweep => "sweep",
            Self::Learned => "learned",
        }
    }

    /// Its content, in a sentence without its full stop.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Race => "A measure against its cost, and the value gap",
            Self::Landscape => "Contours, the reaction curve and the ways of the runs",
            Self::Reaction => "The landscape, and the reduced objective beneath it",
            Self::Levels => "Each level's objective along its own variable, side by side",
            Self::Honesty => {
                "The leader's objective over the value gap, and what runs report beside what is true"
            }
            Self::Penalty => {
                "f with a penalty on the follower's gap, the minimiser's way as it grows, and the longest safe step"
            }
            Self::Assumptions => "Where the follower is convex, and which methods need that",
            Self::Slice => {
                "An objective over a plane through all variables, with the trails projected"
            }
            Self::Atlas => "For every start of a grid, where each method ends",
            Self::Sweep => {
                "How often a method reaches the global optimum, over what the file varies"
            }
            Self::Learned => {
                "What the first run has learnt from data, in the problem's own pictures"
            }
        }
    }

    /// The earlier word, which the command line still takes.
    pub const fn old_word(self) -> Option<&'static str> {
        match self {
            Self::Levels => Some("nested"),
            _ => None,
        }
    }

    /// The view of a word, old words included.
    pub fn of_word(word: &str) -> Option<Self> {
        let is_meant = |view: &Self| view.word() == word || view.old_word() == Some(word);
        Self::ALL.into_iter().find(is_meant)
    }
}
