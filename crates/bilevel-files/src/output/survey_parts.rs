//! The parts of a survey that `--shard` computed: their files are read, checked against each other row by row, and merged.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

use super::manifest::{ExperimentId, KEY, Manifest, SetKind};
use super::merging::{MergeError, in_order, only_kind};
use super::survey_files::{SurveyFiles, SurveyKind};
use super::survey_frame::SurveyFrame;
use crate::messages;
use crate::{Experiment, Shard};

/// The keys of a method that are computed from the rows.
const COUNTED: [&str; 4] = ["counts", "total", "cost", "shares"];

/// A part of a survey as it is in a folder.
#[derive(Debug)]
pub struct SurveyPart {
    /// The name of its summary.
    name: String,
    /// The results.
    pub files: SurveyFiles,
    /// The identity of the experiment.
    pub id: ExperimentId,
    shard: Shard,
}

impl SurveyPart {
    /// Merges the parts of one survey, read from these folders; returns the identity of their experiment, too.
    pub fn merge(folders: &[impl AsRef<Path>]) -> Result<(SurveyFiles, ExperimentId), MergeError> {
        let mut parts: Vec<Self> = Vec::new();
        for folder in folders {
            let part = Self::read(folder.as_ref())?;
            if !part.files.is_complete() {
                return Err(MergeError::Interrupted {
                    rows: part.files.rows.len(),
                    runs: part.files.runs,
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
            .map(|part| (part.shard, part.name.clone(), part));
        let (mut whole, parts) = in_order(named)?;
        whole.files.head.remove("shard");
        for part in parts {
            whole.files.runs += part.files.runs;
            whole.files.rows.extend(part.files.rows);
        }
        Ok((whole.files, whole.id))
    }
}

impl SurveyFiles {
    /// Merges the parts of one survey, read from these folders.
    pub fn merge(folders: &[impl AsRef<Path>]) -> Result<Self, MergeError> {
        SurveyPart::merge(folders).map(|(files, _)| files)
    }

    /// Adds the rows of an interrupted call of the same survey; `None` if it was of another one.
    pub fn resume(&self, earlier: SurveyPart) -> Option<Self> {
        let is_same = (self.kind, &self.head, &self.columns)
            == (
                earlier.files.kind,
                &earlier.files.head,
                &earlier.files.columns,
            );
        is_same.then(|| self.clone().with_rows_of(earlier.files))
    }

    /// The results with the rows of an earlier call of the same survey.
    #[must_use]
    pub fn with_rows_of(mut self, earlier: Self) -> Self {
        self.rows.extend(earlier.rows);
        self
    }

    /// The numbers of the runs with a row.
    pub fn numbers(&self) -> BTreeSet<usize> {
        self.rows.keys().copied().collect()
    }
}

impl SurveyPart {
    /// The name of the summary's file.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Reads the files of one folder, and checks them.
    pub fn read(folder: &Path) -> Result<Self, MergeError> {
        match only_kind(folder, &[SetKind::Basins, SetKind::Sweep])? {
            SetKind::Sweep => Self::read_kind(folder, SurveyKind::Sweep),
            _ => Self::read_kind(folder, SurveyKind::Basins),
        }
    }

    /// Reads the files of one kind, and checks them.
    pub fn read_kind(folder: &Path, kind: SurveyKind) -> Result<Self, MergeError> {
        let path = folder.join(kind.set().manifest());
        let name = path.display().to_string();
        let failed = |reason: &dyn std::fmt::Display| MergeError::File {
            file: name.clone(),
            reason: reason.to_string(),
        };
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&error))?;
        let json: Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
        let Value::Object(mut head) = json else {
            return Err(failed(&messages::surveys::no_json_object()));
        };
        let manifest = Manifest::of(kind.set(), &head);
        let stated = head.get("methods").cloned();
        head.remove(KEY);
        let is_complete = head.remove("complete") != Some(Value::Bool(false));
        strip(&mut head);
        let frame = SurveyFrame::of(kind, &head).map_err(|reason| failed(&reason))?;
        let table = folder.join(kind.set().data());
        let name_of_table = table.display().to_string();
        let failed_table = |reason: String| MergeError::File {
            file: name_of_table.clone(),
            reason,
        };
        let record = manifest
            .as_ref()
            .and_then(|one| one.file(kind.set().data()));
        if let Some(record) = record.filter(|record| !record.sha256.is_empty()) {
            record
                .check(folder, kind.set().manifest())
                .map_err(failed_table)?;
        }
        let (columns, rows) = frame.rows_of(&table, is_complete).map_err(failed_table)?;
        let files = SurveyFiles {
            kind,
            columns,
            rows,
            written: std::collections::BTreeMap::new(),
            runs: frame.numbers().count(),
            head,
        };
        let counted = files.json();
        if let Some(label) = differing_counts(stated.as_ref(), counted.get("methods")) {
            return Err(failed(&messages::surveys::wrong_counts(
                &label,
                kind.set().data(),
            )));
        }
        Ok(Self {
            name,
            id: manifest.map_or_else(|| identity_of(&files.head), |one| one.id),
            files,
            shard: frame.shard,
        })
    }

    /// Checks that two parts are of one survey.
    fn compare(&self, first: &Self) -> Result<(), MergeError> {
        let different = |key: &str| {
            Err(MergeError::Different {
                file: self.name.clone(),
                key: key.to_owned(),
                first: first.name.clone(),
            })
        };
        if self.files.kind != first.files.kind {
            return different("kind");
        }
        if self.shard.of != first.shard.of {
            return different("shard");
        }
        let known = &first.files.head;
        let keys = known.keys().chain(self.files.head.keys());
        let mut keys = keys.filter(|key| *key != "shard");
        if let Some(key) = keys.find(|key| known.get(*key) != self.files.head.get(*key)) {
            return different(key);
        }
        if self.files.columns != first.files.columns {
            return different("columns");
        }
        if self.id != first.id {
            return different(KEY);
        }
        Ok(())
    }
}

/// The identity of the experiment of files of earlier versions.
fn identity_of(head: &Map<String, Value>) -> ExperimentId {
    let text = |key: &str| head.get(key).and_then(Value::as_str).unwrap_or_default();
    let read = Experiment::read("", text("file")).map(|experiment| experiment.identity());
    read.unwrap_or_else(|_| ExperimentId {
        title: text("experiment").to_owned(),
        sha256: String::new(),
    })
}

/// Removes the numbers that are computed from the rows.
fn strip(head: &mut Map<String, Value>) {
    let methods = head.get_mut("methods").and_then(Value::as_array_mut);
    let methods = methods.into_iter().flatten();
    for method in methods.filter_map(Value::as_object_mut) {
        for key in COUNTED {
            method.remove(key);
        }
    }
}

/// The label of a method whose stated numbers are not those of the rows. Files of earlier versions state fewer.
fn differing_counts(stated: Option<&Value>, counted: Option<&Value>) -> Option<String> {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let pairs = list(stated).into_iter().zip(list(counted));
    let mut wrong = pairs.filter(|(stated, counted)| {
        let counts = stated.get("counts").and_then(Value::as_object);
        let mut counts = counts.into_iter().flatten();
        let is_same = |key: &str| {
            stated
                .get(key)
                .is_none_or(|one| Some(one) == counted.get(key))
        };
        let is_counted = counts.all(|(word, count)| counted["counts"].get(word) == Some(count));
        !is_counted || !is_same("total") || !is_same("cost")
    });
    let (method, _) = wrong.next()?;
    Some(
        method
            .get("label")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
    )
}
