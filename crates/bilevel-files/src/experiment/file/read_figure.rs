//! The reader of the options of figures under `[view]` and of `[view.page]`.

use super::document::{ANY, DocumentTable, DocumentValue, ErrorList, ReadError};
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

/// Reads the options of figures as far as they are right.
pub(super) fn read_figure(section: &DocumentTable<'_>, errors: &ErrorList) -> FigureSpec {
    let text = |key: &'static str| {
        let text = section.optional(key, errors, |field| field.short_text(LONGEST));
        text.unwrap_or_default().to_owned()
    };
    let ranges = |key: &'static str| {
        let ranges = section.optional(key, errors, read_all_ranges);
        ranges.unwrap_or_default()
    };
    let page = section.optional("page", errors, |field| field.section("[view.page]"));
    FigureSpec {
        race_scales: section.optional("race_scales", errors, read_scales),
        race_runs: section.optional("race_runs", errors, |field| {
            field.one_of(&RunsWord::ALL, RunsWord::word)
        }),
        race_target: section.optional("race_target", errors, |field| {
            field.number([f64::MIN_POSITIVE, f64::MAX])
        }),
        race_weights: section.optional("race_weights", errors, read_weights),
        race_ranges: ranges("race_ranges"),
        figure_ranges: ranges("figure_ranges"),
        hidden: section
            .optional("hidden", errors, read_labels)
            .unwrap_or_default(),
        playhead: section.optional("playhead", errors, |field| {
            field.whole(0, Experiment::MOST_ITERATIONS)
        }),
        question: text("question"),
        answer: text("answer"),
        page: page.map_or_else(PageSpec::default, |page| read_page(&page, errors)),
    }
}

fn read_scales(field: &DocumentValue<'_>) -> Result<[AxisWord; 2], ReadError> {
    let words = field.list(messages::experiment::two_scales())?;
    let scales = words
        .iter()
        .map(|word| word.one_of(&AxisWord::ALL, AxisWord::word));
    let scales = scales.collect::<Result<Vec<_>, _>>()?;
    let wrong = |_given| field.expected(messages::experiment::two_scales());
    <[AxisWord; 2]>::try_from(scales).map_err(wrong)
}

fn read_weights(field: &DocumentValue<'_>) -> Result<[f64; 5], ReadError> {
    let numbers = field.list(messages::experiment::numbers())?;
    let weights = numbers.iter().map(|number| number.number([0.0, f64::MAX]));
    let weights = weights.collect::<Result<Vec<_>, _>>()?;
    let wrong = |_given| field.expected(messages::experiment::weights_of_calls());
    weights.try_into().map_err(wrong)
}

fn read_labels(field: &DocumentValue<'_>) -> Result<Vec<String>, ReadError> {
    let labels = field.list(messages::experiment::labels())?;
    let labels = labels.iter().map(|label| label.text().map(str::to_owned));
    labels.collect()
}

fn read_page(section: &DocumentTable<'_>, errors: &ErrorList) -> PageSpec {
    errors.keep(section.only(&PAGE));
    let number = |key: &'static str, range: [f32; 2]| {
        section.optional(key, errors, |field| field.number(range.map(f64::from)))
    };
    let switch = |key: &'static str| {
        section.optional(key, errors, |field| match field.as_truth() {
            Some(truth) => Ok(truth),
            None => field.word(&["on", "off"]).map(|word| word == "on"),
        })
    };
    let theme = section.optional("theme", errors, |field| field.word(&PageSpec::THEMES));
    PageSpec {
        width: number("width", PageSpec::LENGTHS),
        height: number("height", PageSpec::LENGTHS),
        font: number("font", PageSpec::FONTS),
        dpi: number("dpi", PageSpec::DPI),
        is_dark: theme.map(|word| word == PageSpec::THEMES[1]),
        title: switch("title"),
        legend: switch("legend"),
        background: switch("background"),
    }
}

/// Reads the ranges of several figures: two pairs of numbers each, or a word for those that follow the data.
fn read_all_ranges(field: &DocumentValue<'_>) -> Result<Vec<Option<FigureRanges>>, ReadError> {
    let wrong = || field.expected(messages::experiment::ranges_of_figures());
    let figures = field.items().ok_or_else(wrong)?;
    let are_lists = |pairs: Vec<DocumentValue<'_>>| pairs.iter().all(DocumentValue::is_list);
    let is_figure = |figure: &DocumentValue<'_>| {
        figure.as_text().is_some() || figure.items().is_some_and(are_lists)
    };
    if !figures.iter().all(is_figure) {
        return Err(wrong());
    }
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
    for pair in field.items().ok_or_else(wrong)? {
        let ends = pair.items().ok_or_else(wrong)?;
        let ends = ends.iter().map(|end| end.number(ANY));
        let ends: Vec<f64> = ends.collect::<Result<_, _>>()?;
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
    let errors = ErrorList::default();
    let is_label = |label: &str| experiment.methods.iter().any(|one| one.label == label);
    let section = top.get("view").and_then(|view| view.section("[view]").ok());
    let field = section.and_then(|section| section.get("hidden"));
    let items = field.and_then(|field| field.list(messages::experiment::labels()).ok());
    for (place, label) in experiment.view.figure.hidden.iter().enumerate() {
        if !is_label(label) {
            let message = messages::experiment::hidden_is_no_method(label);
            let item = items.as_ref().and_then(|items| items.get(place));
            errors.push(match item {
                Some(item) => item.error(message),
                None => top.error(message),
            });
        }
    }
    errors.or(Some(()))
}
