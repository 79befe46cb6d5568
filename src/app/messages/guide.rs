//! The sentences of the explanation: the words of the field, the runs at hand, and suggestions.

/// The players of a problem with two levels, for a reader who never heard of it.
pub(crate) const fn first_words() -> [&'static str; 3] {
    [
        "The **leader** chooses $x$ to make $f(x, y)$ small.",
        "The **follower** sees $x$ and chooses $y$ to make its own $g(x, y)$ small.",
        "A **bilevel problem** asks for the leader's best $x$, given how the follower will respond.",
    ]
}

/// The caption of an experiment: its title, and a text about it.
pub(crate) fn caption(title: &str, about: &str) -> String {
    format!("**{title}**  {about}")
}

// the runs at hand

/// The reason why no method has a rank, in the first of the sentences on the runs.
pub(crate) const fn no_rank() -> &'static str {
    "No method has a rank: each leaves a lower level unsolved, or stopped at a point that is no minimum of $φ$."
}

/// The same where every run failed or diverged.
pub(crate) const fn all_failed() -> &'static str {
    "No method has a rank: every run failed or diverged."
}

pub(crate) fn under_way(running: usize, all: usize) -> String {
    if all == 1 {
        return "The run is under way. What it did is said here once the playhead is at its end."
            .to_owned();
    }
    format!(
        "{running} of {all} runs are under way. What they did is said here once the playhead is at their ends."
    )
}

pub(crate) const fn before_the_end() -> &'static str {
    "All runs are computed. What they did is said here once the playhead is at their ends."
}

pub(crate) const fn no_runs() -> &'static str {
    "No run is shown. Add a method, or show a hidden one."
}

/// An outcome, the methods that share it and its meaning.
pub(crate) fn group(names: &str, outcome: &str, meaning: &str) -> String {
    // the message of a failed run begins with its state
    match meaning.strip_prefix(outcome) {
        Some(rest) => format!("{names}: **{outcome}**{rest}."),
        None => format!("{names}: **{outcome}**, {meaning}."),
    }
}

/// An outcome of several runs, with the least and the greatest φ above the optimum.
pub(crate) fn several(names: &str, outcome: &str, above: Option<&[String; 2]>) -> String {
    match above {
        Some([least, most]) if least == most => {
            format!("{names}: **{outcome}**; $φ$ is ${most}$ above the optimum.")
        }
        Some([least, most]) => {
            format!("{names}: **{outcome}**; $φ$ is ${least}$ to ${most}$ above the optimum.")
        }
        None => format!("{names}: **{outcome}**."),
    }
}

/// Failures of several methods; `first` failed for the given reason.
pub(crate) fn failures(names: &str, outcome: &str, first: &str, reason: &str) -> String {
    format!("{names}: **{outcome}**. {first} {reason}.")
}

/// The run with the smallest f is infeasible; `level` is that of its largest gap, where there are several.
pub(crate) fn smallest_f_is_infeasible(
    name: &str,
    [f, gap]: &[String; 2],
    level: Option<usize>,
) -> String {
    let place = level.map_or_else(String::new, |level| format!(" at level {level}"));
    format!(
        "{name} reports the smallest $f$, {f}, with a value gap of {gap}{place}: it is infeasible, so that its $f$ is no result."
    )
}

/// Runs end at several minima.
pub(crate) fn several_minima(count: usize, spread: &str) -> String {
    format!("The runs end at {count} minima; their values of $φ$ differ by up to {spread}.")
}

/// The calls of the cheapest and of the most expensive run among those at the optimum.
pub(crate) fn cheapest(name: &str, calls: &str, other: &str, more: &str) -> String {
    format!(
        "Of the single runs that end at the optimum {name} used the fewest oracle calls in all, {calls}; {other} used {more}."
    )
}

// headings

pub(crate) const fn players() -> &'static str {
    "**Leader and follower**"
}

pub(crate) const fn what_happened() -> &'static str {
    "**What the runs did**"
}

pub(crate) const fn what_to_look_for() -> &'static str {
    "**What to look for**"
}

pub(crate) const fn things_to_try() -> &'static str {
    "**Try**"
}

// suggestions that do not depend on the view

pub(crate) const fn try_a_step_size() -> [&'static str; 2] {
    ["Change a step size", "That method runs again."]
}

pub(crate) const fn try_the_timeline() -> [&'static str; 2] {
    ["Drag the timeline", "All pictures show the same iteration."]
}

pub(crate) fn no_room(width: f32) -> String {
    format!(
        "the explanation needs a window that is {width} points wide; its beginning is above the pictures"
    )
}
