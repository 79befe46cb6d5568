//! Two valleys, three levels: an oscillating leader's objective with two valleys of almost equal depth.
//!
//! ```text
//! f_1 = 0.1 (x − 1)² + sin 3z,   f_2 = (y − x)²/2 + 0.1 y z,   f_3 = (z − y)²/2 + 0.05 z⁴,   x ∈ [−4, 4]
//! ```
//!
//! Source: made for this app. Level 3 answers with the zero of (z − y) + 0.2 z³, level 2 with that of (y − x) + 0.1 z +
//! 0.1 y / (1 + 0.6 z²); both increase, so answers are unique. The minima of F₁ are zeros of its derivative, computed
//! to thirty digits; the ridge between them lies at x = 0.637759, so 42 % of the box lead to the deeper one.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::{Trilevel, minimum};
use crate::numerics::{Blocks, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, Metadata, Objectives, ProblemInfo,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "0.1*(x - 1)^2 + sin(3*z)"),
        ("y", "(y - x)^2/2 + 0.1*y*z"),
        ("z", "(z - y)^2/2 + 0.05*z^4"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "tri-sin",
    name: "Two valleys, three levels",
    class: Class::Levels,
    summary: "Two valleys of almost equal depth; inexact lower-level solves shift both of them.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "The exact method ends in the valley where it starts, and both are true minima. ITD with few inner steps \
               ends near neither: it converges to a minimum of its truncated objective.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(TriSin)),
};

#[derive(Debug)]
struct TriSin;

impl Objectives for TriSin {
    fn metadata(&self) -> Metadata {
        Trilevel {
            text: &TEXT,
            limits: Some([-4.0, 4.0]),
            start: [3.6, 0.0, 0.0],
            range: [[-4.5, 4.5], [-4.5, 4.5]],
            minima: vec![
                minimum(
                    true,
                    [
                        2.400_960_949_847_642,
                        2.159_274_291_132_063_5,
                        1.493_290_996_541_627_5,
                    ],
                    -0.776_820_566_213_564_6,
                    "the lower of the two zeros of $F_1'$ where it rises",
                ),
                minimum(
                    false,
                    [
                        -0.590_281_490_065_903_3,
                        -0.498_701_951_562_197_95,
                        -0.476_996_203_276_845_9,
                    ],
                    -0.737_343_287_916_023_5,
                    "the other zero of $F_1'$ where it rises",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: None,
                note: Cow::Borrowed("$H_3 = 1 + 0.6 z^2$ and $H_2$ lies between 1 and 1.2: both lower levels are well conditioned."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y, z) = (at[1][0], at[2][0], at[3][0]);
        match level {
            1 => (x - 1.0).square() * 0.1 + (z * 3.0).sin(),
            2 => (y - x).square() * 0.5 + y * z * 0.1,
            _ => (z - y).square() * 0.5 + z.powi(4) * 0.05,
        }
    }
}
