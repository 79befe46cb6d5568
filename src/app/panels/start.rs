//! 3 Start: the starting point of all runs.

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, Metadata};
use bilevel_figure::{RichText, fixed};
use bilevel_files::StartSpec;
use egui::{DragValue, Role, Ui, WidgetInfo};

use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{action_button, chooser, rich_label, section_heading};
use crate::app::session::Session;

/// The most fields that are shown, and the most for many levels, each of which has a start.
const FIELDS: usize = 4;
const FIELDS_OF_MANY_LEVELS: usize = 9;
/// The number of those fields in a row.
const PER_ROW: usize = 3;
/// The width of a field, and the gap beside it.
const FIELD: f32 = 46.0;
const GAP: f32 = 5.0;

/// Draws the panel and queues what the user asks for. `axes` are the coordinates of the landscape, which come first.
pub(crate) fn start_ui(
    ui: &mut Ui,
    session: &Session,
    axes: [Coordinate; 2],
    commands: &mut CommandQueue,
) {
    let roles = roles_of(ui);
    let problem = session.problem();
    let metadata = problem.metadata();
    section_heading(ui, "3", "Start", |ui| {
        action_button(ui, Action::ResetStart, false, commands);
        if problem.pictured().is_none() {
            action_button(ui, Action::RandomStart, false, commands);
        }
    });
    let start = &session.starts()[0];
    if problem.pictured().is_some() {
        known_start(ui, session, commands);
        return;
    }
    let mut coordinates = axes.to_vec();
    coordinates.extend(
        metadata
            .coordinates()
            .into_iter()
            .filter(|other| !axes.contains(other)),
    );
    let many = metadata.shape().levels() > 2;
    let most = if many { FIELDS_OF_MANY_LEVELS } else { FIELDS };
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
                field_ui(ui, metadata, start, *coordinate, commands);
            }
            let hint = RichText::parse(messages::status::click_and_drag());
            if !many && hint.width * SMALL <= ui.available_width() {
                rich_label(
                    ui,
                    messages::status::click_and_drag(),
                    SMALL,
                    roles.text_faint,
                );
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
        let shape = session.problem().metadata().shape();
        let sizes = (1..=shape.levels()).map(|level| fixed(shape.size(level) as f64, 0));
        let sizes: Vec<String> = sizes.collect();
        let words = messages::status::variables(&sizes);
        rich_label(ui, &words, SMALL, roles.text_faint);
    });
}

/// Draws a variable's name and its value at the start.
fn field_ui(
    ui: &mut Ui,
    metadata: &Metadata,
    start: &Point,
    coordinate: Coordinate,
    commands: &mut CommandQueue,
) {
    let name = format!("${}$", metadata.variable(coordinate));
    rich_label(ui, &name, TEXT + 1.0, roles_of(ui).text);
    let mut value = start[coordinate.level][coordinate.index];
    let [low, high] = metadata.bounds.limits(coordinate.level)[coordinate.index];
    let field = DragValue::new(&mut value)
        .speed(0.02)
        .range(low.max(-1e6)..=high.min(1e6))
        .max_decimals(3);
    let field = ui.add_sized([FIELD, 22.0], field);
    let spoken = format!("Start {}", RichText::parse(&name).plain());
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &spoken));
    if field.changed() && value.is_finite() {
        let mut moved = start.clone();
        moved[coordinate.level][coordinate.index] = value;
        commands.push(Edit::MoveStart {
            number: 0,
            point: moved,
        });
    }
}
