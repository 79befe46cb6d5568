//! A global minimum on the edge, and a local one at a jump.
//!
//! ```text
//! f(x, y) = x + y
//! g(x, y) = ½ xy² − ⅓ y³
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.15. g at y = 1 is ½ x − ⅓, and for x > 0 there is a local minimum y = 0
//! with g = 0: the answer is 1 below x = ⅔ and 0 above. (For x < 0 the local minimum y = x is never better than y = 1,
//! since x³ − 3x + 2 = (x − 1)²(x + 2) ≥ 0.) So φ is x + 1, then x: minima at the left edge and at the jump.

use std::borrow::Cow;
use std::sync::Arc;

use super::TEST_SET;
use super::common::{Planar, answer, is_at, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[("x", "x + y"), ("y", "x*y^2/2 - y^3/3")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-15",
    name: "Mitsos–Barton 3.15",
    class: Class::Jumps,
    summary: "The follower's solution is $1$ up to $x = ⅔$ and then $0$; $φ$ has a minimum at the jump and a better \
              one at the edge.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "From $(0.9, 0.2)$ BOME ends with $y = −1$, where $f = −2$ is infeasible, and BSG-1 with the true \
               solution at the left edge, the optimum. No method stops at the jump.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb315)),
};

/// The x at which the answer jumps.
const JUMP: f64 = 2.0 / 3.0;

#[derive(Debug)]
struct Mb315;

impl Objectives for Mb315 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.9, 0.2],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Edge,
                    [-1.0, 1.0],
                    0.0,
                    "the left edge of the box: $φ = x + 1$ up to $⅔$",
                ),
                minimum(
                    Site::Jump,
                    [2.0 / 3.0, 0.0],
                    2.0 / 3.0,
                    "at $x = ⅔$ both solutions tie; left of it the follower prefers $1$, which is worse for the leader",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $x − 2y$; one of its two solutions is the bound $y = 1$."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            x + y
        } else {
            x * y.square() * 0.5 - y.powi(3) / 3.0
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x < JUMP {
            answer(1.0, 0.5 * x - 1.0 / 3.0, true)
        } else {
            answer(0.0, 0.0, !is_at(x, JUMP))
        })
    }
}
