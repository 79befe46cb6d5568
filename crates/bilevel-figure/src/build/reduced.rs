//! The reduced objective φ(x) = f(x, y*(x)), drawn beneath a landscape on the same horizontal axis, with a marker per
//! run at its own f.

use std::sync::Arc;

use bilevel::problem::{Coordinate, Metadata};
use bilevel::referee::ReducedCurve;
use bilevel::run::Extent;
use bilevel::study::Reaction;

use super::landscape::{Backdrop, RunPath};
use crate::messages;
use crate::{Axis, Figure, Layer, LinePattern, Symbol, Theme};

/// The leader's only variable.
const X: Coordinate = Coordinate { level: 1, index: 0 };

/// The least height of a jump, as a share of the picture; a lower one is a kink.
const SEEN: f64 = 1e-3;

/// The reduced objective over a range of the leader's only variable; `None` if the backdrop has none.
pub fn reduced<'a>(
    metadata: &Metadata,
    backdrop: &Backdrop,
    range: [f64; 2],
    paths: &[RunPath<'a>],
    theme: Theme,
) -> Option<Figure<'a>> {
    if backdrop.reduced.is_empty() {
        return None;
    }
    let reaction = &backdrop.reaction;
    let nothing = ReducedCurve::default();
    let curve = reaction.reduced_curve.as_ref().unwrap_or(&nothing);
    let mut extent = Extent::default();
    let curves = backdrop.reduced.iter().chain(&*reaction.pessimistic);
    let alone = dots(curve);
    for [x, value] in curves.flatten().chain(&*alone) {
        if range[0] <= *x && *x <= range[1] {
            extent.include(*value);
        }
    }
    let height = (extent.greatest - extent.least).max(1e-9);
    let margin = 0.12 * height;
    let mut layers = vec![Layer::Track(Arc::clone(&backdrop.reduced))];
    if !reaction.pessimistic.is_empty() {
        layers.push(Layer::Threads {
            curves: Arc::clone(&reaction.pessimistic),
            manner: LinePattern::Dotted,
        });
    }
    layers.push(Layer::Jumps(Arc::new(jumps(curve, height))));
    layers.push(Layer::Dots(alone));
    let has_rings = metadata.minima.is_empty() && has_minimum(curve, range);
    if metadata.minima.is_empty() {
        layers.extend(found(curve));
    } else {
        layers.extend(minima(metadata));
    }
    let fresh = paths.iter().filter(|path| !path.is_stale);
    layers.extend(fresh.filter_map(|path| {
        let row = path.trace.row_at(path.until)?;
        let x = path.trace.values(row)?[0];
        let f = *path.trace.objectives[0].values().get(row)?;
        Some(Layer::Mark {
            at: [x, f],
            symbol: path.marker(path.is_over(), theme),
            label: path.name.to_owned(),
        })
    }));
    let variable = metadata.variable(X);
    Some(Figure {
        title: "Reduced objective $φ$".to_owned(),
        subtitle: words(metadata, &variable, reaction, has_rings),
        x: Axis::linear(format!("${variable}$"), range),
        y: Axis::linear(
            String::new(),
            [extent.least - margin, extent.greatest + margin],
        ),
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    })
}

/// The empty axes of a reduced objective that is known nowhere in a range.
pub fn unknown_reduced<'a>(metadata: &Metadata, range: [f64; 2]) -> Figure<'a> {
    let variable = metadata.variable(X);
    Figure {
        title: "Reduced objective $φ$".to_owned(),
        subtitle: String::new(),
        x: Axis::linear(format!("${variable}$"), range),
        y: Axis::linear(String::new(), [0.0, 1.0]),
        is_equal: false,
        has_axes: false,
        layers: vec![Layer::Note(messages::no_lower_solution().to_owned())],
        foot: None,
    }
}

/// The meaning of curves and marks, in words; `has_rings` is true if a minimum found by search is drawn.
fn words(metadata: &Metadata, variable: &str, reaction: &Reaction, has_rings: bool) -> String {
    let (name, who) = if metadata.shape().levels() > 2 {
        ("f_1", "all lower levels")
    } else {
        ("f", "the follower")
    };
    let rest = if reaction.pessimistic.is_empty() {
        format!("markers at the reported ${name}$")
    } else {
        "worst of tied solutions dotted".to_owned()
    };
    let mut words = format!("$φ({variable}) = {name}$ with {who} solved; {rest}");
    if has_rings {
        words += "; rings: minima found by search";
    }
    words
}

/// Both ends of each jump of φ; a kink, at which only the solution jumps, has none.
fn jumps(curve: &ReducedCurve, height: f64) -> Vec<[[f64; 2]; 2]> {
    let jumps = curve.jumps.iter();
    let high = jumps.filter(|jump| (jump.values[0] - jump.values[1]).abs() > SEEN * height);
    high.map(|jump| jump.values.map(|value| [jump.x, value]))
        .collect()
}

/// Isolated values of φ at jumps, below both sides.
fn dots(curve: &ReducedCurve) -> Arc<Vec<[f64; 2]>> {
    let jumps = curve.jumps.iter();
    let alone = jumps.filter(|jump| {
        let least = jump.values[0].min(jump.values[1]);
        jump.value < least - SEEN * (1.0 + least.abs())
    });
    Arc::new(alone.map(|jump| [jump.x, jump.value]).collect())
}

/// True if a minimum found by search is within a range.
fn has_minimum(curve: &ReducedCurve, [low, high]: [f64; 2]) -> bool {
    let mut minima = curve.minima.iter();
    minima.any(|minimum| low <= minimum.x && minimum.x <= high)
}

/// Marks of the minima found by search, if the problem knows none.
fn found<'a>(curve: &ReducedCurve) -> impl Iterator<Item = Layer<'a>> {
    curve.minima.iter().map(|minimum| Layer::Mark {
        at: [minimum.x, minimum.value],
        symbol: Symbol::Minimum,
        label: String::new(),
    })
}

/// Marks of the known minima, numbered from the left if there are several; stars for global ones.
fn minima<'a>(metadata: &Metadata) -> Vec<Layer<'a>> {
    let mut known: Vec<(f64, f64, bool)> = metadata
        .minima
        .iter()
        .filter_map(|minimum| Some((minimum.coordinate(X)?, minimum.value, minimum.is_global)))
        .collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    // minima that differ only in the lower-level solution are one here
    known.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
    let is_alone = known.len() == 1;
    known
        .into_iter()
        .enumerate()
        .map(|(number, (x, value, is_global))| Layer::Mark {
            at: [x, value],
            symbol: if is_global {
                Symbol::Star
            } else {
                Symbol::Minimum
            },
            label: if is_alone {
                String::new()
            } else {
                (number + 1).to_string()
            },
        })
        .collect()
}
