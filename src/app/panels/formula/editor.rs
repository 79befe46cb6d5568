//! The formula editor: a row for each level, definition and constant, and the checks of the problem.
//!
//! The texts belong to the document. As soon as they are a valid problem, it replaces the one that runs; until then the
//! last valid problem keeps running.

use bilevel::formula::limits;
use bilevel::problem::{self, ProblemInfo, has_example};
use egui::{Button, Role, Ui, WidgetInfo, vec2};

use super::check_row::CheckRow;
use super::rows::{DraftRows, GAP};
use crate::app::background::Background;
use crate::app::command::{CommandQueue, Edit};
use crate::app::formulas::FormulaDraft;
use crate::app::formulas::fields::{Fields, Spot};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::{HoverMarkup as _, rich_paragraph};
use crate::app::session::Session;
use crate::app::session::document::{Document, typed_model};

/// The editor's share of the panel's remaining height, and its least height.
const SHARE: f32 = 0.52;
const LOWEST: f32 = 120.0;
/// The width of its scroll bar.
const BAR: f32 = 6.0;

/// The state of the editor.
pub(crate) struct FormulaEditor {
    checks: CheckRow,
    /// A field that was just added, still to be scrolled into view.
    added: Option<Spot>,
}

/// The benchmarks that are available as formulas.
fn examples() -> impl Iterator<Item = &'static ProblemInfo> {
    problem::all().filter(|entry| has_example(entry))
}

impl FormulaEditor {
    /// An editor without checks.
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            checks: CheckRow::new(background),
            added: None,
        }
    }

    /// True if all checks of the present problem have come.
    pub(crate) fn is_settled(&self, document: &Document) -> bool {
        document.formulas.is_none() || self.checks.is_settled()
    }

    /// Requests the checks of the running problem.
    pub(crate) fn follow(&mut self, session: &Session) {
        match typed_model(session.experiment()) {
            Some(model) => self.checks.follow(session, model),
            None => self.checks.forget(),
        }
    }

    /// Draws the editor and queues what the user asks for.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        draft: &FormulaDraft,
        session: &Session,
        commands: &mut CommandQueue,
    ) {
        let mut fields = draft.fields().clone();
        let height = (SHARE * ui.available_height()).max(LOWEST);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing = vec2(GAP, 3.0);
            ui.spacing_mut().interact_size.y = 20.0;
            // a bar that is there without the pointer: rows end anywhere
            ui.spacing_mut().scroll = egui::style::ScrollStyle {
                bar_width: BAR,
                floating_width: BAR,
                floating_allocated_width: BAR,
                ..egui::style::ScrollStyle::thin()
            };
            egui::ScrollArea::vertical()
                .id_salt("formulas")
                .max_height(height)
                .show(ui, |ui| {
                    ui.set_width(ui.available_width() - 4.0);
                    let rows = DraftRows {
                        fields: &mut fields,
                        notes: draft.errors(),
                        added: self.added.take(),
                        session,
                    };
                    rows.ui(ui);
                });
            ui.add_space(2.0);
            ui.horizontal(|ui| self.buttons(ui, &mut fields));
            if draft.errors().is_empty() {
                self.checks.ui(ui);
            } else {
                stands_by(ui, session, &mut fields);
            }
        });
        if fields != *draft.fields() {
            commands.push(Edit::SetFormulas { fields });
        }
    }

    fn buttons(&mut self, ui: &mut Ui, fields: &mut Fields) {
        let add = |ui: &mut Ui, word: &str, can: bool, meaning: &str| {
            let button = ui.add_enabled(can, Button::new(format!("+ {word}")).small());
            button.widget_info(|| WidgetInfo::labeled(Role::Button, can, format!("Add a {word}")));
            button.on_hover_text(meaning).clicked()
        };
        let has_room = fields.levels.len() < limits::MOST_LEVELS;
        if add(ui, "level", has_room, "One more follower, below the last") {
            self.added = Some(fields.add_level());
        }
        let can_name = |count: usize| count < limits::MOST_NAMES;
        let room = can_name(fields.constants.len() + fields.tables.len());
        if add(
            ui,
            "constant",
            room,
            "A number with a name, and a slider where it has a range",
        ) {
            self.added = Some(fields.add_constant());
        }
        let room = can_name(fields.definitions.len());
        if add(ui, "definition", room, "A part of formulas under a name") {
            self.added = Some(fields.add_definition());
        }
    }
}

/// Says that the last valid problem keeps running while the fields have errors, and offers its formulas.
fn stands_by(ui: &mut Ui, session: &Session, fields: &mut Fields) {
    let words = messages::formulas::last_valid_runs();
    rich_paragraph(ui, words, SMALL, roles_of(ui).text_weak);
    let back = ui.small_button("Go back to it");
    let is_clicked = back
        .on_hover_text(messages::formulas::go_back_meaning())
        .clicked();
    if let Some(model) = typed_model(session.experiment()).filter(|_| is_clicked) {
        *fields = Fields::of(model.draft());
    }
}

/// Draws a button that opens a benchmark as formulas; nothing if it has none.
pub(crate) fn edit_ui(ui: &mut Ui, entry: &ProblemInfo, commands: &mut CommandQueue) {
    if !has_example(entry) {
        return;
    }
    let button = ui.button("Edit formulas");
    let words = "Opens this benchmark as your own formulas, with the same methods";
    if button.on_hover_text(words).clicked() {
        commands.push(Edit::StartFrom { id: entry.id });
    }
}

/// Draws the menu of the benchmarks that are available as formulas.
pub(crate) fn examples_ui(ui: &mut Ui, commands: &mut CommandQueue) {
    let menu = ui.menu_button("Examples", |ui| {
        ui.set_width(220.0);
        let room = (0.6 * ui.ctx().content_rect().height()).max(60.0);
        egui::ScrollArea::vertical()
            .max_height(room)
            .show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                for entry in examples() {
                    let button = ui.button(entry.name);
                    if button.on_hover_markup(entry.summary).clicked() {
                        commands.push(Edit::StartFrom { id: entry.id });
                        ui.close();
                    }
                }
            });
    });
    let menu = menu.response.on_hover_text("Start from a benchmark");
    menu.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Start from an example"));
}
