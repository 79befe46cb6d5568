//! V-PBGD example: three minima along the diagonal, above a follower that is not convex.
//!
//! ```text
//! f(x, y) = cos(4y + 2) / (1 + e²⁻⁴ˣ) + ½ ln((4x − 2)² + 1)
//! g(x, y) = (x + y)² + x sin²(x + y),   x ∈ [0, 3], y ∈ R
//! ```
//!
//! Source: Shen, Chen (ICML 2023, arXiv 2302.05185). With s = x + y: g = s² + x sin² s vanishes at s = 0 and is
//! positive elsewhere (for x ≥ −1, since sin² s < s²), so y*(x) = −x and there is no other minimizer. Nor is there
//! another stationary point: `g_y = 2s (1 + x sin 2s / 2s)`, and sin t / t > −0.218, so the bracket stays above 0.34
//! for x ≤ 3. But g is not convex: `g_yy = 2 + 2x cos 2s` is 2 + 2x on the answer and 2 − 2x < 0 at s = ±π/2 for x > 1.
//! The minima of φ(x) = f(x, −x) were found by Newton's method on φ' in higher precision. The slope of φ is negative at
//! x = 0 and positive at x = 3: neither edge is a minimum.

use std::borrow::Cow;
use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape};
use crate::problem::{
    Class, Coordinate, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata,
    Minimum, Objectives, PENALTY_DESCENT, Plane, ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        (
            "x",
            "cos(4*y + 2)/(1 + exp(2 - 4*x)) + log((4*x - 2)^2 + 1)/2",
        ),
        ("y", "s^2 + x*sin(s)^2"),
    ],
    definitions: &[("s", "x + y")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "pbgd",
    name: "V-PBGD example",
    class: Class::Valleys,
    summary: "The follower has one solution, $y = −x$, but is not convex away from it; along the solution $φ$ has \
              three minima.",
    source: "Shen, Chen 2023 (arXiv 2302.05185)",
    references: &[PENALTY_DESCENT],
    look_for: "From $(2.4, 1)$, with default step sizes, ITD and BSG-1 end in the valley at $x = 2.83$ over which they \
               start, BOME in the best one. The solution is unique, but AID-CG meets negative curvature on the way to \
               it and fails, unless longer inner steps bring $y$ near before the first solve.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Pbgd)),
};

const LIMIT: f64 = 3.0;

#[derive(Debug)]
struct Pbgd;

/// A minimum of φ at `x`, where y* = −x.
fn minimum(is_global: bool, x: f64, value: f64, reason: &'static str) -> Minimum {
    Minimum {
        is_global,
        site: Site::Interior,
        blocks: vec![Some(vec![x]), Some(vec![-x])],
        value,
        reason,
    }
}

impl Objectives for Pbgd {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[1, 1]);
        let other = "a zero of $φ'$ where it rises, $φ(x) = f(x, −x)$; higher than the optimum";
        Metadata {
            formulas: TEXT.typeset(),
            symbols: vec!["x", "y"],
            names: Vec::new(),
            bounds: Bounds::none(shape).with(1, 0.0, LIMIT),
            start: Point::from_blocks(&[vec![2.4], vec![1.0]]),
            planes: vec![Plane {
                horizontal: Coordinate { level: 1, index: 0 },
                vertical: Coordinate { level: 2, index: 0 },
                range: [[-0.25, 3.25], [-3.75, 2.0]],
                marks: Vec::new(),
            }],
            minima: vec![
                minimum(
                    true,
                    1.215_145_475_475_921,
                    0.199_910_887_700_403,
                    "the least of the three minima of $φ(x) = f(x, −x)$ on $[0, 3]$",
                ),
                minimum(false, 0.382_360_074_766_988, 0.442_705_722_444_500, other),
                minimum(false, 2.829_641_800_022_212, 1.243_458_272_820_874, other),
            ],
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed(
                    "The follower's Hessian is $2 + 2x$ at its only solution $y^*(x) = −x$, but negative half a wave \
                       away when $x > 1$.",
                ),
            },
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            let growth = (x * -4.0 + 2.0).exp() + 1.0;
            (y * 4.0 + 2.0).cos() / growth + ((x * 4.0 - 2.0).square() + 1.0).ln() * 0.5
        } else {
            let sum = x + y;
            sum.square() + x * sum.sin().square()
        }
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        let (x, y) = (at[1][0], at[2][0]);
        let [along_x, along_y] = if level == 1 {
            let (sine, cosine) = (4.0 * y + 2.0).sin_cos();
            let sigmoid = 1.0 / (1.0 + (2.0 - 4.0 * x).exp());
            let distance = 4.0 * x - 2.0;
            [
                4.0 * cosine * sigmoid * (1.0 - sigmoid)
                    + 4.0 * distance / (distance * distance + 1.0),
                -4.0 * sine * sigmoid,
            ]
        } else {
            let sum = x + y;
            let slope = 2.0 * sum + x * (2.0 * sum).sin();
            [slope + sum.sin().powi(2), slope]
        };
        if wrt.contains(1) {
            out[1][0] = along_x;
        }
        if wrt.contains(2) {
            out[2][0] = along_y;
        }
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        // for x < −1 the follower has two answers, one on each side
        (x >= -1.0).then(|| LowerSolution {
            argmin: vec![-x],
            value: 0.0,
            is_unique: true,
        })
    }
}
