//! The pen of a speaker over a presentation: a pointer that is seen from afar, and strokes that stay until they are wiped off.

use egui::{Area, Context, CursorIcon, Id, Order, Pos2, Role, Sense, Stroke, WidgetInfo};

use super::paint::theme::colour;
use super::theme_of;

/// The width of a stroke, of the light edge around it, and the radius of the pointer, in points.
const WIDTH: f32 = 2.5;
const EDGE: f32 = 4.5;
const POINTER: f32 = 4.0;
/// The least distance between two points of a stroke, and the most points of all strokes.
const STEP: f32 = 1.0;
const MOST: usize = 50_000;

/// The pen and its strokes.
#[derive(Debug, Default)]
pub(crate) struct SpeakersPen {
    is_out: bool,
    strokes: Vec<Vec<Pos2>>,
}

impl SpeakersPen {
    /// Takes the pen out; or puts it away and wipes its strokes off.
    pub(crate) fn toggle(&mut self) {
        self.is_out = !self.is_out;
        self.strokes.clear();
    }

    /// Puts the pen away.
    pub(crate) fn put_away(&mut self) {
        *self = Self::default();
    }

    /// Follows the pointer and draws the strokes over everything else, while the pen is out.
    pub(crate) fn ui(&mut self, ctx: &Context) {
        if !self.is_out {
            return;
        }
        let screen = ctx.content_rect();
        let area = Area::new(Id::unique("ink"))
            .order(Order::Foreground)
            .fixed_pos(screen.min);
        area.show(ctx, |ui| {
            let (_, response) = ui.allocate_exact_size(screen.size(), Sense::drag());
            response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Ink of the pen"));
            if response.drag_started() {
                self.strokes.push(Vec::new());
            }
            let known: usize = self.strokes.iter().map(Vec::len).sum();
            if let (true, Some(at), Some(stroke)) = (
                response.dragged() && known < MOST,
                response.interact_pointer_pos(),
                self.strokes.last_mut(),
            ) && stroke.last().is_none_or(|last| STEP < last.distance(at))
            {
                stroke.push(at);
            }
            let roles = theme_of(ui.ctx()).roles();
            let painter = ui.painter();
            for (width, ink) in [(EDGE, roles.plot), (WIDTH, roles.warning)] {
                for stroke in &self.strokes {
                    let line = egui::Shape::line(stroke.clone(), Stroke::new(width, colour(ink)));
                    painter.add(line);
                }
            }
            if let Some(at) = response.hover_pos() {
                ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
                painter.circle(
                    at,
                    POINTER,
                    colour(roles.warning),
                    Stroke::new(1.0, colour(roles.plot)),
                );
            }
        });
    }
}
