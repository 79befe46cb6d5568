//! The words of events on the timeline.

pub(crate) fn task(number: usize) -> String {
    format!("task {number} begins")
}

pub(crate) fn at_target(method: &str) -> String {
    format!("{method} reaches the target")
}

pub(crate) fn at_rest(method: &str) -> String {
    format!("{method} comes to rest")
}

/// The definition of rest on the timeline.
pub(crate) const fn meaning_of_rest() -> &'static str {
    "from there on the leader stays within 0.5 % of the shown range from its end"
}

/// `word` is the status, such as "diverged".
pub(crate) fn ended(method: &str, word: &str) -> String {
    format!("{method} {word}")
}

pub(crate) fn branch(label: &str, parent: &str) -> String {
    format!("{label} leaves {parent}")
}

/// `meaning` is a definition, or empty.
pub(crate) fn at_iteration(words: &str, iteration: &str, meaning: &str) -> String {
    if meaning.is_empty() {
        format!("{words} at iteration {iteration}")
    } else {
        format!("{words} at iteration {iteration}: {meaning}")
    }
}

/// `key` is the key that does the same.
pub(crate) fn branch_off(label: &str, iteration: &str, key: &str) -> String {
    format!(
        "Continue {label} from iterate {iteration} as a branch ({key}); the menu of a card does so for its method"
    )
}

/// The words before an iteration that the runs have computed, where the playhead is beyond it.
pub(crate) const fn shown_so_far() -> &'static str {
    "shown so far"
}

pub(crate) fn shown_so_far_meaning(computed: &str, playhead: &str) -> String {
    format!(
        "The runs are being computed: pictures are of iteration {computed}, and follow to the playhead at {playhead}"
    )
}

pub(crate) const fn loop_hint() -> &'static str {
    "Drag with Shift to choose a part that is played again and again; click with Shift to end it"
}
