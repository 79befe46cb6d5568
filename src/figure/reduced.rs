//! The reduced objective φ(x) = f(x, y*(x)), to be shown beneath a landscape on the same axis: the landscape along the track
//! that the follower defines, with a marker per run at its own f.

use std::sync::Arc;

use super::landscape::{Ground, Walk};
use super::model::{Axis, Figure, Layer, Symbol};
use super::palette::{Theme, slot_style};
use super::scale::Scale;
use crate::problem::{Coordinate, Facts};
use crate::run::Extent;

/// The leader's only variable.
const X: Coordinate = Coordinate { level: 1, index: 0 };

/// The reduced objective over a range of the leader's only variable; `None` where the ground has none.
pub fn reduced<'a>(
    facts: &Facts,
    ground: &Ground,
    range: [f64; 2],
    walks: &[Walk<'a>],
    theme: Theme,
) -> Option<Figure<'a>> {
    if ground.reduced.is_empty() {
        return None;
    }
    let mut extent = Extent::default();
    for [x, value] in ground.reduced.iter().flatten() {
        if range[0] <= *x && *x <= range[1] {
            extent.include(*value);
        }
    }
    let margin = 0.12 * (extent.greatest - extent.least).max(1e-9);
    let mut layers = vec![Layer::Track {
        branches: Arc::clone(&ground.reduced),
        label: String::new(),
    }];
    layers.extend(minima(facts));
    let fresh = walks.iter().filter(|walk| !walk.is_stale);
    layers.extend(fresh.filter_map(|walk| {
        let row = walk.trace.row_at(walk.until)?;
        let x = walk.trace.values(row)?[0];
        let f = *walk.trace.objectives[0].values().get(row)?;
        Some(Layer::Mark {
            at: [x, f],
            symbol: Symbol::Method(slot_style(walk.tag.slot, theme)),
            label: String::new(),
        })
    }));
    let variable = facts.variable(X);
    Some(Figure {
        title: "Reduced objective $φ$".to_owned(),
        subtitle: if facts.shape().levels() > 2 {
            format!(
                "$φ({variable}) = f_1$ once all below have answered; markers at their own $f_1$"
            )
        } else {
            format!("$φ({variable}) = f$ once the follower has answered; markers at their own $f$")
        },
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
            range: [extent.least - margin, extent.greatest + margin],
            has_gutter: false,
            is_bare: false,
        },
        is_equal: false,
        layers,
        foot: None,
    })
}

/// The known minima, numbered from the left where there are several; a star for the global ones.
fn minima<'a>(facts: &Facts) -> Vec<Layer<'a>> {
    let mut known: Vec<(f64, f64, bool)> = facts
        .minima
        .iter()
        .filter_map(|minimum| Some((minimum.coordinate(X)?, minimum.value, minimum.is_global)))
        .collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
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
