//! The words of a prediction: questions, instructions, and the guesses beside the truth.

/// The iteration from which the runs are hidden.
pub(crate) fn hidden_from(iteration: &str) -> String {
    format!("The runs are hidden after iteration {iteration}.")
}

pub(crate) const fn place_a_mark() -> &'static str {
    "Click in the landscape where you expect the end. Other initials add another mark."
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
    format!("**{initials}** {right} of {all} pairs right")
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
