//! The reduced objective at a sequence of x: minima found at one x are followed to the next.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Referee;
use super::large;
use super::nest::Nest;
use super::searched;

use crate::numerics::{Feature, Point, WorkToken};
use crate::problem::Problem;

/// The most x whose solutions are kept.
const KEPT: usize = 1 << 12;

/// φ and the point with all lower levels solved; `None` if there is none.
type Solved = Option<(f64, Point)>;

/// Evaluator of φ and of the lower-level solutions.
#[derive(Debug)]
pub(crate) struct Reduced<'a> {
    problem: &'a dyn Problem,
    referee: Referee<'a>,
    nest: Nest<'a>,
    base: Point,
    token: &'a WorkToken,
    /// The latest results by the bits of x.
    kept: RefCell<HashMap<Vec<u64>, Solved>>,
}

impl<'a> Reduced<'a> {
    /// Creates an evaluator whose nested solves start from `base`.
    pub(crate) fn new(problem: &'a dyn Problem, base: &Point, token: &'a WorkToken) -> Self {
        let region = searched::region(problem, token);
        Self {
            problem,
            referee: Referee::new(problem, token),
            nest: Nest::new(problem, region, true, token).following(),
            base: base.clone(),
            token,
            kept: RefCell::default(),
        }
    }

    /// Adds the lower blocks of a point to the starts of later searches.
    pub(crate) fn hint(&self, answered: &Point) {
        self.kept.borrow_mut().clear();
        let first = answered.shape().range(1).end;
        self.nest.hint(&[&answered.values()[first..]]);
    }

    /// φ and the solved point by a search that follows nothing but starts from given lower blocks, too.
    pub(crate) fn searched_from(&self, x: &[f64], answers: &[&[f64]]) -> Option<(f64, Point)> {
        self.nest.forget();
        self.nest.hint(answers);
        self.solved(x)
    }

    /// True if there are more than two levels.
    pub(crate) fn is_nested(&self) -> bool {
        self.base.shape().levels() > 2
    }

    /// True if ∇φ comes from differences of φ.
    pub(crate) fn has_rough_slopes(&self) -> bool {
        self.is_nested()
            && large::is_wide(&self.base)
            && self.problem.known_answers(&self.base).is_some()
    }

    /// φ, and the point with all lower levels solved.
    pub(crate) fn at(&self, x: &[f64]) -> Option<(f64, Point)> {
        let bits: Vec<u64> = x.iter().map(|value| value.to_bits()).collect();
        if let Some(solved) = self.kept.borrow().get(&bits) {
            return solved.clone();
        }
        let solved = self.solved(x);
        let mut kept = self.kept.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(bits, solved.clone());
        solved
    }

    fn solved(&self, x: &[f64]) -> Solved {
        let mut point = self.base.clone();
        point[1].copy_from_slice(x);
        self.nest.answer(2, &mut point)?;
        let value = self.problem.value(1, &point, self.token);
        value.is_finite().then_some((value, point))
    }

    /// The values of the terms of the leader's objective at whose zeros it may have a pole, for a leader of one variable
    /// and the blocks of all lower levels.
    pub(crate) fn pole_terms(&self, x: f64, answer: &[f64]) -> Vec<f64> {
        self.problem.pole_terms(1, &self.point(x, answer))
    }

    /// The features of all objectives, for a leader of one variable and the blocks of all lower levels.
    pub(super) fn features(&self, x: f64, answer: &[f64]) -> Vec<Feature> {
        self.features_at(&self.point(x, answer))
    }

    fn features_at(&self, point: &Point) -> Vec<Feature> {
        let levels = 1..=point.shape().levels();
        levels
            .flat_map(|level| self.problem.features(level, point))
            .collect()
    }

    /// The largest magnitudes of the arguments of the features over points spread over the region.
    pub(super) fn feature_scales(&self, points: usize) -> Vec<f64> {
        let region = searched::region(self.problem, self.token);
        let mut scales = vec![0.0; self.features_at(&self.base).len()];
        let mut point = self.base.clone();
        for number in 0..points {
            for level in 1..=point.shape().levels() {
                region.spread(level, number, &mut point[level]);
            }
            for (scale, feature) in scales.iter_mut().zip(self.features_at(&point)) {
                *scale = feature.argument.abs().max(*scale);
            }
        }
        scales
    }

    fn point(&self, x: f64, answer: &[f64]) -> Point {
        let mut point = self.base.clone();
        point[1][0] = x;
        let first = point.shape().range(1).end;
        point.values_mut()[first..].copy_from_slice(answer);
        point
    }

    /// ∇φ; `None` if it is unknown.
    pub(crate) fn gradient(&self, x: &[f64]) -> Option<Vec<f64>> {
        let (_, answered) = self.at(x)?;
        self.gradient_at(&answered)
    }

    /// ∇φ at a point with all lower levels solved.
    pub(crate) fn gradient_at(&self, answered: &Point) -> Option<Vec<f64>> {
        let gradient = self.referee.gradient_at(answered)?;
        let is_finite = gradient.iter().all(|one| one.is_finite());
        is_finite.then_some(gradient)
    }
}
