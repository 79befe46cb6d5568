//! The race in the window: a measure of every run and, always beside it, the value gap.

use egui::Ui;

use super::command::Command;
use super::plot_view::{Viewport, figure_ui};
use super::session::Session;
use super::theme::{colour, roles_of, theme_of};
use super::widgets::{segmented, title};
use crate::figure::race::{Cost, Curve, Measure, View, race};
use crate::figure::{Figure, Scale, Theme};

/// What the race shows.
#[derive(Default)]
pub(super) struct RaceView {
    pub(super) view: View,
    viewports: [Viewport; 2],
}

impl RaceView {
    /// Shows everything again: the axes have changed their meaning.
    pub(super) fn fit(&mut self) {
        self.viewports = Default::default();
    }

    /// The figures as they are shown, for the screen and for paper alike.
    pub(super) fn figures<'a>(&self, session: &'a Session, theme: Theme) -> [Figure<'a>; 2] {
        let iterations = session.experiment().iterations;
        let mut figures = race(
            &curves(session),
            session.problem().facts(),
            self.view,
            iterations,
            theme,
        );
        for (figure, viewport) in figures.iter_mut().zip(&self.viewports) {
            if let Some([x, y]) = viewport.range {
                (figure.x.range, figure.y.range) = (x, y);
            }
        }
        figures
    }

    /// Draws the view and queues what the user asks for.
    pub(super) fn ui(&mut self, ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
        self.choices(ui, session, commands);
        let figures = self.figures(session, theme_of(ui));
        let height = ui.available_height();
        let width = 0.5 * (ui.available_width() - 12.0);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for (place, (figure, name)) in
                figures.into_iter().zip(["Race", "Value gap"]).enumerate()
            {
                ui.allocate_ui(egui::vec2(width, height), |ui| {
                    figure_ui(ui, name, &figure, &mut self.viewports[place], true);
                });
            }
        });
    }

    fn choices(&self, ui: &mut Ui, session: &Session, commands: &mut Vec<Command>) {
        ui.horizontal(|ui| {
            title(ui, "Race");
            ui.add_space(8.0);
            let has_optimum = !session.problem().facts().minima.is_empty();
            let measures: Vec<(Measure, &str)> = Measure::ALL
                .into_iter()
                .filter(|measure| has_optimum || *measure != Measure::Suboptimality)
                .map(|measure| (measure, measure.name()))
                .collect();
            if let Some(measure) = segmented(ui, &measures, self.view.measure) {
                commands.push(Command::SetMeasure(measure));
            }
            ui.add_space(4.0);
            // an empty box is empty, not grey
            ui.visuals_mut().widgets.inactive.bg_fill = colour(roles_of(ui).card);
            for (axis, name) in ["log x", "log y"].into_iter().enumerate() {
                let mut is_log = self.view.scales[axis] == Scale::Log;
                if ui.checkbox(&mut is_log, name).changed() {
                    let scale = if is_log { Scale::Log } else { Scale::Linear };
                    commands.push(Command::SetScale(axis, scale));
                }
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let costs = Cost::ALL.map(|cost| (cost, cost.name()));
                if let Some(cost) = segmented(ui, &costs, self.view.cost) {
                    commands.push(Command::SetCost(cost));
                }
            });
        });
    }
}

/// The runs of the methods that are shown, older curves first.
fn curves(session: &Session) -> Vec<Curve<'_>> {
    let until = session.playhead.iteration();
    let methods = &session.experiment().methods;
    let mut curves = Vec::new();
    for (slot, method) in session
        .slots()
        .iter()
        .enumerate()
        .filter(|(_, slot)| slot.is_visible)
    {
        for (number, run) in method.runs.iter().enumerate() {
            if let Some(stale) = &run.stale {
                curves.push(Curve {
                    trace: stale,
                    slot,
                    label: "",
                    until,
                    is_stale: true,
                });
            }
            let label = methods.get(slot).map_or("", |method| method.label.as_str());
            curves.push(Curve {
                trace: &run.trace,
                slot,
                label: if number == 0 { label } else { "" },
                until,
                is_stale: false,
            });
        }
    }
    curves
}
