//! The sheet of keys: the table of shortcuts in groups, in as many columns as there is room for.

use egui::{Align, Role, Sense, Ui, WidgetInfo, vec2};

use super::command::Command;
use super::icons::Icon;
use super::keyboard::{Group, SHORTCUTS, Shortcut};
use super::palette::keycap;
use super::theme::{TEXT, roles_of};
use super::widgets::{icon_button, remark, rich_label, separator, title};

const COLUMN: f32 = 330.0;
const GAP: f32 = 32.0;
/// Room for the keys' names.
const KEYS: f32 = 150.0;

/// Shows the sheet over the window; a click beside it closes it.
pub(super) fn keys_ui(ctx: &egui::Context, commands: &mut Vec<Command>) {
    let screen = ctx.content_rect();
    let columns = if screen.width() < 2.0 * COLUMN + GAP + 60.0 {
        1
    } else {
        2
    };
    let shown = egui::Modal::new(egui::Id::unique("keys")).show(ctx, |ui| {
        let wanted = columns as f32 * COLUMN + (columns - 1) as f32 * GAP;
        ui.set_width(wanted.min(screen.width() - 60.0));
        ui.horizontal(|ui| {
            title(ui, "Keys");
            ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, "Close the sheet of keys (Esc)").clicked() {
                    commands.push(Command::Dismiss);
                }
            });
        });
        egui::ScrollArea::vertical()
            .max_height((screen.height() - 110.0).max(60.0))
            .show(ui, |ui| {
                if columns == 1 {
                    ui.vertical(|ui| column_ui(ui, &[Group::Time, Group::Methods]));
                    ui.vertical(|ui| column_ui(ui, &[Group::Experiment, Group::Window]));
                } else {
                    ui.spacing_mut().item_spacing.x = GAP;
                    ui.columns_const(|[left, right]| {
                        column_ui(left, &[Group::Time, Group::Methods]);
                        column_ui(right, &[Group::Experiment, Group::Window]);
                    });
                }
                separator(ui);
                remark(ui, "**Pointer** Wheel: zoom at the pointer. Drag: pan. Double click: show all. A field with the keyboard keeps its keys.");
            });
    });
    if shown.backdrop_response.clicked() {
        commands.push(Command::Dismiss);
    }
}

fn column_ui(ui: &mut Ui, groups: &[Group]) {
    let roles = roles_of(ui);
    ui.spacing_mut().item_spacing = vec2(8.0, 3.0);
    for group in groups {
        ui.add_space(8.0);
        rich_label(ui, &format!("**{}**", group.name()), TEXT, roles.text);
        for shortcut in SHORTCUTS.iter().filter(|shortcut| shortcut.group == *group) {
            line_ui(ui, shortcut);
        }
    }
}

fn line_ui(ui: &mut Ui, shortcut: &Shortcut) {
    let roles = roles_of(ui);
    ui.horizontal(|ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(KEYS, 22.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, shortcut.name));
        let mut left = rect.left_center();
        for name in shortcut.name.split(", ") {
            left.x = keycap(ui.painter(), (left, Align::Min), name, roles.text).right() + 6.0;
        }
        rich_label(ui, shortcut.meaning, TEXT, roles.text_weak);
    });
}
