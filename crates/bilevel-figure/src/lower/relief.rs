//! Reliefs: filled bands, contour lines with the values of main ones, hatches where the function is undefined, a scale.

use std::sync::Arc;

use super::canvas::{Anchor, Sketch};
use super::labels::{PLACES, ROOM, area, gap};
use super::obstacles::{CurvePiece, LabelObstacles, distance};
use super::overlays::hatch_where;
use super::shapes::{Primitive, Rect};
use crate::{Relief, RichText, brief};

/// The opacity of contour lines without a value.
const MINOR: f32 = 0.42;
/// The size of the values, as a share of that of the ticks.
const VALUES: f32 = 0.92;
/// The least distance of a value from marks and curves, in pixels.
const CLEAR: f32 = 4.0;

/// Draws the bands, the contour lines and the values.
pub(crate) fn draw_relief(sketch: &mut Sketch, relief: &Arc<Relief>) {
    if relief.regions.is_empty() {
        return;
    }
    let [left, bottom] = sketch.transform.pixel([relief.x[0], relief.y[0]]);
    let [right, top] = sketch.transform.pixel([relief.x[1], relief.y[1]]);
    sketch.primitives.push(Primitive::Bands {
        rect: Rect {
            min: [left, top],
            max: [right, bottom],
        },
        relief: Arc::clone(relief),
        theme: sketch.theme,
    });
    if relief.has_holes {
        let colour = sketch.roles.text_faint.faded(0.5);
        hatch_where(sketch, colour, |at| relief.is_undefined(at));
    }
    sketch.scale = scale_plate(sketch, relief);
    sketch.taken.extend(sketch.scale);
    let colour = sketch.roles.contour;
    for lines in relief.contours.chunk_by(|a, b| a.level == b.level) {
        let pixels = lines.iter().map(|line| {
            let points = line.points.iter().filter_map(|&at| sketch.pixel(at));
            points.collect()
        });
        let pixels: Vec<Vec<[f32; 2]>> = pixels.collect();
        let main = lines.first().filter(|line| line.is_main);
        let gap = main.and_then(|line| value_label(sketch, line.level, &pixels));
        let ink = main.map_or_else(|| colour.faded(MINOR), |_| colour);
        for line in pixels {
            for part in outside(line, gap) {
                sketch.stroke(part, false, 1.0, ink);
            }
        }
    }
}

/// The parts of a line outside of a rectangle: a line through a value would hide its decimal point.
fn outside(line: Vec<[f32; 2]>, gap: Option<Rect>) -> Vec<Vec<[f32; 2]>> {
    let Some(gap) = gap else { return vec![line] };
    let parts = line.split(|at| gap.contains(*at));
    let long = parts.filter(|part| part.len() > 1);
    long.map(<[[f32; 2]]>::to_vec).collect()
}

/// Writes the value of a level on one of its lines, where it is clear of marks, curves and other values, and of runs if there
/// is such a place, and returns its area; nowhere if there is none.
fn value_label(sketch: &mut Sketch, level: f64, lines: &[Vec<[f32; 2]>]) -> Option<Rect> {
    let text = RichText::parse(&brief(level, 10));
    let size = sketch.small(VALUES);
    let measures = [text.width * size, size];
    let LabelObstacles { curves, runs } = &*sketch.obstacles;
    let neutral: Vec<&CurvePiece> = curves.iter().collect();
    let all: Vec<&CurvePiece> = neutral.iter().copied().chain(runs).collect();
    let place = clearest(sketch, lines, measures, &all);
    let place = place.or_else(|| clearest(sketch, lines, measures, &neutral))?;
    let own = area(place, measures);
    sketch.taken.push(own);
    let (ink, halo) = (sketch.roles.text_weak, sketch.theme.relief(0.7));
    sketch.text_with_halo(place, Anchor::Left, text, size, ink, Some(halo));
    Some(own)
}

/// The place on one of the lines that is farthest from marks and curves; `None` if each is near to one.
fn clearest(
    sketch: &Sketch,
    lines: &[Vec<[f32; 2]>],
    measures: [f32; 2],
    curves: &[&CurvePiece],
) -> Option<[f32; 2]> {
    let plot = sketch.plot;
    let mut best: Option<(f32, [f32; 2])> = None;
    for line in lines {
        let step = (line.len() / PLACES).max(1);
        for [x, y] in line.iter().copied().skip(step / 2).step_by(step) {
            let place = [x - 0.5 * measures[0], y + 0.36 * measures[1]];
            let own = area(place, measures);
            let outer = Rect {
                min: own.min.map(|value| value - CLEAR),
                max: own.max.map(|value| value + CLEAR),
            };
            if !(plot.contains(outer.min) && plot.contains(outer.max)) {
                continue;
            }
            let marks = sketch.taken.iter().map(|other| gap(own, *other));
            let room = marks.fold(ROOM, f32::min);
            let room = curves.iter().fold(room, |room, piece| {
                if room < CLEAR || room <= gap(own, piece.extent) {
                    room
                } else {
                    room.min(distance(own, piece))
                }
            });
            if room >= CLEAR && best.is_none_or(|(most, _)| room > most) {
                best = Some((room, place));
            }
        }
    }
    best.map(|(_, place)| place)
}

/// The texts of the scale, and its measures: size of text, width of a band, gap, width and height of the plate.
struct ScaleLayout {
    ends: [RichText; 2],
    size: f32,
    step: f32,
    gap: f32,
    width: f32,
    height: f32,
}

/// The layout of the scale; `None` if there are no two bands.
fn scale_layout(sketch: &Sketch, relief: &Relief) -> Option<ScaleLayout> {
    let size = sketch.small(VALUES);
    let ends = relief
        .extremes?
        .map(|value| RichText::parse(&brief(value, 2)));
    let bands = relief.regions.len();
    let (step, gap) = (0.36 * size, 0.45 * size);
    let width = bands as f32 * step + (ends[0].width + ends[1].width) * size + 4.0 * gap;
    (bands > 1).then_some(ScaleLayout {
        ends,
        size,
        step,
        gap,
        width,
        height: 1.5 * size,
    })
}

/// The place of the scale: a free corner of the plot; `None` in a small plot.
fn scale_plate(sketch: &Sketch, relief: &Relief) -> Option<Rect> {
    let plot = sketch.plot;
    let ScaleLayout {
        size,
        width,
        height,
        ..
    } = scale_layout(sketch, relief)?;
    if width > 0.5 * plot.width() || height > 0.12 * plot.height() {
        return None;
    }
    let inset = 0.5 * size;
    let corners = [[1.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]].map(|corner: [f32; 2]| {
        let room = [plot.width() - width, plot.height() - height];
        let at =
            [0, 1].map(|axis| plot.min[axis] + inset + corner[axis] * (room[axis] - 2.0 * inset));
        Rect {
            min: at,
            max: [at[0] + width, at[1] + height],
        }
    });
    let is_free = |plate: &Rect| {
        let marks = sketch.taken.iter().all(|mark| gap(*mark, *plate) > 0.0);
        marks && !sketch.obstacles.is_on_curve(*plate)
    };
    corners.into_iter().find(is_free)
}

/// Draws the scale: the colours from deep to high between the least and the greatest value.
pub(crate) fn draw_scale(sketch: &mut Sketch, relief: &Relief) {
    let (Some(plate), Some(layout)) = (sketch.scale.take(), scale_layout(sketch, relief)) else {
        return;
    };
    let ScaleLayout {
        ends: [least, most],
        size,
        step,
        gap,
        height,
        ..
    } = layout;
    sketch.fill(plate.corners(), sketch.roles.plot.faded(0.86));
    let baseline = plate.min[1] + 0.5 * height + 0.36 * size;
    let ink = sketch.roles.text_weak;
    let x = plate.min[0] + gap;
    let left = x + least.width * size + gap;
    sketch.text([x, baseline], Anchor::Left, least, size, ink);
    let bands = relief.regions.len();
    let bar = |from: usize| Rect {
        min: [left + from as f32 * step, plate.min[1] + 0.3 * height],
        max: [left + bands as f32 * step, plate.max[1] - 0.3 * height],
    };
    for band in 0..bands {
        // each reaches to the end, so that no seam shows between neighbours
        sketch.fill(bar(band).corners(), relief.colour(band, sketch.theme));
    }
    sketch.stroke(bar(0).corners(), true, 1.0, sketch.roles.contour);
    let right = bar(0).max[0] + gap;
    sketch.text([right, baseline], Anchor::Left, most, size, ink);
}
