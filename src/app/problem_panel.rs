//! 1 Problem: which one, its formulas, its parameters and what it is about.

use egui::Ui;

use super::command::Command;
use super::session::Session;
use super::theme::{TEXT, roles_of};
use super::widgets::{rich_label, section_heading};
use crate::figure::RichText;
use crate::problem::{Kind, PROBLEMS, Value};

/// Draws the panel and queues what the user asks for.
pub(super) fn problem_ui(ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
    let roles = roles_of(ui);
    let spec = &session.experiment().problem;
    let facts = session.problem().facts();
    section_heading(ui, "1", "Problem", |_| {});
    let combo = egui::ComboBox::from_id_salt("problem")
        .width(ui.available_width())
        .selected_text(spec.entry.name)
        .show_ui(ui, |ui| {
            for entry in PROBLEMS {
                let is_chosen = entry.id == spec.entry.id;
                let label = ui.selectable_label(is_chosen, entry.name);
                if label
                    .on_hover_text(RichText::parse(entry.summary).plain())
                    .clicked()
                    && !is_chosen
                {
                    commands.push(Command::SetProblem(entry.id));
                }
            }
        });
    combo
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Benchmark"));
    for (formula, role) in facts.formulas.iter().zip(["leader", "follower"]) {
        ui.horizontal(|ui| {
            let left = ui.cursor().left();
            rich_label(ui, role, 12.0, roles.text_faint);
            ui.add_space((left + 52.0 - ui.cursor().left()).max(0.0));
            rich_label(ui, formula, TEXT + 0.5, roles.text);
        });
    }
    for parameter in spec.entry.parameters {
        ui.horizontal(|ui| {
            rich_label(ui, parameter.label, 12.0, roles.text_faint);
            if let (Kind::Choice(choices), Value::Choice(chosen)) =
                (parameter.kind, spec.settings.value(parameter.name))
            {
                let combo = egui::ComboBox::from_id_salt(parameter.name)
                    .selected_text(&chosen)
                    .show_ui(ui, |ui| {
                        for choice in choices {
                            let label = ui.selectable_label(choice.name == chosen, choice.name);
                            if label.on_hover_text(choice.meaning).clicked() {
                                let value = Value::Choice(choice.name.to_owned());
                                commands.push(Command::SetProblemParameter(parameter.name, value));
                            }
                        }
                    });
                combo.response.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::ComboBox, true, parameter.label)
                });
            }
        });
    }
}
