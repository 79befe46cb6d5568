//! A pitchfork with one branch that the leader prefers, beside an interval where φ is constant.
//!
//! ```text
//! f(x, y) = xy − y + ½ y²
//! g(x, y) = −xy² + ½ y⁴
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.19. ∂g/∂y = 2y (y² − x): for x ≤ 0 the answer is y = 0, for x > 0 it is ±√x
//! with g = −½ x². There f is ±(x − 1)√x + ½ x, so the leader prefers √x, and at x = 1 it has no preference. So φ = 0
//! for x ≤ 0, and with s = √x φ = s³ − s + ½ s² for x > 0, whose slope in s, 3s² + s − 1, vanishes at s = (√13 − 1) / 6
//! alone. Hence x = (7 − √13) / 18 and φ = (19 − 13√13) / 108. At the right edge φ is ½, its greatest value. The
//! interval x ≤ 0 is not listed: none of its points is better than its neighbors, and from x = 0 on φ falls with the
//! slope of −√x.

use std::borrow::Cow;
use std::sync::Arc;

use super::TEST_SET;
use super::common::{Planar, answer, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[("x", "x*y - y + y^2/2"), ("y", "-x*y^2 + y^4/2")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-19",
    name: "Mitsos–Barton 3.19",
    class: Class::Ties,
    summary: "Right of $0$ the follower has the solutions $√x$ and $−√x$, of which the leader prefers the first; left \
              of $0$ $φ$ is flat.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "From $(0.8, 0.4)$, with default settings, AID-CG and the exact method end at the optimum; BOME and ITD cross $x = 0$ \
               and stay on the plateau, where $φ = 0$. From $(0.8, −0.4)$ all four follow $−√x$ to the right edge, where $φ$ \
               is greatest.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb319)),
};

#[derive(Debug)]
struct Mb319;

impl Objectives for Mb319 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.8, 0.4],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [0.188_580_484_696_445_03, 0.434_258_545_910_664_9],
                    -0.258_075_616_491_035_8,
                    "a zero of $φ'$ along the solution $√x$, at $x = (7 − √13)/18$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("At its solutions the follower's Hessian is $−2x$ left of $0$ and $4x$ right of it; it vanishes \
                       at $x = 0$, where the solution bifurcates."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            x * y - y + y.square() * 0.5
        } else {
            -x * y.square() + y.powi(4) * 0.5
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x > 0.0 {
            answer(x.sqrt(), -0.5 * x * x, false)
        } else {
            answer(0.0, 0.0, true)
        })
    }
}
