//! The row above the cards that says which run they show, where each method has several.

use egui::Ui;

use crate::app::command::{Action, CommandQueue};
use crate::app::messages::starts;
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::{low_action_button, rich_label};
use crate::app::session::Session;

/// Draws the start and the seed of the shown run, with the way to the neighboring seeds; nothing for single runs.
pub(super) fn run_row(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    let (chosen, seeds) = (session.chosen(), &session.experiment().seeds);
    let mut parts = Vec::new();
    if session.starts().len() > 1 {
        parts.push(starts::start_of(chosen.start + 1, session.starts().len()));
    }
    if let Some(seed) = seeds.get(chosen.seed).filter(|_| seeds.len() > 1) {
        parts.push(starts::seed_of(*seed, seeds.len()));
    }
    if parts.is_empty() {
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().interact_size.y = 19.0;
        let words = starts::shown_run(&parts);
        rich_label(ui, &words, SMALL, roles_of(ui).text_weak)
            .on_hover_text(starts::shown_run_meaning());
        if seeds.len() > 1 {
            low_action_button(ui, Action::PreviousSeed, commands);
            low_action_button(ui, Action::NextSeed, commands);
        }
    });
}
