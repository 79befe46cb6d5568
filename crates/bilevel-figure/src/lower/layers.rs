//! Drawing of each layer of a figure.

use super::arrows::draw_arrows;
use super::canvas::{Anchor, ROUNDING, Sketch, draw_marker, ring, shape};
use super::clip::{draw_arrow, inside};
use super::decimate::path_pixels;
use super::line_style::{BEYOND, EDGE, LINE, inked, thin_line};
use super::rules::draw_rule;
use super::shapes::{Primitive, Rect, dashes, marker};
use super::text_lines::draw_lines;
use super::thin_curves::{draw_dots, draw_jumps, draw_threads};
use super::{bars, cells, overlays, relief, weights};
use crate::{AreaBand, Colour, Layer, Line, LineStyle, Marker, Path, RichText, Symbol};

/// The width of a track, such as the reaction curve.
const TRACK: f32 = 3.0;

pub(crate) fn draw(sketch: &mut Sketch, layer: &Layer<'_>) {
    match layer {
        Layer::Line(line) => draw_line(sketch, line),
        Layer::Band(band) => draw_band(sketch, band),
        Layer::Rule { at, .. } => draw_rule(sketch, *at),
        Layer::Path(path) => draw_path(sketch, path),
        Layer::Relief(relief) => relief::draw_relief(sketch, relief),
        Layer::ReliefScale(relief) => relief::draw_scale(sketch, relief),
        Layer::Track(branches) => draw_track(sketch, branches),
        Layer::Threads { curves, manner } => draw_threads(sketch, curves, *manner),
        Layer::Jumps(jumps) => draw_jumps(sketch, jumps),
        Layer::Dots(places) => draw_dots(sketch, places),
        Layer::Guide(points) => draw_guide(sketch, points),
        Layer::Area(corners) => draw_area(sketch, corners),
        Layer::Limits(limits) => draw_limits(sketch, limits),
        Layer::Tie { ends, style } => draw_tie(sketch, *ends, *style),
        // notes are placed before all labels and drawn after them; names once all curves and marks are known; markers of methods are drawn together, since some may coincide
        Layer::Annotations(_)
        | Layer::Name { .. }
        | Layer::Mark {
            symbol: Symbol::Method(_) | Symbol::Ended(_),
            ..
        } => {}
        Layer::Mark { at, symbol, .. } => draw_mark(sketch, *at, *symbol),
        Layer::Arrows { ends, ink } => draw_arrows(sketch, ends, *ink),
        Layer::Note(words) => draw_note(sketch, words),
        Layer::Trail(trail) => overlays::draw_trail(sketch, trail),
        Layer::Zone { x, y, .. } => overlays::draw_zone(sketch, [*x, *y]),
        Layer::Hatch { grid, least } => overlays::draw_hatch(sketch, grid, *least),
        Layer::HatchedAreas(areas) => cells::draw_hatched(sketch, areas),
        Layer::Border { lines, .. } => overlays::draw_border(sketch, lines),
        Layer::Beads { points, at, until } => {
            overlays::draw_path_samples(sketch, points, *at, *until);
        }
        Layer::Cells(map) => cells::draw_cells(sketch, map),
        Layer::Frame(corners) => draw_frame(sketch, *corners),
        Layer::Weights(table) => weights::draw_weights(sketch, table),
        Layer::Patches(patches) => cells::draw_patches(sketch, patches),
        Layer::Bars(bars) => bars::draw_bars(sketch, bars),
        Layer::Legend(entries) => bars::draw_legend(sketch, entries),
        Layer::Words {
            at,
            words,
            is_marked,
            room,
        } => cells::draw_words(sketch, *at, (words, *is_marked), *room),
        Layer::Lines(lines) => draw_lines(sketch, lines),
        // on a page it stands beneath the axes
        Layer::Sentence(_) if sketch.is_page => {}
        Layer::Sentence(words) => overlays::draw_sentence(sketch, words),
        Layer::Strip { until, .. } => overlays::draw_strip(sketch, *until),
    }
}

/// Draws a frame that is visible on any colour.
fn draw_frame(sketch: &mut Sketch, [[left, right], [low, high]]: [[f64; 2]; 2]) {
    let corners = [[left, low], [right, low], [right, high], [left, high]];
    let corners: Vec<[f32; 2]> = corners.iter().filter_map(|&at| sketch.pixel(at)).collect();
    let roles = sketch.roles;
    for (width, colour) in [(4.0, roles.plot), (1.8, roles.text)] {
        sketch.stroke(corners.clone(), true, width, colour);
    }
}

/// Draws the words in the middle of the plot, in as many lines as needed.
fn draw_note(sketch: &mut Sketch, words: &str) {
    let (plot, size) = (sketch.plot, sketch.label_size());
    let lines = RichText::wrap(words, 0.9 * plot.width() / size);
    let height = 1.35 * size;
    let mut y =
        0.5 * (plot.min[1] + plot.max[1]) - 0.5 * height * (lines.len().saturating_sub(1)) as f32;
    for line in lines {
        let x = 0.5 * (plot.min[0] + plot.max[0]);
        sketch.label_text([x, y], Anchor::Middle, line);
        y += height;
    }
}

fn draw_line(sketch: &mut Sketch, line: &Line<'_>) {
    let rows = line.len();
    if rows == 0 {
        return;
    }
    let until = line.until.min(rows - 1);
    let mut cuts = sketch.memory.take(line);
    cuts.update(&sketch.transform, line);
    for piece in cuts.pixels(&sketch.transform, line, until.max(line.from)..rows) {
        let colour = line.style.colour.faded(BEYOND * line.opacity);
        thin_line(sketch, piece, 1.2, colour);
    }
    let drawn = cuts.pixels(&sketch.transform, line, line.from..until + 1);
    if line.opacity >= 1.0 {
        let exit = exit_of(&drawn, sketch.plot).map(|exit| (exit, line.style));
        sketch.exits.extend(exit);
    }
    for piece in drawn {
        inked(sketch, piece, line.style, line.opacity);
    }
    sketch.memory.keep(line, cuts);
}

/// A position beyond the upper or the lower edge of the plot, where a line leaves it for good; `None` for a line that ends in
/// the plot, or leaves it at a side, as the lines of a zoomed picture do.
fn exit_of(pieces: &[Vec<[f32; 2]>], plot: Rect) -> Option<[f32; 2]> {
    let is_above_or_beneath =
        |at: [f32; 2]| at[1] < plot.min[1] - ROUNDING || plot.max[1] + ROUNDING < at[1];
    let [.., last] = pieces.last()?[..] else {
        return None;
    };
    if !is_above_or_beneath(last) {
        return None;
    }
    let mut segments = pieces.iter().rev().flat_map(|piece| piece.windows(2).rev());
    let [_, [x, y]] = segments.find_map(|ends| inside([ends[0], ends[1]], plot))?;
    let beyond = if last[1] < plot.min[1] { -REACH } else { REACH };
    let is_at_edge = [plot.min[1], plot.max[1]].map(|edge| (y - edge).abs() <= 1.0);
    (is_at_edge[0] || is_at_edge[1]).then_some([x, y + beyond])
}

/// Draws the markers of lines at the playhead, and the arrows of lines that leave the plot, over the frame, so that they are
/// whole at its edge.
pub(crate) fn line_heads(sketch: &mut Sketch, layers: &[Layer<'_>]) {
    for layer in layers {
        let Layer::Line(line) = layer else { continue };
        let Some(last) = line.len().checked_sub(1) else {
            continue;
        };
        // a branch has no marker of its own before it leaves its parent
        if line.opacity < 1.0 || line.until < line.from {
            continue;
        }
        let pixel = line
            .point(head_row(line, last))
            .and_then(|at| sketch.pixel(at));
        if let Some(pixel) = pixel.filter(|at| sketch.plot.contains(*at)) {
            draw_marker(sketch, pixel, line.style, 4.5);
        }
    }
    for (beyond, style) in std::mem::take(&mut sketch.exits) {
        draw_arrow(sketch, beyond, style);
    }
}

/// The row of the playhead. The last row of a record has no direction, so that measures of directions end one row
/// before it.
fn head_row(line: &Line<'_>, last: usize) -> usize {
    let row = line.until.min(last);
    let is_known = line.y.values()[row].is_finite();
    if row == last && !is_known {
        last.saturating_sub(1)
    } else {
        row
    }
}

/// Fills the area as quadrilaterals, since a filled primitive is convex.
fn draw_band(sketch: &mut Sketch, band: &AreaBand) {
    let edge = |edge: &[f64], sample: usize| sketch.transform.pixel([band.x[sample], edge[sample]]);
    let samples = band.x.len().min(band.low.len()).min(band.high.len());
    let quads: Vec<Vec<[f32; 2]>> = (1..samples)
        .map(|sample| {
            vec![
                edge(&band.low, sample - 1),
                edge(&band.high, sample - 1),
                edge(&band.high, sample),
                edge(&band.low, sample),
            ]
        })
        .filter(|quad| quad.iter().flatten().all(|number| number.is_finite()))
        .collect();
    for quad in quads {
        sketch.fill(quad, band.style.colour.faded(0.16));
    }
}

fn draw_path(sketch: &mut Sketch, path: &Path<'_>) {
    let count = path.len();
    if count == 0 {
        return;
    }
    let until = path.until.min(count - 1);
    let beyond = path_pixels(&sketch.transform, path, until.max(path.from)..count);
    let faint = path.style.colour.faded(BEYOND * path.opacity);
    thin_line(sketch, beyond, 1.2, faint);
    let paths = path_pixels(&sketch.transform, path, path.from..until + 1);
    inked(sketch, paths, path.style, path.opacity);
}

fn draw_track(sketch: &mut Sketch, branches: &[Vec<[f64; 2]>]) {
    let roles = sketch.roles;
    let branches: Vec<Vec<[f32; 2]>> = branches
        .iter()
        .map(|branch| {
            branch
                .iter()
                .filter_map(|&point| sketch.pixel(point))
                .collect()
        })
        .collect();
    for branch in &branches {
        sketch.stroke(branch.clone(), false, TRACK + 2.5, roles.plot);
    }
    for branch in &branches {
        sketch.stroke(branch.clone(), false, TRACK, roles.text_weak);
    }
}

fn draw_guide(sketch: &mut Sketch, points: &[[f64; 2]]) {
    let colour = sketch.roles.text_weak;
    let pixels = points.iter().filter_map(|&at| sketch.pixel(at)).collect();
    for piece in dashes(pixels, &[4.0, 3.0], 1.0) {
        sketch.stroke(piece, false, 1.1, colour);
    }
}

fn draw_tie(sketch: &mut Sketch, ends: [[f64; 2]; 2], style: LineStyle) {
    let [Some(from), Some(to)] = ends.map(|end| sketch.pixel(end)) else {
        return;
    };
    // a marker at its solution needs no tie
    if (from[0] - to[0]).hypot(from[1] - to[1]) < 2.0 {
        return;
    }
    let casing = sketch.roles.plot;
    sketch.stroke(vec![from, to], false, 3.6, casing);
    if let Some(edge) = style.edge {
        sketch.stroke(vec![from, to], false, 1.4 + EDGE, edge);
    }
    sketch.stroke(vec![from, to], false, 1.4, style.colour);
    ring(sketch, to, 2.8, casing);
    ring(sketch, to, 2.1, style.edge.unwrap_or(style.colour));
    ring(sketch, to, 1.6, style.colour);
}

fn draw_area(sketch: &mut Sketch, corners: &[[f64; 2]]) {
    let roles = sketch.roles;
    let corners: Vec<[f32; 2]> = corners
        .iter()
        .filter_map(|&corner| sketch.pixel(corner))
        .collect();
    sketch.fill(corners.clone(), roles.text_weak.faded(0.09));
    sketch.stroke(corners, true, 1.75, roles.text_weak);
}

/// Shades the plot outside of the box, and draws the edges of the box.
fn draw_limits(sketch: &mut Sketch, limits: &[[f64; 2]; 2]) {
    let (plot, roles) = (sketch.plot, sketch.roles);
    let mut inner = plot;
    for (axis, limit) in limits.iter().enumerate() {
        let ends = limit.map(|end| sketch.transform.along(axis, end));
        // pixels grow downwards, values upwards
        let [low, high] = if axis == 0 { ends } else { [ends[1], ends[0]] };
        if limit.iter().any(|end| end.is_finite()) {
            inner.min[axis] = inner.min[axis].max(low).min(plot.max[axis]);
            inner.max[axis] = inner.max[axis].min(high).max(plot.min[axis]);
        }
    }
    let shade = roles.frame.faded(0.35);
    let strips = [
        (plot.min, [inner.min[0], plot.max[1]]),
        ([inner.max[0], plot.min[1]], plot.max),
        ([inner.min[0], plot.min[1]], [inner.max[0], inner.min[1]]),
        ([inner.min[0], inner.max[1]], [inner.max[0], plot.max[1]]),
    ];
    for (min, max) in strips {
        if min[0] < max[0] && min[1] < max[1] {
            let strip = Rect { min, max };
            sketch.fill(strip.corners(), shade);
        }
    }
    if inner != plot {
        sketch.stroke(inner.corners(), true, 1.25, roles.text_faint);
    }
}

/// The reach of the largest mark, in pixels.
const REACH: f32 = 12.0;

/// True for a mark that reaches over the frame of the plot: it is drawn after the frame, so that it is whole.
pub(crate) fn is_at_frame(sketch: &Sketch, layer: &Layer<'_>) -> bool {
    let Layer::Mark { at, .. } = layer else {
        return false;
    };
    let inner = Rect {
        min: sketch.plot.min.map(|end| end + REACH),
        max: sketch.plot.max.map(|end| end - REACH),
    };
    sketch
        .pixel_inside(*at)
        .is_some_and(|at| !inner.contains(at))
}

/// Draws a mark; nothing for one outside of the plot.
pub(crate) fn draw_mark(sketch: &mut Sketch, at: [f64; 2], symbol: Symbol) {
    let Some([x, y]) = sketch.pixel_inside(at) else {
        return;
    };
    let roles = sketch.roles;
    match symbol {
        Symbol::Dot | Symbol::Answer => {
            ring(sketch, [x, y], 4.5, roles.plot);
            ring(sketch, [x, y], 3.2, roles.text);
        }
        Symbol::Goal => {
            ring(sketch, [x, y], 8.0, roles.text);
            ring(sketch, [x, y], 6.6, roles.plot);
            for [dx, dy] in [[4.0, 0.0], [0.0, 4.0]] {
                sketch.stroke(
                    vec![[x - dx, y - dy], [x + dx, y + dy]],
                    false,
                    1.8,
                    roles.text,
                );
            }
        }
        Symbol::Star => {
            shape(sketch, Marker::Star, [x, y], 10.5, roles.plot);
            shape(sketch, Marker::Star, [x, y], 8.5, roles.text);
        }
        Symbol::Start => {
            ring(sketch, [x, y], 7.5, roles.plot);
            ring(sketch, [x, y], 6.2, roles.text);
            ring(sketch, [x, y], 4.4, roles.plot);
        }
        Symbol::OtherStart => {
            ring(sketch, [x, y], 4.9, roles.plot);
            ring(sketch, [x, y], 3.9, roles.text);
            ring(sketch, [x, y], 2.7, roles.plot);
        }
        Symbol::Method(style) => draw_marker(sketch, [x, y], style, 5.5),
        Symbol::Minimum => {
            ring(sketch, [x, y], 5.2, roles.plot);
            ring(sketch, [x, y], 4.2, roles.text);
            ring(sketch, [x, y], 2.8, roles.plot);
        }
        Symbol::Guess => {
            shape(sketch, Marker::Diamond, [x, y], 9.0, roles.plot);
            shape(sketch, Marker::Diamond, [x, y], 7.6, roles.text);
            shape(sketch, Marker::Diamond, [x, y], 3.6, roles.plot);
        }
        Symbol::Ring(style) => {
            for (width, colour) in [(5.0, roles.plot), (2.2, roles.text), (1.0, style.colour)] {
                sketch.stroke(circle([x, y], 8.5), true, width, colour);
            }
        }
        Symbol::Finish(style) => {
            sketch.stroke(vec![[x, y + 3.0], [x, y - 11.0]], false, 1.4, roles.text);
            let flag = vec![[x, y - 11.0], [x + 8.0, y - 8.0], [x, y - 5.0]];
            sketch.fill(flag.clone(), style.colour);
            if let Some(edge) = style.edge {
                sketch.stroke(flag, true, EDGE, edge);
            }
        }
        Symbol::Ended(style) => {
            let edge = style.edge.unwrap_or(style.colour);
            for (width, colour) in [(5.4, roles.plot), (3.4, edge), (2.4, style.colour)] {
                for side in [-1.0, 1.0] {
                    let ends = vec![[x - 5.0, y - 5.0 * side], [x + 5.0, y + 5.0 * side]];
                    sketch.stroke(ends, false, width, colour);
                }
            }
        }
    }
}

pub(crate) fn circle([x, y]: [f32; 2], radius: f32) -> Vec<[f32; 2]> {
    (0_u8..24)
        .map(|step| {
            let angle = f32::from(step) / 24.0 * std::f32::consts::TAU;
            [x + radius * angle.cos(), y + radius * angle.sin()]
        })
        .collect()
}

/// A method's line with its marker in the middle, for legends and cards on a background of the given colour.
pub fn swatch(style: LineStyle, ends: [[f32; 2]; 2], background: Colour) -> Vec<Primitive> {
    let mut primitives = Vec::new();
    for piece in dashes(ends.to_vec(), style.dash, LINE) {
        primitives.push(Primitive::Stroke {
            points: piece,
            is_closed: false,
            width: LINE,
            colour: style.colour,
        });
    }
    let middle = [
        0.5 * (ends[0][0] + ends[1][0]),
        0.5 * (ends[0][1] + ends[1][1]),
    ];
    let edge = style.edge.unwrap_or(style.colour);
    for (radius, colour) in [(6.4, background), (5.0, edge), (4.3, style.colour)] {
        primitives.extend(
            marker(style.marker, middle, radius)
                .into_iter()
                .map(|corners| Primitive::Fill { corners, colour }),
        );
    }
    primitives
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MethodLook, Theme};
    use bilevel::run::TraceColumn;
    use std::borrow::Cow;

    #[test]
    fn a_line_whose_last_row_is_unknown_bears_its_head_in_the_row_before() {
        let line = |until: usize, y: &[f64]| Line {
            slot: 0,
            tag: None,
            source: None,
            x: Cow::Owned((0..y.len()).map(|row| row as f64).collect()),
            y: Cow::Owned(TraceColumn::from(y.to_vec())),
            from: 0,
            until,
            style: MethodLook::default().style(Theme::Light),
            opacity: 1.0,
            has_diverged: false,
            label: String::new(),
        };
        let unknown = f64::NAN;
        assert_eq!(head_row(&line(9, &[3.0, 2.0, unknown]), 2), 1);
        assert_eq!(head_row(&line(9, &[3.0, 2.0, 1.0]), 2), 2);
        // an unknown row before the last is not skipped
        assert_eq!(head_row(&line(1, &[3.0, unknown, 1.0]), 2), 1);
        assert_eq!(head_row(&line(0, &[unknown]), 0), 0);
    }
}
