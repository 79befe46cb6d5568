//! A second search around a minimum far from the first grid.

use std::cell::RefCell;

use super::{ColumnScratch, Follower, ROWS, Stationary, StationaryKind, StationaryPoints};

impl Follower<'_> {
    /// A follower with a grid around the chosen minimum; `None` if that lies inside the present grid, beyond which
    /// steps are too long to resolve more than one minimum.
    pub(super) fn around(&self, column: &StationaryPoints) -> Option<Self> {
        let [low, high] = self.range;
        let answer = column.answer()?.y;
        if (low..=high).contains(&answer) {
            return None;
        }
        let half = 0.5 * (high - low);
        let scratch = self.scratch.borrow();
        Some(Self {
            problem: self.problem,
            token: self.token,
            level: self.level,
            // there is no end of the box beyond an open end
            range: [answer - half, answer + half],
            picture: self.picture,
            is_closed: [false; 2],
            is_narrow: self.is_narrow,
            scratch: RefCell::new(ColumnScratch {
                point: scratch.point.clone(),
                gradient: scratch.gradient.clone(),
                rows: Vec::with_capacity(ROWS),
                least: Vec::with_capacity(ROWS),
            }),
        })
    }

    /// Merges two columns at one x: the points of the second near the chosen minimum, and those of the first elsewhere
    /// in its range. This follower has the grid of the second, over which its objective is measured.
    pub(super) fn joined(
        &self,
        first: StationaryPoints,
        second: StationaryPoints,
        [low, high]: [f64; 2],
    ) -> Option<StationaryPoints> {
        let reach = 0.5 * self.height();
        let middle = first.answer()?.y;
        let is_near = |point: &Stationary| (point.y - middle).abs() <= reach;
        let far = first
            .points
            .into_iter()
            .filter(|point| !is_near(point) && (low..=high).contains(&point.y));
        let near = second.points.into_iter().filter(is_near);
        let mut points: Vec<Stationary> = far.chain(near).collect();
        points.sort_by(|a, b| a.y.total_cmp(&b.y));
        for point in &mut points {
            if point.kind.is_minimum() {
                point.kind = StationaryKind::Local;
            }
        }
        self.chosen(points)
    }
}
