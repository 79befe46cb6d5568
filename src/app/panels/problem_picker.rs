//! The chooser of a benchmark: all benchmarks under the headings of their classes, filtered by the search words.

use bilevel::numerics::Shape;
use bilevel::problem::{self, Class, ProblemInfo};
use bilevel_figure::RichText;
use egui::{
    Key, Modifiers, PopupCloseBehavior, Rect, Response, Role, Sense, TextStyle, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::app::messages;
use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of};
use crate::app::paint::widgets::{HoverMarkup as _, remark, rich_label, separator};
use crate::app::session::sizes::{sizes_of, usual_sizes};

const WIDTH: f32 = 410.0;
const ROW: f32 = 24.0;
/// The greatest height of the list, and the least in a small window.
const TALLEST: f32 = 420.0;
const LOWEST: f32 = 72.0;
/// The height of the field and of the frame around the list.
const AROUND: f32 = 64.0;

/// The room of the chooser's arrow, that before the name, and the least between name and sizes.
const BEFORE_ARROW: f32 = 28.0;
const BEFORE_NAME: f32 = 10.0;
const BETWEEN: f32 = 12.0;
/// The room of the sizes at the right of a row.
const SIZES: f32 = 112.0;

/// The search words, and the index of the chosen row among those that match.
#[derive(Clone, Debug)]
struct PickerSearch {
    words: String,
    chosen: usize,
    /// True if the chosen row is still to be scrolled into view.
    is_new: bool,
}

/// Draws the chooser, with the numbers of variables where there is room; returns the benchmark that was picked.
pub(crate) fn problem_picker(
    ui: &mut Ui,
    current: &ProblemInfo,
    shape: Shape,
) -> Option<&'static ProblemInfo> {
    let id = ui.scope_id().with("search for a benchmark");
    let screen = ui.ctx().content_rect();
    let below = screen.bottom() - ui.cursor().top() - ui.spacing().interact_size.y;
    let room = (below - AROUND).clamp(LOWEST, TALLEST);
    let combo = egui::ComboBox::from_id_salt("problem")
        .width(ui.available_width())
        .height(f32::INFINITY)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .selected_text(current.name)
        .show_ui(ui, |ui| {
            ui.set_width(WIDTH.min(screen.width() - 40.0));
            let mut search = ui
                .data(|data| data.get_temp(id))
                .unwrap_or_else(|| PickerSearch {
                    words: String::new(),
                    chosen: place_of(current),
                    is_new: true,
                });
            let picked = inside(ui, &mut search, current, room);
            ui.data_mut(|data| data.insert_temp(id, search));
            if picked.is_some() {
                ui.close();
            }
            picked
        });
    combo
        .response
        .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Benchmark"));
    paint_sizes(ui, combo.response.rect, current.name, shape);
    let picked = combo.inner.flatten();
    if combo.inner.is_none() || picked.is_some() {
        // the next search begins anew
        ui.data_mut(|data| data.remove::<PickerSearch>(id));
    }
    picked.filter(|entry| entry.id != current.id)
}

/// Draws the numbers of variables at the right, unless the name needs the room.
fn paint_sizes(ui: &Ui, button: Rect, name: &str, shape: Shape) {
    let words = RichText::parse(&sizes_of(shape));
    let right = button.right() - BEFORE_ARROW - SMALL * words.width;
    let name = TEXT * RichText::parse(name).width;
    if button.left() + BEFORE_NAME + name + BETWEEN > right {
        return;
    }
    let baseline = button.center().y + 0.36 * SMALL;
    paint_text(
        ui.painter(),
        [right, baseline],
        &words,
        SMALL,
        roles_of(ui).text_faint,
    );
}

fn place_of(current: &ProblemInfo) -> usize {
    let place = problem::all().position(|entry| entry.id == current.id);
    place.unwrap_or(0)
}

fn inside(
    ui: &mut Ui,
    search: &mut PickerSearch,
    current: &ProblemInfo,
    room: f32,
) -> Option<&'static ProblemInfo> {
    let (steps, is_entered) = keys(ui, room);
    let field = egui::TextEdit::singleline(&mut search.words)
        .frame(egui::Frame::NONE.inner_margin(vec2(8.0, 4.0)))
        .hint_text("Type a few letters of a benchmark")
        .desired_width(f32::INFINITY);
    let field = ui.add(field);
    field.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TextInput, true, "Find a benchmark");
        info.current_text_value = Some(search.words.clone());
        info
    });
    // the field keeps the keyboard, whatever is clicked
    field.request_focus();
    separator(ui);
    let found: Vec<&ProblemInfo> = problem::all()
        .filter(|entry| has_all(entry, &search.words))
        .collect();
    if field.changed() {
        let is_all = search.words.trim().is_empty();
        search.chosen = if is_all { place_of(current) } else { 0 };
    }
    let last = found.len().saturating_sub(1);
    search.chosen = search.chosen.saturating_add_signed(steps).min(last);
    let follows = steps != 0 || field.changed() || search.is_new;
    search.is_new = false;
    let mut picked = found.get(search.chosen).copied().filter(|_| is_entered);
    if found.is_empty() {
        ui.horizontal(|ui| {
            ui.add_space(8.0);
            remark(ui, messages::status::no_such_benchmark());
        });
        ui.add_space(4.0);
    }
    egui::ScrollArea::vertical()
        .max_height(room)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (number, entry) in found.iter().enumerate() {
                let before = number.checked_sub(1).map(|before| found[before].class);
                let heading = (before != Some(entry.class)).then(|| heading_ui(ui, entry.class));
                let row = row_ui(ui, entry, [number == search.chosen, entry.id == current.id]);
                if row.clicked() {
                    picked = Some(entry);
                }
                let is_pointed = ui.input(|input| input.pointer.is_moving());
                if row.hovered() && is_pointed {
                    search.chosen = number;
                }
                if follows && number == search.chosen {
                    // a class is shown with its first row, and so is the next row, as the edge of the list fades
                    let whole = heading.map_or(row.rect, |heading: Rect| heading.union(row.rect));
                    ui.scroll_to_rect(whole.expand2(vec2(0.0, ROW)), None);
                }
            }
        });
    picked
}

/// The movement of the chosen row, and true if it is confirmed. Reads the keys before the field does.
fn keys(ui: &Ui, room: f32) -> (isize, bool) {
    let count = |key| {
        let presses = ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        isize::try_from(presses).unwrap_or(0)
    };
    let page = ((room / ROW) as isize - 1).max(1);
    let steps = count(Key::ArrowDown) - count(Key::ArrowUp)
        + page * (count(Key::PageDown) - count(Key::PageUp));
    (steps, count(Key::Enter) > 0)
}

/// True if each of the words occurs in a benchmark's name, id, class or summary, ignoring case.
fn has_all(entry: &ProblemInfo, words: &str) -> bool {
    let class = entry.class;
    let summary = RichText::parse(entry.summary).plain();
    let text = [
        entry.name,
        entry.id,
        class.word(),
        class.heading(),
        summary.as_str(),
    ]
    .join("\n")
    .to_lowercase();
    let words = words.to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

fn heading_ui(ui: &mut Ui, class: Class) -> Rect {
    let roles = roles_of(ui);
    let top = ui.cursor().min;
    ui.add_space(6.0);
    let line = ui.horizontal(|ui| {
        ui.add_space(8.0);
        rich_label(ui, class.heading(), SMALL, roles.text_faint);
    });
    Rect::from_min_max(top, line.response.rect.max)
}

fn row_ui(ui: &mut Ui, entry: &ProblemInfo, [is_chosen, is_current]: [bool; 2]) -> Response {
    let roles = roles_of(ui);
    let size = vec2(ui.available_width(), ROW);
    // the field keeps the keyboard: a row takes clicks only
    let (rect, response) = ui.allocate_exact_size(size, Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_current, entry.name));
    let (strong, weak) = if is_chosen {
        ui.painter().rect_filled(rect, 4, colour(roles.ink));
        (roles.on_ink, roles.on_ink)
    } else {
        (roles.text, roles.text_weak)
    };
    let line = |text: &str, size: f32, ink| {
        let font = egui::FontId::new(size, TextStyle::Body.resolve(ui.style()).family);
        ui.painter()
            .layout_no_wrap(text.to_owned(), font, colour(ink))
    };
    let name = line(entry.name, TEXT, strong);
    let left = rect.left() + 20.0;
    let middle = |height: f32| rect.center().y - 0.5 * height;
    if is_current {
        let at = pos2(rect.left() + 11.0, rect.center().y);
        ui.painter().circle_filled(at, 2.5, colour(strong));
    }
    let right = left + name.size().x;
    ui.painter()
        .galley(pos2(left, middle(name.size().y)), name, colour(strong));
    // a narrow window has room for names only, or for their sizes
    let mut end = rect.right() - 8.0;
    for (words, room) in [(usual_sizes(entry), SIZES), (entry.id, 0.0)] {
        let words = line(words, SMALL, weak);
        let begin = end - words.size().x;
        if begin > right + BETWEEN {
            let at = pos2(begin, middle(words.size().y));
            ui.painter().galley(at, words, colour(weak));
        }
        end -= room;
    }
    response.on_hover_markup(entry.summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_id_class_and_summary_are_searched_and_every_word_must_occur() {
        let found = |words: &str| {
            let all = problem::all().filter(|entry| has_all(entry, words));
            all.map(|entry| entry.id).collect::<Vec<_>>()
        };
        assert_eq!(found("").len(), problem::all().count());
        assert_eq!(found("duopoly"), ["henderson-quandt"]);
        assert_eq!(found("QUANDT"), ["henderson-quandt"]);
        assert_eq!(found("sellers good"), ["henderson-quandt"]);
        assert!(found("jumps").contains(&"mirrlees"));
        assert_eq!(found("mirrlees fish"), [""; 0]);
    }
}
