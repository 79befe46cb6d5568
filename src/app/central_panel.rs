//! The middle of the window: the arrangement of the view of the runs, the race and the results.

use bilevel_files::{Highlight, WindowLayout};
use egui::{Ui, vec2};

use super::App;
use super::command::Tab;
use super::panels::OnlyPicture;
use super::panels::note_strip::{notes_panel_ui, notes_ui};
use super::panels::prediction_strip::prediction_ui;
use crate::app::paint::outline::outline;
use crate::app::paint::widgets::separator;
use crate::app::views::context::view_context;
use crate::app::views::hidden::{hidden_note, hidden_view_ui};
use crate::app::views::race::{ChartArrangement, tabs_ui};
use crate::app::views::results::{results_ui, row_count};
use crate::app::views::run_views::Own;

/// Below this height only one picture is shown.
const LOW: f32 = 400.0;
/// Below this width pictures stand above each other, whatever the layout.
const NARROW: f32 = 760.0;
/// The height of the table of results beside a race: its heading, and each row.
const TABLE: f32 = 76.0;
const ROW: f32 = 26.0;

impl App {
    /// Draws the views in the chosen layout.
    pub(super) fn central_panel(&mut self, ui: &mut Ui) {
        match self.shown_alone() {
            Some(OnlyPicture::View) => {
                self.view_ui(ui);
                return;
            }
            Some(OnlyPicture::Race) => {
                self.race_or_results(ui);
                return;
            }
            None => {}
        }
        if ui.available_height() < LOW && !self.panels.presents {
            self.view_ui(ui);
            return;
        }
        let is_wide = ui.available_width() >= NARROW || self.panels.presents;
        match self.panels.layout {
            WindowLayout::Compare | WindowLayout::Present if is_wide => {
                self.side_by_side(ui);
            }
            _ => self.one_above_the_other(ui),
        }
    }

    /// Draws the strip of the prediction, if one is open.
    pub(super) fn prediction_strip(&mut self, ui: &mut Ui) {
        let Some(prediction) = &self.prediction else {
            return;
        };
        let is_shown = Own::of(self.views.kind) == Some(Own::Landscape);
        let plane = &self.views.landscape.plane;
        let axes = is_shown.then_some([plane.horizontal, plane.vertical]);
        let shown = (prediction, &self.document.session);
        prediction_ui(ui, shown, axes, &mut self.commands);
    }

    /// Draws the strip of notes in the rest of `ui`.
    pub(super) fn note_strip(&mut self, ui: &mut Ui) {
        let notes = &self.document.session.experiment().view.notes;
        notes_ui(ui, &mut self.notes, notes, &mut self.commands);
    }

    /// Draws the panel of notes.
    pub(super) fn note_panel(&mut self, ui: &mut Ui) {
        let notes = &self.document.session.experiment().view.notes;
        notes_panel_ui(ui, &mut self.notes, notes, &mut self.commands);
    }

    /// The only picture that is shown: the chosen one, or in a presentation a view that needs the whole window to be read.
    pub(super) fn shown_alone(&self) -> Option<OnlyPicture> {
        let levels = self.document.session.problem().metadata().shape().levels();
        let is_crowded = match Own::of(self.views.kind) {
            Some(Own::Atlas | Own::Sweep) => true,
            Some(Own::Levels) => levels > 2,
            _ => false,
        };
        let needs_all = self.panels.presents && is_crowded;
        self.panels
            .alone
            .or_else(|| needs_all.then_some(OnlyPicture::View))
    }

    /// Draws the view of the runs above the race or the results.
    fn one_above_the_other(&mut self, ui: &mut Ui) {
        // a grid of maps takes the whole height
        if matches!(Own::of(self.views.kind), Some(Own::Atlas | Own::Sweep)) {
            self.view_ui(ui);
            return;
        }
        // two pictures on one axis take more height than one
        let metadata = self.document.session.problem().metadata();
        let is_double = Own::of(self.views.kind) == Some(Own::Landscape)
            && metadata.has_reduced_over(&self.views.landscape.plane);
        let share = if is_double { 0.64 } else { 0.58 };
        let size = vec2(ui.available_width(), share * ui.available_height());
        ui.allocate_ui(size, |ui| {
            ui.set_min_size(size);
            self.view_ui(ui);
        });
        separator(ui);
        self.race_or_results(ui);
    }

    fn race_or_results(&mut self, ui: &mut Ui) {
        match self.panels.tab {
            Tab::Race => self.race_ui(ui, ChartArrangement::Tabs),
            // where the two share a place, its tabs are the way back
            Tab::Results => self.results(ui, !self.panels.presents),
        }
    }

    /// Draws the view of the runs beside the race, with the results beneath.
    fn side_by_side(&mut self, ui: &mut Ui) {
        let (width, height) = (ui.available_width(), ui.available_height());
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            let left = vec2(0.5 * width, height);
            ui.allocate_ui_with_layout(left, egui::Layout::top_down(egui::Align::Min), |ui| {
                ui.set_min_size(left);
                self.view_ui(ui);
            });
            let right = vec2(ui.available_width(), height);
            ui.allocate_ui_with_layout(right, egui::Layout::top_down(egui::Align::Min), |ui| {
                let rows = row_count(&self.document.session, &self.panels.order);
                let shows_table = self.panels.layout == WindowLayout::Compare;
                let table = if shows_table {
                    (TABLE + ROW * rows as f32).min(0.32 * height)
                } else {
                    0.0
                };
                let race = vec2(right.x, height - table);
                ui.allocate_ui(race, |ui| {
                    ui.set_min_size(race);
                    self.race_ui(ui, ChartArrangement::Stacked);
                });
                if shows_table {
                    separator(ui);
                    self.results(ui, false);
                }
            });
        });
    }

    /// Draws the chosen view of the runs.
    fn view_ui(&mut self, ui: &mut Ui) {
        outline(ui, &Highlight::Landscape, ui.available_rect_before_wrap());
        if self.hides_view(self.views.kind) {
            let session = &self.document.session;
            hidden_view_ui(ui, self.views.kind, session, &mut self.commands);
            return;
        }
        let mut context = view_context(
            &self.document.session,
            self.view_spec(),
            self.views.race.view,
        );
        context.screen.chosen = self.views.others.learned.chosen;
        let (session, pointed) = (&self.document.session, &mut self.views.pointed);
        let commands = &mut self.commands;
        match Own::of(self.views.kind) {
            Some(Own::Landscape) => {
                let shown = (session, self.prediction.as_ref());
                self.views
                    .landscape
                    .ui(ui, shown, context, pointed, commands);
            }
            Some(Own::Levels) => self
                .views
                .levels
                .ui(ui, session, context, pointed, commands),
            _ => {
                let shown = (self.views.kind, session);
                let plane = (pointed, &mut self.views.landscape.viewport);
                self.views.others.ui(ui, shown, context, plane, commands);
            }
        }
    }

    fn race_ui(&mut self, ui: &mut Ui, arrangement: ChartArrangement) {
        outline(ui, &Highlight::Race, ui.available_rect_before_wrap());
        let context = view_context(
            &self.document.session,
            self.view_spec(),
            self.views.race.view,
        );
        self.views.race.ui(
            ui,
            (&self.document.session, context),
            &mut self.views.pointed,
            arrangement,
            &mut self.commands,
        );
    }

    fn results(&mut self, ui: &mut Ui, has_tabs: bool) {
        outline(ui, &Highlight::Table, ui.available_rect_before_wrap());
        let session = &self.document.session;
        let hides_optimum = session.horizon().is_some_and(|it| it.hides_optimum);
        if hides_optimum || session.letters().is_some() {
            if has_tabs {
                tabs_ui(ui, Tab::Results, &mut self.commands);
            }
            hidden_note(ui);
            return;
        }
        let cost = self
            .views
            .race
            .view
            .tolerance
            .map(|_| self.views.race.view.cost);
        results_ui(
            ui,
            &self.document.session,
            &mut self.panels.order,
            (cost, has_tabs),
            &mut self.commands,
        );
    }
}
