//! The menu of the views of the runs.

use bilevel_figure::chosen_views;
use bilevel_files::{ViewInfo, ViewKind};
use egui::Ui;

use crate::app::command::{CommandQueue, ViewChange};
use crate::app::paint::widgets::chooser;

/// Draws the menu and queues the choice.
pub(crate) fn view_switch(ui: &mut Ui, view: &'static ViewInfo, commands: &mut CommandQueue) {
    let options: Vec<(ViewKind, &str, &str)> = chosen_views()
        .map(|kind| (kind, kind.info().title, kind.info().meaning))
        .collect();
    if let Some(view) = chooser(ui, "View of the runs", &options, ViewKind::new(view)) {
        commands.push(ViewChange::Show { view });
    }
}
