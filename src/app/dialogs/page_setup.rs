//! The page of an exported figure: a named size or numbers, and a preview.

use bilevel_figure::{
    Format, Page, PageMeasure, PageParts, PageSize, PageSizeName, Proportion, RichText, Theme,
};
use bilevel_files::PageSpec;
use egui::{Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::messages;
use crate::app::paint::number_field::ranged_field;
use crate::app::paint::screen_pen::{paint, paint_text};
use crate::app::paint::theme::{SMALL, roles_of, theme_of};
use crate::app::paint::widgets::{remark, rich_paragraph, segmented};

/// The chosen page; it is kept while the app runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSetup {
    /// A named size; `None` for the numbers in `page_size`.
    name: Option<PageSizeName>,
    page_size: PageSize,
    /// Light or dark; `None` for the window's theme.
    theme: Option<Theme>,
    /// The page of the opened experiment, until another is chosen.
    own: Option<PageSpec>,
    parts: PageParts,
}

impl Default for PageSetup {
    fn default() -> Self {
        let name = PageSizeName::TwoColumns;
        Self {
            name: Some(name),
            page_size: name.page_size(Proportion::Square, Theme::Light),
            theme: None,
            own: None,
            parts: PageParts::ALL,
        }
    }
}

/// The size of the largest preview.
const PREVIEW: egui::Vec2 = vec2(420.0, 230.0);

impl PageSetup {
    /// Takes the page of an experiment that is opened; one that says nothing of it changes nothing.
    pub(crate) fn take(&mut self, own: &PageSpec) {
        if *own == PageSpec::default() {
            return;
        }
        let page_size = PageSize::of(own, Proportion::Square);
        *self = Self {
            name: None,
            theme: own.is_dark.map(|_| page_size.theme),
            own: Some(*own),
            parts: page_size.parts,
            page_size,
        };
    }

    /// Takes a resolution in pixels to the inch.
    pub(crate) fn set_resolution(&mut self, dpi: f32) {
        self.page_size.dpi = dpi;
    }

    /// The page for a figure in a window of a theme.
    pub(crate) fn page_size(&self, proportion: Proportion, window: Theme) -> PageSize {
        let page_size = match (self.name, self.own) {
            (Some(name), _) => PageSize {
                dpi: self.page_size.dpi,
                ..name.page_size(proportion, window)
            },
            (None, Some(own)) => PageSize {
                dpi: self.page_size.dpi,
                ..PageSize::of(&own, proportion)
            },
            (None, None) => self.page_size,
        };
        PageSize {
            // the page of a file is light unless it says otherwise
            theme: self.theme.unwrap_or(match self.own {
                Some(_) => Theme::Light,
                None => window,
            }),
            parts: self.parts,
            ..page_size
        }
    }

    /// Draws the choosers of the page.
    pub(crate) fn ui(&mut self, ui: &mut Ui, proportion: Proportion, format: Format) {
        let mut page_size = self.page_size(proportion, theme_of(ui));
        let mut names: Vec<(Option<PageSizeName>, &str)> = PageSizeName::ALL
            .map(|name| (Some(name), name.word()))
            .to_vec();
        names.push((None, "custom"));
        if let Some(name) = segmented(ui, &names, self.name) {
            // a custom size begins with the present one
            self.page_size = page_size;
            self.name = name;
            self.own = None;
            page_size = self.page_size(proportion, theme_of(ui));
        }
        ui.horizontal(|ui| {
            let before = page_size;
            number(ui, "Width", PageMeasure::WIDTH, &mut page_size.width_mm);
            number(ui, "Height", PageMeasure::HEIGHT, &mut page_size.height_mm);
            number(ui, "Font size", PageMeasure::FONT, &mut page_size.font_pt);
            if page_size != before {
                self.page_size = PageSize {
                    is_height_free: false,
                    ..page_size
                };
                self.name = None;
                self.own = None;
            }
        });
        ui.horizontal(|ui| {
            ui.add_enabled_ui(format == Format::Png, |ui| {
                number(ui, "Resolution", PageMeasure::DPI, &mut self.page_size.dpi);
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
        ui.horizontal(|ui| {
            let PageParts {
                has_title,
                has_legend,
                has_background,
            } = &mut self.parts;
            ui.checkbox(has_title, "Title");
            ui.checkbox(has_legend, "Legend");
            ui.checkbox(has_background, "Background");
        });
    }
}

/// Draws a number of the page with its unit.
fn number(ui: &mut Ui, name: &str, measure: PageMeasure, value: &mut f32) {
    let label = ui.label(name);
    let [least, greatest] = measure.range;
    let field = ranged_field(value, least..=greatest)
        .speed(0.5)
        .shown_as(|value| format!("{}", (10.0 * value).round() / 10.0))
        .suffix(format!(" {}", measure.unit));
    let field = ui.add(field).labelled_by(label.id);
    field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
}

/// The page described in a line.
fn described(page_size: &PageSize, format: Format) -> String {
    let PageSize {
        width_mm,
        height_mm,
        font_pt,
        ..
    } = page_size;
    let size = messages::status::size_of_page(*width_mm, *height_mm, *font_pt);
    match format {
        Format::Svg | Format::Pdf | Format::Dat => size,
        Format::Png => messages::status::pixels_of_page(&size, page_size.pixels()),
    }
}

/// Draws the page as it will look, as large as fits, or its empty frame while it is computed, with its size in words; the
/// words alone in a low window.
pub(crate) fn preview_ui(
    ui: &mut Ui,
    page: Option<&Page<'_>>,
    page_size: &PageSize,
    format: Format,
) {
    let mut page_size = page_size;
    let fitted = page.map(|page| page.fitted(page_size));
    match &fitted {
        Some(Ok(fitted)) => page_size = fitted,
        Some(Err(error)) => {
            let ink = roles_of(ui).warning;
            rich_paragraph(ui, &error.to_string(), SMALL, ink);
        }
        None => {}
    }
    remark(ui, &described(page_size, format));
    // the buttons beneath take precedence
    if ui.ctx().content_rect().height() < 2.5 * PREVIEW.y {
        return;
    }
    let (room, response) = ui.allocate_exact_size(PREVIEW, Sense::hover());
    let Some(page) = page else {
        let words = messages::status::computing_page();
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        let text = RichText::parse(words);
        let at = [room.left() + 8.0, room.center().y];
        paint_text(ui.painter(), at, &text, SMALL, roles_of(ui).text_faint);
        return;
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Preview"));
    let scale = (room.width() / page_size.width_mm).min(room.height() / page_size.height_mm);
    let size = scale * vec2(page_size.width_mm, page_size.height_mm);
    let sheet = egui::Rect::from_center_size(room.center(), size);
    let area = crate::app::paint::screen_pen::figure_rect(sheet);
    let painter = ui.painter().with_clip_rect(sheet.expand(1.0));
    paint(&painter, &bilevel_figure::preview(page, page_size, area));
}
