//! Lines in the style of a method, as in all pictures.

use super::canvas::Sketch;
use super::clip::visible;
use super::shapes::dashes;
use crate::{Colour, LineStyle};

/// The width of a method's line.
pub(crate) const LINE: f32 = 1.75;
/// The additional width of the edge of a pale line.
pub(crate) const EDGE: f32 = 0.7;
/// The opacity of lines beyond the playhead.
pub(crate) const BEYOND: f32 = 0.3;

/// Draws a line in a method's style, with a casing in the colour of the background, and an edge if the colour is pale.
pub(crate) fn inked(sketch: &mut Sketch, points: Vec<[f32; 2]>, style: LineStyle, opacity: f32) {
    for piece in visible(points, sketch.plot) {
        inked_piece(sketch, piece, style, opacity);
    }
}

fn inked_piece(sketch: &mut Sketch, points: Vec<[f32; 2]>, style: LineStyle, opacity: f32) {
    let casing = sketch.roles.plot.faded(opacity);
    sketch.stroke(points.clone(), false, LINE + 2.2, casing);
    let pieces = dashes(points, style.dash, LINE);
    if let Some(edge) = style.edge {
        for piece in &pieces {
            sketch.stroke(
                piece.clone(),
                false,
                LINE + EDGE,
                edge.faded(0.75 * opacity),
            );
        }
    }
    for piece in pieces {
        sketch.stroke(piece, false, LINE, style.colour.faded(opacity));
    }
}

/// Draws a thin line of one colour, where it is near the plot.
pub(crate) fn thin_line(sketch: &mut Sketch, points: Vec<[f32; 2]>, width: f32, colour: Colour) {
    for piece in visible(points, sketch.plot) {
        sketch.stroke(piece, false, width, colour);
    }
}
