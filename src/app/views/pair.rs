//! The areas of a main picture and a chart that explains it: beside each other in a wide view, else stacked.

use egui::{Rect, pos2};

/// Below this height of a stack only the main picture is shown.
const LOW: f32 = 260.0;
/// The least ratio of width to height of a view with the pictures beside each other, and its least width.
const WIDE: f32 = 1.5;
const NARROWEST: f32 = 560.0;
/// The main picture's share of the width beside the other.
const SHARE: f32 = 0.56;
/// The space between the pictures.
const GAP: f32 = 6.0;

/// The areas of a main picture and its chart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) main: Rect,
    /// `None` where there is no room.
    pub(crate) chart: Option<Rect>,
    /// True if the pictures are stacked, and share their left edge.
    pub(crate) is_stacked: bool,
}

/// Divides an area; a stacked main picture gets a share of the height.
pub(crate) fn pair(area: Rect, share: f32) -> Pair {
    let is_wide = area.width() >= (WIDE * area.height()).max(NARROWEST);
    if is_wide {
        let middle = area.left() + SHARE * area.width();
        let main = Rect::from_min_max(area.min, pos2(middle - 0.5 * GAP, area.bottom()));
        let chart = Rect::from_min_max(pos2(middle + 0.5 * GAP, area.top()), area.max);
        return Pair {
            main,
            chart: Some(chart),
            is_stacked: false,
        };
    }
    let has_chart = area.height() >= LOW;
    let middle = area.top() + share * area.height();
    let end = if has_chart {
        middle - 0.5 * GAP
    } else {
        area.bottom()
    };
    let main = Rect::from_min_max(area.min, pos2(area.right(), end));
    let chart = Rect::from_min_max(pos2(area.left(), middle + 0.5 * GAP), area.max);
    Pair {
        main,
        chart: has_chart.then_some(chart),
        is_stacked: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Pos2, vec2};

    #[test]
    fn both_pictures_are_high_enough_to_be_read() {
        // the views at 1280 x 720 in the layouts teach and compare, and in a small window
        for (width, height) in [(712.0, 330.0), (476.0, 600.0), (400.0, 280.0)] {
            let area = Rect::from_min_size(Pos2::ZERO, vec2(width, height));
            let pair = pair(area, 0.62);
            let chart = pair.chart.expect("there is room for both");
            assert!(!pair.main.intersects(chart));
            assert!(area.contains_rect(pair.main) && area.contains_rect(chart));
            assert!(chart.height() > 100.0, "{width} x {height}: {chart:?}");
        }
        let low = Rect::from_min_size(Pos2::ZERO, vec2(300.0, 200.0));
        assert!(pair(low, 0.62).chart.is_none());
    }
}
