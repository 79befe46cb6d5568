//! A pitchfork with two branches that the leader values equally.
//!
//! ```text
//! f(x, y) = (x + ½)² + ½ y²
//! g(x, y) = ½ xy² + ¼ y⁴
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.17. ∂g/∂y = y (x + y²): the answer is y = 0 for x ≥ 0 and ±√−x for x < 0,
//! with g = −¼ x². f is the same on both branches, so φ = (x + ½)² − ½ x for x < 0 and (x + ½)² for x ≥ 0, with one
//! minimum at x = −¼, y = ±½.

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
    levels: &[("x", "(x + 0.5)^2 + y^2/2"), ("y", "x*y^2/2 + y^4/4")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-17",
    name: "Mitsos–Barton 3.17",
    class: Class::Ties,
    summary: "For negative $x$ the follower has two tied solutions, $√−x$ and $−√−x$, equivalent for the leader.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "Which of the two optima a run ends in is decided by the side on which $y$ starts; from $y = 0$ the \
               follower's gradient is zero for every $x$.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb317)),
};

#[derive(Debug)]
struct Mb317;

impl Objectives for Mb317 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.5, 0.6],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [-0.25, 0.5],
                    0.1875,
                    "a zero of $φ' = 2x + ½$, with the solution $√−x$",
                ),
                minimum(
                    Site::Interior,
                    [-0.25, -0.5],
                    0.1875,
                    "the same with the other solution, $−√−x$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("At its solutions the follower's Hessian is $x$ right of $0$ and $−2x$ left of it; it vanishes \
                       at $x = 0$, where the solution bifurcates."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x + 0.5).square() + y.square() * 0.5
        } else {
            x * y.square() * 0.5 + y.powi(4) * 0.25
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x < 0.0 {
            answer((-x).sqrt(), -0.25 * x * x, false)
        } else {
            answer(0.0, 0.0, true)
        })
    }
}
