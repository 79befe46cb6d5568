//! Lampariello–Sagratella 3.2: a smooth bilevel problem of two squares.
//!
//! ```text
//! f(x, y) = x² + y²
//! g(x, y) = (x + y − 1)²
//! x ∈ R, y ∈ R
//! ```
//!
//! Source: Lampariello, Sagratella (2017), example 3.2. y*(x) = 1 − x, so φ(x) = x² + (1 − x)² with its one minimum at
//! x = ½, φ = ½. A leader that ignores the follower's response would choose x = 0.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::{Planar, answer, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo, Reference, Site, Venue,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[("x", "x^2 + y^2"), ("y", "(x + y - 1)^2")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "ls-3-2",
    name: "Lampariello–Sagratella 3.2",
    class: Class::Smooth,
    summary: "The follower's solution is $y = 1 − x$; the optimum is $x = y = ½$.",
    source: "Lampariello, Sagratella 2017",
    references: &[Reference {
        key: "lampariello2017bridge",
        authors: &["Lampariello, Lorenzo", "Sagratella, Simone"],
        title: "A Bridge Between Bilevel Programs and Nash Games",
        year: 2017,
        venue: Venue::Journal("Journal of Optimization Theory and Applications"),
        arxiv: None,
    }],
    look_for: "The effect of anticipating the follower: a leader who takes $y$ as given ends at $x = 0$ with $f = 1$, \
               one who anticipates it at $½$ with $f = ½$.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Ls32)),
};

#[derive(Debug)]
struct Ls32;

impl Objectives for Ls32 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [None, None],
            start: [2.0, 1.5],
            range: [[-1.5, 2.5], [-1.5, 2.5]],
            minima: vec![minimum(
                Site::Interior,
                [0.5, 0.5],
                0.5,
                "the zero of $φ' = 4x − 2$",
            )],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(2.0),
                note: Cow::Borrowed(
                    "The follower's Hessian is $2$ everywhere and $y^*(x) = 1 − x$.",
                ),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            x.square() + y.square()
        } else {
            (x + y - 1.0).square()
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(answer(1.0 - x, 0.0, true))
    }
}
