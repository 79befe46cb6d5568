//! The reader of `[problem]` with `id = "formula"`: levels, constants and definitions of a model, with errors at their
//! positions.

use bilevel::formula::{Constant, Draft, FormulaError, FormulaPart, LevelDraft, Model};

use super::document::{ANY, DocumentTable, DocumentValue, ReadError};
use crate::messages;

/// The keys of the table.
const KEYS: &[&str] = &["id", "level", "constants", "definitions"];
/// The keys of a level.
const LEVEL: &[&str] = &["variables", "objective", "bounds", "start", "range"];

/// Positions in the file of a draft's parts.
struct DraftParts<'t> {
    table: DocumentValue<'t>,
    levels: Vec<DocumentTable<'t>>,
    /// The tables of the levels, as fields.
    tables: Vec<DocumentValue<'t>>,
    constants: Vec<DocumentValue<'t>>,
    definitions: Vec<DocumentValue<'t>>,
}

/// Reads the model.
pub(crate) fn read_model<'t>(
    table: &DocumentValue<'t>,
    section: &DocumentTable<'t>,
) -> Result<Model, ReadError> {
    section.only(KEYS)?;
    let mut draft = Draft::default();
    let mut parts = DraftParts {
        table: *table,
        levels: Vec::new(),
        tables: Vec::new(),
        constants: fields(section, "constants", "[problem.constants]")?,
        definitions: fields(section, "definitions", "[problem.definitions]")?,
    };
    let levels = section
        .get("level")
        .ok_or_else(|| table.error(messages::experiment::formulas_without_levels()))?;
    for level in levels.list(messages::experiment::level_tables())? {
        let section = level.section("[[problem.level]]")?;
        draft.levels.push(read_level(&level, &section)?);
        parts.levels.push(section);
        parts.tables.push(level);
    }
    for field in &parts.constants {
        let constant = read_constant(field)?;
        draft.constants.push((field.name.to_owned(), constant));
    }
    for field in &parts.definitions {
        let formula = field.text()?.to_owned();
        draft.definitions.push((field.name.to_owned(), formula));
    }
    Model::parse(draft).map_err(|troubles| parts.first_of(&troubles))
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
) -> Result<LevelDraft, ReadError> {
    section.only(LEVEL)?;
    let needed = |key: &'static str, example: &str| {
        section
            .get(key)
            .ok_or_else(|| table.error(messages::experiment::level_without_key(key, example)))
    };
    let variables = needed("variables", "variables = [\"x\"]")?;
    let objective = needed("objective", "objective = \"(x - 1)^2 + y^2\"")?;
    Ok(LevelDraft {
        variables: variables
            .list(messages::experiment::variable_names())?
            .iter()
            .map(|name| name.text().map(ToOwned::to_owned))
            .collect::<Result<_, _>>()?,
        objective: objective.text()?.to_owned(),
        bounds: pairs(section, "bounds")?,
        start: section.get("start").map_or(Ok(Vec::new()), numbers)?,
        range: pairs(section, "range")?,
    })
}

/// Reads a list of finite numbers of any size.
fn numbers(field: DocumentValue<'_>) -> Result<Vec<f64>, ReadError> {
    let items = field.list(messages::experiment::numbers())?;
    items.iter().map(|item| item.number(ANY)).collect()
}

/// Reads a list of pairs of numbers, which may be infinite.
fn pairs(section: &DocumentTable<'_>, key: &'static str) -> Result<Vec<[f64; 2]>, ReadError> {
    let Some(field) = section.get(key) else {
        return Ok(Vec::new());
    };
    let pair = |pair: &DocumentValue<'_>| {
        let numbers =
            |items: Vec<DocumentValue<'_>>| items.iter().map(DocumentValue::any_number).collect();
        let both: Option<Vec<f64>> = pair
            .list(messages::experiment::two_numbers())
            .ok()
            .and_then(numbers);
        both.and_then(|both| both.try_into().ok())
            .ok_or_else(|| pair.error(messages::experiment::no_list_of_pairs(key)))
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
    let section = field.section("{ value, min, max }")?;
    section.only(&["value", "min", "max"])?;
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
    /// Returns the first error in the file that is not a consequence of another one.
    fn first_of(&self, troubles: &[FormulaError]) -> ReadError {
        let causes = troubles.iter().filter(|trouble| !trouble.is_consequence);
        let first = causes
            .map(|trouble| self.error(trouble))
            .min_by_key(|error| (error.line, error.column));
        first.unwrap_or_else(|| self.table.error(messages::experiment::wrong_formulas()))
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
            FormulaPart::DefinedName(number) | FormulaPart::Definition(number) => {
                self.definitions.get(number).copied()
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
