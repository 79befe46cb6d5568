//! The surrogate of a run over the leader's only variable.

use std::sync::Arc;

use crate::messages;
use crate::numerics::WorkToken;
use crate::problem::{Counts, Oracle};
use crate::run::RunSpec;

/// A surrogate over a range.
#[derive(Clone, Debug, Default)]
pub struct SurrogateCurve {
    /// The function in a few words, in markup.
    pub label: &'static str,
    /// The points (x, value); those without a value are left out.
    pub points: Vec<[f64; 2]>,
    /// The run's x with the value there, if there is one.
    pub at: Option<[f64; 2]>,
}

/// The surrogate of a run at an outer iteration, which is computed anew from the start. Loops start from the run's lower block.
///
/// # Errors
/// If the method descends no surrogate, the problem changes along a run, or the run fails before the iteration; with the reason.
pub fn surrogate(
    spec: &RunSpec,
    iteration: u64,
    range: [f64; 2],
    samples: usize,
    token: &WorkToken,
) -> Result<SurrogateCurve, String> {
    let problem = &*spec.problem;
    if problem.online().is_some() {
        return Err(messages::run::problem_changes().to_owned());
    }
    // most methods say at once that they have none
    let whole = RunSpec {
        earlier: Arc::default(),
        ..spec.clone()
    };
    let own = whole.first_state().surrogate();
    own.map_err(ToOwned::to_owned)?;
    let mut counts = Counts::default();
    let mut oracle = Oracle::new(problem, &mut counts, token);
    let (state, _) = spec.state_at(iteration, &mut oracle)?;
    let mut surrogate = state.surrogate().map_err(ToOwned::to_owned)?;
    let own = state.point();
    let mut at = own.clone();
    let mut value = |x: f64| {
        at.copy_from(own);
        at[1][0] = x;
        Some([x, surrogate.value(&mut oracle, &mut at)?])
    };
    let [low, high] = range;
    let points = (0..samples).map(|place| {
        let share = place as f64 / (samples.max(2) - 1) as f64;
        low + share * (high - low)
    });
    let points: Vec<[f64; 2]> = points.filter_map(&mut value).collect();
    let at = value(own[1][0]);
    Ok(SurrogateCurve {
        label: surrogate.label,
        points,
        at,
    })
}
