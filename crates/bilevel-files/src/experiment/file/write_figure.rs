//! The writer of the options of figures.

use super::lines::{LineWriter, float, list, quoted};
use super::read_figure::AUTO;
use crate::experiment::figure_spec::{AxisWord, FigureRanges, FigureSpec, PageSpec, RunsWord};

/// Writes the options of figures that are set, the table of the page last.
pub(super) fn write_figure(figure: &FigureSpec, out: &mut LineWriter) {
    if let Some(scales) = figure.race_scales {
        let words = scales.map(AxisWord::word).map(quoted);
        out.raw("race_scales", &format!("[{}]", words.join(", ")));
    }
    if let Some(runs) = figure.race_runs {
        out.text("race_runs", RunsWord::word(runs));
    }
    if let Some(target) = figure.race_target {
        out.number("race_target", target);
    }
    if let Some(weights) = figure.race_weights {
        out.raw("race_weights", &list(&weights));
    }
    for (key, ranges) in [
        ("race_ranges", &figure.race_ranges),
        ("figure_ranges", &figure.figure_ranges),
    ] {
        if !ranges.is_empty() {
            let all: Vec<String> = ranges.iter().map(|one| ranges_text(*one)).collect();
            out.raw(key, &format!("[{}]", all.join(", ")));
        }
    }
    if !figure.hidden.is_empty() {
        let labels: Vec<String> = figure.hidden.iter().map(|label| quoted(label)).collect();
        out.raw("hidden", &format!("[{}]", labels.join(", ")));
    }
    if let Some(iteration) = figure.playhead {
        out.raw("playhead", &iteration.to_string());
    }
    for (key, text) in [("question", &figure.question), ("answer", &figure.answer)] {
        if !text.is_empty() {
            out.text(key, text);
        }
    }
    write_page(&figure.page, out);
}

fn ranges_text(ranges: Option<FigureRanges>) -> String {
    match ranges {
        Some([x, y]) => format!("[{}, {}]", list(&x), list(&y)),
        None => quoted(AUTO),
    }
}

fn write_page(page: &PageSpec, out: &mut LineWriter) {
    let switch = |is_on: bool| quoted(if is_on { "on" } else { "off" });
    let theme = |is_dark: bool| quoted(PageSpec::THEMES[usize::from(is_dark)]);
    let entries = [
        ("width", page.width.map(float)),
        ("height", page.height.map(float)),
        ("font", page.font.map(float)),
        ("dpi", page.dpi.map(float)),
        ("theme", page.is_dark.map(theme)),
        ("title", page.title.map(switch)),
        ("legend", page.legend.map(switch)),
        ("background", page.background.map(switch)),
    ];
    if entries.iter().any(|(_, value)| value.is_some()) {
        out.heading("[view.page]");
    }
    for (key, value) in entries {
        if let Some(value) = value {
            out.raw(key, &value);
        }
    }
}
