//! Surrogates: functions of x that methods descend in place of the reduced objective φ.

use crate::numerics::Point;
use crate::numerics::in_box::minimize_in_box;
use crate::problem::Oracle;

/// A function of the leader's block that a method descends, at one state of it.
pub struct Surrogate {
    /// The function in a few words, in markup.
    pub label: &'static str,
    value: Box<Evaluate>,
}

/// The value at a point whose leader's block counts; `None` where there is none.
type Evaluate = dyn FnMut(&mut Oracle<'_>, &mut Point) -> Option<f64> + Send;

impl Surrogate {
    /// A surrogate with its value; the point's lower blocks are those of the state.
    pub(super) fn new(
        label: &'static str,
        value: impl FnMut(&mut Oracle<'_>, &mut Point) -> Option<f64> + Send + 'static,
    ) -> Self {
        Self {
            label,
            value: Box::new(value),
        }
    }

    /// The value where the leader's block is that of `at`. The lower blocks of `at` are starts, and are overwritten.
    pub fn value(&mut self, oracle: &mut Oracle<'_>, at: &mut Point) -> Option<f64> {
        (self.value)(oracle, at).filter(|value| value.is_finite())
    }
}

/// Minimizes a function over the block of level 2, from where it stands. The function fills the block's gradient.
pub(super) fn minimize_over_follower(
    oracle: &mut Oracle<'_>,
    at: &mut Point,
    mut objective: impl FnMut(&mut Oracle<'_>, &Point, &mut [f64]) -> f64,
) -> Option<f64> {
    let bounds = oracle.bounds();
    let mut block = at[2].to_vec();
    let least = minimize_in_box(
        &mut block,
        |block| bounds.project(2, block),
        |block, slope| {
            if oracle.is_cancelled() {
                return f64::NAN;
            }
            at[2].copy_from_slice(block);
            objective(oracle, at, slope)
        },
    );
    at[2].copy_from_slice(&block);
    least
}
