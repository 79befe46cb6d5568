//! Which rows of a long run are drawn: no more than the pixels can show, and no spike less.

use std::ops::Range;

use super::model::{Line, Path};
use super::sketch::Sketch;
use super::transform::Across;

/// Points of a path that are nearer to each other are left out.
const NEAR: f32 = 0.5;
/// Points of a line that are nearer to each other are left out.
const VERY_NEAR: f32 = 0.2;

/// Rows of a line that fall on one column of pixels, none of them without a number.
#[derive(Clone, Debug, PartialEq)]
struct Cut {
    rows: Range<usize>,
    /// The horizontal values of the first row and of the last.
    x: [f64; 2],
    /// The vertical values of the first row and of the last.
    y: [f64; 2],
    /// The least vertical value and the greatest.
    range: [f64; 2],
}

impl Cut {
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

    /// Whether nothing in between is beyond the ends.
    fn is_between_ends(&self) -> bool {
        self.range == [self.y[0].min(self.y[1]), self.y[0].max(self.y[1])]
    }
}

/// A line cut into columns of pixels, found without walking over every row. True for as long as the horizontal axis stays;
/// a line that grows is cut on from where it ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cuts {
    list: Vec<Cut>,
    /// The horizontal axis that they are for.
    across: Option<Across>,
    /// How many rows the line had.
    length: usize,
    /// Whether the last one is right of the plot, where nothing more is seen.
    is_beyond: bool,
}

impl Cuts {
    /// Cuts a line, or only what has come to it.
    pub(super) fn update(&mut self, sketch: &Sketch, line: &Line<'_>) {
        let across = Some(sketch.transform.across());
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
        // more rows may fall on the column that was the last
        if let Some(last) = self.list.pop_if(|last| last.rows.end == from) {
            from = last.rows.start;
        }
        for stretch in line.y.finite(from..line.len()) {
            let (mut row, mut width) = (stretch.start, 1);
            while row < stretch.end {
                let next = column_end(sketch, &line.x, row..stretch.end, width);
                let cut = Cut::read(line, row..next);
                (row, width) = (next, next - row);
                self.is_beyond = sketch.transform.along(0, cut.x[1]) > sketch.plot.max[0];
                self.list.push(cut);
                if self.is_beyond {
                    return;
                }
            }
        }
    }

    /// The pixels of some rows: at most two for each column of pixels, besides the ends of each piece. What is not finite
    /// interrupts the line.
    pub(super) fn pixels(
        &self,
        sketch: &Sketch,
        line: &Line<'_>,
        rows: Range<usize>,
    ) -> Vec<Vec<[f32; 2]>> {
        let mut pieces = Vec::new();
        let mut piece = Piece::default();
        let mut last: Option<Cut> = None;
        let first = self.list.partition_point(|cut| cut.rows.end <= rows.start);
        for cut in &self.list[first..] {
            if cut.rows.start >= rows.end {
                break;
            }
            let wanted = cut.rows.start.max(rows.start)..cut.rows.end.min(rows.end);
            let cut = if wanted == cut.rows {
                cut.clone()
            } else {
                Cut::read(line, wanted)
            };
            if let Some(before) = last.take_if(|before| before.rows.end != cut.rows.start) {
                piece.end(sketch, &before);
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push_cut(sketch, &cut);
            last = Some(cut);
        }
        if let Some(last) = last {
            piece.end(sketch, &last);
            pieces.push(piece);
        }
        let pieces = pieces.into_iter().map(|piece| piece.pixels);
        pieces.filter(|pixels| pixels.len() > 1).collect()
    }
}

/// A line that is being drawn.
#[derive(Default)]
struct Piece {
    pixels: Vec<[f32; 2]>,
}

impl Piece {
    fn push_cut(&mut self, sketch: &Sketch, cut: &Cut) {
        if cut.is_between_ends() {
            for end in [0, 1] {
                self.push(sketch.transform.pixel([cut.x[end], cut.y[end]]));
            }
            return;
        }
        if self.pixels.is_empty() {
            self.push(sketch.transform.pixel([cut.x[0], cut.y[0]]));
        }
        let mut heights = cut.range.map(|value| sketch.transform.along(1, value));
        // up and down within a pixel is a bar, whichever of its ends comes first
        if let Some([_, from]) = self.pixels.last()
            && (heights[1] - from).abs() < (heights[0] - from).abs()
        {
            heights.reverse();
        }
        for (x, height) in cut.x.into_iter().zip(heights) {
            self.push([sketch.transform.along(0, x), height]);
        }
    }

    fn push(&mut self, pixel: [f32; 2]) {
        let is_near = |before: &[f32; 2]| {
            (before[0] - pixel[0]).abs() < VERY_NEAR && (before[1] - pixel[1]).abs() < VERY_NEAR
        };
        if pixel.iter().all(|place| place.is_finite()) && !self.pixels.last().is_some_and(is_near) {
            self.pixels.push(pixel);
        }
    }

    /// The line ends where its last row is, to the point.
    fn end(&mut self, sketch: &Sketch, last: &Cut) {
        let pixel = sketch.transform.pixel([last.x[1], last.y[1]]);
        if pixel.iter().all(|place| place.is_finite()) && self.pixels.last() != Some(&pixel) {
            self.pixels.push(pixel);
        }
    }
}

/// Where the rows end that fall on the same column of pixels as the first of them; all left of the plot are one column.
/// The column before held `width` rows.
fn column_end(sketch: &Sketch, x: &[f64], rows: Range<usize>, width: usize) -> usize {
    let here = sketch.transform.along(0, x[rows.start]);
    let edge = if here.is_finite() {
        (here.floor() + 1.0).max(sketch.plot.min[0])
    } else {
        sketch.plot.min[0]
    };
    let [edge, _] = sketch.transform.value([edge, 0.0]);
    let end = rows.start + count_below(&x[rows.clone()], edge, width);
    end.max(rows.start + 1)
}
/// How many of some rising numbers are below a limit, looked for near a guess first: a search over all of a long record would
/// read from all over memory.
fn count_below(numbers: &[f64], limit: f64, guess: usize) -> usize {
    let (mut low, mut high) = (0, numbers.len());
    let (mut place, mut step) = (guess.min(high - 1), 4);
    while low < high {
        // each probe halves what is left, or goes twice as far as the one before
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

/// The pixels of a path's points, without those that are too near to be told apart and, where `most` is set, with no more
/// than about so many looked at.
pub(super) fn path_pixels(sketch: &Sketch, path: &Path<'_>, points: Range<usize>) -> Vec<[f32; 2]> {
    let mut kept: Vec<[f32; 2]> = Vec::new();
    let Some(last) = points.end.checked_sub(1) else {
        return kept;
    };
    let stride = path.stride_on_screen();
    let mut number = points.start;
    loop {
        let number_now = number.min(last);
        if let Some(pixel) = path.point(number_now).and_then(|point| sketch.pixel(point)) {
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
