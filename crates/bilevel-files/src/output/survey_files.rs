//! The files of a survey: a table with a row per run, and a summary computed from that table and its head alone, so
//! that parts computed on different machines merge to the same bytes.

use std::collections::BTreeMap;

use bilevel::numerics::Point;
use bilevel::problem::Coordinate;
use bilevel::run::Recording;
use bilevel::study::{OutcomeCounts, Share, Survey, SurveyOutcome, Verdict};
use serde_json::{Map, Value, json};

use super::escapes::spreadsheet_text;
use super::manifest::SetKind;
use super::shares_table::shares_table;
use super::summary::finite;
use super::tables::{Table, text_of};
use super::trace_csv::float;
use crate::messages;
use crate::{Experiment, Shard, SurveyPlan};

/// The kind of a survey; its word is the name of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurveyKind {
    /// A survey of methods.
    Basins,
    /// A survey of one method's settings.
    Sweep,
}

impl SurveyKind {
    /// The file name without its ending.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Basins => "basins",
            Self::Sweep => "sweep",
        }
    }

    /// The kind of its files in a results folder.
    pub const fn set(self) -> SetKind {
        match self {
            Self::Basins => SetKind::Basins,
            Self::Sweep => SetKind::Sweep,
        }
    }
}

/// The results of a survey, as they are in its files.
#[derive(Clone, Debug)]
pub struct SurveyFiles {
    pub(super) kind: SurveyKind,
    /// The summary without its counts.
    pub(super) head: Map<String, Value>,
    pub(super) columns: Vec<String>,
    /// The rows, by the numbers of their runs.
    pub(super) rows: BTreeMap<usize, Vec<String>>,
    /// The ends of runs whose rows are written and not kept, by their variants.
    pub(super) written: BTreeMap<Vec<String>, Vec<(Verdict, f64)>>,
    /// The number of runs of the survey's part.
    pub(super) runs: usize,
}

impl SurveyFiles {
    /// The results of a survey's part; `cells` are the outcomes of the shard's runs, in order.
    pub fn new(
        experiment: &Experiment,
        plan: &SurveyPlan,
        shard: Shard,
        cells: &[SurveyOutcome],
    ) -> Self {
        let numbers = shard.runs(plan.survey.len());
        let outcomes: Vec<_> = numbers.zip(cells.iter().copied()).collect();
        Self::of_outcomes(experiment, plan, shard, &outcomes)
    }

    /// The results of a survey's part that may have been interrupted: the numbers of runs with their outcomes.
    pub fn of_outcomes(
        experiment: &Experiment,
        plan: &SurveyPlan,
        shard: Shard,
        outcomes: &[(usize, SurveyOutcome)],
    ) -> Self {
        let survey = &plan.survey;
        let kind = if plan.varied.is_empty() {
            SurveyKind::Basins
        } else {
            SurveyKind::Sweep
        };
        let varied = plan.varied.iter().map(|vary| vary.parameter.clone());
        let shown = WrittenVariables::of(survey);
        let mut columns = vec!["run".to_owned()];
        columns.extend(varied);
        columns.extend(["seed", "i", "j"].map(ToOwned::to_owned));
        columns.extend(shown.names());
        columns.extend(["verdict", "index", "k", "cost", "phi"].map(ToOwned::to_owned));
        let rows = outcomes
            .iter()
            .map(|(number, cell)| (*number, row(experiment, plan, &shown, (*number, cell))))
            .collect();
        Self {
            kind,
            head: head(experiment, plan, shard),
            columns,
            rows,
            written: BTreeMap::new(),
            runs: shard.runs(survey.len()).count(),
        }
    }

    /// True if every run of the part has its row.
    pub fn is_complete(&self) -> bool {
        self.len() == self.runs
    }

    /// The number of runs with a row.
    pub fn len(&self) -> usize {
        self.rows.len() + self.written.values().map(Vec::len).sum::<usize>()
    }

    /// True if no run has a row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Counts a row that is written and not kept.
    pub(super) fn count(&mut self, row: &[String]) {
        let key = row.get(..self.key_length()).unwrap_or_default();
        let end = self.end_of(row).unwrap_or((Verdict::Unknown, f64::NAN));
        match self.written.get_mut(key) {
            Some(ends) => ends.push(end),
            None => {
                self.written.insert(key.to_vec(), vec![end]);
            }
        }
    }

    /// The verdict and the cost in a row.
    fn end_of(&self, row: &[String]) -> Option<(Verdict, f64)> {
        let cell = |name: &str| {
            let place = self.columns.iter().position(|column| column == name);
            row.get(place?)
        };
        let word = cell("verdict")?;
        let mut verdicts = Verdict::ALL.into_iter();
        let verdict = verdicts.find(|one| one.word() == word)?;
        Some((verdict, cell("cost")?.parse().ok()?))
    }

    /// The names of the columns of the table of runs.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The table of runs as CSV, of those rows that are kept.
    pub fn csv(&self) -> csv::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in self.rows.values() {
            writer.write_record(row)?;
        }
        text_of(writer)
    }

    /// The kind of the survey.
    pub fn kind(&self) -> SurveyKind {
        self.kind
    }

    /// The variants of the head, each with its outcome counts.
    fn tallies(&self) -> Vec<(Map<String, Value>, OutcomeCounts)> {
        let mut variants = self.variants();
        let keys: Vec<Vec<String>> = variants.iter().map(key_in_table).collect();
        let mut ends: BTreeMap<&[String], Vec<(Verdict, f64)>> = BTreeMap::new();
        for row in self.rows.values() {
            let key = row.get(..self.key_length()).unwrap_or_default();
            ends.entry(key).or_default().extend(self.end_of(row));
        }
        variants
            .drain(..)
            .zip(keys)
            .map(|(variant, key)| {
                let ends = ends.remove(&key[..]).unwrap_or_default();
                let written = self.written.get(&key).into_iter().flatten().copied();
                let times = repetitions(&self.head, &variant);
                let counts = OutcomeCounts::of(written.chain(ends));
                (variant, counts.repeated(times))
            })
            .collect()
    }

    fn variants(&self) -> Vec<Map<String, Value>> {
        let listed = self.head.get("methods").and_then(Value::as_array);
        let objects = listed.into_iter().flatten().filter_map(Value::as_object);
        objects.cloned().collect()
    }

    /// The number of leading columns that identify a variant: the label, and a value for each varied parameter.
    fn key_length(&self) -> usize {
        let seed = self.columns.iter().position(|column| column == "seed");
        seed.unwrap_or(1)
    }

    /// The summary as JSON.
    pub fn json(&self) -> Value {
        let methods: Vec<Value> = self
            .tallies()
            .into_iter()
            .map(|(mut variant, tally)| {
                let counts =
                    Verdict::ALL.map(|one| (one.word().to_owned(), json!(tally.count(one))));
                let shares = Verdict::ALL.map(|one| {
                    let Share { share, low, high } = tally.share(one);
                    (one.word().to_owned(), json!([finite(share), low, high]))
                });
                variant.insert(
                    "counts".to_owned(),
                    Value::Object(counts.into_iter().collect()),
                );
                variant.insert("total".to_owned(), json!(tally.total()));
                variant.insert("cost".to_owned(), json!(tally.median_cost()));
                variant.insert(
                    "shares".to_owned(),
                    Value::Object(shares.into_iter().collect()),
                );
                Value::Object(variant)
            })
            .collect();
        let mut whole = self.head.clone();
        whole.insert("methods".to_owned(), Value::Array(methods));
        if !self.is_complete() {
            whole.insert("complete".to_owned(), json!(false));
        }
        Value::Object(whole)
    }

    /// A row for each variant: the shares of all verdicts, that of the global optimum with its interval, and the median
    /// cost to get there.
    pub fn table(&self) -> Table {
        let tallies = self.tallies().into_iter();
        let keyed: Vec<(Vec<String>, OutcomeCounts)> = tallies
            .map(|(variant, tally)| (key_of(&variant), tally))
            .collect();
        shares_table(&keyed)
    }

    /// A line of text for each variant.
    pub fn lines(&self) -> Vec<String> {
        let names = &self.columns[1..self.key_length()];
        self.tallies()
            .iter()
            .map(|(variant, tally)| {
                let key = key_of(variant);
                let values = names.iter().zip(&key[1..]);
                let values: Vec<String> = values
                    .map(|(name, value)| messages::surveys::varied_value(name, value))
                    .collect();
                let Share { share, low, high } = tally.share(Verdict::Global);
                let percent = |share: f64| format!("{:.1}", 100.0 * share);
                let others: Vec<String> = Verdict::ALL[1..]
                    .iter()
                    .filter(|one| tally.count(**one) > 0)
                    .map(|one| {
                        let percent = percent(tally.share(*one).share);
                        messages::surveys::other_share(one.word(), &percent)
                    })
                    .collect();
                messages::surveys::shares(
                    &format!("{}{}", key[0], values.concat()),
                    &percent(share),
                    [&percent(low), &percent(high)],
                    tally.total(),
                    &others.concat(),
                )
            })
            .collect()
    }
}

/// The key of a variant: its label and the values of the varied parameters, as text.
fn key_of(variant: &Map<String, Value>) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => float(other.as_f64().unwrap_or(f64::NAN)),
    };
    let mut key = vec![variant.get("label").map(text).unwrap_or_default()];
    let values = variant.get("values").and_then(Value::as_array);
    key.extend(values.into_iter().flatten().map(text));
    key
}

/// The key of a variant as its rows have it.
pub(super) fn key_in_table(variant: &Map<String, Value>) -> Vec<String> {
    let mut key = key_of(variant);
    key[0] = spreadsheet_text(&key[0]);
    key
}

/// The variables of a start that are written: all for a small problem, else those of the grid.
pub(super) struct WrittenVariables(Vec<Coordinate>);

impl WrittenVariables {
    pub(super) fn of(survey: &Survey) -> Self {
        let metadata = survey.variants[0].problem.metadata();
        let all = metadata.coordinates();
        Self(if all.len() <= Recording::MOST_VARIABLES {
            all
        } else {
            survey.grid.axes().to_vec()
        })
    }

    fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(ToString::to_string)
    }

    fn values<'a>(&'a self, start: &'a Point) -> impl Iterator<Item = String> + 'a {
        self.0.iter().map(|at| float(start[at.level][at.index]))
    }
}

/// The row of a run.
pub(super) fn row(
    experiment: &Experiment,
    plan: &SurveyPlan,
    shown: &WrittenVariables,
    (number, cell): (usize, &SurveyOutcome),
) -> Vec<String> {
    let survey = &plan.survey;
    let place = survey.place(number);
    let variant = &plan.methods[place.variant];
    let side = survey.grid.side();
    let mut row = vec![spreadsheet_text(&experiment.methods[variant.method].label)];
    row.extend(variant.values.iter().map(|&value| float(value)));
    row.push(survey.seeds[place.seed].to_string());
    row.push((place.cell % side + 1).to_string());
    row.push((place.cell / side + 1).to_string());
    row.extend(shown.values(&survey.grid.start(place.cell)));
    row.push(cell.verdict.word().to_owned());
    row.push(
        cell.index
            .map(|index| index.to_string())
            .unwrap_or_default(),
    );
    row.push(cell.k.to_string());
    row.push(float(cell.usual_cost()));
    row.push(if cell.phi.is_nan() {
        String::new()
    } else {
        float(cell.phi)
    });
    row
}

/// The number of runs of a variant from each start that are the same bits: one per seed without chance.
fn repetitions(head: &Map<String, Value>, variant: &Map<String, Value>) -> usize {
    let id = variant.get("method").and_then(Value::as_str);
    let method = id.and_then(bilevel::method::find);
    let seeds = head.get("seeds").and_then(Value::as_array);
    match (method, seeds) {
        (Some(method), Some(seeds)) if !method.has_chance() => seeds.len(),
        _ => 1,
    }
}

/// The part of the summary that is known before any run.
fn head(experiment: &Experiment, plan: &SurveyPlan, shard: Shard) -> Map<String, Value> {
    let survey = &plan.survey;
    let axes = survey.grid.axes().iter().zip(survey.grid.ranges());
    let axes: Vec<Value> = axes
        .map(|(at, [from, to])| json!({"variable": at.to_string(), "from": from, "to": to}))
        .collect();
    let methods: Vec<Value> = plan
        .methods
        .iter()
        .map(|variant| {
            let method = &experiment.methods[variant.method];
            let mut known = Map::new();
            known.insert("method".to_owned(), json!(method.entry.id));
            known.insert("label".to_owned(), json!(method.label));
            if !variant.values.is_empty() {
                known.insert("values".to_owned(), json!(variant.values));
            }
            Value::Object(known)
        })
        .collect();
    let mut head = Map::new();
    let mut add = |key: &str, value: Value| {
        head.insert(key.to_owned(), value);
    };
    add("problem", json!(experiment.problem.entry.id));
    add("experiment", json!(experiment.title));
    add("version", json!(env!("CARGO_PKG_VERSION")));
    add("grid", json!(survey.grid.side()));
    add("axes", Value::Array(axes));
    add("seeds", json!(survey.seeds));
    add("iterations", json!(experiment.iterations));
    add("rest", json!(survey.rest));
    add("runs", json!(survey.len()));
    if !plan.varied.is_empty() {
        let varied: Vec<String> = plan.varied.iter().map(ToString::to_string).collect();
        add("vary", json!(varied));
    }
    if shard != Shard::WHOLE {
        add("shard", json!(shard.to_string()));
    }
    add("methods", Value::Array(methods));
    add("file", json!(experiment.write_anywhere()));
    head
}
