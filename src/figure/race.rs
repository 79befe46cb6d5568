//! The race: a quantity of every run against what it cost, and always the value gap beside it.

use super::model::{Axis, Figure, Layer, Line};
use super::palette::{Theme, slot_style};
use super::scale::{Scale, brief};
use crate::experiment::ViewSpec;
use crate::problem::Facts;
use crate::run::Trace;

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
            Self::Weighted => "weighted cost: value ½, gradient 1, second-order product 2",
            Self::Time => "seconds in the method's own steps",
        }
    }

    fn column(self, trace: &Trace) -> &[f64] {
        match self {
            Self::Iterations => &trace.iterations,
            Self::Gradients => &trace.gradients,
            Self::Weighted => &trace.cost,
            Self::Time => &trace.time,
        }
        .values()
    }
}

/// What is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// The upper objective minus the known optimum, where one is known; else the upper objective.
    #[default]
    Suboptimality,
    /// The upper objective.
    Upper,
    /// The lower objective.
    Lower,
}

impl Measure {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Suboptimality, Self::Upper, Self::Lower];

    /// The word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Suboptimality => "f-optimum",
            Self::Upper => "f",
            Self::Lower => "g",
        }
    }

    /// The scale that suits it: objectives may be negative, so only a difference from the least is logarithmic.
    pub const fn scale(self) -> Scale {
        match self {
            Self::Suboptimality => Scale::Log,
            Self::Upper | Self::Lower => Scale::Linear,
        }
    }

    /// The name in the window, as maths.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Suboptimality => "$f − f^*$",
            Self::Upper => "$f$",
            Self::Lower => "$g$",
        }
    }
}

/// How a race is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Along the horizontal axis.
    pub cost: Cost,
    /// Along the vertical axis of the first picture.
    pub measure: Measure,
    /// The scales of cost and measure.
    pub scales: [Scale; 2],
}

impl Default for View {
    fn default() -> Self {
        Self {
            cost: Cost::default(),
            measure: Measure::default(),
            scales: [Scale::Log, Scale::Log],
        }
    }
}

impl View {
    /// The view that an experiment asks for.
    pub fn of(spec: &ViewSpec) -> Self {
        let cost = Cost::ALL
            .into_iter()
            .find(|cost| Some(cost.word()) == spec.race_x.as_deref());
        let measure = Measure::ALL
            .into_iter()
            .find(|measure| Some(measure.word()) == spec.race_y.as_deref());
        let measure = measure.unwrap_or_default();
        Self {
            cost: cost.unwrap_or_default(),
            measure,
            scales: [Scale::Log, measure.scale()],
        }
    }
}

/// A run as the race shows it.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// Its record.
    pub trace: &'a Trace,
    /// Its method's slot.
    pub slot: usize,
    /// Its name; empty for none.
    pub label: &'a str,
    /// The iteration up to which it is drawn in full.
    pub until: u64,
    /// Whether it is from before the last edit.
    pub is_stale: bool,
}

/// The measure and the value gap of some runs, with so many outer iterations to come at most.
pub fn race<'a>(
    curves: &[Curve<'a>],
    facts: &Facts,
    view: View,
    iterations: u64,
    theme: Theme,
) -> [Figure<'a>; 2] {
    let optimum = facts.minima.iter().find(|minimum| minimum.is_global);
    let (title, subtitle, minus) = match (view.measure, optimum) {
        (Measure::Suboptimality, Some(optimum)) => (
            Measure::Suboptimality.name(),
            format!("above the optimum {}", brief(optimum.value, 3)),
            optimum.value,
        ),
        (Measure::Lower, _) => ("$g$", "the follower's objective".to_owned(), 0.0),
        _ => ("$f$", "the leader's objective".to_owned(), 0.0),
    };
    let level = if view.measure == Measure::Lower { 2 } else { 1 };
    let measured = |trace: &'a Trace| trace.objectives[level - 1].values();
    let gap = |trace: &'a Trace| trace.gap.values();
    [
        chart(
            curves,
            view,
            iterations,
            theme,
            Chart {
                title: title.to_owned(),
                subtitle,
                minus,
                scale: view.scales[1],
                column: &measured,
            },
        ),
        chart(
            curves,
            view,
            iterations,
            theme,
            Chart {
                title: "Value gap $q$".to_owned(),
                subtitle: "how far the follower is from its best".to_owned(),
                minus: 0.0,
                scale: Scale::Log,
                column: &gap,
            },
        ),
    ]
}

/// One of the two pictures.
struct Chart<'b, 'a> {
    title: String,
    subtitle: String,
    minus: f64,
    scale: Scale,
    column: &'b dyn Fn(&'a Trace) -> &'a [f64],
}

fn chart<'a>(
    curves: &[Curve<'a>],
    view: View,
    iterations: u64,
    theme: Theme,
    chart: Chart<'_, 'a>,
) -> Figure<'a> {
    let mut layers = Vec::new();
    let (mut x_range, mut y_range) = (Extent::default(), Extent::default());
    // older curves lie under those that replace them
    let mut sorted: Vec<&Curve<'a>> = curves.iter().collect();
    sorted.sort_by_key(|curve| !curve.is_stale);
    for curve in sorted {
        let (x, y) = (view.cost.column(curve.trace), (chart.column)(curve.trace));
        x_range.include(x, 0.0);
        y_range.include(y, chart.minus);
        layers.push(Layer::Line(Line {
            x,
            y,
            minus: chart.minus,
            until: curve.trace.row_at(curve.until).unwrap_or(0),
            style: slot_style(curve.slot, theme),
            opacity: if curve.is_stale { 0.3 } else { 1.0 },
            label: curve.label.to_owned(),
        }));
    }
    if view.cost == Cost::Iterations {
        x_range.include(&[0.0, 1.0, iterations as f64], 0.0);
    }
    if layers.is_empty() {
        layers.push(Layer::Note("No method is shown".to_owned()));
    } else if chart.scale == Scale::Log
        && y_range.least_positive.is_infinite()
        && y_range.greatest.is_finite()
    {
        layers.push(Layer::Note(
            "All values are 0 or negative: nothing to show on a log axis".to_owned(),
        ));
    }
    Figure {
        title: chart.title,
        subtitle: chart.subtitle,
        x: Axis {
            label: view.cost.label().to_owned(),
            scale: view.scales[0],
            range: x_range.range(view.scales[0], 0.0),
            has_gutter: false,
        },
        y: Axis {
            label: String::new(),
            scale: chart.scale,
            range: y_range.range(chart.scale, 0.06),
            has_gutter: y_range.least <= 0.0,
        },
        is_equal: false,
        layers,
    }
}

/// The extent of some values.
struct Extent {
    least: f64,
    least_positive: f64,
    greatest: f64,
}

impl Default for Extent {
    fn default() -> Self {
        Self {
            least: f64::INFINITY,
            least_positive: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
        }
    }
}

/// Values below it are rounding, and would only flatten what is above.
const FLOOR: f64 = 1e-16;

impl Extent {
    fn include(&mut self, values: &[f64], minus: f64) {
        for value in values
            .iter()
            .map(|value| value - minus)
            .filter(|value| value.is_finite())
        {
            self.least = self.least.min(value);
            self.greatest = self.greatest.max(value);
            if value > 0.0 {
                self.least_positive = self.least_positive.min(value);
            }
        }
    }

    /// The range to show, with a margin as a share of it.
    fn range(&self, scale: Scale, margin: f64) -> [f64; 2] {
        let ends = match scale {
            Scale::Linear => [self.least, self.greatest],
            Scale::Log => [self.least_positive.max(FLOOR), self.greatest],
        };
        let [low, high] = scale.drawable(ends).map(|end| scale.forward(end));
        [low - margin * (high - low), high + margin * (high - low)]
            .map(|place| scale.inverse(place))
    }
}
