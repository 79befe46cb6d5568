//! What a run has learnt, in the window: the problem's own pictures of the iterate at the playhead.

use std::sync::Arc;

use bilevel::numerics::WorkToken;
use bilevel::problem::{ObservedPoint, Problem, Visual};
use bilevel_figure::visuals::visual_figure;
use bilevel_figure::{
    Figure, LegendEntry, LineCache, RichText, Swatch, Theme, beside, fixed, slot_style,
};
use bilevel_files::ViewKind;
use egui::{Ui, UiBuilder, vec2};

use super::switch::view_switch;
use crate::app::background::latest_wins::LatestWins;
use crate::app::command::Command;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::screen_pen::{egui_rect, figure_rect};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{chooser, rich_label, rich_paragraph};
use crate::app::session::Session;

/// What is made in one go.
static ONCE: [usize; 1] = [1];
/// The least height of a picture; where there is less room, they are scrolled.
const LEAST: f32 = 130.0;

/// The point that pictures are of.
#[derive(Clone, Copy, Debug, PartialEq)]
struct LearnedPoint {
    slot: usize,
    /// The edition of the run's record, and its row; `None` for the start, before any row has come.
    row: Option<(u64, usize)>,
    iteration: u64,
}

#[derive(Clone)]
struct LearnedRequest {
    problem: Arc<dyn Problem>,
    place: LearnedPoint,
    seen: ObservedPoint,
}

/// What is shown, and what was made for it.
pub(crate) struct LearnedView {
    worker: LatestWins<LearnedRequest, (LearnedPoint, Vec<Visual>)>,
    /// The method that was chosen, if any was.
    chosen: Option<usize>,
    shown: Option<(LearnedPoint, Vec<Visual>)>,
    /// The pictures for the screen, in a theme.
    drawn: Option<(Theme, Vec<Figure<'static>>)>,
    viewports: Vec<Viewport>,
    /// Whether what is wanted is still to be handed in.
    is_behind: bool,
}

impl LearnedView {
    /// `wake` is called whenever pictures are there.
    pub(crate) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            worker: LatestWins::new("visual desk", &ONCE, make, wake)?,
            chosen: None,
            shown: None,
            drawn: None,
            viewports: Vec::new(),
            is_behind: false,
        })
    }

    /// Forgets what was looked at: another problem has come.
    pub(crate) fn reset(&mut self) {
        self.chosen = None;
        self.shown = None;
        self.drawn = None;
        self.viewports.clear();
    }

    /// Whether the pictures are those of the playhead.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_behind && (self.worker.request().is_none() || self.worker.is_settled())
    }

    /// The method whose run is shown: the chosen one, or the first that can be seen.
    fn slot(&self, session: &Session) -> Option<usize> {
        let slots = session.slots();
        let is_shown = |slot: &usize| slots.get(*slot).is_some_and(|slot| slot.is_visible);
        let first = || (0..slots.len()).find(is_shown);
        self.chosen.filter(is_shown).or_else(first)
    }

    /// Asks for what is not there or on its way.
    fn ask(&mut self, session: &Session) {
        self.is_behind = false;
        if !session.has_begun() || !session.problem().offers_visuals() {
            return;
        }
        let Some(place) = self.place(session) else {
            return;
        };
        let problem = session.problem();
        let is_same = self
            .worker
            .request()
            .is_some_and(|wanted| Arc::ptr_eq(&wanted.problem, problem) && wanted.place == place);
        if is_same {
            return;
        }
        // while the playhead moves, there is always a picture of where it was a moment ago
        self.is_behind = self.worker.is_begun();
        if !self.is_behind
            && let Some(seen) = seen_at(session, place)
        {
            self.is_behind = !self.worker.hand_in(LearnedRequest {
                problem: Arc::clone(problem),
                place,
                seen,
            });
        }
    }

    /// Where the playhead stands, or the last row before it whose point is kept.
    fn place(&self, session: &Session) -> Option<LearnedPoint> {
        let slot = self.slot(session)?;
        let run = session.slots()[slot].runs.first();
        let found = run.and_then(|run| {
            let row = run.trace.row_at(session.playhead.iteration())?;
            Some((&run.trace, run.trace.kept_row(row)?))
        });
        Some(LearnedPoint {
            slot,
            row: found.map(|(trace, row)| (trace.edition(), row)),
            iteration: found.map_or(0, |(trace, row)| trace.iterations[row] as u64),
        })
    }

    fn receive(&mut self) {
        if let Some(made) = self.worker.take() {
            self.shown = Some(made);
            self.drawn = None;
        }
    }

    fn pictures(&self, theme: Theme) -> Vec<Figure<'static>> {
        let visuals = self.shown.iter().flat_map(|(_, visuals)| visuals);
        visuals.map(|it| visual_figure(it, theme)).collect()
    }

    /// The figures for paper.
    pub(crate) fn figures(&mut self, theme: Theme) -> Vec<Figure<'static>> {
        self.receive();
        self.pictures(theme)
    }

    /// Whose pictures they are, for paper.
    pub(crate) fn legend(&self, session: &Session, theme: Theme) -> Vec<LegendEntry> {
        let place = self.shown.iter().map(|(place, _)| place);
        let entry = |place: &LearnedPoint| {
            let method = session.experiment().methods.get(place.slot)?;
            Some(LegendEntry {
                looks: Swatch::Method(slot_style(place.slot, theme)),
                label: format!("{} at iteration {}", method.label, place.iteration),
            })
        };
        place.filter_map(entry).collect()
    }

    /// Draws the view and queues what the user asks for.
    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
        self.receive();
        self.ask(session);
        self.choices(ui, session, commands);
        let roles = roles_of(ui);
        if !session.problem().offers_visuals() {
            let words = "This problem learns from no data, so there is nothing to show here. Problems of the class \
                         “Learning from data” have pictures of their own.";
            rich_paragraph(ui, words, TEXT, roles.text_weak);
            return;
        }
        let theme = theme_of(ui);
        if self.drawn.as_ref().is_none_or(|(drawn, _)| *drawn != theme) {
            self.drawn = Some((theme, self.pictures(theme)));
        }
        let Some((_, figures)) = &self.drawn else {
            return;
        };
        if figures.is_empty() {
            let words = if session.awaits_start() {
                "the start is being trained"
            } else {
                "the first pictures are on their way"
            };
            rich_label(ui, words, SMALL, roles.text_faint);
            return;
        }
        self.viewports.resize(figures.len(), Viewport::default());
        let size = vec2(ui.available_width(), ui.available_height());
        let height = size.y.max(LEAST * figures.len().div_ceil(2) as f32);
        egui::ScrollArea::vertical()
            .id_salt("learned")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let (whole, _) = ui.allocate_exact_size(vec2(size.x, height), egui::Sense::hover());
                let areas = beside(figures, figure_rect(whole), SMALL);
                for (place, (figure, area)) in figures.iter().zip(areas).enumerate() {
                    let area = egui_rect(area);
                    let mut inner = ui.new_child(UiBuilder::new().max_rect(area).id_salt(place));
                    let viewport = &mut self.viewports[place];
                    let mut zoomed = figure.clone();
                    if let Some([x, y]) = viewport.range {
                        (zoomed.x.range, zoomed.y.range) = (x, y);
                    }
                    let name = RichText::parse(&figure.title).plain();
                    let memory = &mut LineCache::default();
                    figure_ui(&mut inner, &name, &zoomed, viewport, true, [0.0; 2], memory);
                }
            });
    }

    /// The menu of views, the method, and the iterate that is shown.
    fn choices(&mut self, ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
        let roles = roles_of(ui);
        ui.horizontal_wrapped(|ui| {
            view_switch(ui, ViewKind::Learned, commands);
            let methods = &session.experiment().methods;
            let slots = session.slots().iter().zip(methods).enumerate();
            let visible = slots.filter(|(_, (slot, _))| slot.is_visible);
            let options: Vec<(usize, &str, &str)> = visible
                .map(|(place, (_, method))| (place, method.label.as_str(), method.entry.name))
                .collect();
            if let Some(slot) = self.slot(session)
                && options.len() > 1
            {
                rich_label(ui, "by", SMALL, roles.text_weak);
                if let Some(slot) = chooser(ui, "Whose pictures", &options, slot) {
                    self.chosen = Some(slot);
                }
            }
            if let Some((place, _)) = &self.shown {
                let words = format!("at iteration {}", fixed(place.iteration as f64, 0));
                rich_label(ui, &words, SMALL, roles.text_weak);
            }
        });
    }
}

/// The point of a place: a copy, so only what is handed in asks for it.
fn seen_at(session: &Session, place: LearnedPoint) -> Option<ObservedPoint> {
    match place.row {
        Some((_, row)) => {
            let milestones = session.problem().milestones();
            let run = session.slots()[place.slot].runs.first()?;
            run.trace.observed(row, &milestones)
        }
        None => session.starts().first().cloned().map(ObservedPoint::alone),
    }
}

fn make(request: &LearnedRequest, _: usize, token: &WorkToken) -> (LearnedPoint, Vec<Visual>) {
    (request.place, request.problem.visuals(&request.seen, token))
}
