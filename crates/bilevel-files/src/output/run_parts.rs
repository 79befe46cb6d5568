//! The parts of `run` that `--shard` computed: their runs are read, checked and merged; rows are copied byte by byte.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use bilevel::numerics::WorkToken;
use bilevel::run::Status;
use serde_json::{Map, Value, json};

use super::diagnostics_csv::DiagnosticsTable;
use super::escapes::spreadsheet_text;
use super::manifest::{ExperimentId, KEY, Manifest, SetKind};
use super::merging::{MergeError, in_order};
use super::stored_runs::StoredRuns;
use super::summary::MOST_VARIABLES;
use super::summary_context::starts;
use crate::messages::files as file_words;
use crate::messages::surveys as words;
use crate::{RunKey, Shard};

/// The keys of the summary that differ between parts.
const OF_PART: [&str; 6] = [KEY, "runs", "starts", "shard", "threads", "complete"];

/// The bytes of each run's rows in a table.
type RowRanges = BTreeMap<RunKey, (PathBuf, Range<u64>)>;

/// Runs that were computed in parts.
pub struct MergedRuns {
    /// All runs, in the order of the experiment.
    pub stored: StoredRuns,
    /// The identity of the experiment.
    pub id: ExperimentId,
    /// The tables with rows for each run.
    pub tables: Vec<MergedTable>,
    head: Map<String, Value>,
}

/// A table of parts.
#[derive(Debug)]
pub struct MergedTable {
    /// The name of the file.
    pub name: &'static str,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The rows of each run, in the order of the experiment.
    rows: Vec<(PathBuf, Range<u64>)>,
}

/// A part as it is in a folder.
struct RunPart {
    name: String,
    folder: PathBuf,
    shard: Shard,
    head: Map<String, Value>,
    manifest: Manifest,
    stored: StoredRuns,
}

impl MergedRuns {
    /// Reads the parts in these folders, and checks them.
    ///
    /// # Errors
    /// If a part cannot be read, was changed or interrupted, is of another call, is missing or occurs twice.
    pub fn read(folders: &[impl AsRef<Path>], token: &WorkToken) -> Result<Self, MergeError> {
        let mut parts: Vec<RunPart> = Vec::new();
        for folder in folders {
            let part = RunPart::read(folder.as_ref(), token)?;
            if let Some(first) = parts.first() {
                part.compare(first)?;
            }
            parts.push(part);
        }
        let names: Vec<&'static str> = [SetKind::Run.data(), DiagnosticsTable::FILE]
            .into_iter()
            .filter(|name| parts.iter().all(|part| part.manifest.file(name).is_some()))
            .collect();
        let named = parts
            .into_iter()
            .map(|part| (part.shard, part.name.clone(), part));
        let (first, others) = in_order(named)?;
        let mut parts = vec![first];
        parts.extend(others);
        let tables = names.into_iter().map(|name| MergedTable::of(name, &parts));
        let tables = tables.collect::<Result<Vec<_>, MergeError>>()?;
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else {
            return Err(MergeError::empty());
        };
        let mut stored = first.stored;
        for part in parts {
            stored.results.extend(part.stored.results);
            stored.verdicts.extend(part.stored.verdicts);
            stored.entries.extend(part.stored.entries);
        }
        let order = keys(&stored, Shard::WHOLE).map_err(|reason| MergeError::File {
            file: first.name,
            reason,
        })?;
        stored.sort(&order);
        Ok(Self {
            stored,
            id: first.manifest.id,
            tables,
            head: first.head,
        })
    }

    /// The content of `summary.json`.
    pub fn summary(&self) -> Value {
        let mut summary = self.head.clone();
        let is_small = self.stored.problem.metadata().shape().total() <= MOST_VARIABLES;
        let starts = is_small.then(|| starts(&self.stored.results));
        summary.remove("shard");
        summary.insert("starts".to_owned(), json!(starts));
        summary.insert("runs".to_owned(), json!(self.stored.entries));
        Value::Object(summary)
    }

    /// True if the referee has judged any row.
    pub fn is_judged(&self) -> bool {
        let mut entries = self.stored.entries.iter();
        entries.any(|entry| !entry["final"]["gap"].is_null() || !entry["end"].is_null())
    }
}

impl MergedTable {
    /// The table of all parts.
    fn of(name: &'static str, parts: &[RunPart]) -> Result<Self, MergeError> {
        let mut columns: Option<Vec<String>> = None;
        let mut ranges = RowRanges::new();
        for part in parts {
            let path = part.folder.join(name);
            let failed = |reason: String| MergeError::File {
                file: path.display().to_string(),
                reason,
            };
            if let Some(record) = part.manifest.file(name) {
                let checked = record.check(&part.folder, SetKind::Run.manifest());
                checked.map_err(failed)?;
            }
            let (own, rows) = ranges_in(&path, &part.stored).map_err(failed)?;
            let known = columns.get_or_insert_with(|| own.clone());
            if *known != own {
                return Err(failed(file_words::wrong_columns_of_trace(
                    &known.join(", "),
                )));
            }
            ranges.extend(rows);
        }
        let mut rows: Vec<_> = ranges.into_iter().collect();
        if let Some(part) = parts.first() {
            let seeds = &part.stored.experiment.seeds;
            let seed = |key: &RunKey| seeds.iter().position(|&one| one == key.seed);
            rows.sort_by_key(|(key, _)| (key.method, key.start, seed(key)));
        }
        Ok(Self {
            name,
            columns: columns.unwrap_or_default(),
            rows: rows.into_iter().map(|(_, range)| range).collect(),
        })
    }

    /// Writes the table.
    pub fn write(&self, writer: &mut dyn Write) -> std::io::Result<()> {
        let mut head = csv::Writer::from_writer(&mut *writer);
        head.write_record(&self.columns)?;
        head.flush()?;
        drop(head);
        for (path, range) in &self.rows {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(range.start))?;
            std::io::copy(&mut file.take(range.end - range.start), writer)?;
        }
        Ok(())
    }
}

impl RunPart {
    fn read(folder: &Path, token: &WorkToken) -> Result<Self, MergeError> {
        let path = folder.join(SetKind::Run.manifest());
        let name = path.display().to_string();
        let failed = |reason: String| MergeError::File {
            file: name.clone(),
            reason,
        };
        let stored = StoredRuns::read(folder, token)
            .map_err(|error| MergeError::Stored(error.to_string()))?;
        let text = std::fs::read(&path).map_err(|error| failed(error.to_string()))?;
        let mut head: Map<String, Value> =
            serde_json::from_slice(&text).map_err(|error| failed(error.to_string()))?;
        let manifest = Manifest::of(SetKind::Run, &head);
        let manifest = manifest.ok_or_else(|| failed(file_words::no_manifest().to_owned()))?;
        let shard = stored.shard;
        let expected = keys(&stored, shard).map_err(failed)?;
        let is_over = |status: &Status| !matches!(status, Status::Stopped(_));
        let ended = stored.results.iter().filter(|run| is_over(&run.status));
        if head.get("complete") == Some(&Value::Bool(false)) {
            return Err(MergeError::Interrupted {
                rows: ended.count(),
                runs: expected.len(),
                file: name,
            });
        }
        let own = stored.results.iter().map(|run| run.key);
        let own: Vec<RunKey> = own.collect();
        if own != expected {
            return Err(failed(words::rows_of_part(own.len(), expected.len())));
        }
        head.retain(|key, _| !matches!(key.as_str(), KEY | "runs" | "starts"));
        Ok(Self {
            name,
            folder: folder.to_path_buf(),
            shard,
            head,
            manifest,
            stored,
        })
    }

    /// Checks that two parts are of one call.
    fn compare(&self, first: &Self) -> Result<(), MergeError> {
        let different = |key: &str| {
            Err(MergeError::Different {
                file: self.name.clone(),
                key: key.to_owned(),
                first: first.name.clone(),
            })
        };
        if self.shard.of != first.shard.of {
            return different("shard");
        }
        let keys = first.head.keys().chain(self.head.keys());
        let mut keys = keys.filter(|key| !OF_PART.contains(&key.as_str()));
        match keys.find(|key| first.head.get(*key) != self.head.get(*key)) {
            Some(key) => different(key),
            None if self.manifest.id != first.manifest.id => different(KEY),
            None => Ok(()),
        }
    }
}

/// The runs of a part, in the order of the experiment.
fn keys(stored: &StoredRuns, shard: Shard) -> Result<Vec<RunKey>, String> {
    let runs = stored.experiment.runs(&stored.problem);
    let runs = runs.map_err(|error| error.to_string())?;
    let places = shard.runs(runs.len());
    Ok(places.map(|place| runs[place].0).collect())
}

/// The columns of a table, and the bytes of each run's rows.
fn ranges_in(path: &Path, stored: &StoredRuns) -> Result<(Vec<String>, RowRanges), String> {
    let runs = stored.results.iter().map(|run| {
        let label = spreadsheet_text(&stored.experiment.methods[run.key.method].label);
        let start = (run.key.start + 1).to_string();
        ([label, start, run.key.seed.to_string()], run.key)
    });
    let runs: BTreeMap<[String; 3], RunKey> = runs.collect();
    let bytes = std::fs::metadata(path).map_err(|error| error.to_string())?;
    let mut reader = csv::Reader::from_path(path).map_err(|error| error.to_string())?;
    let columns = reader.headers().map_err(|error| error.to_string())?;
    let columns = columns.iter().map(ToOwned::to_owned).collect();
    let mut ranges: Vec<(RunKey, Range<u64>)> = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| error.to_string())?
    {
        let (line, byte) = record
            .position()
            .map_or((0, 0), |position| (position.line(), position.byte()));
        let cells = [0, 1, 2].map(|place| record.get(place).unwrap_or_default().to_owned());
        let key = runs.get(&cells);
        let key = *key.ok_or_else(|| file_words::wrong_row_of_trace(line))?;
        match ranges.last_mut() {
            Some((known, _)) if *known == key => {}
            last => {
                if let Some((_, range)) = last {
                    range.end = byte;
                }
                ranges.push((key, byte..bytes.len()));
            }
        }
    }
    let distinct: HashSet<RunKey> = ranges.iter().map(|(key, _)| *key).collect();
    if distinct.len() < ranges.len() {
        return Err(file_words::rows_of_run_apart().to_owned());
    }
    let with_path = |(key, range): (RunKey, Range<u64>)| (key, (path.to_path_buf(), range));
    Ok((columns, ranges.into_iter().map(with_path).collect()))
}
