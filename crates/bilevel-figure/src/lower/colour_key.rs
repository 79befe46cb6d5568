//! The key of colours beneath a plot: a bar of steps between its least and its greatest number.

use super::canvas::{Anchor, Sketch};
use super::shapes::Rect;
use crate::{ColourKey, RichText};

/// The height with the space above, as a multiple of the text.
pub(crate) const HEIGHT: f32 = 1.9;
/// The height of the bar alone, as a multiple of the text.
const BAR: f32 = 0.8;
/// The longest bar, as a multiple of the text.
const LONGEST: f32 = 12.0;
/// The space beside the bar, as a multiple of the text.
const BESIDE: f32 = 0.5;

/// Draws the key at the bottom of an area, from the left end of the plot; the label only where it fits.
pub(crate) fn draw(sketch: &mut Sketch, key: &ColourKey, area: Rect) {
    let (text, roles, plot) = (sketch.text, sketch.roles, sketch.plot);
    let [least, most] = key.ends.each_ref().map(|end| RichText::parse(end));
    let beside = BESIDE * text;
    let room = plot.width() - (least.width + most.width) * text - 2.0 * beside;
    let label = RichText::parse(&key.label);
    let label_width = label.width * text + 2.0 * beside;
    let has_label = room - label_width >= 0.3 * LONGEST * text;
    let room = if has_label { room - label_width } else { room };
    let length = room.min(LONGEST * text).max(1.0);
    let baseline = area.max[1] - 0.5 * text;
    let mut x = plot.min[0];
    if has_label {
        sketch.text([x, baseline], Anchor::Left, label, text, roles.text_weak);
        x += label_width;
    }
    let start = x + least.width * text + beside;
    sketch.text([x, baseline], Anchor::Left, least, text, roles.text);
    let middle = baseline - 0.36 * text;
    let steps = key.colours.len().max(1) as f32;
    let bar = |from: usize| Rect {
        min: [
            start + length * from as f32 / steps,
            middle - 0.5 * BAR * text,
        ],
        max: [start + length, middle + 0.5 * BAR * text],
    };
    for (step, colour) in key.colours.iter().enumerate() {
        // each reaches to the end, so that no seam shows between neighbours
        sketch.fill(bar(step).corners(), *colour);
    }
    sketch.stroke(bar(0).corners(), true, 1.0, roles.frame);
    let end = [start + length + beside, baseline];
    sketch.text(end, Anchor::Left, most, text, roles.text);
}
