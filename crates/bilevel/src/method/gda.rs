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

use super::assembly::{Factor, Operation};
use super::diagnostics::{StepDiagnostics, TermInfo, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::term_names;
use super::terms::{FOLLOWER, LEADER, STEP_SIZE, STEP_SIZE_LOWER, gradient};
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
    joint_step: true,
    parameters: &[shared::OUTER_STEP_SIZE, shared::OUTER_STEP_SIZE_LOWER],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Gda {
            step_sizes: [
                settings.get(keys::OUTER_STEP_SIZE),
                settings.get(keys::OUTER_STEP_SIZE_LOWER),
            ],
        })
    },
};

const GRADIENTS: [TermInfo; 2] = [
    TermInfo::blocks(
        term_names::GRADIENT_OF_F,
        "∇_x f",
        gradient(1, TermPoint::Before),
        LEADER,
    ),
    TermInfo::blocks(
        "gradient of g",
        "∇_y g",
        gradient(2, TermPoint::Before),
        FOLLOWER,
    ),
];

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    Operation::Move {
        level: 1,
        by: Factor::Minus("step size of x"),
        along: term_names::GRADIENT_OF_F,
    },
    Operation::Project { level: 1 },
    Operation::Move {
        level: 2,
        by: Factor::Minus("step size of y"),
        along: "gradient of g",
    },
    Operation::Project { level: 2 },
];

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
        if terms.is_enabled() {
            terms.record(&GRADIENTS[0], &self.gradient[1]);
            terms.record(&GRADIENTS[1], &self.gradient[2]);
            terms.number(&STEP_SIZE, self.method.step_sizes[0]);
            terms.number(&STEP_SIZE_LOWER, self.method.step_sizes[1]);
        }
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
