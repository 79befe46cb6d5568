//! Waving response: the leader's objective is convex, but the answers oscillate, so F₁ has three valleys.
//!
//! ```text
//! f_1 = (z − 0.6)² + 0.05 (x − 2)²,   f_2 = (y − sin x)²/2 + 0.1 y z,   f_3 = cosh z − y z,   x ∈ [−6, 8]
//! ```
//!
//! Source: made for this app. z* = asinh y, and y* is the zero of (y − sin x) + 0.1 asinh y + 0.1 y/√(1 + y²), which
//! increases in y, so answers are unique. The minima of F₁ are zeros of its derivative, computed to thirty digits; the
//! ridges lie at x = −1.774987 and 4.866798.

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
        ("x", "(z - 0.6)^2 + 0.05*(x - 2)^2"),
        ("y", "(y - sin(x))^2/2 + 0.1*y*z"),
        ("z", "cosh(z) - y*z"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "tri-cosresp",
    name: "Oscillating response",
    class: Class::Levels,
    summary: "A convex leader's objective and lower-level solutions that oscillate: three minima, of which the middle \
              one is the best.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "Truncation helps: with one or three inner steps ITD descends a flattened objective without ridges and \
               ends near the best minimum; with fifty it is trapped like the exact method.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(TriCosresp)),
};

#[derive(Debug)]
struct TriCosresp;

impl Objectives for TriCosresp {
    fn metadata(&self) -> Metadata {
        Trilevel {
            text: &TEXT,
            limits: Some([-6.0, 8.0]),
            start: [7.5, 0.0, 0.0],
            range: [[-6.5, 8.5], [-3.0, 3.0]],
            minima: vec![
                minimum(
                    true,
                    [
                        2.236_909_472_088_638,
                        0.668_050_190_984_110_4,
                        0.626_295_911_509_582_2,
                    ],
                    0.003_497_779_860_385_643,
                    "the least of the three zeros of $F_1'$ where it rises",
                ),
                minimum(
                    false,
                    [
                        6.646_186_328_095_857,
                        0.297_279_245_347_743_14,
                        0.293_066_063_733_791_9,
                    ],
                    1.173_560_811_001_112,
                    "a zero of $F_1'$ where it rises",
                ),
                minimum(
                    false,
                    [
                        -3.448_295_667_798_576_6,
                        0.252_454_898_070_308,
                        0.249_847_372_813_495_6,
                    ],
                    1.606_803_146_513_248,
                    "a zero of $F_1'$ where it rises",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: None,
                note: Cow::Borrowed("$H_3 = \\cosh z$ and $H_2$ is near 1.2: both lower levels are well conditioned, only $y^*(x)$ \
                       oscillates."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y, z) = (at[1][0], at[2][0], at[3][0]);
        match level {
            1 => (z - 0.6).square() + (x - 2.0).square() * 0.05,
            2 => (y - x.sin()).square() * 0.5 + y * z * 0.1,
            _ => z.cosh() - y * z,
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let z = at[2][0].asinh();
        Some(LowerSolution {
            argmin: vec![z],
            value: z.cosh() - at[2][0] * z,
            is_unique: true,
        })
    }
}
