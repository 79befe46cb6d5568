//! The palette of a GIF: the colours of areas exactly, those between them by the median cut.

use std::collections::HashMap;

use super::pixels::Pixels;

/// A colour without its opacity.
type Rgb = [u8; 3];
/// The most colours; one more index is the transparent one.
pub(super) const MOST: usize = 255;
/// The most colours of areas that have an entry of their own.
const MOST_AREAS: usize = 215;

/// The number of pixels of each colour in frames that follow each other.
#[derive(Debug, Default)]
pub(super) struct ColourCounts {
    /// Pixels within areas, and all pixels.
    counts: HashMap<Rgb, [u64; 2]>,
}

impl ColourCounts {
    /// Counts the pixels of a frame that differ from the frame before.
    pub(super) fn add(&mut self, frame: &Pixels, before: Option<&Pixels>) {
        let width = frame.size[0] as usize;
        for (place, pixel) in frame.rows.iter().enumerate() {
            if before.is_some_and(|before| before.rows[place] == *pixel) {
                continue;
            }
            let is_same = |other: Option<usize>| {
                other.is_some_and(|other| frame.rows.get(other) == Some(pixel))
            };
            let is_area = is_same(place.checked_sub(1))
                && is_same(Some(place + 1))
                && is_same(place.checked_sub(width))
                && is_same(Some(place + width));
            let [red, green, blue, _] = *pixel;
            let counts = self.counts.entry([red, green, blue]).or_default();
            counts[0] += u64::from(is_area);
            counts[1] += 1;
        }
    }

    /// The palette of the colours.
    pub(super) fn palette(&self) -> ColourTable {
        // sorted: the order of a map changes from run to run
        let mut all: Vec<(Rgb, [u64; 2])> = self.counts.iter().map(|(k, v)| (*k, *v)).collect();
        all.sort_by_key(|(colour, [area, count])| (u64::MAX - area, u64::MAX - count, *colour));
        let areas = all.iter().filter(|(_, [area, _])| *area > 0).count();
        let exact = if all.len() <= MOST {
            all.len()
        } else {
            areas.min(MOST_AREAS)
        };
        let mut colours: Vec<Rgb> = all[..exact].iter().map(|(colour, _)| *colour).collect();
        let rest = all[exact..]
            .iter()
            .map(|(colour, [_, count])| (*colour, *count));
        colours.extend(median_cut(rest.collect(), MOST - exact));
        if colours.is_empty() {
            colours.push([0; 3]);
        }
        ColourTable {
            known: HashMap::new(),
            colours,
        }
    }
}

/// A palette, with the entries of the colours that were looked up.
#[derive(Debug)]
pub(super) struct ColourTable {
    pub(super) colours: Vec<Rgb>,
    known: HashMap<Rgb, u8>,
}

impl ColourTable {
    /// The index of the nearest colour.
    pub(super) fn index(&mut self, [red, green, blue, _]: [u8; 4]) -> u8 {
        let colour = [red, green, blue];
        let colours = &self.colours;
        *self.known.entry(colour).or_insert_with(|| {
            let distance = |other: &Rgb| -> u32 {
                let axes = colour.iter().zip(other);
                axes.map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
            };
            let places = colours.iter().enumerate();
            let nearest = places.min_by_key(|(_, other)| distance(other));
            nearest.map_or(0, |(place, _)| place as u8)
        })
    }
}

/// At most so many colours that represent weighted ones: the box with the largest squared deviation along an axis is cut at
/// its mean until there are enough, and each box gives its mean.
fn median_cut(colours: Vec<(Rgb, u64)>, most: usize) -> Vec<Rgb> {
    if colours.is_empty() || most == 0 {
        return Vec::new();
    }
    let mut boxes = vec![ColourBox::new(colours)];
    while boxes.len() < most {
        let places = boxes.iter().enumerate();
        let widest = places.max_by(|(_, a), (_, b)| a.deviation.total_cmp(&b.deviation));
        let Some((place, _)) = widest.filter(|(_, widest)| widest.deviation > 0.0) else {
            break;
        };
        let [low, high] = boxes.swap_remove(place).cut();
        boxes.extend([low, high]);
    }
    boxes
        .iter()
        .map(|one| one.mean.map(|mean| mean.round() as u8))
        .collect()
}

/// Colours that one represents.
struct ColourBox {
    colours: Vec<(Rgb, u64)>,
    mean: [f64; 3],
    /// The axis of the largest squared deviation from the mean, and that deviation.
    axis: usize,
    deviation: f64,
}

impl ColourBox {
    fn new(colours: Vec<(Rgb, u64)>) -> Self {
        let sum = |value: &dyn Fn(&Rgb) -> f64| -> f64 {
            let terms = colours.iter();
            terms
                .map(|(colour, count)| *count as f64 * value(colour))
                .sum()
        };
        let all = sum(&|_| 1.0);
        let axes = [0, 1, 2];
        let mean = axes.map(|axis| sum(&|colour| f64::from(colour[axis])) / all);
        let squares =
            axes.map(|axis| sum(&|colour| (f64::from(colour[axis]) - mean[axis]).powi(2)));
        let axis = axes
            .into_iter()
            .max_by(|a, b| squares[*a].total_cmp(&squares[*b]));
        let axis = axis.unwrap_or(0);
        Self {
            deviation: if colours.len() > 1 {
                squares[axis]
            } else {
                0.0
            },
            colours,
            mean,
            axis,
        }
    }

    /// Two boxes, on both sides of the mean along the widest axis.
    fn cut(self) -> [Self; 2] {
        let (axis, middle) = (self.axis, self.mean[self.axis]);
        let is_low = |(colour, _): &(Rgb, u64)| f64::from(colour[axis]) <= middle;
        let (low, high) = self.colours.into_iter().partition(is_low);
        [Self::new(low), Self::new(high)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_keep_their_colours_among_thousands_of_others() {
        let side = 64;
        let mut rows = Vec::new();
        for place in 0..side * side {
            let (x, y) = (place % side, place / side);
            rows.push(if x < 32 {
                [10 * (y / 8) as u8, 7, 200, 255]
            } else {
                [(x * 4) as u8, (y * 4) as u8, ((x * y) % 256) as u8, 255]
            });
        }
        let frame = Pixels {
            size: [side as u32; 2],
            rows,
        };
        let mut counts = ColourCounts::default();
        counts.add(&frame, None);
        let mut palette = counts.palette();
        assert!(palette.colours.len() <= MOST);
        for stripe in 0..8 {
            let colour = [10 * stripe, 7, 200];
            let index = palette.index([colour[0], colour[1], colour[2], 255]);
            assert_eq!(palette.colours[index as usize], colour);
        }
    }
}
