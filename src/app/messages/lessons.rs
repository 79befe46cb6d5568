//! Sentences on lessons: their panel, their list, and what comes of leaving one.

use bilevel_figure::counted;

pub(crate) fn step_of(step: usize, steps: usize) -> String {
    format!("{step} of {steps}")
}

/// The progress as a screen reader says it.
pub(crate) fn spoken_step(step: usize, steps: usize) -> String {
    format!("Step {step} of {steps}")
}

/// The name of the experiment of a step, which is no file.
pub(crate) fn experiment_name(lesson: &str, step: usize) -> String {
    format!("{lesson}, step {step}")
}

/// The experiment from before the lesson is open again.
pub(crate) fn left(title: &str, experiment: &str) -> String {
    format!("the lesson “{title}” is left, and {experiment} is open as it was; Undo goes back")
}

pub(crate) const fn no_lesson() -> &'static str {
    "no lesson is open; G lists them"
}

pub(crate) fn question(words: &str) -> String {
    format!("**Question.** {words}")
}

// the list

pub(crate) const fn about_list() -> &'static str {
    "A lesson shows its steps beside the pictures, each with an experiment of its own. Your experiment comes back when \
     you leave."
}

pub(crate) const fn own_lessons() -> &'static str {
    "**From files**"
}

pub(crate) fn steps(count: usize) -> String {
    counted(count, "step")
}

pub(crate) const fn is_done() -> &'static str {
    "done"
}

/// The place at which a lesson was left.
pub(crate) fn begun(step: usize, steps: usize) -> String {
    format!("at step {step} of {steps}")
}

pub(crate) const fn how_to_write_one() -> &'static str {
    "A lesson of your own is a text file: see docs/lessons.md. Open it like an experiment, or drop it on the window."
}

/// The offer of the first lesson.
pub(crate) fn offer(title: &str, steps: &str) -> String {
    format!("Lesson: {title} ({steps})")
}

pub(crate) const fn about_offer() -> &'static str {
    "New here? A lesson starts from nothing; key **G** lists all."
}
