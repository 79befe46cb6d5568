//! The hypergradient compass in the window: a switch of the lower blocks, the legend and the sentence on the playhead above
//! the pictures.

use bilevel_figure::{
    CompassPicture, CompassPointerRequest, CompassReading, Figure, FigureArrangement, LineCache,
    Rect, RichText, View as _, ViewContext, beside, compass_arrangement, figures, sides_within,
    tiles,
};
use egui::{Ui, UiBuilder};

use super::context::ask_for;
use super::hover::Pointed;
use super::option::option_ui;
use super::switch::view_switch;
use crate::app::background::Background;
use crate::app::background::latest_wins::LatestWins;
use crate::app::background::view_worker::ViewWorker;
use crate::app::command::CommandQueue;
use crate::app::messages;
use crate::app::paint::plot_view::{Viewport, figure_ui};
use crate::app::paint::screen_pen::{egui_rect, figure_rect};
use crate::app::paint::theme::{SMALL, TEXT, roles_of, theme_of};
use crate::app::paint::widgets::{controls_are_shown, rich_label, rich_paragraph, rich_whole};
use crate::app::session::Session;

/// The space between stacked pictures.
const GAP: f32 = 6.0;
/// The first picture's share of the height of two on one axis.
const SHARE: f32 = 0.46;

/// The compass and its visible parts.
pub(crate) struct CompassView {
    worker: ViewWorker<CompassPicture>,
    /// The range of the leader's variables, which all pictures share.
    viewport: Viewport,
    /// The visible parts of the charts beside the dial.
    charts: Vec<Viewport>,
    /// True if the view has data for the context.
    is_there: bool,
    /// The directions at the pointer.
    reader: LatestWins<CompassPointerRequest, Option<CompassReading>>,
    /// The newest of them.
    reading: Option<CompassReading>,
}

impl CompassView {
    pub(crate) fn new(background: &Background) -> Self {
        Self {
            worker: ViewWorker::new(background),
            viewport: Viewport::default(),
            charts: Vec::new(),
            is_there: false,
            reader: LatestWins::new(background, "compass pointer", &[1], |request, _, token| {
                CompassPointerRequest::read(request, token)
            }),
            reading: None,
        }
    }

    /// Forgets the data of another problem.
    pub(crate) fn reset(&mut self) {
        self.viewport = Viewport::default();
        self.charts.clear();
        self.worker.forget();
        self.reading = None;
    }

    /// True if the pictures are there in full.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_there || self.worker.is_settled() && !self.reader.is_begun()
    }

    /// The ranges of the figures that were panned or zoomed.
    pub(crate) fn ranges(&self) -> Vec<Option<[[f64; 2]; 2]>> {
        let charts = self.charts.iter().map(|chart| chart.range);
        [self.viewport.range].into_iter().chain(charts).collect()
    }

    /// Draws the view and queues what the user asks for. `pointed` is the iterate under the pointer in any view.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        mut context: ViewContext<'_>,
        pointed: &mut Pointed,
        commands: &mut CommandQueue,
    ) {
        self.worker.receive();
        let info = CompassPicture::REF;
        let needs = CompassPicture::needs(&**session.problem());
        self.is_there = needs.is_ok();
        if controls_are_shown(ui) {
            ui.horizontal_wrapped(|ui| {
                view_switch(ui, info, &**session.problem(), commands);
                for option in info.options.iter().filter(|_| self.is_there) {
                    let value = context.view.option(info, option.name);
                    option_ui(ui, option, value, commands);
                }
            });
        }
        let weak = roles_of(ui).text_weak;
        if let Err(reason) = needs {
            let words = messages::status::warning(&messages::status::unfit_view(&reason));
            rich_paragraph(ui, &words, TEXT, weak);
            return;
        }
        context.screen.is_there = true;
        context.screen.ranges = self.ranges();
        let data = self.worker.data();
        let drawn = figures::<CompassPicture>(&context, data, theme_of(ui));
        if drawn.is_empty() {
            let words = messages::status::computing_view();
            rich_label(ui, words, SMALL, roles_of(ui).text_faint);
        } else {
            if controls_are_shown(ui) {
                if let Some(words) = CompassPicture::sentence(&context, data) {
                    rich_paragraph(ui, &words, SMALL, roles_of(ui).text);
                }
                let words = CompassPicture::legend(&context, data).join(" ");
                rich_paragraph(ui, &words, SMALL, weak);
            }
            let pointer = self.figures_ui(ui, session, drawn, pointed);
            self.read(ui, &context, pointer);
        }
        ask_for(&mut self.worker, context, None, session);
    }

    /// Requests the directions at the pointer and shows the newest ones.
    fn read(&mut self, ui: &Ui, context: &ViewContext<'_>, pointer: Option<PointerPlace>) {
        if let Some(Some(reading)) = self.reader.take() {
            self.reading = Some(reading);
        }
        let Some(pointer) = pointer else {
            return;
        };
        let Some(request) = CompassPointerRequest::new(context, pointer.at) else {
            return;
        };
        // a request is answered before the next one, and its answer wakes the window
        if self.reader.request() != Some(&request) && !self.reader.is_begun() {
            self.reader.hand_in(request);
        }
        // a moving pointer shows the words of a moment ago, with the place that they are about
        let Some(reading) = &self.reading else {
            return;
        };
        let lines = reading.lines(context, self.worker.data());
        egui::Tooltip::always_open(
            ui.ctx().clone(),
            ui.layer_id(),
            pointer.id.with("compass"),
            egui::PopupAnchor::Pointer,
        )
        .gap(14.0)
        .show(|ui| {
            let roles = roles_of(ui);
            for line in lines {
                rich_whole(ui, &line, SMALL, roles.text);
            }
        });
    }

    /// Draws the figures in their arrangement. Returns the leader's variables under the pointer, where no iterate is.
    fn figures_ui(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        figures: Vec<Figure<'_>>,
        pointed: &mut Pointed,
    ) -> Option<PointerPlace> {
        let mut place_of_pointer = None;
        let variables = session.problem().metadata().shape().size(1);
        let arrangement = compass_arrangement(variables);
        let (whole, _) = ui.allocate_exact_size(ui.available_size(), egui::Sense::hover());
        let whole = figure_rect(whole);
        let areas = match arrangement {
            FigureArrangement::Tiles => tiles(figures.len(), whole, SMALL),
            FigureArrangement::Beside => beside(&figures, whole, SMALL),
            _ => stacked(figures.len(), whole),
        };
        let is_stack = arrangement == FigureArrangement::Stack;
        let shared = figures.iter().filter(|_| is_stack);
        let shared = shared
            .map(|figure| sides_within(figure, SMALL, whole.width()))
            .fold([0.0_f32; 2], |[a, b], [left, right]| {
                [a.max(left), b.max(right)]
            });
        if variables > 2 {
            self.charts
                .resize(figures.len().saturating_sub(1), Viewport::default());
        }
        for (place, (mut figure, area)) in figures.into_iter().zip(areas).enumerate() {
            let area = egui_rect(area);
            let mut inner = ui.new_child(UiBuilder::new().max_rect(area).id_salt(place));
            pointed.ring(&mut figure);
            let name = RichText::parse(&figure.title).plain();
            let memory = &mut LineCache::default();
            // the rows beneath φ, and a dial, are not moved on their own
            let mut fixed = Viewport::default();
            let (viewport, drags) = match (arrangement, place) {
                (FigureArrangement::Stack, 0) | (FigureArrangement::Tiles, _) => {
                    (&mut self.viewport, true)
                }
                (FigureArrangement::Beside, 1..) => (&mut self.charts[place - 1], true),
                _ => (&mut fixed, false),
            };
            let shown = figure_ui(&mut inner, &name, &figure, viewport, drags, shared, memory);
            pointed.look(ui, &figure, &shown, session);
            let over = shown.response.hover_pos();
            let over = over.filter(|_| !shown.response.dragged() && pointed.is_free());
            if let Some(pointer) = over {
                place_of_pointer = Some(PointerPlace {
                    at: shown.scene.transform.value(pointer.into()),
                    id: shown.response.id,
                });
            }
        }
        place_of_pointer
    }
}

/// A place under the pointer in the units of a figure.
struct PointerPlace {
    at: [f64; 2],
    id: egui::Id,
}

/// Areas above each other; the first of two gets a share of its own.
fn stacked(count: usize, whole: Rect) -> Vec<Rect> {
    if count != 2 {
        return vec![whole; count.min(1)];
    }
    let middle = whole.min[1] + SHARE * whole.height();
    let (mut upper, mut lower) = (whole, whole);
    upper.max[1] = middle - 0.5 * GAP;
    lower.min[1] = middle + 0.5 * GAP;
    vec![upper, lower]
}
