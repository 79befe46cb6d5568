//! The window: gestures become commands, state becomes figures.
//!
//! Panels read the session and queue commands; [`App`] carries them out in one place between frames. No panel
//! changes anything itself, and nothing here computes.

mod carry_out;
mod command;
mod export;
mod ground;
mod guide;
mod history;
mod icons;
mod keyboard;
mod keys_sheet;
mod landscape_view;
mod methods_panel;
mod open;
mod palette;
mod playhead;
mod plot_view;
mod problem_panel;
mod race_view;
mod revise;
mod screen_pen;
mod session;
mod start_panel;
mod theme;
mod timeline;
mod top_bar;
mod widgets;

use std::time::Duration;

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use self::command::Command;
use self::export::ExportDialog;
use self::history::History;
use self::landscape_view::LandscapeView;
use self::palette::Palette;
use self::race_view::RaceView;
use self::session::Session;
use self::theme::{colour, roles_of};
use self::top_bar::{PathField, TopBar};
use crate::experiment::Experiment;
use crate::figure::Theme;
use crate::run::Trace;

pub use open::{OpenError, open};

/// How often a playing window is drawn.
const FRAME: Duration = Duration::from_millis(33);
/// Below this width the panel that explains the picture makes room for the picture.
const NARROW: f32 = 1100.0;

/// Below this width there is room for the pictures only, and below this height for one of them.
const TINY: f32 = 640.0;
const LOW: f32 = 400.0;

/// The window's state.
pub struct App {
    session: Session,
    /// The file or preset that was opened.
    name: String,
    is_modified: bool,
    landscape: LandscapeView,
    race: RaceView,
    commands: Vec<Command>,
    export: Option<ExportDialog>,
    hides_guide: bool,
    shows_keys: bool,
    history: History,
    palette: Option<Palette>,
    /// What happened last, and whether it went wrong.
    message: Option<(String, bool)>,
    /// The path typed into the menu.
    path: PathField,
    /// The number of random starts so far.
    random: u64,
    /// When the last frame was, in egui's time.
    last_time: f64,
    /// To be woken by.
    ctx: egui::Context,
}

/// Asks for a new frame, from any thread.
fn wake(ctx: &egui::Context) -> impl Fn() + Clone + Send + Sync + 'static {
    let ctx = ctx.clone();
    move || ctx.request_repaint()
}

/// The theme of the whole window.
fn theme_of(ctx: &egui::Context) -> Theme {
    if ctx.theme() == egui::Theme::Dark {
        Theme::Dark
    } else {
        Theme::Light
    }
}

impl App {
    /// The window's state for an experiment, with its runs started.
    pub fn new(ctx: &egui::Context, name: &str, experiment: Experiment) -> std::io::Result<Self> {
        theme::install(ctx);
        ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
        let view = experiment.view.clone();
        let session = Session::new(experiment, wake(ctx))?;
        let facts = session.problem().facts();
        let mut app = Self {
            landscape: LandscapeView::new(facts, wake(ctx))?,
            session,
            name: name.to_owned(),
            is_modified: false,
            race: RaceView::default(),
            commands: Vec::new(),
            export: None,
            hides_guide: false,
            shows_keys: false,
            history: History::default(),
            palette: None,
            message: None,
            path: PathField::default(),
            random: 0,
            last_time: 0.0,
            ctx: ctx.clone(),
        };
        app.show_as(&view);
        Ok(app)
    }

    /// Moves the playhead, as far as runs may go, and stops it there.
    pub fn seek(&mut self, iteration: u64) {
        let end = self.session.end();
        self.session.playhead.seek(iteration.min(end));
    }

    /// Whether all that can be computed now is computed and drawn in full.
    pub fn is_settled(&self) -> bool {
        self.landscape.is_settled() && !self.session.is_computing() && !self.session.is_waiting()
    }

    /// The experiment as edited.
    pub fn experiment(&self) -> &Experiment {
        self.session.experiment()
    }

    /// The file or preset that is open.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the experiment was changed since it was opened.
    pub fn is_modified(&self) -> bool {
        self.is_modified
    }

    /// What every run recorded so far, with the outer iterations that it has done.
    pub fn records(&self) -> impl Iterator<Item = (&Trace, u64)> {
        let runs = self.session.slots().iter().flat_map(|slot| &slot.runs);
        runs.map(|run| (&run.trace, run.iteration))
    }

    /// The iteration that all views show.
    pub fn iteration(&self) -> u64 {
        self.session.playhead.iteration()
    }

    /// Takes in what the workers did and carries out what the user asked for.
    fn advance(&mut self, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        let seconds = (time - self.last_time).max(0.0);
        self.last_time = time;
        self.commands.extend(keyboard::pressed(ctx, self.cover()));
        let dropped = ctx.input(|input| input.raw.dropped_files.first().cloned());
        if let Some(path) = dropped.map(|file| file.path().to_string_lossy().into_owned()) {
            self.commands.push(Command::Open(path));
        }
        for command in std::mem::take(&mut self.commands) {
            self.carry_out(command, ctx);
        }
        self.session.update(seconds);
        if self.session.playhead.is_playing || self.session.is_waiting() {
            ctx.request_repaint_after(FRAME);
        }
    }

    fn panels(&mut self, ui: &mut Ui) {
        let roles = roles_of(ui);
        let bar = Frame::new()
            .fill(colour(roles.ground))
            .inner_margin(Margin::symmetric(16, 0));
        let side = Frame::new()
            .fill(colour(roles.ground))
            .inner_margin(Margin::symmetric(12, 8));
        let is_dark = ui.visuals().dark_mode;
        let shows_guide = !self.hides_guide && ui.available_width() >= NARROW;
        Panel::top("top")
            .exact_size(40.0)
            .frame(bar)
            .show(ui, |ui| {
                let bar = TopBar {
                    name: &self.name,
                    is_modified: self.is_modified,
                    message: self
                        .message
                        .as_ref()
                        .map(|(text, is_wrong)| (text.as_str(), *is_wrong)),
                    is_dark,
                    hides_guide: self.hides_guide,
                    history: &self.history,
                };
                bar.ui(ui, &mut self.path, &mut self.commands);
            });
        Panel::bottom("timeline")
            .exact_size(44.0)
            .frame(bar)
            .show(ui, |ui| {
                timeline::timeline_ui(ui, &self.session, &mut self.commands);
            });
        if ui.available_width() >= TINY {
            let left = Panel::left("edit")
                .default_size(292.0)
                .size_range(220.0..=420.0)
                .frame(side);
            left.show(ui, |ui| self.left(ui));
        }
        if shows_guide {
            let right = Panel::right("guide")
                .default_size(252.0)
                .size_range(180.0..=420.0)
                .frame(side);
            right.show(ui, |ui| {
                guide::guide_ui(ui, &self.session, &mut self.commands);
            });
        }
        CentralPanel::default()
            .frame(side)
            .show(ui, |ui| self.centre(ui));
    }

    /// Problem, methods and start, in causal order.
    fn left(&mut self, ui: &mut Ui) {
        problem_panel::problem_ui(ui, &self.session, &mut self.commands);
        ui.add_space(6.0);
        let plane = &self.landscape.plane;
        let axes = [plane.horizontal, plane.vertical];
        let start = Panel::bottom("start")
            .show_separator_line(false)
            .frame(Frame::new());
        start.show(ui, |ui| {
            ui.add_space(4.0);
            start_panel::start_ui(ui, &self.session, axes, &mut self.commands);
        });
        CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
            methods_panel::methods_ui(ui, &self.session, &mut self.commands);
        });
    }

    /// The landscape over the race.
    fn centre(&mut self, ui: &mut Ui) {
        if ui.available_height() < LOW {
            self.landscape.ui(ui, &self.session, &mut self.commands);
            return;
        }
        let height = 0.56 * ui.available_height();
        let size = egui::vec2(ui.available_width(), height);
        ui.allocate_ui(size, |ui| {
            ui.set_min_size(size);
            self.landscape.ui(ui, &self.session, &mut self.commands);
        });
        widgets::separator(ui);
        self.race.ui(ui, &self.session, &mut self.commands);
    }

    /// Whatever lies over the panels.
    fn dialogs(&mut self, ui: &Ui) {
        if let Some(dialog) = &mut self.export {
            egui::Modal::new(egui::Id::unique("export")).show(ui.ctx(), |ui| {
                ui.set_width(420.0);
                dialog.ui(ui, &mut self.commands);
            });
        }
        if self.shows_keys {
            keys_sheet::keys_ui(ui.ctx(), &mut self.commands);
        }
        if let Some(palette) = &mut self.palette {
            palette.ui(ui.ctx(), &self.session, &mut self.commands);
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.advance(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.panels(ui);
        self.dialogs(ui);
        self.history.watch(ui.ctx());
        if !self.commands.is_empty() {
            ui.ctx().request_repaint();
        }
    }
}
