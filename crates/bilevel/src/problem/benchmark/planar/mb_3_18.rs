//! An optimum on the right edge, beyond a jump that looks like an optimum.
//!
//! ```text
//! f(x, y) = −x² + y²
//! g(x, y) = xy² − ½ y⁴
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.18. y = 0 is a minimum of g for x > 0, with g = 0; both edges y = ±1 have
//! g = x − ½, which is less below x = ½. So φ is 1 − x² below ½ and −x² from there on: it falls to the right edge, −1.
//! The value −0.25 listed in BOLIB is that at (½, 0), where φ jumps but continues to fall: it is not a minimum of these
//! formulas. The left edge is a local minimum.

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
    levels: &[("x", "-x^2 + y^2"), ("y", "x*y^2 - y^4/2")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-18",
    name: "Mitsos–Barton 3.18",
    class: Class::Jumps,
    summary: "The leader wants $x$ far from $0$ and $y$ near it; the follower's solution is $0$ only right of $x = ½$.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "The optimum is the right edge, $f = −1$. The value $−0.25$ that the library BOLIB records is that of \
               the jump at $x = ½$, from which $φ$ falls further.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb318)),
};

#[derive(Debug)]
struct Mb318;

impl Objectives for Mb318 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.3, 0.4],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Edge,
                    [1.0, 0.0],
                    -1.0,
                    "the right edge of the box: $φ = −x^2$ from $½$ on",
                ),
                minimum(
                    Site::Edge,
                    [-1.0, 1.0],
                    0.0,
                    "the left edge of the box: $φ = 1 − x^2$ below $½$",
                ),
                minimum(
                    Site::Edge,
                    [-1.0, -1.0],
                    0.0,
                    "the same with the other solution, $y = −1$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $2x − 6y^2$: for negative $x$ it has no minimum inside its box."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            -x.square() + y.square()
        } else {
            x * y.square() - y.powi(4) * 0.5
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x < 0.5 {
            answer(1.0, x - 0.5, false)
        } else {
            answer(0.0, 0.0, !is_at(x, 0.5))
        })
    }
}
