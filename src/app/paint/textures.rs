//! Images as textures: each is uploaded once, and released when it has not been shown for a while.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex};

use bilevel_figure::Image;
use egui::{ColorImage, Context, Id, TextureHandle, TextureId, TextureOptions};

use super::theme::colour;

/// The number of frames after which an image that is not shown is released.
const FORGOTTEN: u64 = 4;

/// The source of a texture.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    /// An image, by its edition.
    Image(u64),
    /// An embedded file, by its address.
    File(usize),
}

#[derive(Clone, Default)]
struct Textures(Arc<Mutex<HashMap<Source, (TextureHandle, u64)>>>);

/// The texture of an image.
pub(crate) fn of(ctx: &Context, image: &Image) -> TextureId {
    let load = || {
        let pixels = image.colours().iter().map(|&ink| colour(ink)).collect();
        let pixels = ColorImage::new(image.size(), pixels);
        ctx.load_texture("map", pixels, TextureOptions::NEAREST)
    };
    kept(ctx, Source::Image(image.edition()), load)
}

/// The texture of an embedded PNG file of red, green and blue in bytes.
pub(crate) fn of_file(ctx: &Context, file: &'static [u8]) -> TextureId {
    let load = || {
        let pixels = decoded(file).unwrap_or_default();
        ctx.load_texture("thumbnail", pixels, TextureOptions::LINEAR)
    };
    kept(ctx, Source::File(file.as_ptr().addr()), load)
}

fn decoded(file: &[u8]) -> Option<ColorImage> {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().ok()?;
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut bytes).ok()?;
    let size = [frame.width as usize, frame.height as usize];
    let is_whole = bytes.len() == 3 * size[0] * size[1];
    is_whole.then(|| ColorImage::from_rgb(size, &bytes))
}

/// The texture of a source, loaded if it is not kept.
fn kept(ctx: &Context, source: Source, load: impl FnOnce() -> TextureHandle) -> TextureId {
    let frame = ctx.cumulative_frame_nr();
    let textures = ctx.data_mut(|data| {
        data.get_temp_mut_or_default::<Textures>(Id::unique("images"))
            .clone()
    });
    // a panic under the lock leaves no half-written texture
    let mut textures = textures
        .0
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    textures.retain(|_, (_, shown)| *shown + FORGOTTEN >= frame);
    let (texture, shown) = textures.entry(source).or_insert_with(|| (load(), frame));
    *shown = frame;
    texture.id()
}
