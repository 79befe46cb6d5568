//! Two wells of almost equal depth for the leader, above a follower whose response flattens.
//!
//! ```text
//! f(x, y) = (y² − 1)² + 0.2 y + 0.02 x²
//! g(x, y) = ½ y² + ¼ y⁴ − xy
//! x ∈ [−4, 4], y ∈ R
//! ```
//!
//! Source: made for this app. The answer solves y + y³ = x, one real root, in closed form by the hyperbolic sine; it
//! grows ever more slowly with x. f has two wells at y = ±1 and a slight tilt to the left. The minima are zeros of φ'
//! by Newton's method in higher precision; φ falls inwards at both edges.

use std::borrow::Cow;
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
        ("x", "(y^2 - 1)^2 + 0.2*y + 0.02*x^2"),
        ("y", "y^2/2 + y^4/4 - x*y"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "tanh-doublewell",
    name: "Double well",
    class: Class::Valleys,
    summary: "The leader's objective has two slightly tilted wells in $y$; the follower's response saturates.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "From $(3, 0)$ BOME, ITD and AID-CG end in the right well, though the left one is better; BSG-1 \
               climbs to the edge of the box.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(TanhDoublewell)),
};

#[derive(Debug)]
struct TanhDoublewell;

impl Objectives for TanhDoublewell {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-4.0, 4.0]), None],
            start: [3.0, 0.0],
            range: [[-4.4, 4.4], [-1.8, 1.8]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [-1.946_830_837_832_416, -0.986_573_103_450_320_9],
                    -0.120_800_138_249_036_05,
                    "a zero of $φ'$ in the left well",
                ),
                minimum(
                    Site::Interior,
                    [1.760_433_800_239_164, 0.937_213_742_070_717_1],
                    0.264_219_246_325_964_3,
                    "a zero of $φ'$ in the right well",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $1 + 3y^2$: its solution is unique and smooth, and implicit gradients \
                       are exact."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (y.square() - 1.0).square() + y * 0.2 + x.square() * 0.02
        } else {
            y.square() * 0.5 + y.powi(4) * 0.25 - x * y
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        // the real root of y³ + y = x
        let y = 2.0 / 3.0_f64.sqrt() * ((1.5 * 3.0_f64.sqrt() * x).asinh() / 3.0).sinh();
        Some(answer(y, 0.5 * y * y + 0.25 * y.powi(4) - x * y, true))
    }
}
