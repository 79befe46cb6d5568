//! The lock of an open window: the system releases it however the window ends, so that drafts of lost windows can be
//! told from those of open ones.

use std::fs::{self, File};
use std::path::Path;

use tempfile::NamedTempFile;

/// The beginning and the ending of the names of lock files.
const BEGINNING: &str = "window-";
const ENDING: &str = "lock";

/// A lock that is held while a window is open. Its file is removed with it.
#[derive(Debug)]
pub(crate) struct WindowLock {
    /// The name of the window, unlike that of any other.
    pub(crate) window: String,
    /// Locked until it is closed.
    _file: NamedTempFile,
}

impl WindowLock {
    /// Locks a new name in a folder, which must exist.
    pub(crate) fn new(folder: &Path) -> std::io::Result<Self> {
        let file = tempfile::Builder::new()
            .prefix(BEGINNING)
            .suffix(&format!(".{ENDING}"))
            .tempfile_in(folder)?;
        file.as_file().lock()?;
        let window = file.path().file_stem().unwrap_or_default();
        Ok(Self {
            window: window.to_string_lossy().into_owned(),
            _file: file,
        })
    }

    /// True if the window of this name is open. The file of a lost window is removed.
    pub(crate) fn is_held(folder: &Path, window: &str) -> bool {
        let path = folder.join(window).with_extension(ENDING);
        let Ok(file) = File::open(&path) else {
            return false;
        };
        match file.try_lock() {
            Ok(()) => {
                // a file that cannot be removed does no harm
                let _stays = fs::remove_file(path);
                false
            }
            Err(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_until_its_window_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let [first, second] =
            [(), ()].map(|()| WindowLock::new(folder.path()).expect("a new name"));
        assert_ne!(first.window, second.window);
        assert!(WindowLock::is_held(folder.path(), &first.window));
        let name = first.window.clone();
        drop(first);
        assert!(!WindowLock::is_held(folder.path(), &name));
        assert!(WindowLock::is_held(folder.path(), &second.window));
        assert!(!WindowLock::is_held(folder.path(), "window-0-0"));
    }

    #[test]
    fn the_file_of_a_lost_window_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("window-1-0.lock");
        File::create(&path).expect("a file");
        assert!(!WindowLock::is_held(folder.path(), "window-1-0"));
        assert!(!path.exists());
    }
}
