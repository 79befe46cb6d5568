//! The levels side by side: each level's objective along its own variable, the true answer on it, where each method stands, and
//! beneath it what each method has spent on that level.
//!
//! The first column is the reduced objective with the ways of the runs. In each later column, the solid curve foresees what
//! deeper levels do and the dashed one does not; all are drawn at the answers to one decision of the leader.

use std::sync::Arc;

use bilevel::numerics::Point;
use bilevel::problem::{Call, Coordinate, Facts};
use bilevel::run::{Extent, Trace};
use bilevel::study::{Cut, Unfinished};

use super::landscape::Walk;
use super::level_curves::Curves;
use crate::{
    Axis, Figure, Foot, FootRow, FootTable, Layer, Path, RunTag, Scale, Symbol, Theme, significant,
    slot_style,
};

/// What is left free above and below a curve, as a share of its height.
const MARGIN: f64 = 0.1;
/// The most that is shown of what runs believe beneath the leader's curve, in heights of the curve.
const BENEATH: f64 = 0.4;
/// A mark beyond the picture stands so far inside of its edge, as a share of the range.
const INSET: f64 = 0.045;
/// With more levels than this, columns are too narrow for the numbers beside their axes and the names of their curves.
const WIDE: usize = 4;

/// A run as the columns show it.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// The run.
    pub walk: Walk<'a>,
    /// What it has left unfinished, if that is known.
    pub unfinished: Option<Unfinished>,
    /// Whether it has a row in the table beneath.
    pub has_row: bool,
}

/// What the columns show.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The problem.
    pub facts: &'a Facts,
    /// Along what each level is looked at, level 1 first.
    pub cuts: &'a [Cut],
    /// The curves of each level, as far as they are there.
    pub curves: &'a [Curves],
    /// The starts.
    pub starts: &'a [Point],
    /// The run whose decision the levels answer to.
    pub current: Option<RunTag>,
}

/// A column for each level, level 1 first.
pub fn nested<'a>(
    subject: Subject<'_>,
    standings: &[Standing<'a>],
    theme: Theme,
) -> Vec<Figure<'a>> {
    let most = standings
        .iter()
        .flat_map(|it| (1..=subject.cuts.len()).map(|level| calls(&it.walk, level)))
        .fold(10.0, f64::max);
    subject
        .cuts
        .iter()
        .map(|cut| column(subject, *cut, standings, most, theme))
        .collect()
}

fn column<'a>(
    subject: Subject<'_>,
    Cut { along, range }: Cut,
    standings: &[Standing<'a>],
    most: f64,
    theme: Theme,
) -> Figure<'a> {
    let facts = subject.facts;
    let level = along.level;
    let levels = subject.cuts.len();
    let none = Curves::default();
    let curves = subject.curves.get(level - 1).unwrap_or(&none);
    let is_wide = levels <= WIDE;
    let variable = facts.variable(along);
    let heights = vertical(curves, along.level, range, standings);
    Figure {
        title: format!("**Level {level}**"),
        subtitle: subtitle(facts, level),
        x: Axis {
            label: format!("${variable}$"),
            scale: Scale::Linear,
            range,
            has_gutter: false,
            is_bare: false,
        },
        y: Axis {
            label: String::new(),
            scale: Scale::Linear,
            range: heights,
            has_gutter: false,
            is_bare: !is_wide,
        },
        is_equal: false,
        has_axes: true,
        layers: layers(subject, along, [range, heights], standings, theme),
        foot: foot(facts, along.level, standings, most, theme),
    }
}

/// What a column shows, from back to front.
fn layers<'a>(
    subject: Subject<'_>,
    along: Coordinate,
    ranges: [[f64; 2]; 2],
    standings: &[Standing<'a>],
    theme: Theme,
) -> Vec<Layer<'a>> {
    let facts = subject.facts;
    let (level, levels) = (along.level, subject.cuts.len());
    let none = Curves::default();
    let curves = subject.curves.get(level - 1).unwrap_or(&none);
    let is_wide = levels <= WIDE;
    let is_last = level == levels;
    let variable = facts.variable(along);
    let mut layers = Vec::new();
    let limit = facts.bounds.limits(level)[along.index];
    layers.push(Layer::Limits([limit, [f64::NEG_INFINITY, f64::INFINITY]]));
    if curves.is_empty() {
        layers.push(Layer::Note("no answer yet".to_owned()));
    }
    if !is_last {
        layers.push(Layer::Guide(curves.held.clone()));
    }
    layers.push(Layer::Track {
        branches: Arc::clone(&curves.reduced),
        label: String::new(),
    });
    if is_wide {
        let longest = curves.reduced.iter().max_by_key(|piece| piece.len());
        layers.push(Layer::Name {
            curve: longest.cloned().unwrap_or_default(),
            label: format!("${}$", reduced_name(facts, level)),
        });
        if !is_last {
            layers.push(Layer::Name {
                curve: curves.held.clone(),
                label: format!("${}$ held", facts.objective(level)),
            });
        }
    }
    // what lies beyond the picture stands at its edge
    let inside = |[x, y]: [f64; 2]| {
        let clamp = |value: f64, [low, high]: [f64; 2]| {
            let inset = INSET * (high - low);
            value.max(low + inset).min(high - inset)
        };
        [clamp(x, ranges[0]), clamp(y, ranges[1])]
    };
    if level == 1 {
        layers.extend(ways(facts, along, standings, theme));
        layers.extend(minima(facts, along));
    }
    layers.extend(starts(subject, along, curves).map(|at| Layer::Mark {
        at: inside(at),
        symbol: Symbol::Start,
        label: String::new(),
    }));
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
    let cut = Cut {
        along,
        range: ranges[0],
    };
    layers.extend(markers(cut, subject.current, standings, inside, theme));
    layers
}

/// The reduced objective of a level: φ for the leader, and nothing but the objective itself for the last one.
fn reduced_name(facts: &Facts, level: usize) -> String {
    if level == 1 {
        "φ".to_owned()
    } else if level == facts.shape().levels() {
        facts.objective(level)
    } else {
        format!("F_{level}")
    }
}

/// A variable's answer, as maths.
fn starred(variable: &str) -> String {
    match variable.split_once('_') {
        Some((symbol, index)) => format!("{symbol}^*_{index}"),
        None => format!("{variable}^*"),
    }
}

/// Who decides there, in a few words.
fn subtitle(facts: &Facts, level: usize) -> String {
    let levels = facts.shape().levels();
    match level {
        1 => "the leader".to_owned(),
        _ if levels == 2 => "the follower".to_owned(),
        _ if level == levels => "the last to answer".to_owned(),
        _ => format!("foresees level {}", level + 1),
    }
}

/// The vertical range: that of the solid curve within the picture, and for the leader some of what runs believe beneath it.
fn vertical(
    curves: &Curves,
    level: usize,
    range: [f64; 2],
    standings: &[Standing<'_>],
) -> [f64; 2] {
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
        let runs = standings.iter().filter(|it| !it.walk.is_stale);
        let believed = runs.map(|it| it.walk.trace.objectives[0].extent().least);
        low = believed.fold(low, f64::min).max(low - BENEATH * height);
    }
    [low - MARGIN * height, extent.greatest + MARGIN * height]
}

/// The ways of the runs over the leader's variable, at their own f.
fn ways<'a>(
    facts: &Facts,
    along: Coordinate,
    standings: &[Standing<'a>],
    theme: Theme,
) -> Vec<Layer<'a>> {
    let shape = facts.shape();
    let column = shape.range(1).start + along.index;
    let mut walks: Vec<&Walk<'a>> = standings.iter().map(|it| &it.walk).collect();
    // older ways lie under those that replace them
    walks.sort_by_key(|walk| !walk.is_stale);
    let kept = walks
        .into_iter()
        .filter(|walk| walk.trace.kept() == bilevel::run::Points::All);
    kept.map(|walk| {
        Layer::Path(Path {
            tag: walk.tag,
            most: walk.most,
            values: walk.trace.all_values(),
            stride: shape.total(),
            columns: [column; 2],
            heights: Some(&walk.trace.objectives[0]),
            until: walk.trace.row_at(walk.until).unwrap_or(0),
            style: slot_style(walk.tag.slot, theme),
            opacity: if walk.is_stale { 0.3 } else { 1.0 },
        })
    })
    .collect()
}

fn minima<'a>(facts: &Facts, along: Coordinate) -> impl Iterator<Item = Layer<'a>> {
    facts.minima.iter().filter_map(move |minimum| {
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

/// Where the starts are on a level's curve.
fn starts(
    subject: Subject<'_>,
    along: Coordinate,
    curves: &Curves,
) -> impl Iterator<Item = [f64; 2]> {
    let starts = subject.starts.iter();
    starts.filter_map(move |start| {
        let x = start[along.level][along.index];
        Some([x, curves.height(x)?])
    })
}

/// Where the runs stand, at their own objective, each tied to the true answer to its own leader; the run that the levels answer
/// to lies on top.
fn markers<'a>(
    Cut { along, range }: Cut,
    current: Option<RunTag>,
    standings: &[Standing<'a>],
    inside: impl Fn([f64; 2]) -> [f64; 2],
    theme: Theme,
) -> Vec<Layer<'a>> {
    let fresh = standings.iter().filter(|it| !it.walk.is_stale);
    let mut sorted: Vec<&Standing<'a>> = fresh.collect();
    sorted.sort_by_key(|it| Some(it.walk.tag) == current);
    let mut layers = Vec::new();
    for Standing {
        walk, unfinished, ..
    } in sorted
    {
        let Some(at) = place(walk, along) else {
            continue;
        };
        let style = slot_style(walk.tag.slot, theme);
        if let Some(unfinished) = unfinished {
            let x = unfinished.answered[along.level][along.index];
            let ends = [at, [x, unfinished.values[along.level - 1]]];
            // a line to somewhere beyond the picture would point nowhere
            if ends.iter().all(|[x, _]| range[0] <= *x && *x <= range[1]) {
                let ends = ends.map(&inside);
                layers.push(Layer::Tie { ends, style });
            }
        }
        let is_over = walk.trace.last_iteration() <= Some(walk.until);
        layers.push(Layer::Mark {
            at: inside(at),
            symbol: if is_over && walk.status.is_trouble() {
                Symbol::Ended(style)
            } else {
                Symbol::Method(style)
            },
            label: String::new(),
        });
    }
    layers
}

/// Where a run stands in a column.
fn place(walk: &Walk<'_>, along: Coordinate) -> Option<[f64; 2]> {
    let row = walk.trace.row_at(walk.until)?;
    let point = walk.trace.point(row)?;
    let value = *walk.trace.objectives[along.level - 1].values().get(row)?;
    let at = [point[along.level][along.index], value];
    at.iter().all(|number| number.is_finite()).then_some(at)
}

/// All calls for a level's objective up to where a run stands.
fn calls(walk: &Walk<'_>, level: usize) -> f64 {
    let Some(row) = walk.trace.row_at(walk.until) else {
        return 0.0;
    };
    let count = |call| walk.trace.count(call, level, row);
    Call::ALL.into_iter().map(count).sum::<u64>() as f64
}

/// What each method has spent on a level, and how far from the answer it is there.
fn foot(
    facts: &Facts,
    level: usize,
    standings: &[Standing<'_>],
    most: f64,
    theme: Theme,
) -> Option<Foot> {
    let rows: Vec<FootRow> = standings
        .iter()
        .filter(|it| it.has_row)
        .map(|it| FootRow {
            style: slot_style(it.walk.tag.slot, theme),
            amount: calls(&it.walk, level),
            number: off(it, level).map_or_else(String::new, |off| {
                if off < 1e-15 {
                    "$0$".to_owned()
                } else {
                    format!("${}$", significant(off, 2))
                }
            }),
        })
        .collect();
    let symbol = facts.symbols[level - 1];
    let bar = if facts.shape().size(level) > 1 {
        '‖'
    } else {
        '|'
    };
    let distance = if level == 1 {
        format!("$|{} − φ|$", facts.objective(1))
    } else {
        format!("${bar}{symbol} − {}{bar}$", starred(symbol))
    };
    let table = FootTable {
        heads: [format!("calls on ${}$", facts.objective(level)), distance],
        most,
        rows,
    };
    (!table.rows.is_empty()).then_some(Foot::Table(table))
}

/// How wrong a run is at a level: by what it believes of its own objective at level 1, elsewhere by its distance from the
/// answer.
fn off(standing: &Standing<'_>, level: usize) -> Option<f64> {
    if level > 1 {
        let unfinished = standing.unfinished.as_ref()?;
        return unfinished.off.get(level - 2).copied();
    }
    let trace: &Trace = standing.walk.trace;
    let row = trace.row_at(standing.walk.until)?;
    let own = trace.suboptimality.values().get(row)?;
    let true_one = trace.true_suboptimality.values().get(row)?;
    Some((own - true_one).abs()).filter(|off| off.is_finite())
}
