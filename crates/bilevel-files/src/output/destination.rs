//! The place of a file to be written: its real path behind links, and what the file there is and may.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::{NamedTempFile, TempPath};

use crate::messages;

/// The beginning of the names of temporary files.
pub(crate) const PREFIX: &str = ".bilevel-lab-";
/// The age from which a temporary file counts as left over.
const STALE: Duration = Duration::from_hours(24);
/// The most links that are followed from one to the next.
const MOST_LINKS: usize = 40;

/// A path to which a whole file is going to be moved.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The path behind all links.
    real: PathBuf,
    /// The file that is there now.
    present: Option<Metadata>,
}

impl Destination {
    /// Follows links to the real path.
    ///
    /// # Errors
    /// If the file that is there is none that can be replaced: a folder, a device, or read-only.
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        let real = behind_links(path)?;
        let present = match fs::symlink_metadata(&real) {
            Ok(found) => Some(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let refused = present.as_ref().and_then(|found| {
            if found.is_dir() {
                Some(messages::files::is_folder())
            } else if !found.is_file() {
                Some(messages::files::is_no_plain_file())
            } else if found.permissions().readonly() {
                Some(messages::files::is_read_only())
            } else {
                None
            }
        });
        match refused {
            Some(reason) => Err(io::Error::other(reason)),
            None => Ok(Self { real, present }),
        }
    }

    /// True if there is a file.
    pub(crate) fn exists(&self) -> bool {
        self.present.is_some()
    }

    /// A temporary file in the folder of the target.
    pub(crate) fn temporary(&self, prefix: &str) -> io::Result<NamedTempFile> {
        let file = temporary(self.folder(), prefix)?;
        if let Some(present) = &self.present {
            file.as_file().set_permissions(present.permissions())?;
            keep_owner(file.as_file(), present);
        }
        Ok(file)
    }

    /// Moves a whole file to the target. A target with several names is written in place, so that it stays one file.
    pub(crate) fn replace(&self, file: TempPath) -> io::Result<()> {
        if self.present.as_ref().is_some_and(has_several_names) {
            let mut target = fs::OpenOptions::new()
                .write(true)
                .truncate(true)
                .open(&self.real)?;
            io::copy(&mut File::open(&file)?, &mut target)?;
            return target.sync_all();
        }
        file.persist(&self.real).map_err(|error| error.error)
    }

    /// The folder of the real path.
    pub(crate) fn folder(&self) -> &Path {
        folder_of(&self.real)
    }
}

/// The folder of a path; the working folder for a plain name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The path behind links, the last of which may point nowhere.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut real = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::symlink_metadata(&real) {
            Ok(found) if found.is_symlink() => {
                let next = fs::read_link(&real)?;
                real = folder_of(&real).join(next);
            }
            Ok(_) => return Ok(real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(real),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(messages::files::links_in_a_circle()))
}

/// Creates a temporary file whose permissions follow the umask; by default it would be private.
#[cfg(unix)]
fn temporary(folder: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;
    // the umask of the process removes its part
    let everybody = fs::Permissions::from_mode(0o666);
    tempfile::Builder::new()
        .prefix(prefix)
        .permissions(everybody)
        .tempfile_in(folder)
}

/// Creates a temporary file.
#[cfg(not(unix))]
fn temporary(folder: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(prefix).tempfile_in(folder)
}

/// Gives a file the owner of the one that it replaces, where the system permits it.
#[cfg(unix)]
fn keep_owner(file: &File, present: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let own = file.metadata().map(|own| (own.uid(), own.gid()));
    if own.is_ok_and(|own| own != (present.uid(), present.gid())) {
        // only an administrator may give files away; a group of one's own is kept
        let _refused = fchown(file, Some(present.uid()), Some(present.gid()))
            .or_else(|_| fchown(file, None, Some(present.gid())));
    }
}

/// True for a file with further hard links.
#[cfg(unix)]
fn has_several_names(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(file) > 1
}

#[cfg(not(unix))]
fn has_several_names(_file: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _present: &Metadata) {}

/// Makes the renames in a folder last through a power cut, where the system offers it.
pub(crate) fn sync_folder(folder: &Path) {
    // some file systems have no such operation; the files themselves are safe
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _unsupported = folder.sync_all();
    }
}

/// Removes temporary files that killed commands have left in a folder: those with one of the beginnings `ours`, which
/// no other command can be writing, and all that are older than a day.
pub(crate) fn remove_leftovers(folder: &Path, ours: Option<&str>) {
    let now = SystemTime::now();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else {
            continue;
        };
        let Ok(found) = entry.metadata() else {
            continue;
        };
        let age = found
            .modified()
            .ok()
            .and_then(|then| now.duration_since(then).ok());
        let is_old = age.is_some_and(|age| age > STALE);
        if found.is_file() && (is_old || ours.is_some_and(|ours| name.starts_with(ours))) {
            // a file that cannot be removed does no harm
            let _stays = fs::remove_file(entry.path());
        }
    }
}
