//! Three minima of the reduced objective, two of them at jumps.
//!
//! ```text
//! f(x, y) = (x − ¼)² + y²
//! g(x, y) = ⅓ y³ − x²y
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.20. y = |x| is a local minimum with g = −⅔ |x|³; the edge y = −1 has g = x²
//! − ⅓. The two are equal at |x| = ½. So φ is (x − ¼)² + 1 between −½ and ½, with its minimum 1 at ¼, and (x − ¼)² + x²
//! outside, which rises away from both jumps: 0.3125 at ½ and 0.8125 at −½.

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
    levels: &[("x", "(x - 0.25)^2 + y^2"), ("y", "y^3/3 - x^2*y")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-20",
    name: "Mitsos–Barton 3.20",
    class: Class::Jumps,
    summary: "Between $−½$ and $½$ the follower's solution is the bound $y = −1$; it jumps at both ends, and $φ$ has a \
              minimum at each.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "The smooth minimum at $x = ¼$ is the worst of the three. From $(−0.8, 0.3)$ BOME, ITD and AID-CG \
               stay on the branch $y = |x|$ past the jump and end between the jumps, with $f < 0.05$ and a gap of \
               about $0.3$.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb320)),
};

#[derive(Debug)]
struct Mb320;

impl Objectives for Mb320 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [-0.8, 0.3],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Jump,
                    [0.5, 0.5],
                    0.3125,
                    "at $x = ½$ both solutions tie; left of it the follower prefers $−1$",
                ),
                minimum(
                    Site::Jump,
                    [-0.5, 0.5],
                    0.8125,
                    "at $x = −½$ both solutions tie; right of it the follower prefers $−1$",
                ),
                minimum(
                    Site::Interior,
                    [0.25, -1.0],
                    1.0,
                    "a zero of $φ' = 2x − ½$, with the solution $−1$",
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
            y.powi(3) / 3.0 - x.square() * y
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        let size = x.abs();
        Some(if size < 0.5 {
            answer(-1.0, x * x - 1.0 / 3.0, true)
        } else {
            answer(size, -size.powi(3) / 1.5, !is_at(size, 0.5))
        })
    }
}
