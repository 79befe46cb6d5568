//! Lower-level solutions over a leader of one variable: all stationary points for a follower of one variable, else the
//! referee's solution.

use super::continuity::{are_answers_continuous, jump};
use super::follower::Follower;
use super::reduced::Reduced;
use super::searched;
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// Sample of φ with its lower-level solution.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PhiSample {
    pub(super) x: f64,
    /// The blocks of all lower levels.
    pub(super) answer: Vec<f64>,
    /// φ of the optimistic choice among tied solutions.
    pub(super) value: f64,
    /// φ of the pessimistic choice among tied solutions.
    pub(super) worst: f64,
    /// Spread of g over y; 0 if unknown.
    pub(super) spread: f64,
}

impl PhiSample {
    /// Largest distance between the two solutions in any variable.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        let pairs = self.answer.iter().zip(&other.answer);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

/// Lower-level solutions as a function of a leader of one variable.
#[derive(Debug)]
pub(super) struct AnswersOverX<'a> {
    reduced: Reduced<'a>,
    follower: Option<Follower<'a>>,
    /// True if slopes come from differences of values.
    pub(super) has_rough_slopes: bool,
    /// False if an objective jumps, so that minima cannot be found by slopes.
    pub(super) is_continuous: bool,
}

impl<'a> AnswersOverX<'a> {
    pub(super) fn new(problem: &'a dyn Problem, base: &Point, token: &'a WorkToken) -> Self {
        let reduced = Reduced::new(problem, base, token);
        let region = searched::region(problem, token);
        let is_planar = problem.metadata().shape().levels() == 2;
        Self {
            has_rough_slopes: reduced.has_rough_slopes(),
            is_continuous: jump(problem, &region, token).is_none(),
            reduced,
            follower: (is_planar && are_answers_continuous(problem, &region, token))
                .then(|| Follower::new(problem, &region, None, token))
                .flatten(),
        }
    }

    /// Adds the innermost block of a point to the starts of later searches.
    pub(super) fn hint(&self, answered: &Point) {
        self.reduced.hint(answered);
    }

    /// True if there are more than two levels, so that values are less accurate.
    pub(super) fn is_nested(&self) -> bool {
        self.reduced.is_nested()
    }

    /// True if the pessimistic value is known as well.
    pub(super) fn knows_the_worst(&self) -> bool {
        self.follower.as_ref().is_some_and(Follower::is_boxed)
    }

    pub(super) fn at(&self, x: f64) -> Option<PhiSample> {
        if let Some(follower) = &self.follower {
            let column = follower.column_at(x)?;
            if let Some(answer) = column.answer() {
                return Some(PhiSample {
                    x,
                    answer: vec![answer.y],
                    value: column.upper[0],
                    worst: column.upper[1],
                    spread: column.spread,
                });
            }
        }
        let (value, answered) = self.reduced.at(&[x])?;
        let first = answered.shape().range(1).end;
        Some(PhiSample {
            x,
            answer: answered.values()[first..].to_vec(),
            value,
            worst: value,
            spread: 0.0,
        })
    }

    /// dφ/dx; `None` if it is unknown.
    pub(super) fn slope(&self, x: f64) -> Option<f64> {
        let slope = match &self.follower {
            Some(follower) => {
                let column = follower.column_at(x)?;
                match column.answer() {
                    Some(answer) => follower.reduced_slope(answer),
                    None => self.reduced.gradient(&[x])?[0],
                }
            }
            None => self.reduced.gradient(&[x])?[0],
        };
        slope.is_finite().then_some(slope)
    }

    /// The leader's lowest value at x over all sampled y whose g exceeds the minimum by at most `slack`; `None` if
    /// there are few such y.
    pub(super) fn indulged(&self, x: f64, slack: f64) -> Option<PhiSample> {
        let follower = self.follower.as_ref()?;
        follower.stand_at(x);
        let [y, value] = follower.indulged(slack)?;
        value.is_finite().then(|| PhiSample {
            x,
            answer: vec![y],
            value,
            worst: value,
            spread: 0.0,
        })
    }
}
