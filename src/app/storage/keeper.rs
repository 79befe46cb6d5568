//! Writing of the window's state: in the background, a moment after it changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bilevel::run::Executor;

use super::{KeptState, LessonProgress, Own, Storage};

/// The time between two writings, in seconds.
const PAUSE: f64 = 2.0;

/// The state of the window that is to be kept, and the time of its next writing.
#[derive(Default)]
pub(crate) struct StateKeeper {
    /// `None` if nothing is kept.
    storage: Option<Arc<Storage>>,
    /// The experiments that were opened last, the newest first.
    recent: Vec<String>,
    /// Those that are not written yet, in order.
    opened: Vec<String>,
    /// The lessons that were begun, the newest first.
    lessons: Vec<LessonProgress>,
    /// Progress that is not written yet, in order.
    learned: Vec<LessonProgress>,
    /// The folder of the file that was saved or opened last.
    folder: Option<PathBuf>,
    /// True if the state may have changed since it was written.
    is_due: bool,
    /// The earliest time of the next writing, in egui's seconds.
    next: f64,
}

impl StateKeeper {
    /// A keeper of the state in a storage, which held `state` before.
    pub(crate) fn new(storage: Storage, state: &KeptState) -> Self {
        Self {
            storage: Some(Arc::new(storage)),
            recent: state.recent.clone(),
            lessons: state.lessons.clone(),
            folder: state.folder.as_ref().map(PathBuf::from),
            ..Self::default()
        }
    }

    /// The experiments that were opened last, the newest first.
    pub(crate) fn recent(&self) -> &[String] {
        &self.recent
    }

    /// The folder of the file that was saved or opened last.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The lessons that were begun, the newest first.
    pub(crate) fn lessons(&self) -> &[LessonProgress] {
        &self.lessons
    }

    /// The progress of a lesson, if it was begun.
    pub(crate) fn lesson(&self, name: &str) -> Option<&LessonProgress> {
        self.lessons.iter().find(|known| known.name == name)
    }

    /// True if a state is kept and no lesson was ever begun: the first one is offered then.
    pub(crate) fn offers_lessons(&self) -> bool {
        self.storage.is_some() && self.lessons.is_empty()
    }

    /// Notes the progress of a lesson.
    pub(crate) fn note_lesson(&mut self, progress: LessonProgress) {
        let mut state = KeptState {
            lessons: std::mem::take(&mut self.lessons),
            ..KeptState::default()
        };
        state.take_progress(progress.clone());
        self.lessons = state.lessons;
        self.learned.push(progress);
        self.is_due = true;
    }

    /// Notes that an experiment was opened or saved.
    pub(crate) fn note_opened(&mut self, name: &str) {
        let mut state = KeptState {
            recent: std::mem::take(&mut self.recent),
            ..KeptState::default()
        };
        state.remember(name);
        self.recent = state.recent;
        self.opened.push(name.to_owned());
        if Path::new(name).is_absolute() {
            self.folder = Path::new(name).parent().map(Path::to_path_buf);
        }
        self.is_due = true;
    }

    /// Notes that the state may have changed.
    pub(crate) fn note_change(&mut self) {
        self.is_due = true;
    }

    /// The time until the state is to be written; `None` if it has not changed.
    pub(crate) fn delay(&self, now: f64) -> Option<Duration> {
        let is_due = self.is_due && self.storage.is_some();
        is_due.then(|| Duration::from_secs_f64((self.next - now).max(0.0)))
    }

    /// Writes the state in the background.
    pub(crate) fn write(&mut self, own: Own, now: f64, executor: &Executor) {
        if let Some(storage) = self.set(own) {
            executor.spawn("state", move || {
                storage.write();
                false
            });
        }
        self.next = now + PAUSE;
    }

    /// Writes the state now, at the end of the window.
    pub(crate) fn write_now(&mut self, own: Own) {
        if let Some(storage) = self.set(own) {
            storage.write();
        }
    }

    /// Removes and returns the first error of writing, in a sentence.
    pub(crate) fn take_error(&self) -> Option<String> {
        self.storage.as_ref()?.take_error()
    }

    /// Sets the state to write; returns its storage if it has changed.
    fn set(&mut self, own: Own) -> Option<Arc<Storage>> {
        self.is_due = false;
        let storage = self.storage.as_ref()?;
        let folder = self.folder.as_deref().map(Path::to_string_lossy);
        let is_new = storage.set(Own {
            opened: std::mem::take(&mut self.opened),
            lessons: std::mem::take(&mut self.learned),
            folder: folder.map(std::borrow::Cow::into_owned),
            ..own
        });
        is_new.then(|| Arc::clone(storage))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Draft;
    use super::*;

    #[test]
    fn a_state_is_written_once_it_has_changed_and_not_too_often() {
        let folder = tempfile::tempdir().expect("a folder");
        let (storage, recalled) = Storage::open(folder.path(), None).expect("a new state");
        let mut keeper = StateKeeper::new(storage, &recalled.state);
        let executor = Executor::cooperative();
        assert_eq!(keeper.delay(5.0), None);
        keeper.note_opened("valleys");
        assert_eq!(keeper.delay(5.0), Some(Duration::ZERO));
        keeper.write(Own::default(), 5.0, &executor);
        while executor.step() {}
        assert_eq!(keeper.delay(5.0), None);
        keeper.note_change();
        assert_eq!(keeper.delay(5.5), Some(Duration::from_millis(1500)));
        let draft = Draft {
            name: "valleys".to_owned(),
            ..Draft::default()
        };
        keeper.write_now(Own {
            draft: Some(draft),
            ..Own::default()
        });
        drop(keeper);
        let (_, recalled) = Storage::open(folder.path(), None).expect("the state of before");
        assert_eq!(recalled.state.recent, ["valleys"]);
        assert_eq!(recalled.lost.expect("it was not saved").name, "valleys");
    }

    #[test]
    fn without_a_storage_recent_experiments_are_those_of_the_window() {
        let mut keeper = StateKeeper::default();
        keeper.note_opened("a");
        keeper.note_opened("/folder/b.toml");
        assert_eq!(keeper.recent(), ["/folder/b.toml", "a"]);
        assert_eq!(keeper.folder(), Some(Path::new("/folder")));
        assert_eq!(keeper.delay(0.0), None);
    }
}
