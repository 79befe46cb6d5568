//! Bar of shares beneath a plot: each part is as long as its share and has its number beneath it, and a whisker shows the
//! confidence interval.

use super::canvas::{Anchor, SMALL, Sketch};
use super::shapes::{Primitive, Rect};
use crate::{Colour, Patch, RichText, SHADES, Shares, fixed};

/// The height with the space above, as a multiple of the text.
pub(crate) const HEIGHT: f32 = 2.9;
/// The height of the bar alone, as a multiple of the text.
const BAR: f32 = 0.8;
/// The space above the bar, as a multiple of the text.
const ABOVE: f32 = 0.6;
/// The distance of the numbers' baseline from the bar, as a multiple of the text: room for leader lines.
const BASELINE: f32 = 1.3;
/// The height of a digit, as a multiple of the text.
const DIGIT: f32 = 0.76;
/// The least space between two numbers, as a multiple of the text.
const BETWEEN: f32 = 0.6;
/// The distance between the lines of a hatch.
const HATCH: f32 = 5.0;

/// Draws the bar at the bottom of an area, as wide as the plot.
pub(crate) fn draw(sketch: &mut Sketch, shares: &Shares, area: Rect) {
    let (plot, text) = (sketch.plot, sketch.text);
    let top = area.max[1] - (HEIGHT - ABOVE) * text;
    let bottom = top + BAR * text;
    let x = |share: f64| plot.min[0] + share.clamp(0.0, 1.0) as f32 * plot.width();
    let mut before = 0.0;
    let mut spans = Vec::new();
    for part in &shares.parts {
        let span = [x(before), x(before + part.share)];
        before += part.share;
        let rect = Rect {
            min: [span[0], top],
            max: [span[1], bottom],
        };
        sketch.primitives.append(&mut patch(part.patch, rect));
        spans.push(span);
    }
    // without a global part the whisker would lie over another one
    if shares.parts.iter().any(|part| part.is_global) {
        whisker(sketch, shares.interval.map(x), [top, bottom]);
    }
    numbers(sketch, shares, &spans, bottom);
}

/// Writes the number of each part beneath it, or as near as there is room, with a leader line.
fn numbers(sketch: &mut Sketch, shares: &Shares, spans: &[[f32; 2]], bottom: f32) {
    let (plot, text, roles) = (sketch.plot, sketch.text, sketch.roles);
    let percentages = shares.percentages();
    let words = |unit: &str| -> Vec<RichText> {
        let each = percentages.iter();
        each.map(|percent| RichText::parse(&format!("{}{unit}", fixed(*percent, 1))))
            .collect()
    };
    let gaps = BETWEEN * (spans.len().max(1) - 1) as f32;
    let length = |words: &[RichText]| words.iter().map(|one| one.width).sum::<f32>() + gaps;
    let room = plot.width() / text;
    let mut all = words(" %");
    if length(&all) > room {
        all = words("");
    }
    // of many parts the numbers are smaller, and of very many the least shares have none
    let fitting = (room / length(&all).max(1e-3)).min(1.0);
    let size = if sketch.is_page && fitting < 1.0 {
        SMALL * text
    } else {
        fitting.max(SMALL) * text
    };
    let widths: Vec<f32> = all.iter().map(|words| words.width * size).collect();
    let kept = with_room(&percentages, &widths, BETWEEN * size, plot.width());
    let of_kept = |values: &[f32]| kept.iter().map(|&part| values[part]).collect();
    let widths: Vec<f32> = of_kept(&widths);
    let wished: Vec<f32> = kept.iter().map(|&part| spans[part][0]).collect();
    let ends = [plot.min[0], plot.max[0]];
    let places = side_by_side(&wished, &widths, BETWEEN * size, ends);
    let baseline = bottom + BASELINE * text;
    for (place, &part) in kept.iter().enumerate() {
        let (left, width, span) = (places[place], widths[place], spans[part]);
        let words = std::mem::take(&mut all[part]);
        let is_beneath = left >= span[0] - 0.5 && left + width <= span[1] + 0.5;
        if !is_beneath {
            let middle = 0.5 * (span[0] + span[1]);
            let to = middle.clamp(left + 0.2 * width, left + 0.8 * width);
            let above = baseline - (DIGIT + 0.08) * size;
            let line = vec![[middle, bottom + 0.5], [to, above]];
            sketch.stroke(line, false, 1.0, roles.text_faint);
        }
        let colour = if shares.parts[part].is_global {
            roles.text
        } else {
            roles.text_weak
        };
        sketch.text([left, baseline], Anchor::Left, words, size, colour);
    }
}

/// The labels for which there is room in a row, in their order: those of the least shares are left out.
fn with_room(shares: &[f64], widths: &[f32], gap: f32, room: f32) -> Vec<usize> {
    let mut largest: Vec<usize> = (0..widths.len()).collect();
    largest.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]));
    let mut taken = -gap;
    let mut kept: Vec<usize> = largest
        .into_iter()
        .take_while(|&part| {
            taken += widths[part] + gap;
            taken <= room + 1e-3 * room
        })
        .collect();
    kept.sort_unstable();
    kept
}

/// The left ends of labels in a row: as wished, or moved so that they stay apart and between two ends.
fn side_by_side(wished: &[f32], widths: &[f32], gap: f32, [left, right]: [f32; 2]) -> Vec<f32> {
    let mut places = wished.to_vec();
    let mut free = left;
    for (place, width) in places.iter_mut().zip(widths) {
        *place = place.max(free);
        free = *place + width + gap;
    }
    let mut end = right;
    for (place, width) in places.iter_mut().zip(widths).rev() {
        *place = place.min(end - width);
        end = *place - gap;
    }
    places
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

/// Shades beside each other, from the left to the right of a rectangle.
pub fn shades(shades: [Colour; SHADES], rect: Rect) -> Vec<Primitive> {
    let width = rect.width() / SHADES as f32;
    let shade = |(step, colour): (usize, Colour)| {
        let left = rect.min[0] + step as f32 * width;
        let part = Rect {
            min: [left, rect.min[1]],
            max: [left + width, rect.max[1]],
        };
        Primitive::Fill {
            corners: part.corners(),
            colour,
        }
    };
    shades.into_iter().enumerate().map(shade).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_least_shares_are_left_out_where_there_is_no_room() {
        let shares = [5.0, 40.0, 1.0, 54.0];
        let widths = [20.0; 4];
        assert_eq!(with_room(&shares, &widths, 5.0, 95.0), [0, 1, 2, 3]);
        assert_eq!(with_room(&shares, &widths, 5.0, 94.0), [0, 1, 3]);
        assert_eq!(with_room(&shares, &widths, 5.0, 44.0), [3]);
    }

    #[test]
    fn numbers_in_a_row_stay_apart_and_within_the_ends() {
        let widths = [30.0, 20.0, 30.0];
        for wished in [[0.0, 40.0, 70.0], [0.0, 88.0, 89.0], [0.0, 1.0, 2.0]] {
            let places = side_by_side(&wished, &widths, 5.0, [0.0, 100.0]);
            let ends: Vec<f32> = places.iter().zip(widths).map(|(at, w)| at + w).collect();
            assert!(places[0] >= 0.0 && ends[2] <= 100.0, "{places:?}");
            for place in 1..3 {
                assert!(places[place] >= ends[place - 1] + 5.0 - 1e-3, "{places:?}");
            }
        }
        let free = side_by_side(&[0.0, 40.0, 70.0], &widths, 5.0, [0.0, 100.0]);
        assert_eq!(free, [0.0, 40.0, 70.0]);
    }
}
