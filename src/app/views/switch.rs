//! The menu of what the runs are seen on: the views that stand in the landscape's place.

use bilevel_files::ViewKind;
use egui::Ui;

use crate::app::command::Command;
use crate::app::paint::widgets::chooser;

/// Draws the menu and queues what is chosen.
pub(crate) fn view_switch(ui: &mut Ui, view: ViewKind, commands: &mut Vec<Command>) {
    let options = ViewKind::ALL.map(|view| (view, view.word(), view.meaning()));
    if let Some(view) = chooser(ui, "View of the runs", &options, view) {
        commands.push(Command::ShowView(view));
    }
}
