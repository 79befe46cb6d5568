//! What came of looking into a claim: a word, sentences that name their files, tables and pictures.

use anyhow::Result;
use bilevel::problem::{ParameterValue, Settings};
use bilevel::study::{OutcomeCounts, Share, Verdict};
use bilevel_figure::FigureKind;
use bilevel_figure::{Format, PageSize};
use bilevel_figure::{default_page_size, draw, surveyed};
use bilevel_files::{Experiment, Table, TableCell};
use bilevel_files::{ProgressReports, run_all};
use serde_json::json;

use super::interval::Interval;
use super::list::Word;

/// How much is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// What the documents are made from.
    Full,
    /// The same in small, to see that it works.
    Quick,
}

impl Size {
    /// One of two values.
    pub(super) fn of<T>(self, full: T, quick: T) -> T {
        match self {
            Self::Full => full,
            Self::Quick => quick,
        }
    }
}

/// A table with the name of its file, and what it is in a sentence.
pub(super) struct FindingTable {
    /// Without its ending.
    pub(super) name: &'static str,
    pub(super) caption: String,
    pub(super) table: Table,
    /// Whether the document shows its rows; else it only names the file.
    pub(super) is_shown: bool,
}

/// A picture with the name of its file, and what it shows in a sentence.
pub(super) struct Picture {
    pub(super) name: String,
    pub(super) caption: String,
    pub(super) bytes: Vec<u8>,
}

/// What was found out about a claim.
pub(super) struct Finding {
    /// The claim's name.
    pub(super) id: &'static str,
    pub(super) word: Word,
    pub(super) sentences: Vec<String>,
    pub(super) sheets: Vec<FindingTable>,
    pub(super) pictures: Vec<Picture>,
}

/// A sentence without its full stop, and the file that shows it.
pub(super) fn source_sentence(sentence: &str, page: &str) -> String {
    format!("{sentence} ([`{page}.csv`](claims/{page}.csv)).")
}

/// A share with its 95 % interval.
pub(super) fn percent(share: Share) -> String {
    let [share, low, high] = [share.share, share.low, share.high].map(|part| 100.0 * part);
    format!("{share:.0} % ({low:.0} to {high:.0} %)")
}

/// A difference of shares in percentage points, with its interval.
pub(super) fn points(difference: Interval) -> String {
    let Interval {
        estimate,
        low,
        high,
    } = difference;
    let [estimate, low, high] = [estimate, low, high].map(|part| 100.0 * part);
    format!("{estimate:+.0} points ({low:+.0} to {high:+.0})")
}

/// A number with its interval, in a few digits.
pub(super) fn span(interval: Interval) -> String {
    let Interval {
        estimate,
        low,
        high,
    } = interval;
    let [estimate, low, high] = [estimate, low, high].map(|part| number(part).short());
    format!("{estimate} ({low} to {high})")
}

/// The three cells of a number with its interval.
pub(super) fn interval(found: Interval) -> [TableCell; 3] {
    [found.estimate, found.low, found.high].map(|part| {
        if part.is_infinite() {
            TableCell::Unknown
        } else {
            number(part)
        }
    })
}

/// The parameters of a method that were found, as a JSON object that a file or a script can take.
pub(super) fn settings_text(settings: &Settings) -> String {
    // whole numbers without a point, as files take them
    let number =
        |number: &f64| serde_json::from_str(&number.to_string()).unwrap_or_else(|_| json!(number));
    let of = |value: &ParameterValue| match value {
        ParameterValue::Number(one) => number(one),
        ParameterValue::List(numbers) => numbers.iter().map(number).collect(),
        ParameterValue::Choice(word) => json!(word),
        ParameterValue::Data(data) => json!(data.name()),
    };
    let given = settings
        .iter_set()
        .map(|(name, value)| (name.to_owned(), of(value)));
    serde_json::Value::Object(given.collect()).to_string()
}

/// All ends that occurred, with their numbers.
pub(super) fn ends(tally: &OutcomeCounts) -> String {
    let words = Verdict::ALL.map(|one| (tally.count(one), one.word()));
    let words = words.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = words
        .map(|(count, word)| format!("{word} {count}"))
        .collect();
    words.join(", ")
}

/// Words as a list in a sentence.
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

/// A number, where it is one.
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

/// A picture of an experiment on a page of two columns.
pub(super) fn picture(
    experiment: &Experiment,
    view: FigureKind,
    format: Format,
) -> Result<Vec<u8>> {
    let mut publication = PageSize {
        dpi: PIXELS,
        ..default_page_size(view)
    };
    if view == FigureKind::Learned {
        publication.height_mm *= LEARNED;
    }
    let problem = experiment.problem.build();
    if matches!(view, FigureKind::Atlas | FigureKind::Sweep) {
        let page = surveyed(view, experiment, &problem, publication.theme)?;
        return Ok(page.file(&publication, format)?);
    }
    let finished = run_all(experiment, &problem, None, ProgressReports::SILENT)?;
    Ok(draw(
        (view, publication, format),
        experiment,
        &*problem,
        &finished,
    )?)
}

/// Pixels to the inch of pictures in pixels: for a screen.
const PIXELS: f32 = 150.0;
/// What a learnt model fills of the usual height.
const LEARNED: f32 = 0.76;

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
