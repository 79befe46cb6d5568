//! The map between data units and pixels.

use super::shapes::Rect;
use crate::{AxisScale, Figure};

/// The map between data units and pixels of one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform {
    scales: [AxisScale; 2],
    /// The ranges shown, in data units: the requested ones, widened if units must have equal length.
    pub ranges: [[f64; 2]; 2],
    /// The ranges as positions on the scales.
    places: [[f64; 2]; 2],
    /// The area of the y-axis: the plot without its gutter.
    area: Rect,
    /// The vertical pixel of values at or below 0, if there is a gutter.
    gutter: Option<f32>,
}

/// The horizontal half of a map, which alone decides the horizontal pixel of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Across {
    scale: AxisScale,
    places: [f64; 2],
    ends: [f32; 2],
}

/// The height of the gutter.
const GUTTER: f32 = 14.0;

impl Transform {
    /// The map from a figure's ranges to a plot rectangle.
    pub(crate) fn new(figure: &Figure<'_>, plot: Rect) -> Self {
        let has_gutter = figure.y.has_gutter && figure.y.scale == AxisScale::Log;
        let mut area = plot;
        if has_gutter {
            area.max[1] -= GUTTER;
        }
        let mut ranges = [
            figure.x.scale.drawable(figure.x.range),
            figure.y.scale.drawable(figure.y.range),
        ];
        if figure.is_equal {
            widen(
                &mut ranges,
                [f64::from(area.width()), f64::from(area.height())],
            );
        }
        let scales = [figure.x.scale, figure.y.scale];
        Self {
            scales,
            ranges,
            places: [0, 1].map(|axis| ranges[axis].map(|end| scales[axis].forward(end))),
            area,
            gutter: has_gutter.then_some(plot.max[1] - 0.5 * GUTTER),
        }
    }

    /// The left and the right end of the plot, in pixels.
    pub(crate) fn ends(&self) -> [f32; 2] {
        [self.area.min[0], self.area.max[0]]
    }

    /// The horizontal half.
    pub(crate) fn across(&self) -> Across {
        Across {
            scale: self.scales[0],
            places: self.places[0],
            ends: self.ends(),
        }
    }

    /// The pixel of a value on an axis, 0 for x and 1 for y; NaN if the scale has no position for it.
    pub(crate) fn along(&self, axis: usize, value: f64) -> f32 {
        let scale = self.scales[axis];
        let [low, high] = self.places[axis];
        let share = (scale.forward(value) - low) / (high - low);
        // far outside looks like just outside, and stays a number that can be drawn
        let share = share.clamp(-50.0, 50.0) as f32;
        if axis == 0 {
            self.area.min[0] + share * self.area.width()
        } else if let Some(gutter) = self.gutter
            && value <= 0.0
        {
            gutter
        } else {
            self.area.max[1] - share * self.area.height()
        }
    }

    /// The pixel of a point.
    pub fn pixel(&self, [x, y]: [f64; 2]) -> [f32; 2] {
        [self.along(0, x), self.along(1, y)]
    }

    /// The point under a pixel.
    pub fn value(&self, pixel: [f32; 2]) -> [f64; 2] {
        let shares = [
            (pixel[0] - self.area.min[0]) / self.area.width(),
            (self.area.max[1] - pixel[1]) / self.area.height(),
        ];
        [0, 1].map(|axis| {
            let [low, high] = self.places[axis];
            self.scales[axis].inverse(low + f64::from(shares[axis]) * (high - low))
        })
    }

    /// The upper edge of the gutter, if there is one.
    pub(crate) fn gutter_edge(&self) -> Option<f32> {
        self.gutter.map(|_| self.area.max[1])
    }
}

/// Widens the range with the shorter units about its middle, so that both have equal units.
fn widen(ranges: &mut [[f64; 2]; 2], size: [f64; 2]) {
    let units = [0, 1].map(|axis| (ranges[axis][1] - ranges[axis][0]) / size[axis].max(1.0));
    let coarsest = units[0].max(units[1]);
    for axis in 0..2 {
        let middle = 0.5 * (ranges[axis][0] + ranges[axis][1]);
        let half = 0.5 * coarsest * size[axis].max(1.0);
        if units[axis] < coarsest {
            ranges[axis] = [middle - half, middle + half];
        }
    }
}
