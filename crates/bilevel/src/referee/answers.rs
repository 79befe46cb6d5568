//! Lower-level solutions over a leader of one variable: all stationary points for a follower of one variable, else the
//! referee's solution.

use super::follower::Follower;
use super::large;
use super::obstacles::{are_answers_continuous, is_continuous, may_hide_minima, obstacles};
use super::reduced::Reduced;
use super::searched;
use crate::numerics::{Feature, Point, WorkToken};
use crate::problem::Problem;

/// The points over which the scales of features are measured, and the factor for solutions of several variables or
/// levels, which are that much less accurate.
const SCALED: usize = 24;
const ROUGH: f64 = 1e5;

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
    /// The least excess of g at other points that may come to be solutions, if all stationary points are known.
    pub(super) excess: Option<f64>,
}

impl PhiSample {
    fn of(x: f64, (value, answered): &(f64, Point)) -> Self {
        let first = answered.shape().range(1).end;
        Self {
            x,
            answer: answered.values()[first..].to_vec(),
            value: *value,
            worst: *value,
            spread: 0.0,
            excess: None,
        }
    }

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
    /// Solver of searches that follow nothing; `None` if no solution can be missed.
    independent: Option<Reduced<'a>>,
    /// True if slopes come from differences of values.
    pub(super) has_rough_slopes: bool,
    /// False if an objective jumps, so that minima cannot be found by slopes.
    pub(super) is_continuous: bool,
    /// True if an objective turns so fast that lower-level solutions may be missed.
    pub(super) hides_minima: bool,
}

impl<'a> AnswersOverX<'a> {
    pub(super) fn new(problem: &'a dyn Problem, base: &Point, token: &'a WorkToken) -> Self {
        let reduced = Reduced::new(problem, base, token);
        let region = searched::region(problem, token);
        let is_plain = problem.metadata().shape().levels() == 2;
        let follower = (is_plain && are_answers_continuous(problem, &region, token))
            .then(|| Follower::new(problem, &region, None, token))
            .flatten()
            .map(|follower| follower.resolving(obstacles(problem, &region, token).is_narrow));
        let is_closed_form = if is_plain {
            problem.known_reaction(base).is_some()
        } else {
            problem.known_answers(base).is_some()
        };
        let may_miss = follower.is_none() && !is_closed_form && !large::is_large(base);
        Self {
            has_rough_slopes: reduced.has_rough_slopes(),
            is_continuous: is_continuous(problem, &region, token),
            hides_minima: may_hide_minima(problem, &region, token),
            reduced,
            follower,
            independent: may_miss.then(|| Reduced::new(problem, base, token)),
        }
    }

    /// Adds the lower blocks of a point to the starts of later searches.
    pub(super) fn hint(&self, answered: &Point) {
        self.reduced.hint(answered);
    }

    /// The values at a sample of the terms of the leader's objective at whose zeros it may have a pole.
    pub(super) fn pole_terms(&self, sample: &PhiSample) -> Vec<f64> {
        self.reduced.pole_terms(sample.x, &sample.answer)
    }

    /// The features of all objectives at a sample.
    pub(super) fn features(&self, sample: &PhiSample) -> Vec<Feature> {
        self.reduced.features(sample.x, &sample.answer)
    }

    /// The largest magnitudes of the arguments of the features over some points of the region: along solutions an argument
    /// may be 0 but for rounding.
    pub(super) fn feature_scales(&self) -> Vec<f64> {
        let mut scales = self.reduced.feature_scales(SCALED);
        if self.follower.is_none() {
            for scale in &mut scales {
                *scale *= ROUGH;
            }
        }
        scales
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
                    excess: follower.least_excess(&column),
                });
            }
        }
        Some(PhiSample::of(x, &self.reduced.at(&[x])?))
    }

    /// True if a search may miss a lower-level solution.
    pub(super) fn may_miss(&self) -> bool {
        self.independent.is_some()
    }

    /// The sample at x by a search of its own, which starts from the answers of some samples, too; that of
    /// [`AnswersOverX::at`] if no solution can be missed.
    pub(super) fn searched_from(&self, x: f64, samples: &[&PhiSample]) -> Option<PhiSample> {
        let Some(independent) = &self.independent else {
            return self.at(x);
        };
        let answers: Vec<&[f64]> = samples.iter().map(|one| &one.answer[..]).collect();
        Some(PhiSample::of(
            x,
            &independent.searched_from(&[x], &answers)?,
        ))
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

    /// The leader's lowest value at x over all y whose g exceeds the minimum by at most `slack`; `None` if they are
    /// unknown.
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
            excess: None,
        })
    }
}
