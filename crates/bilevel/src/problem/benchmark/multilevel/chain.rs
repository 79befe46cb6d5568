//! Chain: each level copies the one above it, and the leader pays for its own size and for the last level's distance
//! from a goal.
//!
//! ```text
//! f_1 = ‖x_n − t‖² + ‖x_1‖²,   f_k = ‖x_k − x_{k−1}‖²   for k = 2 … n,   x_k ∈ R^d
//! ```
//!
//! Source: for n = 3, d = 2, t = 1 the toy problem of Sato, Tanaka, Takeda 2021 (arXiv 2105.13954), reproduced from
//! memory; the chain of any length is our generalization. Every level answers `x_k = x_1`, so the optimum is t/2 at
//! every level and F₁ = ‖t‖²/2. ITD from lower starts at 0 has a fixed point in closed form: with inner step α and q =
//! 1 − 2α, κ = `Π_k` (1 − `q^{T_k}`), it converges to `x_1` = t κ / (1 + κ²).

use std::borrow::Cow;
use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Levels, MAX_GENERATORS, Point, Scalar, Shape};
use crate::problem::benchmark::keys;
use crate::problem::{
    Class, Coordinate, Curvature, DefaultValue, Differentiated, FormulaText, Key, LowerLevel,
    LowerSolution, Metadata, Metric, Minimum, Objectives, Parameter, ParameterKind, Plane,
    ProblemInfo, Site, UNROLLING,
};

const LEVELS: Key<usize> = Key::new("levels");
const TARGET: Key<f64> = Key::new("target");

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[
        ("x[2]", "(z[1] - t)^2 + (z[2] - t)^2 + norm2(x)^2"),
        ("y[2]", "norm2(y - x)^2"),
        ("z[2]", "norm2(z - y)^2"),
    ],
    constants: &[("t", 1.0, [-2.0, 2.0])],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "chain",
    name: "Chain",
    class: Class::Levels,
    summary: "Each level copies the one above it; the leader wants the last one at a target and penalizes its own \
              norm.",
    source: "Sato, Tanaka, Takeda 2021 (arXiv 2105.13954) for three levels",
    references: &[UNROLLING],
    look_for: "ITD's error has a closed form: each inexactly solved level passes on the fraction $1 − (1 − 2α)^T$ of a \
               change, and the fractions of all levels multiply.",
    parameters: &[
        Parameter {
            name: LEVELS.name(),
            label: "levels",
            symbol: "n",
            kind: ParameterKind::Integer {
                min: 2,
                max: 5,
                slider: [2.0, 5.0],
                per_level: false,
            },
            default: DefaultValue::Number(3.0),
            meaning: "Number of levels.",
        },
        Parameter {
            name: keys::DIMENSION.name(),
            label: "variables per level",
            symbol: "d",
            kind: ParameterKind::Integer {
                min: 1,
                max: 20,
                slider: [1.0, 20.0],
                per_level: false,
            },
            default: DefaultValue::Number(2.0),
            meaning: "Number of variables of each level; exact methods on three levels and more cost nearly its nth power.",
        },
        Parameter {
            name: TARGET.name(),
            label: "goal",
            symbol: "t",
            kind: ParameterKind::Number {
                min: -1e6,
                max: 1e6,
                slider: [0.0, 4.0],
                per_level: false,
            },
            default: DefaultValue::Number(1.0),
            meaning: "Target of each variable of the last level.",
        },
    ],
    text: Some(&TEXT),
    build: |settings| {
        Arc::new(Differentiated::new(Chain {
            levels: settings.get(LEVELS),
            dimension: settings.get(keys::DIMENSION),
            target: settings.get(TARGET),
        }))
    },
};

const SYMBOLS: [&str; 5] = ["x", "y", "z", "u", "v"];
const _: () = assert!(SYMBOLS.len() <= MAX_GENERATORS);

#[derive(Debug)]
struct Chain {
    levels: usize,
    dimension: usize,
    target: f64,
}

impl Objectives for Chain {
    fn metadata(&self) -> Metadata {
        let (n, d) = (self.levels, self.dimension);
        let shape = Shape::new(&vec![d; n]);
        let last = SYMBOLS[n - 1];
        let formula = |k: usize| {
            if k == 1 {
                format!("$\\min_x\\; ‖{last} − t‖^2 + ‖x‖^2$")
            } else {
                let (own, above) = (SYMBOLS[k - 1], SYMBOLS[k - 2]);
                format!("${own} ∈ \\argmin\\; ‖{own} − {above}‖^2$")
            }
        };
        let mut blocks = vec![vec![0.0; d]; n];
        blocks[0] = (0..d)
            .map(|i| if i % 2 == 0 { 2.0 } else { -1.0 })
            .collect();
        let half = 0.5 * self.target;
        let reach = 2.5_f64.max(1.5 * half.abs());
        let coordinate = |level, index| Coordinate { level, index };
        let plane = |horizontal, vertical| Plane {
            horizontal,
            vertical,
            range: [[-reach, reach]; 2],
            marks: Vec::new(),
        };
        let mut planes: Vec<Plane> = (2..=n)
            .map(|level| plane(coordinate(1, 0), coordinate(level, 0)))
            .collect();
        if d > 1 {
            planes.insert(0, plane(coordinate(1, 0), coordinate(1, 1)));
        }
        Metadata {
            formulas: (1..=n).map(formula).collect(),
            symbols: SYMBOLS[..n].to_vec(),
            names: Vec::new(),
            bounds: Bounds::none(shape),
            start: Point::from_blocks(&blocks),
            planes,
            minima: vec![Minimum {
                is_global: true,
                site: Site::Interior,
                blocks: vec![Some(vec![half; d]); n],
                value: d as f64 * self.target * self.target / 2.0,
                reason: "the solution of every level is $x$, so $F_1 = ‖x − t‖^2 + ‖x‖^2$",
            }],
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::StronglyConvex,
                steepest: Some(2.0),
                note: Cow::Borrowed(
                    "Every level's Hessian is $2I$ and its solution the block above it.",
                ),
            },
            metrics: vec![Metric {
                name: "mse",
                meaning: "the mean square of the distance from the optimum, over all variables",
                suits_logarithm: true,
            }],
            highest_order: MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let square = |block: &[S], from: &dyn Fn(usize) -> S| {
            S::sum(
                block
                    .iter()
                    .enumerate()
                    .map(|(i, &value)| (value - from(i)).square()),
            )
        };
        if level == 1 {
            square(&at[self.levels], &|_| self.target.into()) + square(&at[1], &|_| 0.0.into())
        } else {
            square(&at[level], &|i| at[level - 1][i])
        }
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        for block in (1..=self.levels).filter(|&block| wrt.contains(block)) {
            for i in 0..self.dimension {
                out[block][i] = match level {
                    1 if block == 1 => 2.0 * at[1][i],
                    1 if block == self.levels => 2.0 * (at[block][i] - self.target),
                    _ if level > 1 && block == level => 2.0 * (at[level][i] - at[level - 1][i]),
                    _ if level > 1 && block == level - 1 => 2.0 * (at[level - 1][i] - at[level][i]),
                    _ => 0.0,
                };
            }
        }
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        Some(LowerSolution {
            argmin: at[self.levels - 1].to_vec(),
            value: 0.0,
            is_unique: true,
        })
    }

    fn closed_answers(&self, at: &Point) -> Option<Point> {
        let blocks = vec![at[1].to_vec(); self.levels];
        Some(Point::from_blocks(&blocks))
    }

    /// The mean square of the distance from the optimum, over all variables.
    fn metrics(&self, at: &Point) -> Vec<f64> {
        let half = 0.5 * self.target;
        let squares = at.values().iter().map(|x| (x - half).powi(2));
        vec![squares.sum::<f64>() / at.values().len() as f64]
    }
}
