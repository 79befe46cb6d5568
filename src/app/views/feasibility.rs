//! The feasibility plot in the window, with reported and true values beneath it.

use bilevel_figure::{FeasibilityPicture, LineCache, View as _, ViewContext, figures, sides};
use egui::{Ui, UiBuilder};

use super::hover::Pointed;
use super::pair::pair;
use super::switch::view_switch;
use crate::app::command::CommandQueue;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, roles_of, theme_of};
use crate::app::paint::widgets::rich_label;
use crate::app::session::Session;

/// The first picture's share of the height of a stack.
const SHARE: f32 = 0.62;
/// The accessible names of the pictures.
const NAMES: [&str; 2] = ["Feasibility", "Reported and true"];

/// The visible parts of the pictures.
#[derive(Default)]
pub(crate) struct FeasibilityView {
    viewports: [Viewport; 2],
    memories: [LineCache; 2],
}

impl FeasibilityView {
    /// Resets the visible ranges for another problem.
    pub(crate) fn reset(&mut self) {
        self.viewports = Default::default();
    }

    /// Sets the ranges of the figures.
    pub(crate) fn set_ranges(&mut self, ranges: &[Option<[[f64; 2]; 2]>]) {
        Viewport::set_all(&mut self.viewports, ranges);
    }

    /// The ranges of the figures that were panned or zoomed.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        Viewport::ranges(&self.viewports)
    }

    /// Draws the view. `pointed` is the iterate under the pointer in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        mut context: ViewContext<'_>,
        pointed: &mut Pointed,
        commands: &mut CommandQueue,
    ) {
        ui.horizontal(|ui| {
            view_switch(ui, FeasibilityPicture::REF, &**session.problem(), commands);
            let words = "a small $f$ counts only if $q$ is small, too";
            rich_label(ui, words, SMALL, roles_of(ui).text_weak);
        });
        context.screen.is_there = true;
        context.screen.ranges = self.ranges();
        let figures = figures::<FeasibilityPicture>(&context, &(), theme_of(ui));
        let (area, _) = ui.allocate_exact_size(ui.available_size(), egui::Sense::hover());
        let pair = pair(area, SHARE);
        let left = figures
            .iter()
            .map(|figure| sides(figure, SMALL)[0])
            .fold(0.0, f32::max);
        let left = if pair.is_stacked { left } else { 0.0 };
        let areas = [Some(pair.main), pair.chart];
        for (place, mut figure) in figures.into_iter().enumerate() {
            let Some(area) = areas.get(place).copied().flatten() else {
                continue;
            };
            let mut inner = ui.new_child(UiBuilder::new().max_rect(area).id_salt(place));
            pointed.ring(&mut figure);
            let (viewport, memory) = (&mut self.viewports[place], &mut self.memories[place]);
            let (name, sides) = (NAMES[place], [left, 0.0]);
            let shown = figure_ui(&mut inner, name, &figure, viewport, true, sides, memory);
            pointed.look(ui, &figure, &shown, session);
        }
    }
}
