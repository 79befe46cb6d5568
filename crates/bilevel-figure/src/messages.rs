//! The errors and states of this crate in words, a function per message, which takes plain values and decides nothing but words.
//!
//! The needs of a view are sentences in its own file.

use std::fmt::Display;

use bilevel::data::brief_number;

/// A whole number with its digits in groups of three: `2,000`.
pub fn grouped<N: Display>(count: N) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with the noun that it counts, whose plural has an s: `1 run`, `2,000 runs`. Messages of the library quote numbers
/// as files have them, without groups.
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    let s = if count == N::from(1) { "" } else { "s" };
    format!("{} {one}{s}", grouped(count))
}

pub(crate) const fn no_lower_solution() -> &'static str {
    "No solution of the lower level is known"
}

pub(crate) const fn no_value_known() -> &'static str {
    "No value is known"
}

/// A view that a problem does not offer; `needs` is the view's own sentence.
pub(crate) fn unfit_view(view: &str, needs: &str, problem: &str) -> String {
    format!("`{view}` {needs}, which {problem} does not have")
}

// faults of markup, after which a text is shown as it is typed

pub(crate) const fn open_formula() -> &'static str {
    "a formula needs $ on both sides"
}

pub(crate) const fn open_brace() -> &'static str {
    "a brace of a formula has no counterpart"
}

/// A command of LaTeX that the markup does not have; it is without its backslash.
pub(crate) fn unknown_command(word: &str) -> String {
    match word {
        "frac" => "\\frac{…} is not known; write a fraction as 1/2".to_owned(),
        _ => format!("\\{word}{{…}} is not known"),
    }
}

pub(crate) fn unknown_word(word: &str) -> String {
    format!("\\{word} is not known; known are Greek letters, relations and operators such as \\min")
}

pub(crate) const fn nested_script() -> &'static str {
    "a script has no script of its own"
}

pub(crate) const fn empty_script() -> &'static str {
    "a sign is missing after _ or ^"
}

pub(crate) const fn empty_formula() -> &'static str {
    "there is nothing between two $; a formula has one $ on each side"
}

pub(crate) fn escaped_sign(sign: char) -> String {
    let instead = match sign {
        '|' => "; a norm is written ‖x‖",
        '{' | '}' => "; braces stand without it, as in $x ∈ {0, 1}$",
        '$' => "; a $ begins or ends a formula, and prices are written in words",
        _ => "",
    };
    format!("there is no sign \\{sign}{instead}")
}

pub(crate) const fn open_bold() -> &'static str {
    "bold words need ** on both sides, without a formula between them"
}

// notes that are not drawn

/// In a picture that is too small for some of its notes.
pub(crate) fn notes_left_out(count: usize) -> String {
    match count {
        1 => "1 note does not fit".to_owned(),
        count => format!("{count} notes do not fit"),
    }
}

/// The reason why a note is not drawn: its view has fewer pictures.
pub(crate) fn no_such_picture(view: &str, figure: usize) -> String {
    format!("`{view}` has no picture {figure} here")
}

/// The reason why a note is not drawn: its picture has other axes.
pub(crate) fn other_axes(view: &str, figure: usize, [x, y]: &[String; 2]) -> String {
    let picture = match figure {
        1 => String::new(),
        figure => format!("picture {figure} of "),
    };
    let [x, y] = [x, y].map(|word| bilevel::data::excerpt(word));
    format!("{picture}`{view}` has the axes [{x}, {y}] here")
}

/// The reason why a note is not drawn: the text is beyond an end of an axis.
pub(crate) fn outside_of_range(axis: &str, at: f64, ends: [f64; 2]) -> String {
    let [low, high] = ends.map(|end| brief_number(bilevel::numerics::rounded(end, 4)));
    let at = brief_number(at);
    format!("its text is at {axis} = {at}, outside of the range from {low} to {high}")
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
    "goes on beyond the picture"
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

// animations

pub(crate) const fn cancelled() -> &'static str {
    "cancelled; no file was written"
}

/// A view whose picture is the same at all iterations.
pub(crate) fn still_view(view: &str) -> String {
    format!("the view {view} looks the same at every iteration, so that nothing moves")
}

pub(crate) const fn no_iterations() -> &'static str {
    "the runs have no iterations to be animated"
}

pub(crate) fn animation_too_large(least: u64, limit: u64) -> String {
    format!(
        "the animation has at least {}, more than the {} allowed; choose a smaller page",
        bytes(least),
        bytes(limit)
    )
}

pub(crate) fn too_many_frames_per_second(most: f64) -> String {
    format!("a GIF has at most {most} frames a second; choose fewer, or another format")
}

pub(crate) const fn too_wide_for_gif() -> &'static str {
    "a GIF is at most 65535 pixels wide and high"
}

pub(crate) const fn no_ffmpeg() -> &'static str {
    "MP4 files are made by the program ffmpeg, which is not installed; APNG and GIF need no program"
}

pub(crate) fn ffmpeg_failed(words: &str) -> String {
    format!("the program ffmpeg has failed: {words}")
}

pub(crate) const fn computing_frames() -> &'static str {
    "computing the frames"
}

pub(crate) const fn drawing_frames() -> &'static str {
    "drawing the frames"
}

pub(crate) const fn encoding_frames() -> &'static str {
    "writing the frames"
}

/// The frames and the resolution of an animation that was kept within its limit, each with those that were asked for.
pub(crate) fn kept_within_limit(
    limit: u64,
    [frames, asked]: [usize; 2],
    [dpi, resolution]: [f32; 2],
) -> String {
    let mut given_up = Vec::new();
    if frames != asked {
        let asked = counted(asked, "frame");
        given_up.push(format!("{} instead of {asked}", grouped(frames)));
    }
    if dpi != resolution {
        given_up.push(format!("{dpi} instead of {resolution} dpi"));
    }
    format!("kept within {} by {}", bytes(limit), given_up.join(" and "))
}

// reports

pub(crate) const fn figures_of_report() -> &'static str {
    "Figures"
}

pub(crate) const fn results_of_report() -> &'static str {
    "Results"
}

pub(crate) const fn settings_of_report() -> &'static str {
    "Settings"
}

pub(crate) const fn experiment_of_report() -> &'static str {
    "The experiment"
}

pub(crate) const fn problem_of_report() -> &'static str {
    "Problem"
}

pub(crate) const fn runs_of_report() -> &'static str {
    "Runs"
}

pub(crate) fn counts_of_report([iterations, starts, seeds]: [u64; 3]) -> String {
    format!(
        "up to {}, from {} with {}",
        counted(iterations, "iteration"),
        counted(starts, "start"),
        counted(seeds, "seed")
    )
}

/// The source of an experiment; it may hold markup of a document.
pub(crate) fn source_of_report(source: &str) -> String {
    format!("Source: {source}")
}

pub(crate) const fn play() -> &'static str {
    "Play"
}

pub(crate) const fn iteration_of_report() -> &'static str {
    "Iteration"
}

pub(crate) const fn columns_of_report() -> &'static str {
    "Status: how the run ended. End: where, as judged from the true lower-level solutions; a non-stationary point is spurious in files. k: iterations. \
     f: the leader's objective as the method left it; φ: the same with the lower levels solved. \
     Gap: how far the lower levels are from solved."
}

pub(crate) fn save_experiment(file: &str) -> String {
    format!("Save {file}")
}

pub(crate) const fn show_experiment() -> &'static str {
    "Show its text"
}

pub(crate) fn made_with(version: &str) -> String {
    format!("Made with Bilevel Lab {version}")
}

// handouts

pub(crate) const fn question() -> &'static str {
    "Question"
}

pub(crate) fn answer_to(title: &str) -> String {
    format!("{title}: the answer")
}

pub(crate) const fn name_of_student() -> &'static str {
    "Name"
}

/// The question of an experiment that has none of its own.
pub(crate) fn where_methods_stop(methods: &[&str], iterations: u64) -> String {
    let iterations = counted(iterations, "iteration");
    match methods {
        [one] => format!(
            "Where does {one} stop after at most {iterations}? Draw its path into the figure, and say why it ends there."
        ),
        several => format!(
            "Where does each method stop after at most {iterations}: {}? Mark the places in the figure, and say why they differ or agree.",
            several.join("; ")
        ),
    }
}

fn bytes(count: u64) -> String {
    size_in_words(usize::try_from(count).unwrap_or(usize::MAX))
}

/// A number of bytes in kilobytes or megabytes.
pub fn size_in_words(bytes: usize) -> String {
    let count = bytes as f64;
    if count < 1e6 {
        format!("{:.0} kB", count / 1e3)
    } else {
        let text = format!("{:.1}", count / 1e6);
        format!("{} MB", text.trim_end_matches(".0"))
    }
}
