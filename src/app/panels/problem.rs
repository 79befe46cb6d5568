//! 1 Problem: its name, formulas, parameters and description.

use bilevel::problem::{Parameter, ParameterKind, ParameterValue, TABLE_CHOICES};
use bilevel_figure::RichText;
use bilevel_files::{Highlight, ProblemSpec};
use egui::{Role, Ui, WidgetInfo};

use super::problem_picker::problem_picker;
use crate::app::command::{CommandQueue, Edit};
use crate::app::paint::number_field::{NumberField, count_field, ranged_field};
use crate::app::paint::outline::outline;
use crate::app::paint::theme::{TEXT, roles_of};
use crate::app::paint::widgets::{
    HoverMarkup as _, chooser, rich_label, rich_row, section_heading,
};
use crate::app::panels::formula::editor::{FormulaEditor, edit_ui, examples_ui};
use crate::app::session::document::Document;

/// The font size of a formula, the smallest at which a line is not broken, and the smallest of a part that cannot be.
const FORMULA: f32 = TEXT + 0.5;
const READABLE: f32 = 11.5;
const SMALLEST: f32 = 9.5;
/// The indent of a formula's second and later lines, in the size of text.
const INDENT: f32 = 1.0;

/// Draws the panel and queues what the user asks for.
pub(crate) fn problem_ui(
    ui: &mut Ui,
    document: &Document,
    editor: &mut FormulaEditor,
    commands: &mut CommandQueue,
) {
    let roles = roles_of(ui);
    let session = &document.session;
    let spec = &session.experiment().problem;
    let metadata = session.problem().metadata();
    section_heading(ui, "1", "Problem", |ui| {
        if document.formulas.is_some() {
            examples_ui(ui, commands);
        } else {
            edit_ui(ui, spec.entry, commands);
        }
    });
    if let Some(picked) = problem_picker(ui, spec.entry, metadata.shape()) {
        commands.push(Edit::SetProblem { id: picked.id });
    }
    if let Some(draft) = &document.formulas {
        let typed = ui.scope(|ui| editor.ui(ui, draft, session, commands));
        outline(ui, &Highlight::Parameters, typed.response.rect);
        return;
    }
    let levels = metadata.formulas.len();
    let usual_row = std::mem::replace(&mut ui.spacing_mut().interact_size.y, FORMULA_ROW);
    for (place, formula) in metadata.formulas.iter().enumerate() {
        let role = match (place, levels) {
            (0, _) => "leader".to_owned(),
            (1, 2) => "follower".to_owned(),
            _ => format!("level {}", place + 1),
        };
        ui.horizontal(|ui| {
            let left = ui.cursor().left();
            rich_label(ui, &role, 12.0, roles.text_faint);
            ui.add_space((left + 52.0 - ui.cursor().left()).max(0.0));
            formula_ui(ui, formula);
        });
    }
    ui.spacing_mut().interact_size.y = usual_row;
    let parameters = ui.scope(|ui| parameters_ui(ui, spec, commands));
    outline(ui, &Highlight::Parameters, parameters.response.rect);
}

/// Draws a formula: in one line if that is readable, else broken at operators.
fn formula_ui(ui: &mut Ui, formula: &str) {
    let text = RichText::parse(formula);
    let (room, ink) = (ui.available_width(), roles_of(ui).text);
    let size = (room / text.width).min(FORMULA);
    if size >= READABLE {
        let drawn = rich_label(ui, formula, size, ink);
        if text.width * size <= room {
            drawn.on_hover_markup(formula);
        }
        return;
    }
    let lines = RichText::wrap_formula(formula, room / READABLE, room / READABLE - INDENT);
    // a part without an operator may still be too wide
    let indents = std::iter::once(0.0).chain(std::iter::repeat(INDENT));
    let widths = lines.iter().zip(indents.clone());
    let widest = widths.map(|(line, indent)| line.width + indent);
    let size = (room / widest.fold(1.0, f32::max)).clamp(SMALLEST, FORMULA);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (line, indent) in lines.into_iter().zip(indents) {
            rich_row(ui, &line, indent * size, size, ink).on_hover_markup(formula);
        }
    });
}

/// Draws the parameters in columns of equal width, as many as their names leave room for.
fn parameters_ui(ui: &mut Ui, spec: &ProblemSpec, commands: &mut CommandQueue) {
    let parameters = spec.entry.parameters.iter();
    let parameters: Vec<&'static Parameter> =
        parameters.filter(|one| is_shown(spec, one)).collect();
    let widest = parameters.iter().map(|one| width(one)).fold(1.0, f32::max);
    let columns = ((ui.available_width() + GAP) / (widest + GAP))
        .floor()
        .max(1.0);
    let columns = (columns as usize).clamp(1, MOST_COLUMNS);
    let room = (ui.available_width() - GAP * (columns - 1) as f32) / columns as f32;
    ui.spacing_mut().item_spacing.y = 3.0;
    for row in parameters.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (place, parameter) in row.iter().enumerate() {
                if place > 0 {
                    ui.add_space(GAP);
                }
                let cell = egui::vec2(room, PARAMETER_ROW);
                let layout = egui::Layout::left_to_right(egui::Align::Center);
                ui.allocate_ui_with_layout(cell, layout, |ui| {
                    ui.set_min_size(cell);
                    cell_ui(ui, spec, parameter, commands);
                });
            }
        });
    }
}

/// True for a parameter that has a place here: how a table is read is decided in a file, and shown where it is.
fn is_shown(spec: &ProblemSpec, parameter: &Parameter) -> bool {
    let is_of_table = matches!(
        parameter.kind,
        ParameterKind::Column | ParameterKind::Columns
    ) || TABLE_CHOICES.contains(&parameter.name);
    !is_of_table || spec.settings.is_set(parameter.name)
}

/// Draws the name of a parameter at the left of its cell, and its value at the right.
fn cell_ui(
    ui: &mut Ui,
    spec: &ProblemSpec,
    parameter: &'static Parameter,
    commands: &mut CommandQueue,
) {
    let inks = roles_of(ui);
    rich_label(ui, parameter.label, 12.0, inks.text_faint).on_hover_markup(parameter.meaning);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let value = spec.settings.value(parameter.name);
        if let Some(value) = parameter_ui(ui, parameter, value) {
            commands.push(Edit::SetProblemParameter {
                name: parameter.name,
                value,
            });
        }
    });
}

/// The height of a parameter's row.
const PARAMETER_ROW: f32 = 22.0;
/// The greatest number of parameters beside each other.
const MOST_COLUMNS: usize = 2;
/// The space between two parameters.
const GAP: f32 = 14.0;
/// The width of a chooser beside its words.
const CHOOSER: f32 = 44.0;
/// The height of a formula's row.
const FORMULA_ROW: f32 = 20.0;

/// The approximate width of a parameter with its name.
fn width(parameter: &Parameter) -> f32 {
    let widget = match parameter.kind {
        ParameterKind::Choice(choices) => {
            let words = choices.iter().map(|choice| RichText::parse(choice.words()));
            let widest = words.map(|words| words.width).fold(0.0, f32::max);
            widest * TEXT + CHOOSER
        }
        _ => 60.0,
    };
    RichText::parse(parameter.label).width * 12.0 + 6.0 + widget
}

/// Draws the chooser or the field of a parameter; returns the value if it was changed.
fn parameter_ui(
    ui: &mut Ui,
    parameter: &Parameter,
    value: ParameterValue,
) -> Option<ParameterValue> {
    match (parameter.kind, value) {
        (ParameterKind::Choice(choices), ParameterValue::Choice(chosen)) => {
            let options: Vec<_> = choices
                .iter()
                .map(|choice| (choice.name, choice.words(), choice.meaning))
                .collect();
            let chosen = options.iter().find(|option| option.0 == chosen)?.0;
            let clicked = chooser(ui, parameter.label, &options, chosen)?;
            Some(ParameterValue::Choice(clicked.to_owned()))
        }
        (ParameterKind::Integer { min, max, .. }, ParameterValue::Number(mut number)) => {
            let range = f64::from(min)..=f64::from(max);
            let field = count_field(&mut number, range).speed(0.1);
            field_ui(ui, parameter, field).then_some(ParameterValue::Number(number.round()))
        }
        (ParameterKind::Part { max, .. }, ParameterValue::Number(mut number)) => {
            let is_share = number < 1.0;
            let field = if is_share {
                ranged_field(&mut number, 0.001..=0.999).speed(0.002)
            } else {
                count_field(&mut number, 1.0..=f64::from(max)).speed(0.1)
            };
            let is_changed = field_ui(ui, parameter, field);
            let number = if is_share { number } else { number.round() };
            is_changed.then_some(ParameterValue::Number(number))
        }
        (ParameterKind::Number { min, max, .. }, ParameterValue::Number(mut number)) => {
            let speed = 0.01 * number.abs().max(1e-3);
            let field = ranged_field(&mut number, min..=max).speed(speed);
            field_ui(ui, parameter, field).then_some(ParameterValue::Number(number))
        }
        // a data set and its columns are named in a file
        (ParameterKind::Data(_) | ParameterKind::Column | ParameterKind::Columns, value) => {
            let word = match &value {
                ParameterValue::Data(set) => set.name().to_owned(),
                ParameterValue::Choice(word) => word.clone(),
                ParameterValue::Words(words) => words.join(", "),
                ParameterValue::Number(_) | ParameterValue::List(_) => value.to_string(),
            };
            rich_label(ui, &word, 12.0, roles_of(ui).text).on_hover_markup(parameter.meaning);
            None
        }
        _ => None,
    }
}

fn field_ui(ui: &mut Ui, parameter: &Parameter, field: NumberField<'_, f64>) -> bool {
    let field = ui.add_sized([56.0, 20.0], field);
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, parameter.label));
    field.changed()
}
