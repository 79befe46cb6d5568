//! Messages about typed formulas: errors of fields, hints, and the checks of the problem.

use bilevel::data::{ColumnChoice, ConstantColumns, RowPart, TableConstant};
use bilevel_figure::counted;

// errors of fields

pub(crate) const fn form_of_start() -> &'static str {
    "a start is written 1, 0.5"
}

pub(crate) const fn form_of_pairs() -> &'static str {
    "pairs are written [-4, 4], with inf where there is no bound"
}

pub(crate) const fn half_a_pair() -> &'static str {
    "expected two numbers for each pair, such as [-4, 4]"
}

/// A word that is no number; `form` is one of the forms above.
pub(crate) fn no_number(word: &str, form: &str) -> String {
    format!("expected a number, found `{word}`; {form}")
}

// the last valid problem

pub(crate) const fn last_valid_runs() -> &'static str {
    "The last valid problem keeps running."
}

pub(crate) const fn go_back_meaning() -> &'static str {
    "Replaces the typed formulas by these"
}

// fields

pub(crate) const fn language() -> &'static str {
    "Variables and constants by their names, entries of x[3] as x[1]; numbers, pi, e; + - * / ^ and parentheses; \
     exp, log, sqrt, sin to atanh, abs, min, max, softplus, sigmoid; sum(i, 1, 3, i*x[i]), dot(u, v), norm2(u)"
}

pub(crate) const fn start_meaning() -> &'static str {
    "Start of the methods: a number for each variable of the level, or one for all. If empty, it is chosen by the bounds."
}

pub(crate) const fn range_meaning() -> &'static str {
    "Plotted range, and the range searched for minima without bounds: a pair for each variable, or one for all. If \
     empty, it is chosen by the bounds and the start."
}

/// The automatic values of an empty field.
pub(crate) fn automatic(values: &[String]) -> String {
    format!("auto {}", values.join(", "))
}

/// A constant that holds columns of a table: its name, the columns, the table and the part of the rows.
pub(crate) fn columns_of_table(name: &str, constant: &TableConstant) -> String {
    let column = |column: &ColumnChoice| match column {
        ColumnChoice::Name(name) => name.clone(),
        ColumnChoice::Number(number) => format!("column {number}"),
    };
    let columns = match &constant.columns {
        ConstantColumns::One(one) => column(one),
        ConstantColumns::Several(several) => {
            let columns: Vec<String> = several.iter().map(column).collect();
            columns.join(", ")
        }
        ConstantColumns::Others => "other columns".to_owned(),
    };
    let rows = match constant.rows {
        RowPart::All => "",
        RowPart::Train => ", training rows",
        RowPart::Validation => ", validation rows",
        RowPart::Test => ", test rows",
    };
    format!("{name} = {columns} of {}{rows}", constant.table.name())
}

// checks

pub(crate) const fn checking() -> &'static str {
    "checking gradients …"
}

pub(crate) const fn gradients() -> &'static str {
    "gradients"
}

pub(crate) const fn finite() -> &'static str {
    "finite"
}

pub(crate) const fn convex() -> &'static str {
    "convex"
}

pub(crate) const fn unique_solution() -> &'static str {
    "unique solution"
}

pub(crate) fn checked_at(check: &str, samples: usize) -> String {
    let samples = counted(samples, "point");
    format!("{check}. Checked at {samples} of the box; this can refute, not prove.")
}

// a benchmark as formulas

/// The description of formulas that were a benchmark's.
pub(crate) fn based_on(problem: &str, summary: &str) -> String {
    format!("Based on {problem}: {summary}")
}

pub(crate) const fn of_default_parameters() -> &'static str {
    "these are the formulas of the benchmark's default parameters"
}
