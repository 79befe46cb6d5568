//! Logarithmic response: three levels whose answers have closed forms, although the lower levels are not quadratic.
//!
//! ```text
//! f_1 = (z − ln 2)² + 0.05 (x − 1)²,   f_2 = eᶻ/2 − x y,   f_3 = eᶻ − z (1 + y²)
//! ```
//!
//! Source: made for this app. z* = ln(1 + y²) and y* = x, so F₁ = (ln(1 + x²) − ln 2)² + 0.05 (x − 1)²: the optimum x =
//! 1 with F₁ = 0, a local minimum at x = −0.904151 (by Newton's method) and the ridge between them at x = −0.037551.

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
        ("x", "(z - log(2))^2 + 0.05*(x - 1)^2"),
        ("y", "exp(z)/2 - x*y"),
        ("z", "exp(z) - z*(1 + y^2)"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "tri-log",
    name: "Logarithmic response",
    class: Class::Levels,
    summary: "All lower-level solutions are known, $y = x$ and $z = \\ln(1 + x^2)$; the leader has two valleys, one on \
              each side of 0.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "$f_2$ alone has no curvature in $y$: all of it comes from $z^*(y)$. So the naive chain rule meets a \
               zero Hessian and fails at once.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(TriLog)),
};

#[derive(Debug)]
struct TriLog;

impl Objectives for TriLog {
    fn metadata(&self) -> Metadata {
        Trilevel {
            text: &TEXT,
            limits: Some([-4.0, 4.0]),
            start: [-2.0, 0.0, 0.0],
            range: [[-4.5, 4.5], [-4.5, 4.5]],
            minima: vec![
                minimum(
                    true,
                    [1.0, 1.0, std::f64::consts::LN_2],
                    0.0,
                    "both squares are zero",
                ),
                minimum(
                    false,
                    [
                        -0.904_151_034_815_342_8,
                        -0.904_151_034_815_342_8,
                        0.597_455_929_723_987_3,
                    ],
                    0.190_446_373_655_967_3,
                    "a zero of $F_1'$ where $F_1'$ rises",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::Unimodal,
                steepest: None,
                note: Cow::Borrowed("$H_3 = 1 + y^2$ and $H_2 = 1$ at the solutions; away from them the curvature of level 3 \
                       vanishes as $z$ falls."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y, z) = (at[1][0], at[2][0], at[3][0]);
        match level {
            1 => (z - std::f64::consts::LN_2).square() + (x - 1.0).square() * 0.05,
            2 => z.exp() * 0.5 - x * y,
            _ => z.exp() - z * (y.square() + 1.0),
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let slope = 1.0 + at[2][0] * at[2][0];
        Some(LowerSolution {
            argmin: vec![slope.ln()],
            value: slope - slope * slope.ln(),
            is_unique: true,
        })
    }

    fn closed_answers(&self, at: &Point) -> Option<Point> {
        let x = at[1][0];
        Some(Point::from_blocks(&[
            vec![x],
            vec![x],
            vec![(x * x).ln_1p()],
        ]))
    }
}
