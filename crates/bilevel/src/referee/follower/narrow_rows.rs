//! Rows where the follower's objective turns between two of the grid.

use super::Follower;
use crate::numerics::Feature;
use crate::numerics::features::FeatureSearch;

/// The way, in rows of the grid, within which a feature is narrow.
const WAY: f64 = 2.0;

impl Follower<'_> {
    /// Adds rows where the objective turns between two rows, in their order.
    pub(super) fn add_turns(&self, rows: &mut Vec<[f64; 2]>) {
        let samples: Vec<(f64, Vec<Feature>)> = rows
            .iter()
            .map(|row| (row[0], self.features(row[0])))
            .collect();
        let ends = [rows[0][0], rows[rows.len() - 1][0]];
        let search = FeatureSearch {
            way: WAY * self.height() / (super::ROWS - 1) as f64,
            limits: ends,
            scales: Vec::new(),
            features: &|y| self.features(y),
        };
        let places = search.places(&samples).unwrap_or_default();
        rows.extend(places.into_iter().map(|y| [y, self.slope(y)]));
        rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
        rows.dedup_by(|a, b| a[0] == b[0]);
    }

    fn features(&self, y: f64) -> Vec<Feature> {
        let mut scratch = self.scratch.borrow_mut();
        scratch.point[self.level][0] = y;
        self.problem.features(self.level, &scratch.point)
    }
}
