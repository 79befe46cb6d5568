//! What is recorded of a run: append-only columns, one row per recorded iterate.

use super::column::Column;
use super::spec::Points;
use crate::problem::{Call, Point, Shape};

/// What a call of each kind weighs in the weighted cost, in the order of [`Call::ALL`].
pub const WEIGHTS: [f64; Call::ALL.len()] = [0.5, 1.0, 2.0, 2.0, 4.0];

/// A stretch of recorded rows on their way from a run to a trace; row k is the state after k outer iterations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The iteration of each row.
    pub iterations: Vec<u64>,
    /// The method's own time in seconds.
    pub time: Vec<f64>,
    /// The objectives, row after row.
    pub objectives: Vec<f64>,
    /// The problem's own metrics, row after row.
    pub metrics: Vec<f64>,
    /// The calls so far: for each row and each kind of call, a number per level.
    pub counts: Vec<u64>,
    /// The variables of the rows that keep them, row after row.
    pub points: Vec<f64>,
}

impl Rows {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.iterations.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.iterations.is_empty()
    }

    /// Appends the rows of a later stretch.
    pub fn append(&mut self, mut later: Self) {
        self.iterations.append(&mut later.iterations);
        self.time.append(&mut later.time);
        self.objectives.append(&mut later.objectives);
        self.metrics.append(&mut later.metrics);
        self.counts.append(&mut later.counts);
        self.points.append(&mut later.points);
    }
}

/// The record of a run. All columns but `gap` are as long as `iterations`; the gap is filled in later, row by row.
#[derive(Clone, Debug)]
pub struct Trace {
    shape: Shape,
    kept: Points,
    /// The iteration of each row.
    pub iterations: Column,
    /// The method's own time in seconds.
    pub time: Column,
    /// The objective of each level.
    pub objectives: Vec<Column>,
    /// The value gap, as far as the referee has come; NaN where it found none.
    pub gap: Column,
    /// The problem's own metrics.
    pub metrics: Vec<Column>,
    /// All gradient calls.
    pub gradients: Column,
    /// All calls, each with its kind's [`WEIGHTS`].
    pub cost: Column,
    /// The calls of each kind for each level's objective, kind after kind.
    counts: Vec<Column>,
    points: Vec<f64>,
}

impl Trace {
    /// An empty trace for a problem with the given blocks and so many metrics.
    pub fn new(shape: Shape, metrics: usize, kept: Points) -> Self {
        let levels = shape.levels();
        Self {
            shape,
            kept,
            iterations: Column::default(),
            time: Column::default(),
            objectives: vec![Column::default(); levels],
            gap: Column::default(),
            metrics: vec![Column::default(); metrics],
            gradients: Column::default(),
            cost: Column::default(),
            counts: vec![Column::default(); Call::ALL.len() * levels],
            points: Vec::new(),
        }
    }

    /// Appends rows.
    pub fn extend(&mut self, rows: &Rows) {
        for &iteration in &rows.iterations {
            self.iterations.push(iteration as f64);
        }
        self.time.extend(&rows.time);
        append_rows(&mut self.objectives, &rows.objectives);
        append_rows(&mut self.metrics, &rows.metrics);
        for counts in rows.counts.chunks(self.counts.len()) {
            for (column, &count) in self.counts.iter_mut().zip(counts) {
                column.push(count as f64);
            }
            let of_kind = counts
                .chunks(self.shape.levels())
                .map(|calls| calls.iter().sum::<u64>() as f64);
            self.cost.push(
                of_kind
                    .clone()
                    .zip(WEIGHTS)
                    .map(|(calls, weight)| calls * weight)
                    .sum(),
            );
            self.gradients
                .push(of_kind.clone().nth(Call::Grad as usize).unwrap_or(0.0));
        }
        self.points.extend_from_slice(&rows.points);
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.iterations.values().len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sizes of the blocks.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Whose variables are kept.
    pub fn kept(&self) -> Points {
        self.kept
    }

    /// The calls of one kind for the objective of one level, a number per row.
    pub fn counts(&self, call: Call, level: usize) -> &Column {
        &self.counts[call as usize * self.shape.levels() + level - 1]
    }

    /// The variables of all rows that keep them, point after point.
    pub fn all_values(&self) -> &[f64] {
        &self.points
    }

    /// The variables of a row, level after level; `None` where they are not kept.
    pub fn values(&self, row: usize) -> Option<&[f64]> {
        let size = self.shape.total();
        let place = match self.kept {
            Points::All => row,
            Points::Ends if row == 0 => 0,
            Points::Ends if row + 1 == self.len() && self.points.len() == 2 * size => 1,
            Points::Ends | Points::None => return None,
        };
        self.points.get(place * size..(place + 1) * size)
    }

    /// The point of a row; `None` where it is not kept.
    pub fn point(&self, row: usize) -> Option<Point> {
        Point::from_values(self.shape, self.values(row)?.to_vec())
    }

    /// The last row at or before an iteration; `None` before the first row has come.
    pub fn row_at(&self, iteration: u64) -> Option<usize> {
        let later = self
            .iterations
            .values()
            .partition_point(|&k| k <= iteration as f64);
        later.checked_sub(1)
    }

    /// The iteration of the last row.
    pub fn last_iteration(&self) -> Option<u64> {
        self.iterations.values().last().map(|&k| k as u64)
    }
}

fn append_rows(columns: &mut [Column], values: &[f64]) {
    for row in values.chunks(columns.len().max(1)) {
        for (column, &value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
}
