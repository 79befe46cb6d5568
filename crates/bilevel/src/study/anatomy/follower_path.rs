//! The follower's path if its level were solved to the end: its own gradient steps, continued from the step's point
//! until they rest.

use crate::method::{StepTerm, term_names};
use crate::numerics::vectors::add;
use crate::numerics::{Levels, Point};
use crate::problem::Oracle;

/// The most variables of a follower whose path is computed: with more, a path costs as much as a run.
const MOST_VARIABLES: usize = 64;
/// The most steps of the path.
const MOST_STEPS: usize = 20_000;
/// The most rows that are kept.
const MOST_ROWS: usize = 128;
/// The norm of a step, relative to the block, at which the path rests.
const REST: f64 = 1e-10;
/// The step size where the method has no loop of the follower.
const STEP: f64 = 0.05;

/// The rows of the path, the first at the point; empty for more than two levels or many variables. It ends early where
/// it leaves the numbers.
pub(super) fn follower_path(
    oracle: &mut Oracle<'_>,
    before: &Point,
    terms: &[StepTerm],
) -> Vec<Vec<f64>> {
    let shape = before.shape();
    if shape.levels() != 2 || shape.size(2) > MOST_VARIABLES {
        return Vec::new();
    }
    let step_size = terms
        .iter()
        .find(|term| term.info.name == term_names::INNER_STEP_SIZE);
    let step_size = step_size
        .and_then(|term| term.value.first().copied())
        .unwrap_or(STEP);
    let (mut at, mut slope) = (before.clone(), Point::zeros(before.shape()));
    let mut rows = vec![at[2].to_vec()];
    for _ in 0..MOST_STEPS {
        if oracle.is_cancelled() {
            break;
        }
        oracle.grad(2, &at, Levels::only(2), &mut slope);
        let earlier = at[2].to_vec();
        add(&mut at[2], -step_size, &slope[2]);
        oracle.bounds().project(2, &mut at[2]);
        if at[2].iter().any(|value| !value.is_finite()) {
            break;
        }
        rows.push(at[2].to_vec());
        let moved = at[2].iter().zip(&earlier);
        let moved = moved.map(|(now, then)| (now - then).powi(2)).sum::<f64>();
        let size = at[2].iter().map(|value| value * value).sum::<f64>();
        if moved.sqrt() <= REST * (1.0 + size.sqrt()) {
            break;
        }
    }
    thinned(rows)
}

/// All of few rows; of many, the first ones and then ever fewer, with the last.
fn thinned(rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let count = rows.len();
    if count <= MOST_ROWS {
        return rows;
    }
    // equal ratios: a path that converges slows down
    let ratio = (count as f64).ln() / MOST_ROWS as f64;
    let mut kept: Vec<usize> = (0..=MOST_ROWS)
        .map(|place| ((ratio * place as f64).exp() as usize - 1).min(count - 1))
        .collect();
    kept.push(count - 1);
    kept.dedup();
    let mut rows: Vec<Option<Vec<f64>>> = rows.into_iter().map(Some).collect();
    kept.into_iter()
        .filter_map(|row| rows[row].take())
        .collect()
}
