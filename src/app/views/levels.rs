//! The levels side by side in the window: a column each. A change reaches the columns one after another, like a ripple.

use std::collections::VecDeque;
use std::time::Duration;

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, Metadata};
use bilevel_figure::{
    Curves, LevelCurves, LevelsPicture, LineCache, RichText, View as _, ViewContext, figures,
    level_slices,
};
use egui::{CursorIcon, Ui, vec2};

use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::view_worker::ViewWorker;
use crate::app::command::{CommandQueue, Edit, ViewChange};
use crate::app::paint::plot_view::{ShownFigure, Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, roles_of, theme_of};
use crate::app::paint::widgets::{chooser, controls_are_shown, rich_label};
use crate::app::session::Session;

/// The delay between a change of a level and that of the level beneath it, in seconds.
const RIPPLE: f64 = 0.12;
/// The distance from a start, in pixels, within which a press grips it.
const GRIP: f32 = 14.0;
/// The space between columns.
const GAP: f32 = 10.0;
/// The least height of a plot above a table of several rows: eight fit into half of a window of 720 points.
const LOW: f32 = 92.0;
/// The height of a row of the table, and of a column's other parts besides its plot.
const ROW: f32 = 17.0;
const AROUND: f32 = 90.0;

/// The columns' visible ranges and curves.
pub(crate) struct LevelsView {
    viewports: Vec<Viewport>,
    worker: ViewWorker<LevelsPicture>,
    /// The curves that have arrived, each with its time, oldest first: as many as columns still show.
    arrived: VecDeque<(f64, LevelCurves)>,
    /// The time of the present frame.
    now: f64,
    /// The column and the start under the pointer, and those that are being dragged.
    near: Option<(usize, usize)>,
    held: Option<(usize, usize)>,
    /// The start that the last click moved.
    clicked: Option<usize>,
}

impl LevelsView {
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            viewports: Vec::new(),
            worker: ViewWorker::new(background),
            arrived: VecDeque::new(),
            now: 0.0,
            near: None,
            held: None,
            clicked: None,
        }
    }

    /// Forgets the curves: the problem, or the shown variable of each block, has changed.
    pub(crate) fn reset(&mut self) {
        self.viewports.clear();
        self.arrived.clear();
        self.held = None;
        self.worker.forget();
    }

    /// True if the curves are computed at the full fineness and no ripple is under way.
    pub(crate) fn is_settled(&self) -> bool {
        self.worker.is_settled() && self.arrived.len() == 1
    }

    /// Sets the ranges of the figures.
    pub(crate) fn set_ranges(&mut self, ranges: &[Option<[[f64; 2]; 2]>]) {
        self.viewports = vec![Viewport::default(); ranges.len()];
        Viewport::set_all(&mut self.viewports, ranges);
    }

    /// The ranges of the columns that were panned or zoomed.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        Viewport::ranges(&self.viewports)
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate under the pointer in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        mut context: ViewContext<'_>,
        pointed: &mut Pointed,
        commands: &mut CommandQueue,
    ) {
        let metadata = session.problem().metadata();
        let variable = context.view.option(LevelsPicture::REF, "variable") as usize;
        if controls_are_shown(ui) {
            Self::choices(ui, session, variable, commands);
        }
        self.now = ui.input(|input| input.time);
        let columns = metadata.shape().levels();
        self.viewports.resize(columns, Viewport::default());
        self.receive(ui, columns);
        let (width, height) = (ui.available_width(), ui.available_height());
        context.screen.is_there = true;
        context.screen.ranges = self.ranges();
        context.screen.pointed = pointed.run();
        context.screen.rows = Some(((height - AROUND - LOW) / ROW).max(1.0) as usize);
        let shown = self.shown(columns);
        let figures = figures::<LevelsPicture>(&context, &shown, theme_of(ui));
        let count = figures.len().max(1) as f32;
        let size = vec2(((width - GAP * (count - 1.0)) / count).max(0.0), height);
        let slices = level_slices(&context);
        let mut near = None;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            for (place, mut figure) in figures.into_iter().enumerate() {
                ui.allocate_ui(size, |ui| {
                    pointed.ring(&mut figure);
                    let name = format!("Level {}", place + 1);
                    let is_free = self.held.is_none() && self.near.is_none_or(|it| it.0 != place);
                    let viewport = &mut self.viewports[place];
                    let memory = &mut LineCache::default();
                    let drawn = figure_ui(ui, &name, &figure, viewport, is_free, [0.0; 2], memory);
                    pointed.look(ui, &figure, &drawn, session);
                    let along = slices[place].along;
                    let curves = &shown.curves[place];
                    let found = self.pointer(ui, &drawn, session, (along, curves), commands);
                    near = near.or(found);
                });
            }
        });
        self.near = near;
        if let Ok(request) = LevelsPicture::request(&context) {
            self.worker.ask(request);
        }
    }

    /// The curves of each column at present, and the newest distances of the runs.
    fn shown(&self, columns: usize) -> LevelCurves {
        let newest = self.arrived.back();
        LevelCurves {
            curves: (0..columns)
                .map(|place| self.curves_of(place).cloned().unwrap_or_default())
                .collect(),
            unfinished: newest.map_or_else(Vec::new, |(_, data)| data.unfinished.clone()),
        }
    }

    /// Receives the worker's data, drops curves that no column shows any more, and requests the frames of a ripple.
    fn receive(&mut self, ui: &Ui, columns: usize) {
        if self.worker.receive() {
            // the first picture is shown at once
            self.arrived
                .push_back((self.now, self.worker.data().clone()));
        }
        let through = RIPPLE * columns.saturating_sub(1) as f64;
        while self.arrived.len() > 1 && self.arrived[1].0 + through <= self.now {
            self.arrived.pop_front();
        }
        if self.arrived.len() > 1 {
            ui.ctx().request_repaint_after(Duration::from_millis(16));
        }
    }

    /// The curves of a column at present: the newest that the ripple has brought to it.
    fn curves_of(&self, place: usize) -> Option<&Curves> {
        let delay = RIPPLE * place as f64;
        let newest = self
            .arrived
            .iter()
            .rev()
            .find(|(at, _)| at + delay <= self.now);
        let (_, answer) = newest.or_else(|| self.arrived.front())?;
        answer.curves.get(place)
    }

    /// Grips a start, moves it along its variable, or moves the nearest one to a click. Returns the column and the
    /// start under the pointer.
    fn pointer(
        &mut self,
        ui: &Ui,
        shown: &ShownFigure,
        session: &Session,
        (along, curves): (Coordinate, &Curves),
        commands: &mut CommandQueue,
    ) -> Option<(usize, usize)> {
        let place = along.level - 1;
        let response = &shown.response;
        let pointer = response
            .interact_pointer_pos()
            .or_else(|| response.hover_pos());
        let Some(pointer) = pointer else {
            if self.held.is_some_and(|it| it.0 == place) {
                self.held = None;
            }
            return None;
        };
        let starts = session.starts();
        let distance = |start: &Point, from: egui::Pos2| {
            let x = start[along.level][along.index];
            let [x, y] = shown
                .scene
                .transform
                .pixel([x, curves.height(x).unwrap_or(0.0)]);
            (x - from.x).hypot(y - from.y)
        };
        let nearest = |from: egui::Pos2| {
            let distances = starts.iter().map(|start| distance(start, from)).enumerate();
            distances.min_by(|a, b| a.1.total_cmp(&b.1))
        };
        let gripped = |from: egui::Pos2| {
            let near = nearest(from).filter(|(_, distance)| *distance <= GRIP);
            near.map(|(start, _)| (place, start))
        };
        let near = gripped(pointer);
        if near.is_some() {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        if response.drag_started() {
            let pressed = ui.input(|input| input.pointer.press_origin());
            self.held = gripped(pressed.unwrap_or(pointer));
        }
        let target = match self.held {
            Some((column, start)) if column == place && response.dragged() => Some(start),
            None if response.clicked() => nearest(pointer).map(|(start, _)| start),
            _ => None,
        };
        // the first click of a double click, which resets the ranges, has moved a start
        let is_double = response.double_clicked();
        let back = self.clicked.take_if(|_| is_double);
        commands.extend(back.map(|number| ViewChange::RetractMove { number }));
        if let Some(number) = target.filter(|_| !is_double)
            && let Some(start) = starts.get(number)
        {
            let mut moved = start.clone();
            moved[along.level][along.index] = shown.scene.transform.value(pointer.into())[0];
            // a pointer that rests asks for nothing
            let is_moved = moved != *start;
            self.clicked = (is_moved && response.clicked()).then_some(number);
            if is_moved {
                commands.push(Edit::MoveStart {
                    number,
                    point: moved,
                });
            }
        }
        if response.drag_stopped() || !response.dragged() {
            self.held = self.held.filter(|it| it.0 != place);
        }
        near
    }

    /// Draws the menu of views, the chooser of the variable where blocks have several, and the reading hints.
    fn choices(ui: &mut Ui, session: &Session, variable: usize, commands: &mut CommandQueue) {
        let metadata = session.problem().metadata();
        ui.horizontal(|ui| {
            view_switch(ui, LevelsPicture::REF, &**session.problem(), commands);
            let shape = metadata.shape();
            let most = (1..=shape.levels()).map(|level| shape.size(level)).max();
            if let Some(most) = most.filter(|most| *most > 1) {
                let names: Vec<String> = (1..=most).map(|one| format!("variable {one}")).collect();
                let options: Vec<_> = names
                    .iter()
                    .enumerate()
                    .map(|(index, name)| (index + 1, name.as_str(), "of each level"))
                    .collect();
                if let Some(chosen) = chooser(ui, "Variable of each level", &options, variable) {
                    let option = &LevelsPicture::REF.options[0];
                    commands.push(Edit::SetViewOption {
                        name: option.name,
                        value: chosen as f64,
                    });
                }
            }
            let inks = roles_of(ui);
            let words = words(metadata, ui.available_width());
            rich_label(ui, &words, SMALL, inks.text_weak);
        });
    }
}

/// The reading hints, the most important first, as many as fit into a width.
fn words(metadata: &Metadata, width: f32) -> String {
    let hints = if metadata.shape().levels() == 2 {
        ["solid: lower level re-solved", "dashed: lower level fixed"]
    } else {
        ["solid: lower levels re-solved", "dashed: they are fixed"]
    };
    let all = [
        hints[0],
        hints[1],
        "a line leads from a method to its best response",
    ];
    let fit = (1..=all.len()).rev().map(|count| all[..count].join("; "));
    let mut fit = fit.filter(|words| RichText::parse(words).width * SMALL <= width);
    fit.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilevel::study::Slice;

    #[test]
    fn a_change_runs_down_the_columns_like_a_ripple() {
        let mut view = LevelsView::new(&Background::of_a_test());
        let answer = |height: f64| {
            let reduced = vec![vec![[0.0, height], [1.0, height]]];
            let slice = Slice {
                reduced,
                ..Slice::default()
            };
            LevelCurves {
                curves: vec![Curves::new(slice); 3],
                ..LevelCurves::default()
            }
        };
        view.arrived
            .extend([(0.0, answer(1.0)), (10.0, answer(2.0))]);
        for (now, heights) in [
            (10.01, [2.0, 1.0, 1.0]),
            (10.13, [2.0, 2.0, 1.0]),
            (10.25, [2.0, 2.0, 2.0]),
        ] {
            view.now = now;
            let shown = [0, 1, 2].map(|place| view.curves_of(place)?.height(0.5));
            assert_eq!(shown, heights.map(Some), "at {now}");
        }
    }
}
