//! The sentences about all runs of a method: their median, their spread and their ends.

use bilevel_figure::counted;

/// φ in markup: above the optimum if that is known.
fn phi(value: &str, has_optimum: bool) -> String {
    match (has_optimum, value) {
        (true, "0") => "$φ^*$".to_owned(),
        (true, _) => format!("$φ^* + {value}$"),
        (false, _) => format!("$φ = {value}$"),
    }
}

pub(crate) fn median(value: &str, has_optimum: bool) -> String {
    format!("median {}", phi(value, has_optimum))
}

pub(crate) const fn median_to_come() -> &'static str {
    "median …"
}

/// The median and the quartiles of `runs` runs.
pub(crate) fn quartiles(
    runs: usize,
    median: &str,
    [low, high]: &[String; 2],
    has_optimum: bool,
) -> String {
    format!(
        "**All {runs} runs**: median {}, middle half from {} to {}",
        phi(median, has_optimum),
        phi(low, has_optimum),
        phi(high, has_optimum)
    )
}

pub(crate) fn solved(count: usize, runs: usize) -> String {
    format!("solved {count}/{runs}")
}

pub(crate) fn solved_meaning(count: usize, runs: usize) -> String {
    let runs = counted(runs, "run");
    format!("{count} of {runs} ended at a global optimum")
}

pub(crate) fn failed(count: usize) -> String {
    format!("{count} failed")
}

pub(crate) fn failed_meaning(count: usize, runs: usize) -> String {
    let runs = counted(runs, "run");
    format!("{count} of {runs} failed or diverged; they count as infinite")
}

/// The line on the one of several runs that the cards show.
pub(crate) fn this_run(words: &str) -> String {
    format!("this run: {words}")
}

pub(crate) const fn ranked_meaning() -> &'static str {
    "The rank by the median of φ over all runs of a method; a run that is infeasible or at no minimum of φ counts as the \
     worst"
}

pub(crate) const fn infeasible_meaning() -> &'static str {
    "Half of the runs or more have no rank, most of them because a lower level is not optimal"
}

pub(crate) const fn undefined_meaning() -> &'static str {
    "Half of the runs or more have no rank, most of them because f or φ is not a finite number"
}

pub(crate) const fn unranked_meaning() -> &'static str {
    "Half of the runs or more have no rank, most of them because they stopped at a point that is no minimum of φ"
}

pub(crate) const fn by_method() -> &'static str {
    "A row per method, with medians over its runs from all starts with all seeds"
}

pub(crate) const fn by_run() -> &'static str {
    "A row per run"
}
