//! Carrying out commands: the only place that changes the document, the views and the panels.

pub(crate) mod actions;
pub(crate) mod edits;
pub(crate) mod files;
pub(crate) mod forks;
pub(crate) mod kept_state;
pub(crate) mod lessons;
pub(crate) mod own_formulas;
pub(crate) mod picture_notes;
pub(crate) mod predictions;
pub(crate) mod start_edits;
pub(crate) mod undo;
pub(crate) mod view_changes;
pub(crate) mod view_state;

use super::App;
use super::command::{Command, EditTarget};

impl App {
    /// Carries out a command; a change of the experiment is a step of undo.
    pub(crate) fn apply(&mut self, command: Command, ctx: &egui::Context) {
        self.keeper.note_change();
        if self.loses_guesses(&command) {
            self.ask_to_end_prediction(command);
            return;
        }
        match command {
            Command::Act(action) => self.act(action, ctx),
            Command::Edit(edit) => {
                // an error is about the edit before
                self.message.take_if(|(_, is_error)| *is_error);
                let target = EditTarget::of(&edit);
                self.as_a_step(target, |app| app.apply_edit(edit));
            }
            Command::View(change) => self.change_view(change, ctx),
        }
    }
}
