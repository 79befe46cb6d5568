//! Problems: objectives, oracles with call counts, and the benchmark catalogue (one file per problem).
//!
//! This layer reads no clock, file, thread or source of chance, and does not depend on methods. Data arrive complete,
//! from [`crate::data`] through the settings.

mod benchmark;
mod catalogue;
mod citations;
mod facets;
mod formula_text;
mod key;
mod metadata;
mod objectives;
mod online;
mod oracle;
mod parameter;
mod visuals;

pub mod nearest;

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

use crate::data::ChoiceError;
use crate::formula::Model;
use crate::numerics::{Feature, Levels, Nilpotent, Point, WorkToken};

pub use benchmark::learning::{LEARNING, TABLE_CHOICES, TABLE_PREPARATION, table_preparation};
pub use benchmark::typed::{example, has_example};
pub use benchmark::{FORMULA, PROBLEMS};
pub use catalogue::{Class, ProblemInfo};
pub use citations::{
    BOME, HYPERGRADIENTS, PENALTY_DESCENT, Reference, SINGLE_LOOP, UNROLLING, VALUE_FUNCTION,
    Venue, bibliography,
};
pub use facets::{Compared, Pictured, Pretrained, Sampled};
pub use formula_text::FormulaText;
pub use key::{FromNumber, Key, Word};
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

/// The problem stated by a model of formulas.
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

/// All problems: those that ship, [`PROBLEMS`] and [`LEARNING`], and the one with typed formulas, [`FORMULA`].
pub fn all() -> impl Iterator<Item = &'static ProblemInfo> {
    PROBLEMS.iter().chain(LEARNING).chain([FORMULA])
}

/// A problem that methods can be run on. Levels are counted from 1, the leader, to n, the innermost follower.
///
/// Small problems implement [`Objectives`] and are wrapped in [`Differentiated`]; large ones implement this trait with
/// vectorized code, poll the token at least every 1,000 rows, and may return any value once it is cancelled.
pub trait Problem: Send + Sync {
    /// The metadata of the problem: shape, box, start, pictures, known minima.
    fn metadata(&self) -> &Metadata;

    /// The value of a level's objective.
    fn value(&self, level: usize, at: &Point, token: &WorkToken) -> f64;

    /// The objective's values at two values of one variable, whose index counts over all levels; `at` is left at the
    /// second. Loops of finite differences make one call instead of many.
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

    /// Writes the gradient of a level's objective for the blocks in `wrt`; other blocks of `out` stay as they are.
    fn grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point, token: &WorkToken);

    /// Writes the gradient as [`Problem::grad`] does and returns the objective's value, for solvers that need both:
    /// cheaper if one pass over the samples gives both.
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

    /// Writes the second-derivative product ∇_wrt(∇_along f · direction) of a level's objective.
    fn product(
        &self,
        level: usize,
        at: &Point,
        wrt_along: [usize; 2],
        direction: &[f64],
        out: &mut [f64],
        token: &WorkToken,
    );

    /// The value of a level's objective over numbers with up to [`Metadata::highest_order`] nilpotent generators.
    fn higher(&self, level: usize, at: &[Nilpotent], token: &WorkToken) -> Nilpotent;

    /// Writes the derivative of [`Problem::higher`] along one of the generators, which carries the other generators
    /// only and is cheaper to copy.
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

    /// True if [`Problem::lifted_gradient`] costs little more than [`Problem::higher`].
    fn lifts_gradients(&self) -> bool {
        false
    }

    /// Writes the gradient of a level's objective over numbers with generators, at most one less than
    /// [`Metadata::highest_order`], for the blocks in `wrt`. `out` has an entry for each variable; those of other
    /// blocks stay as they are.
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

    /// The lowest level's solution for the upper blocks of `at` in closed form; `None` if no closed form is known.
    fn known_reaction(&self, at: &Point) -> Option<LowerSolution>;

    /// The solutions of all lower levels for the leader's block of `at` in closed form; `None` if no closed forms are
    /// known. For two levels, see [`Problem::known_reaction`].
    fn known_answers(&self, _at: &Point) -> Option<Point> {
        None
    }

    /// The referee's cache of the range in which it searches each variable; `None` for a problem without a cache, which
    /// is searched in the ranges of its box and its pictures.
    fn searched(&self) -> Option<&OnceLock<Vec<[f64; 2]>>> {
        None
    }

    /// The referee's cache of what its searches for minima meet; `None` for a problem whose objectives are smooth and
    /// turn slowly.
    fn obstacles(&self) -> Option<&OnceLock<Obstacles>> {
        None
    }

    /// The values at a point of the terms of an objective at whose zeros it may have a pole, such as denominators: as
    /// many at every point.
    fn pole_terms(&self, _level: usize, _at: &Point) -> Vec<f64> {
        Vec::new()
    }

    /// The features of an objective at a point, the arguments of parts that turn within a short way if their argument
    /// changes fast: as many, of the same kinds, at every point.
    fn features(&self, _level: usize, _at: &Point) -> Vec<Feature> {
        Vec::new()
    }

    /// The same problem with these minima of its reduced objective, and the reason for which none is known to be global,
    /// in its metadata; `None` for a problem that keeps its own.
    fn with_minima(
        &self,
        _minima: Vec<Minimum>,
        _doubt: Option<String>,
    ) -> Option<Arc<dyn Problem>> {
        None
    }

    /// True if f₂ = −f₁: the follower's answer is the leader's worst case.
    fn is_min_max(&self) -> bool {
        false
    }

    /// True if an objective may have no value or no finite derivative at some points. Runs then check for this after
    /// every iteration, and [`Problem::undefined`] explains it.
    fn may_be_undefined(&self) -> bool {
        false
    }

    /// Explains in a sentence why the derivatives of some order of an objective, its value for order 0, are not finite
    /// at a point; `None` if no cause is known.
    fn undefined(&self, _level: usize, _at: &Point, _order: usize) -> Option<String> {
        None
    }

    /// The problem's own metrics at a point, in the order of [`Metadata::metrics`].
    fn metrics(&self, at: &Point, token: &WorkToken) -> Vec<f64>;

    /// The error in the settings of this instance; `None` if it is as asked for. An experiment with such an instance is
    /// refused.
    fn fault(&self) -> Option<&ConfigError> {
        None
    }

    /// The data and their split in words, for checks before a run; `None` without data.
    fn data_summary(&self) -> Option<String> {
        None
    }

    /// The problem as it changes along a new run; `None` if its objectives do not change. If there is one, `self` has
    /// the objectives of its end.
    fn online(&self) -> Option<Box<dyn OnlineProblem>> {
        None
    }

    /// Mini-batches; `None` if the objectives are not means over samples.
    fn sampled(&self) -> Option<&dyn Sampled> {
        None
    }

    /// A pretrained start besides the default one, if there is one.
    fn pretrained(&self) -> Option<&dyn Pretrained> {
        None
    }

    /// Reference models for the metrics, if there are any.
    fn compared(&self) -> Option<&dyn Compared> {
        None
    }

    /// Pictures of points, if there are any.
    fn pictured(&self) -> Option<&dyn Pictured> {
        None
    }
}

/// The results of sampling the objectives of a problem for places that searches along slopes miss.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Obstacles {
    /// The place for which no search can be trusted, of the innermost level that has one.
    pub worst: Option<Obstacle>,
    /// True if the innermost objective turns between two usual samples of a follower of one variable, which is then
    /// sampled more densely there.
    pub is_narrow: bool,
}

/// A place at which an objective is not what its slopes beside it say.
#[derive(Clone, Debug, PartialEq)]
pub struct Obstacle {
    /// The level of the objective.
    pub level: usize,
    /// The kind of place.
    pub kind: ObstacleKind,
    /// A point there or right beside it.
    pub at: Point,
}

/// Kinds of such places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObstacleKind {
    /// The objective jumps from one finite value to another.
    Jump,
    /// The objective falls without bound on one side at least.
    Pole,
    /// The objective turns within a shorter way than the samples of a search lie apart.
    Narrow,
}

/// An error in settings that are valid one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The parameter at which the error is shown.
    pub parameter: &'static str,
    /// The error, in a sentence.
    pub reason: String,
}

impl From<ChoiceError> for ConfigError {
    fn from(error: ChoiceError) -> Self {
        Self {
            parameter: error.key,
            reason: error.reason,
        }
    }
}

/// A reference to compare a problem's metrics with, such as a model trained in another way.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceLine {
    /// The name in files and pictures.
    pub name: &'static str,
    /// The meaning, in words.
    pub meaning: &'static str,
    /// The metrics, in the order of [`Metadata::metrics`]; NaN for one without meaning.
    pub metrics: Vec<f64>,
}

impl dyn Problem + '_ {
    /// The iterations whose metrics pictures of later points need; none for a problem without pictures.
    pub fn milestones(&self) -> Vec<u64> {
        self.pictured()
            .map(Pictured::milestones)
            .unwrap_or_default()
    }

    /// The metrics of reference models, none for a problem without any; `None` once the token is cancelled.
    pub fn reference_lines(&self, token: &WorkToken) -> Option<Vec<ReferenceLine>> {
        match self.compared() {
            Some(compared) => compared.reference_lines(token),
            None => Some(Vec::new()),
        }
    }
}

impl Debug for dyn Problem + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Problem")
            .field("metadata", self.metadata())
            .finish()
    }
}

/// A solution of the lowest level.
#[derive(Clone, Debug, PartialEq)]
pub struct LowerSolution {
    /// The minimizer; the one that the leader prefers if there are several.
    pub argmin: Vec<f64>,
    /// The minimum value of the level's objective.
    pub value: f64,
    /// True if there is no other minimizer.
    pub is_unique: bool,
}
