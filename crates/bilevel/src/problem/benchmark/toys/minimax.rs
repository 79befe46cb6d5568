//! Mini-max game: a minimal bilevel problem whose lower level has no curvature.
//!
//! ```text
//! f(v, θ) = v θ,   g(v, θ) = −v θ,   v, θ ∈ [−10, 10]
//! ```
//!
//! Source: Liu, Ye, Wright, Stone, Liu (NeurIPS 2022, arXiv 2209.08709). The follower maximizes v θ, so it answers with
//! the end of the box on v's side, and φ(v) = 10 |v|: a kink at the optimum v = 0, where every θ is an answer.

use std::borrow::Cow;
use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape};
use crate::problem::{
    BOME, Class, Coordinate, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution,
    Metadata, Minimum, Objectives, Plane, ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[("v", "v*theta"), ("theta", "-v*theta")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "minimax",
    name: "Mini-max game",
    class: Class::Toys,
    summary: "The leader wants the product $vθ$ small, the follower wants it large; both stay in a box.",
    source: "Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709)",
    references: &[BOME],
    look_for: "The follower's Hessian is zero, so implicit differentiation is impossible and AID-CG fails. BOME \
               spirals into the origin; BSG-1 never moves the leader, because its correction cancels to zero.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Minimax)),
};

const LIMIT: f64 = 10.0;

#[derive(Debug)]
struct Minimax;

impl Objectives for Minimax {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[1, 1]);
        let (v, theta) = (
            Coordinate { level: 1, index: 0 },
            Coordinate { level: 2, index: 0 },
        );
        let plane = |horizontal, vertical, range| Plane {
            horizontal,
            vertical,
            range,
            marks: Vec::new(),
        };
        Metadata {
            formulas: TEXT.typeset(),
            symbols: vec!["v", "θ"],
            names: Vec::new(),
            bounds: Bounds::none(shape)
                .with(1, -LIMIT, LIMIT)
                .with(2, -LIMIT, LIMIT),
            start: Point::from_blocks(&[vec![4.0], vec![4.0]]),
            // the leader's variable is horizontal, as for its reduced objective; published pictures show it vertically
            planes: vec![
                plane(v, theta, [[-6.0, 6.0], [-11.0, 11.0]]),
                plane(theta, v, [[-11.0, 11.0], [-6.0, 6.0]]),
            ],
            minima: vec![Minimum {
                is_global: true,
                site: Site::Interior,
                blocks: vec![Some(vec![0.0]), Some(vec![0.0])],
                value: 0.0,
                reason: "$φ(v) = 10\\,|v|$ is least at $v = 0$; of the solutions there, $θ = 0$ is the saddle point",
            }],
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::Linear,
                steepest: None,
                note: Cow::Borrowed(
                    "The follower's Hessian is zero and has no inverse, and its solution jumps from $−10$ to $10$ at \
                       $v = 0$.",
                ),
            },
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let product = at[1][0] * at[2][0];
        if level == 1 { product } else { -product }
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        let sign = if level == 1 { 1.0 } else { -1.0 };
        if wrt.contains(1) {
            out[1][0] = sign * at[2][0];
        }
        if wrt.contains(2) {
            out[2][0] = sign * at[1][0];
        }
        true
    }

    fn is_min_max(&self) -> bool {
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let v = at[1][0];
        let argmin = if v == 0.0 { 0.0 } else { LIMIT.copysign(v) };
        Some(LowerSolution {
            argmin: vec![argmin],
            value: -LIMIT * v.abs(),
            is_unique: v != 0.0,
        })
    }
}
