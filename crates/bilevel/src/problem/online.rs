//! Problems whose objectives change as a run goes on: what comes next is known beforehand, what is kept of it depends on the run.

use std::fmt::Debug;

use super::Problem;
use crate::numerics::{Point, WorkToken};

/// A problem on its way along one run. The same iterates lead to the same objectives, bit for bit.
pub trait OnlineProblem: Debug + Send {
    /// What the next iteration meets, and what a record says of the point before it.
    fn present(&self) -> &dyn Problem;

    /// An iteration has come to a point: goes on to what the next one meets.
    fn pass(&mut self, at: &Point, token: &WorkToken);
}

/// A point with what was measured on the way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedPoint {
    /// The point.
    pub point: Point,
    /// The problem's metrics there; empty where nothing was recorded.
    pub metrics: Vec<f64>,
    /// The metrics at each of [`Problem::milestones`] that the run has passed, in their order.
    pub passed: Vec<Vec<f64>>,
}

impl ObservedPoint {
    /// A point of which nothing else is known.
    pub fn alone(point: Point) -> Self {
        Self {
            point,
            metrics: Vec::new(),
            passed: Vec::new(),
        }
    }
}
