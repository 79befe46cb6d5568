//! Features of objectives that are narrower than the samples of the referee's searches lie apart, along lines through the
//! searched region.
//!
//! ```text
//! follower of one variable   sampled more densely where its objective turns
//! leader of one variable     φ is sampled more densely where an objective turns along the lower-level solutions
//! other levels               starts are few: an objective with a narrow feature is an obstacle
//! ```
//!
//! Waves that turn more often than any number of samples can show are an obstacle for all of them.

use std::f64::consts::{FRAC_PI_4, PI};

use super::lines::{INTERVALS, RegionLine, lines, places_inside};
use super::region::Region;
use crate::numerics::features::{FeatureSearch, most_turned};
use crate::numerics::{Feature, Point, WorkToken};
use crate::problem::{Obstacle, ObstacleKind, Problem};

/// The lines in all, the fewest along each variable, and the most of these.
const LINES: [usize; 2] = [64, 3];
const MOST: usize = 192;
/// The way within which a follower of one variable must not turn between its usual samples, in widths.
const ROW: f64 = 1.0 / 64.0;
/// The number of starts of a search over several variables, and the largest share of the width between them.
const STARTS: f64 = 64.0;
const APART: f64 = 0.25;
/// The way within which a feature is too narrow for starts, as a share of the distance between them.
const SHARE: f64 = 0.25;

/// True if the innermost objective turns between two usual samples of a follower of one variable.
pub(super) fn is_narrow_follower(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> bool {
    let shape = problem.metadata().shape();
    let level = shape.levels();
    if shape.size(level) != 1 || has_no_features(problem, level) {
        return false;
    }
    let mut lines = lines(problem, region, level..=level, LINES);
    lines.any(|line| {
        let features = LineFeatures::new(problem, region, (level, &line));
        let turned = most_turned(&features.samples) * INTERVALS as f64 * ROW;
        !token.is_cancelled() && (turned > FRAC_PI_4 || features.needs_places())
    })
}

/// A narrow feature of an objective along a variable whose search cannot be refined there; `None` if none is found.
pub(super) fn narrow(
    problem: &dyn Problem,
    region: &Region,
    token: &WorkToken,
) -> Option<Obstacle> {
    let shape = problem.metadata().shape();
    (1..=shape.levels()).rev().find_map(|level| {
        if has_no_features(problem, level) {
            return None;
        }
        // along each variable only if they are few
        let step = (LINES[1] * shape.total()).div_ceil(MOST);
        let lines = lines(problem, region, 1..=shape.levels(), LINES);
        lines.step_by(step).find_map(|line| {
            if token.is_cancelled() {
                return None;
            }
            let features = LineFeatures::new(problem, region, (level, &line));
            let block = line.variable.0;
            let is_curve = shape.size(1) == 1 && (block == 1 || level == 1);
            let is_column = block == level && level == shape.levels() && shape.size(level) == 1;
            let is_too_narrow = if is_curve || is_column {
                features.is_endless()
            } else {
                let apart = STARTS.powf(-1.0 / shape.size(block) as f64).min(APART);
                let turned = most_turned(&features.samples) * INTERVALS as f64 * apart;
                turned > PI || features.is_narrow(SHARE * apart)
            };
            is_too_narrow.then_some(Obstacle {
                level,
                kind: ObstacleKind::Narrow,
                at: line.through,
            })
        })
    })
}

fn has_no_features(problem: &dyn Problem, level: usize) -> bool {
    (problem.features(level, &problem.metadata().start)).is_empty()
}

/// The features of an objective along a line.
struct LineFeatures<'a> {
    problem: &'a dyn Problem,
    level: usize,
    line: &'a RegionLine,
    range: [f64; 2],
    samples: Vec<(f64, Vec<Feature>)>,
}

impl<'a> LineFeatures<'a> {
    fn new(
        problem: &'a dyn Problem,
        region: &Region,
        (level, line): (usize, &'a RegionLine),
    ) -> Self {
        let (block, index) = line.variable;
        let range = region.ranges(block)[index];
        let mut found = Self {
            problem,
            level,
            line,
            range,
            samples: Vec::new(),
        };
        let places = places_inside(range).into_iter();
        found.samples = places.map(|place| (place, found.at(place))).collect();
        found
    }

    fn at(&self, place: f64) -> Vec<Feature> {
        let (block, index) = self.line.variable;
        let mut at: Point = self.line.through.clone();
        at[block][index] = place;
        self.problem.features(self.level, &at)
    }

    fn search<'b>(&self, share: f64, at: &'b dyn Fn(f64) -> Vec<Feature>) -> FeatureSearch<'b> {
        FeatureSearch {
            way: share * (self.range[1] - self.range[0]),
            limits: self.range,
            scales: Vec::new(),
            features: at,
        }
    }

    /// True if a feature is narrow within a way in widths.
    fn is_narrow(&self, way: f64) -> bool {
        let at = |place: f64| self.at(place);
        !self.search(way, &at).narrow(&self.samples).is_empty()
    }

    /// True if rows do not show every turn.
    fn needs_places(&self) -> bool {
        let at = |place: f64| self.at(place);
        let places = self.search(ROW, &at).places(&self.samples);
        places.is_none_or(|places| !places.is_empty())
    }

    /// True if no number of samples shows every turn.
    fn is_endless(&self) -> bool {
        let at = |place: f64| self.at(place);
        self.search(ROW, &at).places(&self.samples).is_none()
    }
}
