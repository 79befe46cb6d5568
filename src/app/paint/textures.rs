//! Images as textures: each is uploaded once, and released when it has not been shown for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bilevel_figure::Image;
use egui::{ColorImage, Context, Id, TextureHandle, TextureId, TextureOptions};

use super::theme::colour;

/// The number of frames after which an image that is not shown is released.
const FORGOTTEN: u64 = 4;

#[derive(Clone, Default)]
struct Textures(Arc<Mutex<HashMap<u64, (TextureHandle, u64)>>>);

/// The texture of an image.
pub(crate) fn of(ctx: &Context, image: &Image) -> TextureId {
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
    let (texture, shown) = textures.entry(image.edition()).or_insert_with(|| {
        let pixels = image.colours().iter().map(|&ink| colour(ink)).collect();
        let pixels = ColorImage::new(image.size(), pixels);
        let texture = ctx.load_texture("map", pixels, TextureOptions::NEAREST);
        (texture, frame)
    });
    *shown = frame;
    texture.id()
}
