//! The quantities by which and the costs over which runs are compared: columns of their traces, with words for files
//! and pictures.

use crate::problem::{Metadata, Metric};
use crate::run::{Trace, TraceColumn};

/// The cost over which runs are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunCost {
    /// Outer iterations.
    #[default]
    Iterations,
    /// Gradient calls of all levels together.
    Gradients,
    /// All oracle calls, each with its weight.
    Weighted,
    /// The method's own time.
    Time,
}

impl RunCost {
    /// All costs, in the order of menus.
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

    /// The label of a button.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weighted => "weighted cost",
            _ => self.word(),
        }
    }

    /// The label of the axis.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Iterations => "outer iterations",
            Self::Gradients => "gradient calls of all levels together",
            Self::Weighted => "weighted cost of all calls",
            Self::Time => "seconds in the method's own steps",
        }
    }

    /// The column of a trace; it never decreases.
    pub fn column(self, trace: &Trace) -> &[f64] {
        match self {
            Self::Iterations => &trace.iterations,
            Self::Gradients => &trace.gradients,
            Self::Weighted => &trace.cost,
            Self::Time => &trace.time,
        }
    }
}

/// The quantity by which runs are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// The upper objective minus the known optimum.
    #[default]
    Suboptimality,
    /// The reduced objective minus the known optimum: f with the true lower-level solution in place of the method's.
    TrueSuboptimality,
    /// The upper objective.
    Upper,
    /// The objective of the innermost level.
    Lower,
    /// The distance to the nearest known global optimum.
    Distance,
    /// The distance of the method's direction from the true hypergradient.
    HypergradientError,
    /// One of the problem's own metrics, by its index.
    Metric(usize, Metric),
}

impl Measure {
    /// The measures that every problem has, in the order of menus.
    const COMMON: [Self; 6] = [
        Self::Suboptimality,
        Self::TrueSuboptimality,
        Self::Upper,
        Self::Lower,
        Self::Distance,
        Self::HypergradientError,
    ];

    /// All measures of a problem, in the order of menus: its own metrics last.
    pub fn all(metadata: &Metadata) -> Vec<Self> {
        let own = metadata.metrics.iter().copied().enumerate();
        let own = own.map(|(place, metric)| Self::Metric(place, metric));
        Self::COMMON.into_iter().chain(own).collect()
    }

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Suboptimality => "f-optimum",
            Self::TrueSuboptimality => "phi-optimum",
            Self::Upper => "f",
            Self::Lower => "g",
            Self::Distance => "distance",
            Self::HypergradientError => "hypergradient-error",
            Self::Metric(_, metric) => metric.name,
        }
    }

    /// The name in the window, as mathematical markup: without a known optimum nothing is subtracted.
    pub fn name(self, metadata: &Metadata) -> String {
        let levels = metadata.shape().levels();
        match self {
            Self::Suboptimality if metadata.optimum().is_none() => "$f$".to_owned(),
            Self::TrueSuboptimality if metadata.optimum().is_none() => "$φ$".to_owned(),
            Self::Suboptimality => "$f − f^*$".to_owned(),
            Self::TrueSuboptimality => "$φ − φ^*$".to_owned(),
            Self::Upper => format!("${}$", metadata.objective(1)),
            Self::Lower => format!("${}$", metadata.objective(levels)),
            Self::Distance => "distance".to_owned(),
            Self::HypergradientError => "hypergradient error".to_owned(),
            Self::Metric(_, metric) => metric.name.to_owned(),
        }
    }

    /// The quantity in words.
    pub fn meaning(self, metadata: &Metadata) -> &'static str {
        match self {
            Self::Suboptimality if metadata.optimum().is_none() => Self::Upper.meaning(metadata),
            Self::TrueSuboptimality if metadata.optimum().is_none() => {
                "the leader's objective with all lower levels solved"
            }
            Self::Suboptimality => "the leader's objective at the iterate, above the optimum",
            Self::TrueSuboptimality => {
                "the leader's objective with all lower levels solved, above the optimum"
            }
            Self::Upper => "the leader's objective",
            Self::Lower => "the objective of the last level",
            Self::Distance => "to the nearest global optimum",
            Self::HypergradientError => {
                "the distance of the step's direction from the true gradient"
            }
            Self::Metric(_, metric) => metric.meaning,
        }
    }

    /// True if the measure needs a known optimum.
    pub const fn needs_optimum(self) -> bool {
        matches!(
            self,
            Self::Suboptimality | Self::TrueSuboptimality | Self::Distance
        )
    }

    /// True if the measure is nonnegative up to the error of the optimum, so that a logarithmic axis suits it.
    pub const fn suits_logarithm(self) -> bool {
        match self {
            Self::Upper | Self::Lower => false,
            Self::Metric(_, metric) => metric.suits_logarithm,
            _ => true,
        }
    }

    /// The column of a trace; the trace's problem must have the measure.
    pub fn column(self, trace: &Trace) -> &TraceColumn {
        match self {
            Self::Suboptimality => &trace.suboptimality,
            Self::TrueSuboptimality => &trace.true_suboptimality,
            Self::Upper => &trace.objectives[0],
            Self::Lower => &trace.objectives[trace.objectives.len() - 1],
            Self::Distance => &trace.distance,
            Self::HypergradientError => &trace.hypergradient_error,
            Self::Metric(place, _) => &trace.metrics[place],
        }
    }
}
