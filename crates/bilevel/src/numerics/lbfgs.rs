//! L-BFGS: a minimizer for smooth functions of many variables, from gradients alone.
//!
//! Source: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989, with backtracking
//! by halves until the Armijo condition holds. It trains starts and baselines, and the referee solves large lower
//! levels with it; no method uses it.

use std::collections::VecDeque;

use super::vectors::{add, combine, dot};

/// The least and the greatest number of stored pairs (step, change of the gradient).
const MEMORY: [usize; 2] = [5, 20];
/// The most numbers in all stored pairs, a quarter of a gigabyte: with many variables fewer pairs are stored.
const MOST_NUMBERS: usize = 1 << 25;
/// Armijo's constant: the share of the predicted decrease that a step must achieve.
const ARMIJO: f64 = 1e-4;
/// The most halvings of a step before the line search gives up.
const HALVINGS: usize = 40;

/// Stopping criteria of a descent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Gradient norm at which the descent ends.
    pub(crate) tolerance: f64,
    /// The most steps.
    pub(crate) steps: usize,
}

/// Minimizes `objective` in place from `point`, until the gradient is short enough or no step decreases the value, and
/// returns the value there. The objective fills the gradient and returns the value.
///
/// `None` if the value is not finite or the work is cancelled; cancellation is polled between products of vectors.
pub(crate) fn minimise(
    point: &mut [f64],
    limits: Limits,
    is_cancelled: impl Fn() -> bool,
    mut objective: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Option<f64> {
    let mut gradient = vec![0.0; point.len()];
    let mut value = objective(point, &mut gradient);
    let memory = remembered(point.len());
    let mut differences: VecDeque<Difference> = VecDeque::with_capacity(memory);
    let mut newest = Difference::of(point.len());
    let mut direction = gradient.clone();
    let mut trial = point.to_vec();
    let mut there = gradient.clone();
    for _ in 0..limits.steps {
        if is_cancelled() || !value.is_finite() {
            return None;
        }
        let square = dot(&gradient, &gradient);
        if square.sqrt() <= limits.tolerance {
            break;
        }
        two_loops(&differences, &gradient, &mut direction, &is_cancelled)?;
        let mut slope = dot(&direction, &gradient);
        if slope <= 0.0 {
            differences.clear();
            direction.copy_from_slice(&gradient);
            slope = square;
        }
        // no curvature is known yet: the first step has length 1 at most
        let mut length = if differences.is_empty() {
            1.0 / square.sqrt().max(1.0)
        } else {
            1.0
        };
        let next = (0..HALVINGS).find_map(|_| {
            combine(&mut trial, [&*point, &direction], |here, along| {
                here - length * along
            });
            let next = objective(&trial, &mut there);
            let is_enough = next <= value - ARMIJO * length * slope;
            length *= 0.5;
            (is_enough || is_cancelled()).then_some(next)
        });
        let Some(next) = next else {
            break;
        };
        if is_cancelled() {
            return None;
        }
        let is_convex = newest.take([&*point, &trial], [&gradient, &there]);
        point.copy_from_slice(&trial);
        std::mem::swap(&mut gradient, &mut there);
        value = next;
        if is_convex {
            // memory of the oldest pair is reused
            let is_full = differences.len() == memory;
            let next = is_full.then(|| differences.pop_front()).flatten();
            let next = next.unwrap_or_else(|| Difference::of(point.len()));
            differences.push_back(std::mem::replace(&mut newest, next));
        }
    }
    (value.is_finite() && !is_cancelled()).then_some(value)
}

/// The number of pairs stored for a number of variables.
fn remembered(variables: usize) -> usize {
    (MOST_NUMBERS / (2 * variables).max(1)).clamp(MEMORY[0], MEMORY[1])
}

/// A pair of a step and the change of the gradient over it.
struct Difference {
    step: Vec<f64>,
    change: Vec<f64>,
    curvature: f64,
}

impl Difference {
    fn of(size: usize) -> Self {
        Self {
            step: vec![0.0; size],
            change: vec![0.0; size],
            curvature: 0.0,
        }
    }

    /// Sets this to the pair between two points and their gradients; false if the curvature along the step is not
    /// positive.
    fn take(&mut self, [from, to]: [&[f64]; 2], [before, after]: [&[f64]; 2]) -> bool {
        combine(&mut self.step, [to, from], |to, from| to - from);
        combine(&mut self.change, [after, before], |after, before| {
            after - before
        });
        self.curvature = dot(&self.step, &self.change);
        self.curvature > f64::EPSILON * dot(&self.change, &self.change)
    }
}

/// Writes the inverse Hessian approximation times the gradient by the two-loop recursion; `None` once the work is
/// cancelled.
fn two_loops(
    differences: &VecDeque<Difference>,
    gradient: &[f64],
    direction: &mut [f64],
    is_cancelled: impl Fn() -> bool,
) -> Option<()> {
    let goes_on = || (!is_cancelled()).then_some(());
    direction.copy_from_slice(gradient);
    let mut shares = Vec::with_capacity(differences.len());
    for difference in differences.iter().rev() {
        goes_on()?;
        let share = dot(&difference.step, direction) / difference.curvature;
        add(direction, -share, &difference.change);
        shares.push(share);
    }
    if let Some(last) = differences.back() {
        let scale = last.curvature / dot(&last.change, &last.change);
        for component in &mut *direction {
            *component *= scale;
        }
    }
    for (difference, share) in differences.iter().zip(shares.iter().rev()) {
        goes_on()?;
        let back = dot(&difference.change, direction) / difference.curvature;
        add(direction, share - back, &difference.step);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_minimum_of_a_bent_valley() {
        let mut point = vec![-1.2, 1.0];
        let limits = Limits {
            tolerance: 1e-9,
            steps: 500,
        };
        let value = minimise(
            &mut point,
            limits,
            || false,
            |x, gradient| {
                let bend = x[1] - x[0] * x[0];
                gradient[0] = -400.0 * x[0] * bend - 2.0 * (1.0 - x[0]);
                gradient[1] = 200.0 * bend;
                100.0 * bend * bend + (1.0 - x[0]).powi(2)
            },
        );
        assert!(value.is_some_and(|value| value < 1e-15), "{value:?}");
        assert!((point[0] - 1.0).abs() < 1e-7 && (point[1] - 1.0).abs() < 1e-7);
    }

    #[test]
    fn of_many_variables_fewer_differences_are_remembered() {
        assert_eq!(
            [1, 40_000, 2_602_140, 20_000_000].map(remembered),
            [20, 20, 6, 5]
        );
    }

    #[test]
    fn a_descent_that_is_cancelled_asks_for_no_further_gradient() {
        let limits = Limits {
            tolerance: 0.0,
            steps: 100,
        };
        for last in 1..6 {
            let asked = std::cell::Cell::new(0);
            let mut point = vec![-1.2, 1.0];
            let value = minimise(
                &mut point,
                limits,
                || asked.get() >= last,
                |x, gradient| {
                    asked.set(asked.get() + 1);
                    gradient[0] = x[0].powi(3);
                    gradient[1] = 10.0 * x[1];
                    0.25 * x[0].powi(4) + 5.0 * x[1] * x[1]
                },
            );
            assert_eq!((value, asked.get()), (None, last));
        }
    }

    #[test]
    fn a_cancelled_descent_has_no_answer() {
        let limits = Limits {
            tolerance: 0.0,
            steps: 10,
        };
        let mut point = vec![1.0];
        let value = minimise(
            &mut point,
            limits,
            || true,
            |x, gradient| {
                gradient[0] = 2.0 * x[0];
                x[0] * x[0]
            },
        );
        assert_eq!(value, None);
    }
}
