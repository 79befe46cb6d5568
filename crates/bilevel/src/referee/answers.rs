//! What the leader gets at one x of a leader of one variable: by every stationary point of a follower of one variable, else by
//! the referee.

use super::Referee;
use super::follower::Follower;
use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// What the leader gets at one x.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) x: f64,
    /// The blocks of all lower levels.
    pub(super) answer: Vec<f64>,
    /// φ: of equally good answers the leader's favourite.
    pub(super) value: f64,
    /// The same with the worst of them.
    pub(super) worst: f64,
    /// How much g differs over y; 0 where that is not known.
    pub(super) spread: f64,
}

impl Sample {
    /// How far the answers are apart, in the variable where they differ most.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        let pairs = self.answer.iter().zip(&other.answer);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }
}

/// The answers to a leader of one variable.
#[derive(Debug)]
pub(super) struct Answers<'a> {
    problem: &'a dyn Problem,
    referee: Referee<'a>,
    base: &'a Point,
    token: &'a WorkToken,
    follower: Option<Follower<'a>>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(problem: &'a dyn Problem, base: &'a Point, token: &'a WorkToken) -> Self {
        Self {
            problem,
            referee: Referee::new(problem, token),
            base,
            token,
            follower: Follower::new(problem, None, token),
        }
    }

    /// Whether the worst of equally good answers is known, too.
    pub(super) fn knows_the_worst(&self) -> bool {
        self.follower.as_ref().is_some_and(Follower::is_boxed)
    }

    fn point(&self, x: f64) -> Point {
        let mut point = self.base.clone();
        point[1][0] = x;
        point
    }

    pub(super) fn at(&self, x: f64) -> Option<Sample> {
        if let Some(follower) = &self.follower {
            let column = follower.column(x)?;
            if let Some(answer) = column.answer() {
                return Some(Sample {
                    x,
                    answer: vec![answer.y],
                    value: column.upper[0],
                    worst: column.upper[1],
                    spread: column.spread,
                });
            }
        }
        let answered = self.referee.answered(&self.point(x))?;
        let value = self.problem.value(1, &answered, self.token);
        let first = answered.shape().range(1).end;
        value.is_finite().then(|| Sample {
            x,
            answer: answered.values()[first..].to_vec(),
            value,
            worst: value,
            spread: 0.0,
        })
    }

    /// dφ/dx; `None` where it is not known.
    pub(super) fn slope(&self, x: f64) -> Option<f64> {
        let slope = match &self.follower {
            Some(follower) => {
                let column = follower.column(x)?;
                match column.answer() {
                    Some(answer) => follower.reduced_slope(x, answer),
                    None => self.referee.reduced_gradient(&self.point(x))?[0],
                }
            }
            None => self.referee.reduced_gradient(&self.point(x))?[0],
        };
        slope.is_finite().then_some(slope)
    }

    /// The least that the leader gets at a jump if the follower does not mind such differences.
    pub(super) fn indulged(&self, x: f64, slack: f64) -> Option<Sample> {
        let [y, value] = self.follower.as_ref()?.indulged(x, slack)?;
        value.is_finite().then(|| Sample {
            x,
            answer: vec![y],
            value,
            worst: value,
            spread: 0.0,
        })
    }
}
