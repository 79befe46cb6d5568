//! Canvas that layers are drawn on: primitives, with the colours, the text size and the transform at hand.

use std::rc::Rc;
use std::sync::Arc;

use bilevel::study::Grid;

use super::line_cache::LineCache;
use super::obstacles::{LabelObstacles, LabelPlace};
use super::rects::{area, beside};
use super::shapes::{Primitive, Rect, marker};
use super::transform::Transform;
use crate::{Colour, LineStyle, Marker, RichText, Roles, Theme};

/// Area, text size and theme of a figure that is lowered.
#[derive(Clone, Copy, Debug)]
pub struct SceneLayout {
    /// The whole area, including title and labels.
    pub area: Rect,
    /// The size of tick labels; titles are larger.
    pub text: f32,
    /// Light or dark.
    pub theme: Theme,
    /// The least space left and right of the plot, so that stacked pictures can share an axis.
    pub sides: [f32; 2],
    /// The least space above the plot, so that pictures beside each other can begin at one height.
    pub head: f32,
    /// True on a page: no text is cut off, and sentences stand beneath the axes instead of over the plot.
    pub is_page: bool,
}

/// The small size of text on a page, as a share of the text.
pub(crate) const SMALL: f32 = 0.85;

/// The opacity of the ground of a label: a curve beneath shows through, and the text keeps its contrast.
pub(crate) const GROUND: f32 = 0.92;

/// The distance from the plot within which a point counts as on its edge, in pixels.
pub(crate) const ROUNDING: f32 = 0.5;

/// Horizontal anchor of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Middle,
    Right,
}

/// Canvas of a figure that is being lowered.
pub(crate) struct Sketch {
    pub(crate) primitives: Vec<Primitive>,
    pub(crate) theme: Theme,
    pub(crate) roles: Roles,
    pub(crate) text: f32,
    /// True on a page; see [`SceneLayout`].
    pub(crate) is_page: bool,
    /// The area of the whole figure.
    pub(crate) area: Rect,
    pub(crate) plot: Rect,
    pub(crate) transform: Transform,
    /// The rectangles of fixed marks and labels, which further labels leave free.
    pub(crate) taken: Vec<Rect>,
    /// The positions and radii of the groups of method markers.
    pub(crate) heads: Vec<([f32; 2], f32)>,
    /// Positions beyond the plot where lines leave it, with their styles.
    pub(crate) exits: Vec<([f32; 2], LineStyle)>,
    /// The place of the scale of a relief, if it has one.
    pub(crate) scale: Option<Rect>,
    /// The function of the hatch and its limit, if there is one.
    pub(crate) hatched: Option<(Arc<Grid>, f64)>,
    /// The curves of the figure, which labels keep off.
    pub(crate) obstacles: Rc<LabelObstacles>,
    /// Lines cut into pixel columns, kept from the last frame.
    pub(crate) memory: LineCache,
}

impl Sketch {
    pub(crate) fn stroke(
        &mut self,
        points: Vec<[f32; 2]>,
        is_closed: bool,
        width: f32,
        colour: Colour,
    ) {
        self.primitives.push(Primitive::Stroke {
            points,
            is_closed,
            width,
            colour,
        });
    }

    pub(crate) fn fill(&mut self, corners: Vec<[f32; 2]>, colour: Colour) {
        self.primitives.push(Primitive::Fill { corners, colour });
    }

    pub(crate) fn clip(&mut self, rect: Rect) {
        self.primitives.push(Primitive::Clip(rect));
    }

    /// Draws a text anchored at a position on its baseline.
    pub(crate) fn text(
        &mut self,
        at: [f32; 2],
        anchor: Anchor,
        text: RichText,
        size: f32,
        colour: Colour,
    ) {
        self.text_with_halo(at, anchor, text, size, colour, None);
    }

    /// The size of labels inside the plot. A page has three sizes of text at most.
    pub(crate) fn label_size(&self) -> f32 {
        let factor = if self.is_page { 1.0 } else { 1.04 };
        factor * self.text
    }

    /// The size of small text: `factor` of the text on a screen, the small size on a page.
    pub(crate) fn small(&self, factor: f32) -> f32 {
        let factor = if self.is_page { SMALL } else { factor };
        factor * self.text
    }

    /// Draws a label with a halo in the colour of the plot.
    pub(crate) fn label_text(&mut self, at: [f32; 2], anchor: Anchor, text: RichText) {
        let (size, roles) = (self.label_size(), self.roles);
        self.text_with_halo(at, anchor, text, size, roles.text, Some(roles.plot));
    }

    /// Draws a label at a place that was chosen for it: on a ground if a curve crosses it, with its leader if it has one.
    pub(crate) fn label_at(&mut self, place: LabelPlace, text: RichText) {
        if let Some(leader) = place.leader {
            let roles = self.roles;
            for (width, colour) in [(3.0, roles.plot.faded(GROUND)), (1.0, roles.text)] {
                self.stroke(leader.to_vec(), false, width, colour);
            }
        }
        if place.is_crossed {
            let measures = [text.width * self.label_size(), self.label_size()];
            self.ground(area(place.at, measures));
        }
        self.label_text(place.at, Anchor::Left, text);
    }

    /// Fills the ground of a label.
    pub(crate) fn ground(&mut self, area: Rect) {
        let colour = self.roles.plot.faded(GROUND);
        self.fill(beside(area).corners(), colour);
    }

    pub(crate) fn text_with_halo(
        &mut self,
        [x, y]: [f32; 2],
        anchor: Anchor,
        text: RichText,
        size: f32,
        colour: Colour,
        halo: Option<Colour>,
    ) {
        if text.runs.is_empty() || !(x.is_finite() && y.is_finite()) {
            return;
        }
        let shift = match anchor {
            Anchor::Left => 0.0,
            Anchor::Middle => 0.5,
            Anchor::Right => 1.0,
        };
        self.primitives.push(Primitive::Text {
            at: [x - shift * text.width * size, y],
            text,
            size,
            colour,
            halo,
        });
    }

    /// The height of a rule in pixels; `None` outside of the plot.
    pub(crate) fn rule_height(&self, at: f64) -> Option<f32> {
        let y = self.transform.along(1, at);
        (self.plot.min[1] < y && y < self.plot.max[1]).then_some(y)
    }

    /// The pixel of a point in the plot or, by rounding, at its edge; `None` for one outside.
    pub(crate) fn pixel_inside(&self, point: [f64; 2]) -> Option<[f32; 2]> {
        let room = Rect {
            min: self.plot.min.map(|edge| edge - ROUNDING),
            max: self.plot.max.map(|edge| edge + ROUNDING),
        };
        self.pixel(point).filter(|at| room.contains(*at))
    }

    /// The pixel of a point; `None` if the axes cannot show it.
    pub(crate) fn pixel(&self, point: [f64; 2]) -> Option<[f32; 2]> {
        let pixel = self.transform.pixel(point);
        (pixel[0].is_finite() && pixel[1].is_finite()).then_some(pixel)
    }
}

/// The middle of a text of a width, moved as little as needed to fit between the sides of an area.
pub(crate) fn within(middle: f32, width: f32, area: Rect) -> f32 {
    middle
        .min(area.max[0] - 0.5 * width)
        .max(area.min[0] + 0.5 * width)
}

/// Draws a filled disc.
pub(crate) fn ring(sketch: &mut Sketch, at: [f32; 2], radius: f32, colour: Colour) {
    shape(sketch, Marker::Circle, at, radius, colour);
}

/// Draws a filled marker.
pub(crate) fn shape(
    sketch: &mut Sketch,
    symbol: Marker,
    at: [f32; 2],
    radius: f32,
    colour: Colour,
) {
    for corners in marker(symbol, at, radius) {
        sketch.fill(corners, colour);
    }
}

/// Draws a method's marker with its casing.
pub(crate) fn draw_marker(sketch: &mut Sketch, at: [f32; 2], style: LineStyle, radius: f32) {
    let casing = sketch.roles.plot;
    shape(sketch, style.marker, at, radius + 2.4, casing);
    let edge = style.edge.unwrap_or(style.colour);
    shape(sketch, style.marker, at, radius + 0.8, edge);
    shape(sketch, style.marker, at, radius, style.colour);
}
