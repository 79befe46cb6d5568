//! A sweep in the window: the share of runs that reach the global minimum, over one or two parameters of a method; a
//! click applies a setting.

use bilevel::problem::{Coordinate, Parameter, ParameterKind, ParameterValue};
use bilevel::run::Weights;
use bilevel::study::OutcomeCounts;
use bilevel_figure::sweep::sweep_sentence;
use bilevel_figure::{
    Figure, LineCache, SWEEP_SIDE, SWEEP_VALUES, SurveyData, SweepPicture, View as _, ViewContext,
    figures, numeric_parameters, sides, sweep_axes, sweep_counts, tiles, usual_axis, varied_of,
};
use bilevel_files::{Experiment, SurveyError, SurveyOptions, SurveyPlan, SweepAxis, shares_table};
use egui::{Ui, UiBuilder};

use super::results::copies;
use super::survey_choices::{Key, axes, side_ui, work_ui};
use super::switch::view_switch;
use crate::app::background::survey_work::SurveyWork;
use crate::app::command::{CommandQueue, Edit, ViewChange};
use crate::app::messages;
use crate::app::paint::number_field::ranged_field;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::screen_pen::{egui_rect, figure_rect};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{
    chooser, controls_are_shown, rich_label, rich_paragraph, rich_whole, short,
};
use crate::app::session::Session;

/// The numbers of starts along an axis that can be chosen.
const SIDES: [usize; 6] = [8, 16, 32, 64, 128, 256];

/// The sweep and its counts.
pub(crate) struct SweepView {
    pub(crate) side: usize,
    /// The varied parameters; if empty, those that suit the first method.
    pub(crate) vary: Vec<SweepAxis>,
    work: SurveyWork<(Key, Vec<SweepAxis>)>,
    tallies: Vec<OutcomeCounts>,
    counted: Option<(u64, Weights)>,
    /// The setting under the pointer.
    pointed: Option<usize>,
}

impl Default for SweepView {
    fn default() -> Self {
        Self {
            side: SWEEP_SIDE,
            vary: Vec::new(),
            work: SurveyWork::default(),
            tallies: Vec::new(),
            counted: None,
            pointed: None,
        }
    }
}

impl SweepView {
    /// Forgets the survey of another problem.
    pub(crate) fn reset(&mut self) {
        self.work.reset();
        self.tallies.clear();
        self.counted = None;
        self.pointed = None;
    }

    /// True if all outcomes are counted.
    pub(crate) fn is_settled(&self) -> bool {
        self.work.is_settled()
    }

    fn count(&mut self, weights: &Weights) {
        let wanted = (self.work.edition, *weights);
        if self.counted.as_ref() == Some(&wanted) {
            return;
        }
        self.counted = Some(wanted);
        self.tallies = sweep_counts(&self.work.data, weights);
    }

    /// The outcomes so far.
    pub(crate) fn data(&self) -> &SurveyData {
        &self.work.data
    }

    /// Draws the view and queues what the user asks for.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        mut context: ViewContext<'_>,
        commands: &mut CommandQueue,
    ) {
        let vary = sweep_axes(session.experiment(), &self.vary);
        if session.has_begun() && !session.awaits_start() {
            let axes = axes(&context);
            let key = Key::of_sweep(session, axes.clone(), self.side, &vary);
            let side = self.side;
            let varied = vary.clone();
            self.work
                .follow(ui.ctx(), session.background(), (key, vary.clone()), || {
                    plan(session, &axes, side, varied)
                });
        }
        self.choices(ui, session, &vary, commands);
        if let Some(refusal) = &self.work.refusal {
            rich_paragraph(
                ui,
                &messages::status::warning(refusal),
                TEXT,
                roles_of(ui).warning,
            );
            return;
        }
        self.count(&session.weights());
        context.screen.cell = self.pointed;
        let figures = figures::<SweepPicture>(&context, &self.work.data, theme_of(ui));
        if figures.is_empty() {
            let words = messages::status::computing_runs();
            rich_label(ui, words, SMALL, roles_of(ui).text_faint);
            return;
        }
        self.charts(ui, &figures, session, commands);
    }

    fn charts(
        &mut self,
        ui: &mut Ui,
        figures: &[Figure<'_>],
        session: &Session,
        commands: &mut CommandQueue,
    ) {
        let Some(plan) = self.work.plan() else {
            return;
        };
        let varied = varied_of(plan, session.experiment());
        let slot = plan.methods.first().map_or(0, |variant| variant.method);
        let names: Vec<String> = plan
            .varied
            .iter()
            .map(|one| one.parameter.clone())
            .collect();
        let (area, _) = ui.allocate_exact_size(ui.available_size(), egui::Sense::hover());
        let areas = tiles(figures.len(), figure_rect(area), SMALL);
        // charts beneath each other share both edges
        let needed = figures.iter().map(|figure| sides(figure, SMALL));
        let edges = needed.fold([0.0_f32; 2], |[a, b], [left, right]| {
            [a.max(left), b.max(right)]
        });
        let mut pointed = None;
        for (place, (figure, area)) in figures.iter().zip(areas).enumerate() {
            let area = egui_rect(area);
            let mut inner = ui.new_child(UiBuilder::new().max_rect(area).id_salt(place));
            let name = format!("Sweep {}", place + 1);
            let (viewport, memory) = (&mut Viewport::default(), &mut LineCache::default());
            let shown = figure_ui(&mut inner, &name, figure, viewport, false, edges, memory);
            let Some(pointer) = shown.response.hover_pos() else {
                continue;
            };
            let value = shown.scene.transform.value([pointer.x, pointer.y]);
            let places: Option<Vec<usize>> = varied
                .iter()
                .zip(value)
                .map(|(one, value)| one.nearest(value))
                .collect();
            let Some(places) = places else {
                continue;
            };
            let setting = places[0] + places.get(1).map_or(0, |row| row * varied[0].values.len());
            pointed = Some(setting);
            if shown.response.clicked() {
                let own = session.experiment().methods.get(slot);
                let table = own.map(|method| method.settings.table());
                for ((name, one), place) in names.iter().zip(&varied).zip(places) {
                    let mut declared = table.into_iter().flatten();
                    if let Some(parameter) = declared.find(|declared| declared.name == name) {
                        let value = ParameterValue::Number(one.values[place]);
                        commands.push(Edit::SetParameter {
                            slot,
                            name: parameter.name,
                            value,
                        });
                    }
                }
            }
            let tally = self.tallies.get(setting).cloned().unwrap_or_default();
            let lines = sweep_sentence(&varied, setting, &tally);
            shown.response.on_hover_ui_at_pointer(|ui| {
                let roles = roles_of(ui);
                egui::Grid::new("what came of it")
                    .spacing([14.0, 2.0])
                    .show(ui, |ui| {
                        let last = (String::new(), messages::status::click_to_take().to_owned());
                        for (name, words) in lines.iter().chain([&last]) {
                            rich_whole(ui, name, SMALL, roles.text_weak);
                            rich_whole(ui, words, SMALL, roles.text);
                            ui.end_row();
                        }
                    });
            });
        }
        if pointed != self.pointed {
            self.pointed = pointed;
            ui.ctx().request_repaint();
        }
    }

    /// Draws the choosers of the parameters and the starts, the progress, and the buttons that copy the survey.
    fn choices(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        vary: &[SweepAxis],
        commands: &mut CommandQueue,
    ) {
        if !controls_are_shown(ui) {
            if !self.work.is_settled() {
                ui.horizontal(|ui| work_ui(ui, &mut self.work));
            }
            return;
        }
        ui.horizontal_wrapped(|ui| {
            // two parameters with their ranges fill a row of 1280 points
            ui.spacing_mut().item_spacing.x = 5.0;
            ui.spacing_mut().button_padding.x = 5.0;
            view_switch(ui, SweepPicture::REF, &**session.problem(), commands);
            if let Some(vary) = vary_ui(ui, session.experiment(), vary) {
                commands.push(ViewChange::SetVary { vary });
            }
            rich_label(ui, "starts", SMALL, roles_of(ui).text_weak);
            if let Some(side) = side_ui(ui, &SIDES, self.side) {
                commands.push(ViewChange::SetSweepGrid { side });
            }
            work_ui(ui, &mut self.work);
            if self.work.is_stale() {
                let words = messages::status::outdated();
                rich_whole(ui, words, SMALL, roles_of(ui).warning);
            }
            if let Some(plan) = self.work.plan().filter(|_| self.work.is_settled()) {
                let methods = &session.experiment().methods;
                let variants = plan.methods.iter().zip(&self.tallies);
                let entries: Vec<(Vec<String>, OutcomeCounts)> = variants
                    .filter_map(|(variant, tally)| {
                        let mut key = vec![methods.get(variant.method)?.label.clone()];
                        key.extend(variant.values.iter().map(|value| format!("{value:?}")));
                        Some((key, tally.clone()))
                    })
                    .collect();
                // one button: with three of them the controls need a second row
                ui.menu_button("Copy", |ui| {
                    let names = ["Markdown", "LaTeX", "CSV"];
                    copies(ui, &shares_table(&entries), names, commands);
                });
            }
        });
    }
}

/// Draws choosers for the method and one or two of its parameters, with the ends of their ranges; returns the axes
/// after a change.
fn vary_ui(ui: &mut Ui, experiment: &Experiment, vary: &[SweepAxis]) -> Option<Vec<SweepAxis>> {
    let first = vary.first()?;
    let mut changed = None;
    let labels: Vec<(&str, &str, &str)> = experiment
        .methods
        .iter()
        .map(|method| {
            (
                method.label.as_str(),
                method.label.as_str(),
                method.entry.name,
            )
        })
        .collect();
    let own = |label: &str| {
        experiment
            .methods
            .iter()
            .find(|method| method.label == label)
    };
    if let Some(label) = chooser(ui, "Method of the sweep", &labels, first.label.as_str()) {
        let table = own(label).map(|method| method.settings.table());
        let parameter = table.and_then(|table| numeric_parameters(table).next());
        changed = parameter.map(|parameter| vec![usual_axis(label, parameter, SWEEP_VALUES[0])]);
    }
    let table = own(&first.label)?.settings.table();
    for place in 0..2 {
        let present = vary.get(place);
        let other = vary.get(1 - place).map(|one| one.parameter.as_str());
        let mut options: Vec<(&str, &str, &str)> = numeric_parameters(table)
            .filter(|parameter| Some(parameter.name) != other)
            .map(|parameter| (parameter.name, parameter.label, parameter.meaning))
            .collect();
        if place == 1 {
            options.insert(0, ("", "–", "vary one parameter only"));
        }
        let shown = present.map_or("", |one| one.parameter.as_str());
        let words = ["over", "and"][place];
        rich_label(ui, words, SMALL, roles_of(ui).text_weak);
        let name = ["Parameter of the sweep", "Second parameter of the sweep"][place];
        if let Some(chosen) = chooser(ui, name, &options, shown) {
            let mut next = vary.to_vec();
            next.truncate(place);
            let chosen = numeric_parameters(table).find(|parameter| parameter.name == chosen);
            next.extend(
                chosen.map(|parameter| usual_axis(&first.label, parameter, SWEEP_VALUES[place])),
            );
            if place == 0 {
                next.extend(vary.get(1).cloned());
            }
            let count = SWEEP_VALUES[next.len().clamp(1, 2) - 1];
            for one in &mut next {
                one.count = count;
            }
            changed = Some(next);
        }
        if let Some(present) = present
            && let Some(range) = range_ui(ui, present, table)
        {
            let mut next = vary.to_vec();
            next[place] = range;
            changed = Some(next);
        }
    }
    changed.filter(|next| !next.is_empty())
}

/// Draws the ends of a range; returns the range after a change.
fn range_ui(ui: &mut Ui, vary: &SweepAxis, table: &'static [Parameter]) -> Option<SweepAxis> {
    let parameter = table.iter().find(|one| one.name == vary.parameter)?;
    let is_whole = matches!(parameter.kind, ParameterKind::Integer { .. });
    let [low, high] = match parameter.kind {
        ParameterKind::Number { min, max, .. } => [min, max],
        ParameterKind::Integer { min, max, .. } => [min, max].map(f64::from),
        _ => [f64::NEG_INFINITY, f64::INFINITY],
    };
    let mut next = vary.clone();
    let inks = roles_of(ui);
    for (end, name) in [(&mut next.from, "from"), (&mut next.to, "to")] {
        if name == "to" {
            rich_label(ui, name, SMALL, inks.text_weak);
        }
        let speed = if is_whole {
            0.2
        } else {
            0.02 * end.abs().max(1e-4)
        };
        let before = *end;
        let field = ranged_field(end, low..=high).speed(speed).shown_as(short);
        let name = format!("Sweep of {}: {name}", parameter.label);
        let response = ui.add(field).on_hover_text(&name);
        let shown = *end;
        response.widget_info(|| egui::WidgetInfo::drag_value(true, shown));
        if is_whole {
            *end = end.round();
        }
        if parameter.check(&ParameterValue::Number(*end)).is_err() || vary.is_log && *end <= 0.0 {
            *end = before;
        }
    }
    (next.from != next.to && next != *vary).then_some(next)
}

/// Plans the survey of all settings.
fn plan(
    session: &Session,
    axes: &[Coordinate],
    side: usize,
    vary: Vec<SweepAxis>,
) -> Result<SurveyPlan, SurveyError> {
    let experiment = session.experiment();
    let ask = SurveyOptions {
        plane: Some(axes.iter().map(ToString::to_string).collect()),
        side,
        seed: experiment.seeds.first().copied(),
        ..SurveyOptions::default()
    };
    experiment.sweep(session.problem(), &ask, vary)
}
