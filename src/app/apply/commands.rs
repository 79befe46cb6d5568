//! Carrying out commands: the only place that changes the session or the views.

use bilevel::method;
use bilevel::numerics::Point;
use bilevel::problem::{self, Settings};
use bilevel::study::Measure;
use bilevel_figure::landscape::REDUCED;
use bilevel_figure::race::{RaceOptions, scale_of};
use bilevel_figure::{
    LandscapePicture, LevelsPicture, Theme, VIEWS, View as _, chosen_views, suited_view,
};
use bilevel_files::{
    Experiment, MethodSpec, ProblemSpec, StartSpec, ViewSpec, presets, unused_label,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use super::own_formulas::refit;
use crate::app::command::Command;
use crate::app::dialogs::export::What;
use crate::app::session::Session;
use crate::app::{App, theme_of, wake};

impl App {
    /// Carries out a command, without recording a step for undo.
    pub(crate) fn apply_command(&mut self, command: Command, ctx: &egui::Context) {
        match command {
            Command::Open(name) => self.open(&name),
            Command::SetProblem(id) => self.set_problem(id),
            Command::SetProblemParameter(name, value) => {
                let mut experiment = self.session.experiment().clone();
                if experiment.problem.settings.set(name, value).is_ok() {
                    refit(&mut experiment);
                    self.replace(experiment);
                    self.is_modified = true;
                }
            }
            Command::SetModel(model) => self.set_model(model),
            Command::StartFrom(id) => self.start_from(id),
            Command::CopyExperiment => self.copy_experiment(ctx),
            Command::AskPaste => ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste),
            Command::Paste(text) => self.paste_experiment(&text),
            Command::AddMethod(id) => self.add_method(id),
            Command::RemoveMethod(slot) => self.edit(|experiment| {
                if slot < experiment.methods.len() {
                    experiment.methods.remove(slot);
                }
            }),
            Command::SetParameter(slot, name, value) => self.edit(|experiment| {
                if let Some(method) = experiment.methods.get_mut(slot) {
                    // a value out of range is refused, and the old one stays
                    let _refused = method.settings.set(name, value);
                }
            }),
            Command::ResetParameters(slot) => self.edit(|experiment| {
                if let Some(method) = experiment.methods.get_mut(slot) {
                    method.settings = Settings::new(method.entry.parameters);
                }
            }),
            Command::UseSettings(settings) => self.edit(|experiment| {
                for (method, settings) in experiment.methods.iter_mut().zip(settings) {
                    method.settings = settings;
                }
            }),
            Command::SetViewOption(name, value) => self.set_view_option(name, value),
            Command::SetVisible(slot, is_visible) => self.session.set_visible(slot, is_visible),
            Command::SetIterations(iterations) => {
                self.edit(|experiment| experiment.iterations = iterations);
            }
            Command::MoveStart(number, point) => self.move_start(number, point),
            Command::ResetStart => self.edit(|experiment| experiment.starts.clear()),
            Command::RandomStart => self.random_start(),
            Command::SetPretrained(is_wanted) => self.edit(|experiment| {
                experiment.starts = if is_wanted {
                    vec![StartSpec::Pretrained]
                } else {
                    Vec::new()
                };
            }),
            Command::TogglePlay => {
                let end = self.session.end();
                let playhead = &mut self.session.playhead;
                if playhead.is_playing {
                    playhead.is_playing = false;
                } else {
                    playhead.play(end);
                }
            }
            Command::StepBy(steps) => {
                let target = self
                    .session
                    .playhead
                    .iteration()
                    .saturating_add_signed(steps);
                self.seek(target);
            }
            Command::Seek(iteration) => self.seek(iteration),
            Command::SetSpeed(speed) => self.session.playhead.speed = speed,
            Command::Restart => self.session.restart(),
            _ => self.carry_out_view(&command, ctx),
        }
    }

    /// Carries out commands that change only the views.
    fn carry_out_view(&mut self, command: &Command, ctx: &egui::Context) {
        match command {
            Command::SetCost(cost) => {
                self.race.view.cost = *cost;
                self.race.fit();
            }
            Command::SetMeasure(measure) => {
                self.race.view.measure = *measure;
                self.race.view.scales[1] = scale_of(*measure);
                self.race.fit();
            }
            Command::SetSpread(spread) => self.race.view.spread = *spread,
            Command::SetTolerance(tolerance) => self.race.view.tolerance = *tolerance,
            Command::SetWeights(weights) => {
                self.race.view.weights = *weights;
                self.race.fit();
            }
            Command::SetScale(axis, scale) => {
                self.race.view.scales[*axis] = *scale;
                self.race.fit();
            }
            Command::SetPlane(axes) => {
                let problem = std::sync::Arc::clone(self.session.problem());
                self.landscape.set_axes(problem.metadata(), *axes);
            }
            Command::SetLandscapeLevel(level) => self.landscape.level = *level,
            Command::ShowView(view) => self.view = *view,
            Command::ToggleView => {
                let [landscape, levels] = [LandscapePicture::KIND, LevelsPicture::KIND];
                self.view = if self.view == landscape {
                    levels
                } else {
                    landscape
                };
            }
            Command::SetAtlasGrid(side) => self.run_views.atlas.side = *side,
            Command::SetSweepGrid(side) => self.run_views.sweep.side = *side,
            Command::SetVary(vary) => self.run_views.sweep.vary.clone_from(vary),
            Command::SetSlice(of) => self.run_views.slice.set_plane(*of),
            Command::NextView => {
                let mut kinds = chosen_views().cycle();
                let _at = kinds.find(|kind| *kind == self.view);
                self.view = kinds.next().unwrap_or(self.view);
            }
            Command::SetLayout(layout) => self.layout = *layout,
            Command::SetTab(tab) => self.tab = *tab,
            Command::Copy(text, what) => {
                ctx.copy_text(text.clone());
                self.message = Some((format!("copied as {what}"), false));
            }
            Command::ToggleTheme => {
                let theme = match theme_of(ctx) {
                    Theme::Light => egui::Theme::Dark,
                    Theme::Dark => egui::Theme::Light,
                };
                ctx.set_theme(theme);
            }
            Command::ToggleGuide => self.hides_guide = !self.hides_guide,
            Command::ToggleKeys => self.shows_keys = !self.shows_keys,
            Command::TogglePapers => self.papers.is_open = !self.papers.is_open,
            Command::HideClaim => self.papers.claim = None,
            Command::AskTuning => self.tuning.open(self.session.experiment()),
            Command::CloseTuning => self.tuning.close(),
            Command::AskExport => self.export.open(What::View(self.view)),
            Command::AskSave => self.export.open_on_file(&self.name),
            Command::CancelExport => self.export.is_open = false,
            Command::Export => {
                let mut export = std::mem::take(&mut self.export);
                if let Some(message) = export.save(&self.export_source(), theme_of(ctx)) {
                    self.message = Some((message, false));
                }
                self.export = export;
            }
            Command::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            _ => {}
        }
    }

    /// Edits the experiment, except its problem. A method stays shown or hidden, whatever its new place.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Experiment)) {
        let hidden = self.hidden_labels();
        self.session.edit(change);
        self.hide(&hidden);
        self.is_modified = true;
    }

    /// Opens a file or a preset; if that fails, the present experiment stays.
    pub(crate) fn open(&mut self, name: &str) {
        match presets::open(name) {
            Ok(experiment) => {
                let view = experiment.view.clone();
                self.replace(experiment);
                name.clone_into(&mut self.name);
                self.is_modified = false;
                self.message = None;
                self.show_as(&view);
            }
            Err(error) => self.message = Some((error.to_string(), true)),
        }
    }

    /// Replaces the present experiment by another, and starts its runs.
    pub(crate) fn replace(&mut self, experiment: Experiment) {
        match Session::new(experiment, wake(&self.ctx)) {
            Ok(session) => {
                self.session.give_way_to(session);
                let problem = std::sync::Arc::clone(self.session.problem());
                let metadata = problem.metadata();
                self.landscape.reset(metadata);
                self.levels.reset();
                self.run_views.reset();
                // another problem may not have the metric that was compared
                if !Measure::all(metadata).contains(&self.race.view.measure) {
                    self.race.view.measure = Measure::default();
                    self.race.view.scales[1] = scale_of(Measure::default());
                }
                self.race.fit();
            }
            Err(error) => {
                self.message = Some((format!("no more threads can be started: {error}"), true));
            }
        }
    }

    /// Sets the views up as an experiment describes them.
    pub(crate) fn show_as(&mut self, view: &ViewSpec) {
        let runs = self
            .session
            .slots()
            .first()
            .map_or(1, |slot| slot.runs.len());
        self.race.view = RaceOptions::of(view, runs, &self.session.problem().milestones());
        self.layout = view.layout.unwrap_or_default();
        self.landscape.is_reduced = view.landscape_level == Some(REDUCED);
        self.landscape.level = view.landscape_level.unwrap_or(1).max(1);
        let problem = std::sync::Arc::clone(self.session.problem());
        let metadata = problem.metadata();
        self.view = view
            .kind
            .unwrap_or_else(|| suited_view(&**self.session.problem()));
        self.run_views.slice.of = view.slice.unwrap_or_default();
        self.run_views.take(view);
        if let Some(axes) = view.axes(metadata) {
            self.landscape.set_axes(metadata, axes);
        }
        self.landscape.viewport.range = view.range;
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
            ..self.session.experiment().clone()
        };
        self.replace(experiment);
        self.view = suited_view(&**self.session.problem());
        id.clone_into(&mut self.name);
        self.is_modified = true;
    }

    /// Sets a numeric option of a view. The levels forget their curves when their variable changes.
    fn set_view_option(&mut self, name: &str, value: f64) {
        let mut options = VIEWS.iter().flat_map(|view| view.info().options);
        if let Some(option) = options.find(|option| option.name == name) {
            self.edit(|experiment| experiment.view.set_option(option, value));
        }
        if LevelsPicture::REF
            .options
            .iter()
            .any(|own| own.name == name)
        {
            self.levels.reset();
        }
    }

    fn add_method(&mut self, id: &'static str) {
        let Some(entry) = method::find(id) else {
            return;
        };
        self.edit(|experiment| {
            let mut settings = Settings::new(entry.parameters);
            // a new method takes the step sizes of the first one
            if let Some(other) = experiment.methods.first() {
                let names = ["outer_step_size", "inner_step_size", "inner_steps"];
                for name in names
                    .into_iter()
                    .filter(|name| other.settings.declares(name))
                {
                    let _unknown = settings.set(name, other.settings.value(name));
                }
            }
            experiment.methods.push(MethodSpec {
                entry,
                settings,
                label: unused_label(entry.name, &experiment.methods),
                expect: None,
            });
        });
    }

    /// Moves a start to a point, projected onto the box.
    fn move_start(&mut self, number: usize, mut point: Point) {
        let problem = std::sync::Arc::clone(self.session.problem());
        let bounds = &problem.metadata().bounds;
        for level in 1..=point.shape().levels() {
            bounds.project(level, &mut point[level]);
        }
        let starts = self.session.starts().to_vec();
        self.edit(|experiment| {
            experiment.starts = starts.into_iter().map(StartSpec::At).collect();
            if let Some(start) = experiment.starts.get_mut(number) {
                *start = StartSpec::At(point);
            }
        });
    }

    /// Sets a random start within the landscape's range, another one each time.
    fn random_start(&mut self) {
        self.random += 1;
        let mut random = ChaCha8Rng::seed_from_u64(self.random);
        let mut start = self.session.starts()[0].clone();
        let plane = &self.landscape.plane;
        for (axis, [low, high]) in [plane.horizontal, plane.vertical]
            .into_iter()
            .zip(plane.range)
        {
            let share = f64::from(random.next_u32()) / f64::from(u32::MAX);
            start[axis.level][axis.index] = low + (0.1 + 0.8 * share) * (high - low);
        }
        self.move_start(0, start);
    }
}
