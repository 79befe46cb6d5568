//! The sentences of the methods' cards: outcome, rank, values at the playhead, costs and references.

use bilevel_figure::grouped;

// all cards

pub(crate) const fn no_rank() -> &'static str {
    "no method has a rank"
}

/// The same beside the heading “Methods”, where there is less room.
pub(crate) const fn no_rank_short() -> &'static str {
    "no ranks"
}

pub(crate) const fn no_rank_meaning() -> &'static str {
    "No method is ranked: a lower level is not optimal, or its run failed, diverged or stopped at a point that is no minimum \
     of φ; with several runs, this holds for half of them or more"
}

pub(crate) const fn no_method() -> &'static str {
    "No method is chosen. Add one, and it runs at once."
}

pub(crate) fn warning_of(method: &str, warning: &str) -> String {
    format!("⚠ {method} {warning}")
}

pub(crate) const fn common_noise() -> &'static str {
    "noise for all $σ$"
}

pub(crate) const fn different_noise() -> &'static str {
    "noise for all $σ$ (differs)"
}

pub(crate) const fn noise_meaning() -> &'static str {
    "The standard deviation of the noise on every gradient and product, for all methods with this parameter."
}

// details

pub(crate) fn cost(costs: &[String]) -> String {
    format!("**Cost** per outer step: {}", costs.join(", "))
}

pub(crate) fn assumes(assumptions: &str) -> String {
    format!("**Assumes** {assumptions}")
}

pub(crate) fn source(source: &str) -> String {
    format!("**Source** {source}")
}

pub(crate) fn calls_so_far(calls: &[String], seconds: &str) -> String {
    format!("**Calls so far** {} in {seconds} s", calls.join(", "))
}

// outcome and state

pub(crate) fn outcome(name: &str, meaning: &str) -> String {
    format!("**{name}**: {meaning}")
}

/// An outcome in a few words, and φ as a sum of the optimum and a number, where that is known and not 0.
pub(crate) fn ended(icon: &str, name: &str, above: Option<&str>) -> String {
    match above {
        Some(above) if above != "0" => format!("{icon}**{name}**, $φ^* + {above}$"),
        _ => format!("{icon}**{name}**"),
    }
}

pub(crate) fn failed(word: &str, iteration: u64) -> String {
    format!("**{word}** after iteration {}", grouped(iteration))
}

pub(crate) const fn cannot_run() -> &'static str {
    "**cannot run** on this problem"
}

pub(crate) const fn training_start() -> &'static str {
    "training its start"
}

pub(crate) const fn waiting() -> &'static str {
    "waiting"
}

pub(crate) fn gap(gap: &str) -> String {
    format!("gap ${gap}$")
}

pub(crate) fn gap_of_level(gap: &str, level: usize) -> String {
    format!("gap ${gap}$ (level {level})")
}

pub(crate) const fn gap_to_come() -> &'static str {
    "gap …"
}

pub(crate) fn values(f: &str, gap: &str) -> String {
    format!("$f = {f}$,  {gap}")
}

// rank

pub(crate) fn infeasible(values: &str) -> String {
    format!("⚠ infeasible:  {values}")
}

pub(crate) const fn infeasible_meaning() -> &'static str {
    "A lower level is not optimal: its gap is above 0.1 % of the span of its objective, so f is not comparable"
}

pub(crate) fn undefined(values: &str) -> String {
    format!("⚠ undefined:  {values}")
}

pub(crate) const fn undefined_meaning() -> &'static str {
    "f or φ is not a finite number here"
}

pub(crate) fn unranked(values: &str) -> String {
    format!("unranked:  {values}")
}

pub(crate) const fn unranked_meaning() -> &'static str {
    "It stopped at a point that is no minimum of φ"
}

pub(crate) fn ranked(place: usize, values: &str) -> String {
    format!("**{}**  {values}", ordinal(place))
}

pub(crate) const fn ranked_meaning() -> &'static str {
    "The rank by φ, the leader's objective with all lower levels solved, among methods whose gaps are at most 0.1 % of \
     the span of the follower's objective"
}

fn ordinal(place: usize) -> String {
    match place {
        1 => "1st".to_owned(),
        2 => "2nd".to_owned(),
        3 => "3rd".to_owned(),
        _ => format!("{place}th"),
    }
}

// branches

/// The line of a branch.
pub(crate) fn branch(parent: &str, iteration: u64) -> String {
    format!("from {parent} at {}", grouped(iteration))
}

pub(crate) fn branch_meaning(parent: &str, iteration: u64) -> String {
    format!(
        "Counts and time include {parent} up to {}",
        grouped(iteration)
    )
}

pub(crate) fn continue_meaning(iteration: u64) -> String {
    let iteration = grouped(iteration);
    format!(
        "Adds a branch from iteration {iteration} on: the same method in the same state, with parameters of its own"
    )
}

pub(crate) fn continue_with_meaning(iteration: u64) -> String {
    let iteration = grouped(iteration);
    format!(
        "Adds a branch of another method, which starts afresh at the point of iteration {iteration}"
    )
}

pub(crate) fn branch_added(label: &str, parent: &str, iteration: u64) -> String {
    let iteration = grouped(iteration);
    format!("{label} continues {parent} from iteration {iteration}: change a parameter on its card")
}

/// The reason why a method cannot be removed.
pub(crate) fn has_branches(children: &[&str]) -> String {
    let one = children.len() == 1;
    let (verb, it) = if one {
        ("continues", "it")
    } else {
        ("continue", "them")
    };
    let names = children.join(", ");
    format!("{names} {verb} from this method: remove {it} first, or hide this one")
}

pub(crate) fn runs_reach_branches(iterations: u64) -> String {
    let iterations = grouped(iterations);
    format!("a branch begins at iteration {iterations}, so that runs are at least as long")
}

// the menu of a card

pub(crate) const fn name() -> &'static str {
    "Name"
}

pub(crate) const fn note() -> &'static str {
    "Note"
}

pub(crate) fn noted(note: &str) -> String {
    format!("**Note** {note}")
}

/// The label of a pinned copy of a method.
pub(crate) fn pinned(label: &str) -> String {
    format!("{label}, pinned")
}

pub(crate) const fn pin_meaning() -> &'static str {
    "Keeps a copy with these parameters: faint, without a rank, with a row of differences in the table"
}

pub(crate) const fn unpin_meaning() -> &'static str {
    "Makes it a method like the others"
}

/// The line of a pinned method; `parts` are the parameters in which it differs from the method it is compared with.
pub(crate) fn pinned_line(other: Option<&str>, parts: &[String]) -> String {
    match (other, parts.is_empty()) {
        (None, _) => "pinned".to_owned(),
        (Some(other), true) => format!("pinned: as {other} is now"),
        (Some(_), false) => format!("pinned: {}", parts.join(", ")),
    }
}

/// A parameter of a pinned method beside the present one of its counterpart.
pub(crate) fn pinned_parameter(symbol: &str, own: &str, other: &str) -> String {
    format!("${symbol} = {own}$ (now ${other}$)")
}

pub(crate) const fn colour() -> &'static str {
    "Colour"
}

pub(crate) const fn home_colour() -> &'static str {
    "The method's own colour, the same in every experiment"
}
