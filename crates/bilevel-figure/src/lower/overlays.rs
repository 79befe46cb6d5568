//! Trails, tinted zones, hatches, borders, sampled paths and sentences over a plot.

use bilevel::study::Grid;

use super::canvas::{Anchor, Sketch};
use super::line_style::{BEYOND, inked};
use super::shapes::{Primitive, Rect, marker};
use crate::{Colour, Marker, RichText, Trail};

/// The width of a thin trail.
const THIN: f32 = 1.1;
/// Points of a trail closer than this to the last one are left out, in pixels.
const NEAR: f32 = 0.5;
/// The number of steps of opacity: each step is a stroke of its own.
const STEPS: f32 = 8.0;
/// The distance between two lines of a hatch.
const HATCH: f32 = 7.0;

pub(crate) fn draw_trail(sketch: &mut Sketch, trail: &Trail) {
    let until = trail.rows.partition_point(|&row| row <= trail.until);
    let colour = trail.style.colour;
    let later = pixels(sketch, trail, until.saturating_sub(1)..trail.points.len());
    for (piece, share) in later {
        let colour = colour.faded(BEYOND * trail.opacity * share);
        sketch.stroke(piece, false, THIN, colour);
    }
    for (piece, share) in pixels(sketch, trail, 0..until) {
        let opacity = trail.opacity * share;
        if trail.is_thin {
            let ink = trail.style.edge.unwrap_or(colour);
            sketch.stroke(piece, false, THIN, ink.faded(opacity));
        } else {
            inked(sketch, piece, trail.style, opacity);
        }
    }
}

/// The pixels of some points, in pieces of one opacity each.
fn pixels(
    sketch: &Sketch,
    trail: &Trail,
    places: std::ops::Range<usize>,
) -> Vec<(Vec<[f32; 2]>, f32)> {
    let mut pieces: Vec<(Vec<[f32; 2]>, f32)> = Vec::new();
    let last = places.end.saturating_sub(1);
    for place in places {
        let Some(pixel) = trail.points.get(place).and_then(|&at| sketch.pixel(at)) else {
            continue;
        };
        let share = trail.shares.get(place).copied().unwrap_or(1.0);
        let share = (share * STEPS).ceil().max(1.0) / STEPS;
        if let Some((piece, of_piece)) = pieces.last_mut() {
            let is_near = piece
                .last()
                .is_some_and(|[x, y]| (x - pixel[0]).hypot(y - pixel[1]) < NEAR);
            if is_near && place != last {
                continue;
            }
            piece.push(pixel);
            if *of_piece == share {
                continue;
            }
        }
        pieces.push((vec![pixel], share));
    }
    pieces
}

/// Tints a rectangle and writes its sentence at the bottom, if there is room for all its lines.
pub(crate) fn draw_zone(sketch: &mut Sketch, [x, y]: [[f64; 2]; 2], label: &str) {
    let plot = sketch.plot;
    let place = |axis: usize, value: f64| {
        let pixel = sketch.transform.along(axis, value);
        pixel.max(plot.min[axis]).min(plot.max[axis])
    };
    let zone = Rect {
        min: [place(0, x[0]), place(1, y[1])],
        max: [place(0, x[1]), place(1, y[0])],
    };
    if zone.width() < 1.0 || zone.height() < 1.0 {
        return;
    }
    let tint = sketch.roles.warning.faded(0.13);
    sketch.fill(zone.corners(), tint);
    let size = sketch.label_size();
    let lines = RichText::wrap(label, ((zone.width() - 1.2 * size) / size).max(1.0));
    let height = 1.3 * size;
    if zone.height() < height * (lines.len() as f32 + 0.3) {
        return;
    }
    let mut y = zone.max[1] - height * (lines.len() as f32 - 1.0) - 0.6 * size;
    for line in lines {
        sketch.label_text([zone.max[0] - 0.6 * size, y], Anchor::Right, line);
        y += height;
    }
}

/// Hatches the left of the plot up to a value, and writes a label beside it at the top.
pub(crate) fn draw_strip(sketch: &mut Sketch, until: f64, label: &str) {
    let (plot, roles) = (sketch.plot, sketch.roles);
    let right = sketch.transform.along(0, until).min(plot.max[0]);
    if right <= plot.min[0] + 1.0 {
        return;
    }
    let strip = Rect {
        min: plot.min,
        max: [right, plot.max[1]],
    };
    let width = strip.width();
    sketch.clip(strip);
    let mut y = plot.min[1] - width;
    while y < plot.max[1] {
        let line = vec![[plot.min[0], y + width], [right, y]];
        sketch.stroke(line, false, 1.0, roles.separator);
        y += HATCH;
    }
    sketch.primitives.push(Primitive::Unclip);
    let edge = vec![[right, plot.min[1]], [right, plot.max[1]]];
    sketch.stroke(edge, false, 1.0, roles.frame);
    let at = [right + 4.0, plot.min[1] + 1.25 * sketch.text];
    sketch.label(at, Anchor::Left, label);
}

/// The step between samples along the lines of a hatch, in pixels.
const LOOK: f32 = 3.0;
/// The width of a border.
const BORDER: f32 = 2.4;

/// Hatches the region in which a sampled function, interpolated bilinearly, is at most a limit.
pub(crate) fn draw_hatch(sketch: &mut Sketch, grid: &Grid, least: f64) {
    let colour = sketch.roles.warning.faded(0.42);
    hatch_where(sketch, colour, |at| {
        grid.between(at).is_some_and(|value| value <= least)
    });
}

/// Hatches the region of the plot in which a condition on a position holds.
pub(crate) fn hatch_where(sketch: &mut Sketch, colour: Colour, holds: impl Fn([f64; 2]) -> bool) {
    let plot = sketch.plot;
    let (width, height) = (plot.width(), plot.height());
    let mut start = HATCH - height;
    while start < width {
        // from the lower left to the upper right
        let pixel = |along: f32| [plot.min[0] + start + along, plot.max[1] - along];
        let is_inside = |along: f32| holds(sketch.transform.value(pixel(along)));
        let (mut along, end) = ((-start).max(0.0), height.min(width - start));
        let mut was_inside = is_inside(along);
        let mut from = along;
        let mut pieces = Vec::new();
        while along < end {
            let next = (along + LOOK).min(end);
            let is_now = is_inside(next);
            if is_now != was_inside {
                let edge = edge_between([along, next], |at| is_inside(at) == was_inside);
                if was_inside {
                    pieces.push([from, edge]);
                }
                from = edge;
                was_inside = is_now;
            }
            along = next;
        }
        if was_inside {
            pieces.push([from, end]);
        }
        let pieces: Vec<Vec<[f32; 2]>> =
            pieces.iter().map(|ends| ends.map(pixel).to_vec()).collect();
        for piece in pieces {
            sketch.stroke(piece, false, 1.0, colour);
        }
        start += HATCH;
    }
}

/// The position of a change between two positions, to a fraction of a pixel.
fn edge_between([mut before, mut after]: [f32; 2], is_before: impl Fn(f32) -> bool) -> f32 {
    for _ in 0..4 {
        let middle = 0.5 * (before + after);
        if is_before(middle) {
            before = middle;
        } else {
            after = middle;
        }
    }
    before
}

/// Draws bold lines, and their label beside the middle of the longest visible one.
pub(crate) fn draw_border(sketch: &mut Sketch, lines: &[Vec<[f64; 2]>], label: &str) {
    let roles = sketch.roles;
    let plot = sketch.plot;
    let mut named: Vec<[f32; 2]> = Vec::new();
    for line in lines {
        let pixels: Vec<[f32; 2]> = line.iter().filter_map(|&at| sketch.pixel(at)).collect();
        let visible: Vec<[f32; 2]> = pixels
            .iter()
            .copied()
            .filter(|&at| plot.contains(at))
            .collect();
        if visible.len() > named.len() {
            named = visible;
        }
        sketch.stroke(pixels.clone(), false, BORDER + 2.0, roles.plot);
        sketch.stroke(pixels, false, BORDER, roles.warning);
    }
    if let Some([x, y]) = named.get(named.len() / 2).copied() {
        let width = RichText::parse(label).width * sketch.label_size();
        let left = (x + 8.0).min(plot.max[0] - width - 4.0);
        sketch.label([left, y - 6.0], Anchor::Left, label);
    }
}

/// Draws small dots along a path, faint after the large one, and the large one.
pub(crate) fn draw_path_samples(
    sketch: &mut Sketch,
    points: &[[f64; 2]],
    at: [f64; 2],
    until: usize,
) {
    let roles = sketch.roles;
    let pixels: Vec<[f32; 2]> = points.iter().filter_map(|&at| sketch.pixel(at)).collect();
    let until = until.min(pixels.len());
    sketch.stroke(pixels.clone(), false, 3.0, roles.plot);
    sketch.stroke(
        pixels[until.saturating_sub(1)..].to_vec(),
        false,
        1.0,
        roles.text.faded(0.45),
    );
    sketch.stroke(pixels[..until].to_vec(), false, 1.4, roles.text);
    for (place, pixel) in pixels.iter().enumerate() {
        let ink = if place < until {
            roles.text
        } else {
            roles.text.faded(0.45)
        };
        dot(sketch, *pixel, 3.0, roles.plot);
        dot(sketch, *pixel, 2.0, ink);
    }
    if let Some(pixel) = sketch.pixel(at) {
        for (radius, colour) in [(5.2, roles.plot), (4.2, roles.text)] {
            dot(sketch, pixel, radius, colour);
        }
    }
}

fn dot(sketch: &mut Sketch, at: [f32; 2], radius: f32, colour: Colour) {
    for corners in marker(Marker::Circle, at, radius) {
        sketch.fill(corners, colour);
    }
}

/// Writes a sentence at the top, in as many lines as needed.
pub(crate) fn draw_sentence(sketch: &mut Sketch, words: &str) {
    let (plot, size) = (sketch.plot, sketch.label_size());
    let mut y = plot.min[1] + 1.3 * size;
    for line in RichText::wrap(words, (plot.width() - 1.2 * size) / size) {
        sketch.label_text([plot.min[0] + 0.6 * size, y], Anchor::Left, line);
        y += 1.3 * size;
    }
}
