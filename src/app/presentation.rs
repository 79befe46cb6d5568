//! The layout for presentations: pictures with a caption, the formulas, a legend and one slider. The bars hide while the
//! pointer rests.
//!
//! The bars lie over the pictures, as those of a video player: room that is kept for them would cost a seventh of the
//! pictures' height, and pictures that make room would move with the pointer. They hide the lower axis, and so they leave
//! soon where the pointer rests on a picture.

use std::time::Duration;

use bilevel_figure::RichText;
use egui::{Align2, CentralPanel, Context, Frame, Id, Margin, Panel, Ui, vec2};

use super::App;
use crate::app::paint::theme::{TEXT, colour, roles_of};
use crate::app::paint::widgets::rich_line;
use crate::app::panels;
use crate::app::panels::guide::caption_lines;
use crate::app::panels::live_slider::{legend_ui, legend_width, slider_ui};

/// The time without a movement of the pointer after which the bars hide, in seconds, and that with the pointer between them.
const PATIENCE: f32 = 2.5;
const BRIEF: f32 = 1.0;
/// The size of the smallest text, that of numbers at contours.
const SMALLEST: f32 = 11.0;
/// The height of a window in points: on a screen of 1,080 pixels the smallest text is then 28 pixels high.
const HEIGHT: f32 = 1080.0 * SMALLEST / 28.0;
/// The heights of the bars, the space beneath words that the upper one covers, and its greatest height.
const BENEATH: f32 = 3.0;
const HIGHEST: f32 = 76.0;
const TOP: f32 = 40.0;
const BOTTOM: f32 = 44.0;
/// The text of formulas.
const LARGE: f32 = TEXT + 1.0;
/// The most lines of the caption, and the least width of the slider beside the legend.
const CAPTION: usize = 2;
const SLIDER: f32 = 320.0;
/// The least height of the strip of notes.
const STRIP: f32 = 28.0;

/// The zoom factor for a window of a height in unzoomed points. The height comes from a zoomed one: with its rounding
/// errors the factor would change in each frame, and draw the next.
pub(super) fn zoom_of(height: f32) -> f32 {
    (height.round() / HEIGHT).max(1.0)
}

impl App {
    /// Draws the caption, the pictures and the slider, and over them the bars while they are in use.
    pub(super) fn presentation(&mut self, ui: &mut Ui) {
        let roles = roles_of(ui);
        let frame = Frame::new()
            .fill(colour(roles.background))
            .inner_margin(Margin::symmetric(12, 6));
        Panel::top("caption of a presentation")
            .frame(frame)
            .show_separator_line(false)
            .show(ui, |ui| {
                self.prediction_strip(ui);
                if self.notes.is_on() {
                    // in the room of the caption, so that no picture moves
                    let room = vec2(ui.available_width(), self.panels.caption.max(STRIP));
                    ui.allocate_ui(room, |ui| {
                        ui.set_min_size(room);
                        self.note_strip(ui);
                    });
                } else {
                    let caption = ui.scope(|ui| self.caption_ui(ui));
                    self.panels.caption = caption.response.rect.height();
                }
            });
        CentralPanel::default()
            .frame(frame)
            .show(ui, |ui| self.central_panel(ui));
        let top = self.top_height();
        if is_awake(ui.ctx(), top) {
            self.bars(ui.ctx(), top);
        }
    }

    /// The height of the top bar: no line of the caption looks out from beneath it with half of its letters.
    fn top_height(&self) -> f32 {
        let ends = self.panels.caption_ends.map(|end| end + BENEATH);
        let whole = ends.into_iter().find(|end| *end >= TOP);
        whole.filter(|end| *end <= HIGHEST).unwrap_or(TOP)
    }

    /// Draws the caption, the formulas, and the legend with the slider.
    fn caption_ui(&mut self, ui: &mut Ui) {
        if !self.is_predicting() && !self.claim_ui(ui) {
            let words = ui.scope(|ui| caption_lines(ui, &self.document.session, CAPTION));
            self.panels.caption_ends[0] = words.response.rect.bottom();
        }
        // the strip of a prediction takes the room of the formulas
        if self.prediction.is_none() {
            let formulas = ui.scope(|ui| self.formulas_ui(ui));
            self.panels.caption_ends[1] = formulas.response.rect.bottom();
        }
        // above the pictures: a bar over the slider would come as soon as the pointer moves to it
        if self.document.session.letters().is_none() {
            self.legend_and_slider_ui(ui);
        }
    }

    /// Draws the legend and the slider, side by side where there is room.
    fn legend_and_slider_ui(&mut self, ui: &mut Ui) {
        let session = &self.document.session;
        let choice = self.panels.slider.as_ref();
        let is_wide = legend_width(session) + SLIDER <= ui.available_width();
        if self.prediction.is_some() {
            // the strip of a prediction takes the room of the slider
            legend_ui(ui, session);
        } else if is_wide {
            ui.horizontal(|ui| {
                legend_ui(ui, session);
                slider_ui(ui, session, choice, &mut self.commands);
            });
        } else {
            legend_ui(ui, session);
            slider_ui(ui, session, choice, &mut self.commands);
        }
    }

    /// Draws the formulas of the problem, side by side where there is room.
    fn formulas_ui(&self, ui: &mut Ui) {
        let metadata = self.document.session.problem().metadata();
        let texts: Vec<RichText> = metadata
            .formulas
            .iter()
            .map(|it| RichText::parse(it))
            .collect();
        let gap = 28.0;
        ui.horizontal_wrapped(|ui| {
            for text in texts {
                // a formula that is wider than the window is set smaller: it is beside the point of the pictures
                let size = LARGE.min(ui.max_rect().width() / text.width.max(1.0));
                if ui.available_width() < text.width * size {
                    ui.end_row();
                }
                rich_line(ui, &text, size, roles_of(ui).text_weak);
                ui.add_space(gap);
            }
        });
    }

    /// Draws the top bar and the timeline over the pictures.
    fn bars(&mut self, ctx: &Context, top: f32) {
        let screen = ctx.content_rect();
        let bar = |id: &str, align: Align2| {
            egui::Area::new(Id::unique(id))
                .anchor(align, vec2(0.0, 0.0))
                .order(egui::Order::Middle)
        };
        let frame = |ui: &Ui| {
            Frame::new()
                .fill(colour(roles_of(ui).card))
                .inner_margin(Margin::symmetric(16, 0))
        };
        // between a bar and the picture beneath it
        let edge = |ui: &Ui, y: f32| {
            let line = egui::Stroke::new(1.0, colour(roles_of(ui).separator));
            ui.painter().hline(screen.x_range(), y, line);
        };
        let width = screen.width() - 32.0;
        // a prediction and notes have their buttons in this place
        if self.prediction.is_none() && !self.notes.is_on() {
            bar("top bar", Align2::LEFT_TOP).show(ctx, |ui| {
                frame(ui).show(ui, |ui| {
                    ui.set_min_size(vec2(width, top));
                    ui.set_max_size(vec2(width, top));
                    edge(ui, top);
                    self.top_bar(ui);
                });
            });
        }
        bar("timeline bar", Align2::LEFT_BOTTOM).show(ctx, |ui| {
            frame(ui).show(ui, |ui| {
                ui.set_min_size(vec2(width, BOTTOM));
                ui.set_max_size(vec2(width, BOTTOM));
                edge(ui, screen.bottom() - BOTTOM);
                panels::timeline::timeline_ui(ui, &self.document.session, &mut self.commands);
            });
        });
    }
}

/// True while the bars are in use: the pointer has moved a moment ago, a button is held or a menu is open.
fn is_awake(ctx: &Context, top: f32) -> bool {
    let screen = ctx.content_rect();
    let (rested, is_held, at) = ctx.input(|input| {
        let pointer = &input.pointer;
        let (rested, is_held) = (pointer.time_since_last_movement(), pointer.any_down());
        (rested, is_held, pointer.latest_pos())
    });
    let between = screen.top() + top..screen.bottom() - BOTTOM;
    let is_between = at.is_some_and(|at| between.contains(&at.y));
    let patience = if is_between { BRIEF } else { PATIENCE };
    let is_awake = rested < patience || is_held || egui::Popup::is_any_open(ctx);
    if is_awake && rested < patience {
        ctx.request_repaint_after(Duration::from_secs_f32(patience - rested));
    }
    is_awake
}
