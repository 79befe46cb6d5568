//! The levels side by side: each level's objective along its own variable, its true solution, the position of each
//! method, and in a table beneath, the calls that each method has spent on that level.
//!
//! The first column shows the reduced objective with the paths of the runs. In each later column, deeper levels are
//! re-solved along the solid curve and held fixed along the dashed one; all columns are drawn at the solutions for one
//! decision of the leader.

use std::sync::Arc;

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, Metadata, OracleCall};
use bilevel::run::{Extent, Trace};
use bilevel::study::{LevelSlice, Unfinished};
use bilevel_files::FigureRanges;

use super::landscape::{RunPath, nameless, start_marks};
use super::level_curves::Curves;
use crate::{
    Axis, Figure, Foot, FootRow, FootTable, Layer, Path, RunTag, Symbol, Theme, significant,
};

/// The space above and below a curve, as a share of its height.
const MARGIN: f64 = 0.1;
/// The greatest depth shown beneath the leader's curve for the objectives that runs report, in heights of the curve.
const BENEATH: f64 = 0.4;
/// The distance from the edge at which a mark beyond the picture is drawn, as a share of the range.
const INSET: f64 = 0.045;
/// The largest number of levels whose columns are wide enough for names of curves.
const WIDE: usize = 4;

/// A run as drawn in the columns.
#[derive(Clone, Debug)]
pub struct LevelState<'a> {
    /// The run.
    pub path: RunPath<'a>,
    /// The true solutions for its leader and the distances to them, if known.
    pub unfinished: Option<Unfinished>,
    /// True if it has a row in the table beneath.
    pub has_row: bool,
}

/// Subject of the columns.
#[derive(Clone, Copy, Debug)]
pub struct LevelsData<'a> {
    /// The problem.
    pub metadata: &'a Metadata,
    /// The variable and the range of each level's column, level 1 first.
    pub cuts: &'a [LevelSlice],
    /// The curves of each level, as far as they are computed.
    pub curves: &'a [Curves],
    /// The starts.
    pub starts: &'a [Point],
    /// The run for whose leader the levels are solved.
    pub current: Option<RunTag>,
    /// The number of runs that have no row for lack of room.
    pub hidden: usize,
    /// The ranges of columns that do not follow their curves.
    pub seen: &'a [Option<FigureRanges>],
}

/// A column for each level, level 1 first.
pub fn levels<'a>(
    subject: LevelsData<'_>,
    states: &[LevelState<'a>],
    theme: Theme,
) -> Vec<Figure<'a>> {
    let most = states
        .iter()
        .flat_map(|it| (1..=subject.cuts.len()).map(|level| calls(&it.path, level)))
        .fold(10.0, f64::max);
    subject
        .cuts
        .iter()
        .map(|cut| column(subject, *cut, states, most, theme))
        .collect()
}

fn column<'a>(
    subject: LevelsData<'_>,
    LevelSlice { along, range }: LevelSlice,
    states: &[LevelState<'a>],
    most: f64,
    theme: Theme,
) -> Figure<'a> {
    let metadata = subject.metadata;
    let level = along.level;
    let none = Curves::default();
    let curves = subject.curves.get(level - 1).unwrap_or(&none);
    let variable = metadata.variable(along);
    // a mark beyond the picture is drawn at the edge of the range that is seen
    let seen = subject.seen.get(level - 1).copied().flatten();
    let heights = seen.map_or_else(
        || vertical(curves, along.level, range, states),
        |[_, seen]| seen,
    );
    Figure {
        title: format!("**Level {level}**"),
        subtitle: subtitle(metadata, level),
        x: Axis::linear(format!("${variable}$"), range),
        y: Axis::linear(String::new(), heights),
        is_equal: false,
        has_axes: true,
        layers: layers(subject, along, [range, heights], states, theme),
        foot: footer(subject, along.level, states, most, theme),
    }
}

/// The layers of a column, from back to front.
fn layers<'a>(
    subject: LevelsData<'_>,
    along: Coordinate,
    ranges: [[f64; 2]; 2],
    states: &[LevelState<'a>],
    theme: Theme,
) -> Vec<Layer<'a>> {
    let metadata = subject.metadata;
    let (level, levels) = (along.level, subject.cuts.len());
    let none = Curves::default();
    let curves = subject.curves.get(level - 1).unwrap_or(&none);
    let is_wide = levels <= WIDE;
    let is_last = level == levels;
    let variable = metadata.variable(along);
    let mut layers = Vec::new();
    let limit = metadata.bounds.limits(level)[along.index];
    layers.push(Layer::Limits([limit, [f64::NEG_INFINITY, f64::INFINITY]]));
    if curves.is_empty() {
        layers.push(Layer::Note("no solution yet".to_owned()));
    }
    if !is_last {
        layers.push(Layer::Guide(curves.held.clone()));
    }
    layers.push(Layer::Track(Arc::clone(&curves.reduced)));
    if is_wide {
        let longest = curves.reduced.iter().max_by_key(|piece| piece.len());
        layers.push(Layer::Name {
            curve: longest.cloned().unwrap_or_default(),
            label: format!("${}$", reduced_name(metadata, level)),
        });
        if !is_last {
            layers.push(Layer::Name {
                curve: curves.held.clone(),
                label: format!("${}$ fixed", metadata.objective(level)),
            });
        }
    }
    // marks beyond the picture are drawn at its edge
    let inside = |[x, y]: [f64; 2]| {
        let clamp = |value: f64, [low, high]: [f64; 2]| {
            let inset = INSET * (high - low);
            value.max(low + inset).min(high - inset)
        };
        [clamp(x, ranges[0]), clamp(y, ranges[1])]
    };
    if level == 1 {
        layers.extend(ways(metadata, along, states, theme));
        layers.extend(minima(metadata, along));
    }
    let places: Vec<[f64; 2]> = starts(subject, along, curves).map(inside).collect();
    layers.extend(
        start_marks(places.into_iter(), None)
            .into_iter()
            .map(nameless),
    );
    if !curves.is_empty() {
        let at = inside(curves.at);
        layers.push(Layer::Mark {
            at,
            symbol: Symbol::Answer,
            label: String::new(),
        });
        if level > 1 && is_wide {
            layers.push(Layer::Name {
                curve: vec![at],
                label: format!("${}$", starred(&variable)),
            });
        }
    }
    let cut = LevelSlice {
        along,
        range: ranges[0],
    };
    layers.extend(markers(cut, subject.current, states, inside, theme));
    layers
}

/// The name of a level's reduced objective: φ for the leader, the objective itself for the last level.
fn reduced_name(metadata: &Metadata, level: usize) -> String {
    if level == 1 {
        "φ".to_owned()
    } else if level == metadata.shape().levels() {
        metadata.objective(level)
    } else {
        format!("F_{level}")
    }
}

/// The solution for a variable, in markup.
fn starred(variable: &str) -> String {
    match variable.split_once('_') {
        Some((symbol, index)) => format!("{symbol}^*_{index}"),
        None => format!("{variable}^*"),
    }
}

/// The role of a level, in a few words.
fn subtitle(metadata: &Metadata, level: usize) -> String {
    let levels = metadata.shape().levels();
    match level {
        1 => "the leader".to_owned(),
        _ if levels == 2 => "the follower".to_owned(),
        _ if level == levels => "the innermost level".to_owned(),
        _ => format!("anticipates level {}", level + 1),
    }
}

/// The vertical range: that of the solid curve within the picture, and for the leader part of the reported objectives
/// beneath it.
fn vertical(curves: &Curves, level: usize, range: [f64; 2], states: &[LevelState<'_>]) -> [f64; 2] {
    let mut extent = Extent::default();
    for [x, value] in curves.reduced.iter().flatten() {
        if range[0] <= *x && *x <= range[1] {
            extent.include(*value);
        }
    }
    if extent.least > extent.greatest {
        return [0.0, 1.0];
    }
    let height = (extent.greatest - extent.least).max(1e-9);
    let mut low = extent.least;
    if level == 1 {
        let runs = states.iter().filter(|it| !it.path.is_stale);
        let believed = runs.map(|it| it.path.trace.objectives[0].extent().least);
        low = believed.fold(low, f64::min).max(low - BENEATH * height);
    }
    [low - MARGIN * height, extent.greatest + MARGIN * height]
}

/// The paths of the runs over the leader's variable, at their reported f.
fn ways<'a>(
    metadata: &Metadata,
    along: Coordinate,
    states: &[LevelState<'a>],
    theme: Theme,
) -> Vec<Layer<'a>> {
    let shape = metadata.shape();
    let column = shape.range(1).start + along.index;
    let mut paths: Vec<&RunPath<'a>> = states.iter().map(|it| &it.path).collect();
    // older paths lie under those that replace them
    paths.sort_by_key(|path| !path.is_stale);
    let kept = paths
        .into_iter()
        .filter(|path| path.trace.kept() == bilevel::run::Points::All);
    kept.map(|path| {
        Layer::Path(Path {
            tag: path.tag,
            most: path.most,
            values: path.trace.all_values(),
            stride: shape.total(),
            columns: [column; 2],
            heights: Some(&path.trace.objectives[0]),
            from: path.first_row(),
            until: path.trace.row_at(path.until).unwrap_or(0),
            style: path.tag.look.style(theme),
            opacity: if path.is_stale { 0.3 } else { 1.0 },
        })
    })
    .collect()
}

fn minima<'a>(metadata: &Metadata, along: Coordinate) -> impl Iterator<Item = Layer<'a>> {
    metadata.minima.iter().filter_map(move |minimum| {
        Some(Layer::Mark {
            at: [minimum.coordinate(along)?, minimum.value],
            symbol: if minimum.is_global {
                Symbol::Star
            } else {
                Symbol::Minimum
            },
            label: String::new(),
        })
    })
}

/// The positions of the starts on a level's curve.
fn starts(
    subject: LevelsData<'_>,
    along: Coordinate,
    curves: &Curves,
) -> impl Iterator<Item = [f64; 2]> {
    let starts = subject.starts.iter();
    starts.filter_map(move |start| {
        let x = start[along.level][along.index];
        Some([x, curves.height(x)?])
    })
}

/// Markers of the runs at their reported objectives, each tied to the true solution for its own leader; the current run
/// lies on top.
fn markers<'a>(
    LevelSlice { along, range }: LevelSlice,
    current: Option<RunTag>,
    states: &[LevelState<'a>],
    inside: impl Fn([f64; 2]) -> [f64; 2],
    theme: Theme,
) -> Vec<Layer<'a>> {
    let fresh = states.iter().filter(|it| !it.path.is_stale);
    let mut sorted: Vec<&LevelState<'a>> = fresh.collect();
    sorted.sort_by_key(|it| Some(it.path.tag) == current);
    let mut layers = Vec::new();
    for LevelState {
        path, unfinished, ..
    } in sorted
    {
        let Some(at) = place(path, along) else {
            continue;
        };
        let style = path.tag.look.style(theme);
        if let Some(unfinished) = unfinished {
            let x = unfinished.answered[along.level][along.index];
            let ends = [at, [x, unfinished.values[along.level - 1]]];
            // a line to a point beyond the picture would mislead
            if ends.iter().all(|[x, _]| range[0] <= *x && *x <= range[1]) {
                let ends = ends.map(&inside);
                layers.push(Layer::Tie { ends, style });
            }
        }
        layers.push(Layer::Mark {
            at: inside(at),
            symbol: path.marker(path.is_over(), theme),
            label: path.name.to_owned(),
        });
    }
    layers
}

/// The position of a run in a column.
fn place(path: &RunPath<'_>, along: Coordinate) -> Option<[f64; 2]> {
    let row = path.trace.row_at(path.until)?;
    let point = path.trace.point(row)?;
    let value = *path.trace.objectives[along.level - 1].values().get(row)?;
    let at = [point[along.level][along.index], value];
    at.iter().all(|number| number.is_finite()).then_some(at)
}

/// The number of all calls for a level's objective, up to the playhead.
fn calls(path: &RunPath<'_>, level: usize) -> f64 {
    let Some(row) = path.trace.row_at(path.until) else {
        return 0.0;
    };
    let count = |call| path.trace.count(call, level, row);
    OracleCall::ALL.into_iter().map(count).sum::<u64>() as f64
}

/// A table of the calls that each method has spent on a level, and of its error there.
fn footer(
    LevelsData {
        metadata, hidden, ..
    }: LevelsData<'_>,
    level: usize,
    states: &[LevelState<'_>],
    most: f64,
    theme: Theme,
) -> Option<Foot> {
    let rows: Vec<FootRow> = states
        .iter()
        .filter(|it| it.has_row)
        .map(|it| FootRow {
            style: it.path.tag.look.style(theme),
            amount: calls(&it.path, level),
            number: off(it, level).map_or_else(String::new, |off| {
                if off < 1e-15 {
                    "$0$".to_owned()
                } else {
                    format!("${}$", significant(off, 2))
                }
            }),
        })
        .collect();
    let symbol = metadata.symbols[level - 1];
    let bar = if metadata.shape().size(level) > 1 {
        '‖'
    } else {
        '|'
    };
    let distance = if level == 1 {
        format!("$|{} − φ|$", metadata.objective(1))
    } else {
        format!("${bar}{symbol} − {}{bar}$", starred(symbol))
    };
    let table = FootTable {
        heads: [
            format!("calls on ${}$", metadata.objective(level)),
            distance,
        ],
        most,
        rows,
        remark: match hidden {
            0 => String::new(),
            _ => format!("and {hidden} more"),
        },
    };
    (!table.rows.is_empty()).then_some(Foot::Table(table))
}

/// The error of a run at a level: at level 1 that of its reported objective, else the distance to the solution.
fn off(state: &LevelState<'_>, level: usize) -> Option<f64> {
    if level > 1 {
        let unfinished = state.unfinished.as_ref()?;
        return unfinished.off.get(level - 2).copied();
    }
    let trace: &Trace = state.path.trace;
    let row = trace.row_at(state.path.until)?;
    let own = trace.suboptimality.values().get(row)?;
    let true_one = trace.true_suboptimality.values().get(row)?;
    Some((own - true_one).abs()).filter(|off| off.is_finite())
}
