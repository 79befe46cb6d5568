//! Branches of the reaction: the stationary points of a follower of one variable, followed over the leader's variable.
//!
//! Columns of stationary points are refined where one does not continue the other, so that they close in on the places
//! where branches begin, meet or jump. Between two columns, points of one kind keep their order.

use super::follower::{Follower, Stationary, StationaryKind, StationaryPoints};
use super::obstacles::{are_answers_continuous, obstacles};
use super::searched;
use crate::numerics::WorkToken;
use crate::problem::Problem;

/// Points continue each other if their distance, or its deviation from their speed, is below this share of the height.
const CLOSE: f64 = 0.01;
/// The narrowest gap between two columns, as a share of the range.
const NARROW: f64 = 1e-10;
/// Place of a cut in a gap: not the middle, since symmetric problems change there.
const SHARE: f64 = 0.45;
/// Jumps closer than this share of the range are one.
const POINT: f64 = 1e-6;
/// The most columns inserted between the requested ones.
const MOST: usize = 6000;
/// A jump is more than this share of the height.
const JUMP: f64 = 1e-3;

/// The stationary points of g(x, ·) over x.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Branches {
    /// Segments of branches, each of one kind and from the left.
    pub stretches: Vec<BranchSegment>,
    /// Folds: points (x, y) at which a minimum and a maximum meet.
    pub folds: Vec<[f64; 2]>,
    /// Jumps of the leader's favorite answer from one branch to another.
    pub leaps: Vec<AnswerJump>,
}

/// A segment of a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchSegment {
    /// The kind of its stationary points.
    pub kind: StationaryKind,
    /// The points (x, y).
    pub points: Vec<[f64; 2]>,
}

/// A jump of the follower's answer between branches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerJump {
    /// The leader's variable.
    pub x: f64,
    /// The answers on both sides.
    pub y: [f64; 2],
}

/// All branches over a range of x and y, from at least `columns` columns.
///
/// The y range is the box of the follower if there is one, and else covers at least the problem's own picture.
///
/// `None` unless the problem has two levels of one variable each, if the range misses the leader's box, and once the
/// token is cancelled.
pub fn branches(
    problem: &dyn Problem,
    [x, y]: [[f64; 2]; 2],
    columns: usize,
    token: &WorkToken,
) -> Option<Branches> {
    let metadata = problem.metadata();
    if metadata.shape().total() != 2 {
        return None;
    }
    let region = searched::region(problem, token);
    if !are_answers_continuous(problem, &region, token) {
        return None;
    }
    let follower = Follower::new(problem, &region, Some(y), token)?
        .resolving(obstacles(problem, &region, token).is_narrow);
    let limits = metadata.bounds.limits(1)[0];
    let (low, high) = (x[0].max(limits[0]), x[1].min(limits[1]));
    let mut tracing = Tracing {
        height: follower.height(),
        follower,
        point: POINT * (high - low),
        least: NARROW * (high - low),
        columns: Vec::new(),
        room: MOST,
    };
    let count = columns.max(2);
    for number in 0..count {
        let x = low + (high - low) * number as f64 / (count - 1) as f64;
        if token.is_cancelled() || low > high {
            return None;
        }
        if let Some(column) = tracing.follower.column_at(x) {
            tracing.reach(column);
        }
    }
    let [bottom, top] = tracing.follower.range();
    let mut found = tracing.joined();
    // answers may lie far beyond the range that is shown; other branches out there are dropped
    let is_seen = |at: &[f64; 2]| bottom <= at[1] && at[1] <= top;
    found.stretches.retain(|stretch| {
        stretch.kind == StationaryKind::Chosen || stretch.points.iter().any(is_seen)
    });
    found.folds.retain(is_seen);
    (!token.is_cancelled()).then_some(found)
}

/// Width in x of a curve, from its first point to its last.
fn width(points: &[[f64; 2]]) -> f64 {
    match points {
        [first, .., last] => last[0] - first[0],
        _ => 0.0,
    }
}

struct Tracing<'a> {
    follower: Follower<'a>,
    height: f64,
    /// The width up to which a segment counts as a single place.
    point: f64,
    /// The narrowest gap.
    least: f64,
    columns: Vec<StationaryPoints>,
    /// The number of columns that may still be inserted.
    room: usize,
}

impl Tracing<'_> {
    /// Adds a column and, before it, the columns needed to continue the last one.
    fn reach(&mut self, column: StationaryPoints) {
        // columns still to be added, the next one last
        let mut ahead = vec![column];
        while let Some(next) = ahead.last() {
            let between = self
                .columns
                .last()
                .and_then(|last| self.between(last, next));
            match between {
                Some(between) => {
                    self.room -= 1;
                    ahead.push(between);
                }
                None => self.columns.extend(ahead.pop()),
            }
        }
    }

    /// The column between two that do not continue each other; `None` if none is needed or no more may be inserted.
    fn between(
        &self,
        left: &StationaryPoints,
        right: &StationaryPoints,
    ) -> Option<StationaryPoints> {
        let gap = right.x - left.x;
        if self.room == 0 || gap <= self.least || self.continues(left, right) {
            return None;
        }
        self.follower.column_at(left.x + SHARE * gap)
    }

    /// True if each point of a column continues one of the next.
    fn continues(&self, left: &StationaryPoints, right: &StationaryPoints) -> bool {
        let gap = right.x - left.x;
        left.points.len() == right.points.len()
            && left.points.iter().zip(&right.points).all(|(a, b)| {
                let moved = b.y - a.y;
                let speed = |x: f64, at: &Stationary| {
                    self.follower.stand_at(x);
                    self.follower.speed(at)
                };
                let is_near = |expected: f64| (moved - expected).abs() <= CLOSE * self.height;
                a.kind == b.kind
                    && (is_near(0.0)
                        || is_near(gap * speed(left.x, a))
                        || is_near(gap * speed(right.x, b)))
            })
    }

    /// Pairs of points of two neighboring columns that belong to the same branch.
    fn links(&self, left: &StationaryPoints, right: &StationaryPoints) -> Vec<[usize; 2]> {
        if self.continues(left, right) {
            return (0..left.points.len()).map(|number| [number; 2]).collect();
        }
        let nearest = |from: &Stationary, among: &[Stationary]| {
            let alike = among.iter().enumerate();
            let alike = alike.filter(|(_, to)| to.kind.is_minimum() == from.kind.is_minimum());
            let distances = alike.map(|(number, to)| (number, (to.y - from.y).abs()));
            distances.min_by(|a, b| a.1.total_cmp(&b.1))
        };
        let pairs = left.points.iter().enumerate().filter_map(|(number, from)| {
            let (there, distance) = nearest(from, &right.points)?;
            let (back, _) = nearest(&right.points[there], &left.points)?;
            (back == number && distance <= CLOSE * self.height).then_some([number, there])
        });
        pairs.collect()
    }

    /// Joins the columns' points to branches.
    fn joined(mut self) -> Branches {
        self.drop_careless();
        let mut branches = Branches::default();
        // the segment that ends at each point of the last column
        let mut ends: Vec<usize> = Vec::new();
        for number in 0..self.columns.len() {
            let here = &self.columns[number];
            let last = number.checked_sub(1).map(|before| &self.columns[before]);
            let links = last.map_or_else(Vec::new, |last| self.links(last, here));
            if let Some(last) = last {
                self.add_events(&mut branches, [last, here], &links);
            }
            let places = here.points.iter().enumerate().map(|(place, point)| {
                let link = links.iter().find(|[_, there]| *there == place);
                let before = link.map(|[from, _]| ends[*from]);
                match before {
                    Some(stretch) if branches.stretches[stretch].kind == point.kind => {
                        branches.stretches[stretch].points.push([here.x, point.y]);
                        stretch
                    }
                    _ => {
                        branches.stretches.push(BranchSegment {
                            kind: point.kind,
                            points: vec![[here.x, point.y]],
                        });
                        branches.stretches.len() - 1
                    }
                }
            });
            ends = places.collect();
        }
        branches
            .stretches
            .retain(|stretch| width(&stretch.points) > self.point);
        branches
    }

    /// Drops isolated columns in which the follower is indifferent over most of the range: branches continue beyond
    /// them.
    fn drop_careless(&mut self) {
        let is_careless = |column: &StationaryPoints| {
            let mut points = column.points.iter();
            points.any(|point| point.stretch[1] - point.stretch[0] > 0.5 * self.height)
        };
        let flags: Vec<bool> = self.columns.iter().map(is_careless).collect();
        let is_alone = |number: usize| {
            let beside = [number.checked_sub(1), Some(number + 1)]
                .into_iter()
                .flatten();
            flags[number]
                && !beside
                    .filter_map(|number| flags.get(number))
                    .any(|flag| *flag)
        };
        let mut number = 0;
        self.columns.retain(|_| {
            number += 1;
            !is_alone(number - 1)
        });
    }

    /// Adds the folds between two columns, and the jump of the answer if there is one.
    fn add_events(
        &self,
        branches: &mut Branches,
        sides: [&StationaryPoints; 2],
        links: &[[usize; 2]],
    ) {
        let x = 0.5 * (sides[0].x + sides[1].x);
        for (side, column) in sides.into_iter().enumerate() {
            let is_loose = |place: usize| !links.iter().any(|link| link[side] == place);
            let mut place = 0;
            while place + 1 < column.points.len() {
                let (a, b) = (&column.points[place], &column.points[place + 1]);
                let meet = is_loose(place)
                    && is_loose(place + 1)
                    && a.kind.is_minimum() != b.kind.is_minimum()
                    && b.y - a.y <= CLOSE * self.height;
                if meet {
                    branches.folds.push([x, 0.5 * (a.y + b.y)]);
                    place += 1;
                }
                place += 1;
            }
        }
        let [left, right] = sides;
        let stays = links.iter().any(|&[from, to]| {
            left.points[from].kind == StationaryKind::Chosen
                && right.points[to].kind == StationaryKind::Chosen
        });
        if let (false, Some(from), Some(to)) = (stays, left.answer(), right.answer())
            && (to.y - from.y).abs() > JUMP * self.height
        {
            match branches.leaps.last_mut() {
                // the follower was indifferent in between
                Some(last) if x - last.x <= self.point && last.y[1] == from.y => last.y[1] = to.y,
                _ => branches.leaps.push(AnswerJump {
                    x,
                    y: [from.y, to.y],
                }),
            }
        }
    }
}
