//! The screen pen: a scene's primitives as egui shapes, one to one.

use bilevel_figure::{Colour, Image, Primitive, RichText};
use egui::{FontId, Painter, Pos2, Rect, Shape, Stroke, epaint::PathShape, pos2};

use super::textures;
use super::theme::{SMALL, colour, family};

/// Draws primitives with a painter.
pub(crate) fn paint(painter: &Painter, primitives: &[Primitive]) {
    let mut clipped = vec![painter.clone()];
    for primitive in primitives {
        let Some(painter) = clipped.last() else {
            return;
        };
        match primitive {
            Primitive::Stroke {
                points,
                is_closed,
                width,
                colour: ink,
            } => {
                painter.add(Shape::Path(PathShape {
                    points: points.iter().map(|&point| position(point)).collect(),
                    closed: *is_closed,
                    fill: egui::Color32::TRANSPARENT,
                    stroke: Stroke::new(*width, colour(*ink)).into(),
                }));
            }
            Primitive::Fill {
                corners,
                colour: ink,
            } => {
                let corners = corners.iter().map(|&corner| position(corner)).collect();
                painter.add(Shape::convex_polygon(corners, colour(*ink), Stroke::NONE));
            }
            Primitive::Text {
                at,
                text,
                size,
                colour,
                halo,
            } => {
                if let Some(halo) = halo {
                    // a preview is smaller, and so is its halo
                    let share = (size / SMALL).min(1.0);
                    for [dx, dy] in HALO {
                        let at = [at[0] + share * dx, at[1] + share * dy];
                        paint_text(painter, at, text, *size, *halo);
                    }
                }
                paint_text(painter, *at, text, *size, *colour);
            }
            Primitive::Image { rect, image } => paint_image(painter, *rect, image),
            Primitive::Bands {
                rect,
                relief,
                theme,
            } => paint_image(painter, *rect, &relief.image(*theme)),
            Primitive::Clip(rect) => {
                let inner = painter.clip_rect().intersect(egui_rect(*rect));
                let painter = painter.with_clip_rect(inner);
                clipped.push(painter);
            }
            Primitive::Unclip => {
                clipped.pop();
            }
        }
    }
}

fn paint_image(painter: &Painter, rect: bilevel_figure::Rect, image: &Image) {
    let texture = textures::of(painter.ctx(), image);
    let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    painter.image(texture, egui_rect(rect), whole, egui::Color32::WHITE);
}

/// The offsets of the copies of a text that form its halo.
const HALO: [[f32; 2]; 8] = [
    [-1.5, 0.0],
    [1.5, 0.0],
    [0.0, -1.5],
    [0.0, 1.5],
    [-1.0, -1.0],
    [1.0, 1.0],
    [-1.0, 1.0],
    [1.0, -1.0],
];

/// Draws a line of text whose baseline begins at a position.
pub(crate) fn paint_text(
    painter: &Painter,
    [x, y]: [f32; 2],
    text: &RichText,
    size: f32,
    ink: Colour,
) {
    for run in &text.runs {
        let font = FontId::new(run.scale * size, family(run.face));
        let galley = painter.layout_no_wrap(run.text.clone(), font, colour(ink));
        let baseline = galley
            .rows
            .first()
            .and_then(|row| row.row.glyphs.first().map(|glyph| row.pos.y + glyph.pos.y))
            .unwrap_or(0.0);
        let at = pos2(x + run.offset * size, y - run.rise * size - baseline);
        painter.galley(at, galley, colour(ink));
    }
}

/// Converts a figure's rectangle to egui's.
pub(crate) fn egui_rect(rect: bilevel_figure::Rect) -> Rect {
    Rect::from_min_max(position(rect.min), position(rect.max))
}

/// Converts egui's rectangle to a figure's.
pub(crate) fn figure_rect(rect: Rect) -> bilevel_figure::Rect {
    bilevel_figure::Rect {
        min: rect.min.into(),
        max: rect.max.into(),
    }
}

fn position([x, y]: [f32; 2]) -> Pos2 {
    pos2(x, y)
}
