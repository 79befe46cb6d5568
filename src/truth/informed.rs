//! A problem that knows no minima of its own, with those that the referee finds.

use std::sync::Arc;

use super::minima::Found;
use super::valleys::valleys;
use crate::problem::{Coordinate, Minimum, Point, Problem, Shape, WorkToken};

/// Samples of φ; nested answers cost more.
const SAMPLES: [usize; 2] = [512, 192];
/// Two minima are equally deep within this share.
const EQUAL: f64 = 1e-9;

/// The problem with the minima of its reduced objective that the referee finds; the problem as it is where it knows its own, where
/// the leader has several variables, where nothing is found, and once the token is cancelled.
///
/// They are looked for in the leader's box; where it has none, in what pictures show and as far again on both sides. The least of
/// those that are found counts as global.
pub fn informed(problem: &Arc<dyn Problem>, token: &WorkToken) -> Arc<dyn Problem> {
    let minima = || {
        let facts = problem.facts();
        if !facts.minima.is_empty() || facts.shape().size(1) != 1 {
            return None;
        }
        // a problem that takes no minima need not be searched
        problem.with_minima(Vec::new())?;
        let shape = facts.shape();
        let limits = facts.bounds.limits(1)[0];
        let [low, high] = facts.range(Coordinate { level: 1, index: 0 });
        let width = high - low;
        let range = [
            if limits[0].is_finite() {
                limits[0]
            } else {
                low - width
            },
            if limits[1].is_finite() {
                limits[1]
            } else {
                high + width
            },
        ];
        let samples = SAMPLES[usize::from(shape.levels() > 2)];
        let found = valleys(&**problem, &facts.start, range, samples, token)?;
        let least = found
            .minima
            .iter()
            .map(|one| one.value)
            .fold(f64::INFINITY, f64::min);
        let mut minima: Vec<Minimum> = found
            .minima
            .iter()
            .map(|one| minimum(one, least, shape))
            .collect();
        minima.sort_by_key(|minimum| !minimum.is_global);
        problem.with_minima(minima)
    };
    minima().unwrap_or_else(|| Arc::clone(problem))
}

fn minimum(found: &Found, least: f64, shape: Shape) -> Minimum {
    let is_global = found.value - least <= EQUAL * (1.0 + least.abs());
    let values = [&[found.x], &found.answer[..]].concat();
    let blocks = Point::from_values(shape, values).map(|point| point.to_blocks());
    Minimum {
        is_global,
        site: found.site,
        blocks: match blocks {
            Some(blocks) => blocks.into_iter().map(Some).collect(),
            None => vec![None; shape.levels()],
        },
        value: found.value,
        reason: if is_global {
            "the least minimum of $φ$ that the referee found"
        } else {
            "a minimum of $φ$ that the referee found"
        },
    }
}
