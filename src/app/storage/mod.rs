//! The state that outlives a window: its arrangement, the recent experiments and unsaved ones. It is one file in the
//! platform's folder for states, shared by all windows.

mod keeper;
mod state;
mod window_lock;

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use etcetera::app_strategy::{AppStrategy as _, AppStrategyArgs, choose_native_strategy};

use crate::app::messages;

pub(crate) use keeper::StateKeeper;
pub(crate) use state::{Arrangement, Draft, KeptState, LessonProgress};
use window_lock::WindowLock;

/// The name of the state file, and of the file that is locked while it is changed.
const FILE: &str = "state.json";
const LOCK: &str = "state.lock";

/// The time after which a locked state is given up, and the time between two attempts.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(10);

/// A window's access to the state file.
#[derive(Debug)]
pub(crate) struct Storage {
    folder: PathBuf,
    window: WindowLock,
    /// The present state of this window, as it is to be written.
    own: Mutex<Own>,
    /// The first error of writing, until it is reported.
    error: Mutex<Option<String>>,
    has_failed: AtomicBool,
}

/// The part of the state that belongs to one window.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Own {
    pub(crate) arrangement: Arrangement,
    pub(crate) draft: Option<Draft>,
    /// The folder of the file that was saved or opened last.
    pub(crate) folder: Option<String>,
    /// Experiments that were opened since the last writing, in order.
    pub(crate) opened: Vec<String>,
    /// Progress of lessons since the last writing, in order.
    pub(crate) lessons: Vec<LessonProgress>,
}

/// The state at the start of a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Recalled {
    pub(crate) state: KeptState,
    /// The experiment of a window that ended without closing.
    pub(crate) lost: Option<Draft>,
    /// The reason why the state is not that of the last window, in a sentence.
    pub(crate) warning: Option<String>,
}

impl Storage {
    /// The platform's folder for the state; `None` without a home.
    pub(crate) fn folder_of_user() -> Option<PathBuf> {
        let names = AppStrategyArgs {
            top_level_domain: String::new(),
            author: String::new(),
            app_name: "bilevel-lab".to_owned(),
        };
        let folders = choose_native_strategy(names).ok()?;
        Some(folders.state_dir().unwrap_or_else(|| folders.data_dir()))
    }

    /// Opens the state in a folder, which is created if necessary. The new window takes over the lost draft of the
    /// experiment that it opens, or of any experiment.
    pub(crate) fn open(folder: &Path, name: Option<&str>) -> std::io::Result<(Self, Recalled)> {
        fs::create_dir_all(folder)?;
        let storage = Self {
            folder: folder.to_path_buf(),
            window: WindowLock::new(folder)?,
            own: Mutex::default(),
            error: Mutex::default(),
            has_failed: AtomicBool::new(false),
        };
        let mut recalled = Recalled::default();
        storage.change(|state, warning| {
            let lost = state.take_lost_draft(|draft| {
                name.is_none_or(|name| name == draft.name)
                    && !WindowLock::is_held(folder, &draft.window)
            });
            recalled.lost = lost.map(|draft| Draft {
                window: storage.window.window.clone(),
                ..draft
            });
            state.drafts.extend(recalled.lost.clone());
            recalled.state = state.clone();
            recalled.warning = warning;
        })?;
        Ok((storage, recalled))
    }

    /// Sets the present state of the window; true if it differs from the last one.
    pub(crate) fn set(&self, own: Own) -> bool {
        let mut last = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let own = Own {
            opened: [last.opened.clone(), own.opened].concat(),
            lessons: [last.lessons.clone(), own.lessons].concat(),
            ..own
        };
        let is_new = *last != own;
        *last = own;
        is_new
    }

    /// Writes the state of the window. The first error waits for [`Storage::take_error`].
    pub(crate) fn write(&self) {
        let own = {
            let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
            let written = own.clone();
            own.opened.clear();
            own.lessons.clear();
            written
        };
        let written = self.change(|state, _| {
            let draft = own.draft.map(|draft| Draft {
                window: self.window.window.clone(),
                ..draft
            });
            state.set_draft(&self.window.window, draft);
            state.arrangement = own.arrangement;
            state.folder = own.folder.or_else(|| state.folder.take());
            for progress in own.lessons {
                state.take_progress(progress);
            }
            for name in &own.opened {
                state.remember(name);
            }
        });
        if let Err(error) = written
            && !self.has_failed.swap(true, Ordering::Relaxed)
        {
            let folder = self.folder.display().to_string();
            let message = messages::files::state_not_written(&folder, &error.to_string());
            *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(message);
        }
    }

    /// Removes and returns the first error of writing, in a sentence.
    pub(crate) fn take_error(&self) -> Option<String> {
        let mut error = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        error.take()
    }

    /// Reads the state, changes it and writes it, while no other window does.
    fn change(&self, change: impl FnOnce(&mut KeptState, Option<String>)) -> std::io::Result<()> {
        let lock = File::create(self.folder.join(LOCK))?;
        lock_soon(&lock)?;
        let path = self.folder.join(FILE);
        let (mut state, warning) = read(&path)?;
        change(&mut state, warning);
        let text = serde_json::to_string_pretty(&state)?;
        let written = bilevel_files::write_file(&path, |writer| writer.write_all(text.as_bytes()));
        written.map_err(|error| error.reason)
    }
}

/// Locks a file; an error if another window, which may have been stopped, holds it for long.
fn lock_soon(file: &File) -> std::io::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() < end => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                let words = messages::files::state_is_locked();
                return Err(std::io::Error::other(words));
            }
        }
    }
}

/// Reads the state file. An unreadable one is set aside, which a sentence says.
fn read(path: &Path) -> std::io::Result<(KeptState, Option<String>)> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok((KeptState::default(), None));
        }
        Err(error) => return Err(error),
    };
    if let Ok(state) = serde_json::from_slice(&text) {
        return Ok((state, None));
    }
    let aside = unused(path);
    fs::rename(path, &aside)?;
    let warning = messages::files::state_set_aside(&aside.display().to_string());
    Ok((KeptState::default(), Some(warning)))
}

/// A path beside another that no file has.
fn unused(path: &Path) -> PathBuf {
    let mut paths = (1..).map(|number| path.with_extension(format!("unreadable-{number}.json")));
    paths
        .find(|path| !path.exists())
        .unwrap_or_else(|| path.with_extension("unreadable.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn draft(name: &str) -> Draft {
        Draft {
            name: name.to_owned(),
            text: "title = 'it'".to_owned(),
            ..Draft::default()
        }
    }

    #[test]
    fn the_place_is_that_of_the_window_that_wrote_last() {
        let folder = folder();
        let (storage, recalled) = Storage::open(folder.path(), None).expect("a new state");
        assert_eq!(recalled, Recalled::default());
        let arrangement = Arrangement {
            experiment: Some("valleys".to_owned()),
            layout: Some("compare".to_owned()),
            is_dark: true,
            slider: Some(["BOME".to_owned(), "eta".to_owned()]),
            size: Some([1000.0, 700.0]),
            is_maximized: false,
        };
        let own = Own {
            arrangement: arrangement.clone(),
            opened: vec!["pbgd".to_owned(), "valleys".to_owned()],
            ..Own::default()
        };
        assert!(storage.set(own));
        storage.write();
        assert_eq!(storage.take_error(), None);
        drop(storage);
        let (_, recalled) = Storage::open(folder.path(), None).expect("the state of before");
        assert_eq!(recalled.state.arrangement, arrangement);
        assert_eq!(recalled.state.recent, ["valleys", "pbgd"]);
        assert_eq!(recalled.lost, None);
    }

    #[test]
    fn windows_keep_each_others_drafts_and_only_a_lost_one_is_taken() {
        let folder = folder();
        let (first, _) = Storage::open(folder.path(), None).expect("a new state");
        let (second, _) = Storage::open(folder.path(), None).expect("the same state");
        for (storage, name) in [(&first, "one"), (&second, "two")] {
            storage.set(Own {
                draft: Some(draft(name)),
                ..Own::default()
            });
            storage.write();
        }
        let (third, recalled) = Storage::open(folder.path(), None).expect("the same state");
        assert_eq!(recalled.lost, None, "both windows are open");
        assert_eq!(recalled.state.drafts.len(), 2);
        // a window that crashes leaves its draft
        drop(first);
        drop(third);
        let (_other, recalled) =
            Storage::open(folder.path(), Some("another")).expect("the same state");
        assert_eq!(recalled.lost, None, "the window is for another experiment");
        let (_fourth, recalled) = Storage::open(folder.path(), None).expect("the same state");
        assert_eq!(recalled.lost.expect("it was lost").name, "one");
        let (_fifth, recalled) = Storage::open(folder.path(), None).expect("the same state");
        assert_eq!(recalled.lost, None, "the fourth window has it");
        assert_eq!(recalled.state.drafts.len(), 2);
    }

    #[test]
    fn a_window_that_closes_leaves_no_draft() {
        let folder = folder();
        let (storage, _) = Storage::open(folder.path(), None).expect("a new state");
        storage.set(Own {
            draft: Some(draft("one")),
            ..Own::default()
        });
        storage.write();
        storage.set(Own::default());
        storage.write();
        drop(storage);
        let (_, recalled) = Storage::open(folder.path(), None).expect("the same state");
        assert_eq!((recalled.lost, recalled.state.drafts), (None, Vec::new()));
    }

    #[test]
    fn an_unreadable_state_is_set_aside_with_a_word() {
        let folder = folder();
        let path = folder.path().join(FILE);
        for number in 1..3 {
            fs::write(&path, b"\xff not a state").expect("a file");
            let (_, recalled) = Storage::open(folder.path(), None).expect("a new state");
            let aside = path.with_extension(format!("unreadable-{number}.json"));
            assert_eq!(fs::read(&aside).expect("it is kept"), b"\xff not a state");
            let warning = recalled.warning.expect("it is said");
            assert!(warning.contains(&aside.display().to_string()), "{warning}");
        }
    }

    #[test]
    fn a_state_that_stays_locked_is_an_error_and_no_endless_wait() {
        let folder = folder();
        let (storage, _) = Storage::open(folder.path(), None).expect("a new state");
        let lock = File::create(folder.path().join(LOCK)).expect("the lock");
        lock.lock().expect("nobody holds it");
        storage.write();
        let error = storage.take_error().expect("it is said");
        assert!(error.contains("another window"), "{error}");
        assert!(Storage::open(folder.path(), None).is_err());
    }

    #[test]
    fn a_state_that_cannot_be_written_is_an_error_once() {
        let folder = folder();
        let (storage, _) = Storage::open(folder.path(), None).expect("a new state");
        fs::remove_file(folder.path().join(FILE)).expect("it was written");
        fs::create_dir(folder.path().join(FILE)).expect("a folder in its place");
        storage.write();
        assert!(storage.take_error().is_some());
        storage.write();
        assert_eq!(storage.take_error(), None);
    }
}
