//! The editor of formulas: a row for each level, definitions and constants, and what samples say of the problem.
//!
//! The fields are the editor's own. Once they make a problem, that takes the place of the one that is raced; until then the last
//! one that was right goes on. Whatever else changes the problem, such as an undo, is taken over into the fields.

use std::sync::{Arc, LazyLock};

use egui::{Button, DragValue, Role, Ui, WidgetInfo, vec2};

use super::badge_row::BadgeRow;
use super::command::Command;
use super::draft_fields::{
    ConstantFields, DefinitionFields, Fields, LevelFields, Note, Spot, differ_in_values_only,
};
use super::formula_field::{Field, field_ui, notes_ui};
use super::icons::Icon;
use super::screen_pen::paint_text;
use super::session::Session;
use super::theme::{SMALL, TEXT, roles_of};
use super::widgets::{icon_button, rich_label};
use crate::figure::RichText;
use crate::problem::formula::{Draft, Model, limits};
use crate::problem::{self, Entry, FORMULA, example};

/// The smallest size of a formula.
const SMALLEST: f32 = 9.5;
/// What the words before a level's fields take.
const ROLE: f32 = 52.0;
/// The editor has this share of what is left of the panel, and no less than this height.
const SHARE: f32 = 0.52;
const LOWEST: f32 = 120.0;
/// The height of a field's line, and what words between fields, a range and a cross take.
const LINE: f32 = 22.0;
const EQUALS: f32 = 12.0;
const RANGE: f32 = 54.0;
const NAME: f32 = 40.0;
const CROSS: f32 = 26.0;
/// What stands between the parts of a row.
const GAP: f32 = 5.0;

/// The editor's state.
pub(super) struct FormulaEditor {
    fields: Fields,
    /// What is wrong with them; nothing once they make a problem.
    notes: Vec<Note>,
    /// The draft of the problem that is raced, as far as the editor knows.
    good: Draft,
    /// The model that the session had when the editor looked last.
    seen: Option<Arc<Model>>,
    badges: BadgeRow,
    /// A field that has just been added, and is still to be brought into view.
    added: Option<Spot>,
}

/// The benchmarks that can be had as formulas.
fn examples() -> &'static [&'static Entry] {
    static EXAMPLES: LazyLock<Vec<&'static Entry>> = LazyLock::new(|| {
        problem::all()
            .filter(|entry| example(entry).is_some())
            .collect()
    });
    &EXAMPLES
}

impl FormulaEditor {
    /// `wake` is called whenever something about the problem is found out.
    pub(super) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            fields: Fields::default(),
            notes: Vec::new(),
            good: Draft::default(),
            seen: None,
            badges: BadgeRow::new(wake)?,
            added: None,
        })
    }

    /// Whether all is known of the problem that is asked for.
    pub(super) fn is_settled(&self) -> bool {
        self.seen.is_none() || self.badges.is_settled()
    }

    /// Takes over what the session's problem has become.
    pub(super) fn follow(&mut self, session: &Session) {
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
            // what is being typed stays
            self.fields.take_values(draft);
        } else {
            self.fields = Fields::of(draft);
            self.notes.clear();
        }
        self.good = draft.clone();
    }

    /// Draws the editor and queues what the user asks for.
    pub(super) fn ui(&mut self, ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
        let before = self.fields.clone();
        let height = (SHARE * ui.available_height()).max(LOWEST);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing = vec2(GAP, 3.0);
            ui.spacing_mut().interact_size.y = 20.0;
            egui::ScrollArea::vertical()
                .id_salt("formulas")
                .max_height(height)
                .show(ui, |ui| self.rows(ui, session));
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

    /// Makes a problem of what stands in the fields, or notes what is wrong.
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

    /// Moves the sliders of the problem that is raced, while another one is being typed.
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

    fn rows(&mut self, ui: &mut Ui, session: &Session) {
        ui.set_width(ui.available_width() - 4.0);
        let count = self.fields.levels.len();
        let mut gone = None;
        for number in 0..count {
            ui.push_id(("level", number), |ui| {
                if self.level(ui, number, session) {
                    gone = Some(number);
                }
            });
        }
        if let Some(number) = gone {
            self.fields.levels.remove(number);
        }
        let mut gone = None;
        for number in 0..self.fields.definitions.len() {
            ui.push_id(("definition", number), |ui| {
                if self.definition(ui, number) {
                    gone = Some(number);
                }
            });
        }
        if let Some(number) = gone {
            self.fields.definitions.remove(number);
        }
        let mut gone = None;
        for number in 0..self.fields.constants.len() {
            ui.push_id(("constant", number), |ui| {
                if self.constant(ui, number) {
                    gone = Some(number);
                }
            });
        }
        if let Some(number) = gone {
            self.fields.constants.remove(number);
        }
        notes_ui(ui, &self.notes, &[Spot::Whole]);
        self.added = None;
    }

    /// A level's variables, bounds, objective and formula; true if it is to go.
    fn level(&mut self, ui: &mut Ui, number: usize, session: &Session) -> bool {
        let count = self.fields.levels.len();
        let can_go = count > 2;
        let role = match (number, count) {
            (0, _) => "leader".to_owned(),
            (1, 2) => "follower".to_owned(),
            _ => format!("level {}", number + 1),
        };
        let level = &mut self.fields.levels[number];
        let of_level = format!("of level {}", number + 1);
        let mut is_gone = false;
        ui.horizontal(|ui| {
            word_ui(ui, &role, ROLE);
            let cross = if can_go { CROSS + GAP } else { 0.0 };
            let room = ui.available_width() - cross;
            let variables = Field {
                name: &format!("Variables {of_level}"),
                hint: "x, w[3]",
                spot: Spot::Variables(number),
                width: 0.4 * room,
                is_long: false,
            };
            field_ui(
                ui,
                &mut level.variables,
                &variables,
                &self.notes,
                self.added,
            );
            word_ui(ui, "in", EQUALS);
            let bounds = Field {
                name: &format!("Bounds {of_level}"),
                hint: "no bounds",
                spot: Spot::Bounds(number),
                width: ui.available_width() - cross,
                is_long: false,
            };
            field_ui(ui, &mut level.bounds, &bounds, &self.notes, self.added);
            if can_go {
                let name = format!("Remove level {}", number + 1);
                is_gone = icon_button(ui, Icon::Close, &name).clicked();
            }
        });
        ui.horizontal_top(|ui| {
            word_ui(ui, "min", ROLE);
            let objective = Field {
                name: &format!("Objective {of_level}"),
                hint: "(x - 1)^2 + y^2",
                spot: Spot::Objective(number),
                width: ui.available_width(),
                is_long: true,
            };
            field_ui(
                ui,
                &mut level.objective,
                &objective,
                &self.notes,
                self.added,
            );
        });
        let spots = [
            Spot::Variables(number),
            Spot::Bounds(number),
            Spot::Objective(number),
        ];
        notes_ui(ui, &self.notes, &spots);
        let is_wrong = self.notes.iter().any(|note| spots.contains(&note.spot));
        typeset(ui, session, number, is_wrong);
        ui.add_space(3.0);
        is_gone
    }

    /// A definition's name and formula; true if it is to go.
    fn definition(&mut self, ui: &mut Ui, number: usize) -> bool {
        let definition = &mut self.fields.definitions[number];
        let mut is_gone = false;
        ui.horizontal_top(|ui| {
            let name = Field {
                name: &format!("Name of definition {}", number + 1),
                hint: "name",
                spot: Spot::DefinedName(number),
                width: ROLE,
                is_long: false,
            };
            field_ui(ui, &mut definition.name, &name, &self.notes, self.added);
            word_ui(ui, "=", EQUALS);
            let formula = Field {
                name: &format!("Formula of definition {}", number + 1),
                hint: "x + y",
                spot: Spot::Definition(number),
                width: ui.available_width() - CROSS - GAP,
                is_long: true,
            };
            field_ui(
                ui,
                &mut definition.formula,
                &formula,
                &self.notes,
                self.added,
            );
            let name = format!("Remove definition {}", number + 1);
            is_gone = icon_button(ui, Icon::Close, &name).clicked();
        });
        let spots = [Spot::DefinedName(number), Spot::Definition(number)];
        notes_ui(ui, &self.notes, &spots);
        is_gone
    }

    /// A constant's name, value, slider and range; true if it is to go.
    fn constant(&mut self, ui: &mut Ui, number: usize) -> bool {
        let constant = &mut self.fields.constants[number];
        let mut is_gone = false;
        ui.horizontal(|ui| {
            let name = Field {
                name: &format!("Name of constant {}", number + 1),
                hint: "name",
                spot: Spot::ConstantName(number),
                width: NAME,
                is_long: false,
            };
            field_ui(ui, &mut constant.name, &name, &self.notes, self.added);
            word_ui(ui, "=", EQUALS);
            value_ui(ui, constant);
            let range = Field {
                name: &format!("Range of constant {}", number + 1),
                hint: "no slider",
                spot: Spot::ConstantRange(number),
                width: RANGE,
                is_long: false,
            };
            field_ui(ui, &mut constant.range, &range, &self.notes, self.added);
            let name = format!("Remove constant {}", number + 1);
            is_gone = icon_button(ui, Icon::Close, &name).clicked();
        });
        let spots = [Spot::ConstantName(number), Spot::ConstantRange(number)];
        notes_ui(ui, &self.notes, &spots);
        is_gone
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

    /// Says what is raced while the fields are wrong, and offers its formulas.
    fn stands_by(&mut self, ui: &mut Ui) {
        let words = "The last right problem goes on.";
        rich_label(ui, words, SMALL, roles_of(ui).text_weak);
        let back = ui.small_button("Go back to it");
        if back
            .on_hover_text("Its formulas in place of what is typed")
            .clicked()
        {
            self.fields = Fields::of(&self.good);
        }
    }

    /// A follower that copies the one above.
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

    /// The innermost level's first variable, or its first entry, as it is written in formulas.
    fn last_variable(&self) -> String {
        let last = self.fields.levels.last();
        let first = last.and_then(|level| level.variables.split(',').next());
        let first = first.unwrap_or_default().trim();
        match first.split_once('[') {
            Some((name, _)) => format!("{name}[1]"),
            None => first.to_owned(),
        }
    }

    /// The first of some names that nothing has, or one with a number.
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

/// A level's formula as it is raced; faint where something else is being typed.
fn typeset(ui: &mut Ui, session: &Session, number: usize, is_wrong: bool) {
    let roles = roles_of(ui);
    let formulas = &session.problem().facts().formulas;
    if let Some(formula) = formulas.get(number) {
        ui.horizontal(|ui| {
            ui.add_space(ROLE + GAP);
            let text = RichText::parse(formula);
            let size = (ui.available_width() / text.width).clamp(SMALLEST, TEXT + 0.5);
            let ink = if is_wrong {
                roles.text_faint
            } else {
                roles.text
            };
            rich_label(ui, formula, size, ink).on_hover_text(text.plain());
        });
    }
}

/// Words before a field, in the middle of its first line.
fn word_ui(ui: &mut Ui, words: &str, width: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, LINE), egui::Sense::hover());
    let text = RichText::parse(words);
    let baseline = [rect.left(), rect.center().y + 0.36 * SMALL];
    paint_text(
        ui.painter(),
        baseline,
        &text,
        SMALL,
        roles_of(ui).text_faint,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text.plain()));
}

/// A constant's value, with a slider where it has a range.
fn value_ui(ui: &mut Ui, constant: &mut ConstantFields) {
    let name = constant.name.clone();
    let slider = constant.slider();
    let speed = 0.01 * constant.value.abs().max(1e-2);
    let field = DragValue::new(&mut constant.value).speed(speed);
    let field = match slider {
        Some([low, high]) => field.range(low..=high).clamp_existing_to_range(false),
        None => field,
    };
    let field = ui.add_sized([44.0, 20.0], field);
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, format!("Value of {name}")));
    let rail = (ui.available_width() - RANGE - CROSS - 2.0 * GAP).max(10.0);
    if let Some([low, high]) = slider {
        ui.spacing_mut().slider_width = rail;
        let slider = egui::Slider::new(&mut constant.value, low..=high)
            .clamping(egui::SliderClamping::Never)
            .show_value(false);
        let slider = ui.add(slider);
        slider.widget_info(|| WidgetInfo::labeled(Role::Slider, true, format!("Slider of {name}")));
    } else {
        ui.add_space(rail);
    }
}

/// The menu of benchmarks that can be had as formulas.
pub(super) fn examples_ui(ui: &mut Ui, commands: &mut Vec<Command>) {
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
