//! OGDA: gradient descent-ascent that corrects each step by the last one's gradient, and so spirals inwards.
//!
//! ```text
//! reference = "textbook":   x ← P(x − 2ξ ∇_x f(x, y) + ξ ∇_x f(x₋, y₋))
//!                           y ← P(y − 2ξ_y ∇_y g(x, y) + ξ_y ∇_y g(x₋, y₋))      both at the old point;
//!                           (x₋, y₋) is the point one step back, at first the start itself
//! reference = "published":  x ← x − 2ξ ∇_x f(x, y) + ξ ∇_x f(xᵣ, yᵣ)
//!                           y ← y − 2ξ_y ∇_y g(x, y) + ξ_y ∇_y g(xᵣ, yᵣ)          with the new x;
//!                           (xᵣ, yᵣ) is at first twice the start, then the point after step 1, 10, 20, 30, …
//! ```
//!
//! Source: Daskalakis, Ilyas, Syrgkanis, Zeng, ICLR 2018 (arXiv 1711.00141); for min-max problems, where g = −f.
//! Cost per outer step: 1 gradient of f, 1 of g; "published" needs 1 more of each in its first step and 1 more of g
//! whenever the reference changes. Memory O(p + m).
//! Assumes: a min-max problem, convex in x and concave in y, and ξ below 1/(2L).
//!
//! The script of the mini-max experiment of Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709) takes the last point
//! that it *recorded* for the last point, and records every tenth one; it moves y with the x that has just moved, and
//! ignores the box. "published" does just that. It reaches the origin much faster than the method it is named after,
//! since an old reference acts as friction; the textbook's form projects onto the box.

use super::assembly::{Factor, Operation};
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::term_names;
use super::terms::{FOLLOWER, LEADER, STEP_SIZE, STEP_SIZE_LOWER, gradient};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::{
    DefaultValue, Oracle, Parameter, ParameterChoice, ParameterKind, Reference, Venue,
};

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "ogda",
    name: "OGDA",
    summary: "Optimistic gradient descent-ascent: twice the current gradient minus the previous one; for min-max \
              problems.",
    rule: &[
        "$x ← x − 2ξ ∇_x f(x, y) + ξ ∇_x f(x_{−}, y_{−})$",
        "$y ← y − 2ξ_y ∇_y g(x, y) + ξ_y ∇_y g(x_{−}, y_{−})$",
    ],
    source: "Daskalakis, Ilyas, Syrgkanis, Zeng 2018 (arXiv 1711.00141)",
    references: &[Reference {
        key: "daskalakis2018training",
        authors: &[
            "Daskalakis, Constantinos",
            "Ilyas, Andrew",
            "Syrgkanis, Vasilis",
            "Zeng, Haoyang",
        ],
        title: "Training GANs with Optimism",
        year: 2018,
        venue: Venue::Proceedings("International Conference on Learning Representations"),
        arxiv: Some("1711.00141"),
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
    assumes: "A min-max problem, convex for the leader and concave for the follower.",
    needs: Requirements {
        two_levels: true,
        inverse: Inverse::Never,
        unique_answer: false,
        min_max: true,
        most_variables: None,
    },
    joint_step: true,
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::OUTER_STEP_SIZE_LOWER,
        Parameter {
            name: keys::REFERENCE.name(),
            label: "reference",
            symbol: "x_{−}",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "textbook",
                    label: "",
                    meaning: "the point one step back",
                },
                ParameterChoice {
                    name: "published",
                    label: "",
                    meaning: "the last point that the published script recorded: up to ten steps back, and no box",
                },
            ]),
            default: DefaultValue::Choice("textbook"),
            meaning: "Point of the subtracted gradient.",
        },
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Ogda {
            step_sizes: [
                settings.get(keys::OUTER_STEP_SIZE),
                settings.get(keys::OUTER_STEP_SIZE_LOWER),
            ],
            is_published: settings.is(keys::REFERENCE, "published"),
        })
    },
};

const GRADIENT_F: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇_x f(x, y)",
    gradient(1, TermPoint::Before),
    LEADER,
);
/// With the new x if the reference is the published one.
const GRADIENT_G: TermInfo = TermInfo::blocks(
    "gradient of g",
    "∇_y g(x, y)",
    gradient(2, TermPoint::Term("new x")),
    FOLLOWER,
);
const NEW_X: TermInfo = TermInfo::blocks("new x", "x", TermKind::Point, LEADER);
const REFERENCE_F: TermInfo = TermInfo::blocks(
    "reference gradient of f",
    "∇_x f(x_{−}, y_{−})",
    gradient(1, TermPoint::Earlier),
    LEADER,
);
const REFERENCE_G: TermInfo = TermInfo::blocks(
    "reference gradient of g",
    "∇_y g(x_{−}, y_{−})",
    gradient(2, TermPoint::Earlier),
    FOLLOWER,
);
const DIRECTION_X: TermInfo = TermInfo::blocks(
    "direction of x",
    "2∇_x f(x, y) − ∇_x f(x_{−}, y_{−})",
    TermKind::Direction,
    LEADER,
);
const DIRECTION_Y: TermInfo = TermInfo::blocks(
    "direction of y",
    "2∇_y g(x, y) − ∇_y g(x_{−}, y_{−})",
    TermKind::Direction,
    FOLLOWER,
);
const IN_THE_BOX: TermInfo = TermInfo::number("projected", "P", TermKind::Flag);

/// The operations of a step; the published form leaves the box.
const ASSEMBLY: &[Operation] = &[
    Operation::Take {
        to: "direction of x",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    Operation::Scale {
        to: "direction of x",
        by: Factor::Number(2.0),
    },
    Operation::Add {
        to: "direction of x",
        by: Factor::Number(-1.0),
        from: "reference gradient of f",
    },
    Operation::Move {
        level: 1,
        by: Factor::Minus("step size of x"),
        along: "direction of x",
    },
    Operation::With {
        term: "projected",
        then: &[Operation::Project { level: 1 }],
    },
    Operation::Take {
        to: "direction of y",
        from: "gradient of g",
        levels: FOLLOWER,
    },
    Operation::Scale {
        to: "direction of y",
        by: Factor::Number(2.0),
    },
    Operation::Add {
        to: "direction of y",
        by: Factor::Number(-1.0),
        from: "reference gradient of g",
    },
    Operation::Move {
        level: 2,
        by: Factor::Minus("step size of y"),
        along: "direction of y",
    },
    Operation::With {
        term: "projected",
        then: &[Operation::Project { level: 2 }],
    },
];

/// Interval between the points that the published script records, after the first one.
const RECORDED: u64 = 10;

#[derive(Clone, Copy, Debug)]
struct Ogda {
    step_sizes: [f64; 2],
    is_published: bool,
}

impl Method for Ogda {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let scratch = Point::zeros(start.point.shape());
        Box::new(OgdaState {
            method: *self,
            point: start.point.clone(),
            gradient: scratch.clone(),
            reference: scratch.clone(),
            probe: scratch,
            steps: 0,
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &OgdaState = own_state(state)?;
        Some(Box::new(OgdaState {
            method: *self,
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct OgdaState {
    method: Ogda,
    point: Point,
    /// ∇_x f and ∇_y g at the point.
    gradient: Point,
    /// ∇_x f and ∇_y g at the reference.
    reference: Point,
    /// The direction of the step.
    probe: Point,
    steps: u64,
}

impl OgdaState {
    /// Takes one player's step from its gradients at the point and at the reference; leaves the direction in `probe`.
    fn advance(&mut self, oracle: &Oracle<'_>, level: usize) {
        let step_size = self.method.step_sizes[level - 1];
        let now = &self.gradient[level];
        let then = &self.reference[level];
        for ((direction, now), then) in self.probe[level].iter_mut().zip(now).zip(then) {
            *direction = 2.0 * now - then;
        }
        let along = &self.probe[level];
        if self.method.is_published {
            for (value, component) in self.point[level].iter_mut().zip(along) {
                *value -= step_size * component;
            }
        } else {
            descend(oracle, &mut self.point, level, step_size, along);
        }
    }

    /// Records the gradients and directions of a step.
    #[cold]
    #[inline(never)]
    fn report(&self, terms: &mut StepDiagnostics) {
        terms.record(&GRADIENT_F, &self.gradient[1]);
        terms.record(&GRADIENT_G, &self.gradient[2]);
        terms.record(&REFERENCE_F, &self.reference[1]);
        terms.record(&REFERENCE_G, &self.reference[2]);
        terms.record(&DIRECTION_X, &self.probe[1]);
        terms.record(&DIRECTION_Y, &self.probe[2]);
        terms.number(&STEP_SIZE, self.method.step_sizes[0]);
        terms.number(&STEP_SIZE_LOWER, self.method.step_sizes[1]);
        if self.method.is_published {
            terms.record(&NEW_X, &self.point[1]);
        } else {
            terms.number(&IN_THE_BOX, 1.0);
        }
    }

    fn textbook(&mut self, oracle: &mut Oracle<'_>, terms: &mut StepDiagnostics) {
        for level in [1, 2] {
            oracle.grad(level, &self.point, Levels::only(level), &mut self.gradient);
        }
        if self.steps == 0 {
            self.reference.copy_from(&self.gradient);
        }
        for level in [1, 2] {
            self.advance(oracle, level);
        }
        if terms.is_enabled() {
            self.report(terms);
        }
        self.reference.copy_from(&self.gradient);
    }

    fn published(&mut self, oracle: &mut Oracle<'_>, terms: &mut StepDiagnostics) {
        oracle.grad(1, &self.point, Levels::only(1), &mut self.gradient);
        if self.steps == 0 {
            self.probe.copy_from(&self.point);
            for value in self.probe.values_mut() {
                *value *= 2.0;
            }
            for level in [1, 2] {
                oracle.grad(level, &self.probe, Levels::only(level), &mut self.reference);
            }
        } else if self.steps == 1 || self.steps.is_multiple_of(RECORDED) {
            self.reference[1].copy_from_slice(&self.gradient[1]);
            oracle.grad(2, &self.point, Levels::only(2), &mut self.reference);
        }
        self.advance(oracle, 1);
        oracle.grad(2, &self.point, Levels::only(2), &mut self.gradient);
        self.advance(oracle, 2);
        if terms.is_enabled() {
            self.report(terms);
        }
    }
}

impl MethodState for OgdaState {
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
        if self.method.is_published {
            self.published(oracle, terms);
        } else {
            self.textbook(oracle, terms);
        }
        self.steps += 1;
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}
