//! The honest slice in the window: a plane through all variables, which says how much of the trails it misses.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{Metadata, Problem};
use bilevel::study::PlaneOf;
use bilevel_figure::landscape::RunPath;
use bilevel_figure::slice::{PlaneChoice, PlaneSample, SliceData, iterates, slice};
use bilevel_figure::{Figure, LineCache, Theme};
use bilevel_files::ViewKind;
use egui::{Ui, vec2};

use super::context::{ViewContext, recorded_runs};
use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::background::latest_wins::LatestWins;
use crate::app::command::Command;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, roles_of, theme_of};
use crate::app::paint::widgets::{chooser, rich_paragraph, segmented};

/// Samples along each axis, coarse first.
static RESOLUTIONS: [usize; 2] = [40, 140];
/// The contours reach farther than what is shown, so that panning does not reach their edge at once.
const MARGIN: f64 = 0.3;

/// What a plane is chosen from, and where it is looked at.
#[derive(Clone)]
struct SliceRequest {
    problem: Arc<dyn Problem>,
    choice: PlaneChoice,
    range: Option<[[f64; 2]; 2]>,
    /// The records whose iterates are taken, and how far they went.
    records: Vec<(u64, usize)>,
    trail: Arc<Vec<f64>>,
}

/// What is shown and what was made for it.
pub(crate) struct SliceView {
    pub(crate) of: PlaneOf,
    viewport: Viewport,
    refining: LatestWins<SliceRequest, Option<PlaneSample>>,
    plane_sample: Option<PlaneSample>,
    /// Whether what was asked for last is still to be handed in.
    is_behind: bool,
    /// Whether there is anything to ask for.
    is_there: bool,
}

impl SliceView {
    pub(crate) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            of: PlaneOf::default(),
            viewport: Viewport::default(),
            refining: LatestWins::new("slice desk", &RESOLUTIONS, make, wake)?,
            plane_sample: None,
            is_behind: false,
            is_there: true,
        })
    }

    /// Forgets what was looked at: another problem has come.
    pub(crate) fn reset(&mut self) {
        self.viewport = Viewport::default();
        self.plane_sample = None;
    }

    /// Lays the plane through something else.
    pub(crate) fn set_plane(&mut self, of: PlaneOf) {
        self.of = of;
        self.viewport = Viewport::default();
    }

    /// Whether the picture is as fine as it gets.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || !self.is_behind && self.refining.is_settled()
    }

    /// The figure for paper, with its badge in it.
    pub(crate) fn figure<'a>(&mut self, context: ViewContext<'a, '_>, theme: Theme) -> Figure<'a> {
        self.receive();
        let paths = recorded_runs(context.session);
        let badge = self
            .plane_sample
            .as_ref()
            .map(|plane_sample| plane_sample.badge(&paths));
        self.figure_with(context, &paths, badge, theme)
    }

    fn receive(&mut self) {
        if let Some(plane_sample) = self.refining.take() {
            self.plane_sample = plane_sample;
        }
    }

    fn figure_with<'a>(
        &self,
        context: ViewContext<'a, '_>,
        paths: &[RunPath<'a>],
        badge: Option<String>,
        theme: Theme,
    ) -> Figure<'a> {
        let metadata = context.session.problem().metadata();
        let (choice, tag) = PlaneChoice::of(metadata, paths, self.of, context.level).unzip();
        let methods = &context.session.experiment().methods;
        let method = tag.and_then(|tag| methods.get(tag.slot));
        let subject = SliceData {
            metadata,
            choice: choice.as_ref(),
            plane_sample: self.plane_sample.as_ref(),
            run: method.map_or("", |method| &method.label),
            starts: context.starts(),
        };
        slice(subject, self.viewport.range, badge, (paths, theme))
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate that is looked at in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        context: ViewContext<'_, '_>,
        pointed: &mut Pointed,
        commands: &mut Vec<Command>,
    ) {
        self.receive();
        let metadata = context.session.problem().metadata();
        self.choices(ui, metadata, context.level, commands);
        self.is_there = metadata.shape().total() > 2;
        let paths = recorded_runs(context.session);
        if let Some(plane_sample) = self.plane_sample.as_ref().filter(|_| self.is_there) {
            rich_paragraph(
                ui,
                &plane_sample.badge(&paths),
                SMALL,
                roles_of(ui).text_weak,
            );
        }
        let mut figure = self.figure_with(context, &paths, None, theme_of(ui));
        pointed.ring(&mut figure);
        let size = vec2(ui.available_width(), ui.available_height());
        let shown = ui
            .allocate_ui(size, |ui| {
                let viewport = &mut self.viewport;
                let memory = &mut LineCache::default();
                figure_ui(ui, "Slice", &figure, viewport, true, [0.0; 2], memory)
            })
            .inner;
        pointed.look(ui, &figure, &shown, context.session);
        let choice = PlaneChoice::of(metadata, &paths, self.of, context.level);
        let Some((choice, _)) = choice.filter(|_| self.is_there) else {
            self.is_there = false;
            return;
        };
        let is_placed = self.plane_sample.is_some();
        let range = is_placed.then(|| {
            shown.scene.transform.ranges.map(|[low, high]| {
                let margin = MARGIN * (high - low);
                [low - margin, high + margin]
            })
        });
        if context.session.has_begun() {
            self.ask(context, (choice, range), &paths);
        }
    }

    fn ask(
        &mut self,
        context: ViewContext<'_, '_>,
        (choice, range): (PlaneChoice, Option<[[f64; 2]; 2]>),
        paths: &[RunPath<'_>],
    ) {
        let fresh = paths.iter().filter(|path| !path.is_stale);
        let records: Vec<_> = fresh
            .map(|path| (path.trace.edition(), path.trace.len()))
            .collect();
        let problem = context.session.problem();
        let is_same = self.refining.request().is_some_and(|wanted| {
            Arc::ptr_eq(&wanted.problem, problem)
                && wanted.choice == choice
                && wanted.range == range
                && wanted.records == records
        });
        self.is_behind = !is_same;
        // while runs go on, a coarse picture is finished before the next is begun
        if is_same || self.refining.is_begun() {
            return;
        }
        let request = SliceRequest {
            problem: Arc::clone(problem),
            choice,
            range,
            records,
            trail: Arc::new(iterates(paths)),
        };
        self.is_behind = !self.refining.hand_in(request);
    }

    /// What the plane is laid through, and whose objective is drawn.
    fn choices(&self, ui: &mut Ui, metadata: &Metadata, level: usize, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            view_switch(ui, ViewKind::Slice, commands);
            let planes = PlaneOf::ALL.map(|of| (of, of.word(), of.meaning()));
            if let Some(of) = chooser(ui, "Plane of the slice", &planes, self.of) {
                commands.push(Command::SetSlice(of));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let levels = 1..=metadata.shape().levels();
                let names: Vec<String> = levels
                    .map(|level| format!("${}$", metadata.objective(level)))
                    .collect();
                let named = names.iter().enumerate();
                let options: Vec<_> = named
                    .map(|(place, name)| (place + 1, name.as_str()))
                    .collect();
                if let Some(level) = segmented(ui, &options, level) {
                    commands.push(Command::SetLandscapeLevel(level));
                }
            });
        });
    }
}

fn make(request: &SliceRequest, resolution: usize, token: &WorkToken) -> Option<PlaneSample> {
    let around = (request.trail.as_slice(), request.range);
    PlaneSample::new(
        &*request.problem,
        &request.choice,
        around,
        resolution,
        token,
    )
}
