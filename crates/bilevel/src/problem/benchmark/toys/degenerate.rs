//! Degenerate lower level: the follower leaves one of its variables free.
//!
//! ```text
//! f(v, t) = ½ (v − t₂)² + ½ (t₁ − 1)²,   g(v, t) = ½ t₁² − v t₁,   v ∈ R, t ∈ [−100, 100]²
//! ```
//!
//! Source: Liu, Mu, Yuan, Zeng, Zhang (ICML 2020), as used by Liu, Ye, Wright, Stone, Liu (NeurIPS 2022). The follower
//! fixes t₁ = v; t₂ does not occur in g, but in f. The optimum is (1; 1, 1) with f = 0.

use std::borrow::Cow;
use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape};
use crate::problem::{
    BOME, Class, Coordinate, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution,
    Metadata, Minimum, Objectives, Plane, ProblemInfo, Reference, Site, Venue,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("v", "(v - t[2])^2/2 + (t[1] - 1)^2/2"),
        ("t[2]", "t[1]^2/2 - v*t[1]"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "degenerate",
    name: "Degenerate lower level",
    class: Class::Toys,
    summary: "The follower fixes $t_1 = v$ and leaves $t_2$ free; only $f$ depends on $t_2$.",
    source: "Liu, Mu, Yuan, Zeng, Zhang 2020 (arXiv 2006.04045); Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709)",
    references: &[
        Reference {
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
        },
        BOME,
    ],
    look_for: "Methods that move the follower only along its own gradient never change $t_2$: ITD with ten inner steps \
               of $0.5$ stops at $f = 0.25$. BOME moves it along the leader's gradient as well and reaches $f = 0$.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Degenerate)),
};

const LIMIT: f64 = 100.0;

#[derive(Debug)]
struct Degenerate;

impl Objectives for Degenerate {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[1, 2]);
        let (v, t1, t2) = (
            Coordinate { level: 1, index: 0 },
            Coordinate { level: 2, index: 0 },
            Coordinate { level: 2, index: 1 },
        );
        let plane = |horizontal, vertical| Plane {
            horizontal,
            vertical,
            range: [[-0.75, 1.75], [-0.5, 1.5]],
            marks: Vec::new(),
        };
        Metadata {
            formulas: TEXT.typeset(),
            symbols: vec!["v", "t"],
            names: Vec::new(),
            bounds: Bounds::none(shape).with(2, -LIMIT, LIMIT),
            start: Point::zeros(shape),
            planes: vec![plane(v, t2), plane(v, t1), plane(t1, t2)],
            minima: vec![Minimum {
                is_global: true,
                site: Site::Interior,
                blocks: vec![Some(vec![1.0]), Some(vec![1.0, 1.0])],
                value: 0.0,
                reason: "both squares of $f$ vanish there and nowhere else on the follower's solutions",
            }],
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::Flat,
                steepest: Some(1.0),
                note: Cow::Borrowed(
                    "The follower's Hessian is $\\diag(1, 0)$: singular, and its solution is not unique.",
                ),
            },
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (v, t) = (at[1][0], &at[2]);
        if level == 1 {
            ((v - t[1]).square() + (t[0] - 1.0).square()) * 0.5
        } else {
            t[0].square() * 0.5 - v * t[0]
        }
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        let (v, t1, t2) = (at[1][0], at[2][0], at[2][1]);
        if wrt.contains(1) {
            out[1][0] = if level == 1 { v - t2 } else { -t1 };
        }
        if wrt.contains(2) {
            let gradient = if level == 1 {
                [t1 - 1.0, t2 - v]
            } else {
                [t1 - v, 0.0]
            };
            out[2].copy_from_slice(&gradient);
        }
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let v = at[1][0];
        let nearest = v.clamp(-LIMIT, LIMIT);
        Some(LowerSolution {
            // the leader prefers the answer with t₂ = v
            argmin: vec![nearest, nearest],
            value: 0.5 * nearest * nearest - v * nearest,
            is_unique: false,
        })
    }
}
