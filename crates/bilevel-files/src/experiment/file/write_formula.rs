//! The writer of models, whose output reads back equal.

use bilevel::data::{
    ColumnChoice, ConstantColumns, MissingCells, RowPart, TableConstant, TablePreparation,
    TableScale,
};
use bilevel::formula::{Constant, LevelDraft, Model};

use super::lines::{LineWriter, float, list, quoted};

/// Writes the levels, the constants and the definitions of a typed problem.
pub(crate) fn write_model(model: &Model, out: &mut LineWriter) {
    let draft = model.draft();
    if !draft.tables.is_empty() {
        write_preparation(&draft.preparation, out);
    }
    for level in &draft.levels {
        write_level(level, out);
    }
    if !(draft.constants.is_empty() && draft.tables.is_empty()) {
        out.heading("[problem.constants]");
        for (name, constant) in &draft.constants {
            out.raw(&key(name), &constant_text(constant));
        }
        for (name, constant) in &draft.tables {
            out.raw(&key(name), &table_text(constant));
        }
    }
    if !draft.definitions.is_empty() {
        out.heading("[problem.definitions]");
        for (name, formula) in &draft.definitions {
            out.text(&key(name), formula);
        }
    }
}

fn write_level(level: &LevelDraft, out: &mut LineWriter) {
    out.heading("[[problem.level]]");
    let names: Vec<String> = level.variables.iter().map(|name| quoted(name)).collect();
    out.raw("variables", &format!("[{}]", names.join(", ")));
    out.text("objective", &level.objective);
    let pairs = [("bounds", &level.bounds), ("range", &level.range)];
    for (key, pairs) in pairs {
        if !pairs.is_empty() {
            let pairs: Vec<String> = pairs.iter().map(|pair| list(pair)).collect();
            out.raw(key, &format!("[{}]", pairs.join(", ")));
        }
    }
    if !level.start.is_empty() {
        out.raw("start", &list(&level.start));
    }
}

fn constant_text(constant: &Constant) -> String {
    match constant.range {
        None => float(constant.value),
        Some([low, high]) => format!(
            "{{ value = {}, min = {}, max = {} }}",
            float(constant.value),
            float(low),
            float(high)
        ),
    }
}

/// Writes the keys that prepare tables, without default values.
fn write_preparation(preparation: &TablePreparation, out: &mut LineWriter) {
    if preparation.missing != MissingCells::Refuse {
        out.text("missing", preparation.missing.word());
    }
    if preparation.scale != TableScale::Off {
        out.text("standardize", preparation.scale.word());
    }
    let keys = ["train", "validation", "test"];
    for (key, size) in keys.into_iter().zip(preparation.sizes) {
        if let Some(size) = size {
            out.number(key, size);
        }
    }
    if preparation.split_seed != 0 {
        out.raw("split_seed", &preparation.split_seed.to_string());
    }
}

fn table_text(constant: &TableConstant) -> String {
    let column = |column: &ColumnChoice| match column {
        ColumnChoice::Name(name) => quoted(name),
        ColumnChoice::Number(number) => float(*number),
    };
    let mut parts = vec![format!("table = {}", quoted(constant.table.name()))];
    match &constant.columns {
        ConstantColumns::One(one) => parts.push(format!("column = {}", column(one))),
        ConstantColumns::Several(several) => {
            let columns: Vec<String> = several.iter().map(column).collect();
            parts.push(format!("columns = [{}]", columns.join(", ")));
        }
        ConstantColumns::Others => {}
    }
    if constant.rows != RowPart::All {
        parts.push(format!("rows = {}", quoted(constant.rows.word())));
    }
    format!("{{ {} }}", parts.join(", "))
}

/// A name as a key, quoted unless it is ASCII.
fn key(name: &str) -> String {
    if name.is_ascii() {
        name.to_owned()
    } else {
        quoted(name)
    }
}
