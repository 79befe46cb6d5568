//! The pictures that would give away a prediction, and the note in their place.

use bilevel::study::Measure;
use bilevel_files::ViewKind;
use egui::{Align, Layout, Ui};

use super::run_views::Own;
use super::switch::view_switch;
use crate::app::command::CommandQueue;
use crate::app::messages::prediction::view_hidden;
use crate::app::paint::theme::{TEXT, roles_of};
use crate::app::paint::widgets::{controls_are_shown, rich_paragraph};
use crate::app::session::Session;
use crate::app::session::horizon::Horizon;

/// The width of the note.
const WIDTH: f32 = 360.0;

/// True if a view computes beyond the horizon, if letters stand for the methods in the landscape alone, or if, where the optimum is hidden, shows more of the reduced objective than
/// the landscape does.
pub(crate) fn hides_view((horizon, has_letters): (Horizon, bool), kind: ViewKind) -> bool {
    match Own::of(kind) {
        Some(Own::Atlas | Own::Sweep | Own::Anatomy | Own::Compass) => true,
        Some(Own::Landscape) => false,
        _ => has_letters || horizon.hides_optimum,
    }
}

/// True if a measure of the race shows the reduced objective while that is hidden.
pub(crate) fn hides_measure(horizon: Horizon, measure: Measure) -> bool {
    horizon.hides_optimum && measure == Measure::TrueSuboptimality
}

/// Draws the menu of the views and a note in the place of one of them.
pub(crate) fn hidden_view_ui(
    ui: &mut Ui,
    kind: ViewKind,
    session: &Session,
    commands: &mut CommandQueue,
) {
    if controls_are_shown(ui) {
        view_switch(ui, kind.info(), &**session.problem(), commands);
    }
    hidden_note(ui);
}

/// Draws a note in the place of a picture.
pub(crate) fn hidden_note(ui: &mut Ui) {
    let ink = roles_of(ui).text_weak;
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space(0.4 * ui.available_height());
        ui.set_max_width(WIDTH);
        rich_paragraph(ui, view_hidden(), TEXT, ink);
    });
}
