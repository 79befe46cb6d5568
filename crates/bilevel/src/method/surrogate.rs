//! Surrogates: functions that methods descend in place of the reduced objective φ, of x alone or of all blocks.

use crate::numerics::Point;
use crate::numerics::in_box::minimize_in_box;
use crate::problem::{Coordinate, Oracle};

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

/// A function of all blocks along whose slope each block of a method moves, at one state of it.
pub struct JointSurrogate {
    /// The function in a formula, as maths without dollar signs.
    pub formula: &'static str,
    /// The difference to what a block descends, if one descends something else, in words without a full stop.
    pub remark: Option<&'static str>,
    value: Box<EvaluateJoint>,
}

/// The value at a point.
type EvaluateJoint = dyn FnMut(&mut Oracle<'_>, &Point) -> f64 + Send;

impl JointSurrogate {
    /// A surrogate with its value.
    pub(super) fn new(
        formula: &'static str,
        value: impl FnMut(&mut Oracle<'_>, &Point) -> f64 + Send + 'static,
    ) -> Self {
        Self {
            formula,
            remark: None,
            value: Box::new(value),
        }
    }

    /// The same with a remark.
    pub(super) fn with_remark(self, remark: &'static str) -> Self {
        Self {
            remark: Some(remark),
            ..self
        }
    }

    /// The value at a point; not a number where there is none.
    pub fn value(&mut self, oracle: &mut Oracle<'_>, at: &Point) -> f64 {
        (self.value)(oracle, at)
    }
}

/// Samples of a function of one variable, whose local minima are starts of a minimization.
const SAMPLES: usize = 97;

/// Minimizes a function over the block of level 2. One variable is sampled over its range and minimized from the local minima of
/// the samples too, several variables only from where they stand. The function fills the block's gradient.
pub(super) fn minimize_over_follower(
    oracle: &mut Oracle<'_>,
    at: &mut Point,
    mut objective: impl FnMut(&mut Oracle<'_>, &Point, &mut [f64]) -> f64,
) -> Option<f64> {
    let bounds = oracle.bounds();
    let mut starts = vec![at[2].to_vec()];
    if at[2].len() == 1 {
        let [low, high] = oracle.metadata().range(Coordinate { level: 2, index: 0 });
        let place = |number: usize| low + (high - low) * number as f64 / (SAMPLES - 1) as f64;
        let values: Vec<f64> = (0..SAMPLES)
            .map(|number| {
                at[2][0] = place(number);
                bounds.project(2, &mut at[2]);
                objective(oracle, at, &mut [0.0])
            })
            .collect();
        let is_least = |number: &usize| {
            let beside = [number.checked_sub(1), Some(number + 1)]
                .into_iter()
                .flatten();
            let mut beside = beside.filter_map(|beside| values.get(beside));
            beside.all(|beside| values[*number] <= *beside)
        };
        starts.extend(
            (0..SAMPLES)
                .filter(is_least)
                .map(|number| vec![place(number)]),
        );
    }
    let mut best: Option<(f64, Vec<f64>)> = None;
    for mut block in starts {
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
        if let Some(least) = least
            && best.as_ref().is_none_or(|(value, _)| least < *value)
        {
            best = Some((least, block));
        }
    }
    let (least, block) = best?;
    at[2].copy_from_slice(&block);
    Some(least)
}
