//! Paragraphs whose terms have a definition under the pointer.

use std::collections::HashSet;

use bilevel_figure::{Colour, RichText, extent, terms_in};
use egui::{Rect, Sense, Stroke, Ui, pos2};

use super::theme::{TEXT, colour, roles_of};
use super::widgets::{rich_line, rich_paragraph};

/// The width of a definition.
const WIDTH: f32 = 320.0;
/// The distance of the dots under a term from the baseline's line, and between each other.
const BELOW: f32 = 0.26;
const STEP: f32 = 4.0;
/// The length of a dot.
const DOT: f32 = 2.0;

/// Draws rich text in as many lines as it needs. The first occurrence of each term of the glossary has dots under it and
/// its definition under the pointer.
pub(crate) fn explained_paragraph(ui: &mut Ui, markup: &str, size: f32, ink: Colour) {
    explained_part(ui, markup, (size, ink), &mut HashSet::new());
}

/// Draws a paragraph of a text like [`explained_paragraph`]; `seen` are the terms of the paragraphs before it.
pub(crate) fn explained_part(
    ui: &mut Ui,
    markup: &str,
    (size, ink): (f32, Colour),
    seen: &mut HashSet<&'static str>,
) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for line in RichText::wrap(markup, ui.available_width() / size) {
            let rect = rich_line(ui, &line, size, ink).rect;
            for (part, term) in terms_in(&line.characters()) {
                if !seen.insert(term.name) {
                    continue;
                }
                let [left, right] = extent(&line, &part).map(|at| rect.left() + at * size);
                if left.is_nan() || right.is_nan() {
                    continue;
                }
                let place = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
                dots(ui, place, rect.center().y + (0.36 + BELOW) * size);
                let id = ui.next_auto_id().with(term.name).with(rect.top().to_bits());
                let response = ui.interact(place, id, Sense::hover());
                response.on_hover_ui(|ui| {
                    ui.set_max_width(WIDTH);
                    let words = format!("**{}**  {}", term.name, term.definition);
                    rich_paragraph(ui, &words, TEXT, roles_of(ui).text);
                });
            }
        }
    });
}

fn dots(ui: &Ui, place: Rect, y: f32) {
    let stroke = Stroke::new(1.0, colour(roles_of(ui).text_faint));
    // a dot of one point would be smoothed away
    let y = y.round() + 0.5;
    let mut x = place.left().round();
    while x < place.right() {
        let ends = [pos2(x, y), pos2(x + DOT, y)];
        ui.painter().line_segment(ends, stroke);
        x += STEP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_occurrence_of_each_term_has_dots_under_it() {
        let ctx = egui::Context::default();
        let markup = "The follower's Hessian is $2I$; a follower has oracle calls";
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            super::super::theme::install(ui.ctx());
            explained_paragraph(ui, markup, 12.0, roles_of(ui).text);
        });
        output.textures_delta.clear();
        let shapes = std::mem::take(&mut output.shapes);
        let mut ends: Vec<f32> = Vec::new();
        for shape in shapes {
            if let egui::Shape::LineSegment { points, .. } = shape.shape {
                ends.push(points[0].x);
            }
        }
        // a term begins where the dots are further apart
        let begins = ends
            .windows(2)
            .filter(|pair| (pair[1] - pair[0] - STEP).abs() > 0.1);
        assert_eq!(begins.count() + 1, 3, "{ends:?}");
    }
}
