//! The parts that `--shard` computed: the set in a folder, the order of parts, and the reasons why they make no whole.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use thiserror::Error;

use super::manifest::SetKind;
use crate::Shard;
use crate::messages;

/// The reason why parts cannot be merged.
#[derive(Debug, Error)]
pub enum MergeError {
    /// A file cannot be read.
    #[error("{}", messages::surveys::wrong_file(.file, .reason))]
    File {
        /// The file.
        file: String,
        /// The reason.
        reason: String,
    },
    /// The results of `run` in a folder cannot be read.
    #[error("{0}")]
    Stored(String),
    /// A folder contains several sets of results.
    #[error("{}", messages::surveys::several_sets(.0, .1))]
    Several(String, String),
    /// A folder contains no results.
    #[error("{}", messages::surveys::no_set(.0, .1))]
    Nothing(String, String),
    /// Two parts belong to different calls.
    #[error("{}", messages::surveys::different_parts(.file, .key, .first))]
    Different {
        /// The summary of the part.
        file: String,
        /// The key with different values.
        key: String,
        /// The summary of the first part.
        first: String,
    },
    /// A part occurs twice.
    #[error("{}", messages::surveys::part_twice(.file, *.number, *.of))]
    Twice {
        /// The summary of the second occurrence.
        file: String,
        /// Number of the part, from 1.
        number: usize,
        /// The number of parts.
        of: usize,
    },
    /// A part was interrupted.
    #[error("{}", messages::surveys::interrupted_part(.file, *.rows, *.runs))]
    Interrupted {
        /// The summary of the part.
        file: String,
        /// The number of its rows.
        rows: usize,
        /// The number of its runs.
        runs: usize,
    },
    /// Parts are missing.
    #[error("{}", messages::surveys::missing_parts(*.count, *.of, .numbers))]
    Missing {
        /// The number of missing parts.
        count: usize,
        /// The number of parts.
        of: usize,
        /// Numbers of the first missing ones.
        numbers: String,
    },
}

impl MergeError {
    /// The error of no parts at all.
    pub(super) fn empty() -> Self {
        Self::Missing {
            count: 0,
            of: 0,
            numbers: String::new(),
        }
    }
}

impl Shard {
    /// The value of the key `shard`; the whole where there is none.
    pub(super) fn of_json(value: Option<&Value>) -> Result<Self, String> {
        let Some(value) = value else {
            return Ok(Self::WHOLE);
        };
        let shard = value.as_str().and_then(|text| text.parse().ok());
        shard.ok_or_else(|| messages::surveys::wrong_shard_in_file(&value.to_string()))
    }
}

/// The kind of the results in some folders, which is the same in all.
///
/// # Errors
/// If a folder holds the results of no command or of several, or of another one than the first folder.
pub fn kind_of_parts(folders: &[impl AsRef<Path>]) -> Result<SetKind, MergeError> {
    let mut first: Option<(SetKind, String)> = None;
    for folder in folders {
        let kind = only_kind(folder.as_ref(), &SetKind::ALL)?;
        let file = folder.as_ref().join(kind.manifest()).display().to_string();
        match &first {
            Some((known, name)) if *known != kind => {
                return Err(MergeError::Different {
                    file,
                    key: "kind".to_owned(),
                    first: name.clone(),
                });
            }
            Some(_) => {}
            None => first = Some((kind, file)),
        }
    }
    first.map(|(kind, _)| kind).ok_or_else(MergeError::empty)
}

/// The only one of some kinds whose results are in a folder.
pub(super) fn only_kind(folder: &Path, kinds: &[SetKind]) -> Result<SetKind, MergeError> {
    let is_there = |kind: &&SetKind| folder.join(kind.manifest()).is_file();
    let found: Vec<SetKind> = kinds.iter().filter(is_there).copied().collect();
    let names = |kinds: &[SetKind]| {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.manifest()).collect();
        names.join(", ")
    };
    let folder = folder.display().to_string();
    match found[..] {
        [kind] => Ok(kind),
        [] => Err(MergeError::Nothing(folder, names(kinds))),
        _ => Err(MergeError::Several(folder, names(&found))),
    }
}

/// The first part, and the others in the order of their numbers; each has its name.
///
/// # Errors
/// If a part is missing or occurs twice.
pub(super) fn in_order<T>(
    parts: impl Iterator<Item = (Shard, String, T)>,
) -> Result<(T, impl Iterator<Item = T>), MergeError> {
    let mut known: BTreeMap<usize, T> = BTreeMap::new();
    let mut of = 0;
    for (shard, file, part) in parts {
        of = shard.of;
        if known.insert(shard.number, part).is_some() {
            return Err(MergeError::Twice {
                file,
                number: shard.number,
                of,
            });
        }
    }
    let missing: Vec<String> = (1..=of)
        .filter(|number| !known.contains_key(number))
        .map(|number| number.to_string())
        .collect();
    let mut parts = known.into_values();
    match parts.next() {
        Some(first) if missing.is_empty() => Ok((first, parts)),
        _ => Err(MergeError::Missing {
            count: missing.len(),
            of,
            numbers: some_of(&missing),
        }),
    }
}

/// Joins up to twelve words of a list.
fn some_of(words: &[String]) -> String {
    const MOST: usize = 12;
    let shown = words.iter().take(MOST).cloned().collect::<Vec<_>>();
    let more = if words.len() > MOST { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
