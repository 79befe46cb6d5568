//! Stationary points of g(x, ·) at one x for a follower of one variable, and the global minima among them.
//!
//! Roots of `g_y` are bracketed on a grid of y, including those that touch zero between two samples, and refined by
//! Newton steps that keep the bracket. An interval of y on which `g_y` vanishes is one stationary point with a width.
//! Beyond an open end of y the grid continues in growing steps for sixteen times its height, and from there while g
//! falls.

mod around;
mod excess;
mod flat_slopes;
mod indifferent;
mod known_columns;
mod narrow_rows;
mod track;

pub(super) use known_columns::ColumnMemory;

use std::cell::RefCell;
use std::ops::Range;

use self::flat_slopes::fill_least;
use super::region::{Region, span_of_exact};
use crate::numerics::poles::{EXACT, falls_without_bound};
use crate::numerics::roots::{Bracketed, Roots};
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{Coordinate, Problem};

/// Samples of `g_y` along y.
const ROWS: usize = 129;
/// Beyond the grid: the first step as a share of the height, the growth of steps, and the distance covered in any case,
/// in heights.
const STEP: f64 = 1.0 / 64.0;
const GROWTH: f64 = 1.5;
const FAR: f64 = 16.0;
/// A follower whose objective still falls this many heights away has no solution.
const FARTHEST: f64 = 1e12;
/// Margin of the grid beyond a picture, as a share of its height.
const MARGIN: f64 = 0.5;
/// Minima are tied if their values differ by less than this share of the spread of g.
const TIE: f64 = 1e-14;
/// A maximum this many times as high as the highest minimum and the ends may be a pole, whose height is one of rounding.
const HIGH: f64 = 1e3;
/// The spread of g over stationary points and ends is that of a wall, if it is so many times the usual spread; one row in
/// so many is a sample of that.
const WALL: f64 = 1e4;
const STRIDE: usize = 8;
/// The level above is indifferent between minima whose values differ by less than this share of its own range over
/// the stationary points: over tied minima alone it may be rounding.
const LIKED: f64 = 1e-12;

/// Kind of a stationary point of the follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StationaryKind {
    /// The leader's favorite among the global minima.
    Chosen,
    /// Another global minimum.
    Tied,
    /// A local minimum, or an edge of the box towards which the objective falls.
    Local,
    /// A local maximum.
    Maximum,
}

impl StationaryKind {
    /// True for minima, local or global.
    pub const fn is_minimum(self) -> bool {
        !matches!(self, Self::Maximum)
    }

    /// True for global minima.
    pub const fn is_global(self) -> bool {
        matches!(self, Self::Chosen | Self::Tied)
    }
}

/// A stationary point at some x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stationary {
    /// The follower's variable.
    pub y: f64,
    /// The follower's objective.
    pub lower: f64,
    /// The objective of the level above.
    pub upper: f64,
    /// Its kind.
    pub kind: StationaryKind,
    /// True if an edge of the box holds it against a slope.
    pub is_held: bool,
    /// The interval of minimizers around it; both ends are `y` at an isolated point.
    pub stretch: [f64; 2],
}

impl Stationary {
    /// True if the follower is indifferent over an interval of y.
    pub fn is_stretch(&self) -> bool {
        self.stretch[0] < self.stretch[1]
    }
}

/// All stationary points at some x, in ascending y.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StationaryPoints {
    /// The leader's first variable.
    pub x: f64,
    /// The points.
    pub points: Vec<Stationary>,
    /// The least and the greatest value of the level above over the global minima.
    pub upper: [f64; 2],
    /// Largest excess of the follower's objective over its minimum, at stationary points and at the ends of the range.
    pub spread: f64,
}

impl StationaryPoints {
    /// The leader's favorite minimum; the last one if several are tied.
    pub fn answer(&self) -> Option<&Stationary> {
        self.points
            .iter()
            .rfind(|point| point.kind == StationaryKind::Chosen)
    }
}

/// A follower of one variable beneath fixed upper blocks.
#[derive(Debug)]
pub(crate) struct Follower<'a> {
    problem: &'a dyn Problem,
    token: &'a WorkToken,
    /// Its level, the innermost.
    level: usize,
    /// Range of the grid in y.
    range: [f64; 2],
    /// The range that pictures show, far from which the grid may be.
    picture: [f64; 2],
    /// Flags of the range ends that are ends of the box.
    is_closed: [bool; 2],
    /// True if its objective turns between two rows.
    is_narrow: bool,
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
    /// Without a box, the grid covers the problem's own picture with a margin, and the `shown` range: the global
    /// minimum must not depend on the range that is shown.
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
            picture: metadata.range(Coordinate { level, index: 0 }),
            is_closed,
            is_narrow: false,
            scratch: RefCell::new(ColumnScratch {
                point: metadata.start.clone(),
                gradient: Point::zeros(shape),
                rows: Vec::with_capacity(ROWS),
                least: Vec::with_capacity(ROWS),
            }),
        })
    }

    /// The same follower, with more rows where its objective turns between two of them.
    pub(crate) fn resolving(mut self, is_narrow: bool) -> Self {
        self.is_narrow = is_narrow;
        self
    }

    /// The height of the grid's range.
    pub(crate) fn height(&self) -> f64 {
        self.range[1] - self.range[0]
    }

    /// The grid's range in y.
    pub(crate) const fn range(&self) -> [f64; 2] {
        self.range
    }

    /// True if a box bounds y on both sides, so that no minimum is missed.
    pub(crate) const fn is_boxed(&self) -> bool {
        self.is_closed[0] && self.is_closed[1]
    }

    /// Sets the upper blocks to those of a point.
    pub(crate) fn stand(&self, at: &Point) {
        let mut scratch = self.scratch.borrow_mut();
        let upper = at.shape().range(self.level).start;
        scratch.point.values_mut()[..upper].copy_from_slice(&at.values()[..upper]);
    }

    /// Sets the variable of a leader of one variable.
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

    /// The derivative dy/dx of a stationary point; infinite if its curvature vanishes.
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

    /// The slope of f(x, y(x)) along a stationary point; NaN or infinite if dy/dx is infinite, NaN at an end of an
    /// interval of minimizers, whose motion only values show.
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

    /// The y of a grid row. Both ends are rows; those between are shifted, since roots are often at round numbers.
    fn place(&self, row: usize) -> f64 {
        let [low, high] = self.range;
        match row {
            0 => low,
            _ if row + 1 == ROWS => high,
            _ => low + (high - low) * (row as f64 + 0.137) / (ROWS - 1) as f64,
        }
    }

    /// All stationary points at an x of a leader of one variable; see [`Follower::column`].
    pub(crate) fn column_at(&self, x: f64) -> Option<StationaryPoints> {
        self.stand_at(x);
        self.column()
    }

    /// All stationary points for the present upper blocks; `None` once the token is cancelled, and if g is undefined
    /// everywhere or unbounded below.
    pub(crate) fn column(&self) -> Option<StationaryPoints> {
        let column = self.column_here()?;
        match self.around(&column) {
            Some(beside) => {
                let near = beside.column_here()?;
                beside.joined(column, near, self.range)
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
        // collected outwards, then reversed
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
        if self.is_narrow {
            self.add_turns(rows);
        }
        let dense = rows.partition_point(|row| row[0] < self.range[0])
            ..rows.partition_point(|row| row[0] <= self.range[1]);
        fill_least(rows, dense.clone(), least);
        let ends = [rows[0][0], rows[rows.len() - 1][0]];
        let column = self.classified(rows, least, dense)?;
        // an end at which g falls without end is below all minima, unless g levels off
        let is_beaten = |end: usize| {
            let answer = column.answer().map_or(f64::INFINITY, |answer| answer.lower);
            falls[end] && self.value(self.level, ends[end]) < answer
        };
        (!is_beaten(0) && !is_beaten(1)).then_some(column)
    }

    /// Adds rows beyond an end of the range, outwards, and past the picture, on both sides of which it may have answers.
    fn extend(&self, sign: f64, rows: &mut Vec<[f64; 2]>) {
        let height = self.height();
        let [end, last] = [self.range, self.picture].map(|ends| ends[usize::from(sign > 0.0)]);
        let mut distance = STEP * height;
        loop {
            let y = end + sign * distance;
            let slope = self.slope(y);
            if !slope.is_finite() {
                return;
            }
            rows.push([y, slope]);
            if distance > FAR * height
                && (sign * slope >= 0.0 && sign * (y - last) >= 0.0
                    || distance > 2.0 * FARTHEST * height)
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
                        // at an end of the box no slope is needed to stay
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

    /// The excess of g over its minimum, of stationary points and ends, or the usual one over the grid if a wall or a
    /// barrier makes it huge against the curvature at the minimum.
    fn usual_spread(&self, best: &Stationary, spread: f64) -> f64 {
        let height = self.height();
        let curvature = self.second(self.level, best.y).abs() * height;
        if spread <= WALL * (self.slope(best.y).abs() + curvature) * height {
            return spread;
        }
        let rows = (0..ROWS).step_by(STRIDE);
        let values = rows.map(|row| self.value(self.level, self.place(row)));
        let usual = span_of_exact(values.chain([best.lower]));
        if 0.0 < usual && WALL * usual < spread {
            usual
        } else {
            spread
        }
    }

    /// Marks the global minima and those among them that the levels above prefer; `None` if there is no minimum.
    fn chosen(&self, mut points: Vec<Stationary>) -> Option<StationaryPoints> {
        let minima = || points.iter().filter(|point| point.kind.is_minimum());
        let lowest = minima()
            .min_by(|a, b| a.lower.total_cmp(&b.lower))
            .copied()?;
        let best = lowest.lower;
        if !best.is_finite() {
            return None;
        }
        let [low, high] = self.range;
        let ends = self.range.map(|y| self.value(self.level, y));
        let highest = minima().map(|point| point.lower).chain(ends);
        let highest = highest
            .filter(|value| value.is_finite())
            .fold(best, f64::max);
        let is_pole = |point: &Stationary| {
            point.lower - best > HIGH * (highest - best)
                && highest > best
                && falls_without_bound(point.y, (self.height(), self.range, EXACT), |y| {
                    -self.value(self.level, y)
                })
        };
        // beyond the range an objective may grow without bound
        let is_near = |point: &&Stationary| {
            (low..=high).contains(&point.y) && !is_pole(point)
                || point.kind.is_minimum() && point.lower == best
        };
        let all = || {
            let lowers = points.iter().filter(is_near).map(|point| point.lower);
            lowers.chain(ends).filter(|value| value.is_finite())
        };
        let greatest = all().fold(best, f64::max);
        let spread = self.usual_spread(&lowest, greatest - best);
        let largest = all()
            .filter(|value| value - best <= spread)
            .fold(0.0_f64, |most, value| most.max(value.abs()));
        let least = best + TIE * spread + 8.0 * f64::EPSILON * largest;
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
        let uppers = points.iter().filter(is_near).map(|point| point.upper);
        let liked = LIKED * (uppers.fold(upper[1], f64::max) - upper[0]);
        let good = upper[0] + liked + 8.0 * f64::EPSILON * upper[0].abs();
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
            spread,
        })
    }

    /// Chooses among minima that the level above likes equally: those that the levels further up do not prefer become
    /// tied ones.
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
            let [low, high] = self.range;
            let inside = points
                .iter()
                .filter(|point| (low..=high).contains(&point.y));
            let inside = inside.map(|point| self.value(level, point.y));
            let most = inside
                .chain(values.iter().copied())
                .fold(f64::NEG_INFINITY, f64::max);
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
}
