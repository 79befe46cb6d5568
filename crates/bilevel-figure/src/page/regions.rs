//! The filled bands of a relief as regions of a page.

use crate::{Colour, Rect, Relief, Theme};

/// The regions of a relief whose ranges fill a rectangle, with their colours; both axes are linear.
pub(super) fn regions(
    relief: &Relief,
    rect: Rect,
    theme: Theme,
) -> impl Iterator<Item = (Colour, Vec<Vec<[f32; 2]>>)> {
    let share = |value: f64, [low, high]: [f64; 2]| ((value - low) / (high - low)) as f32;
    let pixel = move |&[x, y]: &[f64; 2]| {
        [
            rect.min[0] + share(x, relief.x) * rect.width(),
            rect.max[1] - share(y, relief.y) * rect.height(),
        ]
    };
    let regions = relief.regions.iter().enumerate();
    regions.map(move |(band, lines)| {
        let lines = lines.iter().map(|line| line.iter().map(pixel).collect());
        (relief.colour(band, theme), lines.collect())
    })
}
