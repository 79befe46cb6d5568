//! The top bar: the menu of experiments, the last message, the theme and the export.

use bilevel_figure::RichText;
use bilevel_files::{WindowLayout, presets};
use egui::{Align, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::command::{Action, CommandQueue, Edit, ViewChange};
use crate::app::messages;

use crate::app::dialogs::command_palette::keycap;
use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{SMALL, TEXT, TITLE, colour, roles_of};
use crate::app::paint::widgets::{action_button, chooser, rich_label};
use crate::app::session::history::History;

/// Below this width only controls without another access are shown.
const NARROW: f32 = 460.0;

/// From this width on, controls that also have a key are shown.
const ROOMY: f32 = 860.0;
/// The longest name that is shown in full, in letters: in a wide and in a narrow window.
const LONGEST: [usize; 2] = [32, 12];

/// The height of the menu's other parts and of the bar above it.
const BESIDE_PRESETS: f32 = 190.0;

/// The contents of the bar.
pub(crate) struct TopBar<'a> {
    /// The name of the file or preset.
    pub(crate) name: &'a str,
    /// True if the experiment was changed since it was opened.
    pub(crate) is_modified: bool,
    /// The last message, and true if it is an error.
    pub(crate) message: Option<(&'a str, bool)>,
    pub(crate) is_dark: bool,
    /// The layout of the window.
    pub(crate) layout: WindowLayout,
    /// True if the panel that explains the picture is hidden.
    pub(crate) hides_guide: bool,
    pub(crate) history: &'a History,
}

/// The menu's field for the path of a file.
#[derive(Debug, Default)]
pub(crate) struct PathField {
    typed: String,
    /// True if the menu is to open, with the keyboard in the field.
    pub(crate) is_asked: bool,
}

impl TopBar<'_> {
    /// Draws the bar and queues what the user asks for.
    pub(crate) fn ui(&self, ui: &mut Ui, path: &mut PathField, commands: &mut CommandQueue) {
        let roles = roles_of(ui);
        ui.horizontal_centered(|ui| {
            let is_narrow = ui.available_width() < NARROW;
            let has_room = ui.available_width() >= ROOMY;
            if !is_narrow {
                rich_label(ui, "**Bilevel Lab**", TITLE, roles.text);
                ui.add_space(24.0);
            }
            self.menu_ui(ui, path, commands);
            if self.is_modified && !is_narrow {
                rich_label(ui, messages::status::modified(), SMALL, roles.text_faint);
            }
            if !is_narrow {
                ui.add_space(4.0);
                ui.scope(|ui| self.undo_ui(ui, commands));
            }
            ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                action_button(ui, Action::AskExport, false, commands);
                action_button(ui, Action::ToggleTheme, self.is_dark, commands);
                if has_room && palette_button(ui).clicked() {
                    commands.push(Action::TogglePalette);
                }
                if !is_narrow {
                    action_button(ui, Action::ToggleKeys, false, commands);
                }
                if has_room {
                    action_button(ui, Action::TogglePapers, false, commands);
                }
                if has_room {
                    let layouts =
                        WindowLayout::ALL.map(|layout| (layout, layout.word(), layout.meaning()));
                    if let Some(layout) = chooser(ui, "Layout", &layouts, self.layout) {
                        commands.push(ViewChange::SetLayout { layout });
                    }
                }
                if self.layout == WindowLayout::Teach && self.hides_guide && !is_narrow {
                    action_button(ui, Action::ToggleGuide, false, commands);
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

    /// Draws the experiment's name with the menu of others below it.
    fn menu_ui(&self, ui: &mut Ui, path: &mut PathField, commands: &mut CommandQueue) {
        let is_narrow = ui.available_width() < NARROW;
        let mut name = short_name(self.name, LONGEST[usize::from(is_narrow)]);
        if self.is_modified && is_narrow {
            name.push_str(" •");
        }
        let menu = ui.menu_button(format!("{name}  ▾"), |ui| {
            ui.set_width(240.0);
            // the field beneath stays in sight, however many presets there are
            let room = (ui.ctx().content_rect().height() - BESIDE_PRESETS).max(60.0);
            egui::ScrollArea::vertical()
                .max_height(room)
                .min_scrolled_height(room)
                .show(ui, |ui| {
                    ui.set_min_width(ui.available_width());
                    for preset in presets::all() {
                        if ui.button(preset.name).clicked() {
                            commands.push(Edit::Open {
                                name: preset.name.to_owned(),
                            });
                            ui.close();
                        }
                    }
                });
            ui.separator();
            let label = ui.label("Open a file");
            let field = egui::TextEdit::singleline(&mut path.typed)
                .hint_text("path to FILE.toml")
                .desired_width(220.0);
            let field = ui.add(field).labelled_by(label.id);
            if std::mem::take(&mut path.is_asked) {
                field.request_focus();
            }
            let is_entered =
                field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            if (ui.button("Open").clicked() || is_entered) && !path.typed.trim().is_empty() {
                commands.push(Edit::Open {
                    name: path.typed.trim().to_owned(),
                });
                ui.close();
            }
        });
        if path.is_asked {
            // the menu is drawn from the next frame on
            egui::Popup::open_id(ui.ctx(), egui::Popup::default_response_id(&menu.response));
            ui.ctx().request_repaint();
        }
        menu.response
            .on_hover_text(self.name)
            .widget_info(|| WidgetInfo::labeled(Role::Button, true, "Open an experiment"));
    }

    fn undo_ui(&self, ui: &mut Ui, commands: &mut CommandQueue) {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (action, can) in [
            (Action::Undo, self.history.can_undo()),
            (Action::Redo, self.history.can_redo()),
        ] {
            ui.add_enabled_ui(can, |ui| action_button(ui, action, false, commands));
        }
    }
}

/// Draws the button of the command palette, with its key.
fn palette_button(ui: &mut Ui) -> egui::Response {
    let roles = roles_of(ui);
    let words = RichText::parse("Command");
    let size = vec2(words.width * TEXT + 58.0, 24.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Command (Ctrl K)"));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4, colour(roles.separator));
    }
    let baseline = [rect.left() + 6.0, rect.center().y + 0.36 * TEXT];
    paint_text(ui.painter(), baseline, &words, TEXT, roles.text_weak);
    let right = pos2(rect.right() - 4.0, rect.center().y);
    keycap(ui.painter(), (right, Align::Max), "Ctrl K", roles.text_weak);
    response.on_hover_text(Action::TogglePalette.tooltip(false))
}

/// The last part of a path; its middle is left out if it has more than `longest` letters.
fn short_name(path: &str, longest: usize) -> String {
    let name = std::path::Path::new(path)
        .file_name()
        .map_or_else(|| path.into(), |name| name.to_string_lossy());
    let count = name.chars().count();
    if count <= longest {
        return name.into_owned();
    }
    let half = longest / 2;
    let begin: String = name.chars().take(half).collect();
    let end: String = name.chars().skip(count - half).collect();
    format!("{begin}…{end}")
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn a_long_path_is_shown_by_the_ends_of_its_last_part() {
        assert_eq!(short_name("welcome", 12), "welcome");
        assert_eq!(short_name("some/where/my race.toml", 12), "my race.toml");
        assert_eq!(
            short_name("a_very_long_name_of_an_experiment.toml", 12),
            "a_very…t.toml"
        );
        assert_eq!(short_name("/", 12), "/");
    }
}
