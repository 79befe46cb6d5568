//! A sheet on a page: title, figures and the key, as primitives for both pens.

use super::maths::RichText;
use super::model::{Arrangement, KeyEntry, Looks, Sheet};
use super::palette::Theme;
use super::paper::Paper;
use super::scene::{Layout, Scene, sides};
use super::shapes::{Primitive, Rect};

/// The size of text.
const EM: f32 = Paper::TEXT;
/// What stays free at the edges: the page around the picture has margins of its own.
const MARGIN: f32 = 0.8 * EM;
/// Between two figures.
const GAP: f32 = 1.2 * EM;
/// The title, as a share of the text.
const TITLE: f32 = 1.3;
/// A row of the key.
const ROW: f32 = 1.6 * EM;
/// The line and marker of a method in the key, and the space behind it.
const SWATCH: f32 = 2.8 * EM;
const BEHIND_SWATCH: f32 = 0.6 * EM;
/// Between two methods of the key.
const BETWEEN: f32 = 1.8 * EM;
/// On a page with less room than this for the figures, title and key are left out.
const LEAST: f32 = 9.0 * EM;
/// A figure is comfortable in this size: what is farther from it is drawn the other way.
const IDEAL: [f32; 2] = [24.0 * EM, 13.0 * EM];

/// A sheet as primitives in units of which the text has twelve.
pub(super) fn primitives(sheet: &Sheet<'_>, paper: &Paper) -> Vec<Primitive> {
    let [width, height] = paper.units();
    let mut page = Page {
        primitives: Vec::new(),
        theme: paper.theme,
        inner: Rect {
            min: [MARGIN; 2],
            max: [width - MARGIN, height - MARGIN],
        },
    };
    page.title(&sheet.title);
    page.key(&sheet.key);
    let count = sheet.figures.len();
    let (areas, is_stacked) = match sheet.arrangement {
        Arrangement::OneAxis if count == 2 => (over_one_axis(page.inner), true),
        Arrangement::Row => (cells(count, page.inner, 0), false),
        Arrangement::Stack => (cells(count, page.inner, 1), true),
        Arrangement::Tiles => (tiles(count, page.inner, EM), false),
        _ => arranged(count, page.inner),
    };
    let needed = sheet.figures.iter().map(|figure| sides(figure, EM));
    let shared = needed.fold([0.0_f32; 2], |[a, b], [left, right]| {
        [a.max(left), b.max(right)]
    });
    for (figure, area) in sheet.figures.iter().zip(areas) {
        let layout = Layout {
            area,
            text: EM,
            theme: paper.theme,
            sides: if is_stacked { shared } else { [0.0; 2] },
        };
        page.primitives
            .extend(Scene::new(figure, layout).primitives);
    }
    page.primitives
}

/// A sheet as primitives that fill an area: ground and edge of the page, and the sheet on it.
pub fn preview(sheet: &Sheet<'_>, paper: &Paper, area: Rect) -> Vec<Primitive> {
    let roles = paper.theme.roles();
    let mut all = vec![Primitive::Fill {
        corners: area.corners(),
        colour: roles.plot,
    }];
    let scale = area.width() / paper.units()[0];
    let drawn = primitives(sheet, paper);
    all.extend(drawn.into_iter().map(|it| it.scaled(scale, area.min)));
    all.push(Primitive::Stroke {
        points: area.corners(),
        is_closed: true,
        width: 1.0,
        colour: roles.frame,
    });
    all
}

struct Page {
    primitives: Vec<Primitive>,
    theme: Theme,
    /// What is left.
    inner: Rect,
}

impl Page {
    fn text(&mut self, at: [f32; 2], text: RichText, size: f32) {
        self.primitives.push(Primitive::Text {
            at,
            text,
            size,
            colour: self.theme.roles().text,
            halo: None,
        });
    }

    /// The title in a bold line; one that is too long in smaller lines.
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

    /// The key to the methods in rows at the foot.
    fn key(&mut self, key: &[KeyEntry]) {
        if key.is_empty() {
            return;
        }
        let (left, room) = (self.inner.min[0], self.inner.width());
        let mut rows: Vec<Vec<(f32, Looks, RichText)>> = Vec::new();
        let mut x = f32::INFINITY;
        for entry in key {
            let words = RichText::parse(&entry.label)
                .shortened(((room - SWATCH - BEHIND_SWATCH) / EM).max(1.0));
            let width = SWATCH + BEHIND_SWATCH + words.width * EM;
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
                    Looks::Method(style) => {
                        let ends = [[x, y], [x + SWATCH, y]];
                        super::layers::swatch(style, ends, self.theme.roles().plot)
                    }
                    Looks::Area(patch) => {
                        let half = 0.5 * EM;
                        let rect = Rect {
                            min: [x + 2.0 * half, y - half],
                            max: [x + SWATCH, y + half],
                        };
                        super::share_bar::patch(patch, rect)
                    }
                };
                self.primitives.append(&mut swatch);
                let at = [x + SWATCH + BEHIND_SWATCH, y + 0.36 * EM];
                self.text(at, words, EM);
            }
        }
        self.inner.max[1] = top - 0.4 * EM;
    }
}

/// The height of the upper of two figures on one axis, as a share.
const UPPER: f32 = 0.64;

/// Two figures, the upper one higher.
fn over_one_axis(area: Rect) -> Vec<Rect> {
    let middle = area.min[1] + UPPER * area.height();
    let (mut upper, mut lower) = (area, area);
    upper.max[1] = middle - 0.5 * GAP;
    lower.min[1] = middle + 0.5 * GAP;
    vec![upper, lower]
}

/// Side by side or one over the other (true), whichever leaves the figures more comfortable.
fn arranged(count: usize, area: Rect) -> (Vec<Rect>, bool) {
    let size = [area.width(), area.height()];
    let comfort = |size: [f32; 2]| (size[0] / IDEAL[0]).min(size[1] / IDEAL[1]);
    let stacked = comfort([size[0], share(count, size[1])]);
    let axis = usize::from(stacked > comfort([share(count, size[0]), size[1]]));
    (cells(count, area, axis), axis == 1)
}

/// Rows and columns of equal areas, as many columns as leave the figures most comfortable at a size of text.
pub fn tiles(count: usize, area: Rect, text: f32) -> Vec<Rect> {
    let comfort = |columns: usize| {
        let rows = count.div_ceil(columns);
        let size = [share(columns, area.width()), share(rows, area.height())];
        // maps are about as high as wide
        (size[0] / IDEAL[1]).min(size[1] / IDEAL[1]) * EM / text
    };
    let columns = (1..=count.max(1))
        .max_by(|&a, &b| comfort(a).total_cmp(&comfort(b)))
        .unwrap_or(1);
    let rows = cells(count.div_ceil(columns), area, 1);
    let all = rows.into_iter().flat_map(|row| cells(columns, row, 0));
    all.take(count).collect()
}

/// What each of some figures gets of a length.
fn share(count: usize, length: f32) -> f32 {
    let many = count.max(1) as f32;
    ((length - GAP * (many - 1.0)) / many).max(1.0)
}

/// An area cut into equal cells along an axis.
fn cells(count: usize, area: Rect, axis: usize) -> Vec<Rect> {
    let share = share(count, [area.width(), area.height()][axis]);
    let cell = |place: usize| {
        let mut rect = area;
        rect.min[axis] += place as f32 * (share + GAP);
        rect.max[axis] = rect.min[axis] + share;
        rect
    };
    (0..count).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_charts_lie_side_by_side_where_there_is_room_and_are_stacked_where_there_is_none() {
        let area = |width: f32, height: f32| Rect {
            min: [0.0; 2],
            max: [width * EM, height * EM],
        };
        let is_stacked = |width, height| {
            let (cells, is_stacked) = arranged(2, area(width, height));
            assert!(
                cells
                    .iter()
                    .all(|cell| cell.width() > 0.0 && cell.height() > 0.0)
            );
            assert_eq!(is_stacked, cells[0].max[1] <= cells[1].min[1]);
            is_stacked
        };
        assert!(!is_stacked(60.0, 20.0));
        assert!(is_stacked(28.0, 32.0));
        assert_eq!(arranged(1, area(5.0, 4.0)).0, [area(5.0, 4.0)]);
        assert!(arranged(0, area(5.0, 4.0)).0.is_empty());
        assert_eq!(arranged(3, area(-1.0, -1.0)).0.len(), 3);
    }
}
