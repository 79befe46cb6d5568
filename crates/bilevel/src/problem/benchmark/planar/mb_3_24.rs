//! Two equally good answers for every x, of which the leader always prefers the upper one.
//!
//! ```text
//! f(x, y) = x² − y
//! g(x, y) = ((y − 1 − 0.1x)² − 0.5 − 0.5x)²
//! x ∈ [0, 1], y ∈ [0, 3]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.24. g is zero, its least value, at y = 1 + 0.1x ± √(0.5 + 0.5x), for every
//! x. The leader wants y large, so φ(x) = x² − 1 − 0.1x − √(0.5 + 0.5x); its minimum is the zero of φ' by Newton's
//! method in higher precision.

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
        ("x", "x^2 - y"),
        ("y", "((y - 1 - 0.1*x)^2 - 0.5 - 0.5*x)^2"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-24",
    name: "Mitsos–Barton 3.24",
    class: Class::Ties,
    summary: "The follower has two tied minima for every $x$, and the start of $y$ selects one of them.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "From below $y = 1 + 0.1x$ descent of the follower ends on the lower branch, which ties for the follower \
               and is worse for the leader; the gap does not show it.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb324)),
};

#[derive(Debug)]
struct Mb324;

impl Objectives for Mb324 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([0.0, 1.0]), Some([0.0, 3.0])],
            start: [0.8, 0.4],
            range: [[-0.1, 1.1], [-0.2, 3.2]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [0.210_662_134_023_413, 1.799_096_461_536_504],
                    -1.754_717_926_825_205,
                    "a zero of $φ'$ along the upper of the two solutions",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower has two minima of equal value for every $x$, and a maximum between them at $1 + \
                      0.1x$."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            x.square() - y
        } else {
            ((y - 1.0 - x * 0.1).square() - 0.5 - x * 0.5).square()
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        // the upper one of two roots, which the leader prefers
        (x > -1.0).then(|| answer(1.0 + 0.1 * x + (0.5 + 0.5 * x).sqrt(), 0.0, false))
    }
}
