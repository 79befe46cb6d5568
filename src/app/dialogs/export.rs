//! The export dialog: saves figures, data and the experiment, under a path that is typed or chosen, with a preview.

use std::path::{Path, PathBuf};

use bilevel_figure::{
    AnimationPlan, AtlasPicture, Fineness, Format, LandscapePicture, PageSize, RacePicture,
    SweepPicture, Theme, View as _, view,
};
use bilevel_files::{PageSpec, presets};
use egui::{Key, Ui};

use self::animation::AnimationExport;
pub(crate) use self::source::{ExportContent, ExportSource};
use self::source::{data, experiment_text};
use super::page_setup::{PageSetup, preview_ui};
use crate::app::background::file_chooser::{FileAnswer, FileChooser};
use crate::app::background::view_worker::JobWorker;
use crate::app::command::{Action, CommandQueue};
use crate::app::messages;
use crate::app::paint::theme::{TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{focus_whole, remark, rich_label, segmented};

/// The dialog. It keeps its settings when it is closed.
pub(crate) struct ExportDialog {
    what: ExportContent,
    page_size: PageSetup,
    path: String,
    /// The error of the last attempt.
    error: Option<String>,
    /// The word of the button that saves after all, if the last attempt asks for it.
    asks: Option<&'static str>,
    /// The file that is replaced without a question: the system's dialog has asked.
    confirmed: Option<PathBuf>,
    chooser: FileChooser,
    is_new: bool,
    /// The worker for the data of the preview; started with the first one.
    worker: Option<JobWorker>,
    animation: AnimationExport,
    /// The sentence on the animation that was saved.
    saved: Option<String>,
}

impl Default for ExportDialog {
    fn default() -> Self {
        Self {
            what: ExportContent::View(LandscapePicture::KIND),
            page_size: PageSetup::default(),
            path: ExportContent::View(LandscapePicture::KIND).file_name(),
            error: None,
            asks: None,
            confirmed: None,
            chooser: FileChooser::default(),
            is_new: true,
            worker: None,
            animation: AnimationExport::default(),
            saved: None,
        }
    }
}

impl ExportDialog {
    /// Opens the dialog for a content; the path stays if the content is the same.
    pub(crate) fn open(&mut self, what: ExportContent) {
        // the race is always there, another view of the runs is not
        let stays = self.what == ExportContent::Race && matches!(what, ExportContent::View(_));
        if self.what != what && !stays {
            self.turn_to(what);
        }
        self.is_new = true;
        self.forget_attempt();
        self.forget_preview();
    }

    /// Takes the page of an experiment that is opened.
    pub(crate) fn take_page(&mut self, page: &PageSpec) {
        self.page_size.take(page);
    }

    /// Opens the dialog for the experiment, with a path to begin with.
    pub(crate) fn open_on_experiment(&mut self, path: &Path) {
        self.open(ExportContent::Experiment);
        self.path = path.to_string_lossy().into_owned();
    }

    fn forget_attempt(&mut self) {
        self.error = None;
        self.asks = None;
        self.confirmed = None;
        self.saved = None;
    }

    /// True if an animation is saved, and not a picture.
    fn is_animation(&self) -> bool {
        self.animation.is_on && self.what.proportion().is_some()
    }

    fn endings(&self) -> &'static [&'static str] {
        if self.is_animation() {
            &animation::ENDINGS
        } else {
            self.what.endings()
        }
    }

    /// The format of the preview.
    fn format(&self) -> Format {
        if self.is_animation() {
            return Format::Png;
        }
        format_of(Path::new(self.path.trim())).unwrap_or(Format::Svg)
    }

    /// Takes the animation that was saved, or its error.
    fn receive_animation(&mut self) {
        match self.animation.receive() {
            Some(Ok(saved)) => {
                self.forget_attempt();
                let folder = folder_of(&saved.path.to_string_lossy());
                self.saved = Some(animation::saved_words(&saved, &folder));
            }
            Some(Err(error)) => self.error = Some(error),
            None => {}
        }
    }

    /// Switches to another content, in the same folder.
    fn turn_to(&mut self, what: ExportContent) {
        let folder = Path::new(&self.path)
            .parent()
            .map(Path::to_path_buf)
            .unwrap_or_default();
        self.path = folder.join(what.file_name()).to_string_lossy().into_owned();
        self.what = what;
        if self.is_animation() {
            self.path = animation::turned_path(&self.path, true);
        }
        self.forget_attempt();
        self.forget_preview();
    }

    /// True if the preview is drawn, or there is none.
    pub(crate) fn is_settled(&self) -> bool {
        self.worker.as_ref().is_none_or(JobWorker::is_settled) && !self.animation.is_busy()
    }

    fn forget_preview(&mut self) {
        if let Some(worker) = &mut self.worker {
            worker.forget();
        }
    }

    /// Draws the dialog and queues what the user asks for.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        shown: &ExportSource<'_>,
        commands: &mut CommandQueue,
    ) {
        let roles = roles_of(ui);
        self.receive_choice();
        self.receive_animation();
        rich_label(
            ui,
            "**Export**",
            crate::app::paint::theme::TITLE,
            roles.text,
        );
        ui.add_space(4.0);
        if let Some(what) = segmented(ui, &ExportContent::all(shown.kind), self.what) {
            self.turn_to(what);
        }
        ui.add_space(4.0);
        remark(
            ui,
            match self.what {
                ExportContent::View(_) | ExportContent::Race if self.animation.is_on => {
                    "The picture over the iterations, as .gif, as .png (APNG, without loss) or as .mp4 (by ffmpeg), of at most 5 MB."
                }
                ExportContent::View(_) | ExportContent::Race => {
                    "The picture as it is shown now, as a vector file (.svg, .pdf) or in pixels (.png)."
                }
                ExportContent::Data => "Every recorded iterate of every run, as a table (.csv).",
                ExportContent::Experiment => {
                    "Problem, starts, methods and parameters (.toml): the command line runs it anywhere."
                }
            },
        );
        self.path_ui(ui, commands);
        remark(ui, &messages::files::folder_of(&folder_of(&self.path)));
        self.page_ui(ui, shown);
        if let Some(error) = &self.error {
            crate::app::paint::widgets::rich_paragraph(
                ui,
                &messages::status::warning(error),
                TEXT,
                roles.warning,
            );
        }
        if let Some(saved) = &self.saved {
            crate::app::paint::widgets::rich_paragraph(ui, saved, TEXT, roles.text);
        }
        ui.add_space(6.0);
        if self.animation.is_busy() {
            ui.horizontal(|ui| self.animation.progress_ui(ui));
            return;
        }
        ui.horizontal(|ui| {
            let (word, action) = match self.asks {
                Some(word) => (word, Action::ReplaceExport),
                None => ("Save", Action::SaveExport),
            };
            if ui.button(word).clicked() {
                commands.push(action);
            }
            if ui.button("Cancel").clicked() {
                commands.push(Action::Dismiss);
            }
        });
    }

    /// Draws the field of the path.
    fn path_ui(&mut self, ui: &mut Ui, commands: &mut CommandQueue) {
        ui.horizontal(|ui| {
            let label = ui.label("File");
            let field = egui::TextEdit::singleline(&mut self.path).desired_width(300.0);
            let field = ui.add(field).labelled_by(label.id);
            if std::mem::take(&mut self.is_new) {
                focus_whole(&field, &self.path);
            }
            if field.changed() {
                self.forget_attempt();
            }
            if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                commands.push(Action::SaveExport);
            }
            let is_choosing = self.chooser.is_open();
            if ui
                .add_enabled(!is_choosing, egui::Button::new("Browse…"))
                .clicked()
            {
                self.choose(ui.ctx());
            }
        });
    }

    /// Draws the settings of a picture, and its preview.
    fn page_ui(&mut self, ui: &mut Ui, shown: &ExportSource<'_>) {
        let Some(proportion) = self.what.proportion() else {
            return;
        };
        if self.animation.settings_ui(ui) {
            let is_on = self.animation.is_on;
            self.path = animation::turned_path(&self.path, is_on);
            let dpi = if is_on {
                AnimationPlan::DPI
            } else {
                PageSize::DPI
            };
            self.page_size.set_resolution(dpi);
            self.forget_attempt();
        }
        self.page_size.ui(ui, proportion, self.format());
        let page_size = self.page_size.page_size(proportion, theme_of(ui));
        // the words on a saved animation take its room
        if self.saved.is_none() {
            self.preview(ui, shown, &page_size);
        }
    }

    /// Draws the page as it will look, once its data are computed.
    fn preview(&mut self, ui: &mut Ui, shown: &ExportSource<'_>, page_size: &PageSize) {
        let format = self.format();
        if let Some(page) = shown.page_at_hand(self.what, page_size) {
            preview_ui(ui, Some(&page), page_size, format);
            return;
        }
        let ExportContent::View(kind) = self.what else {
            return;
        };
        let worker = self
            .worker
            .get_or_insert_with(|| JobWorker::new(shown.session.background(), "preview", 1));
        let context = shown.context_on(self.what, page_size);
        match view(kind).request(&context) {
            Ok(job) => worker.ask(job),
            Err(error) => {
                remark(ui, &error.to_string());
                return;
            }
        }
        let data = worker.receive().and_then(|data| data.as_ref().ok());
        let page = data.map(|data| view(kind).page(&context, data, page_size.theme));
        preview_ui(ui, page.as_ref(), page_size, format);
    }

    /// Opens the system's file dialog.
    fn choose(&mut self, ctx: &egui::Context) {
        let path = presets::path_of(&self.path);
        let ask = move |dialog: rfd::FileDialog| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let dialog = dialog.set_file_name(name);
            match path.parent().filter(|folder| folder.is_dir()) {
                Some(folder) => dialog.set_directory(folder).save_file(),
                None => dialog.save_file(),
            }
        };
        if let Err(error) = self.chooser.open(ctx, ask) {
            self.error = Some(messages::status::no_file_dialog(&error.to_string()));
        }
    }

    fn receive_choice(&mut self) {
        match self.chooser.receive() {
            Some(FileAnswer::Path(path)) => {
                self.path = path.to_string_lossy().into_owned();
                self.forget_attempt();
                self.confirmed = Some(path);
            }
            Some(FileAnswer::Nothing) => {
                self.error = Some(messages::status::no_file_chosen().to_owned());
            }
            None => {}
        }
    }

    /// Saves; on failure the dialog shows the error. A file under the path is replaced only if `replaces` is true or the
    /// system's dialog has asked.
    pub(crate) fn save(
        &mut self,
        shown: &ExportSource<'_>,
        window: Theme,
        replaces: bool,
    ) -> Option<SavedFile> {
        if self.animation.is_busy() {
            return None;
        }
        match self.try_save(shown, window, replaces) {
            Ok(saved) => {
                self.forget_attempt();
                saved
            }
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    fn try_save(
        &mut self,
        shown: &ExportSource<'_>,
        window: Theme,
        replaces: bool,
    ) -> Result<Option<SavedFile>, String> {
        let mut path = presets::path_of(&self.path);
        if path.file_name().is_none() {
            return Err(messages::status::path_names_no_file().to_owned());
        }
        let endings = self.endings();
        if path.extension().is_none() {
            path.set_extension(endings[0]);
        }
        let ending = ending_of(&path);
        if !endings.contains(&ending.as_str()) {
            return Err(messages::status::wrong_ending(endings, &ending));
        }
        let is_confirmed = replaces || self.confirmed.as_ref() == Some(&path);
        if path.is_file() && !is_confirmed {
            self.asks = Some("Replace");
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let folder = folder_of(&path.to_string_lossy());
            return Err(messages::files::exists_already(&name, &folder));
        }
        if let Some(error) = self.folder_error(&path, replaces) {
            return Err(error);
        }
        if let Some(proportion) = self.what.proportion().filter(|_| self.animation.is_on) {
            self.begin_animation(shown, self.page_size.page_size(proportion, window), &path)?;
            return Ok(None);
        }
        let mut experiment = None;
        let bytes = match (self.what, self.what.proportion()) {
            (_, Some(proportion)) => {
                let page_size = self.page_size.page_size(proportion, window);
                let format = format_of(&path).unwrap_or(Format::Svg);
                let page = shown.page_now(self.what, &page_size, Fineness::Full);
                let file = page.and_then(|page| Ok(page.file(&page_size, format)?));
                file.map_err(|error| error.to_string())?
            }
            (ExportContent::Data, _) => data(shown.session)?,
            _ => {
                let text =
                    experiment_text(&shown.context.experiment_as_seen(), &path, shown.opened);
                experiment.insert(text).clone().into_bytes()
            }
        };
        bilevel_files::write_file(&path, |writer| writer.write_all(&bytes))
            .map_err(|error| error.to_string())?;
        Ok(Some(SavedFile { path, experiment }))
    }

    /// The sentence on a path through a file, or on a folder that is not there, unless `makes` says to make it.
    fn folder_error(&mut self, path: &Path, makes: bool) -> Option<String> {
        let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = full.parent()?;
        let there = folder.ancestors().find(|it| it.exists())?;
        if !there.is_dir() {
            let words = [&full, there].map(|it| it.to_string_lossy());
            return Some(messages::files::no_folder(&words[0], &words[1]));
        }
        if there == folder || makes {
            return None;
        }
        self.asks = Some("Make the folder");
        Some(messages::files::new_folder(&folder.to_string_lossy()))
    }

    /// Begins to make the animation; the dialog shows its progress.
    fn begin_animation(
        &mut self,
        shown: &ExportSource<'_>,
        page_size: PageSize,
        path: &Path,
    ) -> Result<(), String> {
        let kind = match self.what {
            ExportContent::View(kind) => kind,
            _ => RacePicture::KIND,
        };
        if kind == AtlasPicture::KIND || kind == SweepPicture::KIND {
            return Err(messages::files::survey_stays().to_owned());
        }
        if path.extension().is_some_and(|ending| ending == "mp4") {
            bilevel_figure::check_ffmpeg().map_err(|error| error.to_string())?;
        }
        let context = shown.context_on(self.what, &page_size);
        self.animation
            .begin(shown.session, &context, (kind, page_size), path)
    }
}

/// A file that was written.
pub(crate) struct SavedFile {
    pub(crate) path: PathBuf,
    /// Its text, if it is the experiment.
    pub(crate) experiment: Option<String>,
}

/// The absolute folder of a typed path.
fn folder_of(typed: &str) -> String {
    let path = presets::path_of(typed);
    let full = std::path::absolute(&path).unwrap_or(path);
    let folder = full.parent().unwrap_or(&full);
    folder.to_string_lossy().into_owned()
}

/// The extension of a file's name in lower case.
fn ending_of(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

fn format_of(path: &Path) -> Option<Format> {
    Format::of_ending(&ending_of(path))
}

mod animation;
mod source;
#[cfg(test)]
mod tests;
