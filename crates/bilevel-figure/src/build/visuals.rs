//! Pictures of a point of a learning problem: histograms, galleries of images, and matrices.

use std::sync::Arc;

use bilevel::problem::{Gallery, Histogram, Matrix, Visual};

use crate::{
    Axis, Bars, CellMap, Colour, Figure, Image, Layer, Patch, Roles, Theme, grouped, significant,
};

/// The number of bars of a histogram.
const BARS: usize = 20;
/// The space above the highest bar, for the legend, as a share of its height.
const HEADROOM: f64 = 0.24;
/// The gap between two images, as a share of an image's width.
const BETWEEN: f64 = 0.16;
/// The height of a caption, as a share of an image's height.
const CAPTION: f64 = 0.52;
/// The share of signed pixels that may exceed the colour scale, so that a few large ones do not make all others pale.
const BEYOND: f64 = 0.005;

/// The colour of negative pixels.
const BELOW: Colour = Colour::hex(0x21_66AC);
/// The colour of positive pixels.
const ABOVE: Colour = Colour::hex(0xC2_2B2B);
/// The colour of the greatest value of a matrix.
const FULL: Colour = Colour::hex(0x00_72B2);

/// The figure of a visual.
pub fn visual_figure(visual: &Visual, theme: Theme) -> Figure<'static> {
    match visual {
        Visual::Histogram(visual) => histogram(visual, theme),
        Visual::Gallery(visual) => gallery(visual, theme),
        Visual::Matrix(visual) => matrix(visual, theme),
    }
}

fn figure(
    title: &str,
    remark: &str,
    axes: [Axis; 2],
    layers: Vec<Layer<'static>>,
) -> Figure<'static> {
    let [x, y] = axes;
    Figure {
        title: format!("**{title}**"),
        subtitle: remark.to_owned(),
        x,
        y,
        is_equal: false,
        has_axes: true,
        layers,
        foot: None,
    }
}

/// The share of the values in each of `bars` equal parts of a range.
fn shares(values: &[f64], [low, high]: [f64; 2], bars: usize) -> Vec<f64> {
    let mut counts = vec![0_usize; bars];
    let known = values.iter().filter(|value| !value.is_nan());
    let mut all = 0_usize;
    for value in known {
        let place = (value - low) / (high - low) * bars as f64;
        // the outer parts also hold the values beyond the range
        counts[(place.max(0.0) as usize).min(bars - 1)] += 1;
        all += 1;
    }
    let share = |count: usize| count as f64 / all.max(1) as f64;
    counts.into_iter().map(share).collect()
}

fn group_colour(place: usize, roles: &Roles) -> Colour {
    match place {
        0 => roles.text_weak,
        1 => roles.warning,
        _ => FULL,
    }
}

fn histogram(histogram: &Histogram, theme: Theme) -> Figure<'static> {
    let roles = theme.roles();
    let [low, high] = histogram.range;
    let edge = |place: usize| low + (high - low) * place as f64 / BARS as f64;
    let edges: Vec<f64> = (0..=BARS).map(edge).collect();
    let (mut layers, mut legend) = (Vec::new(), Vec::new());
    let mut most = 0.0_f64;
    for (place, group) in histogram.groups.iter().enumerate() {
        let colour = group_colour(place, &roles);
        let heights = shares(&group.values, histogram.range, BARS);
        most = heights.iter().copied().fold(most, f64::max);
        layers.push(Layer::Bars(Bars {
            edges: edges.clone(),
            heights,
            colour,
        }));
        let looks = Patch {
            colour,
            hatch: None,
        };
        let count = grouped(group.values.len());
        legend.push((looks, format!("{count} {}", group.name)));
    }
    layers.push(Layer::Legend(legend));
    let margin = 0.02 * (high - low);
    let axes = [
        Axis::linear(&histogram.quantity, [low - margin, high + margin]),
        Axis::linear("share", [0.0, (1.0 + HEADROOM) * most.max(0.05)]),
    ];
    figure(&histogram.title, &histogram.remark, axes, layers)
}

/// The colour at a share between two colours.
fn between(from: Colour, to: Colour, share: f32) -> Colour {
    let share = share.clamp(0.0, 1.0);
    let part = |channel: usize| {
        let (a, b) = (f32::from(from.rgb[channel]), f32::from(to.rgb[channel]));
        (a + share * (b - a)).round() as u8
    };
    Colour {
        rgb: [part(0), part(1), part(2)],
        alpha: 255,
    }
}

/// The size that only a few signed pixels exceed.
fn greatest(gallery: &Gallery) -> f32 {
    let pixels = gallery.tiles.iter().flat_map(|tile| &tile.pixels);
    let mut sizes: Vec<f32> = pixels.map(|pixel| pixel.abs()).collect();
    sizes.sort_by(f32::total_cmp);
    let place = (sizes.len() as f64 * (1.0 - BEYOND)) as usize;
    let greatest = sizes.get(place.min(sizes.len().saturating_sub(1)));
    greatest.copied().filter(|size| *size > 0.0).unwrap_or(1.0)
}

/// All images in one map, one unit per pixel, with their captions beneath them.
fn gallery(gallery: &Gallery, theme: Theme) -> Figure<'static> {
    let roles = theme.roles();
    let width = gallery.width.max(1);
    let longest = gallery.tiles.iter().map(|tile| tile.pixels.len()).max();
    let height = longest.unwrap_or(1).div_ceil(width).max(1);
    let gap = (BETWEEN * width as f64).ceil() as usize;
    let caption = (CAPTION * height as f64).ceil() as usize;
    let columns = gallery.columns.min(gallery.tiles.len()).max(1);
    let rows = gallery.tiles.len().div_ceil(columns);
    let (across, down) = (width + gap, height + caption);
    let (wide, high) = (columns * across + gap, rows * down + gap);
    let greatest = greatest(gallery);
    let colour = |pixel: f32| {
        if !gallery.is_signed {
            between(roles.plot, roles.text, pixel)
        } else if pixel < 0.0 {
            between(roles.plot, BELOW, -pixel / greatest)
        } else {
            between(roles.plot, ABOVE, pixel / greatest)
        }
    };
    let mut colours = vec![roles.plot; wide * high];
    let mut words = Vec::new();
    for (number, tile) in gallery.tiles.iter().enumerate() {
        let left = gap + number % columns * across;
        let top = gap + number / columns * down;
        for (place, &pixel) in tile.pixels.iter().enumerate() {
            let (row, column) = (top + place / width, left + place % width);
            colours[row * wide + column] = colour(pixel);
        }
        let from_bottom = |row: usize| (high - row) as f64;
        let edges = [
            left as f64 - 0.5 * gap as f64,
            (left + width) as f64 + 0.5 * gap as f64,
        ];
        let room = [from_bottom(top + down), from_bottom(top + height)];
        words.push(Layer::Words {
            at: [left as f64 + 0.5 * width as f64, 0.5 * (room[0] + room[1])],
            words: tile.caption.clone(),
            is_marked: tile.is_marked,
            room: [edges, room],
        });
    }
    let map = CellMap {
        x: [0.0, wide as f64],
        y: [0.0, high as f64],
        image: Arc::new(Image::new(wide, colours)),
        hatches: Vec::new(),
    };
    let mut layers = vec![Layer::Cells(Arc::new(map))];
    layers.append(&mut words);
    let axes = [
        Axis::linear("", [0.0, wide as f64]),
        Axis::linear("", [0.0, high as f64]),
    ];
    Figure {
        is_equal: true,
        has_axes: false,
        ..figure(&gallery.title, &gallery.remark, axes, layers)
    }
}

/// A cell for each value, with the value written in it if it fits.
fn matrix(matrix: &Matrix, theme: Theme) -> Figure<'static> {
    let roles = theme.roles();
    let columns = matrix.columns.max(1);
    let rows = matrix.values.len().div_ceil(columns);
    let [low, high] = matrix.range;
    let share = |value: f64| ((value - low) / (high - low)) as f32;
    let colour = |value: &f64| {
        if value.is_nan() {
            roles.card
        } else {
            between(
                roles.plot,
                FULL,
                0.08 + 0.92 * share(*value).clamp(0.0, 1.0),
            )
        }
    };
    // images begin at the top
    let from_top = matrix.values.chunks(columns).rev().flatten();
    let map = CellMap {
        x: [0.5, columns as f64 + 0.5],
        y: [0.5, rows as f64 + 0.5],
        image: Arc::new(Image::new(columns, from_top.map(colour).collect())),
        hatches: Vec::new(),
    };
    let mut layers = vec![Layer::Cells(Arc::new(map))];
    for (place, value) in matrix.values.iter().enumerate() {
        if value.is_nan() {
            continue;
        }
        let x = (place % columns) as f64 + 1.0;
        let y = (place / columns) as f64 + 1.0;
        layers.push(Layer::Words {
            at: [x, y],
            words: significant(*value, 2),
            is_marked: false,
            room: [[x - 0.5, x + 0.5], [y - 0.5, y + 0.5]],
        });
    }
    let [across, up] = &matrix.axes;
    let axes = [
        Axis::linear(across, [0.5, columns as f64 + 0.5]),
        Axis::linear(up, [0.5, rows as f64 + 0.5]),
    ];
    figure(&matrix.title, &matrix.remark, axes, layers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bilevel::problem::{HistogramGroup, Tile};

    #[test]
    fn bars_are_shares_of_their_own_group_and_ends_count() {
        let shares = shares(&[-1.0, 0.0, 0.26, 1.0, 7.0, f64::NAN], [0.0, 1.0], 4);
        assert_eq!(shares, [0.4, 0.2, 0.0, 0.4]);
        assert_eq!(super::shares(&[], [0.0, 1.0], 2), [0.0, 0.0]);
    }

    #[test]
    fn a_histogram_has_room_for_its_names_over_its_highest_bar() {
        let group = |name, values| HistogramGroup { name, values };
        let figure = histogram(
            &Histogram {
                title: String::new(),
                remark: String::new(),
                quantity: String::new(),
                range: [0.0, 1.0],
                groups: vec![
                    group("right", vec![0.9; 3]),
                    group("wrong", vec![0.1, 0.1, 0.6]),
                ],
            },
            Theme::Light,
        );
        let highest = figure.layers.iter().filter_map(|layer| match layer {
            Layer::Bars(bars) => bars.heights.iter().copied().reduce(f64::max),
            _ => None,
        });
        let highest: Vec<f64> = highest.collect();
        assert_eq!(highest, [1.0, 2.0 / 3.0]);
        assert!(figure.y.range[1] > 1.2);
    }

    #[test]
    fn rows_of_a_table_go_up_and_empty_places_stay_empty() {
        let shown = matrix(
            &Matrix {
                title: String::new(),
                remark: String::new(),
                axes: [String::new(), String::new()],
                columns: 2,
                range: [0.0, 1.0],
                values: vec![1.0, f64::NAN, 0.0, 1.0],
            },
            Theme::Light,
        );
        let Some(Layer::Cells(map)) = shown.layers.first() else {
            panic!("the cells come first");
        };
        let colours = map.image.colours();
        // the second row is at the top
        assert_eq!(colours[1], colours[2]);
        assert_eq!(colours[3], Theme::Light.roles().card);
        let words = shown.layers.iter().filter_map(|layer| match layer {
            Layer::Words { at, words, .. } => Some((*at, words.as_str())),
            _ => None,
        });
        let words: Vec<([f64; 2], &str)> = words.collect();
        assert_eq!(words[0], ([1.0, 1.0], "1.0"));
        assert_eq!(words[2], ([2.0, 2.0], "1.0"));
    }

    #[test]
    fn images_keep_apart_and_their_pixels_keep_their_places() {
        let tile = |pixels: [f32; 4]| Tile {
            caption: "7".to_owned(),
            is_marked: false,
            pixels: pixels.to_vec(),
        };
        let shown = gallery(
            &Gallery {
                title: String::new(),
                remark: String::new(),
                columns: 2,
                width: 2,
                is_signed: false,
                tiles: vec![
                    tile([1.0, 0.0, 0.0, 0.0]),
                    tile([0.0; 4]),
                    tile([0.0, 0.0, 0.0, 1.0]),
                ],
            },
            Theme::Light,
        );
        let Some(Layer::Cells(map)) = shown.layers.first() else {
            panic!("the images come first");
        };
        let [columns, rows] = map.image.size();
        let ink = Theme::Light.roles().text;
        let dark: Vec<[usize; 2]> = (0..columns * rows)
            .filter(|&place| map.image.colours()[place] == ink)
            .map(|place| [place % columns, place / columns])
            .collect();
        // a gap of one pixel at every side, two pixels and the two of a caption from row to row
        assert_eq!(dark, [[1, 1], [2, 6]]);
        assert_eq!((columns, rows), (7, 9));
    }
}
