//! Maps of cells, rectangular patches, and words inside rectangles.

use std::sync::Arc;

use super::canvas::{Anchor, Sketch};
use super::shapes::{Primitive, Rect};
use super::share_bar::patch;
use crate::{CellMap, Colour, Patch, RichText};

/// The distance between two lines of a hatch.
const HATCH: f32 = 6.0;
/// The width of a line of a hatch.
const WIDTH: f32 = 1.3;
/// The opacity of a hatch that warns.
const WARNING: f32 = 0.5;
/// The number of samples of a hatch along a side of a cell.
const LOOKS: f32 = 2.0;
/// The least step between samples of a hatch, in pixels.
const FINEST: f32 = 1.0;

/// Draws the colours, and the hatches over them.
pub(crate) fn draw_cells(sketch: &mut Sketch, map: &CellMap) {
    let [left, bottom] = sketch.transform.pixel([map.x[0], map.y[0]]);
    let [right, top] = sketch.transform.pixel([map.x[1], map.y[1]]);
    let rect = Rect {
        min: [left, top],
        max: [right, bottom],
    };
    sketch.primitives.push(Primitive::Image {
        rect,
        image: Arc::clone(&map.image),
    });
    if !map.hatches.is_empty() {
        hatch(sketch, map, rect);
    }
}

/// Draws rectangles between edges in data units.
pub(crate) fn draw_patches(sketch: &mut Sketch, patches: &[([[f64; 2]; 2], Patch)]) {
    for &(edges, looks) in patches {
        let rect = between(sketch, edges);
        sketch.primitives.append(&mut patch(looks, rect));
        let separator = sketch.roles.plot;
        sketch.stroke(rect.corners(), true, 1.0, separator);
    }
}

/// Hatches rectangles between edges in data units, with lines that continue from one to the next.
pub(crate) fn draw_hatched(sketch: &mut Sketch, areas: &[[[f64; 2]; 2]]) {
    let (plot, colour) = (sketch.plot, sketch.roles.warning.faded(WARNING));
    for &edges in areas {
        let rect = between(sketch, edges);
        let (left, right) = (rect.min[0].max(plot.min[0]), rect.max[0].min(plot.max[0]));
        let (top, bottom) = (rect.min[1].max(plot.min[1]), rect.max[1].min(plot.max[1]));
        if left >= right || top >= bottom {
            continue;
        }
        // from the lower left to the upper right, x + y is constant
        let mut sum = ((left + top) / HATCH).ceil() * HATCH;
        while sum < right + bottom {
            let ends = [left.max(sum - bottom), right.min(sum - top)];
            let line = ends.map(|x| [x, sum - x]);
            sketch.stroke(line.to_vec(), false, 1.0, colour);
            sum += HATCH;
        }
    }
}

fn between(sketch: &Sketch, [x, y]: [[f64; 2]; 2]) -> Rect {
    let [left, bottom] = sketch.transform.pixel([x[0], y[0]]);
    let [right, top] = sketch.transform.pixel([x[1], y[1]]);
    Rect {
        min: [left.min(right), top.min(bottom)],
        max: [left.max(right), top.max(bottom)],
    }
}

/// Draws words in the middle of a rectangle, if they fit.
pub(crate) fn draw_words(
    sketch: &mut Sketch,
    at: [f64; 2],
    (words, is_marked): (&str, bool),
    room: [[f64; 2]; 2],
) {
    let (rect, text) = (between(sketch, room), RichText::parse(words));
    let size = sketch.text;
    if text.width * size < 0.9 * rect.width() && 1.3 * size < rect.height() {
        let [x, y] = sketch.transform.pixel(at);
        let at = [x, y + 0.36 * size];
        if is_marked {
            let colour = sketch.roles.warning;
            sketch.text(at, Anchor::Middle, text, size, colour);
        } else {
            sketch.label_text(at, Anchor::Middle, text);
        }
    }
}

/// Draws lines from the lower left to the upper right, over hatched cells only.
fn hatch(sketch: &mut Sketch, map: &CellMap, rect: Rect) {
    let plot = sketch.plot;
    let (width, height) = (plot.width(), plot.height());
    let [columns, rows] = map.image.size().map(|count| count as f32);
    let cell = (rect.width() / columns).min(rect.height() / rows);
    let look = (cell / LOOKS).clamp(FINEST, HATCH);
    let mut start = HATCH - height;
    while start < width {
        let pixel = |along: f32| [plot.min[0] + start + along, plot.max[1] - along];
        let (mut along, end) = ((-start).max(0.0), height.min(width - start));
        let mut piece: Option<(f32, Colour)> = None;
        while along < end {
            let middle = (along + 0.5 * look).min(end);
            let colour = map.hatch(sketch.transform.value(pixel(middle)));
            if piece.map(|(_, colour)| colour) != colour {
                if let Some((from, colour)) = piece {
                    let ends = vec![pixel(from), pixel(along)];
                    sketch.stroke(ends, false, WIDTH, colour);
                }
                piece = colour.map(|colour| (along, colour));
            }
            along += look;
        }
        if let Some((from, colour)) = piece {
            sketch.stroke(vec![pixel(from), pixel(end)], false, WIDTH, colour);
        }
        start += HATCH;
    }
}
