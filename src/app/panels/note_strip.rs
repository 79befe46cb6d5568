//! The strip of notes: those of the shown pictures with fields for their texts and places, for the keyboard and for screen
//! readers.

use bilevel_files::PictureNote;
use egui::{Align, Layout, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::noted_picture::NotedPicture;
use crate::app::paint::number_field::number_field;
use crate::app::paint::theme::{SMALL, TEXT, roles_of};
use crate::app::paint::widgets::{
    controls_are_shown, icon_button, low_icon_button, rich_label, short,
};
use crate::app::views::note_tool::{NoteTool, is_on};

/// The greatest height of the list before it scrolls.
const HEIGHT: f32 = 76.0;
/// The same in a presentation: a row.
const ROW: f32 = 30.0;
/// The widths of the fields for a text, at least and at most, and for a number.
const NARROWEST: f32 = 90.0;
const WIDTH: f32 = 260.0;
const NUMBER: f32 = 62.0;
/// The room that the other parts of a row take.
const REST: f32 = 510.0;
/// The height of a field.
const LINE: f32 = 22.0;
/// The share of a range that a drag over one pixel of a number changes.
const SPEED: f64 = 0.004;

/// Draws the strip and queues what the user asks for.
pub(crate) fn notes_ui(
    ui: &mut Ui,
    tool: &mut NoteTool,
    notes: &[PictureNote],
    commands: &mut CommandQueue,
) {
    let pictures = tool.pictures().to_vec();
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let stop = format!("Stop: {}", Action::ToggleNotes.tooltip(false));
            if icon_button(ui, Icon::Close, &stop).clicked() {
                commands.push(Action::ToggleNotes);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                rich_label(ui, "**Notes**", TEXT, roles_of(ui).text);
                for picture in &pictures {
                    let words = format!("Add to {}", picture.name);
                    if ui.small_button(words).clicked() {
                        tool.begin_in(picture);
                    }
                }
                let ink = roles_of(ui).text_weak;
                rich_label(ui, messages::notes::gestures(), SMALL, ink);
            });
        });
    });
    let shown = notes.iter().enumerate().filter_map(|(number, note)| {
        let picture = pictures.iter().find(|picture| is_on(note, picture));
        Some((number, note, picture?))
    });
    let shown: Vec<_> = shown.collect();
    if !shown.is_empty() {
        let height = if controls_are_shown(ui) { HEIGHT } else { ROW };
        ScrollArea::vertical()
            .id_salt("notes")
            .max_height(height)
            .min_scrolled_height(height)
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 2.0;
                for row in shown {
                    ui.push_id(row.0, |ui| note_ui(ui, tool, row, commands));
                }
            });
    }
    ui.add_space(6.0);
}

/// Draws the fields of a note.
fn note_ui(
    ui: &mut Ui,
    tool: &mut NoteTool,
    (number, note, picture): (usize, &PictureNote, &NotedPicture),
    commands: &mut CommandQueue,
) {
    ui.horizontal(|ui| {
        let name = number + 1;
        if low_icon_button(ui, Icon::Close, &format!("Remove note {name}")).clicked() {
            commands.push(Edit::RemovePictureNote { number });
        }
        text_ui(ui, tool, (number, note), commands);
        let ink = roles_of(ui).text_weak;
        rich_label(ui, &format!("{} at", picture.name), SMALL, ink);
        let mut changed = note.clone();
        place_ui(ui, &mut changed.at, &format!("note {name}"), picture);
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
    });
}

/// Draws the field of a text. One that is left empty removes its note.
fn text_ui(
    ui: &mut Ui,
    tool: &mut NoteTool,
    (number, note): (usize, &PictureNote),
    commands: &mut CommandQueue,
) {
    let typed = tool.typed.as_ref().filter(|(of, _)| *of == number);
    let mut text = typed.map_or_else(|| note.text.clone(), |(_, text)| text.clone());
    let field = TextEdit::singleline(&mut text)
        .char_limit(PictureNote::LONGEST)
        .desired_width(WIDTH);
    let width = (ui.available_width() - REST).clamp(NARROWEST, WIDTH);
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
        let field = number_field(ui.ctx(), &mut at[axis])
            .speed(SPEED * (high - low))
            .custom_formatter(|value, _| short(value));
        let response = ui.add_sized([NUMBER, LINE], field);
        let words = format!("{direction} place of {of}");
        response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &words));
    }
}
