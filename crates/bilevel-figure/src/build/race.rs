//! The race: a measure of every run against its cost, and beside it the value gap or another metric.

use std::borrow::Cow;

use bilevel::problem::{Metadata, OracleCall, ReferenceLine};
use bilevel::run::{Extent, Points, Trace, TraceColumn};
use bilevel::study::{Measure, QUANTILES, RunCost, band};

pub use super::race_options::{RaceOptions, Spread, scale_of};
use crate::messages;
use crate::{
    AreaBand, Axis, AxisScale, Figure, Layer, Line, LineSource, RunTag, Symbol, Theme, brief, fixed,
};

/// A run as drawn in a race.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// The record.
    pub trace: &'a Trace,
    /// The tag of the run.
    pub tag: RunTag,
    /// The method's name; empty for none.
    pub label: &'a str,
    /// The iteration at which it leaves the curve of a run that is drawn too; `None` for a curve of its own.
    pub leaves: Option<u64>,
    /// The iteration up to which it is drawn in full.
    pub until: u64,
    /// True if it is from before the last edit.
    pub is_stale: bool,
    /// The row in which it crosses the finish line, if it does.
    pub finish: Option<usize>,
    /// True if it diverged, so that it must not set the vertical range.
    pub has_diverged: bool,
}

impl Curve<'_> {
    /// The first row that is drawn.
    fn first_row(&self) -> usize {
        let row = self
            .leaves
            .and_then(|iteration| self.trace.row_at(iteration));
        row.unwrap_or(0)
    }
}

/// Subject of a race.
#[derive(Clone, Copy, Debug)]
pub struct RaceData<'f> {
    /// The problem.
    pub metadata: &'f Metadata,
    /// The reference lines for metrics; may be empty.
    pub lines: &'f [ReferenceLine],
    /// The maximum number of outer iterations.
    pub iterations: u64,
}

/// Two charts: the measure of the runs, and their value gap or another metric.
pub fn race<'a>(
    curves: &[Curve<'a>],
    course: RaceData<'_>,
    view: RaceOptions,
    theme: Theme,
) -> [Figure<'a>; 2] {
    let RaceData {
        metadata,
        iterations,
        ..
    } = course;
    let above = match (view.measure, metadata.optimum()) {
        (Measure::Suboptimality | Measure::TrueSuboptimality, Some(optimum)) => {
            format!("above the optimum {}", brief(optimum, 3))
        }
        _ => view.measure.meaning(metadata).to_owned(),
    };
    let title = match view.measure {
        Measure::Distance => "Distance".to_owned(),
        Measure::HypergradientError => "Hypergradient error".to_owned(),
        _ => view.measure.name(metadata),
    };
    let measured = |trace: &'a Trace| view.measure.column(trace);
    let gap = |trace: &'a Trace| &trace.gap;
    let is_known = is_gap_known(curves.iter().map(|curve| curve.trace));
    let other = other(is_known, metadata, view.measure);
    let has_line = view.measure == Measure::Suboptimality;
    [
        chart(
            curves,
            view,
            iterations,
            theme,
            Chart {
                title: &title,
                subtitle: above,
                scale: view.scales[1],
                column: &measured,
                measure: Some(view.measure),
                lines: compared(course, view.measure),
                tolerance: view.tolerance.filter(|_| has_line),
                has_flags: has_line,
            },
        ),
        match other {
            Some(measure) => metric_chart(curves, course, RaceOptions { measure, ..view }, theme),
            None => chart(
                curves,
                view,
                iterations,
                theme,
                Chart {
                    title: "Value gap $q$",
                    subtitle: if metadata.shape().levels() > 2 {
                        "suboptimality of the last level".to_owned()
                    } else {
                        "suboptimality of the follower".to_owned()
                    },
                    scale: AxisScale::Log,
                    column: &gap,
                    measure: None,
                    lines: Vec::new(),
                    tolerance: view.tolerance,
                    has_flags: false,
                },
            ),
        },
    ]
}

/// True if a race of some runs has a chart that a target line is drawn in: the suboptimality, or the value gap beside it.
pub fn has_target<'t>(
    traces: impl Iterator<Item = &'t Trace>,
    metadata: &Metadata,
    measure: Measure,
) -> bool {
    measure == Measure::Suboptimality || other(is_gap_known(traces), metadata, measure).is_none()
}

/// True if a run keeps all its points, so that the referee evaluates them all, or if there is no run yet.
fn is_gap_known<'t>(traces: impl Iterator<Item = &'t Trace>) -> bool {
    let mut traces = traces.peekable();
    traces.peek().is_none() || traces.any(|trace| trace.kept() == Points::All)
}

/// The metric shown instead of the value gap if that is not known along the runs: the metric before the chosen one, cyclically.
fn other(is_gap_known: bool, metadata: &Metadata, chosen: Measure) -> Option<Measure> {
    let own: Vec<Measure> = metadata
        .metrics
        .iter()
        .enumerate()
        .map(|(place, metric)| Measure::Metric(place, *metric))
        .collect();
    if is_gap_known || own.len() < 2 {
        return None;
    }
    let place = own.iter().position(|measure| *measure == chosen);
    let before = place.map_or(0, |place| (place + own.len() - 1) % own.len());
    own.get(before).copied()
}

/// The chart of a metric beside another.
fn metric_chart<'a>(
    curves: &[Curve<'a>],
    course: RaceData<'_>,
    view: RaceOptions,
    theme: Theme,
) -> Figure<'a> {
    chart(
        curves,
        view,
        course.iterations,
        theme,
        Chart {
            title: &view.measure.name(course.metadata),
            subtitle: view.measure.meaning(course.metadata).to_owned(),
            scale: scale_of(view.measure),
            column: &|trace| view.measure.column(trace),
            measure: Some(view.measure),
            lines: compared(course, view.measure),
            tolerance: None,
            has_flags: false,
        },
    )
}

/// The reference lines of a measure: value and name.
fn compared(course: RaceData<'_>, measure: Measure) -> Vec<(f64, &'static str)> {
    let Measure::Metric(place, _) = measure else {
        return Vec::new();
    };
    let lines = course.lines.iter();
    let known = lines.filter_map(|line| Some((*line.metrics.get(place)?, line.name)));
    known.filter(|(at, _)| at.is_finite()).collect()
}

/// Content of one of the two charts.
struct Chart<'b, 'a> {
    title: &'b str,
    subtitle: String,
    scale: AxisScale,
    column: &'b dyn Fn(&'a Trace) -> &'a TraceColumn,
    /// The measure in the column; `None` for the value gap.
    measure: Option<Measure>,
    /// The reference lines: value and name.
    lines: Vec<(f64, &'static str)>,
    tolerance: Option<f64>,
    has_flags: bool,
}

fn chart<'a>(
    curves: &[Curve<'a>],
    view: RaceOptions,
    iterations: u64,
    theme: Theme,
    chart: Chart<'_, 'a>,
) -> Figure<'a> {
    let mut layers = Vec::new();
    let (mut x_extent, mut y_extent) = (Extent::default(), Extent::default());
    let has_sound = curves.iter().any(|curve| !curve.has_diverged);
    for curve in curves {
        let x = view.cost.column(curve.trace);
        // costs never decrease: first, first positive and last give the extent
        let positive = x.partition_point(|&cost| cost <= 0.0);
        for cost in [x.first(), x.get(positive), x.last()].into_iter().flatten() {
            x_extent.include(*cost);
        }
        let column = (chart.column)(curve.trace);
        if curve.has_diverged && has_sound {
            y_extent.include(column.values().first().copied().unwrap_or(f64::NAN));
        } else {
            y_extent.join(column.extent());
        }
    }
    for (at, _) in &chart.lines {
        y_extent.include(*at);
    }
    let mut columns = curves.iter().map(|curve| (chart.column)(curve.trace));
    // rows without a value yet are shorter columns
    let is_unknown =
        columns.any(|column| !column.values().is_empty()) && !y_extent.greatest.is_finite();
    match view.spread {
        Spread::Each => lines(&mut layers, curves, view, theme, &chart),
        Spread::Median => medians(&mut layers, curves, view, theme, &chart),
    }
    if view.cost == RunCost::Iterations {
        for iteration in [0.0, 1.0, iterations as f64] {
            x_extent.include(iteration);
        }
    }
    if layers.is_empty() {
        layers.push(Layer::Note("No method is shown".to_owned()));
    } else if is_unknown {
        layers.push(Layer::Note(messages::no_value_known().to_owned()));
    } else if chart.scale == AxisScale::Log
        && y_extent.least_positive.is_infinite()
        && y_extent.greatest.is_finite()
    {
        layers.push(Layer::Note(
            "All values are 0 or negative: nothing to show on a log axis".to_owned(),
        ));
    }
    let rules = chart.lines.iter().map(|(at, name)| Layer::Rule {
        at: *at,
        label: (*name).to_owned(),
    });
    layers.splice(0..0, rules);
    if let Some(tolerance) = chart.tolerance {
        layers.insert(
            0,
            Layer::Rule {
                at: tolerance,
                label: format!("target {}", brief(tolerance, 2)),
            },
        );
    }
    Figure {
        title: chart.title.to_owned(),
        subtitle: chart.subtitle,
        x: Axis::new(
            horizontal_label(curves, view),
            view.scales[0],
            range(x_extent, view.scales[0], 0.0),
        ),
        y: Axis {
            label: String::new(),
            scale: chart.scale,
            range: range(y_extent, chart.scale, 0.06),
            has_gutter: y_extent.least <= 0.0,
            ticks: Vec::new(),
            is_bare: false,
        },
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// Adds a line for each run.
fn lines<'a>(
    layers: &mut Vec<Layer<'a>>,
    curves: &[Curve<'a>],
    view: RaceOptions,
    theme: Theme,
    chart: &Chart<'_, 'a>,
) {
    // older curves lie under those that replace them
    let mut sorted: Vec<&Curve<'a>> = curves.iter().collect();
    sorted.sort_by_key(|curve| !curve.is_stale);
    let mut flags = Vec::new();
    for curve in sorted {
        let style = curve.tag.look.style(theme);
        let line = Line {
            slot: curve.tag.slot,
            tag: (!curve.is_stale).then_some(curve.tag),
            source: Some(LineSource {
                edition: curve.trace.edition(),
                cost: view.cost,
                measure: chart.measure,
            }),
            x: Cow::Borrowed(view.cost.column(curve.trace)),
            y: Cow::Borrowed((chart.column)(curve.trace)),
            from: curve.first_row(),
            until: curve.trace.row_at(curve.until).unwrap_or(0),
            style,
            opacity: if curve.is_stale { 0.3 } else { 1.0 },
            has_diverged: curve.has_diverged,
            label: curve.label.to_owned(),
        };
        let crossed = curve.finish.filter(|_| chart.has_flags && !curve.is_stale);
        if let Some(at) = crossed.and_then(|row| line.point(row)) {
            flags.push(Layer::Mark {
                at,
                symbol: Symbol::Finish(style),
                label: String::new(),
            });
        }
        layers.push(Layer::Line(line));
    }
    layers.append(&mut flags);
}

/// The number of runs of each shown method, if it is the same.
fn common_runs(curves: &[Curve<'_>]) -> Option<usize> {
    let fresh: Vec<&Curve<'_>> = curves.iter().filter(|curve| !curve.is_stale).collect();
    let mut counts = fresh
        .chunk_by(|a, b| a.tag.slot == b.tag.slot)
        .map(<[&Curve<'_>]>::len);
    let first = counts.next()?;
    counts.all(|count| count == first).then_some(first)
}

/// The number of costs at which a median is computed.
const SAMPLES: usize = 240;

/// Adds a median with its band for each method.
fn medians<'a>(
    layers: &mut Vec<Layer<'a>>,
    curves: &[Curve<'a>],
    view: RaceOptions,
    theme: Theme,
    chart: &Chart<'_, 'a>,
) {
    let fresh: Vec<&Curve<'a>> = curves.iter().filter(|curve| !curve.is_stale).collect();
    let common = common_runs(curves);
    let mut lines = Vec::new();
    for of_slot in fresh.chunk_by(|a, b| a.tag.slot == b.tag.slot) {
        let style = of_slot[0].tag.look.style(theme);
        let strands: Vec<_> = of_slot
            .iter()
            .map(|curve| {
                let y = (chart.column)(curve.trace).values();
                let x = view.cost.column(curve.trace);
                let first = curve.first_row();
                (&x[first.min(x.len())..], &y[first.min(y.len())..])
            })
            .collect();
        let band = band(&strands, view.scales[0] == AxisScale::Log, SAMPLES);
        // the playhead is an iteration, which has a different cost in each run
        let costs = of_slot.iter().filter_map(|curve| {
            let row = curve.trace.row_at(curve.until)?;
            view.cost.column(curve.trace).get(row).copied()
        });
        let now = costs.fold(0.0, f64::max);
        let until = band.x.partition_point(|&cost| cost <= now);
        let [low, median, high] = band.quantiles;
        layers.push(Layer::Band(AreaBand {
            x: band.x.clone(),
            low: low.values().to_vec(),
            high: high.values().to_vec(),
            style,
        }));
        let label = of_slot[0].label;
        lines.push(Layer::Line(Line {
            slot: of_slot[0].tag.slot,
            tag: None,
            source: None,
            x: Cow::Owned(band.x),
            y: Cow::Owned(median),
            from: 0,
            until: until.saturating_sub(1),
            style,
            opacity: 1.0,
            has_diverged: false,
            label: match common {
                Some(_) => label.to_owned(),
                None => format!("{label} ({} runs)", of_slot.len()),
            },
        }));
    }
    layers.append(&mut lines);
}

/// The label of the horizontal axis.
fn horizontal_label(curves: &[Curve<'_>], view: RaceOptions) -> String {
    let mut cost = cost_label(view);
    let has_forks = curves.iter().any(|curve| curve.leaves.is_some());
    if has_forks && view.cost != RunCost::Iterations {
        cost.push_str(", parents included");
    }
    match view.spread {
        Spread::Each => cost,
        Spread::Median => median_label(&cost, common_runs(curves)),
    }
}

/// The label of the horizontal axis of medians, with the meaning of line and band.
fn median_label(cost: &str, runs: Option<usize>) -> String {
    let [low, _, high] = QUANTILES.map(|share| fixed(100.0 * share, 0));
    match runs {
        Some(runs) => format!("{cost}; median of {runs} runs, band {low} to {high} %"),
        None => format!("{cost}; median, band {low} to {high} %"),
    }
}

/// The label of the horizontal axis, with the weights if they matter.
fn cost_label(view: RaceOptions) -> String {
    if view.cost != RunCost::Weighted {
        return view.cost.label().to_owned();
    }
    let parts: Vec<String> = OracleCall::ALL
        .into_iter()
        .zip(view.weights)
        .filter(|(_, weight)| *weight > 0.0)
        .map(|(call, weight)| format!("{} {}", call.name(), brief(weight, 3)))
        .collect();
    format!("weighted cost: {}", parts.join(", "))
}

/// The least value on a logarithmic axis: values below it are rounding, and would flatten those above.
const FLOOR: f64 = 1e-16;

/// The range of an axis, with a margin as a share of it.
fn range(extent: Extent, scale: AxisScale, margin: f64) -> [f64; 2] {
    let ends = match scale {
        AxisScale::Linear => [extent.least, extent.greatest],
        AxisScale::Log => [extent.least_positive.max(FLOOR), extent.greatest],
    };
    let [low, high] = scale.drawable(ends).map(|end| scale.forward(end));
    [low - margin * (high - low), high + margin * (high - low)].map(|place| scale.inverse(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MethodLook;
    use bilevel::problem::{Settings, find};
    use bilevel::run::{Recording, TraceRows};

    fn trace(metadata: &Metadata, objectives: &[f64]) -> Trace {
        let mut trace = Trace::new(metadata, Recording::NO_POINTS);
        let levels = metadata.shape().levels();
        let rows = objectives.len();
        trace.extend(&TraceRows {
            iterations: (0..rows as u64).collect(),
            time: vec![0.0; rows],
            objectives: objectives.iter().flat_map(|&f| vec![f; levels]).collect(),
            counts: vec![0; rows * levels * OracleCall::ALL.len()],
            ..TraceRows::default()
        });
        trace
    }

    #[test]
    fn a_run_that_diverged_does_not_hide_the_others() {
        let entry = find("valleys").unwrap();
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let metadata = problem.metadata();
        let [sound, lost] =
            [[3.0, 2.0, 1.0], [3.0, 1e9, 1e30]].map(|values| trace(metadata, &values));
        let greatest = |diverged: [bool; 2]| {
            let curves: Vec<Curve<'_>> = [&sound, &lost]
                .into_iter()
                .zip(diverged)
                .enumerate()
                .map(|(slot, (trace, has_diverged))| Curve {
                    trace,
                    tag: RunTag {
                        slot,
                        run: 0,
                        look: MethodLook::default(),
                    },
                    label: "",
                    leaves: None,
                    until: 2,
                    is_stale: false,
                    finish: None,
                    has_diverged,
                })
                .collect();
            let view = RaceOptions {
                measure: Measure::Upper,
                scales: [AxisScale::Linear; 2],
                ..RaceOptions::default()
            };
            let [figure, _] = race(
                &curves,
                RaceData {
                    metadata,
                    lines: &[],
                    iterations: 2,
                },
                view,
                Theme::Light,
            );
            figure.y.range[1]
        };
        assert!(greatest([false, true]) < 4.0);
        // runs that diverged are shown to their ends if there are no others
        assert!(greatest([true, true]) > 1e29);
    }
}
