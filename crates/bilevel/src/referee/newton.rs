//! A tight solve of the lowest level: regularised Newton steps in the box, from several starts.

use nalgebra::{DMatrix, DVector};

use crate::numerics::{Levels, Point, WorkToken};
use crate::problem::{Curvature, LowerSolution, Problem};

/// The most Newton steps from one start.
const STEPS: usize = 200;
/// The longest first step; later ones may be twice as long as one on which the quadratic model held. So a start leads to a
/// minimum near it.
const REACH: f64 = 1.0;
/// The most steps of the polish.
const POLISHES: usize = 5;
/// A gradient beyond this norm is left to the descent, not to the polish.
const SMALL: f64 = 1e-4;
/// Two answers count as different beyond the root of this distance, and as equally good below this difference in value.
const TIE: f64 = 1e-7;
/// How many starts are spread over the box, one third of them on its diagonal.
const SPREAD: usize = 9;
/// The farthest place that the leader's wish may name.
const FARTHEST: f64 = 1e6;

/// The best minimiser of the innermost objective found, for the upper blocks of `at`; of equally good ones, the one where
/// the leader's objective is least.
pub(super) fn minimise(
    problem: &dyn Problem,
    at: &Point,
    token: &WorkToken,
) -> Option<LowerSolution> {
    let level = at.shape().levels();
    let mut found: Vec<(f64, Point)> = starts(problem, at, token)
        .into_iter()
        .filter_map(|start| {
            let mut point = at.clone();
            point[level].copy_from_slice(&start);
            let value = descend(problem, level, &mut point, token)?;
            Some((value, point))
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let best = found.first()?.0;
    let mut answers: Vec<Point> = Vec::new();
    for (value, point) in found {
        let is_new = |answer: &Point| distance(&answer[level], &point[level]) > TIE.sqrt();
        if value - best <= TIE * (1.0 + best.abs()) && answers.iter().all(is_new) {
            answers.push(point);
        }
    }
    let favourite = answers
        .iter()
        .map(|answer| (problem.value(1, answer, token), answer))
        .min_by(|a, b| a.0.total_cmp(&b.0))?
        .1;
    let mut argmin = favourite.clone();
    polish(problem, &mut argmin, token);
    Some(LowerSolution {
        value: best.min(problem.value(level, &argmin, token)),
        argmin: argmin[level].to_vec(),
        is_unique: answers.len() == 1,
    })
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    let square: f64 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
    square.sqrt()
}

/// The lower blocks to start from: where `at` is, where the problem starts, points spread over the box, and where the
/// leader would like the follower to be: of a line or a lattice of answers, the leader's favourite is near that.
fn starts(problem: &dyn Problem, at: &Point, token: &WorkToken) -> Vec<Vec<f64>> {
    let facts = problem.facts();
    let level = at.shape().levels();
    let mut starts = vec![at[level].to_vec(), facts.start[level].to_vec()];
    if facts.lower_level.curvature != Curvature::StronglyConvex {
        let mut wish = facts.start.clone();
        for upper in 1..level {
            wish[upper].copy_from_slice(&at[upper]);
        }
        if descend(problem, 1, &mut wish, token).is_some()
            && wish[level].iter().all(|value| value.abs() <= FARTHEST)
        {
            starts.push(wish[level].to_vec());
        }
    }
    starts.retain(|start| start.iter().all(|value| value.is_finite()));
    for number in 0..SPREAD {
        let spread = facts
            .bounds
            .limits(level)
            .iter()
            .enumerate()
            .map(|(i, [low, high])| {
                let (low, high) = (low.max(-10.0), high.min(10.0));
                // the golden ratio's multiples fill the interval evenly, each coordinate with its own phase
                let share = (0.5 + 0.618_033_988_749_895 * (number * (i + 1)) as f64).fract();
                low + share * (high - low)
            });
        starts.push(spread.collect());
    }
    starts
}

/// Regularised Newton on one level's objective over the lowest block of `point`, which ends at a minimiser; `None` if the
/// value is not finite.
fn descend(
    problem: &dyn Problem,
    objective: usize,
    point: &mut Point,
    token: &WorkToken,
) -> Option<f64> {
    let level = point.shape().levels();
    problem.facts().bounds.project(level, &mut point[level]);
    let mut value = problem.value(objective, point, token);
    let mut trial = point.clone();
    let mut damping = 1e-8;
    let mut reach = REACH;
    for _ in 0..STEPS {
        if token.is_cancelled() || !value.is_finite() {
            return None;
        }
        let gradient = gradient(problem, objective, point, token);
        let free = free(problem, point, &gradient);
        let slope = DVector::from_iterator(free.len(), free.iter().map(|&i| gradient[i]));
        if slope.amax() <= 1e-14 * (1.0 + value.abs()) {
            break;
        }
        let hessian = hessian(problem, objective, point, token)
            .select_rows(&free)
            .select_columns(&free);
        let improved = loop {
            let damped = &hessian + DMatrix::identity(free.len(), free.len()) * damping;
            if let Some(step) = damped.cholesky().map(|factor| factor.solve(&slope))
                && step.norm() <= reach
            {
                trial.copy_from(point);
                for (&i, component) in free.iter().zip(step.iter()) {
                    trial[level][i] -= component;
                }
                problem.facts().bounds.project(level, &mut trial[level]);
                let next = problem.value(objective, &trial, token);
                if next < value || (next == value && step.amax() <= 1e-8) {
                    let promised = slope.dot(&step) - 0.5 * step.dot(&(&hessian * &step));
                    break Some((next, promised, step.norm()));
                }
            }
            damping *= 10.0;
            if damping > 1e16 {
                break None;
            }
        };
        let Some((next, promised, length)) = improved else {
            break;
        };
        let is_at_rest = point.values() == trial.values();
        point.copy_from(&trial);
        let gained = value - next;
        value = next;
        damping = (damping / 100.0).max(1e-14);
        if gained >= 0.5 * promised {
            reach = reach.max(2.0 * length);
        }
        if is_at_rest || (gained == 0.0 && slope.amax() <= 1e-10) {
            break;
        }
    }
    value.is_finite().then_some(value)
}

/// Newton steps that are too short for the value to judge, for as long as each at least halves the gradient. Without them
/// an answer is right to the root of the rounding error only, which differences of the reduced objective would show.
fn polish(problem: &dyn Problem, point: &mut Point, token: &WorkToken) {
    let level = point.shape().levels();
    let slope = |point: &Point| {
        let (free, gradient) = (
            free_variables(problem, point, token),
            gradient(problem, level, point, token),
        );
        let slope = DVector::from_iterator(free.len(), free.iter().map(|&i| gradient[i]));
        (free, slope)
    };
    let (mut free, mut here) = slope(point);
    let mut trial = point.clone();
    for _ in 0..POLISHES {
        if here.norm() > SMALL {
            return;
        }
        let hessian = hessian(problem, level, point, token)
            .select_rows(&free)
            .select_columns(&free);
        let Some(factor) = hessian.cholesky() else {
            return;
        };
        trial.copy_from(point);
        for (&i, component) in free.iter().zip(factor.solve(&here).iter()) {
            trial[level][i] -= component;
        }
        problem.facts().bounds.project(level, &mut trial[level]);
        let (free_there, there) = slope(&trial);
        // a step into a bound or out of it is not for rounding to decide
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

/// The lowest level's variables that its own gradient does not hold at a bound.
pub(super) fn free_variables(problem: &dyn Problem, at: &Point, token: &WorkToken) -> Vec<usize> {
    let gradient = gradient(problem, at.shape().levels(), at, token);
    free(problem, at, &gradient)
}

/// The lowest level's variables that are not held at a bound by a gradient that points outwards.
fn free(problem: &dyn Problem, at: &Point, gradient: &[f64]) -> Vec<usize> {
    let level = at.shape().levels();
    let limits = problem.facts().bounds.limits(level);
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
