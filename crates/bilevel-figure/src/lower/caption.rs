//! Words beneath the axes: the label of the horizontal axis and, on a page, the sentences on the picture.

use super::canvas::{Anchor, SMALL, SceneLayout, Sketch, within};
use crate::{Figure, Layer, RichText};

/// The height of the first line of the label, and of each further line, as a multiple of the text.
const LABEL: f32 = 1.5;
const LINE: f32 = 1.3;
/// The smallest size of a label in one line, as a share of the text.
const SMALLEST: f32 = 0.8;

/// The label in lines, with their size.
fn label(figure: &Figure<'_>, layout: SceneLayout) -> (Vec<RichText>, f32) {
    let (text, room) = (layout.text, layout.area.width().max(1.0));
    if figure.x.label.is_empty() || !figure.has_axes {
        return (Vec::new(), text);
    }
    let label = RichText::parse(&figure.x.label);
    // a label slightly smaller is better than one in two lines, or cut off
    let size = text * (room / (label.width * text).max(1.0)).clamp(SMALLEST, 1.0);
    if layout.is_page && size < text {
        let small = SMALL * text;
        return if label.width * small <= room {
            (vec![label], small)
        } else {
            (RichText::broken(&figure.x.label, room / text), text)
        };
    }
    (vec![label.shortened(room / size + 0.01)], size)
}

/// The sentences of a page in lines.
fn sentences(figure: &Figure<'_>, layout: SceneLayout) -> Vec<RichText> {
    if !layout.is_page {
        return Vec::new();
    }
    let room = (layout.area.width() / layout.text).max(1.0);
    let sentences = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Sentence(words) => Some(RichText::broken(words, room)),
        _ => None,
    });
    sentences.flatten().collect()
}

/// The height of all words beneath the numbers of the axis.
pub(crate) fn height(figure: &Figure<'_>, layout: SceneLayout) -> f32 {
    let lines = |count: usize, first: f32| match count {
        0 => 0.0,
        count => first + (count - 1) as f32 * LINE,
    };
    let label = lines(label(figure, layout).0.len(), LABEL);
    (label + lines(sentences(figure, layout).len(), LABEL)) * layout.text
}

/// Draws the words beneath the numbers of the axis.
pub(crate) fn draw(sketch: &mut Sketch, figure: &Figure<'_>, layout: SceneLayout) {
    let (plot, text, roles) = (sketch.plot, sketch.text, sketch.roles);
    let numbers = if figure.has_axes && !figure.x.is_bare {
        1.35
    } else {
        0.05
    };
    let mut baseline = plot.max[1] + numbers * text;
    let middle = 0.5 * (plot.min[0] + plot.max[0]);
    let (lines, size) = label(figure, layout);
    for (number, line) in lines.into_iter().enumerate() {
        baseline += if number == 0 { LABEL } else { LINE } * text;
        let at = [within(middle, line.width * size, layout.area), baseline];
        sketch.text(at, Anchor::Middle, line, size, roles.text_weak);
    }
    for (number, line) in sentences(figure, layout).into_iter().enumerate() {
        baseline += if number == 0 { LABEL } else { LINE } * text;
        let at = [layout.area.min[0], baseline];
        sketch.text(at, Anchor::Left, line, text, roles.text);
    }
}
