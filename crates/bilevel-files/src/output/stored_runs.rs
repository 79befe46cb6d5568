//! The results of `run` in a folder, read back: figures and tables need no run to be computed again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::Problem;
use bilevel::run::Status;
use bilevel::study::Verdict;
use serde_json::{Map, Value};
use thiserror::Error;

use super::manifest::{Manifest, SetKind};
use super::stored_rows::{PartReceiver, RowReader, StoredRun};
use super::summary::RunResult;
use super::tables::OutcomeRow;
use crate::messages::files as words;
use crate::{Experiment, ReadError, RunKey, Shard};

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

/// The results of `run` in a folder whose rows are not read yet.
pub struct StoredFolder {
    /// The experiment, with the changes of the call that has run it.
    pub experiment: Experiment,
    /// The problem, with the minima that the referee finds.
    pub problem: Arc<dyn Problem>,
    /// The part of the experiment's runs.
    pub shard: Shard,
    runs: Vec<StoredRun>,
    entries: Vec<Value>,
    table: PathBuf,
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
        StoredFolder::open(folder, token)?.read_all()
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

impl StoredFolder {
    /// Reads what a folder holds besides rows, and compares its files with their digests.
    ///
    /// # Errors
    /// Those of [`StoredRuns::read`].
    pub fn open(folder: &Path, token: &WorkToken) -> Result<Self, StoredRunsError> {
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
        let manifest = Manifest::of(SetKind::Run, &summary);
        let record = manifest
            .as_ref()
            .and_then(|one| one.file(SetKind::Run.data()));
        let record = record.ok_or_else(|| failed(words::no_manifest().to_owned()))?;
        record
            .check(folder, SetKind::Run.manifest())
            .map_err(|reason| wrong_file(&table, reason))?;
        let experiment = Experiment::read(&name, file)?;
        let problem = experiment.problem.build_informed(token);
        let shard = Shard::of_json(summary.get("shard")).map_err(failed)?;
        let entries = summary.get("runs").and_then(Value::as_array).cloned();
        let runs = entries.as_ref().and_then(|runs| {
            let read = runs
                .iter()
                .map(|run| StoredRun::of(run, &experiment, &*problem));
            read.collect::<Option<Vec<_>>>()
        });
        Ok(Self {
            runs: runs.ok_or_else(|| failed(words::wrong_runs().to_owned()))?,
            entries: entries.unwrap_or_default(),
            experiment,
            problem,
            shard,
            table,
        })
    }

    /// Leaves out runs by their statuses and verdicts; their rows are passed over.
    pub fn retain_runs(&mut self, is_kept: impl Fn(&Status, Option<Verdict>) -> bool) {
        for run in &mut self.runs {
            run.is_kept &= is_kept(&run.status, run.verdict);
        }
    }

    /// Reads all rows.
    ///
    /// # Errors
    /// If the table cannot be read or is wrong.
    pub fn read_all(self) -> Result<StoredRuns, StoredRunsError> {
        self.read(None)
    }

    /// Reads the rows; a receiver takes each run's in parts of the given number, and the first and the last stay.
    ///
    /// # Errors
    /// If the table cannot be read or is wrong, or a part cannot be taken.
    pub(crate) fn read<'r>(
        mut self,
        receiver: Option<(usize, &'r mut PartReceiver<'r>)>,
    ) -> Result<StoredRuns, StoredRunsError> {
        let wrong = |reason: String| wrong_file(&self.table, reason);
        let mut reader = RowReader {
            experiment: &self.experiment,
            problem: &*self.problem,
            receiver,
        };
        reader.read(&self.table, &mut self.runs).map_err(wrong)?;
        let runs = self.runs.into_iter().zip(self.entries);
        let (mut results, mut verdicts, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for (run, entry) in runs.filter(|(run, _)| run.is_kept) {
            verdicts.push(run.verdict);
            entries.push(entry);
            results.push(run.result(&*self.problem));
        }
        Ok(StoredRuns {
            experiment: self.experiment,
            problem: self.problem,
            shard: self.shard,
            results,
            verdicts,
            entries,
        })
    }
}

fn wrong_file(file: &Path, reason: String) -> StoredRunsError {
    StoredRunsError::File {
        file: file.display().to_string(),
        reason,
    }
}
