//! Valleys: a follower that copies a leader whose reduced objective has several valleys.
//!
//! ```text
//! f(x, y) = 0.1 (x − 1)² + sin 3y,   g(x, y) = ½ (y − x)²,   x ∈ [−4, 4], y ∈ R
//! ```
//!
//! Source: made for this app. The follower is as simple as possible, y*(x) = x, so every implicit gradient is exact;
//! the difficulty is the leader's: φ(x) = 0.1 (x − 1)² + sin 3x has four minima inside the box and one on its left
//! edge. The four solve 0.2 (x − 1) + 3 cos 3x = 0 (by Newton's method); at x = −4 the slope of φ is positive.

use std::borrow::Cow;
use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape};
use crate::problem::{
    Class, Coordinate, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata,
    Minimum, Objectives, Plane, ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[("x", "a*(x - 1)^2 + sin(3*y)"), ("y", "(y - x)^2/2")],
    constants: &[("a", 0.1, [0.0, 1.0])],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "valleys",
    name: "Valleys",
    class: Class::Valleys,
    summary: "The follower's solution is $y = x$; $φ$ has five minima, one of them global.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "With the follower solved, gradients are exact and each method descends; so the valley is decided in the \
               first steps, while $y$ is inexact. From $(2.9, −1)$ an accurately solved follower leads to the local \
               valley at $x = 3.61$, an inexact one over the ridge at $2.65$ into a deeper one.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Valleys)),
};

const LIMIT: f64 = 4.0;

#[derive(Debug)]
struct Valleys;

/// A minimum of φ at `x`, where y* = x.
fn minimum(is_global: bool, x: f64, value: f64, reason: &'static str) -> Minimum {
    Minimum {
        is_global,
        site: if x <= -LIMIT {
            Site::Edge
        } else {
            Site::Interior
        },
        blocks: vec![Some(vec![x]), Some(vec![x])],
        value,
        reason,
    }
}

impl Objectives for Valleys {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[1, 1]);
        let inner = "a zero of $φ'(x) = 0.2 (x − 1) + 3 \\cos 3x$ where $φ'$ rises";
        Metadata {
            formulas: TEXT.typeset(),
            symbols: vec!["x", "y"],
            names: Vec::new(),
            bounds: Bounds::none(shape).with(1, -LIMIT, LIMIT),
            start: Point::from_blocks(&[vec![2.9], vec![-1.0]]),
            planes: vec![Plane {
                horizontal: Coordinate { level: 1, index: 0 },
                vertical: Coordinate { level: 2, index: 0 },
                range: [[-4.5, 4.5], [-4.5, 4.5]],
                marks: Vec::new(),
            }],
            minima: vec![
                minimum(
                    true,
                    1.558_384_905_688_177,
                    -0.968_127_514_610_356,
                    "the least of the five minima of $φ(x) = 0.1 (x − 1)^2 + \\sin 3x$",
                ),
                minimum(false, -0.490_423_511_291_756, -0.772_915_170_813_695, inner),
                minimum(false, 3.606_963_228_385_693, -0.305_155_675_797_840, inner),
                minimum(false, -2.538_609_832_311_447, 0.280_400_396_415_879, inner),
                minimum(
                    false,
                    -LIMIT,
                    3.036_572_918_000_435,
                    "the left edge of the box, where $φ$ rises inwards",
                ),
            ],
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(1.0),
                note: Cow::Borrowed(
                    "The follower's Hessian is $1$ everywhere and $y^*(x) = x$: the only difficulty is the \
                       nonconvexity of $φ$.",
                ),
            },
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x - 1.0).square() * 0.1 + (y * 3.0).sin()
        } else {
            (y - x).square() * 0.5
        }
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        let (x, y) = (at[1][0], at[2][0]);
        if wrt.contains(1) {
            out[1][0] = if level == 1 { 0.2 * (x - 1.0) } else { x - y };
        }
        if wrt.contains(2) {
            out[2][0] = if level == 1 {
                3.0 * (3.0 * y).cos()
            } else {
                y - x
            };
        }
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        Some(LowerSolution {
            argmin: vec![at[1][0]],
            value: 0.0,
            is_unique: true,
        })
    }
}
