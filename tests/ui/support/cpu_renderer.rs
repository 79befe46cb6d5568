//! Draws what egui asks for on the CPU, so that pictures of the window need no graphics card and repeat to the bit.
//!
//! It follows egui's OpenGL painter: meshes in order, each inside its clip rectangle, vertex colour times texture,
//! blended with premultiplied alpha in gamma space. Unlike the real window it does not dither, and it knows neither
//! mipmaps nor paint callbacks.

use std::collections::HashMap;
use std::mem;

use egui::epaint::{ClippedPrimitive, Mesh, Primitive, Vertex};
use egui::{Context, FullOutput, Rect, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;
use image::RgbaImage;

use super::texture::Texture;
use super::triangle::{Canvas, Clip, Corner};

/// A renderer for [`egui_kittest::HarnessBuilder::renderer`].
#[derive(Default)]
pub(crate) struct CpuRenderer {
    textures: HashMap<TextureId, Texture>,
    /// Textures that the last frame may still show; they are removed before the next one.
    freed: Vec<TextureId>,
}

impl TestRenderer for CpuRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for id in mem::take(&mut self.freed) {
            self.textures.remove(&id);
        }
        #[expect(
            clippy::iter_over_hash_type,
            reason = "textures are independent of each other"
        )]
        for (id, images) in delta.set.drain() {
            for image in images {
                Texture::update(&mut self.textures, id, &image);
            }
        }
        self.freed.extend(delta.free.drain());
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let pixels_per_point = ctx.pixels_per_point();
        let size = ctx.content_rect().size() * pixels_per_point;
        let mut canvas = Canvas::new(size.x.round() as u32, size.y.round() as u32);

        for ClippedPrimitive {
            clip_rect,
            primitive,
        } in ctx.tessellate(output.shapes.clone(), pixels_per_point)
        {
            match primitive {
                Primitive::Mesh(mesh) => {
                    let clip = clip(clip_rect, pixels_per_point);
                    self.draw(&mut canvas, &mesh, clip, pixels_per_point)?;
                }
                Primitive::Callback(_) => {
                    return Err(
                        "This renderer cannot run paint callbacks; draw with egui's own shapes."
                            .to_owned(),
                    );
                }
            }
        }

        let (width, height, bytes) = canvas.into_rgba();
        RgbaImage::from_raw(width, height, bytes)
            .ok_or_else(|| "The picture has the wrong number of bytes.".to_owned())
    }
}

impl CpuRenderer {
    fn draw(
        &self,
        canvas: &mut Canvas,
        mesh: &Mesh,
        clip: Clip,
        pixels_per_point: f32,
    ) -> Result<(), String> {
        let texture = self.textures.get(&mesh.texture_id).ok_or_else(|| {
            format!(
                "A mesh uses {:?}, which was never uploaded.",
                mesh.texture_id
            )
        })?;
        let corners: Vec<_> = mesh
            .vertices
            .iter()
            .map(|vertex| corner(vertex, texture, pixels_per_point))
            .collect();
        for triangle in mesh.indices.as_chunks::<3>().0 {
            let [Some(a), Some(b), Some(c)] = triangle.map(|index| corners[index as usize]) else {
                continue; // not a number, so nowhere to draw
            };
            canvas.fill_triangle([a, b, c], clip, texture);
        }
        Ok(())
    }
}

fn corner(vertex: &Vertex, texture: &Texture, pixels_per_point: f32) -> Option<Corner> {
    let [width, height] = texture.size();
    Corner::new(
        [
            vertex.pos.x * pixels_per_point,
            vertex.pos.y * pixels_per_point,
        ],
        [vertex.uv.x * width as f32, vertex.uv.y * height as f32],
        vertex.color.to_array(),
    )
}

/// The pixels of a clip rectangle, its edges rounded to the nearest pixel as egui's painters do.
fn clip(rect: Rect, pixels_per_point: f32) -> Clip {
    let pixel = |points: f32| (points * pixels_per_point).round() as i64;
    Clip {
        left: pixel(rect.min.x),
        top: pixel(rect.min.y),
        right: pixel(rect.max.x),
        bottom: pixel(rect.max.y),
    }
}
