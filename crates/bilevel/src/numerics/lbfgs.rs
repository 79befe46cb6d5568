//! L-BFGS: a minimiser for smooth functions of many variables, from gradients alone.
//!
//! Source: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989, with the step halved until the value
//! falls enough (Armijo). It trains starts and lines to compare with, and is what the referee solves large followers by; no method uses it.

use std::collections::VecDeque;

use super::vectors::{add, combine, dot};

/// How many differences are remembered at least and at most.
const MEMORY: [usize; 2] = [5, 20];
/// The most numbers in them, a quarter of a gigabyte: of many variables fewer differences are remembered.
const MOST_NUMBERS: usize = 1 << 25;
/// The share of the slope's promise that a step must keep.
const ARMIJO: f64 = 1e-4;
/// A step that has been halved so often is none.
const HALVINGS: usize = 40;

/// When a descent ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The norm of the gradient that counts as zero.
    pub(crate) tolerance: f64,
    /// The most steps.
    pub(crate) steps: usize,
}

/// Descends from `point` in place until the gradient is short enough or no step makes the value smaller, and returns the value there;
/// `None` where it is not finite or the work is cancelled, which is looked at between products of vectors. The objective fills the gradient
/// and returns the value.
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
        // the first step knows no curvature: as long as one
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
            // the oldest one's memory is used again
            let is_full = differences.len() == memory;
            let next = is_full.then(|| differences.pop_front()).flatten();
            let next = next.unwrap_or_else(|| Difference::of(point.len()));
            differences.push_back(std::mem::replace(&mut newest, next));
        }
    }
    (value.is_finite() && !is_cancelled()).then_some(value)
}

/// How many differences are remembered of so many variables.
fn remembered(variables: usize) -> usize {
    (MOST_NUMBERS / (2 * variables).max(1)).clamp(MEMORY[0], MEMORY[1])
}

/// A step and how the gradient changed over it.
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

    /// Becomes that between two points and their gradients; false where the function is not convex along the step.
    fn take(&mut self, [from, to]: [&[f64]; 2], [before, after]: [&[f64]; 2]) -> bool {
        combine(&mut self.step, [to, from], |to, from| to - from);
        combine(&mut self.change, [after, before], |after, before| {
            after - before
        });
        self.curvature = dot(&self.step, &self.change);
        self.curvature > f64::EPSILON * dot(&self.change, &self.change)
    }
}

/// Writes the inverse of the remembered curvature, times the gradient; `None` once the work is cancelled.
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
