//! Heavy-ball momentum: u ← m u + d, and the step goes along u instead of d.
//!
//! Source: Polyak 1964, in the form without a factor on d that learning libraries use. With m = 0 the step goes along d
//! itself: the same bits, no memory, no work.

use super::diagnostics::{StepDiagnostics, TermInfo};
use crate::numerics::vectors::change;

/// Quantities of a momentum.
#[derive(Debug)]
pub(super) struct MomentumTerms {
    /// The factor m.
    pub(super) factor: TermInfo,
    /// The velocity before the step.
    pub(super) velocity: TermInfo,
}

/// The buffer u and its factor m.
#[derive(Clone, Debug)]
pub(super) struct Momentum {
    factor: f64,
    velocity: Vec<f64>,
}

impl Momentum {
    /// Creates a momentum at rest for directions with `size` components.
    pub(super) fn new(factor: f64, size: usize) -> Self {
        let is_used = factor != 0.0;
        Self {
            factor,
            velocity: vec![0.0; if is_used { size } else { 0 }],
        }
    }

    /// The same momentum with another factor, for directions with `size` components. A momentum without a factor has no
    /// velocity: it begins at rest.
    pub(super) fn with_factor(&self, factor: f64, size: usize) -> Self {
        let fresh = Self::new(factor, size);
        if fresh.velocity.len() == self.velocity.len() {
            Self {
                factor,
                velocity: self.velocity.clone(),
            }
        } else {
            fresh
        }
    }

    /// Adds a direction to u and returns the direction to step along.
    #[inline]
    pub(super) fn of<'a>(&'a mut self, direction: &'a [f64]) -> &'a [f64] {
        if self.velocity.is_empty() {
            return direction;
        }
        accumulate(&mut self.velocity, self.factor, direction);
        &self.velocity
    }

    /// Records the factor and the velocity; nothing without a momentum.
    #[inline]
    pub(super) fn report(&self, terms: &mut StepDiagnostics, names: &'static MomentumTerms) {
        if terms.is_enabled() && !self.velocity.is_empty() {
            terms.number(&names.factor, self.factor);
            terms.record(&names.velocity, &self.velocity);
        }
    }

    /// Resets u to zero.
    pub(super) fn reset(&mut self) {
        self.velocity.fill(0.0);
    }
}

/// u ← m u + d.
#[inline]
pub(super) fn accumulate(velocity: &mut [f64], factor: f64, direction: &[f64]) {
    change(velocity, direction, |velocity, component| {
        *velocity = factor * *velocity + component;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn velocities_add_up_geometrically_and_a_reset_forgets_them() {
        let mut momentum = Momentum::new(0.5, 2);
        assert_eq!(momentum.of(&[1.0, -2.0]), [1.0, -2.0]);
        assert_eq!(momentum.of(&[1.0, 0.0]), [1.5, -1.0]);
        assert_eq!(momentum.of(&[0.0, 4.0]), [0.75, 3.5]);
        momentum.reset();
        assert_eq!(momentum.of(&[1.0, 1.0]), [1.0, 1.0]);
    }

    #[test]
    fn another_factor_keeps_the_velocity() {
        let mut momentum = Momentum::new(0.5, 2);
        assert_eq!(momentum.of(&[1.0, -2.0]), [1.0, -2.0]);
        let mut longer = momentum.with_factor(2.0, 2);
        assert_eq!(longer.of(&[1.0, 0.0]), [3.0, -4.0]);
        // without a factor nothing is kept, and a new factor begins at rest
        let mut none = longer.with_factor(0.0, 2);
        assert_eq!(none.of(&[1.0, 1.0]), [1.0, 1.0]);
        assert_eq!(none.with_factor(0.5, 2).of(&[1.0, 1.0]), [1.0, 1.0]);
    }

    #[test]
    fn without_a_factor_the_direction_itself_comes_back() {
        let direction = [f64::INFINITY, -0.0];
        let mut momentum = Momentum::new(0.0, 2);
        assert!(std::ptr::eq(momentum.of(&direction), direction.as_slice()));
    }
}
