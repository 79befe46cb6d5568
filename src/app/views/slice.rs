//! The slice in the window: an objective over a plane through all variables, with the share of the trajectories that it
//! misses.

use bilevel::study::PlaneOf;
use bilevel_figure::{LineCache, SlicePicture, View as _, ViewContext, figures};
use egui::{Ui, vec2};

use super::context::ask_for;
use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::view_worker::ViewWorker;
use crate::app::command::{CommandQueue, ViewChange};
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, roles_of, theme_of};
use crate::app::paint::widgets::{chooser, controls_are_shown, rich_paragraph, segmented};
use crate::app::session::Session;

/// The plane, its visible part, and its data.
pub(crate) struct SliceView {
    pub(crate) of: PlaneOf,
    viewport: Viewport,
    worker: ViewWorker<SlicePicture>,
    /// True if the view has data for the context.
    is_there: bool,
}

impl SliceView {
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            of: PlaneOf::default(),
            viewport: Viewport::default(),
            worker: ViewWorker::new(background),
            is_there: true,
        }
    }

    /// Forgets the data of another problem.
    pub(crate) fn reset(&mut self) {
        self.viewport = Viewport::default();
        self.worker.forget();
    }

    /// Sets the choice of the plane.
    pub(crate) fn set_plane(&mut self, of: PlaneOf) {
        self.of = of;
        self.viewport = Viewport::default();
    }

    /// True if the picture is there in full.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || self.worker.is_settled()
    }

    /// Sets the ranges of the figures.
    pub(crate) fn set_ranges(&mut self, ranges: &[Option<[[f64; 2]; 2]>]) {
        self.viewport.range = ranges.first().copied().flatten();
    }

    /// The range of the figure, if it was panned or zoomed.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        vec![self.viewport.range]
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
        self.worker.receive();
        if controls_are_shown(ui) {
            self.choices(ui, session, context.level(), commands);
        }
        self.is_there = SlicePicture::needs(&**session.problem()).is_ok()
            && SlicePicture::request(&context).is_ok();
        let sample = self.worker.data().as_ref();
        if let Some(sample) = sample.filter(|_| self.is_there) {
            let words = sample.badge(&context.recorded());
            rich_paragraph(ui, &words, SMALL, roles_of(ui).text_weak);
        }
        context.screen.is_there = true;
        context.screen.ranges = self.ranges();
        let figures = figures::<SlicePicture>(&context, self.worker.data(), theme_of(ui));
        let Some(mut figure) = figures.into_iter().next() else {
            return;
        };
        pointed.ring(&mut figure);
        let size = vec2(ui.available_width(), ui.available_height());
        let shown = ui
            .allocate_ui(size, |ui| {
                let viewport = &mut self.viewport;
                let memory = &mut LineCache::default();
                figure_ui(ui, "Slice", &figure, viewport, true, [0.0; 2], memory)
            })
            .inner;
        pointed.look(ui, &figure, &shown, session);
        if self.is_there {
            // before there is a plane, there is no range on it
            let is_placed = self.worker.data().is_some();
            ask_for(
                &mut self.worker,
                context,
                is_placed.then_some(&shown),
                session,
            );
        }
    }

    /// Draws the choosers of the plane and of the objective.
    fn choices(&self, ui: &mut Ui, session: &Session, level: usize, commands: &mut CommandQueue) {
        let metadata = session.problem().metadata();
        ui.horizontal(|ui| {
            view_switch(ui, SlicePicture::REF, &**session.problem(), commands);
            let planes = PlaneOf::ALL.map(|of| (of, of.word(), of.meaning()));
            // runs that span no plane of the chosen kind are shown on another
            let drawn = self.worker.data().as_ref().map(|sample| sample.section.of);
            let drawn = drawn.filter(|_| self.worker.is_settled());
            let shown = drawn.unwrap_or(self.of);
            if let Some(of) = chooser(ui, "Plane of the slice", &planes, shown) {
                commands.push(ViewChange::SetSlice { plane: of });
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
                    commands.push(ViewChange::SetLandscapeLevel { level });
                }
            });
        });
    }
}
