//! Errors in settings, suggestions for mistyped words, and warnings on a method before a run.

use super::excerpt::{brief_number, plain_excerpt};
use crate::numerics::short_number;

// words

pub(crate) fn did_you_mean(word: &str) -> String {
    format!(" (did you mean `{word}`?)")
}

pub(crate) fn known_words(known: &[&str]) -> String {
    format!(" (known: {})", known.join(", "))
}

pub(crate) fn no_known_word() -> &'static str {
    " (none is known here)"
}

pub(crate) fn alternatives(words: &[String]) -> String {
    words.join(" or ")
}

// parameters

/// A name that no parameter has; the suggestion is empty or begins with a space.
pub(crate) fn unknown_parameter(name: &str, suggestion: &str) -> String {
    let name = plain_excerpt(name);
    format!("there is no parameter `{name}`{suggestion}")
}

pub(crate) fn wrong_value(name: &str, expected: &str, given: &str) -> String {
    format!("`{name}` must be {expected}, not {given}")
}

pub(crate) fn number_between(min: f64, max: f64) -> String {
    let [min, max] = [min, max].map(brief_number);
    format!("a number from {min} to {max}")
}

pub(crate) fn number_or_share(max: u32) -> String {
    format!("a whole number from 1 to {max}, or a share of the data between 0 and 1")
}

pub(crate) const fn column() -> &'static str {
    "the name of a column in quotes, or its number from 1"
}

pub(crate) const fn columns() -> &'static str {
    "a list of the names of columns in quotes, or of their numbers from 1"
}

/// The rest of a list that is not shown.
pub(crate) fn and_more(count: usize) -> String {
    format!("… {count} more")
}

pub(crate) fn whole_number_between(min: u32, max: u32) -> String {
    format!("a whole number from {min} to {max}")
}

pub(crate) fn or_one_per_level(expected: &str) -> String {
    format!("{expected}, or a list of them, one per lower level")
}

pub(crate) fn number_or_list_of(levels: usize) -> String {
    format!("one number, or a list of {levels} (one per lower level)")
}

pub(crate) fn list_of(numbers: usize) -> String {
    format!("a list of {numbers}")
}

pub(crate) fn unknown_score(word: &str, known: &[&str]) -> String {
    let word = plain_excerpt(word);
    format!(
        "there is no score `{word}` here; there are {}",
        known.join(", ")
    )
}

// a method on a problem

pub(crate) fn only_two_levels(method: &str, levels: usize) -> String {
    format!("{method} is for two levels, and this problem has {levels}")
}

pub(crate) fn hessian_too_large(method: &str, variables: usize) -> String {
    format!(
        "{method} factorizes the follower's Hessian, which is too large with {variables} variables"
    )
}

pub(crate) fn tape_too_long(method: &str, numbers: u64, most: u64) -> String {
    format!(
        "{method} would hold {numbers} numbers of its inner iterates at once, and at most {most} are allowed; take fewer `inner_steps`, a smaller `truncation`, or mode = \"forward\""
    )
}

pub(crate) fn inner_step_diverges(longest: f64, curvature: f64) -> String {
    let [longest, curvature] = [longest, curvature].map(|value| short_number(value, 3));
    format!("an inner step above {longest} diverges: the follower's curvature is {curvature}")
}

pub(crate) fn only_min_max() -> &'static str {
    "is correct only where $g = −f$: it ignores how $y^*$ depends on $x$"
}

pub(crate) fn fails_for_zero_hessian() -> &'static str {
    "fails here: the follower's Hessian is zero and has no inverse"
}

pub(crate) fn fails_off_the_bounds() -> &'static str {
    "fails here once the follower leaves its bounds: its Hessian is zero"
}

pub(crate) fn fails_for_singular_hessian() -> &'static str {
    "fails here: the follower's Hessian is singular"
}

pub(crate) fn may_converge_short_of_optimum() -> &'static str {
    "may converge short of the optimum: the lower-level solution is not unique"
}

pub(crate) fn may_fail() -> &'static str {
    "may fail: the follower's Hessian is not positive definite everywhere"
}

pub(crate) fn tracks_one_local_solution() -> &'static str {
    "tracks one local lower-level solution, and fails where that branch ends"
}
