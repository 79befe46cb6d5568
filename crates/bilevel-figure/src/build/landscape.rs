//! The landscape: contours of an objective over a plane, the reaction curve, and the paths of the runs.

use std::sync::Arc;

use bilevel::numerics::{Point, Shape};
use bilevel::problem::{Coordinate, Mark, Metadata, Minimum, Plane};
use bilevel::run::{Status, Trace};
use bilevel::study::{Grid, Outcome, Pieces, Reaction};

use crate::{Axis, Figure, Layer, LinePattern, Path, Relief, RunTag, Symbol, Theme, WeightTable};

/// Picture beneath the runs, computed once for a plane and a range.
#[derive(Clone, Debug, Default)]
pub struct Backdrop {
    /// Relief of the objective.
    pub relief: Arc<Relief>,
    /// The branches of the reaction curve; empty if the plane has none.
    pub track: Pieces,
    /// The reduced objective over the horizontal axis, as pieces; empty if that axis is not the leader's only variable.
    pub reduced: Pieces,
    /// Other branches, jumps and minima; empty if not requested.
    pub reaction: Reaction,
    /// The number of samples of the reaction; 0 where nobody keeps count.
    pub samples: usize,
}

impl Backdrop {
    /// The backdrop of a sampled objective, a reaction curve, and the reduced objective.
    pub fn new(grid: &Grid, track: Vec<Vec<[f64; 2]>>, reduced: Vec<Vec<[f64; 2]>>) -> Self {
        let reaction = Reaction {
            track: Arc::new(track),
            reduced: Arc::new(reduced),
            ..Reaction::default()
        };
        Self::answered(grid, reaction)
    }

    /// The backdrop of a sampled objective and the lower-level solution with its branches.
    pub fn answered(grid: &Grid, reaction: Reaction) -> Self {
        Self {
            relief: Arc::new(Relief::new(grid)),
            track: Arc::clone(&reaction.track),
            reduced: Arc::clone(&reaction.reduced),
            reaction,
            samples: 0,
        }
    }
}

/// A run as drawn in a landscape.
#[derive(Clone, Copy, Debug)]
pub struct RunPath<'a> {
    /// The record.
    pub trace: &'a Trace,
    /// The status.
    pub status: &'a Status,
    /// The tag of the run.
    pub tag: RunTag,
    /// The iteration at which it leaves the path of a run that is drawn too; `None` for a path of its own.
    pub leaves: Option<u64>,
    /// The iteration up to which it is drawn in full.
    pub until: u64,
    /// True if it is from before the last edit.
    pub is_stale: bool,
    /// About the number of points sampled after the beginning; `None` for all.
    pub most: Option<usize>,
    /// The outcome, as far as it is known.
    pub end: Option<&'a Outcome>,
    /// The row in which it crosses the finish line of the race.
    pub finish: Option<usize>,
    /// The method's name.
    pub name: &'a str,
}

impl RunPath<'_> {
    /// The first row that is drawn.
    pub(crate) fn first_row(&self) -> usize {
        let row = self
            .leaves
            .and_then(|iteration| self.trace.row_at(iteration));
        row.unwrap_or(0)
    }

    /// True if the run has ended by the iteration up to which it is drawn in full.
    pub(crate) fn is_over(&self) -> bool {
        self.trace.last_iteration() <= Some(self.until)
    }

    /// The marker of the run at the iteration: a cross once it has failed.
    pub(crate) fn marker(&self, is_over: bool, theme: Theme) -> Symbol {
        let style = self.tag.look.style(theme);
        if is_over && self.status.is_failure() {
            Symbol::Ended(style)
        } else {
            Symbol::Method(style)
        }
    }
}

/// The number of the reduced objective, in place of a level.
pub const REDUCED: usize = 0;

/// Subject of a landscape.
#[derive(Clone, Copy, Debug)]
pub struct LandscapeData<'a> {
    /// The problem.
    pub metadata: &'a Metadata,
    /// The plane.
    pub plane: &'a Plane,
    /// The level whose objective is drawn; [`REDUCED`] for the reduced objective.
    pub level: usize,
    /// The values of the other coordinates.
    pub base: &'a Point,
    /// The starts.
    pub starts: &'a [Point],
    /// The start that is emphasized among several, counted from 0.
    pub chosen: Option<usize>,
}

pub(crate) fn nameless(layer: Layer<'_>) -> Layer<'_> {
    match layer {
        Layer::Mark { at, symbol, .. } => Layer::Mark {
            at,
            symbol,
            label: String::new(),
        },
        other => other,
    }
}

/// The marks of starts at their positions in a picture. One of several is emphasized if it is the `chosen` one.
pub(crate) fn start_marks<'a>(
    places: impl ExactSizeIterator<Item = [f64; 2]>,
    chosen: Option<usize>,
) -> Vec<Layer<'a>> {
    let count = places.len();
    let is_main = |number: usize| count == 1 || chosen == Some(number);
    let label = |number: usize| match (count, chosen) {
        (1, _) => "start".to_owned(),
        (_, Some(_)) if is_main(number) => format!("start {}", number + 1),
        (_, None) if number == 0 => "starts".to_owned(),
        _ => String::new(),
    };
    let mark = |(number, at): (usize, [f64; 2])| Layer::Mark {
        at,
        symbol: if is_main(number) {
            Symbol::Start
        } else {
            Symbol::OtherStart
        },
        label: label(number),
    };
    let mut marks: Vec<Layer<'a>> = places.enumerate().map(mark).collect();
    // the emphasized one lies over the others
    marks.sort_by_key(|layer| {
        matches!(
            layer,
            Layer::Mark {
                symbol: Symbol::Start,
                ..
            }
        )
    });
    marks
}

/// The landscape of a subject over a range, with the paths of runs.
pub fn landscape<'a>(
    subject: LandscapeData<'_>,
    backdrop: &Backdrop,
    range: [[f64; 2]; 2],
    paths: &[RunPath<'a>],
    theme: Theme,
) -> Figure<'a> {
    let LandscapeData {
        metadata, plane, ..
    } = subject;
    let shape = metadata.shape();
    let axes = [plane.horizontal, plane.vertical];
    let mut layers: Vec<Layer<'a>> = vec![Layer::Relief(Arc::clone(&backdrop.relief))];
    layers.push(Layer::Limits(
        axes.map(|axis| metadata.bounds.limits(axis.level)[axis.index]),
    ));
    layers.push(Layer::ReliefScale(Arc::clone(&backdrop.relief)));
    layers.extend(marks(plane));
    layers.extend(branches(&backdrop.reaction));
    if !backdrop.track.is_empty() {
        if let Some(curve) = longest(&backdrop.track) {
            // the ends are near jumps and the edges of the box
            let end = curve.len() / 8;
            layers.push(Layer::Name {
                curve: curve[end..curve.len() - end].to_vec(),
                label: reaction_name(metadata, plane),
            });
        }
        layers.push(Layer::Track(Arc::clone(&backdrop.track)));
        layers.push(Layer::Dots(Arc::clone(&backdrop.reaction.folds)));
        layers.push(Layer::Jumps(Arc::clone(&backdrop.reaction.jumps)));
    }
    // older paths lie under those that replace them
    let mut sorted: Vec<&RunPath<'a>> = paths.iter().collect();
    sorted.sort_by_key(|path| !path.is_stale);
    layers.extend(weights(plane, &sorted, theme));
    layers.extend(
        sorted
            .iter()
            .map(|path| path_layer(path, shape, axes, theme)),
    );
    layers.extend(optima(metadata, axes));
    let starts = subject.starts.iter();
    let places = starts.map(|start| axes.map(|axis| start[axis.level][axis.index]));
    layers.extend(start_marks(places, subject.chosen));
    let fresh = sorted.iter().filter(|path| !path.is_stale);
    layers.extend(fresh.filter_map(|path| head(path, axes, theme)));
    Figure {
        title: "**Landscape**".to_owned(),
        subtitle: subtitle(&subject) + &legend(metadata, &backdrop.reaction, range),
        x: axis(metadata, axes[0], range[0]),
        y: axis(metadata, axes[1], range[1]),
        is_equal: axes[0].level == axes[1].level,
        has_axes: true,
        layers,
        foot: None,
    }
}

fn axis(metadata: &Metadata, coordinate: Coordinate, range: [f64; 2]) -> Axis {
    Axis::linear(format!("${}$", metadata.variable(coordinate)), range)
}

/// The drawn objective in words, with the values of hidden coordinates.
fn subtitle(subject: &LandscapeData<'_>) -> String {
    let LandscapeData {
        metadata,
        plane,
        level,
        base,
        ..
    } = subject;
    if *level == REDUCED {
        return "contours of $φ$: all lower levels are solved".to_owned();
    }
    let name = metadata.objective(*level);
    let hidden: Vec<Coordinate> = metadata
        .coordinates()
        .into_iter()
        .filter(|coordinate| ![plane.horizontal, plane.vertical].contains(coordinate))
        .collect();
    match hidden[..] {
        [] => format!("contours of ${name}$"),
        [one] => format!(
            "contours of ${name}\\,$ where ${} = {}$",
            metadata.variable(one),
            crate::brief(base[one.level][one.index], 3)
        ),
        _ if plane.horizontal.level == 2
            && plane.vertical.level == 2
            && metadata.shape().levels() == 2 =>
        {
            format!("contours of ${name}\\,$ in the follower's plane")
        }
        _ => format!("contours of ${name}$, the other variables fixed"),
    }
}

/// Thin curves of the branches beside the solution.
fn branches<'a>(reaction: &Reaction) -> impl Iterator<Item = Layer<'a>> {
    let curves = [
        (&reaction.maxima, LinePattern::Dotted),
        (&reaction.local, LinePattern::Dashed),
        (&reaction.tied, LinePattern::Solid),
    ];
    let present = curves.into_iter().filter(|(curves, _)| !curves.is_empty());
    present.map(|(curves, manner)| Layer::Threads {
        curves: Arc::clone(curves),
        manner,
    })
}

/// The piece with the greatest horizontal extent.
fn longest(pieces: &[Vec<[f64; 2]>]) -> Option<&Vec<[f64; 2]>> {
    let width = |piece: &[[f64; 2]]| match piece {
        [first, .., last] => (last[0] - first[0]).abs(),
        _ => 0.0,
    };
    pieces.iter().max_by(|a, b| width(a).total_cmp(&width(b)))
}

/// The meaning of the visible thin curves, in words.
fn legend(metadata: &Metadata, reaction: &Reaction, range: [[f64; 2]; 2]) -> String {
    let is_inside = |point: &[f64; 2]| {
        let axes = point.iter().zip(range);
        axes.into_iter()
            .all(|(value, [low, high])| low <= *value && *value <= high)
    };
    let is_seen = |curves: &Pieces| curves.iter().flatten().any(is_inside);
    let name = metadata.objective(metadata.shape().levels());
    let mut words = Vec::new();
    if is_seen(&reaction.tied) {
        words.push("tied solutions thin".to_owned());
    }
    if is_seen(&reaction.local) {
        words.push(format!("other minima of ${name}$ dashed"));
    }
    if is_seen(&reaction.maxima) {
        let is_said = is_seen(&reaction.local);
        let of = if is_said {
            String::new()
        } else {
            format!(" of ${name}$")
        };
        words.push(format!("maxima{of} dotted"));
    }
    if words.is_empty() {
        return String::new();
    }
    format!("; {}", words.join(", "))
}

fn reaction_name(metadata: &Metadata, plane: &Plane) -> String {
    let axes = [plane.horizontal, plane.vertical];
    let (Some(upper), Some(lower)) = (
        axes.iter().find(|axis| axis.level == 1),
        axes.iter().find(|axis| axis.level != 1),
    ) else {
        return String::new();
    };
    let lower = metadata.variable(*lower);
    let starred = match lower.split_once('_') {
        Some((symbol, index)) => format!("{symbol}^*_{index}"),
        None => format!("{lower}^*"),
    };
    format!("${starred}({})$", metadata.variable(*upper))
}

fn marks<'a>(plane: &Plane) -> impl Iterator<Item = Layer<'a>> {
    plane.marks.iter().filter_map(|mark| match mark {
        Mark::Area(corners) => Some(Layer::Area(corners.clone())),
        Mark::Point { at, name } => Some(Layer::Mark {
            at: *at,
            symbol: Symbol::Dot,
            label: format!("${name}$"),
        }),
        Mark::Goal { at, name } => Some(Layer::Mark {
            at: *at,
            symbol: Symbol::Goal,
            label: format!("goal ${name}$"),
        }),
        Mark::Weights { .. } => None,
    })
}

/// The most local minima that have their names in full; more have numbers only.
const NAMED_MINIMA: usize = 4;

/// Marks of the known minima, each with its name. With one leader's variable local ones have the numbers of the curve of φ.
pub(crate) fn optima<'a>(metadata: &Metadata, axes: [Coordinate; 2]) -> Vec<Layer<'a>> {
    let places = places(metadata);
    let local = metadata.minima.iter().filter(|it| !it.is_global).count();
    let name = |minimum: &Minimum| {
        if minimum.is_global {
            return "optimum".to_owned();
        }
        let x = minimum.coordinate(LEADER);
        let number = x.and_then(|x| places.iter().position(|place| *place == x));
        match number {
            Some(place) if local <= NAMED_MINIMA => format!("local minimum {}", place + 1),
            Some(place) => (place + 1).to_string(),
            None if local <= NAMED_MINIMA => "local minimum".to_owned(),
            None => String::new(),
        }
    };
    let minima = metadata.minima.iter().filter_map(|minimum| {
        let at = [minimum.coordinate(axes[0])?, minimum.coordinate(axes[1])?];
        let symbol = if minimum.is_global {
            Symbol::Star
        } else {
            Symbol::Minimum
        };
        Some(Layer::Mark {
            at,
            symbol,
            label: name(minimum),
        })
    });
    minima.collect()
}

/// The leader's first variable.
const LEADER: Coordinate = Coordinate { level: 1, index: 0 };

/// The different values of the leader's only variable at the minima, increasing; empty if it has several variables.
fn places(metadata: &Metadata) -> Vec<f64> {
    if metadata.shape().size(1) > 1 {
        return Vec::new();
    }
    let known = metadata.minima.iter();
    let mut places: Vec<f64> = known.filter_map(|it| it.coordinate(LEADER)).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    places
}

/// The weights that the leaders of the runs stand for, as a table in a corner of the plot.
fn weights<'a>(
    plane: &Plane,
    sorted: &[&RunPath<'a>],
    theme: Theme,
) -> impl Iterator<Item = Layer<'a>> {
    plane.marks.iter().filter_map(move |mark| {
        let Mark::Weights {
            name,
            columns,
            weights,
        } = mark
        else {
            return None;
        };
        // the first run of each method: a row for each start would cover the picture
        let fresh = sorted.iter().filter(|it| !it.is_stale && it.tag.run == 0);
        let rows = fresh.filter_map(|path| {
            let point = path.trace.point(path.trace.row_at(path.until)?)?;
            Some((path.tag.look.style(theme), weights(&point[1])))
        });
        Some(Layer::Weights(WeightTable {
            title: format!("${name}$"),
            columns: columns.iter().map(|name| format!("${name}$")).collect(),
            rows: rows.collect(),
        }))
    })
}

pub(crate) fn path_layer<'a>(
    path: &RunPath<'a>,
    shape: Shape,
    axes: [Coordinate; 2],
    theme: Theme,
) -> Layer<'a> {
    Layer::Path(Path {
        tag: path.tag,
        most: path.most,
        values: path.trace.all_values(),
        stride: shape.total(),
        columns: axes.map(|axis| shape.range(axis.level).start + axis.index),
        heights: None,
        from: path.first_row(),
        until: path.trace.row_at(path.until).unwrap_or(0),
        style: path.tag.look.style(theme),
        opacity: if path.is_stale { 0.3 } else { 1.0 },
    })
}

/// The run's marker at the playhead.
pub(crate) fn head<'a>(
    path: &RunPath<'_>,
    axes: [Coordinate; 2],
    theme: Theme,
) -> Option<Layer<'a>> {
    let point = path.trace.point(path.trace.row_at(path.until)?)?;
    Some(Layer::Mark {
        at: axes.map(|axis| point[axis.level][axis.index]),
        symbol: path.marker(path.is_over(), theme),
        label: path.name.to_owned(),
    })
}
