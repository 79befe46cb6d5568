//! Rows of runs, read from the table of a results folder: all of them into the runs, or part after part.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use bilevel::numerics::Point;
use bilevel::problem::{Counts, OracleCall, Problem};
use bilevel::run::{Points, Recording, Status, Trace, TraceRows};
use bilevel::study::Verdict;
use serde_json::Value;

use super::escapes::spreadsheet_text;
use super::summary::RunResult;
use super::trace_csv::header;
use crate::messages::files as words;
use crate::{Experiment, RunKey};

/// The columns before the objectives: label, start, seed, iteration, time.
const KEYS: usize = 5;

/// A run while its rows are read.
pub(super) struct StoredRun {
    pub(super) key: RunKey,
    pub(super) status: Status,
    iterations: u64,
    time: f64,
    point: Option<Point>,
    pub(super) verdict: Option<Verdict>,
    pub(super) is_kept: bool,
    trace: Trace,
    /// The rows that the trace does not have yet, and which of them have variables.
    rows: TraceRows,
    has_point: Vec<bool>,
    /// The number of rows of the trace that a receiver has taken.
    taken: usize,
    is_over: bool,
}

/// Receiver of the rows of a run, part after part: its trace, and the rows in it that are new.
pub(crate) type PartReceiver<'a> =
    dyn FnMut(RunKey, &mut Trace, Range<usize>) -> std::io::Result<()> + 'a;

impl StoredRun {
    /// A run without its rows, from its part of the summary.
    pub(super) fn of(run: &Value, experiment: &Experiment, problem: &dyn Problem) -> Option<Self> {
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
            is_kept: true,
            trace: Trace::new(problem.metadata(), recording(experiment, problem)),
            rows: TraceRows::default(),
            has_point: Vec::new(),
            taken: 0,
            is_over: false,
        })
    }

    /// Moves the rows to the trace; false if the rows with variables are not those that the experiment records. With
    /// `is_over` they are the run's last.
    fn extend(&mut self, is_over: bool) -> bool {
        let is_kept = self.trace.kept() == Points::All || self.has_point.last() == Some(&true);
        self.rows.is_over = is_over && is_kept;
        self.is_over |= is_over;
        let first = self.trace.len();
        self.trace.extend(&self.rows);
        let rows = self.has_point.iter().zip(first..);
        let is_whole = rows
            .into_iter()
            .all(|(&has, row)| self.trace.values(row).is_some() == has);
        self.rows = TraceRows::default();
        self.has_point.clear();
        is_whole
    }

    pub(super) fn result(self, problem: &dyn Problem) -> RunResult {
        let last = self.trace.len().checked_sub(1);
        let point = self.point.or_else(|| self.trace.point(last?));
        RunResult {
            key: self.key,
            status: self.status,
            iterations: self.iterations,
            counts: Counts::default(),
            time: self.time,
            point: point.unwrap_or_else(|| problem.metadata().start.clone()),
            end: None,
            trace: self.trace,
        }
    }
}

/// The rows that an experiment records.
fn recording(experiment: &Experiment, problem: &dyn Problem) -> Recording {
    let usual = Recording::default_for(problem.metadata().shape().total());
    Recording {
        every: experiment.record_every,
        points: experiment.record_points.unwrap_or(usual.points),
    }
}

/// Reader of the table of rows.
pub(super) struct RowReader<'a, 'r> {
    pub(super) experiment: &'a Experiment,
    pub(super) problem: &'a dyn Problem,
    /// The number of rows of a part and its receiver, if the runs do not hold all rows.
    pub(super) receiver: Option<(usize, &'r mut PartReceiver<'r>)>,
}

impl RowReader<'_, '_> {
    /// Reads the table into the runs.
    pub(super) fn read(&mut self, table: &Path, runs: &mut [StoredRun]) -> Result<(), String> {
        let shape = self.problem.metadata().shape();
        let names = header(self.problem);
        let before = names.len() - shape.total();
        let keys = runs.iter().enumerate().map(|(number, run)| {
            let label = spreadsheet_text(&self.experiment.methods[run.key.method].label);
            let start = (run.key.start + 1).to_string();
            ([label, start, run.key.seed.to_string()], number)
        });
        let numbers: BTreeMap<[String; 3], usize> = keys.collect();
        let mut reader = csv::Reader::from_path(table).map_err(|error| error.to_string())?;
        let columns = reader.headers().map_err(|error| error.to_string())?;
        let is_start = columns
            .iter()
            .zip(&names[..before])
            .all(|(own, known)| own == known);
        if !is_start || columns.len() < names.len() {
            return Err(words::wrong_columns_of_trace(&names[..before].join(", ")));
        }
        let mut record = csv::StringRecord::new();
        let mut present: Option<([String; 3], usize)> = None;
        while reader
            .read_record(&mut record)
            .map_err(|error| error.to_string())?
        {
            let line = record.position().map_or(0, csv::Position::line);
            let wrong = || words::wrong_row_of_trace(line);
            let is_same = present.as_ref().is_some_and(|(key, _)| {
                let mut cells = key.iter().zip(&record);
                cells.all(|(known, cell)| known == cell)
            });
            if !is_same {
                let key = [0, 1, 2].map(|place| record[place].to_owned());
                let number = *numbers.get(&key).ok_or_else(wrong)?;
                if let Some((_, ended)) = present.replace((key, number)) {
                    self.end(&mut runs[ended])?;
                }
                if runs[number].is_over {
                    return Err(words::rows_of_run_apart().to_owned());
                }
            }
            let number = present.as_ref().map_or(0, |(_, number)| *number);
            let run = &mut runs[number];
            if run.is_kept {
                self.make_room(run)?;
                run.take(&record, self.problem).ok_or_else(wrong)?;
            }
        }
        for run in runs.iter_mut().filter(|run| !run.is_over) {
            self.end(run)?;
        }
        Ok(())
    }

    /// Hands the rows of a run over if they are a part; another row follows, so that none of them is the last.
    fn make_room(&mut self, run: &mut StoredRun) -> Result<(), String> {
        let Some((most, receiver)) = &mut self.receiver else {
            return Ok(());
        };
        if run.rows.len() < *most {
            return Ok(());
        }
        if !run.extend(false) {
            return Err(words::wrong_points().to_owned());
        }
        // the last row is judged with the next part, as if there were no parts
        let last = run.trace.len() - 1;
        receiver(run.key, &mut run.trace, run.taken..last).map_err(|error| error.to_string())?;
        if last > 0 {
            run.trace.keep_rows(&[0, last]);
            run.taken = 1;
        }
        Ok(())
    }

    /// Ends a run with the rows that are left.
    fn end(&mut self, run: &mut StoredRun) -> Result<(), String> {
        if !run.extend(true) {
            return Err(words::wrong_points().to_owned());
        }
        let rows = run.trace.len();
        if let Some((_, receiver)) = &mut self.receiver
            && run.is_kept
        {
            receiver(run.key, &mut run.trace, run.taken..rows)
                .map_err(|error| error.to_string())?;
            if rows > 2 {
                run.trace.keep_rows(&[0, rows - 1]);
            }
        }
        Ok(())
    }
}

/// The largest whole number of a row: up to it, a number of double precision is exact, and no sum of counts overflows.
const LARGEST: u64 = 1 << 53;

/// A whole number of a row; `None` for one that no run reaches.
fn whole(cell: &str) -> Option<u64> {
    cell.parse().ok().filter(|number| *number <= LARGEST)
}

impl StoredRun {
    /// Takes a row; `None` if it is not valid.
    fn take(&mut self, record: &csv::StringRecord, problem: &dyn Problem) -> Option<()> {
        let metadata = problem.metadata();
        let (levels, variables) = (metadata.shape().levels(), metadata.shape().total());
        let number = |place: usize| record.get(place)?.parse::<f64>().ok();
        self.rows.iterations.push(whole(record.get(3)?)?);
        self.rows.time.push(number(4)?);
        for place in KEYS..KEYS + levels {
            self.rows.objectives.push(number(place)?);
        }
        // the gap is judged anew
        let counts = KEYS + levels + 1;
        let metrics = counts + OracleCall::ALL.len() * levels;
        for place in counts..metrics {
            self.rows.counts.push(whole(record.get(place)?)?);
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
