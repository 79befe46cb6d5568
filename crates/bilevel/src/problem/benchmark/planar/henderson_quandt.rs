//! Duopoly: a textbook example of a leader and a follower who sell the same good.
//!
//! ```text
//! f(x, y) = (½ (x + y) − 95) x
//! g(x, y) = (y + ½ x − 100) y
//! x ∈ [0, 200], y ≥ 0
//! ```
//!
//! Source: Henderson, Quandt (1958). Both minimize their losses. The answer is y*(x) = 50 − ¼ x, never negative in the
//! box of x, so φ(x) = (⅜ x − 70) x with its one minimum at x = 280/3, y = 80/3, φ = −9800/3.

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
    levels: &[("x", "((x + y)/2 - 95)*x"), ("y", "(y + x/2 - 100)*y")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "henderson-quandt",
    name: "Duopoly",
    class: Class::Smooth,
    summary: "Two sellers of one good: the leader anticipates that the follower reduces its quantity by a quarter of the \
              leader's.",
    source: "Henderson, Quandt 1958",
    references: &[Reference {
        key: "henderson1958microeconomic",
        authors: &["Henderson, James M.", "Quandt, Richard E."],
        title: "Microeconomic Theory: A Mathematical Approach",
        year: 1958,
        venue: Venue::Book("McGraw-Hill"),
        arxiv: None,
    }],
    look_for: "The leader's advantage: $x = 93.3$, where AID-CG and the exact method end, and not the $80$ of \
               alternating descent, the Nash equilibrium.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(HendersonQuandt)),
};

#[derive(Debug)]
struct HendersonQuandt;

impl Objectives for HendersonQuandt {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([0.0, 200.0]), Some([0.0, f64::INFINITY])],
            start: [20.0, 10.0],
            range: [[-10.0, 210.0], [-10.0, 110.0]],
            minima: vec![
                minimum(
                    Site::Interior,
                    [280.0 / 3.0, 80.0 / 3.0],
                    -9800.0 / 3.0,
                    "the zero of $φ' = ¾ x − 70$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(2.0),
                note: Cow::Borrowed("The follower's Hessian is $2$ everywhere, and its bound $y ≥ 0$ is never active."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            ((x + y) * 0.5 - 95.0) * x
        } else {
            (y + x * 0.5 - 100.0) * y
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        let y = (50.0 - 0.25 * x).max(0.0);
        Some(answer(y, (y + 0.5 * x - 100.0) * y, true))
    }
}
