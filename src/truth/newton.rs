//! A tight solve of the lowest level: regularised Newton steps in the box, from several starts.

use nalgebra::{DMatrix, DVector};

use crate::problem::{Levels, LowerSolution, Point, Problem, WorkToken};

/// The most Newton steps from one start.
const STEPS: usize = 200;
/// The most steps of the polish.
const POLISHES: usize = 5;
/// A gradient beyond this norm is left to the descent, not to the polish.
const SMALL: f64 = 1e-4;
/// Two answers count as different beyond this distance, and as equally good below this difference in value.
const TIE: f64 = 1e-7;
/// How many starts are spread over the box, one third of them on its diagonal.
const SPREAD: usize = 9;

/// The best minimiser of the innermost objective found, for the upper blocks of `at`.
pub(super) fn minimise(
    problem: &dyn Problem,
    at: &Point,
    token: &WorkToken,
) -> Option<LowerSolution> {
    let level = at.shape().levels();
    let mut found: Vec<(f64, Vec<f64>)> = Vec::new();
    for start in starts(problem, at) {
        let mut point = at.clone();
        point[level].copy_from_slice(&start);
        if let Some(value) = descend(problem, &mut point, token) {
            found.push((value, point[level].to_vec()));
        }
    }
    let (value, argmin) = found.iter().min_by(|a, b| a.0.total_cmp(&b.0))?.clone();
    let is_unique = found.iter().all(|(other, y)| {
        let distance: f64 = y.iter().zip(&argmin).map(|(a, b)| (a - b).powi(2)).sum();
        other - value > TIE * (1.0 + value.abs()) || distance.sqrt() <= TIE.sqrt()
    });
    let mut best = at.clone();
    best[level].copy_from_slice(&argmin);
    polish(problem, &mut best, token);
    Some(LowerSolution {
        argmin: best[level].to_vec(),
        value: value.min(problem.value(level, &best, token)),
        is_unique,
    })
}

/// The lower blocks to start from: where `at` is, where the problem starts, and points spread over the box.
fn starts(problem: &dyn Problem, at: &Point) -> Vec<Vec<f64>> {
    let facts = problem.facts();
    let level = at.shape().levels();
    let mut starts = vec![at[level].to_vec(), facts.start[level].to_vec()];
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

/// Regularised Newton from the lower block of `point`, which ends at the minimiser; `None` if it is not finite.
fn descend(problem: &dyn Problem, point: &mut Point, token: &WorkToken) -> Option<f64> {
    let level = point.shape().levels();
    problem.facts().bounds.project(level, &mut point[level]);
    let mut value = problem.value(level, point, token);
    let mut trial = point.clone();
    let mut damping = 1e-8;
    for _ in 0..STEPS {
        if token.is_cancelled() || !value.is_finite() {
            return None;
        }
        let free = free_variables(problem, point, token);
        let gradient = gradient(problem, point, token);
        let slope = DVector::from_iterator(free.len(), free.iter().map(|&i| gradient[i]));
        if slope.amax() <= 1e-14 * (1.0 + value.abs()) {
            break;
        }
        let hessian = hessian(problem, point, token)
            .select_rows(&free)
            .select_columns(&free);
        let improved = loop {
            let damped = &hessian + DMatrix::identity(free.len(), free.len()) * damping;
            if let Some(factor) = damped.cholesky() {
                let step = factor.solve(&slope);
                trial.copy_from(point);
                for (&i, component) in free.iter().zip(step.iter()) {
                    trial[level][i] -= component;
                }
                problem.facts().bounds.project(level, &mut trial[level]);
                let next = problem.value(level, &trial, token);
                if next < value || (next == value && step.amax() <= 1e-8) {
                    break Some(next);
                }
            }
            damping *= 10.0;
            if damping > 1e16 {
                break None;
            }
        };
        let Some(next) = improved else { break };
        let is_at_rest = point.values() == trial.values();
        point.copy_from(&trial);
        let gained = value - next;
        value = next;
        damping = (damping / 100.0).max(1e-14);
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
            gradient(problem, point, token),
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
        let hessian = hessian(problem, point, token)
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

fn gradient(problem: &dyn Problem, at: &Point, token: &WorkToken) -> Vec<f64> {
    let level = at.shape().levels();
    let mut gradient = Point::zeros(at.shape());
    problem.grad(level, at, Levels::only(level), &mut gradient, token);
    gradient[level].to_vec()
}

/// The lowest level's variables that are not held at a bound by a gradient that points outwards.
pub(super) fn free_variables(problem: &dyn Problem, at: &Point, token: &WorkToken) -> Vec<usize> {
    let level = at.shape().levels();
    let gradient = gradient(problem, at, token);
    let limits = problem.facts().bounds.limits(level);
    (0..gradient.len())
        .filter(|&i| {
            let [low, high] = limits[i];
            let value = at[level][i];
            !(value <= low && gradient[i] > 0.0 || value >= high && gradient[i] < 0.0)
        })
        .collect()
}

/// The Hessian of the innermost objective in its own variables, column by column.
pub(super) fn hessian(problem: &dyn Problem, at: &Point, token: &WorkToken) -> DMatrix<f64> {
    let level = at.shape().levels();
    let size = at.shape().size(level);
    let mut hessian = DMatrix::zeros(size, size);
    let mut unit = vec![0.0; size];
    for column in 0..size {
        unit[column] = 1.0;
        problem.product(
            level,
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
