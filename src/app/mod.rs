//! The window: gestures become commands, state becomes figures.
//!
//! Panels read the session and queue commands; [`App`] carries them out in one place between frames. No panel
//! changes anything itself, and nothing here computes.

mod apply;
mod background;
mod central_panel;
mod command;
mod dialogs;
#[cfg(target_os = "linux")]
mod display;
mod formulas;

mod launch;
mod messages;
mod overlay;
mod paint;
mod panel_layout;
mod panels;
mod presentation;
mod session;
mod shown_dialog;
mod speakers_pen;
mod storage;
mod views;

use std::sync::Arc;
use std::time::Duration;

use bilevel::run::{Executor, Trace};
use bilevel_figure::Theme;
use bilevel_files::{Experiment, WindowLayout};
use egui::Ui;

use self::apply::kept_state::WindowFrame;
use self::background::Background;
use self::background::opening_work::OpeningWork;
use self::command::keyboard::{KeyScope, pasted, pressed};
use self::command::{CommandQueue, Edit};
use self::dialogs::export::ExportDialog;
use self::dialogs::gallery::FailureGallery;
use self::dialogs::tuning::TuningDialog;
use self::overlay::Overlay;
use self::paint::system_faces::SystemFaces;
use self::panels::Panels;
use self::session::Session;
use self::session::document::Document;
use self::session::prediction::Prediction;
use self::speakers_pen::SpeakersPen;
use self::storage::StateKeeper;
use self::views::Views;
use self::views::note_tool::NoteTool;
use self::views::run_views::Own;

pub use launch::{LaunchError, Opening, launch};

/// The interval between two frames while the playhead plays.
const FRAME: Duration = Duration::from_millis(33);
/// Below this width the panel that explains the picture is hidden.
const NARROW: f32 = 1100.0;
/// The smallest window with the layout for presentations: a smaller one is not for an audience.
const LARGE: [f32; 2] = [800.0, 560.0];

/// The window's state.
pub struct App {
    document: Document,
    views: Views,
    panels: Panels,
    /// The open dialog.
    overlay: Option<Overlay>,
    export: ExportDialog,
    tuning: TuningDialog,
    gallery: FailureGallery,
    /// The pen of a presentation.
    pen: SpeakersPen,
    /// The tool that writes notes on pictures.
    notes: NoteTool,
    /// The claim that was opened last, by its index in the list.
    claim: Option<usize>,
    /// The open prediction, revealed or not.
    prediction: Option<Prediction>,
    /// The seed of the letters that were shuffled last in this window.
    letter_seed: Option<u64>,
    commands: CommandQueue,
    /// The message in the top bar, and true if it is an error.
    message: Option<(String, bool)>,
    /// The experiment that is being opened.
    opening: OpeningWork,
    /// The state that outlives the window.
    keeper: StateKeeper,
    /// The part of the arrangement that the window system decides, as it was in the last frame.
    frame: WindowFrame,
    /// The content of the open file by another program that was offered already.
    offered: Option<String>,
    /// True if the window closes once the experiment is saved.
    closes_once_saved: bool,
    /// True if the window closes without a question.
    is_closing: bool,
    /// The number of random starts so far, which seeds the next one.
    random: u64,
    /// The faces of the system, if the window uses them.
    faces: Option<Arc<SystemFaces>>,
    /// The number of frames in a row that were drawn twice.
    redrawn: usize,
    /// The time of the last frame, in egui's seconds; `None` before the first.
    last_time: Option<f64>,
    background: Background,
    ctx: egui::Context,
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
    /// The window's state for an experiment, with background work on threads.
    pub fn new(ctx: &egui::Context, name: &str, experiment: Experiment) -> Self {
        let executor = Executor::on_all_cores();
        Self::with_executor(ctx, name, experiment, executor, Duration::ZERO)
    }

    /// The window's state for an experiment, with background work on an executor. Without threads, the work takes
    /// `budget` of a frame, or a step that takes longer; with a budget of 0, the owner of the executor does it.
    pub fn with_executor(
        ctx: &egui::Context,
        name: &str,
        experiment: Experiment,
        executor: Executor,
        budget: Duration,
    ) -> Self {
        paint::theme::install(ctx);
        command::controls::install(ctx);
        ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
        let view = experiment.view.clone();
        let frames = ctx.clone();
        let background = Background::new(executor, budget, move || frames.request_repaint());
        let session = Session::new(experiment, &background);
        let mut app = Self {
            views: Views::new(&session, &background),
            document: Document::new(session, name),
            panels: Panels::new(&background),
            gallery: FailureGallery::new(&background),
            background,
            overlay: None,
            export: ExportDialog::default(),
            tuning: TuningDialog::default(),
            pen: SpeakersPen::default(),
            notes: NoteTool::default(),
            claim: None,
            prediction: None,
            letter_seed: None,
            commands: CommandQueue::default(),
            message: None,
            opening: OpeningWork::default(),
            keeper: StateKeeper::default(),
            frame: WindowFrame::default(),
            offered: None,
            closes_once_saved: false,
            is_closing: false,
            random: 0,
            faces: None,
            redrawn: 0,
            last_time: None,
            ctx: ctx.clone(),
        };
        app.show_as(&view);
        app
    }

    /// Draws characters that the bundled faces lack with those of the system.
    fn use_system_faces(&mut self, ctx: &egui::Context) {
        self.faces = Some(SystemFaces::install(ctx));
    }

    /// Moves the playhead to an iteration, at most the end of the runs, and stops it there.
    pub fn seek(&mut self, iteration: u64) {
        let end = self.document.session.end();
        self.document.session.playhead.seek(iteration.min(end));
    }

    /// True if all computable work is done and drawn in full.
    pub fn is_settled(&self) -> bool {
        let is_drawn = match Own::of(self.views.kind) {
            Some(Own::Landscape) => self.views.landscape.is_settled(),
            Some(Own::Levels) => self.views.levels.is_settled(),
            _ => self.views.others.is_settled(self.views.kind),
        };
        is_drawn
            && !self.document.session.is_computing()
            && !self.document.session.is_waiting()
            && self.opening.pending().is_none()
            && !self.tuning.is_busy()
            && self.gallery.is_settled()
            && (self.export.is_settled() || !matches!(self.overlay, Some(Overlay::Export)))
            && self.panels.editor.is_settled(&self.document)
    }

    /// The executor of all background work.
    pub fn executor(&self) -> &Executor {
        &self.background.executor
    }

    /// The experiment as edited.
    pub fn experiment(&self) -> &Experiment {
        self.document.session.experiment()
    }

    /// The file or preset that is open.
    pub fn name(&self) -> &str {
        &self.document.name
    }

    /// The title of the window: the open experiment and its state.
    pub fn title(&self) -> &str {
        &self.frame.title
    }

    /// True if the experiment was changed since it was opened.
    pub fn is_modified(&self) -> bool {
        self.document.is_modified
    }

    /// The trace of every run so far, with its number of completed outer iterations.
    pub fn records(&self) -> impl Iterator<Item = (&Trace, u64)> {
        let runs = self
            .document
            .session
            .slots()
            .iter()
            .flat_map(|slot| &slot.runs);
        runs.map(|run| (&run.trace, run.iteration))
    }

    /// The iteration that all views show.
    pub fn iteration(&self) -> u64 {
        self.document.session.playhead.iteration()
    }

    /// The middle of the text of a note on the screen, counted from 0, while notes are written and it is shown.
    pub fn note_on_screen(&self, number: usize) -> Option<[f32; 2]> {
        let note = self.notes.drawn(number)?;
        Some([0, 1].map(|axis| 0.5 * (note.text.min[axis] + note.text.max[axis])))
    }

    /// The tip of a note's arrow on the screen, as [`Self::note_on_screen`].
    pub fn tip_on_screen(&self, number: usize) -> Option<[f32; 2]> {
        self.notes.drawn(number)?.tip
    }

    /// The number of pictures by which those of the gallery have moved since it was opened.
    pub fn gallery_ticks(&self) -> usize {
        self.gallery.ticks()
    }

    /// Receives the workers' results and carries out the queued commands.
    fn advance(&mut self, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        let last_time = self.last_time.replace(time);
        let seconds = (time - last_time.unwrap_or(0.0)).max(0.0);
        let scope = match self.opening.pending() {
            Some(_) => KeyScope::Dialog(None),
            None => Overlay::key_scope(self.overlay.as_ref()),
        };
        let has_field = self.notes.has_field();
        self.commands.extend(pressed(ctx, scope, has_field));
        let dropped = ctx.input(|input| input.raw.dropped_files.first().cloned());
        if let Some(file) = dropped {
            let name = file.path().to_string_lossy().into_owned();
            self.commands.push(Edit::Open { name });
        }
        self.commands.extend(pasted(ctx, scope, has_field));
        for command in self.commands.take() {
            self.apply(command, ctx);
        }
        if let Some(opened) = self.opening.receive() {
            self.as_a_step(None, |app| app.take_opened(opened));
        }
        if let Some(remark) = paint::number_field::take_remark(ctx) {
            self.message = Some((remark.message(), true));
        }
        self.follow_prediction();
        self.follow_notes(ctx);
        self.report_faces();
        self.watch_window(ctx);
        if last_time.is_none() {
            // threads at work would hold up the first frame, so they start with the second
            ctx.request_repaint();
        } else if ctx.current_pass_index() == 0 {
            self.document.session.begin();
            self.background.work_in_frame();
        }
        self.document.session.follow(&self.views.race.view);
        self.document.session.update(seconds);
        self.panels.editor.follow(&self.document.session);
        let window = ctx.content_rect().size() * ctx.zoom_factor();
        let is_large = window.x >= LARGE[0] && window.y >= LARGE[1];
        self.panels.presents = self.panels.layout == WindowLayout::Present && is_large;
        let zoom = if self.panels.presents {
            presentation::zoom_of(window.y)
        } else {
            1.0
        };
        ctx.set_zoom_factor(zoom);
        paint::widgets::set_controls_shown(ctx, !self.panels.presents);
        paint::search_list::set_pictures_shown(ctx, !self.is_predicting());
        if self.document.session.playhead.is_playing || self.document.session.is_waiting() {
            ctx.request_repaint_after(FRAME);
        }
        self.keep_state(time);
    }

    /// Draws this frame once more if it has commands, so that it shows their effects. A debug build does so for two frames
    /// in a row at most: over the third, egui writes a warning.
    fn draw_commands(&mut self, ctx: &egui::Context) {
        let is_due = !self.commands.is_empty() && (!cfg!(debug_assertions) || self.redrawn < 2);
        if is_due {
            ctx.request_discard("commands change the window");
        }
        self.redrawn = if is_due { self.redrawn + 1 } else { 0 };
    }

    /// Reports text that is not drawn as it should be.
    fn report_faces(&mut self) {
        let Some(faces) = &self.faces else { return };
        let missing = faces.take_missing();
        if !missing.is_empty() {
            self.message = Some((messages::status::no_face(&missing), true));
        }
        if faces.take_right_to_left() {
            self.message = Some((messages::status::right_to_left().to_owned(), true));
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
        let notes = &self.document.session.experiment().view.notes;
        let has_dialog = self.overlay.is_some() || egui::Popup::is_any_open(ui.ctx());
        self.notes
            .ui(ui.ctx(), (notes, has_dialog), &mut self.commands);
        if self.panels.presents {
            self.pen.ui(ui.ctx());
        } else {
            self.pen.put_away();
        }
        if !matches!(self.overlay, Some(Overlay::Palette(_))) {
            paint::widgets::ring_field(ui);
        }
        if self.views.pointed.turn() {
            ui.ctx().request_repaint();
        }
        self.document.history.watch(ui.ctx());
        if !self.commands.is_empty() {
            ui.ctx().request_repaint();
        }
        if ui.ctx().current_pass_index() == 0 {
            self.draw_commands(ui.ctx());
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.leave();
    }
}
