//! Problems whose objectives change along a run: the data of each iteration are known beforehand, the samples that are
//! kept depend on the run.

use std::fmt::Debug;

use super::Problem;
use crate::numerics::{Point, WorkToken};

/// The state of such a problem along one run. The same iterates lead to the same objectives, bit for bit.
pub trait OnlineProblem: Debug + Send {
    /// The problem of the next iteration, by which the record of the point before it is measured, too.
    fn present(&self) -> &dyn Problem;

    /// Advances to the problem of the next iteration, after an iteration has ended at a point.
    fn pass(&mut self, at: &Point, token: &WorkToken);
}

/// A point with the metrics measured on the way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedPoint {
    /// The point.
    pub point: Point,
    /// The problem's metrics there; empty if none were recorded.
    pub metrics: Vec<f64>,
    /// The metrics at each of the [milestones](super::Pictured::milestones) that the run has passed, in their order.
    pub passed: Vec<Vec<f64>>,
}

impl ObservedPoint {
    /// A point without metrics.
    pub fn alone(point: Point) -> Self {
        Self {
            point,
            metrics: Vec::new(),
            passed: Vec::new(),
        }
    }
}
