//! The actions of the table, an arm each.

use bilevel_figure::{LandscapePicture, LevelsPicture, Theme, View as _};

use crate::app::command::Action;
use crate::app::command::controls::{forget_controls, list_controls};
use crate::app::dialogs::command_palette::Palette;
use crate::app::dialogs::export::What;
use crate::app::overlay::Overlay;
use crate::app::{App, theme_of};

impl App {
    /// Carries out an action.
    pub(crate) fn act(&mut self, action: Action, ctx: &egui::Context) {
        match action {
            Action::TogglePlay => self.document.session.toggle_play(),
            Action::PreviousIteration => self.step_by(-1),
            Action::NextIteration => self.step_by(1),
            Action::TenBack => self.step_by(-10),
            Action::TenForward => self.step_by(10),
            Action::HundredBack => self.step_by(-100),
            Action::HundredForward => self.step_by(100),
            Action::NextEvent => self.seek_event(true),
            Action::PreviousEvent => self.seek_event(false),
            Action::SeekStart => self.seek(0),
            Action::SeekEnd => self.seek(u64::MAX),
            Action::Restart => self.document.session.restart(),
            Action::CycleScales => self.views.race.cycle_scales(),
            Action::ToggleView => {
                let [landscape, levels] = [LandscapePicture::KIND, LevelsPicture::KIND];
                self.views.kind = if self.views.kind == landscape {
                    levels
                } else {
                    landscape
                };
            }
            Action::NextView => self.views.kind = self.views.neighbour(1),
            Action::PreviousView => self.views.kind = self.views.neighbour(-1),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::AskOpen => self.panels.path.is_asked = true,
            Action::AskSave => {
                self.export.open_on_file(&self.document.name);
                self.overlay = Some(Overlay::Export);
            }
            Action::AskExport => {
                self.export.open(What::View(self.views.kind));
                self.overlay = Some(Overlay::Export);
            }
            Action::AskTuning => {
                self.tuning.open(self.document.session.experiment());
                self.overlay = Some(Overlay::Tuning);
            }
            Action::TogglePapers => self.toggle(Overlay::Papers),
            Action::CopyExperiment => self.copy_experiment(ctx),
            Action::AskPaste => ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste),
            Action::ResetStart => self.as_a_step(None, |app| {
                app.document.edit(|experiment| experiment.starts.clear());
            }),
            Action::RandomStart => self.as_a_step(None, Self::random_start),
            Action::HideClaim => self.claim = None,
            Action::TogglePalette => self.toggle(Overlay::Palette(Palette::default())),
            Action::ToggleTheme => {
                let theme = match theme_of(ctx) {
                    Theme::Light => egui::Theme::Dark,
                    Theme::Dark => egui::Theme::Light,
                };
                ctx.set_theme(theme);
            }
            Action::ToggleFullScreen => {
                let is_full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!is_full));
            }
            Action::ToggleGuide => self.panels.hides_guide = !self.panels.hides_guide,
            Action::ToggleKeys => self.toggle(Overlay::Keys),
            Action::Dismiss => self.dismiss(),
            Action::SaveExport => {
                let mut export = std::mem::take(&mut self.export);
                if let Some(message) = export.save(&self.export_source(), theme_of(ctx)) {
                    self.message = Some((message, false));
                    self.dismiss();
                }
                self.export = export;
            }
            Action::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }

    /// Opens a dialog, or closes the one that is open.
    fn toggle(&mut self, overlay: Overlay) {
        if self.overlay.is_some() {
            self.dismiss();
            return;
        }
        if let Overlay::Palette(_) = overlay {
            list_controls(&self.ctx);
        }
        self.overlay = Some(overlay);
    }

    /// Closes the open dialog.
    pub(crate) fn dismiss(&mut self) {
        match self.overlay.take() {
            Some(Overlay::Tuning) => self.tuning.cancel(),
            Some(Overlay::Palette(_)) => forget_controls(&self.ctx),
            Some(Overlay::Export | Overlay::Keys | Overlay::Papers) | None => {}
        }
    }

    fn step_by(&mut self, steps: i64) {
        let now = self.document.session.playhead.iteration();
        self.seek(now.saturating_add_signed(steps));
    }

    /// Moves to the next event of the runs, or the one before; stays if there is none.
    fn seek_event(&mut self, is_next: bool) {
        if let Some(iteration) = self.document.session.event_beside(is_next) {
            self.seek(iteration);
        }
    }
}
