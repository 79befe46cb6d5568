//! A question over the window, with a button for each answer.

use egui::{Key, Response, Ui};

use crate::app::command::{Action, Command, CommandQueue};
use crate::app::paint::theme::{TEXT, roles_of};
use crate::app::paint::widgets::rich_paragraph;

const WIDTH: f32 = 440.0;

/// A question and its answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    text: String,
    /// The words of the buttons with their commands; the first has the keyboard. The button that changes nothing is added.
    answers: Vec<(&'static str, Vec<Command>)>,
    /// The words of the button that changes nothing.
    leave: &'static str,
    /// True if an answer destroys something, so that the other button has the keyboard.
    is_dangerous: bool,
    /// True until the first frame.
    is_new: bool,
}

impl Question {
    /// A question with answers besides the one that changes nothing.
    pub(crate) fn new(text: String, answers: Vec<(&'static str, Command)>) -> Self {
        let answers = answers.into_iter();
        Self {
            text,
            answers: answers.map(|(word, it)| (word, vec![it])).collect(),
            leave: "Cancel",
            is_dangerous: false,
            is_new: true,
        }
    }

    /// A message that is too long for the top bar.
    pub(crate) fn notice(text: String) -> Self {
        Self {
            leave: "Close",
            is_dangerous: true,
            ..Self::new(text, Vec::new())
        }
    }

    /// A message while something is waited for, with a button that gives it up.
    pub(crate) fn wait(text: String) -> Self {
        Self {
            is_new: false,
            ..Self::new(text, Vec::new())
        }
    }

    /// The same question with the keyboard at the button that changes nothing.
    pub(crate) fn careful(self) -> Self {
        Self {
            is_dangerous: true,
            ..self
        }
    }

    /// The same question with an answer of several commands.
    pub(crate) fn or(mut self, word: &'static str, commands: Vec<Command>) -> Self {
        self.answers.push((word, commands));
        self
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
                for (number, (word, answer)) in self.answers.iter().enumerate() {
                    let button = ui.button(*word);
                    if is_new && number == 0 && !self.is_dangerous {
                        button.request_focus();
                    }
                    if button.clicked() || is_entered(ui, &button) {
                        commands.push(Action::Dismiss);
                        commands.extend(answer.iter().cloned());
                    }
                }
                let leave = ui.button(self.leave);
                if is_new && self.is_dangerous {
                    leave.request_focus();
                }
                if leave.clicked() || is_entered(ui, &leave) {
                    commands.push(Action::Dismiss);
                }
            });
        });
    }
}

fn is_entered(ui: &Ui, button: &Response) -> bool {
    button.has_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}
