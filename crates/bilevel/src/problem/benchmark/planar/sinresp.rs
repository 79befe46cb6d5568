//! A periodic response: the follower gives the same answer for several x.
//!
//! ```text
//! f(x, y) = (y − 0.9)² + 0.02 (x − 4)²
//! g(x, y) = ½ (y − sin x)²
//! x ∈ [−8, 8], y ∈ R
//! ```
//!
//! Source: made for this app. y*(x) = sin x, so φ(x) = (sin x − 0.9)² + 0.02 (x − 4)²: it has valleys near the
//! solutions of sin x = 0.9, of which the one nearest to x = 4 is the deepest. The minima are zeros of φ' by Newton's
//! method in higher precision; at x = −8 the slope of φ is positive.

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
        ("x", "(y - 0.9)^2 + 0.02*(x - 4)^2"),
        ("y", "(y - sin(x))^2/2"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "sinresp",
    name: "Sine response",
    class: Class::Valleys,
    summary: "The follower's solution is $\\sin x$, so $φ$ has one minimum per period.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "From $(5, −1.5)$ AID-CG ends at the bottom of the valley at $x = 7.20$, ITD beside it, at $7.05$ \
               with ten inner steps. From $(−1.2, 0.5)$ both get to the best valley.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Sinresp)),
};

#[derive(Debug)]
struct Sinresp;

impl Objectives for Sinresp {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-8.0, 8.0]), None],
            start: [-1.2, 0.5],
            range: [[-8.8, 8.8], [-2.0, 2.0]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [2.156_531_657_224_499, 0.833_305_811_516_023_6],
                    0.072_415_625_393_845_19,
                    "a zero of $φ'$, the least of the minima",
                ),
                minimum(
                    Site::Interior,
                    [7.201_451_583_065_58, 0.794_550_099_842_121_8],
                    0.216_105_526_218_204,
                    "a zero of $φ'$ where it rises",
                ),
                minimum(
                    Site::Interior,
                    [-3.894_355_656_690_898, 0.683_657_814_187_86],
                    1.293_220_966_048_526,
                    "a zero of $φ'$ where it rises",
                ),
                minimum(
                    Site::Edge,
                    [-8.0, -0.989_358_246_623_381_8],
                    6.449_674_584_083_78,
                    "the left edge of the box, where $φ$ rises inwards",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(1.0),
                note: Cow::Borrowed(
                    "The follower's Hessian is $1$ everywhere and $y^*(x) = \\sin x$.",
                ),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (y - 0.9).square() + (x - 4.0).square() * 0.02
        } else {
            (y - x.sin()).square() * 0.5
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(answer(x.sin(), 0.0, true))
    }
}
