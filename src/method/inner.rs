//! The follower's own descent, shared by all methods that solve the lower level approximately.

use crate::problem::{Levels, Oracle, Point, Settings};

/// T projected gradient steps on the lower level: y ← P(y − α ∇_y g(x, y)).
#[derive(Clone, Copy, Debug)]
pub(super) struct Descent {
    pub(super) steps: usize,
    pub(super) step_size: f64,
}

impl Descent {
    /// Reads `inner_steps` and `inner_step_size`.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            steps: settings.integer_at("inner_steps", 2),
            step_size: settings.number_at("inner_step_size", 2),
        }
    }

    /// Runs all steps on the block of level 2 in place; `gradient` is scratch space. Costs T gradients of g.
    pub(super) fn run(self, oracle: &mut Oracle<'_>, at: &mut Point, gradient: &mut Point) {
        for _ in 0..self.steps {
            if oracle.is_cancelled() {
                return;
            }
            self.step(oracle, at, gradient);
        }
    }

    /// One of the steps.
    pub(super) fn step(self, oracle: &mut Oracle<'_>, at: &mut Point, gradient: &mut Point) {
        oracle.grad(2, at, Levels::only(2), gradient);
        descend(oracle, at, 2, self.step_size, &gradient[2]);
    }
}

/// Moves the block of a level against a direction and back into the box.
pub(super) fn descend(
    oracle: &Oracle<'_>,
    at: &mut Point,
    level: usize,
    step_size: f64,
    direction: &[f64],
) {
    let block = &mut at[level];
    for (value, component) in block.iter_mut().zip(direction) {
        *value -= step_size * component;
    }
    oracle.bounds().project(level, block);
}

/// ⟨a, b⟩.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// ‖a‖.
pub(super) fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}
