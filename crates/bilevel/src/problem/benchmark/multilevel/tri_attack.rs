//! Attack and defence: the middle level works against the lowest one, as in robust learning.
//!
//! ```text
//! f_1 = (z − 1)² + x²/2,   f_2 = 2y² − z²,   f_3 = ((z − x − y)² + z²)/2
//! ```
//!
//! Source: made for this app, in the min-max-min shape of robust learning. Closed forms: z* = (x + y)/2, y* = x/7, so
//! F₁ = (4x/7 − 1)² + x²/2, least at x = 56/81 with F₁ = 49/81.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::{Trilevel, minimum};
use crate::numerics::{Blocks, Point, Scalar};
use crate::problem::{
    Class, Curvature, Differentiated, FormulaText, LowerLevel, LowerSolution, Metadata, Objectives,
    ProblemInfo,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x", "(z - 1)^2 + x^2/2"),
        ("y", "2*y^2 - z^2"),
        ("z", "((z - x - y)^2 + z^2)/2"),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "tri-attack",
    name: "Attack and defence",
    class: Class::Levels,
    summary: "An attacker pushes the lowest level away from where the leader wants it, and pays for its effort.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "The attacker gains by its effect on $z$. $f_2$ alone does not depend on $x$, so for a method that \
               ignores $dz^*/dy$ the solution $y^*$ is constant.",
    parameters: &[],
    text: Some(&TEXT),
    build: |_| Arc::new(Differentiated::new(TriAttack)),
};

#[derive(Debug)]
struct TriAttack;

impl Objectives for TriAttack {
    fn metadata(&self) -> Metadata {
        Trilevel {
            text: &TEXT,
            limits: None,
            start: [2.0, 0.0, 0.0],
            range: [[-1.0, 2.5], [-0.8, 1.4]],
            minima: vec![minimum(
                true,
                [56.0 / 81.0, 8.0 / 81.0, 32.0 / 81.0],
                49.0 / 81.0,
                "the zero of $F_1'(x) = 8 (4x/7 − 1)/7 + x$",
            )],
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(2.0),
                note: Cow::Borrowed(
                    "$H_3 = 2$ and, with $z$ solved, $H_2 = 3.5$: every level is a parabola.",
                ),
            },
        }
        .metadata()
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y, z) = (at[1][0], at[2][0], at[3][0]);
        match level {
            1 => (z - 1.0).square() + x.square() * 0.5,
            2 => y.square() * 2.0 - z.square(),
            _ => ((z - x - y).square() + z.square()) * 0.5,
        }
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let (x, y) = (at[1][0], at[2][0]);
        let z = 0.5 * (x + y);
        Some(LowerSolution {
            argmin: vec![z],
            value: 0.5 * ((z - x - y).powi(2) + z * z),
            is_unique: true,
        })
    }

    fn closed_answers(&self, at: &Point) -> Option<Point> {
        let x = at[1][0];
        Some(Point::from_blocks(&[
            vec![x],
            vec![x / 7.0],
            vec![4.0 * x / 7.0],
        ]))
    }
}
