//! Commands of typed problems: replacing the model, and opening a benchmark as formulas; and experiments as text.

use bilevel::formula::Model;
use bilevel::problem::{self, FORMULA, Settings, example};
use bilevel_figure::suited_view;
use bilevel_files::{Experiment, LARGEST_FILE, ProblemSpec, StartSpec, ViewSpec, is_shared_line};

use crate::app::App;
use crate::app::background::opening_work::OpeningSource;
use crate::app::formulas::FormulaDraft;
use crate::app::formulas::fields::Fields;
use crate::app::messages;
use crate::app::session::document::typed_model;

/// The name of a pasted experiment.
pub(super) const PASTED: &str = "pasted";

/// Removes starts and views that do not fit the experiment's problem, after that has changed.
pub(crate) fn refit(experiment: &mut Experiment) {
    let problem = experiment.problem.build();
    // a start whose blocks have other sizes does not fit
    let (metadata, view) = (problem.metadata(), &mut experiment.view);
    let shape = metadata.shape();
    experiment.starts.retain(|start| match start {
        StartSpec::Default => true,
        StartSpec::Pretrained => problem.pretrained().is_some(),
        StartSpec::At(point) => point.shape() == shape,
    });
    // nor does a view of levels and variables that no longer exist
    if view.axes(metadata).is_none() {
        view.plane = None;
    }
    view.landscape_level = view.landscape_level.filter(|l| *l <= shape.levels());
}

impl App {
    /// Takes over typed formulas. If they have errors, the last valid problem keeps running; only its constants may move.
    pub(crate) fn set_formulas(&mut self, fields: Fields) {
        let Some(running) = typed_model(self.document.session.experiment()).cloned() else {
            return;
        };
        let Some(before) = &self.document.formulas else {
            return;
        };
        let moved = before.moved_values(&fields, &running);
        let (formulas, model) = FormulaDraft::read(fields);
        let next = model.or(moved);
        if let Some(model) = next.filter(|model| model.draft() != running.draft()) {
            self.set_model(model);
        }
        self.document.formulas = Some(formulas);
    }

    /// Replaces the running problem, keeping the methods and, if the shape is the same, the view.
    fn set_model(&mut self, model: Model) {
        let mut experiment = self.document.session.experiment().clone();
        let starts = |model: &Model| {
            let levels = model.draft().levels.iter();
            levels.map(|level| level.start.clone()).collect::<Vec<_>>()
        };
        let present = experiment.problem.settings.model();
        let is_moved = present.is_some_and(|present| starts(present) != starts(&model));
        if let ([only], true) = (&mut experiment.starts[..], is_moved) {
            // a start that was just typed replaces one that was dragged
            *only = StartSpec::Default;
        }
        experiment.problem = ProblemSpec::typed(model);
        refit(&mut experiment);
        let before = self.document.session.problem().metadata().shape();
        let plane = [
            self.views.landscape.plane.horizontal,
            self.views.landscape.plane.vertical,
        ];
        let level = self.views.landscape.level;
        let hidden = self.document.hidden_labels();
        self.replace(experiment);
        self.document.hide(&hidden);
        self.document.is_modified = true;
        let problem = std::sync::Arc::clone(self.document.session.problem());
        if problem.metadata().shape() == before {
            self.views.landscape.set_axes(problem.metadata(), plane);
            self.views.landscape.level = level;
        } else {
            self.views.kind = suited_view(&*problem);
        }
    }

    /// Opens the formulas of a benchmark, with the present methods.
    pub(crate) fn start_from(&mut self, id: &str) {
        let found = problem::find(id).and_then(|entry| Some((entry, example(entry)?)));
        let Some((entry, draft)) = found else { return };
        let model = match Model::parse(draft) {
            Ok(model) => model,
            Err(troubles) => {
                let words = troubles
                    .first()
                    .map_or_else(String::new, ToString::to_string);
                self.message = Some((words, true));
                return;
            }
        };
        let present = &self.document.session.experiment().problem;
        let is_changed =
            present.entry.id == id && present.settings != Settings::new(entry.parameters);
        let mut experiment = Experiment {
            title: FORMULA.name.to_owned(),
            about: messages::formulas::based_on(entry.name, entry.summary),
            source: FORMULA.source.to_owned(),
            problem: ProblemSpec::typed(model),
            view: ViewSpec::default(),
            ..self.document.session.experiment().clone()
        };
        refit(&mut experiment);
        self.replace(experiment);
        self.views.kind = suited_view(&**self.document.session.problem());
        FORMULA.id.clone_into(&mut self.document.name);
        self.document.is_modified = true;
        if is_changed {
            let words = messages::formulas::of_default_parameters();
            self.message = Some((words.to_owned(), false));
        }
    }

    /// Copies the experiment, with the views as they are, to the clipboard.
    pub(crate) fn copy_experiment(&mut self, ctx: &egui::Context) {
        ctx.copy_text(self.as_seen().write());
        let words = messages::status::experiment_copied();
        self.message = Some((words.to_owned(), false));
    }

    /// Copies the experiment, with the view as it is, as one line of text.
    pub(crate) fn copy_line(&mut self, ctx: &egui::Context) {
        self.message = Some(match self.as_seen().to_line() {
            Ok(line) => {
                let words = messages::files::line_copied(line.len());
                ctx.copy_text(line);
                (words, false)
            }
            Err(error) => (error.to_string(), true),
        });
    }

    /// Opens an experiment given as text, as a file or as one line; if it is invalid, the present experiment stays.
    pub(crate) fn paste_experiment(&mut self, text: &str) {
        if text.len() as u64 > LARGEST_FILE {
            let words = messages::status::too_large_to_paste(LARGEST_FILE);
            self.message = Some((words, true));
            return;
        }
        let text = text.to_owned();
        let read = move || {
            if is_shared_line(&text) {
                Experiment::from_line(&text).map_err(|error| error.to_string())
            } else {
                Experiment::read(PASTED, &text).map_err(|error| error.to_string())
            }
        };
        let source = OpeningSource::Pasted;
        let opened = self.opening.begin(source, &self.background, read);
        if let Some(opened) = opened {
            self.take_opened(opened);
        }
    }
}
