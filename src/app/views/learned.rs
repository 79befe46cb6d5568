//! The learned model of a run in the window: the problem's own pictures of the iterate at the playhead.

use bilevel_figure::visuals::visual_figure;
use bilevel_figure::{
    Figure, LearnedPicture, LineCache, RichText, Theme, View as _, ViewContext, beside, fixed,
    learned_point, learned_slot,
};
use egui::{Ui, UiBuilder, vec2};

use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::view_worker::ViewWorker;
use crate::app::command::CommandQueue;
use crate::app::messages;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::screen_pen::{egui_rect, figure_rect};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{chooser, controls_are_shown, rich_label, rich_paragraph};
use crate::app::session::Session;

/// The least height of a picture; in a smaller window they are scrolled.
const LEAST: f32 = 130.0;

/// The pictures and their visible parts.
pub(crate) struct LearnedView {
    worker: ViewWorker<LearnedPicture>,
    /// The chosen method, if any.
    pub(crate) chosen: Option<usize>,
    /// The pictures as figures, in a theme.
    drawn: Option<(Theme, Vec<Figure<'static>>)>,
    viewports: Vec<Viewport>,
    /// True if the view has data for the context.
    is_there: bool,
}

impl LearnedView {
    /// Starts the worker.
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            worker: ViewWorker::new(background),
            chosen: None,
            drawn: None,
            viewports: Vec::new(),
            is_there: false,
        }
    }

    /// Forgets the pictures of another problem.
    pub(crate) fn reset(&mut self) {
        self.chosen = None;
        self.drawn = None;
        self.viewports.clear();
        self.worker.forget();
    }

    /// True if the pictures are those of the playhead.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || self.worker.is_settled()
    }

    /// Sets the ranges of the figures.
    pub(crate) fn set_ranges(&mut self, ranges: &[Option<[[f64; 2]; 2]>]) {
        self.viewports = vec![Viewport::default(); ranges.len()];
        Viewport::set_all(&mut self.viewports, ranges);
    }

    /// The ranges of the pictures that were panned or zoomed.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        Viewport::ranges(&self.viewports)
    }

    fn pictures(&self, theme: Theme) -> Vec<Figure<'static>> {
        let visuals = self.worker.data().visuals.iter();
        visuals.map(|it| visual_figure(it, theme)).collect()
    }

    /// Draws the view and queues what the user asks for.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        context: &ViewContext<'_>,
        commands: &mut CommandQueue,
    ) {
        if self.worker.receive() {
            self.drawn = None;
        }
        if controls_are_shown(ui) {
            self.choices(ui, context, commands);
        }
        let place = learned_point(context).ok();
        let place = place.filter(|_| session.has_begun() && session.problem().pictured().is_some());
        self.is_there = place.is_some();
        if let Some(place) = place {
            let request = || LearnedPicture::request(context).ok();
            self.worker
                .ask_if_other(|last| last.is_of(context, place), request);
        }
        let roles = roles_of(ui);
        if session.problem().pictured().is_none() {
            rich_paragraph(ui, messages::status::no_data(), TEXT, roles.text_weak);
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
                messages::status::training_start()
            } else {
                messages::status::computing_pictures()
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

    /// Draws the menu of views, the method, and the iterate that is shown.
    fn choices(&mut self, ui: &mut Ui, context: &ViewContext<'_>, commands: &mut CommandQueue) {
        let roles = roles_of(ui);
        ui.horizontal_wrapped(|ui| {
            view_switch(ui, LearnedPicture::REF, &**context.problem, commands);
            let options: Vec<(usize, &str, &str)> = context
                .visible_methods()
                .map(|(place, method)| (place, method.label.as_str(), method.entry.name))
                .collect();
            if let Some(slot) = learned_slot(context)
                && options.len() > 1
            {
                rich_label(ui, "by", SMALL, roles.text_weak);
                if let Some(slot) = chooser(ui, "Whose pictures", &options, slot) {
                    self.chosen = Some(slot);
                }
            }
            let shown = self.worker.data();
            if !shown.visuals.is_empty() {
                let iteration = fixed(shown.place.iteration as f64, 0);
                let words = messages::status::at_iteration(&iteration);
                rich_label(ui, &words, SMALL, roles.text_weak);
            }
        });
    }
}
