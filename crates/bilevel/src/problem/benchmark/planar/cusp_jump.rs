//! Cusp: the leader tilts the follower's double well, so the global answer jumps while a warm-started one stays in its
//! well.
//!
//! ```text
//! f(x, y) = (x − 0.5)² + (y − 0.8)²
//! g(x, y) = ¼ y⁴ − ½ y² + xy
//! x ∈ [−1, 1], y ∈ R
//! ```
//!
//! Source: made for this app. The follower's stationary points solve y³ − y + x = 0; for |x| below the fold 2/(3√3) =
//! 0.3849 there are two minima, and the deeper one has the sign of −x. At x = 0 both are equally good, ±1. φ falls
//! towards the jump on the left, where y ≥ 1, and rises from it on the right, where y < −1 (its slope at 0 from the
//! right is 0.8): so x = 0 with y = 1, φ = 0.29, is the only minimum. The answer is the root of r³ − r = |x| beyond 1,
//! in closed form by a cosine up to the fold and by a hyperbolic cosine beyond, followed by one Newton step.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::{Planar, answer, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo, Site,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "(x - 0.5)^2 + (y - 0.8)^2"),
        ("y", "y^4/4 - y^2/2 + x*y"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(in crate::problem) const ENTRY: ProblemInfo = ProblemInfo {
    id: "cusp-jump",
    name: "Cusp",
    class: Class::Jumps,
    summary: "The follower's double well is tilted by $x$; its global minimum jumps at $x = 0$, where the optimum \
              lies.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "From $(−0.8, 1.2)$ BOME, ITD and the exact method stay in the upper well past $x = 0$ and end between \
               $x = 0.34$ and $0.39$ with $f < 0.07$, far below the optimum $0.29$: the gap of $0.7$ reveals it.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(CuspJump)),
};

#[derive(Debug)]
struct CuspJump;

impl Objectives for CuspJump {
    fn metadata(&self) -> Metadata {
        Planar {
            text: &TEXT,
            limits: [Some([-1.0, 1.0]), None],
            start: [-0.8, 1.2],
            range: [[-1.15, 1.15], [-1.8, 1.8]],
            minima: vec![
                minimum(
                    Site::Jump,
                    [0.0, 1.0],
                    0.29,
                    "at $x = 0$ both wells are equally deep; right of it the follower prefers the one that is worse \
                     for the leader",
                ),
            ],
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed("The follower's Hessian is $3y^2 − 1$: two wells up to $|x| = 0.385$, with a ridge between them."),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], at[2][0]);
        if level == 1 {
            (x - 0.5).square() + (y - 0.8).square()
        } else {
            y.powi(4) * 0.25 - y.square() * 0.5 + x * y
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let x = at[1][0];
        let size = x.abs();
        let fold = 1.5 * 3.0_f64.sqrt() * size;
        let turn = if fold <= 1.0 {
            (fold.acos() / 3.0).cos()
        } else {
            (fold.acosh() / 3.0).cosh()
        };
        let mut far = 2.0 / 3.0_f64.sqrt() * turn;
        far -= (far.powi(3) - far - size) / (3.0 * far * far - 1.0);
        // at x = 0 the leader prefers the upper well
        let y = if x > 0.0 { -far } else { far };
        let value = 0.25 * far.powi(4) - 0.5 * far * far - size * far;
        Some(answer(y, value, size > 0.0))
    }
}
