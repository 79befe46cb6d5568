//! The bar of the timeline: the playhead, the computed part, and the events.

use bilevel_figure::{RichText, fixed, method_looks};
use egui::{Rect, Response, Role, Sense, Slider, Ui, WidgetInfo, pos2, vec2};

use super::timeline_tree::tree_ui;
use crate::app::command::{CommandQueue, ViewChange};
use crate::app::messages::timeline;
use crate::app::paint::screen_pen::paint_text;
use crate::app::paint::theme::{colour, roles_of, theme_of};
use crate::app::session::Session;
use crate::app::session::events::Event;

/// The height of the bar's line.
const LINE: f32 = 4.0;
/// The width and height of the mark of an event.
const MARK: [f32; 2] = [3.0, 9.0];
/// The space between two marks, and the width of the edge of a pale one.
const BETWEEN_MARKS: f32 = 1.5;
const EDGE: f32 = 0.5;
/// The reach of the pointer around a mark, in points.
const REACH: f32 = 5.0;
/// The size of the iterations below the bar, the room for one of them, and the least distance between two.
const TICK: f32 = 10.5;
const WIDTH_OF_LABEL: f32 = 80.0;
const BETWEEN_LABELS: f32 = 12.0;
/// The space between the bar and the iterations below it, and that below a tree of branches.
const BELOW: f32 = 8.0;
const BELOW_TREE: f32 = 2.5;
/// The height of digits, as a share of their size.
const ASCENT: f32 = 0.73;
/// The radius of the playhead's handle with its surroundings.
const HANDLE: f32 = 10.0;

/// Draws the bar and queues a move of the playhead.
pub(super) fn timeline_bar(ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
    let course = session.course();
    let now = session.playhead.iteration();
    let mut share = course.share(now as f64);
    let before = share;
    let slider = Slider::new(&mut share, 0.0..=1.0)
        .show_value(false)
        .trailing_fill(false);
    let bar = ui.add(slider);
    bar.widget_info(|| WidgetInfo::slider(true, now as f64, "Iteration"));
    let iteration = course.iteration(share).round() as u64;
    let is_range = ui.input(|input| input.modifiers.shift) || begun(ui).is_some();
    if bar.changed() && share != before && iteration != now && !is_range {
        commands.push(ViewChange::Seek { iteration });
    }
    let rail = rail(&bar);
    let place = |iteration: u64| {
        let share = course.share(iteration as f64) as f32;
        rail.left() + share * rail.width()
    };
    let at = |x: f32| {
        let share = ((x - rail.left()) / rail.width()).clamp(0.0, 1.0);
        course.iteration(f64::from(share)).round() as u64
    };
    choose_range(ui, &bar, at, commands);
    // the tree of branches has the colours of methods
    let tree = match session.letters() {
        Some(_) => 0.0,
        None => tree_ui(ui, session, rail, place),
    };
    let beneath = rail.bottom() + tree;
    if let Some([first, last]) = session.playhead.range {
        let [left, right] = [place(first), place(last)];
        let part = Rect::from_min_max(pos2(left, beneath + 3.0), pos2(right, beneath + 6.0));
        ui.painter()
            .rect_filled(part, 1.5, colour(roles_of(ui).ink));
    }
    paint_computed(ui, rail, [place(now), place(session.computed())]);
    let has_range = session.playhead.range.is_some();
    // a range takes the room between a tree and the edge of the window
    if tree == 0.0 || !has_range {
        let most = (rail.width() / WIDTH_OF_LABEL) as usize;
        let ticks = course.ticks(most.max(2)).into_iter();
        let ticks = ticks.map(|tick| (place(tick.value as u64), tick.label));
        let below = if tree == 0.0 {
            BELOW
        } else {
            tree + BELOW_TREE
        };
        paint_ticks(ui, (rail, below), ticks, place(now));
    }
    events_ui(ui, session, rail, place, commands);
}

/// The key of the iteration at which the choice of a range began, in egui's memory.
const RANGE: &str = "beginning of a range";

fn begun(ui: &Ui) -> Option<u64> {
    ui.data(|data| data.get_temp(egui::Id::unique(RANGE)))
}

/// Takes a drag with Shift as the range to play again and again; a click with Shift ends it. `at` is the iteration at a
/// place on the screen.
fn choose_range(ui: &Ui, bar: &Response, at: impl Fn(f32) -> u64, commands: &mut CommandQueue) {
    let (has_shift, pointer, is_down) = ui.input(|input| {
        let pointer = &input.pointer;
        (
            input.modifiers.shift,
            pointer.latest_pos(),
            pointer.any_down(),
        )
    });
    let Some(pointer) = pointer else { return };
    let id = egui::Id::unique(RANGE);
    match begun(ui) {
        None if has_shift && is_down && bar.is_pointer_button_down_on() => {
            ui.data_mut(|data| data.insert_temp(id, at(pointer.x)));
        }
        Some(first) => {
            let last = at(pointer.x);
            let range = [first.min(last), first.max(last)];
            let range = (range[0] < range[1]).then_some(range);
            commands.push(ViewChange::SetLoop { range });
            if !is_down {
                ui.data_mut(|data| data.remove::<u64>(id));
            }
        }
        None => {}
    }
}

/// The line that the handle of a slider moves along.
fn rail(bar: &Response) -> Rect {
    let inset = bar.rect.height() / 2.5;
    let middle = bar.rect.center().y;
    Rect::from_min_max(
        pos2(bar.rect.left() + inset, middle - 0.5 * LINE),
        pos2(bar.rect.right() - inset, middle + 0.5 * LINE),
    )
}

/// Fills the part up to which all runs are computed, beyond the playhead's handle.
fn paint_computed(ui: &Ui, rail: Rect, [now, computed]: [f32; 2]) {
    let roles = roles_of(ui);
    let handle = 9.0;
    let fill = |from: f32, to: f32, ink| {
        if from < to {
            let part = Rect::from_min_max(pos2(from, rail.top()), pos2(to, rail.bottom()));
            ui.painter().rect_filled(part, 0.5 * LINE, colour(ink));
        }
    };
    fill(rail.left(), now - handle, roles.text);
    fill(now + handle, computed, roles.text_faint);
}

/// Draws iterations below the bar, but for those behind the handle.
fn paint_ticks(
    ui: &Ui,
    (rail, below): (Rect, f32),
    ticks: impl Iterator<Item = (f32, String)>,
    handle: f32,
) {
    let roles = roles_of(ui);
    let mut free = f32::NEG_INFINITY;
    for (x, label) in ticks {
        let label = RichText::parse(&label);
        let half = 0.5 * TICK * label.width;
        let line = [pos2(x, rail.bottom() + 3.0), pos2(x, rail.bottom() + 5.0)];
        let stroke = egui::Stroke::new(1.0, colour(roles.text_faint));
        if (x - handle).abs() < HANDLE + half || x - half < free {
            continue;
        }
        free = x + half + BETWEEN_LABELS;
        // under branches there is no room for lines
        if below <= BELOW {
            ui.painter().line_segment(line, stroke);
        }
        let baseline = [x - half, rail.bottom() + below + ASCENT * TICK];
        paint_text(ui.painter(), baseline, &label, TICK, roles.text_weak);
    }
}

/// Draws the marks of events beside each other; a click moves the playhead there.
fn events_ui(
    ui: &Ui,
    session: &Session,
    rail: Rect,
    place: impl Fn(u64) -> f32,
    commands: &mut CommandQueue,
) {
    let roles = roles_of(ui);
    let looks = method_looks(&session.experiment().methods);
    let events = session.events();
    let places: Vec<f32> = events.iter().map(|event| place(event.iteration)).collect();
    let places = apart(&places, [rail.left(), rail.right()]);
    let mark_at = |x: f32| {
        let middle = pos2(x, rail.top() - 0.5 * MARK[1] - 1.0);
        Rect::from_center_size(middle, vec2(MARK[0], MARK[1]))
    };
    for (event, x) in events.iter().zip(&places) {
        let look = event.slot.and_then(|slot| looks.get(slot));
        let style = look.map(|look| look.style(theme_of(ui)));
        let ink = style.map_or(roles.text_weak, |style| style.colour);
        if let Some(edge) = style.and_then(|style| style.edge) {
            let outer = mark_at(*x).expand(EDGE);
            ui.painter().rect_filled(outer, 1.0, colour(edge));
        }
        ui.painter().rect_filled(mark_at(*x), 1.0, colour(ink));
    }
    // events of one iteration are one button, which reaches halfway to the next
    let mut first = 0;
    for same in events.chunk_by(|one, next| one.iteration == next.iteration) {
        let after = first + same.len();
        let halfway = |one: usize, next: usize| 0.5 * (places[next] - places[one]);
        let reach = |gap: Option<f32>| gap.map_or(REACH, |gap| gap.min(REACH));
        let before_it = reach(first.checked_sub(1).map(|before| halfway(before, first)));
        let beyond_it = reach((after < places.len()).then(|| halfway(after - 1, after)));
        let mut area = mark_at(places[first]).union(mark_at(places[after - 1]));
        area.min.x = places[first] - before_it;
        area.max.x = places[after - 1] + beyond_it;
        let words: Vec<String> = same.iter().map(described).collect();
        let id = ui.scope_id().with(("event", first));
        let response = ui.interact(area.expand2(vec2(0.0, 1.0)), id, Sense::click());
        let words = words.join("\n");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
        if response.on_hover_text(words).clicked() {
            let iteration = same[0].iteration;
            commands.push(ViewChange::Seek { iteration });
        }
        first = after;
    }
}

/// The places of marks, moved to the right so that none hides another, and back from the end of the bar.
fn apart(places: &[f32], [left, right]: [f32; 2]) -> Vec<f32> {
    // many marks may not have their full distance
    let step = (MARK[0] + BETWEEN_MARKS).min((right - left) / places.len().max(1) as f32);
    let mut moved = places.to_vec();
    for place in 1..moved.len() {
        moved[place] = moved[place].max(moved[place - 1] + step);
    }
    let mut most = right;
    for place in moved.iter_mut().rev() {
        *place = place.min(most);
        most = *place - step;
    }
    moved
}

fn described(event: &Event) -> String {
    let iteration = fixed(event.iteration as f64, 0);
    timeline::at_iteration(&event.words, &iteration, event.meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_one_place_stand_beside_each_other_within_the_bar() {
        let step = MARK[0] + BETWEEN_MARKS;
        let ends = [0.0, 100.0];
        assert_eq!(apart(&[], ends), [0.0; 0]);
        assert_eq!(apart(&[10.0, 50.0], ends), [10.0, 50.0]);
        assert_eq!(apart(&[0.0, 0.0, 1.0], ends), [0.0, step, 2.0 * step]);
        let at_end = apart(&[99.0, 100.0, 100.0], ends);
        assert_eq!(at_end, [100.0 - 2.0 * step, 100.0 - step, 100.0]);
        let many = apart(&[50.0; 200], ends);
        assert!(many.windows(2).all(|pair| pair[1] - pair[0] > 0.4));
        assert!(many[0] >= -0.01 && many[199] <= 100.0);
    }
}
