//! The list of lessons: each with its progress and a button that opens it where it was left.

use std::path::Path;

use bilevel_files::{LessonHeading, lesson_headings};
use egui::{Align, Role, Ui, WidgetInfo};

use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages::lessons;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{
    icon_button, remark, rich_label, rich_paragraph, separator, title,
};
use crate::app::storage::LessonProgress;

/// The width of the list.
const WIDTH: f32 = 600.0;
/// Room for a button and the space beside it.
const BUTTON: f32 = 90.0;

/// Shows the list over the window; a click beside it closes it. `open` is the name of the open lesson.
pub(crate) fn lessons_ui(
    ctx: &egui::Context,
    progress: &[LessonProgress],
    open: Option<&str>,
    commands: &mut CommandQueue,
) {
    let screen = ctx.content_rect();
    let height = (screen.height() - 140.0).max(60.0);
    let frame = egui::Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(16);
    let modal = egui::Modal::new(egui::Id::unique("lessons")).frame(frame);
    let shown = modal.show(ctx, |ui| {
        ui.set_width(WIDTH.min(screen.width() - 64.0));
        ui.horizontal(|ui| {
            title(ui, "Lessons");
            ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, "Close the list of lessons (Esc)").clicked() {
                    commands.push(Action::Dismiss);
                }
            });
        });
        rich_paragraph(ui, lessons::about_list(), TEXT, roles_of(ui).text_weak);
        egui::ScrollArea::vertical()
            .max_height(height)
            // an area in the middle takes only the half below it for its room
            .min_scrolled_height(height)
            .show(ui, |ui| list_ui(ui, progress, open, commands));
    });
    if shown.backdrop_response.clicked() {
        commands.push(Action::Dismiss);
    }
}

fn list_ui(
    ui: &mut Ui,
    progress: &[LessonProgress],
    open: Option<&str>,
    commands: &mut CommandQueue,
) {
    let of = |name: &str| progress.iter().find(|it| it.name == name);
    for heading in lesson_headings() {
        separator(ui);
        let row = LessonRow {
            name: heading.name,
            title: &heading.title,
            summary: &heading.summary,
            steps: heading.steps,
            progress: of(heading.name),
            is_open: open == Some(heading.name),
        };
        row.ui(ui, commands);
    }
    let is_built_in = |name: &str| {
        lesson_headings()
            .iter()
            .any(|it: &LessonHeading| it.name == name)
    };
    let mut own = progress
        .iter()
        .filter(|it| !is_built_in(&it.name) && Path::new(&it.name).is_file())
        .peekable();
    if own.peek().is_some() {
        separator(ui);
        rich_label(ui, lessons::own_lessons(), TEXT, roles_of(ui).text);
    }
    for known in own {
        let file = Path::new(&known.name).file_stem();
        let title = file.map(|it| it.to_string_lossy()).unwrap_or_default();
        let row = LessonRow {
            name: &known.name,
            title: &title,
            summary: &known.name,
            steps: known.steps,
            progress: Some(known),
            is_open: open == Some(known.name.as_str()),
        };
        row.ui(ui, commands);
    }
    separator(ui);
    remark(ui, lessons::how_to_write_one());
}

/// A lesson of the list.
struct LessonRow<'a> {
    name: &'a str,
    title: &'a str,
    summary: &'a str,
    steps: usize,
    progress: Option<&'a LessonProgress>,
    is_open: bool,
}

impl LessonRow<'_> {
    /// Draws the title with the progress and the button, and the summary beneath.
    fn ui(&self, ui: &mut Ui, commands: &mut CommandQueue) {
        let roles = roles_of(ui);
        let state = match self.progress {
            Some(known) if known.is_done => lessons::is_done().to_owned(),
            Some(known) => lessons::begun(known.step + 1, self.steps),
            None => lessons::steps(self.steps),
        };
        let word = match self.progress {
            _ if self.is_open => "Resume",
            Some(known) if known.is_done => "Again",
            Some(_) => "Continue",
            None => "Start",
        };
        ui.horizontal_top(|ui| {
            let room = ui.available_width() - BUTTON;
            ui.vertical(|ui| {
                ui.set_width(room);
                let words = format!("**{}**", self.title);
                rich_paragraph(ui, &words, TEXT, roles.text);
                rich_paragraph(ui, self.summary, SMALL + 0.5, roles.text_weak);
                rich_label(ui, &state, SMALL, roles.text_faint);
            });
            ui.with_layout(egui::Layout::right_to_left(Align::Min), |ui| {
                let button = ui.button(word);
                let spoken = format!("{word}: {}", self.title);
                button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
                if !button.clicked() {
                    return;
                }
                commands.push(Action::Dismiss);
                if !self.is_open {
                    commands.push(Edit::OpenLesson {
                        name: self.name.to_owned(),
                    });
                }
            });
        });
    }
}
