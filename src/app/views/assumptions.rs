//! The assumption map in the window: where the follower is convex, and a sentence on the methods that need it to be.

use std::sync::Arc;

use bilevel::numerics::{Point, WorkToken};
use bilevel::problem::{Coordinate, Problem};
use bilevel::run::Status;
use bilevel::study::{self, Visit};
use bilevel_figure::assumptions::{
    CurvatureMap, MethodIterates, assumptions, needs_definite, verdict,
};
use bilevel_figure::landscape::LandscapeData;
use bilevel_figure::{Figure, LineCache, RunTag, Theme};
use bilevel_files::ViewKind;
use egui::{Ui, vec2};

use super::context::{ViewContext, recorded_runs};
use super::drag_start::Grip;
use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::background::latest_wins::LatestWins;
use crate::app::command::Command;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{rich_label, rich_paragraph};
use crate::app::session::Session;
use crate::app::session::visible_runs::visible_runs;

/// Samples along each axis, coarse first.
static RESOLUTIONS: [usize; 2] = [32, 128];
/// What is made in one go.
static ONCE: [usize; 1] = [1];
/// Samples of the reaction curve for each one along an axis.
const CURVE: usize = 3;
/// The map is made larger than what is shown, so that panning does not reach its edge at once.
const MARGIN: f64 = 0.3;

/// Over what the curvature is sampled.
#[derive(Clone)]
struct Sampling {
    problem: Arc<dyn Problem>,
    axes: [Coordinate; 2],
    base: Point,
    range: [[f64; 2]; 2],
}

/// Iterates up to the playhead of the runs whose methods need a definite Hessian.
#[derive(Clone)]
struct Visiting {
    problem: Arc<dyn Problem>,
    runs: Vec<(RunTag, Vec<Point>)>,
}

/// What part of the picture is shown, and what was made for it.
pub(crate) struct AssumptionsView {
    viewport: Viewport,
    /// The axes that the viewport is for.
    axes: Option<[Coordinate; 2]>,
    sampling: LatestWins<Sampling, CurvatureMap>,
    visiting: LatestWins<Visiting, Vec<(RunTag, Visit)>>,
    map: CurvatureMap,
    visits: Vec<(RunTag, Visit)>,
    /// Whether what was asked for last is still to be handed in.
    is_behind: bool,
    grip: Grip,
}

impl AssumptionsView {
    pub(crate) fn new(wake: impl Fn() + Clone + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            viewport: Viewport::default(),
            axes: None,
            sampling: LatestWins::new("curvature desk", &RESOLUTIONS, sample, wake.clone())?,
            visiting: LatestWins::new("visit desk", &ONCE, visit, wake)?,
            map: CurvatureMap::default(),
            visits: Vec::new(),
            is_behind: false,
            grip: Grip::default(),
        })
    }

    /// Forgets what was looked at: another problem has come.
    pub(crate) fn reset(&mut self) {
        self.viewport = Viewport::default();
        self.axes = None;
        self.map = CurvatureMap::default();
        self.visits.clear();
    }

    /// Whether the map is as fine as it gets.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_behind && self.sampling.is_settled() && self.visiting.is_settled()
    }

    fn receive(&mut self) {
        if let Some(map) = self.sampling.take() {
            self.map = map;
        }
        if let Some(visits) = self.visiting.take() {
            self.visits = visits;
        }
    }

    /// What the map means for the methods that are shown.
    fn verdict(&self, session: &Session) -> (String, bool) {
        let slots = session.slots().iter().enumerate();
        let until = session.playhead.iteration();
        let places: Vec<MethodIterates<'_>> = slots
            .filter(|(_, slot)| slot.is_visible)
            .filter_map(|(number, slot)| {
                let method = session.experiment().methods.get(number)?;
                let mut all = Visit::default();
                for (_, visit) in self.visits.iter().filter(|(tag, _)| tag.slot == number) {
                    all.of += visit.of;
                    all.inside += visit.inside;
                    all.is_inside |= visit.is_inside;
                }
                Some(MethodIterates {
                    entry: method.entry,
                    label: &method.label,
                    visit: all,
                    has_failed: slot.runs.iter().any(|run| {
                        let is_over = run.trace.last_iteration() <= Some(until);
                        is_over && matches!(run.status, Status::Failed(_))
                    }),
                })
            })
            .collect();
        verdict(&places)
    }

    /// The figure for paper, with the sentence in it.
    pub(crate) fn figure<'a>(&mut self, context: ViewContext<'a, '_>, theme: Theme) -> Figure<'a> {
        self.receive();
        let (words, _) = self.verdict(context.session);
        self.figure_with(context, Some(words), theme)
    }

    fn figure_with<'a>(
        &self,
        context: ViewContext<'a, '_>,
        sentence: Option<String>,
        theme: Theme,
    ) -> Figure<'a> {
        let metadata = context.session.problem().metadata();
        let starts = context.starts();
        let subject = LandscapeData {
            metadata,
            plane: context.plane,
            level: metadata.shape().levels(),
            base: &metadata.base_point(&starts[0]),
            starts,
        };
        let range = self.viewport.range.unwrap_or(context.plane.range);
        let paths = recorded_runs(context.session);
        assumptions(subject, &self.map, sentence, range, (&paths, theme))
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate that is looked at in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        context: ViewContext<'_, '_>,
        pointed: &mut Pointed,
        commands: &mut Vec<Command>,
    ) {
        let axes = [context.plane.horizontal, context.plane.vertical];
        if self.axes.replace(axes) != Some(axes) {
            self.viewport = Viewport::default();
        }
        self.receive();
        let roles = roles_of(ui);
        ui.horizontal(|ui| {
            view_switch(ui, ViewKind::Assumptions, commands);
            let words = "the smallest eigenvalue of the last level's Hessian";
            rich_label(ui, words, SMALL, roles.text_weak);
        });
        let (words, is_warning) = self.verdict(context.session);
        let (mark, ink) = if is_warning {
            ("⚠ ", roles.warning)
        } else {
            ("", roles.text_weak)
        };
        rich_paragraph(ui, &format!("{mark}{words}"), TEXT, ink);
        let mut figure = self.figure_with(context, None, theme_of(ui));
        pointed.ring(&mut figure);
        let size = vec2(ui.available_width(), ui.available_height());
        let shown = ui
            .allocate_ui(size, |ui| {
                let drags = self.grip.is_free();
                let viewport = &mut self.viewport;
                let memory = &mut LineCache::default();
                figure_ui(
                    ui,
                    "Assumptions",
                    &figure,
                    viewport,
                    drags,
                    [0.0; 2],
                    memory,
                )
            })
            .inner;
        pointed.look(ui, &figure, &shown, context.session);
        let starts = context.starts();
        if context.session.has_begun() {
            let metadata = context.session.problem().metadata();
            self.ask_map(Sampling {
                problem: Arc::clone(context.session.problem()),
                axes,
                base: metadata.base_point(&starts[0]),
                range: shown.scene.transform.ranges.map(|[low, high]| {
                    let margin = MARGIN * (high - low);
                    [low - margin, high + margin]
                }),
            });
            self.ask_visits(context.session);
        }
        self.grip.move_starts(ui, &shown, (starts, axes), commands);
    }

    fn ask_map(&mut self, request: Sampling) {
        let held = |request: &Sampling| {
            let mut base = request.base.clone();
            for axis in request.axes {
                base[axis.level][axis.index] = 0.0;
            }
            base
        };
        let is_same = self.sampling.request().is_some_and(|wanted| {
            Arc::ptr_eq(&wanted.problem, &request.problem)
                && (wanted.axes, wanted.range) == (request.axes, request.range)
                && held(wanted) == held(&request)
        });
        self.is_behind = !is_same && !self.sampling.hand_in(request);
    }

    fn ask_visits(&mut self, session: &Session) {
        let methods = &session.experiment().methods;
        let needy = |slot: usize| {
            let method = methods.get(slot);
            method.is_some_and(|method| needs_definite(method.entry))
        };
        let paths = visible_runs(session).into_iter();
        let fresh = paths.filter(|path| !path.is_stale && needy(path.tag.slot));
        let runs = fresh.map(|path| {
            let until = path.trace.row_at(path.until);
            let rows = until.map(study::looked_at).unwrap_or_default();
            let points = rows.into_iter().filter_map(|row| path.trace.point(row));
            (path.tag, points.collect())
        });
        let request = Visiting {
            problem: Arc::clone(session.problem()),
            runs: runs.collect(),
        };
        let is_same = self.visiting.request().is_some_and(|wanted| {
            Arc::ptr_eq(&wanted.problem, &request.problem) && wanted.runs == request.runs
        });
        if !is_same {
            // while the playhead moves, there is always an answer to where it was a moment ago
            self.is_behind |= self.visiting.is_begun() || !self.visiting.hand_in(request);
        }
    }
}

fn sample(request: &Sampling, resolution: usize, token: &WorkToken) -> CurvatureMap {
    let Sampling {
        problem,
        axes,
        base,
        range,
    } = request;
    let grid = study::curvature_map(&**problem, *axes, base, *range, resolution, token);
    let curve = CURVE * resolution;
    let track = study::reaction_curve(&**problem, *axes, *range, curve, token);
    CurvatureMap::new(grid, track)
}

fn visit(request: &Visiting, _: usize, token: &WorkToken) -> Vec<(RunTag, Visit)> {
    let runs = request.runs.iter();
    runs.map(|(tag, points)| (*tag, study::visit(&*request.problem, points, token)))
        .collect()
}
