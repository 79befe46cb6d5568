//! The race in the window: a measure of every run and, always beside it, the value gap.

use std::borrow::Cow;

use bilevel::problem::{Metadata, OracleCall};
use bilevel::study::{Measure, RunCost};
use bilevel_figure::race::{RaceOptions, Spread, has_target, scale_of};
use bilevel_figure::{
    AxisScale, Figure, LineCache, RacePicture, RichText, ViewContext, figures, short_name,
    sides_within,
};
use bilevel_files::FigureRanges;
use egui::{Role, Sense, Ui, WidgetInfo, vec2};

use super::hover::Pointed;
use super::race_summary::{race_counts, race_summary};
use crate::app::command::{CommandQueue, Tab, ViewChange};
use crate::app::messages;
use crate::app::messages::prediction::curve_name;
use crate::app::paint::number_field::ranged_field;
use crate::app::paint::plot_view::{ShownFigure, Viewport, figure_ui};
use crate::app::paint::screen_pen::{egui_rect, paint_text};
use crate::app::paint::theme::{SMALL, colour, roles_of, theme_of};
use crate::app::paint::widgets::{
    HoverMarkup as _, chooser, controls_are_shown, rich_label, segmented, short, title,
};
use crate::app::session::Session;
use crate::app::session::letters::letter;

/// The finish line's tolerance until the user chooses another.
const TOLERANCE: f64 = 0.05;
/// The longest time between the clicks of a double click, in seconds.
const DOUBLE_CLICK: f64 = 0.3;

/// The approximate width of the switch between runs and medians.
const SPREAD: f32 = 160.0;

/// The options and visible ranges of the race.
#[derive(Default)]
pub(crate) struct RaceView {
    pub(crate) view: RaceOptions,
    viewports: [Viewport; 2],
    memories: [LineCache; 2],
    /// The method whose name was clicked once, and the time of the click.
    clicked: Option<(usize, f64)>,
}

/// The arrangement of the two charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChartArrangement {
    /// Beside each other, in the place that they share with the results.
    Tabs,
    /// Above each other, on one axis.
    Stacked,
}

/// The lines of the sentence under the charts, kept free while the runs are at work, and the height of each.
const SUMMARY_LINES: usize = 2;
const SUMMARY_LINE: f32 = 16.0;
const SUMMARY: f32 = 4.0 + SUMMARY_LINES as f32 * SUMMARY_LINE;
/// The least height of the race with its sentence.
const LOWEST: f32 = 150.0;

fn whole_name(label: &str) -> Cow<'_, str> {
    Cow::Borrowed(label)
}

/// Draws the sentence on where the runs ended, shortened to its place; the pointer shows all of it.
fn summary_ui(ui: &mut Ui, session: &Session) {
    let size = vec2(ui.available_width(), SUMMARY);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let Some(words) = race_summary(session, whole_name) else {
        return;
    };
    let mut lines = RichText::wrap(&words, size.x / SMALL);
    if lines.len() > SUMMARY_LINES
        && let Some(short) = race_summary(session, short_name)
    {
        lines = RichText::wrap(&short, size.x / SMALL);
    }
    if lines.len() > SUMMARY_LINES
        && let Some(counts) = race_counts(session)
    {
        lines = RichText::wrap(&counts, size.x / SMALL);
    }
    let has_more = lines.len() > SUMMARY_LINES;
    lines.truncate(SUMMARY_LINES);
    if has_more && let Some(last) = lines.pop() {
        // the pointer shows the rest
        let width = last.width;
        lines.push(last.shortened(width.min(size.x / SMALL - 1.0) - 0.01));
    }
    for (row, line) in lines.into_iter().enumerate() {
        let at = [rect.left(), rect.top() + 14.0 + SUMMARY_LINE * row as f32];
        let ink = roles_of(ui).text;
        paint_text(ui.painter(), at, &line, SMALL, ink);
    }
    let plain = RichText::parse(&words).plain();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &plain));
    response.on_hover_markup(&words);
}

/// Draws the switch between the race and the results, where they share a place.
pub(crate) fn tabs_ui(ui: &mut Ui, tab: Tab, commands: &mut CommandQueue) {
    let options = [(Tab::Race, "**Race**"), (Tab::Results, "**Results**")];
    if let Some(tab) = segmented(ui, &options, tab) {
        commands.push(ViewChange::SetTab { tab });
    }
}

impl RaceView {
    /// Resets the visible ranges: the axes have changed their meaning.
    pub(crate) fn fit(&mut self) {
        self.viewports = Default::default();
    }

    /// Shows another problem, which may not have the metric that was compared.
    pub(crate) fn reset(&mut self, metadata: &Metadata) {
        if !Measure::all(metadata).contains(&self.view.measure) {
            self.set_measure(Measure::default());
        }
        self.fit();
    }

    /// Compares another measure, on the scale that suits it.
    pub(crate) fn set_measure(&mut self, measure: Measure) {
        self.view.measure = measure;
        self.view.scales[1] = scale_of(measure);
        self.fit();
    }

    /// Goes to the next combination of logarithmic axes: both, the vertical one, the horizontal one, none.
    pub(crate) fn cycle_scales(&mut self) {
        use AxisScale::{Linear, Log};
        self.view.scales = match self.view.scales {
            [Log, Log] => [Linear, Log],
            [Linear, Log] => [Log, Linear],
            [Log, Linear] => [Linear, Linear],
            [Linear, Linear] => [Log, Log],
        };
        self.fit();
    }

    /// Sets the ranges of the charts.
    pub(crate) fn set_ranges(&mut self, ranges: &[Option<FigureRanges>]) {
        Viewport::set_all(&mut self.viewports, ranges);
    }

    /// The ranges of the charts that were panned or zoomed.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        Viewport::ranges(&self.viewports)
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate under the pointer in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        (session, mut context): (&Session, ViewContext<'_>),
        pointed: &mut Pointed,
        arrangement: ChartArrangement,
        commands: &mut CommandQueue,
    ) {
        if controls_are_shown(ui) {
            self.choices(ui, session, arrangement, commands);
            ui.add_space(4.0);
        }
        context.screen.is_there = true;
        context.screen.ranges = self.ranges();
        let lines = session.reference_lines().to_vec();
        let figures = figures::<RacePicture>(&context, &lines, theme_of(ui));
        let width = ui.available_width();
        // a low window has room for the charts alone, and a sentence would tell whose curve is whose
        let has_summary = ui.available_height() > LOWEST && session.letters().is_none();
        let below = if has_summary { SUMMARY } else { 0.0 };
        let height = (ui.available_height() - below).max(0.0);
        let names = ["Race", "Value gap"];
        match arrangement {
            ChartArrangement::Tabs => {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 12.0;
                    for (place, figure) in figures.into_iter().enumerate() {
                        ui.allocate_ui(vec2(0.5 * (width - 12.0), height), |ui| {
                            let chart = (place, names[place], figure, [0.0; 2]);
                            self.chart_ui(ui, session, pointed, chart, commands);
                        });
                    }
                });
            }
            ChartArrangement::Stacked => {
                let [a, b] = [0, 1].map(|place| sides_within(&figures[place], SMALL, width));
                let margins = [a[0].max(b[0]), a[1].max(b[1])];
                let shares = [0.56, 0.44];
                for (place, figure) in figures.into_iter().enumerate() {
                    let size = vec2(width, shares[place] * (height - 6.0).max(0.0));
                    ui.allocate_ui(size, |ui| {
                        let chart = (place, names[place], figure, margins);
                        self.chart_ui(ui, session, pointed, chart, commands);
                    });
                }
            }
        }
        if has_summary {
            summary_ui(ui, session);
        }
        self.hide_what_was_clicked(ui, commands);
    }

    /// Draws one of the charts. The names at the ends of its lines can be clicked.
    fn chart_ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        pointed: &mut Pointed,
        (place, name, mut figure, margins): (usize, &str, Figure<'_>, [f32; 2]),
        commands: &mut CommandQueue,
    ) {
        pointed.ring(&mut figure);
        let (viewport, memory) = (&mut self.viewports[place], &mut self.memories[place]);
        let shown = figure_ui(ui, name, &figure, viewport, true, margins, memory);
        pointed.look(ui, &figure, &shown, session);
        if session.letters().is_some() {
            letter_nodes(ui, name, &shown);
            return;
        }
        for (number, (rect, slot)) in shown.scene.names.iter().enumerate() {
            let Some(method) = session.experiment().methods.get(*slot) else {
                continue;
            };
            let id = ui.scope_id().with((name, number));
            let response = ui.interact(egui_rect(*rect), id, Sense::click());
            let words = name_hint(&method.label);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
            if response.double_clicked() {
                self.clicked = None;
                commands.push(ViewChange::Isolate { slot: *slot });
            } else if response.clicked() {
                self.clicked = Some((*slot, ui.input(|input| input.time)));
            }
            response
                .on_hover_cursor(egui::CursorIcon::PointingHand)
                .on_hover_text(words);
        }
    }

    /// Hides the method whose name was clicked once, when the time for a second click has passed.
    fn hide_what_was_clicked(&mut self, ui: &Ui, commands: &mut CommandQueue) {
        let Some((slot, at)) = self.clicked else {
            return;
        };
        let rest = at + DOUBLE_CLICK - ui.input(|input| input.time);
        if rest > 0.0 {
            let rest = std::time::Duration::from_secs_f64(rest);
            ui.ctx().request_repaint_after(rest);
        } else {
            self.clicked = None;
            commands.push(ViewChange::ToggleVisible { slot });
        }
    }

    /// Draws the choosers of the axes, of the spread and of the finish line.
    fn choices(
        &self,
        ui: &mut Ui,
        session: &Session,
        arrangement: ChartArrangement,
        commands: &mut CommandQueue,
    ) {
        // items that do not fit go to the next row
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            match arrangement {
                ChartArrangement::Stacked => title(ui, "Race"),
                ChartArrangement::Tabs => tabs_ui(ui, Tab::Race, commands),
            }
            self.axes(ui, session, commands);
            self.spread(ui, session, commands);
            let traces = session.slots().iter().filter(|slot| slot.is_visible);
            let traces = traces.flat_map(|slot| slot.runs.iter().map(|run| &run.trace));
            // a switch of a line that no chart has would be a riddle
            if has_target(traces, session.problem().metadata(), self.view.measure) {
                self.finish(ui, commands);
            }
        });
    }

    /// Draws the choosers of the measure, the cost and the scales.
    fn axes(&self, ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
        let metadata = session.problem().metadata();
        let named = measures(session, Some(self.view.measure));
        let options: Vec<_> = named
            .iter()
            .map(|(measure, name)| (*measure, name.as_str(), measure.meaning(metadata)))
            .collect();
        if let Some(measure) = chooser(ui, "Measure of the race", &options, self.view.measure) {
            commands.push(ViewChange::SetMeasure { measure });
        }
        self.log_ui(ui, 1, commands);
        rich_label(ui, "over", SMALL, roles_of(ui).text_weak);
        let costs = RunCost::ALL.map(|cost| (cost, cost.name(), cost.label()));
        if let Some(cost) = chooser(ui, "Cost of the race", &costs, self.view.cost) {
            commands.push(ViewChange::SetCost { cost });
        }
        if self.view.cost == RunCost::Weighted {
            self.weights(ui, commands);
        }
        self.log_ui(ui, 0, commands);
    }

    /// Draws the switch of an axis's scale, beside the chooser of its quantity: the second chart has a vertical scale of its own.
    fn log_ui(&self, ui: &mut Ui, axis: usize, commands: &mut CommandQueue) {
        // an empty box is empty, not grey
        ui.visuals_mut().widgets.inactive.bg_fill = colour(roles_of(ui).card);
        let mut is_log = self.view.scales[axis] == AxisScale::Log;
        let (name, meaning) = messages::race::log_axis(axis == 0);
        let check = ui.checkbox(&mut is_log, "log").on_hover_text(meaning);
        check.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_log, name));
        if check.changed() {
            let scale = if is_log {
                AxisScale::Log
            } else {
                AxisScale::Linear
            };
            commands.push(ViewChange::SetScale { axis, scale });
        }
    }

    /// Draws the switch between each run and the median, if a method has several runs.
    fn spread(&self, ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
        if has_many_runs(session) && session.letters().is_none() {
            let spreads = [(Spread::Each, "each run"), (Spread::Median, "median")];
            // a switch is not broken, so it begins a row of its own where it does not fit
            if ui.available_size_before_wrap().x < SPREAD {
                ui.end_row();
            }
            if let Some(spread) = segmented(ui, &spreads, self.view.spread) {
                commands.push(ViewChange::SetSpread { spread });
            }
        }
    }

    /// Draws the switch and the tolerance of the finish line.
    fn finish(&self, ui: &mut Ui, commands: &mut CommandQueue) {
        let mut tolerance = self.view.tolerance.unwrap_or(TOLERANCE);
        let mut is_drawn = self.view.tolerance.is_some();
        let check = ui
            .checkbox(&mut is_drawn, "target line")
            .on_hover_text("A run counts as solved when |f − f*| and its value gap are below this");
        if check.changed() {
            commands.push(ViewChange::SetTolerance {
                tolerance: is_drawn.then_some(tolerance),
            });
        }
        // after its check box, which keeps its place
        if self.view.tolerance.is_some() {
            let speed = 0.01 * tolerance;
            let field = ranged_field(&mut tolerance, 1e-15..=1e6)
                .speed(speed)
                .shown_as(short);
            let field = ui.add_sized([52.0, 20.0], field);
            field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Finish tolerance"));
            if field.changed() {
                commands.push(ViewChange::SetTolerance {
                    tolerance: Some(tolerance),
                });
            }
        }
    }

    /// Draws the menu of the weights of each kind of oracle call.
    fn weights(&self, ui: &mut Ui, commands: &mut CommandQueue) {
        let menu = ui.menu_button("weights", |ui| {
            for (place, call) in OracleCall::ALL.into_iter().enumerate() {
                ui.horizontal(|ui| {
                    let mut weights = self.view.weights;
                    let field = ranged_field(&mut weights[place], 0.0..=1e6).speed(0.05);
                    let field = ui.add_sized([56.0, 20.0], field);
                    let spoken = format!("Weight of {}", call.name());
                    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &spoken));
                    rich_label(ui, call.meaning(), SMALL, roles_of(ui).text_weak);
                    if field.changed() {
                        commands.push(ViewChange::SetWeights { weights });
                    }
                });
            }
        });
        menu.response
            .widget_info(|| WidgetInfo::labeled(Role::Button, true, "Weights of the calls"));
    }
}

/// The measures of a problem with their names. `present` stays in the list while the optimum is being computed.
pub(crate) fn measures(session: &Session, present: Option<Measure>) -> Vec<(Measure, String)> {
    let metadata = session.problem().metadata();
    let has_optimum = metadata.optimum().is_some();
    Measure::all(metadata)
        .into_iter()
        .filter(|measure| has_optimum || !measure.needs_optimum() || Some(*measure) == present)
        .map(|measure| (measure, measure.name(metadata)))
        .collect()
}

/// The words of a method's name in a chart.
pub(crate) fn name_hint(label: &str) -> String {
    format!("{label}: click to hide, double click to isolate")
}

/// Gives the letters at the ends of lines nodes for screen readers.
fn letter_nodes(ui: &Ui, chart: &str, shown: &ShownFigure) {
    for (number, (rect, place)) in shown.scene.names.iter().enumerate() {
        let id = ui.scope_id().with((chart, "letter", number));
        let response = ui.interact(egui_rect(*rect), id, Sense::hover());
        let words = curve_name(letter(*place));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    }
}

/// True if any method has more than one run.
fn has_many_runs(session: &Session) -> bool {
    session.slots().iter().any(|slot| slot.runs.len() > 1)
}
