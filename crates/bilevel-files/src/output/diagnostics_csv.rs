//! `diagnostics.csv`: the quantities of recorded steps, a row per number.
//!
//! `run,start,seed,k,term,row,level,index,value`; the step of k leads from row k − 1 of the trace to row k. The steps
//! are computed again after the runs, which take no time for them.

use std::io::{Error, ErrorKind, Write};

use bilevel::numerics::WorkToken;
use bilevel::run::{RunSpec, StepReplay, StepReplayError};

use super::escapes::spreadsheet_text;
use super::trace_csv::float;
use crate::{Experiment, RunKey};

/// The columns of the table of diagnostics.
const COLUMNS: [&str; 9] = [
    "run", "start", "seed", "k", "term", "row", "level", "index", "value",
];

/// Table of the quantities of steps.
#[derive(Clone, Copy, Debug)]
pub struct DiagnosticsTable;

impl DiagnosticsTable {
    /// The name of the file.
    pub const FILE: &'static str = "diagnostics.csv";
    /// The most rows that a table may have.
    pub const MOST_ROWS: u64 = 20_000_000;

    /// The column names.
    pub fn header() -> Vec<String> {
        COLUMNS.map(ToOwned::to_owned).into()
    }

    /// The approximate number of rows of the runs of an experiment, if they go to their last iteration and all steps
    /// have as many numbers as the first. Performs the first step of each run.
    pub fn rows<'a>(runs: impl Iterator<Item = &'a RunSpec>, token: &WorkToken) -> u64 {
        runs.map(|spec| {
            let steps = match spec.recording.every {
                0 => 0,
                every => spec.iterations.div_ceil(every),
            };
            let mut replay = StepReplay::new(spec.clone());
            let Ok(record) = replay.step(1, token) else {
                return 0; // a run that has no step has no rows
            };
            let numbers: usize = record.terms.all().iter().map(|term| term.value.len()).sum();
            steps.saturating_mul(numbers as u64)
        })
        .fold(0, u64::saturating_add)
    }

    /// Writes the rows of one run up to its last iteration: of the steps that lead to recorded rows.
    ///
    /// # Errors
    /// If the writer fails or the token is cancelled.
    pub fn write_rows(
        writer: &mut csv::Writer<impl Write>,
        experiment: &Experiment,
        (key, spec, last): (RunKey, &RunSpec, u64),
        token: &WorkToken,
    ) -> std::io::Result<()> {
        let every = spec.recording.every;
        if every == 0 {
            return Ok(());
        }
        let shape = spec.problem.metadata().shape();
        let label = spreadsheet_text(&experiment.methods[key.method].label);
        let run = [label, (key.start + 1).to_string(), key.seed.to_string()];
        let mut replay = StepReplay::new(spec.clone());
        let is_recorded = |k: &u64| k.is_multiple_of(every) || *k == last;
        for k in (1..=last).filter(is_recorded) {
            let record = match replay.step(k, token) {
                Ok(record) => record,
                Err(StepReplayError::Cancelled) => return Err(Error::from(ErrorKind::Interrupted)),
                // a run ends before such a step
                Err(StepReplayError::NoSuchStep | StepReplayError::Failed(..)) => return Ok(()),
            };
            for term in record.terms.all() {
                for (at, value) in term.components(shape) {
                    for field in &run {
                        writer.write_field(field)?;
                    }
                    writer.write_field(k.to_string())?;
                    writer.write_field(term.info.name)?;
                    writer.write_field(at.row.to_string())?;
                    let level = (at.level > 0).then(|| at.level.to_string());
                    writer.write_field(level.unwrap_or_default())?;
                    writer.write_field((at.index + 1).to_string())?;
                    writer.write_field(float(value))?;
                    writer.write_record(None::<&[u8]>)?;
                }
            }
        }
        Ok(())
    }
}
