//! A follower with a second local minimum besides its answer; the leader cannot change either.
//!
//! ```text
//! f(x, y) = y
//! g(x, y) = x (16y⁴ + 2y³ − 8y² − 1.5y + 0.5)
//! x ∈ [0.1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.10. x only scales g. Its slope in y is x (64y² + 38y + 3)(y − ½), so its
//! minima are y = −½, where the bracket is 0, and y = ½, where it is −1: the answer is ½ for every x, φ = ½ is constant
//! and every x is optimal. A method that converges to y = −½ reports f = −½, which is below the optimum.

use std::borrow::Cow;
use std::sync::Arc;

use super::TEST_SET;
use super::common::{Planar, answer, flat};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo,
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
    id: "mb-3-10",
    name: "Mitsos–Barton 3.10",
    class: Class::Smooth,
    summary: "The leader wants $y$ small but only scales $g$, whose global minimum is always at $½$; there is a local \
              one at $−½$.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "The end of $y$: from $(0.5, −0.2)$ BOME, ITD, AID-CG and the exact method all end at $y = −½$, where $f \
               = −½$ looks better than the optimum $½$ and only the gap shows that it is not optimal.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb310)),
};

#[derive(Debug)]
struct Mb310;

impl Objectives for Mb310 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([0.1, 1.0]), Some([-1.0, 1.0])],
            start: [0.5, -0.2],
            range: [[0.0, 1.1], [-1.15, 1.15]],
            minima: vec![
                flat(0.5, 0.5, "$φ = ½$ for every $x$: the solution does not depend on it"),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower has two minima for every $x$, at $y = ½$ and $y = −½$, and only the first is \
                       global."),
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
        // the bracket is −1 at y = ½
        (x > 0.0).then(|| answer(0.5, -x, true))
    }
}
