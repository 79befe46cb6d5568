//! The actions of the table, an arm each.

use bilevel_figure::{
    AnatomyPicture, LandscapePicture, LevelsPicture, Theme, View as _, suited_view,
};

use crate::app::command::controls::{forget_controls, list_controls};
use crate::app::command::prediction::PredictionChange;
use crate::app::command::{Action, Edit};
use crate::app::dialogs::command_palette::Palette;
use crate::app::dialogs::export::ExportContent;
use crate::app::dialogs::open::OpenDialog;
use crate::app::dialogs::share::ShareDialog;
use crate::app::overlay::Overlay;
use crate::app::paint::plot_view::ask_whole_view;
use crate::app::panels::OnlyPicture;
use crate::app::{App, NARROW, messages, theme_of};

impl App {
    /// Carries out an action.
    pub(crate) fn act(&mut self, action: Action, ctx: &egui::Context) {
        if self.refuses_action(action) {
            self.say(messages::prediction::methods_are_kept());
            return;
        }
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
            Action::ToggleLoop => self.document.session.toggle_loop(),
            Action::SeekStart => self.seek(0),
            Action::SeekEnd => self.seek(u64::MAX),
            Action::Restart => self.document.session.restart(),
            Action::Fork => self.fork_here(),
            Action::TogglePrediction => self.toggle_prediction(),
            Action::Reveal => self.change_prediction(PredictionChange::Reveal),
            Action::CycleScales => self.views.race.cycle_scales(),
            Action::ToggleView => self.toggle_levels(),
            Action::NextView => self.views.kind = self.views.neighbour(1),
            Action::WholeView => ask_whole_view(ctx),
            Action::PreviousView => self.views.kind = self.views.neighbour(-1),
            Action::ToggleAnatomy => self.toggle_anatomy(),
            Action::NextPart => self.step_part(true),
            Action::PreviousPart => self.step_part(false),
            Action::NextPicture => self.panels.alone = OnlyPicture::after(self.shown_alone()),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::AskOpen => self.toggle(Overlay::Open(OpenDialog::new(self.keeper.recent()))),
            Action::Save => self.save(),
            Action::AskSave => self.ask_path(),
            Action::SaveOver => self.save_over(),
            Action::SaveAndClose => self.save_and_close(),
            Action::CloseUnsaved => self.close(),
            Action::AskExport => self.ask_export(),
            Action::AskTuning => self.ask_tuning(),
            Action::TogglePapers => self.toggle(Overlay::Papers),
            Action::CopyExperiment => self.copy_experiment(ctx),
            Action::ToggleShare => self.toggle(Overlay::Share(ShareDialog::new(&self.as_seen()))),
            Action::CopyLine => self.copy_line(ctx),
            Action::AskPaste => ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste),
            Action::ResetStart => self.as_a_step(None, Self::reset_start),
            Action::RandomStart => self.as_a_step(None, Self::random_start),
            Action::AddStart => self.as_a_step(None, Self::add_random_start),
            Action::RemoveStart => self.as_a_step(None, Self::remove_chosen_start),
            Action::KeepStart => self.as_a_step(None, Self::keep_chosen_start),
            Action::NextStart => self.document.session.step_start(true),
            Action::PreviousStart => self.document.session.step_start(false),
            Action::NextSeed => self.document.session.step_seed(true),
            Action::PreviousSeed => self.document.session.step_seed(false),
            Action::HideClaim => self.claim = None,
            Action::TogglePalette => self.toggle(Overlay::Palette(Palette::default())),
            Action::ToggleTheme => toggle_theme(ctx),
            Action::ToggleFullScreen => toggle_full_screen(ctx),
            Action::ToggleGuide => self.toggle_guide(ctx),
            Action::TogglePen => self.toggle_pen(),
            Action::ToggleNotes => self.toggle_notes(),
            Action::ToggleKeys => self.toggle(Overlay::Keys),
            Action::ToggleLessons => self.toggle(Overlay::Lessons),
            Action::ToggleGallery => self.toggle_gallery(),
            Action::NextStep => self.step_lesson(true),
            Action::PreviousStep => self.step_lesson(false),
            Action::ToggleAnswer => self.toggle_answer(),
            Action::LeaveLesson => self.leave_lesson(),
            Action::Dismiss => self.dismiss(),
            Action::SaveExport => self.save_export(theme_of(ctx), false),
            Action::ReplaceExport => self.save_export(theme_of(ctx), true),
            Action::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }

    /// Opens the dialog for exports, unless it would give away what is to be predicted.
    fn ask_export(&mut self) {
        let session = &self.document.session;
        let hides_optimum = session.horizon().is_some_and(|it| it.hides_optimum);
        if hides_optimum || session.letters().is_some() || self.hides_view(self.views.kind) {
            self.say(messages::prediction::view_hidden());
            return;
        }
        self.export.open(ExportContent::View(self.views.kind));
        self.overlay = Some(Overlay::Export);
    }

    /// Opens the dialog for tuning, unless it would give away what is to be predicted.
    fn ask_tuning(&mut self) {
        if self.is_predicting() {
            self.say(messages::prediction::tuning_hidden());
            return;
        }
        self.tuning.open(self.document.session.experiment());
        self.overlay = Some(Overlay::Tuning);
    }

    fn reset_start(&mut self) {
        self.document.edit(|experiment| experiment.starts.clear());
    }

    fn toggle_guide(&mut self, ctx: &egui::Context) {
        self.panels.toggle_guide();
        if ctx.content_rect().width() < NARROW {
            self.say(&messages::guide::no_room(NARROW));
        }
    }

    /// Opens or closes the gallery, whose pictures may be those of the runs that are predicted.
    fn toggle_gallery(&mut self) {
        if self.is_predicting() {
            self.say(messages::prediction::gallery_hidden());
        } else {
            self.toggle(Overlay::Gallery);
        }
    }

    fn toggle_pen(&mut self) {
        if self.panels.presents {
            self.pen.toggle();
        } else {
            self.say(messages::status::pen_needs_a_presentation());
        }
    }

    /// Shows a message in the top bar.
    fn say(&mut self, words: &str) {
        self.message = Some((words.to_owned(), false));
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
        if self.opening.pending().is_some() {
            self.opening.cancel();
            return;
        }
        match self.overlay.take() {
            Some(Overlay::Tuning) => self.tuning.cancel(),
            Some(Overlay::Gallery) => self.gallery.close(),
            Some(Overlay::Palette(_)) => forget_controls(&self.ctx),
            Some(Overlay::Export | Overlay::Question(_)) => self.closes_once_saved = false,
            Some(
                Overlay::Keys
                | Overlay::Papers
                | Overlay::Lessons
                | Overlay::Open(_)
                | Overlay::Share(_),
            )
            | None => {}
        }
    }

    /// Saves as the export dialog is set, and closes it. An experiment has the name of its file from then on.
    fn save_export(&mut self, theme: Theme, replaces: bool) {
        let mut export = std::mem::take(&mut self.export);
        let saved = export.save(&self.export_source(), theme, replaces);
        self.export = export;
        let Some(saved) = saved else { return };
        self.overlay = None;
        match saved.experiment {
            Some(text) => self.set_saved(&saved.path, text),
            None => self.say_saved(&saved.path),
        }
    }

    /// Shows the levels in place of the landscape, and the landscape in place of any other view.
    fn toggle_levels(&mut self) {
        let [landscape, levels] = [LandscapePicture::KIND, LevelsPicture::KIND];
        self.views.kind = if self.views.kind == landscape {
            levels
        } else {
            landscape
        };
    }

    /// Shows the anatomy of the step at the playhead, or the view that it replaced.
    fn toggle_anatomy(&mut self) {
        let kind = AnatomyPicture::KIND;
        let before = self.views.before_anatomy.take();
        if self.views.kind == kind {
            self.views.kind =
                before.unwrap_or_else(|| suited_view(&**self.document.session.problem()));
        } else {
            self.views.before_anatomy = Some(self.views.kind);
            self.views.kind = kind;
        }
    }

    /// Lights the next operation of the step, or the one before, while it is shown.
    fn step_part(&mut self, is_next: bool) {
        if self.views.kind != AnatomyPicture::KIND {
            return;
        }
        let option = &AnatomyPicture::REF.options[0];
        let part = self.view_spec().option(AnatomyPicture::REF, option.name);
        let next = self
            .views
            .others
            .anatomy
            .part_beside(part as usize, is_next);
        self.commands.push(Edit::SetViewOption {
            name: option.name,
            value: next as f64,
        });
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

fn toggle_full_screen(ctx: &egui::Context) {
    let is_full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
    ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(!is_full));
}

fn toggle_theme(ctx: &egui::Context) {
    let theme = match theme_of(ctx) {
        Theme::Light => egui::Theme::Dark,
        Theme::Dark => egui::Theme::Light,
    };
    ctx.set_theme(theme);
}
