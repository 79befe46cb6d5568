//! The words of events on the timeline.

pub(crate) fn task(number: usize) -> String {
    format!("task {number} begins")
}

pub(crate) fn at_target(method: &str) -> String {
    format!("{method} reaches the target")
}

pub(crate) fn at_rest(method: &str) -> String {
    format!(
        "{method} at rest (its leader moves less than 0.5 % of the searched width from here on)"
    )
}

/// `word` is the status, such as "diverged".
pub(crate) fn ended(method: &str, word: &str) -> String {
    format!("{method} {word}")
}

pub(crate) fn branch(label: &str, parent: &str) -> String {
    format!("{label} leaves {parent}")
}

pub(crate) fn at_iteration(words: &str, iteration: &str) -> String {
    format!("{words} at iteration {iteration}")
}

/// `key` is the key that does the same.
pub(crate) fn branch_off(label: &str, iteration: &str, key: &str) -> String {
    format!(
        "Continue {label} from iterate {iteration} as a branch ({key}); the menu of a card does so for its method"
    )
}

pub(crate) const fn computing() -> &'static str {
    "computing"
}

pub(crate) const fn loop_hint() -> &'static str {
    "Drag with Shift to choose a part that is played again and again; click with Shift to end it"
}
