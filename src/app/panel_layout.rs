//! The panels of a frame: the bars, the sides and the middle.

use bilevel_claims::CLAIMS;
use bilevel_figure::{AtlasPicture, View as _};
use bilevel_files::{Highlight, WindowLayout};
use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::App;
use super::paint::outline::{outline, set_outlined};
use super::paint::theme::{colour, roles_of};
use super::paint::widgets::separator;
use super::panels::top_bar::TopBar;
use super::{NARROW, dialogs, panels};

/// Below this height there is no caption; from the other on it has two lines.
const LOW: f32 = 560.0;
const HIGH: f32 = 800.0;

/// Below this width only the pictures are shown.
const TINY: f32 = 640.0;
/// The height of the outcome of one start of the atlas, in the panel of the explanation: before and after the pointer was on a
/// start.
const OUTCOME: [f32; 2] = [78.0, 252.0];
/// The width of the panel of a lesson, and in a presentation.
const LESSON: f32 = 320.0;
const PRESENTED: f32 = 230.0;

/// Draws content in the available room and takes up just that: a panel would grow with content that is wider.
fn within(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let room = ui.available_rect_before_wrap();
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(room));
    inner.set_clip_rect(room.expand(2.0).intersect(ui.clip_rect()));
    content(&mut inner);
    ui.advance_cursor_after_rect(room);
}

/// Draws content no wider than the room, and takes up its height: content that is wider is cut, and what follows it has
/// the width that it would have had.
fn in_column<T>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> T) -> T {
    let room = ui.available_rect_before_wrap();
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(room));
    inner.set_clip_rect(room.expand(2.0).intersect(ui.clip_rect()));
    let result = content(&mut inner);
    let mut taken = inner.min_rect();
    taken.min = room.min;
    taken.max.x = room.max.x;
    ui.advance_cursor_after_rect(taken);
    result
}

impl App {
    /// Draws the explanation at the right side.
    fn guide_panel(&mut self, ui: &mut Ui, side: Frame) {
        let right = Panel::right("guide")
            .default_size(252.0)
            .size_range(180.0..=420.0)
            .frame(side);
        right.show(ui, |ui| {
            within(ui, |ui| {
                let hints = self.views.others.hints(self.views.kind);
                let shown = (hints, self.document.name.as_str());
                let session = &self.document.session;
                let offer = self.keeper.offers_lessons();
                if self.views.kind == AtlasPicture::KIND {
                    let atlas = &self.views.others.atlas;
                    let height = OUTCOME[usize::from(atlas.has_told())];
                    let below = Panel::bottom("outcome").exact_size(height);
                    below.frame(Frame::new()).show(ui, |ui| {
                        separator(ui);
                        atlas.outcome_ui(ui, session, &mut self.commands);
                    });
                }
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

    /// Draws the strips beneath the top bar: of a prediction and of a claim.
    fn strips(&mut self, ui: &mut Ui, (bar, strip): (Frame, Frame), is_predicting: bool) {
        if self.prediction.is_some() {
            Panel::top("prediction").frame(bar).show(ui, |ui| {
                self.prediction_strip(ui);
            });
        }
        if self.shown_claim().is_some() && !is_predicting && ui.available_width() >= TINY {
            Panel::top("claim").frame(strip).show(ui, |ui| {
                self.claim_ui(ui);
            });
        }
    }

    /// Draws all panels.
    pub(super) fn panels(&mut self, ui: &mut Ui) {
        let has_room = ui.available_width() >= TINY;
        let lesson = self.document.lesson.as_ref().filter(|_| has_room);
        let has_lesson = lesson.is_some();
        set_outlined(
            ui.ctx(),
            lesson.map_or(&[], |open| &open.shown().highlights),
        );
        self.views.others.atlas.is_told_beside = false;
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
        // texts about the experiment say what happens
        let is_predicting = self.is_predicting();
        let shows_guide = self.panels.has_guide() && has_room && !has_lesson && !is_predicting;
        // a caption stands for the panel where that has no room, or is not usual
        let is_usual = self.panels.layout == WindowLayout::Teach && has_room;
        let shows_caption = !shows_guide
            && !has_lesson
            && !is_predicting
            && !is_usual
            && ui.available_width() >= TINY
            && ui.available_height() >= LOW;
        // pictures have the room of a narrow window beside a lesson
        let has_edit = self.panels.layout != WindowLayout::Present
            && ui.available_width() >= TINY
            && (has_room || !has_lesson);
        // notes take the place of what is there already, so that no picture moves
        let has_note_strip = self.notes.is_on() && !has_edit;
        Panel::top("top")
            .exact_size(40.0)
            .frame(bar)
            .show(ui, |ui| {
                if has_note_strip {
                    self.note_strip(ui);
                } else {
                    self.top_bar(ui);
                }
            });
        let strip = Frame::new()
            .fill(colour(roles.card))
            .inner_margin(Margin::symmetric(16, 0));
        self.strips(ui, (bar, strip), is_predicting);
        let timeline = Panel::bottom("timeline").exact_size(44.0).frame(bar);
        let timeline = timeline.show(ui, |ui| {
            panels::timeline::timeline_ui(ui, &self.document.session, &mut self.commands);
        });
        if has_edit {
            let left = Panel::left("edit")
                .default_size(300.0)
                .size_range(220.0..=640.0)
                .frame(side);
            left.show(ui, |ui| {
                within(ui, |ui| self.left(ui));
            });
        }
        if has_lesson {
            self.lesson_panel(ui);
        }
        outline(ui, &Highlight::Timeline, timeline.response.rect);
        self.views.others.atlas.is_told_beside = shows_guide;
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

    pub(super) fn top_bar(&mut self, ui: &mut Ui) {
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
    pub(super) fn claim_ui(&mut self, ui: &mut Ui) -> bool {
        let place = self.shown_claim();
        if let Some(place) = place {
            dialogs::claims::strip_ui(ui, place, &mut self.commands);
        }
        place.is_some()
    }

    /// Draws the problem, the methods and the start, in causal order, or the notes while they are written.
    fn left(&mut self, ui: &mut Ui) {
        if self.notes.is_on() {
            self.note_panel(ui);
            return;
        }
        // nothing is edited while letters stand for the methods
        let is_free = self.document.session.letters().is_none();
        let problem = in_column(ui, |ui| {
            ui.add_enabled_ui(is_free, |ui| {
                panels::problem::problem_ui(
                    ui,
                    &self.document,
                    &mut self.panels.editor,
                    &mut self.commands,
                );
            })
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
            ui.add_enabled_ui(is_free, |ui| {
                panels::start::start_ui(ui, session, (axes, spread), &mut self.commands);
            });
        });
        outline(ui, &Highlight::Start, start.response.rect);
        CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
            outline(ui, &Highlight::Cards, ui.available_rect_before_wrap());
            panels::methods::methods_ui(ui, &self.document.session, &mut self.commands);
        });
    }
}
