//! Trilevel quadratic: three coupled quadratic levels with a solution in closed form.
//!
//! ```text
//! f_1 = x + y + z + x²/2 + x y + x z,   f_2 = 2y² − y x − y z,   f_3 = z²/2 − z x − z y
//! ```
//!
//! Source: the synthetic family of the code published with "A stochastic gradient method for trilevel optimization"
//! (Giovannelli, Kent, Vicente), with scalar blocks and all of h = 1. Derived here: z* = x + y, y* = x, so F₁ = 4x +
//! 3.5x², least at x = −4/7.

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
        ("y", "2*y^2 - y*x - y*z"),
        ("z", "z^2/2 - z*x - z*y"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "tsg-quadratic",
    name: "Trilevel quadratic",
    class: Class::Levels,
    summary: "Three coupled quadratics; the lower-level solutions are $y = x$ and $z = 2x$.",
    source: "Giovannelli, Kent, Vicente: code of \"A stochastic gradient method for trilevel optimization\"",
    references: &[],
    look_for: "With $z$ fixed, level 2 would choose $(x + z)/4$; it chooses $x$, because $z$ depends on $y$.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(TsgQuadratic)),
};

#[derive(Debug)]
struct TsgQuadratic;

impl Objectives for TsgQuadratic {
    fn metadata(&self) -> Metadata {
        Trilevel {
            text: &TEXT,
            limits: None,
            start: [2.0, 0.0, 0.0],
            range: [[-2.5, 2.5], [-3.0, 3.0]],
            minima: vec![minimum(
                true,
                [-4.0 / 7.0, -4.0 / 7.0, -8.0 / 7.0],
                -8.0 / 7.0,
                "the vertex of $F_1 = 4x + 3.5 x^2$",
            )],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(1.0),
                note: Cow::Borrowed("$H_3 = 1$ and $H_2 = 2$ with $z$ solved."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y, z) = (at[1][0], at[2][0], at[3][0]);
        match level {
            1 => x + y + z + x.square() * 0.5 + x * y + x * z,
            2 => y.square() * 2.0 - y * x - y * z,
            _ => z.square() * 0.5 - z * x - z * y,
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let (x, y) = (at[1][0], at[2][0]);
        let z = x + y;
        Some(LowerSolution {
            argmin: vec![z],
            value: -0.5 * z * z,
            is_unique: true,
        })
    }

    fn closed_answers(&self, at: &Point) -> Option<Point> {
        let x = at[1][0];
        Some(Point::from_blocks(&[vec![x], vec![x], vec![2.0 * x]]))
    }
}
