//! The open dialog over the panels of a frame.

use egui::{Frame, Ui};

use super::App;
use super::background::opening_work::OpeningSource;
use super::command::CommandQueue;
use super::dialogs::question::Question;
use super::overlay::Overlay;
use super::{dialogs, messages};

/// The space around the content of a dialog.
const PADDING: f32 = 16.0;
/// A dialog with room around its content.
fn dialog(name: &str, ctx: &egui::Context) -> egui::Modal {
    let frame = Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(PADDING);
    egui::Modal::new(egui::Id::unique(name)).frame(frame)
}

impl App {
    /// Draws the dialogs over the panels.
    pub(super) fn dialogs(&mut self, ui: &Ui) {
        let ctx = ui.ctx();
        let room = ctx.content_rect().size() - egui::Vec2::splat(2.0 * PADDING + 32.0);
        if let Some(source) = self.opening.pending() {
            let name = match source {
                OpeningSource::Named(name) => name.as_str(),
                OpeningSource::Pasted => messages::status::pasted_experiment(),
            };
            Question::wait(messages::status::opening(name)).ui(ctx, &mut self.commands);
            return;
        }
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
            Overlay::Gallery => self.gallery.ui(ctx, &mut self.commands),
            Overlay::Palette(palette) => {
                palette.ui(ctx, &self.document.session, &mut self.commands);
            }
            Overlay::Open(open) => open.ui(ctx, &mut self.commands),
            Overlay::Question(question) => question.ui(ctx, &mut self.commands),
            Overlay::Share(share) => share.ui(ctx, &mut self.commands),
        }
    }
}
