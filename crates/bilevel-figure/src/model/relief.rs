//! Relief of a sampled function: bands between contour levels, filled from deep to high, and the contour lines.

use std::sync::{Arc, OnceLock};

use super::image::Image;
use super::style::{Colour, Theme};

/// Index of a pixel at which the function is undefined.
pub(crate) const UNDEFINED: u8 = u8::MAX;

/// A contour line.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// Its points.
    pub points: Vec<[f64; 2]>,
    /// The value on it.
    pub level: f64,
    /// True if it is drawn stronger, with its value.
    pub is_main: bool,
}

/// The relief of a sampled function over a rectangle.
#[derive(Debug, Default)]
pub struct Relief {
    /// The horizontal range.
    pub x: [f64; 2],
    /// The vertical range.
    pub y: [f64; 2],
    /// The contour lines.
    pub contours: Vec<Contour>,
    /// The least and the greatest value that are finite; `None` if there are none.
    pub(crate) extremes: Option<[f64; 2]>,
    /// The regions above the least value and above each level, as closed lines; a point belongs to a region that an odd
    /// number of its lines surrounds.
    pub(crate) regions: Vec<Vec<Vec<[f64; 2]>>>,
    /// The band of each pixel of a picture for the screen, from the top, or [`UNDEFINED`].
    pub(crate) pixels: Vec<u8>,
    /// The number of pixels in a row.
    pub(crate) columns: usize,
    /// True if the function is undefined somewhere.
    pub(crate) has_holes: bool,
    /// The picture in light and dark colours, made when it is first shown.
    pub(crate) images: [OnceLock<Arc<Image>>; 2],
}

impl Relief {
    /// The colour of a band, counted from the deepest.
    pub(crate) fn colour(&self, band: usize, theme: Theme) -> Colour {
        let steps = self.regions.len().saturating_sub(1).max(1);
        theme.relief(band as f32 / steps as f32)
    }

    /// The picture of the bands.
    pub fn image(&self, theme: Theme) -> Arc<Image> {
        let image = self.images[usize::from(theme == Theme::Dark)].get_or_init(|| {
            let colours: Vec<Colour> = (0..self.regions.len())
                .map(|band| self.colour(band, theme))
                .collect();
            let nothing = theme.roles().plot;
            let colour = |band: &u8| colours.get(usize::from(*band)).copied().unwrap_or(nothing);
            Arc::new(Image::new(
                self.columns,
                self.pixels.iter().map(colour).collect(),
            ))
        });
        Arc::clone(image)
    }

    /// True if the function is undefined at a position within the ranges.
    pub(crate) fn is_undefined(&self, [x, y]: [f64; 2]) -> bool {
        let rows = self.pixels.len() / self.columns.max(1);
        let place = |value: f64, [low, high]: [f64; 2], count: usize| {
            let place = (value - low) / (high - low) * count as f64;
            (0.0 <= place && place <= count as f64).then(|| (place as usize).min(count - 1))
        };
        let column = place(x, self.x, self.columns);
        let row = place(-y, [-self.y[1], -self.y[0]], rows);
        match (column, row) {
            (Some(column), Some(row)) => self.pixels[row * self.columns + column] == UNDEFINED,
            _ => false,
        }
    }
}

impl PartialEq for Relief {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}
