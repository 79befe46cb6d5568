//! Messages about experiments: errors of reading a file, of its plan and of the axes of a sweep.

use std::borrow::Borrow;

use bilevel::data::{counted, excerpt, plain_excerpt};

/// An error with its position in a file.
pub(crate) fn at_position(file: &str, line: usize, column: usize, message: &str) -> String {
    format!("{file}:{line}:{column}: {message}")
}

// the document

/// The name of the table of the whole document.
pub(crate) const fn whole_file() -> &'static str {
    "the file"
}

pub(crate) const fn not_text() -> &'static str {
    "this is not a text file; an experiment is TOML, such as id = \"coreset\" under [problem]"
}

pub(crate) const fn markup() -> &'static str {
    "this is a picture or a web page, and an experiment is TOML, such as id = \"coreset\" under [problem]"
}

pub(crate) const fn json() -> &'static str {
    "this is JSON, and an experiment is TOML, such as id = \"coreset\" under [problem]"
}

pub(crate) fn text_too_long(key: &str, most: usize, count: usize) -> String {
    format!("`{key}` has {count} characters, and at most {most} fit")
}

pub(crate) fn repeated_seed(seed: u64) -> String {
    format!("seed {seed} occurs twice, and its runs would be the same bits")
}

pub(crate) fn repeated_start(number: usize, earlier: usize) -> String {
    format!("start {number} is start {earlier} again, and its runs would be the same bits")
}

pub(crate) fn unknown_key(key: &str, table: &str, hint: &str) -> String {
    let key = plain_excerpt(key);
    format!("unknown key `{key}` in {table}{hint}")
}

/// The form in which a file has the meaning of a key that does not exist.
pub(crate) fn absent(key: &str) -> Option<&'static str> {
    Some(match key {
        "constraints" | "constraint" | "subject_to" | "st" | "inequalities" | "equalities" => {
            "there are no constraints but `bounds`; a penalty in the objective, such as 100*max(0, a - b)^2, \
             stands for a constraint a <= b"
        }
        "level" | "levels" | "variables" | "objective" | "bounds" | "f" | "g" | "F" | "G"
        | "upper" | "lower" | "leader" | "follower" => {
            "levels are tables of the problem, written [[problem.level]]"
        }
        "constants" | "definitions" => {
            "names of a problem stand under [problem.constants] and [problem.definitions]"
        }
        "integer" | "integers" | "binary" | "discrete" => "all variables are real numbers",
        "maximize" | "max" | "sense" | "direction" | "minimize" => {
            "every level minimizes its objective; the negative is maximized, as in objective = \"-(x*y)\""
        }
        _ => return None,
    })
}

/// A hint that follows an error.
pub(crate) fn instead(sentence: &str) -> String {
    format!("; {sentence}")
}

pub(crate) fn two_alternatives(one: &str, other: &str) -> String {
    format!("`{one}` and `{other}` are alternatives: keep one of them")
}

/// A value of a wrong kind; `what` is one of the expected values below.
pub(crate) fn expected(key: &str, what: &str, given: &str) -> String {
    let key = plain_excerpt(key);
    format!("`{key}` must be {what}, not {given}")
}

pub(crate) const fn given_table() -> &'static str {
    "a table"
}

pub(crate) const fn given_list() -> &'static str {
    "a list"
}

// expected values

pub(crate) const fn quoted_text() -> &'static str {
    "a text in quotes"
}

pub(crate) fn either<S: Borrow<str>>(words: &[S]) -> String {
    words.join(" or ")
}

pub(crate) const fn finite_number() -> &'static str {
    "a finite number"
}

pub(crate) fn number_between(low: f64, high: f64) -> String {
    format!("a number from {low:e} to {high:e}")
}

pub(crate) fn whole_number_between(low: u64, high: u64) -> String {
    format!("a whole number from {low} to {high}")
}

pub(crate) fn table_written(name: &str) -> String {
    format!("a table, written {name}")
}

pub(crate) const fn constant() -> &'static str {
    "a number, a list of numbers, a table with a slider: { value = 2, min = 0, max = 10 }, or columns of a table of \
     data: { table = \"houses.csv\", columns = [\"rooms\", \"age\"] }; a formula stands under [problem.definitions]"
}

pub(crate) const fn column() -> &'static str {
    "the name of a column, in quotes, or its number from 1"
}

pub(crate) fn constant_without_table(key: &str) -> String {
    let key = plain_excerpt(key);
    format!("`{key}` has no `table`")
}

pub(crate) fn preparation_without_table(key: &str) -> String {
    format!("`{key}` prepares tables, and no constant has a `table`")
}

/// A list; `items` is one of the kinds of items below.
pub(crate) fn list_of(items: &str) -> String {
    format!("a list of {items}")
}

// kinds of a list's items

pub(crate) const fn columns() -> &'static str {
    "columns by their names or numbers"
}

pub(crate) const fn numbers() -> &'static str {
    "numbers"
}

pub(crate) const fn two_numbers() -> &'static str {
    "two numbers"
}

pub(crate) const fn whole_numbers() -> &'static str {
    "whole numbers"
}

pub(crate) const fn starts() -> &'static str {
    "starts"
}

pub(crate) const fn rows_per_level() -> &'static str {
    "rows, one per level"
}

pub(crate) const fn tables() -> &'static str {
    "tables"
}

pub(crate) const fn method_tables() -> &'static str {
    "tables, written [[method]]"
}

pub(crate) const fn level_tables() -> &'static str {
    "tables, written [[problem.level]]"
}

pub(crate) const fn names() -> &'static str {
    "names"
}

pub(crate) const fn variable_names() -> &'static str {
    "names, such as [\"x\", \"w[3]\"]"
}

pub(crate) const fn two_variables() -> &'static str {
    "two variables"
}

pub(crate) const fn sweep_lines() -> &'static str {
    "lines such as \"BOME.inner_steps=1:50:8\""
}

// problem and methods

pub(crate) fn no_problem(table: &str) -> String {
    format!("{table} has no [problem] table; it names the benchmark: id = \"coreset\"")
}

pub(crate) fn problem_without_id(known: &[&str]) -> String {
    format!("[problem] has no `id`; known: {}", known.join(", "))
}

pub(crate) fn unknown_problem(given: &str, hint: &str) -> String {
    let given = excerpt(given);
    format!("unknown problem {given}{hint}")
}

pub(crate) fn no_method(table: &str) -> String {
    format!("{table} has no [[method]] table; each names a method: id = \"bome\"")
}

pub(crate) fn method_without_id(known: &[&str]) -> String {
    format!("[[method]] has no `id`; known: {}", known.join(", "))
}

pub(crate) fn unknown_method(given: &str, hint: &str) -> String {
    let given = excerpt(given);
    format!("unknown method {given}{hint}")
}

pub(crate) const fn wrong_label() -> &'static str {
    "`label` must be a text of 1 to 60 characters on one line"
}

pub(crate) fn wrong_note(most: usize) -> String {
    format!("`note` must be a text of at most {most} characters on one line")
}

pub(crate) const fn truth() -> &'static str {
    "`true` or `false`"
}

// notes on pictures

pub(crate) const fn note_tables() -> &'static str {
    "tables, written [[note]]"
}

pub(crate) fn too_many_notes(most: usize) -> String {
    format!("an experiment has at most {most} notes")
}

pub(crate) fn note_without(key: &str) -> String {
    let example = match key {
        "view" => "view = \"landscape\"",
        "at" => "at = [0.5, 2]",
        _ => "text = \"the answer jumps here\"",
    };
    format!("[[note]] needs `{key}`, such as {example}")
}

/// The form of a point of a note.
pub(crate) const fn point_of_note() -> &'static str {
    "two numbers in the units of the axes, such as [0.5, 2]"
}

/// The items of the axes of a note.
pub(crate) const fn axis_words() -> &'static str {
    "words of axes"
}

/// The form of the axes of a note.
pub(crate) const fn axes_of_note() -> &'static str {
    "the words of two axes, such as [\"x1[1]\", \"x2[1]\"] or [\"iterations\", \"gap\"]"
}

/// Axes that no picture of a view has; `allowed` says which words each axis can have.
pub(crate) fn unknown_axes(
    (view, figure): (&str, u64),
    given: [&str; 2],
    [horizontal, vertical]: &[String; 2],
) -> String {
    let [x, y] = given.map(excerpt);
    format!(
        "picture {figure} of `{view}` never has the axes [{x}, {y}]: the first word is {horizontal}, the second {vertical}"
    )
}

/// The word of an axis along a variable.
pub(crate) fn variable_as_word() -> String {
    "that of a variable, such as \"x1[1]\"".to_owned()
}

pub(crate) fn another_variable() -> String {
    "that of another variable, such as \"x2[1]\"".to_owned()
}

pub(crate) fn quoted(word: &str) -> String {
    excerpt(word)
}

pub(crate) fn either_word(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| excerpt(word)).collect();
    either(&quoted)
}

pub(crate) const fn wrong_text_of_note() -> &'static str {
    "`text` of a note must be at least one character on one line"
}

/// The label of a row with differences.
pub(crate) fn difference(one: &str, other: &str) -> String {
    format!("{one} − {other}")
}

pub(crate) const fn colour() -> &'static str {
    "a colour as red, green and blue in hexadecimal digits, such as \"#0072B2\""
}

pub(crate) fn two_labels(label: &str) -> String {
    let label = excerpt(label);
    format!("two methods have the label {label}: labels must differ")
}

// branches

/// The form of a branch in a file.
pub(crate) const fn fork_example() -> &'static str {
    "from = { run = \"BOME\", k = 120 }"
}

pub(crate) fn fork_without(key: &str) -> String {
    format!("`from` has no `{key}`, as in {}", fork_example())
}

/// An error of a branch; `error` is one of the sentences below.
pub(crate) fn wrong_fork(label: &str, error: &str) -> String {
    let label = plain_excerpt(label);
    format!("`{label}` cannot branch off: {error}")
}

pub(crate) fn unknown_parent(run: &str, hint: &str) -> String {
    let run = excerpt(run);
    format!("no method has the label {run}{hint}")
}

/// Methods in a circle; each label is that of the parent of the one before.
pub(crate) fn cyclic_parents(labels: &[String]) -> String {
    match labels {
        [one, other] => {
            format!(
                "`{one}` continues from `{other}` and `{other}` from `{one}`; one of them must begin at a start"
            )
        }
        [first, .., last] => {
            let count = labels.len();
            format!(
                "`{first}` to `{last}`, {count} methods, continue from each other in a circle; one of them must begin at \
                 a start"
            )
        }
        _ => "a method cannot continue from itself".to_owned(),
    }
}

pub(crate) fn too_many_parents(most: usize) -> String {
    format!("more than {most} methods continue from each other before it")
}

pub(crate) fn fork_beyond(k: u64, iterations: u64) -> String {
    let iterations = counted(iterations, "iteration");
    format!("k = {k} is beyond the {iterations} of every run")
}

/// The part of a branch that its counts and its time include.
pub(crate) fn included(run: &str, k: u64) -> String {
    format!("{run} up to {k}")
}

// seeds and starts

pub(crate) const fn empty_seeds() -> &'static str {
    "`seeds` must not be empty"
}

pub(crate) const fn empty_starts() -> &'static str {
    "`starts` must not be empty"
}

pub(crate) fn rows_of_start(sizes: &[usize], given: usize) -> String {
    let levels = sizes.len();
    format!(
        "a start has one row of numbers per level: {levels} rows expected (of {sizes:?} numbers), {given} given"
    )
}

/// A start whose numbers are not in rows.
pub(crate) fn start_without_rows(start: &str) -> String {
    format!(
        "a start is a list with a row of numbers for each level, such as [[0.5], [1]], not {start}"
    )
}

/// A list of starts whose numbers are neither in rows nor in starts.
pub(crate) fn starts_without_rows(starts: &str) -> String {
    format!(
        "`starts` is a list of starts, each with a row of numbers for each level, such as [[[0.5], [1]], [[2], [3]]], not \
         {starts}"
    )
}

pub(crate) fn numbers_of_row(level: usize, size: usize, given: usize) -> String {
    let size = counted(size, "variable");
    format!("level {level} of this problem has {size}, and {given} are given")
}

// typed formulas

pub(crate) const fn formulas_without_levels() -> &'static str {
    "formulas need [[problem.level]] tables, the leader first: variables = [\"x\"], objective = \"(x - 1)^2 + y^2\""
}

pub(crate) fn level_without_key(key: &str, example: &str) -> String {
    format!("[[problem.level]] has no `{key}`, such as {example}")
}

/// The start of one level.
pub(crate) const fn start_of_level() -> &'static str {
    "a list with a number for each variable of the level, such as [0.5]"
}

pub(crate) const fn list_of_pairs() -> &'static str {
    "a list of pairs, such as [[-10, 10]] or [[0, inf]]"
}

/// One of the pairs of such a list.
pub(crate) const fn pair() -> &'static str {
    "a list of pairs, each of two numbers, such as [[-10, 10]]"
}

/// An end of a pair of numbers.
pub(crate) const fn end_of_pair() -> &'static str {
    "pairs of numbers, or of formulas of constants in quotes"
}

/// A row of a matrix, from 1, with another size than the first one.
pub(crate) fn ragged_matrix(key: &str, row: usize, [first, other]: [usize; 2]) -> String {
    let key = plain_excerpt(key);
    let other = counted(other as u64, "number");
    format!(
        "row {row} of `{key}` has {other}, and the first row has {first}: all rows have one length"
    )
}

pub(crate) fn constant_without_value(key: &str) -> String {
    let key = plain_excerpt(key);
    format!("`{key}` has no `value`")
}

pub(crate) fn half_a_range(key: &str) -> String {
    let key = plain_excerpt(key);
    format!("`{key}` has one of `min` and `max`: a slider needs both")
}

pub(crate) const fn wrong_formulas() -> &'static str {
    "the formulas have errors"
}

pub(crate) fn at_character(error: &str, character: usize, key: &str) -> String {
    let key = plain_excerpt(key);
    format!("{error}, at character {character} of `{key}`")
}

// the view

pub(crate) const fn wrong_plane() -> &'static str {
    "`plane` must name two variables, such as [\"x2[1]\", \"x1[1]\"]"
}

pub(crate) const fn plane_of_other_variables() -> &'static str {
    "`plane` must name two different variables of the problem, such as \"x1[1]\""
}

pub(crate) const fn two_scales() -> &'static str {
    "two of the words \"linear\" and \"log\""
}

pub(crate) const fn weights_of_calls() -> &'static str {
    "a list of the weights of value, grad, hvp, jvp and higher"
}

pub(crate) const fn ranges_of_figures() -> &'static str {
    "a list with two pairs of numbers or \"auto\" for each figure, such as [[[-1, 1], [0, 2]], \"auto\"]"
}

pub(crate) const fn labels() -> &'static str {
    "labels of methods"
}

pub(crate) fn hidden_is_no_method(label: &str) -> String {
    let label = excerpt(label);
    format!("`hidden` names {label}, which is no method of the file")
}

pub(crate) const fn rising_pairs() -> &'static str {
    "two rising pairs of numbers, such as [[-1, 1], [0, 2]]"
}

pub(crate) const fn view_beside() -> &'static str {
    "this view cannot be chosen here"
}

// the plan

pub(crate) fn refused(label: &str, reason: &str) -> String {
    let label = plain_excerpt(label);
    format!("`{label}` cannot run here: {reason}")
}

pub(crate) fn wrong_parameter(label: &str, error: &str) -> String {
    let label = plain_excerpt(label);
    format!("`{label}`: {error}")
}

pub(crate) fn shape_of_start(number: usize, given: &[usize], expected: &[usize]) -> String {
    format!("start {number} has blocks of {given:?} variables, and the problem has {expected:?}")
}

pub(crate) fn start_outside(
    number: usize,
    (level, index): (usize, usize),
    value: f64,
    [low, high]: [f64; 2],
) -> String {
    format!("start {number}: x{level}[{index}] = {value} is outside of the box [{low}, {high}]")
}

pub(crate) fn too_many_runs(count: usize, most: usize) -> String {
    format!(
        "{count} runs are too many for one experiment; split it into several with at most {most}"
    )
}

pub(crate) fn unknown_label(label: &str, known: &str) -> String {
    let label = plain_excerpt(label);
    format!("`{label}` is no method of this experiment; there are {known}")
}

// the axes of a sweep

pub(crate) fn form_of_change(text: &str) -> String {
    format!(
        "`{text}` must be LABEL.parameter=VALUE, such as BOME.inner_steps=5, or problem.parameter=VALUE"
    )
}

pub(crate) fn form_of_axis(text: &str) -> String {
    let text = plain_excerpt(text);
    format!(
        "`{text}` must be LABEL.parameter=from:to:count or …:log, such as BOME.inner_steps=1:50:12:log"
    )
}

pub(crate) fn values_of_axis(text: &str, most: usize, count: usize) -> String {
    let text = plain_excerpt(text);
    format!("`{text}` must have 2 to {most} values, not {count}")
}

pub(crate) fn logarithmic_axis(text: &str) -> String {
    let text = plain_excerpt(text);
    format!("`{text}` cannot be logarithmic: both ends must be above 0")
}

pub(crate) fn axis_of_words(parameter: &str) -> String {
    format!("`{parameter}` takes words; only numbers can be varied")
}

pub(crate) const fn wrong_axes() -> &'static str {
    "a sweep varies one parameter of a method, or two of the same one"
}
