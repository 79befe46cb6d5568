//! An optimum at a single point: on both sides of it the follower's answer is unique and worse for the leader.
//!
//! ```text
//! f(x, y) = x − y
//! g(x, y) = ½ xy² − x³y
//! x ∈ [−1, 1], y ∈ [−1, 1]
//! ```
//!
//! Source: Mitsos, Barton (2006), example 3.13. For x > 0 the answer is y = x², for x < 0 it is y = −1 (y = 1 is worse
//! by 2|x|³ only), and at x = 0 every y is an answer, of which the leader prefers 1. So φ = x + 1 for x < 0, −1 at x =
//! 0 and x − x² for x > 0: the minima are the single point x = 0 and both edges. The limits of φ at 0 from left and
//! right are 1 and 0.
//!
//! A solver that treats values as equal within some tolerance accepts y = 1 also slightly left of 0, and so values
//! below −1; the third power makes that interval wide. The closed form is therefore the only reliable reference.

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
    levels: &[("x", "x - y"), ("y", "x*y^2/2 - x^3*y")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "mb-3-13",
    name: "Mitsos–Barton 3.13",
    class: Class::Jumps,
    summary: "The follower is indifferent only at $x = 0$, where the leader attains $f = −1$; both edges are worse \
              minima.",
    source: "Mitsos, Barton 2006",
    references: &[TEST_SET],
    look_for: "From $(0.3, 0.5)$ BOME, ITD and the exact method pass $x = 0$ with a follower near $y = 1$ and continue \
               to the left, to $f$ near $−2$; there the true solution is $−1$, and the gap is large.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(Mb313)),
};

#[derive(Debug)]
struct Mb313;

impl Objectives for Mb313 {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), Some([-1.0, 1.0])],
            start: [0.3, 0.5],
            range: [[-1.15, 1.15], [-1.15, 1.15]],
            minima: vec![
                minimum(
                    Site::Jump,
                    [0.0, 1.0],
                    -1.0,
                    "at $x = 0$ every $y$ is a solution, and the leader prefers $1$",
                ),
                minimum(
                    Site::Edge,
                    [-1.0, -1.0],
                    0.0,
                    "the left edge of the box: $φ = x + 1$ for $x < 0$",
                ),
                minimum(
                    Site::Edge,
                    [1.0, 1.0],
                    0.0,
                    "the right edge of the box: $φ = x − x^2$ for $x > 0$",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $x$: convex right of $0$, concave left of it, and flat at $0$."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            x - y
        } else {
            x * y.square() * 0.5 - x.powi(3) * y
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        Some(if x > 0.0 {
            answer(x * x, -0.5 * x.powi(5), true)
        } else if x < 0.0 {
            answer(-1.0, 0.5 * x + x.powi(3), true)
        } else {
            answer(1.0, 0.0, false)
        })
    }
}
