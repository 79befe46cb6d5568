//! Problems without declared minima, completed by those that the referee finds.

use std::sync::Arc;

use super::EQUALLY_DEEP;
use super::minima::FoundMinimum;
use super::reduced_curve::reduced_curve_of;
use super::search::search;
use crate::messages;
use crate::numerics::{Point, Shape, WorkToken};
use crate::problem::{Minimum, Problem};

/// The problem with the minima of its reduced objective that the referee finds.
///
/// The problem is returned unchanged if it declares its own minima, if none is found, and once the token is cancelled.
/// The search covers the leader's box; without one, the range of the pictures and, for a leader of one variable, far
/// beyond it on both sides while φ falls. The least minimum found counts as global, unless φ falls without end.
pub fn with_found_minima(problem: &Arc<dyn Problem>, token: &WorkToken) -> Arc<dyn Problem> {
    let with_minima = || {
        // a problem that takes no minima need not be searched
        if !problem.metadata().minima.is_empty() || problem.with_minima(Vec::new()).is_none() {
            return None;
        }
        problem.with_minima(find_minima(&**problem, token)?)
    };
    with_minima().unwrap_or_else(|| Arc::clone(problem))
}

/// The minima of the reduced objective that the referee finds, the least first.
///
/// Declared minima are not looked at. The least is global, unless φ falls without end. For the range of the search, see
/// [`with_found_minima`].
///
/// `None` if nothing can be searched, and once the token is cancelled.
pub fn find_minima(problem: &dyn Problem, token: &WorkToken) -> Option<Vec<Minimum>> {
    let (mut minima, span, is_open) = if problem.metadata().shape().size(1) == 1 {
        along_a_line(problem, token)
    } else {
        search(problem, token).map(|found| (found.minima, found.span, found.is_open))
    }?;
    let values = minima.iter().map(|one| one.value);
    let least = values.fold(f64::INFINITY, f64::min);
    for minimum in &mut minima {
        let slack = EQUALLY_DEEP * span + 16.0 * f64::EPSILON * least.abs();
        minimum.is_global = !is_open && minimum.value - least <= slack;
        minimum.reason = if minimum.is_global {
            messages::outcome::lowest_minimum_found()
        } else {
            messages::outcome::minimum_found()
        };
    }
    minima.sort_by(|a, b| a.value.total_cmp(&b.value));
    Some(minima)
}

/// All minima over a leader of one variable, the span of φ, and true if φ is lower at an open end.
fn along_a_line(problem: &dyn Problem, token: &WorkToken) -> Option<(Vec<Minimum>, f64, bool)> {
    let shape = problem.metadata().shape();
    let found = reduced_curve_of(problem, token)?;
    let minima = found.minima.iter().map(|found| minimum(found, shape));
    Some((minima.collect(), found.span, found.is_open))
}

fn minimum(found: &FoundMinimum, shape: Shape) -> Minimum {
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
