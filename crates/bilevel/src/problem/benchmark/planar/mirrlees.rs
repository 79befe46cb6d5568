//! Moral hazard: the classic example of an optimum that the follower's first-order conditions cannot identify.
//!
//! ```text
//! f(x, y) = (x − 2)² + (y − 1)²
//! g(x, y) = −x exp(−(y + 1)²) − exp(−(y − 1)²)
//! x ∈ [0, 4], y ∈ [−2, 2]
//! ```
//!
//! Source: Mirrlees (1999); the box of x is ours, that of y holds every answer. The follower chooses between two wells,
//! one near y = 1 and one near −1 whose depth is x. By symmetry they are equally good at x = 1: the answer is near 1 up
//! to there and near −1 beyond. φ falls up to x = 1, jumps from 1.0018 to about 4.92 and falls again to a second
//! minimum near x = 1.98. The answer has no closed form; the minima were found by Newton's method in higher precision,
//! the first one from the answer at x = 1 exactly.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::{Planar, minimum};
use crate::numerics::{Blocks, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, Metadata, Objectives, ProblemInfo,
    Reference, Site, Venue,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "(x - 2)^2 + (y - 1)^2"),
        ("y", "-x*exp(-(y + 1)^2) - exp(-(y - 1)^2)"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mirrlees",
    name: "Mirrlees",
    class: Class::Jumps,
    summary: "The follower's solution stays near $y = 1$ up to $x = 1$ and then jumps to near $−1$; the optimum is the \
              last point before the jump.",
    source: "Mirrlees 1999",
    references: &[Reference {
        key: "mirrlees1999theory",
        authors: &["Mirrlees, James A."],
        title: "The Theory of Moral Hazard and Unobservable Behaviour: Part I",
        year: 1999,
        venue: Venue::Journal("The Review of Economic Studies"),
        arxiv: None,
    }],
    look_for: "BOME, ITD and the exact method, started at $(0.3, 0.5)$, keep their follower near $y = 1$, pass the \
               jump at $x = 1$ and end near $x = 2$ with $f = 0.01$, which is infeasible: the gap there is $0.97$.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mirrlees)),
};

#[derive(Debug)]
struct Mirrlees;

impl Objectives for Mirrlees {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([0.0, 4.0]), Some([-2.0, 2.0])],
            start: [0.3, 0.5],
            range: [[-0.25, 4.25], [-2.3, 2.3]],
            minima: vec![
                minimum(
                    Site::Jump,
                    [1.0, 0.957_504_024_077_268_7],
                    1.001_805_907_969_625,
                    "at $x = 1$ both minima tie; beyond it the follower prefers the other one",
                ),
                minimum(
                    Site::Interior,
                    [1.978_661_432_701_052, -0.980_156_327_472_578_9],
                    3.921_474_415_684_063,
                    "a zero of $φ'$ with the solution near $−1$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's objective is a plateau with two wells; between them and far from them its \
                       Hessian is negative."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x - 2.0).square() + (y - 1.0).square()
        } else {
            -x * (-(y + 1.0).square()).exp() - (-(y - 1.0).square()).exp()
        }
    }
}
