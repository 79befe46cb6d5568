//! Sampled quadratic: a strongly convex problem whose objectives are means over samples, for mini-batch methods.
//!
//! ```text
//! f = mean_i ½ ‖y − t_i‖² + ½ ρ ‖x‖²,   g = mean_i ½ yᵀ H_i y − yᵀ (B x + c_i),   x ∈ R³, y ∈ R⁴
//! ```
//!
//! Source: made for this app, in the shape of the quadratic problems on which stochastic bilevel methods are analyzed.
//! Each `H_i` is diagonal, with means from 0.3 to 1; `t_i`, `c_i` and `H_i` are spread evenly around their means by
//! multiples of irrational numbers, so that the mean over all samples is exact and the problem is deterministic. With
//! R = H⁻¹ B and s = H⁻¹ c the optimum solves `(RᵀR + ρ I) x = Rᵀ (t − s)`, and y = R x + s.

use std::borrow::Cow;
use std::sync::Arc;

use nalgebra::{Matrix3, SMatrix, SVector, Vector3, Vector4};

use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape};
use crate::problem::{
    Class, Coordinate, Curvature, DefaultValue, Differentiated, FormulaText, Key, LowerLevel,
    LowerSolution, Metadata, Minimum, Objectives, Parameter, ParameterKind, Plane, ProblemInfo,
    Site,
};

const SAMPLES: Key<usize> = Key::new("samples");
const SPREAD: Key<f64> = Key::new("spread");

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        (
            "x[3]",
            "dot(y, y)/2 - y[1] + 0.5*y[2] - 0.7*y[3] - 0.2*y[4] + rho/2*dot(x, x) + h",
        ),
        (
            "y[4]",
            "0.15*y[1]^2 + 0.25*y[2]^2 + 0.4*y[3]^2 + 0.5*y[4]^2 - y[1]*p_1 - y[2]*p_2 - y[3]*p_3 - y[4]*p_4",
        ),
    ],
    constants: &[
        ("rho", 0.1, [0.0, 1.0]),
        // the mean of ½ ‖t_i‖² over the samples
        ("h", 1.057_080_494_590_418_9, [0.0, 2.0]),
    ],
    definitions: &[
        ("p_1", "0.4*x[1] - 0.2*x[2] + 0.1*x[3] + 0.1"),
        ("p_2", "0.5*x[2] + 0.3*x[3] + 0.3"),
        ("p_3", "-0.3*x[1] + 0.1*x[2] + 0.6*x[3] - 0.2"),
        ("p_4", "0.2*x[1] + 0.2*x[2] - 0.4*x[3] + 0.4"),
    ],
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "quadratic",
    name: "Sampled quadratic",
    class: Class::Smooth,
    summary: "A well-conditioned problem whose objectives are means over samples: the effect of mini-batches alone.",
    source: "Bilevel Lab",
    references: &[],
    look_for: "Stochastic methods end at a noise floor that shrinks as the batch grows and vanishes for the full \
               batch. Recursive directions lower it at the same batch.",
    parameters: &[
        Parameter {
            name: SAMPLES.name(),
            label: "samples",
            symbol: "N",
            kind: ParameterKind::Integer {
                min: 1,
                max: 100_000,
                slider: [10.0, 1000.0],
                per_level: false,
            },
            default: DefaultValue::Number(100.0),
            meaning: "Number of samples that the objectives are means over.",
        },
        Parameter {
            name: SPREAD.name(),
            label: "spread",
            symbol: "s",
            kind: ParameterKind::Number {
                min: 0.0,
                max: 100.0,
                slider: [0.0, 2.0],
                per_level: false,
            },
            default: DefaultValue::Number(1.0),
            meaning: "Spread of the samples around their mean.",
        },
    ],
    text: Some(&TEXT),
    build: |settings| {
        let samples = samples(settings.get(SAMPLES), settings.get(SPREAD));
        Arc::new(Differentiated::new(Quadratic::over_all(samples.into())))
    },
};

const RHO: f64 = 0.1;
const CURVATURE: [f64; 4] = [0.3, 0.5, 0.8, 1.0];
const TARGET: [f64; 4] = [1.0, -0.5, 0.7, 0.2];
const SHIFT: [f64; 4] = [0.1, 0.3, -0.2, 0.4];
const COUPLING: [[f64; 3]; 4] = [
    [0.4, -0.2, 0.1],
    [0.0, 0.5, 0.3],
    [-0.3, 0.1, 0.6],
    [0.2, 0.2, -0.4],
];
/// The share of the spread that curvatures get, so that none becomes negative for spreads of about 1.
const CURVATURE_SHARE: f64 = 0.2;

/// A sample: t, c and the diagonal of H.
#[derive(Clone, Copy, Debug)]
struct QuadraticSample {
    target: [f64; 4],
    shift: [f64; 4],
    curvature: [f64; 4],
}

/// Returns `count` samples, spread evenly around their exact mean.
fn samples(count: usize, spread: f64) -> Vec<QuadraticSample> {
    // each of the twelve numbers has its own phase
    let offsets = |phase: usize| -> Vec<f64> {
        let step = (phase as f64 + 2.0).sqrt() * 0.618_033_988_749_895;
        let raw: Vec<f64> = (0..count)
            .map(|i| (step * (i as f64 + 0.5)).fract())
            .collect();
        let mean = raw.iter().sum::<f64>() / count as f64;
        raw.iter().map(|u| spread * (u - mean)).collect()
    };
    let all: Vec<Vec<f64>> = (0..12).map(offsets).collect();
    (0..count)
        .map(|i| QuadraticSample {
            target: std::array::from_fn(|k| TARGET[k] + all[k][i]),
            shift: std::array::from_fn(|k| SHIFT[k] + all[4 + k][i]),
            curvature: std::array::from_fn(|k| {
                CURVATURE[k] * (1.0 + CURVATURE_SHARE * all[8 + k][i])
            }),
        })
        .collect()
}

/// The problem over some of the samples: the objectives depend on their means only.
#[derive(Debug)]
struct Quadratic {
    all: Arc<[QuadraticSample]>,
    mean: QuadraticSample,
    /// The mean of `½ ‖t_i‖²`, the constant term of f.
    half_square: f64,
}

impl Quadratic {
    fn over_all(all: Arc<[QuadraticSample]>) -> Self {
        let batch: Vec<usize> = (0..all.len()).collect();
        Self::over(all, &batch)
    }

    fn over(all: Arc<[QuadraticSample]>, batch: &[usize]) -> Self {
        let mean = |of: &dyn Fn(&QuadraticSample) -> f64| {
            batch.iter().map(|&i| of(&all[i])).sum::<f64>() / batch.len() as f64
        };
        Self {
            mean: QuadraticSample {
                target: std::array::from_fn(|k| mean(&|sample| sample.target[k])),
                shift: std::array::from_fn(|k| mean(&|sample| sample.shift[k])),
                curvature: std::array::from_fn(|k| mean(&|sample| sample.curvature[k])),
            },
            half_square: mean(&|sample| 0.5 * sample.target.iter().map(|t| t * t).sum::<f64>()),
            all,
        }
    }

    /// Component k of B x + c.
    fn pull<S: Scalar>(&self, x: &[S], k: usize) -> S {
        S::sum((0..3).map(|j| x[j] * COUPLING[k][j])) + self.mean.shift[k]
    }

    /// The optimum x and y of these means; `None` if its linear system is not positive definite.
    fn optimum(&self) -> Option<[Vec<f64>; 2]> {
        let h = self.mean.curvature;
        let r = SMatrix::<f64, 4, 3>::from_fn(|i, j| COUPLING[i][j] / h[i]);
        let s = SVector::<f64, 4>::from_fn(|i, _| self.mean.shift[i] / h[i]);
        let system = r.transpose() * r + Matrix3::identity() * RHO;
        let right: Vector3<f64> = r.transpose() * (Vector4::from(self.mean.target) - s);
        let x = system.cholesky()?.solve(&right);
        let y = r * x + s;
        Some([x.as_slice().to_vec(), y.as_slice().to_vec()])
    }
}

impl Objectives for Quadratic {
    fn metadata(&self) -> Metadata {
        let shape = Shape::new(&[3, 4]);
        let plane = |vertical, range| Plane {
            horizontal: Coordinate { level: 1, index: 0 },
            vertical,
            range: [[-1.8, 1.4], range],
            marks: Vec::new(),
        };
        let minima = self.optimum().map(|blocks| {
            let at = Point::from_blocks(&blocks);
            Minimum {
                is_global: true,
                site: Site::Interior,
                value: self.value(1, at.blocks()),
                blocks: blocks.into_iter().map(Some).collect(),
                reason: "the solution of $(R^T R + ρ I) x = R^T (t − s)$, with all samples",
            }
        });
        Metadata {
            formulas: vec![
                "$\\min_x\\; \\mean_i\\, ½ ‖y − t_i‖^2 + ½ ρ ‖x‖^2$".to_owned(),
                "$y ∈ \\argmin\\; \\mean_i\\, ½ y^T H_i y − y^T (B x + c_i)$".to_owned(),
            ],
            symbols: vec!["x", "y"],
            names: Vec::new(),
            bounds: Bounds::none(shape),
            start: Point::from_blocks(&[vec![0.0; 3], vec![0.0; 4]]),
            planes: vec![
                plane(Coordinate { level: 1, index: 1 }, [-2.0, 0.6]),
                plane(Coordinate { level: 2, index: 0 }, [-0.5, 1.8]),
            ],
            minima: minima.into_iter().collect(),
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(self.mean.curvature.iter().copied().fold(0.0, f64::max)),
                note: Cow::Borrowed(
                    "The follower's Hessian is diagonal with entries from 0.3 to 1: every assumption holds, and \
                       sampling is the only difficulty.",
                ),
            },
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (&at[1], &at[2]);
        if level == 1 {
            let own = S::sum(x.iter().map(|&x| x.square())) * (0.5 * RHO);
            let miss = (0..4).map(|k| y[k].square() * 0.5 - y[k] * self.mean.target[k]);
            return S::sum(miss) + own + self.half_square;
        }
        S::sum(
            (0..4).map(|k| y[k].square() * (0.5 * self.mean.curvature[k]) - y[k] * self.pull(x, k)),
        )
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        if wrt.contains(1) {
            for j in 0..3 {
                out[1][j] = if level == 1 {
                    RHO * at[1][j]
                } else {
                    -(0..4).map(|k| at[2][k] * COUPLING[k][j]).sum::<f64>()
                };
            }
        }
        if wrt.contains(2) {
            for k in 0..4 {
                out[2][k] = if level == 1 {
                    at[2][k] - self.mean.target[k]
                } else {
                    self.mean.curvature[k] * at[2][k] - self.pull(&at[1], k)
                };
            }
        }
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let pulls: Vec<f64> = (0..4).map(|k| self.pull(&at[1], k)).collect();
        let terms = pulls.iter().zip(self.mean.curvature);
        Some(LowerSolution {
            argmin: terms.clone().map(|(pull, h)| pull / h).collect(),
            value: terms.map(|(pull, h)| -0.5 * pull * pull / h).sum(),
            is_unique: true,
        })
    }

    fn samples(&self) -> usize {
        self.all.len()
    }

    fn on_batch(&self, batch: &[usize]) -> Option<Self> {
        Some(Self::over(Arc::clone(&self.all), batch))
    }
}
