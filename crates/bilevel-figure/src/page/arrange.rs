//! Arrangement of figures in an area: side by side, stacked, or in rows and columns.

use crate::{Figure, PageSize, Rect};

/// The size of text on paper.
const EM: f32 = PageSize::TEXT;
/// The gap between two figures.
const GAP: f32 = 1.2 * EM;
/// The preferred size of a figure; of two arrangements, the one with more room relative to it is chosen.
const IDEAL: [f32; 2] = [24.0 * EM, 13.0 * EM];
/// The height of the upper of two figures on one axis, as a share.
const UPPER: f32 = 0.64;

/// Areas of two stacked figures, the upper one taller unless the lower one needs more: `least` is its least height.
pub(crate) fn over_one_axis(area: Rect, least: f32) -> Vec<Rect> {
    let upper = (UPPER * area.height()).min(area.height() - least);
    let middle = area.min[1] + upper.max(0.5 * area.height());
    let (mut upper, mut lower) = (area, area);
    upper.max[1] = middle - 0.5 * GAP;
    lower.min[1] = middle + 0.5 * GAP;
    vec![upper, lower]
}

/// Areas side by side or stacked (true), whichever leaves each figure more room.
pub(crate) fn arranged(count: usize, area: Rect) -> (Vec<Rect>, bool) {
    let size = [area.width(), area.height()];
    let comfort = |size: [f32; 2]| (size[0] / IDEAL[0]).min(size[1] / IDEAL[1]);
    let stacked = comfort([size[0], share(count, size[1])]);
    let axis = usize::from(stacked > comfort([share(count, size[0]), size[1]]));
    (cells(count, area, axis), axis == 1)
}

/// Equal areas in the rows and columns that leave each figure most room at a text size.
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

/// Equal areas in rows of two; the last of an odd number has its row alone.
pub fn pairs(count: usize, area: Rect) -> Vec<Rect> {
    let rows = cells(count.div_ceil(2), area, 1);
    let rows = rows.into_iter().enumerate();
    let areas = rows.flat_map(|(row, area)| cells((count - 2 * row).min(2), area, 0));
    areas.collect()
}

/// Equal areas side by side or, where they would be narrower than `least`, in rows of fewer.
pub(crate) fn rows(count: usize, area: Rect, least: f32) -> Vec<Rect> {
    let columns = (1..=count.max(1))
        .rev()
        .find(|columns| share(*columns, area.width()) >= least)
        .unwrap_or(1);
    let rows = cells(count.div_ceil(columns), area, 1);
    let all = rows.into_iter().flat_map(|row| cells(columns, row, 0));
    all.take(count).collect()
}

/// The part of a length that each of `count` figures gets, without the gaps.
fn share(count: usize, length: f32) -> f32 {
    let many = count.max(1) as f32;
    ((length - GAP * (many - 1.0)) / many).max(1.0)
}

/// Cuts an area into equal cells along an axis.
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

/// The height of a figure's title without axes, and its edge, in the size of text.
const HEAD: f32 = 2.6;
/// The height of a figure with axes, as a share of its width.
const CHART: f32 = 0.6;
/// The width of the first figure with others beside it, as a share.
const FIRST: f32 = 0.4;
/// The least ratio of width to height of an area with room for figures beside the first.
const WIDE: f32 = 1.2;

/// Areas of the first figure beside the others, which are stacked, each at the height of its images; all are stacked in
/// a narrow area.
pub fn beside(figures: &[Figure<'_>], area: Rect, text: f32) -> Vec<Rect> {
    if figures.len() < 2 || area.width() < WIDE * area.height() {
        return stack(figures, area, text);
    }
    let (mut first, mut rest) = (area, area);
    first.max[0] = area.min[0] + FIRST * area.width();
    rest.min[0] = first.max[0] + GAP;
    let rest = stack(&figures[1..], rest, text);
    // the first is no taller than the others together
    first.max[1] = rest.last().map_or(first.max[1], |last| last.max[1]);
    [vec![first], rest].concat()
}

/// Stacked areas of full width; if they exceed the area, all heights are scaled down alike.
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
