//! Messages about surveys and their execution: errors of plans, parts and runs, and a line for each variant.

use bilevel::data::counted;

// plans

pub(crate) fn no_plane(variables: usize) -> String {
    format!(
        "the leader has {variables} variables; name the two that the starts vary in, such as --plane x1[1],x1[2]"
    )
}

pub(crate) fn wrong_plane(names: &str) -> String {
    format!("a plane is one variable or two different ones, not {names}")
}

pub(crate) fn unknown_variable(name: &str, known: &str) -> String {
    format!("there is no variable `{name}`; there are {known}")
}

/// The variables of a long list, by the first and the last.
pub(crate) fn first_to_last(first: &str, last: &str) -> String {
    format!("{first} to {last}")
}

pub(crate) const fn no_methods() -> &'static str {
    "the experiment has no methods"
}

pub(crate) fn wrong_shard(text: &str, most: usize) -> String {
    format!("`{text}` must be i/n with 1 ≤ i ≤ n ≤ {most}, such as 2/8")
}

// parts

pub(crate) fn wrong_file(file: &str, reason: &str) -> String {
    format!("{file}: {reason}")
}

pub(crate) const fn no_json_object() -> &'static str {
    "it is not a JSON object"
}

pub(crate) fn rows_of_part(rows: usize, runs: usize) -> String {
    let runs = counted(runs, "run");
    let rows = counted(rows, "row");
    format!("it has {rows}, and its part has {runs}")
}

pub(crate) fn wrong_key(key: &str) -> String {
    format!("`{key}` is missing or not valid")
}

pub(crate) fn wrong_columns(first: &str, last: &str) -> String {
    format!("the columns must be {first}, the variables, {last}")
}

pub(crate) fn no_column(name: &str) -> String {
    format!("it has no column `{name}`")
}

pub(crate) fn wrong_row(line: u64, reason: &str) -> String {
    format!("line {line}: {reason}")
}

pub(crate) fn row_too_many(line: u64) -> String {
    format!("line {line}: the row is of no run of this part")
}

pub(crate) fn wrong_cell(column: &str, given: &str, expected: &str) -> String {
    format!("`{column}` is {given}, and the run of this row has {expected}")
}

pub(crate) fn invalid_cell(column: &str, given: &str) -> String {
    format!("`{column}` cannot be `{given}`")
}

pub(crate) fn wrong_counts(label: &str, table: &str) -> String {
    format!("the counts of “{label}” are not those of {table}")
}

pub(crate) fn interrupted_part(file: &str, rows: usize, runs: usize) -> String {
    let runs = counted(runs, "run");
    format!("{file}: the part was interrupted after {rows} of {runs}; complete it with --resume")
}

pub(crate) fn several_sets(folder: &str, names: &str) -> String {
    format!("{folder}: there are {names}, of which only one can be taken; move the others")
}

pub(crate) fn wrong_shard_in_file(value: &str) -> String {
    format!("`shard` must be i/n, such as \"2/8\", not {value}")
}

pub(crate) fn no_set(folder: &str, names: &str) -> String {
    format!("{folder}: there is none of {names}")
}

pub(crate) fn different_parts(file: &str, key: &str, first: &str) -> String {
    format!("{file}: `{key}` differs from that in {first}; parts must be of one call")
}

pub(crate) fn part_twice(file: &str, number: usize, of: usize) -> String {
    format!("{file}: part {number} of {of} is present twice")
}

pub(crate) fn missing_parts(count: usize, of: usize, numbers: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{count} of {of} parts {verb} missing: {numbers}")
}

// the line of a variant

/// A varied parameter after the label of its method.
pub(crate) fn varied_value(name: &str, value: &str) -> String {
    format!(", {name} = {value}")
}

/// A share beside that of the global optimum.
pub(crate) fn other_share(verdict: &str, percent: &str) -> String {
    format!(", {verdict} {percent} %")
}

/// The shares of a variant's verdicts; `variant` is its label with the varied values.
pub(crate) fn shares(
    variant: &str,
    share: &str,
    [low, high]: [&str; 2],
    total: usize,
    others: &str,
) -> String {
    format!("{variant}: global {share} % ({low} to {high}) of {total}{others}")
}

// execution

pub(crate) const fn referee_at_work() -> &'static str {
    "the referee looks at every row"
}

pub(crate) fn no_workers(reason: &str) -> String {
    format!("the worker threads cannot be started: {reason}")
}

pub(crate) const fn no_known_minimum() -> &'static str {
    "no minimum of φ is known, so no start can reach one"
}

pub(crate) const fn cancelled() -> &'static str {
    "the work was cancelled"
}
