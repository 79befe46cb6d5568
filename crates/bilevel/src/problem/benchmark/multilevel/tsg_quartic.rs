//! Trilevel quartic: a lowest level with two equally good answers, so that the start decides which problem is solved.
//!
//! ```text
//! f_1 = x + y + z + x²/2 + x y + x z,   f_2 = 1.5y² − y x − y z,   f_3 = (z² − z x − z y)²/2
//! ```
//!
//! Source: the quartic family of the code published with "A stochastic gradient method for trilevel optimization"
//! (Giovannelli, Kent, Vicente), with scalar blocks. Derived here: `f_3` is zero both at z = x + y and at z = 0, for
//! every x and y. On the branch z = x + y level 2 answers y = 2x with `f_2 = −2x²`, on z = 0 it answers y = x/3 with
//! `f_2 = −x²/6`. If level 3, which is indifferent, chooses as level 2 prefers, then y = 2x, z = 3x and F₁ = 6x +
//! 5.5x², least at x = −6/11 with −18/11. If level 3 stays at z = 0, F₁ = 4x/3 + 5x²/6, least at x = −0.8 with −8/15.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::{Trilevel, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "x + y + z + x^2/2 + x*y + x*z"),
        ("y", "1.5*y^2 - y*x - y*z"),
        ("z", "(z^2 - z*x - z*y)^2/2"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "tsg-quartic",
    name: "Trilevel quartic",
    class: Class::Levels,
    summary: "The lowest level has two tied solutions, $z = x + y$ and $z = 0$, so the problems of the levels above it \
              are not well defined.",
    source: "Giovannelli, Kent, Vicente: code of \"A stochastic gradient method for trilevel optimization\"",
    references: &[],
    look_for: "The start of level 3 selects the optimum: from $z = −0.6$ the exact method keeps to the branch $z = x + \
               y$ and ends at $x = −6/11$, from $z = 0$ it keeps to that one and ends at $x = −0.8$. Both ends are \
               minima, each on its own branch. The problem is ill-posed: a warning, not a benchmark.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(TsgQuartic)),
};

#[derive(Debug)]
struct TsgQuartic;

impl Objectives for TsgQuartic {
    fn metadata(&self) -> Metadata {
        Trilevel {
            text: &TEXT,
            limits: None,
            start: [-0.4, -0.2, -0.6],
            range: [[-1.5, 0.5], [-2.5, 1.0]],
            minima: vec![minimum(
                true,
                [-6.0 / 11.0, -12.0 / 11.0, -18.0 / 11.0],
                -18.0 / 11.0,
                "on the branch $z = x + y$, which level 2 prefers",
            )],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("Level 3 has two minima of equal value, $z = 0$ and $z = x + y$, with a ridge between them."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y, z) = (at[1][0], at[2][0], at[3][0]);
        match level {
            1 => x + y + z + x.square() * 0.5 + x * y + x * z,
            2 => y.square() * 1.5 - y * x - y * z,
            _ => (z.square() - z * x - z * y).square() * 0.5,
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        // level 2 prefers the answer with less of −y z, or if both have the same, the leader's with less of (1 + x) z
        let (x, y) = (at[1][0], at[2][0]);
        let other = x + y;
        let is_preferred = if y * other == 0.0 {
            (1.0 + x) * other < 0.0
        } else {
            y * other > 0.0
        };
        let argmin = if is_preferred { other } else { 0.0 };
        Some(LowerSolution {
            argmin: vec![argmin],
            value: 0.0,
            is_unique: other == 0.0,
        })
    }

    fn closed_answers(&self, at: &Point) -> Option<Point> {
        let x = at[1][0];
        Some(Point::from_blocks(&[vec![x], vec![2.0 * x], vec![3.0 * x]]))
    }
}
