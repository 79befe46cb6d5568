//! The rows of the formula editor: a level, a definition or a constant each, with its errors and its formula beneath.

use bilevel::formula::{Model, maths, name_as_maths};
use bilevel_figure::{RichText, brief};
use egui::{Role, Ui, WidgetInfo, vec2};

use super::field::{FieldSpec, field_ui, notes_ui};
use crate::app::command::action::Icon;
use crate::app::formulas::fields::{ConstantFields, FieldError, Fields, Spot};
use crate::app::messages;
use crate::app::paint::number_field::{number_field, ranged_field};
use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};
use crate::app::paint::widgets::{HoverMarkup as _, icon_button, low_icon_button, rich_label};
use crate::app::session::Session;

/// The smallest font size of a formula.
const SMALLEST: f32 = 9.5;
/// The width of the words before a level's fields.
const ROLE: f32 = 52.0;
/// The height of a field's line, and the widths of the words between fields, a range and a cross.
const LINE: f32 = 22.0;
/// The height of the line of a constant from a table, which has no field.
const TABLE: f32 = 18.0;
const EQUALS: f32 = 12.0;
const SHOW: f32 = 30.0;
const RANGE: f32 = 54.0;
const NAME: f32 = 40.0;
const CROSS: f32 = 26.0;
/// The space between the parts of a row.
pub(crate) const GAP: f32 = 5.0;

/// The most values that a hint names: a field has no room for more.
const HINTED: usize = 4;

/// All rows of the editor, while they are drawn.
pub(crate) struct DraftRows<'a> {
    pub(crate) fields: &'a mut Fields,
    pub(crate) notes: &'a [FieldError],
    /// A field that was just added, to be scrolled into view.
    pub(crate) added: Option<Spot>,
    pub(crate) session: &'a Session,
}

impl DraftRows<'_> {
    /// Draws the rows; a click on a row's cross removes it.
    pub(crate) fn ui(mut self, ui: &mut Ui) {
        let mut gone = None;
        for number in 0..self.fields.levels.len() {
            ui.push_id(("level", number), |ui| {
                if self.level(ui, number) {
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
        let mut gone = None;
        for number in 0..self.fields.tables.len() {
            ui.push_id(("table", number), |ui| {
                if self.table(ui, number) {
                    gone = Some(number);
                }
            });
        }
        if let Some(number) = gone {
            self.fields.tables.remove(number);
        }
        notes_ui(ui, self.notes, &[Spot::Whole]);
    }

    fn is_wrong(&self, spots: &[Spot]) -> bool {
        self.notes.iter().any(|note| spots.contains(&note.spot))
    }

    /// Draws a level's variables, bounds, objective and formula; true if it is to be removed.
    fn level(&mut self, ui: &mut Ui, number: usize) -> bool {
        let objective = FieldSpec {
            name: &format!("Objective of level {}", number + 1),
            hint: "(x - 1)^2 + y^2",
            meaning: messages::formulas::language(),
            spot: Spot::Objective(number),
            width: ui.available_width() - ROLE - GAP,
            is_long: true,
        };
        let (is_gone, is_open) = self.variables(ui, number);
        ui.horizontal_top(|ui| {
            word_ui(ui, "min", ROLE);
            let text = &mut self.fields.levels[number].objective;
            field_ui(ui, text, &objective, self.notes, self.added);
        });
        if is_open {
            self.start_and_range(ui, number);
        }
        let spots = [
            Spot::Variables(number),
            Spot::Bounds(number),
            Spot::Objective(number),
            Spot::Start(number),
            Spot::Range(number),
        ];
        notes_ui(ui, self.notes, &spots);
        let formulas = &self.session.problem().metadata().formulas;
        if let Some(formula) = formulas.get(number) {
            typeset(ui, formula, self.is_wrong(&spots));
        }
        ui.add_space(3.0);
        is_gone
    }

    /// Draws the first line of a level: its role, variables and bounds; true if the level is to be removed, and true if
    /// its start and range are shown.
    fn variables(&mut self, ui: &mut Ui, number: usize) -> (bool, bool) {
        let count = self.fields.levels.len();
        let can_go = count > 2;
        let role = match (number, count) {
            (0, _) => "leader".to_owned(),
            (1, 2) => "follower".to_owned(),
            _ => format!("level {}", number + 1),
        };
        let must_open = self.is_wrong(&[Spot::Start(number), Spot::Range(number)]);
        let level = &mut self.fields.levels[number];
        let of_level = format!("of level {}", number + 1);
        let memory = ui.scope_id().with("more");
        let kept = ui.data(|data| data.get_temp::<bool>(memory));
        let has_more = !(level.start.is_empty() && level.range.is_empty());
        let mut is_open = must_open || kept.unwrap_or(has_more);
        let mut is_gone = false;
        ui.horizontal(|ui| {
            word_ui(ui, &role, ROLE);
            let icons = (CROSS + GAP) * if can_go { 2.0 } else { 1.0 };
            let room = ui.available_width() - icons;
            let variables = FieldSpec {
                name: &format!("Variables {of_level}"),
                hint: "x, w[3]",
                meaning: "",
                spot: Spot::Variables(number),
                width: 0.36 * room,
                is_long: false,
            };
            let text = &mut level.variables;
            field_ui(ui, text, &variables, self.notes, self.added);
            word_ui(ui, "in", EQUALS);
            let bounds = FieldSpec {
                name: &format!("Bounds {of_level}"),
                hint: "no bounds",
                meaning: "",
                spot: Spot::Bounds(number),
                width: ui.available_width() - icons,
                is_long: false,
            };
            field_ui(ui, &mut level.bounds, &bounds, self.notes, self.added);
            let (icon, verb) = if is_open {
                (Icon::Up, "Hide")
            } else {
                (Icon::Down, "Show")
            };
            let name = format!("{verb} start and range {of_level}");
            if icon_button(ui, icon, &name).clicked() {
                is_open = !is_open;
            }
            if can_go {
                let name = format!("Remove level {}", number + 1);
                is_gone = icon_button(ui, Icon::Close, &name).clicked();
            }
        });
        // an open row stays open while its fields are emptied
        if is_open || kept.is_some() {
            ui.data_mut(|data| data.insert_temp(memory, is_open));
        }
        (is_gone, is_open)
    }

    /// Draws the fields of the start and of the shown range; the hint of an empty field is the automatic value.
    fn start_and_range(&mut self, ui: &mut Ui, number: usize) {
        let [start_hint, range_hint] = chosen(self.session, number + 1);
        let level = &mut self.fields.levels[number];
        ui.horizontal(|ui| {
            word_ui(ui, "start", ROLE);
            let room = ui.available_width() - SHOW - 2.0 * GAP;
            let start = FieldSpec {
                name: &format!("Start of level {}", number + 1),
                hint: &start_hint,
                meaning: messages::formulas::start_meaning(),
                spot: Spot::Start(number),
                width: 0.4 * room,
                is_long: false,
            };
            field_ui(ui, &mut level.start, &start, self.notes, self.added);
            word_ui(ui, "show", SHOW);
            let range = FieldSpec {
                name: &format!("Range of level {}", number + 1),
                hint: &range_hint,
                meaning: messages::formulas::range_meaning(),
                spot: Spot::Range(number),
                width: ui.available_width(),
                is_long: false,
            };
            field_ui(ui, &mut level.range, &range, self.notes, self.added);
        });
    }

    /// Draws a definition's name and formula; true if it is to be removed.
    fn definition(&mut self, ui: &mut Ui, number: usize) -> bool {
        let definition = &mut self.fields.definitions[number];
        let mut is_gone = false;
        ui.horizontal_top(|ui| {
            let name = FieldSpec {
                name: &format!("Name of definition {}", number + 1),
                hint: "name",
                meaning: "",
                spot: Spot::DefinedName(number),
                width: ROLE,
                is_long: false,
            };
            field_ui(ui, &mut definition.name, &name, self.notes, self.added);
            word_ui(ui, "=", EQUALS);
            let formula = FieldSpec {
                name: &format!("Formula of definition {}", number + 1),
                hint: "x + y",
                meaning: messages::formulas::language(),
                spot: Spot::Definition(number),
                width: ui.available_width() - CROSS - GAP,
                is_long: true,
            };
            field_ui(
                ui,
                &mut definition.formula,
                &formula,
                self.notes,
                self.added,
            );
            let name = format!("Remove definition {}", number + 1);
            is_gone = icon_button(ui, Icon::Close, &name).clicked();
        });
        let spots = [Spot::DefinedName(number), Spot::Definition(number)];
        notes_ui(ui, self.notes, &spots);
        let name = self.fields.definitions[number].name.trim();
        if let Some(formula) = defined(self.session, name) {
            typeset(ui, &formula, self.is_wrong(&spots));
        }
        is_gone
    }

    /// Draws a constant's name, value, slider and range; true if it is to be removed.
    fn constant(&mut self, ui: &mut Ui, number: usize) -> bool {
        let constant = &mut self.fields.constants[number];
        let mut is_gone = false;
        ui.horizontal(|ui| {
            let name = FieldSpec {
                name: &format!("Name of constant {}", number + 1),
                hint: "name",
                meaning: "",
                spot: Spot::ConstantName(number),
                width: NAME,
                is_long: false,
            };
            field_ui(ui, &mut constant.name, &name, self.notes, self.added);
            word_ui(ui, "=", EQUALS);
            value_ui(ui, constant);
            let range = FieldSpec {
                name: &format!("Range of constant {}", number + 1),
                hint: "no slider",
                meaning: "",
                spot: Spot::ConstantRange(number),
                width: RANGE,
                is_long: false,
            };
            field_ui(ui, &mut constant.range, &range, self.notes, self.added);
            let name = format!("Remove constant {}", number + 1);
            is_gone = icon_button(ui, Icon::Close, &name).clicked();
        });
        let spots = [Spot::ConstantName(number), Spot::ConstantRange(number)];
        notes_ui(ui, self.notes, &spots);
        is_gone
    }

    /// Draws a constant that holds columns of a table; true if it is to be removed.
    fn table(&self, ui: &mut Ui, number: usize) -> bool {
        let (name, constant) = &self.fields.tables[number];
        let words = messages::formulas::columns_of_table(name, constant);
        let mut is_gone = false;
        ui.spacing_mut().interact_size.y = TABLE;
        ui.horizontal(|ui| {
            let text = egui::RichText::new(&words).size(SMALL);
            let text = text.color(colour(roles_of(ui).text_weak));
            let size = vec2(ui.available_width() - CROSS - GAP, TABLE);
            let layout = egui::Layout::left_to_right(egui::Align::Center);
            ui.allocate_ui_with_layout(size, layout, |ui| {
                ui.set_min_size(size);
                ui.add(egui::Label::new(text).truncate())
            });
            let name = format!("Remove constant {name}");
            is_gone = low_icon_button(ui, Icon::Close, &name).clicked();
        });
        notes_ui(ui, self.notes, &[Spot::Table(number)]);
        is_gone
    }
}

/// The automatic start of a level and its automatic range, as hints.
fn chosen(session: &Session, level: usize) -> [String; 2] {
    let metadata = session.problem().metadata();
    let start = metadata.start[level].iter().take(HINTED);
    let start = start.map(|value| brief(*value, 3));
    let start: Vec<String> = start.collect();
    let own = metadata
        .coordinates()
        .into_iter()
        .filter(|at| at.level == level);
    let shown = own
        .take(HINTED)
        .map(|at| metadata.range(at).map(|end| brief(end, 3)));
    let shown: Vec<String> = shown
        .map(|[low, high]| format!("[{low}, {high}]"))
        .collect();
    [start, shown].map(|values| messages::formulas::automatic(&values))
}

/// A definition of the problem that runs, as maths.
fn defined(session: &Session, name: &str) -> Option<String> {
    let settings = &session.experiment().problem.settings;
    let model = settings.model().unwrap_or_else(|| Model::starter());
    let mut known = model.draft().definitions.iter();
    let number = known.position(|(known, _)| known == name)?;
    let formula = maths(model.definition(number));
    Some(format!("${} = {formula}$", name_as_maths(name)))
}

/// Draws a formula of the problem that runs; faint if other text is being typed.
fn typeset(ui: &mut Ui, formula: &str, is_wrong: bool) {
    let roles = roles_of(ui);
    ui.horizontal(|ui| {
        ui.add_space(ROLE + GAP);
        let text = RichText::parse(formula);
        let size = (ui.available_width() / text.width).clamp(SMALLEST, TEXT + 0.5);
        let ink = if is_wrong {
            roles.text_faint
        } else {
            roles.text
        };
        rich_label(ui, formula, size, ink).on_hover_markup(formula);
    });
}

/// Draws words before a field, in the middle of its first line.
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

/// Draws a constant's value, with a slider if it has a range.
fn value_ui(ui: &mut Ui, constant: &mut ConstantFields) {
    let name = constant.name.clone();
    let slider = constant.slider();
    let speed = 0.01 * constant.value.abs().max(1e-2);
    let field = match slider {
        Some([low, high]) => ranged_field(&mut constant.value, low..=high),
        None => number_field(&mut constant.value),
    };
    let field = ui.add_sized([44.0, 20.0], field.speed(speed));
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
