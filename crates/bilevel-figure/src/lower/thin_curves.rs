//! Thin curves beside a track: other branches, jumps, and folds at which branches meet.

use super::canvas::{Sketch, ring};
use super::shapes::dashes;
use crate::LinePattern;

/// The width of a thin curve.
const WIDTH: f32 = 1.3;
/// The additional width of the casing that keeps contours away from a thin curve.
const CASING: f32 = 2.6;
/// Points closer than this to the last one are left out, in pixels.
const NEAR: f32 = 0.4;

/// Draws thin neutral curves.
pub(crate) fn draw_threads(sketch: &mut Sketch, curves: &[Vec<[f64; 2]>], manner: LinePattern) {
    let roles = sketch.roles;
    for curve in curves {
        let points = thinned(sketch, curve);
        if manner != LinePattern::Dotted {
            sketch.stroke(points.clone(), false, WIDTH + CASING, roles.plot.faded(0.8));
        }
        let pattern: &[f32] = match manner {
            LinePattern::Solid => &[],
            LinePattern::Dashed => &[6.0, 4.0],
            LinePattern::Dotted => &[1.4, 3.4],
        };
        for piece in dashes(points, pattern, 1.0) {
            sketch.stroke(piece, false, WIDTH, roles.text_weak);
        }
    }
}

/// Draws jumps: a dotted line between two open ends.
pub(crate) fn draw_jumps(sketch: &mut Sketch, jumps: &[[[f64; 2]; 2]]) {
    let roles = sketch.roles;
    for ends in jumps {
        let [Some(from), Some(to)] = ends.map(|end| sketch.pixel(end)) else {
            continue;
        };
        for piece in dashes(vec![from, to], &[1.4, 3.4], 1.0) {
            sketch.stroke(piece, false, 1.1, roles.text_weak);
        }
        for end in [from, to] {
            ring(sketch, end, 4.4, roles.plot);
            ring(sketch, end, 3.6, roles.text_weak);
            ring(sketch, end, 2.2, roles.plot);
        }
    }
}

/// Draws small dots, at folds of branches or isolated values.
pub(crate) fn draw_dots(sketch: &mut Sketch, places: &[[f64; 2]]) {
    let roles = sketch.roles;
    for &place in places {
        if let Some(at) = sketch.pixel(place) {
            ring(sketch, at, 3.8, roles.plot);
            ring(sketch, at, 2.6, roles.text_weak);
        }
    }
}

/// The pixels of a curve, thinned: refinement may have put many points into one pixel.
fn thinned(sketch: &Sketch, curve: &[[f64; 2]]) -> Vec<[f32; 2]> {
    let mut kept: Vec<[f32; 2]> = Vec::with_capacity(curve.len());
    let last = curve.len().saturating_sub(1);
    for (number, &point) in curve.iter().enumerate() {
        let Some(at) = sketch.pixel(point) else {
            continue;
        };
        let is_apart = |before: &[f32; 2]| (at[0] - before[0]).hypot(at[1] - before[1]) >= NEAR;
        if number == last || kept.last().is_none_or(is_apart) {
            kept.push(at);
        }
    }
    kept
}
