//! Decimation of long runs: no more points than pixels can show, and no spike lost.

use std::ops::Range;

use bilevel::run::TraceColumn;

use super::transform::{Across, Transform};
use crate::{Line, Path};

/// Points of a path closer than this to the last one are left out, in pixels.
const NEAR: f32 = 0.5;
/// Points of a line closer than this to the last one are left out, in pixels.
const VERY_NEAR: f32 = 0.2;

/// The part of a pixel by which a column may begin early, since the one before ends at a whole bucket of values.
const SLACK: f32 = 0.125;

/// Rows of a line that share a column of pixels; all have finite values.
#[derive(Clone, Debug, PartialEq)]
struct PixelColumn {
    rows: Range<usize>,
    /// The horizontal values of the first and the last row.
    x: [f64; 2],
    /// The vertical values of the first and the last row.
    y: [f64; 2],
    /// The least and the greatest vertical value.
    range: [f64; 2],
}

impl PixelColumn {
    fn read(line: &Line<'_>, rows: Range<usize>) -> Self {
        let ends = [rows.start, rows.end - 1];
        let y = ends.map(|row| line.y.values()[row]);
        let sorted = [y[0].min(y[1]), y[0].max(y[1])];
        let range = if rows.len() > 2 {
            line.y.range(rows.clone()).unwrap_or(sorted)
        } else {
            sorted
        };
        Self {
            x: ends.map(|row| line.x[row]),
            y,
            range,
            rows,
        }
    }

    /// True if no value lies outside of those of the first and the last row.
    fn is_between_ends(&self) -> bool {
        self.range == [self.y[0].min(self.y[1]), self.y[0].max(self.y[1])]
    }
}

/// A line cut into columns of pixels, found without reading every row. Valid as long as the horizontal axis stays the
/// same; for a line that grows, only new rows are cut.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cuts {
    list: Vec<PixelColumn>,
    /// The horizontal axis that the cuts are for.
    across: Option<Across>,
    /// The number of rows of the line.
    length: usize,
    /// True if the last column is right of the plot, beyond which nothing is visible.
    is_beyond: bool,
}

impl Cuts {
    /// Cuts a line, or only its new rows if the axis is the same.
    pub(crate) fn update(&mut self, transform: &Transform, line: &Line<'_>) {
        let across = Some(transform.across());
        if self.across != across || self.length > line.len() {
            *self = Self {
                across,
                ..Self::default()
            };
        }
        if self.length == line.len() || self.is_beyond {
            return;
        }
        let mut from = self.length;
        self.length = line.len();
        // new rows may fall on the last column
        if let Some(last) = self.list.pop_if(|last| last.rows.end == from) {
            from = last.rows.start;
        }
        for stretch in line.y.finite(from..line.len()) {
            let (mut row, mut width) = (stretch.start, 1);
            while row < stretch.end {
                let mut next = column_end(transform, &line.x, row..stretch.end, width);
                if next < stretch.end {
                    next = TraceColumn::round_end(&(row..next));
                }
                let cut = PixelColumn::read(line, row..next);
                (row, width) = (next, next - row);
                self.is_beyond = transform.along(0, cut.x[1]) > transform.ends()[1];
                self.list.push(cut);
                if self.is_beyond {
                    return;
                }
            }
        }
    }

    /// The pixels of some rows: at most two for each column of pixels, besides the ends of each segment. Values that
    /// are not finite interrupt the line.
    pub(crate) fn pixels(
        &self,
        transform: &Transform,
        line: &Line<'_>,
        rows: Range<usize>,
    ) -> Vec<Vec<[f32; 2]>> {
        let mut pieces = Vec::new();
        let mut piece = Segment::default();
        let mut last: Option<PixelColumn> = None;
        let first = self.list.partition_point(|cut| cut.rows.end <= rows.start);
        for cut in &self.list[first..] {
            if cut.rows.start >= rows.end {
                break;
            }
            let wanted = cut.rows.start.max(rows.start)..cut.rows.end.min(rows.end);
            let cut = if wanted == cut.rows {
                cut.clone()
            } else {
                PixelColumn::read(line, wanted)
            };
            if let Some(before) = last.take_if(|before| before.rows.end != cut.rows.start) {
                piece.end(transform, &before);
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push_cut(transform, &cut);
            last = Some(cut);
        }
        if let Some(last) = last {
            piece.end(transform, &last);
            pieces.push(piece);
        }
        let pieces = pieces.into_iter().map(|piece| piece.pixels);
        pieces.filter(|pixels| pixels.len() > 1).collect()
    }
}

/// The pixels of an uninterrupted part of a line.
#[derive(Default)]
struct Segment {
    pixels: Vec<[f32; 2]>,
}

impl Segment {
    fn push_cut(&mut self, transform: &Transform, cut: &PixelColumn) {
        if cut.is_between_ends() {
            for end in [0, 1] {
                self.push(transform.pixel([cut.x[end], cut.y[end]]));
            }
            return;
        }
        if self.pixels.is_empty() {
            self.push(transform.pixel([cut.x[0], cut.y[0]]));
        }
        let mut heights = cut.range.map(|value| transform.along(1, value));
        // within a pixel, the line is a vertical bar, which begins at its nearer end
        if let Some([_, from]) = self.pixels.last()
            && (heights[1] - from).abs() < (heights[0] - from).abs()
        {
            heights.reverse();
        }
        for (x, height) in cut.x.into_iter().zip(heights) {
            self.push([transform.along(0, x), height]);
        }
    }

    fn push(&mut self, pixel: [f32; 2]) {
        let is_near = |before: &[f32; 2]| {
            (before[0] - pixel[0]).abs() < VERY_NEAR && (before[1] - pixel[1]).abs() < VERY_NEAR
        };
        if is_place(pixel) && !self.pixels.last().is_some_and(is_near) {
            self.pixels.push(pixel);
        }
    }

    /// Ends the line exactly at its last row.
    fn end(&mut self, transform: &Transform, last: &PixelColumn) {
        let pixel = transform.pixel([last.x[1], last.y[1]]);
        if is_place(pixel) && self.pixels.last() != Some(&pixel) {
            self.pixels.push(pixel);
        }
    }
}

/// True if both coordinates of a pixel are finite.
fn is_place(pixel: [f32; 2]) -> bool {
    pixel.iter().all(|place| place.is_finite())
}

/// The end of the rows on the same column of pixels as the first; everything left of the plot is one column. `width` is
/// the number of rows of the column before.
fn column_end(transform: &Transform, x: &[f64], rows: Range<usize>, width: usize) -> usize {
    let here = transform.along(0, x[rows.start]);
    let edge = if here.is_finite() {
        ((here + SLACK).floor() + 1.0).max(transform.ends()[0])
    } else {
        transform.ends()[0]
    };
    let [edge, _] = transform.value([edge, 0.0]);
    let end = rows.start + count_below(&x[rows.clone()], edge, width);
    end.max(rows.start + 1)
}
/// The number of increasing values below a limit. The search starts at a guess: a binary search over a long record
/// would read from all over memory.
fn count_below(numbers: &[f64], limit: f64, guess: usize) -> usize {
    let (mut low, mut high) = (0, numbers.len());
    let (mut place, mut step) = (guess.min(high - 1), 4);
    while low < high {
        // each probe halves the rest, or goes twice as far as the one before
        if numbers[place] < limit {
            low = place + 1;
            place = (low + step).min(low.midpoint(high));
        } else {
            high = place;
            place = high.saturating_sub(step).max(low.midpoint(high));
        }
        step *= 2;
    }
    low
}

/// The pixels of a path's points, without points too close to be told apart; if `most` is set, only about that many are
/// sampled after the beginning.
pub(crate) fn path_pixels(
    transform: &Transform,
    path: &Path<'_>,
    points: Range<usize>,
) -> Vec<[f32; 2]> {
    let mut kept: Vec<[f32; 2]> = Vec::new();
    let Some(last) = points.end.checked_sub(1).filter(|_| !points.is_empty()) else {
        return kept;
    };
    let stride = path.stride_on_screen();
    let mut number = points.start;
    loop {
        let number_now = number.min(last);
        if let Some(pixel) = path
            .point(number_now)
            .map(|point| transform.pixel(point))
            .filter(|&pixel| is_place(pixel))
        {
            let is_near = kept
                .last()
                .is_some_and(|before| (before[0] - pixel[0]).hypot(before[1] - pixel[1]) < NEAR);
            if !is_near || number_now == last {
                kept.push(pixel);
            }
        }
        if number >= last {
            return kept;
        }
        // the beginning, where a run moves most, is drawn in full
        number += if number < Path::HEAD { 1 } else { stride };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::borrow::Cow;

    use super::super::shapes::Rect;
    use crate::{Axis, AxisScale, Figure, MethodLook, Theme};

    /// A plot of 300 by 200 pixels, with a vertical range from 0 to 10.
    fn transform(scale: AxisScale, x: [f64; 2]) -> Transform {
        let axis = |scale, range| Axis::new(String::new(), scale, range);
        let figure = Figure {
            title: String::new(),
            subtitle: String::new(),
            x: axis(scale, x),
            y: axis(AxisScale::Linear, [0.0, 10.0]),
            is_equal: false,
            has_axes: true,
            foot: None,
            layers: Vec::new(),
        };
        let plot = Rect {
            min: [50.0, 20.0],
            max: [350.0, 220.0],
        };
        Transform::new(&figure, plot)
    }

    fn line(y: impl Iterator<Item = f64>) -> Line<'static> {
        let y: Vec<f64> = y.collect();
        Line {
            slot: 0,
            tag: None,
            source: None,
            x: Cow::Owned((0..y.len()).map(|row| row as f64).collect()),
            y: Cow::Owned(TraceColumn::from(y)),
            from: 0,
            until: 0,
            style: MethodLook::default().style(Theme::Light),
            opacity: 1.0,
            has_diverged: false,
            label: String::new(),
        }
    }

    fn pixels(transform: &Transform, line: &Line<'_>, rows: Range<usize>) -> Vec<Vec<[f32; 2]>> {
        let mut cuts = Cuts::default();
        cuts.update(transform, line);
        cuts.pixels(transform, line, rows)
    }

    /// A value that varies from row to row, with a spike in one of them.
    fn rough(row: usize) -> f64 {
        match row {
            44_321 => 9.5,
            _ => 1.0 + (row * 7919 % 1009) as f64 / 1009.0,
        }
    }

    #[test]
    fn a_long_line_has_two_points_for_a_column_of_pixels_and_shows_every_spike() {
        for scale in [AxisScale::Linear, AxisScale::Log] {
            let transform = transform(scale, [1.0, 99_999.0]);
            let line = line((0..100_000).map(rough));
            let pieces = pixels(&transform, &line, 0..100_000);
            let [piece] = &pieces[..] else {
                panic!("{} pieces", pieces.len());
            };
            assert!(piece.len() <= 2 * 302, "{scale:?}: {}", piece.len());
            let [x, y] = transform.pixel([44_321.0, 9.5]);
            let is_spike =
                |at: &[f32; 2]| (at[0] - x).abs() <= 1.0 + SLACK && (at[1] - y).abs() < 0.01;
            assert!(piece.iter().any(is_spike), "{scale:?}");
            // no higher than the rows of that column, everywhere
            let least = transform.along(1, 2.0);
            assert!(piece.iter().all(|at| at[1] >= least || is_spike(at)));
        }
    }

    #[test]
    fn a_short_line_goes_through_each_of_its_rows() {
        let transform = transform(AxisScale::Linear, [0.0, 30.0]);
        let line = line((0..31).map(|row| f64::from(row % 7)));
        let expected: Vec<[f32; 2]> = (0..31)
            .map(|row| transform.pixel([f64::from(row), f64::from(row % 7)]))
            .collect();
        assert_eq!(pixels(&transform, &line, 0..31), [expected]);
    }

    #[test]
    fn a_line_is_interrupted_where_it_is_no_number_and_ends_to_the_point() {
        let transform = transform(AxisScale::Linear, [0.0, 10_000.0]);
        let line = line((0..10_001).map(|row| match row {
            3_000..=3_500 | 7_000 => f64::NAN,
            _ => rough(row),
        }));
        let pieces = pixels(&transform, &line, 10..9_000);
        let ends: Vec<[[f32; 2]; 2]> = pieces
            .iter()
            .map(|piece| [piece[0], piece[piece.len() - 1]])
            .collect();
        let expected = [[10, 2_999], [3_501, 6_999], [7_001, 8_999]]
            .map(|rows| rows.map(|row| transform.pixel([row as f64, rough(row)])));
        assert_eq!(ends, expected);
    }

    #[test]
    fn a_line_that_grows_or_whose_axis_changes_is_drawn_as_if_it_were_new() {
        let value = |row: usize| if row % 1000 < 3 { f64::NAN } else { rough(row) };
        let mut cuts = Cuts::default();
        for (length, end, scale) in [
            (1, 5e4, AxisScale::Linear),
            (4_001, 5e4, AxisScale::Linear),
            (4_777, 5e4, AxisScale::Linear),
            (40_000, 5e4, AxisScale::Linear),
            (90_000, 5e4, AxisScale::Linear),
            (90_000, 9e4, AxisScale::Linear),
            (95_000, 9e4, AxisScale::Log),
            (100_000, 9e4, AxisScale::Log),
            (70, 9e4, AxisScale::Log),
        ] {
            let transform = transform(scale, [0.5, end]);
            let line = line((0..length).map(value));
            cuts.update(&transform, &line);
            let mut anew = Cuts::default();
            anew.update(&transform, &line);
            assert_eq!(cuts.list, anew.list, "{length} rows up to {end}");
            for until in [0, length / 3, length - 1] {
                for rows in [0..until + 1, until..length] {
                    let expected = anew.pixels(&transform, &line, rows.clone());
                    assert_eq!(cuts.pixels(&transform, &line, rows), expected);
                }
            }
        }
    }

    #[test]
    fn a_count_from_any_guess_is_the_count_of_a_search() {
        let numbers: Vec<f64> = (0..300).map(|k| f64::from(k / 3)).collect();
        for length in [1, 2, 7, 300] {
            for limit in [-1.0, 0.0, 0.5, 2.0, 33.0, 99.0, 1e3, f64::NAN] {
                let expected = numbers[..length].partition_point(|&number| number < limit);
                for guess in [0, 1, 5, 100, 299, 5000] {
                    let found = count_below(&numbers[..length], limit, guess);
                    assert_eq!(found, expected, "{limit} among {length} from {guess}");
                }
            }
        }
    }
}
