//! Fills textured triangles with blending.
//!
//! Corners are snapped to 1/256 of a pixel and the edges are followed in whole numbers, so which pixels belong to a
//! triangle is exact. A pixel belongs to it when its centre is inside; a centre on an edge counts for a top or a left
//! edge only, so that two triangles that share an edge never both draw a pixel, and never leave one out.

use super::texture::Texture;

/// The steps of a snapped coordinate per pixel.
const STEPS: i64 = 256;
/// Corners farther out than this, in pixels, are pulled in, so that products of coordinates fit in 64 bits.
const FAR: f32 = 1_048_576.0;

/// A rectangle of pixels; `right` and `bottom` are the first ones outside.
#[derive(Clone, Copy)]
pub(crate) struct Clip {
    pub(crate) left: i64,
    pub(crate) top: i64,
    pub(crate) right: i64,
    pub(crate) bottom: i64,
}

/// A corner of a triangle: its position, and the values that are interpolated between the corners.
#[derive(Clone, Copy)]
pub(crate) struct Corner {
    x: i64,
    y: i64,
    /// u and v in texels, then red, green, blue and alpha from 0 to 255.
    blend: [f32; 6],
}

impl Corner {
    /// A corner at `position` in pixels, with the texture position `uv` in texels and a premultiplied `colour`. `None`
    /// if a coordinate is not a number.
    pub(crate) fn new(position: [f32; 2], uv: [f32; 2], colour: [u8; 4]) -> Option<Self> {
        if position
            .iter()
            .chain(&uv)
            .any(|coordinate| coordinate.is_nan())
        {
            return None;
        }
        let [x, y] = position.map(|pixels| (pixels.clamp(-FAR, FAR) * STEPS as f32).round() as i64);
        let [red, green, blue, alpha] = colour.map(f32::from);
        Some(Self {
            x,
            y,
            blend: [uv[0], uv[1], red, green, blue, alpha],
        })
    }
}

/// The picture: premultiplied colours, transparent at first.
pub(crate) struct Canvas {
    width: i64,
    height: i64,
    pixels: Vec<[u8; 4]>,
}

impl Canvas {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self {
            width: i64::from(width),
            height: i64::from(height),
            pixels: vec![[0; 4]; width as usize * height as usize],
        }
    }

    /// Width, height and the bytes of the pixels, row by row.
    pub(crate) fn into_rgba(self) -> (u32, u32, Vec<u8>) {
        (
            self.width as u32,
            self.height as u32,
            self.pixels.into_flattened(),
        )
    }

    /// Draws the part of a triangle that is inside `clip`, for either orientation of its corners.
    pub(crate) fn fill_triangle(
        &mut self,
        [a, mut b, mut c]: [Corner; 3],
        clip: Clip,
        texture: &Texture,
    ) {
        let area = Edge::new(&a, &b).at(c.x, c.y);
        if area == 0 {
            return;
        }
        if area < 0 {
            (b, c) = (c, b);
        }
        let edges = [Edge::new(&b, &c), Edge::new(&c, &a), Edge::new(&a, &b)];
        let slopes = Slopes::new([&a, &b, &c], &edges, area.abs());
        let brush = Brush::new(&slopes, texture);
        if brush.is_invisible() {
            return;
        }

        let first_row = pixel(a.y.min(b.y).min(c.y)).max(clip.top).max(0);
        let last_row = pixel(a.y.max(b.y).max(c.y))
            .min(clip.bottom - 1)
            .min(self.height - 1);
        let leftmost = pixel(a.x.min(b.x).min(c.x)).max(clip.left).max(0);
        let rightmost = pixel(a.x.max(b.x).max(c.x))
            .min(clip.right - 1)
            .min(self.width - 1);
        for row in first_row..=last_row {
            let (mut from, mut to) = (leftmost, rightmost);
            for edge in &edges {
                edge.narrow(row, &mut from, &mut to);
            }
            if from <= to {
                let start = (row * self.width) as usize;
                let span = &mut self.pixels[start + from as usize..=start + to as usize];
                brush.paint(span, || slopes.at(&edges, from, row));
            }
        }
    }
}

/// The pixel that a snapped coordinate is in.
fn pixel(steps: i64) -> i64 {
    steps.div_euclid(STEPS)
}

/// A directed edge with the triangle on its right (y points down).
struct Edge {
    x: i64,
    y: i64,
    dx: i64,
    dy: i64,
    /// 0 for a top or left edge, which owns the centres that lie on it, else -1.
    bias: i64,
}

impl Edge {
    fn new(from: &Corner, to: &Corner) -> Self {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let is_top_or_left = dy < 0 || (dy == 0 && dx > 0);
        Self {
            x: from.x,
            y: from.y,
            dx,
            dy,
            bias: if is_top_or_left { 0 } else { -1 },
        }
    }

    /// Twice the area between the edge and a position: positive inside.
    fn at(&self, x: i64, y: i64) -> i64 {
        self.dx * (y - self.y) - self.dy * (x - self.x)
    }

    /// Narrows `from..=to` to the pixels of a row whose centres are inside this edge.
    fn narrow(&self, row: i64, from: &mut i64, to: &mut i64) {
        let at_zero = self.at(STEPS / 2, row * STEPS + STEPS / 2) + self.bias;
        let per_pixel = self.dy * STEPS; // the value falls by this from one pixel to the next
        if per_pixel > 0 {
            *to = (*to).min(at_zero.div_euclid(per_pixel));
        } else if per_pixel < 0 {
            *from = (*from).max(-at_zero.div_euclid(-per_pixel));
        } else if at_zero < 0 {
            *to = *from - 1;
        }
    }
}

/// The interpolated values of a triangle.
struct Slopes {
    corners: [[f32; 6]; 3],
    area: f64,
    per_pixel: [f32; 6],
    /// Texels per pixel, the larger of the two axes.
    texels_per_pixel: f32,
    is_one_colour: bool,
    is_one_texel: bool,
}

impl Slopes {
    fn new(corners: [&Corner; 3], edges: &[Edge; 3], area: i64) -> Self {
        let area = area as f64;
        let corners = corners.map(|corner| corner.blend);
        let [a, b, c] = &corners;
        let slope = |weights: [i64; 3], index: usize| {
            let sum = weights[0] as f64 * f64::from(a[index])
                + weights[1] as f64 * f64::from(b[index])
                + weights[2] as f64 * f64::from(c[index]);
            (sum * STEPS as f64 / area) as f32
        };
        let across = [-edges[0].dy, -edges[1].dy, -edges[2].dy];
        let down = [edges[0].dx, edges[1].dx, edges[2].dx];
        let is_one_colour = a[2..] == b[2..] && a[2..] == c[2..];
        let is_one_texel = a[..2] == b[..2] && a[..2] == c[..2];

        let mut per_pixel = [0.0; 6];
        let mut texels_per_pixel = 0.0_f32;
        if !is_one_texel {
            for (index, value) in per_pixel.iter_mut().enumerate().take(2) {
                *value = slope(across, index);
                let downward = slope(down, index);
                texels_per_pixel = texels_per_pixel.max(value.abs()).max(downward.abs());
            }
        }
        if !is_one_colour {
            for (index, value) in per_pixel.iter_mut().enumerate().skip(2) {
                *value = slope(across, index);
            }
        }
        Self {
            corners,
            area,
            per_pixel,
            texels_per_pixel,
            is_one_colour,
            is_one_texel,
        }
    }

    /// The values at the centre of a pixel.
    fn at(&self, edges: &[Edge; 3], column: i64, row: i64) -> [f32; 6] {
        let (x, y) = (column * STEPS + STEPS / 2, row * STEPS + STEPS / 2);
        let near_a = (edges[0].at(x, y) as f64 / self.area) as f32;
        let near_b = (edges[1].at(x, y) as f64 / self.area) as f32;
        let near_c = 1.0 - near_a - near_b;
        let [a, b, c] = &self.corners;
        let mut values = *a;
        let varying = if self.is_one_texel { 2 } else { 0 }..if self.is_one_colour { 2 } else { 6 };
        for index in varying {
            values[index] = a[index] * near_a + b[index] * near_b + c[index] * near_c;
        }
        values
    }
}

/// The colour of a triangle's pixels: a single one if possible, else computed for each pixel.
enum Brush<'a> {
    Plain([f32; 4]),
    Gradient {
        texel: [f32; 4],
        slopes: &'a Slopes,
    },
    Textured {
        texture: &'a Texture,
        slopes: &'a Slopes,
    },
}

impl<'a> Brush<'a> {
    fn new(slopes: &'a Slopes, texture: &'a Texture) -> Self {
        if !slopes.is_one_texel {
            return Self::Textured { texture, slopes };
        }
        let [u, v, red, green, blue, alpha] = slopes.corners[0];
        let texel = sample(texture, slopes, [u, v]);
        if slopes.is_one_colour {
            Self::Plain(tint(texel, [red, green, blue, alpha]))
        } else {
            Self::Gradient { texel, slopes }
        }
    }

    fn is_invisible(&self) -> bool {
        matches!(self, Self::Plain([0.0, 0.0, 0.0, 0.0]))
    }

    /// Paints adjacent pixels of a row; `start` returns the values at the first.
    fn paint(&self, span: &mut [[u8; 4]], start: impl FnOnce() -> [f32; 6]) {
        match self {
            Self::Plain(colour @ [_, _, _, 255.0]) => span.fill(colour.map(round)),
            Self::Plain(colour) => {
                for pixel in span {
                    blend(pixel, *colour);
                }
            }
            Self::Gradient { texel, slopes } => {
                let start = start();
                for (index, pixel) in span.iter_mut().enumerate() {
                    blend(pixel, tint(*texel, colour_at(&start, slopes, index as f32)));
                }
            }
            Self::Textured { texture, slopes } => {
                let start = start();
                for (index, pixel) in span.iter_mut().enumerate() {
                    let distance = index as f32;
                    let u = start[0] + slopes.per_pixel[0] * distance;
                    let v = start[1] + slopes.per_pixel[1] * distance;
                    let texel = sample(texture, slopes, [u, v]);
                    if texel != [0.0; 4] {
                        blend(pixel, tint(texel, colour_at(&start, slopes, distance)));
                    }
                }
            }
        }
    }
}

fn sample(texture: &Texture, slopes: &Slopes, uv: [f32; 2]) -> [f32; 4] {
    if texture.is_linear(slopes.texels_per_pixel) {
        texture.linear(uv)
    } else {
        texture.nearest(uv)
    }
}

fn colour_at(start: &[f32; 6], slopes: &Slopes, distance: f32) -> [f32; 4] {
    let step = &slopes.per_pixel;
    [
        start[2] + step[2] * distance,
        start[3] + step[3] * distance,
        start[4] + step[4] * distance,
        start[5] + step[5] * distance,
    ]
}

/// A texel times a vertex colour.
fn tint(texel: [f32; 4], colour: [f32; 4]) -> [f32; 4] {
    [
        texel[0] * colour[0] / 255.0,
        texel[1] * colour[1] / 255.0,
        texel[2] * colour[2] / 255.0,
        texel[3] * colour[3] / 255.0,
    ]
}

/// Lays a premultiplied colour over a pixel.
fn blend(pixel: &mut [u8; 4], colour: [f32; 4]) {
    let shows_through = 1.0 - colour[3] / 255.0;
    for channel in 0..4 {
        pixel[channel] = round(colour[channel] + f32::from(pixel[channel]) * shows_through);
    }
}

/// The nearest byte, clamped to 0 to 255.
fn round(value: f32) -> u8 {
    (value + 0.5) as u8
}
