//! The atlas: the outcome of every method from every start, as one map per method in common colours.

use std::sync::Arc;

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, Metadata};
use bilevel::run::Weights;
use bilevel::study::{OutcomeCounts, Reaction, Share, StartGrid, SurveyOutcome, Verdict};

use super::ends::{OutcomeColours, OutcomeStyle, UNKNOWN, cost_shades};
use super::landscape::{Backdrop, RunPath, head, nameless, optima, path_layer, start_marks};
use super::method_map::MethodMap;
use super::reduced::reduced;
use crate::messages;
use crate::{
    Axis, AxisScale, Colour, Figure, Foot, Layer, LegendEntry, Patch, RichText, Swatch, Theme,
    fixed, significant,
};

/// The legend of the maps: all known minima, and every other outcome of some run. With `is_short`, minima of one
/// variable are named by their position.
pub fn atlas_legend(
    ends: &OutcomeColours,
    metadata: &Metadata,
    maps: &[&MethodMap],
    is_short: bool,
    theme: Theme,
) -> Vec<LegendEntry> {
    let variable = metadata.variable(Coordinate { level: 1, index: 0 });
    let mut key: Vec<LegendEntry> = ends
        .targets
        .iter()
        .zip(&ends.hues)
        .enumerate()
        .map(|(place, (target, &colour))| {
            let number = |value: f64| fixed(value, 3);
            let at = match target.x.as_deref() {
                Some([x]) => format!(", ${variable} = {}$", number(*x)),
                _ => String::new(),
            };
            let name = ends.name(place + 1);
            let label = match target.x.as_deref() {
                Some([x]) if is_short && !target.is_global => {
                    format!("${variable} = {}$", fixed(*x, 2))
                }
                Some([x]) if is_short => format!("{name}, ${variable} = {}$", fixed(*x, 2)),
                _ if is_short => name,
                _ => format!("{name}{at}, $φ = {}$", number(target.value)),
            };
            LegendEntry {
                looks: Swatch::Area(Patch {
                    colour,
                    hatch: None,
                }),
                label,
            }
        })
        .collect();
    let has = |verdict: Verdict| maps.iter().any(|map| map.tally.count(verdict) > 0);
    let mut add = |patch, label: &str| {
        key.push(LegendEntry {
            looks: Swatch::Area(patch),
            label: label.to_owned(),
        });
    };
    let nameless = maps.iter().any(|map| map.has_nameless);
    if nameless {
        let colour = Colour::hex(UNKNOWN);
        add(
            Patch {
                colour,
                hatch: None,
            },
            "another minimum",
        );
    }
    let looks = OutcomeStyle::of(theme);
    if has(Verdict::Spurious) {
        let colour = ends.hues.first().copied().unwrap_or(Colour::hex(UNKNOWN));
        let words = if is_short {
            "non-stationary point"
        } else {
            "converged to a non-stationary point (spurious in files); hue of the nearest minimum"
        };
        add(looks.spurious(colour), words);
    }
    if has(Verdict::Saddle) {
        add(looks.saddle(), "saddle or maximum of $φ$");
    }
    if has(Verdict::Moving) {
        add(looks.moving(), "not converged");
    }
    if has(Verdict::Unknown) {
        add(looks.unknown(), "not known");
    }
    let words = match [Verdict::Diverged, Verdict::Failed].map(has) {
        [true, true] => Some("diverged or failed"),
        [true, false] => Some("diverged"),
        [false, true] => Some("failed"),
        [false, false] => None,
    };
    if let Some(words) = words {
        add(looks.diverged(), words);
    }
    key
}

/// Subject of the maps.
#[derive(Clone, Copy, Debug)]
pub struct AtlasData<'a> {
    /// The problem.
    pub metadata: &'a Metadata,
    /// The starts.
    pub grid: &'a StartGrid,
    /// The lower-level solution, drawn over the maps, and the reduced objective, drawn beneath a strip of starts.
    pub reaction: &'a Reaction,
    /// The highlighted start.
    pub pointed: Option<usize>,
    /// The starts of the experiment.
    pub starts: &'a [Point],
}

/// A method with its map.
#[derive(Clone, Copy, Debug)]
pub struct AtlasMap<'a> {
    /// The slot in the experiment.
    pub slot: usize,
    /// The name.
    pub name: &'a str,
    /// The map; `None` before there is one.
    pub map: Option<&'a MethodMap>,
}

/// The share of runs that reach a global minimum, in words, with its 95 % interval.
pub fn words(tally: &OutcomeCounts) -> String {
    if tally.total() == 0 {
        return "no result yet".to_owned();
    }
    let Share { share, low, high } = tally.share(Verdict::Global);
    let percent = |share: f64, digits| fixed(100.0 * share, digits);
    // an interval is written no finer than it is wide
    let digits = usize::from(high - low < 0.02);
    format!(
        "**{} %** ({}–{})",
        percent(share, 1),
        percent(low, digits),
        percent(high, digits)
    )
}

/// The legend entries for the depth of colours, with the range of costs, and for the numbers beside names.
pub fn depth_entries(costs: [f64; 2], theme: Theme) -> [LegendEntry; 2] {
    let [low, high] = costs.map(|cost| significant(cost, 2));
    let depth = format!("${low}$ to ${high}$ weighted calls until convergence");
    let beside =
        "beside names: share of starts that reach a global minimum, with its 95 % interval";
    [
        LegendEntry {
            looks: Swatch::Shades(cost_shades(theme)),
            label: depth,
        },
        LegendEntry {
            looks: Swatch::None,
            label: beside.to_owned(),
        },
    ]
}

/// A map per method; for starts along one axis, also the reduced objective beneath them on the same axis.
pub fn atlas<'a>(
    subject: AtlasData<'_>,
    entries: &[AtlasMap<'_>],
    paths: &[RunPath<'a>],
    theme: Theme,
) -> Vec<Figure<'a>> {
    let is_strip = subject.grid.axes().len() == 1;
    let mut figures: Vec<Figure<'a>> = entries
        .iter()
        .map(|entry| map_of(subject, entry, paths, theme))
        .collect();
    if is_strip {
        for figure in &mut figures {
            // the curve beneath has the axis, and a strip is its own bar of shares
            figure.x.label.clear();
            figure.x.is_bare = true;
            figure.foot = None;
        }
        let backdrop = Backdrop {
            reduced: Arc::clone(&subject.reaction.reduced),
            reaction: subject.reaction.clone(),
            ..Backdrop::default()
        };
        let range = figures.first().map_or([0.0, 1.0], |figure| figure.x.range);
        figures.extend(reduced(subject.metadata, &backdrop, range, &[], theme));
    }
    figures
}

fn map_of<'a>(
    subject: AtlasData<'_>,
    entry: &AtlasMap<'_>,
    paths: &[RunPath<'a>],
    theme: Theme,
) -> Figure<'a> {
    let AtlasData { metadata, grid, .. } = subject;
    let ranges = [0, 1].map(|axis| match grid.ranges().get(axis) {
        Some([low, high]) => {
            let half = 0.5 * (high - low) / (grid.side() - 1) as f64;
            [low - half, high + half]
        }
        None => [0.0, 1.0],
    });
    let mut layers = Vec::new();
    match entry.map {
        Some(map) => layers.push(Layer::Cells(Arc::clone(&map.cells))),
        None => layers.push(Layer::Note("computing".to_owned())),
    }
    if let &[horizontal, vertical] = grid.axes() {
        let axes = [horizontal, vertical];
        if !subject.reaction.track.is_empty() {
            layers.push(Layer::Track(Arc::clone(&subject.reaction.track)));
        }
        let own = paths.iter().filter(|path| path.tag.slot == entry.slot);
        let own: Vec<_> = own.filter(|path| !path.is_stale).collect();
        layers.extend(
            own.iter()
                .map(|path| path_layer(path, metadata.shape(), axes, theme)),
        );
        layers.extend(optima(metadata, axes).into_iter().map(nameless));
        let starts = subject.starts.iter();
        let places = starts.map(|start| axes.map(|axis| start[axis.level][axis.index]));
        layers.extend(start_marks(places, None).into_iter().map(nameless));
        let heads = own.iter().filter_map(|path| head(path, axes, theme));
        layers.extend(heads.map(nameless));
    }
    layers.extend(subject.pointed.map(|cell| frame(grid, cell)));
    let axis = |place: usize| {
        let label = grid
            .axes()
            .get(place)
            .map(|axis| start_name(metadata, *axis));
        Axis {
            is_bare: label.is_none(),
            label: label.unwrap_or_default(),
            scale: AxisScale::Linear,
            range: ranges[place],
            has_gutter: false,
            ticks: Vec::new(),
        }
    };
    let nothing = OutcomeCounts::default();
    let tally = entry.map.map_or(&nothing, |map| &map.tally);
    Figure {
        title: format!("**{}**", entry.name),
        subtitle: words(tally),
        x: axis(0),
        y: axis(1),
        is_equal: false,
        has_axes: true,
        layers,
        foot: entry.map.map(|map| Foot::Shares(map.shares.clone())),
    }
}

/// The name of a variable at the start, with the index 0.
pub fn start_name(metadata: &Metadata, axis: Coordinate) -> String {
    let symbol = metadata.symbols[axis.level - 1];
    if metadata.shape().size(axis.level) == 1 {
        format!("${symbol}_0$")
    } else {
        format!("${symbol}_{{{},0}}$", axis.index + 1)
    }
}

/// A frame around the cell of a start.
fn frame(grid: &StartGrid, cell: usize) -> Layer<'static> {
    let values = grid.values(cell);
    let sides = [0, 1].map(|axis| match (values.get(axis), grid.ranges().get(axis)) {
        (Some(value), Some([low, high])) => {
            let half = 0.5 * (high - low) / (grid.side() - 1) as f64;
            [value - half, value + half]
        }
        _ => [0.0, 1.0],
    });
    Layer::Frame(sides)
}

/// The outcome of a start, as pairs of a name and a value.
pub fn outcome_rows(
    ends: &OutcomeColours,
    cell: &SurveyOutcome,
    weights: &Weights,
) -> Vec<(&'static str, String)> {
    let number = |value: f64| format!("${}$", significant(value, 4));
    let mut lines = vec![("verdict", cell.verdict.plain_word().to_owned())];
    if cell.end[0].is_finite() {
        let end = cell.end.iter().filter(|value| !value.is_nan());
        let end: Vec<String> = end.map(|&value| significant(value, 4)).collect();
        lines.push(("end", format!("({})", end.join(", "))));
    }
    if let Some(index) = cell.index.or(cell.nearest) {
        let what = if cell.index.is_some() {
            "reached"
        } else {
            "nearest"
        };
        lines.push((what, ends.name(usize::from(index))));
    }
    if cell.phi.is_finite() {
        lines.push(("$φ$", number(cell.phi)));
    }
    lines.push(("iterations", cell.k.to_string()));
    lines.push(("weighted cost", number(cell.cost(weights))));
    lines
}

/// The number of finished runs out of all, in words.
pub fn progress([done, total]: [usize; 2]) -> String {
    let plain = |markup: String| RichText::parse(&format!("${markup}$")).plain();
    let [done, total] = [done, total].map(|count| plain(fixed(count as f64, 0)));
    messages::runs_done(&done, &total)
}
