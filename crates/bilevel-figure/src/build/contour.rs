//! Contour lines of a sampled function, by marching squares.

use std::collections::HashMap;

use bilevel::study::Grid;

/// An edge of the grid that a contour crosses: column and row of its lower left sample, and true if it runs to the
/// right.
type Edge = (usize, usize, bool);

/// The lines on which the sampled function equals `level`, joined as far as possible. Cells with a value that is not
/// finite are skipped.
pub fn contour(grid: &Grid, level: f64) -> Vec<Vec<[f64; 2]>> {
    let mut neighbours: HashMap<Edge, Vec<Edge>> = HashMap::new();
    let mut edges: Vec<Edge> = Vec::new();
    for row in 0..grid.rows().saturating_sub(1) {
        for column in 0..grid.columns - 1 {
            for (a, b) in segments(grid, level, column, row) {
                for (from, to) in [(a, b), (b, a)] {
                    let list = neighbours.entry(from).or_default();
                    if list.is_empty() {
                        edges.push(from);
                    }
                    list.push(to);
                }
            }
        }
    }
    // open lines first, from their ends; the rest are loops
    let ends: Vec<Edge> = edges
        .iter()
        .copied()
        .filter(|edge| neighbours[edge].len() == 1)
        .collect();
    let mut lines = Vec::new();
    for start in ends.into_iter().chain(edges) {
        let mut line = vec![start];
        let mut here = start;
        while let Some(next) = neighbours.get_mut(&here).and_then(Vec::pop) {
            if let Some(list) = neighbours.get_mut(&next)
                && let Some(place) = list.iter().position(|edge| *edge == here)
            {
                list.swap_remove(place);
            }
            line.push(next);
            here = next;
        }
        if line.len() > 1 {
            lines.push(
                line.into_iter()
                    .map(|edge| crossing(grid, level, edge))
                    .collect(),
            );
        }
    }
    lines
}

/// The segments of the contour within a cell, each from edge to edge.
fn segments(
    grid: &Grid,
    level: f64,
    column: usize,
    row: usize,
) -> impl Iterator<Item = (Edge, Edge)> {
    let corners =
        [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(right, up)| grid.value(column + right, row + up));
    let edges: [Edge; 4] = [
        (column, row, true),
        (column + 1, row, false),
        (column, row + 1, true),
        (column, row, false),
    ];
    let is_above = corners.map(|value| value >= level);
    let crossed: Vec<Edge> = (0..4)
        .filter(|&i| is_above[i] != is_above[(i + 1) % 4])
        .map(|i| edges[i])
        .collect();
    let mut pieces = [None, None];
    if corners.iter().all(|value| value.is_finite()) {
        if let [a, b] = crossed[..] {
            pieces[0] = Some((a, b));
        } else if let [a, b, c, d] = crossed[..] {
            // a saddle: the value in the middle decides which crossings are joined
            let middle_is_above = corners.iter().sum::<f64>() / 4.0 >= level;
            pieces = if middle_is_above == is_above[0] {
                [Some((a, b)), Some((c, d))]
            } else {
                [Some((d, a)), Some((b, c))]
            };
        }
    }
    pieces.into_iter().flatten()
}

/// The point at which the contour crosses an edge, by linear interpolation.
fn crossing(grid: &Grid, level: f64, (column, row, is_horizontal): Edge) -> [f64; 2] {
    let other = if is_horizontal {
        (column + 1, row)
    } else {
        (column, row + 1)
    };
    let (a, b) = (grid.value(column, row), grid.value(other.0, other.1));
    let share = if a == b {
        0.5
    } else {
        ((level - a) / (b - a)).clamp(0.0, 1.0)
    };
    let (from, to) = (grid.position(column, row), grid.position(other.0, other.1));
    [
        from[0] + share * (to[0] - from[0]),
        from[1] + share * (to[1] - from[1]),
    ]
}

/// Contour levels, at most `count`: quantiles of the values, so that flat and steep parts both show.
///
/// In a bowl, whose least value lies inside, the lower quantiles are closer, which spaces circles evenly.
pub fn levels(grid: &Grid, count: usize) -> Vec<f64> {
    let mut finite: Vec<f64> = grid
        .values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    finite.sort_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (finite.first(), finite.last()) else {
        return Vec::new();
    };
    if low == high {
        return Vec::new();
    }
    let lowest = grid
        .values
        .iter()
        .position(|&value| value == low)
        .unwrap_or(0);
    let (column, row) = (lowest % grid.columns, lowest / grid.columns);
    let is_bowl = 0 < column && column + 1 < grid.columns && 0 < row && row + 1 < grid.rows();
    let power = if is_bowl { 1.7 } else { 1.0 };
    let mut levels: Vec<f64> = (1..=count)
        .map(|number| {
            let share = (number as f64 / (count + 1) as f64).powf(power);
            finite[(share * (finite.len() - 1) as f64) as usize]
        })
        .collect();
    levels.dedup();
    levels
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn sampled(f: impl Fn(f64, f64) -> f64) -> Grid {
        let mut grid = Grid {
            x: [-2.0, 2.0],
            y: [-2.0, 2.0],
            columns: 81,
            values: vec![0.0; 81 * 81],
        };
        for row in 0..81 {
            for column in 0..81 {
                let [x, y] = grid.position(column, row);
                grid.values[row * 81 + column] = f(x, y);
            }
        }
        grid
    }

    #[test]
    fn a_bowl_has_one_closed_circle_of_the_right_radius() {
        let lines = contour(&sampled(|x, y| x * x + y * y), 1.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(
            lines[0]
                .iter()
                .all(|[x, y]| (x.hypot(*y) - 1.0).abs() < 1e-3)
        );
    }

    #[test]
    fn a_saddle_has_two_branches_on_each_side_that_never_cross() {
        let grid = sampled(|x, y| x * y);
        for level in [-0.5, 0.5] {
            let lines = contour(&grid, level);
            assert_eq!(lines.len(), 2);
            assert!(
                lines
                    .iter()
                    .flatten()
                    .all(|[x, y]| (x * y - level).abs() < 1e-2)
            );
        }
    }

    #[test]
    fn a_plane_has_one_straight_line_and_unknown_values_interrupt_it() {
        let lines = contour(&sampled(|x, y| x + 2.0 * y), 0.3);
        assert_eq!(lines.len(), 1);
        assert!(
            lines[0]
                .iter()
                .all(|[x, y]| (x + 2.0 * y - 0.3).abs() < 1e-9)
        );
        let holed = sampled(|x, y| {
            if x.hypot(y) < 0.3 {
                f64::NAN
            } else {
                x + 2.0 * y
            }
        });
        assert_eq!(contour(&holed, 0.3).len(), 2);
    }

    #[test]
    fn levels_lie_within_the_values_and_a_constant_has_none() {
        let grid = sampled(|x, y| (3.0 * (x * x + y * y)).exp());
        let levels = levels(&grid, 16);
        assert!(levels.is_sorted() && levels.len() == 16);
        assert!(super::levels(&sampled(|_, _| 1.0), 16).is_empty());
        assert!(super::levels(&sampled(|_, _| f64::NAN), 16).is_empty());
    }
}
