//! The file of the open experiment: saving it, noticing changes by other programs, and closing the window.

use std::path::{Path, PathBuf};

use bilevel_files::{presets, write_file};
use egui::ViewportCommand;

use crate::app::App;
use crate::app::command::{Action, Edit};
use crate::app::dialogs::question::Question;
use crate::app::messages;
use crate::app::overlay::Overlay;

impl App {
    /// Saves the experiment to its file, or asks for a path if it has none.
    pub(crate) fn save(&mut self) {
        let Some((path, text)) = self.document.file() else {
            self.ask_path();
            return;
        };
        let is_changed = presets::read_text(path).is_ok_and(|now| now != text);
        if is_changed {
            let [name, folder] = parts(path);
            let open = Edit::Open {
                name: path.to_string_lossy().into_owned(),
            };
            let text = messages::files::changed_before_saving(&name, &folder);
            let answers = vec![
                ("Replace", Action::SaveOver.into()),
                ("Open its new content", open.into()),
            ];
            let question = Question::new(text, answers).careful();
            self.overlay = Some(Overlay::Question(question));
        } else {
            self.save_over();
        }
    }

    /// Saves the experiment to its file, whatever that contains now.
    pub(crate) fn save_over(&mut self) {
        let Some((path, text)) = self.document.file() else {
            return;
        };
        let path = path.to_path_buf();
        // what another program wrote is replaced, but not its comments
        let present = presets::read_text(&path).unwrap_or_else(|_| text.to_owned());
        let name = path.to_string_lossy();
        let text = self.as_seen().write_over(&name, &present);
        match write_file(&path, |writer| writer.write_all(text.as_bytes())) {
            Ok(()) => self.set_saved(&path, text),
            Err(error) => {
                self.message = Some((error.to_string(), true));
                self.closes_once_saved = false;
            }
        }
    }

    /// Takes the experiment as saved, and closes the window if that was asked for.
    pub(crate) fn set_saved(&mut self, path: &Path, text: String) {
        self.say_saved(path);
        self.document.set_saved(path, text);
        self.offered = None;
        self.keeper.note_opened(&self.document.name);
        if self.closes_once_saved {
            self.close();
        }
    }

    /// Reports a written file.
    pub(crate) fn say_saved(&mut self, path: &Path) {
        let [name, folder] = parts(path);
        self.message = Some((messages::files::saved(&name, &folder), false));
    }

    /// Asks for the path of the experiment.
    pub(crate) fn ask_path(&mut self) {
        let folder = self.keeper.folder().map(Path::to_path_buf);
        let opened = self.document.file().map(|(path, _)| path.to_path_buf());
        let path = opened.unwrap_or_else(|| {
            let name = format!("{}.toml", self.document.file_name());
            folder.unwrap_or_default().join(name)
        });
        self.export.open_on_experiment(&path);
        self.overlay = Some(Overlay::Export);
    }

    /// Offers the content of the file if another program has changed it since it was opened or saved.
    pub(crate) fn look_at_file(&mut self) {
        let Some((path, text)) = self.document.file() else {
            return;
        };
        let Ok(now) = presets::read_text(path) else {
            return;
        };
        let is_offered = self.offered.as_deref() == Some(&now);
        if now == text || is_offered || self.overlay.is_some() {
            return;
        }
        let [name, folder] = parts(path);
        let question = messages::files::changed_outside(&name, &folder);
        let open = Edit::Open {
            name: path.to_string_lossy().into_owned(),
        };
        let question = Question::new(question, vec![("Open", open.into())]);
        self.overlay = Some(Overlay::Question(question));
        self.offered = Some(now);
    }

    /// Answers the request to close the window: with a question if there are unsaved changes.
    pub(crate) fn answer_close(&mut self) {
        let open = self.document.lesson.as_ref();
        if !self.is_closing && open.is_some_and(|open| open.left.is_modified) {
            // the question is about the user's own experiment
            self.leave_lesson();
        }
        if !self.document.is_modified || self.is_closing {
            return;
        }
        self.ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        self.dismiss();
        let text = messages::files::save_before_closing(&self.document.file_name());
        let answers = vec![
            ("Save", Action::SaveAndClose.into()),
            ("Close without saving", Action::CloseUnsaved.into()),
        ];
        self.overlay = Some(Overlay::Question(Question::new(text, answers)));
    }

    /// Saves the experiment and then closes the window.
    pub(crate) fn save_and_close(&mut self) {
        self.closes_once_saved = true;
        self.save();
    }

    /// Closes the window without a question.
    pub(crate) fn close(&mut self) {
        self.is_closing = true;
        self.ctx.send_viewport_cmd(ViewportCommand::Close);
    }
}

/// The name of a file and its folder.
fn parts(path: &Path) -> [String; 2] {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = full.parent().map(Path::to_path_buf);
    let name = full.file_name().unwrap_or_default();
    let folder = folder.unwrap_or_else(|| PathBuf::from("."));
    [
        name.to_string_lossy().into_owned(),
        folder.to_string_lossy().into_owned(),
    ]
}
