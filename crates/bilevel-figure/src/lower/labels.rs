//! Placement of labels at the ends of lines, beside marks and along curves, so that none covers another.

use std::rc::Rc;

use super::canvas::{Anchor, Sketch};
use super::line_names::LineName;
use super::obstacles::{CurvePiece, LabelObstacles, LabelPlace, distance, to_segment};
pub(crate) use super::rects::{area, around, beside, clearance, fits, gap, overlap};
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

/// A label with its place.
pub(crate) type PlacedLabel<'a> = (LabelPlace, &'a str);

/// The places of the labels beside marks: on the right, or at the first free place that covers neither another mark nor a
/// label, and no curve either if there is such a place. A label without a free place is left out.
///
/// They are chosen before anything is drawn, so that the values of contours keep clear of them.
pub(crate) fn place_mark_labels<'a>(
    sketch: &mut Sketch,
    layers: &'a [Layer<'_>],
) -> Vec<PlacedLabel<'a>> {
    let mut taken = std::mem::take(&mut sketch.taken);
    let mut named: Vec<([f32; 2], [f32; 2], &str)> = Vec::new();
    for layer in layers {
        if let Layer::Mark { at, symbol, label } = layer
            && let Some(radius) = radius_of(*symbol)
            && let Some(pixel) = sketch.pixel(*at).filter(|&at| sketch.plot.contains(at))
            && !label.is_empty()
        {
            let beyond = beyond_heads(sketch, pixel, radius);
            named.push((pixel, [radius, beyond], label));
        }
    }
    let heads = head_rects(sketch);
    let size = sketch.label_size();
    let marks = all_marks(sketch, layers);
    let mut placed = Vec::new();
    for (at, [own_radius, radius], label) in named {
        let measures = [RichText::parse(label).width * size, size];
        let is_own = |other: &Rect| {
            let middle = [0, 1].map(|axis| 0.5 * (other.min[axis] + other.max[axis]));
            (middle[0] - at[0]).hypot(middle[1] - at[1]) < 0.5
        };
        let has_room = |place: &[f32; 2], room: Rect| {
            let own = area(*place, measures);
            let mut others = taken.iter().filter(|other| !is_own(other));
            fits(sketch.plot, own)
                && !others.any(|other| overlap(*other, room))
                && !heads.iter().any(|head| overlap(*head, own))
        };
        // a number belongs above its mark, since a curve may run beside it
        let first = if label.chars().count() < 3 { 2 } else { 0 };
        let all = near_and_far(at, radius, measures, first);
        let mark = NamedMark {
            at,
            radii: [own_radius, radius],
            marks: &marks,
        };
        let place = mark.best_label(&sketch.obstacles, (&all, measures), has_room);
        if let Some(place) = place {
            taken.push(area(place.at, measures));
            placed.push((place, label));
        }
    }
    sketch.taken = taken;
    placed
}

/// A mark that is named, among all marks of a picture.
pub(crate) struct NamedMark<'a> {
    pub(crate) at: [f32; 2],
    /// Its radius, and that with the markers and the tips around it.
    pub(crate) radii: [f32; 2],
    /// All marks with their radii.
    pub(crate) marks: &'a [([f32; 2], f32)],
}

impl NamedMark<'_> {
    /// The other marks; markers that cover the mark are at its place.
    fn others(&self) -> impl Iterator<Item = ([f32; 2], f32)> {
        let all = self.marks.iter().copied();
        all.filter(|(at, radius)| {
            let distance = (at[0] - self.at[0]).hypot(at[1] - self.at[1]);
            distance >= ONE_PLACE.max(0.5 * radius)
        })
    }

    /// True if a rectangle is nearer to the mark than to any other; rings are parts of a mark.
    fn is_nearest(&self, rect: Rect) -> bool {
        let off = |mark: [f32; 2], radius: f32| {
            let point = Rect {
                min: mark,
                max: mark,
            };
            gap(rect, point) - (radius - ONE_MARKER).max(0.0)
        };
        let of_own = off(self.at, self.radii[0]);
        self.others().all(|(at, radius)| of_own < off(at, radius))
    }

    /// The line from a rectangle to the edge of the mark; `None` if it would go through another mark.
    fn leader(&self, rect: Rect) -> Option<[[f32; 2]; 2]> {
        let from = [0, 1].map(|axis| self.at[axis].clamp(rect.min[axis], rect.max[axis]));
        let way = [0, 1].map(|axis| from[axis] - self.at[axis]);
        let share = self.radii[1] / way[0].hypot(way[1]).max(self.radii[1]);
        let to = [0, 1].map(|axis| self.at[axis] + share * way[axis]);
        let is_clear = self
            .others()
            .all(|(at, radius)| to_segment(at, [from, to]) > radius.max(ONE_MARKER));
        is_clear.then_some([from, to])
    }

    /// The best of some places for a label: apart from others and nearest to its mark, or with a leader to it, else at least
    /// off others.
    pub(crate) fn best_label(
        &self,
        obstacles: &LabelObstacles,
        (places, measures): (&[[f32; 2]], [f32; 2]),
        has_room: impl Fn(&[f32; 2], Rect) -> bool,
    ) -> Option<LabelPlace> {
        let rect = |place: &[f32; 2]| area(*place, measures);
        let is_apart = |place: &[f32; 2]| has_room(place, clearance(rect(place)));
        let is_free = |place: &[f32; 2]| has_room(place, beside(rect(place)));
        let apart: Vec<[f32; 2]> = places.iter().copied().filter(is_apart).collect();
        let free: Vec<[f32; 2]> = places.iter().copied().filter(is_free).collect();
        let nearest = [&apart, &free].into_iter().find_map(|of| {
            let nearest = of.iter().copied().filter(|it| self.is_nearest(rect(it)));
            obstacles.best(nearest, measures)
        });
        let led = || {
            let led = free.iter().copied();
            let led = led.filter(|it| self.leader(rect(it)).is_some());
            let place = obstacles.best(led, measures)?;
            let leader = self.leader(rect(&place.at));
            Some(LabelPlace { leader, ..place })
        };
        nearest
            .or_else(led)
            .or_else(|| obstacles.best(free.iter().copied(), measures))
    }
}

/// Draws the labels of marks at their places, and then those of curves.
pub(crate) fn draw_labels(sketch: &mut Sketch, placed: &[PlacedLabel<'_>], layers: &[Layer<'_>]) {
    for (place, label) in placed {
        sketch.label_at(*place, RichText::parse(label));
    }
    let mut taken = std::mem::take(&mut sketch.taken);
    curve_names(sketch, layers, &mut taken);
    sketch.taken = taken;
}

/// The number of places along a curve that are tried for its label.
pub(crate) const PLACES: usize = 16;
/// The distance from everything else, in pixels, at which a place for a label is taken at once.
pub(crate) const ROOM: f32 = 9.0;

/// Draws the labels of curves: each beside its curve, as far as possible from everything else, else on a ground where runs
/// cross it; nowhere if there is no room off marks and neutral curves.
fn curve_names(sketch: &mut Sketch, layers: &[Layer<'_>], taken: &mut Vec<Rect>) {
    let obstacles = Rc::clone(&sketch.obstacles);
    let heads = head_rects(sketch);
    for layer in layers {
        let Layer::Name { curve, label } = layer else {
            continue;
        };
        if label.is_empty() {
            continue;
        }
        let size = sketch.label_size();
        let measures = [RichText::parse(label).width * size, size];
        let pixels = curve.iter().filter_map(|&at| sketch.pixel(at));
        let visible: Vec<[f32; 2]> = pixels.filter(|&at| sketch.plot.contains(at)).collect();
        let rects: Vec<Rect> = taken.iter().chain(&heads).copied().collect();
        let neutral: Vec<&CurvePiece> = obstacles.curves.iter().collect();
        let all: Vec<&CurvePiece> = neutral.iter().copied().chain(&obstacles.runs).collect();
        let subject = (sketch.plot, &visible[..], measures);
        let off_all = roomiest(subject, &rects, &all);
        let place = off_all.map(|at| (at, false));
        let place = place.or_else(|| roomiest(subject, &rects, &neutral).map(|at| (at, true)));
        if let Some((at, is_crossed)) = place {
            taken.push(area(at, measures));
            let place = LabelPlace {
                is_crossed,
                ..LabelPlace::free(at)
            };
            sketch.label_at(place, RichText::parse(label));
        }
    }
}

/// The place beside a curve that is farthest from rectangles and curves; `None` if each meets one of them.
fn roomiest(
    (plot, visible, measures): (Rect, &[[f32; 2]], [f32; 2]),
    rects: &[Rect],
    curves: &[&CurvePiece],
) -> Option<[f32; 2]> {
    let step = (visible.len() / PLACES).max(1);
    // a marker may lie on a curve of a single point
    let away = if visible.len() == 1 { 8.0 } else { 4.0 };
    let mut best: Option<(f32, [f32; 2])> = None;
    for &at in visible.iter().step_by(step) {
        if best.is_some_and(|(room, _)| room >= ROOM) {
            break;
        }
        for place in places(at, away, measures) {
            let name = area(place, measures);
            if !fits(plot, name) {
                continue;
            }
            let least = best.map_or(0.0, |(room, _)| room);
            // stop measuring a place once it cannot be the best
            let nearer = |room: f32, other: f32| {
                let room = room.min(other);
                (room > least).then_some(room)
            };
            let mut marks = rects.iter().map(|other| gap(name, *other));
            let room = marks.try_fold(ROOM, nearer);
            let room = room.and_then(|room| {
                // most pieces are too far away to be measured
                curves.iter().try_fold(room, |room, piece| {
                    if room <= gap(name, piece.extent) {
                        Some(room)
                    } else {
                        nearer(room, distance(name, piece))
                    }
                })
            });
            if let Some(room) = room {
                best = Some((room, place));
            }
        }
    }
    best.map(|(_, place)| place)
}

/// The rectangles of the groups of method markers.
pub(crate) fn head_rects(sketch: &Sketch) -> Vec<Rect> {
    let heads = sketch.heads.iter();
    heads
        .map(|(at, radius)| around(*at, [*radius; 2]))
        .collect()
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

/// The distance of the places beyond those next to a mark, in the size of its label.
const BEYOND: f32 = 0.9;
/// Marks closer than this, in pixels, are at one place for their labels.
const ONE_PLACE: f32 = 5.0;
/// The radius of a marker without rings, and the least distance of a leader from a mark that is no larger.
const ONE_MARKER: f32 = 8.0;

/// The places next to a mark in the order in which they are tried, and those farther off.
pub(crate) fn near_and_far(
    at: [f32; 2],
    radius: f32,
    measures: [f32; 2],
    first: usize,
) -> Vec<[f32; 2]> {
    let near = places(at, radius, measures);
    let far = places(at, radius + BEYOND * measures[1], measures);
    let near = near[first..].iter().chain(&near[..first]);
    near.chain(&far).copied().collect()
}

/// All marks in the plot with their radii, fixed ones and groups of markers.
pub(crate) fn all_marks(sketch: &Sketch, layers: &[Layer<'_>]) -> Vec<([f32; 2], f32)> {
    let fixed = layers.iter().filter_map(|layer| match layer {
        Layer::Mark { at, symbol, .. } => {
            let radius = radius_of(*symbol)?;
            Some((sketch.pixel_inside(*at)?, radius))
        }
        _ => None,
    });
    fixed.chain(sketch.heads.iter().copied()).collect()
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
