//! A rippled leader's objective above a follower with a nonlinear response.
//!
//! ```text
//! f(x, y) = (y − 1)² + ½ (1 − cos 2πy) + 0.05 x²
//! g(x, y) = ½ (y − x)² + 0.025 y⁴
//! x ∈ [−3, 5], y ∈ R
//! ```
//!
//! Source: made for this app. The answer solves y + 0.1 y³ = x, one real root, in closed form by the hyperbolic sine. f
//! ripples with period 1 in y, so φ has minima where y is near an integer: three of them, zeros of φ' by Newton's
//! method in higher precision. The edges are not minima: φ does not rise inwards there.

use std::borrow::Cow;
use std::f64::consts::TAU;
use std::sync::Arc;

use super::common::{Planar, answer, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "(y - 1)^2 + (1 - cos(2*pi*y))/2 + 0.05*x^2"),
        ("y", "(y - x)^2/2 + 0.025*y^4"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "rastrigin-response",
    name: "Rippled response",
    class: Class::Valleys,
    summary: "The leader's objective oscillates in $y$, and the follower's solution grows slower than $x$: $φ$ has \
              three minima.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "From $(4, 0)$ with default step sizes BOME ends in the best valley, AID-CG in the one at $x = \
               2.53$ over which it starts; BSG-1 is driven to the edge of the box.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(RastriginResponse)),
};

#[derive(Debug)]
struct RastriginResponse;

impl Objectives for RastriginResponse {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-3.0, 5.0]), None],
            start: [4.0, 0.0],
            range: [[-3.5, 5.5], [-3.0, 4.0]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [1.091_550_272_737_292, 0.993_490_452_352_163_3],
                    0.060_034_632_502_966_17,
                    "a zero of $φ'$, the least of three minima",
                ),
                minimum(
                    Site::Interior,
                    [0.096_976_946_451_104_94, 0.096_886_000_559_294_48],
                    0.905_904_162_188_086_8,
                    "a zero of $φ'$ where it rises",
                ),
                minimum(
                    Site::Interior,
                    [2.528_063_319_891_147, 1.872_020_784_152_794],
                    1.233_101_772_690_585,
                    "a zero of $φ'$ where it rises",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $1 + 0.3y^2$: its solution is unique and smooth, and implicit \
                       gradients are exact."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (y - 1.0).square() + (-(y * TAU).cos() + 1.0) * 0.5 + x.square() * 0.05
        } else {
            (y - x).square() * 0.5 + y.powi(4) * 0.025
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        // the real root of y³ + 10y = 10x
        let y = 2.0 * (10.0_f64 / 3.0).sqrt() * ((1.5 * 0.3_f64.sqrt() * x).asinh() / 3.0).sinh();
        Some(answer(y, 0.5 * (y - x).powi(2) + 0.025 * y.powi(4), true))
    }
}
