//! Problems without declared minima, completed by those that the referee finds.

use std::sync::Arc;

use super::EQUALLY_DEEP;
use super::minima::FoundMinimum;
use super::obstacles::{obstacle_reason, worst_obstacle};
use super::reduced_curve::reduced_curve_of;
use super::search::{Searched, search};
use super::searched;
use crate::messages;
use crate::numerics::{Point, Shape, WorkToken};
use crate::problem::{Minimum, Problem};

/// The minima of a reduced objective that a search found, the least first.
#[derive(Clone, Debug)]
pub struct SearchedMinima {
    /// The minima; the least is global, unless there is a doubt.
    pub minima: Vec<Minimum>,
    /// The reason for which none is known to be global, in a sentence; `None` if the least is.
    pub doubt: Option<String>,
}

/// The problem with the minima of its reduced objective that the referee finds.
///
/// The problem is returned unchanged if it declares its own minima, if nothing can be searched, and once the token is
/// cancelled. The search covers the leader's box; without one, the range of the pictures and, for a leader of one
/// variable, far beyond it on both sides while φ falls. The least minimum found counts as global, unless the search may
/// have missed a lower one; see [`SearchedMinima::doubt`].
pub fn with_found_minima(problem: &Arc<dyn Problem>, token: &WorkToken) -> Arc<dyn Problem> {
    let with_minima = || {
        let is_open = problem.with_minima(Vec::new(), None).is_some();
        // a problem that takes no minima need not be searched
        if !problem.metadata().minima.is_empty() || !is_open {
            return None;
        }
        let found = find_minima(&**problem, token)?;
        problem.with_minima(found.minima, found.doubt)
    };
    with_minima().unwrap_or_else(|| Arc::clone(problem))
}

/// The minima of the reduced objective that the referee finds.
///
/// Declared minima are not looked at. For the range of the search, see [`with_found_minima`].
///
/// `None` if nothing can be searched, and once the token is cancelled.
pub fn find_minima(problem: &dyn Problem, token: &WorkToken) -> Option<SearchedMinima> {
    let Searched {
        mut minima,
        span,
        is_open,
        has_pole,
        is_doubtful,
    } = if problem.metadata().shape().size(1) == 1 {
        along_a_line(problem, token)
    } else {
        search(problem, token)
    }?;
    let region = searched::region(problem, token);
    let doubt = match worst_obstacle(problem, &region, token) {
        Some(obstacle) => Some(obstacle_reason(&obstacle)),
        None if has_pole => Some(messages::outcome::objective_has_pole(1)),
        None if is_open => Some(messages::outcome::reduced_objective_falls_on().to_owned()),
        None if is_doubtful => Some(messages::outcome::searches_disagree().to_owned()),
        None => None,
    };
    let values = minima.iter().map(|one| one.value);
    let least = values.fold(f64::INFINITY, f64::min);
    for minimum in &mut minima {
        let slack = EQUALLY_DEEP * span + 16.0 * f64::EPSILON * least.abs();
        minimum.is_global = doubt.is_none() && minimum.value - least <= slack;
        minimum.reason = if minimum.is_global {
            messages::outcome::lowest_minimum_found()
        } else {
            messages::outcome::minimum_found()
        };
    }
    minima.sort_by(|a, b| a.value.total_cmp(&b.value));
    (!token.is_cancelled()).then_some(SearchedMinima { minima, doubt })
}

/// The search over a leader of one variable.
fn along_a_line(problem: &dyn Problem, token: &WorkToken) -> Option<Searched> {
    let shape = problem.metadata().shape();
    let found = reduced_curve_of(problem, token)?;
    let minima = found.minima.iter().map(|found| minimum(found, shape));
    Some(Searched {
        minima: minima.collect(),
        span: found.span,
        is_open: found.is_open,
        has_pole: found.has_pole,
        is_doubtful: found.is_doubtful,
    })
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
