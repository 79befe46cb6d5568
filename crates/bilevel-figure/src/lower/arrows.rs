//! Arrows: a shaft with a filled head, as one convex polygon each, over a casing in the colour of the plot.

use super::canvas::{Sketch, ring};
use super::clip::visible;
use super::line_style::EDGE;
use crate::{ArrowInk, Colour};

/// Widths of a shaft, and the length and half the width of a head, in pixels.
const SHAFT: f32 = 2.0;
const HEAD: [f32; 2] = [8.0, 3.9];
/// The same of the pale arrows.
const PALE_SHAFT: f32 = 1.3;
const PALE: f32 = 0.45;
/// The width of an outline, and the breadth of an outlined shaft.
const OUTLINE: f32 = 1.3;
const BROAD: f32 = 3.4;
/// The longest head, as a share of its arrow.
const MOST: f32 = 0.6;
/// The length from which an arrow has its full widths, and the least share of them.
const FULL: f32 = 26.0;
const THINNEST: f32 = 0.45;
/// An arrow shorter than this is a dot.
const SHORT: f32 = 2.5;

/// Draws arrows between points in data units.
pub(crate) fn draw_arrows(sketch: &mut Sketch, ends: &[[[f64; 2]; 2]], ink: ArrowInk) {
    let roles = sketch.roles;
    for [from, to] in ends {
        let (Some(from), Some(to)) = (sketch.pixel(*from), sketch.pixel(*to)) else {
            continue;
        };
        // short arrows are thinner
        let length = (to[0] - from[0]).hypot(to[1] - from[1]);
        let thin = (length / FULL).clamp(THINNEST, 1.0);
        match ink {
            ArrowInk::Outlined => {
                let outline = OUTLINE * thin.max(0.7);
                let shape = ArrowShape::new([from, to], thin * BROAD + 2.0 * outline, 1.3 * thin);
                arrow(sketch, shape, roles.text);
                let inner = ArrowShape::inner([from, to], thin * BROAD, 1.3 * thin, outline);
                arrow(sketch, inner, roles.plot);
            }
            ArrowInk::Method(style) => {
                let casing = ArrowShape::new([from, to], thin * (SHAFT + 2.0), 1.25 * thin);
                arrow(sketch, casing, roles.plot);
                if let Some(edge) = style.edge {
                    let outer = ArrowShape::new([from, to], thin * (SHAFT + EDGE), 1.1 * thin);
                    arrow(sketch, outer, edge);
                }
                let inner = ArrowShape::new([from, to], thin * SHAFT, thin);
                arrow(sketch, inner, style.colour);
            }
            ArrowInk::Pale(style) => {
                let colour = style.edge.unwrap_or(style.colour).faded(PALE);
                arrow(
                    sketch,
                    ArrowShape::new([from, to], thin * PALE_SHAFT, 0.9 * thin),
                    colour,
                );
            }
        }
    }
}

/// Draws the arrow of a note between pixels, in the colour of text; without its head if its tip is beyond the plot.
pub(crate) fn draw_pointer(sketch: &mut Sketch, [from, to]: [[f32; 2]; 2], has_head: bool) {
    let roles = sketch.roles;
    if !has_head {
        for (width, colour) in [(SHAFT + 2.0, roles.plot), (SHAFT, roles.text)] {
            for piece in visible(vec![from, to], sketch.plot) {
                sketch.stroke(piece, false, width, colour);
            }
        }
        return;
    }
    arrow(
        sketch,
        ArrowShape::new([from, to], SHAFT + 2.0, 1.4),
        roles.plot,
    );
    arrow(sketch, ArrowShape::new([from, to], SHAFT, 1.0), roles.text);
}

/// A shaft and a head in pixels; a dot where both ends are as good as one.
struct ArrowShape {
    from: [f32; 2],
    shaft: Vec<[f32; 2]>,
    head: Vec<[f32; 2]>,
    width: f32,
}

impl ArrowShape {
    fn new([from, to]: [[f32; 2]; 2], width: f32, scale: f32) -> Self {
        let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
        let length = dx.hypot(dy);
        if length < SHORT {
            return Self {
                from,
                shaft: Vec::new(),
                head: Vec::new(),
                width,
            };
        }
        let (ux, uy) = (dx / length, dy / length);
        let share = (MOST * length / (scale * HEAD[0])).min(1.0) * scale;
        let (long, half) = (share * HEAD[0], share * HEAD[1]);
        let at = |along: f32, aside: f32| {
            [
                from[0] + along * ux - aside * uy,
                from[1] + along * uy + aside * ux,
            ]
        };
        let neck = length - long;
        let half_shaft = 0.5 * width;
        Self {
            from,
            shaft: vec![
                at(0.0, -half_shaft),
                at(neck, -half_shaft),
                at(neck, half_shaft),
                at(0.0, half_shaft),
            ],
            head: vec![
                at(neck, -half.max(half_shaft)),
                at(length, 0.0),
                at(neck, half.max(half_shaft)),
            ],
            width,
        }
    }

    /// The inside of an outlined arrow: everything drawn in by the width of the outline.
    fn inner(ends: [[f32; 2]; 2], width: f32, scale: f32, outline: f32) -> Self {
        let [from, to] = ends;
        let length = (to[0] - from[0]).hypot(to[1] - from[1]);
        if length < SHORT {
            return Self::new(ends, width, scale);
        }
        let outer = Self::new(ends, width, scale);
        let u = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
        // the head shrinks about its centre of mass, the shaft begins later and reaches into the head
        let middle = [0, 1].map(|axis| outer.head.iter().map(|it| it[axis]).sum::<f32>() / 3.0);
        let base = outer.head[0];
        let inside = ((middle[0] - base[0]) * u[0] + (middle[1] - base[1]) * u[1]).max(0.1);
        let shrink = (1.0 - outline / inside).max(0.0);
        let head = outer
            .head
            .iter()
            .map(|corner| [0, 1].map(|axis| middle[axis] + shrink * (corner[axis] - middle[axis])));
        let moved = |corner: [f32; 2], by: f32| [0, 1].map(|axis| corner[axis] + by * u[axis]);
        let shaft = vec![
            moved(outer.shaft[0], outline),
            moved(outer.shaft[1], outline),
            moved(outer.shaft[2], outline),
            moved(outer.shaft[3], outline),
        ];
        Self {
            from,
            shaft,
            head: head.collect(),
            width,
        }
    }
}

fn arrow(sketch: &mut Sketch, shape: ArrowShape, colour: Colour) {
    if shape.head.is_empty() {
        ring(sketch, shape.from, 0.5 * shape.width + 0.8, colour);
        return;
    }
    sketch.fill(shape.shaft, colour);
    sketch.fill(shape.head, colour);
}
