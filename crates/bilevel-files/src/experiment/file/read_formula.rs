//! The reader of `[problem]` with `id = "formula"`: levels, constants and definitions of a model, with errors at their
//! positions.

use bilevel::formula::{
    Constant, Draft, FormulaError, FormulaPart, LevelDraft, Model, UnreadParts, fixed_number,
};

use super::document::{ANY, DocumentTable, DocumentValue, ErrorList, ReadError};
use super::lines::list;
use super::read_tables::{
    KnownTables, column_of, is_table_constant, read_preparation, read_table_constant,
};
use crate::messages;

/// The keys of the table.
pub(crate) const KEYS: &[&str] = &[
    "id",
    "level",
    "constants",
    "definitions",
    "missing",
    "standardize",
    "train",
    "validation",
    "test",
    "split_seed",
];
/// The keys of a level.
pub(crate) const LEVEL: &[&str] = &["variables", "objective", "bounds", "start", "range"];

/// The keys of a constant with a slider.
pub(crate) const CONSTANT: &[&str] = &["value", "min", "max"];

/// Positions in the file of a draft's parts.
struct DraftParts<'t> {
    table: DocumentValue<'t>,
    section: DocumentTable<'t>,
    /// The tables of the levels; `None` for a level that is no table.
    levels: Vec<Option<DocumentTable<'t>>>,
    constants: Vec<DocumentValue<'t>>,
    /// Constants that hold columns of tables.
    tables: Vec<DocumentValue<'t>>,
    /// Constants that are lists, which come before the definitions.
    vectors: Vec<DocumentValue<'t>>,
    definitions: Vec<DocumentValue<'t>>,
}

/// Reads the model; keeps all errors that do not follow from another one. After errors the model has the same levels and
/// variables, and objectives that are 0; `None` if these could not be read. Misplaced levels are unknown keys of the file, and
/// no second error tells that the problem has none.
pub(crate) fn read_model<'t>(
    table: &DocumentValue<'t>,
    section: &DocumentTable<'t>,
    are_misplaced: bool,
    errors: &ErrorList,
) -> Option<Model> {
    errors.keep(section.only(KEYS));
    let mut parts = DraftParts {
        table: *table,
        section: *section,
        levels: Vec::new(),
        constants: Vec::new(),
        tables: Vec::new(),
        vectors: Vec::new(),
        definitions: Vec::new(),
    };
    let mut draft = Draft::default();
    let mut unread = UnreadParts::default();
    read_constants(&mut parts, &mut draft, &mut unread, errors);
    let levels = section.get("level");
    if levels.is_none() && !are_misplaced && !section.is_misspelt("level", KEYS) {
        errors.push(table.error(messages::experiment::formulas_without_levels()));
    }
    let levels = levels.map(|field| field.list(messages::experiment::level_tables()));
    let levels = levels.and_then(|levels| errors.keep(levels));
    let Some(levels) = levels.filter(|levels| !levels.is_empty()) else {
        if errors.is_empty() {
            errors.push(table.error(messages::experiment::formulas_without_levels()));
        }
        return None;
    };
    for (number, table) in levels.iter().enumerate() {
        let level = read_level(table, (&draft.constants, &unread.names), errors);
        if !level.has_variables {
            unread.levels.push(number + 1);
            unread.has_names_unknown = true;
        }
        draft.levels.push(level.draft);
        parts.levels.push(level.section);
    }
    for field in all_fields(section, "definitions", "[problem.definitions]", errors) {
        if let Some(formula) = errors.keep(field.text()) {
            let definition = (field.name.to_owned(), formula.to_owned());
            draft.definitions.push(definition);
            parts.definitions.push(field);
        } else {
            unread.names.push(field.name.to_owned());
        }
    }
    let stand_in = stand_in(&draft).filter(|_| unread.levels.is_empty());
    let model = Model::parse_without(draft, &unread);
    let model = model.map_err(|troubles| parts.report(&troubles, errors));
    model.ok().or(stand_in)
}

/// Reads numbers, lists, sliders and columns of tables.
fn read_constants(
    parts: &mut DraftParts<'_>,
    draft: &mut Draft,
    unread: &mut UnreadParts,
    errors: &ErrorList,
) {
    let fields = all_fields(&parts.section, "constants", "[problem.constants]", errors);
    let has_tables = fields.iter().any(is_table_constant);
    let preparation = errors.keep(read_preparation(&parts.section, has_tables));
    draft.preparation = preparation.unwrap_or_default();
    let mut known = KnownTables::new();
    for field in fields {
        let name = field.name.to_owned();
        let is_read = if field.is_list() {
            // a constant that is a list is a definition
            let vector = array_text(&field, errors);
            let vector = vector.map(|vector| draft.definitions.push((name.clone(), vector)));
            vector.map(|()| parts.vectors.push(field))
        } else if is_table_constant(&field) {
            let table = read_table_constant(&field, &mut known, errors);
            let table = table.map(|table| draft.tables.push((name.clone(), table)));
            table.map(|()| parts.tables.push(field))
        } else {
            let constant = read_constant(&field, errors);
            let constant = constant.map(|constant| draft.constants.push((name.clone(), constant)));
            constant.map(|()| parts.constants.push(field))
        };
        if is_read.is_none() {
            unread.names.push(name);
        }
    }
}

/// A model of the levels and variables of a draft, with its bounds where they are right.
fn stand_in(draft: &Draft) -> Option<Model> {
    let level = |level: &LevelDraft| LevelDraft {
        objective: "0".to_owned(),
        ..level.clone()
    };
    let mut known = Draft {
        levels: draft.levels.iter().map(level).collect(),
        ..Draft::default()
    };
    if let Ok(model) = Model::parse(known.clone()) {
        return Some(model);
    }
    for level in &mut known.levels {
        *level = LevelDraft {
            variables: std::mem::take(&mut level.variables),
            objective: "0".to_owned(),
            ..LevelDraft::default()
        };
    }
    Model::parse(known).ok()
}

fn all_fields<'t>(
    section: &DocumentTable<'t>,
    key: &'static str,
    name: &'static str,
    errors: &ErrorList,
) -> Vec<DocumentValue<'t>> {
    let section = section.get(key).map(|field| field.section(name));
    let section = section.and_then(|section| errors.keep(section));
    section.map_or_else(Vec::new, |section| section.fields())
}

/// A level as far as it could be read.
struct ReadLevel<'t> {
    draft: LevelDraft,
    section: Option<DocumentTable<'t>>,
    /// False if the variables could not be read, or not all of them.
    has_variables: bool,
}

/// Reads a level; the bounds may be formulas of constants, some of which have names but no values.
fn read_level<'t>(
    table: &DocumentValue<'t>,
    constants: (&[(String, Constant)], &[String]),
    errors: &ErrorList,
) -> ReadLevel<'t> {
    let mut level = ReadLevel {
        draft: LevelDraft {
            // in place of an objective that cannot be read
            objective: "0".to_owned(),
            ..LevelDraft::default()
        },
        section: errors.keep(table.section("[[problem.level]]")),
        has_variables: false,
    };
    let Some(section) = level.section else {
        return level;
    };
    errors.keep(section.only(LEVEL));
    let needed = |key: &'static str, example: &str| {
        section.needed(key, LEVEL, errors, || {
            table.error(messages::experiment::level_without_key(key, example))
        })
    };
    if let Some(field) = needed("variables", "variables = [\"x\"]")
        && let Some(items) = errors.keep(field.list(messages::experiment::variable_names()))
    {
        let names: Vec<Option<&str>> = items.iter().map(|name| errors.keep(name.text())).collect();
        level.has_variables = names.iter().all(Option::is_some);
        let names = names.into_iter().map_while(|name| name);
        level.draft.variables = names.map(ToOwned::to_owned).collect();
    }
    if let Some(field) = needed("objective", "objective = \"(x - 1)^2 + y^2\"")
        && let Some(formula) = errors.keep(field.text())
    {
        formula.clone_into(&mut level.draft.objective);
    }
    let (known, unread) = constants;
    let names = FixedNames {
        known,
        unread: UnreadParts {
            names: unread.to_vec(),
            ..UnreadParts::default()
        },
    };
    level.draft.bounds = pairs(&section, "bounds", &names, errors);
    level.draft.range = pairs(&section, "range", &names, errors);
    if let Some(field) = section.get("start")
        && let Some(items) = errors.keep(start_of_level(&field))
    {
        let number =
            |item: &DocumentValue<'_>| names.value(item, errors, || errors.keep(item.number(ANY)));
        level.draft.start = all(items.iter().map(number)).unwrap_or_default();
    }
    level
}

/// The numbers of a level's start, which are a list without lists in it.
fn start_of_level<'t>(field: &DocumentValue<'t>) -> Result<Vec<DocumentValue<'t>>, ReadError> {
    let is_flat = |items: &Vec<DocumentValue<'_>>| !items.iter().any(DocumentValue::is_list);
    let items = field.items().filter(is_flat);
    items.ok_or_else(|| field.expected(messages::experiment::start_of_level()))
}

/// All values, or none; all are read before an error of one ends it.
fn all<T>(values: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let values: Vec<Option<T>> = values.collect();
    values.into_iter().collect()
}

/// Reads a list of finite numbers of any size.
fn numbers(field: &DocumentValue<'_>, errors: &ErrorList) -> Option<Vec<f64>> {
    let items = errors.keep(field.list(messages::experiment::numbers()))?;
    all(items.iter().map(|item| errors.keep(item.number(ANY))))
}

/// The formula of a list of numbers, or of lists of numbers.
fn array_text(field: &DocumentValue<'_>, errors: &ErrorList) -> Option<String> {
    let items = errors.keep(field.list(messages::experiment::numbers()))?;
    if !items.first().is_some_and(DocumentValue::is_list) {
        return Some(list(&numbers(field, errors)?));
    }
    let rows: Vec<Vec<f64>> = all(items.iter().map(|row| numbers(row, errors)))?;
    let width = rows.first().map_or(0, Vec::len);
    if let Some(place) = rows.iter().position(|row| row.len() != width) {
        let sizes = [width, rows[place].len()];
        let message = messages::experiment::ragged_matrix(field.name, place + 1, sizes);
        errors.push(items[place].error(message));
        return None;
    }
    let rows: Vec<String> = rows.iter().map(|row| list(row)).collect();
    Some(format!("[{}]", rows.join(", ")))
}

/// The constants that a formula of a fixed number may use.
struct FixedNames<'d> {
    known: &'d [(String, Constant)],
    unread: UnreadParts,
}

impl FixedNames<'_> {
    /// The number of a text that is a formula of fixed constants, or that of `other` for any other value.
    fn value(
        &self,
        field: &DocumentValue<'_>,
        errors: &ErrorList,
        other: impl FnOnce() -> Option<f64>,
    ) -> Option<f64> {
        let Some(text) = field.as_text() else {
            return other();
        };
        let number = fixed_number(text, self.known, &self.unread);
        let told = |wrong: Vec<FormulaError>| {
            for error in wrong.iter().filter(|error| !error.is_consequence) {
                errors.push(field.error_within(error.span.start, error.to_string()));
            }
        };
        number.map_err(told).ok()
    }
}

/// Reads a list of pairs of numbers, which may be infinite or formulas of fixed constants; empty after an error.
fn pairs(
    section: &DocumentTable<'_>,
    key: &'static str,
    names: &FixedNames<'_>,
    errors: &ErrorList,
) -> Vec<[f64; 2]> {
    let Some(field) = section.get(key) else {
        return Vec::new();
    };
    let Some(items) = field.items() else {
        errors.push(field.expected(messages::experiment::list_of_pairs()));
        return Vec::new();
    };
    if !items.iter().any(DocumentValue::is_list) && !items.is_empty() {
        errors.push(field.expected(messages::experiment::list_of_pairs()));
        return Vec::new();
    }
    let pair = |pair: &DocumentValue<'_>| {
        let wrong = || {
            errors.push(pair.expected(messages::experiment::pair()));
            None
        };
        let Some(items) = pair.items() else {
            return wrong();
        };
        if items.len() != 2 {
            return wrong();
        }
        let number = |item: &DocumentValue<'_>| {
            names.value(item, errors, || {
                let wrong = || item.expected(messages::experiment::end_of_pair());
                errors.keep(item.any_number().ok_or_else(wrong))
            })
        };
        let ends = all(items.iter().map(number))?;
        ends.try_into().ok()
    };
    all(items.iter().map(pair)).unwrap_or_default()
}

/// Reads a number, or a table of a value and its slider's range.
fn read_constant(field: &DocumentValue<'_>, errors: &ErrorList) -> Option<Constant> {
    if field.any_number().is_some() {
        let value = errors.keep(field.number(ANY))?;
        return Some(Constant { value, range: None });
    }
    if !field.is_table() {
        errors.push(field.expected(messages::experiment::constant()));
        return None;
    }
    let section = errors.keep(field.section("{ value, min, max }"))?;
    let has_unknown = errors.keep(section.only(CONSTANT)).is_none();
    let read = |field: Option<DocumentValue<'_>>| field.map(|field| errors.keep(field.number(ANY)));
    let value = section.needed("value", CONSTANT, errors, || {
        field.error(messages::experiment::constant_without_value(field.name))
    });
    let value = read(value);
    let ends = ["min", "max"].map(|key| read(section.get(key)));
    let is_half = ends[0].is_some() != ends[1].is_some();
    // the missing one may be the unknown key
    if is_half && !has_unknown {
        errors.push(field.error(messages::experiment::half_a_range(field.name)));
    }
    let range = match ends {
        [None, None] => None,
        [low, high] => Some([low??, high??]),
    };
    Some(Constant {
        value: value??,
        range,
    })
}

impl DraftParts<'_> {
    /// Keeps the errors that are no consequences of other ones.
    fn report(&self, troubles: &[FormulaError], errors: &ErrorList) {
        for trouble in troubles.iter().filter(|trouble| !trouble.is_consequence) {
            errors.push(self.error(trouble));
        }
        if errors.is_empty() {
            errors.push(self.table.error(messages::experiment::wrong_formulas()));
        }
    }

    fn error(&self, trouble: &FormulaError) -> ReadError {
        let of_level = |level: usize, key: &'static str| {
            let section = self.levels.get(level - 1).copied().flatten();
            section.and_then(|section| section.get(key))
        };
        let part = match trouble.place {
            FormulaPart::Whole => None,
            FormulaPart::Variable(level, number) => of_level(level, "variables").map(|field| {
                let items = field
                    .list(messages::experiment::names())
                    .unwrap_or_default();
                items.get(number).copied().unwrap_or(field)
            }),
            FormulaPart::Bounds(level) => of_level(level, "bounds"),
            FormulaPart::Start(level) => of_level(level, "start"),
            FormulaPart::Range(level) => of_level(level, "range"),
            FormulaPart::Objective(level) => of_level(level, "objective"),
            FormulaPart::ConstantName(number) | FormulaPart::Constant(number) => {
                self.constants.get(number).copied()
            }
            FormulaPart::TableName(number) | FormulaPart::Table(number) => {
                self.tables.get(number).copied()
            }
            FormulaPart::Column(number, column) => {
                let field = self.tables.get(number);
                field.map(|field| column_of(field, column).unwrap_or(*field))
            }
            FormulaPart::Preparation(key) => {
                let first = || self.tables.first().copied();
                self.section.get(key).or_else(first)
            }
            FormulaPart::DefinedName(number) | FormulaPart::Definition(number) => {
                let mut all = self.vectors.iter().chain(&self.definitions);
                all.nth(number).copied()
            }
        };
        let Some(field) = part else {
            return self.table.error(trouble.to_string());
        };
        let is_formula = matches!(
            trouble.place,
            FormulaPart::Objective(_) | FormulaPart::Definition(_)
        );
        if is_formula && field.as_text().is_some() {
            let start = trouble.span.start;
            let message =
                messages::experiment::at_character(&trouble.to_string(), start + 1, field.name);
            return field.error_within(start, message);
        }
        match trouble.place {
            FormulaPart::ConstantName(_)
            | FormulaPart::TableName(_)
            | FormulaPart::DefinedName(_) => field.error_at_key(trouble.to_string()),
            _ => field.error(trouble.to_string()),
        }
    }
}
