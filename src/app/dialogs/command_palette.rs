//! The palette: every command and control in one list, found by typing.

use bilevel_figure::Colour;
use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align, Align2, FontFamily, FontId, Key, Modifiers, Painter, Pos2, Rangef, Rect, Role, Sense,
    Stroke, StrokeKind, TextFormat, Ui, WidgetInfo, pos2, vec2,
};

use super::palette_rows::{PaletteRow, palette_rows};
use crate::app::command::controls::{Control, controls, leave_out};
use crate::app::command::matching::{SearchText, search};
use crate::app::command::{Action, CommandQueue};
use crate::app::messages;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};
use crate::app::paint::widgets::{remark, separator};
use crate::app::session::Session;

const WIDTH: f32 = 520.0;
const ROW: f32 = 28.0;
/// The number of rows seen at once.
const ROWS: f32 = 12.0;

/// The search words, and the index of the chosen row.
#[derive(Debug, Default)]
pub(crate) struct Palette {
    words: String,
    chosen: usize,
    /// All rows with their texts, made for these controls of the window.
    rows: Vec<(PaletteRow, SearchText)>,
    controls: Vec<Control>,
}

impl Palette {
    /// Shows the palette over the window and queues the chosen command.
    pub(crate) fn ui(
        &mut self,
        ctx: &egui::Context,
        session: &Session,
        commands: &mut CommandQueue,
    ) {
        let screen = ctx.content_rect();
        let id = egui::Id::unique("palette");
        let top = (0.1 * screen.height()).min(72.0);
        let area = egui::Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, top));
        let frame = egui::Frame::popup(&ctx.style_of(ctx.theme())).inner_margin(8);
        let modal = egui::Modal::new(id).area(area).frame(frame);
        let shown = modal.show(ctx, |ui| {
            leave_out(ui);
            ui.set_width(WIDTH.min(screen.width() - 40.0));
            let room = screen.height() - 2.0 * top - 60.0;
            self.inside(ui, session, room, commands);
        });
        if shown.backdrop_response.clicked() {
            commands.push(Action::Dismiss);
        }
    }

    fn inside(&mut self, ui: &mut Ui, session: &Session, room: f32, commands: &mut CommandQueue) {
        let (steps, is_entered) = keys(ui);
        let field = egui::TextEdit::singleline(&mut self.words)
            .frame(egui::Frame::NONE.inner_margin(vec2(8.0, 4.0)))
            .hint_text("Type a few letters of a command")
            .desired_width(f32::INFINITY);
        let field = ui.add(field);
        field.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::TextInput, true, "Find a command");
            info.current_text_value = Some(self.words.clone());
            info
        });
        // the field keeps the keyboard, whatever is clicked
        field.request_focus();
        separator(ui);
        let shown = controls(ui.ctx());
        if self.rows.is_empty() || shown != self.controls {
            let rows = palette_rows(session, &shown).into_iter();
            self.rows = rows.map(|row| (row.clone(), row.search_text())).collect();
            self.controls = shown;
        }
        let found = search(self.rows.iter().map(|(_, text)| text), &self.words);
        let entries: Vec<&PaletteRow> = found.iter().map(|place| &self.rows[*place].0).collect();
        if field.changed() {
            self.chosen = 0;
        }
        let last = entries.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(steps).min(last);
        if entries.is_empty() {
            ui.horizontal(|ui| {
                ui.add_space(8.0);
                remark(ui, messages::status::no_such_command());
            });
            ui.add_space(4.0);
        }
        let follows = steps != 0 || field.changed();
        let mut done = entries.get(self.chosen).copied().filter(|_| is_entered);
        let height = (ROWS * ROW).min(room.max(2.0 * ROW));
        egui::ScrollArea::vertical()
            .max_height(height)
            // the dialog keeps its size from frame to frame; without this, a short list would stay short
            .min_scrolled_height(height)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for (number, &entry) in entries.iter().enumerate() {
                    let row = row_ui(ui, entry, number == self.chosen);
                    if row.clicked() {
                        done = Some(entry);
                    }
                    let is_pointed = ui.input(|input| input.pointer.is_moving());
                    if row.hovered() && is_pointed {
                        self.chosen = number;
                    }
                    if follows && number == self.chosen {
                        row.scroll_to_me(None);
                    }
                }
            });
        if let Some(entry) = done {
            commands.push(Action::TogglePalette);
            commands.push(entry.command.clone());
        }
    }
}

/// The movement of the chosen row, and true if it is confirmed. Reads the keys before the field does.
fn keys(ui: &Ui) -> (isize, bool) {
    let count = |key| {
        let presses = ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        isize::try_from(presses).unwrap_or(0)
    };
    let page = ROWS as isize - 1;
    let steps = count(Key::ArrowDown) - count(Key::ArrowUp)
        + page * (count(Key::PageDown) - count(Key::PageUp));
    (steps, count(Key::Enter) > 0)
}

fn row_ui(ui: &mut Ui, entry: &PaletteRow, is_chosen: bool) -> egui::Response {
    let roles = roles_of(ui);
    let size = vec2(ui.available_width(), ROW);
    // the field keeps the keyboard: a row takes clicks only
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, entry.text()));
    let (strong, weak) = if is_chosen {
        ui.painter().rect_filled(rect, 4, colour(roles.ink));
        (roles.on_ink, roles.on_ink)
    } else {
        (roles.text, roles.text_weak)
    };
    let right = pos2(rect.right() - 8.0, rect.center().y);
    let key = keycap(ui.painter(), (right, Align::Max), &entry.key, weak);
    let mut job = LayoutJob {
        wrap: TextWrapping::truncate_at_width(key.left() - rect.left() - 20.0),
        ..LayoutJob::default()
    };
    let format = |ink| TextFormat::simple(font(TEXT), colour(ink));
    if !entry.kind.is_empty() {
        job.append(&format!("{}: ", entry.kind), 0.0, format(weak));
    }
    job.append(&entry.name, 0.0, format(strong));
    let text = ui.painter().layout_job(job);
    let at = pos2(rect.left() + 8.0, rect.center().y - 0.5 * text.size().y);
    ui.painter().galley(at, text, colour(strong));
    response
}

fn font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Draws the name of a key in a frame that begins or ends at a position; nothing for an empty name.
pub(crate) fn keycap(painter: &Painter, at: (Pos2, Align), name: &str, ink: Colour) -> Rect {
    if name.is_empty() {
        return Rect::from_center_size(at.0, vec2(0.0, 0.0));
    }
    let text = painter.layout_no_wrap(name.to_owned(), font(SMALL - 1.0), colour(ink));
    let size = text.size() + vec2(10.0, 4.0);
    let (position, side) = at;
    let across = side.align_size_within_range(size.x, Rangef::point(position.x));
    let rect = Rect::from_x_y_ranges(across, Rangef::point(position.y).expand(0.5 * size.y));
    let edge = Stroke::new(1.0, colour(ink).gamma_multiply(0.4));
    painter.rect_stroke(rect, 4, edge, StrokeKind::Inside);
    painter.galley(rect.center() - 0.5 * text.size(), text, colour(ink));
    rect
}
