//! The files of `tune` in a folder, read back: an interrupted call is completed, and the parts of several machines are merged.

use std::path::Path;

use bilevel::study::{Trial, TrialCount, TrialKey, TrialScores, Tuning, tunings};
use serde_json::{Map, Value};

use super::escapes::spreadsheet_text;
use super::manifest::{ExperimentId, KEY, Manifest, SetKind};
use super::merging::{MergeError, in_order};
use super::tuning_files::TuningFiles;
use crate::messages::files as file_words;
use crate::messages::surveys as words;
use crate::{Experiment, Shard};

/// The keys of the JSON file that are computed from the scores.
const COMPUTED: [&str; 3] = [KEY, "methods", "complete"];

/// A tuning, or a part of one, as it is in a folder.
#[derive(Debug)]
pub struct TuningPart {
    /// The name of the JSON file.
    name: String,
    /// The results.
    pub files: TuningFiles,
    /// The identity of the experiment.
    pub id: ExperimentId,
}

impl TuningPart {
    /// True if a folder holds the results of `tune`.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(SetKind::Tuning.manifest()).is_file()
    }

    /// Reads the files of a folder, and checks every row.
    ///
    /// # Errors
    /// If a file cannot be read, was changed, or has a row that is of no trial.
    pub fn read(folder: &Path) -> Result<Self, MergeError> {
        let path = folder.join(SetKind::Tuning.manifest());
        let name = path.display().to_string();
        let failed = |reason: String| MergeError::File {
            file: name.clone(),
            reason,
        };
        let text = std::fs::read(&path).map_err(|error| failed(error.to_string()))?;
        let mut head: Map<String, Value> =
            serde_json::from_slice(&text).map_err(|error| failed(error.to_string()))?;
        let manifest = Manifest::of(SetKind::Tuning, &head);
        let manifest = manifest.ok_or_else(|| failed(file_words::no_manifest().to_owned()))?;
        let is_complete = head.get("complete") != Some(&Value::Bool(false));
        let file = head.get("file").and_then(Value::as_str);
        let file = file.ok_or_else(|| failed(file_words::no_experiment().to_owned()))?;
        let experiment =
            Experiment::read(&name, file).map_err(|error| failed(error.to_string()))?;
        let effort = effort_of(&head).ok_or_else(|| failed(words::wrong_key("trials")))?;
        if !head.get("score").is_some_and(Value::is_string) {
            return Err(failed(words::wrong_key("score")));
        }
        let shard = Shard::of_json(head.get("shard")).map_err(failed)?;
        head.retain(|key, _| !COMPUTED.contains(&key.as_str()));
        let problem = experiment.problem.build();
        let mut files = TuningFiles::with_head(&experiment, &problem, head, (effort, shard))
            .map_err(|error| failed(error.to_string()))?;
        let data = SetKind::Tuning.data();
        let table = folder.join(data);
        let failed_table = |reason: String| MergeError::File {
            file: table.display().to_string(),
            reason,
        };
        let record = manifest.file(data);
        let record = record.ok_or_else(|| failed(file_words::no_manifest().to_owned()))?;
        let checked = record.check(folder, SetKind::Tuning.manifest());
        checked.map_err(failed_table)?;
        let scores = scores_in(&table, &files).map_err(failed_table)?;
        files.add(scores);
        if is_complete != files.is_complete() {
            let (rows, all) = (files.scores().len(), files.keys().len());
            return Err(failed_table(words::rows_of_part(rows, all)));
        }
        Ok(Self {
            name,
            files,
            id: manifest.id,
        })
    }

    /// Merges the parts of one tuning, read from these folders; returns the identity of their experiment, too.
    ///
    /// # Errors
    /// If a part cannot be read, was interrupted, is of another tuning, is missing or occurs twice.
    pub fn merge(folders: &[impl AsRef<Path>]) -> Result<(TuningFiles, ExperimentId), MergeError> {
        let mut parts: Vec<Self> = Vec::new();
        for folder in folders {
            let part = Self::read(folder.as_ref())?;
            if !part.files.is_complete() {
                let files = &part.files;
                return Err(MergeError::Interrupted {
                    rows: files.runs_of(&files.scores().keys().copied().collect::<Vec<_>>()),
                    runs: files.runs_of(&files.keys()),
                    file: part.name,
                });
            }
            if let Some(first) = parts.first() {
                part.compare(first)?;
            }
            parts.push(part);
        }
        let named = parts
            .into_iter()
            .map(|part| (part.files.shard(), part.name.clone(), part));
        let (first, others) = in_order(named)?;
        let mut whole = first.files.into_whole();
        for part in others {
            whole.add(part.files.scores().clone());
        }
        Ok((whole, first.id))
    }

    /// Checks that two parts are of one tuning.
    fn compare(&self, first: &Self) -> Result<(), MergeError> {
        let different = |key: &str| {
            Err(MergeError::Different {
                file: self.name.clone(),
                key: key.to_owned(),
                first: first.name.clone(),
            })
        };
        if self.files.shard().of != first.files.shard().of {
            return different("shard");
        }
        let (own, known) = (self.files.head(), first.files.head());
        let mut keys = known.keys().chain(own.keys()).filter(|key| *key != "shard");
        match keys.find(|key| known.get(*key) != own.get(*key)) {
            Some(key) => different(key),
            None if self.id != first.id => different(KEY),
            None => Ok(()),
        }
    }
}

impl TuningFiles {
    /// Takes the scores of an interrupted call of the same tuning; false if it was of another one.
    pub fn resume(&mut self, earlier: &TuningPart) -> bool {
        let is_same = self.head() == earlier.files.head();
        if is_same {
            self.add(earlier.files.scores().clone());
        }
        is_same
    }
}

/// The number of settings of each method.
fn effort_of(head: &Map<String, Value>) -> Option<TrialCount> {
    let trials = head.get("trials")?.as_u64()?;
    let mut known = TrialCount::ALL.into_iter();
    known.find(|one| one.trials() as u64 == trials)
}

/// The scores in a table of trials.
///
/// # Errors
/// If the table is not one of this tuning, with the line.
fn scores_in(table: &Path, files: &TuningFiles) -> Result<TrialScores, String> {
    let keys = files.keys();
    let (methods, effort) = files.work();
    // what the table holds besides its scores
    let empty = |key: &TrialKey| (*key, vec![0.0; methods[key.method].len()]);
    let expected = tunings(methods, effort, keys.iter().map(empty).collect());
    let columns = files.columns();
    let mut reader = csv::Reader::from_path(table).map_err(|error| error.to_string())?;
    let head = reader.headers().map_err(|error| error.to_string())?;
    if head.iter().ne(&columns) {
        return Err(file_words::wrong_columns_of_trace(&columns.join(", ")));
    }
    let mut scores = TrialScores::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let of_row = row_of(&record, (files.experiment(), &expected, &columns));
        let (key, own) = of_row.map_err(|reason| words::wrong_row(line, &reason))?;
        if scores.insert(key, own).is_some() {
            return Err(words::row_too_many(line));
        }
    }
    Ok(scores)
}

/// The trial of a row, with its scores.
fn row_of(
    record: &csv::StringRecord,
    (experiment, expected, columns): (&Experiment, &[Tuning], &[String]),
) -> Result<(TrialKey, Vec<f64>), String> {
    let invalid = |column: usize| words::invalid_cell(&columns[column], &record[column]);
    let label = |one: &crate::MethodSpec| spreadsheet_text(&one.label) == record[0];
    let method = experiment.methods.iter().position(label);
    let method = method.ok_or_else(|| invalid(0))?;
    let number: usize = record[1].parse().map_err(|_error| invalid(1))?;
    let tuning = &expected[method];
    let mut trials = tuning.trials.iter();
    let trial = trials.find(|trial| trial.number == number);
    let trial = trial.ok_or_else(|| invalid(1))?;
    let first = columns.len() - trial.scores.len();
    for column in 2..first - 1 {
        let mut varied = tuning.varied.iter();
        let name = varied.find(|name| **name == columns[column]);
        let value = name.map(|name| trial.settings.value(name).to_string());
        let value = value.unwrap_or_default();
        if record[column] != *value {
            let (name, given) = (&columns[column], &record[column]);
            return Err(words::wrong_cell(name, given, &value));
        }
    }
    let score = |column: usize| {
        record[column]
            .parse::<f64>()
            .map_err(|_error| invalid(column))
    };
    let scores = (first..columns.len()).map(score);
    let scores: Vec<f64> = scores.collect::<Result<_, _>>()?;
    let median = Trial::new(number, trial.settings.clone(), scores.clone()).median;
    let (given, own) = (&record[first - 1], format!("{median:?}"));
    if given != own {
        return Err(words::wrong_cell(&columns[first - 1], given, &own));
    }
    Ok((TrialKey { method, number }, scores))
}
