//! Saving figures, data and the experiment: what you see, under a path that is typed or chosen.

use std::path::{Path, PathBuf};

use bilevel_figure::{FigureArrangement, Format, Page, Proportion, Theme, compose};
use bilevel_files::{Experiment, ViewKind};
use crossbeam_channel::{Receiver, bounded};
use egui::{Key, Ui};

use super::page_setup::{PageSetup, preview_ui};
use crate::app::command::Command;
use crate::app::paint::theme::{TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{remark, rich_label, segmented};
use crate::app::session::Session;
use crate::app::views::context::ViewContext;
use crate::app::views::landscape::LandscapeView;
use crate::app::views::levels::LevelsView;
use crate::app::views::race::RaceView;
use crate::app::views::run_views::RunViews;

/// What can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The view of the runs.
    View(ViewKind),
    Race,
    Data,
    Experiment,
}

impl What {
    /// What can be chosen while a view of the runs is shown: of the other views there may be no picture yet.
    const fn all(shown: ViewKind) -> [(Self, &'static str); 4] {
        [
            (Self::View(shown), shown.word()),
            (Self::Race, "race"),
            (Self::Data, "data"),
            (Self::Experiment, "experiment"),
        ]
    }

    fn file_name(self) -> String {
        match self {
            Self::View(view) => format!("{}.svg", view.word()),
            Self::Race => "race.svg".to_owned(),
            Self::Data => "trace.csv".to_owned(),
            Self::Experiment => "experiment.toml".to_owned(),
        }
    }

    /// What a picture wants of its page; nothing for what is no picture.
    fn proportion(self) -> Option<Proportion> {
        match self {
            Self::View(
                ViewKind::Landscape
                | ViewKind::Assumptions
                | ViewKind::Slice
                | ViewKind::Atlas
                | ViewKind::Learned,
            ) => Some(Proportion::Square),
            Self::View(ViewKind::Levels) => Some(Proportion::Columns),
            Self::View(ViewKind::Honesty | ViewKind::Penalty | ViewKind::Sweep) | Self::Race => {
                Some(Proportion::Charts)
            }
            Self::Data | Self::Experiment => None,
        }
    }

    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::View(_) | Self::Race => &["svg", "png"],
            Self::Data => &["csv"],
            Self::Experiment => &["toml"],
        }
    }
}

/// What is shown, and can be saved.
pub(crate) struct ExportSource<'a> {
    /// With the views as they stand.
    pub(crate) experiment: Experiment,
    pub(crate) session: &'a Session,
    pub(crate) landscape: &'a mut LandscapeView,
    pub(crate) levels: &'a LevelsView,
    pub(crate) run_views: &'a mut RunViews,
    /// What the runs are seen on.
    pub(crate) view: ViewKind,
    pub(crate) race: &'a RaceView,
}

impl<'a> ExportSource<'a> {
    /// The picture as it is shown now.
    fn page(&mut self, what: What, theme: Theme) -> Page<'a> {
        let session = self.session;
        let figures = match what {
            What::View(ViewKind::Landscape) => {
                let (mut landscape, strip) = self.landscape.figures(session, theme);
                if strip.is_some() {
                    landscape.x.label.clear();
                }
                [landscape].into_iter().chain(strip).collect()
            }
            What::View(ViewKind::Levels) => self.levels.figures(session, theme),
            What::View(view) => {
                let context = ViewContext {
                    session,
                    plane: &self.landscape.plane,
                    level: self.landscape.level,
                };
                self.run_views.figures(view, context, theme)
            }
            _ => self.race.figures(session, theme).into(),
        };
        let is_shown = |slot: usize| {
            let slot = session.slots().get(slot);
            slot.is_some_and(|slot| slot.is_visible)
        };
        let remark = format!(", iteration {}", session.playhead.iteration());
        let page = compose(&self.experiment, figures, is_shown, &remark, theme);
        match what {
            What::View(ViewKind::Landscape) => page.arranged(FigureArrangement::OneAxis),
            What::View(ViewKind::Levels) => page.arranged(FigureArrangement::Row),
            What::View(view) => self.run_views.dressed(view, page, session, theme),
            _ => page,
        }
    }
}

/// The dialog. What was chosen last is there again when it is opened.
pub(crate) struct ExportDialog {
    pub(crate) is_open: bool,
    what: What,
    page_size: PageSetup,
    path: String,
    /// What went wrong at the last try.
    error: Option<String>,
    chooser: Option<Receiver<Option<PathBuf>>>,
    is_new: bool,
}

impl Default for ExportDialog {
    fn default() -> Self {
        Self {
            is_open: false,
            what: What::View(ViewKind::Landscape),
            page_size: PageSetup::default(),
            path: What::View(ViewKind::Landscape).file_name(),
            error: None,
            chooser: None,
            is_new: true,
        }
    }
}

impl ExportDialog {
    /// Opens the dialog on something to save; what was chosen last stays where it is the same.
    pub(crate) fn open(&mut self, what: What) {
        // the race is always there, another view of the runs is not
        let stays = self.what == What::Race && matches!(what, What::View(_));
        if self.what != what && !stays {
            self.turn_to(what);
        }
        self.is_open = true;
        self.is_new = true;
        self.error = None;
    }

    /// Saves something else, in the same folder.
    fn turn_to(&mut self, what: What) {
        let folder = Path::new(&self.path)
            .parent()
            .map(Path::to_path_buf)
            .unwrap_or_default();
        self.path = folder.join(what.file_name()).to_string_lossy().into_owned();
        self.what = what;
        self.error = None;
    }

    /// Draws the dialog and queues what the user asks for.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        mut shown: ExportSource<'_>,
        commands: &mut Vec<Command>,
    ) {
        let roles = roles_of(ui);
        self.receive_choice();
        rich_label(
            ui,
            "**Export**",
            crate::app::paint::theme::TITLE,
            roles.text,
        );
        ui.add_space(4.0);
        if let Some(what) = segmented(ui, &What::all(shown.view), self.what) {
            self.turn_to(what);
        }
        ui.add_space(4.0);
        remark(
            ui,
            match self.what {
                What::View(_) | What::Race => {
                    "The picture as it is shown now, as a vector file (.svg) or in pixels (.png)."
                }
                What::Data => "Every recorded iterate of every run, as a table (.csv).",
                What::Experiment => {
                    "Problem, starts, methods and parameters (.toml): the command line runs it anywhere."
                }
            },
        );
        ui.horizontal(|ui| {
            let label = ui.label("File");
            let field = egui::TextEdit::singleline(&mut self.path).desired_width(300.0);
            let field = ui.add(field).labelled_by(label.id);
            if self.is_new {
                field.request_focus();
                self.is_new = false;
            }
            if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                commands.push(Command::Export);
            }
            let is_choosing = self.chooser.is_some();
            if ui
                .add_enabled(!is_choosing, egui::Button::new("Browse…"))
                .clicked()
            {
                self.choose(ui.ctx());
            }
        });
        if let Some(proportion) = self.what.proportion() {
            let format = format_of(Path::new(self.path.trim())).unwrap_or(Format::Svg);
            self.page_size.ui(ui, proportion, format);
            let page_size = self.page_size.page_size(proportion, theme_of(ui));
            preview_ui(ui, &shown.page(self.what, page_size.theme), &page_size);
        }
        if let Some(error) = &self.error {
            crate::app::paint::widgets::rich_paragraph(
                ui,
                &format!("⚠ {error}"),
                TEXT,
                roles.warning,
            );
        }
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            if ui.button("Save").clicked() {
                commands.push(Command::Export);
            }
            if ui.button("Cancel").clicked() {
                commands.push(Command::CancelExport);
            }
        });
    }

    /// Opens the system's dialog, which may take as long as it likes, beside the window.
    fn choose(&mut self, ctx: &egui::Context) {
        let (sender, receiver) = bounded(1);
        let (name, ctx) = (self.path.clone(), ctx.clone());
        let dialog = std::thread::Builder::new()
            .name("file dialog".to_owned())
            .spawn(move || {
                let chosen = rfd::FileDialog::new().set_file_name(name).save_file();
                // the window may be gone by now
                let _closed = sender.send(chosen);
                ctx.request_repaint();
            });
        match dialog {
            Ok(_) => self.chooser = Some(receiver),
            Err(error) => {
                self.error = Some(format!("no file dialog: {error}; type a path instead"));
            }
        }
    }

    fn receive_choice(&mut self) {
        let Some(answer) = self.chooser.as_ref().map(Receiver::try_recv) else {
            return;
        };
        match answer {
            Ok(Some(path)) => self.path = path.to_string_lossy().into_owned(),
            Ok(None) => {
                self.error = Some("no file was chosen; a path can also be typed".to_owned());
            }
            Err(crossbeam_channel::TryRecvError::Empty) => return,
            Err(crossbeam_channel::TryRecvError::Disconnected) => {}
        }
        self.chooser = None;
    }

    /// Saves and closes; the sentence says where to. Stays open with an error where that fails.
    pub(crate) fn save(&mut self, shown: ExportSource<'_>, window: Theme) -> Option<String> {
        match self.try_save(shown, window) {
            Ok(path) => {
                self.is_open = false;
                Some(format!("saved {}", path.display()))
            }
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    fn try_save(&self, mut shown: ExportSource<'_>, window: Theme) -> Result<PathBuf, String> {
        let mut path = PathBuf::from(self.path.trim());
        if path.file_name().is_none() {
            return Err("the path names no file".to_owned());
        }
        let endings = self.what.endings();
        if path.extension().is_none() {
            path.set_extension(endings[0]);
        }
        let ending = ending_of(&path);
        if !endings.contains(&ending.as_str()) {
            return Err(format!(
                "the name must end in .{}, not .{ending}",
                endings.join(" or .")
            ));
        }
        let bytes = match (self.what, self.what.proportion()) {
            (_, Some(proportion)) => {
                let page_size = self.page_size.page_size(proportion, window);
                let format = format_of(&path).unwrap_or(Format::Svg);
                let page = shown.page(self.what, page_size.theme);
                let file = page.file(&page_size, format);
                file.map_err(|error| error.to_string())?
            }
            (What::Data, _) => data(shown.session)?,
            _ => shown.experiment.write().into_bytes(),
        };
        bilevel_files::write_file(&path, |writer| writer.write_all(&bytes))
            .map_err(|error| error.to_string())?;
        Ok(path)
    }
}

/// The ending of a file's name in small letters.
fn ending_of(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

fn format_of(path: &Path) -> Option<Format> {
    Format::of_ending(&ending_of(path))
}

/// All rows of all runs, gaps included as far as the referee has come.
fn data(session: &Session) -> Result<Vec<u8>, String> {
    let experiment = session.experiment();
    let failed = |error: csv::Error| error.to_string();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(bilevel_files::header(&**session.problem()))
        .map_err(failed)?;
    for run in session.slots().iter().flat_map(|slot| &slot.runs) {
        bilevel_files::write_rows(&mut writer, experiment, run.key, &run.trace).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}
