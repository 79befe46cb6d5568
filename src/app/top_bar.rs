//! The top bar: which experiment, what it says, light or dark, export.

use egui::{Role, Ui, WidgetInfo};

use super::command::Command;
use super::icons::Icon;
use super::theme::{SMALL, TITLE, roles_of};
use super::widgets::{icon_button, rich_label};
use crate::experiment::PRESETS;

/// Below this width only what cannot be done otherwise is shown.
const NARROW: f32 = 460.0;

/// What the bar shows.
pub(super) struct TopBar<'a> {
    /// The file or preset.
    pub(super) name: &'a str,
    /// Whether it was changed since it was opened.
    pub(super) is_modified: bool,
    /// What happened last, and whether it went wrong.
    pub(super) message: Option<(&'a str, bool)>,
    pub(super) is_dark: bool,
    /// Whether the panel that explains the picture is hidden.
    pub(super) hides_guide: bool,
}

impl TopBar<'_> {
    /// Draws the bar and queues what the user asks for. `typed` is the path in the menu's field.
    pub(super) fn ui(&self, ui: &mut Ui, typed: &mut String, commands: &mut Vec<Command>) {
        let roles = roles_of(ui);
        ui.horizontal_centered(|ui| {
            let is_narrow = ui.available_width() < NARROW;
            if !is_narrow {
                rich_label(ui, "**Bilevel Lab**", TITLE, roles.text);
                ui.add_space(24.0);
            }
            let menu = ui.menu_button(format!("{}  ▾", self.name), |ui| {
                ui.set_min_width(240.0);
                for preset in PRESETS {
                    if ui.button(preset.name).clicked() {
                        commands.push(Command::Open(preset.name.to_owned()));
                        ui.close();
                    }
                }
                ui.separator();
                let label = ui.label("Open a file");
                let field = egui::TextEdit::singleline(typed)
                    .hint_text("path to FILE.toml")
                    .desired_width(220.0);
                let field = ui.add(field).labelled_by(label.id);
                let is_entered =
                    field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                if (ui.button("Open").clicked() || is_entered) && !typed.trim().is_empty() {
                    commands.push(Command::Open(typed.trim().to_owned()));
                    ui.close();
                }
            });
            menu.response
                .widget_info(|| WidgetInfo::labeled(Role::Button, true, "Open an experiment"));
            if self.is_modified {
                rich_label(ui, "modified", SMALL, roles.text_faint);
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui
                    .button("Export")
                    .on_hover_text("Save a figure, the data or the experiment (E)")
                    .clicked()
                {
                    commands.push(Command::AskExport);
                }
                let (icon, name) = if self.is_dark {
                    (Icon::Sun, "Light (T)")
                } else {
                    (Icon::Moon, "Dark (T)")
                };
                if icon_button(ui, icon, name).clicked() {
                    commands.push(Command::ToggleTheme);
                }
                if !is_narrow && ui.button("Keys").on_hover_text("All keys (F1)").clicked() {
                    commands.push(Command::ToggleKeys);
                }
                if self.hides_guide && !is_narrow && ui.button("What you see").clicked() {
                    commands.push(Command::ToggleGuide);
                }
                if let Some((message, is_wrong)) = self.message {
                    let ink = if is_wrong {
                        roles.warning
                    } else {
                        roles.text_weak
                    };
                    let mark = if is_wrong { "⚠ " } else { "" };
                    rich_label(
                        ui,
                        &format!("{mark}{}", message.replace('$', "")),
                        SMALL,
                        ink,
                    )
                    .on_hover_text(message);
                }
            });
        });
    }
}
