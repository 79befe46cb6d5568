//! SVG documents as pixels, with the bundled fonts: the same picture on every machine. Only characters that these lack are
//! drawn with the fonts of the system.

use std::sync::Arc;

use ::png::{BitDepth, ColorType, Compression, Encoder, EncodingError, PixelDimensions, Unit};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, Options, Tree, fontdb};
use thiserror::Error;

use super::svg::svg;
use crate::messages;
use crate::{Face, Page, PageSize, PageSizeError};

/// An error of making a PNG file.
#[derive(Debug, Error)]
pub enum PngError {
    /// The page size is invalid.
    #[error(transparent)]
    Paper(#[from] PageSizeError),
    /// The SVG document cannot be drawn.
    #[error("{}", messages::cannot_draw(&.0.to_string()))]
    Document(#[from] usvg::Error),
    /// The pixels cannot be encoded.
    #[error("{}", messages::cannot_encode(&.0.to_string()))]
    Encoding(#[from] EncodingError),
}

/// The keyword of the text chunk that holds the experiment.
pub const EXPERIMENT_KEYWORD: &str = "Experiment";

/// A page as a PNG file, with its size on paper and its metadata.
pub fn png(page: &Page<'_>, page_size: &PageSize) -> Result<Vec<u8>, PngError> {
    page_size.check_pixels()?;
    let [width, height] = page_size.pixels();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    let is_opaque = page_size.parts.has_background;
    encoder.set_color(if is_opaque {
        ColorType::Rgb
    } else {
        ColorType::Rgba
    });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: page_size.pixels_per_metre(),
        yppu: page_size.pixels_per_metre(),
        unit: Unit::Meter,
    }));
    let software = format!("Bilevel Lab {}", env!("CARGO_PKG_VERSION"));
    encoder.add_text_chunk("Software".to_owned(), software)?;
    encoder.add_itxt_chunk(EXPERIMENT_KEYWORD.to_owned(), page.metadata.clone())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels(&svg(page, page_size), [width, height], is_opaque)?)?;
    writer.finish()?;
    Ok(bytes)
}

/// A document as a PNG file of a size in pixels, without metadata, with 32 shades a colour: half the bytes.
pub(crate) fn plain_png(document: &str, [width, height]: [u32; 2]) -> Result<Vec<u8>, PngError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    let mut writer = encoder.write_header()?;
    let mut rows = pixels(document, [width, height], true)?;
    for shade in &mut rows {
        *shade = (*shade & 0xF8) | (*shade >> 5);
    }
    writer.write_image_data(&rows)?;
    writer.finish()?;
    Ok(bytes)
}

/// The document as rows of red, green and blue, and the opacity where it is not opaque.
fn pixels(document: &str, [width, height]: [u32; 2], is_opaque: bool) -> Result<Vec<u8>, PngError> {
    let mut fonts = fontdb::Database::new();
    for face in Face::ALL {
        fonts.load_font_data(face.data().to_vec());
    }
    if !document
        .chars()
        .all(|glyph| glyph.is_control() || Face::is_bundled(glyph))
    {
        fonts.load_system_fonts();
    }
    let options = Options {
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(document, &options)?;
    let mut pixmap = Pixmap::new(width, height).ok_or(usvg::Error::InvalidSize)?;
    let scale = Transform::from_scale(
        width as f32 / tree.size().width(),
        height as f32 / tree.size().height(),
    );
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    Ok(pixmap
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let colour = pixel.demultiply();
            let channels = [colour.red(), colour.green(), colour.blue(), colour.alpha()];
            channels.into_iter().take(if is_opaque { 3 } else { 4 })
        })
        .collect())
}
