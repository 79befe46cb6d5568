//! A step taken apart in the window: its figures, and its operations as lines that can be lit.

use bilevel::problem::ParameterValue;
use bilevel_figure::{
    AnatomyLines, AnatomyPicture, LineCache, LineTone, RichText, View as _, ViewContext,
    anatomy_lines, figures, pairs,
};
use egui::{CursorIcon, Sense, Slider, Ui, UiBuilder, WidgetInfo, vec2};

use super::context::ask_for;
use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::view_worker::ViewWorker;
use crate::app::command::action::Icon;
use crate::app::command::{Action, CommandQueue, Edit};
use crate::app::messages;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::screen_pen::{egui_rect, figure_rect};
use crate::app::paint::theme::{SMALL, TEXT, colour, roles_of, theme_of};
use crate::app::paint::widgets::{
    chooser, controls_are_shown, icon_button, rich_label, rich_paragraph,
};
use crate::app::session::Session;

/// The width of the lines beside the figures, and the least width of a view that has room for both.
const LINES: f32 = 300.0;
const WIDE: f32 = 640.0;
/// The parameter T, the width of its slider, and its most.
const INNER_STEPS: &str = "inner_steps";
const SLIDER: f32 = 90.0;
const MOST_STEPS: f64 = 100.0;
/// The least width of a figure in a row of them.
const NARROWEST: f32 = 170.0;
/// The share of the height that the lines have beneath the figures.
const BENEATH: f32 = 0.36;

/// The figures and their visible parts.
pub(crate) struct AnatomyView {
    worker: ViewWorker<AnatomyPicture>,
    /// The chosen method, if any.
    pub(crate) chosen: Option<usize>,
    viewports: Vec<Viewport>,
    /// True if the view has data for the context.
    is_there: bool,
    /// The number of operations that can be lit.
    count: usize,
}

impl AnatomyView {
    /// Starts the worker.
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            worker: ViewWorker::new(background),
            chosen: None,
            viewports: Vec::new(),
            is_there: false,
            count: 0,
        }
    }

    /// Forgets the step of another problem.
    pub(crate) fn reset(&mut self) {
        self.chosen = None;
        self.viewports.clear();
        self.worker.forget();
    }

    /// True if the figures are those of the playhead.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || self.worker.is_settled()
    }

    /// The ranges of the figures that were panned or zoomed.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        Viewport::ranges(&self.viewports)
    }

    /// The operation after the lit one, or before it, in a circle that holds "all" as 0.
    pub(crate) fn part_beside(&self, part: usize, is_next: bool) -> usize {
        let places = self.count + 1;
        let step = if is_next { 1 } else { places - 1 };
        (part.min(self.count) + step) % places
    }

    /// Draws the view and queues what the user asks for.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        mut context: ViewContext<'_>,
        commands: &mut CommandQueue,
    ) {
        self.worker.receive();
        context.screen.is_there = true;
        context.screen.chosen = self.chosen;
        context.screen.ranges = self.ranges();
        let refusal = AnatomyPicture::needs(&**context.problem)
            .err()
            .map(|reason| messages::status::unfit_view(&reason))
            .or_else(|| Some(AnatomyPicture::request(&context).err()?.to_string()));
        self.is_there = session.has_begun() && refusal.is_none();
        let theme = theme_of(ui);
        let lines = anatomy_lines(&context, self.worker.data());
        let operations = lines.lines.iter();
        let operations = operations.filter(|line| line.tone == LineTone::Operation);
        self.count = operations.count();
        if controls_are_shown(ui) {
            self.choices(ui, &context, commands);
        }
        if let Some(words) = refusal {
            let words = messages::status::warning(&words);
            rich_paragraph(ui, &words, TEXT, roles_of(ui).text_weak);
            return;
        }
        let [mut plots, mut text] = [ui.available_rect_before_wrap(); 2];
        let whole = plots;
        if whole.width() >= WIDE {
            plots.max.x = whole.max.x - LINES.min(0.4 * whole.width());
            text.min.x = plots.max.x + 12.0;
        } else {
            plots.max.y = whole.max.y - BENEATH * whole.height();
            text.min.y = plots.max.y + 6.0;
        }
        let levels = context.problem.metadata().shape().levels();
        context.screen.joins_levels = plots.width() < levels as f32 * NARROWEST;
        let figures = figures::<AnatomyPicture>(&context, self.worker.data(), theme);
        if self.is_there {
            ask_for(&mut self.worker, context, None, session);
        }
        if figures.is_empty() {
            let words = messages::status::computing_step();
            rich_label(ui, words, SMALL, roles_of(ui).text_faint);
            return;
        }
        ui.allocate_rect(whole, Sense::hover());
        self.viewports.resize(figures.len(), Viewport::default());
        // a low view has its figures side by side
        let width = plots.width() / figures.len() as f32;
        let is_row = plots.height() < 0.75 * plots.width() && width >= NARROWEST;
        let areas = if is_row {
            let area = figure_rect(plots);
            let count = figures.len() as f32;
            let width = area.width() / count;
            (0..figures.len())
                .map(|place| {
                    let mut cell = area;
                    cell.min[0] = area.min[0] + place as f32 * width;
                    cell.max[0] = cell.min[0] + width - 8.0;
                    cell
                })
                .collect()
        } else {
            columns(figures.len(), plots)
        };
        for (place, (figure, area)) in figures.iter().zip(areas).enumerate() {
            let area = egui_rect(area);
            let mut inner = ui.new_child(UiBuilder::new().max_rect(area).id_salt(place));
            let viewport = &mut self.viewports[place];
            let name = RichText::parse(&figure.title).plain();
            let memory = &mut LineCache::default();
            figure_ui(&mut inner, &name, figure, viewport, true, [0.0; 2], memory);
        }
        let mut inner = ui.new_child(UiBuilder::new().max_rect(text).id_salt("operations"));
        egui::ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(&mut inner, |ui| lines_ui(ui, &lines, commands));
    }

    /// Draws the menu of views, the method, and the choice of the lit operation.
    fn choices(&mut self, ui: &mut Ui, context: &ViewContext<'_>, commands: &mut CommandQueue) {
        let weak = roles_of(ui).text_weak;
        ui.horizontal_wrapped(|ui| {
            view_switch(ui, AnatomyPicture::REF, &**context.problem, commands);
            let options: Vec<(usize, &str, &str)> = context
                .visible_methods()
                .map(|(place, method)| (place, method.label.as_str(), method.entry.name))
                .collect();
            let shown = self.chosen.or_else(|| Some(options.first()?.0));
            if let Some(slot) = shown
                && options.len() > 1
            {
                rich_label(ui, "of", SMALL, weak);
                if let Some(slot) = chooser(ui, "Whose step", &options, slot) {
                    self.chosen = Some(slot);
                }
            }
            if let Some(slot) = shown {
                inner_steps_ui(ui, context, slot, commands);
            }
            if self.count == 0 {
                return;
            }
            if icon_button(ui, Icon::Up, "Previous operation of the step (↑)").clicked() {
                commands.push(Action::PreviousPart);
            }
            if icon_button(ui, Icon::Down, "Next operation of the step (↓)").clicked() {
                commands.push(Action::NextPart);
            }
            let part = context.view.option(AnatomyPicture::REF, "part") as usize;
            let words = messages::status::lit_operation(part.min(self.count), self.count);
            rich_label(ui, &words, SMALL, weak);
        });
    }
}

/// Areas of two columns. The parts of the move, the second of three figures, have one for themselves: their rows hold words.
fn columns(count: usize, whole: egui::Rect) -> Vec<bilevel_figure::Rect> {
    let [left, right] = [0, 1].map(|column| {
        let width = 0.5 * whole.width();
        let corner = whole.min + vec2(column as f32 * width, 0.0);
        egui::Rect::from_min_size(corner, vec2(width - 8.0, whole.height()))
    });
    if count != 3 {
        return pairs(count, figure_rect(whole));
    }
    let (upper, lower) = left.split_top_bottom_at_fraction(0.5);
    [upper, right, lower].map(figure_rect).into()
}

/// Draws the slider of T, which makes the follower's loop longer or shorter on the spot.
fn inner_steps_ui(
    ui: &mut Ui,
    context: &ViewContext<'_>,
    slot: usize,
    commands: &mut CommandQueue,
) {
    let Some(method) = context.experiment.methods.get(slot) else {
        return;
    };
    if !method.settings.declares(INNER_STEPS) {
        return;
    }
    let before = method.settings.number(INNER_STEPS);
    let mut next = before;
    rich_label(ui, "$T$", TEXT, roles_of(ui).text);
    ui.spacing_mut().slider_width = SLIDER;
    let bar = Slider::new(&mut next, 1.0..=MOST_STEPS)
        .logarithmic(true)
        .integer()
        .show_value(false);
    let bar = ui.add(bar).on_hover_text("The inner steps of this method");
    bar.widget_info(|| WidgetInfo::slider(true, before, "Inner steps in the anatomy"));
    rich_label(ui, &before.to_string(), TEXT, roles_of(ui).text);
    if bar.changed() && next != before {
        commands.push(Edit::SetParameter {
            slot,
            name: INNER_STEPS,
            value: ParameterValue::Number(next),
        });
    }
}

/// Draws the lines; a click lights an operation, or all if it is lit already.
fn lines_ui(ui: &mut Ui, lines: &AnatomyLines, commands: &mut CommandQueue) {
    let roles = roles_of(ui);
    let is_any_lit = lines.lit.is_some_and(|lit| lit < lines.lines.len());
    ui.spacing_mut().item_spacing.y = 4.0;
    for (place, line) in lines.lines.iter().enumerate() {
        let is_lit = lines.lit == Some(place);
        let is_operation = line.tone == LineTone::Operation;
        let ink = match (is_operation, is_lit, is_any_lit) {
            (true, true, _) | (true, false, false) => roles.text,
            _ => roles.text_weak,
        };
        let size = if is_operation { TEXT } else { SMALL };
        let shown = ui.scope(|ui| rich_paragraph(ui, &line.words, size, ink));
        let area = shown.response.rect;
        if !is_operation {
            continue;
        }
        if is_lit {
            let bar = egui::Rect::from_min_max(
                area.min - vec2(8.0, 0.0),
                egui::pos2(area.min.x - 5.0, area.max.y),
            );
            ui.painter().rect_filled(bar, 0.0, colour(roles.text));
        }
        let id = ui.scope_id().with(("operation", place));
        let response = ui
            .interact(area, id, Sense::click())
            .on_hover_cursor(CursorIcon::PointingHand);
        let name = RichText::parse(&line.words).plain();
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, name.clone()));
        if response.clicked() {
            let part = if is_lit { 0 } else { place + 1 };
            commands.push(Edit::SetViewOption {
                name: "part",
                value: part as f64,
            });
        }
    }
}
