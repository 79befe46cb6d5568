//! Lines cut at the edge of the plot, so that what lies far outside has no dashes and no numbers, and arrows where they leave.

use super::canvas::Sketch;
pub(crate) use super::rects::inside;
use super::shapes::Rect;
use crate::LineStyle;

/// The distance from the plot at which lines are cut, in pixels: their ends and joints are invisible there.
const MARGIN: f32 = 12.0;
/// The size of an arrow, and its distance from the edge, in pixels.
const ARROW: f32 = 6.0;
const INSET: f32 = 3.0;

/// The pieces of a line near the plot. A line that does not leave it stays as it is.
pub(crate) fn visible(points: Vec<[f32; 2]>, plot: Rect) -> Vec<Vec<[f32; 2]>> {
    let near = Rect {
        min: plot.min.map(|end| end - MARGIN),
        max: plot.max.map(|end| end + MARGIN),
    };
    if points.iter().all(|&at| near.contains(at)) {
        return vec![points];
    }
    let mut pieces: Vec<Vec<[f32; 2]>> = Vec::new();
    let mut piece: Vec<[f32; 2]> = Vec::new();
    for pair in points.windows(2) {
        let Some([from, to]) = inside([pair[0], pair[1]], near) else {
            pieces.push(std::mem::take(&mut piece));
            continue;
        };
        if piece.last() != Some(&from) {
            pieces.push(std::mem::take(&mut piece));
            piece.push(from);
        }
        piece.push(to);
    }
    pieces.push(piece);
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

/// Draws an arrow at the edge of the plot, towards a position outside of it.
pub(crate) fn draw_arrow(sketch: &mut Sketch, at: [f32; 2], style: LineStyle) {
    let plot = sketch.plot;
    let edge = [0, 1].map(|axis| {
        let [low, high] = [plot.min[axis] + INSET, plot.max[axis] - INSET];
        at[axis].max(low).min(high)
    });
    let way = [at[0] - edge[0], at[1] - edge[1]];
    let length = way[0].hypot(way[1]);
    if !length.is_finite() || length == 0.0 {
        return;
    }
    let [dx, dy] = way.map(|part| part / length);
    let corner = |along: f32, aside: f32| {
        [
            edge[0] + along * dx - aside * dy,
            edge[1] + along * dy + aside * dx,
        ]
    };
    let casing = sketch.roles.plot;
    for (size, colour) in [
        (ARROW + 2.0, casing),
        (ARROW, style.edge.unwrap_or(style.colour)),
        (ARROW - 1.0, style.colour),
    ] {
        let back = -1.4 * ARROW - 0.5 * (size - ARROW);
        let tip = 0.5 * (size - ARROW);
        sketch.fill(
            vec![
                corner(tip, 0.0),
                corner(back, 0.75 * size),
                corner(back, -0.75 * size),
            ],
            colour,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Rect = Rect {
        min: [0.0; 2],
        max: [100.0; 2],
    };

    #[test]
    fn a_line_inside_stays_and_one_that_leaves_is_cut_at_the_edge() {
        let line = vec![[10.0, 10.0], [50.0, 90.0], [100.0, 20.0]];
        assert_eq!(visible(line.clone(), PLOT), [line]);
        let away = visible(
            vec![
                [50.0, 50.0],
                [60.0, 50.0],
                [1e30, 50.0],
                [1e30, 60.0],
                [60.0, 60.0],
            ],
            PLOT,
        );
        assert_eq!(away.len(), 2);
        assert_eq!(away[0][..2], [[50.0, 50.0], [60.0, 50.0]]);
        assert!((away[0][2][0] - 112.0).abs() < 1e-3, "{away:?}");
        assert_eq!(away[1].last(), Some(&[60.0, 60.0]));
        let across = visible(vec![[-1e9, 50.0], [1e9, 50.0]], PLOT);
        assert!(
            (across[0][0][0] + 12.0).abs() < 1e-3 && across.len() == 1,
            "{across:?}"
        );
        assert!(visible(vec![[-50.0, -40.0], [-50.0, 1e9]], PLOT).is_empty());
    }
}
