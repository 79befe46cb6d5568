//! The lock of a results folder: one command at a time writes into it. The file of the lock lists the files that are being
//! replaced, so that those of a killed command are known.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// The name of the file.
const NAME: &str = ".bilevel-lab.lock";
/// The number of attempts at a lock whose file is being removed at that moment.
const TRIES: usize = 100;
/// The most bytes of a list that are read.
const LONGEST_LIST: u64 = 1 << 20;

/// A lock that is held until it is dropped; its file is removed with it.
#[derive(Debug)]
pub(crate) struct FolderLock {
    file: File,
    path: PathBuf,
    /// The names that a killed command has left in the list.
    pub(crate) left: Vec<String>,
}

impl FolderLock {
    /// Locks a folder, which must exist; `None` if another command holds the lock.
    pub(crate) fn new(folder: &Path) -> std::io::Result<Option<Self>> {
        let path = folder.join(NAME);
        for _ in 0..TRIES {
            let mut options = OpenOptions::new();
            let file = options
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            // on a file system without locks every command has the folder
            if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
                return Ok(None);
            }
            if !is_at(&file, &path) {
                continue; // its holder has just removed it
            }
            let mut list = Vec::new();
            (&file).take(LONGEST_LIST).read_to_end(&mut list)?;
            let list = String::from_utf8_lossy(&list);
            let left = list.lines().map(ToOwned::to_owned).collect();
            return Ok(Some(Self { file, path, left }));
        }
        Ok(None)
    }

    /// Lists the files that are going to be replaced or removed.
    pub(crate) fn announce<'a>(
        &mut self,
        names: impl Iterator<Item = &'a str>,
    ) -> std::io::Result<()> {
        let names: Vec<&str> = names.collect();
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(names.join("\n").as_bytes())?;
        self.file.sync_all()
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // while the lock is still held; a file that stays does no harm
        let _stays = std::fs::remove_file(&self.path);
    }
}

/// True if the open file is the one at the path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let own = file.metadata().map(|own| (own.dev(), own.ino()));
    let there = std::fs::metadata(path).map(|there| (there.dev(), there.ino()));
    matches!((own, there), (Ok(own), Ok(there)) if own == there)
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    // an open file cannot be removed there
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_command_at_a_time_has_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::new(folder.path()).unwrap().unwrap();
        assert!(FolderLock::new(folder.path()).unwrap().is_none());
        drop(first);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(FolderLock::new(folder.path()).unwrap().is_some());
    }

    #[test]
    fn the_list_of_a_killed_command_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let mut lock = FolderLock::new(folder.path()).unwrap().unwrap();
        lock.announce(["trace.csv", "summary.json"].into_iter())
            .unwrap();
        // a kill leaves the file and releases the lock
        let list = std::fs::read(folder.path().join(NAME)).unwrap();
        drop(lock);
        std::fs::write(folder.path().join(NAME), list).unwrap();
        let next = FolderLock::new(folder.path()).unwrap().unwrap();
        assert_eq!(next.left, ["trace.csv", "summary.json"]);
    }
}
