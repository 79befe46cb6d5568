//! A texture on the CPU: whole and partial uploads, nearest and linear sampling.

use std::collections::HashMap;

use egui::epaint::{Color32, ImageData, ImageDelta};
use egui::{TextureFilter, TextureId, TextureOptions, TextureWrapMode};

/// An image that meshes take their colours from. Coordinates are in texels: (0, 0) is the top left corner.
pub(crate) struct Texture {
    size: [usize; 2],
    texels: Vec<Color32>,
    options: TextureOptions,
}

impl Texture {
    /// Carries out one upload. A partial one changes a rectangle of an existing texture.
    ///
    /// # Panics
    /// If the rectangle is outside of the texture, or there is no such texture.
    pub(crate) fn update(
        textures: &mut HashMap<TextureId, Self>,
        id: TextureId,
        delta: &ImageDelta,
    ) {
        let ImageData::Color(image) = &delta.image;
        let Some([left, top]) = delta.pos else {
            let texture = Self {
                size: image.size,
                texels: image.pixels.clone(),
                options: delta.options,
            };
            textures.insert(id, texture);
            return;
        };
        let texture = textures
            .get_mut(&id)
            .expect("a partial upload needs a texture");
        texture.options = delta.options;
        let [width, height] = image.size;
        assert!(
            left + width <= texture.size[0],
            "a partial upload is too wide"
        );
        for row in 0..height {
            let start = (top + row) * texture.size[0] + left;
            texture.texels[start..start + width]
                .copy_from_slice(&image.pixels[row * width..(row + 1) * width]);
        }
    }

    pub(crate) fn size(&self) -> [usize; 2] {
        self.size
    }

    /// True if neighboring texels are blended where a pixel covers `texels_per_pixel` of them along an axis.
    pub(crate) fn is_linear(&self, texels_per_pixel: f32) -> bool {
        let filter = if texels_per_pixel > 1.0 {
            self.options.minification
        } else {
            self.options.magnification
        };
        filter == TextureFilter::Linear
    }

    /// The texel at a position, as premultiplied 0 to 255.
    pub(crate) fn nearest(&self, [u, v]: [f32; 2]) -> [f32; 4] {
        self.texel(u.floor() as i64, v.floor() as i64)
    }

    /// The mean of the four texels around a position, weighted by nearness, as premultiplied 0 to 255.
    pub(crate) fn linear(&self, [u, v]: [f32; 2]) -> [f32; 4] {
        let [left, top] = [(u - 0.5).floor(), (v - 0.5).floor()];
        let [across, down] = [u - 0.5 - left, v - 0.5 - top];
        let [x, y] = [left as i64, top as i64];
        let [a, b] = [self.texel(x, y), self.texel(x + 1, y)];
        let [c, d] = [self.texel(x, y + 1), self.texel(x + 1, y + 1)];
        let mut mean = [0.0; 4];
        for channel in 0..4 {
            let upper = a[channel] + (b[channel] - a[channel]) * across;
            let lower = c[channel] + (d[channel] - c[channel]) * across;
            mean[channel] = upper + (lower - upper) * down;
        }
        mean
    }

    fn texel(&self, x: i64, y: i64) -> [f32; 4] {
        let x = wrap(x, self.size[0], self.options.wrap_mode);
        let y = wrap(y, self.size[1], self.options.wrap_mode);
        self.texels[y * self.size[0] + x].to_array().map(f32::from)
    }
}

/// The texel within 0 to `size` - 1 that stands for an index that may lie outside.
fn wrap(index: i64, size: usize, mode: TextureWrapMode) -> usize {
    let size = size.cast_signed() as i64;
    let wrapped = match mode {
        TextureWrapMode::ClampToEdge => index.clamp(0, size - 1),
        TextureWrapMode::Repeat => index.rem_euclid(size),
        TextureWrapMode::MirroredRepeat => {
            let turn = index.rem_euclid(2 * size);
            turn.min(2 * size - 1 - turn)
        }
    };
    wrapped as usize
}
