//! Lessons: opening one, showing a step, and leaving it for the experiment that was open before.

use std::path::Path;
use std::sync::Arc;

use bilevel_files::{Highlight, Lesson, StepPlayhead, WindowLayout, find_lesson};

use crate::app::App;
use crate::app::command::Tab;
use crate::app::dialogs::question::Question;
use crate::app::messages;
use crate::app::overlay::Overlay;
use crate::app::session::document::full_name;
use crate::app::session::open_lesson::{LeftExperiment, OpenLesson};
use crate::app::storage::LessonProgress;

impl App {
    /// Opens a lesson by its name or its file, at the step where it was left; if that fails, everything stays.
    pub(crate) fn open_lesson(&mut self, name: &str) {
        match bilevel_files::open_lesson(name) {
            Ok(lesson) => self.enter_lesson(name, lesson),
            Err(error) => {
                let notice = Question::notice(error.to_string());
                self.overlay = Some(Overlay::Question(notice));
            }
        }
    }

    /// Shows a lesson at the step where it was left, as a step that can be undone.
    pub fn begin_lesson(&mut self, name: &str, lesson: Lesson) {
        self.as_a_step(None, |app| app.enter_lesson(name, lesson));
    }

    fn enter_lesson(&mut self, name: &str, lesson: Lesson) {
        let is_file = Path::new(&full_name(name)).is_file();
        let name = match find_lesson(name) {
            Some(known) if !is_file => known.name.to_owned(),
            _ => full_name(name),
        };
        let left = match &self.document.lesson {
            Some(open) => Arc::clone(&open.left),
            None => Arc::new(self.left_experiment()),
        };
        let known = self.keeper.lesson(&name).filter(|known| !known.is_done);
        let last = lesson.steps.len() - 1;
        let step = known.map_or(0, |known| known.step.min(last));
        self.overlay = None;
        self.message = None;
        self.document.lesson = Some(OpenLesson {
            lesson: Arc::new(lesson),
            name,
            step,
            shows_answer: false,
            left,
        });
        self.show_step(step);
    }

    /// The present experiment with the state of its views.
    fn left_experiment(&self) -> LeftExperiment {
        let document = &self.document;
        LeftExperiment {
            experiment: document.session.experiment().clone(),
            as_seen: self.as_seen(),
            name: document.name.clone(),
            is_modified: document.is_modified,
            formulas: document.formulas.clone(),
            iteration: document.session.playhead.iteration(),
            base: document.file().map(|(_, text)| text.to_owned()),
        }
    }

    /// Goes to the next step of the lesson, or to the one before; after the last one the lesson is done.
    pub(crate) fn step_lesson(&mut self, is_next: bool) {
        let Some(open) = &self.document.lesson else {
            self.message = Some((messages::lessons::no_lesson().to_owned(), false));
            return;
        };
        match (is_next, open.step) {
            (true, _) if open.is_at_end() => self.finish_lesson(),
            (true, step) => self.as_a_step(None, |app| app.show_step(step + 1)),
            (false, 0) => {}
            (false, step) => self.as_a_step(None, |app| app.show_step(step - 1)),
        }
    }

    /// Shows a step of the open lesson: its experiment, view and playhead.
    fn show_step(&mut self, step: usize) {
        let Some(open) = &mut self.document.lesson else {
            return;
        };
        open.step = step;
        open.shows_answer = false;
        let lesson = Arc::clone(&open.lesson);
        let name = open.name.clone();
        let Some(shown) = lesson.steps.get(step) else {
            return;
        };
        self.keeper.note_lesson(LessonProgress {
            name,
            step,
            steps: lesson.steps.len(),
            is_done: false,
        });
        // the runs of this step may go on to their ends
        self.ask_prediction(None);
        let experiment = shown.experiment.clone();
        let view = experiment.view.clone();
        let is_same_problem = experiment.problem == self.experiment().problem;
        if is_same_problem {
            self.document.edit(|present| *present = experiment);
            self.document.reset_formulas();
        } else {
            self.replace(experiment);
        }
        let name = messages::lessons::experiment_name(&lesson.name, step + 1);
        self.document.set_opened(&name);
        self.offered = None;
        self.claim = None;
        self.panels.alone = None;
        self.panels.tab = if shown.highlights.contains(&Highlight::Table) {
            Tab::Results
        } else {
            Tab::Race
        };
        let layout = self.panels.layout;
        self.show_as(&view);
        // a presentation goes on from step to step
        if layout == WindowLayout::Present {
            self.panels.layout = layout;
        }
        let end = self.document.session.end();
        let playhead = &mut self.document.session.playhead;
        playhead.range = None;
        match shown.playhead {
            Some(StepPlayhead::At(iteration)) => playhead.seek(iteration.min(end)),
            Some(StepPlayhead::End) => playhead.seek(end),
            None if !is_same_problem && !shown.is_playing => playhead.seek(end),
            None => {}
        }
        playhead.is_playing = false;
        if shown.is_playing {
            playhead.play(end);
        }
        self.ask_prediction(shown.prediction.as_ref());
    }

    /// Shows the answer to the question of the step, or hides it.
    pub(crate) fn toggle_answer(&mut self) {
        if let Some(open) = &mut self.document.lesson {
            open.shows_answer = open.shown().question.is_some() && !open.shows_answer;
        }
    }

    /// Leaves the lesson as done, and lists the others.
    fn finish_lesson(&mut self) {
        if let Some(open) = &self.document.lesson {
            self.keeper.note_lesson(LessonProgress {
                name: open.name.clone(),
                step: open.step,
                steps: open.lesson.steps.len(),
                is_done: true,
            });
        }
        self.leave_lesson();
        self.overlay = Some(Overlay::Lessons);
    }

    /// Leaves the lesson: the experiment from before it is open again, as it was.
    pub(crate) fn leave_lesson(&mut self) {
        self.as_a_step(None, |app| {
            let Some(open) = app.document.lesson.take() else {
                return;
            };
            app.prediction = None;
            let left = &open.left;
            app.replace(left.experiment.clone());
            app.document.rename(left.name.clone());
            app.document.is_modified = left.is_modified;
            app.document.formulas.clone_from(&left.formulas);
            app.offered = None;
            app.show_as(&left.as_seen.view);
            app.document.session.playhead.seek(left.iteration);
            let words = messages::lessons::left(&open.lesson.title, &app.document.file_name());
            app.message = Some((words, false));
        });
    }

    /// The experiment of the user: that from before the lesson, if one is open. It is kept if the window ends.
    pub(crate) fn own_experiment(&self) -> LeftExperiment {
        match &self.document.lesson {
            Some(open) => LeftExperiment::clone(&open.left),
            None => self.left_experiment(),
        }
    }
}
