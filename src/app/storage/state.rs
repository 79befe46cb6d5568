//! The content of the state file.

use serde::{Deserialize, Serialize};

/// The most recent experiments that are listed.
const MOST_RECENT: usize = 12;
/// The most lessons whose progress is kept.
const MOST_LESSONS: usize = 100;

/// The state of the program, shared by all of its windows. A key that is absent has its default value, so that files of
/// other versions can be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KeptState {
    /// The arrangement of the window that closed last, or was changed last.
    pub(crate) arrangement: Arrangement,
    /// The experiments that were opened last, the newest first: absolute paths and names of presets.
    pub(crate) recent: Vec<String>,
    /// The folder of the file that was saved or opened last.
    pub(crate) folder: Option<String>,
    /// Unsaved experiments, one a window at most.
    pub(crate) drafts: Vec<Draft>,
    /// The lessons that were begun, the newest first.
    pub(crate) lessons: Vec<LessonProgress>,
}

/// The progress of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct LessonProgress {
    /// The name of a built-in lesson, or the absolute path of a file.
    pub(crate) name: String,
    /// The step that was shown last, counted from 0.
    pub(crate) step: usize,
    /// The number of steps.
    pub(crate) steps: usize,
    /// True if the lesson was finished.
    pub(crate) is_done: bool,
}

/// The arrangement of a window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Arrangement {
    /// The open experiment: an absolute path or the name of a preset.
    pub(crate) experiment: Option<String>,
    /// The word of the layout.
    pub(crate) layout: Option<String>,
    pub(crate) is_dark: bool,
    /// The method's label and the parameter's name of the slider in the layout for presentations.
    pub(crate) slider: Option<[String; 2]>,
    /// The size of the window in points, when it was not maximized.
    pub(crate) size: Option<[f32; 2]>,
    pub(crate) is_maximized: bool,
}

/// An experiment with unsaved changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// The window that shows it.
    pub(crate) window: String,
    /// The name of the experiment: an absolute path, the name of a preset or of a problem.
    pub(crate) name: String,
    /// The experiment as a file.
    pub(crate) text: String,
    /// The content of its file when that was opened or saved last; `None` without a file.
    pub(crate) base: Option<String>,
}

impl KeptState {
    /// Puts an experiment first in the list of recent ones.
    pub(crate) fn remember(&mut self, name: &str) {
        self.recent.retain(|other| other != name);
        self.recent.insert(0, name.to_owned());
        self.recent.truncate(MOST_RECENT);
    }

    /// Takes the progress of a lesson, which is the newest then.
    pub(crate) fn take_progress(&mut self, progress: LessonProgress) {
        self.lessons.retain(|other| other.name != progress.name);
        self.lessons.insert(0, progress);
        self.lessons.truncate(MOST_LESSONS);
    }

    /// Replaces the draft of a window; `None` removes it.
    pub(crate) fn set_draft(&mut self, window: &str, draft: Option<Draft>) {
        self.drafts.retain(|other| other.window != window);
        self.drafts.extend(draft);
    }

    /// Removes and returns the newest draft that is lost.
    pub(crate) fn take_lost_draft(&mut self, is_lost: impl Fn(&Draft) -> bool) -> Option<Draft> {
        let lost = self.drafts.iter().rposition(is_lost)?;
        Some(self.drafts.remove(lost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_experiments_are_listed_once_and_the_newest_first() {
        let mut state = KeptState::default();
        for name in ["a", "b", "a"] {
            state.remember(name);
        }
        assert_eq!(state.recent, ["a", "b"]);
        for number in 0..20 {
            state.remember(&format!("{number}"));
        }
        assert_eq!(state.recent.len(), MOST_RECENT);
        assert_eq!(state.recent[0], "19");
    }

    #[test]
    fn a_draft_of_an_open_window_is_not_taken() {
        let draft = |window: &str| Draft {
            window: window.to_owned(),
            ..Draft::default()
        };
        let mut state = KeptState::default();
        for window in ["open", "lost", "also lost"] {
            state.set_draft(window, Some(draft(window)));
        }
        let is_lost = |draft: &Draft| draft.window != "open";
        assert_eq!(state.take_lost_draft(is_lost), Some(draft("also lost")));
        assert_eq!(state.take_lost_draft(is_lost), Some(draft("lost")));
        assert_eq!(state.take_lost_draft(is_lost), None);
        assert_eq!(state.drafts, [draft("open")]);
    }

    #[test]
    fn a_file_with_other_keys_is_read() {
        let text = r#"{ "arrangement": { "is_dark": true, "unknown": 3 }, "later": [] }"#;
        let state: KeptState = serde_json::from_str(text).expect("it is JSON");
        assert!(state.arrangement.is_dark);
        assert!(state.recent.is_empty());
    }
}
