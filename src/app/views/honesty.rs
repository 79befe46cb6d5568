//! The honesty plot in the window, with what runs report and what is true beneath it.

use bilevel_figure::honesty::{HonestyData, honesty};
use bilevel_figure::{Figure, LineCache, Theme, sides};
use bilevel_files::ViewKind;
use egui::{Ui, vec2};

use super::hover::Pointed;
use super::switch::view_switch;
use crate::app::command::Command;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::theme::{SMALL, roles_of, theme_of};
use crate::app::paint::widgets::rich_label;
use crate::app::session::Session;
use crate::app::session::visible_runs::visible_runs;

/// Below this height there is room for the first picture only.
const LOW: f32 = 260.0;
/// What the first picture has of the height.
const SHARE: f32 = 0.62;
/// The names by which the pictures are spoken of.
const NAMES: [&str; 2] = ["Honesty", "Reported and true"];

/// What part of the pictures is shown.
#[derive(Default)]
pub(crate) struct HonestyView {
    viewports: [Viewport; 2],
    memories: [LineCache; 2],
}

impl HonestyView {
    /// Shows everything again: another problem has come.
    pub(crate) fn reset(&mut self) {
        self.viewports = Default::default();
    }

    /// The figures as they are shown, for the screen and for paper alike.
    pub(crate) fn figures<'a>(&self, session: &'a Session, theme: Theme) -> [Figure<'a>; 2] {
        let subject = HonestyData {
            metadata: session.problem().metadata(),
            methods: &session.experiment().methods,
            iterations: session.experiment().iterations,
        };
        let mut figures = honesty(subject, &visible_runs(session), theme);
        for (figure, viewport) in figures.iter_mut().zip(&self.viewports) {
            if let Some([x, y]) = viewport.range {
                (figure.x.range, figure.y.range) = (x, y);
            }
        }
        figures
    }

    /// Draws the view. `pointed` is the iterate that is looked at in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        pointed: &mut Pointed,
        commands: &mut Vec<Command>,
    ) {
        ui.horizontal(|ui| {
            view_switch(ui, ViewKind::Honesty, commands);
            let words = "a small $f$ alone proves nothing: $q$ must be small, too";
            rich_label(ui, words, SMALL, roles_of(ui).text_weak);
        });
        let figures = self.figures(session, theme_of(ui));
        let (width, height) = (ui.available_width(), ui.available_height());
        let shares = if height < LOW {
            [1.0, 0.0]
        } else {
            [SHARE, 1.0 - SHARE]
        };
        let left = figures
            .each_ref()
            .map(|figure| sides(figure, SMALL)[0])
            .into_iter()
            .fold(0.0, f32::max);
        for (place, mut figure) in figures.into_iter().enumerate() {
            let size = vec2(width, shares[place] * (height - 6.0));
            if size.y <= 0.0 {
                continue;
            }
            ui.allocate_ui(size, |ui| {
                pointed.ring(&mut figure);
                let (viewport, memory) = (&mut self.viewports[place], &mut self.memories[place]);
                let sides = [left, 0.0];
                let shown = figure_ui(ui, NAMES[place], &figure, viewport, true, sides, memory);
                pointed.look(ui, &figure, &shown, session);
            });
        }
    }
}
