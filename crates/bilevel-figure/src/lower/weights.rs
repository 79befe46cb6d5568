//! A table of weights in a free corner of a plot: a row for each method, a bar with its number in each column.

use super::canvas::{Anchor, Sketch, draw_marker};
use super::labels::overlap;
use super::shapes::Rect;
use crate::{RichText, WeightTable, fixed};

/// The size of numbers and names, as a share of the text.
const SIZE: f32 = 0.9;
/// The height of a row and the width of a column, in that size.
const ROW: f32 = 1.4;
const COLUMN: f32 = 3.0;
/// The space within the plate and between columns, in that size.
const GAP: f32 = 0.5;
/// The largest share of the plot's width and height; in a smaller plot there is no table.
const MOST: [f32; 2] = [0.36, 0.5];
/// The opacity of a bar beneath its number.
const BAR: f32 = 0.55;

/// Draws the table; nothing without a free corner.
pub(crate) fn draw_weights(sketch: &mut Sketch, table: &WeightTable) {
    let size = sketch.small(SIZE);
    let title = RichText::parse(&table.title);
    let first = (title.width + 2.0 * GAP) * size;
    let width = first + (COLUMN * table.columns.len() as f32 + GAP) * size;
    let height = (ROW * (table.rows.len() as f32 + 1.0) + 2.0 * GAP) * size;
    let Some(plate) = corner(sketch, [width, height]).filter(|_| !table.rows.is_empty()) else {
        return;
    };
    sketch.taken.push(plate);
    let (roles, plot) = (sketch.roles, sketch.roles.plot);
    sketch.fill(plate.corners(), plot.faded(0.86));
    let left = plate.min[0] + GAP * size;
    let middle = |row: usize| plate.min[1] + (GAP + ROW * (row as f32 + 0.5)) * size;
    let baseline = |row: usize| middle(row) + 0.36 * size;
    let start = |column: usize| plate.min[0] + first + COLUMN * size * column as f32;
    let ink = roles.text_weak;
    sketch.text([left, baseline(0)], Anchor::Left, title, size, ink);
    for (column, name) in table.columns.iter().enumerate() {
        let at = [start(column), baseline(0)];
        sketch.text(at, Anchor::Left, RichText::parse(name), size, ink);
    }
    for (number, (style, weights)) in table.rows.iter().enumerate() {
        let row = number + 1;
        let marker = [left + 0.5 * title_width(first, size), middle(row)];
        draw_marker(sketch, marker, *style, 0.36 * size);
        for (column, weight) in weights.iter().enumerate() {
            let length = (COLUMN - GAP) * size * weight.clamp(0.0, 1.0) as f32;
            let bar = Rect {
                min: [start(column), middle(row) - 0.55 * size],
                max: [start(column) + length, middle(row) + 0.55 * size],
            };
            let colour = style.colour.faded(BAR);
            sketch.fill(bar.corners(), colour);
            let words = RichText::parse(&fixed(*weight, 2));
            let at = [start(column) + 0.2 * size, baseline(row)];
            sketch.text(at, Anchor::Left, words, size, roles.text);
        }
    }
}

/// The width of the first column without its gaps.
fn title_width(first: f32, size: f32) -> f32 {
    first - 2.0 * GAP * size
}

/// A corner of the plot without marks and curves for a plate of a size.
fn corner(sketch: &Sketch, [width, height]: [f32; 2]) -> Option<Rect> {
    let plot = sketch.plot;
    if width > MOST[0] * plot.width() || height > MOST[1] * plot.height() {
        return None;
    }
    let inset = GAP * sketch.text;
    let room = [
        plot.width() - width - 2.0 * inset,
        plot.height() - height - 2.0 * inset,
    ];
    let corners = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]].map(|corner: [f32; 2]| {
        let at = [0, 1].map(|axis| plot.min[axis] + inset + corner[axis] * room[axis]);
        Rect {
            min: at,
            max: [at[0] + width, at[1] + height],
        }
    });
    let is_free = |plate: &Rect| {
        !sketch.taken.iter().any(|mark| overlap(*mark, *plate))
            && !sketch.obstacles.is_on_curve(*plate)
    };
    corners.into_iter().find(is_free)
}
