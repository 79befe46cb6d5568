//! Lines of text from the top of the plot down, as many as there is room for.

use super::canvas::{Anchor, Sketch};
use crate::{RichText, messages};

/// The distance of two baselines, and the gap before a line that begins anew, in units of the text's size.
const LINE: f32 = 1.35;
const GAP: f32 = 0.35;
/// The room of subscripts beneath the last line.
const BENEATH: f32 = 0.5;
/// The free space at both sides.
const SIDE: f32 = 0.5;

/// Draws lines, wrapped to the width of the plot.
pub(crate) fn draw_lines(sketch: &mut Sketch, lines: &[String]) {
    let (plot, size) = (sketch.plot, sketch.text);
    let colour = sketch.roles.text;
    let wrapped: Vec<Vec<RichText>> = lines
        .iter()
        .map(|line| RichText::wrap(line, plot.width() / size - 2.0 * SIDE))
        .collect();
    let left = plot.min[0] + SIDE * size;
    let mut y = plot.min[1] + 1.3 * size;
    for (place, parts) in wrapped.into_iter().enumerate() {
        let rest = lines.len() - place;
        // the last free line says how many more there are
        let needed = parts.len() as f32 * LINE + if rest > 1 { LINE + GAP } else { 0.0 };
        if y + (needed - LINE + BENEATH) * size > plot.max[1] {
            let words = messages::further_lines(rest);
            if y < plot.max[1] {
                let mut text = RichText::parse(&words);
                // a page grows until all lines have room
                text.is_cut = true;
                sketch.text([left, y], Anchor::Left, text, size, sketch.roles.text_weak);
            }
            return;
        }
        for part in parts {
            sketch.text([left, y], Anchor::Left, part, size, colour);
            y += LINE * size;
        }
        y += GAP * size;
    }
}
