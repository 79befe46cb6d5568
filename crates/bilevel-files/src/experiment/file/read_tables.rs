//! The reader of constants that hold columns of tables, and of the keys that prepare the tables.

use std::collections::BTreeMap;
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

/// The tables by the words that name them; `None` for one that could not be read, which is reported once.
pub(crate) type KnownTables = BTreeMap<String, Option<Arc<DataTable>>>;

/// Reads a constant that holds columns of a table; `None` after an error, and if its table could not be read for an earlier
/// one either.
pub(crate) fn read_table_constant(
    field: &DocumentValue<'_>,
    known: &mut KnownTables,
    errors: &ErrorList,
) -> Option<TableConstant> {
    let section = errors.keep(field.section("{ table, columns }"))?;
    errors.keep(section.only(TABLE));
    errors.keep(section.not_both("column", "columns"));
    let table = section.needed("table", TABLE, errors, || {
        field.error(messages::experiment::constant_without_table(field.name))
    });
    let table = table.and_then(|table| errors.keep(read_table(&table, known)).flatten());
    let one = section.get("column").map(|field| {
        let column = errors.keep(read_column(&field));
        column.map(ConstantColumns::One)
    });
    let several = section.get("columns").map(|field| {
        let columns = errors.keep(read_columns(&field));
        columns.map(ConstantColumns::Several)
    });
    let columns = one.or(several).unwrap_or(Some(ConstantColumns::Others));
    let rows = section.get("rows").map_or(Some(RowPart::All), |field| {
        errors.keep(field.one_of(&RowPart::ALL, RowPart::word))
    });
    Some(TableConstant {
        table: table?,
        columns: columns?,
        rows: rows?,
    })
}

fn read_columns(field: &DocumentValue<'_>) -> Result<Vec<ColumnChoice>, ReadError> {
    let items = field.list(messages::experiment::columns())?;
    if items.is_empty() {
        let columns = messages::experiment::list_of(messages::experiment::columns());
        return Err(field.expected(&columns));
    }
    items.iter().map(read_column).collect()
}

/// A table that ships, or that of a file, which is relative to the folder of the experiment's file or else to that of the
/// process.
fn read_table(
    field: &DocumentValue<'_>,
    known: &mut KnownTables,
) -> Result<Option<Arc<DataTable>>, ReadError> {
    let text = field.text()?;
    if let Some(table) = known.get(text) {
        return Ok(table.clone());
    }
    let shipped = SHIPPED_TABLES
        .contains(&text)
        .then(|| DataTable::shipped(text));
    let table = shipped.flatten().map_or_else(
        || {
            let read = DataTable::read(&path_of_data(field.source.name, text));
            read.map(|table| Arc::new(table.named(text)))
        },
        Ok,
    );
    known.insert(text.to_owned(), table.as_ref().ok().cloned());
    table
        .map(Some)
        .map_err(|error| field.error(error.to_string()))
}

fn read_column(field: &DocumentValue<'_>) -> Result<ColumnChoice, ReadError> {
    if let Some(number) = field.any_number() {
        return Ok(ColumnChoice::Number(number));
    }
    let name = field.as_text().map(ToOwned::to_owned);
    name.map(ColumnChoice::Name)
        .ok_or_else(|| field.expected(messages::experiment::column()))
}

/// The field of a column of a constant, by its place in the list from 0.
pub(crate) fn column_of<'t>(field: &DocumentValue<'t>, place: usize) -> Option<DocumentValue<'t>> {
    let section = field.section("").ok()?;
    match section.get("columns") {
        Some(list) => list.list("").ok()?.get(place).copied(),
        None => section.get("column"),
    }
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
            errors.push(
                field.error_at_key(messages::experiment::preparation_without_table(field.name)),
            );
        }
    }
    errors.or(Some(table_preparation(&settings)))
}

/// The keys that prepare tables.
pub(crate) fn preparation_keys() -> impl Iterator<Item = &'static str> {
    TABLE_PREPARATION.iter().map(|parameter| parameter.name)
}
