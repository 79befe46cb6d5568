//! The writer of models, whose output reads back equal.

use bilevel::formula::{Constant, LevelDraft, Model};

use super::lines::{LineWriter, float, list, quoted};

/// Writes the levels, the constants and the definitions of a typed problem.
pub(crate) fn write_model(model: &Model, out: &mut LineWriter) {
    let draft = model.draft();
    for level in &draft.levels {
        write_level(level, out);
    }
    if !draft.constants.is_empty() {
        out.heading("[problem.constants]");
        for (name, constant) in &draft.constants {
            out.raw(&key(name), &constant_text(constant));
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

/// A name as a key, quoted unless it is ASCII.
fn key(name: &str) -> String {
    if name.is_ascii() {
        name.to_owned()
    } else {
        quoted(name)
    }
}
