//! Finite differences of the truncated reduced objective: no derivative of the follower's answer at all.
//!
//! ```text
//! φ_T(x) = f(x, y⁽ᵀ⁾(x)),   y⁽ᵗ⁺¹⁾ = P(y⁽ᵗ⁾ − α ∇_y g(x, y⁽ᵗ⁾)),   t = 0 … T−1, from y⁽⁰⁾
//! Gᵢ = (φ_T(x + h eᵢ) − φ_T(x)) / h                    difference = "forward"
//! Gᵢ = (φ_T(x + h eᵢ) − φ_T(x − h eᵢ)) / 2h            difference = "central"
//! x ← P(x − ξ G)
//! ```
//!
//! Source: folklore; a baseline in Sato, Tanaka, Takeda, NeurIPS 2021 (arXiv 2105.13954) and its successors.
//! Cost per outer step, with m leader's variables: (m + 1) T gradients of g and m + 1 values of f forward, (2m + 1) T and 2m
//! central; T gradients more once, for the start's own answer. Memory O(p + m).
//! Assumes: few leader's variables, and an h between the truncation error of order h (central: h²) and the rounding error of
//! order 1e-16 / h. Like ITD it rests where the truncated `φ_T` does.
//!
//! `inner_start = "fixed"` makes `φ_T` a function of x alone and solves again after x has moved, so that the row shows the
//! answer to the x beside it. `"warm"` starts all walks of an outer step at the follower's present iterate and keeps the
//! walk at x. A difference that would leave the box is taken towards the inside, and divided by the step really taken.

use super::entry::{Cost, Entry, Inverse, Needs};
use super::inner::{Descent, InnerLoop, descend};
use super::momentum::Momentum;
use super::{Method, Start, State, Terms, Trouble, shared};
use crate::problem::{Choice, Default, Kind, Oracle, Parameter, Point, Reference, Venue};

/// The list's line.
pub(super) const ENTRY: Entry = Entry {
    id: "finite-difference",
    name: "Finite differences",
    summary: "Moves each of the leader's variables a little, lets the follower answer anew, and looks at how $f$ changes.",
    rule: &[
        "$φ_T(x) = f(x, y^{(T)}(x))$, $y^{(T)}$ after $T$ steps $y ← y − α ∇_y g$",
        "forward: $G_i = (φ_T(x + h e_i) − φ_T(x)) / h$",
        "central: $G_i = (φ_T(x + h e_i) − φ_T(x − h e_i)) / 2h$",
        "$x ← x − ξ G$",
    ],
    source: "folklore; a baseline in Sato, Tanaka, Takeda 2021 (arXiv 2105.13954)",
    references: &[Reference {
        key: "sato2021gradient",
        authors: &["Sato, Ryo", "Tanaka, Mirai", "Takeda, Akiko"],
        title: "A Gradient Method for Multilevel Optimization",
        year: 2021,
        venue: Venue::Proceedings("Advances in Neural Information Processing Systems"),
        arxiv: Some("2105.13954"),
    }],
    cost: &[
        Cost {
            call: "∇g",
            count: "(m + 1) T",
        },
        Cost {
            call: "values of f (central: $(2m + 1) T$ and $2m$)",
            count: "m + 1",
        },
    ],
    assumes: "Few leader's variables $m$; it rests where the truncated objective does, a little beside for a large $h$.",
    needs: Needs {
        two_levels: true,
        inverse: Inverse::Never,
        unique_answer: true,
        min_max: false,
    },
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_STEPS,
        Parameter {
            name: "difference_step",
            label: "difference step",
            symbol: "h",
            kind: Kind::Number {
                min: 1e-12,
                max: 1e12,
                slider: [1e-8, 1.0],
                per_level: false,
            },
            default: Default::Number(1e-4),
            meaning: "How far a leader's variable is moved.",
        },
        Parameter {
            name: "difference",
            label: "difference",
            symbol: "G",
            kind: Kind::Choice(&[
                Choice {
                    name: "forward",
                    meaning: "one step up, against the value at x: an error of order h",
                },
                Choice {
                    name: "central",
                    meaning: "one step up, one down: twice the work, an error of order h²",
                },
            ]),
            default: Default::Choice("forward"),
            meaning: "Between which points the difference is taken.",
        },
        shared::INNER_STEP_SIZE,
        shared::inner_start("fixed"),
        shared::MOMENTUM,
    ],
    build: |settings| {
        Box::new(FiniteDifference {
            descent: Descent::new(settings),
            step_size: settings.number("outer_step_size"),
            momentum: settings.number("momentum"),
            difference_step: settings.number("difference_step"),
            is_central: settings.is("difference", "central"),
            restarts: settings.is("inner_start", "fixed"),
        })
    },
};

#[derive(Clone, Copy, Debug)]
struct FiniteDifference {
    descent: Descent,
    step_size: f64,
    momentum: f64,
    difference_step: f64,
    is_central: bool,
    restarts: bool,
}

impl Method for FiniteDifference {
    fn prepare(&self, start: &Start<'_>) -> Box<dyn State> {
        let shape = start.point.shape();
        Box::new(Running {
            method: *self,
            point: start.point.clone(),
            inner_start: start.point[2].to_vec(),
            is_answered: false,
            probe: Point::zeros(shape),
            gradient: vec![0.0; shape.size(1)],
            inner: self.descent.prepare(shape),
            momentum: Momentum::new(self.momentum, shape.size(1)),
        })
    }
}

#[derive(Clone, Debug)]
struct Running {
    method: FiniteDifference,
    point: Point,
    inner_start: Vec<f64>,
    /// Whether the point's lower block is already the answer of T steps to its upper one.
    is_answered: bool,
    probe: Point,
    gradient: Vec<f64>,
    inner: InnerLoop,
    momentum: Momentum,
}

impl Running {
    /// Walks the inner loop at the present x.
    fn answer(&mut self, oracle: &mut Oracle<'_>) {
        if self.method.restarts {
            self.point[2].copy_from_slice(&self.inner_start);
        } else {
            self.inner_start.copy_from_slice(&self.point[2]);
        }
        self.inner.run(oracle, &mut self.point);
        self.is_answered = true;
    }

    /// `φ_T` with one variable of x moved to `value`.
    fn moved(&mut self, oracle: &mut Oracle<'_>, variable: usize, value: f64) -> f64 {
        self.probe[1].copy_from_slice(&self.point[1]);
        self.probe[1][variable] = value;
        self.probe[2].copy_from_slice(&self.inner_start);
        self.inner.run(oracle, &mut self.probe);
        oracle.value(1, &self.probe)
    }

    fn difference(&mut self, oracle: &mut Oracle<'_>) {
        let h = self.method.difference_step;
        let here = if self.method.is_central {
            0.0
        } else {
            oracle.value(1, &self.point)
        };
        for variable in 0..self.gradient.len() {
            if oracle.is_cancelled() {
                return;
            }
            let x = self.point[1][variable];
            let [low, high] = oracle.bounds().limits(1)[variable];
            self.gradient[variable] = if self.method.is_central {
                let (above, below) = ((x + h).min(high), (x - h).max(low));
                let rise =
                    self.moved(oracle, variable, above) - self.moved(oracle, variable, below);
                quotient(rise, above - below)
            } else {
                let aside = if x + h <= high {
                    x + h
                } else {
                    (x - h).max(low)
                };
                quotient(self.moved(oracle, variable, aside) - here, aside - x)
            };
        }
    }
}

impl State for Running {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.gradient
    }

    fn step(&mut self, oracle: &mut Oracle<'_>, terms: &mut Terms) -> Result<(), Trouble> {
        if !self.is_answered {
            self.answer(oracle);
        }
        self.difference(oracle);
        terms.vector("hypergradient", &self.gradient);
        let along = self.momentum.of(&self.gradient);
        descend(oracle, &mut self.point, 1, self.method.step_size, along);
        self.is_answered = false;
        if self.method.restarts {
            self.answer(oracle);
        }
        Ok(())
    }

    fn fork(&self) -> Box<dyn State> {
        Box::new(self.clone())
    }
}

/// rise / run; 0 where the box or rounding leaves no room to move.
fn quotient(rise: f64, run: f64) -> f64 {
    if run == 0.0 { 0.0 } else { rise / run }
}
