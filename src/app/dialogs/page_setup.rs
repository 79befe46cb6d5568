//! The page that a figure is exported on: a name or numbers, and how it will look.

use bilevel_figure::{Format, Measure, Paper, PaperName, Proportion, Sheet, Theme};
use egui::{Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::paint::screen_pen::paint;
use crate::app::paint::theme::theme_of;
use crate::app::paint::widgets::{remark, segmented};

/// What was chosen; it stays while the app runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaperChoice {
    /// A named size, or the numbers in `paper`.
    name: Option<PaperName>,
    paper: Paper,
    /// Light or dark; as the window if nothing is chosen.
    theme: Option<Theme>,
}

impl Default for PaperChoice {
    fn default() -> Self {
        let name = PaperName::TwoColumns;
        Self {
            name: Some(name),
            paper: name.paper(Proportion::Square, Theme::Light),
            theme: None,
        }
    }
}

/// The largest preview.
const PREVIEW: egui::Vec2 = vec2(420.0, 230.0);

impl PaperChoice {
    /// The page for a figure in a window of a theme.
    pub(crate) fn paper(&self, proportion: Proportion, window: Theme) -> Paper {
        let paper = match self.name {
            Some(name) => Paper {
                dpi: self.paper.dpi,
                ..name.paper(proportion, window)
            },
            None => self.paper,
        };
        Paper {
            theme: self.theme.unwrap_or(window),
            ..paper
        }
    }

    /// Draws the choices.
    pub(crate) fn ui(&mut self, ui: &mut Ui, proportion: Proportion, format: Format) {
        let mut paper = self.paper(proportion, theme_of(ui));
        let mut names: Vec<(Option<PaperName>, &str)> = PaperName::ALL
            .map(|name| (Some(name), name.word()))
            .to_vec();
        names.push((None, "custom"));
        if let Some(name) = segmented(ui, &names, self.name) {
            // custom begins with what was there
            self.paper = paper;
            self.name = name;
            paper = self.paper(proportion, theme_of(ui));
        }
        ui.horizontal(|ui| {
            let before = paper;
            number(ui, "Width", Measure::WIDTH, &mut paper.width_mm);
            number(ui, "Height", Measure::HEIGHT, &mut paper.height_mm);
            number(ui, "Font size", Measure::FONT, &mut paper.font_pt);
            if paper != before {
                self.paper = paper;
                self.name = None;
            }
        });
        ui.horizontal(|ui| {
            ui.add_enabled_ui(format == Format::Png, |ui| {
                number(ui, "Resolution", Measure::DPI, &mut self.paper.dpi);
            });
            let themes = [
                (None, "as the window"),
                (Some(Theme::Light), "light"),
                (Some(Theme::Dark), "dark"),
            ];
            if let Some(theme) = segmented(ui, &themes, self.theme) {
                self.theme = theme;
            }
        });
        let paper = self.paper(proportion, theme_of(ui));
        remark(ui, &described(&paper, format));
    }
}

/// A number of the page with its unit.
fn number(ui: &mut Ui, name: &str, measure: Measure, value: &mut f32) {
    let label = ui.label(name);
    let [least, greatest] = measure.range;
    let field = egui::DragValue::new(value)
        .range(least..=greatest)
        .speed(0.5)
        .custom_formatter(|value, _| format!("{}", (10.0 * value).round() / 10.0))
        .suffix(format!(" {}", measure.unit));
    let field = ui.add(field).labelled_by(label.id);
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
}

/// The page in a line.
fn described(paper: &Paper, format: Format) -> String {
    let Paper {
        width_mm,
        height_mm,
        font_pt,
        ..
    } = paper;
    let size = format!("{width_mm} × {height_mm} mm, text {font_pt} pt");
    match format {
        Format::Svg => size,
        Format::Png => {
            let [width, height] = paper.pixels();
            format!("{size}, {width} × {height} pixels")
        }
    }
}

/// The sheet as it will look, as large as there is room for; nothing in a low window.
pub(crate) fn preview_ui(ui: &mut Ui, sheet: &Sheet<'_>, paper: &Paper) {
    // the buttons beneath matter more
    if ui.ctx().content_rect().height() < 2.5 * PREVIEW.y {
        return;
    }
    let (room, response) = ui.allocate_exact_size(PREVIEW, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Preview"));
    let scale = (room.width() / paper.width_mm).min(room.height() / paper.height_mm);
    let size = scale * vec2(paper.width_mm, paper.height_mm);
    let page = egui::Rect::from_center_size(room.center(), size);
    let area = crate::app::paint::screen_pen::figure_rect(page);
    let painter = ui.painter().with_clip_rect(page.expand(1.0));
    paint(&painter, &bilevel_figure::preview(sheet, paper, area));
}
