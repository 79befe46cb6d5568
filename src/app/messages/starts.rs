//! The sentences about starts, seeds and the number of runs.

use bilevel_figure::{counted, grouped};

pub(crate) const fn click_and_drag() -> &'static str {
    "or click and drag"
}

pub(crate) const fn shift_click() -> &'static str {
    "Shift-click adds one"
}

pub(crate) const fn several_meaning() -> &'static str {
    "Several starts and seeds. Shift-click in the landscape adds a start."
}

pub(crate) fn start_of(number: usize, starts: usize) -> String {
    format!("start {number} of {starts}")
}

pub(crate) fn seed_of(seed: u64, seeds: usize) -> String {
    format!("seed {seed} of {seeds}")
}

/// The run that cards show; its `parts` are the start, the seed, or both.
pub(crate) fn shown_run(parts: &[String]) -> String {
    format!("run shown: **{}**", parts.join(", "))
}

pub(crate) const fn shown_run_meaning() -> &'static str {
    "The second line of a card and its open part are about this run; ranks and statistics are about all runs of a method"
}

/// The runs that a choice of starts leads to.
pub(crate) fn runs(methods: usize, starts: usize, seeds: usize, runs: usize) -> String {
    format!(
        "{} × {} × {} = {}",
        counted(starts, "start"),
        counted(seeds, "seed"),
        counted(methods, "method"),
        counted(runs, "run")
    )
}

pub(crate) fn too_many_runs(runs: usize, most: usize) -> String {
    let words = grouped(most);
    if runs == usize::MAX {
        return format!("The window runs at most {words} runs at a time; these are far more.");
    }
    let runs = grouped(runs);
    format!("The window runs at most {words} runs at a time; these are {runs}.")
}

pub(crate) const fn grid_meaning() -> &'static str {
    "The centres of equal cells, the same number along each variable."
}

pub(crate) const fn ring_meaning() -> &'static str {
    "Evenly on an ellipse."
}

pub(crate) const fn random_meaning() -> &'static str {
    "Uniformly distributed; the same seed gives the same starts."
}

pub(crate) const fn picture_meaning() -> &'static str {
    "In the visible part of the landscape; the other variables are those of the first start."
}

pub(crate) const fn box_meaning() -> &'static str {
    "All variables over the problem's box, or over the range that pictures show where there is none."
}

pub(crate) const fn seeds_meaning() -> &'static str {
    "Every method runs from every start with every seed, which fixes the random numbers of stochastic methods."
}

pub(crate) fn most_seeds(most: usize) -> String {
    let most = grouped(most);
    format!("At most {most} with these starts and methods.")
}
