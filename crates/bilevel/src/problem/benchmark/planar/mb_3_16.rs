//! Two optima of the same value: one on the edge, one at a jump.
//!
//! ```text
//! f(x, y) = 2x + y
//! g(x, y) = −½ xy² − ¼ y⁴
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.16. y = 0 is a minimum of g for x < 0, with g = 0; both edges y = ±1 have
//! g = −½ x − ¼, which is less from x = −½ on. Of the edges the leader prefers −1. So φ is 2x below −½ and 2x − 1 from
//! there on: it is −2 both at x = −1 and at x = −½.

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
    levels: &[("x", "2*x + y"), ("y", "-x*y^2/2 - y^4/4")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-16",
    name: "Mitsos–Barton 3.16",
    class: Class::Jumps,
    summary: "The follower's solution is $0$ and jumps to either of two tied bounds at $x = −½$; the optimum $f = −2$ \
              is attained twice.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "From $(0.4, 0.3)$ BOME ends at the optimum on the edge, $y = 0$; ITD gets to the same edge with $y \
               = 1$, where the gap is $0.25$.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb316)),
};

#[derive(Debug)]
struct Mb316;

impl Objectives for Mb316 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.4, 0.3],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Edge,
                    [-1.0, 0.0],
                    -2.0,
                    "the left edge of the box: $φ = 2x$ below $−½$",
                ),
                minimum(
                    Site::Jump,
                    [-0.5, -1.0],
                    -2.0,
                    "at $x = −½$ the edges become as good as $0$; from there on $φ = 2x − 1$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $−x − 3y^2$: beyond $x = 0$ it has no minimum inside its box at all."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            x * 2.0 + y
        } else {
            x * y.square() * -0.5 - y.powi(4) * 0.25
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x < -0.5 {
            answer(0.0, 0.0, true)
        } else {
            answer(-1.0, -0.5 * x - 0.25, false)
        })
    }
}
