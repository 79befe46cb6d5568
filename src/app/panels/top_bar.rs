//! The top bar: the open experiment, the last message, the theme and the export.

use bilevel_figure::RichText;
use bilevel_files::WindowLayout;
use egui::{Align, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::command::{Action, CommandQueue, ViewChange};
use crate::app::messages;

use crate::app::dialogs::command_palette::keycap;
use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{SMALL, TEXT, TITLE, colour, roles_of};
use crate::app::paint::widgets::{action_button, chooser, rich_label};
use crate::app::session::history::History;

/// Below this width only controls without another access are shown.
const NARROW: f32 = 460.0;

/// From this width on the layouts are shown.
const LAYOUTS: f32 = 740.0;

/// From this width on, controls that also have a key are shown.
const ROOMY: f32 = 860.0;
/// The width of the name of the app before that of the experiment.
const BRAND: f32 = 134.0;
/// The longest name that is shown in full, in letters: in a wide and in a narrow window.
const LONGEST: [usize; 2] = [32, 12];

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

impl TopBar<'_> {
    /// Draws the bar and queues what the user asks for.
    pub(crate) fn ui(&self, ui: &mut Ui, commands: &mut CommandQueue) {
        let roles = roles_of(ui);
        ui.horizontal_centered(|ui| {
            let is_narrow = ui.available_width() < NARROW;
            let has_room = ui.available_width() >= ROOMY;
            // in a presentation they are the only way out for the mouse
            let is_presenting = self.layout == WindowLayout::Present && !is_narrow;
            let has_layouts = ui.available_width() >= LAYOUTS || is_presenting;
            if !is_narrow {
                rich_label(ui, "**Bilevel Lab**", TITLE, roles.text);
                ui.add_space(24.0);
            }
            self.name_ui(ui, commands);
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
                if has_layouts {
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

    /// Draws the experiment's name, a button that opens another.
    fn name_ui(&self, ui: &mut Ui, commands: &mut CommandQueue) {
        let is_narrow = ui.available_width() < NARROW;
        let is_short = ui.available_width() < ROOMY - BRAND;
        let mut name = short_name(self.name, LONGEST[usize::from(is_short)]);
        if self.is_modified && is_narrow {
            name.push_str(" •");
        }
        let button = ui.button(format!("{name}  ▾"));
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Open an experiment"));
        let tooltip = messages::files::open_another(self.name, &Action::AskOpen.tooltip(false));
        if button.on_hover_text(tooltip).clicked() {
            commands.push(Action::AskOpen);
        }
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
