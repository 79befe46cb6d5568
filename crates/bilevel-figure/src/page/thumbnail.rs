//! Figures as small pictures without words, for lists of experiments.

use super::png::{PngError, plain_png};
use super::svg::document;
use crate::{Figure, Layer, Primitive, Rect, Scene, SceneLayout, Theme};

/// The size of text in layout units, with which marks and lines are thick enough for a small picture.
const TEXT: f32 = 10.0;
/// The width of a thumbnail in layout units.
const WIDTH: f32 = 168.0;

/// A figure as a PNG file of a size in pixels, without axes and words.
///
/// # Errors
/// If the picture cannot be encoded.
pub fn thumbnail(
    mut figure: Figure<'_>,
    pixels: [u32; 2],
    theme: Theme,
) -> Result<Vec<u8>, PngError> {
    figure.title.clear();
    figure.x.label.clear();
    figure.y.label.clear();
    figure.foot = None;
    figure.has_axes = false;
    figure.layers.retain(|layer| !is_of_words(layer));
    for layer in &mut figure.layers {
        match layer {
            Layer::Line(line) => line.label.clear(),
            Layer::Mark { label, .. } | Layer::Rule { label, .. } | Layer::Border { label, .. } => {
                label.clear();
            }
            _ => {}
        }
    }
    let height = WIDTH * pixels[1] as f32 / pixels[0] as f32;
    // the margins that a figure keeps without axes are beyond the edge
    let area = Rect {
        min: [0.0, -0.6 * TEXT],
        max: [WIDTH, height + 0.4 * TEXT],
    };
    let layout = SceneLayout {
        area,
        text: TEXT,
        theme,
        sides: [0.0; 2],
        head: 0.0,
        is_page: false,
    };
    let mut primitives = Scene::new(&figure, layout).primitives;
    primitives.retain(|primitive| !matches!(primitive, Primitive::Text { .. }));
    let document = document(&primitives, [WIDTH, height], theme.roles().plot);
    plain_png(&document, pixels)
}

/// True for a layer that consists of words and numbers.
fn is_of_words(layer: &Layer<'_>) -> bool {
    matches!(
        layer,
        Layer::ReliefScale(_)
            | Layer::Name { .. }
            | Layer::Note(_)
            | Layer::Annotations(_)
            | Layer::Sentence(_)
            | Layer::Legend(_)
            | Layer::Words { .. }
            | Layer::Weights(_)
    )
}
