//! The sheet of keys: the keys of the table of actions in groups, in one to three columns.

use egui::{Align, Role, Sense, Ui, WidgetInfo, vec2};

use super::command_palette::keycap;
use crate::app::command::CommandQueue;
use crate::app::command::action::{ACTIONS, Action, ActionGroup, Icon};
use crate::app::command::keyboard::METHOD_KEYS;
use crate::app::messages;
use crate::app::paint::theme::{TEXT, roles_of};
use crate::app::paint::widgets::{
    icon_button, remark, rich_label, rich_paragraph, separator, title,
};

const COLUMN: f32 = 340.0;
const GAP: f32 = 32.0;
/// The width of the keys' names.
const KEYS: f32 = 136.0;
/// The same in a narrow window, and the width below which a window is narrow.
const FEW_KEYS: f32 = 64.0;
const NARROW: f32 = 300.0;

/// Shows the sheet over the window; a click beside it closes it.
pub(crate) fn keys_ui(ctx: &egui::Context, commands: &mut CommandQueue) {
    let screen = ctx.content_rect();
    let room = (screen.width() - 60.0 + GAP) / (COLUMN + GAP);
    let columns = (room.floor() as usize).clamp(1, 3);
    let height = (screen.height() - 110.0).max(60.0);
    let frame = egui::Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(16);
    let modal = egui::Modal::new(egui::Id::unique("keys")).frame(frame);
    let shown = modal.show(ctx, |ui| {
        let wanted = columns as f32 * COLUMN + (columns - 1) as f32 * GAP;
        ui.set_width(wanted.min(screen.width() - 64.0));
        ui.horizontal(|ui| {
            title(ui, "Keys");
            ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, "Close the keyboard shortcuts (Esc)").clicked() {
                    commands.push(Action::Dismiss);
                }
            });
        });
        egui::ScrollArea::vertical()
            .max_height(height)
            // an area in the middle takes only the half below it for its room
            .min_scrolled_height(height)
            .show(ui, |ui| {
                use ActionGroup::{Experiment, Methods, Teaching, Time, Window};
                ui.spacing_mut().item_spacing.x = GAP;
                match columns {
                    1 => column_ui(ui, &[Time, Methods, Experiment, Teaching, Window]),
                    2 => ui.columns_const(|[left, right]| {
                        column_ui(left, &[Time, Methods]);
                        column_ui(right, &[Experiment, Teaching, Window]);
                    }),
                    _ => ui.columns_const(|[left, middle, right]| {
                        // none is higher than a window of 720 points
                        column_ui(left, &[Time, Window]);
                        column_ui(middle, &[Methods, Teaching]);
                        column_ui(right, &[Experiment]);
                    }),
                }
                separator(ui);
                remark(ui, messages::status::pointer_keys());
            });
    });
    if shown.backdrop_response.clicked() {
        commands.push(Action::Dismiss);
    }
}

fn column_ui(ui: &mut Ui, groups: &[ActionGroup]) {
    let roles = roles_of(ui);
    ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
    ui.spacing_mut().interact_size.y = 22.0;
    for group in groups {
        ui.add_space(8.0);
        rich_label(ui, &format!("**{}**", group.name()), TEXT, roles.text);
        if *group == ActionGroup::Methods {
            for keys in &METHOD_KEYS {
                line_ui(ui, keys.name, keys.words);
            }
        }
        let of_group = ACTIONS.iter().filter(|info| info.group == *group);
        for info in of_group.filter(|info| !info.chords.is_empty()) {
            line_ui(ui, &info.keys(), info.words);
        }
    }
}

fn line_ui(ui: &mut Ui, keys: &str, words: &str) {
    let roles = roles_of(ui);
    let is_narrow = ui.available_width() < NARROW;
    ui.horizontal_top(|ui| {
        let mut at = ui.cursor().left_top() + vec2(0.0, 11.0);
        let begin = at.x;
        for name in keys.split(", ") {
            at.x = keycap(ui.painter(), (at, Align::Min), name, roles.text).right() + 6.0;
        }
        let column = if is_narrow { FEW_KEYS } else { KEYS };
        let size = vec2((at.x - 6.0 - begin).max(column), 22.0);
        let (_, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, keys));
        ui.vertical(|ui| {
            ui.add_space(2.0);
            rich_paragraph(ui, words, TEXT, roles.text_weak);
        });
    });
}
