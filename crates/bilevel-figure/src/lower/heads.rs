//! Markers of the runs at the playhead: coincident ones as rings around one of them, names beside them, and the start
//! handles over all.

use std::mem::take;

use super::canvas::{Anchor, Sketch};
use super::clip::draw_arrow;
use super::labels::{
    CurvePiece, area, around, beside, clearance, fits, is_clear, overlap, pieces, places,
};
use super::layers::{circle, draw_mark};
use super::shapes::Rect;
use crate::{Layer, LineStyle, RichText, Symbol};

/// Markers closer than this are drawn as one with rings, in pixels.
const TOGETHER: f32 = 5.0;
/// The radius of a marker with its casing.
const MARKER: f32 = 7.9;
/// The radius of a start handle, and the distance from markers, as a share of their radius, below which they hide it.
const HANDLE: f32 = 5.3;
const HIDDEN: f32 = 0.5;
/// The distance between two rings.
const STEP: f32 = 3.8;
/// The most rings around a marker.
const RINGS: usize = 4;
/// The sign between two names, which may have commas.
const BETWEEN: &str = " · ";
/// The most names in a label.
const NAMES: usize = 4;
/// The most groups of markers that get names; more would cover the picture.
const NAMED: usize = 10;

/// Markers at about the same position; the last one is drawn as it is.
pub(crate) struct Group<'a> {
    at: [f32; 2],
    marks: Vec<([f64; 2], Symbol, &'a str)>,
}

impl Group<'_> {
    /// The position and the radius.
    pub(crate) fn extent(&self) -> ([f32; 2], f32) {
        (self.at, self.radius())
    }

    fn has(&self, (_, symbol, name): &([f64; 2], Symbol, &str)) -> bool {
        let is_same = |mark: &([f64; 2], Symbol, &str)| mark.1 == *symbol && mark.2 == *name;
        self.marks.iter().any(is_same)
    }

    fn radius(&self) -> f32 {
        MARKER + STEP * (self.marks.len() - 1).min(RINGS) as f32
    }

    /// The names of the methods, each once.
    fn label(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (_, _, name) in &self.marks {
            if !name.is_empty() && !names.contains(name) {
                names.push(name);
            }
        }
        match names.len().checked_sub(NAMES) {
            Some(more @ 1..) => format!("{} and {more} more", names[..NAMES].join(BETWEEN)),
            _ => names.join(BETWEEN),
        }
    }
}

/// Draws the markers of methods with their names, and the start handles.
pub(crate) fn draw_heads(sketch: &mut Sketch, groups: &[Group<'_>], layers: &[Layer<'_>]) {
    for group in groups {
        let Some(((at, symbol, _), others)) = group.marks.split_last() else {
            continue;
        };
        for (ring, (_, symbol, _)) in others.iter().rev().take(RINGS).enumerate().rev() {
            if let Symbol::Method(style) | Symbol::Ended(style) = symbol {
                draw_ring(sketch, group.at, MARKER + STEP * ring as f32, *style);
            }
        }
        match symbol {
            Symbol::Ended(style) if !sketch.plot.contains(group.at) => {
                draw_arrow(sketch, group.at, *style);
            }
            _ => draw_mark(sketch, *at, *symbol),
        }
    }
    for layer in layers {
        if let Layer::Mark {
            at,
            symbol: Symbol::Start,
            ..
        } = layer
        {
            draw_start(sketch, *at, groups);
        }
    }
    if groups.len() <= NAMED {
        draw_names(sketch, groups);
    }
}

/// The markers of methods, grouped by position.
pub(crate) fn groups<'a>(sketch: &Sketch, layers: &'a [Layer<'_>]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for layer in layers {
        let Layer::Mark {
            at,
            symbol: symbol @ (Symbol::Method(_) | Symbol::Ended(_)),
            label,
        } = layer
        else {
            continue;
        };
        let Some(pixel) = sketch.pixel(*at) else {
            continue;
        };
        let mark = (*at, *symbol, label.as_str());
        let near = groups
            .iter_mut()
            .find(|group| (group.at[0] - pixel[0]).hypot(group.at[1] - pixel[1]) < TOGETHER);
        match near {
            // several runs of a method are one marker
            Some(group) if group.has(&mark) => {}
            Some(group) => group.marks.push(mark),
            None => groups.push(Group {
                at: pixel,
                marks: vec![mark],
            }),
        }
    }
    groups
}

/// Draws a ring in a method's colour.
fn draw_ring(sketch: &mut Sketch, at: [f32; 2], radius: f32, style: LineStyle) {
    let radius = radius + 0.5 * STEP;
    let edge = style.edge.unwrap_or(style.colour);
    for (width, colour) in [
        (STEP + 1.2, sketch.roles.plot),
        (2.6, edge),
        (1.8, style.colour),
    ] {
        sketch.stroke(circle(at, radius), true, width, colour);
    }
}

/// Draws a start handle again where markers cover it: as a ring around them where they hide it, else as it was.
fn draw_start(sketch: &mut Sketch, at: [f64; 2], groups: &[Group<'_>]) {
    let Some(pixel) = sketch.pixel(at) else {
        return;
    };
    let over = groups.iter().filter_map(|group| {
        let distance = (group.at[0] - pixel[0]).hypot(group.at[1] - pixel[1]);
        let radius = group.radius();
        let is_hidden = distance < HIDDEN * radius;
        let ring = if is_hidden { radius + 1.6 } else { HANDLE };
        (distance < radius + HANDLE).then_some(ring)
    });
    let Some(radius) = over.reduce(f32::max) else {
        return;
    };
    let roles = sketch.roles;
    for (width, colour) in [(4.6, roles.plot), (1.8, roles.text)] {
        sketch.stroke(circle(pixel, radius), true, width, colour);
    }
}

/// Writes the names beside the groups, each where it covers no mark and no label; nowhere if there is no such place.
fn draw_names(sketch: &mut Sketch, groups: &[Group<'_>]) {
    let size = sketch.label_size();
    let rects: Vec<Rect> = groups
        .iter()
        .map(|group| around(group.at, [group.radius(); 2]))
        .collect();
    let (curves, paths) = (take(&mut sketch.curves), take(&mut sketch.paths));
    let of_curves: Vec<CurvePiece<'_>> = curves.iter().flat_map(|curve| pieces(curve)).collect();
    let of_paths: Vec<CurvePiece<'_>> = paths.iter().flat_map(|path| pieces(path)).collect();
    for (number, group) in groups.iter().enumerate() {
        let name = RichText::parse(&group.label());
        let measures = [name.width * size, size];
        let has_room = |place: &[f32; 2], room: Rect| {
            let own = area(*place, measures);
            let others = rects
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != number);
            fits(sketch.plot, own)
                && !sketch.taken.iter().any(|rect| overlap(*rect, room))
                && !others.into_iter().any(|(_, rect)| overlap(*rect, own))
        };
        let places = places(group.at, group.radius(), measures);
        if name.runs.is_empty() || !sketch.plot.contains(group.at) {
            continue;
        }
        let is_apart = |place: &[f32; 2]| has_room(place, clearance(area(*place, measures)));
        let is_free = |place: &[f32; 2]| has_room(place, beside(area(*place, measures)));
        // a name that has no room around it stands close to others
        let mut found: Vec<[f32; 2]> = places.into_iter().filter(is_apart).collect();
        if found.is_empty() {
            found.extend(places.into_iter().filter(is_free));
        }
        let free = || found.iter().copied();
        let is_off_curves = |place: &[f32; 2]| is_clear(area(*place, measures), &of_curves);
        let is_off_all =
            |place: &[f32; 2]| is_off_curves(place) && is_clear(area(*place, measures), &of_paths);
        let place = free().find(is_off_all);
        let place = place.or_else(|| free().find(is_off_curves));
        let place = place.or_else(|| free().next());
        if let Some(place) = place {
            sketch.taken.push(area(place, measures));
            sketch.label_text(place, Anchor::Left, name);
        }
    }
}
