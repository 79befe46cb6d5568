//! WHAT is solved: objectives, oracles and their counts, and the benchmark catalogue (one file per problem).
//!
//! This layer reads no clock, file, thread or source of chance, and knows of no method. Data come to it complete, from
//! [`crate::data`] by way of the settings.

mod benchmark;
mod catalogue;
mod citations;
mod metadata;
mod objectives;
mod online;
mod oracle;
mod parameter;
mod visuals;

pub mod nearest;

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

use crate::formula::Model;
use crate::numerics::{Levels, Nilpotent, Point, WorkToken};

pub use benchmark::learning::LEARNING;
pub use benchmark::typed::{example, has_example};
pub use benchmark::{FORMULA, PROBLEMS};
pub use catalogue::{Class, ProblemInfo};
pub use citations::{
    BOME, HYPERGRADIENTS, PENALTY_DESCENT, Reference, SINGLE_LOOP, UNROLLING, VALUE_FUNCTION,
    Venue, bibliography,
};
pub use metadata::{
    Coordinate, Curvature, LowerLevel, Mark, Metadata, Metric, Minimum, Plane, Site,
};
pub use objectives::{Differentiated, Objectives};
pub use online::{ObservedPoint, OnlineProblem};
pub use oracle::{Counts, Oracle, OracleCall};
pub use parameter::{
    DefaultValue, Parameter, ParameterChoice, ParameterError, ParameterKind, ParameterValue,
    Settings,
};
pub use visuals::{Gallery, Histogram, HistogramGroup, Matrix, Tile, Visual};

/// The benchmark with the given id.
pub fn find(id: &str) -> Option<&'static ProblemInfo> {
    all().find(|entry| entry.id == id)
}

/// The problem that a model of formulas states.
///
/// ```
/// use bilevel::formula::{Draft, LevelDraft, Model};
/// use bilevel::prelude::*;
///
/// let level = |variable: &str, objective: &str| LevelDraft {
///     variables: vec![variable.to_owned()],
///     objective: objective.to_owned(),
///     ..LevelDraft::default()
/// };
/// let draft = Draft {
///     levels: vec![level("x", "(x - 1)^2 + y^2"), level("y", "(y - x)^2")],
///     ..Draft::default()
/// };
/// let problem = problem::typed(Model::parse(draft).expect("the formulas are right"));
/// let at = Point::from_blocks(&[vec![0.5], vec![0.25]]);
/// assert_eq!(problem.value(1, &at, &WorkToken::default()), 0.3125);
/// ```
pub fn typed(model: Model) -> Arc<dyn Problem> {
    (FORMULA.build)(&Settings::of_model(model))
}

/// Every problem that ships, [`PROBLEMS`] and [`LEARNING`], and the one that is typed.
pub fn all() -> impl Iterator<Item = &'static ProblemInfo> {
    PROBLEMS.iter().chain(LEARNING).chain([FORMULA])
}

/// A problem that methods can be run on. Levels are counted from 1, the leader, to n, the innermost follower.
///
/// Small problems implement [`Objectives`] and are wrapped in [`Differentiated`]; large ones implement this trait with
/// vectorised code, poll the token at least every 1,000 rows, and return anything at all once it is cancelled.
pub trait Problem: Send + Sync {
    /// What the problem knows about itself.
    fn metadata(&self) -> &Metadata;

    /// The objective of a level.
    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64;

    /// The objective's values at two places of one variable, counted over all levels, which is left at the second: one call
    /// where loops of differences make many.
    fn two_values(
        &self,
        level: usize,
        at: &mut Point,
        variable: usize,
        places: (f64, f64),
        token: &WorkToken,
    ) -> (f64, f64) {
        at.values_mut()[variable] = places.0;
        let first = self.value(level, at, token);
        at.values_mut()[variable] = places.1;
        (first, self.value(level, at, token))
    }

    /// The gradient of a level's objective, for the blocks in `wrt`; other blocks of `out` stay as they are.
    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken);

    /// The same, and the objective's value, for solvers that need both: cheaper where one pass over the samples gives both.
    fn value_and_grad(
        &self,
        level: usize,
        at: &Point,
        wrt: Levels,
        out: &mut Point,
        token: &WorkToken,
    ) -> f64 {
        self.grad(level, at, wrt, out, token);
        self.value(level, at, token)
    }

    /// The second-derivative product ∇_wrt(∇_along f · direction) of a level's objective.
    fn product(
        &self,
        level: usize,
        at: &Point,
        wrt_along: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    );

    /// A level's objective over numbers that carry up to [`Facts::highest_order`] nilpotent generators.
    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent;

    /// The derivative of that along one of the generators, carrying the others: shorter to hand over.
    fn higher_derivative(
        &self,
        level: usize,
        at: &[Nilpotent],
        generator: usize,
        out: &mut Nilpotent,
        token: &WorkToken,
    ) {
        out.copy_derivative(&self.higher(level, at, token), generator);
    }

    /// Whether [`Problem::lifted_gradient`] costs little more than [`Problem::higher`], so that it is worth asking for.
    fn lifts_gradients(&self) -> bool {
        false
    }

    /// The gradient of a level's objective over numbers that carry generators, one less than [`Facts::highest_order`] at most,
    /// for the blocks in `wrt`; the rest of `out`, which has an entry for each variable, stays as it is.
    fn lifted_gradient(
        &self,
        level: usize,
        at: &[Nilpotent],
        wrt: Levels,
        out: &mut [Nilpotent],
        token: &WorkToken,
    ) {
        let shape = self.metadata().shape();
        let generator = at.iter().map(Nilpotent::generators).max().unwrap_or(0);
        let mut varied = at.to_vec();
        for block in (1..=shape.levels()).filter(|block| wrt.contains(*block)) {
            for variable in shape.range(block) {
                varied[variable].set(1 << generator, 1.0);
                self.higher_derivative(level, &varied, generator, &mut out[variable], token);
                varied[variable] = at[variable];
            }
        }
    }

    /// The lowest level's solution for the upper blocks of `at`, where a closed form is known.
    fn known_reaction(&self, at: &Point) -> Option<LowerSolution>;

    /// All lower levels' answers to the leader's block of `at`, where closed forms are known; for two levels, see
    /// [`Problem::known_reaction`].
    fn known_answers(&self, _at: &Point) -> Option<Point> {
        None
    }

    /// The place where the referee keeps the range of each variable that it searches, once it knows them; `None` for a problem that has
    /// none, whose ranges are those of its box and its pictures.
    fn searched(&self) -> Option<&OnceLock<Vec<[f64; 2]>>> {
        None
    }

    /// How many samples the objectives are means over; 0 where they are no means.
    fn samples(&self) -> usize {
        0
    }

    /// The same problem over some of its samples, counted from 0; `None` where there are none.
    fn on_batch(&self, _batch: &[usize]) -> Option<Box<dyn Problem>> {
        None
    }

    /// The same problem, knowing these minima of its reduced objective; `None` for a problem that knows its own.
    fn with_minima(&self, _minima: Vec<Minimum>) -> Option<Arc<dyn Problem>> {
        None
    }

    /// Whether f₂ = −f₁, so that the follower's answer is the leader's worst case.
    fn is_min_max(&self) -> bool {
        false
    }

    /// Whether an objective may have no value or no finite slope somewhere, which [`Problem::undefined`] then explains: runs look for
    /// that after every iteration.
    fn may_be_undefined(&self) -> bool {
        false
    }

    /// Sentence on why the derivatives of that order of an objective, its value for 0, are no finite numbers at a point; `None`
    /// where no cause is known.
    fn undefined(&self, _level: usize, _at: &Point, _order: usize) -> Option<String> {
        None
    }

    /// The problem's own metrics, in the order of [`Facts::metrics`].
    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64>;

    /// Why the instance is not what its settings ask for; `None` where it is. An experiment that asks for it is refused.
    fn fault(&self) -> Option<&ConfigError> {
        None
    }

    /// Whether there is a start to be trained, beside the default one.
    fn offers_pretrained(&self) -> bool {
        false
    }

    /// The start that is trained without the leader, at the cost of that training when it is first asked for; `None` where
    /// there is none, and once the token is cancelled.
    fn pretrained(&self, _token: &WorkToken) -> Option<Point> {
        None
    }

    /// Whether there are pictures of points.
    fn offers_visuals(&self) -> bool {
        false
    }

    /// Pictures of a point, in the order in which they are read; none once the token is cancelled.
    fn visuals(&self, _seen: &ObservedPoint, _token: &WorkToken) -> Vec<Visual> {
        Vec::new()
    }

    /// The iterations whose metrics pictures of later points need, rising.
    fn milestones(&self) -> Vec<u64> {
        Vec::new()
    }

    /// The problem on its way along a new run; `None` where the objectives stay what they are. Where there is one, the
    /// problem itself is what is left at its end.
    fn online(&self) -> Option<Box<dyn OnlineProblem>> {
        None
    }

    /// What the metrics are of models that were trained in other ways, at the cost of their training; `None` once the token
    /// is cancelled.
    fn reference_lines(&self, _token: &WorkToken) -> Option<Vec<ReferenceLine>> {
        Some(Vec::new())
    }
}

/// What is wrong with settings that are right one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The parameter that it is said at.
    pub parameter: &'static str,
    /// What is wrong, in a sentence.
    pub reason: String,
}

/// Something to compare a problem's metrics with.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceLine {
    /// Its word in files and pictures.
    pub name: &'static str,
    /// What it is, in words.
    pub meaning: &'static str,
    /// The metrics, in the order of [`Facts::metrics`]; NaN where one has no meaning.
    pub metrics: Vec<f64>,
}

impl Debug for dyn Problem + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Problem")
            .field("facts", self.metadata())
            .finish()
    }
}

/// A solution of the lowest level.
#[derive(Clone, Debug, PartialEq)]
pub struct LowerSolution {
    /// The minimiser; the one that the leader prefers where there are several.
    pub argmin: Vec<f64>,
    /// The least value.
    pub value: f64,
    /// Whether there is no other minimiser.
    pub is_unique: bool,
}
