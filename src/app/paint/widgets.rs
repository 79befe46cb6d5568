//! Small widgets that several panels share.

use bilevel::numerics::rounded;
use bilevel::problem::{Reference, bibliography};
use bilevel_figure::{Colour, LineStyle, RichText};
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::icons::icon_primitives;
use super::screen_pen::{paint, paint_text};
use super::theme::{SMALL, TEXT, TITLE, colour, roles_of};
use crate::app::command::action::{Action, ButtonFace, Icon};
use crate::app::command::{CommandQueue, ViewChange};

/// Draws a line of rich text, cut off with an ellipsis where there is no room; then the whole is shown under the pointer.
pub(crate) fn rich_label(ui: &mut Ui, markup: &str, size: f32, ink: Colour) -> Response {
    let whole = RichText::parse(markup);
    let room = (ui.available_width() / size).max(1.0);
    let is_cut = whole.width > room;
    let response = rich_line(ui, &whole.shortened(room), size, ink);
    if is_cut {
        return response.on_hover_markup(markup);
    }
    response
}

/// The greatest width of a text under the pointer.
const HOVER: f32 = 420.0;

/// A text with formulas under the pointer.
pub(crate) trait HoverMarkup {
    /// Shows rich text while the pointer is over the widget.
    fn on_hover_markup(self, markup: &str) -> Response;
}

impl HoverMarkup for Response {
    fn on_hover_markup(self, markup: &str) -> Response {
        self.on_hover_ui(|ui| {
            ui.set_max_width(HOVER);
            ui.spacing_mut().item_spacing.y = 0.0;
            let ink = roles_of(ui).text;
            let is_formula = markup.len() > 1
                && markup.starts_with('$')
                && markup.find('$') < markup.rfind('$')
                && markup.matches('$').count() == 2
                && markup.ends_with('$');
            let room = HOVER / TEXT;
            for row in markup.lines() {
                let lines = if is_formula {
                    RichText::wrap_formula(row, room, room)
                } else {
                    RichText::wrap(row, room)
                };
                for line in lines {
                    rich_line(ui, &line, TEXT, ink);
                }
            }
        })
    }
}

/// Draws a line of rich text where there is room for all of it: a remark that is said elsewhere, too.
pub(crate) fn rich_remark(ui: &mut Ui, markup: &str) {
    let text = RichText::parse(markup);
    if text.width * SMALL <= ui.available_width() {
        rich_line(ui, &text, SMALL, roles_of(ui).text_weak);
    }
}

/// Draws a whole line of rich text, whatever the available width.
pub(crate) fn rich_whole(ui: &mut Ui, markup: &str, size: f32, ink: Colour) -> Response {
    rich_line(ui, &RichText::parse(markup), size, ink)
}

/// Draws a line that is laid out already, at an indent.
pub(crate) fn rich_row(
    ui: &mut Ui,
    text: &RichText,
    indent: f32,
    size: f32,
    ink: Colour,
) -> Response {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.spacing_mut().interact_size.y = 0.0;
        ui.add_space(indent);
        rich_line(ui, text, size, ink)
    })
    .inner
}

/// Draws a line of rich text that is laid out already.
pub(crate) fn rich_line(ui: &mut Ui, text: &RichText, size: f32, ink: Colour) -> Response {
    let (rect, response) =
        ui.allocate_exact_size(vec2(text.width * size, 1.45 * size), Sense::hover());
    let baseline = [rect.left(), rect.center().y + 0.36 * size];
    paint_text(ui.painter(), baseline, text, size, ink);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text.plain()));
    response
}

/// Draws rich text in as many lines as it needs.
pub(crate) fn rich_paragraph(ui: &mut Ui, markup: &str, size: f32, ink: Colour) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for line in RichText::wrap(markup, ui.available_width() / size) {
            rich_line(ui, &line, size, ink);
        }
    });
}

/// Draws a heading with its number in the causal order, and `right` at its right end.
pub(crate) fn section_heading(ui: &mut Ui, number: &str, name: &str, right: impl FnOnce(&mut Ui)) {
    let roles = roles_of(ui);
    ui.horizontal(|ui| {
        if !number.is_empty() {
            rich_label(ui, number, TEXT, roles.text_faint);
        }
        rich_label(ui, &format!("**{name}**"), TEXT, roles.text);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), right);
    });
}

/// Draws the title of a view.
pub(crate) fn title(ui: &mut Ui, name: &str) {
    let roles = roles_of(ui);
    rich_label(ui, &format!("**{name}**"), TITLE, roles.text);
}

/// Draws a remark.
pub(crate) fn remark(ui: &mut Ui, markup: &str) {
    let roles = roles_of(ui);
    rich_paragraph(ui, markup, SMALL, roles.text_weak);
}

/// Draws a button with an icon; `name` is its accessible name and tooltip.
pub(crate) fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    framed_icon(ui, icon, name, vec2(26.0, 26.0), false)
}

/// Draws a button with an icon and no frame, for a row of little height.
pub(crate) fn low_icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    framed_icon(ui, icon, name, vec2(26.0, 21.0), false)
}

/// Draws the icon of an action without a frame, for a row of little height, and queues the action.
pub(crate) fn low_action_button(ui: &mut Ui, action: Action, commands: &mut CommandQueue) {
    if let ButtonFace::Icon(icon) = action.info().face
        && framed_icon(ui, icon, &action.tooltip(false), vec2(19.0, 19.0), false).clicked()
    {
        commands.push(action);
    }
}

/// Draws the button of an action, as the table describes it, and queues the action. `is_on` is the state of a switch.
pub(crate) fn action_button(ui: &mut Ui, action: Action, is_on: bool, commands: &mut CommandQueue) {
    let tooltip = action.tooltip(is_on);
    let response = match action.info().face {
        ButtonFace::None => return,
        ButtonFace::Word(word) => ui.button(word).on_hover_text(tooltip),
        ButtonFace::Icon(icon) => icon_button(ui, icon, &tooltip),
        ButtonFace::Switch(faces) => icon_button(ui, faces[usize::from(is_on)].0, &tooltip),
    };
    if response.clicked() {
        commands.push(action);
    }
}

/// Draws the main button of a row, larger than the others.
pub(crate) fn main_icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    framed_icon(ui, icon, name, vec2(40.0, 28.0), true)
}

fn framed_icon(ui: &mut Ui, icon: Icon, name: &str, size: egui::Vec2, is_main: bool) -> Response {
    let roles = roles_of(ui);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let painter = ui.painter();
    let mut ink = roles.text;
    if is_main {
        painter.rect_filled(rect, 4, colour(roles.ink));
        ink = roles.on_ink;
    } else if response.hovered() {
        painter.rect_filled(rect, 4, colour(roles.separator));
    }
    if response.has_focus() {
        painter.rect_stroke(
            rect,
            4,
            Stroke::new(1.5, colour(roles.text_faint)),
            egui::StrokeKind::Outside,
        );
    }
    paint(
        painter,
        &icon_primitives(icon, [rect.center().x, rect.center().y], ink),
    );
    response.on_hover_text(name)
}

/// The greatest height of a menu before it scrolls: room for every word in the longest one.
const MENU: f32 = 320.0;

/// Draws a menu of options, each with a word and a meaning; returns the one that was clicked.
pub(crate) fn chooser<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    options: &[(T, &str, &str)],
    chosen: T,
) -> Option<T> {
    let plain = |word: &str| RichText::parse(word).plain();
    let current = options.iter().find(|(option, ..)| *option == chosen);
    let mut clicked = None;
    let combo = egui::ComboBox::from_id_salt(name)
        .width(20.0)
        .height(MENU)
        .selected_text(current.map(|(_, word, _)| plain(word)).unwrap_or_default())
        .show_ui(ui, |ui| {
            for &(option, word, meaning) in options {
                let label = ui.selectable_label(option == chosen, plain(word));
                if label.on_hover_markup(meaning).clicked() {
                    clicked = Some(option);
                    // a click closes the menu, and so does Return
                    ui.close();
                }
            }
        });
    combo
        .response
        .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
    clicked
}

/// Draws a row of options as words; returns the one that was clicked.
pub(crate) fn segmented<T: Copy + PartialEq>(
    ui: &mut Ui,
    options: &[(T, &str)],
    chosen: T,
) -> Option<T> {
    let roles = roles_of(ui);
    let mut clicked = None;
    egui::Frame::new()
        .fill(colour(roles.separator))
        .corner_radius(4)
        .inner_margin(2)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.horizontal(|ui| {
                let mut in_order: Vec<&(T, &str)> = options.iter().collect();
                if ui.layout().prefer_right_to_left() {
                    in_order.reverse();
                }
                for (option, name) in in_order {
                    let text = RichText::parse(name);
                    let size = vec2(text.width * TEXT + 18.0, 22.0);
                    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
                    let is_chosen = *option == chosen;
                    response.widget_info(|| {
                        WidgetInfo::selected(Role::RadioButton, true, is_chosen, text.plain())
                    });
                    if is_chosen {
                        let edge = Stroke::new(1.0, colour(roles.frame));
                        ui.painter().rect(
                            rect,
                            4,
                            colour(roles.card),
                            edge,
                            egui::StrokeKind::Inside,
                        );
                    }
                    let ink = if is_chosen || response.hovered() {
                        roles.text
                    } else {
                        roles.text_weak
                    };
                    let left = rect.center().x - 0.5 * text.width * TEXT;
                    paint_text(
                        ui.painter(),
                        [left, rect.center().y + 0.36 * TEXT],
                        &text,
                        TEXT,
                        ink,
                    );
                    if response.clicked() {
                        clicked = Some(*option);
                    }
                }
            });
        });
    clicked
}

/// Draws a button that copies references as BibTeX; nothing if there are none.
pub(crate) fn copy_bibtex(
    ui: &mut Ui,
    name: &str,
    references: &[Reference],
    commands: &mut CommandQueue,
) {
    if references.is_empty() {
        return;
    }
    let button = ui.small_button("Copy BibTeX");
    let spoken = format!("Copy BibTeX of {name}");
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let keys: Vec<&str> = references.iter().map(|reference| reference.key).collect();
    if button.on_hover_text(keys.join(", ")).clicked() {
        commands.push(ViewChange::Copy {
            text: bibliography(references),
            format: "BibTeX",
        });
    }
}

/// Frames the text field that has the keyboard; egui's own frame would have the colour of the background.
pub(crate) fn ring_field(ui: &Ui) {
    let ctx = ui.ctx();
    let focused = ctx.memory(egui::Memory::focused);
    let field = focused.filter(|_| ctx.text_edit_focused());
    if let Some(field) = field.and_then(|field| ctx.read_response(field)) {
        let painter = ctx.layer_painter(field.layer_id);
        let edge = Stroke::new(1.0, colour(roles_of(ui).text_weak));
        painter
            .with_clip_rect(field.interact_rect.expand(1.0))
            .rect_stroke(field.rect, 4, edge, egui::StrokeKind::Inside);
    }
}

/// Gives a field with a proposed text the keyboard, with all of it selected, so that typing replaces it.
pub(crate) fn focus_whole(field: &Response, text: &str) {
    select_whole(field, text);
    field.request_focus();
}

/// Selects all of a field's text.
pub(crate) fn select_whole(field: &Response, text: &str) {
    let mut state = TextEditState::load(&field.ctx, field.id).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(&field.ctx, field.id);
}

/// Draws a method's line and marker, as in the pictures.
pub(crate) fn swatch(ui: &mut Ui, style: LineStyle) {
    let (rect, _) = ui.allocate_exact_size(vec2(30.0, 16.0), Sense::hover());
    let middle = rect.center();
    let plot = roles_of(ui).card;
    let ends = [[rect.left(), middle.y], [rect.right(), middle.y]];
    paint(ui.painter(), &bilevel_figure::swatch(style, ends, plot));
}

/// Shows or hides the controls of the views from the next frame on.
pub(crate) fn set_controls_shown(ctx: &egui::Context, are_shown: bool) {
    ctx.data_mut(|data| data.insert_temp(egui::Id::unique(CONTROLS), are_shown));
}

/// True if the controls of the views are drawn: a presentation has none.
pub(crate) fn controls_are_shown(ui: &Ui) -> bool {
    let shown = ui.data(|data| data.get_temp(egui::Id::unique(CONTROLS)));
    shown.unwrap_or(true)
}

/// The key of the choice in egui's memory.
const CONTROLS: &str = "controls of the views";

/// Draws a horizontal line between two parts of a panel.
pub(crate) fn separator(ui: &mut Ui) {
    let roles = roles_of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 9.0), Sense::hover());
    let y = rect.center().y.round() + 0.5;
    ui.painter().line_segment(
        [pos2(rect.left(), y), pos2(rect.right(), y)],
        Stroke::new(1.0, colour(roles.separator)),
    );
}

/// The sizes of numbers that are written plainly.
const PLAIN: std::ops::Range<f64> = 1e-3..1e5;

/// A value in at most nine characters: in full if that is short, else rounded, with an exponent if it is very small or
/// large.
pub(crate) fn short(value: f64) -> String {
    let exact = [format!("{value}"), format!("{value:e}")];
    let found = exact.into_iter().find(|text| text.len() <= 7);
    let size = value.abs();
    found.unwrap_or_else(|| {
        if !PLAIN.contains(&size) {
            return format!("{value:.1e}");
        }
        let digits = if size < 1.0 {
            3
        } else {
            4.max(1 + size.log10() as usize)
        };
        rounded(value, digits).to_string()
    })
}
