//! How figures share an area: beside each other, over each other, in rows and columns.

use crate::{Figure, PageSize, Rect};

/// The size of text on paper.
const EM: f32 = PageSize::TEXT;
/// Between two figures.
const GAP: f32 = 1.2 * EM;
/// A figure is comfortable in this size: what is farther from it is drawn the other way.
const IDEAL: [f32; 2] = [24.0 * EM, 13.0 * EM];
/// The height of the upper of two figures on one axis, as a share.
const UPPER: f32 = 0.64;

/// Two figures, the upper one higher.
pub(crate) fn over_one_axis(area: Rect) -> Vec<Rect> {
    let middle = area.min[1] + UPPER * area.height();
    let (mut upper, mut lower) = (area, area);
    upper.max[1] = middle - 0.5 * GAP;
    lower.min[1] = middle + 0.5 * GAP;
    vec![upper, lower]
}

/// Side by side or one over the other (true), whichever leaves the figures more comfortable.
pub(crate) fn arranged(count: usize, area: Rect) -> (Vec<Rect>, bool) {
    let size = [area.width(), area.height()];
    let comfort = |size: [f32; 2]| (size[0] / IDEAL[0]).min(size[1] / IDEAL[1]);
    let stacked = comfort([size[0], share(count, size[1])]);
    let axis = usize::from(stacked > comfort([share(count, size[0]), size[1]]));
    (cells(count, area, axis), axis == 1)
}

/// Rows and columns of equal areas, as many columns as leave the figures most comfortable at a size of text.
pub fn tiles(count: usize, area: Rect, text: f32) -> Vec<Rect> {
    let comfort = |columns: usize| {
        let rows = count.div_ceil(columns);
        let size = [share(columns, area.width()), share(rows, area.height())];
        // maps are about as high as wide
        (size[0] / IDEAL[1]).min(size[1] / IDEAL[1]) * EM / text
    };
    let columns = (1..=count.max(1))
        .max_by(|&a, &b| comfort(a).total_cmp(&comfort(b)))
        .unwrap_or(1);
    let rows = cells(count.div_ceil(columns), area, 1);
    let all = rows.into_iter().flat_map(|row| cells(columns, row, 0));
    all.take(count).collect()
}

/// What each of some figures gets of a length.
fn share(count: usize, length: f32) -> f32 {
    let many = count.max(1) as f32;
    ((length - GAP * (many - 1.0)) / many).max(1.0)
}

/// An area cut into equal cells along an axis.
pub(crate) fn cells(count: usize, area: Rect, axis: usize) -> Vec<Rect> {
    let share = share(count, [area.width(), area.height()][axis]);
    let cell = |place: usize| {
        let mut rect = area;
        rect.min[axis] += place as f32 * (share + GAP);
        rect.max[axis] = rect.min[axis] + share;
        rect
    };
    (0..count).map(cell).collect()
}

/// The title of a picture without axes, and its edge, in the size of text.
const HEAD: f32 = 2.6;
/// What a picture with axes wants of height for its width, and the first one of the width where others stand beside it.
const CHART: f32 = 0.6;
const FIRST: f32 = 0.4;
/// An area this much wider than high has room for pictures beside the first.
const WIDE: f32 = 1.2;

/// The first figure beside the others, which stand over each other, each as high as its images want; all over each other
/// where the area is narrow.
pub fn beside(figures: &[Figure<'_>], area: Rect, text: f32) -> Vec<Rect> {
    if figures.len() < 2 || area.width() < WIDE * area.height() {
        return stack(figures, area, text);
    }
    let (mut first, mut rest) = (area, area);
    first.max[0] = area.min[0] + FIRST * area.width();
    rest.min[0] = first.max[0] + GAP;
    let rest = stack(&figures[1..], rest, text);
    // the first is no higher than the others together
    first.max[1] = rest.last().map_or(first.max[1], |last| last.max[1]);
    [vec![first], rest].concat()
}

/// Over each other: full width where the height allows it, in proportion less where it does not.
fn stack(figures: &[Figure<'_>], area: Rect, text: f32) -> Vec<Rect> {
    let heads: Vec<f32> = figures
        .iter()
        .map(|figure| if figure.has_axes { 0.0 } else { HEAD * text })
        .collect();
    let bodies = figures.iter().map(|figure| {
        let length = |[low, high]: [f64; 2]| (high - low) as f32;
        let ratio = if figure.has_axes {
            CHART
        } else {
            length(figure.y.range) / length(figure.x.range)
        };
        ratio * area.width()
    });
    let bodies: Vec<f32> = bodies.collect();
    let gaps = GAP * figures.len().saturating_sub(1) as f32;
    let room = (area.height() - gaps - heads.iter().sum::<f32>()).max(1.0);
    let share = (room / bodies.iter().sum::<f32>().max(1.0)).min(1.0);
    let mut top = area.min[1];
    let each = heads.iter().zip(&bodies).map(|(head, body)| {
        let mut rect = area;
        rect.min[1] = top;
        rect.max[1] = top + head + share * body;
        top = rect.max[1] + GAP;
        rect
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_charts_lie_side_by_side_where_there_is_room_and_are_stacked_where_there_is_none() {
        let area = |width: f32, height: f32| Rect {
            min: [0.0; 2],
            max: [width * EM, height * EM],
        };
        let is_stacked = |width, height| {
            let (cells, is_stacked) = arranged(2, area(width, height));
            assert!(
                cells
                    .iter()
                    .all(|cell| cell.width() > 0.0 && cell.height() > 0.0)
            );
            assert_eq!(is_stacked, cells[0].max[1] <= cells[1].min[1]);
            is_stacked
        };
        assert!(!is_stacked(60.0, 20.0));
        assert!(is_stacked(28.0, 32.0));
        assert_eq!(arranged(1, area(5.0, 4.0)).0, [area(5.0, 4.0)]);
        assert!(arranged(0, area(5.0, 4.0)).0.is_empty());
        assert_eq!(arranged(3, area(-1.0, -1.0)).0.len(), 3);
    }
}
