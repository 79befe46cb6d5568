//! Minimization in a box by spectral projected gradients.
//!
//! ```text
//! y ← P(y − s ∇h(y)),   s = ⟨Δy, Δy⟩ / ⟨Δy, Δ∇h⟩ (Barzilai and Borwein), halved until h has fallen enough
//! ```
//!
//! Source: Birgin, Martínez, Raydan, SIAM J. Optim. 2000, with a line search that compares with the largest of the last few
//! values.

use super::vectors::dot;

/// The most steps.
const STEPS: usize = 2000;
/// The number of last values that a step is compared with.
const MEMORY: usize = 8;
/// The share of the predicted decrease that a step must reach.
const DECREASE: f64 = 1e-4;
/// The bounds of a step size.
const STEP: [f64; 2] = [1e-12, 1e12];

/// Minimizes a function over a box from `point`, in place, and returns the value there: that of a local minimizer, reached by
/// descent. `objective` fills the gradient and returns the value; `project` moves a point to the nearest one of the box.
///
/// `None` if the value at an accepted point is not finite; an objective that is NaN ends the work.
pub(crate) fn minimize_in_box(
    point: &mut [f64],
    project: impl Fn(&mut [f64]),
    mut objective: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Option<f64> {
    project(point);
    let mut gradient = vec![0.0; point.len()];
    let mut value = objective(point, &mut gradient);
    let mut last = vec![value; 1];
    let mut there = gradient.clone();
    let mut trial = point.to_vec();
    let mut step = 1.0 / dot(&gradient, &gradient).sqrt().max(1.0);
    for _ in 0..STEPS {
        if !value.is_finite() {
            return None;
        }
        let most = last.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut is_taken = false;
        for _ in 0..60 {
            for ((trial, at), slope) in trial.iter_mut().zip(&*point).zip(&gradient) {
                *trial = at - step * slope;
            }
            project(&mut trial);
            let moved = difference(&trial, point);
            let predicted = dot(&moved, &gradient);
            // rounding, or a stationary point
            if predicted >= -1e-16 * (1.0 + value.abs()) {
                return Some(value);
            }
            let next = objective(&trial, &mut there);
            if next <= most + DECREASE * predicted {
                let turned = difference(&there, &gradient);
                let curvature = dot(&moved, &turned);
                step = if curvature > 0.0 {
                    (dot(&moved, &moved) / curvature).clamp(STEP[0], STEP[1])
                } else {
                    (4.0 * step).min(STEP[1])
                };
                point.copy_from_slice(&trial);
                gradient.copy_from_slice(&there);
                value = next;
                is_taken = true;
                break;
            }
            step *= 0.5;
        }
        if !is_taken {
            return Some(value);
        }
        if last.len() == MEMORY {
            last.remove(0);
        }
        last.push(value);
    }
    Some(value)
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_minimum_of_a_stretched_bowl_inside_and_at_the_edge() {
        // h = (a − 3)² + 100 (b + 1)²; in the box [0, 2] × [0, 2] the least value is at (2, 0)
        let bowl = |at: &[f64], slope: &mut [f64]| {
            slope[0] = 2.0 * (at[0] - 3.0);
            slope[1] = 200.0 * (at[1] + 1.0);
            (at[0] - 3.0).powi(2) + 100.0 * (at[1] + 1.0).powi(2)
        };
        let mut free = [0.5, 0.5];
        let value = minimize_in_box(&mut free, |_| (), bowl).expect("a minimum");
        assert!(value < 1e-16 && (free[0] - 3.0).abs() < 1e-8 && (free[1] + 1.0).abs() < 1e-8);
        let mut held = [0.5, 0.5];
        let project = |at: &mut [f64]| at.iter_mut().for_each(|at| *at = at.clamp(0.0, 2.0));
        let value = minimize_in_box(&mut held, project, bowl).expect("a minimum");
        assert_eq!((held, value), ([2.0, 0.0], 101.0));
    }

    #[test]
    fn returns_nothing_if_the_value_is_not_finite() {
        let undefined = |_: &[f64], _: &mut [f64]| f64::NAN;
        assert_eq!(minimize_in_box(&mut [0.0], |_| (), undefined), None);
    }
}
