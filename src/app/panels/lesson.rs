//! The open lesson beside the pictures: the step's text, its question with the answer, and the way through the steps.

use std::collections::HashSet;

use bilevel_figure::RichText;
use egui::{
    Align, Button, CentralPanel, Frame, Layout, Panel, Role, ScrollArea, Sense, Ui, WidgetInfo,
    vec2,
};

use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue};
use crate::app::messages::lessons;
use crate::app::paint::explained::explained_part;
use crate::app::paint::theme::{SMALL, TEXT, TITLE, colour, roles_of};
use crate::app::paint::widgets::{icon_button, rich_label, rich_paragraph};
use crate::app::session::open_lesson::OpenLesson;

/// The size of the text, which is read and not looked up.
const SIZE: f32 = TEXT + 1.0;
/// The reach of slanted letters beyond a line.
const OVERHANG: f32 = 4.0;
/// The space between paragraphs.
const GAP: f32 = 9.0;
/// The height of the marks of the steps, and the space between two.
const MARK: f32 = 4.0;
const BETWEEN: f32 = 3.0;
/// The size of the buttons of the steps, and the largest share of the width for one.
const BUTTON: [f32; 2] = [92.0, 28.0];
const SHARE: f32 = 0.32;

/// Draws the panel and queues what the user asks for.
pub(crate) fn lesson_ui(ui: &mut Ui, open: &OpenLesson, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, Icon::Close, &Action::LeaveLesson.tooltip(false)).clicked() {
                commands.push(Action::LeaveLesson);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                rich_label(ui, &open.lesson.title, SMALL, roles.text_weak);
            });
        });
    });
    marks_ui(ui, open);
    ui.add_space(4.0);
    let steps = Panel::bottom("steps of the lesson")
        .show_separator_line(false)
        .frame(Frame::new());
    steps.show(ui, |ui| {
        ui.add_space(8.0);
        steps_ui(ui, open, commands);
    });
    CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
        // each step is read from its beginning
        let place = ("lesson", open.name.as_str(), open.step);
        ScrollArea::vertical()
            .id_salt(place)
            .auto_shrink([false, false])
            .show(ui, |ui| text_ui(ui, open, commands));
    });
}

/// Draws a mark for each step, those up to the present one filled.
fn marks_ui(ui: &mut Ui, open: &OpenLesson) {
    let roles = roles_of(ui);
    let count = open.lesson.steps.len();
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, MARK), Sense::hover());
    let each = (width - BETWEEN * (count - 1) as f32) / count as f32;
    for step in 0..count {
        let left = rect.left() + step as f32 * (each + BETWEEN);
        let mark = egui::Rect::from_min_size(egui::pos2(left, rect.top()), vec2(each, MARK));
        let ink = if step <= open.step {
            roles.text_weak
        } else {
            roles.separator
        };
        ui.painter().rect_filled(mark, 2, colour(ink));
    }
    let spoken = lessons::spoken_step(open.step + 1, count);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// Draws the title, the paragraphs and the question of the step.
fn text_ui(ui: &mut Ui, open: &OpenLesson, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    // an italic letter at the beginning of a line reaches beyond it
    let clip = ui.clip_rect().expand2(vec2(OVERHANG, 0.0));
    ui.set_clip_rect(clip);
    let step = open.shown();
    rich_paragraph(ui, &format!("**{}**", step.title), TITLE, roles.text);
    ui.add_space(GAP);
    let seen = &mut HashSet::new();
    let look = (SIZE, roles.text);
    for paragraph in &step.paragraphs {
        explained_part(ui, paragraph, look, seen);
        ui.add_space(GAP);
    }
    let Some(question) = &step.question else {
        return;
    };
    Frame::new()
        .fill(colour(roles.card))
        .corner_radius(6)
        .inner_margin(10)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let words = lessons::question(&question.text);
            explained_part(ui, &words, look, seen);
            ui.add_space(4.0);
            if open.shows_answer {
                explained_part(ui, &question.answer, look, seen);
                ui.add_space(4.0);
            }
            let words = if open.shows_answer {
                "Hide the answer"
            } else {
                "Show the answer"
            };
            let tooltip = Action::ToggleAnswer.tooltip(false);
            if ui.button(words).on_hover_text(tooltip).clicked() {
                commands.push(Action::ToggleAnswer);
            }
        });
    ui.add_space(4.0);
}

/// Draws the buttons of the step before and of the next one, with the progress between them.
fn steps_ui(ui: &mut Ui, open: &OpenLesson, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    let row = vec2(ui.available_width(), BUTTON[1]);
    let size = vec2(BUTTON[0].min(SHARE * row.x), BUTTON[1]);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        let back = ui.add_enabled(open.step > 0, Button::new("Back").min_size(size));
        let back = back.on_hover_text(Action::PreviousStep.tooltip(false));
        back.widget_info(|| WidgetInfo::labeled(Role::Button, open.step > 0, "Back"));
        if back.clicked() {
            commands.push(Action::PreviousStep);
        }
        let words = lessons::step_of(open.step + 1, open.lesson.steps.len());
        let width = RichText::parse(&words).width * SMALL;
        let room = ui.available_width() - size.x - ui.spacing().item_spacing.x;
        // the marks say the same
        if width < room {
            ui.add_space(0.5 * (room - width));
            rich_label(ui, &words, SMALL, roles.text_weak);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let words = if open.is_at_end() { "Finish" } else { "Next" };
            let text = egui::RichText::new(words).color(colour(roles.on_ink));
            let next = Button::new(text).fill(colour(roles.ink)).min_size(size);
            let next = ui.add(next).on_hover_text(Action::NextStep.tooltip(false));
            if next.clicked() {
                commands.push(Action::NextStep);
            }
        });
    });
}
