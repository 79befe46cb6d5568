//! The open lesson: its step, and the experiment that was open before it.

use std::sync::Arc;

use bilevel_files::{Experiment, Lesson, LessonStep};

use crate::app::formulas::FormulaDraft;

/// A lesson that the window shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OpenLesson {
    pub(crate) lesson: Arc<Lesson>,
    /// The name by which it was opened: of a built-in lesson, or the absolute path of a file.
    pub(crate) name: String,
    /// The step, counted from 0.
    pub(crate) step: usize,
    /// True if the answer of the step is shown.
    pub(crate) shows_answer: bool,
    /// The experiment that comes back when the lesson is left.
    pub(crate) left: Arc<LeftExperiment>,
}

/// An experiment as it was left for a lesson, with the state of its views.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LeftExperiment {
    pub(crate) experiment: Experiment,
    /// The experiment with the views as they were.
    pub(crate) as_seen: Experiment,
    /// The name of its file or preset.
    pub(crate) name: String,
    pub(crate) is_modified: bool,
    pub(crate) formulas: Option<FormulaDraft>,
    /// The iteration of the playhead.
    pub(crate) iteration: u64,
    /// The content of its file when that was opened or saved last.
    pub(crate) base: Option<String>,
}

impl OpenLesson {
    /// The step that is shown.
    pub(crate) fn shown(&self) -> &LessonStep {
        &self.lesson.steps[self.step]
    }

    /// True at the last step.
    pub(crate) fn is_at_end(&self) -> bool {
        self.step + 1 == self.lesson.steps.len()
    }
}
