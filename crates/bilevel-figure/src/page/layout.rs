//! Page layout: title, figures and legend, as primitives.

use std::borrow::Cow;

use super::arrange::{arranged, beside, cells, over_one_axis, pairs, rows, tiles};
use crate::lower::scene::plot_rect;
use crate::{
    Colour, Figure, FigureArrangement, Layer, LegendEntry, Page, PageParts, PageSize, Primitive,
    Rect, RichText, Scene, SceneLayout, Swatch, Theme, fixed, sides,
};

/// The size of text.
const EM: f32 = PageSize::TEXT;
/// The margin; the document around the picture has margins of its own.
const MARGIN: f32 = 0.8 * EM;
/// The size of the title, as a multiple of the text, which is that of the titles of figures.
const TITLE: f32 = 1.15;
/// The height of a row of the legend.
const ROW: f32 = 1.6 * EM;
/// The height of a further line of an entry of the legend.
const LINE: f32 = 1.3 * EM;
/// The width of a method's line and marker in the legend.
const SWATCH: f32 = 2.8 * EM;
/// The space after a swatch.
const BEHIND_SWATCH: f32 = 0.6 * EM;
/// The space between two entries of the legend.
const BETWEEN: f32 = 1.8 * EM;
/// The room for the iteration beside the title, in the size of text.
const ITERATION: f32 = 8.0;
/// The least height left for the figures; a smaller page has no title and no legend.
const LEAST: f32 = 9.0 * EM;

/// The least width of a figure in a row of figures.
const LEAST_WIDTH: f32 = 12.0 * EM;
/// The height that the plot of the lower of two figures on one axis has, if the upper one is not lower then.
const LOWER: f32 = 7.5 * EM;
/// The widest label at the end of a line, as a share of its figure; a wider one is in the legend alone.
const WIDEST_NAME: f32 = 0.44;

/// A page that is laid out, before its figures are lowered.
pub(crate) struct PageLayout<'p, 'a> {
    /// The title and the legend.
    words: Vec<Primitive>,
    /// True if title and legend have room.
    pub(crate) is_whole: bool,
    /// The height that the figures leave free.
    pub(crate) unused: f32,
    /// The colour of plots, if they are not to be filled with it.
    ground: Option<Colour>,
    figures: Vec<(Cow<'p, Figure<'a>>, SceneLayout)>,
}

impl PageLayout<'_, '_> {
    /// The rectangles of all plots, and true for those with axes.
    pub(crate) fn plots(&self) -> Vec<(Rect, bool)> {
        let figures = self.figures.iter();
        figures
            .map(|(figure, layout)| (plot_rect(figure, *layout), figure.has_axes))
            .collect()
    }

    /// All primitives in layout units, twelve to the size of text.
    pub(crate) fn primitives(self) -> Vec<Primitive> {
        let mut primitives = self.words;
        for (figure, layout) in &self.figures {
            let scene = Scene::new(figure, *layout);
            let ground = self.ground.map(|colour| Primitive::Fill {
                corners: scene.plot.corners(),
                colour,
            });
            let drawn = scene.primitives.into_iter();
            primitives.extend(drawn.filter(|it| Some(it) != ground.as_ref()));
        }
        primitives
    }
}

/// A page as primitives in layout units, twelve to the size of text.
pub(crate) fn primitives(page: &Page<'_>, page_size: &PageSize) -> Vec<Primitive> {
    lay_out(page, page_size).primitives()
}

/// Lays out the title, the legend and the areas of the figures.
pub(crate) fn lay_out<'p, 'a>(page: &'p Page<'a>, page_size: &PageSize) -> PageLayout<'p, 'a> {
    let [width, height] = page_size.units();
    let mut laid_out = LaidOutPage {
        primitives: Vec::new(),
        theme: page_size.theme,
        inner: Rect {
            min: [MARGIN; 2],
            max: [width - MARGIN, height - MARGIN],
        },
        is_whole: true,
    };
    let PageParts {
        has_title,
        has_legend,
        has_background,
    } = page_size.parts;
    let title = if has_title { &page.title } else { "" };
    laid_out.title(title, page.iteration);
    let legend: &[LegendEntry] = if has_legend { &page.legend } else { &[] };
    laid_out.legend(legend);
    let (areas, has_common_sides) = areas(page, laid_out.inner, page_size.theme);
    let lowest = areas.iter().map(|area| area.max[1]);
    let unused = laid_out.inner.max[1] - lowest.fold(laid_out.inner.min[1], f32::max);
    let figures: Vec<(Cow<'p, Figure<'a>>, Rect)> = page
        .figures
        .iter()
        .zip(areas)
        .map(|(figure, area)| (without_wide_names(figure, area, legend), area))
        .collect();
    let needed = figures.iter().map(|(figure, _)| sides(figure, EM));
    let shared = needed.fold([0.0_f32; 2], |[a, b], [left, right]| {
        [a.max(left), b.max(right)]
    });
    let figures = figures.into_iter().map(|(figure, area)| {
        let layout = SceneLayout {
            area,
            text: EM,
            theme: page_size.theme,
            sides: if has_common_sides { shared } else { [0.0; 2] },
            head: 0.0,
            is_page: true,
        };
        (figure, layout)
    });
    let mut figures: Vec<_> = figures.collect();
    let heads: Vec<[f32; 2]> = figures
        .iter()
        .map(|(figure, layout)| {
            let begin = layout.area.min[1];
            [begin, plot_rect(figure, *layout).min[1] - begin]
        })
        .collect();
    for (_, layout) in &mut figures {
        let row = heads
            .iter()
            .filter(|[begin, _]| *begin == layout.area.min[1]);
        layout.head = row.map(|[_, head]| *head).fold(0.0, f32::max);
    }
    PageLayout {
        words: laid_out.primitives,
        is_whole: laid_out.is_whole,
        unused,
        ground: (!has_background).then_some(page_size.theme.roles().plot),
        figures,
    }
}

/// The areas of the figures, and true if they share the space beside their plots.
fn areas(page: &Page<'_>, inner: Rect, theme: Theme) -> (Vec<Rect>, bool) {
    let count = page.figures.len();
    match page.arrangement {
        FigureArrangement::OneAxis if count == 2 => {
            let lower = SceneLayout {
                area: inner,
                text: EM,
                theme,
                sides: [0.0; 2],
                head: 0.0,
                is_page: true,
            };
            let words = inner.height() - plot_rect(&page.figures[1], lower).height();
            (over_one_axis(inner, words + LOWER), true)
        }
        FigureArrangement::Row => (rows(count, inner, LEAST_WIDTH), false),
        FigureArrangement::Stack => (cells(count, inner, 1), true),
        // tiles beneath each other share both edges, too
        FigureArrangement::Pairs => (pairs(count, inner), true),
        FigureArrangement::Tiles => (tiles(count, inner, EM), true),
        FigureArrangement::Beside => (beside(&page.figures, inner, EM), false),
        _ => arranged(count, inner),
    }
}

/// The figure without those labels of lines that are too wide for it and stand in the legend.
fn without_wide_names<'p, 'a>(
    figure: &'p Figure<'a>,
    area: Rect,
    legend: &[LegendEntry],
) -> Cow<'p, Figure<'a>> {
    let is_wide = |layer: &Layer<'_>| match layer {
        Layer::Line(line) => {
            let width = (RichText::parse(&line.label).width + 1.7) * EM;
            width > WIDEST_NAME * area.width()
                && legend.iter().any(|entry| entry.label == line.label)
        }
        _ => false,
    };
    if !figure.layers.iter().any(is_wide) {
        return Cow::Borrowed(figure);
    }
    let mut figure = figure.clone();
    for layer in &mut figure.layers {
        if is_wide(layer)
            && let Layer::Line(line) = layer
        {
            line.label.clear();
        }
    }
    Cow::Owned(figure)
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

/// The cross or the arrow of a run that failed.
fn ending(looks: Swatch, [x, y]: [f32; 2], colour: Colour) -> Vec<Primitive> {
    if looks == Swatch::Arrow {
        let corners = vec![[x, y - 5.0], [x + 5.0, y + 5.0], [x - 5.0, y + 5.0]];
        return vec![Primitive::Fill { corners, colour }];
    }
    let stroke = |side: f32| Primitive::Stroke {
        points: vec![[x - 5.0, y - 5.0 * side], [x + 5.0, y + 5.0 * side]],
        is_closed: false,
        width: 2.4,
        colour,
    };
    vec![stroke(-1.0), stroke(1.0)]
}

struct LaidOutPage {
    primitives: Vec<Primitive>,
    theme: Theme,
    /// The area that is still free.
    inner: Rect,
    /// True if nothing was left out for lack of room.
    is_whole: bool,
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

    /// Draws the title in a bold line, or in smaller lines if it is too long, and the iteration at its right.
    fn title(&mut self, title: &str, iteration: Option<u64>) {
        let width = self.inner.width();
        let [left, top] = self.inner.min;
        // as much room for every iteration, so that the pages of an animation are alike
        let room = iteration.map_or(width, |_| (width - ITERATION * EM).max(0.0));
        let bold = RichText::parse(&format!("**{title}**"));
        let (lines, size) = if title.is_empty() {
            (Vec::new(), EM)
        } else if bold.width * TITLE * EM <= room {
            (vec![bold], TITLE * EM)
        } else {
            (RichText::broken(title, room.max(0.5 * width) / EM), EM)
        };
        let rows = lines.len().max(usize::from(iteration.is_some()));
        if rows == 0 {
            return;
        }
        if self.inner.height() - 1.3 * size * (rows as f32) < LEAST {
            self.is_whole = false;
            return;
        }
        if let Some(iteration) = iteration {
            let label = RichText::parse(&format!("$k = {}$", fixed(iteration as f64, 0)));
            let at = [self.inner.max[0] - label.width * EM, top + 0.9 * size];
            self.text(at, label, EM);
        }
        for (row, line) in lines.into_iter().enumerate() {
            self.text([left, top + (0.9 + 1.3 * row as f32) * size], line, size);
        }
        self.inner.min[1] = top + 1.3 * size * rows as f32 + 0.3 * EM;
    }

    /// Draws the legend in rows at the bottom.
    fn legend(&mut self, legend: &[LegendEntry]) {
        if legend.is_empty() {
            return;
        }
        let (left, room) = (self.inner.min[0], self.inner.width());
        let mut rows: Vec<Vec<(f32, Swatch, Vec<RichText>)>> = Vec::new();
        let mut x = f32::INFINITY;
        for entry in legend {
            let before = before_label(entry.looks);
            let lines = RichText::broken(&entry.label, ((room - before) / EM).max(1.0));
            let widest = lines.iter().map(|line| line.width).fold(0.0, f32::max);
            let width = before + widest * EM;
            if x + width > room {
                rows.push(Vec::new());
                x = 0.0;
            }
            if let Some(row) = rows.last_mut() {
                row.push((left + x, entry.looks, lines));
            }
            x += width + BETWEEN;
        }
        let lines_of = |row: &[(f32, Swatch, Vec<RichText>)]| {
            let lines = row.iter().map(|(_, _, lines)| lines.len());
            lines.max().unwrap_or(1).max(1) - 1
        };
        let heights = rows.iter().map(|row| ROW + LINE * lines_of(row) as f32);
        let mut top = self.inner.max[1] - heights.sum::<f32>();
        if top - self.inner.min[1] < LEAST {
            self.is_whole = false;
            return;
        }
        self.inner.max[1] = top - 0.4 * EM;
        for row in rows {
            let y = top + 0.6 * ROW;
            top += ROW + LINE * lines_of(&row) as f32;
            for (x, looks, lines) in row {
                self.swatch(looks, [x, y]);
                for (number, line) in lines.into_iter().enumerate() {
                    let below = 0.36 * EM + number as f32 * LINE;
                    self.text([x + before_label(looks), y + below], line, EM);
                }
            }
        }
    }

    /// Draws the swatch of a legend's entry.
    fn swatch(&mut self, looks: Swatch, [x, y]: [f32; 2]) {
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
            Swatch::Shades(shades) => {
                let rect = Rect {
                    min: [x, y - 0.5 * EM],
                    max: [x + SWATCH, y + 0.5 * EM],
                };
                crate::shades(shades, rect)
            }
            Swatch::Cross | Swatch::Arrow => {
                let middle = [x + 0.5 * SWATCH, y];
                ending(looks, middle, self.theme.roles().text_weak)
            }
            Swatch::None => Vec::new(),
        };
        self.primitives.append(&mut swatch);
    }
}
