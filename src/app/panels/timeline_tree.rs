//! The tree of branches beneath the timeline: a line for each, from the iteration at which it leaves its parent.

use bilevel_figure::{MethodLook, method_looks};
use bilevel_files::parents;
use egui::{Rect, Stroke, Ui, pos2};

use crate::app::paint::theme::{colour, theme_of};
use crate::app::session::Session;

/// The distance of two lines, and the most that all of them take.
const LANE: f32 = 4.0;
const MOST: f32 = 9.0;
/// The width of a line, and the additional width of the edge of a pale one.
const WIDTH: f32 = 2.0;
const EDGE: f32 = 0.8;

/// A branch on the timeline.
struct Branch {
    slot: usize,
    /// The method that it continues; `None` for one whose runs begin at the starts.
    parent: Option<usize>,
    /// The iterations from which and up to which it is computed.
    iterations: [u64; 2],
}

/// The branches of shown methods, in the order of their lines.
fn branches(session: &Session) -> Vec<Branch> {
    let methods = &session.experiment().methods;
    let slots = session.slots().iter().enumerate();
    let shown = slots.filter(|(_, slot)| slot.is_visible);
    let found = shown.filter_map(|(slot, state)| {
        let parents = parents(methods, slot).ok()?;
        let from = parents.first()?;
        let end = session
            .run_of(state)
            .map_or(from.until, |run| run.iteration);
        Some(Branch {
            slot,
            parent: (parents.len() > 1).then_some(from.slot),
            iterations: [from.until, end.max(from.until)],
        })
    });
    let mut branches: Vec<Branch> = found.collect();
    branches.sort_by_key(|branch| branch.iterations[0]);
    branches
}

/// Draws the tree beneath a rail, and returns its height. `place` is the place of an iteration on the screen.
pub(super) fn tree_ui(ui: &Ui, session: &Session, rail: Rect, place: impl Fn(u64) -> f32) -> f32 {
    let branches = branches(session);
    if branches.is_empty() {
        return 0.0;
    }
    let looks = method_looks(&session.experiment().methods);
    let ink = |slot: usize| {
        let style = looks
            .get(slot)
            .copied()
            .map(|look: MethodLook| look.style(theme_of(ui)));
        let style = style.unwrap_or_else(|| MethodLook::default().style(theme_of(ui)));
        (colour(style.colour), style.edge.map(colour))
    };
    let lane = LANE.min(MOST / branches.len() as f32);
    let height = |number: usize| rail.bottom() + (number + 1) as f32 * lane;
    for (number, branch) in branches.iter().enumerate() {
        let of_parent = branches
            .iter()
            .position(|one| Some(one.slot) == branch.parent);
        let [left, right] = branch.iterations.map(&place);
        let top = of_parent.map_or_else(|| rail.bottom(), &height);
        let y = height(number);
        let (colour, edge) = ink(branch.slot);
        let width = WIDTH.min(lane - EDGE);
        let outer = edge.map(|edge| Stroke::new(width + EDGE, edge));
        for stroke in outer.into_iter().chain([Stroke::new(width, colour)]) {
            ui.painter()
                .line_segment([pos2(left, top), pos2(left, y)], stroke);
            ui.painter()
                .line_segment([pos2(left, y), pos2(right, y)], stroke);
        }
    }
    branches.len() as f32 * lane
}
