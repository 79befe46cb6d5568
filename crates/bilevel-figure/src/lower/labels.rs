//! Placement of labels at the ends of lines, beside marks and along curves, so that none covers another.

use std::ops::Range;

use super::canvas::{Anchor, Sketch};
use super::line_names::LineName;
use super::shapes::{Primitive, Rect};
use crate::{Layer, RichText, Symbol};

/// The space between a plot and the names beside it, in the size of text.
const INDENT: f32 = 1.1;

/// Draws the names at the ends of lines, moved apart so that none covers another, each in full or not at all: legends and
/// cards have them, too.
///
/// Returns their areas with the slots of their methods.
pub(crate) fn line_labels(
    sketch: &mut Sketch,
    names: &[LineName],
    [right, bottom]: [f32; 2],
) -> Vec<(Rect, usize)> {
    let (plot, roles, height) = (sketch.plot, sketch.roles, sketch.text * 1.3);
    let mut labels: Vec<(f32, [f32; 2], &str, usize)> = Vec::new();
    for name in names {
        let Some([x, y]) = sketch.pixel(name.end) else {
            continue;
        };
        let end = [
            x.clamp(plot.min[0], plot.max[0]),
            y.clamp(plot.min[1], plot.max[1]),
        ];
        let room = (right - plot.max[0]) / sketch.text - INDENT;
        let rows = name.rows(room);
        labels.extend(
            rows.into_iter()
                .map(|(text, slot)| (end[1], end, text, slot)),
        );
    }
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let places: Vec<f32> = labels.iter().map(|label| label.0).collect();
    // many labels may need the space beneath the plot, beside the axis
    let needed = plot.min[1] + height * (places.len() as f32 - 0.5);
    let lowest = needed
        .max(plot.max[1] - 0.2 * height)
        .min((bottom - 0.4 * height).max(plot.max[1] - 0.2 * height));
    let places = spread(&places, height, [plot.min[1] + 0.5 * height, lowest]);
    // the numbers and the label of the axis
    let beneath: Vec<Rect> = sketch
        .primitives
        .iter()
        .filter_map(|it| match it {
            Primitive::Text { at, text, size, .. } if at[1] > plot.max[1] => {
                Some(area(*at, [text.width * size, *size]))
            }
            _ => None,
        })
        .collect();
    let mut named = Vec::new();
    for ((_, end, label, slot), y) in labels.into_iter().zip(places) {
        let at = [plot.max[0] + INDENT * sketch.text, y + 0.36 * sketch.text];
        let size = sketch.text;
        let text = RichText::parse(label);
        let own = area(at, [text.width * size, size]);
        let is_below = y > bottom.max(plot.max[1]);
        if is_below || beneath.iter().any(|other| overlap(*other, own)) {
            continue;
        }
        let from = [plot.max[0] + 2.0, end[1]];
        let to = [plot.max[0] + 0.9 * sketch.text, y];
        if (from[1] - to[1]).abs() > 1.0 || end[0] > plot.max[0] - 3.0 {
            sketch.stroke(vec![from, to], false, 1.0, roles.frame);
        }
        named.push((own, slot));
        sketch.text(at, Anchor::Left, text, size, roles.text);
    }
    named
}

/// Moves sorted positions to at least `height` apart, as little as possible from the middle of each crowd, within
/// bounds.
fn spread(places: &[f32], height: f32, [low, high]: [f32; 2]) -> Vec<f32> {
    // crowds of touching labels: sum of the wished positions, number of labels
    let mut crowds: Vec<(f32, usize)> = Vec::new();
    let top = |&(sum, count): &(f32, usize)| {
        let count = count as f32;
        (sum / count - 0.5 * height * (count - 1.0))
            .min(high - height * (count - 1.0))
            .max(low)
    };
    for &place in places {
        crowds.push((place, 1));
        while let [.., before, last] = crowds[..]
            && top(&last) < top(&before) + height * before.1 as f32
        {
            crowds.pop();
            crowds.pop();
            crowds.push((before.0 + last.0, before.1 + last.1));
        }
    }
    let spread = |crowd: &(f32, usize)| {
        let first = top(crowd);
        (0..crowd.1).map(move |place| first + height * place as f32)
    };
    crowds.iter().flat_map(spread).collect()
}

/// The radius that a fixed mark takes; `None` for a moving one.
fn radius_of(symbol: Symbol) -> Option<f32> {
    match symbol {
        Symbol::Dot => Some(3.5),
        Symbol::Answer | Symbol::Goal | Symbol::Star => Some(8.0),
        Symbol::Minimum => Some(4.5),
        Symbol::Guess => Some(7.6),
        Symbol::Start => Some(7.0),
        Symbol::OtherStart => Some(4.0),
        _ => None,
    }
}

/// The radius of a fixed mark, or of several method markers that cover it.
fn beyond_heads(sketch: &Sketch, [x, y]: [f32; 2], radius: f32) -> f32 {
    let covering = sketch.heads.iter().filter(|(at, of_group)| {
        let distance = (at[0] - x).hypot(at[1] - y);
        *of_group > radius && distance < 0.5 * of_group
    });
    covering
        .map(|(_, of_group)| *of_group)
        .fold(radius, f32::max)
}

/// The place of the label of a strip, at the upper end of its edge.
pub(crate) fn strip_label(sketch: &Sketch, until: f64) -> [f32; 2] {
    let right = sketch.transform.along(0, until).min(sketch.plot.max[0]);
    [right + 4.0, sketch.plot.min[1] + 1.25 * sketch.text]
}

/// The rectangles of the fixed marks and dots, and of the labels of strips.
pub(crate) fn fixed_marks(sketch: &Sketch, layers: &[Layer<'_>]) -> Vec<Rect> {
    let mut taken = Vec::new();
    for layer in layers {
        if let Layer::Strip { until, label } = layer {
            let at = strip_label(sketch, *until);
            let size = sketch.label_size();
            let width = RichText::parse(label).width * size;
            taken.push(area(at, [width, size]));
            continue;
        }
        let (places, radius) = match layer {
            Layer::Beads { points, .. } => (points.clone(), 3.0),
            Layer::Jumps(jumps) => (jumps.iter().flatten().copied().collect(), 4.0),
            Layer::Dots(places) => (places.to_vec(), 4.0),
            Layer::Mark { at, symbol, .. } => match radius_of(*symbol) {
                Some(radius) => (vec![*at], radius),
                None => continue,
            },
            _ => continue,
        };
        let pixels = places.into_iter().filter_map(|at| sketch.pixel(at));
        taken.extend(pixels.map(|at| around(at, [radius, radius])));
    }
    taken
}

/// The tracks, the thin curves, the guides and the outlines of areas in pixels.
pub(crate) fn neutral_curves(sketch: &Sketch, layers: &[Layer<'_>]) -> Vec<Vec<[f32; 2]>> {
    let mut curves: Vec<Vec<[f32; 2]>> = Vec::new();
    let pixels = |points: &[[f64; 2]]| -> Vec<[f32; 2]> {
        points.iter().filter_map(|&at| sketch.pixel(at)).collect()
    };
    for layer in layers {
        match layer {
            Layer::Track(branches) => curves.extend(branches.iter().map(|it| pixels(it))),
            Layer::Threads { curves: thin, .. } => curves.extend(thin.iter().map(|it| pixels(it))),
            Layer::Guide(points) => curves.push(pixels(points)),
            Layer::Area(corners) => curves.push(outline(&pixels(corners))),
            Layer::Arrows { ends, .. } if ends.len() <= FEW_ARROWS => {
                curves.extend(ends.iter().map(|ends| shaft(&pixels(ends))));
            }
            _ => {}
        }
    }
    curves
}

/// More arrows than this are a field, which labels lie over.
const FEW_ARROWS: usize = 8;

/// A line with points close to each other.
pub(crate) fn shaft(ends: &[[f32; 2]]) -> Vec<[f32; 2]> {
    const STEPS: usize = 16;
    let [from, to] = ends else {
        return Vec::new();
    };
    let shares = (0..=STEPS).map(|step| step as f32 / STEPS as f32);
    shares
        .map(|share| [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis])))
        .collect()
}

/// The most points of a path that labels avoid, and about the most of all paths: a survey has hundreds, and each frame
/// places the labels.
const PATH_POINTS: usize = 128;
const ALL_PATH_POINTS: usize = 4096;

/// The whole paths of the runs in pixels, so that no label moves with the playhead.
pub(crate) fn paths(sketch: &Sketch, layers: &[Layer<'_>]) -> Vec<Vec<[f32; 2]>> {
    let is_path = |layer: &&Layer<'_>| matches!(layer, Layer::Path(_) | Layer::Trail(_));
    let paths = layers.iter().filter(is_path).count().max(1);
    let most = (ALL_PATH_POINTS / paths).clamp(2, PATH_POINTS);
    let sampled = |rows: Range<usize>, point: &dyn Fn(usize) -> Option<[f64; 2]>| {
        let step = (rows.len() / most).max(1);
        let rows = rows.clone().step_by(step).chain(rows.last());
        let points = rows.filter_map(point);
        points.filter_map(|at| sketch.pixel(at)).collect()
    };
    let lines = layers.iter().filter_map(|layer| match layer {
        Layer::Path(path) => Some(sampled(path.from..path.len(), &|row| path.point(row))),
        Layer::Trail(trail) => {
            let points = &trail.points;
            Some(sampled(0..points.len(), &|row| points.get(row).copied()))
        }
        _ => None,
    });
    lines.collect()
}

/// True if a rectangle is at a distance from all curves.
pub(crate) fn is_clear(rect: Rect, pieces: &[CurvePiece<'_>]) -> bool {
    let mut near = pieces.iter().filter(|piece| overlap(rect, piece.extent));
    !near.any(|piece| distance(rect, piece.points).any(|gap| gap < OFF_CURVE))
}

/// The outline of a polygon, with points no farther apart than labels are wide.
fn outline(corners: &[[f32; 2]]) -> Vec<[f32; 2]> {
    const STEP: f32 = 6.0;
    let mut points = Vec::new();
    for (place, &from) in corners.iter().enumerate() {
        let to = corners[(place + 1) % corners.len()];
        let steps = ((to[0] - from[0]).hypot(to[1] - from[1]) / STEP).clamp(1.0, 400.0) as usize;
        points.extend((0..steps).map(|step| {
            let share = step as f32 / steps as f32;
            [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]))
        }));
    }
    points.extend(corners.first());
    points
}

/// A label with the left end of its baseline.
pub(crate) type PlacedLabel<'a> = ([f32; 2], &'a str);

/// The places of the labels beside marks: on the right, or at the first free place that covers neither another mark nor a
/// label, and no curve either if there is such a place. A label without a free place is left out.
///
/// They are chosen before anything is drawn, so that the values of contours keep clear of them.
pub(crate) fn place_mark_labels<'a>(
    sketch: &mut Sketch,
    layers: &'a [Layer<'_>],
) -> Vec<PlacedLabel<'a>> {
    let mut taken = std::mem::take(&mut sketch.taken);
    let mut named: Vec<([f32; 2], f32, &str)> = Vec::new();
    for layer in layers {
        if let Layer::Mark { at, symbol, label } = layer
            && let Some(radius) = radius_of(*symbol)
            && let Some(pixel) = sketch.pixel(*at).filter(|&at| sketch.plot.contains(at))
            && !label.is_empty()
        {
            named.push((pixel, beyond_heads(sketch, pixel, radius), label));
        }
    }
    let heads = sketch.heads.iter();
    let heads: Vec<Rect> = heads
        .map(|(at, radius)| around(*at, [*radius; 2]))
        .collect();
    let size = sketch.label_size();
    let curves = std::mem::take(&mut sketch.curves);
    let of_curves: Vec<CurvePiece<'_>> = curves.iter().flat_map(|curve| pieces(curve)).collect();
    let of_paths: Vec<CurvePiece<'_>> = sketch.paths.iter().flat_map(|path| pieces(path)).collect();
    let mut placed = Vec::new();
    for (at, radius, label) in named {
        let width = RichText::parse(label).width * size;
        let places = places(at, radius, [width, size]);
        let is_own = |other: &Rect| {
            let middle = [0, 1].map(|axis| 0.5 * (other.min[axis] + other.max[axis]));
            (middle[0] - at[0]).hypot(middle[1] - at[1]) < 0.5
        };
        let is_free = |place: &[f32; 2]| {
            let area = area(*place, [width, size]);
            let room = clearance(area);
            fits(sketch.plot, area)
                && !taken
                    .iter()
                    .any(|other| !is_own(other) && overlap(*other, room))
                && !heads.iter().any(|head| overlap(*head, area))
        };
        // a number belongs above its mark, since a curve may run beside it
        let first = if label.len() < 3 { 2 } else { 0 };
        let in_order = places[first..].iter().chain(&places[..first]);
        let free: Vec<[f32; 2]> = in_order.copied().filter(is_free).collect();
        let is_off = |place: &[f32; 2], pieces: &[CurvePiece<'_>]| {
            is_clear(area(*place, [width, size]), pieces)
        };
        let is_off_curves = |place: &&[f32; 2]| is_off(place, &of_curves);
        let is_off_all = |place: &&[f32; 2]| is_off_curves(place) && is_off(place, &of_paths);
        let best = free.iter().find(is_off_all);
        let best = best.or_else(|| free.iter().find(is_off_curves));
        let best = best.or_else(|| free.first());
        if let Some(&place) = best {
            taken.push(area(place, [width, size]));
            placed.push((place, label));
        }
    }
    drop(of_curves);
    drop(of_paths);
    sketch.curves = curves;
    sketch.taken = taken;
    placed
}

/// Draws the labels of marks at their places, and then those of curves.
pub(crate) fn draw_labels(sketch: &mut Sketch, placed: &[PlacedLabel<'_>], layers: &[Layer<'_>]) {
    for (place, label) in placed {
        sketch.label(*place, Anchor::Left, label);
    }
    let mut taken = std::mem::take(&mut sketch.taken);
    curve_names(sketch, layers, &mut taken);
    sketch.taken = taken;
}

/// The least distance of a mark's label from curves, in pixels.
const OFF_CURVE: f32 = 1.5;
/// The number of places along a curve that are tried for its label.
pub(crate) const PLACES: usize = 16;
/// The distance from everything else, in pixels, at which a place for a label is taken at once.
pub(crate) const ROOM: f32 = 9.0;

/// Draws the labels of curves: each beside its curve, as far as possible from everything else; nowhere if there is no room.
fn curve_names(sketch: &mut Sketch, layers: &[Layer<'_>], taken: &mut Vec<Rect>) {
    let curves = std::mem::take(&mut sketch.curves);
    let pixels = |points: &[[f64; 2]]| -> Vec<[f32; 2]> {
        points.iter().filter_map(|&at| sketch.pixel(at)).collect()
    };
    let pieces: Vec<CurvePiece<'_>> = curves.iter().flat_map(|curve| pieces(curve)).collect();
    let heads: Vec<Rect> = sketch
        .heads
        .iter()
        .map(|(at, radius)| around(*at, [*radius; 2]))
        .collect();
    let named = layers.iter().filter_map(|layer| match layer {
        Layer::Name { curve, label } if !label.is_empty() => Some((pixels(curve), label)),
        _ => None,
    });
    let named: Vec<_> = named.collect();
    for (curve, label) in named {
        let size = sketch.label_size();
        let measures = [RichText::parse(label).width * size, size];
        let plot = sketch.plot;
        let visible: Vec<[f32; 2]> = curve.into_iter().filter(|&at| plot.contains(at)).collect();
        let step = (visible.len() / PLACES).max(1);
        // a marker may lie on a curve of a single point
        let away = if visible.len() == 1 { 8.0 } else { 4.0 };
        let mut best: Option<(f32, [f32; 2])> = None;
        for [x, y] in visible.into_iter().step_by(step) {
            if best.is_some_and(|(room, _)| room >= ROOM) {
                break;
            }
            for place in places([x, y], away, measures) {
                let name = area(place, measures);
                if !fits(plot, name) {
                    continue;
                }
                let marks = taken.iter().chain(&heads);
                let marks = marks.map(|other| gap(name, *other));
                let least = best.map_or(f32::NEG_INFINITY, |(room, _)| room);
                // stop measuring a place once it cannot be the best
                let nearer = |room: f32, other: f32| {
                    let room = room.min(other);
                    (room > least).then_some(room)
                };
                let room = marks.into_iter().try_fold(ROOM, nearer);
                let room = room.and_then(|room| {
                    pieces.iter().try_fold(room, |room, piece| {
                        // most pieces are too far away to be measured
                        if room <= gap(name, piece.extent) {
                            return Some(room);
                        }
                        distance(name, piece.points).try_fold(room, nearer)
                    })
                });
                let Some(room) = room else {
                    continue;
                };
                if best.is_none_or(|(most, _)| room > most) {
                    best = Some((room, place));
                }
            }
        }
        if let Some((_, place)) = best.filter(|(room, _)| *room > 0.0) {
            taken.push(area(place, measures));
            sketch.label(place, Anchor::Left, label);
        }
    }
    sketch.curves = curves;
}

/// A few points of a curve with their bounding box.
pub(crate) struct CurvePiece<'a> {
    pub(crate) points: &'a [[f32; 2]],
    pub(crate) extent: Rect,
}

/// The pieces of a curve; each begins with the last point of the one before.
pub(crate) fn pieces(curve: &[[f32; 2]]) -> impl Iterator<Item = CurvePiece<'_>> {
    const POINTS: usize = 32;
    let starts = (0..curve.len().saturating_sub(1)).step_by(POINTS);
    starts.map(|start| {
        let points = &curve[start..curve.len().min(start + POINTS + 1)];
        CurvePiece {
            points,
            extent: extent(points),
        }
    })
}

/// The distances of a curve's points, and of the midpoints between them, from a rectangle; 0 inside of it.
pub(crate) fn distance(rect: Rect, curve: &[[f32; 2]]) -> impl Iterator<Item = f32> {
    curve.windows(2).flat_map(move |pair| {
        [0.0, 0.5].map(|share: f32| {
            let at = [0, 1].map(|axis| pair[0][axis] + share * (pair[1][axis] - pair[0][axis]));
            gap(rect, Rect { min: at, max: at })
        })
    })
}

/// The bounding box of a curve.
fn extent(curve: &[[f32; 2]]) -> Rect {
    let least = |axis: usize| {
        curve
            .iter()
            .map(|at| at[axis])
            .fold(f32::INFINITY, f32::min)
    };
    let most = |axis: usize| {
        curve
            .iter()
            .map(|at| at[axis])
            .fold(f32::NEG_INFINITY, f32::max)
    };
    Rect {
        min: [0, 1].map(least),
        max: [0, 1].map(most),
    }
}

/// The distance between two rectangles; 0 if they meet.
pub(crate) fn gap(a: Rect, b: Rect) -> f32 {
    let [dx, dy] = [0, 1].map(|axis| {
        (a.min[axis] - b.max[axis])
            .max(b.min[axis] - a.max[axis])
            .max(0.0)
    });
    dx.hypot(dy)
}

/// The possible left ends of a label's baseline around a mark: right, left, above, below, and the corners.
pub(crate) fn places([x, y]: [f32; 2], radius: f32, [width, size]: [f32; 2]) -> [[f32; 2]; 8] {
    let gap = radius + 4.0;
    let [right, left, middle] = [x + gap, x - gap - width, x - 0.5 * width];
    let [level, above, below] = [y + 0.34 * size, y - gap, y + gap + 0.75 * size];
    [
        [right, level],
        [left, level],
        [middle, above],
        [middle, below],
        [right, above + 4.0],
        [left, above + 4.0],
        [right, below - 4.0],
        [left, below - 4.0],
    ]
}

/// The rectangle that a label covers, from the left end of its baseline.
pub(crate) fn area([x, y]: [f32; 2], [width, size]: [f32; 2]) -> Rect {
    Rect {
        min: [x, y - 0.86 * size],
        max: [x + width, y + 0.3 * size],
    }
}

/// The rectangle that a label keeps free of other labels and marks: its letters reach a little beyond [`area`].
pub(crate) fn clearance(area: Rect) -> Rect {
    const BESIDE: f32 = 1.0;
    const BETWEEN_LINES: f32 = 2.0;
    Rect {
        min: [area.min[0] - BESIDE, area.min[1] - BETWEEN_LINES],
        max: [area.max[0] + BESIDE, area.max[1] + BETWEEN_LINES],
    }
}

/// The least rectangle that a label keeps free of another one: letters of both reach beyond their areas at the sides.
pub(crate) fn beside(area: Rect) -> Rect {
    const BOTH: f32 = 2.0;
    Rect {
        min: [area.min[0] - BOTH, area.min[1]],
        max: [area.max[0] + BOTH, area.max[1]],
    }
}

/// True if a label lies within a plot, with its slanted letters.
pub(crate) fn fits(plot: Rect, label: Rect) -> bool {
    const SLANT: f32 = 3.0;
    plot.contains([label.min[0] - SLANT, label.min[1]])
        && plot.contains([label.max[0] + SLANT, label.max[1]])
}

pub(crate) fn around([x, y]: [f32; 2], [dx, dy]: [f32; 2]) -> Rect {
    Rect {
        min: [x - dx, y - dy],
        max: [x + dx, y + dy],
    }
}

pub(crate) fn overlap(a: Rect, b: Rect) -> bool {
    (0..2).all(|axis| a.min[axis] < b.max[axis] && b.min[axis] < a.max[axis])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_would_overlap_are_moved_apart_and_others_stay() {
        assert_eq!(spread(&[10.0, 50.0], 12.0, [0.0, 100.0]), [10.0, 50.0]);
        assert_eq!(spread(&[50.0, 50.0], 12.0, [0.0, 100.0]), [44.0, 56.0]);
        let crowded = spread(&[97.0, 98.0, 99.0], 12.0, [0.0, 100.0]);
        assert_eq!(crowded, [76.0, 88.0, 100.0]);
        let many = spread(&[5.0, 6.0, 20.0, 21.0, 22.0, 90.0], 12.0, [0.0, 100.0]);
        assert!(
            many.windows(2).all(|pair| pair[1] - pair[0] >= 11.99),
            "{many:?}"
        );
    }
}
