//! A figure in the window: the scene drawn by the screen pen, and egui's plot over it for panning and zooming.

use bilevel_figure::{AxisScale, Figure, LineCache, Scene, SceneLayout};
use egui::{Context, Id, Response, Role, Sense, Shape, Ui, UiBuilder, WidgetInfo};
use egui_plot::{Plot, PlotBounds};

use super::noted_picture::cover;
use super::screen_pen::{egui_rect, figure_rect, paint};
use super::theme::{SMALL, colour, roles_of, theme_of};
use super::widgets::{controls_are_shown, icon_button};
use crate::app::command::action::Icon;
use crate::app::messages::notes::picture_with;
use crate::app::messages::status::whole_view;

/// The least width of a range, as a share of its distance from 0.
const THINNEST: f64 = 1e-9;
/// The largest turn of the wheel within a frame: a factor of ten in or out.
const MOST_WHEEL: f32 = 575.0;

/// The visible part of a picture: all of it until the user pans or zooms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Viewport {
    /// The ranges in the units of the data; `None` follows the data.
    pub(crate) range: Option<[[f64; 2]; 2]>,
}

impl Viewport {
    /// Sets the ranges of several pictures; those without one follow the data.
    pub(crate) fn set_all(viewports: &mut [Self], ranges: &[Option<[[f64; 2]; 2]>]) {
        for (place, viewport) in viewports.iter_mut().enumerate() {
            viewport.range = ranges.get(place).copied().flatten();
        }
    }

    /// The ranges of several pictures.
    pub(crate) fn ranges(viewports: &[Self]) -> Vec<Option<[[f64; 2]; 2]>> {
        viewports.iter().map(|viewport| viewport.range).collect()
    }
}

/// A figure as it was drawn.
pub(crate) struct ShownFigure {
    pub(crate) scene: Scene,
    /// The response of the rectangle between the axes.
    pub(crate) response: Response,
}

/// Draws a figure into the rest of `ui`. `drags` is true if a drag pans; `sides` is the least space beside the plot;
/// `memory` keeps the picture's lines from frame to frame.
pub(crate) fn figure_ui(
    ui: &mut Ui,
    name: &str,
    figure: &Figure<'_>,
    viewport: &mut Viewport,
    drags: bool,
    sides: [f32; 2],
    memory: &mut LineCache,
) -> ShownFigure {
    let (area, _) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let layout = SceneLayout {
        area: figure_rect(area),
        text: SMALL,
        theme: theme_of(ui),
        sides,
        head: 0.0,
        is_page: false,
    };
    let scene = Scene::remembering(figure, layout, memory);
    paint(&ui.painter().with_clip_rect(area), &scene.primitives);
    let scales = [figure.x.scale, figure.y.scale];
    let shown =
        [0, 1].map(|axis| scene.transform.ranges[axis].map(|end| scales[axis].forward(end)));
    let moved = interact(ui, name, egui_rect(scene.plot), shown, drags);
    let is_asked = viewport.range.is_some() && whole_ui(ui, egui_rect(scene.plot), name);
    if moved.is_reset || is_asked || is_whole_asked(ui.ctx()) {
        viewport.range = None;
    } else if let Some(places) = moved.places
        && (0..2).all(|axis| can_be_shown(places[axis], scales[axis]))
    {
        viewport.range =
            Some([0, 1].map(|axis| places[axis].map(|place| scales[axis].inverse(place))));
    }
    // a description for screen readers
    let title = bilevel_figure::RichText::parse(&figure.title).plain();
    let described = if title == name {
        title
    } else {
        format!("{name}: {title}")
    };
    let notes: Vec<&str> = scene.notes.iter().map(|it| it.words.as_str()).collect();
    let described = picture_with(&described, &notes, scene.left_out_notes);
    moved
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Figure, true, &described));
    cover(ui, name, figure, &scene);
    ShownFigure {
        scene,
        response: moved.response,
    }
}

/// The key of the frame in which all pictures are asked to show everything, in egui's memory.
const WHOLE: &str = "frame of whole views";
/// The size of the button that does so, and its distance from the frame of the picture.
const BUTTON: f32 = 24.0;
const INSET: f32 = 4.0;

/// Resets the visible parts of all pictures that are drawn in this frame.
pub(crate) fn ask_whole_view(ctx: &Context) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| data.insert_temp(Id::unique(WHOLE), frame));
}

fn is_whole_asked(ctx: &Context) -> bool {
    let asked = ctx.data(|data| data.get_temp::<u64>(Id::unique(WHOLE)));
    asked == Some(ctx.cumulative_frame_nr())
}

/// Draws the button that shows the whole of a picture in its corner; true if it is clicked.
fn whole_ui(ui: &mut Ui, plot: egui::Rect, name: &str) -> bool {
    if !controls_are_shown(ui) || plot.width() < 3.0 * BUTTON || plot.height() < 2.0 * BUTTON {
        return false;
    }
    let corner = plot.right_top() + egui::vec2(-INSET - BUTTON, INSET);
    let place = egui::Rect::from_min_size(corner, egui::Vec2::splat(BUTTON));
    let mut corner = ui.new_child(UiBuilder::new().max_rect(place).id_salt((name, WHOLE)));
    let roles = roles_of(ui);
    let edge = egui::Stroke::new(1.0, colour(roles.frame));
    let painter = corner.painter();
    painter.rect(place, 4, colour(roles.card), edge, egui::StrokeKind::Inside);
    icon_button(&mut corner, Icon::Whole, &whole_view(name)).clicked()
}

/// True if floating-point numbers resolve a range in scale coordinates, so that zooming stops before rounding shows.
fn can_be_shown([low, high]: [f64; 2], scale: AxisScale) -> bool {
    let farthest = low.abs().max(high.abs());
    let limit = match scale {
        AxisScale::Linear => 1e100,
        AxisScale::Log => 300.0,
    };
    // NaN fails the comparison, too
    farthest <= limit && high - low > THINNEST * farthest.max(1.0 / limit)
}

/// The visible range in scale coordinates after a turn of the wheel, with the point under the pointer fixed.
fn zoomed(
    shown: [[f64; 2]; 2],
    wheel: f32,
    rect: egui::Rect,
    pointer: egui::Pos2,
) -> [[f64; 2]; 2] {
    let factor = f64::from((-0.004 * wheel.clamp(-MOST_WHEEL, MOST_WHEEL)).exp());
    let shares = [
        (pointer.x - rect.left()) / rect.width().max(1.0),
        (rect.bottom() - pointer.y) / rect.height().max(1.0),
    ];
    let after = [0, 1].map(|axis| {
        let [low, high] = shown[axis];
        let fixed = low + f64::from(shares[axis]) * (high - low);
        shown[axis].map(|end| fixed + factor * (end - fixed))
    });
    let is_range = after
        .iter()
        .all(|[low, high]| low < high && (high - low).is_finite());
    if is_range { after } else { shown }
}

struct Moved {
    response: Response,
    /// The new range in scale coordinates.
    places: Option<[[f64; 2]; 2]>,
    is_reset: bool,
}

/// Draws an invisible plot that turns drags into panning, the wheel into zooming at the pointer and a double click into
/// a reset.
fn interact(ui: &mut Ui, name: &str, rect: egui::Rect, shown: [[f64; 2]; 2], drags: bool) -> Moved {
    let mut inner = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
    let wheel =
        inner.input(|input| input.smooth_scroll_delta().y + 200.0 * (input.zoom_delta() - 1.0));
    let shape = inner.painter().add(Shape::Noop);
    let response = Plot::new(name)
        .show_axes(false)
        .show_grid(false)
        .show_background(false)
        .show_x(false)
        .show_y(false)
        .allow_drag(drags)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(egui::Vec2::ZERO)
        .width(rect.width())
        .height(rect.height())
        .show(&mut inner, |plot| {
            let pointer = plot.response().hover_pos().filter(|_| wheel != 0.0);
            // not by the plot itself, which zooms about the pointer of the frame before
            let [x, y] = pointer.map_or(shown, |pointer| zoomed(shown, wheel, rect, pointer));
            plot.set_plot_bounds(PlotBounds::from_min_max([x[0], y[0]], [x[1], y[1]]));
        });
    inner.painter().set(shape, Shape::Noop);
    let after = response.transform.bounds();
    let is_moved =
        response.response.dragged() && drags || wheel != 0.0 && response.response.hovered();
    Moved {
        places: is_moved.then(|| {
            [
                [after.min()[0], after.max()[0]],
                [after.min()[1], after.max()[1]],
            ]
        }),
        // clicks with Shift follow each other fast where each does something
        is_reset: response.response.double_clicked() && !inner.input(|input| input.modifiers.shift),
        response: response.response,
    }
}
