//! The sentence under the race, where its runs ended, and the words of its controls.

/// The number of runs at an optimum, out of all, and their names unless these are all; `goal` is the optimum's name, such
/// as "global optimum".
pub(crate) fn at_optimum(goal: &str, count: usize, all: usize, names: &str) -> String {
    match (count, all) {
        (1, 1) => format!("{names} ends at the **{goal}**."),
        (0, 1) => String::new(),
        (0, 2) => format!("Neither ends at the {goal}."),
        (0, _) => format!("None of {all} ends at the {goal}."),
        (2, 2) => format!("Both end at the **{goal}**."),
        _ if count == all => format!("All {all} end at the **{goal}**."),
        (1, _) => format!("1 of {all} ends at the **{goal}**: {names}."),
        _ => format!("{count} of {all} end at the **{goal}**: {names}."),
    }
}

/// The runs with other outcomes: names and outcome of each group.
pub(crate) fn elsewhere(groups: &[(String, String)], is_all: bool) -> String {
    let groups: Vec<String> = groups
        .iter()
        .map(|(names, outcome)| format!("{names} (**{outcome}**)"))
        .collect();
    let before = if is_all { "" } else { "Elsewhere: " };
    format!("{before}{}.", groups.join("; "))
}

/// All runs have one outcome, which is not the optimum.
pub(crate) fn all_elsewhere(all: usize, outcome: &str) -> String {
    let all = if all == 2 {
        "Both".to_owned()
    } else {
        format!("All {all}")
    };
    format!("{all}: **{outcome}**.")
}

/// The names of methods, which may have commas.
pub(crate) fn names(names: &[String]) -> String {
    names.join(" · ")
}

/// Some of the runs of a method.
pub(crate) fn some_runs(name: &str, count: usize, all: usize) -> String {
    format!("{name} ({count} of {all})")
}

/// The name and the meaning of the switch of an axis's scale.
pub(crate) const fn log_axis(is_horizontal: bool) -> (&'static str, &'static str) {
    if is_horizontal {
        ("log x", "A logarithmic horizontal axis, in both charts")
    } else {
        (
            "log y",
            "A logarithmic vertical axis of this quantity; the other chart has the scale that suits its own",
        )
    }
}

/// The numbers of runs with each outcome.
pub(crate) fn counts(counts: &[(usize, &str)]) -> String {
    let all: usize = counts.iter().map(|(count, _)| count).sum();
    let parts: Vec<String> = counts
        .iter()
        .map(|(count, outcome)| format!("{count} **{outcome}**"))
        .collect();
    format!("Of {all} runs: {}.", parts.join(", "))
}
