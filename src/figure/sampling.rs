//! Which rows of a long run are drawn: no more than the pixels can show, and no spike less.

use std::ops::Range;

use super::model::{Line, Path};
use super::sketch::Sketch;

/// Points of a path that are nearer to each other are left out.
const NEAR: f32 = 0.5;

/// The pixels of a line's rows: at most four for each column of pixels (first, least, greatest, last), found without
/// walking over every row. What is not finite interrupts the line.
pub(super) fn line_pixels(
    sketch: &Sketch,
    line: &Line<'_>,
    rows: Range<usize>,
) -> Vec<Vec<[f32; 2]>> {
    let mut pieces = Vec::new();
    for stretch in line.y.finite(rows) {
        let mut piece: Vec<[f32; 2]> = Vec::new();
        let (mut row, mut width) = (stretch.start, 1);
        while row < stretch.end {
            let next = column_end(sketch, &line.x, row..stretch.end, width);
            column_pixels(sketch, line, row..next, &mut piece);
            (row, width) = (next, next - row);
            let is_right_of_plot = piece
                .last()
                .is_some_and(|pixel| pixel[0] > sketch.plot.max[0]);
            if is_right_of_plot {
                break;
            }
        }
        if piece.len() > 1 {
            pieces.push(piece);
        }
    }
    pieces
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

fn column_pixels(sketch: &Sketch, line: &Line<'_>, rows: Range<usize>, piece: &mut Vec<[f32; 2]>) {
    let y = line.y.values();
    let mut push = |x: f64, y: f64| {
        let pixel = sketch.transform.pixel([x, y]);
        if pixel[0].is_finite() && pixel[1].is_finite() {
            piece.push(pixel);
        }
    };
    let (first, last) = (rows.start, rows.end - 1);
    push(line.x[first], y[first]);
    if rows.len() > 2
        && let Some([least, greatest]) = line.y.range(rows.clone())
    {
        let middle = line.x[first + rows.len() / 2];
        let in_order = if y[first] <= y[last] {
            [least, greatest]
        } else {
            [greatest, least]
        };
        for value in in_order {
            push(middle, value);
        }
    }
    if last > first {
        push(line.x[last], y[last]);
    }
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
