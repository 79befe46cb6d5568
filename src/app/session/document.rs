//! The open document: an experiment with its runs, its name, its typed formulas and the steps that can be undone.

use std::collections::BTreeMap;
use std::path::{Path, absolute};
use std::sync::Arc;

use bilevel::formula::Model;
use bilevel::problem::FORMULA;
use bilevel_files::{Experiment, presets};

use super::Session;
use super::history::{History, Moment};
use super::open_lesson::OpenLesson;
use crate::app::command::EditTarget;
use crate::app::formulas::FormulaDraft;

/// The experiment that the window shows.
pub(crate) struct Document {
    pub(crate) session: Session,
    /// The absolute path of the file that was opened, or the name of the preset.
    pub(crate) name: String,
    /// True if the experiment was changed since it was opened.
    pub(crate) is_modified: bool,
    /// The typed formulas; `None` for a benchmark.
    pub(crate) formulas: Option<FormulaDraft>,
    /// The lesson whose step the experiment is.
    pub(crate) lesson: Option<OpenLesson>,
    pub(crate) history: History,
    /// The experiments of this window as they were opened or saved last, by their names.
    saved: BTreeMap<String, Saved>,
}

/// An experiment as it was opened or saved last.
struct Saved {
    experiment: Experiment,
    /// The content of its file; `None` for a preset.
    text: Option<String>,
}

impl Saved {
    fn of(name: &str, experiment: &Experiment) -> Self {
        Self {
            experiment: experiment.clone(),
            text: presets::read_text(Path::new(name)).ok(),
        }
    }
}

impl Document {
    /// A document without steps to undo.
    pub(crate) fn new(session: Session, name: &str) -> Self {
        let name = full_name(name);
        let saved = Saved::of(&name, session.experiment());
        Self {
            formulas: typed_model(session.experiment())
                .map(|model| FormulaDraft::of(model.draft())),
            session,
            saved: BTreeMap::from([(name.clone(), saved)]),
            name,
            is_modified: false,
            lesson: None,
            history: History::default(),
        }
    }

    /// Takes the present experiment as that of a file or preset.
    pub(crate) fn set_opened(&mut self, name: &str) {
        self.name = full_name(name);
        let saved = Saved::of(&self.name, self.session.experiment());
        self.saved.insert(self.name.clone(), saved);
        self.is_modified = false;
    }

    /// Takes the present experiment as the content of a file, which was written with a text.
    pub(crate) fn set_saved(&mut self, path: &Path, text: String) {
        self.name = full_name(&path.to_string_lossy());
        let saved = Saved {
            experiment: self.session.experiment().clone(),
            text: Some(text),
        };
        self.saved.insert(self.name.clone(), saved);
        self.is_modified = false;
    }

    /// Takes a text as that with which the open file was opened or saved last; the file may contain another by now.
    pub(crate) fn set_base(&mut self, text: Option<String>) {
        if let (Some(saved), Some(text)) = (self.saved.get_mut(&self.name), text) {
            saved.text = Some(text);
        }
    }

    /// The path of the open file and the text with which it was opened or saved last; `None` for a preset.
    pub(crate) fn file(&self) -> Option<(&Path, &str)> {
        let text = self.saved.get(&self.name)?.text.as_deref()?;
        Some((Path::new(&self.name), text))
    }

    /// The name of the open file without its folders, or that of the preset.
    pub(crate) fn file_name(&self) -> String {
        file_name_of(&self.name)
    }

    /// Leaves the lesson for another experiment. Returns the file name of the unsaved experiment that is left with it.
    pub(crate) fn take_left(&mut self) -> Option<String> {
        let own = self.lesson.take().filter(|open| open.left.is_modified);
        let own = own.map(|open| file_name_of(&open.left.name));
        own.or_else(|| self.is_modified.then(|| self.file_name()))
    }

    /// Takes the name of an earlier experiment of this window.
    pub(crate) fn rename(&mut self, name: String) {
        let saved = self.saved.get(&name);
        let is_saved = saved.is_some_and(|saved| saved.experiment == *self.session.experiment());
        self.is_modified = !is_saved;
        self.name = name;
    }

    /// The state that an undo restores.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            experiment: self.session.experiment().clone(),
            name: self.name.clone(),
            is_modified: self.is_modified,
            formulas: self.formulas.clone(),
            lesson: self.lesson.clone(),
        }
    }

    /// Replaces the typed texts by those of the present problem.
    pub(crate) fn reset_formulas(&mut self) {
        let model = typed_model(self.session.experiment());
        self.formulas = model.map(|model| FormulaDraft::of(model.draft()));
    }

    /// Records a step from an earlier moment to the present one, if anything was changed since.
    pub(crate) fn record(&mut self, before: Moment, target: Option<EditTarget>) {
        let is_same = before.experiment == *self.session.experiment() && before.name == self.name;
        if is_same {
            // a value that was refused, or that was set already
            self.is_modified &= before.is_modified;
        }
        if !is_same || before.formulas != self.formulas {
            self.history.record(before, target);
        }
    }

    /// Edits the experiment, except its problem. A method stays shown or hidden, whatever its new place.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Experiment)) {
        let hidden = self.hidden_labels();
        self.session.edit(change);
        self.hide(&hidden);
        self.is_modified = true;
    }

    /// Replaces the session by another, whose formulas replace those that were typed.
    pub(crate) fn replace(&mut self, session: Session) {
        let before = typed_model(self.session.experiment()).cloned();
        self.session.give_way_to(session);
        let now = typed_model(self.session.experiment());
        match (&mut self.formulas, before, now) {
            (Some(formulas), Some(before), Some(now)) => {
                formulas.follow(before.draft(), now.draft());
            }
            (formulas, ..) => *formulas = now.map(|now| FormulaDraft::of(now.draft())),
        }
    }

    /// The labels of the hidden methods.
    pub(crate) fn hidden_labels(&self) -> Vec<String> {
        let methods = self.session.experiment().methods.iter();
        methods
            .zip(self.session.slots())
            .filter(|(_, slot)| !slot.is_visible)
            .map(|(method, _)| method.label.clone())
            .collect()
    }

    /// Hides the methods with these labels and no others.
    pub(crate) fn hide(&mut self, labels: &[String]) {
        for slot in 0..self.session.slots().len() {
            let method = self.session.experiment().methods.get(slot);
            let is_hidden = method.is_some_and(|method| labels.contains(&method.label));
            self.session.set_visible(slot, !is_hidden);
        }
    }
}

/// The typed problem of an experiment; `None` for a benchmark.
pub(crate) fn typed_model(experiment: &Experiment) -> Option<&Arc<Model>> {
    let problem = &experiment.problem;
    let is_typed = problem.entry.id == FORMULA.id;
    is_typed.then(|| problem.settings.model().unwrap_or_else(|| Model::starter()))
}

fn file_name_of(name: &str) -> String {
    let file = Path::new(name).file_name();
    file.map_or_else(|| name.to_owned(), |it| it.to_string_lossy().into_owned())
}

/// The absolute path of a file, or the name of a preset.
pub(crate) fn full_name(name: &str) -> String {
    let path = presets::path_of(name);
    let full = absolute(&path).ok().filter(|_| path.is_file());
    full.map_or_else(|| name.to_owned(), |it| it.to_string_lossy().into_owned())
}
