//! Horizontal reference lines and their labels.

use super::canvas::{Sketch, ring};
use super::labels::{area, clearance, overlap};
use super::obstacles::LabelPlace;
use super::shapes::{Rect, dashes};
use crate::{Layer, RichText};

/// The space between a rule and the letters above it, in pixels, and that between two labels on a rule, in the size of text.
const OFF_RULE: f32 = 3.0;
const BETWEEN: f32 = 1.0;
/// The space left of the first label, in pixels.
const INDENT: f32 = 6.0;
/// The rows of labels farther from a rule, their distance in the size of text, and the dot at the end of a leader.
const ROWS: usize = 3;
const ROW: f32 = 1.3;
const DOT: f32 = 2.0;
/// The number of places along a rule that are tried for its label.
const PLACES: usize = 24;

/// Draws a dashed line across the plot.
pub(crate) fn draw_rule(sketch: &mut Sketch, at: f64) {
    let Some(y) = sketch.rule_height(at) else {
        return;
    };
    let (plot, roles) = (sketch.plot, sketch.roles);
    for piece in dashes(vec![[plot.min[0], y], [plot.max[0], y]], &[5.0, 4.0], 1.0) {
        sketch.stroke(piece, false, 1.0, roles.text_weak);
    }
}

/// Draws the labels of rules: each nearest to its own rule, above or beneath it, and as far left as no line crosses it. Where
/// the next rule is too close for that, the label stands on its rule, or farther off with a leader. One without a place in the
/// plot is left out.
pub(crate) fn rule_labels(sketch: &mut Sketch, layers: &[Layer<'_>]) {
    let size = sketch.label_size();
    let mut rules: Vec<(f32, RichText)> = Vec::new();
    for layer in layers {
        if let Layer::Rule { at, label } = layer
            && let Some(y) = sketch.rule_height(*at)
        {
            rules.push((y, RichText::parse(label)));
        }
    }
    rules.sort_by(|a, b| a.0.total_cmp(&b.0));
    let heights: Vec<f32> = rules.iter().map(|rule| rule.0).collect();
    for (y, name) in rules {
        let measures = [name.width * size, size];
        let place = rule_place(sketch, (y, measures), &heights);
        if let Some(place) = place.filter(|_| !name.runs.is_empty()) {
            let own = area(place.at, measures);
            sketch.taken.push(Rect {
                min: [own.min[0] - BETWEEN * size, own.min[1]],
                max: [own.max[0] + BETWEEN * size, own.max[1]],
            });
            sketch.label_at(place, name);
            if let Some([_, end]) = place.leader {
                ring(sketch, end, DOT, sketch.roles.text);
            }
        }
    }
}

/// The place for the label of a rule at a height among rules at all `heights`.
fn rule_place(
    sketch: &Sketch,
    (y, measures): (f32, [f32; 2]),
    heights: &[f32],
) -> Option<LabelPlace> {
    let (plot, size) = (sketch.plot, measures[1]);
    let last = plot.max[0] - measures[0];
    let first = plot.min[0] + INDENT;
    let across = (0..=PLACES).map(|step| first + step as f32 / PLACES as f32 * (last - first));
    let across: Vec<f32> = across.filter(|x| first <= *x).collect();
    let along = |baseline: f32| across.iter().map(move |x| [*x, baseline]);
    let is_free = |at: &[f32; 2]| {
        let own = area(*at, measures);
        let room = clearance(own);
        plot.min[1] <= own.min[1]
            && own.max[1] <= plot.max[1]
            && !sketch.taken.iter().any(|other| overlap(*other, room))
    };
    // nearer to its own rule than to any other
    let is_own = |at: &[f32; 2]| {
        let own = area(*at, measures);
        let off = |rule: f32| (own.min[1] - rule).max(rule - own.max[1]);
        let mut others = heights.iter().filter(|other| **other != y);
        others.all(|other| off(y).max(0.0) + 1.0 < off(*other))
    };
    let (above, beneath) = (y - OFF_RULE - 0.3 * size, y + OFF_RULE + 0.86 * size);
    let sides = || along(above).chain(along(beneath));
    let beside = sides().filter(|at| is_free(at) && is_own(at));
    let on_it = || along(y + 0.36 * size).find(|at| is_free(at));
    let rows = (1..=ROWS).map(|row| row as f32 * ROW * size);
    let farther = || {
        let baselines = rows.flat_map(|by| [beneath + by, above - by]);
        let free = baselines.flat_map(along).filter(is_free);
        let place = sketch.obstacles.best(free, measures)?;
        let leader = Some(leader(area(place.at, measures), y));
        Some(LabelPlace { leader, ..place })
    };
    let on_ground = |at: [f32; 2]| LabelPlace {
        is_crossed: true,
        ..LabelPlace::free(at)
    };
    let place = sketch.obstacles.best(beside, measures);
    place.or_else(|| on_it().map(on_ground)).or_else(farther)
}

/// The line from a label to its rule.
fn leader(rect: Rect, y: f32) -> [[f32; 2]; 2] {
    let x = rect.min[0] + 0.5 * rect.height();
    let edge = if y < rect.min[1] {
        rect.min[1]
    } else {
        rect.max[1]
    };
    [[x, edge], [x, y]]
}
