//! The honest slice in the window: a plane through all variables, which says how much of the trails it misses.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{Facts, Problem};
use bilevel::study::PlaneOf;
use bilevel_figure::landscape::Walk;
use bilevel_figure::slice::{Choice, Plate, Subject, iterates, slice};
use bilevel_figure::{Figure, Memory, Theme};
use bilevel_files::Ground;
use egui::{Ui, vec2};

use super::hover::Pointed;
use super::seat::{Seat, walked};
use super::switch::ground_switch;
use crate::app::background::refining::Refining;
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
struct Request {
    problem: Arc<dyn Problem>,
    choice: Choice,
    range: Option<[[f64; 2]; 2]>,
    /// The records whose iterates are taken, and how far they went.
    records: Vec<(u64, usize)>,
    trail: Arc<Vec<f64>>,
}

/// What is shown and what was made for it.
pub(crate) struct SliceView {
    pub(crate) of: PlaneOf,
    viewport: Viewport,
    refining: Refining<Request, Option<Plate>>,
    plate: Option<Plate>,
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
            refining: Refining::new("slice desk", &RESOLUTIONS, make, wake)?,
            plate: None,
            is_behind: false,
            is_there: true,
        })
    }

    /// Forgets what was looked at: another problem has come.
    pub(crate) fn reset(&mut self) {
        self.viewport = Viewport::default();
        self.plate = None;
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
    pub(crate) fn figure<'a>(&mut self, seat: Seat<'a, '_>, theme: Theme) -> Figure<'a> {
        self.receive();
        let walks = walked(seat.session);
        let badge = self.plate.as_ref().map(|plate| plate.badge(&walks));
        self.drawn(seat, &walks, badge, theme)
    }

    fn receive(&mut self) {
        if let Some(plate) = self.refining.take() {
            self.plate = plate;
        }
    }

    fn drawn<'a>(
        &self,
        seat: Seat<'a, '_>,
        walks: &[Walk<'a>],
        badge: Option<String>,
        theme: Theme,
    ) -> Figure<'a> {
        let facts = seat.session.problem().facts();
        let (choice, tag) = Choice::of(facts, walks, self.of, seat.level).unzip();
        let methods = &seat.session.experiment().methods;
        let method = tag.and_then(|tag| methods.get(tag.slot));
        let subject = Subject {
            facts,
            choice: choice.as_ref(),
            plate: self.plate.as_ref(),
            run: method.map_or("", |method| &method.label),
            starts: seat.starts(),
        };
        slice(subject, self.viewport.range, badge, (walks, theme))
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate that is looked at in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        seat: Seat<'_, '_>,
        pointed: &mut Pointed,
        commands: &mut Vec<Command>,
    ) {
        self.receive();
        let facts = seat.session.problem().facts();
        self.choices(ui, facts, seat.level, commands);
        self.is_there = facts.shape().total() > 2;
        let walks = walked(seat.session);
        if let Some(plate) = self.plate.as_ref().filter(|_| self.is_there) {
            rich_paragraph(ui, &plate.badge(&walks), SMALL, roles_of(ui).text_weak);
        }
        let mut figure = self.drawn(seat, &walks, None, theme_of(ui));
        pointed.ring(&mut figure);
        let size = vec2(ui.available_width(), ui.available_height());
        let shown = ui
            .allocate_ui(size, |ui| {
                let viewport = &mut self.viewport;
                let memory = &mut Memory::default();
                figure_ui(ui, "Slice", &figure, viewport, true, [0.0; 2], memory)
            })
            .inner;
        pointed.look(ui, &figure, &shown, seat.session);
        let choice = Choice::of(facts, &walks, self.of, seat.level);
        let Some((choice, _)) = choice.filter(|_| self.is_there) else {
            self.is_there = false;
            return;
        };
        let is_placed = self.plate.is_some();
        let range = is_placed.then(|| {
            shown.scene.transform.ranges.map(|[low, high]| {
                let margin = MARGIN * (high - low);
                [low - margin, high + margin]
            })
        });
        if seat.session.has_begun() {
            self.ask(seat, (choice, range), &walks);
        }
    }

    fn ask(
        &mut self,
        seat: Seat<'_, '_>,
        (choice, range): (Choice, Option<[[f64; 2]; 2]>),
        walks: &[Walk<'_>],
    ) {
        let fresh = walks.iter().filter(|walk| !walk.is_stale);
        let records: Vec<_> = fresh
            .map(|walk| (walk.trace.edition(), walk.trace.len()))
            .collect();
        let problem = seat.session.problem();
        let is_same = self.refining.wanted().is_some_and(|wanted| {
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
        let request = Request {
            problem: Arc::clone(problem),
            choice,
            range,
            records,
            trail: Arc::new(iterates(walks)),
        };
        self.is_behind = !self.refining.hand_in(request);
    }

    /// What the plane is laid through, and whose objective is drawn.
    fn choices(&self, ui: &mut Ui, facts: &Facts, level: usize, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            ground_switch(ui, Ground::Slice, commands);
            let planes = PlaneOf::ALL.map(|of| (of, of.word(), of.meaning()));
            if let Some(of) = chooser(ui, "Plane of the slice", &planes, self.of) {
                commands.push(Command::SetSlice(of));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let levels = 1..=facts.shape().levels();
                let names: Vec<String> = levels
                    .map(|level| format!("${}$", facts.objective(level)))
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

fn make(request: &Request, resolution: usize, token: &WorkToken) -> Option<Plate> {
    let around = (request.trail.as_slice(), request.range);
    Plate::new(
        &*request.problem,
        &request.choice,
        around,
        resolution,
        token,
    )
}
