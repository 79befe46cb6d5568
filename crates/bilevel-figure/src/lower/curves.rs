//! The curves of a figure in pixels, which its labels keep off.

use std::ops::Range;

use super::canvas::Sketch;
use super::obstacles::{LabelObstacles, pieces};
use crate::{Layer, Line};

/// The curves of a figure's layers.
pub(crate) fn obstacles(sketch: &Sketch, layers: &[Layer<'_>]) -> LabelObstacles {
    let cut = |curves: Vec<Vec<[f32; 2]>>| curves.iter().flat_map(|it| pieces(it)).collect();
    LabelObstacles {
        curves: cut(neutral_curves(sketch, layers)),
        runs: cut(runs(sketch, layers)),
    }
}

/// The tracks, the thin curves, the guides and the outlines of areas in pixels.
fn neutral_curves(sketch: &Sketch, layers: &[Layer<'_>]) -> Vec<Vec<[f32; 2]>> {
    let mut curves: Vec<Vec<[f32; 2]>> = Vec::new();
    let pixels = |points: &[[f64; 2]]| -> Vec<[f32; 2]> {
        points.iter().filter_map(|&at| sketch.pixel(at)).collect()
    };
    for layer in layers {
        match layer {
            Layer::Track(branches) => curves.extend(branches.iter().map(|it| pixels(it))),
            Layer::Border { lines, .. } => curves.extend(lines.iter().map(|it| pixels(it))),
            Layer::Threads { curves: thin, .. } => curves.extend(thin.iter().map(|it| pixels(it))),
            Layer::Jumps(jumps) => curves.extend(jumps.iter().map(|it| pixels(it))),
            Layer::Rule { at, .. } => curves.extend(rule(sketch, *at)),
            Layer::Beads { points, .. } | Layer::Guide(points) => curves.push(pixels(points)),
            Layer::Area(corners) => {
                let mut outline = pixels(corners);
                outline.extend(outline.first().copied());
                curves.push(outline);
            }
            Layer::Arrows { ends, .. } if ends.len() <= FEW_ARROWS => {
                curves.extend(ends.iter().map(|ends| pixels(ends)));
            }
            _ => {}
        }
    }
    curves
}

/// The line of a rule across the plot.
fn rule(sketch: &Sketch, at: f64) -> Option<Vec<[f32; 2]>> {
    let plot = sketch.plot;
    let y = sketch.rule_height(at)?;
    Some(vec![[plot.min[0], y], [plot.max[0], y]])
}

/// More arrows than this are a field, which labels lie over.
const FEW_ARROWS: usize = 8;

/// The most points of a run that labels avoid, and about the most of all runs: a survey has hundreds, and each frame
/// places the labels.
const RUN_POINTS: usize = 256;
const ALL_RUN_POINTS: usize = 4096;

/// The whole lines and paths of the runs in pixels.
fn runs(sketch: &Sketch, layers: &[Layer<'_>]) -> Vec<Vec<[f32; 2]>> {
    let is_run =
        |layer: &&Layer<'_>| matches!(layer, Layer::Line(_) | Layer::Path(_) | Layer::Trail(_));
    let count = layers.iter().filter(is_run).count().max(1);
    let most = (ALL_RUN_POINTS / count).clamp(16, RUN_POINTS);
    let sampled = |rows: Range<usize>, point: &dyn Fn(usize) -> Option<[f64; 2]>| {
        let points = some_of(rows, most).into_iter().filter_map(point);
        points.filter_map(|at| sketch.pixel(at)).collect()
    };
    let lines = layers.iter().filter_map(|layer| match layer {
        Layer::Line(line) => Some(line_pixels(sketch, line, most)),
        Layer::Path(path) => Some(sampled(path.from..path.len(), &|row| path.point(row))),
        Layer::Trail(trail) => {
            let points = &trail.points;
            Some(sampled(0..points.len(), &|row| points.get(row).copied()))
        }
        _ => None,
    });
    lines.collect()
}

/// At most `most` of some rows: half of them spread evenly, and half densely at the beginning, where a run moves most.
fn some_of(rows: Range<usize>, most: usize) -> Vec<usize> {
    let count = rows.len();
    if count <= most {
        return rows.collect();
    }
    let half = (most / 2).max(2);
    let last = (count - 1) as f64;
    let even = (0..half).map(|step| step as f64 / (half - 1) as f64 * last);
    let dense = (0..half).map(|step| (last + 1.0).powf(step as f64 / half as f64) - 1.0);
    let mut places: Vec<usize> = even.chain(dense).map(|at| at.round() as usize).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().map(|place| rows.start + place).collect()
}

/// Points of a line at equal distances on the horizontal axis, where rows are dense.
fn line_pixels(sketch: &Sketch, line: &Line<'_>, most: usize) -> Vec<[f32; 2]> {
    let rows = line.from..line.len();
    let picked = if rows.len() <= most {
        rows.collect()
    } else {
        let plot = sketch.plot;
        let x = &line.x[rows.clone()];
        let at = |step: usize| {
            let share = step as f32 / (most - 1) as f32;
            let place = [plot.min[0] + share * plot.width(), plot.min[1]];
            let value = sketch.transform.value(place)[0];
            rows.start + x.partition_point(|known| *known < value).min(x.len() - 1)
        };
        let mut picked: Vec<usize> = (0..most).map(at).collect();
        picked.dedup();
        picked
    };
    let points = picked.into_iter().filter_map(|row| line.point(row));
    points.filter_map(|at| sketch.pixel(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_is_read_at_few_rows_most_of_them_early() {
        let rows = some_of(10..100_010, 100);
        assert!(rows.len() <= 100);
        assert_eq!([rows[0], rows[1]], [10, 11]);
        assert_eq!(rows.last(), Some(&100_009));
        assert_eq!(some_of(3..6, 100), [3, 4, 5]);
    }
}
