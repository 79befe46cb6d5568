//! The feasibility plot: the leader's objective against the value gap of the last level.
//!
//! ```text
//! horizontally: q = g(x, y) − min over y of g(x, ·)
//! vertically:   f(x, y)
//! ```
//!
//! A small f alone proves nothing: a point is below the optimum only if a lower level is not at its minimum. A chart
//! beneath compares the f that each run reports with φ at the same x.

use std::borrow::Cow;

use bilevel::problem::Metadata;
use bilevel::run::{Extent, Points, Status, Trace};
use bilevel::study::{Measure, RunCost};
use bilevel_files::MethodSpec;

use super::landscape::{RunPath, start_marks};
use crate::{
    AreaBand, Axis, AxisScale, Figure, Layer, Line, LineSource, Symbol, Theme, Trail, brief,
};

/// A gap below this is rounding; it is drawn in the strip at the left edge.
const FLOOR: f64 = 1e-15;
/// The width of that strip, in decades; points are drawn in its middle.
const STRIP: f64 = 0.8;
/// The space above and below the values, as a share of their height.
const MARGIN: f64 = 0.06;
/// The least height of the zone below the optimum, as a share of the height of the values.
const BELOW: f64 = 0.22;
/// The largest number of rows compared, evenly spaced on a logarithmic axis.
const COMPARED: usize = 240;

/// Subject of the feasibility plot.
#[derive(Clone, Copy, Debug)]
pub struct FeasibilityData<'a> {
    /// The problem.
    pub metadata: &'a Metadata,
    /// The methods, for their names.
    pub methods: &'a [MethodSpec],
    /// The maximum number of outer iterations.
    pub iterations: u64,
}

/// Two charts: the leader's objective over the value gap, and beneath it the reported and the true objective.
pub fn feasibility<'a>(
    subject: FeasibilityData<'a>,
    paths: &[RunPath<'a>],
    theme: Theme,
) -> [Figure<'a>; 2] {
    // older paths lie under those that replace them
    let mut sorted: Vec<&RunPath<'a>> = paths.iter().collect();
    sorted.sort_by_key(|path| !path.is_stale);
    [
        portrait(subject.metadata, &sorted, theme),
        comparison(subject, &sorted, theme),
    ]
}

/// The least gap with a position of its own; all smaller ones lie in the strip left of it.
fn floor(paths: &[&RunPath<'_>]) -> f64 {
    let gaps = paths.iter().map(|path| path.trace.gap.extent());
    let least = gaps.fold(1.0, |least: f64, gaps| least.min(gaps.least_positive));
    10.0_f64.powf(least.max(FLOOR).log10().floor()).max(FLOOR)
}

/// The runs that set the range: those that have not diverged, or all if all have.
fn sound<'b, 'a>(paths: &[&'b RunPath<'a>]) -> Vec<&'b RunPath<'a>> {
    let has_diverged = |path: &RunPath<'_>| matches!(path.status, Status::Diverged(_));
    let sound = paths.iter().copied().filter(|path| !has_diverged(path));
    let sound: Vec<_> = sound.collect();
    if sound.is_empty() {
        paths.to_vec()
    } else {
        sound
    }
}

/// The reason why nothing can be shown, in a sentence; `None` if something can.
fn empty(metadata: &Metadata, paths: &[&RunPath<'_>]) -> Option<&'static str> {
    let gaps = || paths.iter().map(|path| &path.trace.gap);
    if paths.is_empty() {
        Some("No method is shown")
    } else if gaps().any(|gap| gap.extent().greatest.is_finite()) {
        None
    } else if paths.iter().all(|path| path.trace.kept() == Points::None) {
        Some(
            "The value gap needs recorded points, and this experiment records none (record_points)",
        )
    } else if gaps().all(bilevel::run::TraceColumn::is_empty) {
        Some("The reference solver has evaluated no iterate yet")
    } else if metadata.shape().levels() > 2 {
        Some("The last level has no finite solution there, so the value gap is undefined")
    } else {
        Some("The follower has no finite solution there, so the value gap is undefined")
    }
}

fn portrait<'a>(metadata: &Metadata, paths: &[&RunPath<'a>], theme: Theme) -> Figure<'a> {
    let floor = floor(paths);
    let edge = floor * 10.0_f64.powf(-STRIP);
    let inside = |gap: f64| {
        if gap < floor {
            floor * 10.0_f64.powf(-0.5 * STRIP)
        } else {
            gap
        }
    };
    let optimum = metadata.optimum();
    let mut gaps = Extent::default();
    let mut heights = Extent::default();
    for path in sound(paths) {
        gaps.join(path.trace.gap.extent());
        heights.join(path.trace.objectives[0].extent());
    }
    if let Some(optimum) = optimum {
        heights.include(optimum);
    }
    let name = metadata.objective(1);
    let mut layers = Vec::new();
    if let Some(words) = empty(metadata, paths) {
        layers.push(Layer::Note(words.to_owned()));
    } else {
        layers.push(Layer::Strip {
            until: floor,
            label: format!("$← q < {}$", brief_power(floor)),
        });
        if let Some(optimum) = optimum {
            layers.push(zone(metadata, floor, optimum));
            layers.push(Layer::Rule {
                at: optimum,
                label: String::new(),
            });
        }
        layers.extend(
            paths
                .iter()
                .filter_map(|path| trail(path, &inside, theme))
                .map(Layer::Trail),
        );
        if let Some(optimum) = optimum {
            layers.push(Layer::Mark {
                at: [inside(0.0), optimum],
                symbol: Symbol::Star,
                label: String::new(),
            });
        }
        layers.extend(starts(paths, &inside));
        layers.extend(paths.iter().filter_map(|path| head(path, &inside, theme)));
    }
    let widest = if gaps.greatest.is_finite() {
        gaps.greatest.max(10.0 * floor)
    } else {
        1.0
    };
    Figure {
        title: "**Feasibility**".to_owned(),
        subtitle: format!(
            "Reported ${name}$ against the value gap: progress goes to the lower left"
        ),
        x: Axis::new(
            format!("value gap $q$: suboptimality of {}", last(metadata)),
            AxisScale::Log,
            [edge, 2.0 * widest],
        ),
        y: Axis::new(
            format!("${name}$"),
            AxisScale::Linear,
            vertical(heights, optimum),
        ),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

fn last(metadata: &Metadata) -> &'static str {
    if metadata.shape().levels() > 2 {
        "the last level"
    } else {
        "the follower"
    }
}

fn optimum_name(metadata: &Metadata) -> &'static str {
    if metadata.shape().levels() > 2 {
        "f_1^*"
    } else {
        "f^*"
    }
}

/// A power of ten in markup.
fn brief_power(value: f64) -> String {
    format!("10^{{{:.0}}}", value.log10()).replace('-', "−")
}

/// The zone below the optimum. With two levels a point lies there only with a value gap; with more, a level in between
/// may be unsolved instead.
fn zone<'a>(metadata: &Metadata, floor: f64, optimum: f64) -> Layer<'a> {
    let is_two = metadata.shape().levels() == 2;
    Layer::Zone {
        x: [if is_two { floor } else { 0.0 }, f64::INFINITY],
        y: [f64::NEG_INFINITY, optimum],
        label: format!(
            "below the optimum ${} = {}$ only because {} is not optimal",
            optimum_name(metadata),
            brief(optimum, 3),
            if is_two {
                "the follower"
            } else {
                "a lower level"
            }
        ),
    }
}

fn vertical(heights: Extent, optimum: Option<f64>) -> [f64; 2] {
    let [low, high] = AxisScale::Linear.drawable([heights.least, heights.greatest]);
    let height = high - low;
    let bottom = match optimum {
        Some(optimum) => (low - MARGIN * height).min(optimum - BELOW * height),
        None => low - MARGIN * height,
    };
    [bottom, high + MARGIN * height]
}

/// The position of a row: its gap and f.
fn place(trace: &Trace, row: usize, inside: &impl Fn(f64) -> f64) -> Option<[f64; 2]> {
    let gap = *trace.gap.values().get(row)?;
    let f = *trace.objectives[0].values().get(row)?;
    (gap.is_finite() && f.is_finite()).then(|| [inside(gap), f])
}

fn trail(path: &RunPath<'_>, inside: &impl Fn(f64) -> f64, theme: Theme) -> Option<Trail> {
    let until = path.trace.row_at(path.until)?;
    let judged = path.trace.gap.len();
    let first = path.first_row();
    let rows = Trail::rows(judged, until, path.most).into_iter();
    let known = rows.filter(|row| first <= *row);
    let known = known.filter_map(|row| Some((row, place(path.trace, row, inside)?)));
    let (rows, points) = known.unzip();
    Some(Trail {
        tag: path.tag,
        rows,
        points,
        shares: Vec::new(),
        until,
        style: path.tag.look.style(theme),
        opacity: if path.is_stale { 0.3 } else { 1.0 },
        is_thin: false,
    })
}

/// Marks at the starts of runs, each position once.
fn starts<'a>(paths: &[&RunPath<'_>], inside: &impl Fn(f64) -> f64) -> Vec<Layer<'a>> {
    let mut places: Vec<[f64; 2]> = Vec::new();
    for path in paths.iter().filter(|path| !path.is_stale) {
        if let Some(at) = place(path.trace, 0, inside)
            && !places.contains(&at)
        {
            places.push(at);
        }
    }
    start_marks(places.into_iter(), None)
}

/// The run's marker at the playhead, or at the last row that the referee has evaluated.
fn head<'a>(path: &RunPath<'_>, inside: &impl Fn(f64) -> f64, theme: Theme) -> Option<Layer<'a>> {
    let row = path.trace.row_at(path.until)?;
    let judged = row.min(path.trace.gap.len().checked_sub(1)?);
    let at = place(path.trace, judged, inside)?;
    (!path.is_stale).then(|| Layer::Mark {
        at,
        symbol: path.marker(judged == row && path.is_over(), theme),
        label: path.name.to_owned(),
    })
}

fn comparison<'a>(
    subject: FeasibilityData<'a>,
    paths: &[&RunPath<'a>],
    theme: Theme,
) -> Figure<'a> {
    let metadata = subject.metadata;
    let fresh: Vec<&RunPath<'a>> = paths.iter().copied().filter(|it| !it.is_stale).collect();
    let mut heights = Extent::default();
    for path in sound(&fresh) {
        heights.join(path.trace.true_suboptimality.extent());
        if path.trace.true_suboptimality.extent().least.is_finite() {
            heights.join(path.trace.suboptimality.extent());
        }
    }
    let mut layers = Vec::new();
    if let Some(words) = empty(metadata, &fresh) {
        layers.push(Layer::Note(words.to_owned()));
    } else {
        if metadata.optimum().is_some() {
            heights.include(0.0);
            layers.push(Layer::Rule {
                at: 0.0,
                label: String::new(),
            });
        }
        layers.extend(fresh.iter().map(|path| difference(path, theme)));
        layers.extend(fresh.iter().map(|path| reported(path, theme)));
        let mut named = None;
        for path in &fresh {
            let is_first = named.replace(path.tag.slot) != Some(path.tag.slot);
            let method = subject.methods.get(path.tag.slot).filter(|_| is_first);
            let label = method.map_or("", |method| &method.label);
            layers.push(Layer::Line(truth(path, label, theme)));
        }
    }
    let name = metadata.objective(1);
    let [low, high] = AxisScale::Linear.drawable([heights.least, heights.greatest]);
    let margin = MARGIN * (high - low);
    let above = if metadata.optimum().is_some() {
        format!(", above ${}$", optimum_name(metadata))
    } else {
        String::new()
    };
    Figure {
        title: format!("Reported ${name}$ (thin) and true $φ${above}"),
        subtitle: "both at the same $x$; filled: the difference".to_owned(),
        x: Axis::new(
            RunCost::Iterations.label().to_owned(),
            AxisScale::Log,
            [1.0, subject.iterations.max(2) as f64],
        ),
        y: Axis::new(
            String::new(),
            AxisScale::Linear,
            [low - margin, high + margin],
        ),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// A line of φ at the iterates of a run, in its style.
fn truth<'a>(path: &RunPath<'a>, label: &str, theme: Theme) -> Line<'a> {
    Line {
        slot: path.tag.slot,
        tag: Some(path.tag),
        source: Some(LineSource {
            edition: path.trace.edition(),
            cost: RunCost::Iterations,
            measure: Some(Measure::TrueSuboptimality),
        }),
        x: Cow::Borrowed(&path.trace.iterations),
        y: Cow::Borrowed(&path.trace.true_suboptimality),
        from: path.first_row(),
        until: path.trace.row_at(path.until).unwrap_or(0),
        style: path.tag.look.style(theme),
        opacity: 1.0,
        has_diverged: false,
        label: label.to_owned(),
    }
}

/// A thin line of the f that a run reports.
fn reported<'a>(path: &RunPath<'_>, theme: Theme) -> Layer<'a> {
    let until = path.trace.row_at(path.until).unwrap_or(0);
    let rows = Trail::rows(path.trace.len(), until, path.most);
    let values = path.trace.suboptimality.values();
    let first = path.first_row();
    let known = rows
        .into_iter()
        .filter(|row| first <= *row && values[*row].is_finite())
        .map(|row| (row, [path.trace.iterations[row], values[row]]));
    let (rows, points) = known.unzip();
    Layer::Trail(Trail {
        tag: path.tag,
        rows,
        points,
        shares: Vec::new(),
        until,
        style: path.tag.look.style(theme),
        opacity: 1.0,
        is_thin: true,
    })
}

/// The area between the reported and the true objective, up to the playhead.
fn difference<'a>(path: &RunPath<'_>, theme: Theme) -> Layer<'a> {
    let trace = path.trace;
    let truth = trace.true_suboptimality.values();
    let until = trace.row_at(path.until).unwrap_or(0);
    let last = until.min(truth.len().saturating_sub(1));
    let mut rows: Vec<usize> = (0..=COMPARED)
        .map(|step| (last as f64).powf(step as f64 / COMPARED as f64).round() as usize)
        .chain([last])
        .filter(|&row| row <= last && truth.get(row).is_some_and(|value| value.is_finite()))
        .collect();
    rows.dedup();
    let mut band = AreaBand {
        x: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
        style: path.tag.look.style(theme),
    };
    for row in rows {
        let reported = trace.suboptimality.values()[row];
        band.x.push(trace.iterations[row]);
        band.low.push(reported.min(truth[row]));
        band.high.push(reported.max(truth[row]));
    }
    Layer::Band(band)
}
