//! The landscape in the window, with starts that can be dragged.

use bilevel::problem::{Coordinate, Metadata, Plane};
use bilevel_figure::landscape::REDUCED;
use bilevel_figure::{Figure, LandscapePicture, LineCache, View as _, ViewContext, figures, sides};
use egui::Ui;

use super::context::ask_for;
use super::drag_start::Grip;
use super::guesses::draw_guesses;
use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::view_worker::ViewWorker;
use crate::app::command::prediction::PredictionChange;
use crate::app::command::{CommandQueue, ViewChange};
use crate::app::paint::plot_view::{ShownFigure, Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, theme_of};
use crate::app::paint::widgets::{controls_are_shown, segmented};
use crate::app::session::Session;
use crate::app::session::prediction::Prediction;

/// Below this width objectives are named by their letters only.
const NARROW: f32 = 560.0;
/// Below this height the reduced objective is left out.
const LOW: f32 = 220.0;

/// The plane, objective and visible range of the landscape.
pub(crate) struct LandscapeView {
    pub(crate) plane: Plane,
    pub(crate) level: usize,
    /// True if the reduced objective is drawn in place of the level's, provided the plane is the leader's.
    is_reduced: bool,
    pub(crate) viewport: Viewport,
    /// The viewport of the reduced objective beneath; its horizontal range is the landscape's.
    strip: Viewport,
    worker: ViewWorker<LandscapePicture>,
    grip: Grip,
}

impl LandscapeView {
    pub(crate) fn new(metadata: &Metadata, background: &Background) -> Self {
        Self {
            plane: metadata.plane(None),
            level: 1,
            is_reduced: false,
            viewport: Viewport::default(),
            strip: Viewport::default(),
            worker: ViewWorker::new(background),
            grip: Grip::default(),
        }
    }

    /// Resets the plane and the range for another problem.
    pub(crate) fn reset(&mut self, metadata: &Metadata) {
        self.plane = metadata.plane(None);
        self.level = 1;
        self.is_reduced = false;
        self.viewport = Viewport::default();
        self.strip = Viewport::default();
        self.worker.forget();
    }

    /// Shows another pair of coordinates.
    pub(crate) fn set_axes(&mut self, metadata: &Metadata, axes: [Coordinate; 2]) {
        self.plane = metadata.plane(Some(axes));
        self.viewport = Viewport::default();
        self.worker.forget();
    }

    /// Shows the objective of a level, or φ for [`REDUCED`].
    pub(crate) fn show_level(&mut self, level: usize) {
        self.is_reduced = level == REDUCED;
        if !self.is_reduced {
            self.level = level;
        }
    }

    /// The level whose objective is drawn, or [`REDUCED`].
    pub(crate) fn drawn_level(&self, metadata: &Metadata) -> usize {
        if self.is_reduced && is_leaders(metadata, &self.plane) {
            REDUCED
        } else {
            self.level
        }
    }

    /// True if the backdrop is computed at the full fineness.
    pub(crate) fn is_settled(&self) -> bool {
        self.worker.is_settled()
    }

    /// Sets the ranges of the figures.
    pub(crate) fn set_ranges(&mut self, ranges: &[Option<[[f64; 2]; 2]>]) {
        self.strip.range = ranges.get(1).copied().flatten();
    }

    /// The ranges of the figures that were panned or zoomed, but for the plane's own.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        let x = self.viewport.range.unwrap_or(self.plane.range)[0];
        vec![None, self.strip.range.map(|[_, y]| [x, y])]
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate under the pointer in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        (session, prediction): (&Session, Option<&Prediction>),
        mut context: ViewContext<'_>,
        pointed: &mut Pointed,
        commands: &mut CommandQueue,
    ) {
        let metadata = session.problem().metadata();
        if controls_are_shown(ui) {
            self.choices(ui, session, commands);
        }
        context.screen.is_there = true;
        context.screen.ranges = self.ranges();
        self.worker.receive();
        let mut figures =
            figures::<LandscapePicture>(&context, self.worker.data(), theme_of(ui)).into_iter();
        let Some(mut figure) = figures.next() else {
            return;
        };
        let has_room = ui.available_height() >= LOW;
        let shows_reduced = !hides_reduced(session);
        let strip = figures.next().filter(|_| has_room && shows_reduced);
        let axes = [self.plane.horizontal, self.plane.vertical];
        if let Some(prediction) = prediction {
            draw_guesses(&mut figure, (prediction, session), axes);
        }
        pointed.ring(&mut figure);
        let drags = self.grip.is_free();
        let margins = strip.as_ref().map_or([0.0; 2], |strip| {
            let ([a, b], [c, d]) = (sides(&figure, SMALL), sides(strip, SMALL));
            [a.max(c), b.max(d)]
        });
        if strip.is_some() {
            // the axis is labelled once, beneath both
            figure.x.label.clear();
        }
        let below = if has_room && shows_reduced && metadata.has_reduced_over(&self.plane) {
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
        ask_for(&mut self.worker, context, Some(&shown), session);
        if prediction.is_some_and(Prediction::takes_places) {
            place_guess(&shown, axes, commands);
        } else if session.letters().is_none() {
            self.grip.move_starts(ui, &shown, (session, axes), commands);
        }
    }

    /// Draws the reduced objective; panning or zooming it moves the landscape along.
    fn strip_ui(
        &mut self,
        ui: &mut Ui,
        strip: &Figure<'_>,
        landscape: &ShownFigure,
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

    /// Draws the choosers of the plane, where there is more than one, and of the objective.
    fn choices(&self, ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
        let metadata = session.problem().metadata();
        let is_narrow = ui.available_width() < NARROW;
        ui.horizontal(|ui| {
            view_switch(ui, LandscapePicture::REF, &**session.problem(), commands);
            let axes = [self.plane.horizontal, self.plane.vertical];
            if metadata.planes.len() > 1 || metadata.shape().total() > 2 {
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
                            for coordinate in metadata.each_coordinate() {
                                let is_chosen = axes[place] == coordinate;
                                if ui.selectable_label(is_chosen, plain(coordinate)).clicked() {
                                    let mut chosen = axes;
                                    chosen[place] = coordinate;
                                    if chosen[0] == chosen[1] {
                                        chosen[1 - place] = axes[place];
                                    }
                                    commands.push(ViewChange::SetPlane { axes: chosen });
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
                if is_leaders(metadata, &self.plane) && !hides_reduced(session) {
                    options.push((REDUCED, "$φ$"));
                }
                if let Some(level) = segmented(ui, &options, self.drawn_level(metadata)) {
                    commands.push(ViewChange::SetLandscapeLevel { level });
                }
            });
        });
    }
}

/// True while a prediction hides the reduced objective.
fn hides_reduced(session: &Session) -> bool {
    session.horizon().is_some_and(|it| it.hides_optimum)
}

/// Places a mark where the picture is clicked.
fn place_guess(shown: &ShownFigure, axes: [Coordinate; 2], commands: &mut CommandQueue) {
    let response = &shown.response;
    if let Some(pointer) = response
        .interact_pointer_pos()
        .filter(|_| response.clicked())
    {
        let at = shown.scene.transform.value(pointer.into());
        let change = PredictionChange::Place { axes, at };
        commands.push(ViewChange::Predict { change });
    }
}

/// True if a plane shows both variables of a leader of two, so that the reduced objective has contours in it.
fn is_leaders(metadata: &Metadata, plane: &Plane) -> bool {
    metadata.shape().size(1) == 2 && plane.horizontal.level == 1 && plane.vertical.level == 1
}
