//! The table of results at the playhead: sorted by a click on a column's name, and copied for a publication.

use bilevel::study::RunCost;
use bilevel_figure::{MethodLook, RichText, method_looks};
use bilevel_files::{OutcomeRow, Table, counterpart};
use egui::{PopupCloseBehavior, Role, Ui, WidgetInfo};

use super::race::tabs_ui;
use super::results_table::{Order, RowKind, columns, head_words, meaning, table_ui};
use crate::app::command::{CommandQueue, Tab, ViewChange};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::{chooser, remark, rich_label, title};
use crate::app::session::{Session, Slot};

/// The width beside the title from which the heading says that the table is about the playhead.
const HEADING: f32 = 430.0;
/// The width beside the buttons that copy from which a word before them says so.
const COPY: f32 = 110.0;

/// Draws the table and queues what the user asks for. Finishes are given in `cost`, if there is a finish line; with
/// tabs there is a switch back to the race.
pub(crate) fn results_ui(
    ui: &mut Ui,
    session: &Session,
    order: &mut Order,
    (cost, has_tabs): (Option<RunCost>, bool),
    commands: &mut CommandQueue,
) {
    let kind = order.row_kind(has_several_runs(session));
    let (mut table, methods) = table(session, kind, cost);
    let sorted = order
        .column
        .and_then(|name| table.head.iter().position(|head| *head == name));
    if let Some(column) = sorted {
        table.sort(column, order.is_falling);
    }
    table.insert_differences(session.experiment());
    let columns = columns(&table, order.chosen(kind).as_ref(), ui.available_width());
    let shown: Vec<&'static str> = columns
        .iter()
        .map(|column| table.head[column.index])
        .collect();
    ui.horizontal(|ui| {
        if has_tabs {
            tabs_ui(ui, Tab::Results, commands);
        } else {
            title(ui, "Results");
        }
        if has_several_runs(session) {
            let options = [
                (RowKind::Method, "by method", messages::runs::by_method()),
                (RowKind::Run, "by run", messages::runs::by_run()),
            ];
            if let Some(kind) = chooser(ui, "Rows of the results", &options, kind) {
                order.rows = Some(kind);
            }
        }
        if ui.available_width() > HEADING {
            rich_label(ui, "at the playhead", SMALL, roles_of(ui).text_weak);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            copies(ui, &table, ["CSV", "LaTeX", "Markdown"], commands);
            if ui.available_width() > COPY {
                rich_label(ui, "copy", SMALL, roles_of(ui).text_weak);
            }
            columns_ui(ui, &table, order.chosen(kind), &shown);
        });
    });
    if table.rows.is_empty() {
        remark(ui, messages::status::no_result_yet());
        return;
    }
    table_ui(ui, (&table, &columns), &methods, order);
}

/// Draws buttons that copy a table.
pub(crate) fn copies(
    ui: &mut Ui,
    table: &Table,
    names: [&'static str; 3],
    commands: &mut CommandQueue,
) {
    for name in names {
        let button = ui
            .small_button(name)
            .on_hover_text(format!("Copy as {name}"));
        button.widget_info(|| {
            WidgetInfo::labeled(Role::Button, true, format!("Copy results as {name}"))
        });
        if button.clicked() {
            let text = match name {
                "CSV" => table.csv().unwrap_or_default(),
                "LaTeX" => table.latex(),
                _ => table.markdown(),
            };
            commands.push(ViewChange::Copy { text, format: name });
        }
    }
}

/// True if a method has several runs, so that the rows can be methods or runs.
fn has_several_runs(session: &Session) -> bool {
    session.starts().len() * session.experiment().seeds.len() > 1
}

/// The number of rows of the table.
pub(crate) fn row_count(session: &Session, order: &Order) -> usize {
    let kind = order.row_kind(has_several_runs(session));
    let rows_of = |slot: &Slot| match kind {
        RowKind::Method => 1,
        RowKind::Run => slot.runs.len(),
    };
    let methods = &session.experiment().methods;
    let slots = session.slots().iter().enumerate();
    slots
        .map(|(number, slot)| {
            // with the differences of a pinned method
            let is_compared = counterpart(methods, number).is_some();
            rows_of(slot) * (1 + usize::from(is_compared))
        })
        .sum()
}

/// The results of all runs that have begun, and the labels of the methods with their looks.
fn table(
    session: &Session,
    kind: RowKind,
    cost: Option<RunCost>,
) -> (Table, Vec<(String, MethodLook)>) {
    let experiment = session.experiment();
    let now = session.playhead.iteration();
    let mut outcomes = Vec::new();
    for method in session.slots() {
        for run in &method.runs {
            let Some(row) = run.trace.row_at(now) else {
                continue;
            };
            let is_over = !run.status.is_running() && run.iteration <= now;
            outcomes.push(OutcomeRow {
                key: run.key,
                trace: &run.trace,
                row,
                status: if is_over {
                    run.status.word()
                } else {
                    messages::status::running()
                },
                end: run
                    .verdict
                    .as_ref()
                    .filter(|_| is_over)
                    .map(|end| end.verdict),
                finish: run.finish.filter(|finish| *finish <= row),
            });
        }
    }
    let labels = experiment.methods.iter().map(|method| method.label.clone());
    let methods = labels.zip(method_looks(&experiment.methods));
    let table = match kind {
        RowKind::Method => Table::of_methods(experiment, &outcomes, cost),
        RowKind::Run => {
            let mut table = Table::of(experiment, &outcomes, cost);
            table.add_metrics(&outcomes);
            table
        }
    };
    (table, methods.collect())
}

/// The menu of the columns to show.
fn columns_ui(
    ui: &mut Ui,
    table: &Table,
    chosen: &mut Option<Vec<&'static str>>,
    shown: &[&'static str],
) {
    let button = ui.small_button("Columns");
    egui::Popup::menu(&button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            let is_automatic = chosen.is_none();
            let automatic = ui.selectable_label(is_automatic, "As many as fit");
            if automatic.clicked() {
                *chosen = None;
                ui.close();
            }
            ui.separator();
            for name in &table.head[1..] {
                let mut is_shown = shown.contains(name);
                let words = RichText::parse(head_words(name)).plain();
                if ui
                    .checkbox(&mut is_shown, words)
                    .on_hover_text(meaning(name))
                    .changed()
                {
                    let chosen = chosen.get_or_insert_with(|| shown.to_vec());
                    chosen.retain(|other| other != name);
                    if is_shown {
                        chosen.push(name);
                    }
                }
            }
        });
}
