//! Toy coreset: the convex combination of four points nearest to a goal.
//!
//! ```text
//! f(v, θ) = 0.1 ‖θ − x₀‖²,   g(v, θ) = ‖θ − Σᵢ sᵢ(v) xᵢ‖²,   s = softmax(v),   v ∈ R⁴, θ ∈ R²
//! ```
//!
//! Source: Liu, Ye, Wright, Stone, Liu (NeurIPS 2022, arXiv 2209.08709) and the script published with it, whose factor
//! 0.1 is kept. A second set of points, with x₄ mirrored, is in circulation; there the nearest point is a vertex.
//! The infimum is not attained: the best weights have zeros, which a softmax reaches only as v goes to infinity.

use std::borrow::Cow;
use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape};
use crate::problem::{
    BOME, Class, Coordinate, Curvature, DefaultValue, Differentiated, FormulaText, Key, LowerLevel,
    LowerSolution, Mark, Metadata, Minimum, Objectives, Parameter, ParameterChoice, ParameterKind,
    Plane, ProblemInfo, Site, Word,
};

const X4: Key<Word> = Key::new("x4");

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("v[4]", "0.1*((theta[1] - 3)^2 + (theta[2] + 2)^2)"),
        ("theta[2]", "(theta[1] - m_1)^2 + (theta[2] - m_2)^2"),
    ],
    definitions: &[
        ("total", "sum(i, 1, 4, exp(v[i]))"),
        (
            "m_1",
            "(exp(v[1]) + 3*exp(v[2]) - 2*exp(v[3]) - 3*exp(v[4]))/total",
        ),
        (
            "m_2",
            "(3*exp(v[1]) + exp(v[2]) + 2*exp(v[3]) - 2*exp(v[4]))/total",
        ),
    ],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "coreset",
    name: "Toy coreset",
    class: Class::Toys,
    summary: "Weights of four points such that their mean, the follower's solution, is as close to the target as their \
              convex hull allows.",
    source: "Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709)",
    references: &[BOME],
    look_for: "A small $f$ counts only with a small value gap: outside the hull $f$ can be below the optimum $0.72$, \
               but the gap is positive. BSG-1, with its rank-one Hessian, converges to the vertex $x_2$.",
    parameters: &[Parameter {
        name: X4.name(),
        label: "4th point",
        symbol: "x_4",
        kind: ParameterKind::Choice(&[
            ParameterChoice {
                name: "paper-code",
                label: "(−3, −2), published code",
                meaning: "(-3, -2), as in the published code: the optimum lies on an edge",
            },
            ParameterChoice {
                name: "mirrored",
                label: "(−3, 2), mirrored",
                meaning: "(-3, 2), as in a re-implementation: the optimum is the vertex x2",
            },
        ]),
        default: DefaultValue::Choice("paper-code"),
        meaning: "Position of the fourth point.",
    }],
    text: Some(&TEXT),
    build: |settings| {
        let mirrored = settings.is(X4, "mirrored");
        Arc::new(Differentiated::new(Coreset::new(mirrored)))
    },
};

const GOAL: [f64; 2] = [3.0, -2.0];
/// The names of the points.
const NAMES: [&str; 4] = ["x_1", "x_2", "x_3", "x_4"];

/// The softmax, shifted by the largest entry, so that nothing overflows.
#[inline]
fn softmax<S: Scalar>(v: &[S; 4]) -> [S; 4] {
    let largest = v
        .iter()
        .map(|entry| entry.real())
        .fold(f64::NEG_INFINITY, f64::max);
    let mut weights = v.map(|entry| (entry - largest).exp());
    let total = S::sum(weights.into_iter());
    for weight in &mut weights {
        *weight = *weight / total;
    }
    weights
}

#[derive(Debug)]
struct Coreset {
    points: [[f64; 2]; 4],
    is_mirrored: bool,
}

impl Coreset {
    fn new(is_mirrored: bool) -> Self {
        let fourth = if is_mirrored {
            [-3.0, 2.0]
        } else {
            [-3.0, -2.0]
        };
        Self {
            points: [[1.0, 3.0], [3.0, 1.0], [-2.0, 2.0], fourth],
            is_mirrored,
        }
    }

    /// The softmax of v, and the mean of the points under it.
    #[inline]
    fn mean<S: Scalar>(&self, v: &[S; 4]) -> ([S; 4], [S; 2]) {
        let weights = softmax(v);
        let zero = S::from(0.0);
        let mut mean = [zero, zero];
        for (weight, point) in weights.into_iter().zip(&self.points) {
            for (mean, coordinate) in mean.iter_mut().zip(point) {
                *mean += weight * *coordinate;
            }
        }
        (weights, mean)
    }

    /// The softmax of the leader's block, and the mean of the points under it.
    fn mean_at<S: Scalar>(&self, v: &[S]) -> ([S; 4], [S; 2]) {
        self.mean(v.first_chunk().expect("there are four points"))
    }
}

impl Objectives for Coreset {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[4, 2]);
        let (optimum, value, reason) = if self.is_mirrored {
            (
                [3.0, 1.0],
                0.9,
                "the vertex $x_2$ is the point of the hull nearest to $x_0$",
            )
        } else {
            (
                [1.8, 0.4],
                0.72,
                "the projection of $x_0$ on the edge from $x_2$ to $x_4$; approached, never attained",
            )
        };
        Metadata {
            formulas: vec![
                "$\\min_v\\; 0.1\\,‖θ − x_0‖^2$".to_owned(),
                "$θ ∈ \\argmin\\; ‖θ − Σ_i σ_i(v)\\, x_i‖^2$".to_owned(),
            ],
            symbols: vec!["v", "θ"],
            names: Vec::new(),
            bounds: Bounds::none(shape),
            start: Point::from_blocks(&[vec![0.0; 4], vec![0.0, 3.0]]),
            planes: vec![self.plane()],
            minima: vec![Minimum {
                is_global: true,
                site: Site::Interior,
                blocks: vec![None, Some(optimum.to_vec())],
                value,
                reason,
            }],
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(2.0),
                note: Cow::Borrowed(
                    "The follower's Hessian is $2I$ everywhere: every method's assumptions hold.",
                ),
            },
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let theta = &at[2];
        if level == 1 {
            return ((theta[0] - GOAL[0]).square() + (theta[1] - GOAL[1]).square()) * 0.1;
        }
        let (_, mean) = self.mean_at(&at[1]);
        (theta[0] - mean[0]).square() + (theta[1] - mean[1]).square()
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        let &[v1, v2, v3, v4, a, b] = at.array();
        let out: &mut [f64; 6] = out.array_mut();
        if level == 1 {
            if wrt.contains(1) {
                out[..4].fill(0.0);
            }
            if wrt.contains(2) {
                out[4] = 0.2 * (a - GOAL[0]);
                out[5] = 0.2 * (b - GOAL[1]);
            }
            return true;
        }
        let (weights, mean) = self.mean(&[v1, v2, v3, v4]);
        let residual = [2.0 * (a - mean[0]), 2.0 * (b - mean[1])];
        if wrt.contains(2) {
            out[4..].copy_from_slice(&residual);
        }
        if wrt.contains(1) {
            // ∂mean/∂vᵢ = sᵢ (xᵢ − mean)
            for i in 0..4 {
                let point = self.points[i];
                out[i] = -weights[i]
                    * (residual[0] * (point[0] - mean[0]) + residual[1] * (point[1] - mean[1]));
            }
        }
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let (_, mean) = self.mean_at(&at[1]);
        Some(LowerSolution {
            argmin: mean.to_vec(),
            value: 0.0,
            is_unique: true,
        })
    }
}

impl Coreset {
    /// The follower's plane with the hull, the points and the goal.
    fn plane(&self) -> Plane {
        let [x1, x2, x3, x4] = self.points;
        let mut marks = vec![Mark::Area(vec![x1, x2, x4, x3])];
        marks.push(Mark::Weights {
            name: "σ_i(v)",
            columns: &NAMES,
            weights: |v| v.first_chunk().map_or_else(Vec::new, |v| softmax(v).into()),
        });
        marks.extend(
            NAMES
                .into_iter()
                .zip(self.points)
                .map(|(name, at)| Mark::Point { at, name }),
        );
        marks.push(Mark::Goal {
            at: GOAL,
            name: "x_0",
        });
        Plane {
            horizontal: Coordinate { level: 2, index: 0 },
            vertical: Coordinate { level: 2, index: 1 },
            range: [[-4.5, 5.5], [-3.2, 4.0]],
            marks,
        }
    }
}
