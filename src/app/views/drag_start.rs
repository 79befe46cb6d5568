//! Dragging a start in a picture of a plane: by a press on it or a click beside it.

use bilevel::numerics::Point;
use bilevel::problem::Coordinate;
use egui::{CursorIcon, Pos2, Ui};

use crate::app::command::{CommandQueue, Edit};
use crate::app::paint::plot_view::ShownFigure;

/// The distance from a start, in pixels, within which a press grips it.
const REACH: f32 = 14.0;

/// The state of dragging a start.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Grip {
    /// True if the pointer was on a start in the last frame.
    is_near: bool,
    /// The start that is being dragged.
    held: Option<usize>,
    /// The start that the last click moved, and its position in the picture before.
    clicked: Option<(usize, [f64; 2])>,
}

impl Grip {
    /// True if a drag pans the picture.
    pub(crate) fn is_free(self) -> bool {
        !self.is_near && self.held.is_none()
    }

    /// Grips a start, moves it, or moves the nearest one to a click.
    pub(crate) fn move_starts(
        &mut self,
        ui: &Ui,
        shown: &ShownFigure,
        (starts, axes): (&[Point], [Coordinate; 2]),
        commands: &mut CommandQueue,
    ) {
        let response = &shown.response;
        let over = response.interact_pointer_pos();
        let Some(pointer) = over.or_else(|| response.hover_pos()) else {
            *self = Self::default();
            return;
        };
        let nearest = |from: Pos2| {
            let distances = starts.iter().map(|start| {
                let at = axes.map(|axis| start[axis.level][axis.index]);
                let [x, y] = shown.scene.transform.pixel(at);
                (x - from.x).hypot(y - from.y)
            });
            distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1))
        };
        let gripped = |from: Pos2| {
            let near = nearest(from).filter(|(_, distance)| *distance <= REACH);
            near.map(|(start, _)| start)
        };
        self.is_near = gripped(pointer).is_some();
        if self.is_near {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        if response.drag_started() {
            let pressed = ui.input(|input| input.pointer.press_origin());
            self.held = gripped(pressed.unwrap_or(pointer));
        }
        let target = match self.held {
            Some(start) if response.dragged() => Some(start),
            None if response.clicked() => nearest(pointer).map(|(start, _)| start),
            _ => None,
        };
        // the first click of a double click, which resets the ranges, has moved a start
        let is_double = response.double_clicked();
        let back = self.clicked.take_if(|_| is_double);
        let there = target.map(|number| (number, shown.scene.transform.value(pointer.into())));
        if let Some((number, values)) = back.or_else(|| there.filter(|_| !is_double))
            && let Some(start) = starts.get(number)
        {
            if response.clicked() {
                let before = axes.map(|axis| start[axis.level][axis.index]);
                self.clicked = Some((number, before));
            }
            let mut moved = start.clone();
            for (axis, value) in axes.into_iter().zip(values) {
                moved[axis.level][axis.index] = value;
            }
            commands.push(Edit::MoveStart {
                number,
                point: moved,
            });
        }
        if response.drag_stopped() || !response.dragged() {
            self.held = None;
        }
    }
}
