//! Messages about lessons: errors of reading one, and the results of its claims.

use bilevel::data::{counted, excerpt, plain_excerpt};

pub(crate) fn unknown_lesson(name: &str, hint: &str) -> String {
    format!("there is no file and no lesson `{name}`{hint}")
}

pub(crate) const fn is_a_lesson() -> &'static str {
    "this file is a lesson, which `bilevel-lab lesson FILE` and the window open; an experiment has no [[step]]"
}

pub(crate) const fn is_an_experiment() -> &'static str {
    "this file is an experiment; a lesson has kind = \"lesson\" and a table [[step]] for each step"
}

pub(crate) const fn no_kind() -> &'static str {
    "the first line of a lesson is kind = \"lesson\""
}

pub(crate) const fn no_step() -> &'static str {
    "the lesson has no step; each is a table [[step]] with a title, a text and an experiment"
}

pub(crate) fn too_many_steps(count: usize, most: usize) -> String {
    format!("the lesson has {count} steps, and at most {most} fit")
}

pub(crate) const fn step_tables() -> &'static str {
    "tables, written [[step]]"
}

pub(crate) const fn claim_tables() -> &'static str {
    "tables, written [[step.claim]]"
}

pub(crate) fn missing_key(table: &str, key: &str) -> String {
    format!("{table} has no `{key}`")
}

/// A formula without an end.
pub(crate) fn open_formula(key: &str) -> String {
    format!("`{key}` has a `$` without its partner; a formula stands between two")
}

/// Bold words without an end before the next formula.
pub(crate) fn open_bold(key: &str) -> String {
    format!(
        "`{key}` has `**` without its partner; bold words end before a formula and begin anew after it"
    )
}

pub(crate) fn empty_text(key: &str) -> String {
    format!("`{key}` is empty")
}

pub(crate) const fn one_question() -> &'static str {
    "a prediction has one question: `end_of` or `curves`"
}

pub(crate) const fn too_few_curves() -> &'static str {
    "to tell whose curve is whose, the step needs two methods that are not pinned"
}

// the experiment of a step

pub(crate) const fn no_experiment() -> &'static str {
    "the first step names its experiment: a preset such as experiment = \"welcome\", a file beside the lesson, or a \
     table [step.experiment]"
}

pub(crate) const fn experiment_forms() -> &'static str {
    "the name of a preset, a file beside the lesson, or a table [step.experiment]"
}

/// An error in the file that a step names; it may have several lines.
pub(crate) fn wrong_experiment(error: &str) -> String {
    let first = error.lines().next().unwrap_or_default();
    format!("the experiment of this step cannot be used: {first}")
}

pub(crate) fn unknown_change(key: &str, hint: &str) -> String {
    let key = plain_excerpt(key);
    format!(
        "`{key}` cannot be set; write LABEL.parameter, problem.parameter or one of the experiment's keys{hint}"
    )
}

pub(crate) fn unknown_run(label: &str, hint: &str) -> String {
    let label = excerpt(label);
    format!("{label} is no method of this step's experiment{hint}")
}

pub(crate) const fn no_methods() -> &'static str {
    "`methods` names none of the methods; leave it out to show all"
}

pub(crate) const fn view_forms() -> &'static str {
    "the name of a view, or a table with keys of [view]"
}

pub(crate) const fn playhead_forms() -> &'static str {
    "an iteration, \"start\" or \"end\""
}

pub(crate) const fn parts() -> &'static str {
    "parts of the window, such as \"race\" and \"card:BOME\""
}

pub(crate) fn unknown_part(word: &str, hint: &str) -> String {
    let word = excerpt(word);
    format!("{word} is no part of the window; there are card:LABEL and these{hint}")
}

pub(crate) const fn question_without_answer() -> &'static str {
    "a question has an `answer`"
}

pub(crate) const fn answer_without_question() -> &'static str {
    "an answer has a `question`"
}

// claims

pub(crate) fn claim_of_nothing() -> &'static str {
    "the claim names no subject: a `run`, a leader's `x`, a `point`, `minima`, `optimum` or `optimum_f`"
}

pub(crate) fn key_of_other_claim(key: &str, subject: &str) -> String {
    format!("`{key}` has no meaning in a claim with `{subject}`")
}

pub(crate) fn unknown_quantity(word: &str, hint: &str) -> String {
    let word = excerpt(word);
    format!("unknown quantity {word}{hint}")
}

pub(crate) fn quantity_of_runs(word: &str) -> String {
    format!("`{word}` is a quantity of runs, and a point has none")
}

pub(crate) fn slope_of_points() -> &'static str {
    "`slope` is a quantity of a point: write `x` in place of `run`"
}

pub(crate) fn no_condition() -> &'static str {
    "the claim has no condition: `value` with `within`, `at_most`, `at_least`, `less_than` or `more_than`"
}

pub(crate) fn two_conditions(one: &str, other: &str) -> String {
    format!("`{one}` and `{other}` are two conditions: write two claims")
}

pub(crate) fn no_tolerance() -> &'static str {
    "`value` has `within`, the greatest difference: no measured number is exact"
}

pub(crate) fn key_without(key: &str, other: &str) -> String {
    format!("`{key}` goes with `{other}`")
}

pub(crate) fn words_have_a_value() -> &'static str {
    "a verdict or a status has a `value`, and no other condition"
}

pub(crate) fn limits_cross() -> &'static str {
    "`at_least` is larger than `at_most`"
}

pub(crate) fn no_such_start(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    let starts = counted(count, "start");
    format!("there {verb} {starts} in this step's experiment, counted from 1")
}

pub(crate) fn no_such_seed(seed: u64, seeds: &str) -> String {
    format!("seed {seed} is not among those of this step's experiment: {seeds}")
}

pub(crate) fn beyond_the_end(k: u64, iterations: u64) -> String {
    let iterations = counted(iterations, "iteration");
    format!("iterate {k} is beyond the {iterations} of this step's experiment")
}

pub(crate) const fn moment_forms() -> &'static str {
    "an iterate, \"start\", \"end\", or a quantity that is reached, such as { gap = 1e-6 }"
}

pub(crate) fn numbers_of_leader(size: usize, given: usize) -> String {
    let size = counted(size, "variable");
    format!("the leader has {size}, not {given}")
}

pub(crate) fn rows_of_point(sizes: &[usize]) -> String {
    format!("a point has a row of numbers for each level, of the lengths {sizes:?}")
}

// measured values

pub(crate) fn measured(subject: &str, value: &str, claimed: &str) -> String {
    format!("{subject} = {value}, claimed {claimed}")
}

pub(crate) fn not_measured(subject: &str, reason: &str) -> String {
    format!("{subject}: {reason}")
}

pub(crate) fn near(value: &str, within: &str) -> String {
    format!("{value} ± {within}")
}

pub(crate) fn at_most(value: &str) -> String {
    format!("at most {value}")
}

pub(crate) fn at_least(value: &str) -> String {
    format!("at least {value}")
}

pub(crate) fn from_to(low: &str, high: &str) -> String {
    format!("from {low} to {high}")
}

pub(crate) fn less_than(run: &str, value: &str, factor: &str) -> String {
    match factor {
        "1" => format!("less than {value} of {run}"),
        _ => format!("less than {value} of {run} by a factor of {factor}"),
    }
}

pub(crate) fn more_than(run: &str, value: &str, factor: &str) -> String {
    match factor {
        "1" => format!("more than {value} of {run}"),
        _ => format!("more than {value} of {run} by a factor of {factor}"),
    }
}

pub(crate) fn of_run(run: &str, moment: &str, quantity: &str) -> String {
    format!("{run}, {moment}: {quantity}")
}

pub(crate) fn at_iterate(k: u64) -> String {
    format!("iterate {k}")
}

pub(crate) const fn at_end() -> &'static str {
    "last iterate"
}

pub(crate) fn on_reaching(quantity: &str, limit: &str) -> String {
    format!("first iterate with {quantity} at most {limit}")
}

pub(crate) fn at_x(x: &str, quantity: &str) -> String {
    format!("x = {x}, lower levels solved: {quantity}")
}

pub(crate) fn at_point(point: &str, quantity: &str) -> String {
    format!("point {point}: {quantity}")
}

pub(crate) const fn number_of_minima() -> &'static str {
    "number of minima of φ"
}

pub(crate) const fn global_minimum() -> &'static str {
    "x of the nearest global minimum"
}

pub(crate) const fn optimal_value() -> &'static str {
    "φ at its global minimum"
}

pub(crate) fn ended_before(k: u64) -> String {
    format!("the run ended at iterate {k}")
}

pub(crate) fn never_reached() -> &'static str {
    "the run never reaches it"
}

pub(crate) fn not_recorded() -> &'static str {
    "the iterate is not recorded"
}

pub(crate) fn not_known() -> &'static str {
    "the value is not known"
}

pub(crate) fn no_runs(reason: &str) -> String {
    format!("the runs of this step cannot be made: {reason}")
}
