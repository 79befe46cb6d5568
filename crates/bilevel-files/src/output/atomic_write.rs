//! Atomic writing: a file appears whole or not at all.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use thiserror::Error;

use super::destination::{Destination, PREFIX, folder_of, remove_leftovers, sync_folder};
use crate::messages;

/// The error of a file that could not be written.
#[derive(Debug, Error)]
#[error(
    "{}",
    messages::files::cannot_write(&.path.display().to_string(), &messages::files::reason_of(.reason.kind(), &.reason.to_string()))
)]
pub struct WriteError {
    /// Path of the file or folder.
    pub path: PathBuf,
    /// The reason.
    pub reason: std::io::Error,
}

impl WriteError {
    pub(crate) fn new(path: &Path, reason: std::io::Error) -> Self {
        Self {
            path: path.to_path_buf(),
            reason,
        }
    }
}

/// Writes one file under a temporary name and renames it once it is whole; creates the folder if necessary. A link
/// keeps pointing to the file, and the file its permissions.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), WriteError> {
    let failed = |reason| WriteError::new(path, reason);
    has_name(path)?;
    std::fs::create_dir_all(folder_of(path)).map_err(failed)?;
    let target = Destination::new(path).map_err(failed)?;
    let file = staged(&target, PREFIX, write).map_err(failed)?;
    target.replace(file).map_err(failed)?;
    sync_folder(target.folder());
    Ok(())
}

/// Checks that a file can be written, before any work is done for it, and removes what killed commands have left in
/// its folder.
pub fn probe_file(path: &Path) -> Result<(), WriteError> {
    has_name(path)?;
    let failed = |reason| WriteError::new(path, reason);
    let target = Destination::new(path).map_err(failed)?;
    let mut folder = target.folder();
    // folders that do not exist yet are made with the file
    while !folder.exists() {
        match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => folder = parent,
            _ => folder = Path::new("."),
        }
    }
    remove_leftovers(folder, None);
    let probe = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder);
    probe.map_err(failed)?;
    Ok(())
}

fn has_name(path: &Path) -> Result<(), WriteError> {
    if path.file_name().is_some() {
        return Ok(());
    }
    let reason = std::io::Error::other(messages::files::names_no_file());
    Err(WriteError::new(path, reason))
}

/// Files of one folder that appear together once all are whole.
#[derive(Debug)]
pub struct FileSet {
    folder: PathBuf,
    files: Vec<(TempPath, Destination, PathBuf)>,
}

impl FileSet {
    /// A set for a folder, which is created if necessary.
    pub fn new(folder: &Path) -> Result<Self, WriteError> {
        std::fs::create_dir_all(folder).map_err(|reason| WriteError::new(folder, reason))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            files: Vec::new(),
        })
    }

    /// Checks that files can be written to the folder, before any work is done for them.
    pub fn probe(&self) -> Result<(), WriteError> {
        remove_leftovers(&self.folder, None);
        let probe = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempfile_in(&self.folder);
        probe.map_err(|reason| WriteError::new(&self.folder, reason))?;
        Ok(())
    }

    /// Writes a file of the set, under a temporary name.
    pub fn add(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), WriteError> {
        let path = self.folder.join(name);
        let failed = |reason| WriteError::new(&path, reason);
        let target = Destination::new(&path).map_err(failed)?;
        let file = staged(&target, PREFIX, write).map_err(failed)?;
        self.files.push((file, target, path));
        Ok(())
    }

    /// Renames all files to their final names.
    pub fn finish(self) -> Result<(), WriteError> {
        for (file, target, path) in self.files {
            target
                .replace(file)
                .map_err(|reason| WriteError::new(&path, reason))?;
            sync_folder(target.folder());
        }
        Ok(())
    }
}

/// Writes a temporary file to the disk and closes it.
pub(crate) fn staged(
    target: &Destination,
    prefix: &str,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<TempPath> {
    let mut writer = BufWriter::new(target.temporary(prefix)?);
    write(&mut writer)?;
    let file = writer
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    // a rename without it may leave an empty file after a power cut
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}
