//! The errors and states of this crate in words, a function per message, which takes plain values and decides nothing but words.
//!
//! The needs of a view are sentences in its own file.

/// A view that a problem does not offer; `needs` is the view's own sentence.
pub(crate) fn unfit_view(view: &str, needs: &str, problem: &str) -> String {
    format!("`{view}` {needs}, which {problem} does not have")
}

/// The need of the view `anatomy` where the objectives change from iteration to iteration.
pub(crate) const fn anatomy_of_changing_problem() -> &'static str {
    "needs a problem that stays the same along a run"
}

pub(crate) const fn no_step() -> &'static str {
    "no visible method has a run on this problem"
}

pub(crate) fn further_lines(count: usize) -> String {
    format!("and {count} more")
}

// measures of a page, in `out_of_range`

pub(crate) const fn width() -> &'static str {
    "the width"
}

pub(crate) const fn height() -> &'static str {
    "the height"
}

pub(crate) const fn font_size() -> &'static str {
    "the font size"
}

pub(crate) const fn resolution() -> &'static str {
    "the resolution"
}

pub(crate) fn out_of_range(measure: &str, [least, greatest]: [f32; 2], unit: &str) -> String {
    format!("{measure} must be a number from {least} to {greatest} {unit}")
}

/// The content of a page does not fit; `least` is the least measure that works.
pub(crate) fn too_small(measure: &str, given: f32, least: f32, unit: &str) -> String {
    format!(
        "{measure} of {given} {unit} is too small for this figure: it needs {least} {unit} at least, or smaller text"
    )
}

pub(crate) fn too_many_pixels([width, height]: [u32; 2], most_millions: u64) -> String {
    format!(
        "{width} x {height} pixels are more than the {most_millions} million that can be drawn; choose a lower resolution"
    )
}

// entries of a legend

pub(crate) const fn run_failed() -> &'static str {
    "failed or diverged"
}

pub(crate) const fn run_left() -> &'static str {
    "diverged, beyond the picture"
}

pub(crate) fn cannot_draw(reason: &str) -> String {
    format!("the picture could not be drawn: {reason}")
}

pub(crate) fn cannot_encode(reason: &str) -> String {
    format!("the picture could not be written: {reason}")
}

pub(crate) fn runs_done(done: &str, total: &str) -> String {
    format!("{done} of {total} runs")
}

pub(crate) const fn empty_page() -> &'static str {
    "a page without an extent"
}
