//! A follower with two straight branches, and an optimum close to the switch between them.
//!
//! ```text
//! f(x, y) = (x + 0.6)² + y²
//! g(x, y) = y⁴ + 2/15 (1 − x) y³ + (−0.02x² + 0.16x − 0.4) y² + (0.004x³ − 0.036x² + 0.08x) y
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.21. ∂g/∂y = 4 (y − 0.1x)(y − 0.4 + 0.1x)(y + 0.5 − 0.1x): two minima, 0.4 −
//! 0.1x and 0.1x − 0.5, with a maximum between. The one that is farther from the maximum is the deeper one, so the
//! answer is the first up to x = −½ and the second from there on. Along the first φ is least at x = −56/101, where φ =
//! 21.16/101; beyond the jump it only rises, from 0.3125.

use std::borrow::Cow;
use std::sync::Arc;

use super::TEST_SET;
use super::common::{Planar, answer, is_at, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "(x + 0.6)^2 + y^2"),
        (
            "y",
            "y^4 + 2/15*(1 - x)*y^3 + (-0.02*x^2 + 0.16*x - 0.4)*y^2 + (0.004*x^3 - 0.036*x^2 + 0.08*x)*y",
        ),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-21",
    name: "Mitsos–Barton 3.21",
    class: Class::Jumps,
    summary: "The follower has two branches and changes from the upper to the lower one at $x = −½$, close to \
              the optimum.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "From $(0.2, −0.2)$ AID-CG and the exact method cross the jump with a follower that stays on the \
               lower branch, and end at $x = −0.545$, close to the optimum but with $y = −0.554$; the gap there \
               is $0.003$ only.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb321)),
};

#[derive(Debug)]
struct Mb321;

impl Objectives for Mb321 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.2, -0.2],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [-56.0 / 101.0, 46.0 / 101.0],
                    21.16 / 101.0,
                    "a zero of $φ' = 2.02x + 1.12$, with the solution $0.4 − 0.1x$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower has two minima for every $x$, at $0.4 − 0.1x$ and $0.1x − 0.5$, equally good at $x \
                      = −½$."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x + 0.6).square() + y.square()
        } else {
            let square = x.square() * -0.02 + x * 0.16 - 0.4;
            let linear = x.powi(3) * 0.004 - x.square() * 0.036 + x * 0.08;
            y.powi(4) + (-x + 1.0) * y.powi(3) * (2.0 / 15.0) + square * y.square() + linear * y
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        let y = if x <= -0.5 {
            0.4 - 0.1 * x
        } else {
            0.1 * x - 0.5
        };
        let value = self.value(2, Blocks::new(&at.shape(), &[x, y]));
        Some(answer(y, value, !is_at(x, -0.5)))
    }
}
