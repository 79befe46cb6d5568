//! What runs are compared by, and over: columns of their traces, with the words for files and pictures.

use crate::run::{Column, Trace};

/// What runs are compared over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cost {
    /// Outer iterations.
    #[default]
    Iterations,
    /// Gradient calls of all levels together.
    Gradients,
    /// All calls, each with its weight.
    Weighted,
    /// The method's own time.
    Time,
}

impl Cost {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 4] = [
        Self::Iterations,
        Self::Gradients,
        Self::Weighted,
        Self::Time,
    ];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Iterations => "iterations",
            Self::Gradients => "gradients",
            Self::Weighted => "cost",
            Self::Time => "time",
        }
    }

    /// The words on a button.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weighted => "weighted cost",
            _ => self.word(),
        }
    }

    /// The words beneath the axis.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Iterations => "outer iterations",
            Self::Gradients => "gradient calls, leader and follower together",
            Self::Weighted => "weighted cost of all calls",
            Self::Time => "seconds in the method's own steps",
        }
    }

    /// The column of a trace, which never decreases.
    pub fn column(self, trace: &Trace) -> &[f64] {
        match self {
            Self::Iterations => &trace.iterations,
            Self::Gradients => &trace.gradients,
            Self::Weighted => &trace.cost,
            Self::Time => &trace.time,
        }
    }
}

/// What is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// The upper objective minus the known optimum.
    #[default]
    Suboptimality,
    /// The reduced objective minus the known optimum: f with the follower's true answer in place of the method's.
    TrueSuboptimality,
    /// The upper objective.
    Upper,
    /// The lower objective.
    Lower,
    /// The distance to the nearest known global optimum.
    Distance,
    /// The distance of the method's direction from the true hypergradient.
    HypergradientError,
}

impl Measure {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 6] = [
        Self::Suboptimality,
        Self::TrueSuboptimality,
        Self::Upper,
        Self::Lower,
        Self::Distance,
        Self::HypergradientError,
    ];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Suboptimality => "f-optimum",
            Self::TrueSuboptimality => "phi-optimum",
            Self::Upper => "f",
            Self::Lower => "g",
            Self::Distance => "distance",
            Self::HypergradientError => "hypergradient-error",
        }
    }

    /// The name in the window, as maths.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Suboptimality => "$f − f^*$",
            Self::TrueSuboptimality => "$φ − φ^*$",
            Self::Upper => "$f$",
            Self::Lower => "$g$",
            Self::Distance => "distance",
            Self::HypergradientError => "hypergradient error",
        }
    }

    /// What it is, in words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Suboptimality => "the leader's objective at the iterate, above the optimum",
            Self::TrueSuboptimality => {
                "the leader's objective once the follower has answered, above the optimum"
            }
            Self::Upper => "the leader's objective",
            Self::Lower => "the follower's objective",
            Self::Distance => "to the nearest global optimum",
            Self::HypergradientError => "how far the step's direction is from the true gradient",
        }
    }

    /// Whether it needs a known optimum.
    pub const fn needs_optimum(self) -> bool {
        matches!(
            self,
            Self::Suboptimality | Self::TrueSuboptimality | Self::Distance
        )
    }

    /// Whether it is never negative but by the optimum's own error, so that a logarithm suits it.
    pub const fn suits_logarithm(self) -> bool {
        !matches!(self, Self::Upper | Self::Lower)
    }

    /// The column of a trace.
    pub fn column(self, trace: &Trace) -> &Column {
        match self {
            Self::Suboptimality => &trace.suboptimality,
            Self::TrueSuboptimality => &trace.true_suboptimality,
            Self::Upper => &trace.objectives[0],
            Self::Lower => &trace.objectives[trace.objectives.len() - 1],
            Self::Distance => &trace.distance,
            Self::HypergradientError => &trace.hypergradient_error,
        }
    }
}
