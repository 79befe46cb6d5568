//! A follower of one variable at one x: every stationary point of g(x, ·), and which of them it may choose.
//!
//! Roots of `g_y` are bracketed on a grid of y, those that touch zero between two samples included, and refined by Newton's steps
//! that keep the bracket. A stretch of y on which `g_y` vanishes is one answer with a width. Where no box ends y, the grid goes on
//! in growing steps for sixteen times its height, and from there for as long as g falls.

mod around;
mod track;

use std::cell::RefCell;
use std::ops::Range;

use super::region::Region;
use crate::numerics::roots::{Bracketed, Roots, golden_section};
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::Problem;

/// Samples of `g_y` along y.
const ROWS: usize = 129;
/// A slope below this share of the steepest among so many blocks of samples on both sides is none.
const FLAT: f64 = 1e-13;
const BLOCK: usize = 16;
/// Beyond the grid, the first step as a share of the height, how it grows, and how far it goes on in any case.
const STEP: f64 = 1.0 / 64.0;
const GROWTH: f64 = 1.5;
const FAR: f64 = 16.0;
/// A follower that still gains so many heights away has no answer.
const FARTHEST: f64 = 1e12;
/// Answers may lie outside of a picture, by this share of its height.
const MARGIN: f64 = 0.5;
/// A follower that does not mind so many samples of y does not care.
const CARELESS: usize = ROWS / 16;
/// Two answers are equally good within this share of the spread of g.
const TIE: f64 = 1e-14;
/// The level above likes two answers equally within this share of what they differ by.
const LIKED: f64 = 1e-12;

/// What a stationary point is for the follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StationaryKind {
    /// The leader's favourite among the global minima.
    Chosen,
    /// Another global minimum.
    Tied,
    /// A local minimum, or an edge of the box that the slope presses against.
    Local,
    /// A local maximum.
    Maximum,
}

impl StationaryKind {
    /// Whether the follower is at rest there.
    pub const fn is_minimum(self) -> bool {
        !matches!(self, Self::Maximum)
    }

    /// Whether no other place is better for the follower.
    pub const fn is_global(self) -> bool {
        matches!(self, Self::Chosen | Self::Tied)
    }
}

/// A stationary point at some x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stationary {
    /// Where.
    pub y: f64,
    /// The follower's objective.
    pub lower: f64,
    /// The objective of the level above.
    pub upper: f64,
    /// What it is.
    pub kind: StationaryKind,
    /// Whether it is an edge of the box that holds it there, with a slope.
    pub is_held: bool,
    /// The ends of the stretch on which the follower does not care; both are `y` mostly.
    pub stretch: [f64; 2],
}

impl Stationary {
    /// Indifference over a stretch of y: any place there is as good to the follower.
    pub fn is_stretch(&self) -> bool {
        self.stretch[0] < self.stretch[1]
    }
}

/// All stationary points at some x, from the least y on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StationaryPoints {
    /// The leader's first variable.
    pub x: f64,
    /// The points.
    pub points: Vec<Stationary>,
    /// The best of all global minima for the level above, and the worst.
    pub upper: [f64; 2],
    /// How far the follower's objective is from its least value at most, at stationary points and at the ends.
    pub spread: f64,
}

impl StationaryPoints {
    /// The leader's favourite answer; of equally good ones the last.
    pub fn answer(&self) -> Option<&Stationary> {
        self.points
            .iter()
            .rfind(|point| point.kind == StationaryKind::Chosen)
    }
}

/// A follower of one variable beneath the blocks of a point.
#[derive(Debug)]
pub(crate) struct Follower<'a> {
    problem: &'a dyn Problem,
    token: &'a WorkToken,
    /// Its level, the innermost.
    level: usize,
    /// Where y is looked for first.
    range: [f64; 2],
    /// Which of its ends are those of the box.
    is_closed: [bool; 2],
    scratch: RefCell<ColumnScratch>,
}

#[derive(Debug)]
struct ColumnScratch {
    point: Point,
    gradient: Point,
    rows: Vec<[f64; 2]>,
    least: Vec<f64>,
}

impl<'a> Follower<'a> {
    /// The follower of a problem whose innermost level has one variable; `None` for another problem.
    ///
    /// Where there is no box, y is looked for well beyond the problem's own picture, and in the range that is shown: what is a
    /// global minimum must not depend on what is shown.
    pub(crate) fn new(
        problem: &'a dyn Problem,
        region: &Region,
        shown: Option<[f64; 2]>,
        token: &'a WorkToken,
    ) -> Option<Self> {
        let metadata = problem.metadata();
        let shape = metadata.shape();
        let level = shape.levels();
        if shape.size(level) != 1 {
            return None;
        }
        let [low, high] = region.ranges(level)[0];
        let is_closed = region.is_closed(level)[0];
        let margin = MARGIN * (high - low);
        let shown = shown.unwrap_or([low, high]);
        let wide = [(low - margin).min(shown[0]), (high + margin).max(shown[1])];
        Some(Self {
            problem,
            token,
            level,
            range: [0, 1].map(|end| {
                if is_closed[end] {
                    [low, high][end]
                } else {
                    wide[end]
                }
            }),
            is_closed,
            scratch: RefCell::new(ColumnScratch {
                point: metadata.start.clone(),
                gradient: Point::zeros(shape),
                rows: Vec::with_capacity(ROWS),
                least: Vec::with_capacity(ROWS),
            }),
        })
    }

    /// The height of the range in which y is looked for first.
    pub(crate) fn height(&self) -> f64 {
        self.range[1] - self.range[0]
    }

    /// The range in which y is looked for first.
    pub(crate) const fn range(&self) -> [f64; 2] {
        self.range
    }

    /// Whether a box holds y on both sides, so that no answer is missed.
    pub(crate) const fn is_boxed(&self) -> bool {
        self.is_closed[0] && self.is_closed[1]
    }

    /// Stands beneath the upper blocks of a point from now on.
    pub(crate) fn stand(&self, at: &Point) {
        let mut scratch = self.scratch.borrow_mut();
        let upper = at.shape().range(self.level).start;
        scratch.point.values_mut()[..upper].copy_from_slice(&at.values()[..upper]);
    }

    /// Stands beneath an x of a leader of one variable.
    pub(crate) fn stand_at(&self, x: f64) {
        self.scratch.borrow_mut().point[1][0] = x;
    }

    fn value(&self, level: usize, y: f64) -> f64 {
        let mut scratch = self.scratch.borrow_mut();
        scratch.point[self.level][0] = y;
        self.problem.value(level, &scratch.point, self.token)
    }

    /// The gradient of a level's objective in the leader's first variable and in y.
    fn gradient(&self, level: usize, y: f64, wrt: Levels) -> [f64; 2] {
        let scratch = &mut *self.scratch.borrow_mut();
        scratch.point[self.level][0] = y;
        let (point, gradient) = (&scratch.point, &mut scratch.gradient);
        self.problem.grad(level, point, wrt, gradient, self.token);
        [gradient[1][0], gradient[self.level][0]]
    }

    /// `g_y`.
    fn slope(&self, y: f64) -> f64 {
        self.gradient(self.level, y, Levels::only(self.level))[1]
    }

    /// `g_xy` in the leader's first variable, or `g_yy` with `wrt` the follower's level.
    fn second(&self, wrt: usize, y: f64) -> f64 {
        let scratch = &mut *self.scratch.borrow_mut();
        scratch.point[self.level][0] = y;
        let mut out = [0.0; 16];
        let mut long = Vec::new();
        let size = scratch.point.shape().size(wrt);
        let out = if size <= out.len() {
            &mut out[..size]
        } else {
            long.resize(size, 0.0);
            &mut long[..]
        };
        let pair = [wrt, self.level];
        self.problem
            .product(self.level, &scratch.point, pair, &[1.0], out, self.token);
        out[0]
    }

    /// How fast a stationary point moves with x; infinite where its curvature vanishes.
    pub(crate) fn speed(&self, at: &Stationary) -> f64 {
        if at.is_held || at.is_stretch() {
            return 0.0;
        }
        let [mixed, curvature] = [1, self.level].map(|wrt| self.second(wrt, at.y));
        if mixed == 0.0 {
            0.0
        } else {
            -mixed / curvature
        }
    }

    /// The slope of f(x, y(x)) along a stationary point; NaN or infinite where that moves infinitely fast, NaN at an end of a stretch,
    /// whose speed only values can tell.
    pub(crate) fn reduced_slope(&self, at: &Stationary) -> f64 {
        let [along_x, along_y] = self.gradient(1, at.y, Levels::ALL);
        let is_on_bound = |end: usize| self.is_closed[end] && at.y == self.range[end];
        if at.is_stretch() && at.stretch.contains(&at.y) && !is_on_bound(0) && !is_on_bound(1) {
            return if along_y == 0.0 { along_x } else { f64::NAN };
        }
        let speed = self.speed(at);
        if along_y == 0.0 {
            along_x
        } else {
            along_x + along_y * speed
        }
    }

    /// Both ends are rows; those between are shifted, since roots like to be at round numbers.
    fn place(&self, row: usize) -> f64 {
        let [low, high] = self.range;
        match row {
            0 => low,
            _ if row + 1 == ROWS => high,
            _ => low + (high - low) * (row as f64 + 0.137) / (ROWS - 1) as f64,
        }
    }

    /// All stationary points beneath an x of a leader of one variable; see [`Follower::column`].
    pub(crate) fn column_at(&self, x: f64) -> Option<StationaryPoints> {
        self.stand_at(x);
        self.column()
    }

    /// All stationary points where it stands; `None` once the token is cancelled, where g is defined nowhere and where it falls
    /// without end.
    pub(crate) fn column(&self) -> Option<StationaryPoints> {
        let column = self.column_here()?;
        match self.around(&column) {
            Some(beside) => {
                let beside = beside.column_here()?;
                self.joined(column, beside)
            }
            None => Some(column),
        }
    }

    fn column_here(&self) -> Option<StationaryPoints> {
        let (mut rows, mut least) = {
            let mut scratch = self.scratch.borrow_mut();
            (
                std::mem::take(&mut scratch.rows),
                std::mem::take(&mut scratch.least),
            )
        };
        let column = self.sampled(&mut rows, &mut least);
        let mut scratch = self.scratch.borrow_mut();
        (scratch.rows, scratch.least) = (rows, least);
        drop(scratch);
        column.filter(|column| column.upper[0].is_finite())
    }

    fn sampled(&self, rows: &mut Vec<[f64; 2]>, least: &mut Vec<f64>) -> Option<StationaryPoints> {
        let at = |y: f64| [y, self.slope(y)];
        rows.clear();
        // outwards first, then turned round
        let is_unbounded = |rows: &[[f64; 2]], sign: f64| {
            rows.last().is_some_and(|row| {
                sign * row[1] < 0.0 && (row[0] - self.range[0]).abs() > FARTHEST * self.height()
            })
        };
        let mut falls = [false; 2];
        if !self.is_closed[0] {
            self.extend(-1.0, rows);
            falls[0] = is_unbounded(rows, -1.0);
            rows.reverse();
        }
        rows.extend((0..ROWS).map(|row| at(self.place(row))));
        if !self.is_closed[1] {
            self.extend(1.0, rows);
            falls[1] = is_unbounded(rows, 1.0);
        }
        if self.token.is_cancelled() {
            return None;
        }
        let before = rows.partition_point(|row| row[0] < self.range[0]);
        fill_least(rows, before..before + ROWS, least);
        let ends = [rows[0][0], rows[rows.len() - 1][0]];
        let column = self.classified(rows, least, before..before + ROWS)?;
        // an end that falls without end is lower than all, unless it has a floor
        let is_beaten = |end: usize| {
            let answer = column.answer().map_or(f64::INFINITY, |answer| answer.lower);
            falls[end] && self.value(self.level, ends[end]) < answer
        };
        (!is_beaten(0) && !is_beaten(1)).then_some(column)
    }

    /// Adds rows beyond an end of the range, outwards.
    fn extend(&self, sign: f64, rows: &mut Vec<[f64; 2]>) {
        let height = self.height();
        let end = self.range[usize::from(sign > 0.0)];
        let mut distance = STEP * height;
        loop {
            let y = end + sign * distance;
            let slope = self.slope(y);
            if !slope.is_finite() {
                return;
            }
            rows.push([y, slope]);
            if distance > FAR * height
                && (sign * slope >= 0.0 || distance > 2.0 * FARTHEST * height)
            {
                return;
            }
            distance *= if distance > FAR * height { 2.0 } else { GROWTH };
        }
    }

    fn classified(
        &self,
        rows: &[[f64; 2]],
        least: &[f64],
        dense: Range<usize>,
    ) -> Option<StationaryPoints> {
        let mut points = Vec::new();
        let point = |y: f64, kind: StationaryKind, is_held: bool, stretch: [f64; 2]| Stationary {
            y,
            lower: self.value(self.level, y),
            upper: self.value(self.level - 1, y),
            kind,
            is_held,
            stretch,
        };
        let is_defined = |row: &[f64; 2]| row[1].is_finite();
        let mut first = 0;
        for part in rows.chunk_by(|a, b| is_defined(a) == is_defined(b)) {
            let places = first..first + part.len();
            first = places.end;
            if !is_defined(&part[0]) {
                continue;
            }
            let roots = Roots {
                rows: part,
                least: &least[places.clone()],
                dense: dense.start.saturating_sub(places.start)
                    ..dense.end.saturating_sub(places.start),
                slope: &|y| self.slope(y),
                turn: &|y| self.second(self.level, y),
            };
            let [low, high] = self.range;
            let (start, end) = (part[0], part[part.len() - 1]);
            if self.is_closed[0] && places.start == 0 && start[1] > roots.least[0] {
                points.push(point(low, StationaryKind::Local, true, [low; 2]));
            }
            for found in roots.all() {
                match found {
                    Bracketed::Root(y, after) => {
                        let kind = if after > 0.0 {
                            StationaryKind::Local
                        } else {
                            StationaryKind::Maximum
                        };
                        points.push(point(y, kind, false, [y; 2]));
                    }
                    Bracketed::Stretch(ends, [before, after]) => {
                        // at an end of the box nothing more is needed to stay
                        if before <= 0.0 && after >= 0.0 {
                            let y = self.favourite(ends);
                            points.push(point(y, StationaryKind::Local, false, ends));
                        }
                    }
                }
            }
            if self.is_closed[1]
                && places.end == rows.len()
                && end[1] < -roots.least[part.len() - 1]
            {
                points.push(point(high, StationaryKind::Local, true, [high; 2]));
            }
        }
        self.chosen(points)
    }

    /// Says which minima are global and which of these the levels above like best; `None` where there is no minimum.
    fn chosen(&self, mut points: Vec<Stationary>) -> Option<StationaryPoints> {
        let minima = || points.iter().filter(|point| point.kind.is_minimum());
        let best = minima()
            .map(|point| point.lower)
            .fold(f64::INFINITY, f64::min);
        if !best.is_finite() {
            return None;
        }
        let [low, high] = self.range;
        let ends = self.range.map(|y| self.value(self.level, y));
        let all = || {
            // beyond the range an objective may grow without measure
            let points = points.iter().filter(|point| {
                (low..=high).contains(&point.y) || point.kind.is_minimum() && point.lower == best
            });
            let lowers = points.map(|point| point.lower);
            lowers.chain(ends).filter(|value| value.is_finite())
        };
        let greatest = all().fold(best, f64::max);
        let largest = all().fold(0.0_f64, |most, value| most.max(value.abs()));
        let least = best + TIE * (greatest - best) + 8.0 * f64::EPSILON * largest;
        let mut upper = [f64::INFINITY, f64::NEG_INFINITY];
        for point in points
            .iter_mut()
            .filter(|point| point.kind.is_minimum() && point.lower <= least)
        {
            point.kind = StationaryKind::Tied;
            let worst = if point.is_stretch() {
                self.worst(point.stretch)
            } else {
                point.upper
            };
            upper = [upper[0].min(point.upper), upper[1].max(worst)];
        }
        let good = upper[0] + LIKED * (upper[1] - upper[0]) + 8.0 * f64::EPSILON * upper[0].abs();
        for point in &mut points {
            if point.kind == StationaryKind::Tied && point.upper <= good {
                point.kind = StationaryKind::Chosen;
            }
        }
        self.break_ties(&mut points);
        Some(StationaryPoints {
            x: self.scratch.borrow().point[1][0],
            points,
            upper,
            spread: greatest - best,
        })
    }

    /// Of answers that the level above likes equally, those that the levels above that like best.
    fn break_ties(&self, points: &mut [Stationary]) {
        for level in (1..self.level - 1).rev() {
            let chosen = points
                .iter()
                .filter(|point| point.kind == StationaryKind::Chosen);
            let values: Vec<f64> = chosen.map(|point| self.value(level, point.y)).collect();
            if values.len() < 2 {
                return;
            }
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let good = least + LIKED * (most - least) + 8.0 * f64::EPSILON * least.abs();
            let chosen = points
                .iter_mut()
                .filter(|point| point.kind == StationaryKind::Chosen);
            for (point, value) in chosen.zip(values) {
                if value > good {
                    point.kind = StationaryKind::Tied;
                }
            }
        }
    }

    /// What the level above likes best on a stretch where the follower does not care.
    fn favourite(&self, [low, high]: [f64; 2]) -> f64 {
        let upper = |y: f64| self.value(self.level - 1, y);
        let place = |row: usize| match row {
            // an end exactly: rounding would leave the stretch
            _ if row + 1 == ROWS => high,
            _ => low + (high - low) * row as f64 / (ROWS - 1) as f64,
        };
        let best = (0..ROWS).map(|row| (row, upper(place(row))));
        let Some((row, _)) = best.min_by(|a, b| a.1.total_cmp(&b.1)) else {
            return low;
        };
        let bracket = [place(row.saturating_sub(1)), place((row + 1).min(ROWS - 1))];
        let found = golden_section(bracket, 60, upper);
        if upper(found) < upper(place(row)) {
            found
        } else {
            place(row)
        }
    }

    /// The favourite (y, f) of a leader right above where g is this close to its least value over a good part of the range: at the
    /// very place of a jump the follower may not care at all.
    pub(crate) fn indulged(&self, slack: f64) -> Option<[f64; 2]> {
        let lower: Vec<f64> = (0..ROWS)
            .map(|row| self.value(self.level, self.place(row)))
            .collect();
        let best = lower.iter().copied().fold(f64::INFINITY, f64::min);
        let allowed = (0..ROWS).filter(|&row| lower[row] <= best + slack);
        let answers: Vec<[f64; 2]> = allowed
            .map(|row| self.place(row))
            .map(|y| [y, self.value(self.level - 1, y)])
            .collect();
        if answers.len() < CARELESS {
            return None;
        }
        answers.into_iter().min_by(|a, b| a[1].total_cmp(&b[1]))
    }

    /// The worst for the level above on such a stretch, as samples show it.
    fn worst(&self, [low, high]: [f64; 2]) -> f64 {
        let place = |row: usize| low + (high - low) * row as f64 / (ROWS - 1) as f64;
        (0..ROWS)
            .map(|row| self.value(self.level - 1, place(row)))
            .fold(f64::NEG_INFINITY, f64::max)
    }
}

/// For each row the slope that counts as none: by the steepest row near it, since slopes may grow by many powers of ten over a range. A
/// row beyond the dense ones is not measured by those that are farther out.
fn fill_least(rows: &[[f64; 2]], dense: Range<usize>, least: &mut Vec<f64>) {
    let steepest = |rows: &[[f64; 2]]| {
        let slopes = rows.iter().map(|row| row[1].abs());
        let finite = slopes.filter(|slope| slope.is_finite());
        finite.fold(0.0_f64, f64::max)
    };
    let inner = &rows[dense.clone()];
    let blocks: Vec<f64> = inner.chunks(BLOCK).map(steepest).collect();
    least.clear();
    for row in 0..dense.start {
        least.push(FLAT * steepest(&rows[row..(row + BLOCK).min(rows.len())]));
    }
    for (block, rows) in inner.chunks(BLOCK).enumerate() {
        let near = &blocks[block.saturating_sub(1)..(block + 2).min(blocks.len())];
        let most = near.iter().copied().fold(0.0_f64, f64::max);
        least.extend(rows.iter().map(|_| FLAT * most));
    }
    for row in dense.end..rows.len() {
        least.push(FLAT * steepest(&rows[(row + 1).saturating_sub(BLOCK)..=row]));
    }
}
