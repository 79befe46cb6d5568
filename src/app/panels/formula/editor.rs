//! The formula editor: a row for each level, definition and constant, and the checks of the problem.
//!
//! The editor has its own fields. As soon as they are a valid problem, it replaces the one that runs; until then the
//! last valid problem keeps running. Any other change of the problem, such as an undo, is taken over into the fields.

use std::sync::Arc;

use bilevel::formula::{Draft, Model, limits};
use bilevel::problem::{self, FORMULA, ProblemInfo, has_example};
use bilevel_figure::RichText;
use egui::{Button, Role, Ui, WidgetInfo, vec2};

use super::check_row::CheckRow;
use super::draft_fields::{
    ConstantFields, DefinitionFields, FieldError, Fields, LevelFields, Spot, differ_in_values_only,
};
use super::rows::{DraftRows, GAP};
use crate::app::command::Command;
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::rich_label;
use crate::app::session::Session;

/// The editor's share of the panel's remaining height, and its least height.
const SHARE: f32 = 0.52;
const LOWEST: f32 = 120.0;
/// The state of the editor.
pub(crate) struct FormulaEditor {
    fields: Fields,
    /// The errors in the fields; none if they are a valid problem.
    notes: Vec<FieldError>,
    /// The draft of the problem that runs, as far as the editor knows.
    good: Draft,
    /// The model that the session had in the last frame.
    seen: Option<Arc<Model>>,
    badges: CheckRow,
    /// A field that was just added, still to be scrolled into view.
    added: Option<Spot>,
}

/// The benchmarks that are available as formulas.
fn examples() -> impl Iterator<Item = &'static ProblemInfo> {
    problem::all().filter(|entry| has_example(entry))
}

impl FormulaEditor {
    /// An editor whose worker starts with the first request. `wake` is called whenever they have come.
    pub(crate) fn new(wake: impl Fn() + Send + 'static) -> Self {
        Self {
            fields: Fields::default(),
            notes: Vec::new(),
            good: Draft::default(),
            seen: None,
            badges: CheckRow::new(wake),
            added: None,
        }
    }

    /// True if all checks of the present problem have come.
    pub(crate) fn is_settled(&self) -> bool {
        self.seen.is_none() || self.badges.is_settled()
    }

    /// Takes over a change of the session's problem.
    pub(crate) fn follow(&mut self, session: &Session) {
        let spec = &session.experiment().problem;
        if spec.entry.id != FORMULA.id {
            self.seen = None;
            self.badges.forget();
            return;
        }
        let model = spec.settings.model().unwrap_or_else(|| Model::starter());
        self.badges.follow(session, model);
        let was_shown = match &self.seen {
            Some(seen) if Arc::ptr_eq(seen, model) => return,
            seen => seen.is_some(),
        };
        self.seen = Some(Arc::clone(model));
        let draft = model.draft();
        if was_shown && *draft == self.good {
            return;
        }
        if was_shown && differ_in_values_only(&self.good, draft) {
            // the text that is being typed stays
            self.fields.take_values(draft);
        } else {
            self.fields = Fields::of(draft);
            self.notes.clear();
        }
        self.good = draft.clone();
    }

    /// Draws the editor and queues what the user asks for.
    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
        let before = self.fields.clone();
        let height = (SHARE * ui.available_height()).max(LOWEST);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing = vec2(GAP, 3.0);
            ui.spacing_mut().interact_size.y = 20.0;
            egui::ScrollArea::vertical()
                .id_salt("formulas")
                .max_height(height)
                .show(ui, |ui| {
                    ui.set_width(ui.available_width() - 4.0);
                    let rows = DraftRows {
                        fields: &mut self.fields,
                        notes: &self.notes,
                        added: self.added.take(),
                        session,
                    };
                    rows.ui(ui);
                });
            ui.add_space(2.0);
            ui.horizontal(|ui| self.buttons(ui));
            if self.notes.is_empty() {
                self.badges.ui(ui);
            } else {
                ui.horizontal(|ui| self.stands_by(ui));
            }
        });
        if before != self.fields {
            self.read(&before, commands);
        }
    }

    /// Reads a problem from the fields, or shows the errors.
    fn read(&mut self, before: &Fields, commands: &mut Vec<Command>) {
        match self.fields.read() {
            Ok(model) => {
                self.notes.clear();
                if *model.draft() != self.good {
                    self.good = model.draft().clone();
                    commands.push(Command::SetModel(model));
                }
            }
            Err(notes) => {
                self.notes = notes;
                self.move_sliders(before, commands);
            }
        }
    }

    /// Applies the sliders to the problem that runs while the fields have errors.
    fn move_sliders(&self, before: &Fields, commands: &mut Vec<Command>) {
        let Some(seen) = &self.seen else { return };
        let mut model = Model::clone(seen);
        let pairs = before.constants.iter().zip(&self.fields.constants);
        let moved = pairs.filter(|(old, new)| old.name == new.name && old.value != new.value);
        let mut is_moved = false;
        for (_, constant) in moved {
            is_moved |= model.set_slider(&constant.name, constant.value);
        }
        if is_moved {
            commands.push(Command::SetModel(model));
        }
    }

    fn buttons(&mut self, ui: &mut Ui) {
        let add = |ui: &mut Ui, word: &str, can: bool, meaning: &str| {
            let button = ui.add_enabled(can, Button::new(format!("+ {word}")).small());
            button.widget_info(|| WidgetInfo::labeled(Role::Button, can, format!("Add a {word}")));
            button.on_hover_text(meaning).clicked()
        };
        let has_room = self.fields.levels.len() < limits::MOST_LEVELS;
        if add(ui, "level", has_room, "One more follower, below the last") {
            self.add_level();
            self.added = Some(Spot::Objective(self.fields.levels.len() - 1));
        }
        let can_name = |count: usize| count < limits::MOST_NAMES;
        let room = can_name(self.fields.constants.len());
        if add(
            ui,
            "constant",
            room,
            "A number with a name, and a slider where it has a range",
        ) {
            let name = self.unused(&["a", "b", "c", "d", "k"]);
            self.fields.constants.push(ConstantFields {
                name,
                value: 1.0,
                range: "[0, 2]".to_owned(),
            });
            self.added = Some(Spot::ConstantName(self.fields.constants.len() - 1));
        }
        let room = can_name(self.fields.definitions.len());
        if add(ui, "definition", room, "A part of formulas under a name") {
            let name = self.unused(&["s", "t", "r", "h"]);
            self.fields.definitions.push(DefinitionFields {
                name,
                formula: self.last_variable(),
            });
            self.added = Some(Spot::Definition(self.fields.definitions.len() - 1));
        }
    }

    /// Says that the last valid problem keeps running while the fields have errors, and offers its formulas.
    fn stands_by(&mut self, ui: &mut Ui) {
        let words = "The last valid problem keeps running.";
        rich_label(ui, words, SMALL, roles_of(ui).text_weak);
        let back = ui.small_button("Go back to it");
        if back
            .on_hover_text("Replaces the typed formulas by these")
            .clicked()
        {
            self.fields = Fields::of(&self.good);
        }
    }

    /// Adds a follower that copies the variable of the level above.
    fn add_level(&mut self) {
        let above = self.last_variable();
        let name = self.unused(&["z", "w", "u", "v", "q"]);
        self.fields.levels.push(LevelFields {
            objective: format!("({name} - {above})^2/2"),
            bounds: self
                .fields
                .levels
                .last()
                .map_or_else(String::new, |level| level.bounds.clone()),
            variables: name,
            ..LevelFields::default()
        });
    }

    /// The innermost level's first variable, or its first entry, as formulas name it.
    fn last_variable(&self) -> String {
        let last = self.fields.levels.last();
        let first = last.and_then(|level| level.variables.split(',').next());
        let first = first.unwrap_or_default().trim();
        match first.split_once('[') {
            Some((name, _)) => format!("{name}[1]"),
            None => first.to_owned(),
        }
    }

    /// The first of some names that is not taken, or one with a number.
    fn unused(&self, names: &[&str]) -> String {
        let fields = &self.fields;
        let variables = fields
            .levels
            .iter()
            .flat_map(|level| level.variables.split(','));
        let mut taken: Vec<&str> = variables
            .map(|name| name.split('[').next().unwrap_or_default().trim())
            .collect();
        taken.extend(fields.constants.iter().map(|constant| constant.name.trim()));
        taken.extend(fields.definitions.iter().map(|one| one.name.trim()));
        let free = names.iter().find(|name| !taken.contains(*name));
        let numbered = (2..).map(|number| format!("{}{number}", names[0]));
        free.map(|name| (*name).to_owned())
            .or_else(|| {
                numbered
                    .into_iter()
                    .find(|name| !taken.contains(&name.as_str()))
            })
            .unwrap_or_default()
    }
}

/// Draws a button that opens a benchmark as formulas; nothing if it has none.
pub(crate) fn edit_ui(ui: &mut Ui, entry: &ProblemInfo, commands: &mut Vec<Command>) {
    if !has_example(entry) {
        return;
    }
    let button = ui.button("Edit formulas");
    let words = "Opens this benchmark as your own formulas, with the same methods";
    if button.on_hover_text(words).clicked() {
        commands.push(Command::StartFrom(entry.id));
    }
}

/// Draws the menu of the benchmarks that are available as formulas.
pub(crate) fn examples_ui(ui: &mut Ui, commands: &mut Vec<Command>) {
    let menu = ui.menu_button("Examples", |ui| {
        ui.set_width(220.0);
        let room = (0.6 * ui.ctx().content_rect().height()).max(60.0);
        egui::ScrollArea::vertical()
            .max_height(room)
            .show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                for entry in examples() {
                    let button = ui.button(entry.name);
                    let words = RichText::parse(entry.summary).plain();
                    if button.on_hover_text(words).clicked() {
                        commands.push(Command::StartFrom(entry.id));
                        ui.close();
                    }
                }
            });
    });
    let menu = menu.response.on_hover_text("Start from a benchmark");
    menu.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Start from an example"));
}
