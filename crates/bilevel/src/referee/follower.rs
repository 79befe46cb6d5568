//! A follower of one variable at one x: every stationary point of g(x, ·), and which of them it may choose.
//!
//! Roots of `g_y` are bracketed on a grid of y, those that touch zero between two samples included, and refined by Newton's steps
//! that keep the bracket. A stretch of y on which `g_y` vanishes is one answer with a width.

use std::cell::RefCell;

use crate::numerics::roots::{Found, Roots, golden_section};
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{Coordinate, Problem};

/// Samples of `g_y` along y.
const ROWS: usize = 129;
/// A slope below this share of the column's steepest is none.
const FLAT: f64 = 1e-13;
/// Answers may lie outside of a picture, by this share of its height.
const MARGIN: f64 = 0.5;
/// A follower that does not mind so many samples of y does not care.
const CARELESS: usize = ROWS / 16;
/// Two answers are equally good within this share of the spread of g.
const TIE: f64 = 1e-14;
/// The leader likes two answers equally within this share.
const LIKED: f64 = 1e-12;

/// What a stationary point is for the follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The leader's favourite among the global minima.
    Chosen,
    /// Another global minimum.
    Tied,
    /// A local minimum, or an edge of the box that the slope presses against.
    Local,
    /// A local maximum.
    Maximum,
}

impl Kind {
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
    /// The leader's objective.
    pub upper: f64,
    /// What it is.
    pub kind: Kind,
    /// Whether it is an edge of the box that holds it there, with a slope.
    pub is_held: bool,
    /// The ends of the stretch on which the follower does not care; both are `y` mostly.
    pub stretch: [f64; 2],
}

/// All stationary points at some x, from the least y on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// The leader's variable.
    pub x: f64,
    /// The points.
    pub points: Vec<Stationary>,
    /// The best of all global minima for the leader, and the worst.
    pub upper: [f64; 2],
    /// How far the follower's objective is from its least value at most, at stationary points and at the ends.
    pub spread: f64,
}

impl Column {
    /// The leader's favourite answer; of equally good ones the last.
    pub fn answer(&self) -> Option<&Stationary> {
        self.points.iter().rfind(|point| point.kind == Kind::Chosen)
    }
}

/// A follower of one variable beneath a leader of one.
#[derive(Debug)]
pub(crate) struct Follower<'a> {
    problem: &'a dyn Problem,
    token: &'a WorkToken,
    /// Where y is looked for.
    range: [f64; 2],
    /// Which of its ends are those of the box.
    is_closed: [bool; 2],
    scratch: RefCell<Scratch>,
}

#[derive(Debug)]
struct Scratch {
    point: Point,
    gradient: Point,
    rows: Vec<[f64; 2]>,
}

impl<'a> Follower<'a> {
    /// The follower of a problem with two levels of one variable each; `None` for another problem.
    ///
    /// Where there is no box, y is looked for well beyond the problem's own picture, and in the range that is shown: what is a
    /// global minimum must not depend on what is shown.
    pub(crate) fn new(
        problem: &'a dyn Problem,
        shown: Option<[f64; 2]>,
        token: &'a WorkToken,
    ) -> Option<Self> {
        let facts = problem.facts();
        let shape = facts.shape();
        if shape.levels() != 2 || shape.total() != 2 || shape.size(1) != 1 {
            return None;
        }
        let limits = facts.bounds.limits(2)[0];
        let is_closed = limits.map(f64::is_finite);
        let [low, high] = facts.range(Coordinate { level: 2, index: 0 });
        let margin = MARGIN * (high - low);
        let shown = shown.unwrap_or([low, high]);
        let range = [(low - margin).min(shown[0]), (high + margin).max(shown[1])];
        let mut ends = [0, 1].map(|end| {
            if is_closed[end] {
                limits[end]
            } else {
                range[end]
            }
        });
        // a picture may lie beside the box
        if ends[0] >= ends[1] {
            ends = [0, 1].map(|end| {
                let other = ends[1 - end] + if end == 0 { -1.0 } else { 1.0 };
                if is_closed[end] { ends[end] } else { other }
            });
        }
        Some(Self {
            problem,
            token,
            range: ends,
            is_closed,
            scratch: RefCell::new(Scratch {
                point: facts.start.clone(),
                gradient: Point::zeros(shape),
                rows: Vec::with_capacity(ROWS),
            }),
        })
    }

    /// The height of the range in which y is looked for.
    pub(crate) fn height(&self) -> f64 {
        self.range[1] - self.range[0]
    }

    /// Whether a box holds y on both sides, so that no answer is missed.
    pub(crate) const fn is_boxed(&self) -> bool {
        self.is_closed[0] && self.is_closed[1]
    }

    fn value(&self, level: usize, x: f64, y: f64) -> f64 {
        let mut scratch = self.scratch.borrow_mut();
        scratch.point.values_mut().copy_from_slice(&[x, y]);
        self.problem.value(level, &scratch.point, self.token)
    }

    /// The gradient of a level's objective.
    fn gradient(&self, level: usize, x: f64, y: f64, wrt: Levels) -> [f64; 2] {
        let scratch = &mut *self.scratch.borrow_mut();
        scratch.point.values_mut().copy_from_slice(&[x, y]);
        let (point, gradient) = (&scratch.point, &mut scratch.gradient);
        self.problem.grad(level, point, wrt, gradient, self.token);
        [gradient[1][0], gradient[2][0]]
    }

    /// `g_y`.
    fn slope(&self, x: f64, y: f64) -> f64 {
        self.gradient(2, x, y, Levels::only(2))[1]
    }

    /// `g_xy`, or `g_yy` with `wrt` 2.
    fn second(&self, wrt: usize, x: f64, y: f64) -> f64 {
        let scratch = &mut *self.scratch.borrow_mut();
        scratch.point.values_mut().copy_from_slice(&[x, y]);
        let mut out = [0.0];
        self.problem
            .product(2, &scratch.point, [wrt, 2], &[1.0], &mut out, self.token);
        out[0]
    }

    /// How fast a stationary point moves with x; infinite where its curvature vanishes.
    pub(crate) fn speed(&self, x: f64, at: &Stationary) -> f64 {
        if at.is_held || at.stretch[0] < at.stretch[1] {
            return 0.0;
        }
        let [mixed, curvature] = [1, 2].map(|wrt| self.second(wrt, x, at.y));
        if mixed == 0.0 {
            0.0
        } else {
            -mixed / curvature
        }
    }

    /// The slope of f(x, y(x)) along a stationary point; NaN or infinite where that moves infinitely fast.
    pub(crate) fn reduced_slope(&self, x: f64, at: &Stationary) -> f64 {
        let [along_x, along_y] = self.gradient(1, x, at.y, Levels::ALL);
        let speed = self.speed(x, at);
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

    /// All stationary points at an x; `None` once the token is cancelled, or where g is not finite.
    pub(crate) fn column(&self, x: f64) -> Option<Column> {
        let mut rows = std::mem::take(&mut self.scratch.borrow_mut().rows);
        rows.clear();
        let places = (0..ROWS).map(|row| self.place(row));
        rows.extend(places.map(|y| [y, self.slope(x, y)]));
        let is_usable = !self.token.is_cancelled() && rows.iter().all(|row| row[1].is_finite());
        let column = is_usable.then(|| self.classified(x, &rows));
        self.scratch.borrow_mut().rows = rows;
        column.filter(|column| column.upper[0].is_finite())
    }

    fn classified(&self, x: f64, rows: &[[f64; 2]]) -> Column {
        let mut points = Vec::new();
        let point = |y: f64, kind: Kind, is_held: bool, stretch: [f64; 2]| Stationary {
            y,
            lower: self.value(2, x, y),
            upper: self.value(1, x, y),
            kind,
            is_held,
            stretch,
        };
        let steepest = rows
            .iter()
            .fold(0.0_f64, |most, row| most.max(row[1].abs()));
        let roots = Roots {
            rows,
            least: FLAT * steepest,
            slope: &|y| self.slope(x, y),
            turn: &|y| self.second(2, x, y),
        };
        let slopes = [rows[0][1], rows[ROWS - 1][1]];
        let [low, high] = self.range;
        if self.is_closed[0] && slopes[0] > roots.least {
            points.push(point(low, Kind::Local, true, [low; 2]));
        }
        for found in roots.all() {
            match found {
                Found::Root(y, after) => {
                    let kind = if after > 0.0 {
                        Kind::Local
                    } else {
                        Kind::Maximum
                    };
                    points.push(point(y, kind, false, [y; 2]));
                }
                Found::Stretch(ends, [before, after]) => {
                    // at an end of the box nothing more is needed to stay
                    if before <= 0.0 && after >= 0.0 {
                        let y = self.favourite(x, ends);
                        points.push(point(y, Kind::Local, false, ends));
                    }
                }
            }
        }
        if self.is_closed[1] && slopes[1] < -roots.least {
            points.push(point(high, Kind::Local, true, [high; 2]));
        }
        let outside = self.beyond(x, slopes, &roots);
        self.chosen(x, points, &outside)
    }

    /// Says which minima are global and which of these the leader likes best. Answers that the picture does not show count, too.
    fn chosen(&self, x: f64, mut points: Vec<Stationary>, outside: &[[f64; 2]]) -> Column {
        let minima = || points.iter().filter(|point| point.kind.is_minimum());
        let lowers = || {
            minima()
                .map(|point| point.lower)
                .chain(outside.iter().map(|at| self.value(2, x, at[0])))
        };
        let best = lowers().fold(f64::INFINITY, f64::min);
        let ends = self.range.map(|y| self.value(2, x, y));
        let all = || {
            points
                .iter()
                .map(|point| point.lower)
                .chain(ends)
                .chain([best])
        };
        let greatest = all().fold(f64::NEG_INFINITY, f64::max);
        let largest = all().fold(0.0_f64, |most, value| most.max(value.abs()));
        let least = best + TIE * (greatest - best) + 8.0 * f64::EPSILON * largest;
        let mut upper = [f64::INFINITY, f64::NEG_INFINITY];
        for [y, f] in outside {
            if self.value(2, x, *y) <= least {
                upper = [upper[0].min(*f), upper[1].max(*f)];
            }
        }
        for point in points
            .iter_mut()
            .filter(|point| point.kind.is_minimum() && point.lower <= least)
        {
            point.kind = Kind::Tied;
            let worst = if point.stretch[0] < point.stretch[1] {
                self.worst(x, point.stretch)
            } else {
                point.upper
            };
            upper = [upper[0].min(point.upper), upper[1].max(worst)];
        }
        let good = upper[0] + LIKED * (1.0 + upper[0].abs());
        for point in &mut points {
            if point.kind == Kind::Tied && point.upper <= good {
                point.kind = Kind::Chosen;
            }
        }
        Column {
            x,
            points,
            upper,
            spread: greatest - best,
        }
    }

    /// The leader's favourite on a stretch where the follower does not care.
    fn favourite(&self, x: f64, [low, high]: [f64; 2]) -> f64 {
        let place = |row: usize| low + (high - low) * row as f64 / (ROWS - 1) as f64;
        let best = (0..ROWS).map(|row| (row, self.value(1, x, place(row))));
        let Some((row, _)) = best.min_by(|a, b| a.1.total_cmp(&b.1)) else {
            return low;
        };
        let bracket = [place(row.saturating_sub(1)), place((row + 1).min(ROWS - 1))];
        let found = golden_section(bracket, 60, |y| self.value(1, x, y));
        if self.value(1, x, found) < self.value(1, x, place(row)) {
            found
        } else {
            place(row)
        }
    }

    /// The leader's favourite (y, f) where g is this close to its least value over a good part of the range: at the very place of
    /// a jump the follower may not care at all.
    pub(crate) fn indulged(&self, x: f64, slack: f64) -> Option<[f64; 2]> {
        let lower: Vec<f64> = (0..ROWS)
            .map(|row| self.value(2, x, self.place(row)))
            .collect();
        let best = lower.iter().copied().fold(f64::INFINITY, f64::min);
        let allowed = (0..ROWS).filter(|&row| lower[row] <= best + slack);
        let answers: Vec<[f64; 2]> = allowed
            .map(|row| self.place(row))
            .map(|y| [y, self.value(1, x, y)])
            .collect();
        if answers.len() < CARELESS {
            return None;
        }
        answers.into_iter().min_by(|a, b| a[1].total_cmp(&b[1]))
    }

    /// The worst for the leader on such a stretch, as samples show it.
    fn worst(&self, x: f64, [low, high]: [f64; 2]) -> f64 {
        let place = |row: usize| low + (high - low) * row as f64 / (ROWS - 1) as f64;
        (0..ROWS)
            .map(|row| self.value(1, x, place(row)))
            .fold(f64::NEG_INFINITY, f64::max)
    }

    /// Answers (y, f) beyond the range where no box ends it: the problem's own, and where the slope leads downhill.
    fn beyond(&self, x: f64, slopes: [f64; 2], roots: &Roots<'_>) -> Vec<[f64; 2]> {
        if self.is_boxed() {
            return Vec::new();
        }
        let mut outside = Vec::new();
        let known = {
            let mut scratch = self.scratch.borrow_mut();
            scratch
                .point
                .values_mut()
                .copy_from_slice(&[x, 0.5 * (self.range[0] + self.range[1])]);
            self.problem.known_reaction(&scratch.point)
        };
        if let Some(known) = &known {
            outside.push(known.argmin[0]);
        }
        let [low, high] = self.range;
        for (end, sign, slope) in [(low, -1.0, slopes[0]), (high, 1.0, slopes[1])] {
            let is_open = !self.is_closed[usize::from(sign > 0.0)];
            if is_open && known.is_none() && sign * slope < 0.0 {
                outside.extend(roots.downhill([end, slope], sign * (high - low) / 4.0));
            }
        }
        outside.retain(|y| y.is_finite() && (*y < low || *y > high));
        outside
            .into_iter()
            .map(|y| [y, self.value(1, x, y)])
            .collect()
    }
}
