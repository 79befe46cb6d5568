//! A view without controls of its own in the window: its options as sliders, its figures above each other.

use bilevel_figure::{AnyView, LineCache, ViewContext, sides_within};
use bilevel_files::ViewKind;
use egui::{Ui, vec2};

use super::context::sampled_ranges;
use super::hover::Pointed;
use super::option::option_ui;
use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::view_worker::JobWorker;
use crate::app::command::CommandQueue;
use crate::app::messages;
use crate::app::paint::plot_view::{ShownFigure, Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{controls_are_shown, rich_label, rich_paragraph, rich_remark};
use crate::app::session::Session;

/// The data of the view that is shown, and the visible parts of its figures.
pub(crate) struct PlainView {
    worker: JobWorker,
    kind: Option<ViewKind>,
    viewports: Vec<Viewport>,
    /// True if the view has data for the context.
    is_there: bool,
}

impl PlainView {
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            worker: JobWorker::new(background, "plain view", 2),
            kind: None,
            viewports: Vec::new(),
            is_there: false,
        }
    }

    /// Forgets the data of another problem.
    pub(crate) fn reset(&mut self) {
        self.worker.forget();
        self.viewports.clear();
    }

    /// True if the figures are there in full.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || self.worker.is_settled()
    }

    /// Sets the ranges of the figures.
    pub(crate) fn set_ranges(&mut self, kind: ViewKind, ranges: &[Option<[[f64; 2]; 2]>]) {
        self.kind = Some(kind);
        self.viewports = vec![Viewport::default(); ranges.len()];
        Viewport::set_all(&mut self.viewports, ranges);
    }

    /// The ranges of the figures that were panned or zoomed.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        Viewport::ranges(&self.viewports)
    }

    /// Draws a view and queues what the user asks for. `pointed` is the iterate under the pointer in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        (session, view): (&Session, &'static dyn AnyView),
        mut context: ViewContext<'_>,
        pointed: &mut Pointed,
        commands: &mut CommandQueue,
    ) {
        let info = view.info();
        if self.kind.replace(ViewKind::new(info)) != Some(ViewKind::new(info)) {
            self.reset();
        }
        if controls_are_shown(ui) {
            ui.horizontal_wrapped(|ui| {
                view_switch(ui, info, &**session.problem(), commands);
                for option in info.options {
                    let value = context.view.option(info, option.name);
                    option_ui(ui, option, value, commands);
                }
                rich_remark(ui, info.meaning);
            });
        }
        context.screen.is_there = true;
        context.screen.ranges = self.ranges();
        let job = view.request(&context);
        self.is_there = job.is_ok();
        let needs = view.needs(&**session.problem());
        let refusal = needs
            .err()
            .map(|reason| messages::status::unfit_view(&reason));
        let refusal = refusal.or_else(|| job.as_ref().err().map(ToString::to_string));
        let data = self.worker.receive().cloned();
        let failure = data.as_ref().and_then(|data| data.as_ref().err().cloned());
        if let Some(words) = refusal.or(failure) {
            rich_paragraph(
                ui,
                &messages::status::warning(&words),
                TEXT,
                roles_of(ui).text_weak,
            );
            return;
        }
        let mut drawn = None;
        if let Some(Ok(data)) = data {
            if let Some(words) = view.sentence(&context, &data) {
                rich_paragraph(ui, &words, SMALL, roles_of(ui).text_weak);
            }
            let figures = view.figures(&context, &data, theme_of(ui));
            drawn = self.figures_ui(ui, session, figures, pointed);
        } else {
            let words = messages::status::computing_view();
            rich_label(ui, words, SMALL, roles_of(ui).text_faint);
        }
        if session.has_begun() {
            context.screen.sampled = drawn.as_ref().map(sampled_ranges);
            if let Ok(job) = view.request(&context) {
                self.worker.ask(job);
            }
        }
    }

    /// Draws the figures above each other; returns the first one as shown.
    fn figures_ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        figures: Vec<bilevel_figure::Figure<'_>>,
        pointed: &mut Pointed,
    ) -> Option<ShownFigure> {
        self.viewports.resize(figures.len(), Viewport::default());
        let count = figures.len().max(1) as f32;
        let size = vec2(
            ui.available_width(),
            ((ui.available_height() - 6.0) / count).max(1.0),
        );
        let shared = figures
            .iter()
            .map(|figure| sides_within(figure, SMALL, size.x));
        let shared = shared.fold([0.0_f32; 2], |[a, b], [left, right]| {
            [a.max(left), b.max(right)]
        });
        let mut first = None;
        for (mut figure, viewport) in figures.into_iter().zip(&mut self.viewports) {
            let shown = ui.allocate_ui(size, |ui| {
                pointed.ring(&mut figure);
                let name = bilevel_figure::RichText::parse(&figure.title).plain();
                let memory = &mut LineCache::default();
                let shown = figure_ui(ui, &name, &figure, viewport, true, shared, memory);
                pointed.look(ui, &figure, &shown, session);
                shown
            });
            first.get_or_insert(shown.inner);
        }
        first
    }
}
