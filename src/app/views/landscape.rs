//! The landscape in the window: where the start is dragged.

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, Metadata, Plane};
use bilevel::run::Points;
use bilevel_figure::landscape::{LandscapeData, REDUCED, landscape};
use bilevel_figure::reduced::reduced;
use bilevel_figure::{Figure, LineCache, Theme, sides};
use bilevel_files::ViewKind;
use egui::{CursorIcon, Ui};

use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::background::landscape_worker::{LandscapeRequest, LandscapeWorker};
use crate::app::command::Command;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, theme_of};
use crate::app::paint::widgets::segmented;
use crate::app::session::Session;
use crate::app::session::visible_runs::visible_runs;

/// Around a start, a press within this many pixels takes hold of it.
const GRIP: f32 = 14.0;
/// Below this width objectives are named by their letters only.
const NARROW: f32 = 560.0;
/// Below this height there is no room for the reduced objective, too.
const LOW: f32 = 220.0;
/// The ground is made larger than what is shown, so that panning does not reach its edge at once.
const MARGIN: f64 = 0.3;

/// What the landscape shows and where.
pub(crate) struct LandscapeView {
    pub(crate) plane: Plane,
    pub(crate) level: usize,
    /// Whether the reduced objective is drawn in place of the level's, where the plane is the leader's.
    is_reduced: bool,
    pub(crate) viewport: Viewport,
    /// That of the reduced objective beneath; its horizontal range is the landscape's.
    strip: Viewport,
    worker: LandscapeWorker,
    /// The start that is being dragged.
    held: Option<usize>,
}

impl LandscapeView {
    pub(crate) fn new(
        metadata: &Metadata,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        Ok(Self {
            plane: metadata.plane(None),
            level: 1,
            is_reduced: false,
            viewport: Viewport::default(),
            strip: Viewport::default(),
            worker: LandscapeWorker::new(wake)?,
            held: None,
        })
    }

    /// Forgets the plane and the range: another problem has come.
    pub(crate) fn reset(&mut self, metadata: &Metadata) {
        self.plane = metadata.plane(None);
        self.level = 1;
        self.is_reduced = false;
        self.viewport = Viewport::default();
        self.strip = Viewport::default();
        self.held = None;
    }

    /// Shows another pair of coordinates.
    pub(crate) fn set_axes(&mut self, metadata: &Metadata, axes: [Coordinate; 2]) {
        self.plane = metadata.plane(Some(axes));
        self.viewport = Viewport::default();
    }

    /// What is drawn: a level's objective, or the reduced one.
    fn drawn_level(&self, metadata: &Metadata) -> usize {
        if self.is_reduced && is_leaders(metadata, &self.plane) {
            REDUCED
        } else {
            self.level
        }
    }

    /// Whether the ground is as fine as it gets.
    pub(crate) fn is_settled(&self) -> bool {
        self.worker.is_settled()
    }

    /// The figures as they are shown, for the screen and for paper alike: the landscape, and the reduced objective beneath
    /// where there is one.
    pub(crate) fn figures<'a>(
        &mut self,
        session: &'a Session,
        theme: Theme,
    ) -> (Figure<'a>, Option<Figure<'a>>) {
        let metadata = session.problem().metadata();
        let starts = session.starts();
        let mut paths = visible_runs(session);
        paths.retain(|path| path.trace.kept() == Points::All);
        let subject = LandscapeData {
            metadata,
            plane: &self.plane,
            level: self.drawn_level(metadata),
            base: &metadata.base_point(starts.first().unwrap_or(&metadata.start)),
            starts,
        };
        let range = self.viewport.range.unwrap_or(self.plane.range);
        let backdrop = self.worker.backdrop();
        let mut strip = reduced(metadata, backdrop, range[0], &paths, theme);
        if let (Some(strip), Some([_, y])) = (&mut strip, self.strip.range) {
            strip.y.range = y;
        }
        (landscape(subject, backdrop, range, &paths, theme), strip)
    }

    /// Draws the view and queues what the pointer asks for. `pointed` is the iterate that is looked at in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        pointed: &mut Pointed,
        commands: &mut Vec<Command>,
    ) {
        let problem = session.problem();
        let metadata = problem.metadata();
        self.choices(ui, metadata, commands);
        let starts = session.starts();
        let (mut figure, strip) = self.figures(session, theme_of(ui));
        let has_room = ui.available_height() >= LOW;
        let strip = strip.filter(|_| has_room);
        pointed.ring(&mut figure);
        let drags = self.held.is_none() && !grips(ui);
        let margins = strip.as_ref().map_or([0.0; 2], |strip| {
            let ([a, b], [c, d]) = (sides(&figure, SMALL), sides(strip, SMALL));
            [a.max(c), b.max(d)]
        });
        if strip.is_some() {
            // the axis is labelled once, beneath both
            figure.x.label.clear();
        }
        let below = if has_room && metadata.has_reduced_over(&self.plane) {
            (0.36 * ui.available_height()).max(90.0)
        } else {
            0.0
        };
        let size =
            egui::vec2(ui.available_width(), ui.available_height() - below).max(egui::Vec2::ZERO);
        let shown = ui
            .allocate_ui(size, |ui| {
                let memory = &mut LineCache::default();
                let viewport = &mut self.viewport;
                figure_ui(ui, "Landscape", &figure, viewport, drags, margins, memory)
            })
            .inner;
        pointed.look(ui, &figure, &shown, session);
        if let Some(strip) = strip {
            self.strip_ui(ui, &strip, &shown, margins);
        }
        if session.has_begun() {
            let axes = [self.plane.horizontal, self.plane.vertical];
            self.worker.ask(LandscapeRequest {
                problem: std::sync::Arc::clone(problem),
                level: self.drawn_level(metadata),
                axes,
                base: metadata.base_point(starts.first().unwrap_or(&metadata.start)),
                range: shown.scene.transform.ranges.map(|[low, high]| {
                    let margin = MARGIN * (high - low);
                    [low - margin, high + margin]
                }),
            });
        }
        self.pointer(ui, &shown, starts, commands);
    }

    /// Draws the reduced objective; panning and zooming it moves the landscape along.
    fn strip_ui(
        &mut self,
        ui: &mut Ui,
        strip: &Figure<'_>,
        landscape: &crate::app::paint::plot_view::ShownFigure,
        margins: [f32; 2],
    ) {
        let before = self.strip;
        figure_ui(
            ui,
            "Reduced objective",
            strip,
            &mut self.strip,
            true,
            margins,
            &mut LineCache::default(),
        );
        match self.strip.range {
            Some([x, _]) if self.strip != before => {
                let [_, y] = landscape.scene.transform.ranges;
                self.viewport.range = Some([x, y]);
            }
            None if before.range.is_some() => self.viewport.range = None,
            _ => {}
        }
    }

    /// Takes hold of a start, moves it, or puts the nearest one where the user clicks.
    fn pointer(
        &mut self,
        ui: &Ui,
        shown: &crate::app::paint::plot_view::ShownFigure,
        starts: &[Point],
        commands: &mut Vec<Command>,
    ) {
        let axes = [self.plane.horizontal, self.plane.vertical];
        let distance = |start: &Point, pointer: egui::Pos2| {
            let at = axes.map(|axis| start[axis.level][axis.index]);
            let [x, y] = shown.scene.transform.pixel(at);
            (x - pointer.x).hypot(y - pointer.y)
        };
        let nearest = |pointer: egui::Pos2| {
            let distances = starts
                .iter()
                .map(|start| distance(start, pointer))
                .enumerate();
            distances.min_by(|a, b| a.1.total_cmp(&b.1))
        };
        let response = &shown.response;
        let Some(pointer) = response
            .interact_pointer_pos()
            .or_else(|| response.hover_pos())
        else {
            self.held = None;
            ui.data_mut(|data| data.insert_temp(grip_id(), false));
            return;
        };
        let near = nearest(pointer).filter(|(_, distance)| *distance <= GRIP);
        ui.data_mut(|data| data.insert_temp(grip_id(), near.is_some() || self.held.is_some()));
        if near.is_some() {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        if response.drag_started() {
            let pressed = ui
                .input(|input| input.pointer.press_origin())
                .unwrap_or(pointer);
            self.held = nearest(pressed)
                .filter(|(_, distance)| *distance <= GRIP)
                .map(|(start, _)| start);
        }
        let target = match self.held {
            Some(start) if response.dragged() => Some(start),
            None if response.clicked() => nearest(pointer).map(|(start, _)| start),
            _ => None,
        };
        if let Some(number) = target
            && let Some(start) = starts.get(number)
        {
            let mut moved = start.clone();
            for (axis, value) in axes
                .into_iter()
                .zip(shown.scene.transform.value(pointer.into()))
            {
                moved[axis.level][axis.index] = value;
            }
            commands.push(Command::MoveStart(number, moved));
        }
        if response.drag_stopped() || !response.dragged() {
            self.held = None;
        }
    }

    /// The chooser of planes, where there is more than one, and of the objective.
    fn choices(&mut self, ui: &mut Ui, metadata: &Metadata, commands: &mut Vec<Command>) {
        let is_narrow = ui.available_width() < NARROW;
        ui.horizontal(|ui| {
            view_switch(ui, ViewKind::Landscape, commands);
            let axes = [self.plane.horizontal, self.plane.vertical];
            if metadata.planes.len() > 1 || metadata.coordinates().len() > 2 {
                let coordinates = metadata.coordinates();
                for (place, name) in ["horizontal", "vertical"].into_iter().enumerate() {
                    let plain = |coordinate| {
                        bilevel_figure::RichText::parse(&format!(
                            "${}$",
                            metadata.variable(coordinate)
                        ))
                        .plain()
                    };
                    let combo = egui::ComboBox::from_id_salt(name)
                        .width(56.0)
                        .selected_text(plain(axes[place]))
                        .show_ui(ui, |ui| {
                            for &coordinate in &coordinates {
                                let is_chosen = axes[place] == coordinate;
                                if ui.selectable_label(is_chosen, plain(coordinate)).clicked() {
                                    let mut chosen = axes;
                                    chosen[place] = coordinate;
                                    if chosen[0] == chosen[1] {
                                        chosen[1 - place] = axes[place];
                                    }
                                    commands.push(Command::SetPlane(chosen));
                                }
                            }
                        });
                    combo.response.widget_info(|| {
                        egui::WidgetInfo::labeled(
                            egui::Role::ComboBox,
                            true,
                            format!("{name} coordinate"),
                        )
                    });
                }
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let levels = metadata.shape().levels();
                let names: Vec<String> = (1..=levels)
                    .map(|level| match (is_narrow, levels, level) {
                        (false, 2, 1) => "leader's $f$".to_owned(),
                        (false, 2, _) => "follower's $g$".to_owned(),
                        _ => format!("${}$", metadata.objective(level)),
                    })
                    .collect();
                let mut options: Vec<_> = names
                    .iter()
                    .enumerate()
                    .map(|(place, name)| (place + 1, name.as_str()))
                    .collect();
                if is_leaders(metadata, &self.plane) {
                    options.push((REDUCED, "$φ$"));
                }
                match segmented(ui, &options, self.drawn_level(metadata)) {
                    Some(REDUCED) => self.is_reduced = true,
                    Some(level) => {
                        self.is_reduced = false;
                        commands.push(Command::SetLandscapeLevel(level));
                    }
                    None => {}
                }
            });
        });
    }
}

/// Whether a plane shows both variables of a leader of two, so that the reduced objective has contours in it.
fn is_leaders(metadata: &Metadata, plane: &Plane) -> bool {
    metadata.shape().size(1) == 2 && plane.horizontal.level == 1 && plane.vertical.level == 1
}

/// Where the view tells itself, a frame later, that the pointer is on a start.
fn grip_id() -> egui::Id {
    egui::Id::unique("pointer is on a start")
}

fn grips(ui: &Ui) -> bool {
    ui.data(|data| data.get_temp(grip_id())).unwrap_or(false)
}
