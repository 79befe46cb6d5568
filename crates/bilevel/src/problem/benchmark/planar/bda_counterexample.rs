//! BDA counterexample: the follower is indifferent to one of its two variables, and the leader is not.
//!
//! ```text
//! f(x, y) = ½ (x − y₂)² + ½ (y₁ − 1)²
//! g(x, y) = ½ y₁² − x y₁
//! x ∈ [−100, 100], y ∈ R²
//! ```
//!
//! Source: Liu, Mu, Yuan, Zeng, Zhang (2020, arXiv 2006.04045). The answers to x are y₁ = x with any y₂, and the leader
//! prefers y₂ = x: φ(x) = ½ (x − 1)², with its minimum 0 at x = 1. The gradient of g in y₂ is zero. A method that moves
//! y by the follower's gradient alone keeps y₂ at its start, at 0 say, and then minimizes ½ x² + ½ (x − 1)²: it ends at
//! x = ½ with ¼.

use std::borrow::Cow;
use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Point, Scalar};
use crate::problem::{
    Class, Coordinate, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata,
    Minimum, Objectives, Plane, ProblemInfo, Reference, Site, Venue,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "(x - y[2])^2/2 + (y[1] - 1)^2/2"),
        ("y[2]", "y[1]^2/2 - x*y[1]"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "bda-counterexample",
    name: "BDA counterexample",
    class: Class::Ties,
    summary: "$g$ does not depend on $y_2$, and $f$ does: methods that move $y$ only along $∇_y g$ never move $y_2$.",
    source: "Liu, Mu, Yuan, Zeng, Zhang 2020 (arXiv 2006.04045)",
    references: &[Reference {
        key: "liu2020generic",
        authors: &[
            "Liu, Risheng",
            "Mu, Pan",
            "Yuan, Xiaoming",
            "Zeng, Shangzhi",
            "Zhang, Jin",
        ],
        title: "A Generic First-Order Algorithmic Framework for Bi-Level Programming Beyond Lower-Level Singleton",
        year: 2020,
        venue: Venue::Proceedings("International Conference on Machine Learning"),
        arxiv: Some("2006.04045"),
    }],
    look_for: "The path of $y_2$: from the default start BOME, which moves $y$ along $f$ too, ends at the optimum; ITD \
               leaves $y_2$ at $0$ and ends with $f = 0.30$; AID-CG and the exact method stop, because the Hessian is \
               singular.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(BdaCounterexample)),
};

#[derive(Debug)]
struct BdaCounterexample;

impl Objectives for BdaCounterexample {
    fn metadata(&self) -> Metadata {
        let start = Point::from_blocks(&[vec![3.0], vec![0.0, 0.0]]);
        let plane = |index| Plane {
            horizontal: Coordinate { level: 1, index: 0 },
            vertical: Coordinate { level: 2, index },
            range: [[-1.0, 4.0], [-1.0, 4.0]],
            marks: Vec::new(),
        };
        Metadata {
            formulas: TEXT.typeset(),
            symbols: vec!["x", "y"],
            names: Vec::new(),
            bounds: Bounds::none(start.shape()).with(1, -100.0, 100.0),
            start,
            planes: vec![plane(1), plane(0)],
            minima: vec![Minimum {
                is_global: true,
                site: Site::Interior,
                blocks: vec![Some(vec![1.0]), Some(vec![1.0, 1.0])],
                value: 0.0,
                reason: "$φ(x) = ½ (x − 1)^2$, with the solution $y_1 = y_2 = x$ that the leader prefers",
            }],
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::Flat,
                steepest: Some(1.0),
                note: Cow::Borrowed(
                    "The follower's Hessian is $1$ along $y_1$ and $0$ along $y_2$: it is singular, and every $y_2$ \
                       is a solution.",
                ),
            },
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, first, second) = (at[1][0], at[2][0], at[2][1]);
        if level == 1 {
            (x - second).square() * 0.5 + (first - 1.0).square() * 0.5
        } else {
            first.square() * 0.5 - x * first
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(LowerSolution {
            argmin: vec![x, x],
            value: -0.5 * x * x,
            is_unique: false,
        })
    }
}
