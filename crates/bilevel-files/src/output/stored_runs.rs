//! The results of `run` in a folder, read back: figures and tables need no run to be computed again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Counts, OracleCall, Problem};
use bilevel::run::{Points, Recording, Status, Trace, TraceRows};
use bilevel::study::Verdict;
use serde_json::{Map, Value};
use thiserror::Error;

use super::escapes::spreadsheet_text;
use super::manifest::{Manifest, SetKind};
use super::summary::RunResult;
use super::tables::OutcomeRow;
use super::trace_csv::header;
use crate::messages::files as words;
use crate::{Experiment, ReadError, RunKey, Shard};

/// The columns before the objectives: label, start, seed, iteration, time.
const KEYS: usize = 5;

/// The runs of a results folder. The referee's columns of their traces are empty.
pub struct StoredRuns {
    /// The experiment, with the changes of the call that has run it.
    pub experiment: Experiment,
    /// The problem, with the minima that the referee finds.
    pub problem: Arc<dyn Problem>,
    /// The part of the experiment's runs.
    pub shard: Shard,
    /// The runs, in their order in the files; without outcomes.
    pub results: Vec<RunResult>,
    /// The verdict of each run, if it has one.
    pub verdicts: Vec<Option<Verdict>>,
    /// The part of the summary on each run.
    pub entries: Vec<Value>,
}

/// The reason why a results folder cannot be read.
#[derive(Debug, Error)]
pub enum StoredRunsError {
    /// A file cannot be read, or is not what it should be.
    #[error("{}", words::wrong_result(.file, .reason))]
    File {
        /// The file.
        file: String,
        /// The reason.
        reason: String,
    },
    /// The experiment in the summary has an error.
    #[error(transparent)]
    Experiment(#[from] ReadError),
}

/// A run while its rows are read.
struct StoredRun {
    key: RunKey,
    status: Status,
    iterations: u64,
    time: f64,
    point: Option<Point>,
    verdict: Option<Verdict>,
    rows: TraceRows,
    /// The rows with variables.
    has_point: Vec<bool>,
}

impl StoredRuns {
    /// True if a folder holds the results of `run`.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(SetKind::Run.manifest()).is_file()
    }

    /// Reads a folder, and compares its files with their digests.
    ///
    /// # Errors
    /// If a file cannot be read, was changed, or is of an earlier version, which did not keep the experiment.
    pub fn read(folder: &Path, token: &WorkToken) -> Result<Self, StoredRunsError> {
        let path = folder.join(SetKind::Run.manifest());
        let name = path.display().to_string();
        let failed = |reason: String| StoredRunsError::File {
            file: name.clone(),
            reason,
        };
        let text = std::fs::read(&path).map_err(|error| failed(error.to_string()))?;
        let summary: Map<String, Value> =
            serde_json::from_slice(&text).map_err(|error| failed(error.to_string()))?;
        let file = summary.get("file").and_then(Value::as_str);
        let file = file.ok_or_else(|| failed(words::no_experiment().to_owned()))?;
        let table = folder.join(SetKind::Run.data());
        let table_name = table.display().to_string();
        let failed_table = |reason: String| StoredRunsError::File {
            file: table_name.clone(),
            reason,
        };
        let manifest = Manifest::of(SetKind::Run, &summary);
        let record = manifest
            .as_ref()
            .and_then(|one| one.file(SetKind::Run.data()));
        let record = record.ok_or_else(|| failed(words::no_manifest().to_owned()))?;
        record
            .check(folder, SetKind::Run.manifest())
            .map_err(failed_table)?;
        let experiment = Experiment::read(&name, file)?;
        let problem = experiment.problem.build_informed(token);
        let shard = Shard::of_json(summary.get("shard")).map_err(failed)?;
        let runs = summary.get("runs").and_then(Value::as_array);
        let runs = runs.and_then(|runs| {
            let read = runs
                .iter()
                .map(|run| StoredRun::of(run, &experiment, &*problem));
            read.collect::<Option<Vec<_>>>()
        });
        let mut runs = runs.ok_or_else(|| failed(words::wrong_runs().to_owned()))?;
        read_rows(&table, &experiment, &*problem, &mut runs).map_err(failed_table)?;
        let verdicts = runs.iter().map(|run| run.verdict).collect();
        let entries = summary.get("runs").and_then(Value::as_array).cloned();
        let results = runs
            .into_iter()
            .map(|run| run.result(&experiment, &*problem));
        let results: Option<Vec<RunResult>> = results.collect();
        Ok(Self {
            results: results.ok_or_else(|| failed_table(words::wrong_points().to_owned()))?,
            experiment,
            problem,
            shard,
            verdicts,
            entries: entries.unwrap_or_default(),
        })
    }

    /// The ends of the runs as rows of a table.
    pub fn outcomes(&self) -> Vec<OutcomeRow<'_>> {
        let runs = self.results.iter().zip(&self.verdicts);
        let rows = runs.filter_map(|(run, verdict)| run.outcome_row(*verdict));
        rows.collect()
    }

    /// Puts the runs into the order of these keys.
    pub(super) fn sort(&mut self, order: &[RunKey]) {
        let places: BTreeMap<RunKey, usize> = order.iter().copied().zip(0..).collect();
        let results = std::mem::take(&mut self.results).into_iter();
        let verdicts = std::mem::take(&mut self.verdicts).into_iter();
        let entries = std::mem::take(&mut self.entries).into_iter();
        let mut runs: Vec<_> = results.zip(verdicts).zip(entries).collect();
        runs.sort_by_key(|((run, _), _)| places.get(&run.key).copied());
        for ((run, verdict), entry) in runs {
            self.results.push(run);
            self.verdicts.push(verdict);
            self.entries.push(entry);
        }
    }

    /// Keeps the runs of the methods with these labels, and of those that they continue.
    pub fn retain_methods(&mut self, labels: &[String]) {
        let labels = self.experiment.with_parents(labels);
        let mut slots = Vec::new();
        for method in &self.experiment.methods {
            let count = slots.iter().flatten().count();
            slots.push(labels.contains(&method.label).then_some(count));
        }
        self.retain_runs(|run, _| slots[run.key.method].is_some());
        for run in &mut self.results {
            run.key.method = slots[run.key.method].unwrap_or_default();
        }
        self.experiment
            .methods
            .retain(|method| labels.contains(&method.label));
    }

    /// Keeps some of the runs, by their results and verdicts.
    pub fn retain_runs(&mut self, is_kept: impl Fn(&RunResult, Option<Verdict>) -> bool) {
        let results = std::mem::take(&mut self.results).into_iter();
        let verdicts = std::mem::take(&mut self.verdicts).into_iter();
        let entries = std::mem::take(&mut self.entries).into_iter();
        for ((run, verdict), entry) in results.zip(verdicts).zip(entries) {
            if is_kept(&run, verdict) {
                self.results.push(run);
                self.verdicts.push(verdict);
                self.entries.push(entry);
            }
        }
    }
}

impl StoredRun {
    /// A run without its rows, from its part of the summary.
    fn of(run: &Value, experiment: &Experiment, problem: &dyn Problem) -> Option<Self> {
        let label = run.get("run")?.as_str()?;
        let method = experiment
            .methods
            .iter()
            .position(|one| one.label == label)?;
        let start = usize::try_from(run.get("start")?.as_u64()?).ok()?;
        let message = run.get("message")?.as_str()?.to_owned();
        let word = |value: &Value| {
            let word = value.as_str()?;
            Verdict::ALL.into_iter().find(|one| one.word() == word)
        };
        let shape = problem.metadata().shape();
        let blocks = run["final"]["x"].as_array().map(|blocks| {
            let numbers = blocks
                .iter()
                .flat_map(|block| block.as_array().into_iter().flatten());
            numbers
                .map(|number| number.as_f64().unwrap_or(f64::NAN))
                .collect::<Vec<_>>()
        });
        Some(Self {
            key: RunKey {
                method,
                start: start.checked_sub(1)?,
                seed: run.get("seed")?.as_u64()?,
            },
            status: match run.get("status")?.as_str()? {
                "converged" => Status::Converged(message),
                "budget" => Status::Budget,
                "diverged" => Status::Diverged(message),
                "stopped" => Status::Stopped(message),
                "failed" => Status::Failed(message),
                _ => return None,
            },
            iterations: run.get("iterations")?.as_u64()?,
            time: run.get("time_s")?.as_f64()?,
            point: blocks.and_then(|values| Point::from_values(shape, values)),
            verdict: word(&run["end"]["verdict"]),
            rows: TraceRows::default(),
            has_point: Vec::new(),
        })
    }

    /// The result; `None` if the rows with variables are not those that the experiment records.
    fn result(mut self, experiment: &Experiment, problem: &dyn Problem) -> Option<RunResult> {
        let metadata = problem.metadata();
        let usual = Recording::default_for(metadata.shape().total());
        let recording = Recording {
            every: experiment.record_every,
            points: experiment.record_points.unwrap_or(usual.points),
        };
        let mut trace = Trace::new(metadata, recording);
        self.rows.is_over = recording.points == Points::All || self.has_point.last() == Some(&true);
        trace.extend(&self.rows);
        let rows = self.has_point.iter().enumerate();
        let is_whole = rows
            .into_iter()
            .all(|(row, &has)| trace.values(row).is_some() == has);
        let last = trace.len().checked_sub(1);
        let point = self.point.or_else(|| trace.point(last?));
        is_whole.then(|| RunResult {
            key: self.key,
            status: self.status,
            iterations: self.iterations,
            counts: Counts::default(),
            time: self.time,
            point: point.unwrap_or_else(|| metadata.start.clone()),
            end: None,
            trace,
        })
    }
}

/// Reads the table of rows into the runs.
fn read_rows(
    table: &Path,
    experiment: &Experiment,
    problem: &dyn Problem,
    runs: &mut [StoredRun],
) -> Result<(), String> {
    let shape = problem.metadata().shape();
    let names = header(problem);
    let before = names.len() - shape.total();
    let keys = runs.iter().enumerate().map(|(number, run)| {
        let label = spreadsheet_text(&experiment.methods[run.key.method].label);
        let key = (
            label,
            (run.key.start + 1).to_string(),
            run.key.seed.to_string(),
        );
        (key, number)
    });
    let numbers: BTreeMap<_, usize> = keys.collect();
    let mut reader = csv::Reader::from_path(table).map_err(|error| error.to_string())?;
    let columns = reader.headers().map_err(|error| error.to_string())?;
    let is_start = columns
        .iter()
        .zip(&names[..before])
        .all(|(own, known)| own == known);
    if !is_start || columns.len() < names.len() {
        return Err(words::wrong_columns_of_trace(&names[..before].join(", ")));
    }
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let [label, start, seed] = [0, 1, 2].map(|place| record[place].to_owned());
        let run = numbers
            .get(&(label, start, seed))
            .map(|&number| &mut runs[number]);
        let read = run.and_then(|run| run.take(&record, problem));
        read.ok_or_else(|| words::wrong_row_of_trace(line))?;
    }
    Ok(())
}

impl StoredRun {
    /// Takes a row; `None` if it is not valid.
    fn take(&mut self, record: &csv::StringRecord, problem: &dyn Problem) -> Option<()> {
        let metadata = problem.metadata();
        let (levels, variables) = (metadata.shape().levels(), metadata.shape().total());
        let number = |place: usize| record.get(place)?.parse::<f64>().ok();
        self.rows.iterations.push(record.get(3)?.parse().ok()?);
        self.rows.time.push(number(4)?);
        for place in KEYS..KEYS + levels {
            self.rows.objectives.push(number(place)?);
        }
        // the gap is judged anew
        let counts = KEYS + levels + 1;
        let metrics = counts + OracleCall::ALL.len() * levels;
        for place in counts..metrics {
            self.rows.counts.push(record.get(place)?.parse().ok()?);
        }
        let first = metrics + metadata.metrics.len();
        for place in metrics..first {
            self.rows.metrics.push(number(place)?);
        }
        let has_point = !record.get(first)?.is_empty();
        self.has_point.push(has_point);
        if has_point {
            for place in first..first + variables {
                self.rows.points.push(number(place)?);
            }
        }
        Some(())
    }
}
