//! Content beneath a plot: a small table with bars of the methods' amounts on a logarithmic scale, or a bar of shares.

use super::canvas::{Anchor, Sketch, draw_marker};
use super::shapes::Rect;
use super::{colour_key, share_bar};
use crate::{Foot, FootTable, RichText, fixed, significant};

/// The height of a row and of the heads, as a multiple of the text.
const ROW: f32 = 1.4;
/// The space above the table, as a multiple of the text.
const ABOVE: f32 = 0.5;
/// The width of a marker's column, as a multiple of the text.
const MARKER: f32 = 1.2;
/// The space between columns, as a multiple of the text.
const BETWEEN: f32 = 0.7;
/// The least length of the longest bar, as a multiple of the text; without that room there are no bars.
const SHORTEST: f32 = 1.5;
/// Amounts from this one on are written as a power of ten.
const MOST_PLAIN: f64 = 1e7;
/// The size of numbers and heads, as a share of the text.
const SMALLER: f32 = 0.94;

/// The height of the content at a text size.
pub(crate) fn height(foot: &Foot, text: f32) -> f32 {
    match foot {
        Foot::Table(table) => (ROW * lines(table) + ABOVE) * text,
        Foot::Shares(_) => share_bar::HEIGHT * text,
        Foot::Key(_) => colour_key::HEIGHT * text,
    }
}

/// The number of lines of a table: heads, rows and the remark.
fn lines(table: &FootTable) -> f32 {
    let remark = usize::from(!table.remark.is_empty());
    (table.rows.len() + 1 + remark) as f32
}

/// Draws the content at the bottom of an area.
pub(crate) fn draw(sketch: &mut Sketch, foot: &Foot, area: Rect) {
    match foot {
        Foot::Table(table) => {
            draw_table(sketch, table, area);
            draw_remark(sketch, &table.remark, area);
        }
        Foot::Shares(shares) => share_bar::draw(sketch, shares, area),
        Foot::Key(key) => colour_key::draw(sketch, key, area),
    }
}

/// Draws a table between the sides of an area.
fn draw_table(sketch: &mut Sketch, table: &FootTable, area: Rect) {
    let (text, roles) = (sketch.text, sketch.roles);
    let size = sketch.small(SMALLER);
    // the table also uses the space beside the plot: a narrow column has none to spare
    let (left, right) = (area.min[0] + 0.4 * text, area.max[0] - 0.2 * text);
    let top = area.max[1] - ROW * lines(table) * text;
    let [amounts, numbers] = [
        table
            .rows
            .iter()
            .map(|row| amount_text(row.amount))
            .collect::<Vec<_>>(),
        table
            .rows
            .iter()
            .map(|row| RichText::parse(&row.number))
            .collect(),
    ];
    let heads = table.heads.each_ref().map(|head| RichText::parse(head));
    let widest = |texts: &[RichText]| texts.iter().map(|text| text.width).fold(0.0, f32::max);
    let bars = left + MARKER * text;
    let amounts_width = widest(&amounts) * size;
    let mut numbers_width = widest(&numbers).max(heads[1].width) * size;
    // bars take precedence over numbers
    let least = amounts_width.max(heads[0].width * size - MARKER * text) + BETWEEN * text;
    let has_numbers = numbers_width > 0.0 && right - left - MARKER * text >= least + numbers_width;
    if has_numbers {
        numbers_width += BETWEEN * text;
    } else {
        numbers_width = 0.0;
    }
    let longest = right - numbers_width - amounts_width - 0.4 * text - bars;
    let baseline = |row: usize| top + (row as f32 * ROW + 0.5 * ROW + 0.36) * text;
    let head = heads[0]
        .clone()
        .shortened(((right - numbers_width - left) / size).max(1.0));
    sketch.text(
        [left, baseline(0)],
        Anchor::Left,
        head,
        size,
        roles.text_weak,
    );
    if has_numbers {
        sketch.text(
            [right, baseline(0)],
            Anchor::Right,
            heads[1].clone(),
            size,
            roles.text_weak,
        );
    }
    for (place, (row, (amount, number))) in table
        .rows
        .iter()
        .zip(amounts.into_iter().zip(numbers))
        .enumerate()
    {
        let y = baseline(place + 1);
        let middle = y - 0.36 * text;
        draw_marker(sketch, [left + 0.35 * text, middle], row.style, 0.32 * text);
        let share = (row.amount.max(1.0).ln() / table.most.max(2.0).ln()).clamp(0.0, 1.0) as f32;
        let mut end = bars;
        if longest >= SHORTEST * text {
            end += share * longest;
            let bar = Rect {
                min: [bars, middle - 0.26 * text],
                max: [end, middle + 0.26 * text],
            };
            sketch.fill(bar.corners(), row.style.colour);
            if let Some(edge) = row.style.edge {
                sketch.stroke(bar.corners(), true, 0.8, edge);
            }
            end += 0.4 * text;
        }
        sketch.text([end, y], Anchor::Left, amount, size, roles.text);
        if has_numbers {
            sketch.text([right, y], Anchor::Right, number, size, roles.text);
        }
    }
}

/// Writes the remark of a table, if it has one, in the last line.
fn draw_remark(sketch: &mut Sketch, remark: &str, area: Rect) {
    if remark.is_empty() {
        return;
    }
    let text = sketch.text;
    let size = sketch.small(SMALLER);
    let at = [
        area.min[0] + 0.4 * text,
        area.max[1] - (0.5 * ROW - 0.36) * text,
    ];
    let words = RichText::parse(remark).shortened((area.width() / size).max(1.0));
    let ink = sketch.roles.text_weak;
    sketch.text(at, Anchor::Left, words, size, ink);
}

fn amount_text(amount: f64) -> RichText {
    let number = if amount < MOST_PLAIN {
        fixed(amount, 0)
    } else {
        significant(amount, 3)
    };
    RichText::parse(&format!("${number}$"))
}
