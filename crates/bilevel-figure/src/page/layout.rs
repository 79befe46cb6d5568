//! Page layout: title, figures and legend, as primitives.

use super::arrange::{arranged, beside, cells, over_one_axis, pairs, tiles};
use crate::{
    FigureArrangement, LegendEntry, Page, PageSize, Primitive, Rect, RichText, Scene, SceneLayout,
    Swatch, Theme, sides,
};

/// The size of text.
const EM: f32 = PageSize::TEXT;
/// The margin; the document around the picture has margins of its own.
const MARGIN: f32 = 0.8 * EM;
/// The size of the title, as a multiple of the text.
const TITLE: f32 = 1.3;
/// The height of a row of the legend.
const ROW: f32 = 1.6 * EM;
/// The width of a method's line and marker in the legend.
const SWATCH: f32 = 2.8 * EM;
/// The space after a swatch.
const BEHIND_SWATCH: f32 = 0.6 * EM;
/// The space between two entries of the legend.
const BETWEEN: f32 = 1.8 * EM;
/// The least height left for the figures; a smaller page has no title and no legend.
const LEAST: f32 = 9.0 * EM;

/// A page as primitives in layout units, twelve to the size of text.
pub(crate) fn primitives(page: &Page<'_>, page_size: &PageSize) -> Vec<Primitive> {
    let [width, height] = page_size.units();
    let mut laid_out = LaidOutPage {
        primitives: Vec::new(),
        theme: page_size.theme,
        inner: Rect {
            min: [MARGIN; 2],
            max: [width - MARGIN, height - MARGIN],
        },
    };
    laid_out.title(&page.title);
    laid_out.legend(&page.legend);
    let count = page.figures.len();
    let (areas, has_common_sides) = match page.arrangement {
        FigureArrangement::OneAxis if count == 2 => (over_one_axis(laid_out.inner), true),
        FigureArrangement::Row => (cells(count, laid_out.inner, 0), false),
        FigureArrangement::Stack => (cells(count, laid_out.inner, 1), true),
        // tiles beneath each other share both edges, too
        FigureArrangement::Pairs => (pairs(count, laid_out.inner), true),
        FigureArrangement::Tiles => (tiles(count, laid_out.inner, EM), true),
        FigureArrangement::Beside => (beside(&page.figures, laid_out.inner, EM), false),
        _ => arranged(count, laid_out.inner),
    };
    let needed = page.figures.iter().map(|figure| sides(figure, EM));
    let shared = needed.fold([0.0_f32; 2], |[a, b], [left, right]| {
        [a.max(left), b.max(right)]
    });
    for (figure, area) in page.figures.iter().zip(areas) {
        let layout = SceneLayout {
            area,
            text: EM,
            theme: page_size.theme,
            sides: if has_common_sides { shared } else { [0.0; 2] },
        };
        laid_out
            .primitives
            .extend(Scene::new(figure, layout).primitives);
    }
    laid_out.primitives
}

/// A page as primitives that fill an area, with the background and edge of the paper.
pub fn preview(page: &Page<'_>, page_size: &PageSize, area: Rect) -> Vec<Primitive> {
    let roles = page_size.theme.roles();
    let mut all = vec![Primitive::Fill {
        corners: area.corners(),
        colour: roles.plot,
    }];
    let scale = area.width() / page_size.units()[0];
    let drawn = primitives(page, page_size);
    all.extend(drawn.into_iter().map(|it| it.scaled(scale, area.min)));
    all.push(Primitive::Stroke {
        points: area.corners(),
        is_closed: true,
        width: 1.0,
        colour: roles.frame,
    });
    all
}

/// The space before the label of a legend entry.
fn before_label(looks: Swatch) -> f32 {
    match looks {
        Swatch::None => 0.0,
        _ => SWATCH + BEHIND_SWATCH,
    }
}

struct LaidOutPage {
    primitives: Vec<Primitive>,
    theme: Theme,
    /// The area that is still free.
    inner: Rect,
}

impl LaidOutPage {
    fn text(&mut self, at: [f32; 2], text: RichText, size: f32) {
        self.primitives.push(Primitive::Text {
            at,
            text,
            size,
            colour: self.theme.roles().text,
            halo: None,
        });
    }

    /// Draws the title in a bold line, or in smaller lines if it is too long.
    fn title(&mut self, title: &str) {
        if title.is_empty() {
            return;
        }
        let width = self.inner.width();
        let [left, top] = self.inner.min;
        let bold = RichText::parse(&format!("**{title}**"));
        let (lines, size) = if bold.width * TITLE * EM <= width {
            (vec![bold], TITLE * EM)
        } else {
            (RichText::wrap(title, width / EM), EM)
        };
        let mut y = top;
        if self.inner.height() - 1.3 * size * (lines.len() as f32) < LEAST {
            return;
        }
        for line in lines {
            let line = line.shortened(width / size);
            self.text([left, y + 0.9 * size], line, size);
            y += 1.3 * size;
        }
        self.inner.min[1] = y + 0.3 * EM;
    }

    /// Draws the legend in rows at the bottom.
    fn legend(&mut self, legend: &[LegendEntry]) {
        if legend.is_empty() {
            return;
        }
        let (left, room) = (self.inner.min[0], self.inner.width());
        let mut rows: Vec<Vec<(f32, Swatch, RichText)>> = Vec::new();
        let mut x = f32::INFINITY;
        for entry in legend {
            let before = before_label(entry.looks);
            let words = RichText::parse(&entry.label).shortened(((room - before) / EM).max(1.0));
            let width = before + words.width * EM;
            if x + width > room {
                rows.push(Vec::new());
                x = 0.0;
            }
            if let Some(row) = rows.last_mut() {
                row.push((left + x, entry.looks, words));
            }
            x += width + BETWEEN;
        }
        let top = self.inner.max[1] - ROW * rows.len() as f32;
        if top - self.inner.min[1] < LEAST {
            return;
        }
        for (place, row) in rows.into_iter().enumerate() {
            let y = top + ROW * (place as f32 + 0.6);
            for (x, looks, words) in row {
                let mut swatch = match looks {
                    Swatch::Method(style) => {
                        let ends = [[x, y], [x + SWATCH, y]];
                        crate::swatch(style, ends, self.theme.roles().plot)
                    }
                    Swatch::Area(patch) => {
                        let half = 0.5 * EM;
                        let rect = Rect {
                            min: [x + 2.0 * half, y - half],
                            max: [x + SWATCH, y + half],
                        };
                        crate::patch(patch, rect)
                    }
                    Swatch::None => Vec::new(),
                };
                self.primitives.append(&mut swatch);
                let at = [x + before_label(looks), y + 0.36 * EM];
                self.text(at, words, EM);
            }
        }
        self.inner.max[1] = top - 0.4 * EM;
    }
}
