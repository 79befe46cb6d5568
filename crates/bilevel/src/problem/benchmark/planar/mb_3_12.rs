//! A pitchfork: one answer for negative x, two equally good ones for positive x.
//!
//! ```text
//! f(x, y) = −x + xy + 10y²
//! g(x, y) = −xy² + ½ y⁴
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.12. ∂g/∂y = 2y (y² − x): for x ≤ 0 the answer is y = 0, for x > 0 it is ±√x
//! with g = −½ x². Of the two the leader prefers −√x. So φ = −x for x ≤ 0 and 9x − x^1.5 for x > 0: its only minimum
//! is the kink at x = 0.

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
    levels: &[("x", "-x + x*y + 10*y^2"), ("y", "-x*y^2 + y^4/2")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-12",
    name: "Mitsos–Barton 3.12",
    class: Class::Ties,
    summary: "At $x = 0$ the lower-level solution bifurcates into $±√x$; the optimum lies at the bifurcation.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "The follower's Hessian vanishes at the optimum: from $(0.6, 0.5)$ the exact method and AID-CG come near \
               it and fail, since it has no inverse there.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb312)),
};

#[derive(Debug)]
struct Mb312;

impl Objectives for Mb312 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.6, 0.5],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [0.0, 0.0],
                    0.0,
                    "$φ$ is $−x$ left of $0$ and $9x − x^{1.5}$ right of it: a kink",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("At its solutions the follower's Hessian is $−2x$ left of $0$ and $4x$ right of it: it vanishes \
                       at the optimum."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            -x + x * y + y.square() * 10.0
        } else {
            -x * y.square() + y.powi(4) * 0.5
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x > 0.0 {
            answer(-x.sqrt(), -0.5 * x * x, false)
        } else {
            answer(0.0, 0.0, true)
        })
    }
}
