//! The assumption map in the window: the region in which the follower is convex, with a sentence on the methods that
//! need it.

use bilevel_figure::{
    AssumptionsPicture, LineCache, View as _, ViewContext, assumptions_verdict, figures,
};
use egui::{Ui, vec2};

use super::context::ask_for;
use super::drag_start::Grip;
use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::view_worker::ViewWorker;
use crate::app::command::CommandQueue;
use crate::app::messages;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{controls_are_shown, rich_paragraph, rich_remark};
use crate::app::session::Session;

/// The data of the map.
pub(crate) struct AssumptionsView {
    worker: ViewWorker<AssumptionsPicture>,
    grip: Grip,
    /// True if the problem has such a map.
    is_there: bool,
}

impl AssumptionsView {
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            worker: ViewWorker::new(background),
            grip: Grip::default(),
            is_there: true,
        }
    }

    /// Forgets the data of another problem.
    pub(crate) fn reset(&mut self) {
        self.worker.forget();
    }

    /// True if the map is there in full.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || self.worker.is_settled()
    }

    /// The suggestions for this view; without a hatched region there is nothing to follow a path into.
    pub(crate) fn hints(&self) -> &'static [[&'static str; 2]] {
        if self.worker.data().is_hatched() {
            AssumptionsPicture::REF.hints
        } else {
            &[]
        }
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate under the pointer in any view,
    /// `viewport` that of the plane.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        mut context: ViewContext<'_>,
        (pointed, viewport): (&mut Pointed, &mut Viewport),
        commands: &mut CommandQueue,
    ) {
        self.worker.receive();
        let roles = roles_of(ui);
        if controls_are_shown(ui) {
            ui.horizontal(|ui| {
                view_switch(ui, AssumptionsPicture::REF, &**session.problem(), commands);
                let words = "the smallest eigenvalue of the last level's Hessian";
                rich_remark(ui, words);
            });
        }
        if let Err(reason) = AssumptionsPicture::needs(&**session.problem()) {
            self.is_there = false;
            rich_paragraph(
                ui,
                &messages::status::unfit_view(&reason),
                TEXT,
                roles.text_weak,
            );
            return;
        }
        self.is_there = true;
        let (words, is_warning) = assumptions_verdict(&context, self.worker.data());
        let (mark, ink) = if is_warning {
            ("⚠ ", roles.warning)
        } else {
            ("", roles.text_weak)
        };
        rich_paragraph(ui, &format!("{mark}{words}"), TEXT, ink);
        context.screen.is_there = true;
        let figures = figures::<AssumptionsPicture>(&context, self.worker.data(), theme_of(ui));
        let Some(mut figure) = figures.into_iter().next() else {
            return;
        };
        pointed.ring(&mut figure);
        let size = vec2(ui.available_width(), ui.available_height());
        let shown = ui
            .allocate_ui(size, |ui| {
                let drags = self.grip.is_free();
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
        pointed.look(ui, &figure, &shown, session);
        let axes = context.axes();
        ask_for(&mut self.worker, context, Some(&shown), session);
        self.grip.move_starts(ui, &shown, (session, axes), commands);
    }
}
