//! The table of results: a row per run, in formats for papers and spreadsheets.

use std::collections::BTreeMap;

use bilevel::problem::OracleCall;
use bilevel::run::Trace;
use bilevel::study::{Rank, RankedRun, RunCost, Verdict, ranks};

use super::escapes::spreadsheet_text;
use crate::{Experiment, MethodSpec, RunKey, messages};

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCell {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A count.
    Count(u64),
    /// A number of runs among all runs of a method.
    Share {
        /// The number.
        count: u64,
        /// The number of all.
        of: u64,
    },
    /// A difference of two numbers, written with its sign.
    Difference(f64),
    /// A value that is not known.
    Unknown,
}

/// Rows of cells with named columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The names of the columns.
    pub head: Vec<&'static str>,
    /// The rows, a cell per column.
    pub rows: Vec<Vec<TableCell>>,
}

/// A run at one of its recorded rows.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeRow<'a> {
    /// Identification of the run.
    pub key: RunKey,
    /// The trace of the run.
    pub trace: &'a Trace,
    /// Index of the row.
    pub row: usize,
    /// The status as a word.
    pub status: &'a str,
    /// The verdict; `None` before the run has ended or is judged.
    pub end: Option<Verdict>,
    /// Index of the row at which the run crossed the finish line, if any.
    pub finish: Option<usize>,
}

impl Table {
    /// The results table of an experiment; finishes are given in the cost `finish`. The column `includes`, of the
    /// iterations of other methods in all counts and times, is present only if there are branches, those for starts and
    /// seeds only if there are several, that for the finish only if there is a line, that for φ − φ* only if the
    /// optimum is known, and those for the largest gap only if there are three levels or more. Places are among runs
    /// from the same start with the same seed; infeasible runs, and those that ended at a point that is no minimum of
    /// φ, have none.
    pub fn of(
        experiment: &Experiment,
        outcomes: &[OutcomeRow<'_>],
        finish: Option<RunCost>,
    ) -> Self {
        let has_starts = experiment.starts.len() > 1;
        let has_seeds = experiment.seeds.len() > 1;
        let has_optimum = outcomes.iter().any(|one| one.trace.has_optimum());
        let mut head = vec!["method"];
        head.extend(experiment.has_forks().then_some("includes"));
        head.extend(has_starts.then_some("start"));
        head.extend(has_seeds.then_some("seed"));
        let has_levels = outcomes.iter().any(|one| one.trace.shape().levels() > 2);
        head.extend(["status", "end", "k", "f", "phi"]);
        head.extend(has_optimum.then_some("phi - phi*"));
        head.extend(["place", "gap"]);
        head.extend(
            has_levels
                .then_some(["largest gap", "of level"])
                .into_iter()
                .flatten(),
        );
        head.extend(["distance", "gradients", "products", "values"]);
        head.extend(finish.map(|_| "finish"));
        let rows = outcomes
            .iter()
            .zip(places(experiment, outcomes))
            .map(|(outcome, place)| {
                let method = &experiment.methods[outcome.key.method];
                let mut row = vec![TableCell::Text(method.label.clone())];
                row.extend(experiment.has_forks().then(|| included_cell(method)));
                row.extend(has_starts.then_some(TableCell::Count(outcome.key.start as u64 + 1)));
                row.extend(has_seeds.then_some(TableCell::Count(outcome.key.seed)));
                row.extend(cells(outcome, place, (has_optimum, has_levels)));
                row.extend(finish.map(|cost| {
                    let column = cost.column(outcome.trace);
                    optional_cell(outcome.finish.and_then(|row| column.get(row).copied()))
                }));
                row
            })
            .collect();
        Self { head, rows }
    }

    /// Adds the problem's own metrics to the results table of the same runs.
    pub fn add_metrics(&mut self, outcomes: &[OutcomeRow<'_>]) {
        self.head.extend(metric_names(outcomes));
        for (row, outcome) in self.rows.iter_mut().zip(outcomes) {
            let metrics = outcome.trace.metrics.iter();
            let values = metrics.map(|metric| metric.values().get(outcome.row).copied());
            row.extend(values.map(optional_cell));
        }
    }

    /// The table for readers: verdicts have their plain words, where files have words of their own.
    #[must_use]
    pub fn for_readers(mut self) -> Self {
        let ends = self.head.iter().position(|head| *head == "end");
        for row in &mut self.rows {
            let cell = ends.and_then(|column| row.get_mut(column));
            let Some(TableCell::Text(text)) = cell else {
                continue;
            };
            let known = Verdict::ALL.iter().find(|verdict| verdict.word() == text);
            if let Some(verdict) = known {
                verdict.plain_word().clone_into(text);
            }
        }
        self
    }

    /// Sorts by a column: texts alphabetically, numbers by size, unknown values last.
    pub fn sort(&mut self, column: usize, is_falling: bool) {
        let rank = |cell: Option<&TableCell>| match cell {
            Some(TableCell::Number(number) | TableCell::Difference(number)) => {
                (0, *number, String::new())
            }
            Some(TableCell::Count(count)) => (0, *count as f64, String::new()),
            Some(TableCell::Share { count, of }) => (0, ratio(*count, *of), String::new()),
            Some(TableCell::Text(text)) => (0, 0.0, text.to_lowercase()),
            Some(TableCell::Unknown) | None => (1, 0.0, String::new()),
        };
        self.rows.sort_by(|a, b| {
            let (a, b) = (rank(a.get(column)), rank(b.get(column)));
            let order = a.1.total_cmp(&b.1).then_with(|| a.2.cmp(&b.2));
            let order = if is_falling { order.reverse() } else { order };
            a.0.cmp(&b.0).then(order)
        });
    }

    /// The table as CSV, numbers with full precision.
    pub fn csv(&self) -> csv::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.head)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(TableCell::full))?;
        }
        text_of(writer)
    }

    pub(crate) fn is_text(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().map(|row| &row[column]);
        cells.any(|cell| matches!(cell, TableCell::Text(_)))
    }
}

impl TableCell {
    /// The cell as text, with four significant digits.
    pub fn short(&self) -> String {
        self.rounded(DIGITS)
    }

    /// The cell as text, numbers with some significant digits.
    pub(crate) fn rounded(&self, digits: usize) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => brief(*number, digits),
            Self::Difference(number) => format!("{}{}", plus(*number), brief(*number, digits)),
            Self::Count(count) => count.to_string(),
            Self::Share { count, of } => messages::files::some_of(*count, *of),
            Self::Unknown => String::new(),
        }
    }

    fn full(&self) -> String {
        match self {
            Self::Text(text) => spreadsheet_text(text),
            Self::Number(number) | Self::Difference(number) => format!("{number:?}"),
            Self::Share { count, of } => format!("{:?}", ratio(*count, *of)),
            other => other.short(),
        }
    }
}

/// The place of each run among the runs from the same start with the same seed. Pinned methods have none.
fn places(experiment: &Experiment, outcomes: &[OutcomeRow<'_>]) -> Vec<TableCell> {
    let mut rivals: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let is_pinned = |outcome: &OutcomeRow<'_>| experiment.methods[outcome.key.method].is_pinned;
    let ranked = outcomes.iter().enumerate();
    for (number, outcome) in ranked.filter(|(_, outcome)| !is_pinned(outcome)) {
        let key = (outcome.key.start, outcome.key.seed);
        rivals.entry(key).or_default().push(number);
    }
    let mut places = vec![TableCell::Unknown; outcomes.len()];
    for numbers in rivals.values() {
        let runs = numbers.iter().map(|&number| &outcomes[number]);
        let runs: Vec<Option<RankedRun>> = runs.map(OutcomeRow::ranked).collect();
        for (&number, rank) in numbers.iter().zip(ranks(&runs)) {
            if let Rank::Place(place) = rank {
                places[number] = TableCell::Count(place as u64);
            }
        }
    }
    places
}

impl OutcomeRow<'_> {
    /// The run as an entry of a ranking.
    pub(crate) fn ranked(&self) -> Option<RankedRun> {
        let is_stuck = self.has_failed() || self.end.is_some_and(Verdict::is_without_place);
        RankedRun::of(self.trace, self.row, is_stuck)
    }

    /// True if the run failed or diverged.
    pub(crate) fn has_failed(&self) -> bool {
        ["diverged", "failed"].contains(&self.status)
    }

    /// The calls of some kinds for all levels.
    pub(crate) fn calls(&self, kinds: &[OracleCall]) -> u64 {
        let levels = 1..=self.trace.shape().levels();
        let of_level = levels.flat_map(|level| kinds.iter().map(move |&call| (call, level)));
        of_level
            .map(|(call, level)| self.trace.count(call, level, self.row))
            .sum()
    }
}

/// The cell of the iterations that a branch has from its parent.
pub(super) fn included_cell(method: &MethodSpec) -> TableCell {
    match &method.from {
        Some(from) => TableCell::Text(messages::experiment::included(&from.run, from.k)),
        None => TableCell::Unknown,
    }
}

/// The kinds of calls of the columns `gradients`, `products` and `values`.
pub(crate) const CALLS: [&[OracleCall]; 3] = [
    &[OracleCall::Grad],
    &[OracleCall::Hvp, OracleCall::Jvp, OracleCall::Higher],
    &[OracleCall::Value],
];

/// The names of the problem's own metrics.
pub(crate) fn metric_names(outcomes: &[OutcomeRow<'_>]) -> Vec<&'static str> {
    let first = outcomes.first();
    first.map_or_else(Vec::new, |one| one.trace.metric_names().to_vec())
}

/// The cells of a row from the status on, read from the trace.
fn cells(
    outcome: &OutcomeRow<'_>,
    place: TableCell,
    (has_optimum, has_levels): (bool, bool),
) -> Vec<TableCell> {
    let OutcomeRow { trace, row, .. } = *outcome;
    let at = |column: &bilevel::run::TraceColumn| optional_cell(column.values().get(row).copied());
    let above = trace.true_suboptimality.values().get(row).copied();
    let mut cells = vec![
        TableCell::Text(outcome.status.to_owned()),
        match outcome.end {
            Some(verdict) => TableCell::Text(verdict.word().to_owned()),
            None => TableCell::Unknown,
        },
        TableCell::Count(trace.iterations.get(row).map_or(0, |&k| k as u64)),
        at(&trace.objectives[0]),
        optional_cell(above.map(|above| above + trace.optimum())),
    ];
    cells.extend(has_optimum.then(|| optional_cell(above.filter(|_| trace.has_optimum()))));
    cells.extend([place, at(&trace.gap)]);
    if has_levels {
        let largest = trace.largest_gap_at(row);
        cells.push(optional_cell(largest.map(|(gap, _)| gap)));
        cells.push(largest.map_or(TableCell::Unknown, |(_, level)| {
            TableCell::Count(level as u64)
        }));
    }
    cells.push(at(&trace.distance));
    cells.extend(CALLS.map(|kinds| TableCell::Count(outcome.calls(kinds))));
    cells
}

/// The text of a writer to memory.
pub(crate) fn text_of(writer: csv::Writer<Vec<u8>>) -> csv::Result<String> {
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The sign before a positive difference.
pub(crate) fn plus(number: f64) -> &'static str {
    if number > 0.0 { "+" } else { "" }
}

pub(crate) fn ratio(count: u64, of: u64) -> f64 {
    count as f64 / of as f64
}

/// A number's cell; unknown for `None` or NaN.
pub(crate) fn optional_cell(value: Option<f64>) -> TableCell {
    match value {
        Some(value) if !value.is_nan() => TableCell::Number(value),
        _ => TableCell::Unknown,
    }
}

/// The significant digits of numbers, unless others are chosen.
pub(crate) const DIGITS: usize = 4;

/// A number with some significant digits, in scientific notation if it is very small or large.
fn brief(number: f64, digits: usize) -> String {
    let size = number.abs();
    let after = digits.max(1) - 1;
    if number == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e5).contains(&size) {
        let places = (after as f64 - size.log10().floor()).max(0.0) as usize;
        format!("{number:.places$}")
    } else if number.is_finite() {
        format!("{number:.after$e}")
    } else {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            head: vec!["method", "phi", "gap"],
            rows: vec![
                vec![
                    TableCell::Text("BOME, 50 %".to_owned()),
                    TableCell::Number(0.708_912),
                    TableCell::Number(1.1e-9),
                ],
                vec![
                    TableCell::Text("a|b".to_owned()),
                    TableCell::Unknown,
                    TableCell::Number(-12.0),
                ],
            ],
        }
    }

    #[test]
    fn a_table_is_written_as_papers_and_spreadsheets_take_it() {
        let expected = "| method | phi | gap |\n| --- | ---: | ---: |\n\
                        | BOME, 50 % | 0.7089 | 1.100e-9 |\n| a\\|b |  | -12.00 |\n";
        assert_eq!(table().markdown(), expected);
        let expected = "\\begin{tabular}{lrr}\n\\toprule\nmethod & $\\varphi$ & gap \\\\\n\\midrule\n\
                        BOME, 50 \\% & $0.7089$ & $1.100 \\times 10^{-9}$ \\\\\na\\textbar{}b &  & $-12.00$ \\\\\n\
                        \\bottomrule\n\\end{tabular}\n";
        assert_eq!(table().latex(), expected);
        let expected = "method,phi,gap\n\"BOME, 50 %\",0.708912,1.1e-9\na|b,,-12.0\n";
        assert_eq!(table().csv().unwrap(), expected);
    }

    #[test]
    fn rows_are_sorted_by_size_and_what_is_unknown_comes_last() {
        let mut table = table();
        table.sort(2, false);
        assert_eq!(table.rows[0][2], TableCell::Number(-12.0));
        for is_falling in [false, true] {
            table.sort(1, is_falling);
            assert_eq!(table.rows[1][1], TableCell::Unknown);
        }
        table.sort(0, true);
        assert_eq!(table.rows[0][0], TableCell::Text("BOME, 50 %".to_owned()));
    }

    #[test]
    fn a_table_for_readers_has_the_words_of_cards_in_the_column_of_ends_alone() {
        let word = Verdict::Spurious.word();
        let text = |text: &str| TableCell::Text(text.to_owned());
        let table = Table {
            head: vec!["method", "end"],
            rows: vec![
                vec![text(word), text(word)],
                vec![text("ITD"), text("global")],
            ],
        };
        let shown = table.for_readers().rows;
        assert_eq!(shown[0], [text(word), text("non-stationary point")]);
        assert_eq!(shown[1], [text("ITD"), text("global")]);
    }
}
