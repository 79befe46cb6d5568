//! Changes of the experiment, an arm each.

use bilevel::method;
use bilevel::problem::{self, ParameterValue, Settings};
use bilevel_claims::CLAIMS;
use bilevel_figure::race::RaceOptions;
use bilevel_figure::{LevelsPicture, VIEWS, View as _, home_of, suited_view};
use bilevel_files::{
    Experiment, FigureSpec, MethodSpec, ProblemSpec, StartSpec, ViewSpec, label_error,
    names_lesson, presets, unused_label,
};

use super::forks::with_step_sizes_of;
use super::own_formulas::{PASTED, refit};
use crate::app::App;
use crate::app::background::opening_work::{Opened, OpeningSource};
use crate::app::command::Edit;
use crate::app::dialogs::question::Question;
use crate::app::messages;
use crate::app::overlay::Overlay;
use crate::app::session::Session;
use crate::app::views::run_views::Own;
use crate::embedded::FAILURES;

impl App {
    /// Carries out an edit, without recording a step for undo.
    pub(crate) fn apply_edit(&mut self, edit: Edit) {
        if let Some(words) = self.refusal_of(&edit) {
            self.message = Some((words.to_owned(), false));
            return;
        }
        match edit {
            Edit::Open { name } => self.open(&name),
            Edit::OpenLesson { name } => self.open_lesson(&name),
            Edit::OpenClaim { place } => self.open_claim(place),
            Edit::OpenFailure { place, is_mended } => self.open_failure(place, is_mended),
            Edit::Paste { text } => self.paste_experiment(&text),
            Edit::SetProblem { id } => self.set_problem(id),
            Edit::SetProblemParameter { name, value } => self.set_problem_parameter(name, value),
            Edit::SetFormulas { fields } => self.set_formulas(fields),
            Edit::StartFrom { id } => self.start_from(id),
            Edit::AddMethod { id } => self.add_method(id),
            Edit::RemoveMethod { slot } => self.remove_method(slot),
            Edit::ForkMethod {
                slot,
                iteration,
                id,
            } => self.fork_method(slot, iteration, id),
            Edit::DuplicateMethod { slot } => self.document.edit(|it| duplicate(it, slot)),
            Edit::MoveMethod { slot, to } => self.document.edit(|experiment| {
                if slot.max(to) < experiment.methods.len() {
                    let method = experiment.methods.remove(slot);
                    experiment.methods.insert(to, method);
                }
            }),
            Edit::RenameMethod { slot, label } => self.rename_method(slot, &label),
            Edit::ColourMethod { slot, colour } => self.document.edit(|experiment| {
                if let Some(method) = experiment.methods.get_mut(slot) {
                    method.colour = colour;
                }
            }),
            Edit::NoteMethod { slot, note } => self.document.edit(|experiment| {
                if let Some(method) = experiment.methods.get_mut(slot) {
                    method.note = note;
                }
            }),
            Edit::PinMethod { slot } => self.document.edit(|experiment| pin(experiment, slot)),
            Edit::UnpinMethod { slot } => self.document.edit(|experiment| {
                if let Some(method) = experiment.methods.get_mut(slot) {
                    method.is_pinned = false;
                }
            }),
            Edit::SetParameter { slot, name, value } => self.set_parameter(&[slot], name, &value),
            Edit::SetParameterOfAll { slots, name, value } => {
                self.set_parameter(&slots, name, &value);
            }
            Edit::ResetParameters { slot } => self.document.edit(|experiment| {
                if let Some(method) = experiment.methods.get_mut(slot) {
                    method.settings = Settings::new(method.entry.parameters);
                }
            }),
            Edit::UseSettings { settings } => self.document.edit(|experiment| {
                for (method, settings) in experiment.methods.iter_mut().zip(settings) {
                    method.settings = settings;
                }
            }),
            Edit::SetIterations { iterations } => self.set_iterations(iterations),
            Edit::MoveStart { number, point } => self.move_start(number, point),
            Edit::AddStart { point } => self.add_start(point),
            Edit::SpreadStarts { choice } => self.spread_starts(choice),
            Edit::SetSeeds { first, count } => self.set_seeds(first, count),
            Edit::SetPretrained { is_pretrained } => self.document.edit(|experiment| {
                experiment.starts = if is_pretrained {
                    vec![StartSpec::Pretrained]
                } else {
                    Vec::new()
                };
            }),
            Edit::SetViewOption { name, value } => self.set_view_option(name, value),
            Edit::AddPictureNote { note } => self.add_picture_note(note),
            Edit::SetPictureNote { number, note } => self.set_picture_note(number, note),
            Edit::RemovePictureNote { number } => self.remove_picture_note(number),
        }
    }

    fn set_parameter(&mut self, slots: &[usize], name: &'static str, value: &ParameterValue) {
        self.document.edit(|experiment| {
            for slot in slots {
                if let Some(method) = experiment.methods.get_mut(*slot) {
                    // a value out of range is refused, and the old one stays
                    let _refused = method.settings.set(name, value.clone());
                }
            }
        });
    }

    fn set_problem_parameter(&mut self, name: &'static str, value: ParameterValue) {
        let mut experiment = self.document.session.experiment().clone();
        let is_set = experiment.problem.settings.set(name, value).is_ok();
        if is_set && experiment != *self.document.session.experiment() {
            refit(&mut experiment);
            self.replace(experiment);
            self.document.is_modified = true;
        }
    }

    /// Opens the preset that shows a claim, with a strip that says what to watch for.
    fn open_claim(&mut self, place: usize) {
        if let Some(claim) = CLAIMS.get(place) {
            self.overlay = None;
            self.claim = Some(place);
            self.open(claim.preset);
        }
    }

    /// The sentence on an edit that a prediction does not allow.
    fn refusal_of(&self, edit: &Edit) -> Option<&'static str> {
        let is_of_problem = matches!(edit, Edit::StartFrom { .. } | Edit::SetProblem { .. });
        if self.refuses(edit) {
            Some(messages::prediction::methods_are_kept())
        } else if self.is_predicting() && is_of_problem {
            Some(messages::prediction::problem_is_kept())
        } else {
            None
        }
    }

    /// Opens a failure of the gallery, or its mend, and plays it.
    fn open_failure(&mut self, place: usize, is_mended: bool) {
        let Some(failure) = FAILURES.get(place) else {
            return;
        };
        let Ok(lesson) = failure.read() else { return };
        let Some(mut step) = lesson.steps.into_iter().nth(usize::from(is_mended)) else {
            return;
        };
        step.experiment.title.clone_from(&lesson.title);
        step.experiment.about = step.paragraphs.join(" ");
        let left = self.document.take_left();
        self.message = left.map(|name| (messages::files::changes_left(&name), false));
        let view = step.experiment.view.clone();
        self.replace(step.experiment);
        let name = messages::gallery::experiment_name(failure.name, is_mended);
        self.document.set_opened(&name);
        self.offered = None;
        self.claim = None;
        self.show_as(&view);
        self.document.session.playhead.seek(0);
        self.document.session.toggle_play();
    }

    /// Opens a file, a preset or a lesson; if that fails, the present experiment stays.
    pub(crate) fn open(&mut self, name: &str) {
        if names_lesson(name) {
            self.open_lesson(name);
            return;
        }
        let source = OpeningSource::Named(name.to_owned());
        let name = name.to_owned();
        let read = move || presets::open(&name).map_err(|error| error.to_string());
        let opened = self.opening.begin(source, &self.background, read);
        if let Some(opened) = opened {
            self.take_opened(opened);
        }
    }

    /// Shows an experiment that was opened; if that failed, the present one stays.
    pub(crate) fn take_opened(&mut self, (source, opened): (OpeningSource, Opened)) {
        match (opened, source) {
            (Ok((experiment, problem)), source) => {
                let is_named = matches!(source, OpeningSource::Named(_));
                let left = is_named.then(|| self.document.take_left()).flatten();
                self.message = left.map(|name| (messages::files::changes_left(&name), false));
                let view = experiment.view.clone();
                self.replace_session(Session::of_problem(experiment, problem, &self.background));
                self.set_source(&source);
                self.show_as(&view);
            }
            (Err(error), OpeningSource::Named(_)) => {
                self.overlay = Some(Overlay::Question(Question::notice(error)));
            }
            (Err(error), OpeningSource::Pasted) => self.message = Some((error, true)),
        }
    }

    /// Names the document by its source.
    fn set_source(&mut self, source: &OpeningSource) {
        match source {
            OpeningSource::Named(name) => {
                self.document.set_opened(name);
                self.offered = None;
                self.keeper.note_opened(&self.document.name);
            }
            OpeningSource::Pasted => {
                self.document.lesson = None;
                PASTED.clone_into(&mut self.document.name);
                self.document.is_modified = true;
            }
        }
    }

    /// Replaces the present experiment by another, and starts its runs.
    pub(crate) fn replace(&mut self, experiment: Experiment) {
        self.replace_session(Session::new(experiment, &self.background));
    }

    fn replace_session(&mut self, session: Session) {
        let (old, new) = (self.document.session.experiment(), session.experiment());
        if old.title != new.title || old.problem.entry.id != new.problem.entry.id {
            self.prediction = None;
        }
        self.document.replace(session);
        let problem = std::sync::Arc::clone(self.document.session.problem());
        self.views.reset(problem.metadata());
    }

    /// Sets the layout and the views up as an experiment describes them. No run begins anew.
    pub fn show_as(&mut self, view: &ViewSpec) {
        let runs = self
            .document
            .session
            .slots()
            .first()
            .map_or(1, |slot| slot.runs.len());
        self.views.race.view =
            RaceOptions::of(view, runs, &self.document.session.problem().milestones());
        self.panels.layout = view.layout.unwrap_or_default();
        self.views
            .landscape
            .show_level(view.landscape_level.unwrap_or(1));
        let problem = std::sync::Arc::clone(self.document.session.problem());
        let metadata = problem.metadata();
        self.views.kind = view
            .kind
            .unwrap_or_else(|| suited_view(&**self.document.session.problem()));
        self.views.others.slice.of = view.slice.unwrap_or_default();
        self.views.others.take(view);
        if let Some(axes) = view.axes(metadata) {
            self.views.landscape.set_axes(metadata, axes);
        }
        self.views.landscape.viewport.range = view.range;
        self.show_figure(&view.figure);
    }

    /// Sets the axes of figures, the hidden methods, the playhead and the page up as an experiment describes them.
    fn show_figure(&mut self, figure: &FigureSpec) {
        let views = &mut self.views;
        views.race.set_ranges(&figure.race_ranges);
        match Own::of(views.kind) {
            Some(Own::Landscape) => views.landscape.set_ranges(&figure.figure_ranges),
            Some(Own::Levels) => views.levels.set_ranges(&figure.figure_ranges),
            _ => views.others.set_ranges(views.kind, &figure.figure_ranges),
        }
        let session = &mut self.document.session;
        let methods = session.experiment().methods.iter();
        let hidden: Vec<bool> = methods
            .map(|method| figure.hidden.contains(&method.label))
            .collect();
        for (slot, is_hidden) in hidden.into_iter().enumerate() {
            session.set_visible(slot, !is_hidden);
        }
        if let Some(iteration) = figure.playhead {
            session.playhead.seek(iteration);
        }
        self.export.take_page(&figure.page);
    }

    /// Sets another problem with the same methods and its default start, or opens the preset of that name if there is
    /// one.
    fn set_problem(&mut self, id: &'static str) {
        if presets::find(id).is_some() {
            self.open(id);
            return;
        }
        let Some(entry) = problem::find(id) else {
            return;
        };
        let experiment = Experiment {
            title: entry.name.to_owned(),
            about: String::new(),
            source: entry.source.to_owned(),
            starts: Vec::new(),
            problem: ProblemSpec::new(entry),
            view: ViewSpec::default(),
            ..self.document.session.experiment().clone()
        };
        self.replace(experiment);
        self.views.kind = suited_view(&**self.document.session.problem());
        id.clone_into(&mut self.document.name);
        self.document.is_modified = true;
    }

    /// Sets a numeric option of a view. The levels forget their curves when their variable changes.
    fn set_view_option(&mut self, name: &str, value: f64) {
        let mut options = VIEWS.iter().flat_map(|view| view.info().options);
        if let Some(option) = options.find(|option| option.name == name) {
            self.document
                .edit(|experiment| experiment.view.set_option(option, value));
        }
        if LevelsPicture::REF
            .options
            .iter()
            .any(|own| own.name == name)
        {
            self.views.levels.reset();
        }
    }

    fn add_method(&mut self, id: &'static str) {
        let Some(entry) = method::find(id) else {
            return;
        };
        self.document.edit(|experiment| {
            let mut settings = Settings::new(entry.parameters);
            // a new method takes the step sizes of the first one
            if let Some(other) = experiment.methods.first() {
                settings = with_step_sizes_of(settings, &other.settings);
            }
            experiment.methods.push(MethodSpec {
                entry,
                settings,
                label: unused_label(entry.name, &experiment.methods),
                expect: None,
                colour: None,
                note: String::new(),
                is_pinned: false,
                from: None,
            });
        });
    }

    /// Gives a method another label, if no other method has it. The method stays shown or hidden.
    fn rename_method(&mut self, slot: usize, label: &str) {
        let label = label.trim();
        let session = &self.document.session;
        let methods = session.experiment().methods.iter().enumerate();
        let others = methods.filter(|(other, _)| *other != slot);
        let others = others.map(|(_, method)| method.label.as_str());
        if slot >= session.slots().len() || label_error(label, others).is_some() {
            return;
        }
        let is_visible = session.slots()[slot].is_visible;
        self.document
            .edit(|experiment| experiment.rename(slot, label));
        self.document.session.set_visible(slot, is_visible);
    }
}

/// Adds a copy of a method after the last one of its colour, so that no other changes its look.
fn duplicate(experiment: &mut Experiment, slot: usize) {
    if let Some(method) = experiment.methods.get(slot) {
        let label = unused_label(&method.label, &experiment.methods);
        let copy = MethodSpec {
            label,
            colour: None,
            ..method.clone()
        };
        let home = home_of(copy.entry.id);
        let same = |other: &MethodSpec| home_of(other.entry.id) == home;
        let last = experiment.methods.iter().rposition(same).unwrap_or(slot);
        experiment.methods.insert(last + 1, copy);
    }
}

/// Adds a pinned copy of a method after it.
fn pin(experiment: &mut Experiment, slot: usize) {
    if let Some(method) = experiment.methods.get(slot)
        && !method.is_pinned
    {
        let name = messages::cards::pinned(&method.label);
        let copy = MethodSpec {
            label: unused_label(&name, &experiment.methods),
            is_pinned: true,
            expect: None,
            ..method.clone()
        };
        experiment.methods.insert(slot + 1, copy);
    }
}
