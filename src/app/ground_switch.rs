//! The switch between the landscape and the levels side by side, which stand in the same place.

use egui::Ui;

use super::command::Command;
use super::widgets::segmented;
use crate::experiment::Ground;

/// Draws the switch and queues what is chosen.
pub(super) fn ground_switch(ui: &mut Ui, ground: Ground, commands: &mut Vec<Command>) {
    let options = Ground::ALL.map(|ground| (ground, ground.word()));
    if let Some(ground) = segmented(ui, &options, ground) {
        commands.push(Command::SetGround(ground));
    }
}
