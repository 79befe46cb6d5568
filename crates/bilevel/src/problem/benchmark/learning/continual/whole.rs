//! The problem over all tasks: its state at the end, its online form, and its reference lines.

use std::sync::Arc;

use super::stage::{Stage, Way};
use super::{ContinualShared, lines, visuals};
use crate::numerics::{Levels, Nilpotent, Point, WorkToken};
use crate::problem::{
    Compared, ConfigError, LowerSolution, Metadata, ObservedPoint, OnlineProblem, Pictured,
    Problem, ReferenceLine, Visual,
};

/// The problem outside of any run: its last stage.
#[derive(Debug)]
pub(super) struct Whole {
    common: Arc<ContinualShared>,
    last: Stage,
}

impl Whole {
    pub(super) fn new(common: ContinualShared) -> Self {
        let common = Arc::new(common);
        Self {
            last: Stage::last(Arc::clone(&common)),
            common,
        }
    }
}

impl Problem for Whole {
    fn metadata(&self) -> &Metadata {
        &self.common.metadata
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        self.last.value(level, at, token)
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        self.last.grad(level, at, wrt, out, token);
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        wrt_along: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        let last = &self.last;
        last.product(level, at, wrt_along, direction, out, token);
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        self.last.higher(level, at, token)
    }

    fn known_reaction(&self, _at: &Point) -> Option<LowerSolution> {
        None
    }

    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        self.last.metrics(at, token)
    }

    fn fault(&self) -> Option<&ConfigError> {
        self.common.sequence.fault.as_ref()
    }

    fn online(&self) -> Option<Box<dyn OnlineProblem>> {
        let keeping = self.common.sequence.keeping;
        Some(Box::new(Way::new(Arc::clone(&self.common), keeping)))
    }

    fn pictured(&self) -> Option<&dyn Pictured> {
        Some(self)
    }

    fn compared(&self) -> Option<&dyn Compared> {
        Some(self)
    }
}

impl Pictured for Whole {
    fn visuals(&self, seen: &ObservedPoint, _token: &WorkToken) -> Vec<Visual> {
        visuals::all(&self.common.sequence, seen)
    }

    fn milestones(&self) -> Vec<u64> {
        let sequence = &self.common.sequence;
        let ends = 1..=sequence.tasks as u64;
        ends.map(|task| task * sequence.steps() as u64).collect()
    }
}

impl Compared for Whole {
    fn reference_lines(&self, token: &WorkToken) -> Option<Vec<ReferenceLine>> {
        lines::all(&self.common, token)
    }
}
