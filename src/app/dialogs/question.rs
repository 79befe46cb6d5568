//! A question over the window, with a button for each answer.

use egui::Key;

use crate::app::command::{Action, Command, CommandQueue};
use crate::app::paint::theme::{TEXT, roles_of};
use crate::app::paint::widgets::rich_paragraph;

const WIDTH: f32 = 440.0;

/// A question and its answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    text: String,
    /// The words of the buttons with their commands; the first has the keyboard. The button that changes nothing is added.
    answers: Vec<(&'static str, Command)>,
    /// True until the first frame.
    is_new: bool,
}

impl Question {
    /// A question with answers besides the one that changes nothing.
    pub(crate) fn new(text: String, answers: Vec<(&'static str, Command)>) -> Self {
        Self {
            text,
            answers,
            is_new: true,
        }
    }

    /// Shows the question; an answer closes it.
    pub(crate) fn ui(&mut self, ctx: &egui::Context, commands: &mut CommandQueue) {
        let frame = egui::Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(16);
        let modal = egui::Modal::new(egui::Id::unique("question")).frame(frame);
        let is_new = std::mem::take(&mut self.is_new);
        modal.show(ctx, |ui| {
            ui.set_width(WIDTH.min(ctx.content_rect().width() - 64.0));
            rich_paragraph(ui, &self.text.replace('$', ""), TEXT, roles_of(ui).text);
            ui.add_space(12.0);
            ui.horizontal_wrapped(|ui| {
                for (number, (word, command)) in self.answers.iter().enumerate() {
                    let button = ui.button(*word);
                    if is_new && number == 0 {
                        button.request_focus();
                    }
                    let is_entered =
                        button.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    if button.clicked() || is_entered {
                        commands.push(Action::Dismiss);
                        commands.push(command.clone());
                    }
                }
                if ui.button("Cancel").clicked() {
                    commands.push(Action::Dismiss);
                }
            });
        });
    }
}
