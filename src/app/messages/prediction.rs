//! The words of a prediction: questions, instructions, and the guesses beside the truth.

use bilevel_figure::counted;

/// The iteration from which the runs are hidden.
pub(crate) fn hidden_from(iteration: &str) -> String {
    format!("The runs are hidden after iteration {iteration}.")
}

pub(crate) const fn place_a_mark() -> &'static str {
    "Click in the landscape where you expect the end. Other initials add another mark."
}

/// The same for an audience.
pub(crate) const fn place_a_mark_in_short() -> &'static str {
    "Click where it ends."
}

/// In place of the iteration from which runs are hidden, where their names are.
pub(crate) const fn names_are_hidden() -> &'static str {
    "Letters stand for the methods until you reveal them."
}

/// A method that is named, with its rank.
pub(crate) fn ranked(rank: usize, label: &str) -> String {
    format!("{rank}. {label}")
}

pub(crate) const fn no_landscape() -> &'static str {
    "Choose the view landscape to place a mark."
}

/// The methods that are still to be named, after those that are.
pub(crate) fn name_the_next(named: usize) -> String {
    match named {
        0 => "Which method ends best? Then the next best, down to the last:".to_owned(),
        1 => "1st is named; and the 2nd?".to_owned(),
        2 => "And the 3rd?".to_owned(),
        named => format!("And the {}th?", named + 1),
    }
}

pub(crate) const fn no_method() -> &'static str {
    "There is no method to predict."
}

/// A guess without initials.
pub(crate) const fn unsigned() -> &'static str {
    "guess"
}

pub(crate) const fn still_running() -> &'static str {
    "The runs go on. The guesses are compared with their ends once the playhead is there."
}

/// The end of a method; `values` are its variables in the plane, such as `$x = 1.2$`.
pub(crate) fn ended(method: &str, outcome: &str, values: &str) -> String {
    if values.is_empty() {
        format!("{method}: **{outcome}**.")
    } else {
        format!("{method}: **{outcome}**, at {values}.")
    }
}

/// A mark and its distance from the end.
pub(crate) fn missed_by(initials: &str, distance: &str, is_same_valley: Option<bool>) -> String {
    let valley = match is_same_valley {
        Some(true) => ", in the right valley",
        Some(false) => ", in another valley",
        None => "",
    };
    format!("**{initials}** ${distance}$ away{valley}")
}

/// The number of marks in the valley of the end.
pub(crate) fn tally_of_valleys(right: usize, all: usize) -> String {
    format!("{right} of {all} in the right valley.")
}

/// The methods from the best to the worst.
pub(crate) fn order(labels: &str) -> String {
    format!("The order is {labels}.")
}

/// A method without a place in the ranking.
pub(crate) fn without_place(label: &str) -> String {
    format!("{label} (no place)")
}

/// In place of a score where the ranking has no place.
pub(crate) const fn nobody_has_a_place() -> &'static str {
    "No method has a place: each failed, stopped at no minimum or left its follower unanswered."
}

/// An order and the pairs of methods that it has right.
pub(crate) fn pairs(initials: &str, right: usize, all: usize) -> String {
    let all = counted(all, "pair");
    format!("**{initials}** {right} of {all} right")
}

pub(crate) const fn name_the_curves() -> &'static str {
    "Whose curve is each letter?"
}

/// The name of a curve for screen readers.
pub(crate) fn curve_name(letter: &str) -> String {
    format!("Curve {letter}")
}

/// The name of the field with the method of a curve.
pub(crate) fn owner_field(letter: &str) -> String {
    format!("Method of curve {letter}")
}

/// A letter and its method.
pub(crate) fn owner(letter: &str, method: &str) -> String {
    format!("{letter} {method}")
}

/// A letter and its method, and those with the same curve.
pub(crate) fn owner_is(letter: &str, method: &str, same: &[&str]) -> String {
    let mut words = format!("**{letter}** is {method}");
    if !same.is_empty() {
        words.push_str(" (as ");
        words.push_str(&same.join(", "));
        words.push(')');
    }
    words
}

/// The number of curves that a guess has right.
pub(crate) fn curves_right(initials: &str, right: usize, all: usize) -> String {
    format!("**{initials}**: {right} of {all}")
}

/// The number of guesses that have each letter right, such as `A 1 of 2`.
pub(crate) fn tally_of_curves(letters: &[(&str, usize)], guesses: usize) -> String {
    let parts = letters
        .iter()
        .map(|(letter, right)| format!("{letter} {right} of {guesses}"));
    format!("Right: {}.", parts.collect::<Vec<_>>().join(" · "))
}

pub(crate) const fn shuffle_meaning() -> &'static str {
    "Other letters for the curves, until the window closes"
}

/// Letters that guesses name stay.
pub(crate) const fn letters_are_named() -> &'static str {
    "Guesses name these letters: remove them first"
}

pub(crate) const fn reveal_adds_it() -> &'static str {
    "Reveal adds a guess that was made and not added"
}

/// The question before a prediction ends whose names are hidden.
pub(crate) const fn names_would_be_shown() -> &'static str {
    "Leaving this question shows the names of the methods, and no guess is compared. Reveal compares the guesses."
}

/// The question before another experiment is opened while one has guesses or hidden names.
pub(crate) const fn question_would_end() -> &'static str {
    "Another experiment ends this question, and no guess is compared. Reveal compares the guesses."
}

/// A lesson goes on while names are hidden, and shows them without comparing guesses; in the little room of a top bar.
pub(crate) const fn ended_unrevealed() -> &'static str {
    "Not revealed"
}

/// Changes of a method would show which curve is its own.
pub(crate) const fn methods_are_kept() -> &'static str {
    "This would tell whose curve is whose: reveal or end the prediction first."
}

/// In place of a picture that would give away the answer.
pub(crate) const fn view_hidden() -> &'static str {
    "Hidden until you reveal: this picture needs what comes after the playhead, or shows the answer."
}

/// Another problem would end the prediction.
pub(crate) const fn problem_is_kept() -> &'static str {
    "The problem stays while its runs are predicted: reveal or end the prediction first."
}

pub(crate) const fn gallery_hidden() -> &'static str {
    "The gallery may give away the prediction: reveal or end it first."
}

pub(crate) const fn tuning_hidden() -> &'static str {
    "Tuning would give away the prediction: reveal or end it first."
}
