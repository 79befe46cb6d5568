//! The files that one command writes into a results folder, as a set: the data first, the JSON file with the manifest last.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tempfile::TempPath;
use thiserror::Error;

use super::atomic_write::{WriteError, staged};
use super::destination::{Destination, remove_leftovers, sync_folder};
use super::folder_lock::FolderLock;
use super::manifest::{Digesting, ExperimentId, FileRecord, KEY, Manifest, SetKind};
use crate::messages;

/// The beginning of the names of a set's temporary files; who holds the lock of the folder is their only writer.
const PREFIX: &str = ".bilevel-lab-set-";

/// The pictures of `run` that earlier versions wrote without a manifest.
const EARLIER_PICTURES: [&str; 4] = ["race.svg", "race.png", "landscape.svg", "landscape.png"];

/// A request for a set.
#[derive(Clone, Debug)]
pub struct SetRequest {
    /// The kind of the set.
    pub kind: SetKind,
    /// The experiment, as its file or preset has it.
    pub id: ExperimentId,
    /// The names of the files that may be written, the JSON file excepted.
    pub names: Vec<String>,
    /// True if results of another experiment are to be replaced.
    pub is_forced: bool,
}

/// The reason why a set cannot be begun or written.
#[derive(Debug, Error)]
pub enum SetError {
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Another command writes into the folder.
    #[error("{}", messages::files::folder_in_use(.0))]
    Locked(String),
    /// The folder holds the results of another experiment.
    #[error("{}", messages::files::other_experiment(.folder, .there, .here))]
    Other {
        /// The folder.
        folder: String,
        /// The title of the experiment in the folder.
        there: String,
        /// The title of the present experiment.
        here: String,
    },
    /// A file of somebody else has the name of a result.
    #[error("{}", messages::files::foreign_file(.0))]
    Foreign(String),
    /// Some files of the set were replaced and others not.
    #[error("{}", messages::files::half_replaced(.folder, &.error.to_string()))]
    Half {
        /// The folder.
        folder: String,
        /// The error of the first file that was not replaced.
        error: WriteError,
    },
}

/// Earlier results that a finished set has removed or left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// The names of the files that were removed.
    pub removed: Vec<String>,
    /// The names of files that were changed since they were written, and stay.
    pub kept: Vec<String>,
}

/// Files that a command writes into a folder. The folder is locked until the set is dropped.
#[derive(Debug)]
pub struct ResultSet {
    folder: PathBuf,
    kind: SetKind,
    id: ExperimentId,
    /// Held until the set is dropped.
    lock: Option<FolderLock>,
    /// True if the folder was made for the set.
    is_new: bool,
    /// True if the folder has an earlier set of the kind.
    has_earlier: bool,
    /// Files of earlier sets that this one replaces, without those that it has written itself.
    earlier: Vec<FileRecord>,
    staged: Vec<(TempPath, Destination, FileRecord)>,
    written: Vec<FileRecord>,
}

impl ResultSet {
    /// Begins a set: locks the folder, which is created if necessary, and compares it with the request.
    ///
    /// # Errors
    /// If the folder cannot be written to, is in use, holds results of another experiment, or has a file of somebody
    /// else in the place of one of the set.
    pub fn new(folder: &Path, request: SetRequest) -> Result<Self, SetError> {
        let failed = |reason| WriteError::new(folder, reason);
        let is_new = !folder.exists();
        std::fs::create_dir_all(folder).map_err(failed)?;
        let lock = FolderLock::new(folder).map_err(failed)?;
        let lock = lock.ok_or_else(|| SetError::Locked(folder.display().to_string()))?;
        remove_leftovers(folder, Some(PREFIX));
        let mut set = Self {
            folder: folder.to_path_buf(),
            kind: request.kind,
            id: request.id,
            lock: Some(lock),
            is_new,
            has_earlier: false,
            earlier: Vec::new(),
            staged: Vec::new(),
            written: Vec::new(),
        };
        set.compare(&request.names, request.is_forced)?;
        Ok(set)
    }

    /// Looks for earlier results in the folder, and for files in the way.
    fn compare(&mut self, names: &[String], is_forced: bool) -> Result<(), SetError> {
        let mut ours: BTreeSet<String> = self.left();
        for kind in SetKind::ALL {
            let Some(manifest) = manifest_in(&self.folder, kind) else {
                continue;
            };
            let is_same = if manifest.id.sha256.is_empty() {
                manifest.id.title == self.id.title
            } else {
                manifest.id.sha256 == self.id.sha256
            };
            if !is_same && !is_forced {
                return Err(SetError::Other {
                    folder: self.folder.display().to_string(),
                    there: manifest.id.title,
                    here: self.id.title.clone(),
                });
            }
            if manifest.id.sha256.is_empty() && kind == SetKind::Run {
                ours.extend(EARLIER_PICTURES.map(ToOwned::to_owned));
            }
            ours.insert(kind.manifest().to_owned());
            ours.extend(manifest.files.iter().map(|file| file.name.clone()));
            if kind == self.kind {
                self.has_earlier = true;
                self.earlier = manifest.files;
            }
        }
        if is_earlier_tuning(&self.folder) {
            ours.extend(["tuning.csv", "tuned.toml"].map(ToOwned::to_owned));
        }
        let manifest = self.kind.manifest().to_owned();
        for name in names.iter().chain([&manifest]) {
            let path = self.folder.join(name);
            let target =
                Destination::new(&path).map_err(|reason| WriteError::new(&path, reason))?;
            if target.exists() && !ours.contains(name) {
                return Err(SetError::Foreign(path.display().to_string()));
            }
        }
        Ok(())
    }

    /// True if the folder has an earlier set of the kind, which this one is going to replace.
    pub fn has_earlier(&self) -> bool {
        self.has_earlier
    }

    /// The names that a killed command has left in the lock.
    fn left(&self) -> BTreeSet<String> {
        let left = self.lock.iter().flat_map(|lock| &lock.left);
        left.cloned().collect()
    }

    /// Writes a file of the set under a temporary name; `columns` are those of a table of data.
    pub fn add(
        &mut self,
        name: &str,
        columns: Option<Vec<String>>,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), SetError> {
        let (file, target, bytes, sha256) = self.stage(name, write)?;
        let record = FileRecord {
            name: name.to_owned(),
            bytes,
            sha256,
            columns,
        };
        self.staged.push((file, target, record));
        Ok(())
    }

    fn stage(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(TempPath, Destination, u64, String), WriteError> {
        let path = self.folder.join(name);
        let failed = |reason| WriteError::new(&path, reason);
        let target = Destination::new(&path).map_err(failed)?;
        let (mut bytes, mut sha256) = (0, String::new());
        let file = staged(&target, PREFIX, |writer| {
            let mut digesting = Digesting::new(writer);
            write(&mut digesting)?;
            (bytes, sha256) = digesting.finish();
            Ok(())
        });
        Ok((file.map_err(failed)?, target, bytes, sha256))
    }

    /// Moves the files written so far to their names, then the JSON file with their manifest, and removes files of
    /// earlier sets. `summary` is an object. May be called again after further files.
    pub fn publish(&mut self, mut summary: Value) -> Result<Replaced, SetError> {
        let mut files = self.written.clone();
        for (_, _, record) in &self.staged {
            files.retain(|file| file.name != record.name);
            files.push(record.clone());
        }
        summary[KEY] = Manifest::json(&self.id, &files);
        let name = self.kind.manifest();
        let (json, target, ..) = self.stage(name, |writer| {
            serde_json::to_writer_pretty(&mut *writer, &summary)?;
            writer.write_all(b"\n")
        })?;
        let names: Vec<String> = {
            let known = files.iter().chain(&self.earlier);
            known.map(|file| file.name.clone()).collect()
        };
        let announced = names.iter().map(String::as_str).chain([name]);
        let failed = |reason| WriteError::new(&self.folder, reason);
        if let Some(lock) = &mut self.lock {
            lock.announce(announced).map_err(failed)?;
        }
        self.replace((json, target))?;
        self.written = files;
        Ok(self.remove_earlier())
    }

    /// Renames the staged files, and the JSON file last.
    fn replace(&mut self, (json, target): (TempPath, Destination)) -> Result<(), SetError> {
        let mut count = 0;
        let folder = self.folder.clone();
        let mut rename = |file: TempPath, target: &Destination, name: &str| {
            let moved = target.replace(file);
            moved.map_err(|reason| {
                let error = WriteError::new(&folder.join(name), reason);
                if count == 0 {
                    return SetError::Write(error);
                }
                let folder = folder.display().to_string();
                SetError::Half { folder, error }
            })?;
            count += 1;
            Ok::<(), SetError>(())
        };
        for (file, target, record) in self.staged.drain(..) {
            rename(file, &target, &record.name)?;
        }
        sync_folder(&self.folder);
        rename(json, &target, self.kind.manifest())?;
        sync_folder(&self.folder);
        Ok(())
    }

    /// Removes the files of earlier sets that are not in this one, unless somebody has changed them.
    fn remove_earlier(&mut self) -> Replaced {
        let mut replaced = Replaced::default();
        for file in std::mem::take(&mut self.earlier) {
            let is_ours = self.written.iter().any(|own| own.name == file.name);
            if is_ours || file.name == self.kind.manifest() {
                continue;
            }
            let path = self.folder.join(&file.name);
            match file.is_in(&self.folder) {
                Ok(true) if std::fs::remove_file(&path).is_ok() => replaced.removed.push(file.name),
                Err(_) if !path.exists() => {}
                _ => replaced.kept.push(file.name),
            }
        }
        replaced
    }
}

impl Drop for ResultSet {
    fn drop(&mut self) {
        self.staged.clear();
        if self.is_new && self.written.is_empty() {
            // only the lock is in it; a folder with other files is not removed
            drop(self.lock.take());
            let _stays = std::fs::remove_dir(&self.folder);
        }
    }
}

/// The manifest of a kind in a folder, if there is one.
pub(crate) fn manifest_in(folder: &Path, kind: SetKind) -> Option<Manifest> {
    let path = folder.join(kind.manifest());
    if !path.is_file() {
        return None;
    }
    let text = std::fs::read(path).ok()?;
    let whole: Map<String, Value> = serde_json::from_slice(&text).ok()?;
    Manifest::of(kind, &whole)
}

/// True if a folder has the files of `tune` of earlier versions, which wrote no JSON file.
fn is_earlier_tuning(folder: &Path) -> bool {
    use std::io::Read as _;
    let mut start = Vec::new();
    let file = std::fs::File::open(folder.join("tuning.csv"));
    let read = file.and_then(|file| file.take(10).read_to_end(&mut start));
    read.is_ok() && start == b"run,trial,"
}
