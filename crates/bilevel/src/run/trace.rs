//! The trace of a run: append-only columns, one row per recorded iterate.

use std::sync::atomic::{AtomicU64, Ordering};

use super::column::TraceColumn;
use super::judgement::Judgement;
use super::spec::{Points, Recording};
use super::trace_rows::TraceRows;
use crate::numerics::{Point, Shape};
use crate::problem::{Metadata, ObservedPoint, OracleCall};

/// The weight of each kind of call in the weighted cost, in the order of [`OracleCall::ALL`].
pub type Weights = [f64; OracleCall::ALL.len()];

/// The default weights.
pub const WEIGHTS: Weights = [0.5, 1.0, 2.0, 2.0, 4.0];

/// The numbers of a row besides objectives, counts, metrics and variables, and the share that the columns' extremes add.
const NUMBERS: usize = 7;
const PYRAMIDS: f64 = 0.125;

/// The record of a run. Columns grow together, except for the referee's columns, which are filled in later, row by row.
#[derive(Clone, Debug)]
pub struct Trace {
    edition: Edition,
    shape: Shape,
    recording: Recording,
    /// The optimum, subtracted from f and φ if it is known.
    optimum: Option<f64>,
    weights: Weights,
    /// The iteration of each row.
    pub iterations: Vec<f64>,
    /// The method's own time in seconds.
    pub time: Vec<f64>,
    /// All gradient calls.
    pub gradients: Vec<f64>,
    /// All calls, each with its kind's weight.
    pub cost: Vec<f64>,
    /// The objective of each level.
    pub objectives: Vec<TraceColumn>,
    /// The upper objective minus the optimum; the upper objective itself if no optimum is known.
    pub suboptimality: TraceColumn,
    /// The value gap, for the rows judged so far; NaN if none was found.
    pub gap: TraceColumn,
    /// The reduced objective minus the optimum, for the rows judged so far; the reduced objective itself if no optimum
    /// is known.
    pub true_suboptimality: TraceColumn,
    /// The distance to the nearest known global optimum, for the rows judged so far.
    pub distance: TraceColumn,
    /// The value gap that is the largest share of its level's span, for the rows judged so far.
    pub largest_gap: Vec<f64>,
    /// That gap as a share of the span.
    pub gap_share: Vec<f64>,
    /// The level of that gap.
    gap_levels: Vec<u8>,
    /// The distance of the method's direction from the true hypergradient, for the rows compared so far.
    pub hypergradient_error: TraceColumn,
    /// The problem's own metrics.
    pub metrics: Vec<TraceColumn>,
    metric_names: Vec<&'static str>,
    /// The calls of each kind for each level's objective, kind after kind.
    counts: Vec<Counter>,
    points: Vec<f64>,
    /// The rows that have points, unless all have.
    places: Vec<usize>,
    is_over: bool,
    directions: Vec<f64>,
}

/// A unique number, not shared even by a copy.
#[derive(Debug)]
struct Edition(u64);

impl Default for Edition {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Clone for Edition {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Trace {
    /// An empty trace for a problem.
    pub fn new(metadata: &Metadata, recording: Recording) -> Self {
        let shape = metadata.shape();
        let levels = shape.levels();
        Self {
            edition: Edition::default(),
            shape,
            recording,
            optimum: metadata.optimum(),
            weights: WEIGHTS,
            iterations: Vec::new(),
            time: Vec::new(),
            gradients: Vec::new(),
            cost: Vec::new(),
            objectives: vec![TraceColumn::default(); levels],
            suboptimality: TraceColumn::default(),
            gap: TraceColumn::default(),
            true_suboptimality: TraceColumn::default(),
            distance: TraceColumn::default(),
            largest_gap: Vec::new(),
            gap_share: Vec::new(),
            gap_levels: Vec::new(),
            hypergradient_error: TraceColumn::default(),
            metrics: vec![TraceColumn::default(); metadata.metrics.len()],
            metric_names: metadata.metrics.iter().map(|metric| metric.name).collect(),
            counts: vec![Counter::default(); OracleCall::ALL.len() * levels],
            points: Vec::new(),
            places: Vec::new(),
            is_over: false,
            directions: Vec::new(),
        }
    }

    /// Appends rows.
    pub fn extend(&mut self, rows: &TraceRows) {
        self.locate_points(rows);
        let levels = self.shape.levels();
        self.iterations
            .extend(rows.iterations.iter().map(|&iteration| iteration as f64));
        self.time.extend_from_slice(&rows.time);
        append_rows(&mut self.objectives, &rows.objectives);
        for objectives in rows.objectives.chunks(levels) {
            self.suboptimality.push(objectives[0] - self.optimum());
        }
        append_rows(&mut self.metrics, &rows.metrics);
        for counts in rows.counts.chunks(self.counts.len()) {
            for (counter, &count) in self.counts.iter_mut().zip(counts) {
                counter.push(count);
            }
            let gradients = &counts[OracleCall::Grad as usize * levels..][..levels];
            self.gradients.push(gradients.iter().sum::<u64>() as f64);
            self.cost.push(weigh(self.weights, levels, counts));
        }
        self.points.extend_from_slice(&rows.points);
        self.directions.extend_from_slice(&rows.directions);
    }

    /// Records which of the rows to be appended have points.
    fn locate_points(&mut self, rows: &TraceRows) {
        self.is_over |= rows.is_over;
        let Recording { every, points } = self.recording;
        if points == Points::All {
            return;
        }
        let variables = self.shape.total();
        for (number, &iteration) in rows.iterations.iter().enumerate() {
            let is_last = rows.is_over && number + 1 == rows.len();
            let is_kept =
                points.keeps(iteration, every, variables) || is_last && points != Points::None;
            if is_kept {
                self.places.push(self.len() + number);
            }
        }
    }

    /// Appends the referee's judgements of the next rows.
    pub fn judge(&mut self, judgements: &[Judgement]) {
        for judgement in judgements {
            self.gap.push(judgement.gap);
            self.true_suboptimality
                .push(judgement.reduced - self.optimum());
            self.distance.push(judgement.distance);
            self.largest_gap.push(judgement.largest);
            self.gap_share.push(judgement.share);
            self.gap_levels
                .push(u8::try_from(judgement.level).unwrap_or(u8::MAX));
        }
    }

    /// Forgets all rows but the given ones, which increase. Later rows can be appended as before; the direction of a row is lost
    /// unless the next one is kept, too.
    pub fn keep_rows(&mut self, rows: &[usize]) {
        self.edition = Edition::default();
        let shape = self.shape;
        let kept = |numbers: &[f64], size: usize| -> Vec<f64> {
            let of_row = |&row: &usize| numbers.get(row * size..(row + 1) * size);
            rows.iter().filter_map(of_row).flatten().copied().collect()
        };
        let points = rows.iter().filter_map(|&row| self.values(row));
        self.points = points.flatten().copied().collect();
        if self.kept() != Points::All {
            let numbered = rows.iter().enumerate();
            let with_points = numbered.filter(|(_, row)| self.places.binary_search(row).is_ok());
            self.places = with_points.map(|(number, _)| number).collect();
        }
        self.directions = kept(&self.directions, shape.size(1));
        let plain = [
            &mut self.iterations,
            &mut self.time,
            &mut self.gradients,
            &mut self.cost,
            &mut self.largest_gap,
            &mut self.gap_share,
        ];
        for numbers in plain {
            *numbers = kept(numbers, 1);
        }
        let judged = [
            &mut self.suboptimality,
            &mut self.gap,
            &mut self.true_suboptimality,
            &mut self.distance,
            &mut self.hypergradient_error,
        ];
        let columns = self.objectives.iter_mut().chain(&mut self.metrics);
        for column in columns.chain(judged) {
            *column = column.of_rows(rows);
        }
        let levels = rows.iter().filter_map(|&row| self.gap_levels.get(row));
        self.gap_levels = levels.copied().collect();
        for counter in &mut self.counts {
            let mut counts = Counter::default();
            for &row in rows {
                counts.push(counter.at(row));
            }
            *counter = counts;
        }
    }

    /// Changes the weights of calls, and recomputes the cost of all rows.
    pub fn weigh(&mut self, weights: Weights) {
        if self.weights == weights {
            return;
        }
        self.weights = weights;
        self.edition = Edition::default();
        let mut counts = vec![0; self.counts.len()];
        for row in 0..self.cost.len() {
            for (count, counter) in counts.iter_mut().zip(&self.counts) {
                *count = counter.at(row);
            }
            self.cost[row] = weigh(weights, self.shape.levels(), &counts);
        }
    }

    /// A number unique to this trace, which changes with the weights but not when rows are appended.
    pub fn edition(&self) -> u64 {
        self.edition.0
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.iterations.len()
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes that the rows occupy. Reserved capacity of vectors is not counted: the system provides no memory for
    /// it until it is written to.
    pub fn bytes(&self) -> usize {
        let plain = [
            &self.iterations,
            &self.time,
            &self.gradients,
            &self.cost,
            &self.points,
            &self.directions,
            &self.largest_gap,
            &self.gap_share,
        ];
        let places = size_of_val(self.places.as_slice());
        let judged = [
            &self.suboptimality,
            &self.gap,
            &self.true_suboptimality,
            &self.distance,
            &self.hypergradient_error,
        ];
        let columns = self.objectives.iter().chain(&self.metrics).chain(judged);
        let counts = self.counts.iter().map(|counter| counter.counts.as_slice());
        plain
            .map(|numbers| size_of_val(numbers.as_slice()))
            .iter()
            .sum::<usize>()
            + columns.map(TraceColumn::bytes).sum::<usize>()
            + counts.map(size_of_val).sum::<usize>()
            + places
            + size_of_val(self.gap_levels.as_slice())
    }

    /// The bytes of a row of a problem's runs, if it keeps its point or not.
    pub fn bytes_of_row(metadata: &Metadata, has_point: bool) -> f64 {
        let shape = metadata.shape();
        let levels = shape.levels();
        let recorded = if has_point { shape.total() } else { 0 };
        let counts = OracleCall::ALL.len() * levels;
        let numbers = NUMBERS + levels + counts + metadata.metrics.len() + recorded;
        (numbers * size_of::<f64>()) as f64 * (1.0 + PYRAMIDS)
    }

    /// The value gap of a row that is the largest share of its level's span, and that level; `None` if it is not known.
    pub fn largest_gap_at(&self, row: usize) -> Option<(f64, usize)> {
        let gap = *self.largest_gap.get(row)?;
        let level = usize::from(*self.gap_levels.get(row)?);
        (!gap.is_nan()).then_some((gap, level))
    }

    /// The names of the problem's own metrics, in the order of [`Self::metrics`].
    pub fn metric_names(&self) -> &[&'static str] {
        &self.metric_names
    }

    /// The sizes of the blocks.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The rows whose variables are kept.
    pub fn kept(&self) -> Points {
        self.recording.points
    }

    /// The offset subtracted from f and φ: the optimum, or 0 where none is known.
    pub fn optimum(&self) -> f64 {
        self.optimum.unwrap_or(0.0)
    }

    /// True if the optimum is known.
    pub fn has_optimum(&self) -> bool {
        self.optimum.is_some()
    }

    /// The number of calls of one kind for the objective of one level, up to a row.
    pub fn count(&self, call: OracleCall, level: usize, row: usize) -> u64 {
        self.counts[call as usize * self.shape.levels() + level - 1].at(row)
    }

    /// The variables of all rows that keep them, point after point.
    pub fn all_values(&self) -> &[f64] {
        &self.points
    }

    /// The variables of a row, level after level; `None` if they are not kept.
    pub fn values(&self, row: usize) -> Option<&[f64]> {
        let size = self.shape.total();
        let place = match self.kept() {
            Points::All => row,
            _ => self.places.binary_search(&row).ok()?,
        };
        self.points.get(place * size..(place + 1) * size)
    }

    /// The last row at or before the given one whose point is kept.
    pub fn kept_row(&self, row: usize) -> Option<usize> {
        if self.kept() == Points::All {
            return (row < self.len()).then_some(row);
        }
        let later = self.places.partition_point(|&place| place <= row);
        Some(self.places[later.checked_sub(1)?])
    }

    /// The point of a row that the referee evaluates: any row's if all points are kept, else the first and the last
    /// row's, since large lower levels are expensive to solve.
    pub fn judged_point(&self, row: usize) -> Option<Point> {
        let is_end = row == 0 || self.is_over && row + 1 == self.len();
        if self.kept() == Points::All || is_end {
            self.point(row)
        } else {
            None
        }
    }

    /// The point of a row; `None` if it is not kept.
    pub fn point(&self, row: usize) -> Option<Point> {
        Point::from_values(self.shape, self.values(row)?.to_vec())
    }

    /// The point of a row with the metrics there and at the milestones before it; `None` if it is not kept.
    pub fn observed(&self, row: usize, milestones: &[u64]) -> Option<ObservedPoint> {
        let metrics = |row: usize| -> Vec<f64> {
            let columns = self.metrics.iter();
            columns.map(|column| column.values()[row]).collect()
        };
        let passed = milestones
            .iter()
            .filter(|&&milestone| milestone as f64 <= self.iterations[row]);
        Some(ObservedPoint {
            point: self.point(row)?,
            metrics: metrics(row),
            passed: passed
                .filter_map(|&milestone| self.row_at(milestone))
                .map(metrics)
                .collect(),
        })
    }

    /// The direction in level 1 of the step that starts at a row; `None` if it is not kept or not known yet.
    pub fn direction(&self, row: usize) -> Option<&[f64]> {
        let size = self.shape.size(1);
        self.directions.get((row + 1) * size..(row + 2) * size)
    }

    /// The last row at or before an iteration; `None` before the first row.
    pub fn row_at(&self, iteration: u64) -> Option<usize> {
        let later = self.iterations.partition_point(|&k| k <= iteration as f64);
        later.checked_sub(1)
    }

    /// The iteration of the last row.
    pub fn last_iteration(&self) -> Option<u64> {
        self.iterations.last().map(|&k| k as u64)
    }
}

/// A count per row, which needs no memory while it is zero.
#[derive(Clone, Debug, Default)]
struct Counter {
    rows: usize,
    /// Empty, or a number per row.
    counts: Vec<u64>,
}

impl Counter {
    fn push(&mut self, count: u64) {
        if count > 0 && self.counts.is_empty() {
            self.counts.resize(self.rows, 0);
        }
        if count > 0 || !self.counts.is_empty() {
            self.counts.push(count);
        }
        self.rows += 1;
    }

    fn at(&self, row: usize) -> u64 {
        self.counts.get(row).copied().unwrap_or(0)
    }
}

/// The weighted cost of calls given as in [`TraceRows::counts`].
fn weigh(weights: Weights, levels: usize, counts: &[u64]) -> f64 {
    let of_kind = counts.chunks(levels).map(|calls| calls.iter().sum::<u64>());
    of_kind
        .zip(weights)
        .map(|(calls, weight)| calls as f64 * weight)
        .sum()
}

fn append_rows(columns: &mut [TraceColumn], values: &[f64]) {
    for row in values.chunks(columns.len().max(1)) {
        for (column, &value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Settings, find};

    const EVERY: Recording = Recording {
        every: 1,
        points: Points::All,
    };

    #[test]
    fn a_trace_takes_the_bytes_that_its_columns_add_up_to() {
        let entry = find("coreset").expect("the coreset ships");
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let mut trace = Trace::new(problem.metadata(), EVERY);
        assert_eq!(trace.bytes(), 0);
        let rows = 4096;
        let mut counts = [0; OracleCall::ALL.len() * 2];
        counts[OracleCall::Grad as usize * 2..][..2].copy_from_slice(&[3, 7]);
        trace.extend(&TraceRows {
            iterations: (0..rows).collect(),
            time: vec![0.0; 4096],
            objectives: vec![1.0; 2 * 4096],
            metrics: Vec::new(),
            counts: counts.repeat(4096),
            points: vec![0.0; 6 * 4096],
            directions: vec![0.0; 4 * 4096],
            is_over: false,
        });
        let judged = Judgement {
            gap: 1.0,
            ..Judgement::NONE
        };
        trace.judge(&vec![judged; 4096]);
        // 4096 rows have 256 + 16 + 1 buckets of two numbers; a column that is never finite has one gap with two ends
        let column = 4096 + 2 * (256 + 16 + 1);
        let plain = 4 + 6 + 4 + 2 + 2; // costs, variables, direction, two kinds of call, the largest gap and its share
        let levels = 4096;
        assert_eq!(
            trace.bytes(),
            8 * (plain * 4096 + 6 * column + 2 * 2) + levels
        );
    }

    #[test]
    fn a_trace_without_its_middle_rows_goes_on_like_the_whole() {
        let entry = find("coreset").expect("the coreset ships");
        let problem = (entry.build)(&Settings::new(entry.parameters));
        for points in [Points::All, Points::Some, Points::Ends, Points::None] {
            let recording = Recording { every: 1, points };
            let variables = problem.metadata().shape().total();
            let row = |k: u32| TraceRows {
                iterations: vec![u64::from(k)],
                time: vec![0.5 * f64::from(k)],
                objectives: vec![f64::from(k), -f64::from(k)],
                counts: (0..10).map(|call| u64::from(call * k)).collect(),
                points: if points.keeps(u64::from(k), 1, variables) {
                    vec![f64::from(k); variables]
                } else {
                    Vec::new()
                },
                directions: if points == Points::All {
                    vec![f64::from(k); 4]
                } else {
                    Vec::new()
                },
                ..TraceRows::default()
            };
            let mut whole = Trace::new(problem.metadata(), recording);
            let mut ends = Trace::new(problem.metadata(), recording);
            for k in 0..100 {
                whole.extend(&row(k));
                ends.extend(&row(k));
                if k % 7 == 6 {
                    let judged = Judgement {
                        gap: 1.0,
                        level: 2,
                        largest: f64::from(k),
                        ..Judgement::NONE
                    };
                    let unjudged = ends.len() - 1 - ends.gap.len();
                    ends.judge(&vec![judged; unjudged]);
                    ends.keep_rows(&[0, ends.len() - 1]);
                    assert_eq!((ends.len(), ends.gap.len()), (2, 1));
                }
            }
            let last = ends.len() - 1;
            for (here, there) in [(0, 0), (last, 99)] {
                assert_eq!(ends.iterations[here], whole.iterations[there]);
                assert_eq!(ends.time[here], whole.time[there]);
                assert_eq!(ends.gradients[here], whole.gradients[there]);
                assert_eq!(ends.cost[here], whole.cost[there]);
                assert_eq!(ends.values(here), whole.values(there), "{points:?}");
                let objectives =
                    |trace: &Trace, row: usize| trace.objectives[1].values()[row].to_bits();
                assert_eq!(objectives(&ends, here), objectives(&whole, there));
                let count = |trace: &Trace, row| trace.count(OracleCall::Grad, 2, row);
                assert_eq!(count(&ends, here), count(&whole, there));
            }
            assert_eq!(ends.direction(last - 1), whole.direction(98));
            assert_ne!(ends.edition(), whole.edition());
        }
    }

    #[test]
    fn an_edition_is_of_one_record_and_of_one_weighing() {
        let entry = find("coreset").expect("the coreset ships");
        let problem = (entry.build)(&Settings::new(entry.parameters));
        let mut trace = Trace::new(problem.metadata(), EVERY);
        let first = trace.edition();
        trace.weigh(WEIGHTS);
        assert_eq!(trace.edition(), first);
        assert_ne!(trace.clone().edition(), first);
        trace.weigh([1.0; OracleCall::ALL.len()]);
        assert_ne!(trace.edition(), first);
    }
}
