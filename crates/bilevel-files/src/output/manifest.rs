//! The manifest of a results folder: the key `set` of its JSON file lists the other files with their digests, and
//! identifies the experiment.

use std::io::{Read as _, Write};
use std::path::Path;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::messages;
use crate::{Experiment, ViewSpec};

/// The key of the manifest.
pub(crate) const KEY: &str = "set";

/// The kind of a results folder's set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetKind {
    /// The files of `run`.
    Run,
    /// The files of `tune`.
    Tuning,
    /// The files of `basins`.
    Basins,
    /// The files of `sweep`.
    Sweep,
}

impl SetKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Run, Self::Tuning, Self::Basins, Self::Sweep];

    /// The name of tables without its ending.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Tuning => "tuning",
            Self::Basins => "basins",
            Self::Sweep => "sweep",
        }
    }

    /// The name of the JSON file, which holds the manifest.
    pub const fn manifest(self) -> &'static str {
        match self {
            Self::Run => "summary.json",
            Self::Tuning => "tuning.json",
            Self::Basins => "basins.json",
            Self::Sweep => "sweep.json",
        }
    }

    /// The name of the table of data.
    pub const fn data(self) -> &'static str {
        match self {
            Self::Run => "trace.csv",
            Self::Tuning => "tuning.csv",
            Self::Basins => "basins.csv",
            Self::Sweep => "sweep.csv",
        }
    }
}

/// A file of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// The name in the folder.
    pub name: String,
    /// The size in bytes.
    pub bytes: u64,
    /// The SHA-256 digest in hexadecimal digits.
    pub sha256: String,
    /// The names of the columns of a table of data.
    pub columns: Option<Vec<String>>,
}

/// The identity of an experiment: its title, and a digest of all that decides its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExperimentId {
    /// The title.
    pub title: String,
    /// The SHA-256 digest of the file without title, texts, colours and view; empty if it is not known.
    pub sha256: String,
}

impl Experiment {
    /// The identity of the experiment.
    pub fn identity(&self) -> ExperimentId {
        let mut plain = Self {
            title: String::new(),
            about: String::new(),
            source: String::new(),
            view: ViewSpec::default(),
            ..self.clone()
        };
        for method in &mut plain.methods {
            method.note.clear();
            method.colour = None;
        }
        ExperimentId {
            title: self.title.clone(),
            sha256: hex(Sha256::digest(plain.write()).as_slice()),
        }
    }
}

/// The manifest of a set that is there.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    pub(crate) id: ExperimentId,
    pub(crate) files: Vec<FileRecord>,
}

impl Manifest {
    /// The value of the key `set`.
    pub(crate) fn json(id: &ExperimentId, files: &[FileRecord]) -> Value {
        let file = |file: &FileRecord| {
            let mut value = json!({
                "name": file.name,
                "bytes": file.bytes,
                "sha256": file.sha256,
            });
            if let Some(columns) = &file.columns {
                value["columns"] = json!(columns);
            }
            value
        };
        json!({
            "experiment": id.sha256,
            "files": files.iter().map(file).collect::<Vec<_>>(),
        })
    }

    /// The manifest in a JSON file's object; one of an earlier version has no digests. `None` for a file of something
    /// else.
    pub(crate) fn of(kind: SetKind, whole: &Map<String, Value>) -> Option<Self> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(ToOwned::to_owned);
        let title = text(whole.get("experiment"))?;
        whole.get("version")?.as_str()?;
        let Some(set) = whole.get(KEY) else {
            let rows = if kind == SetKind::Run {
                "runs"
            } else {
                "methods"
            };
            whole.get(rows)?.as_array()?;
            return Some(Self {
                id: ExperimentId {
                    title,
                    sha256: String::new(),
                },
                files: vec![FileRecord {
                    name: kind.data().to_owned(),
                    bytes: 0,
                    sha256: String::new(),
                    columns: None,
                }],
            });
        };
        let files = set.get("files")?.as_array()?.iter().map(|file| {
            let columns = file.get("columns").and_then(Value::as_array);
            let columns =
                columns.map(|names| names.iter().filter_map(|name| text(Some(name))).collect());
            // a name is of this folder and of no other
            let name = text(file.get("name")).filter(|name| !name.contains(['/', '\\']))?;
            Some(FileRecord {
                name,
                bytes: file.get("bytes")?.as_u64()?,
                sha256: text(file.get("sha256"))?,
                columns,
            })
        });
        Some(Self {
            id: ExperimentId {
                title,
                sha256: text(set.get("experiment"))?,
            },
            files: files.collect::<Option<_>>()?,
        })
    }

    /// The record of a file.
    pub(crate) fn file(&self, name: &str) -> Option<&FileRecord> {
        self.files.iter().find(|file| file.name == name)
    }
}

impl FileRecord {
    /// True if the file in a folder is the recorded one.
    pub(crate) fn is_in(&self, folder: &Path) -> std::io::Result<bool> {
        let path = folder.join(&self.name);
        let found = std::fs::symlink_metadata(&path)?;
        if !std::fs::metadata(&path)?.is_file() || found.is_file() && found.len() != self.bytes {
            return Ok(false);
        }
        let mut file = std::fs::File::open(path)?.take(self.bytes + 1);
        let mut digest = Digesting::new(std::io::sink());
        std::io::copy(&mut file, &mut digest)?;
        let (bytes, sha256) = digest.finish();
        Ok((bytes, sha256) == (self.bytes, self.sha256.clone()))
    }

    /// Checks that the file in a folder is the recorded one.
    ///
    /// # Errors
    /// If it is not, or cannot be read, with the reason.
    pub(crate) fn check(&self, folder: &Path, manifest: &str) -> Result<(), String> {
        match self.is_in(folder) {
            Ok(true) => Ok(()),
            Ok(false) => Err(messages::files::not_of_set(manifest)),
            Err(error) => Err(messages::files::reason_of(error.kind(), &error.to_string())),
        }
    }
}

/// A writer that counts and digests what passes through.
pub(crate) struct Digesting<W> {
    inner: W,
    digest: Sha256,
    bytes: u64,
}

impl<W> Digesting<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self {
            inner,
            digest: Sha256::new(),
            bytes: 0,
        }
    }

    /// The number of bytes and their digest.
    pub(crate) fn finish(self) -> (u64, String) {
        (self.bytes, hex(self.digest.finalize().as_slice()))
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    let pairs = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_other_programs() {
        let mut digest = Digesting::new(Vec::new());
        digest.write_all(b"abc").unwrap();
        let (bytes, sha256) = digest.finish();
        assert_eq!(bytes, 3);
        assert_eq!(
            sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn title_view_and_notes_are_not_part_of_an_identity() {
        let text = "title = 'A'\n[problem]\nid = 'coreset'\n[[method]]\nid = 'bome'\n";
        let id = |text: &str| Experiment::read("a.toml", text).unwrap().identity();
        let first = id(text);
        let renamed = text
            .replace("'A'", "'B'")
            .replace("'bome'", "'bome'\nnote = 'n'\ncolour = '#112233'");
        let renamed = id(&format!("{renamed}[view]\nrace_y = 'f'\n"));
        assert_eq!(first.sha256, renamed.sha256);
        assert_eq!((&*first.title, &*renamed.title), ("A", "B"));
        let other = id(&text.replace("'bome'", "'bome'\neta = 0.25"));
        assert_ne!(first.sha256, other.sha256);
    }
}
