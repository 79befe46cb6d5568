//! 3 Start: the starting point of all runs, or the chosen one of several.

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, Metadata};
use bilevel_figure::RichText;
use bilevel_files::StartSpec;
use egui::{Role, Ui, WidgetInfo};

use super::start_menu::start_menu;
use crate::app::command::{Action, CommandQueue, Edit, SpreadChoice};
use crate::app::messages;
use crate::app::paint::number_field::ranged_field;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{
    action_button, chooser, low_action_button, rich_label, section_heading,
};
use crate::app::session::Session;
use crate::app::session::sizes::sizes_of;

/// The most fields that are shown, and the most for many levels, each of which has a start.
const FIELDS: usize = 4;
const FIELDS_OF_MANY_LEVELS: usize = 9;
/// The number of those fields in a row.
const PER_ROW: usize = 3;
/// The width of a field, and the gap beside it.
const FIELD: f32 = 46.0;
const GAP: f32 = 5.0;

/// Draws the panel and queues what the user asks for. `axes` are the coordinates of the landscape, which come first;
/// `spread` is the choice of several starts.
pub(crate) fn start_ui(
    ui: &mut Ui,
    session: &Session,
    (axes, spread): ([Coordinate; 2], &mut SpreadChoice),
    commands: &mut CommandQueue,
) {
    let problem = session.problem();
    section_heading(ui, "3", "Start", |ui| {
        action_button(ui, Action::ResetStart, false, commands);
        if problem.pictured().is_none() {
            action_button(ui, Action::RandomStart, false, commands);
        }
        start_menu(ui, session, (axes, spread), commands);
    });
    if problem.pictured().is_some() {
        known_start(ui, session, commands);
        return;
    }
    if session.starts().len() > 1 {
        chosen_start(ui, session, commands);
    }
    fields_ui(ui, session, axes, commands);
}

/// Draws the number of the chosen start, the way to its neighbors, and its removal.
fn chosen_start(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        let (number, count) = (session.chosen().start + 1, session.starts().len());
        let words = messages::starts::start_of(number, count);
        rich_label(ui, &words, SMALL, roles_of(ui).text_weak);
        low_action_button(ui, Action::PreviousStart, commands);
        low_action_button(ui, Action::NextStart, commands);
        action_button(ui, Action::RemoveStart, false, commands);
    });
}

/// Draws the fields of the chosen start.
fn fields_ui(ui: &mut Ui, session: &Session, axes: [Coordinate; 2], commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    let metadata = session.problem().metadata();
    let chosen = session.chosen().start;
    let start = &session.starts()[chosen];
    let many = metadata.shape().levels() > 2;
    let most = if many { FIELDS_OF_MANY_LEVELS } else { FIELDS };
    let mut coordinates = axes.to_vec();
    let others = metadata.each_coordinate();
    // one more than there is room for is enough
    coordinates.extend(others.filter(|other| !axes.contains(other)).take(most));
    if coordinates.len() > most {
        coordinates.truncate(2);
    } else if many {
        coordinates = metadata.coordinates();
    }
    // a name stays beside its field: rows are not left to the layout
    let width = coordinates.iter().map(|at| {
        let name = RichText::parse(&format!("${}$", metadata.variable(*at)));
        name.width * (TEXT + 1.0) + FIELD + 2.0 * GAP
    });
    let is_narrow = width.sum::<f32>() > ui.available_width();
    let per_row = if many || is_narrow { PER_ROW } else { FIELDS };
    for row in coordinates.chunks(per_row) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            for coordinate in row {
                field_ui(ui, metadata, (chosen, start), *coordinate, commands);
            }
            let hint = if session.starts().len() > 1 {
                messages::starts::shift_click()
            } else {
                messages::starts::click_and_drag()
            };
            if !many && RichText::parse(hint).width * SMALL <= ui.available_width() {
                rich_label(ui, hint, SMALL, roles.text_faint);
            }
        });
    }
}

/// Draws the chooser between named starts, for problems with too many variables to type.
fn known_start(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    let starts = &session.experiment().starts;
    let is_pretrained = starts.first() == Some(&StartSpec::Pretrained);
    ui.horizontal(|ui| {
        if session.problem().pretrained().is_some() {
            let options = [
                (false, "default", "the problem's own start"),
                (true, "pretrained", "trained without the leader"),
            ];
            if let Some(chosen) = chooser(ui, "Start of the runs", &options, is_pretrained) {
                commands.push(Edit::SetPretrained {
                    is_pretrained: chosen,
                });
            }
        }
        let words = sizes_of(session.problem().metadata().shape());
        rich_label(ui, &words, SMALL, roles.text_faint);
    });
}

/// Draws a variable's name and its value at the start.
fn field_ui(
    ui: &mut Ui,
    metadata: &Metadata,
    (number, start): (usize, &Point),
    coordinate: Coordinate,
    commands: &mut CommandQueue,
) {
    let name = format!("${}$", metadata.variable(coordinate));
    rich_label(ui, &name, TEXT + 1.0, roles_of(ui).text);
    let mut value = start[coordinate.level][coordinate.index];
    let [low, high] = metadata.bounds.limits(coordinate.level)[coordinate.index];
    let field = ranged_field(&mut value, low.max(-1e6)..=high.min(1e6))
        .speed(0.02)
        .max_decimals(3);
    let field = ui.add_sized([FIELD, 22.0], field);
    let spoken = format!("Start {}", RichText::parse(&name).plain());
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &spoken));
    if field.changed() && value.is_finite() {
        let mut moved = start.clone();
        moved[coordinate.level][coordinate.index] = value;
        commands.push(Edit::MoveStart {
            number,
            point: moved,
        });
    }
}
