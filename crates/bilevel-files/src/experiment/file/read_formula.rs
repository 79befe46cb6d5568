//! The reader of `[problem]` with `id = "formula"`: levels, constants and definitions of a model, with errors at their
//! positions.

use bilevel::formula::{
    Constant, Draft, FormulaError, FormulaPart, LevelDraft, Model, fixed_number,
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
    levels: Vec<DocumentTable<'t>>,
    constants: Vec<DocumentValue<'t>>,
    /// Constants that hold columns of tables.
    tables: Vec<DocumentValue<'t>>,
    /// Constants that are lists, which come before the definitions.
    vectors: Vec<DocumentValue<'t>>,
    definitions: Vec<DocumentValue<'t>>,
}

/// Reads the model.
pub(crate) fn read_model<'t>(
    table: &DocumentValue<'t>,
    section: &DocumentTable<'t>,
) -> Result<Model, ReadError> {
    let errors = ErrorList::default();
    errors.keep(section.only(KEYS));
    let mut draft = Draft::default();
    let mut parts = DraftParts {
        table: *table,
        section: *section,
        levels: Vec::new(),
        constants: errors
            .keep(fields(section, "constants", "[problem.constants]"))
            .unwrap_or_default(),
        tables: Vec::new(),
        vectors: Vec::new(),
        definitions: errors
            .keep(fields(section, "definitions", "[problem.definitions]"))
            .unwrap_or_default(),
    };
    let levels = section
        .get("level")
        .ok_or_else(|| table.error(messages::experiment::formulas_without_levels()))?;
    // a constant that is a list is a definition
    let (lists, constants): (Vec<_>, Vec<_>) = std::mem::take(&mut parts.constants)
        .into_iter()
        .partition(DocumentValue::is_list);
    let (tables, constants): (Vec<_>, Vec<_>) = constants.into_iter().partition(is_table_constant);
    let preparation = errors.keep(read_preparation(section, !tables.is_empty()));
    draft.preparation = preparation.unwrap_or_default();
    let mut unread = Vec::new();
    let mut known = KnownTables::new();
    for field in tables {
        match errors.keep(read_table_constant(&field, &mut known)) {
            Some(Some(constant)) => {
                draft.tables.push((field.name.to_owned(), constant));
                parts.tables.push(field);
            }
            _ => unread.push(field.name),
        }
    }
    for field in lists {
        if let Some(vector) = errors.keep(array_text(field)) {
            draft.definitions.push((field.name.to_owned(), vector));
            parts.vectors.push(field);
        } else {
            unread.push(field.name);
        }
    }
    for field in constants {
        if let Some(constant) = errors.keep(read_constant(&field)) {
            draft.constants.push((field.name.to_owned(), constant));
            parts.constants.push(field);
        } else {
            unread.push(field.name);
        }
    }
    let levels = levels.list(messages::experiment::level_tables())?;
    let count = levels.len();
    for level in levels {
        let Some(section) = errors.keep(level.section("[[problem.level]]")) else {
            continue;
        };
        draft
            .levels
            .extend(errors.keep(read_level(&level, &section, &draft.constants)));
        parts.levels.push(section);
    }
    for field in std::mem::take(&mut parts.definitions) {
        if let Some(formula) = errors.keep(field.text()) {
            draft
                .definitions
                .push((field.name.to_owned(), formula.to_owned()));
            parts.definitions.push(field);
        } else {
            unread.push(field.name);
        }
    }
    if draft.levels.len() < count {
        // the variables of a level that could not be read are unknown
        errors.or(Some(()))?;
    }
    let model = Model::parse_without(draft, &unread);
    let model = model.map_err(|troubles| parts.report(&troubles, &errors));
    errors.or(model.ok())
}

fn fields<'t>(
    section: &DocumentTable<'t>,
    key: &'static str,
    name: &'static str,
) -> Result<Vec<DocumentValue<'t>>, ReadError> {
    match section.get(key) {
        Some(field) => Ok(field.section(name)?.fields()),
        None => Ok(Vec::new()),
    }
}

fn read_level(
    table: &DocumentValue<'_>,
    section: &DocumentTable<'_>,
    constants: &[(String, Constant)],
) -> Result<LevelDraft, ReadError> {
    // a key that is missing may be one that is misspelt
    section.only(LEVEL)?;
    let errors = ErrorList::default();
    let needed = |key: &'static str, example: &str| {
        section
            .get(key)
            .ok_or_else(|| table.error(messages::experiment::level_without_key(key, example)))
    };
    let names = |field: DocumentValue<'_>| -> Result<Vec<String>, ReadError> {
        let items = field.list(messages::experiment::variable_names())?;
        let names = items.iter().map(|name| name.text().map(ToOwned::to_owned));
        names.collect()
    };
    let variables = needed("variables", "variables = [\"x\"]").and_then(names);
    let variables = errors.keep(variables);
    let objective = needed("objective", "objective = \"(x - 1)^2 + y^2\"");
    let objective = errors.keep(objective.and_then(|field| field.text()));
    let bounds = errors.keep(pairs(section, "bounds", constants));
    let start = section.get("start").map_or(Ok(Vec::new()), |field| {
        let items = field.list(messages::experiment::numbers())?;
        let numbers = items.iter().map(|item| match fixed(item, constants) {
            Some(number) => number,
            None => item.number(ANY),
        });
        numbers.collect()
    });
    let start = errors.keep(start);
    let range = errors.keep(pairs(section, "range", constants));
    // these are values wherever no error is kept
    errors.or(Some(LevelDraft {
        variables: variables.unwrap_or_default(),
        objective: objective.unwrap_or_default().to_owned(),
        bounds: bounds.unwrap_or_default(),
        start: start.unwrap_or_default(),
        range: range.unwrap_or_default(),
    }))
}

/// Reads a list of finite numbers of any size.
fn numbers(field: DocumentValue<'_>) -> Result<Vec<f64>, ReadError> {
    let items = field.list(messages::experiment::numbers())?;
    items.iter().map(|item| item.number(ANY)).collect()
}

/// The formula of a list of numbers, or of lists of numbers.
fn array_text(field: DocumentValue<'_>) -> Result<String, ReadError> {
    let items = field.list(messages::experiment::numbers())?;
    if !items.first().is_some_and(DocumentValue::is_list) {
        return Ok(list(&numbers(field)?));
    }
    let rows: Vec<String> = items
        .into_iter()
        .map(|row| numbers(row).map(|numbers| list(&numbers)))
        .collect::<Result<_, _>>()?;
    Ok(format!("[{}]", rows.join(", ")))
}

/// The number of a text that is a formula of fixed constants; `None` for any other value.
fn fixed(
    field: &DocumentValue<'_>,
    constants: &[(String, Constant)],
) -> Option<Result<f64, ReadError>> {
    let number = fixed_number(field.as_text()?, constants);
    Some(number.map_err(|error| field.error_within(error.span.start, error.to_string())))
}

/// Reads a list of pairs of numbers, which may be infinite or formulas of fixed constants.
fn pairs(
    section: &DocumentTable<'_>,
    key: &'static str,
    constants: &[(String, Constant)],
) -> Result<Vec<[f64; 2]>, ReadError> {
    let Some(field) = section.get(key) else {
        return Ok(Vec::new());
    };
    let pair = |pair: &DocumentValue<'_>| {
        let wrong = || pair.error(messages::experiment::no_list_of_pairs(key));
        let items = pair
            .list(messages::experiment::two_numbers())
            .map_err(|_kind| wrong())?;
        let numbers: Vec<f64> = items
            .iter()
            .map(|item| match fixed(item, constants) {
                Some(number) => number,
                None => item.any_number().ok_or_else(wrong),
            })
            .collect::<Result<_, _>>()?;
        numbers.try_into().map_err(|_size| wrong())
    };
    field
        .list(messages::experiment::pairs())?
        .iter()
        .map(pair)
        .collect()
}

/// Reads a number, or a table of a value and its slider's range.
fn read_constant(field: &DocumentValue<'_>) -> Result<Constant, ReadError> {
    if let Some(value) = field.any_number() {
        return Ok(Constant { value, range: None });
    }
    if !field.is_table() {
        return Err(field.expected(messages::experiment::constant()));
    }
    let section = field.section("{ value, min, max }")?;
    section.only(CONSTANT)?;
    let number = |key: &'static str| section.get(key).map(|field| field.number(ANY)).transpose();
    let value = number("value")?
        .ok_or_else(|| field.error(messages::experiment::constant_without_value(field.name)))?;
    let range = match (number("min")?, number("max")?) {
        (Some(low), Some(high)) => Some([low, high]),
        (None, None) => None,
        _ => {
            return Err(field.error(messages::experiment::half_a_range(field.name)));
        }
    };
    Ok(Constant { value, range })
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
            let section = self.levels.get(level - 1);
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
            FormulaPart::Constant(number) => self.constants.get(number).copied(),
            FormulaPart::Table(number) => self.tables.get(number).copied(),
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
        if matches!(
            trouble.place,
            FormulaPart::Objective(_) | FormulaPart::Definition(_)
        ) {
            let start = trouble.span.start;
            let message =
                messages::experiment::at_character(&trouble.to_string(), start + 1, field.name);
            return field.error_within(start, message);
        }
        field.error(trouble.to_string())
    }
}
