//! The atlas in the window: the outcome of each method for every start; a click on a start runs from there.

mod outcome;

use std::time::Duration;

use bilevel::problem::Coordinate;
use bilevel::run::Weights;
use bilevel::study::{OutcomeCounts, StartGrid};
use bilevel_figure::atlas::{atlas_legend, depth_entries};
use bilevel_figure::{
    AtlasPicture, Colouring, Figure, LegendEntry, LineCache, MethodMap, RichText, Scene,
    SurveyData, Swatch, Theme, View as _, ViewContext, atlas_figures, costs, patch, shades, tiles,
};
use bilevel_files::{SurveyError, SurveyOptions, SurveyPlan, shares_table};
use egui::{Rect, Response, Ui, UiBuilder, vec2};

use super::results::copies;
use super::survey_choices::{Key, axes, side_ui, work_ui};
use super::switch::view_switch;
use crate::app::background::survey_work::SurveyWork;
use crate::app::command::{CommandQueue, Edit, ViewChange};
use crate::app::messages;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::screen_pen::{egui_rect, figure_rect, paint, paint_text};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{controls_are_shown, rich_label, rich_paragraph, rich_whole};
use crate::app::session::Session;

/// The numbers of starts along an axis that can be chosen.
pub(crate) const SIDES: [usize; 6] = [16, 32, 64, 128, 256, 512];
/// The shortest time between two redraws of the maps while runs end.
const REDRAWN: f64 = 0.12;
/// The least width and height of a map; and the greatest height of a strip.
const LEAST: f32 = 150.0;
const STRIP: f32 = 66.0;
/// The height of the reduced objective beneath strips, as a multiple of a strip's, and its least height.
const CURVE: f32 = 1.9;
const CURVE_LEAST: f32 = 130.0;
/// The space between two maps.
const GAP: f32 = 8.0;

/// The inputs of the maps that are drawn.
#[derive(Clone, PartialEq)]
struct Drawn {
    edition: u64,
    weights: Weights,
    theme: Theme,
}

/// The atlas and its maps.
pub(crate) struct AtlasView {
    pub(crate) side: usize,
    work: SurveyWork<Key>,
    maps: Vec<MethodMap>,
    costs: [f64; 2],
    drawn: Option<(Drawn, f64)>,
    /// The start under the pointer.
    pointed: Option<usize>,
    /// The map and the start that the pointer was on last.
    told: Option<[usize; 2]>,
    /// True if the outcome of the start under the pointer stands beside the maps, and not at the pointer.
    pub(crate) is_told_beside: bool,
}

impl Default for AtlasView {
    fn default() -> Self {
        Self {
            side: SurveyOptions::SIDE,
            work: SurveyWork::default(),
            maps: Vec::new(),
            costs: [1.0; 2],
            drawn: None,
            pointed: None,
            told: None,
            is_told_beside: false,
        }
    }
}

impl AtlasView {
    /// Forgets the survey of another problem.
    pub(crate) fn reset(&mut self) {
        self.work.reset();
        self.maps.clear();
        self.drawn = None;
        self.pointed = None;
        self.told = None;
    }

    /// True if all maps are drawn.
    pub(crate) fn is_settled(&self) -> bool {
        self.work.is_settled()
            && self
                .drawn
                .as_ref()
                .is_none_or(|(drawn, _)| drawn.edition == self.work.edition)
    }

    /// Redraws the maps if their inputs have changed; false if that has to wait because runs end too fast.
    fn draw(&mut self, weights: Weights, theme: Theme, time: f64) -> bool {
        let wanted = Drawn {
            edition: self.work.edition,
            weights,
            theme,
        };
        if let Some((drawn, when)) = &self.drawn {
            let is_soon = time - when < REDRAWN && self.work.progress().is_some();
            if *drawn == wanted {
                return true;
            }
            if is_soon && drawn.theme == theme && !self.maps.is_empty() {
                return false;
            }
        }
        let Some(plan) = self.work.plan() else {
            self.maps.clear();
            return true;
        };
        let cells = self.work.cells();
        self.costs = costs(cells.iter().flatten(), &weights);
        let colouring = Colouring {
            ends: &self.work.data.colours,
            weights: &weights,
            costs: self.costs,
            theme,
        };
        let grid = &plan.survey.grid;
        let each = cells.chunks(grid.len().max(1));
        self.maps = each
            .map(|cells| MethodMap::new(grid, cells, colouring))
            .collect();
        self.drawn = Some((wanted, time));
        true
    }

    /// The legend of the maps.
    fn colour_legend(&self, session: &Session, is_short: bool, theme: Theme) -> Vec<LegendEntry> {
        let maps: Vec<&MethodMap> = self.maps.iter().collect();
        let metadata = session.problem().metadata();
        atlas_legend(&self.work.data.colours, metadata, &maps, is_short, theme)
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
        let theme = theme_of(ui);
        if session.has_begun() && !session.awaits_start() {
            let axes = axes(&context);
            let key = Key::new(session, axes.clone(), self.side);
            self.work.follow(ui.ctx(), session.background(), key, || {
                plan(session, &axes, self.side)
            });
        }
        self.choices(ui, session, commands);
        if let Some(refusal) = &self.work.refusal {
            rich_paragraph(
                ui,
                &messages::status::warning(refusal),
                TEXT,
                roles_of(ui).warning,
            );
            return;
        }
        let time = ui.input(|input| input.time);
        if !self.draw(session.weights(), theme, time) {
            let rest = Duration::from_secs_f64(REDRAWN);
            ui.ctx().request_repaint_after(rest);
        }
        self.legend(ui, session, theme);
        context.screen.cell = self.pointed;
        let figures = atlas_figures(&context, &self.work.data, &self.maps, theme);
        if figures.is_empty() {
            rich_label(
                ui,
                messages::status::computing_runs(),
                SMALL,
                roles_of(ui).text_faint,
            );
            return;
        }
        self.maps_ui(ui, &figures, session, commands);
    }

    /// Draws the maps in rows and columns, or strips over each other.
    fn maps_ui(
        &mut self,
        ui: &mut Ui,
        figures: &[Figure<'_>],
        session: &Session,
        commands: &mut CommandQueue,
    ) {
        let Some(grid) = self.work.plan().map(|plan| plan.survey.grid.clone()) else {
            return;
        };
        let is_strip = grid.axes().len() == 1;
        let mut pointed = None;
        let size = vec2(ui.available_width(), ui.available_height().max(LEAST));
        egui::ScrollArea::vertical()
            .id_salt("atlas")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                let (areas, height) = if is_strip {
                    strips(figures.len(), size)
                } else {
                    plane(figures.len(), size)
                };
                let (whole, _) = ui.allocate_exact_size(vec2(size.x, height), egui::Sense::hover());
                let sides = figures
                    .iter()
                    .map(|figure| bilevel_figure::sides(figure, SMALL));
                let shared = sides.fold([0.0_f32; 2], |[a, b], [left, right]| {
                    [a.max(left), b.max(right)]
                });
                for (place, (figure, area)) in figures.iter().zip(areas).enumerate() {
                    let area = area.translate(whole.min.to_vec2());
                    let mut inner = ui.new_child(UiBuilder::new().max_rect(area).id_salt(place));
                    let name = format!("Atlas {}", place + 1);
                    let sides = if is_strip { shared } else { [0.0; 2] };
                    let viewport = &mut Viewport::default();
                    let memory = &mut LineCache::default();
                    let shown =
                        figure_ui(&mut inner, &name, figure, viewport, false, sides, memory);
                    let is_map = self.maps.get(place).is_some();
                    if let Some(cell) = under(&shown.scene, &shown.response, &grid)
                        && is_map
                    {
                        pointed = Some(cell);
                        if shown.response.clicked() {
                            let start = grid.start(cell);
                            commands.push(Edit::MoveStart {
                                number: 0,
                                point: start,
                            });
                        }
                        self.told = Some([place, cell]);
                        if !self.is_told_beside {
                            self.tell(shown.response, session, [place, cell]);
                        }
                    }
                }
            });
        if pointed != self.pointed {
            self.pointed = pointed;
            ui.ctx().request_repaint();
        }
    }

    /// Draws the menu of views, the grid, the progress of the survey, and the buttons that copy it.
    fn choices(&mut self, ui: &mut Ui, session: &Session, commands: &mut CommandQueue) {
        if !controls_are_shown(ui) {
            if !self.work.is_settled() {
                ui.horizontal(|ui| work_ui(ui, &mut self.work));
            }
            return;
        }
        ui.horizontal_wrapped(|ui| {
            view_switch(ui, AtlasPicture::REF, &**session.problem(), commands);
            rich_label(ui, "grid", SMALL, roles_of(ui).text_weak);
            if let Some(side) = side_ui(ui, &SIDES, self.side) {
                commands.push(ViewChange::SetAtlasGrid { side });
            }
            work_ui(ui, &mut self.work);
            if let Some(plan) = self.work.plan().filter(|_| self.work.is_settled()) {
                self.copies(ui, session, plan, commands);
            }
        });
    }

    fn copies(
        &self,
        ui: &mut Ui,
        session: &Session,
        plan: &SurveyPlan,
        commands: &mut CommandQueue,
    ) {
        let methods = &session.experiment().methods;
        let labels = plan
            .methods
            .iter()
            .filter_map(|one| methods.get(one.method));
        let tallies: Vec<(Vec<String>, OutcomeCounts)> = labels
            .zip(&self.maps)
            .map(|(method, map)| (vec![method.label.clone()], map.tally.clone()))
            .collect();
        rich_label(ui, "copy", SMALL, roles_of(ui).text_weak);
        let names = ["Markdown", "LaTeX", "CSV"];
        copies(ui, &shares_table(&tallies), names, commands);
    }

    /// Draws the legend of the colours.
    fn legend(&self, ui: &mut Ui, session: &Session, theme: Theme) {
        if self.maps.is_empty() {
            return;
        }
        let roles = roles_of(ui);
        let is_short = !controls_are_shown(ui);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(14.0, 1.0);
            for entry in self.colour_legend(session, is_short, theme) {
                legend_entry(ui, &entry);
            }
            for entry in depth_entries(self.costs, theme)
                .iter()
                .filter(|_| !is_short)
            {
                legend_entry(ui, entry);
            }
            if self.work.is_stale() {
                rich_whole(ui, messages::status::outdated(), SMALL, roles.warning);
            }
        });
    }
}

/// The height of a line of the legend.
const LINE: f32 = 18.0;
/// The widths of an area and of a bar of shades in the legend, and the space behind them.
const AREA_WIDTH: f32 = 14.0;
const SHADES_WIDTH: f32 = 64.0;
const BEHIND: f32 = 6.0;

/// Draws a legend entry: swatch and name, which stay together where rows are wrapped.
fn legend_entry(ui: &mut Ui, entry: &LegendEntry) {
    let roles = roles_of(ui);
    let before = match entry.looks {
        Swatch::None => 0.0,
        Swatch::Shades(_) => SHADES_WIDTH + BEHIND,
        _ => AREA_WIDTH + BEHIND,
    };
    let room = (ui.max_rect().width() - before) / SMALL;
    let lines = RichText::wrap(&entry.label, room.max(1.0));
    let widest = lines.iter().map(|line| line.width).fold(0.0, f32::max);
    let size = vec2(before + widest * SMALL, LINE * lines.len() as f32);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    let spoken = RichText::parse(&entry.label).plain();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &spoken));
    let middle = rect.top() + 0.5 * LINE;
    let area = Rect::from_min_max(
        egui::pos2(rect.left(), middle - 6.0),
        egui::pos2(rect.left() + before - BEHIND, middle + 6.0),
    );
    match entry.looks {
        Swatch::Area(looks) => paint(ui.painter(), &patch(looks, figure_rect(area))),
        Swatch::Shades(colours) => paint(ui.painter(), &shades(colours, figure_rect(area))),
        _ => {}
    }
    let mut at = [rect.left() + before, middle + 0.36 * SMALL];
    for line in lines {
        paint_text(ui.painter(), at, &line, SMALL, roles.text_weak);
        at[1] += LINE;
    }
}

/// Plans the survey of all methods that suit the problem.
fn plan(session: &Session, axes: &[Coordinate], side: usize) -> Result<SurveyPlan, SurveyError> {
    let experiment = session.experiment();
    let slots = session.slots().iter().zip(&experiment.methods);
    let methods = slots.filter(|(slot, _)| slot.refusal.is_none());
    let methods: Vec<String> = methods.map(|(_, method)| method.label.clone()).collect();
    if methods.is_empty() {
        return Err(SurveyError::NoMethods);
    }
    let ask = SurveyOptions {
        plane: Some(axes.iter().map(ToString::to_string).collect()),
        side,
        methods,
        seed: experiment.seeds.first().copied(),
        ..SurveyOptions::default()
    };
    experiment.basins(session.problem(), &ask)
}

/// The start under the pointer.
fn under(scene: &Scene, response: &Response, grid: &StartGrid) -> Option<usize> {
    let pointer = response.hover_pos()?;
    let value = scene.transform.value([pointer.x, pointer.y]);
    grid.nearest(&value[..grid.axes().len()])
}

/// The rectangles of the maps and their total height, which exceeds the view's where it is too small.
fn plane(count: usize, size: egui::Vec2) -> (Vec<Rect>, f32) {
    let columns = (size.x / LEAST).floor().clamp(1.0, count.max(1) as f32);
    let rows = (count as f32 / columns).ceil();
    let height = size.y.max(rows * LEAST);
    let whole = Rect::from_min_size(egui::Pos2::ZERO, vec2(size.x, height));
    let areas = tiles(count, figure_rect(whole), SMALL);
    (areas.into_iter().map(egui_rect).collect(), height)
}

/// The rectangles of the strips, of the curve beneath them, and their total height.
fn strips(count: usize, size: egui::Vec2) -> (Vec<Rect>, f32) {
    let maps = count.saturating_sub(1) as f32;
    let each = ((size.y - GAP * maps) / (maps + CURVE)).clamp(0.7 * STRIP, STRIP);
    let mut top = 0.0;
    let mut areas = Vec::new();
    for place in 0..count {
        let is_curve = place + 1 == count;
        let height = if is_curve {
            (size.y - top).clamp(CURVE_LEAST, 2.5 * CURVE_LEAST)
        } else {
            each
        };
        areas.push(Rect::from_min_size(
            egui::pos2(0.0, top),
            vec2(size.x, height),
        ));
        top += height + GAP;
    }
    (areas, top)
}
