//! GDA: both players take a gradient step at the same time, each on its own objective.
//!
//! ```text
//! (x, y) ← (P(x − ξ ∇_x f(x, y)),  P(y − ξ_y ∇_y g(x, y)))      both at the old (x, y)
//! ```
//!
//! Source: Arrow, Hurwicz, Uzawa 1958, for min-max problems, where g = −f and the second step climbs f.
//! Cost per outer step: 1 gradient of f, 1 of g. Memory O(p + m).
//! Assumes: a min-max problem, curved enough in each player's own variables. On a bilinear game such as f = x y the
//! trajectory turns around the saddle point and every step leads further out, by √(1 + ξ²), until the box holds it.
//!
//! On other problems its stationary points are equilibria of two players who move at the same time: the leader ignores
//! the response of y to x.

use super::diagnostics::StepDiagnostics;
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::{Oracle, Reference, Venue};

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "gda",
    name: "GDA",
    summary: "Gradient descent-ascent: both levels step simultaneously along their own gradients; for min-max \
              problems.",
    rule: &["$(x, y) ← (x − ξ ∇_x f,\\; y − ξ_y ∇_y g)$, both at the old point"],
    source: "Arrow, Hurwicz, Uzawa 1958",
    references: &[Reference {
        key: "arrow1958studies",
        authors: &["Arrow, Kenneth J.", "Hurwicz, Leonid", "Uzawa, Hirofumi"],
        title: "Studies in Linear and Non-Linear Programming",
        year: 1958,
        venue: Venue::Book("Stanford University Press"),
        arxiv: None,
    }],
    cost: &[
        StepCost {
            call: "∇f",
            count: "1",
        },
        StepCost {
            call: "∇g",
            count: "1",
        },
    ],
    assumes: "A min-max problem with curvature; in the game $x\\, y$ it spirals outwards.",
    needs: Requirements {
        two_levels: true,
        inverse: Inverse::Never,
        unique_answer: false,
        min_max: true,
        most_variables: None,
    },
    parameters: &[shared::OUTER_STEP_SIZE, shared::OUTER_STEP_SIZE_LOWER],
    build: |settings| {
        Box::new(Gda {
            step_sizes: [
                settings.get(keys::OUTER_STEP_SIZE),
                settings.get(keys::OUTER_STEP_SIZE_LOWER),
            ],
        })
    },
};

#[derive(Clone, Copy, Debug)]
struct Gda {
    step_sizes: [f64; 2],
}

impl Method for Gda {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        Box::new(GdaState {
            method: *self,
            point: start.point.clone(),
            gradient: Point::zeros(start.point.shape()),
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &GdaState = own_state(state)?;
        Some(Box::new(GdaState {
            method: *self,
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct GdaState {
    method: Gda,
    point: Point,
    /// ∇_x f and ∇_y g.
    gradient: Point,
}

impl MethodState for GdaState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.gradient[1]
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        for level in [1, 2] {
            oracle.grad(level, &self.point, Levels::only(level), &mut self.gradient);
        }
        terms.vector("gradients", self.gradient.values());
        for level in [1, 2] {
            let step_size = self.method.step_sizes[level - 1];
            let along = &self.gradient[level];
            descend(oracle, &mut self.point, level, step_size, along);
        }
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}
