//! Words above the plot: the title of a figure and the remark beside it.

use super::canvas::{Anchor, SceneLayout, Sketch};
use crate::{Figure, RichText};

/// The size of titles and the height of their further lines, in the size of text.
const TITLE: f32 = 1.15;
const TITLE_LINE: f32 = 1.4;
/// The most lines of a title on a screen.
const TITLE_LINES: usize = 2;
/// The space between the title and a remark beside it.
const BESIDE: f32 = 0.9;
/// The height of a remark beneath the title.
const REMARK_LINE: f32 = 1.35;
/// The space above the plot without a title, and with a title of one line.
const BARE: f32 = 0.6;
const ABOVE: f32 = 2.2;

/// The lines of a title in a width.
fn title_lines(figure: &Figure<'_>, layout: SceneLayout, width: f32) -> Vec<RichText> {
    if figure.title.is_empty() {
        return Vec::new();
    }
    let width = (width / (TITLE * layout.text)).max(1.0);
    if layout.is_page {
        return RichText::broken(&figure.title, width);
    }
    let whole = RichText::parse(&figure.title);
    if whole.width <= width {
        return vec![whole];
    }
    let lines = RichText::wrap(&figure.title, width);
    if lines.len() > TITLE_LINES {
        vec![whole.shortened(width)]
    } else {
        lines
    }
}

/// The remark of a page in lines beneath the title; none if it fits beside it, and on a screen.
fn remark_lines(
    figure: &Figure<'_>,
    layout: SceneLayout,
    width: f32,
    title: &[RichText],
) -> Vec<RichText> {
    let Some(last) = title.last().filter(|_| layout.is_page) else {
        return Vec::new();
    };
    let beside = width / layout.text - last.width * TITLE - BESIDE;
    if figure.subtitle.is_empty() || RichText::parse(&figure.subtitle).width <= beside {
        return Vec::new();
    }
    RichText::broken(&figure.subtitle, (width / layout.text).max(1.0))
}

/// The height of the words above the plot, whose left side is `width` from the end of the figure.
pub(crate) fn height(figure: &Figure<'_>, layout: SceneLayout, width: f32) -> f32 {
    let title = title_lines(figure, layout, width);
    let remark = remark_lines(figure, layout, width, &title).len() as f32 * REMARK_LINE;
    let height = match title.len() {
        0 => BARE,
        lines => ABOVE + (lines - 1) as f32 * TITLE_LINE + remark,
    };
    height * layout.text
}

/// Draws the title, and the remark beside or beneath it.
pub(crate) fn draw(sketch: &mut Sketch, figure: &Figure<'_>, layout: SceneLayout) {
    let (roles, text, area) = (sketch.roles, sketch.text, layout.area);
    let mut baseline = area.min[1] + 1.2 * text;
    let size = TITLE * text;
    let left = sketch.plot.min[0];
    let mut x = left;
    let width = area.max[0] - x;
    let title = title_lines(figure, layout, width);
    let remark = remark_lines(figure, layout, width, &title);
    let Some(last) = title.len().checked_sub(1) else {
        return;
    };
    for (number, line) in title.into_iter().enumerate() {
        let width = line.width * size;
        sketch.text([x, baseline], Anchor::Left, line, size, roles.text);
        if number == last {
            x += width + BESIDE * text;
        } else {
            baseline += TITLE_LINE * text;
        }
    }
    for line in &remark {
        baseline += REMARK_LINE * text;
        let at = [left, baseline];
        sketch.text(at, Anchor::Left, line.clone(), text, roles.text_weak);
    }
    // beside the title it is drawn in full or not at all
    let subtitle = RichText::parse(&figure.subtitle);
    if remark.is_empty() && x + subtitle.width * text <= area.max[0] {
        sketch.text([x, baseline], Anchor::Left, subtitle, text, roles.text_weak);
    }
}
