//! The reader of the options of figures under `[view]` and of `[view.page]`.

use super::document::{ANY, DocumentTable, DocumentValue, ReadError};
use crate::experiment::figure_spec::{AxisWord, FigureRanges, FigureSpec, PageSpec, RunsWord};
use crate::{Experiment, messages};

/// The keys of figures under `[view]`.
pub(super) const KEYS: [&str; 11] = [
    "race_scales",
    "race_runs",
    "race_target",
    "race_weights",
    "race_ranges",
    "figure_ranges",
    "hidden",
    "playhead",
    "question",
    "answer",
    "page",
];
/// The most characters of a question, and of an answer.
const LONGEST: usize = 1_000;
/// The keys of `[view.page]`.
pub(crate) const PAGE: [&str; 8] = [
    "width",
    "height",
    "font",
    "dpi",
    "theme",
    "title",
    "legend",
    "background",
];
/// The word for ranges that follow the data.
pub(super) const AUTO: &str = "auto";

/// Reads the options of figures.
pub(super) fn read_figure(section: &DocumentTable<'_>) -> Result<FigureSpec, ReadError> {
    let mut figure = FigureSpec::default();
    if let Some(field) = section.get("race_scales") {
        let words = field.list(messages::experiment::two_scales())?;
        let scales = words
            .iter()
            .map(|word| word.one_of(&AxisWord::ALL, AxisWord::word));
        let scales = scales.collect::<Result<Vec<_>, _>>()?;
        let wrong = |_given| field.expected(messages::experiment::two_scales());
        figure.race_scales = Some(<[AxisWord; 2]>::try_from(scales).map_err(wrong)?);
    }
    if let Some(field) = section.get("race_runs") {
        figure.race_runs = Some(field.one_of(&RunsWord::ALL, RunsWord::word)?);
    }
    if let Some(field) = section.get("race_target") {
        figure.race_target = Some(field.number([f64::MIN_POSITIVE, f64::MAX])?);
    }
    if let Some(field) = section.get("race_weights") {
        let numbers = field.list(messages::experiment::numbers())?;
        let weights = numbers.iter().map(|number| number.number([0.0, f64::MAX]));
        let weights = weights.collect::<Result<Vec<_>, _>>()?;
        let wrong = |_given| field.expected(messages::experiment::weights_of_calls());
        figure.race_weights = Some(weights.try_into().map_err(wrong)?);
    }
    if let Some(field) = section.get("race_ranges") {
        figure.race_ranges = read_all_ranges(&field)?;
    }
    if let Some(field) = section.get("figure_ranges") {
        figure.figure_ranges = read_all_ranges(&field)?;
    }
    if let Some(field) = section.get("hidden") {
        let labels = field.list(messages::experiment::labels())?;
        let labels = labels.iter().map(|label| label.text().map(str::to_owned));
        figure.hidden = labels.collect::<Result<_, _>>()?;
    }
    if let Some(field) = section.get("playhead") {
        figure.playhead = Some(field.whole(0, Experiment::MOST_ITERATIONS)?);
    }
    for (key, text) in [
        ("question", &mut figure.question),
        ("answer", &mut figure.answer),
    ] {
        if let Some(field) = section.get(key) {
            field.short_text(LONGEST)?.clone_into(text);
        }
    }
    if let Some(field) = section.get("page") {
        figure.page = read_page(&field.section("[view.page]")?)?;
    }
    Ok(figure)
}

fn read_page(section: &DocumentTable<'_>) -> Result<PageSpec, ReadError> {
    section.only(&PAGE)?;
    let number = |key: &'static str, range: [f32; 2]| {
        let field = section.get(key);
        field
            .map(|field| field.number(range.map(f64::from)))
            .transpose()
    };
    let switch = |key: &'static str| {
        let field = section.get(key);
        let read = |field: DocumentValue<'_>| match field.as_truth() {
            Some(truth) => Ok(truth),
            None => field.word(&["on", "off"]).map(|word| word == "on"),
        };
        field.map(read).transpose()
    };
    let theme = section.get("theme");
    Ok(PageSpec {
        width: number("width", PageSpec::LENGTHS)?,
        height: number("height", PageSpec::LENGTHS)?,
        font: number("font", PageSpec::FONTS)?,
        dpi: number("dpi", PageSpec::DPI)?,
        is_dark: theme
            .map(|field| field.word(&PageSpec::THEMES))
            .transpose()?
            .map(|word| word == PageSpec::THEMES[1]),
        title: switch("title")?,
        legend: switch("legend")?,
        background: switch("background")?,
    })
}

/// Reads the ranges of several figures: two pairs of numbers each, or a word for those that follow the data.
fn read_all_ranges(field: &DocumentValue<'_>) -> Result<Vec<Option<FigureRanges>>, ReadError> {
    let figures = field.list(messages::experiment::ranges_of_figures())?;
    let one = |figure: &DocumentValue<'_>| match figure.as_text() {
        Some(AUTO) => Ok(None),
        Some(_) => Err(figure.expected(messages::experiment::ranges_of_figures())),
        None => read_ranges(figure).map(Some),
    };
    let mut ranges = figures.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    // figures that are not listed follow their data, too
    while ranges.last() == Some(&None) {
        ranges.pop();
    }
    Ok(ranges)
}

/// Reads the ranges of a figure, two rising pairs of numbers.
pub(super) fn read_ranges(field: &DocumentValue<'_>) -> Result<FigureRanges, ReadError> {
    let wrong = || field.expected(messages::experiment::rising_pairs());
    let mut ranges = Vec::new();
    for pair in field.list(messages::experiment::two_pairs())? {
        let ends: Vec<f64> = pair
            .list(messages::experiment::numbers())?
            .iter()
            .map(|end| end.number(ANY))
            .collect::<Result<_, _>>()?;
        match ends[..] {
            [low, high] if low < high => ranges.push([low, high]),
            _ => return Err(wrong()),
        }
    }
    FigureRanges::try_from(ranges).map_err(|_given| wrong())
}

/// Checks that the hidden methods are methods of the experiment.
pub(crate) fn check_hidden(
    top: &DocumentTable<'_>,
    experiment: &Experiment,
) -> Result<(), ReadError> {
    let hidden = &experiment.view.figure.hidden;
    let is_label = |label: &String| experiment.methods.iter().any(|one| one.label == *label);
    let Some(unknown) = hidden.iter().find(|label| !is_label(label)) else {
        return Ok(());
    };
    let message = messages::experiment::hidden_is_no_method(unknown);
    let section = top.get("view").and_then(|view| view.section("[view]").ok());
    let field = section.and_then(|section| section.get("hidden"));
    Err(match field {
        Some(field) => field.error(message),
        None => top.error(message),
    })
}
