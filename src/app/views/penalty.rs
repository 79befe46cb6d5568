//! The penalty surface in the window: a slider leads from the leader's own objective to the trench along the follower's
//! answers.

use bilevel_figure::{LineCache, PenaltyPicture, View as _, ViewContext, figures, sides};
use egui::{Ui, UiBuilder};

use super::context::ask_for;
use super::drag_start::Grip;
use super::hover::Pointed;
use super::option::option_ui;
use super::pair::pair;
use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::view_worker::ViewWorker;
use crate::app::command::CommandQueue;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, roles_of, theme_of};
use crate::app::paint::widgets::rich_label;
use crate::app::session::Session;

/// The first picture's share of the height of a stack.
const SHARE: f32 = 0.68;
/// The width of the words beside the slider.
const WORDS: f32 = 210.0;
/// The visible parts of the pictures, and their data.
pub(crate) struct PenaltyView {
    /// The viewport of the lower picture; the upper one has that of the plane.
    steps: Viewport,
    worker: ViewWorker<PenaltyPicture>,
    grip: Grip,
    /// True if the problem has a penalty surface.
    is_there: bool,
}

impl PenaltyView {
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            steps: Viewport::default(),
            worker: ViewWorker::new(background),
            grip: Grip::default(),
            is_there: true,
        }
    }

    /// Forgets the data of another problem.
    pub(crate) fn reset(&mut self) {
        self.steps = Viewport::default();
        self.worker.forget();
    }

    /// True if the picture is computed at the full fineness.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || self.worker.is_settled()
    }

    /// Sets the ranges of the figures.
    pub(crate) fn set_ranges(&mut self, ranges: &[Option<[[f64; 2]; 2]>]) {
        self.steps.range = ranges.get(1).copied().flatten();
    }

    /// The ranges of the figures that were panned or zoomed, but for the plane's own.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        vec![None, self.steps.range]
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
        self.is_there = PenaltyPicture::needs(&**session.problem()).is_ok();
        ui.horizontal(|ui| {
            view_switch(ui, PenaltyPicture::REF, &**session.problem(), commands);
            if self.is_there {
                let option = &PenaltyPicture::REF.options[0];
                let gamma = context.view.option(PenaltyPicture::REF, option.name);
                option_ui(ui, option, gamma, commands);
                if ui.available_width() > WORDS {
                    let words = "beads: the minimizer as $γ$ grows";
                    rich_label(ui, words, SMALL, roles_of(ui).text_weak);
                }
            }
        });
        context.screen.is_there = true;
        context.screen.ranges = self.ranges();
        let mut figures =
            figures::<PenaltyPicture>(&context, self.worker.data(), theme_of(ui)).into_iter();
        let (Some(mut surface), Some(steps)) = (figures.next(), figures.next()) else {
            return;
        };
        let (area, _) = ui.allocate_exact_size(ui.available_size(), egui::Sense::hover());
        let mut pair = pair(area, SHARE);
        if !self.is_there {
            (pair.main, pair.chart) = (area, None);
        }
        let left = sides(&surface, SMALL)[0].max(sides(&steps, SMALL)[0]);
        let sides = if pair.is_stacked {
            [left, 0.0]
        } else {
            [0.0; 2]
        };
        pointed.ring(&mut surface);
        let mut inner = ui.new_child(UiBuilder::new().max_rect(pair.main).id_salt("surface"));
        let (drags, memory) = (self.grip.is_free(), &mut LineCache::default());
        let name = "Penalty";
        let shown = figure_ui(&mut inner, name, &surface, viewport, drags, sides, memory);
        pointed.look(ui, &surface, &shown, session);
        if let Some(area) = pair.chart {
            let mut inner = ui.new_child(UiBuilder::new().max_rect(area).id_salt("steps"));
            let (viewport, memory) = (&mut self.steps, &mut LineCache::default());
            let name = "Longest safe step";
            figure_ui(&mut inner, name, &steps, viewport, true, sides, memory);
        }
        if !self.is_there {
            return;
        }
        let axes = context.axes();
        ask_for(&mut self.worker, context, Some(&shown), session);
        self.grip.move_starts(ui, &shown, (session, axes), commands);
    }
}
