//! The dialog for opening an experiment: the recent ones, the presets by group, any file by its path, or the system's
//! dialog.

use std::path::Path;

use bilevel_files::presets;
use egui::{Align2, Ui, vec2};

use crate::app::background::file_chooser::{FileAnswer, FileChooser};
use crate::app::command::matching::{SearchText, search};
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::search_list::{ListKeys, ListRow, ListSearch, ListWords};
use crate::app::paint::theme::{SMALL, roles_of};
use crate::app::paint::widgets::rich_paragraph;
use crate::app::session::sizes::sizes_of_preset;

const WIDTH: f32 = 620.0;
/// The height of the field, the buttons and the frame.
const AROUND: f32 = 110.0;
const WORDS: ListWords = ListWords {
    name: "Find an experiment",
    hint: "Type a few letters, or the path of a file",
    nothing: messages::files::no_such_experiment(),
};

/// The search for an experiment.
#[derive(Debug)]
pub(crate) struct OpenDialog {
    search: ListSearch,
    entries: Vec<OpenableFile>,
    chooser: FileChooser,
    error: Option<String>,
}

/// A file or preset of the list.
#[derive(Debug)]
struct OpenableFile {
    /// The path or the name of the preset.
    name: String,
    row: ListRow,
    text: SearchText,
}

impl OpenableFile {
    fn new(name: &str, heading: &'static str, [title, line, word]: [&str; 3]) -> Self {
        Self::with_picture(name, heading, [title, line, word], None)
    }

    fn with_picture(
        name: &str,
        heading: &'static str,
        [title, line, word]: [&str; 3],
        picture: Option<[&'static [u8]; 2]>,
    ) -> Self {
        let text = [title, line, word, name].join(" ");
        Self {
            name: name.to_owned(),
            row: ListRow {
                heading,
                title: title.to_owned(),
                line: line.to_owned(),
                word: word.to_owned(),
                picture,
                is_possible: true,
            },
            text: SearchText::new(&text, heading),
        }
    }
}

impl OpenDialog {
    /// The dialog with the experiments that were opened last, the newest first, before the presets.
    pub(crate) fn new(recent: &[String]) -> Self {
        let mut entries = Vec::new();
        let known = |name: &str| {
            presets::summaries()
                .iter()
                .find(|it| it.preset.name == name)
        };
        for name in recent {
            let sized = word_of(name);
            let words = match known(name) {
                Some(preset) => [preset.title.as_str(), "", &sized],
                None => [name.as_str(), "", ""],
            };
            let file = Path::new(name)
                .file_name()
                .map(|file| file.to_string_lossy());
            let folder = Path::new(name)
                .parent()
                .map(|folder| folder.to_string_lossy());
            let entry = match (file, folder) {
                (Some(file), Some(folder)) if !folder.is_empty() => {
                    OpenableFile::new(name, "Recent", [&file, "", &folder])
                }
                _ => OpenableFile::new(name, "Recent", words),
            };
            entries.push(entry);
        }
        entries.extend(presets::summaries().iter().map(|it| {
            let preset = it.preset;
            OpenableFile::with_picture(
                preset.name,
                preset.group,
                [&it.title, &it.meaning, &word_of(preset.name)],
                preset.pictures,
            )
        }));
        Self {
            search: ListSearch::default(),
            entries,
            chooser: FileChooser::default(),
            error: None,
        }
    }

    /// Shows the dialog over the window and queues what the user asks for.
    pub(crate) fn ui(&mut self, ctx: &egui::Context, commands: &mut CommandQueue) {
        let screen = ctx.content_rect();
        let id = egui::Id::unique("open");
        let top = (0.08 * screen.height()).min(56.0);
        let area = egui::Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, top));
        let frame = egui::Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(16);
        let shown = egui::Modal::new(id)
            .area(area)
            .frame(frame)
            .show(ctx, |ui| {
                ui.set_width(WIDTH.min(screen.width() - 64.0));
                let height = (screen.height() - 2.0 * top - AROUND).max(84.0);
                self.inside(ui, height, commands);
            });
        if shown.backdrop_response.clicked() {
            commands.push(Action::Dismiss);
        }
    }

    fn inside(&mut self, ui: &mut Ui, height: f32, commands: &mut CommandQueue) {
        let keys = ListKeys::take(ui, height);
        self.search.field(ui, WORDS);
        let entries = self.found();
        let rows: Vec<ListRow> = entries.iter().map(|(_, row)| row.clone()).collect();
        let picked = self.search.rows(ui, &rows, keys, height, WORDS.nothing);
        if let Some(picked) = picked {
            let name = entries[picked].0.clone();
            commands.push(Action::Dismiss);
            commands.push(Edit::Open { name });
        }
        if let Some(error) = &self.error {
            rich_paragraph(ui, error, SMALL, roles_of(ui).warning);
        }
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            let can_browse = !self.chooser.is_open();
            let browse = ui.add_enabled(can_browse, egui::Button::new("Browse…"));
            if browse.clicked() {
                let ask = |dialog: rfd::FileDialog| {
                    dialog.add_filter("experiments", &["toml"]).pick_file()
                };
                let opened = self.chooser.open(ui.ctx(), ask);
                let failed = opened.err().map(|error| error.to_string());
                self.error = failed.map(|error| messages::status::no_file_dialog(&error));
            }
            if ui.button("Cancel").clicked() {
                commands.push(Action::Dismiss);
            }
        });
        match self.chooser.receive() {
            Some(FileAnswer::Path(path)) => {
                let name = path.to_string_lossy().into_owned();
                commands.push(Action::Dismiss);
                commands.push(Edit::Open { name });
            }
            Some(FileAnswer::Nothing) => {
                self.error = Some(messages::files::none_chosen().to_owned());
            }
            None => {}
        }
    }

    /// The names and rows of the experiments that are found, the nearest first; a typed path is one of them.
    fn found(&self) -> Vec<(String, ListRow)> {
        let words = self.search.words.trim();
        // the best of all groups come first; headings would be torn apart
        let found = search(self.entries.iter().map(|entry| &entry.text), words);
        let mut rows: Vec<(String, ListRow)> = Vec::new();
        if is_path(words) {
            let entry = OpenableFile::new(words, "", ["Open this file", words, ""]);
            rows.push((entry.name, entry.row));
        }
        for entry in found.iter().map(|place| &self.entries[*place]) {
            // an experiment that was opened before is found once
            if !words.is_empty() && rows.iter().any(|(name, _)| *name == entry.name) {
                continue;
            }
            let heading = if words.is_empty() {
                entry.row.heading
            } else {
                ""
            };
            let row = ListRow {
                heading,
                ..entry.row.clone()
            };
            rows.push((entry.name.clone(), row));
        }
        rows
    }
}

/// The name of a preset with the numbers of variables of its problem; else the name alone.
fn word_of(name: &str) -> String {
    match sizes_of_preset(name) {
        "" => name.to_owned(),
        sizes => messages::files::preset_with_sizes(name, sizes),
    }
}

/// True if search words look like the path of a file.
fn is_path(words: &str) -> bool {
    let has_folder = words.contains(['/', '\\']) || words.starts_with('~');
    let path = presets::path_of(words);
    !words.is_empty()
        && (has_folder || path.extension().is_some_and(|it| it == "toml") || path.is_file())
}
