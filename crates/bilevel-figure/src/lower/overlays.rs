//! Trails, tinted zones, hatches, borders, sampled paths and sentences over a plot.

use std::sync::Arc;

use bilevel::study::Grid;

use super::canvas::{Anchor, Sketch};
use super::labels::{area, head_rects, overlap, places, strip_label};
use super::line_style::{BEYOND, EDGE, inked, thin_line};
use super::obstacles::LabelPlace;
use super::shapes::{Primitive, Rect, marker};
use crate::{Colour, Layer, Marker, RichText, Trail};

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
        thin_line(sketch, piece, THIN, colour);
    }
    for (piece, share) in pixels(sketch, trail, 0..until) {
        let opacity = trail.opacity * share;
        if trail.is_thin {
            if let Some(edge) = trail.style.edge {
                thin_line(
                    sketch,
                    piece.clone(),
                    THIN + EDGE,
                    edge.faded(0.75 * opacity),
                );
            }
            thin_line(sketch, piece, THIN, colour.faded(opacity));
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

/// The number of places along a zone that are tried for its sentence.
const STEPS_ASIDE: usize = 12;

/// The visible part of a zone; `None` if there is none.
fn visible_zone(sketch: &Sketch, [x, y]: [[f64; 2]; 2]) -> Option<Rect> {
    let plot = sketch.plot;
    let place = |axis: usize, value: f64| {
        let pixel = sketch.transform.along(axis, value);
        pixel.max(plot.min[axis]).min(plot.max[axis])
    };
    let zone = Rect {
        min: [place(0, x[0]), place(1, y[1])],
        max: [place(0, x[1]), place(1, y[0])],
    };
    (zone.width() >= 1.0 && zone.height() >= 1.0).then_some(zone)
}

/// Tints a rectangle.
pub(crate) fn draw_zone(sketch: &mut Sketch, edges: [[f64; 2]; 2]) {
    if let Some(zone) = visible_zone(sketch, edges) {
        let tint = sketch.roles.warning.faded(0.13);
        sketch.fill(zone.corners(), tint);
    }
}

/// Writes the sentences of zones, each at the bottom of its zone beside all marks, if there is room for all its lines.
pub(crate) fn zone_labels(sketch: &mut Sketch, layers: &[Layer<'_>]) {
    for layer in layers {
        if let Layer::Zone { x, y, label } = layer
            && let Some(zone) = visible_zone(sketch, [*x, *y])
        {
            zone_label(sketch, zone, label);
        }
    }
}

fn zone_label(sketch: &mut Sketch, zone: Rect, label: &str) {
    let size = sketch.label_size();
    let lines = RichText::wrap(label, ((zone.width() - 1.2 * size) / size).max(1.0));
    let height = 1.3 * size;
    if zone.height() < height * (lines.len() as f32 + 0.3) {
        return;
    }
    let widest = lines.iter().map(|line| line.width).fold(0.0, f32::max) * size;
    let tall = height * (lines.len() as f32 - 1.0) + 1.05 * size;
    // at the lower right, or as near to it as no mark lies
    let inset = 0.6 * size;
    let (lowest, highest) = (zone.max[1] - 0.3 * size, zone.min[1] + 0.3 * size + tall);
    let [right, left] = [zone.max[0] - inset, zone.min[0] + inset + widest];
    let candidates = [lowest, highest.min(lowest)]
        .into_iter()
        .flat_map(|bottom| {
            (0..=STEPS_ASIDE).map(move |step| {
                let share = step as f32 / STEPS_ASIDE as f32;
                let end = right - share * (right - left).max(0.0);
                Rect {
                    min: [end - widest, bottom - tall],
                    max: [end, bottom],
                }
            })
        });
    let candidates: Vec<Rect> = candidates.collect();
    let heads = head_rects(sketch);
    let is_free = |rect: &&Rect| {
        let mut marks = sketch.taken.iter().chain(&heads);
        !marks.any(|mark| overlap(*mark, **rect))
    };
    let free = candidates.iter().filter(is_free).copied();
    let best = sketch.obstacles.best_of(free, |rect| *rect);
    let (place, is_crossed) = best.unwrap_or((candidates[0], false));
    if is_crossed {
        sketch.ground(place);
    }
    let mut y = place.min[1] + 0.8 * size;
    for line in lines {
        sketch.label_text([place.max[0], y], Anchor::Right, line);
        y += height;
    }
    // letters reach over and beneath the lines
    sketch.taken.push(Rect {
        min: [place.min[0], place.min[1] - 0.2 * size],
        max: [place.max[0], place.max[1] + 0.3 * size],
    });
}

/// Hatches the left of the plot up to a value.
pub(crate) fn draw_strip(sketch: &mut Sketch, until: f64) {
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
}

/// Writes the labels of strips.
pub(crate) fn strip_labels(sketch: &mut Sketch, layers: &[Layer<'_>]) {
    for layer in layers {
        if let Layer::Strip { until, label } = layer {
            let (text, size) = (RichText::parse(label), sketch.label_size());
            let at = strip_label(sketch, *until);
            let place = sketch.obstacles.best([at], [text.width * size, size]);
            if let Some(place) = place {
                sketch.label_at(place, text);
            }
        }
    }
}

/// The step between samples along the lines of a hatch, in pixels.
const LOOK: f32 = 3.0;
/// The number of places along a border that are tried for its label.
const LABEL_PLACES: usize = 24;
/// The width of a border.
const BORDER: f32 = 2.4;

/// Hatches the region in which a sampled function, interpolated bilinearly, is at most a limit.
pub(crate) fn draw_hatch(sketch: &mut Sketch, grid: &Arc<Grid>, least: f64) {
    sketch.hatched = Some((Arc::clone(grid), least));
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

/// Draws bold lines.
pub(crate) fn draw_border(sketch: &mut Sketch, lines: &[Vec<[f64; 2]>]) {
    let roles = sketch.roles;
    for line in lines {
        let pixels: Vec<[f32; 2]> = line.iter().filter_map(|&at| sketch.pixel(at)).collect();
        sketch.stroke(pixels.clone(), false, BORDER + 2.0, roles.plot);
        sketch.stroke(pixels, false, BORDER, roles.warning);
    }
}

/// Writes the labels of borders, each beside the longest visible line: near its middle, and off the hatch if there is one.
pub(crate) fn border_labels(sketch: &mut Sketch, layers: &[Layer<'_>]) {
    for layer in layers {
        if let Layer::Border { lines, label } = layer {
            border_label(sketch, lines, RichText::parse(label));
        }
    }
}

fn border_label(sketch: &mut Sketch, lines: &[Vec<[f64; 2]>], label: RichText) {
    let plot = sketch.plot;
    let visible = lines.iter().map(|line| {
        let pixels = line.iter().filter_map(|&at| sketch.pixel(at));
        pixels.filter(|&at| plot.contains(at)).collect()
    });
    let named: Vec<[f32; 2]> = visible.max_by_key(Vec::len).unwrap_or_default();
    let measures = [label.width * sketch.label_size(), sketch.label_size()];
    let step = (named.len() / LABEL_PLACES).max(1);
    let mut order: Vec<usize> = (0..named.len()).step_by(step).collect();
    order.sort_by_key(|place| place.abs_diff(named.len() / 2));
    let candidates = order
        .into_iter()
        .flat_map(|at| places(named[at], BORDER, measures));
    let is_inside = |at: &[f32; 2]| {
        let rect = area(*at, measures);
        plot.contains(rect.min) && plot.contains(rect.max)
    };
    let inside: Vec<[f32; 2]> = candidates.filter(is_inside).collect();
    let is_off_hatch = |at: &[f32; 2]| {
        let rect = area(*at, measures);
        let middle = [0, 1].map(|axis| 0.5 * (rect.min[axis] + rect.max[axis]));
        let all = rect.corners().into_iter().chain([middle]);
        let mut values = all.map(|corner| sketch.transform.value(corner));
        let hatched = sketch.hatched.as_ref();
        !hatched.is_some_and(|(grid, least)| {
            values.any(|at| grid.between(at).is_some_and(|value| value <= *least))
        }) && !sketch.taken.iter().any(|other| overlap(*other, rect))
    };
    let off_hatch = inside.iter().copied().filter(is_off_hatch);
    let best = sketch.obstacles.best(off_hatch, measures);
    let best = best.or_else(|| sketch.obstacles.best(inside.iter().copied(), measures));
    if let Some(place) = best {
        sketch.taken.push(area(place.at, measures));
        sketch.label_at(place, label);
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
        let at = [plot.min[0] + 0.6 * size, y];
        let place = sketch.obstacles.best([at], [line.width * size, size]);
        sketch.label_at(place.unwrap_or_else(|| LabelPlace::free(at)), line);
        y += 1.3 * size;
    }
}
