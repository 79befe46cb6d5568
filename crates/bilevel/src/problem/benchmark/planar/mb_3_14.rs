//! An optimum at a jump, left of which the follower's answer is the other end of its box.
//!
//! ```text
//! f(x, y) = (x − ¼)² + y²
//! g(x, y) = ⅓ y³ − xy
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.14. For x > 0 y = √x is a local minimum with g = −⅔ x^1.5; the edge y = −1
//! has g = x − ⅓. The two are equal at x = ¼ (2s³ + 3s² = 1 with s = √x = ½). So φ = (x − ¼)² + 1 left of ¼ and (x −
//! ¼)² + x from there on: it falls towards the jump on the left, and rises from it on the right.

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
    levels: &[("x", "(x - 0.25)^2 + y^2"), ("y", "y^3/3 - x*y")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-14",
    name: "Mitsos–Barton 3.14",
    class: Class::Jumps,
    summary: "The follower's solution is $−1$ below $x = ¼$ and $√x$ above it; the optimum lies at this jump.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "From $(0.8, 0.3)$ BOME and ITD pass the jump along $y = √x$, to $x = 0.11$ and $f = 0.13$; the gap of \
               $0.2$ shows that the follower is not optimal there.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb314)),
};

#[derive(Debug)]
struct Mb314;

impl Objectives for Mb314 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.8, 0.3],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Jump,
                    [0.25, 0.5],
                    0.25,
                    "at $x = ¼$ both solutions tie; left of it the follower prefers $−1$, which is worse for the \
                     leader",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower is convex only for $y > 0$; its other solution is the bound $y = −1$."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x - 0.25).square() + y.square()
        } else {
            y.powi(3) / 3.0 - x * y
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x < 0.25 {
            answer(-1.0, x - 1.0 / 3.0, true)
        } else {
            answer(x.sqrt(), -x.powf(1.5) / 1.5, !is_at(x, 0.25))
        })
    }
}
