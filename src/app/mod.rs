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
mod panels;
mod presentation;
mod session;
mod storage;
mod views;

use std::sync::Arc;
use std::time::Duration;

use bilevel::run::{Executor, Trace};
use bilevel_claims::CLAIMS;
use bilevel_figure::Theme;
use bilevel_files::{Experiment, Highlight, WindowLayout};
use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use self::apply::kept_state::WindowFrame;
use self::background::Background;
use self::command::keyboard::{pasted, pressed};
use self::command::{CommandQueue, Edit};
use self::dialogs::export::ExportDialog;
use self::dialogs::tuning::TuningDialog;
use self::overlay::Overlay;
use self::paint::outline::{outline, set_outlined};
use self::paint::system_faces::SystemFaces;
use self::paint::theme::{colour, roles_of};
use self::panels::Panels;
use self::panels::top_bar::TopBar;
use self::session::Session;
use self::session::document::Document;
use self::storage::StateKeeper;
use self::views::Views;
use self::views::run_views::Own;

pub use launch::{LaunchError, Opening, launch};

/// The interval between two frames while the playhead plays.
const FRAME: Duration = Duration::from_millis(33);
/// Below this width the panel that explains the picture is hidden.
const NARROW: f32 = 1100.0;

/// The width of the panel of a lesson, and in a presentation.
const LESSON: f32 = 320.0;
const PRESENTED: f32 = 230.0;
/// Below this height there is no caption; from the other on it has two lines.
const LOW: f32 = 560.0;
const HIGH: f32 = 800.0;

/// Below this width only the pictures are shown.
const TINY: f32 = 640.0;
/// The space around the content of a dialog.
const PADDING: f32 = 16.0;
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
    /// The claim that was opened last, by its index in the list.
    claim: Option<usize>,
    commands: CommandQueue,
    /// The message in the top bar, and true if it is an error.
    message: Option<(String, bool)>,
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

/// Draws content in the available room and takes up just that: a panel would grow with content that is wider.
fn within(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let room = ui.available_rect_before_wrap();
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(room));
    inner.set_clip_rect(room.expand(2.0).intersect(ui.clip_rect()));
    content(&mut inner);
    ui.advance_cursor_after_rect(room);
}

/// A dialog with room around its content.
fn dialog(name: &str, ctx: &egui::Context) -> egui::Modal {
    let frame = Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(PADDING);
    egui::Modal::new(egui::Id::unique(name)).frame(frame)
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
            background,
            overlay: None,
            export: ExportDialog::default(),
            tuning: TuningDialog::default(),
            claim: None,
            commands: CommandQueue::default(),
            message: None,
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
            && !self.tuning.is_busy()
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

    /// Receives the workers' results and carries out the queued commands.
    fn advance(&mut self, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        let last_time = self.last_time.replace(time);
        let seconds = (time - last_time.unwrap_or(0.0)).max(0.0);
        let scope = Overlay::key_scope(self.overlay.as_ref());
        self.commands.extend(pressed(ctx, scope));
        let dropped = ctx.input(|input| input.raw.dropped_files.first().cloned());
        if let Some(file) = dropped {
            let name = file.path().to_string_lossy().into_owned();
            self.commands.push(Edit::Open { name });
        }
        self.commands.extend(pasted(ctx, scope));
        for command in self.commands.take() {
            self.apply(command, ctx);
        }
        if let Some(remark) = paint::number_field::take_remark(ctx) {
            self.message = Some((remark.message(), true));
        }
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

    /// Draws the explanation at the right side.
    fn guide_panel(&mut self, ui: &mut Ui, side: Frame) {
        let right = Panel::right("guide")
            .default_size(252.0)
            .size_range(180.0..=420.0)
            .frame(side);
        right.show(ui, |ui| {
            within(ui, |ui| {
                let shown = (self.views.kind, self.document.name.as_str());
                let session = &self.document.session;
                let offer = self.keeper.offers_lessons();
                panels::guide::guide_ui(ui, session, (shown, offer), &mut self.commands);
            });
        });
    }

    /// Draws the open lesson at the right side.
    fn lesson_panel(&mut self, ui: &mut Ui) {
        let Some(open) = &self.document.lesson else {
            return;
        };
        let side = Frame::new()
            .fill(colour(roles_of(ui).background))
            .inner_margin(Margin::symmetric(14, 8));
        // a presentation is a zoom, in which a panel has a width of its own
        let (id, width) = if self.panels.presents {
            ("lesson of a presentation", PRESENTED)
        } else {
            ("lesson", LESSON)
        };
        let right = Panel::right(id)
            .default_size(width)
            .size_range(200.0..=420.0)
            .frame(side);
        right.show(ui, |ui| {
            within(ui, |ui| {
                panels::lesson::lesson_ui(ui, open, &mut self.commands);
            });
        });
    }

    fn panels(&mut self, ui: &mut Ui) {
        let has_room = ui.available_width() >= TINY;
        let lesson = self.document.lesson.as_ref().filter(|_| has_room);
        let has_lesson = lesson.is_some();
        set_outlined(
            ui.ctx(),
            lesson.map_or(&[], |open| &open.shown().highlights),
        );
        if self.panels.presents {
            self.lesson_panel(ui);
            self.presentation(ui);
            return;
        }
        let roles = roles_of(ui);
        let bar = Frame::new()
            .fill(colour(roles.background))
            .inner_margin(Margin::symmetric(16, 0));
        let side = Frame::new()
            .fill(colour(roles.background))
            .inner_margin(Margin::symmetric(12, 8));
        let has_room = ui.available_width() >= NARROW;
        let shows_guide = self.panels.has_guide() && has_room && !has_lesson;
        // a caption stands for the panel where that has no room, or is not usual
        let is_usual = self.panels.layout == WindowLayout::Teach && has_room;
        let shows_caption = !shows_guide
            && !has_lesson
            && !is_usual
            && ui.available_width() >= TINY
            && ui.available_height() >= LOW;
        Panel::top("top")
            .exact_size(40.0)
            .frame(bar)
            .show(ui, |ui| {
                self.top_bar(ui);
            });
        if self.shown_claim().is_some() && ui.available_width() >= TINY {
            let strip = Frame::new()
                .fill(colour(roles.card))
                .inner_margin(Margin::symmetric(16, 0));
            Panel::top("claim").frame(strip).show(ui, |ui| {
                self.claim_ui(ui);
            });
        }
        let timeline = Panel::bottom("timeline").exact_size(44.0).frame(bar);
        let timeline = timeline.show(ui, |ui| {
            panels::timeline::timeline_ui(ui, &self.document.session, &mut self.commands);
        });
        // pictures have the room of a narrow window beside a lesson
        let has_edit = ui.available_width() >= TINY && (has_room || !has_lesson);
        if self.panels.layout != WindowLayout::Present && has_edit {
            let left = Panel::left("edit")
                .default_size(300.0)
                .size_range(220.0..=640.0)
                .frame(side);
            left.show(ui, |ui| within(ui, |ui| self.left(ui)));
        }
        if has_lesson {
            self.lesson_panel(ui);
        }
        outline(ui, &Highlight::Timeline, timeline.response.rect);
        if shows_guide {
            self.guide_panel(ui, side);
        }
        CentralPanel::default().frame(side).show(ui, |ui| {
            if shows_caption {
                let lines = if ui.available_height() >= HIGH { 2 } else { 1 };
                let session = &self.document.session;
                panels::guide::caption_ui(ui, session, lines, &mut self.commands);
                ui.add_space(2.0);
            }
            self.central_panel(ui);
        });
    }

    fn top_bar(&mut self, ui: &mut Ui) {
        let bar = TopBar {
            name: &self.document.name,
            is_modified: self.document.is_modified,
            message: self
                .message
                .as_ref()
                .map(|(text, is_wrong)| (text.as_str(), *is_wrong)),
            is_dark: ui.visuals().dark_mode,
            hides_guide: !self.panels.has_guide(),
            layout: self.panels.layout,
            history: &self.document.history,
        };
        bar.ui(ui, &mut self.commands);
    }

    /// The claim whose own experiment is open, edited or not.
    fn shown_claim(&self) -> Option<usize> {
        let is_open = |place: &usize| {
            let claim = CLAIMS.get(*place);
            claim.is_some_and(|it| it.preset == self.document.name)
        };
        self.claim.filter(is_open)
    }

    /// Draws the strip of the claim whose experiment is open; false if there is none.
    fn claim_ui(&mut self, ui: &mut Ui) -> bool {
        let place = self.shown_claim();
        if let Some(place) = place {
            dialogs::claims::strip_ui(ui, place, &mut self.commands);
        }
        place.is_some()
    }

    /// Draws the problem, the methods and the start, in causal order.
    fn left(&mut self, ui: &mut Ui) {
        let problem = ui.scope(|ui| {
            panels::problem::problem_ui(
                ui,
                &self.document,
                &mut self.panels.editor,
                &mut self.commands,
            );
        });
        outline(ui, &Highlight::Problem, problem.response.rect);
        ui.add_space(2.0);
        let plane = &self.views.landscape.plane;
        let axes = [plane.horizontal, plane.vertical];
        let start = Panel::bottom("start")
            .show_separator_line(false)
            .frame(Frame::new());
        let start = start.show(ui, |ui| {
            ui.add_space(4.0);
            let (session, spread) = (&self.document.session, &mut self.panels.spread);
            panels::start::start_ui(ui, session, (axes, spread), &mut self.commands);
        });
        outline(ui, &Highlight::Start, start.response.rect);
        CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
            outline(ui, &Highlight::Cards, ui.available_rect_before_wrap());
            panels::methods::methods_ui(ui, &self.document.session, &mut self.commands);
        });
    }

    /// Draws the dialogs over the panels.
    fn dialogs(&mut self, ui: &Ui) {
        let ctx = ui.ctx();
        let room = ctx.content_rect().size() - egui::Vec2::splat(2.0 * PADDING + 32.0);
        let Some(overlay) = &mut self.overlay else {
            return;
        };
        match overlay {
            Overlay::Export => {
                let mut export = std::mem::take(&mut self.export);
                let mut commands = CommandQueue::default();
                let shown = self.export_source();
                dialog("export", ctx).show(ctx, |ui| {
                    ui.set_width(room.x.min(420.0));
                    egui::ScrollArea::both()
                        .max_height(room.y)
                        .min_scrolled_height(room.y)
                        .show(ui, |ui| export.ui(ui, &shown, &mut commands));
                });
                self.export = export;
                self.commands.extend(commands.take());
            }
            Overlay::Tuning => {
                dialog("tuning", ctx).show(ctx, |ui| {
                    ui.set_width(room.x.min(820.0));
                    egui::ScrollArea::vertical()
                        .max_height(room.y)
                        .min_scrolled_height(room.y)
                        .show(ui, |ui| {
                            let session = &self.document.session;
                            self.tuning.ui(ui, session, &mut self.commands);
                        });
                });
            }
            Overlay::Keys => dialogs::keys_sheet::keys_ui(ctx, &mut self.commands),
            Overlay::Papers => {
                dialogs::claims::claims_ui(ctx, &self.document.name, &mut self.commands);
            }
            Overlay::Lessons => {
                let open = self.document.lesson.as_ref();
                let open = open.map(|open| open.name.as_str());
                let progress = self.keeper.lessons();
                dialogs::lessons::lessons_ui(ctx, progress, open, &mut self.commands);
            }
            Overlay::Palette(palette) => {
                palette.ui(ctx, &self.document.session, &mut self.commands);
            }
            Overlay::Open(open) => open.ui(ctx, &mut self.commands),
            Overlay::Question(question) => question.ui(ctx, &mut self.commands),
            Overlay::Share(share) => share.ui(ctx, &mut self.commands),
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
