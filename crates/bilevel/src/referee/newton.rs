//! Accurate local solve of the lowest level from one start, by regularized Newton steps in the box.
//!
//! Steps, damping and slopes are measured in the widths of the searched region and in the span of the objective over
//! the starts, so that units do not matter. An end that is not stationary is no solution.

use nalgebra::{DMatrix, DVector};

use super::region::Region;
use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::Problem;

/// The most Newton steps from one start.
const STEPS: usize = 200;
/// The longest first step, in widths, so that a start leads to a minimum near it; the limit doubles while the quadratic
/// model holds.
const REACH: f64 = 0.04;
/// The first damping, and the least.
const DAMPING: [f64; 2] = [1e-8, 1e-14];
/// Slope tolerance before the polish, the length of a step that counts as none, and the largest slope at a solution.
const LEVEL: f64 = 1e-10;
const STILL: f64 = 1e-11;
const STATIONARY: f64 = 1e-7;
/// The most steps of the polish.
const POLISHES: usize = 5;
/// The largest gradient norm at which the polish starts.
const SMALL: f64 = 1e-4;
/// Share of the largest eigenvalue beyond which a negative one counts, and the length of the step along it.
const BENT: f64 = 1e-9;
const KICK: f64 = 1e-2;
/// Radii, in widths, at which the objective is sampled around a kink, and the number of directions beside the axes.
const RADII: [f64; 2] = [1e-7, 1e-4];
const AROUND: usize = 16;
/// Largest distance of a solution from its start, in widths.
const FARTHEST: f64 = 1e10;

/// Result of a descent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NewtonOutcome {
    /// A stationary point in the box.
    Minimum,
    /// The descent went beyond all scales.
    Unbounded,
    /// The caller's condition ended the descent.
    Ended,
    /// No step decreases the objective at a point that is not stationary, or the objective is undefined.
    Stuck,
}

/// Regularized Newton descent on one level's objective over the lowest block of a point.
pub(super) struct NewtonDescent<'a> {
    problem: &'a dyn Problem,
    objective: usize,
    level: usize,
    widths: Vec<f64>,
    /// Span of the objective.
    spread: f64,
    token: &'a WorkToken,
}

impl<'a> NewtonDescent<'a> {
    /// Creates a descent on an objective with span `spread`.
    pub(super) fn new(
        problem: &'a dyn Problem,
        region: &Region,
        (objective, spread): (usize, f64),
        token: &'a WorkToken,
    ) -> Self {
        let level = problem.metadata().shape().levels();
        Self {
            problem,
            objective,
            level,
            widths: region.widths(level).collect(),
            spread: if spread > 0.0 { spread } else { 1.0 },
            token,
        }
    }

    /// The indices of the free variables, and the scaled slope over them.
    fn slope(&self, point: &Point) -> (Vec<usize>, DVector<f64>) {
        let gradient = gradient(self.problem, self.objective, point, self.token);
        let free = free(self.problem, point, &gradient);
        let slopes = free
            .iter()
            .map(|&i| gradient[i] * self.widths[i] / self.spread);
        let slope = DVector::from_iterator(free.len(), slopes);
        (free, slope)
    }

    /// The scaled Hessian over some variables.
    fn hessian(&self, point: &Point, free: &[usize]) -> DMatrix<f64> {
        let all = hessian(self.problem, self.objective, point, self.token);
        DMatrix::from_fn(free.len(), free.len(), |row, column| {
            let (row, column) = (free[row], free[column]);
            all[(row, column)] * self.widths[row] * self.widths[column] / self.spread
        })
    }

    /// Descends to a minimum, in place.
    pub(super) fn from(&self, point: &mut Point) -> NewtonOutcome {
        self.descend_until(point, |_, _| false)
    }

    /// [`NewtonDescent::from`] that also ends where the objective is convex and a condition on point and value holds,
    /// with [`NewtonOutcome::Ended`].
    pub(super) fn descend_until(
        &self,
        point: &mut Point,
        mut is_done: impl FnMut(&Point, f64) -> bool,
    ) -> NewtonOutcome {
        let (level, bounds) = (self.level, &self.problem.metadata().bounds);
        bounds.project(level, &mut point[level]);
        let begin = point.clone();
        let mut value = self.problem.value(self.objective, point, self.token);
        let mut trial = point.clone();
        let [mut damping, least_damping] = DAMPING;
        let mut reach = REACH;
        for _ in 0..STEPS {
            if self.token.is_cancelled() || !value.is_finite() {
                return NewtonOutcome::Stuck;
            }
            let (free, slope) = self.slope(point);
            let hessian = self.hessian(point, &free);
            if largest(&slope) <= LEVEL {
                match self.escape(point, value, (&free, &hessian)) {
                    Some(escaped) => {
                        (*point, value) = escaped;
                        continue;
                    }
                    None => return self.classify(point, &begin),
                }
            }
            if is_done(point, value) && hessian.clone().cholesky().is_some() {
                return NewtonOutcome::Ended;
            }
            let improved = loop {
                let damped = &hessian + DMatrix::identity(free.len(), free.len()) * damping;
                if let Some(step) = damped.cholesky().map(|factor| factor.solve(&slope))
                    && step.norm() <= reach
                {
                    trial.copy_from(point);
                    for (&i, component) in free.iter().zip(step.iter()) {
                        trial[level][i] -= component * self.widths[i];
                    }
                    bounds.project(level, &mut trial[level]);
                    let next = self.problem.value(self.objective, &trial, self.token);
                    if next < value || (next == value && largest(&step) <= 1e-8) {
                        let promised = slope.dot(&step) - 0.5 * step.dot(&(&hessian * &step));
                        break Some((next, promised));
                    }
                    // the value of so short a step is all rounding
                    if largest(&step) <= STILL {
                        break None;
                    }
                }
                damping *= 10.0;
                if damping > 1e16 {
                    break None;
                }
            };
            let Some((next, promised)) = improved else {
                break;
            };
            let is_at_rest = point.values() == trial.values();
            point.copy_from(&trial);
            let gained = (value - next) / self.spread;
            value = next;
            damping = (damping / 100.0).max(least_damping);
            if gained >= 0.5 * promised {
                reach *= 2.0;
            }
            if is_at_rest || (gained == 0.0 && largest(&slope) <= 1e-9) {
                break;
            }
            if self.is_far(point, &begin) {
                return NewtonOutcome::Unbounded;
            }
        }
        self.classify(point, &begin)
    }

    /// A lower point along a direction of negative curvature at a stationary point; `None` if there is none.
    fn escape(
        &self,
        point: &Point,
        value: f64,
        (free, hessian): (&[usize], &DMatrix<f64>),
    ) -> Option<(Point, f64)> {
        if free.is_empty() {
            return None;
        }
        let eigen = hessian.clone().symmetric_eigen();
        let lowest = eigen.eigenvalues.imin();
        if eigen.eigenvalues[lowest] >= -BENT * eigen.eigenvalues.amax() {
            return None;
        }
        let along = eigen.eigenvectors.column(lowest);
        let beside = [KICK, -KICK].into_iter().map(|length| {
            let mut beside = point.clone();
            for (&i, component) in free.iter().zip(along.iter()) {
                beside[self.level][i] += length * component * self.widths[i];
            }
            let bounds = &self.problem.metadata().bounds;
            bounds.project(self.level, &mut beside[self.level]);
            let value = self.problem.value(self.objective, &beside, self.token);
            (beside, value)
        });
        let best = beside.min_by(|a, b| a.1.total_cmp(&b.1));
        best.filter(|(_, there)| *there < value)
    }

    /// True if the objective is nowhere lower at small distances along the axes and other directions, as at a minimum
    /// with a kink.
    fn is_lowest_around(&self, point: &Point, value: f64) -> bool {
        let size = self.widths.len();
        let slack = 8.0 * f64::EPSILON * (value.abs() + self.spread);
        let bounds = &self.problem.metadata().bounds;
        let is_lower = |direction: &[f64], radius: f64| {
            let mut beside = point.clone();
            for (i, one) in direction.iter().enumerate() {
                beside[self.level][i] += radius * one * self.widths[i];
            }
            bounds.project(self.level, &mut beside[self.level]);
            let there = self.problem.value(self.objective, &beside, self.token);
            there + slack < value || there.is_nan()
        };
        let directions = (0..2 * size + AROUND).map(|number| {
            let mut direction = vec![0.0; size];
            match number {
                _ if number < 2 * size => {
                    direction[number / 2] = if number % 2 == 0 { 1.0 } else { -1.0 };
                }
                _ => {
                    for (i, one) in direction.iter_mut().enumerate() {
                        *one = ((number * (i + 1)) as f64 * 2.399_963_229_728_653).cos();
                    }
                }
            }
            direction
        });
        directions
            .into_iter()
            .all(|direction| !RADII.iter().any(|radius| is_lower(&direction, *radius)))
    }

    fn is_far(&self, point: &Point, begin: &Point) -> bool {
        let pairs = point[self.level].iter().zip(&begin[self.level]);
        let far =
            |((here, there), width): ((&f64, &f64), &f64)| (here - there).abs() > FARTHEST * width;
        pairs.zip(&self.widths).any(far)
    }

    /// Classifies the end of a descent: stationary relative to the slopes of the region, or as far as the value's
    /// rounding permits.
    fn classify(&self, point: &Point, begin: &Point) -> NewtonOutcome {
        if self.is_far(point, begin) {
            return NewtonOutcome::Unbounded;
        }
        let (free, slope) = self.slope(point);
        let value = self.problem.value(self.objective, point, self.token);
        // where the value is all rounding, a Newton step that promises less than that is short enough
        let rounding = 16.0 * f64::EPSILON * value.abs() / self.spread;
        let is_level = largest(&slope) <= STATIONARY || {
            let factor = self.hessian(point, &free).cholesky();
            factor.is_some_and(|factor| slope.dot(&factor.solve(&slope)) <= rounding.max(1e-14))
        };
        if is_level || self.is_lowest_around(point, value) {
            NewtonOutcome::Minimum
        } else {
            NewtonOutcome::Stuck
        }
    }
}

/// The largest absolute entry; 0 for an empty vector.
fn largest(vector: &DVector<f64>) -> f64 {
    vector.iter().fold(0.0, |most, one| most.max(one.abs()))
}

/// Takes Newton steps that are too short to change the value, while each at least halves the gradient. Without them a
/// solution is accurate to the square root of the rounding error only, which would show in differences of the reduced
/// objective.
pub(super) fn polish(
    problem: &dyn Problem,
    region: &Region,
    spread: f64,
    point: &mut Point,
    token: &WorkToken,
) {
    let level = point.shape().levels();
    let descent = NewtonDescent::new(problem, region, (level, spread), token);
    let (mut free, mut here) = descent.slope(point);
    let mut trial = point.clone();
    for _ in 0..POLISHES {
        if here.norm() > SMALL {
            return;
        }
        let Some(factor) = descent.hessian(point, &free).cholesky() else {
            return;
        };
        trial.copy_from(point);
        for (&i, component) in free.iter().zip(factor.solve(&here).iter()) {
            trial[level][i] -= component * descent.widths[i];
        }
        problem.metadata().bounds.project(level, &mut trial[level]);
        let (free_there, there) = descent.slope(&trial);
        // rounding must not decide a step into a bound or out of it
        let is_better = free_there == free && there.norm() <= 0.5 * here.norm();
        if !is_better {
            return;
        }
        point.copy_from(&trial);
        (free, here) = (free_there, there);
    }
}

fn gradient(problem: &dyn Problem, objective: usize, at: &Point, token: &WorkToken) -> Vec<f64> {
    let level = at.shape().levels();
    let mut gradient = Point::zeros(at.shape());
    problem.grad(objective, at, Levels::only(level), &mut gradient, token);
    gradient[level].to_vec()
}

/// Indices of the lowest level's variables that its own gradient does not hold at a bound.
pub(super) fn free_variables(problem: &dyn Problem, at: &Point, token: &WorkToken) -> Vec<usize> {
    let gradient = gradient(problem, at.shape().levels(), at, token);
    free(problem, at, &gradient)
}

/// Indices of the lowest level's variables that no gradient pointing outwards holds at a bound.
fn free(problem: &dyn Problem, at: &Point, gradient: &[f64]) -> Vec<usize> {
    let level = at.shape().levels();
    let limits = problem.metadata().bounds.limits(level);
    (0..gradient.len())
        .filter(|&i| {
            let [low, high] = limits[i];
            let value = at[level][i];
            !(value <= low && gradient[i] > 0.0 || value >= high && gradient[i] < 0.0)
        })
        .collect()
}

/// The Hessian of an objective in the lowest level's variables, column by column.
pub(crate) fn hessian(
    problem: &dyn Problem,
    objective: usize,
    at: &Point,
    token: &WorkToken,
) -> DMatrix<f64> {
    let level = at.shape().levels();
    let size = at.shape().size(level);
    let mut hessian = DMatrix::zeros(size, size);
    let mut unit = vec![0.0; size];
    for column in 0..size {
        unit[column] = 1.0;
        problem.product(
            objective,
            at,
            [level, level],
            &unit,
            hessian.column_mut(column).as_mut_slice(),
            token,
        );
        unit[column] = 0.0;
    }
    hessian
}
