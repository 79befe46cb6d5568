//! Histograms, and the legend inside a plot.

use super::canvas::{Anchor, Sketch};
use super::shapes::Rect;
use super::share_bar::patch;
use crate::{Bars, Patch, RichText};

/// The opacity of the fill within the outline: both of two overlapping groups stay visible.
const FILL: f32 = 0.26;
const OUTLINE: f32 = 1.6;
/// The side of a swatch in the legend, in the size of text.
const SIDE: f32 = 0.85;
/// The space after a swatch, in the size of text.
const BEHIND: f32 = 0.5;
/// The space between two entries of the legend, in the size of text.
const BETWEEN: f32 = 1.6;

/// Fills each bar, and draws one outline around all of them.
pub(crate) fn draw_bars(sketch: &mut Sketch, bars: &Bars) {
    let mut outline = Vec::new();
    for (edges, &height) in bars.edges.windows(2).zip(&bars.heights) {
        let corners = [
            [edges[0], 0.0],
            [edges[0], height],
            [edges[1], height],
            [edges[1], 0.0],
        ];
        let corners: Vec<[f32; 2]> = corners.iter().filter_map(|&at| sketch.pixel(at)).collect();
        if corners.len() < 4 {
            continue;
        }
        if outline.is_empty() {
            outline.push(corners[0]);
        }
        outline.extend([corners[1], corners[2]]);
        if height > 0.0 {
            sketch.fill(corners, bars.colour.faded(FILL));
        }
    }
    let last = bars.edges.last();
    outline.extend(last.and_then(|&edge| sketch.pixel([edge, 0.0])));
    sketch.stroke(outline, false, OUTLINE, bars.colour);
}

/// Draws swatches with their names at the top: centred in a row, or stacked if a row does not fit.
pub(crate) fn draw_legend(sketch: &mut Sketch, entries: &[(Patch, String)]) {
    let (plot, size) = (sketch.plot, sketch.label_size());
    let names = entries.iter().map(|(_, name)| RichText::parse(name));
    let names: Vec<RichText> = names.collect();
    let wide = |name: &RichText| (SIDE + BEHIND + name.width) * size;
    let between = BETWEEN * size;
    let all = names.iter().map(wide).sum::<f32>() + between * names.len().saturating_sub(1) as f32;
    let widest = names.iter().map(wide).fold(0.0, f32::max);
    let is_row = all < plot.width() - size;
    let length = if is_row { all } else { widest };
    let mut x = 0.5 * (plot.min[0] + plot.max[0] - length);
    let mut baseline = plot.min[1] + 1.4 * size;
    for ((looks, _), name) in entries.iter().zip(names) {
        let (side, step) = (SIDE * size, wide(&name) + between);
        let top = baseline - side + 0.08 * size;
        let rect = Rect {
            min: [x, top],
            max: [x + side, top + side],
        };
        sketch.primitives.append(&mut patch(*looks, rect));
        let at = [x + side + BEHIND * size, baseline];
        sketch.label_text(at, Anchor::Left, name);
        if is_row {
            x += step;
        } else {
            baseline += 1.35 * size;
        }
    }
}
