//! Atomic writing: a file appears whole or not at all.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

use crate::messages;

/// The error of a file that could not be written.
#[derive(Debug, Error)]
#[error(
    "{}",
    messages::files::cannot_write(&.path.display().to_string(), &.reason.to_string())
)]
pub struct WriteError {
    /// Path of the file or folder.
    pub path: PathBuf,
    /// The reason.
    pub reason: std::io::Error,
}

impl WriteError {
    fn new(path: &Path, reason: std::io::Error) -> Self {
        Self {
            path: path.to_path_buf(),
            reason,
        }
    }
}

/// Writes one file under a temporary name and renames it once it is whole; creates the folder if necessary.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), WriteError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut files = FileSet::new(folder)?;
    let name = path.file_name().ok_or_else(|| {
        WriteError::new(
            path,
            std::io::Error::other(messages::files::names_no_file()),
        )
    })?;
    files.add(&name.to_string_lossy(), write)?;
    files.finish()
}

/// Files of one folder that appear together once all are whole.
#[derive(Debug)]
pub struct FileSet {
    folder: PathBuf,
    files: Vec<(NamedTempFile, PathBuf)>,
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
        temporary(&self.folder).map_err(|reason| WriteError::new(&self.folder, reason))?;
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
        if path.is_dir() {
            return Err(failed(std::io::Error::other(messages::files::is_folder())));
        }
        let mut writer = BufWriter::new(temporary(&self.folder).map_err(failed)?);
        write(&mut writer).map_err(failed)?;
        let temporary = writer
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        self.files.push((temporary, path));
        Ok(())
    }

    /// Renames all files to their final names.
    pub fn finish(self) -> Result<(), WriteError> {
        for (temporary, path) in self.files {
            temporary
                .persist(&path)
                .map_err(|error| WriteError::new(&path, error.error))?;
        }
        Ok(())
    }
}

/// Creates a temporary file whose final permissions follow the umask; by default it would be private.
#[cfg(unix)]
fn temporary(folder: &Path) -> std::io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;
    // the umask of the process removes its part
    let everybody = std::fs::Permissions::from_mode(0o666);
    tempfile::Builder::new()
        .prefix(PREFIX)
        .permissions(everybody)
        .tempfile_in(folder)
}

/// Creates a temporary file.
#[cfg(not(unix))]
fn temporary(folder: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder)
}

/// Prefix of temporary file names.
const PREFIX: &str = ".bilevel-lab-";
