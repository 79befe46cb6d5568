//! A list of rows that is searched by typing and driven by keys alone: a field, and beneath it rows under headings.

use bilevel_figure::{RichText, Theme};
use egui::{Key, Modifiers, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::screen_pen::paint_text;
use super::textures;
use super::theme::{SMALL, TEXT, colour, roles_of, theme_of};
use super::widgets::{HoverMarkup as _, remark, rich_label, separator};

/// The height of a row of one line and of two.
const ROWS: [f32; 2] = [26.0, 38.0];
const MARGIN: f32 = 8.0;
/// The size of a picture, which leaves a line of ground above and beneath it.
const PICTURE: Vec2 = vec2(56.0, 34.0);

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ListRow {
    /// The heading of its group; empty if there is none.
    pub(crate) heading: &'static str,
    pub(crate) title: String,
    /// A line of markup under the title; may be empty.
    pub(crate) line: String,
    /// A word at the right end; may be empty.
    pub(crate) word: String,
    /// A PNG file at its left end for each theme, light and dark.
    pub(crate) picture: Option<[&'static [u8]; 2]>,
    /// True if the row can be chosen; else `line` says why not.
    pub(crate) is_possible: bool,
}

/// The search words, and the index of the chosen row among those that are found.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListSearch {
    pub(crate) words: String,
    chosen: usize,
    /// True if the chosen row is to be scrolled into view.
    follows: bool,
}

/// The words of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListWords {
    /// The accessible name of the field.
    pub(crate) name: &'static str,
    /// The text in the empty field.
    pub(crate) hint: &'static str,
    /// The sentence in place of the rows if none is found.
    pub(crate) nothing: &'static str,
}

impl ListSearch {
    /// Draws the field; true if its text has changed. The movement of the chosen row is in `keys`.
    pub(crate) fn field(&mut self, ui: &mut Ui, words: ListWords) -> bool {
        let field = egui::TextEdit::singleline(&mut self.words)
            .frame(egui::Frame::NONE.inner_margin(vec2(MARGIN, 4.0)))
            .hint_text(words.hint)
            .desired_width(f32::INFINITY);
        let field = ui.add(field);
        field.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::TextInput, true, words.name);
            info.current_text_value = Some(self.words.clone());
            info
        });
        // the field keeps the keyboard, whatever is clicked
        field.request_focus();
        if field.changed() {
            self.chosen = 0;
            self.follows = true;
        }
        field.changed()
    }

    /// Draws the rows in a height; returns the index of the one that was picked. `keys` are those of this frame.
    pub(crate) fn rows(
        &mut self,
        ui: &mut Ui,
        rows: &[ListRow],
        keys: ListKeys,
        height: f32,
        nothing: &str,
    ) -> Option<usize> {
        separator(ui);
        let last = rows.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(keys.steps).min(last);
        let follows = keys.steps != 0 || std::mem::take(&mut self.follows);
        let is_possible = |index: &usize| rows.get(*index).is_some_and(|row| row.is_possible);
        let entered = keys.is_entered.then_some(self.chosen);
        let mut picked = entered.filter(is_possible);
        if rows.is_empty() {
            ui.horizontal(|ui| {
                ui.add_space(MARGIN);
                remark(ui, nothing);
            });
            ui.add_space(4.0);
        }
        egui::ScrollArea::vertical()
            .max_height(height)
            // the list keeps its size from frame to frame; without this, a short one would stay short
            .min_scrolled_height(height)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for (number, row) in rows.iter().enumerate() {
                    let before = number.checked_sub(1).map(|before| rows[before].heading);
                    let is_first = before != Some(row.heading) && !row.heading.is_empty();
                    let heading = is_first.then(|| heading_ui(ui, row.heading));
                    // the field keeps the keyboard: a row takes clicks only
                    let response = row_ui(ui, row, Sense::CLICK, number == self.chosen);
                    if response.clicked() && row.is_possible {
                        picked = Some(number);
                    }
                    let is_pointed = ui.input(|input| input.pointer.is_moving());
                    if response.hovered() && is_pointed {
                        self.chosen = number;
                    }
                    if follows && number == self.chosen {
                        // a group is shown with its first row, and so is the next row, as the edge of the list fades
                        let whole =
                            heading.map_or(response.rect, |it: Rect| it.union(response.rect));
                        ui.scroll_to_rect(whole.expand2(vec2(0.0, ROWS[0])), None);
                    }
                }
            });
        picked
    }
}

/// The width of a menu of rows.
const MENU: f32 = 520.0;

/// The height from the place of the next widget to the lower edge of the window, for a menu beneath it.
pub(crate) fn room_below(ui: &Ui) -> f32 {
    let screen = ui.ctx().content_rect();
    (screen.bottom() - ui.cursor().top() - ROWS[1] - MARGIN).max(ROWS[1])
}

/// Draws rows as a menu, each a button; returns the index of the one that was picked. Rows that do not apply are faint.
pub(crate) fn menu_rows(ui: &mut Ui, rows: &[ListRow], chosen: Option<usize>) -> Option<usize> {
    let screen = ui.ctx().content_rect();
    ui.set_width(MENU.min(screen.width() - 40.0));
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut picked = None;
    for (number, row) in rows.iter().enumerate() {
        let response = row_ui(ui, row, Sense::click(), chosen == Some(number));
        if response.clicked() {
            picked = Some(number);
        }
    }
    picked
}

/// The keys of a frame that belong to a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListKeys {
    /// The movement of the chosen row.
    steps: isize,
    /// True if the chosen row is confirmed.
    is_entered: bool,
}

impl ListKeys {
    /// Takes the keys before a field does.
    pub(crate) fn take(ui: &Ui, height: f32) -> Self {
        let count = |key| {
            let presses = ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
            isize::try_from(presses).unwrap_or(0)
        };
        let page = ((height / ROWS[1]) as isize - 1).max(1);
        let steps = count(Key::ArrowDown) - count(Key::ArrowUp)
            + page * (count(Key::PageDown) - count(Key::PageUp));
        Self {
            steps,
            is_entered: count(Key::Enter) > 0,
        }
    }
}

fn heading_ui(ui: &mut Ui, heading: &str) -> Rect {
    let roles = roles_of(ui);
    let top = ui.cursor().min;
    ui.add_space(6.0);
    let line = ui.horizontal(|ui| {
        ui.add_space(MARGIN);
        rich_label(ui, heading, SMALL, roles.text_faint);
    });
    Rect::from_min_max(top, line.response.rect.max)
}

fn row_ui(ui: &mut Ui, row: &ListRow, sense: Sense, is_chosen: bool) -> Response {
    let roles = roles_of(ui);
    let height = ROWS[usize::from(!row.line.is_empty())];
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, sense);
    let spoken = RichText::parse(&row.title).plain();
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &spoken));
    let (strong, weak) = if is_chosen {
        ui.painter().rect_filled(rect, 4, colour(roles.ink));
        (roles.on_ink, roles.on_ink)
    } else if row.is_possible {
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, 4, colour(roles.separator));
        }
        (roles.text, roles.text_weak)
    } else {
        (roles.text_faint, roles.text_faint)
    };
    let mut left = rect.left() + MARGIN;
    if let Some(files) = row.picture.filter(|_| pictures_are_shown(ui)) {
        let area = Rect::from_min_size(rect.min + vec2(MARGIN, 2.0), PICTURE);
        let file = files[usize::from(theme_of(ui) == Theme::Dark)];
        let texture = textures::of_file(ui.ctx(), file);
        egui::Image::new((texture, PICTURE))
            .corner_radius(3)
            .paint_at(ui, area);
        left = area.right() + MARGIN;
    }
    let word = RichText::parse(&row.word);
    let begin = rect.right() - MARGIN - word.width * SMALL;
    let title = RichText::parse(&row.title).shortened((begin - left - MARGIN).max(0.0) / TEXT);
    let baseline = rect.top() + 16.0;
    paint_text(ui.painter(), [left, baseline], &title, TEXT, strong);
    paint_text(ui.painter(), [begin, baseline], &word, SMALL, weak);
    let whole = RichText::parse(&row.line);
    let room = (rect.right() - MARGIN - left) / SMALL;
    let is_cut = whole.width > room;
    let line = whole.shortened(room);
    paint_text(ui.painter(), [left, baseline + 15.0], &line, SMALL, weak);
    if is_cut {
        return response.on_hover_markup(&row.line);
    }
    response
}

/// The key of the choice in egui's memory.
const PICTURES: &str = "pictures of experiments";

/// Shows the pictures of experiments in lists, or hides them while they would give away what is to be predicted.
pub(crate) fn set_pictures_shown(ctx: &egui::Context, are_shown: bool) {
    ctx.data_mut(|data| data.insert_temp(egui::Id::unique(PICTURES), are_shown));
}

fn pictures_are_shown(ui: &Ui) -> bool {
    let shown = ui.data(|data| data.get_temp(egui::Id::unique(PICTURES)));
    shown.unwrap_or(true)
}
