//! Small widgets that several panels use.

use egui::{Response, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

use super::screen_pen::{paint, paint_text};
use super::theme::{SMALL, TEXT, TITLE, colour, roles_of};
use crate::figure::{Colour, Primitive, RichText, Style};

/// A line of rich text, cut off where there is no room.
pub(super) fn rich_label(ui: &mut Ui, markup: &str, size: f32, ink: Colour) -> Response {
    let text = RichText::parse(markup).shortened((ui.available_width() / size).max(1.0));
    rich_line(ui, &text, size, ink)
}

fn rich_line(ui: &mut Ui, text: &RichText, size: f32, ink: Colour) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(text.width * size, 1.45 * size), Sense::hover());
    let baseline = [rect.left(), rect.center().y + 0.36 * size];
    paint_text(ui.painter(), baseline, text, size, ink);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, text.plain()));
    response
}

/// Rich text in as many lines as it needs.
pub(super) fn rich_paragraph(ui: &mut Ui, markup: &str, size: f32, ink: Colour) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for line in RichText::wrap(markup, ui.available_width() / size) {
            rich_line(ui, &line, size, ink);
        }
    });
}

/// A heading with its number in the causal order, and room for something on its right.
pub(super) fn section_heading(ui: &mut Ui, number: &str, name: &str, right: impl FnOnce(&mut Ui)) {
    let roles = roles_of(ui);
    ui.horizontal(|ui| {
        if !number.is_empty() {
            rich_label(ui, number, TEXT, roles.text_faint);
        }
        rich_label(ui, &format!("**{name}**"), TEXT, roles.text);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), right);
    });
}

/// A title of a view.
pub(super) fn title(ui: &mut Ui, name: &str) {
    let roles = roles_of(ui);
    rich_label(ui, &format!("**{name}**"), TITLE, roles.text);
}

/// A remark.
pub(super) fn remark(ui: &mut Ui, markup: &str) {
    let roles = roles_of(ui);
    rich_paragraph(ui, markup, SMALL, roles.text_weak);
}

/// What an icon button shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    Play,
    Pause,
    Back,
    Forward,
    Restart,
    Eye,
    EyeClosed,
    Sun,
    Moon,
    Close,
}

/// A button with an icon; `name` is what a screen reader says and a tooltip shows.
pub(super) fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    framed_icon(ui, icon, name, vec2(26.0, 26.0), false)
}

/// The button that matters most.
pub(super) fn main_icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    framed_icon(ui, icon, name, vec2(40.0, 28.0), true)
}

fn framed_icon(ui: &mut Ui, icon: Icon, name: &str, size: egui::Vec2, is_main: bool) -> Response {
    let roles = roles_of(ui);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, ui.is_enabled(), name));
    let painter = ui.painter();
    let mut ink = roles.text;
    if is_main {
        painter.rect_filled(rect, 4, colour(roles.ink));
        ink = roles.on_ink;
    } else if response.hovered() {
        painter.rect_filled(rect, 4, colour(roles.separator));
    }
    if response.has_focus() {
        painter.rect_stroke(rect, 4, Stroke::new(1.5, colour(roles.text_faint)), egui::StrokeKind::Outside);
    }
    paint(painter, &icon_primitives(icon, [rect.center().x, rect.center().y], ink));
    response.on_hover_text(name)
}

fn icon_primitives(icon: Icon, [x, y]: [f32; 2], ink: Colour) -> Vec<Primitive> {
    let at = |points: &[[f32; 2]]| -> Vec<[f32; 2]> { points.iter().map(|[dx, dy]| [x + dx, y + dy]).collect() };
    let fill = |points: &[[f32; 2]]| Primitive::Fill {
        corners: at(points),
        colour: ink,
    };
    let line = |points: &[[f32; 2]], is_closed: bool| Primitive::Stroke {
        points: at(points),
        is_closed,
        width: 1.5,
        colour: ink,
    };
    let arc = |radius: f32, from: f32, to: f32| -> Vec<[f32; 2]> {
        (0..=20)
            .map(|step| {
                let angle = (from + (to - from) * step as f32 / 20.0) * std::f32::consts::TAU;
                [radius * angle.cos(), radius * angle.sin()]
            })
            .collect()
    };
    match icon {
        Icon::Play => vec![fill(&[[-4.0, -6.0], [6.0, 0.0], [-4.0, 6.0]])],
        Icon::Pause => vec![
            fill(&[[-4.5, -5.5], [-1.5, -5.5], [-1.5, 5.5], [-4.5, 5.5]]),
            fill(&[[1.5, -5.5], [4.5, -5.5], [4.5, 5.5], [1.5, 5.5]]),
        ],
        Icon::Back => vec![
            fill(&[[4.5, -5.0], [4.5, 5.0], [-3.0, 0.0]]),
            line(&[[-4.5, -5.0], [-4.5, 5.0]], false),
        ],
        Icon::Forward => vec![
            fill(&[[-4.5, -5.0], [3.0, 0.0], [-4.5, 5.0]]),
            line(&[[4.5, -5.0], [4.5, 5.0]], false),
        ],
        Icon::Restart => vec![
            line(&arc(5.5, -0.17, 0.6), false),
            fill(&[[0.0, -8.0], [6.0, -6.0], [2.0, -1.5]]),
        ],
        Icon::Eye | Icon::EyeClosed => {
            let lid = |side: f32| -> Vec<[f32; 2]> {
                (0..=16)
                    .map(|step| {
                        let share = step as f32 / 8.0 - 1.0;
                        [7.0 * share, side * 4.4 * (1.0 - share * share)]
                    })
                    .collect()
            };
            let mut parts = vec![line(&lid(1.0), false)];
            if icon == Icon::Eye {
                parts.push(line(&lid(-1.0), false));
                parts.push(fill(&arc(2.1, 0.0, 1.0)));
            } else {
                parts.push(line(&[[0.0, 4.4], [0.0, 7.0]], false));
                parts.push(line(&[[-4.5, 3.0], [-6.0, 5.2]], false));
                parts.push(line(&[[4.5, 3.0], [6.0, 5.2]], false));
            }
            parts
        }
        Icon::Sun => {
            let mut parts = vec![line(&arc(3.4, 0.0, 1.0), true)];
            for ray in 0..8 {
                let (sin, cos) = (ray as f32 / 8.0 * std::f32::consts::TAU).sin_cos();
                parts.push(line(&[[5.6 * cos, 5.6 * sin], [7.6 * cos, 7.6 * sin]], false));
            }
            parts
        }
        Icon::Moon => {
            let mut outline = arc(6.2, 0.02, 0.73);
            let inner: Vec<[f32; 2]> = arc(5.2, 0.12, 0.62).into_iter().map(|[dx, dy]| [dx + 2.9, dy - 2.6]).collect();
            outline.extend(inner.into_iter().rev());
            vec![line(&outline, true)]
        }
        Icon::Close => vec![
            line(&[[-4.0, -4.0], [4.0, 4.0]], false),
            line(&[[-4.0, 4.0], [4.0, -4.0]], false),
        ],
    }
}

/// A row of words of which one is chosen; returns the one that was clicked.
pub(super) fn segmented<T: Copy + PartialEq>(ui: &mut Ui, options: &[(T, &str)], chosen: T) -> Option<T> {
    let roles = roles_of(ui);
    let mut clicked = None;
    egui::Frame::new().fill(colour(roles.separator)).corner_radius(4).inner_margin(2).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.horizontal(|ui| {
            let mut in_order: Vec<&(T, &str)> = options.iter().collect();
            if ui.layout().prefer_right_to_left() {
                in_order.reverse();
            }
            for (option, name) in in_order {
                let text = RichText::parse(name);
                let size = vec2(text.width * TEXT + 18.0, 22.0);
                let (rect, response) = ui.allocate_exact_size(size, Sense::click());
                let is_chosen = *option == chosen;
                response.widget_info(|| {
                    WidgetInfo::selected(WidgetType::RadioButton, true, is_chosen, text.plain())
                });
                if is_chosen {
                    let edge = Stroke::new(1.0, colour(roles.frame));
                    ui.painter().rect(rect, 4, colour(roles.card), edge, egui::StrokeKind::Inside);
                }
                let ink = if is_chosen || response.hovered() { roles.text } else { roles.text_weak };
                let left = rect.center().x - 0.5 * text.width * TEXT;
                paint_text(ui.painter(), [left, rect.center().y + 0.36 * TEXT], &text, TEXT, ink);
                if response.clicked() {
                    clicked = Some(*option);
                }
            }
        });
    });
    clicked
}

/// A method's line and marker, as in the pictures.
pub(super) fn swatch(ui: &mut Ui, style: Style) {
    let (rect, _) = ui.allocate_exact_size(vec2(30.0, 16.0), Sense::hover());
    let middle = rect.center();
    let plot = roles_of(ui).card;
    let ends = [[rect.left(), middle.y], [rect.right(), middle.y]];
    paint(ui.painter(), &crate::figure::swatch(style, ends, plot));
}

/// A small square of space between words and the edge of a panel.
pub(super) fn separator(ui: &mut Ui) {
    let roles = roles_of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 9.0), Sense::hover());
    let y = rect.center().y.round() + 0.5;
    ui.painter().line_segment(
        [pos2(rect.left(), y), pos2(rect.right(), y)],
        Stroke::new(1.0, colour(roles.separator)),
    );
}
