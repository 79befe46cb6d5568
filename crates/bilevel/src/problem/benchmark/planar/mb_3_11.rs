//! A follower that is indifferent at a single x, where the leader chooses its answer.
//!
//! ```text
//! f(x, y) = y
//! g(x, y) = x (16y⁴ + 2y³ − 8y² − 1.5y + 0.5)
//! x ∈ [−1, 1], y ∈ [−0.8, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.11. For x > 0 the answer is y = ½, as in example 3.10; for x < 0 the sign
//! of g turns and it is the greatest value of the bracket in the box, 9 at y = 1. At x = 0 every y is an answer, and
//! the leader prefers −0.8. So φ is 1, then −0.8 at a single point, then ½: the optimum is isolated, and no neighboring
//! value of φ approaches it.

use std::borrow::Cow;
use std::sync::Arc;

use super::TEST_SET;
use super::common::{Planar, answer, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "y"),
        ("y", "x*(16*y^4 + 2*y^3 - 8*y^2 - 1.5*y + 0.5)"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-11",
    name: "Mitsos–Barton 3.11",
    class: Class::Jumps,
    summary: "The follower's solution is $1$ left of $0$ and $½$ right of it; only at $x = 0$ is it indifferent, and \
              there lies the optimum.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "From $(0.6, −0.2)$ BOME, ITD, AID-CG and the exact method stop near $x = 0.6$, with the follower at its \
               local minimum $y = −½$. No gradient leads to the optimum: $φ$ is flat on both sides of it.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb311)),
};

#[derive(Debug)]
struct Mb311;

impl Objectives for Mb311 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-0.8, 1.0])],
            start: [0.6, -0.2],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Jump,
                    [0.0, -0.8],
                    -0.8,
                    "at $x = 0$ every $y$ is a solution, and the leader prefers the smallest",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("At $x = 0$ the follower's objective vanishes altogether; elsewhere its curvature changes sign \
                       within the box."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            y
        } else {
            x * (y.powi(4) * 16.0 + y.powi(3) * 2.0 - y.square() * 8.0 - y * 1.5 + 0.5)
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x > 0.0 {
            answer(0.5, -x, true)
        } else if x < 0.0 {
            answer(1.0, 9.0 * x, true)
        } else {
            answer(-0.8, 0.0, false)
        })
    }
}
