//! L-BFGS: a minimiser for smooth functions of many variables, from gradients alone.
//!
//! Source: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989, with the step halved until the value
//! falls enough (Armijo). It trains starts and lines to compare with, and is what the referee solves large followers by; no method uses it.

use std::collections::VecDeque;

/// How many differences are remembered.
const MEMORY: usize = 20;
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
/// `None` where it is not finite or the work is cancelled. The objective fills the gradient and returns the value.
pub(crate) fn minimise(
    point: &mut [f64],
    limits: Limits,
    is_cancelled: impl Fn() -> bool,
    mut objective: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Option<f64> {
    let mut gradient = vec![0.0; point.len()];
    let mut value = objective(point, &mut gradient);
    let mut differences: VecDeque<Difference> = VecDeque::with_capacity(MEMORY);
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
        let mut direction = two_loops(&differences, &gradient);
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
            for ((trial, here), along) in trial.iter_mut().zip(&*point).zip(&direction) {
                *trial = here - length * along;
            }
            let next = objective(&trial, &mut there);
            let is_enough = next <= value - ARMIJO * length * slope;
            length *= 0.5;
            (is_enough || is_cancelled()).then_some(next)
        });
        let Some(next) = next else {
            break;
        };
        let difference = Difference::between([&*point, &trial], [&gradient, &there]);
        point.copy_from_slice(&trial);
        std::mem::swap(&mut gradient, &mut there);
        value = next;
        if let Some(difference) = difference {
            if differences.len() == MEMORY {
                differences.pop_front();
            }
            differences.push_back(difference);
        }
    }
    (value.is_finite() && !is_cancelled()).then_some(value)
}

/// A step and how the gradient changed over it.
struct Difference {
    step: Vec<f64>,
    change: Vec<f64>,
    curvature: f64,
}

impl Difference {
    /// `None` where the function is not convex along the step.
    fn between([from, to]: [&[f64]; 2], [before, after]: [&[f64]; 2]) -> Option<Self> {
        let minus =
            |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a - b).collect() };
        let (step, change) = (minus(to, from), minus(after, before));
        let curvature = dot(&step, &change);
        (curvature > f64::EPSILON * dot(&change, &change)).then_some(Self {
            step,
            change,
            curvature,
        })
    }
}

/// The inverse of the remembered curvature, times the gradient.
fn two_loops(differences: &VecDeque<Difference>, gradient: &[f64]) -> Vec<f64> {
    let mut direction = gradient.to_vec();
    let mut shares = Vec::with_capacity(differences.len());
    for difference in differences.iter().rev() {
        let share = dot(&difference.step, &direction) / difference.curvature;
        add(&mut direction, -share, &difference.change);
        shares.push(share);
    }
    if let Some(last) = differences.back() {
        let scale = last.curvature / dot(&last.change, &last.change);
        for component in &mut direction {
            *component *= scale;
        }
    }
    for (difference, share) in differences.iter().zip(shares.iter().rev()) {
        let back = dot(&difference.change, &direction) / difference.curvature;
        add(&mut direction, share - back, &difference.step);
    }
    direction
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, what: &[f64]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += factor * what;
    }
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
