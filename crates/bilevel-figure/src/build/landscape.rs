//! The landscape: contours of an objective over a plane, the follower's answer, and the ways of the runs.

use std::sync::Arc;

use bilevel::numerics::{Point, Shape};
use bilevel::problem::{Coordinate, Mark, Metadata, Plane};
use bilevel::run::{Status, Trace};
use bilevel::study::{Grid, Outcome, Pieces, Reaction, Verdict};

use super::contour::{contour, levels};
use crate::{
    Axis, AxisScale, Contour, Figure, Layer, LinePattern, Path, RunTag, Symbol, Theme, slot_style,
};

/// How many contour levels are drawn.
const LEVELS: usize = 15;
/// Every so many of them is stronger.
const MAIN: usize = 4;

/// What lies under the runs, made once for a plane and a range.
#[derive(Clone, Debug, Default)]
pub struct Backdrop {
    /// Contours of the objective.
    pub contours: Arc<Vec<Contour>>,
    /// The reaction curve's branches; empty where the plane has none.
    pub track: Pieces,
    /// The reduced objective over the horizontal axis, as pieces; empty where that axis is not the leader's only variable.
    pub reduced: Pieces,
    /// What lies beside both: other branches, jumps, minima; empty where it was not asked for.
    pub reaction: Reaction,
}

impl Backdrop {
    /// The contours of a sampled objective, a reaction curve, and the reduced objective.
    pub fn new(grid: &Grid, track: Vec<Vec<[f64; 2]>>, reduced: Vec<Vec<[f64; 2]>>) -> Self {
        let reaction = Reaction {
            track: Arc::new(track),
            reduced: Arc::new(reduced),
            ..Reaction::default()
        };
        Self::answered(grid, reaction)
    }

    /// The contours of a sampled objective, and the follower's answer with all that lies beside it.
    pub fn answered(grid: &Grid, reaction: Reaction) -> Self {
        let mut contours = Vec::new();
        for (number, level) in levels(grid, LEVELS).into_iter().enumerate() {
            contours.extend(contour(grid, level).into_iter().map(|points| Contour {
                points,
                is_main: number % MAIN == MAIN - 1,
            }));
        }
        Self {
            contours: Arc::new(contours),
            track: Arc::clone(&reaction.track),
            reduced: Arc::clone(&reaction.reduced),
            reaction,
        }
    }
}

/// A run as the landscape shows it.
#[derive(Clone, Copy, Debug)]
pub struct RunPath<'a> {
    /// Its record.
    pub trace: &'a Trace,
    /// Where it stands.
    pub status: &'a Status,
    /// Which run it is.
    pub tag: RunTag,
    /// The iteration up to which it is drawn in full.
    pub until: u64,
    /// Whether it is from before the last edit.
    pub is_stale: bool,
    /// About how many of its points are looked at; `None` for all.
    pub most: Option<usize>,
    /// What its end is, as far as that is known.
    pub end: Option<&'a Outcome>,
}

/// In place of a level, the reduced objective.
pub const REDUCED: usize = 0;

/// What the landscape of an objective shows.
#[derive(Clone, Copy, Debug)]
pub struct LandscapeData<'a> {
    /// The problem.
    pub metadata: &'a Metadata,
    /// The plane.
    pub plane: &'a Plane,
    /// The level whose objective is drawn; [`REDUCED`] for the reduced objective.
    pub level: usize,
    /// Where the other coordinates are held.
    pub base: &'a Point,
    /// The starts.
    pub starts: &'a [Point],
}

/// The landscape of a subject over a range, with runs on it.
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
    let mut layers: Vec<Layer<'a>> = vec![Layer::Contours(Arc::clone(&backdrop.contours))];
    layers.push(Layer::Limits(
        axes.map(|axis| metadata.bounds.limits(axis.level)[axis.index]),
    ));
    layers.extend(marks(plane));
    layers.extend(branches(&backdrop.reaction));
    if !backdrop.track.is_empty() {
        let label = reaction_name(metadata, plane);
        let is_crowded = has_branches(&backdrop.reaction);
        if is_crowded && let Some(curve) = longest(&backdrop.track) {
            // at its ends there are jumps and the edges of the box
            let end = curve.len() / 8;
            layers.push(Layer::Name {
                curve: curve[end..curve.len() - end].to_vec(),
                label: label.clone(),
            });
        }
        layers.push(Layer::Track {
            branches: Arc::clone(&backdrop.track),
            label: if is_crowded { String::new() } else { label },
        });
        layers.push(Layer::Dots(Arc::clone(&backdrop.reaction.folds)));
        layers.push(Layer::Jumps(Arc::clone(&backdrop.reaction.jumps)));
    }
    // older ways lie under those that replace them
    let mut sorted: Vec<&RunPath<'a>> = paths.iter().collect();
    sorted.sort_by_key(|path| !path.is_stale);
    layers.extend(
        sorted
            .iter()
            .map(|path| path_layer(path, shape, axes, theme)),
    );
    layers.extend(optima(metadata, axes));
    for (number, start) in subject.starts.iter().enumerate() {
        layers.push(Layer::Mark {
            at: axes.map(|axis| start[axis.level][axis.index]),
            symbol: Symbol::Start,
            label: if number == 0 {
                "start".to_owned()
            } else {
                String::new()
            },
        });
    }
    let fresh = sorted.iter().filter(|path| !path.is_stale);
    layers.extend(named_once(
        fresh.filter_map(|path| head(path, axes, theme)).collect(),
        range,
    ));
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
    Axis {
        label: format!("${}$", metadata.variable(coordinate)),
        scale: AxisScale::Linear,
        range,
        has_gutter: false,
        is_bare: false,
    }
}

/// What is drawn, and where the coordinates that are not shown are held.
fn subtitle(subject: &LandscapeData<'_>) -> String {
    let LandscapeData {
        metadata,
        plane,
        level,
        base,
        ..
    } = subject;
    if *level == REDUCED {
        return "contours of $φ$: everyone beneath the leader has answered".to_owned();
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
        _ => format!("contours of ${name}$, the other variables held"),
    }
}

/// The branches beside the answer, thin.
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

/// Whether the answer shares the picture with other branches.
fn has_branches(reaction: &Reaction) -> bool {
    !reaction.maxima.is_empty() || !reaction.jumps.is_empty()
}

/// The piece that spans most of the horizontal axis.
fn longest(pieces: &[Vec<[f64; 2]>]) -> Option<&Vec<[f64; 2]>> {
    let width = |piece: &[[f64; 2]]| match piece {
        [first, .., last] => (last[0] - first[0]).abs(),
        _ => 0.0,
    };
    pieces.iter().max_by(|a, b| width(a).total_cmp(&width(b)))
}

/// What thin curves are, for those that can be seen.
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
        words.push("equal answers thin".to_owned());
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
    plane.marks.iter().map(|mark| match mark {
        Mark::Area(corners) => Layer::Area(corners.clone()),
        Mark::Point { at, name } => Layer::Mark {
            at: *at,
            symbol: Symbol::Dot,
            label: format!("${name}$"),
        },
        Mark::Goal { at, name } => Layer::Mark {
            at: *at,
            symbol: Symbol::Goal,
            label: format!("goal ${name}$"),
        },
    })
}

pub(crate) fn optima<'a>(
    metadata: &Metadata,
    axes: [Coordinate; 2],
) -> impl Iterator<Item = Layer<'a>> {
    metadata.minima.iter().filter_map(move |minimum| {
        let at = [minimum.coordinate(axes[0])?, minimum.coordinate(axes[1])?];
        let (symbol, label) = if minimum.is_global {
            (Symbol::Star, "optimum")
        } else {
            (Symbol::Minimum, "")
        };
        Some(Layer::Mark {
            at,
            symbol,
            label: label.to_owned(),
        })
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
        until: path.trace.row_at(path.until).unwrap_or(0),
        style: slot_style(path.tag.slot, theme),
        opacity: if path.is_stale { 0.3 } else { 1.0 },
    })
}

/// The run's marker where the playhead stands; a cross once it has ended in trouble.
pub(crate) fn head<'a>(
    path: &RunPath<'_>,
    axes: [Coordinate; 2],
    theme: Theme,
) -> Option<Layer<'a>> {
    let point = path.trace.point(path.trace.row_at(path.until)?)?;
    let is_over = path.trace.last_iteration() <= Some(path.until);
    let style = slot_style(path.tag.slot, theme);
    Some(Layer::Mark {
        at: axes.map(|axis| point[axis.level][axis.index]),
        symbol: if is_over && path.status.is_failure() {
            Symbol::Ended(style)
        } else {
            Symbol::Method(style)
        },
        // minima bear marks of their own
        label: path
            .end
            .filter(|end| is_over && is_no_minimum(end.verdict))
            .map_or_else(String::new, Outcome::name),
    })
}

/// Ends that are called the same share a name where they share a place.
fn named_once(mut heads: Vec<Layer<'_>>, range: [[f64; 2]; 2]) -> Vec<Layer<'_>> {
    let mut named: Vec<([f64; 2], String)> = Vec::new();
    for head in &mut heads {
        let Layer::Mark { at, label, .. } = head else {
            continue;
        };
        let is_near = |other: &[f64; 2]| {
            let along = |axis: usize| (other[axis] - at[axis]) / (range[axis][1] - range[axis][0]);
            along(0).hypot(along(1)) < SHARED
        };
        if named
            .iter()
            .any(|(place, name)| name == label && is_near(place))
        {
            label.clear();
        } else if !label.is_empty() {
            named.push((*at, label.clone()));
        }
    }
    heads
}

/// Within this share of the picture two ends are at one place.
const SHARED: f64 = 0.08;

fn is_no_minimum(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Spurious | Verdict::Saddle | Verdict::Boundary | Verdict::Jump
    )
}
