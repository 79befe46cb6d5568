//! States of the window and its views, and errors of opening, saving and exporting.

/// A sentence with the mark of warnings and errors.
pub(crate) fn warning(sentence: &str) -> String {
    format!("⚠ {sentence}")
}

// text

/// Characters that no face of the system has, with their code points.
pub(crate) fn no_face(characters: &[char]) -> String {
    const MOST: usize = 4;
    let codes: Vec<String> = characters
        .iter()
        .take(MOST)
        .map(|character| format!("U+{:04X}", u32::from(*character)))
        .collect();
    let rest = match characters.len().saturating_sub(MOST) {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    format!(
        "no font of this system has {}{rest}; an empty box stands for it",
        codes.join(", ")
    )
}

pub(crate) const fn right_to_left() -> &'static str {
    "text from right to left stands here in the order of left to right"
}

// opening and copying

/// The sentence while an experiment is read and its problem is made.
pub(crate) fn opening(name: &str) -> String {
    format!("Opening {name}: its data are read and its problem is made.")
}

pub(crate) const fn pasted_experiment() -> &'static str {
    "the pasted experiment"
}

pub(crate) const fn opening_failed() -> &'static str {
    "the experiment cannot be opened: its reader or its problem failed"
}

pub(crate) const fn modified() -> &'static str {
    "modified"
}

pub(crate) const fn experiment_copied() -> &'static str {
    "the experiment is copied; paste it into a mail, a file or another window"
}

pub(crate) fn too_large_to_paste(most_bytes: u64) -> String {
    format!("the pasted text is larger than {most_bytes} bytes")
}

pub(crate) fn copied_as(format: &str) -> String {
    format!("copied as {format}")
}

// saving and exporting

pub(crate) const fn no_picture() -> &'static str {
    "there is no picture of this"
}

pub(crate) fn no_file_dialog(reason: &str) -> String {
    format!("no file dialog: {reason}; type a path instead")
}

pub(crate) const fn no_file_chosen() -> &'static str {
    "no file was chosen; a path can also be typed"
}

pub(crate) const fn path_names_no_file() -> &'static str {
    "the path names no file"
}

pub(crate) fn wrong_ending(endings: &[&str], given: &str) -> String {
    format!(
        "the name must end in .{}, not .{given}",
        endings.join(" or .")
    )
}

pub(crate) const fn computing_page() -> &'static str {
    "the page is being computed"
}

pub(crate) fn size_of_page(width_mm: f32, height_mm: f32, font_pt: f32) -> String {
    format!("{width_mm} × {height_mm} mm, text {font_pt} pt")
}

/// The size of a page in pixels, after its size on paper.
pub(crate) fn pixels_of_page(size: &str, [width, height]: [u32; 2]) -> String {
    format!("{size}, {width} × {height} pixels")
}

// searching

pub(crate) const fn no_such_benchmark() -> &'static str {
    "No benchmark has all of these words."
}

pub(crate) const fn no_such_command() -> &'static str {
    "No command has all of these words."
}

// start and timeline

pub(crate) fn variables(sizes: &[String]) -> String {
    format!("{} variables", sizes.join(" + "))
}

pub(crate) fn one_is_kept(every: &str) -> String {
    format!("1 in {every} is kept")
}

pub(crate) const fn one_is_kept_meaning() -> &'static str {
    "Memory does not hold all iterates of this many iterations"
}

// claims

pub(crate) fn watch_for(words: &str) -> String {
    format!("**Watch for** {words}")
}

/// The same for a claim whose experiment is open.
pub(crate) fn watch_for_now(words: &str) -> String {
    format!("**Watch for** {words} It is open now.")
}

// views

/// A view that the problem does not offer; `needs` is the view's own sentence.
pub(crate) fn unfit_view(needs: &str) -> String {
    format!("This view {needs}.")
}

pub(crate) const fn computing_view() -> &'static str {
    "the picture is being computed"
}

pub(crate) const fn computing_step() -> &'static str {
    "the step is being computed"
}

pub(crate) const fn computing_runs() -> &'static str {
    "computing the first runs"
}

pub(crate) const fn computing_pictures() -> &'static str {
    "computing the first pictures"
}

pub(crate) const fn training_start() -> &'static str {
    "training the start"
}

pub(crate) const fn no_data() -> &'static str {
    "This problem has no data, so this view is empty. Problems of the class “Learning from data” have pictures here."
}

pub(crate) fn at_iteration(iteration: &str) -> String {
    format!("at iteration {iteration}")
}

pub(crate) const fn outdated() -> &'static str {
    "outdated: before the last change"
}

pub(crate) const fn stopped() -> &'static str {
    "stopped"
}

pub(crate) const fn no_verdict_yet() -> &'static str {
    "not computed yet"
}

/// The heading of the outcome of one start of the atlas.
pub(crate) const fn under_the_pointer() -> &'static str {
    "**Under the pointer**"
}

pub(crate) const fn nothing_pointed_at() -> &'static str {
    "Point at a map: here stands what came of that start."
}

pub(crate) const fn run_from_here() -> &'static str {
    "Run from here"
}

pub(crate) const fn click_to_run() -> &'static str {
    "click: run from here"
}

pub(crate) const fn click_to_take() -> &'static str {
    "click: take this setting"
}

pub(crate) const fn no_result_yet() -> &'static str {
    "No method has a result yet."
}

/// The status of a run that has not ended.
pub(crate) const fn running() -> &'static str {
    "running"
}

/// A claim with its place among all, counted from 1.
pub(crate) fn claim_of((place, all): (usize, usize), phrase: &str, source: &str) -> String {
    format!("{place} of {all}  **“{phrase}”**  {source}")
}

/// The requirement of a view that the problem does not meet.
pub(crate) fn view_needs(reason: &str) -> String {
    format!("not here: {reason}")
}

/// A text in a field for numbers.
pub(crate) fn no_number(text: &str) -> String {
    format!("“{text}” is no number; it can be written as 0.01, 0,01, 1e-3 or 1/3")
}

/// A number outside of the range of its field.
pub(crate) fn number_beyond_range(text: &str, nearest: f64) -> String {
    let nearest = if (1e-3..1e6).contains(&nearest.abs()) || nearest == 0.0 {
        nearest.to_string()
    } else {
        format!("{nearest:e}")
    };
    format!("“{text}” is outside of the range; {nearest} is the nearest number in it")
}

/// A number whose comma may separate decimals or thousands.
pub(crate) fn ambiguous_number(text: &str) -> String {
    let [decimal, whole] = [text.replace(',', "."), text.replace(',', "")];
    format!("“{text}” may be {decimal} or {whole}: write it without the comma")
}

/// The layout for comparisons in a window without room for pictures beside each other.
pub(crate) fn no_room_to_compare(width: f32) -> String {
    format!("pictures stand beside each other in a window that is {width} points wide")
}

/// The lit operation of a step; 0 for all.
pub(crate) fn lit_operation(part: usize, count: usize) -> String {
    if part == 0 {
        format!("all {count} operations; ↑ and ↓ light one")
    } else {
        format!("operation {part} of {count}")
    }
}

pub(crate) const fn pen_needs_a_presentation() -> &'static str {
    "The pen writes over the layout for presentations: choose it in the menu of layouts."
}

/// The gestures of the pointer on the sheet of keys.
pub(crate) const fn pointer_keys() -> &'static str {
    "**Pointer** Wheel: zoom at the pointer. Drag: pan. Double click: the whole view again. On the timeline, a drag with \
     Shift chooses a part that is played again and again. A focused field keeps its keys, but for Ctrl K, O, S and Q."
}

/// The button that resets the range of a picture.
pub(crate) fn whole_view(picture: &str) -> String {
    format!("{picture}: the whole view again (double click)")
}
