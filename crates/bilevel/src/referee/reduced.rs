//! The reduced objective at one x after another: what was found at one is followed to the next.

use super::Referee;
use super::nest::Nest;
use super::searched;

use crate::numerics::{Point, WorkToken};
use crate::problem::Problem;

/// φ and its answers.
#[derive(Debug)]
pub(crate) struct Reduced<'a> {
    problem: &'a dyn Problem,
    referee: Referee<'a>,
    nest: Nest<'a>,
    base: Point,
    token: &'a WorkToken,
}

impl<'a> Reduced<'a> {
    /// Where nested answers begin is `base`.
    pub(crate) fn new(problem: &'a dyn Problem, base: &Point, token: &'a WorkToken) -> Self {
        let region = searched::region(problem, token);
        Self {
            problem,
            referee: Referee::new(problem, token),
            nest: Nest::new(problem, region, true, token).following(),
            base: base.clone(),
            token,
        }
    }

    /// Searches from the innermost answer of a point from now on, too.
    pub(crate) fn hint(&self, answered: &Point) {
        self.nest.hint(&answered[answered.shape().levels()]);
    }

    /// φ, and the point at which all followers have answered.
    pub(crate) fn at(&self, x: &[f64]) -> Option<(f64, Point)> {
        let mut point = self.base.clone();
        point[1].copy_from_slice(x);
        self.nest.answer(2, &mut point)?;
        let value = self.problem.value(1, &point, self.token);
        value.is_finite().then_some((value, point))
    }

    /// ∇φ; `None` where it is not known.
    pub(crate) fn gradient(&self, x: &[f64]) -> Option<Vec<f64>> {
        let (_, answered) = self.at(x)?;
        self.gradient_at(&answered)
    }

    /// The same at a point at which the followers have answered.
    pub(crate) fn gradient_at(&self, answered: &Point) -> Option<Vec<f64>> {
        let gradient = self.referee.gradient_at(answered)?;
        let is_finite = gradient.iter().all(|one| one.is_finite());
        is_finite.then_some(gradient)
    }
}
