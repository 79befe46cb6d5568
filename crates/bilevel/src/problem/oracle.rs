//! Access of methods to a problem, with every call counted.

use super::Problem;
use super::facets::Sampled;
use super::metadata::Metadata;
use crate::numerics::{Bounds, Levels, MAX_LEVELS, Nilpotent, Point, WorkToken};

/// The kinds of oracle calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OracleCall {
    /// A value of an objective.
    Value,
    /// A gradient, for any set of blocks.
    Grad,
    /// A product of a Hessian block with a vector.
    Hvp,
    /// A product of a mixed second derivative with a vector, from either side.
    Jvp,
    /// A mixed derivative of order 3 or more.
    Higher,
}

impl OracleCall {
    /// All kinds, in the order of files.
    pub const ALL: [Self; 5] = [Self::Value, Self::Grad, Self::Hvp, Self::Jvp, Self::Higher];

    /// The meaning of the call, in words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Value => "an objective's value",
            Self::Grad => "a gradient",
            Self::Hvp => "a product with a Hessian",
            Self::Jvp => "a product with a mixed derivative",
            Self::Higher => "a derivative of order 3 or more",
        }
    }

    /// The word in files and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Grad => "grad",
            Self::Hvp => "hvp",
            Self::Jvp => "jvp",
            Self::Higher => "higher",
        }
    }
}

/// The number of calls for each objective. One count is one call for one objective at one point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([[u64; MAX_LEVELS]; OracleCall::ALL.len()]);

impl Counts {
    /// The calls of one kind for the objective of one level.
    pub fn of(&self, call: OracleCall, level: usize) -> u64 {
        self.0[call as usize][level - 1]
    }

    /// The calls of one kind for all objectives.
    pub fn total(&self, call: OracleCall) -> u64 {
        self.0[call as usize].iter().sum()
    }

    /// The calls since an earlier count of the same run.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut calls = *self;
        for (calls, earlier) in calls.0.iter_mut().zip(&earlier.0) {
            for (calls, earlier) in calls.iter_mut().zip(earlier) {
                *calls -= earlier;
            }
        }
        calls
    }

    /// Appends the calls of each kind for levels 1 to `levels`, kind after kind.
    pub fn append_to(&self, levels: usize, list: &mut Vec<u64>) {
        for calls in &self.0 {
            list.extend_from_slice(&calls[..levels]);
        }
    }

    fn add(&mut self, call: OracleCall, level: usize) {
        self.0[call as usize][level - 1] += 1;
    }
}

/// A problem as methods see it: every call is counted, and nothing else can be reached.
#[derive(Debug)]
pub struct Oracle<'a> {
    problem: &'a dyn Problem,
    /// Kept because every step of every method needs the box.
    metadata: &'a Metadata,
    counts: &'a mut Counts,
    token: &'a WorkToken,
}

impl<'a> Oracle<'a> {
    /// An oracle that adds its calls to `counts`.
    pub fn new(problem: &'a dyn Problem, counts: &'a mut Counts, token: &'a WorkToken) -> Self {
        Self {
            problem,
            metadata: problem.metadata(),
            counts,
            token,
        }
    }

    /// The value of a level's objective.
    pub fn value(&mut self, level: usize, at: &Point) -> f64 {
        self.counts.add(OracleCall::Value, level);
        self.problem.value(level, at, self.token)
    }

    /// The values of a level's objective at two values of one variable, whose index counts over all levels; `at` is
    /// left at the second.
    pub fn two_values(
        &mut self,
        level: usize,
        at: &mut Point,
        variable: usize,
        places: (f64, f64),
    ) -> (f64, f64) {
        for _ in 0..2 {
            self.counts.add(OracleCall::Value, level);
        }
        self.problem
            .two_values(level, at, variable, places, self.token)
    }

    /// Writes the gradient of a level's objective for the blocks in `wrt`; other blocks of `out` stay as they are.
    pub fn grad(&mut self, level: usize, at: &Point, wrt: Levels, out: &mut Point) {
        self.counts.add(OracleCall::Grad, level);
        self.problem.grad(level, at, wrt, out, self.token);
    }

    /// Writes the product of the Hessian of a level's objective in one block with a vector of that block.
    pub fn hvp(
        &mut self,
        level: usize,
        at: &Point,
        block: usize,
        direction: &[f64],
        out: &mut [f64],
    ) {
        self.counts.add(OracleCall::Hvp, level);
        self.problem
            .product(level, at, [block, block], direction, out, self.token);
    }

    /// Writes the product ∇_wrt(∇_along f · direction) of a mixed second derivative of a level's objective: `direction`
    /// belongs to block `along`, the result to block `wrt`.
    pub fn jvp(
        &mut self,
        level: usize,
        at: &Point,
        [wrt, along]: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
    ) {
        self.counts.add(OracleCall::Jvp, level);
        self.problem
            .product(level, at, [wrt, along], direction, out, self.token);
    }

    /// The value of a level's objective over numbers with nilpotent generators: mixed derivatives of any order.
    pub fn higher(&mut self, level: usize, at: &[Nilpotent]) -> Nilpotent {
        self.counts.add(OracleCall::Higher, level);
        self.problem.higher(level, at, self.token)
    }

    /// Writes the derivative of [`Oracle::higher`] along one of the generators, which carries the others.
    pub fn higher_derivative(
        &mut self,
        level: usize,
        at: &[Nilpotent],
        generator: usize,
        out: &mut Nilpotent,
    ) {
        self.counts.add(OracleCall::Higher, level);
        self.problem
            .higher_derivative(level, at, generator, out, self.token);
    }

    /// True if [`Oracle::lifted_gradient`] costs little more than [`Oracle::higher`].
    pub fn lifts_gradients(&self) -> bool {
        self.problem.lifts_gradients()
    }

    /// Writes the gradient of a level's objective over numbers with generators, for the blocks in `wrt`. It counts as
    /// one call of a higher derivative, as a gradient is one call for any set of blocks.
    pub fn lifted_gradient(
        &mut self,
        level: usize,
        at: &[Nilpotent],
        wrt: Levels,
        out: &mut [Nilpotent],
    ) {
        self.counts.add(OracleCall::Higher, level);
        self.problem
            .lifted_gradient(level, at, wrt, out, self.token);
    }

    /// The number of samples that the objectives are means over; 0 if they are not means.
    pub fn samples(&self) -> usize {
        self.problem.sampled().map_or(0, Sampled::samples)
    }

    /// Calls `ask` with the objectives over some of their samples, or over all if there are no mini-batches; calls are
    /// counted as usual.
    pub fn on_batch(&mut self, batch: &[usize], ask: impl FnOnce(&mut Oracle<'_>)) {
        let Some(sampled) = self.problem.sampled() else {
            return ask(self);
        };
        let problem = sampled.on_batch(batch);
        ask(&mut Oracle {
            problem: &*problem,
            metadata: problem.metadata(),
            counts: self.counts,
            token: self.token,
        });
    }

    /// The metadata of the problem.
    pub fn metadata(&self) -> &'a Metadata {
        self.metadata
    }

    /// The bounds of the problem's variables.
    pub fn bounds(&self) -> &'a Bounds {
        &self.metadata.bounds
    }

    /// True if the work is cancelled and its result will be discarded.
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }
}
