//! A problem that knows no minima of its own, with those that the referee finds.

use std::sync::Arc;

use super::minima::Found;
use super::search::search;
use super::valleys::valleys;
use crate::numerics::{Point, Shape, WorkToken};
use crate::problem::{Coordinate, Minimum, Problem};

/// Samples of φ; nested answers cost more.
const SAMPLES: [usize; 2] = [512, 192];
/// Two minima are equally deep within this share.
const EQUAL: f64 = 1e-9;

/// The problem with the minima of its reduced objective that the referee finds.
///
/// It stays as it is where it knows its own, where nothing is found, and once the token is cancelled. Minima are looked for in the leader's box; where it has none, in what pictures show and, for a leader of one variable, as far
/// again on both sides. The least of those that are found counts as global.
pub fn informed(problem: &Arc<dyn Problem>, token: &WorkToken) -> Arc<dyn Problem> {
    let with_minima = || {
        // a problem that takes no minima need not be searched
        if !problem.facts().minima.is_empty() || problem.with_minima(Vec::new()).is_none() {
            return None;
        }
        let mut minima = if problem.facts().shape().size(1) == 1 {
            along_a_line(&**problem, token)
        } else {
            search(&**problem, token)
        }?;
        let values = minima.iter().map(|one| one.value);
        let least = values.fold(f64::INFINITY, f64::min);
        for minimum in &mut minima {
            minimum.is_global = minimum.value - least <= EQUAL * (1.0 + least.abs());
            minimum.reason = if minimum.is_global {
                "the least minimum of $φ$ that the referee found"
            } else {
                "a minimum of $φ$ that the referee found"
            };
        }
        minima.sort_by(|a, b| a.value.total_cmp(&b.value));
        problem.with_minima(minima)
    };
    with_minima().unwrap_or_else(|| Arc::clone(problem))
}

/// All minima of a leader of one variable.
fn along_a_line(problem: &dyn Problem, token: &WorkToken) -> Option<Vec<Minimum>> {
    let facts = problem.facts();
    let shape = facts.shape();
    let limits = facts.bounds.limits(1)[0];
    let shown = facts.range(Coordinate { level: 1, index: 0 });
    let width = shown[1] - shown[0];
    let wide = [shown[0] - width, shown[1] + width];
    let range = [0, 1].map(|end| {
        if limits[end].is_finite() {
            limits[end]
        } else {
            wide[end]
        }
    });
    let samples = SAMPLES[usize::from(shape.levels() > 2)];
    let found = valleys(problem, &facts.start, range, samples, token)?;
    let minima = found.minima.iter().map(|found| minimum(found, shape));
    Some(minima.collect())
}

fn minimum(found: &Found, shape: Shape) -> Minimum {
    let values = [&[found.x], &found.answer[..]].concat();
    let blocks = Point::from_values(shape, values).map(|point| point.to_blocks());
    Minimum {
        is_global: false,
        site: found.site,
        blocks: match blocks {
            Some(blocks) => blocks.into_iter().map(Some).collect(),
            None => vec![None; shape.levels()],
        },
        value: found.value,
        reason: "",
    }
}
