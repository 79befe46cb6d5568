//! The notes of the shown pictures with fields for their texts and places, for the keyboard and for screen readers: a panel or,
//! where the window has none, a strip.

use bilevel_figure::MarkupFault;
use bilevel_files::PictureNote;
use egui::{Align, Frame, Layout, Margin, Role, ScrollArea, Stroke, TextEdit, Ui, WidgetInfo};

use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::noted_picture::NotedPicture;
use crate::app::paint::number_field::number_field;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};
use crate::app::paint::widgets::{
    controls_are_shown, icon_button, low_icon_button, remark, rich_label, section_heading, short,
};
use crate::app::views::note_tool::{NoteTool, is_on};

/// The widths of the fields for a text in a row, at least and at most, and for a number.
const NARROWEST: f32 = 90.0;
const WIDTH: f32 = 260.0;
const NUMBER: f32 = 62.0;
/// The room that the other parts of a row take.
const REST: f32 = 510.0;
/// The width of a box for an arrow with the fields of its tip.
const ARROW: f32 = 220.0;
/// The height of a field.
const LINE: f32 = 22.0;
/// The share of a range that a drag over one pixel of a number changes.
const SPEED: f64 = 0.004;

/// Draws the panel of notes in place of the problem and the methods, so that no picture moves.
pub(crate) fn notes_panel_ui(
    ui: &mut Ui,
    tool: &mut NoteTool,
    notes: &[PictureNote],
    commands: &mut CommandQueue,
) {
    let pictures = tool.pictures().to_vec();
    section_heading(ui, "", "Notes", |ui| stop_ui(ui, commands));
    remark(ui, messages::notes::gestures());
    ui.add_space(6.0);
    ui.horizontal_wrapped(|ui| buttons_ui(ui, tool, &pictures));
    ui.add_space(6.0);
    let shown = shown_notes(notes, &pictures);
    let others = notes.len() - shown.len();
    ScrollArea::vertical()
        .id_salt("notes")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for row in shown {
                ui.push_id(row.0, |ui| card_ui(ui, tool, row, commands));
            }
            if others > 0 {
                remark(ui, &messages::notes::elsewhere(others));
            }
        });
}

/// Draws the strip of notes in the rest of `ui`, for windows without the panel.
pub(crate) fn notes_ui(
    ui: &mut Ui,
    tool: &mut NoteTool,
    notes: &[PictureNote],
    commands: &mut CommandQueue,
) {
    let pictures = tool.pictures().to_vec();
    ScrollArea::vertical()
        .id_salt("notes")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    stop_ui(ui, commands);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        rich_label(ui, "**Notes**", TEXT, roles_of(ui).text);
                        buttons_ui(ui, tool, &pictures);
                        let ink = roles_of(ui).text_weak;
                        rich_label(ui, messages::notes::gestures(), SMALL, ink);
                    });
                });
            });
            for row in shown_notes(notes, &pictures) {
                ui.push_id(row.0, |ui| {
                    ui.horizontal(|ui| {
                        remove_ui(ui, row.0, commands);
                        let width = (ui.available_width() - REST).clamp(NARROWEST, WIDTH);
                        text_ui(ui, tool, (row.0, row.1, width), commands);
                        places_ui(ui, row, commands);
                    });
                });
            }
        });
}

/// A note with its number, counted from 0, and the picture that it is on.
type ShownNote<'a> = (usize, &'a PictureNote, &'a NotedPicture);

fn shown_notes<'a>(notes: &'a [PictureNote], pictures: &'a [NotedPicture]) -> Vec<ShownNote<'a>> {
    let shown = notes.iter().enumerate().filter_map(|(number, note)| {
        let picture = pictures.iter().find(|picture| is_on(note, picture));
        Some((number, note, picture?))
    });
    shown.collect()
}

fn stop_ui(ui: &mut Ui, commands: &mut CommandQueue) {
    let stop = format!("Stop: {}", Action::ToggleNotes.tooltip(false));
    if icon_button(ui, Icon::Close, &stop).clicked() {
        commands.push(Action::ToggleNotes);
    }
}

/// Draws a button for each picture, which begins a note in its middle.
fn buttons_ui(ui: &mut Ui, tool: &mut NoteTool, pictures: &[NotedPicture]) {
    for picture in pictures {
        let words = format!("Add to {}", picture.name);
        if ui.small_button(words).clicked() {
            tool.begin_in(picture);
        }
    }
}

fn remove_ui(ui: &mut Ui, number: usize, commands: &mut CommandQueue) {
    let words = format!("Remove note {}", number + 1);
    if low_icon_button(ui, Icon::Close, &words).clicked() {
        commands.push(Edit::RemovePictureNote { number });
    }
}

/// Draws the fields of a note on a card, and what is to be said of it.
fn card_ui(ui: &mut Ui, tool: &mut NoteTool, shown: ShownNote<'_>, commands: &mut CommandQueue) {
    let (number, note, picture) = shown;
    let roles = roles_of(ui);
    let frame = Frame::new()
        .fill(colour(roles.card))
        .stroke(Stroke::new(1.0, colour(roles.separator)))
        .corner_radius(4)
        .inner_margin(Margin::symmetric(8, 6));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                remove_ui(ui, number, commands);
                let width = ui.available_width();
                text_ui(ui, tool, (number, note, width), commands);
            });
        });
        if let Some(fault) = MarkupFault::of(&note.text) {
            remark(ui, &messages::notes::shown_as_typed(&fault.to_string()));
        }
        if picture.notes.iter().all(|drawn| drawn.number != number) {
            remark(ui, messages::notes::out_of_sight(picture.left_out > 0));
        }
        ui.horizontal_wrapped(|ui| places_ui(ui, shown, commands));
    });
}

/// Draws the fields of the places of a note.
fn places_ui(ui: &mut Ui, (number, note, picture): ShownNote<'_>, commands: &mut CommandQueue) {
    let name = number + 1;
    let ink = roles_of(ui).text_weak;
    rich_label(ui, &format!("{} at", picture.name), SMALL, ink);
    let mut changed = note.clone();
    place_ui(ui, &mut changed.at, &format!("note {name}"), picture);
    // an arrow and its place are in a row
    if ui.available_width() < ARROW && controls_are_shown(ui) {
        ui.end_row();
    }
    let mut has_arrow = note.arrow.is_some();
    let arrow = ui.checkbox(&mut has_arrow, "arrow to");
    let words = format!("Arrow of note {name}");
    arrow.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, has_arrow, &words));
    if arrow.changed() {
        let middle = picture.plot.center();
        changed.arrow = has_arrow.then(|| picture.transform.value([middle.x, middle.y]));
    }
    if let Some(tip) = &mut changed.arrow {
        place_ui(ui, tip, &format!("the tip of note {name}"), picture);
    }
    if changed != *note {
        commands.push(Edit::SetPictureNote {
            number,
            note: changed,
        });
    }
}

/// Draws the field of a text. One that is left empty removes its note.
fn text_ui(
    ui: &mut Ui,
    tool: &mut NoteTool,
    (number, note, width): (usize, &PictureNote, f32),
    commands: &mut CommandQueue,
) {
    let typed = tool.typed.as_ref().filter(|(of, _)| *of == number);
    let mut text = typed.map_or_else(|| note.text.clone(), |(_, text)| text.clone());
    let field = TextEdit::singleline(&mut text)
        .char_limit(PictureNote::LONGEST)
        .desired_width(width);
    let response = ui.add_sized([width, LINE], field);
    let words = format!("Text of note {}", number + 1);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &words));
    if response.changed() {
        tool.typed = Some((number, text.clone()));
        if !text.trim().is_empty() {
            let note = PictureNote {
                text: text.clone(),
                ..note.clone()
            };
            commands.push(Edit::SetPictureNote { number, note });
        }
    }
    if response.lost_focus() {
        tool.typed = None;
        if text.trim().is_empty() {
            commands.push(Edit::RemovePictureNote { number });
        }
    }
}

/// Draws the fields of a point.
fn place_ui(ui: &mut Ui, at: &mut [f64; 2], of: &str, picture: &NotedPicture) {
    for (axis, direction) in ["horizontal", "vertical"].into_iter().enumerate() {
        let [low, high] = picture.transform.ranges[axis];
        let field = number_field(&mut at[axis])
            .speed(SPEED * (high - low))
            .shown_as(short);
        let response = ui.add_sized([NUMBER, LINE], field);
        let words = format!("{direction} place of {of}");
        response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &words));
    }
}
