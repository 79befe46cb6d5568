//! Gestures on the starts in a picture of a plane: a press on one chooses and drags it, a click beside it moves the chosen
//! one, and a click with Shift adds one.

use bilevel::numerics::Point;
use bilevel::problem::Coordinate;
use egui::{CursorIcon, Pos2, Response, Ui};

use crate::app::command::{CommandQueue, Edit, ViewChange};
use crate::app::paint::plot_view::ShownFigure;
use crate::app::session::Session;

/// The distance from a start, in pixels, within which a press grips it.
const REACH: f32 = 14.0;
/// The distance from a start, in pixels, within which no other is added.
const TOGETHER: f32 = 2.0;

/// The state of dragging a start.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Grip {
    /// True if the pointer was on a start in the last frame.
    is_near: bool,
    /// The start that is being dragged.
    held: Option<usize>,
    /// The start that the last click moved.
    clicked: Option<usize>,
}

/// The starts in a picture.
struct Handles<'a> {
    starts: &'a [Point],
    axes: [Coordinate; 2],
    chosen: usize,
    shown: &'a ShownFigure,
}

impl Handles<'_> {
    /// The start within reach of a position; the chosen one before others at the same place.
    fn gripped(&self, from: Pos2) -> Option<usize> {
        let near = self
            .distances(from)
            .enumerate()
            .filter(|(_, distance)| *distance <= REACH);
        let is_other = |number: usize| number != self.chosen;
        near.min_by(|a, b| a.1.total_cmp(&b.1).then(is_other(a.0).cmp(&is_other(b.0))))
            .map(|(number, _)| number)
    }

    /// The distances of the starts from a position, in pixels.
    fn distances(&self, from: Pos2) -> impl Iterator<Item = f32> {
        self.starts.iter().map(move |start| {
            let at = self.axes.map(|axis| start[axis.level][axis.index]);
            let [x, y] = self.shown.scene.transform.pixel(at);
            (x - from.x).hypot(y - from.y)
        })
    }

    /// The distance of the nearest start from a position, in pixels.
    fn distance(&self, from: Pos2) -> f32 {
        self.distances(from).fold(f32::INFINITY, f32::min)
    }

    /// A point with values along the axes and the other variables of a start.
    fn point(&self, number: usize, values: [f64; 2]) -> Option<Point> {
        let mut point = self.starts.get(number)?.clone();
        for (axis, value) in self.axes.into_iter().zip(values) {
            point[axis.level][axis.index] = value;
        }
        Some(point)
    }
}

impl Grip {
    /// True if a drag pans the picture.
    pub(crate) fn is_free(self) -> bool {
        !self.is_near && self.held.is_none()
    }

    /// Chooses, drags, moves or adds a start, as the user asks for.
    pub(crate) fn move_starts(
        &mut self,
        ui: &Ui,
        shown: &ShownFigure,
        (session, axes): (&Session, [Coordinate; 2]),
        commands: &mut CommandQueue,
    ) {
        let response = &shown.response;
        let over = response.interact_pointer_pos();
        let Some(pointer) = over.or_else(|| response.hover_pos()) else {
            *self = Self::default();
            return;
        };
        let handles = Handles {
            starts: session.starts(),
            axes,
            chosen: session.chosen().start,
            shown,
        };
        self.is_near = handles.gripped(pointer).is_some();
        if self.is_near {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        if response.drag_started() {
            let pressed = ui.input(|input| input.pointer.press_origin());
            self.held = handles.gripped(pressed.unwrap_or(pointer));
            if let Some(number) = self.held.filter(|number| *number != handles.chosen) {
                commands.push(ViewChange::ChooseStart { number });
            }
        }
        let there = shown.scene.transform.value(pointer.into());
        match self.held {
            Some(number) if response.dragged() => {
                move_to(&handles, number, there, commands);
            }
            None if response.clicked() => {
                let adds = ui.input(|input| input.modifiers.shift);
                self.click(&handles, response, (pointer, there, adds), commands);
            }
            _ => {}
        }
        if response.drag_stopped() || !response.dragged() {
            self.held = None;
        }
    }

    /// Carries out a click at a position with its values; with `adds` it adds a start.
    fn click(
        &mut self,
        handles: &Handles<'_>,
        response: &Response,
        (pointer, there, adds): (Pos2, [f64; 2], bool),
        commands: &mut CommandQueue,
    ) {
        // the first click of a double click, which resets the ranges, has moved a start
        let back = self.clicked.take();
        if adds {
            // a double click adds one start
            if handles.distance(pointer) > TOGETHER {
                let point = handles.point(0, there);
                commands.extend(point.map(|point| Edit::AddStart { point }));
            }
            return;
        }
        if response.double_clicked() {
            commands.extend(back.map(|number| ViewChange::RetractMove { number }));
            return;
        }
        match handles.gripped(pointer) {
            Some(number) if number != handles.chosen => {
                commands.push(ViewChange::ChooseStart { number });
            }
            _ => {
                if move_to(handles, handles.chosen, there, commands) {
                    self.clicked = Some(handles.chosen);
                }
            }
        }
    }
}

/// Moves a start along the axes of the picture; false if it is there: a pointer that rests asks for nothing.
fn move_to(
    handles: &Handles<'_>,
    number: usize,
    values: [f64; 2],
    commands: &mut CommandQueue,
) -> bool {
    let point = handles.point(number, values);
    let point = point.filter(|point| handles.starts.get(number) != Some(point));
    let is_moved = point.is_some();
    commands.extend(point.map(|point| Edit::MoveStart { number, point }));
    is_moved
}
