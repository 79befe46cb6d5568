//! The table of results at the playhead: sorted by a click on a column's name, and copied for a publication.

use bilevel::study::RunCost;
use bilevel_figure::{MethodLook, RichText, fixed, method_looks, significant};
use bilevel_files::{OutcomeRow, Table, TableCell};
use egui::{Role, Sense, Ui, WidgetInfo};

use super::race::tabs_ui;
use crate::app::command::{CommandQueue, Tab, ViewChange};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of, theme_of};
use crate::app::paint::widgets::{remark, rich_label, rich_whole, swatch, title};
use crate::app::session::Session;

/// The sort order of the table.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Order {
    column: Option<usize>,
    is_falling: bool,
}

/// Draws the table and queues what the user asks for. Finishes are given in `cost`, if there is a finish line; with
/// tabs there is a switch back to the race.
pub(crate) fn results_ui(
    ui: &mut Ui,
    session: &Session,
    order: &mut Order,
    (cost, has_tabs): (Option<RunCost>, bool),
    commands: &mut CommandQueue,
) {
    let (mut table, methods) = table(session, cost);
    ui.horizontal(|ui| {
        if has_tabs {
            tabs_ui(ui, Tab::Results, commands);
        } else {
            title(ui, "Results");
        }
        rich_label(ui, "at the playhead", SMALL, roles_of(ui).text_weak);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            copies(ui, &table, ["CSV", "LaTeX", "Markdown"], commands);
            rich_label(ui, "copy", SMALL, roles_of(ui).text_weak);
        });
    });
    if table.rows.is_empty() {
        remark(ui, messages::status::no_result_yet());
        return;
    }
    if let Some(column) = order.column {
        table.sort(column, order.is_falling);
    }
    egui::ScrollArea::both()
        .id_salt("results")
        .auto_shrink([false, true])
        .show(ui, |ui| {
            egui::Grid::new("results")
                .spacing([14.0, 2.0])
                .show(ui, |ui| {
                    for (column, name) in table.head.iter().enumerate() {
                        head_ui(ui, column, name, order);
                    }
                    ui.end_row();
                    for row in &table.rows {
                        row_ui(ui, row, &methods);
                    }
                });
        });
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

/// The results of all runs that have begun, and the labels of the methods with their looks.
fn table(session: &Session, cost: Option<RunCost>) -> (Table, Vec<(String, MethodLook)>) {
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
    (Table::of(experiment, &outcomes, cost), methods.collect())
}

/// Draws the name of a column; a click sorts by it, another click reverses the order.
fn head_ui(ui: &mut Ui, column: usize, name: &str, order: &mut Order) {
    let roles = roles_of(ui);
    let mark = match order.column {
        Some(sorted) if sorted == column && order.is_falling => " ▾",
        Some(sorted) if sorted == column => " ▴",
        _ => "",
    };
    let words = match name {
        "phi" => "$φ$",
        "phi - phi*" => "$φ − φ^*$",
        "f" => "$f$",
        "k" => "$k$",
        _ => name,
    };
    let text = RichText::parse(&format!("{words}{mark}"));
    let size = egui::vec2(text.width * SMALL, 20.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Sort by {name}")));
    let ink = if response.hovered() || order.column == Some(column) {
        roles.text
    } else {
        roles.text_faint
    };
    let at = [rect.left(), rect.center().y + 0.36 * SMALL];
    crate::app::paint::screen_pen::paint_text(ui.painter(), at, &text, SMALL, ink);
    if response.clicked() {
        order.is_falling = order.column == Some(column) && !order.is_falling;
        order.column = Some(column);
    }
    response.on_hover_text(meaning(name));
}

fn meaning(name: &str) -> &'static str {
    match name {
        "status" => "Reason for the stop; budget: iteration limit, stopped: time limit",
        "f" => "The leader's objective at the iterate",
        "phi" => "The leader's objective with the follower solved, from the reference solver",
        "phi - phi*" => "The same above the known optimum",
        "gap" => "Suboptimality of the last level",
        "largest gap" => {
            "The largest gap relative to the span of its level's objective: above 0.1 % f is not comparable"
        }
        "of level" => "The level that the largest gap belongs to",
        "place" => {
            "By φ, among runs from the same start with the same seed; none for a run that is infeasible or not at a \
             minimum of φ"
        }
        "distance" => "To the nearest known global optimum",
        "gradients" => "Gradient calls of both objectives",
        "products" => "Products with second and higher derivatives",
        "values" => "Calls of the objectives themselves",
        "finish" => "Its cost when it reached the target line",
        "k" => "Outer iterations",
        "end" => {
            "Kind of the last x, from the reference solver; moving: not converged, spurious: converged to no minimum"
        }
        _ => "Sort by this",
    }
}

fn row_ui(ui: &mut Ui, row: &[TableCell], methods: &[(String, MethodLook)]) {
    let roles = roles_of(ui);
    for (column, cell) in row.iter().enumerate() {
        match cell {
            TableCell::Text(text) if column == 0 => {
                ui.horizontal(|ui| {
                    if let Some((_, look)) = methods.iter().find(|(label, _)| label == text) {
                        swatch(ui, look.style(theme_of(ui)));
                    }
                    ui.label(
                        egui::RichText::new(text)
                            .size(TEXT)
                            .color(colour(roles.text)),
                    );
                });
            }
            TableCell::Text(text) => {
                let ink = if ["diverged", "failed"].contains(&text.as_str()) {
                    roles.warning
                } else {
                    roles.text_weak
                };
                rich_whole(ui, text, SMALL, ink);
            }
            TableCell::Number(number) => {
                // a whole number is exact as it is
                let text = if number.fract() == 0.0 && number.abs() < 1e9 {
                    fixed(*number, 0)
                } else {
                    significant(*number, 4)
                };
                rich_whole(ui, &format!("${text}$"), SMALL, roles.text);
            }
            TableCell::Count(count) => {
                let text = fixed(*count as f64, 0);
                rich_whole(ui, &text, SMALL, roles.text);
            }
            TableCell::Unknown => {
                rich_whole(ui, "–", SMALL, roles.text_faint);
            }
        }
    }
    ui.end_row();
}
