//! The landscape: contours of an objective over a plane, the follower's answer, and the ways of the runs.

use std::sync::Arc;

use bilevel::numerics::{Point, Shape};
use bilevel::problem::{Coordinate, Facts, Mark, Plane};
use bilevel::run::{Status, Trace};
use bilevel::study::{End, Grid, Pieces, Reaction, Verdict};

use super::contour::{contour, levels};
use crate::{Axis, Contour, Figure, Layer, Manner, Path, RunTag, Scale, Symbol, Theme, slot_style};

/// How many contour levels are drawn.
const LEVELS: usize = 15;
/// Every so many of them is stronger.
const MAIN: usize = 4;

/// What lies under the runs, made once for a plane and a range.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// Contours of the objective.
    pub contours: Arc<Vec<Contour>>,
    /// The reaction curve's branches; empty where the plane has none.
    pub track: Pieces,
    /// The reduced objective over the horizontal axis, as pieces; empty where that axis is not the leader's only variable.
    pub reduced: Pieces,
    /// What lies beside both: other branches, jumps, minima; empty where it was not asked for.
    pub reaction: Reaction,
}

impl Ground {
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
pub struct Walk<'a> {
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
    pub end: Option<&'a End>,
}

/// In place of a level, the reduced objective.
pub const REDUCED: usize = 0;

/// What the landscape of an objective shows.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The problem.
    pub facts: &'a Facts,
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
    subject: Subject<'_>,
    ground: &Ground,
    range: [[f64; 2]; 2],
    walks: &[Walk<'a>],
    theme: Theme,
) -> Figure<'a> {
    let Subject { facts, plane, .. } = subject;
    let shape = facts.shape();
    let axes = [plane.horizontal, plane.vertical];
    let mut layers: Vec<Layer<'a>> = vec![Layer::Contours(Arc::clone(&ground.contours))];
    layers.push(Layer::Limits(
        axes.map(|axis| facts.bounds.limits(axis.level)[axis.index]),
    ));
    layers.extend(marks(plane));
    layers.extend(branches(&ground.reaction));
    if !ground.track.is_empty() {
        let label = reaction_name(facts, plane);
        let is_crowded = has_branches(&ground.reaction);
        if is_crowded && let Some(curve) = longest(&ground.track) {
            // at its ends there are jumps and the edges of the box
            let end = curve.len() / 8;
            layers.push(Layer::Name {
                curve: curve[end..curve.len() - end].to_vec(),
                label: label.clone(),
            });
        }
        layers.push(Layer::Track {
            branches: Arc::clone(&ground.track),
            label: if is_crowded { String::new() } else { label },
        });
        layers.push(Layer::Dots(Arc::clone(&ground.reaction.folds)));
        layers.push(Layer::Jumps(Arc::clone(&ground.reaction.jumps)));
    }
    // older ways lie under those that replace them
    let mut sorted: Vec<&Walk<'a>> = walks.iter().collect();
    sorted.sort_by_key(|walk| !walk.is_stale);
    layers.extend(sorted.iter().map(|walk| path(walk, shape, axes, theme)));
    layers.extend(optima(facts, axes));
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
    let fresh = sorted.iter().filter(|walk| !walk.is_stale);
    layers.extend(named_once(
        fresh.filter_map(|walk| head(walk, axes, theme)).collect(),
        range,
    ));
    Figure {
        title: "**Landscape**".to_owned(),
        subtitle: subtitle(&subject) + &legend(facts, &ground.reaction, range),
        x: axis(facts, axes[0], range[0]),
        y: axis(facts, axes[1], range[1]),
        is_equal: axes[0].level == axes[1].level,
        has_axes: true,
        layers,
        foot: None,
    }
}

fn axis(facts: &Facts, coordinate: Coordinate, range: [f64; 2]) -> Axis {
    Axis {
        label: format!("${}$", facts.variable(coordinate)),
        scale: Scale::Linear,
        range,
        has_gutter: false,
        is_bare: false,
    }
}

/// What is drawn, and where the coordinates that are not shown are held.
fn subtitle(subject: &Subject<'_>) -> String {
    let Subject {
        facts,
        plane,
        level,
        base,
        ..
    } = subject;
    if *level == REDUCED {
        return "contours of $φ$: everyone beneath the leader has answered".to_owned();
    }
    let name = facts.objective(*level);
    let hidden: Vec<Coordinate> = facts
        .coordinates()
        .into_iter()
        .filter(|coordinate| ![plane.horizontal, plane.vertical].contains(coordinate))
        .collect();
    match hidden[..] {
        [] => format!("contours of ${name}$"),
        [one] => format!(
            "contours of ${name}\\,$ where ${} = {}$",
            facts.variable(one),
            crate::brief(base[one.level][one.index], 3)
        ),
        _ if plane.horizontal.level == 2
            && plane.vertical.level == 2
            && facts.shape().levels() == 2 =>
        {
            format!("contours of ${name}\\,$ in the follower's plane")
        }
        _ => format!("contours of ${name}$, the other variables held"),
    }
}

/// The branches beside the answer, thin.
fn branches<'a>(reaction: &Reaction) -> impl Iterator<Item = Layer<'a>> {
    let curves = [
        (&reaction.maxima, Manner::Dotted),
        (&reaction.local, Manner::Dashed),
        (&reaction.tied, Manner::Solid),
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
fn legend(facts: &Facts, reaction: &Reaction, range: [[f64; 2]; 2]) -> String {
    let is_inside = |point: &[f64; 2]| {
        let axes = point.iter().zip(range);
        axes.into_iter()
            .all(|(value, [low, high])| low <= *value && *value <= high)
    };
    let is_seen = |curves: &Pieces| curves.iter().flatten().any(is_inside);
    let name = facts.objective(facts.shape().levels());
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

fn reaction_name(facts: &Facts, plane: &Plane) -> String {
    let axes = [plane.horizontal, plane.vertical];
    let (Some(upper), Some(lower)) = (
        axes.iter().find(|axis| axis.level == 1),
        axes.iter().find(|axis| axis.level != 1),
    ) else {
        return String::new();
    };
    let lower = facts.variable(*lower);
    let starred = match lower.split_once('_') {
        Some((symbol, index)) => format!("{symbol}^*_{index}"),
        None => format!("{lower}^*"),
    };
    format!("${starred}({})$", facts.variable(*upper))
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

pub(crate) fn optima<'a>(facts: &Facts, axes: [Coordinate; 2]) -> impl Iterator<Item = Layer<'a>> {
    facts.minima.iter().filter_map(move |minimum| {
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

pub(crate) fn path<'a>(
    walk: &Walk<'a>,
    shape: Shape,
    axes: [Coordinate; 2],
    theme: Theme,
) -> Layer<'a> {
    Layer::Path(Path {
        tag: walk.tag,
        most: walk.most,
        values: walk.trace.all_values(),
        stride: shape.total(),
        columns: axes.map(|axis| shape.range(axis.level).start + axis.index),
        heights: None,
        until: walk.trace.row_at(walk.until).unwrap_or(0),
        style: slot_style(walk.tag.slot, theme),
        opacity: if walk.is_stale { 0.3 } else { 1.0 },
    })
}

/// The run's marker where the playhead stands; a cross once it has ended in trouble.
pub(crate) fn head<'a>(walk: &Walk<'_>, axes: [Coordinate; 2], theme: Theme) -> Option<Layer<'a>> {
    let point = walk.trace.point(walk.trace.row_at(walk.until)?)?;
    let is_over = walk.trace.last_iteration() <= Some(walk.until);
    let style = slot_style(walk.tag.slot, theme);
    Some(Layer::Mark {
        at: axes.map(|axis| point[axis.level][axis.index]),
        symbol: if is_over && walk.status.is_trouble() {
            Symbol::Ended(style)
        } else {
            Symbol::Method(style)
        },
        // minima bear marks of their own
        label: walk
            .end
            .filter(|end| is_over && is_no_minimum(end.verdict))
            .map_or_else(String::new, End::name),
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
