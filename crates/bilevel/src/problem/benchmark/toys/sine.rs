//! BVFSM example: a follower with infinitely many equally good answers, among which the leader chooses.
//!
//! ```text
//! f(x, y) = (x − 2)² + ‖y − 4‖²,   g(x, y) = Σᵢ sin(x + yᵢ − 2),   x ∈ R, y ∈ Rⁿ
//! ```
//!
//! Source: Liu, Liu, Zeng, Zhang, Zhang (2021, arXiv 2110.04974); the form in n dimensions with a = c = 2 is that of
//! the code published with it, which runs n = 2. Here n = 1 is the default, because it can be drawn.
//!
//! Derived for this app: each yᵢ answers with 2 − π/2 + 2πk − x for any integer k, and the leader prefers the one
//! nearest to 4, the same for all i. With cₖ = 2πk − π/2 − 4, f along branch k is least at
//!
//! ```text
//! x = 2 + n cₖ / (n + 1),   yᵢ = 4 + cₖ / (n + 1),   f = n cₖ² / (n + 1)
//! ```
//!
//! which is a minimum of φ if yᵢ is the answer nearest to 4 there, |cₖ| < (n + 1) π: about n + 1 of them. Between two
//! branches φ has an upward kink, and no other minimum. On any other branch the same point is not a minimum of φ, since
//! the leader prefers another answer there, but a method that cannot change branches converges to it.

use std::borrow::Cow;
use std::f64::consts::{FRAC_PI_2, PI, TAU};
use std::sync::Arc;

use crate::numerics::{Blocks, Bounds, Levels, Point, Scalar, Shape};
use crate::problem::benchmark::keys;
use crate::problem::{
    Class, Coordinate, Curvature, DefaultValue, Differentiated, FormulaText, LowerLevel,
    LowerSolution, Mark, Metadata, Minimum, Objectives, Parameter, ParameterKind, Plane,
    ProblemInfo, Site, VALUE_FUNCTION,
};

/// The objectives as typed.
const TEXT: FormulaText = FormulaText {
    levels: &[("x", "(x - 2)^2 + (y - 4)^2"), ("y", "sin(x + y - 2)")],
    ..FormulaText::EMPTY
};

/// The catalogue entry.
pub(crate) const INFO: ProblemInfo = ProblemInfo {
    id: "sine",
    name: "BVFSM example",
    class: Class::Ties,
    summary: "The follower's objective is a sine wave: all its troughs tie, and the leader's objective depends on the \
              trough.",
    source: "Liu, Liu, Zeng, Zhang, Zhang 2021 (arXiv 2110.04974)",
    references: &[VALUE_FUNCTION],
    look_for: "Changes of trough: from $(0, 0)$ most methods stay in the one where they start, at best at $x = −0.785$ \
               with $f = 15.5$; the optimum $f = 0.254$ lies in the next. BOME moves there with an outer step of \
               $0.2$, long enough to carry $y$ over the crest.",
    parameters: &[Parameter {
        name: keys::DIMENSION.name(),
        label: "follower's variables",
        symbol: "n",
        kind: ParameterKind::Integer {
            min: 1,
            max: 100,
            slider: [1.0, 10.0],
            per_level: false,
        },
        default: DefaultValue::Number(1.0),
        meaning: "Number of variables of the follower.",
    }],
    text: Some(&TEXT),
    build: |settings| {
        Arc::new(Differentiated::new(Sine {
            dimension: settings.get(keys::DIMENSION),
        }))
    },
};

/// The minimum of the leader's objective without a follower: x and each yᵢ.
const GOAL: [f64; 2] = [2.0, 4.0];
/// The phase of the wave.
const PHASE: f64 = 2.0;

#[derive(Debug)]
struct Sine {
    dimension: usize,
}

impl Objectives for Sine {
    fn metadata(&self) -> Metadata {
        let formulas = if self.dimension == 1 {
            TEXT.typeset()
        } else {
            vec![
                "$\\min_x\\; (x − 2)^2 + ‖y − 4‖^2$".to_owned(),
                "$y ∈ \\argmin\\; Σ_i \\sin(x + y_i − 2)$".to_owned(),
            ]
        };
        let start = Point::zeros(Shape::new(&[1, self.dimension]));
        let minima = self.minima();
        Metadata {
            formulas,
            symbols: vec!["x", "y"],
            names: Vec::new(),
            bounds: Bounds::none(start.shape()),
            start,
            planes: vec![plane(&minima)],
            minima,
            doubt: None,
            lower_level: LowerLevel {
                curvature: Curvature::NonConvex,
                steepest: None,
                note: Cow::Borrowed(
                    "The follower's Hessian changes sign from trough to crest, and its solution $y_i = 2 − π/2 + 2πk \
                       − x$ is not unique.",
                ),
            },
            metrics: Vec::new(),
            highest_order: crate::numerics::MAX_GENERATORS,
        }
    }

    fn value<S: Scalar>(&self, level: usize, at: Blocks<'_, S>) -> S {
        let (x, y) = (at[1][0], &at[2]);
        if level == 1 {
            (x - GOAL[0]).square() + S::sum(y.iter().map(|&y| (y - GOAL[1]).square()))
        } else {
            S::sum(y.iter().map(|&y| (x + y - PHASE).sin()))
        }
    }

    fn closed_grad(&self, level: usize, at: &Point, wrt: Levels, out: &mut Point) -> bool {
        let x = at[1][0];
        let along = |y: f64| {
            if level == 1 {
                2.0 * (y - GOAL[1])
            } else {
                (x + y - PHASE).cos()
            }
        };
        if wrt.contains(1) {
            out[1][0] = if level == 1 {
                2.0 * (x - GOAL[0])
            } else {
                at[2].iter().map(|&y| along(y)).sum()
            };
        }
        if wrt.contains(2) {
            for (slope, &y) in out[2].iter_mut().zip(&at[2]) {
                *slope = along(y);
            }
        }
        true
    }

    fn closed_reaction(&self, at: &Point) -> Option<LowerSolution> {
        let trough = PHASE - FRAC_PI_2 - at[1][0];
        let nearest = trough + TAU * ((GOAL[1] - trough) / TAU).round();
        Some(LowerSolution {
            argmin: vec![nearest; self.dimension],
            value: -(self.dimension as f64),
            is_unique: false,
        })
    }
}

impl Sine {
    /// The minima of φ, the least one first.
    fn minima(&self) -> Vec<Minimum> {
        let n = self.dimension as f64;
        // cₖ for all k with |cₖ| < (n + 1) π
        let offset = |k: f64| TAU * k - FRAC_PI_2 - (GOAL[0] + GOAL[1] - PHASE);
        let reach = (n + 1.0) * PI;
        let first = ((-reach - offset(0.0)) / TAU).ceil();
        let mut offsets: Vec<f64> = (0..=self.dimension + 1)
            .map(|number| offset(first + number as f64))
            .filter(|offset| offset.abs() < reach)
            .collect();
        offsets.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
        let minimum = |(place, offset): (usize, f64)| Minimum {
            is_global: place == 0,
            site: Site::Interior,
            blocks: vec![
                Some(vec![GOAL[0] + n * offset / (n + 1.0)]),
                Some(vec![GOAL[1] + offset / (n + 1.0); self.dimension]),
            ],
            value: n / (n + 1.0) * offset * offset,
            reason: if place == 0 {
                "the least of $f$ along the branch $y_i = 3π/2 + 2 − x$ of the follower's solutions, which passes \
                 nearest to the target"
            } else {
                "the least of $f$ along another branch of the follower's solutions, where no branch is nearer to the \
                 target"
            },
        };
        offsets.into_iter().enumerate().map(minimum).collect()
    }
}

/// The plane of the leader's variable and the follower's first, wide enough for all minima.
fn plane(minima: &[Minimum]) -> Plane {
    let (horizontal, vertical) = (
        Coordinate { level: 1, index: 0 },
        Coordinate { level: 2, index: 0 },
    );
    let range = |axis: Coordinate| {
        let values = minima.iter().filter_map(|minimum| minimum.coordinate(axis));
        let [low, high] = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
            [low.min(value), high.max(value)]
        });
        [low.floor() - 4.0, high.ceil() + 4.0]
    };
    Plane {
        horizontal,
        vertical,
        range: [range(horizontal), range(vertical)],
        marks: vec![Mark::Goal {
            at: GOAL,
            name: "(2, 4)",
        }],
    }
}
