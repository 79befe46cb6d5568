//! A problem without its minima: everything that is drawn or said of an optimum asks the metadata for it, so that a window on
//! this problem cannot know more.

use std::sync::{Arc, OnceLock};

use bilevel::numerics::{Feature, Levels, Nilpotent, Point, WorkToken};
use bilevel::problem::{
    Compared, ConfigError, LowerSolution, Metadata, Obstacles, OnlineProblem, Pictured, Pretrained,
    Problem, Sampled,
};

/// A wrapper of a problem whose metadata has no minima. It computes the same.
pub(crate) struct ConcealedProblem {
    problem: Arc<dyn Problem>,
    metadata: Metadata,
}

impl ConcealedProblem {
    /// Conceals the minima of a problem.
    pub(crate) fn new(problem: Arc<dyn Problem>) -> Self {
        let metadata = Metadata {
            minima: Vec::new(),
            ..problem.metadata().clone()
        };
        Self { problem, metadata }
    }
}

impl Problem for ConcealedProblem {
    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64 {
        self.problem.value(level, at, token)
    }

    fn two_values(
        &self,
        level: usize,
        at: &mut Point,
        variable: usize,
        places: (f64, f64),
        token: &WorkToken,
    ) -> (f64, f64) {
        self.problem.two_values(level, at, variable, places, token)
    }

    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken) {
        self.problem.grad(level, at, wrt, out, token);
    }

    fn value_and_grad(
        &self,
        level: usize,
        at: &Point,
        wrt: Levels,
        out: &mut Point,
        token: &WorkToken,
    ) -> f64 {
        self.problem.value_and_grad(level, at, wrt, out, token)
    }

    fn product(
        &self,
        level: usize,
        at: &Point,
        blocks: [usize; 2],
        along: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    ) {
        self.problem.product(level, at, blocks, along, out, token);
    }

    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent {
        self.problem.higher(level, at, token)
    }

    fn higher_derivative(
        &self,
        level: usize,
        at: &[Nilpotent],
        generator: usize,
        out: &mut Nilpotent,
        token: &WorkToken,
    ) {
        self.problem
            .higher_derivative(level, at, generator, out, token);
    }

    fn lifts_gradients(&self) -> bool {
        self.problem.lifts_gradients()
    }

    fn lifted_gradient(
        &self,
        level: usize,
        at: &[Nilpotent],
        wrt: Levels,
        out: &mut [Nilpotent],
        token: &WorkToken,
    ) {
        self.problem.lifted_gradient(level, at, wrt, out, token);
    }

    fn known_reaction(&self, at: &Point) -> Option<LowerSolution> {
        self.problem.known_reaction(at)
    }

    fn known_answers(&self, at: &Point) -> Option<Point> {
        self.problem.known_answers(at)
    }

    fn searched(&self) -> Option<&OnceLock<Vec<[f64; 2]>>> {
        self.problem.searched()
    }

    fn obstacles(&self) -> Option<&OnceLock<Obstacles>> {
        self.problem.obstacles()
    }

    fn pole_terms(&self, level: usize, at: &Point) -> Vec<f64> {
        self.problem.pole_terms(level, at)
    }

    fn features(&self, level: usize, at: &Point) -> Vec<Feature> {
        self.problem.features(level, at)
    }

    fn is_min_max(&self) -> bool {
        self.problem.is_min_max()
    }

    fn may_be_undefined(&self) -> bool {
        self.problem.may_be_undefined()
    }

    fn undefined(&self, level: usize, at: &Point, order: usize) -> Option<String> {
        self.problem.undefined(level, at, order)
    }

    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64> {
        self.problem.metrics(at, token)
    }

    fn fault(&self) -> Option<&ConfigError> {
        self.problem.fault()
    }

    fn data_summary(&self) -> Option<String> {
        self.problem.data_summary()
    }

    fn online(&self) -> Option<Box<dyn OnlineProblem>> {
        self.problem.online()
    }

    fn sampled(&self) -> Option<&dyn Sampled> {
        self.problem.sampled()
    }

    fn pretrained(&self) -> Option<&dyn Pretrained> {
        self.problem.pretrained()
    }

    fn compared(&self) -> Option<&dyn Compared> {
        self.problem.compared()
    }

    fn pictured(&self) -> Option<&dyn Pictured> {
        self.problem.pictured()
    }
}
