//! The result of measuring a claim: a verdict, sentences that name their files, tables and pictures.

use anyhow::{Context as _, Result};
use bilevel::problem::{ParameterValue, Settings};
use bilevel::study::{OutcomeCounts, Share, Verdict};
use bilevel_figure::{Fineness, view_of_word};
use bilevel_figure::{Format, PageSize};
use bilevel_figure::{default_page_size, draw};
use bilevel_files::{Experiment, Table, TableCell};
use bilevel_files::{ProgressReports, run_all};
use serde_json::json;

use super::interval::Interval;
use super::list::Word;
use super::messages;

/// The amount of computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// The full size, used for the documents.
    Full,
    /// The same computations reduced, as a test.
    Quick,
}

impl Size {
    /// Returns `full` or `quick`, by the size.
    pub(super) fn of<T>(self, full: T, quick: T) -> T {
        match self {
            Self::Full => full,
            Self::Quick => quick,
        }
    }
}

/// A table with the name of its file and a caption of one sentence.
pub(super) struct FindingTable {
    /// The file name without its ending.
    pub(super) name: &'static str,
    pub(super) caption: String,
    pub(super) table: Table,
    /// True if the document shows the rows; else it only names the file.
    pub(super) is_shown: bool,
}

/// A picture with the name of its file and a caption of one sentence.
pub(super) struct Picture {
    pub(super) name: String,
    pub(super) caption: String,
    pub(super) bytes: Vec<u8>,
}

/// The result of measuring a claim.
pub(super) struct Finding {
    /// The claim's id.
    pub(super) id: &'static str,
    pub(super) word: Word,
    pub(super) sentences: Vec<String>,
    pub(super) sheets: Vec<FindingTable>,
    pub(super) pictures: Vec<Picture>,
}

/// Formats a sentence, given without its full stop, with a link to the table that it rests on.
pub(super) fn source_sentence(sentence: &str, page: &str) -> String {
    format!("{sentence} ([`{page}.csv`](claims/{page}.csv)).")
}

/// A share with its 95 % interval, as percentages.
pub(super) fn percent(share: Share) -> String {
    let [share, low, high] = [share.share, share.low, share.high].map(|part| 100.0 * part);
    format!("{share:.0} % ({low:.0} to {high:.0} %)")
}

/// A difference of shares with its interval, in percentage points.
pub(super) fn points(difference: Interval) -> String {
    let Interval {
        estimate,
        low,
        high,
    } = difference;
    let [estimate, low, high] = [estimate, low, high].map(|part| 100.0 * part);
    format!("{estimate:+.0} points ({low:+.0} to {high:+.0})")
}

/// A number with its interval, to a few digits.
pub(super) fn span(interval: Interval) -> String {
    let Interval {
        estimate,
        low,
        high,
    } = interval;
    let [estimate, low, high] = [estimate, low, high].map(|part| number(part).short());
    format!("{estimate} ({low} to {high})")
}

/// The three cells of a number and its interval.
pub(super) fn interval(found: Interval) -> [TableCell; 3] {
    [found.estimate, found.low, found.high].map(|part| {
        if part.is_infinite() {
            TableCell::Unknown
        } else {
            number(part)
        }
    })
}

/// Settings of a method as a JSON object that files and scripts accept.
pub(super) fn settings_text(settings: &Settings) -> String {
    // whole numbers without a decimal point, as files expect them
    let number =
        |number: &f64| serde_json::from_str(&number.to_string()).unwrap_or_else(|_| json!(number));
    let of = |value: &ParameterValue| match value {
        ParameterValue::Number(one) => number(one),
        ParameterValue::List(numbers) => numbers.iter().map(number).collect(),
        ParameterValue::Choice(word) => json!(word),
        ParameterValue::Words(words) => json!(words),
        ParameterValue::Data(data) => json!(data.name()),
    };
    let given = settings
        .iter_set()
        .map(|(name, value)| (name.to_owned(), of(value)));
    serde_json::Value::Object(given.collect()).to_string()
}

/// Lists all verdicts that occurred, with their counts.
pub(super) fn ends(tally: &OutcomeCounts) -> String {
    let words = Verdict::ALL.map(|one| (tally.count(one), one.word()));
    let words = words.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = words
        .map(|(count, word)| format!("{word} {count}"))
        .collect();
    words.join(", ")
}

/// Joins words to a list in a sentence.
pub(super) fn join_list(words: &[String]) -> String {
    match words {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

pub(super) fn text(words: impl Into<String>) -> TableCell {
    TableCell::Text(words.into())
}

/// The cell of a number; NaN gives an empty cell.
pub(super) fn number(value: f64) -> TableCell {
    if value.is_nan() {
        TableCell::Unknown
    } else {
        TableCell::Number(value)
    }
}

pub(super) fn count(value: usize) -> TableCell {
    TableCell::Count(value as u64)
}

/// Renders a figure of an experiment at the width of a two-column page.
pub(super) fn picture(experiment: &Experiment, view: &str, format: Format) -> Result<Vec<u8>> {
    let view = view_of_word(view).context(messages::unlisted_view())?;
    let publication = PageSize {
        dpi: PIXELS,
        ..default_page_size(view)
    };
    let problem = experiment.problem.build();
    let finished = run_all(experiment, &problem, None, ProgressReports::SILENT)?;
    let file = (view, publication, format);
    Ok(draw(file, experiment, &problem, &finished, Fineness::Full)?)
}

/// Pixels per inch of raster pictures, for screens.
const PIXELS: f32 = 150.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_read_them() {
        assert_eq!(percent(Share::new(5, 10)), "50 % (24 to 76 %)");
        let words = ["a", "b", "c"].map(ToOwned::to_owned);
        assert_eq!(join_list(&words), "a, b and c");
        let tally = OutcomeCounts::of([
            (Verdict::Global, 1.0),
            (Verdict::Spurious, 1.0),
            (Verdict::Global, 2.0),
        ]);
        assert_eq!(ends(&tally), "global 2, spurious 1");
    }
}
