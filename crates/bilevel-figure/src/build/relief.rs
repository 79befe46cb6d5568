//! Relief of a grid of samples: contour levels, their lines, and the bands between them.

use bilevel::study::Grid;

use super::contour::{contour, levels};
use crate::model::relief::UNDEFINED;
use crate::{Contour, Relief};

/// The number of contour levels.
const LEVELS: usize = 15;
/// The interval of main contour levels: every n-th level is drawn stronger, with its value.
const MAIN: usize = 4;
/// The least number of pixels along each side of the picture for the screen.
const PIXELS: usize = 380;

impl Relief {
    /// The relief of a grid; empty if no value is finite.
    pub fn new(grid: &Grid) -> Self {
        let mut levels = levels(grid, LEVELS);
        round_main(&mut levels);
        let mut contours = Vec::new();
        for (number, &level) in levels.iter().enumerate() {
            contours.extend(contour(grid, level).into_iter().map(|points| Contour {
                points,
                level,
                is_main: is_main(number),
            }));
        }
        let finite = || {
            grid.values
                .iter()
                .copied()
                .filter(|value| value.is_finite())
        };
        let Some(least) = finite().min_by(f64::total_cmp) else {
            return Self::default();
        };
        let most = finite().fold(least, f64::max);
        let surrounded = surrounded(grid);
        let regions = std::iter::once(least)
            .chain(levels.iter().copied())
            .map(|level| region(&surrounded, grid, level))
            .collect();
        let (columns, pixels) = pixels(grid, &levels);
        Self {
            x: grid.x,
            y: grid.y,
            contours,
            extremes: Some([least, most]),
            regions,
            has_holes: pixels.contains(&UNDEFINED),
            pixels,
            columns,
            images: Default::default(),
        }
    }
}

fn is_main(number: usize) -> bool {
    number % MAIN == MAIN - 1
}

/// Rounds the main levels to few digits, much less than to the next level, so that their printed values are exact.
fn round_main(levels: &mut [f64]) {
    for number in (0..levels.len()).filter(|number| is_main(*number)) {
        let level = levels[number];
        let gap = [number.checked_sub(1), Some(number + 1)]
            .into_iter()
            .flatten()
            .filter_map(|other| levels.get(other))
            .map(|other| (other - level).abs())
            .fold(f64::INFINITY, f64::min);
        let power = (0.5 * gap).log10().floor();
        let unit = 10_f64.powf(power);
        let rounded = (level / unit).round() * unit;
        // the shortest decimal, without the rounding of a product
        let decimals = (-power).clamp(0.0, 300.0) as usize;
        let rounded = format!("{rounded:.decimals$}").parse().unwrap_or(level);
        if f64::is_finite(rounded) {
            // no negative zero
            levels[number] = rounded + 0.0;
        }
    }
}

/// The grid with a ring of cells far below all values, and such a value for those that are not finite.
fn surrounded(grid: &Grid) -> Grid {
    let (columns, rows) = (grid.columns + 2, grid.rows() + 2);
    let [width, height] = [(grid.x, grid.columns), (grid.y, grid.rows())]
        .map(|([low, high], count)| (high - low) / (count - 1).max(1) as f64);
    let mut values = vec![BELOW; columns * rows];
    for row in 0..grid.rows() {
        for column in 0..grid.columns {
            let value = grid.value(column, row);
            if value.is_finite() {
                values[(row + 1) * columns + column + 1] = value;
            }
        }
    }
    Grid {
        x: [grid.x[0] - width, grid.x[1] + width],
        y: [grid.y[0] - height, grid.y[1] + height],
        columns,
        values,
    }
}

/// A value far below all others: a line between it and a sample crosses each level at the sample.
const BELOW: f64 = -1e300;

/// The region of a grid in which values are at least `level`, as closed lines.
fn region(surrounded: &Grid, grid: &Grid, level: f64) -> Vec<Vec<[f64; 2]>> {
    let mut lines = contour(surrounded, level);
    for [x, y] in lines.iter_mut().flatten() {
        *x = x.clamp(grid.x[0], grid.x[1]);
        *y = y.clamp(grid.y[0], grid.y[1]);
    }
    lines
}

/// The band of each pixel, from the top, and the number of pixels in a row.
fn pixels(grid: &Grid, levels: &[f64]) -> (usize, Vec<u8>) {
    let times = PIXELS.div_ceil(grid.columns.min(grid.rows()).max(1));
    let (columns, rows) = (times * grid.columns, times * grid.rows());
    let middle = |place: usize, count: usize, [low, high]: [f64; 2]| {
        low + (place as f64 + 0.5) / count as f64 * (high - low)
    };
    let mut pixels = Vec::with_capacity(columns * rows);
    for row in (0..rows).rev() {
        let y = middle(row, rows, grid.y);
        pixels.extend((0..columns).map(|column| {
            let value = grid.between([middle(column, columns, grid.x), y]);
            value.map_or(UNDEFINED, |value| {
                levels.partition_point(|level| *level <= value) as u8
            })
        }));
    }
    (columns, pixels)
}

#[cfg(test)]
mod tests {
    use super::super::contour::tests::sampled;
    use super::*;

    /// True if an odd number of lines surrounds a point.
    fn is_inside(lines: &[Vec<[f64; 2]>], [x, y]: [f64; 2]) -> bool {
        let crossings = lines.iter().flat_map(|line| {
            line.windows(2).filter(move |pair| {
                let [[ax, ay], [bx, by]] = [pair[0], pair[1]];
                (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
            })
        });
        crossings.count() % 2 == 1
    }

    #[test]
    fn bands_of_screen_and_paper_are_those_of_the_values() {
        let bowl = |x: f64, y: f64| x * x + y * y;
        let saddle = |x: f64, y: f64| x * y;
        let holed = |x: f64, y: f64| if x > 1.1 { f64::NAN } else { x + 0.5 * y };
        for f in [&bowl as &dyn Fn(f64, f64) -> f64, &saddle, &holed] {
            let grid = sampled(f);
            let relief = Relief::new(&grid);
            for region in relief.regions.iter().flatten() {
                assert_eq!(region.first(), region.last(), "a line is open");
            }
            let rows = relief.pixels.len() / relief.columns;
            let mut count = 0;
            for row in (3..rows).step_by(7) {
                for column in (3..relief.columns).step_by(7) {
                    let at = [
                        grid.x[0] + (column as f64 + 0.5) / relief.columns as f64 * 4.0,
                        grid.y[1] - (row as f64 + 0.5) / rows as f64 * 4.0,
                    ];
                    let band = relief.pixels[row * relief.columns + column];
                    let above = relief.regions.iter().filter(|region| is_inside(region, at));
                    let on_paper = above
                        .count()
                        .checked_sub(1)
                        .map_or(UNDEFINED, |band| band as u8);
                    // straight lines and bilinear values differ within a cell that a contour crosses
                    if band != on_paper {
                        count += 1;
                    }
                    assert_eq!(relief.is_undefined(at), band == UNDEFINED);
                }
            }
            assert!(
                count < relief.pixels.len() / 49 / 50,
                "{count} pixels differ"
            );
        }
    }

    #[test]
    fn values_of_main_contours_have_few_digits_and_stay_in_order() {
        let mut levels = vec![
            0.1,
            0.2,
            0.31,
            0.437_218,
            0.5,
            0.6,
            0.7,
            1_000.123_456,
            1000.2,
        ];
        round_main(&mut levels);
        assert_eq!(levels[3], 0.44);
        assert!((levels[7] - 1000.12).abs() < 1e-9, "{}", levels[7]);
        assert!(levels.is_sorted());
        let mut lone = vec![0.0, 1.0, 2.0, f64::INFINITY];
        round_main(&mut lone);
        assert_eq!(lone[3], f64::INFINITY);
    }

    #[test]
    fn nothing_is_drawn_of_what_is_undefined_everywhere_and_one_band_of_a_constant() {
        let nowhere = Relief::new(&sampled(|_, _| f64::NAN));
        assert!(nowhere.regions.is_empty() && nowhere.extremes.is_none());
        let flat = Relief::new(&sampled(|_, _| 1.0));
        assert_eq!(flat.regions.len(), 1);
        assert!(flat.pixels.iter().all(|band| *band == 0));
        assert!(!flat.has_holes);
    }
}
