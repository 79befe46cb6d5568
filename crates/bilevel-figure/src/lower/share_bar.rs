//! Bar of shares beneath a plot: each part is as long as its share, and a whisker shows the confidence interval.

use super::canvas::{Anchor, Sketch};
use super::shapes::{Primitive, Rect};
use crate::{Colour, Patch, RichText, Shares, fixed};

/// The height with the space above, as a multiple of the text.
pub(crate) const HEIGHT: f32 = 2.7;
/// The height of the bar alone, as a multiple of the text.
const BAR: f32 = 0.8;
/// The distance between the lines of a hatch.
const HATCH: f32 = 5.0;

/// Draws the bar at the bottom of an area, as wide as the plot.
pub(crate) fn draw(sketch: &mut Sketch, shares: &Shares, area: Rect) {
    let (plot, text, roles) = (sketch.plot, sketch.text, sketch.roles);
    let top = area.max[1] - (HEIGHT - 0.6) * text;
    let bottom = top + BAR * text;
    let x = |share: f64| plot.min[0] + share.clamp(0.0, 1.0) as f32 * plot.width();
    let mut before = 0.0;
    let mut free = plot.min[0];
    for part in &shares.parts {
        let rect = Rect {
            min: [x(before), top],
            max: [x(before + part.share), bottom],
        };
        sketch.primitives.append(&mut patch(part.patch, rect));
        let digits = usize::from(before == 0.0);
        before += part.share;
        let words = RichText::parse(&format!("{} %", fixed(100.0 * part.share, digits)));
        let end = rect.min[0] + words.width * text;
        // a number without room is left out: the table has it
        if rect.min[0] >= free && end <= plot.max[0] && part.share > 0.0 {
            let at = [rect.min[0], bottom + 1.1 * text];
            sketch.text(at, Anchor::Left, words, text, roles.text_weak);
            free = end + 0.6 * text;
        }
    }
    if before > 0.0 {
        whisker(sketch, shares.interval.map(x), [top, bottom]);
    }
}

/// Draws the whisker of a confidence interval.
fn whisker(sketch: &mut Sketch, [left, right]: [f32; 2], [top, bottom]: [f32; 2]) {
    let (ink, background) = (sketch.roles.text, sketch.roles.plot);
    let middle = 0.5 * (top + bottom);
    let lines = [
        [[left, middle], [right, middle]],
        [[left, top], [left, bottom]],
        [[right, top], [right, bottom]],
    ];
    for (width, colour) in [(3.2, background), (1.4, ink)] {
        for line in lines {
            sketch.stroke(line.to_vec(), false, width, colour);
        }
    }
}

/// A rectangle with a colour and a hatch as primitives.
pub fn patch(patch: Patch, rect: Rect) -> Vec<Primitive> {
    let mut primitives = vec![Primitive::Fill {
        corners: rect.corners(),
        colour: patch.colour,
    }];
    if let Some(colour) = patch.hatch {
        primitives.extend(hatch(rect, colour));
    }
    primitives
}

/// Lines of a hatch from the lower left to the upper right, within a rectangle.
fn hatch(rect: Rect, colour: Colour) -> impl Iterator<Item = Primitive> {
    let (width, height) = (rect.width(), rect.height());
    let count = ((width + height) / HATCH).max(0.0) as usize;
    (1..=count).filter_map(move |number| {
        let start = HATCH * number as f32 - height;
        let (from, to) = ((-start).max(0.0), height.min(width - start));
        let at = |along: f32| [rect.min[0] + start + along, rect.max[1] - along];
        (from < to).then(|| Primitive::Stroke {
            points: vec![at(from), at(to)],
            is_closed: false,
            width: 1.2,
            colour,
        })
    })
}
