//! Facets of problems: what a problem may offer beside its objectives. A problem returns those that it has.

use super::online::ObservedPoint;
use super::visuals::Visual;
use super::{Problem, ReferenceLine};
use crate::numerics::{Point, WorkToken};

/// Objectives that are means over samples.
pub trait Sampled {
    /// The number of samples, at least 1.
    fn samples(&self) -> usize;

    /// The same problem over some of its samples, counted from 0.
    fn on_batch(&self, batch: &[usize]) -> Box<dyn Problem>;
}

/// A start that is trained without the leader.
pub trait Pretrained {
    /// The start, at the cost of its training on the first call; `None` once the token is cancelled.
    fn pretrained(&self, token: &WorkToken) -> Option<Point>;
}

/// Models trained in other ways, to compare metrics with.
pub trait Compared {
    /// The metrics of the models, at the cost of their training; `None` once the token is cancelled.
    fn reference_lines(&self, token: &WorkToken) -> Option<Vec<ReferenceLine>>;
}

/// Pictures of points in the problem's own terms.
pub trait Pictured {
    /// The pictures of a point in reading order; empty once the token is cancelled.
    fn visuals(&self, seen: &ObservedPoint, token: &WorkToken) -> Vec<Visual>;

    /// The iterations whose metrics pictures of later points need, in ascending order.
    fn milestones(&self) -> Vec<u64> {
        Vec::new()
    }
}
