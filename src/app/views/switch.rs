//! The menu of what the runs are seen on: the views that stand in the landscape's place.

use bilevel_files::Ground;
use egui::Ui;

use crate::app::command::Command;
use crate::app::paint::widgets::chooser;

/// Draws the menu and queues what is chosen.
pub(crate) fn ground_switch(ui: &mut Ui, ground: Ground, commands: &mut Vec<Command>) {
    let options = Ground::ALL.map(|ground| (ground, ground.word(), ground.meaning()));
    if let Some(ground) = chooser(ui, "View of the runs", &options, ground) {
        commands.push(Command::SetGround(ground));
    }
}
