//! IAPTT example: a follower whose equally good answers grow in number with x; the leader prefers the most negative.
//!
//! ```text
//! f(x, y) = x + xy
//! g(x, y) = −sin xy
//! x ∈ [1, 10], y ∈ [−2, 2]
//! ```
//!
//! Source: Liu, Liu, Zeng, Zhang (2021, arXiv 2110.00455). Every y with xy = π/2 + 2πk is an answer, with g = −1, and
//! the leader prefers the least one that is in the box: π/2 + 2πk ≥ −2x. So φ(x) = x + π/2 + 2πk, and a new k becomes
//! feasible at x = 3π/4, 7π/4 and 11π/4, where y = −2: there φ jumps down by 2π and rises from it with slope 1. On the
//! first piece the least x is best.

use std::borrow::Cow;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, TAU};
use std::sync::Arc;

use super::common::{Planar, answer, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo, Reference, Site, Venue,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[("x", "x + x*y"), ("y", "-sin(x*y)")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "iaptt-sin",
    name: "IAPTT example",
    class: Class::Ties,
    summary: "The larger $x$, the more tied lower-level solutions there are, and each new one at $y = −2$ is better for \
              the leader than all before.",
    source: "Liu, Liu, Zeng, Zhang 2021 (arXiv 2110.00455)",
    references: &[Reference {
        key: "liu2021towards",
        authors: &[
            "Liu, Risheng",
            "Liu, Yaohua",
            "Zeng, Shangzhi",
            "Zhang, Jin",
        ],
        title: "Towards Gradient-based Bilevel Optimization with Non-convex Followers and Beyond",
        year: 2021,
        venue: Venue::Proceedings("Advances in Neural Information Processing Systems"),
        arxiv: Some("2110.00455"),
    }],
    look_for: "Along a branch $f$ is $x$ plus a constant, so a run descends to the smallest $x$ of its branch. From \
               $(6, 1)$ BOME and ITD descend to $x = 1$, the worst of the four minima.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(IapttSin)),
};

#[derive(Debug)]
struct IapttSin;

impl Objectives for IapttSin {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([1.0, 10.0]), Some([-2.0, 2.0])],
            start: [6.0, 1.0],
            range: [[0.5, 10.5], [-2.3, 2.3]],
            minima: vec![
                minimum(
                    Site::Jump,
                    [11.0 * FRAC_PI_4, -2.0],
                    -11.0 * FRAC_PI_4,
                    "where $xy = −11π/2$ enters the box",
                ),
                minimum(
                    Site::Jump,
                    [7.0 * FRAC_PI_4, -2.0],
                    -7.0 * FRAC_PI_4,
                    "where $xy = −7π/2$ enters the box",
                ),
                minimum(
                    Site::Jump,
                    [3.0 * FRAC_PI_4, -2.0],
                    -3.0 * FRAC_PI_4,
                    "where $xy = −3π/2$ enters the box",
                ),
                minimum(
                    Site::Edge,
                    [1.0, FRAC_PI_2],
                    1.0 + FRAC_PI_2,
                    "the left edge of the box, on the branch $xy = π/2$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $x^2 \\sin(xy)$, positive around its solutions and negative between \
                       them."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            x + x * y
        } else {
            -(x * y).sin()
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        // the range of k within the box of y, with a tolerance for rounding where a branch enters it
        let least = ((-2.0 * x - FRAC_PI_2) / TAU - 1e-14).ceil();
        let most = ((2.0 * x - FRAC_PI_2) / TAU + 1e-14).floor();
        let y = ((FRAC_PI_2 + TAU * least) / x).max(-2.0);
        (x >= FRAC_PI_4).then(|| answer(y, -1.0, least == most))
    }
}
