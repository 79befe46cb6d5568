//! Markers of the runs at the playhead: coincident ones as rings around one of them, names beside them, and the start
//! handles over all.

use std::borrow::Cow;

use super::canvas::{Sketch, shape};
use super::clip::draw_arrow;
use super::labels::{NamedMark, all_marks, area, around, fits, near_and_far, overlap};
use super::layers::{circle, draw_mark};
use super::shapes::Rect;
use crate::{Layer, LineStyle, Marker, RichText, Symbol, short_name};

/// Markers closer than this are drawn as one with rings, in pixels.
const TOGETHER: f32 = 5.0;
/// The radius of a marker with its casing.
const MARKER: f32 = 7.9;
/// The radius of a start handle, and the distance from markers, as a share of their radius, below which they hide it.
const HANDLE: f32 = 5.3;
const HIDDEN: f32 = 0.5;
/// The length of a star's tips beyond markers that would hide it, and the width of its casing.
const TIPS: f32 = 6.0;
const CASING: f32 = 2.0;
/// The distance of a star within the edge of markers from which they hide it, in pixels.
const OF_STAR: f32 = 2.0;
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
pub(crate) struct HeadGroup<'a> {
    at: [f32; 2],
    marks: Vec<([f64; 2], Symbol, &'a str)>,
    /// The star that the markers hide.
    star: Option<[f32; 2]>,
}

impl HeadGroup<'_> {
    /// The position and the radius.
    pub(crate) fn extent(&self) -> ([f32; 2], f32) {
        (self.at, self.radius())
    }

    fn has(&self, (_, symbol, name): &([f64; 2], Symbol, &str)) -> bool {
        let is_same = |mark: &([f64; 2], Symbol, &str)| mark.1 == *symbol && mark.2 == *name;
        self.marks.iter().any(is_same)
    }

    /// The radius of the markers with their rings, without the tips of a star.
    fn of_markers(&self) -> f32 {
        MARKER + STEP * (self.marks.len() - 1).min(RINGS) as f32
    }

    fn radius(&self) -> f32 {
        let tips = if self.star.is_some() { TIPS } else { 0.0 };
        self.of_markers() + tips
    }

    /// The names of the methods, each once.
    fn label(&self) -> String {
        let mut names: Vec<Cow<'_, str>> = Vec::new();
        for (_, _, name) in &self.marks {
            let name = short_name(name);
            if !name.is_empty() && !names.contains(&name) {
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
pub(crate) fn draw_heads(sketch: &mut Sketch, groups: &[HeadGroup<'_>], layers: &[Layer<'_>]) {
    for group in groups {
        let Some(((at, symbol, _), others)) = group.marks.split_last() else {
            continue;
        };
        if sketch.pixel_inside(*at).is_none() {
            if let Symbol::Method(style) | Symbol::Ended(style) = symbol {
                draw_arrow(sketch, group.at, *style);
            }
            continue;
        }
        if let Some(star) = group.star {
            let roles = sketch.roles;
            shape(
                sketch,
                Marker::Star,
                star,
                group.radius() + CASING,
                roles.plot,
            );
            shape(sketch, Marker::Star, star, group.radius(), roles.text);
        }
        for (ring, (_, symbol, _)) in others.iter().rev().take(RINGS).enumerate().rev() {
            if let Symbol::Method(style) | Symbol::Ended(style) = symbol {
                draw_ring(sketch, group.at, MARKER + STEP * ring as f32, *style);
            }
        }
        draw_mark(sketch, *at, *symbol);
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
        draw_names(sketch, groups, layers);
    }
}

/// The markers of methods, grouped by position.
pub(crate) fn groups<'a>(sketch: &Sketch, layers: &'a [Layer<'_>]) -> Vec<HeadGroup<'a>> {
    let mut groups: Vec<HeadGroup<'a>> = Vec::new();
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
            None => groups.push(HeadGroup {
                at: pixel,
                marks: vec![mark],
                star: None,
            }),
        }
    }
    for layer in layers {
        if let Layer::Mark {
            at,
            symbol: Symbol::Star,
            ..
        } = layer
            && let Some(star) = sketch.pixel(*at)
        {
            let hiding = groups.iter_mut().filter(|group| {
                let distance = (group.at[0] - star[0]).hypot(group.at[1] - star[1]);
                distance < MARKER - OF_STAR
            });
            for group in hiding {
                group.star = Some(star);
            }
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
fn draw_start(sketch: &mut Sketch, at: [f64; 2], groups: &[HeadGroup<'_>]) {
    let Some(pixel) = sketch.pixel_inside(at) else {
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
fn draw_names(sketch: &mut Sketch, groups: &[HeadGroup<'_>], layers: &[Layer<'_>]) {
    let size = sketch.label_size();
    let rects: Vec<Rect> = groups
        .iter()
        .map(|group| around(group.at, [group.radius(); 2]))
        .collect();
    let marks = all_marks(sketch, layers);
    for (number, group) in groups.iter().enumerate() {
        let name = RichText::parse(&group.label());
        let measures = [name.width * size, size];
        if name.runs.is_empty() || !sketch.plot.contains(group.at) {
            continue;
        }
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
        let all = near_and_far(group.at, group.radius(), measures, 0);
        let mark = NamedMark {
            at: group.at,
            radii: [group.of_markers(), group.radius()],
            marks: &marks,
        };
        let place = mark.best_label(&sketch.obstacles, (&all, measures), has_room);
        if let Some(place) = place {
            sketch.taken.push(area(place.at, measures));
            sketch.label_at(place, name);
        }
    }
}
