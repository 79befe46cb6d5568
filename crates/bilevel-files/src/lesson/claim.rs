//! Claims of a lesson: statements on a run or a problem that a check measures.

use bilevel::numerics::Point;
use bilevel::problem::{Coordinate, OracleCall};

/// A claim with its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonClaim {
    /// The line of the claim in its file, from 1.
    pub line: usize,
    /// The subject of the claim.
    pub subject: ClaimSubject,
    /// The condition that the measured value meets.
    pub condition: Condition,
}

/// The subject of a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimSubject {
    /// A quantity of a run.
    Run {
        /// The label of the method.
        run: String,
        /// The start, counted from 0.
        start: usize,
        /// The seed.
        seed: u64,
        /// The row of the run.
        at: ClaimMoment,
        /// The quantity.
        quantity: Quantity,
    },
    /// A quantity of the problem at a point.
    Point {
        /// The point; only its first block is given if the lower levels answer.
        point: Point,
        /// True if the lower levels answer to the leader's block.
        is_answered: bool,
        /// The quantity.
        quantity: Quantity,
    },
    /// The number of known minima of φ.
    Minima,
    /// The leader's blocks of the global minima of φ, of which one must agree.
    Optimum(Vec<f64>),
    /// The value of φ at its global minimum.
    OptimumValue,
}

/// A row of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimMoment {
    /// The last row.
    End,
    /// An iteration; 0 is the start.
    At(u64),
    /// The first recorded row at which a quantity is at most a number.
    Reaching(Quantity, f64),
}

/// A quantity of a row of a run, or of a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A variable.
    Variable(Coordinate),
    /// The objective of a level.
    Objective(usize),
    /// The reduced objective φ.
    Phi,
    /// φ above the optimum.
    PhiGap,
    /// f above the optimum.
    ObjectiveGap,
    /// The value gap of the last level.
    Gap,
    /// The value gap that is the largest share of its level's span.
    LargestGap,
    /// The distance to the nearest known global optimum.
    Distance,
    /// The distance of the method's direction from the true hypergradient.
    HypergradientError,
    /// The derivative of φ with respect to one of the leader's variables, from 0.
    Slope(usize),
    /// A metric of the problem, by its index.
    Metric(usize),
    /// The iteration.
    Iterations,
    /// All oracle calls.
    Calls,
    /// The oracle calls of one kind.
    CallsOf(OracleCall),
    /// All oracle calls, each with the weight of its kind.
    Cost,
    /// The verdict of the run.
    Verdict,
    /// The status of the run.
    Status,
}

impl Quantity {
    /// True for a count, which is exact.
    pub const fn is_count(&self) -> bool {
        matches!(self, Self::Iterations | Self::Calls | Self::CallsOf(_))
    }

    /// True for a word.
    pub const fn is_word(&self) -> bool {
        matches!(self, Self::Verdict | Self::Status)
    }

    /// True if the referee must judge the rows of the run.
    pub(super) const fn is_judged(&self) -> bool {
        matches!(
            self,
            Self::Phi | Self::PhiGap | Self::Gap | Self::LargestGap | Self::Distance
        )
    }

    /// True for a quantity of a problem's point.
    pub(super) const fn is_of_point(&self) -> bool {
        matches!(
            self,
            Self::Variable(_)
                | Self::Objective(_)
                | Self::Phi
                | Self::PhiGap
                | Self::Gap
                | Self::Slope(_)
        )
    }
}

/// The condition of a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A number, with the greatest difference.
    Near {
        /// The number.
        value: f64,
        /// The greatest difference.
        within: f64,
    },
    /// A number between two limits, one of which may be infinite.
    Between {
        /// The least number.
        at_least: f64,
        /// The greatest number.
        at_most: f64,
    },
    /// A word.
    Word(&'static str),
    /// Less than the value of another run, times a factor: `factor · value < other`.
    LessThan {
        /// The label of the other run's method.
        run: String,
        /// The factor.
        factor: f64,
    },
    /// More than the value of another run by a factor: `value > factor · other`.
    MoreThan {
        /// The label of the other run's method.
        run: String,
        /// The factor.
        factor: f64,
    },
}
