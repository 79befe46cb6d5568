//! The reader of constants that hold columns of tables, and of the keys that prepare the tables.

use std::sync::Arc;

use bilevel::data::{
    ColumnChoice, ConstantColumns, DataTable, RowPart, SHIPPED_TABLES, TableConstant,
    TablePreparation,
};
use bilevel::problem::{Settings, TABLE_PREPARATION, table_preparation};

use super::document::{DocumentTable, DocumentValue, ErrorList, ReadError};
use super::read_parameter::{path_of_data, read_parameter};
use crate::messages;

/// The keys of a constant that holds columns of a table.
pub(crate) const TABLE: &[&str] = &["table", "column", "columns", "rows"];

/// True for a constant that holds columns of a table, or is meant to.
pub(crate) fn is_table_constant(field: &DocumentValue<'_>) -> bool {
    let section = field.section("").ok();
    section.is_some_and(|section| TABLE.iter().any(|key| section.get(key).is_some()))
}

/// Reads constants that hold columns of tables, each file once.
pub(crate) fn read_table_constants(
    fields: &[DocumentValue<'_>],
    errors: &ErrorList,
) -> Vec<(String, TableConstant)> {
    let mut known: Vec<Arc<DataTable>> = Vec::new();
    let mut constants = Vec::new();
    for field in fields {
        let constant = errors.keep(read_table_constant(field, &mut known));
        constants.extend(constant.map(|constant| (field.name.to_owned(), constant)));
    }
    constants
}

fn read_table_constant(
    field: &DocumentValue<'_>,
    known: &mut Vec<Arc<DataTable>>,
) -> Result<TableConstant, ReadError> {
    let section = field.section("{ table, columns }")?;
    section.only(TABLE)?;
    section.not_both("column", "columns")?;
    let table = section
        .get("table")
        .ok_or_else(|| field.error(messages::experiment::constant_without_table(field.name)))?;
    let table = read_table(&table, known)?;
    let columns = match (section.get("column"), section.get("columns")) {
        (Some(field), _) => ConstantColumns::One(read_column(&field)?),
        (None, Some(field)) => {
            let items = field.list(messages::experiment::columns())?;
            if items.is_empty() {
                return Err(field.expected(&messages::experiment::list_of(
                    messages::experiment::columns(),
                )));
            }
            let columns = items.iter().map(read_column);
            ConstantColumns::Several(columns.collect::<Result<_, _>>()?)
        }
        (None, None) => ConstantColumns::Others,
    };
    let rows = section.get("rows");
    let rows = rows.map_or(Ok(RowPart::All), |field| {
        field.one_of(&RowPart::ALL, RowPart::word)
    })?;
    Ok(TableConstant {
        table,
        columns,
        rows,
    })
}

/// A table that ships, or that of a file, which is relative to the folder of the experiment's file or else to that of the
/// process.
fn read_table(
    field: &DocumentValue<'_>,
    known: &mut Vec<Arc<DataTable>>,
) -> Result<Arc<DataTable>, ReadError> {
    let text = field.text()?;
    if let Some(table) = known.iter().find(|table| table.name() == text) {
        return Ok(Arc::clone(table));
    }
    let shipped = SHIPPED_TABLES
        .contains(&text)
        .then(|| DataTable::shipped(text));
    let table = if let Some(table) = shipped.flatten() {
        table
    } else {
        let read = DataTable::read(&path_of_data(field.source.name, text));
        let read = read.map_err(|error| field.error(error.to_string()))?;
        Arc::new(read.named(text))
    };
    known.push(Arc::clone(&table));
    Ok(table)
}

fn read_column(field: &DocumentValue<'_>) -> Result<ColumnChoice, ReadError> {
    if let Some(number) = field.any_number() {
        return Ok(ColumnChoice::Number(number));
    }
    let name = field.as_text().map(ToOwned::to_owned);
    name.map(ColumnChoice::Name)
        .ok_or_else(|| field.expected(messages::experiment::column()))
}

/// Reads the keys that prepare tables, which mean nothing without a constant that holds one.
pub(crate) fn read_preparation(
    section: &DocumentTable<'_>,
    has_tables: bool,
) -> Result<TablePreparation, ReadError> {
    let errors = ErrorList::default();
    let mut settings = Settings::new(TABLE_PREPARATION);
    for field in preparation_keys().filter_map(|key| section.get(key)) {
        if has_tables {
            errors.keep(read_parameter(&field, section, &mut settings));
        } else {
            errors.push(field.error(messages::experiment::preparation_without_table(field.name)));
        }
    }
    errors.or(Some(table_preparation(&settings)))
}

/// The keys that prepare tables.
pub(crate) fn preparation_keys() -> impl Iterator<Item = &'static str> {
    TABLE_PREPARATION.iter().map(|parameter| parameter.name)
}
