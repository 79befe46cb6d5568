//! Ridge regression in one variable: the leader chooses the logarithm of a weight and finds two basins.
//!
//! ```text
//! f(x, y) = 100 (y − 0.2)² (y − 0.8)² + ½ y
//! g(x, y) = ½ e⁻ˣ y² + ½ (y − 1)²
//! x ∈ [−5, 5], y ∈ R
//! ```
//!
//! Source: made for this app. The follower fits y to 1 with a penalty of weight e⁻ˣ, so y*(x) = 1 / (1 + e⁻ˣ), and the
//! leader judges the fit by another measure with two basins, near y = 0.2 and near 0.8. The minima are zeros of φ' by
//! Newton's method in higher precision. Towards the edges y* hardly moves, so φ is nearly flat there, though it falls
//! inwards.

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
        ("x", "100*(y - 0.2)^2*(y - 0.8)^2 + 0.5*y"),
        ("y", "exp(-x)*y^2/2 + (y - 1)^2/2"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "two-basin-ridge",
    name: "Two-basin ridge",
    class: Class::Valleys,
    summary: "The leader tunes the logarithm of a penalty's weight; $φ$ has two minima, one of them better.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "An inner step that suits the right half of the box is too long for the left edge: from $(−3, 0.6)$ \
               ITD with $α = 0.1$ is thrown into the worse basin, with $α = 0.02$ it ends in the better one.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(TwoBasinRidge)),
};

#[derive(Debug)]
struct TwoBasinRidge;

impl Objectives for TwoBasinRidge {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-5.0, 5.0]), None],
            start: [4.0, 0.0],
            range: [[-5.5, 5.5], [-0.2, 1.2]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [-1.428_818_512_065_656, 0.193_282_840_491_504_4],
                    0.098_302_321_751_674_9,
                    "a zero of $φ'$ in the basin near $y = 0.2$",
                ),
                minimum(
                    Site::Interior,
                    [1.341_876_177_539_062, 0.792_798_308_839_182_8],
                    0.398_221_718_882_924_5,
                    "a zero of $φ'$ in the basin near $y = 0.8$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $1 + e^{−x}$: it does not depend on $y$, but is $149$ at the left edge \
                      of the box and nearly $1$ at the right."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (y - 0.2).square() * (y - 0.8).square() * 100.0 + y * 0.5
        } else {
            (-x).exp() * y.square() * 0.5 + (y - 1.0).square() * 0.5
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        let weight = (-x).exp();
        let y = 1.0 / (1.0 + weight);
        Some(answer(
            y,
            0.5 * weight * y * y + 0.5 * (y - 1.0).powi(2),
            true,
        ))
    }
}
