//! Poles at which the objective of a lower level falls without bound, along lines through the searched region.

use super::lines::{lines, places_beyond};
use super::region::Region;
use crate::numerics::poles::{PoleSearch, TermSample};
use crate::numerics::{Point, WorkToken};
use crate::problem::{Obstacle, ObstacleKind, Problem};

/// The lines in all, and the fewest along each variable.
const LINES: [usize; 2] = [128, 3];

/// A pole of a level's objective along its own or deeper variables; `None` if none is found.
pub(super) fn pole(
    problem: &dyn Problem,
    region: &Region,
    level: usize,
    token: &WorkToken,
) -> Option<Obstacle> {
    let metadata = problem.metadata();
    if problem.pole_terms(level, &metadata.start).is_empty() {
        return None;
    }
    let levels = level..=metadata.shape().levels();
    for line in lines(problem, region, levels, LINES) {
        if token.is_cancelled() {
            return None;
        }
        let place = (level, line.variable);
        if let Some(at) = pole_along(problem, region, place, &line.through, token) {
            let kind = ObstacleKind::Pole;
            return Some(Obstacle { level, kind, at });
        }
    }
    None
}

/// The first pole of a level's objective on the line along a variable through a point.
fn pole_along(
    problem: &dyn Problem,
    region: &Region,
    (level, (block, index)): (usize, (usize, usize)),
    through: &Point,
    token: &WorkToken,
) -> Option<Point> {
    let at = |place: f64| {
        let mut at = through.clone();
        at[block][index] = place;
        at
    };
    let range = region.ranges(block)[index];
    let terms = |place: f64| problem.pole_terms(level, &at(place));
    let search = PoleSearch {
        width: range[1] - range[0],
        limits: problem.metadata().bounds.limits(block)[index],
        is_exact: true,
        terms: &terms,
        value: &|place| problem.value(level, &at(place), token),
    };
    let places = places_beyond(range, region.is_closed(block)[index]);
    let samples: Vec<TermSample> = (places.into_iter())
        .map(|place| (place, terms(place)))
        .collect();
    search.poles(&samples).first().map(|place| at(*place))
}
