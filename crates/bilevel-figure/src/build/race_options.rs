//! Options of the race, and the words for them in files.

use bilevel::run::{WEIGHTS, Weights};
use bilevel::study::{Measure, RunCost};
use bilevel_files::{AxisWord, FigureSpec, RunsWord, ViewSpec};

use crate::AxisScale;

/// Display of several runs of a method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// One line each.
    #[default]
    Each,
    /// Their median, with a band from the 10 to the 90 % quantile.
    Median,
}

impl Spread {
    /// The display that suits a number of runs of each method.
    pub const fn suited(runs: usize) -> Self {
        if runs >= MANY {
            Self::Median
        } else {
            Self::Each
        }
    }
}

/// Options of a race.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RaceOptions {
    /// The quantity on the horizontal axis.
    pub cost: RunCost,
    /// The quantity on the vertical axis of the first chart.
    pub measure: Measure,
    /// The scales of cost and measure.
    pub scales: [AxisScale; 2],
    /// The display of several runs of a method.
    pub spread: Spread,
    /// The value of the finish line, if it is drawn.
    pub tolerance: Option<f64>,
    /// The weights of calls for the weighted cost.
    pub weights: Weights,
}

impl Default for RaceOptions {
    fn default() -> Self {
        Self {
            cost: RunCost::default(),
            measure: Measure::default(),
            scales: [AxisScale::Log, AxisScale::Log],
            spread: Spread::default(),
            tolerance: None,
            weights: WEIGHTS,
        }
    }
}

/// The number of runs of a method from which on a median is shown.
const MANY: usize = 4;

impl RaceOptions {
    /// The options for an experiment with `runs` runs of each method. If tasks follow one another, `milestones` holds
    /// their iterations, and the cost axis is linear, so that each task has equal room.
    pub fn of(spec: &ViewSpec, runs: usize, milestones: &[u64]) -> Self {
        let measure = spec.race_y.unwrap_or_default();
        let of_cost = if milestones.is_empty() {
            AxisScale::Log
        } else {
            AxisScale::Linear
        };
        let figure = &spec.figure;
        let scale = |word: AxisWord| match word {
            AxisWord::Linear => AxisScale::Linear,
            AxisWord::Log => AxisScale::Log,
        };
        let spread = figure.race_runs.map(|word| match word {
            RunsWord::Each => Spread::Each,
            RunsWord::Median => Spread::Median,
        });
        Self {
            cost: spec.race_x.unwrap_or_default(),
            measure,
            scales: figure
                .race_scales
                .map_or_else(|| [of_cost, scale_of(measure)], |words| words.map(scale)),
            spread: spread.unwrap_or_else(|| Spread::suited(runs)),
            tolerance: figure.race_target,
            weights: figure.race_weights.unwrap_or(WEIGHTS),
        }
    }

    /// Writes the options that differ from those for the same experiment without them into the words of files; `usual` are these.
    pub fn describe(&self, usual: &Self, figure: &mut FigureSpec) {
        let word = |scale: AxisScale| match scale {
            AxisScale::Linear => AxisWord::Linear,
            AxisScale::Log => AxisWord::Log,
        };
        let runs = match self.spread {
            Spread::Each => RunsWord::Each,
            Spread::Median => RunsWord::Median,
        };
        figure.race_scales = (self.scales != usual.scales).then_some(self.scales.map(word));
        figure.race_runs = (self.spread != usual.spread).then_some(runs);
        figure.race_target = self.tolerance;
        figure.race_weights = (self.weights != usual.weights).then_some(self.weights);
    }
}

/// The scale that suits a measure.
pub const fn scale_of(measure: Measure) -> AxisScale {
    if measure.suits_logarithm() {
        AxisScale::Log
    } else {
        AxisScale::Linear
    }
}
