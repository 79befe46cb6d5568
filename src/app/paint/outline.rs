//! Outlines around the parts of the window that a step of a lesson names. They stand still.

use std::sync::Arc;

use bilevel_figure::Colour;
use bilevel_files::Highlight;
use egui::{Context, Id, LayerId, Order, Rect, Stroke, StrokeKind, Ui};

use super::theme::colour;

/// The width of an outline, its distance from the part, and its radius.
const WIDTH: f32 = 2.0;
const DISTANCE: f32 = 3.0;
const RADIUS: u8 = 6;
/// The colour of an outline in a light and in a dark theme: that of no method.
const INKS: [Colour; 2] = [Colour::hex(0x2F_6DB5), Colour::hex(0x7F_B2EA)];
/// The key of the parts in egui's memory.
const PARTS: &str = "outlined parts";

/// Sets the parts that are outlined in the frames from now on.
pub(crate) fn set_outlined(ctx: &Context, parts: &[Highlight]) {
    let id = Id::unique(PARTS);
    ctx.data_mut(|data| {
        if parts.is_empty() {
            data.remove::<Arc<[Highlight]>>(id);
        } else {
            data.insert_temp::<Arc<[Highlight]>>(id, parts.into());
        }
    });
}

/// Outlines a part that was drawn in a rectangle, if the step names it.
pub(crate) fn outline(ui: &Ui, part: &Highlight, rect: Rect) {
    let parts = ui.data(|data| data.get_temp::<Arc<[Highlight]>>(Id::unique(PARTS)));
    if !parts.is_some_and(|parts| parts.contains(part)) {
        return;
    }
    // a part that is scrolled away in part is outlined as far as it is seen
    let seen = rect
        .expand(DISTANCE)
        .intersect(ui.clip_rect().expand(DISTANCE));
    if !seen.is_positive() {
        return;
    }
    let screen = ui.ctx().content_rect().shrink(0.5 * WIDTH);
    // over the panels, and beneath menus and dialogs
    let layer = LayerId::new(Order::Background, Id::unique("outlines"));
    let stroke = Stroke::new(WIDTH, colour(INKS[usize::from(ui.visuals().dark_mode)]));
    ui.ctx().layer_painter(layer).rect_stroke(
        seen.intersect(screen),
        RADIUS,
        stroke,
        StrokeKind::Middle,
    );
}
