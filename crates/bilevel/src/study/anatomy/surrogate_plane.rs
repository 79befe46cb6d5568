//! The function that a step descends, sampled over a plane.

use std::sync::Arc;

use crate::messages;
use crate::numerics::WorkToken;
use crate::problem::{Coordinate, Counts, Oracle};
use crate::run::{StepReplay, StepReplayError};
use crate::study::fields::landscape::{Grid, filled};

/// A surrogate of all blocks over two coordinates, with the others at the point before the step.
#[derive(Clone, Debug, PartialEq)]
pub struct SurrogatePlane {
    /// The function in a formula, as maths without dollar signs.
    pub formula: &'static str,
    /// The difference to what a block descends, if one descends something else, in words without a full stop.
    pub remark: Option<&'static str>,
    /// Its values.
    pub grid: Grid,
}

/// The surrogate that the step after some iterations descends, at its weights; `None` if the method has none.
///
/// # Errors
/// If an earlier step fails, or the work is cancelled; with the reason.
pub fn surrogate_plane(
    replay: &mut StepReplay,
    iteration: u64,
    axes: [Coordinate; 2],
    range: [[f64; 2]; 2],
    resolution: [usize; 2],
    token: &WorkToken,
) -> Result<Option<SurrogatePlane>, String> {
    let found = replay.state_after(iteration, token);
    let found = found.map_err(|error| reason_of(&error))?;
    let Some(mut surrogate) = found.state.joint_surrogate() else {
        return Ok(None);
    };
    let problem = Arc::clone(&replay.spec().problem);
    let mut counts = Counts::default();
    let mut oracle = Oracle::new(&*problem, &mut counts, token);
    let base = found.state.point();
    let grid = filled(axes, base, range, resolution, token, |point| {
        surrogate.value(&mut oracle, point)
    });
    Ok(Some(SurrogatePlane {
        formula: surrogate.formula,
        remark: surrogate.remark,
        grid,
    }))
}

/// The reason why a step cannot be reached.
pub(super) fn reason_of(error: &StepReplayError) -> String {
    match error {
        StepReplayError::Failed(iteration, error) => {
            messages::run::stopped_in_iteration(*iteration, &error.to_string())
        }
        StepReplayError::Cancelled | StepReplayError::NoSuchStep => {
            messages::run::work_cancelled().to_owned()
        }
    }
}
