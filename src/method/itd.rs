//! ITD: the hypergradient of the unrolled inner loop, by reverse differentiation.
//!
//! ```text
//! y⁽ᵗ⁺¹⁾ = P(y⁽ᵗ⁾ − α ∇_y g(x, y⁽ᵗ⁾)),   t = 0 … T−1
//! a = ∇_y f(x, y⁽ᵀ⁾),  G = ∇_x f(x, y⁽ᵀ⁾)
//! t = T−1 … 0:   G ← G − α ∇²_xy g(x, y⁽ᵗ⁾) a,   a ← (I − α ∇²_yy g(x, y⁽ᵗ⁾)) a
//! x ← P(x − ξ G)
//! ```
//!
//! Source: Domke 2012; Maclaurin, Duvenaud, Adams 2015; Franceschi, Donini, Frasconi, Pontil, ICML 2017 (arXiv 1703.01785).
//! Cost per outer step: T gradients of g, 1 of f, T Hessian-vector and T mixed products. Memory O(T p).
//! Assumes: a follower that T gradient steps nearly solve; at finite T the stationary points are those of the truncated
//! objective, not of the true one.
//!
//! `inner_start = "warm"` keeps y⁽ᵀ⁾ for the next outer step. `"fixed"` restarts from the run's start every time and
//! solves again after x has moved, so that the row shows the answer to the x beside it.
//!
//! The adjoint passes through the box as if P were the identity, as in the recorded runs that the tests follow. The exact
//! derivative of the projected loop would drop a coordinate wherever the box cuts a step off; in the mini-max game the two
//! differ from k = 3 on and end equally near the origin.

use super::entry::{Cost, Entry, Needs};
use super::inner::{Descent, descend, norm};
use super::{Method, Start, State, Step, Terms, Trouble, shared};
use crate::problem::{Choice, Default, Kind, Levels, Oracle, Parameter, Point, Reference, Venue};

/// The list's line.
pub(super) const ENTRY: Entry = Entry {
    id: "itd",
    name: "ITD",
    summary: "Differentiates through the follower's $T$ gradient steps as if they were its answer.",
    rule: &[
        "$y^{(t+1)} = y^{(t)} − α ∇_y g(x, y^{(t)})$, $T$ times",
        "$G = ∇_x f,\\; a = ∇_y f$ at $y^{(T)}$",
        "backwards: $G ← G − α ∇^2_{xy} g\\, a,\\; a ← a − α ∇^2_{yy} g\\, a$",
        "$x ← x − ξ G$",
    ],
    source: "Franceschi, Donini, Frasconi, Pontil 2017 (arXiv 1703.01785)",
    references: &[Reference {
        key: "franceschi2017forward",
        authors: &[
            "Franceschi, Luca",
            "Donini, Michele",
            "Frasconi, Paolo",
            "Pontil, Massimiliano",
        ],
        title: "Forward and Reverse Gradient-Based Hyperparameter Optimization",
        year: 2017,
        venue: Venue::Proceedings("International Conference on Machine Learning"),
        arxiv: Some("1703.01785"),
    }],
    cost: &[
        Cost {
            call: "∇g",
            count: "T",
        },
        Cost {
            call: "∇f",
            count: "1",
        },
        Cost {
            call: "Hessian products of g",
            count: "T",
        },
        Cost {
            call: "mixed products of g",
            count: "T",
        },
    ],
    assumes: "$T$ gradient steps nearly solve the follower; short of that it rests where its truncated objective does.",
    needs: Needs {
        two_levels: true,
        invertible: false,
        unique_answer: true,
    },
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_STEPS,
        shared::INNER_STEP_SIZE,
        Parameter {
            name: "inner_start",
            label: "inner start",
            symbol: "y^{(0)}",
            kind: Kind::Choice(&[
                Choice {
                    name: "warm",
                    meaning: "keep the follower's iterate between outer steps",
                },
                Choice {
                    name: "fixed",
                    meaning: "restart the follower from the run's start at every outer step",
                },
            ]),
            default: Default::Choice("warm"),
            meaning: "Where the inner loop starts.",
        },
    ],
    build: |settings| {
        Box::new(Itd {
            descent: Descent::new(settings),
            step_size: settings.number("outer_step_size"),
            restarts: settings.is("inner_start", "fixed"),
        })
    },
};

#[derive(Clone, Copy, Debug)]
struct Itd {
    descent: Descent,
    step_size: f64,
    restarts: bool,
}

impl Method for Itd {
    fn prepare(&self, start: &Start<'_>) -> Box<dyn State> {
        let scratch = Point::zeros(start.point.shape());
        let size = start.point[2].len();
        Box::new(Running {
            method: *self,
            point: start.point.clone(),
            inner_start: start.point[2].to_vec(),
            is_unrolled: false,
            path: vec![0.0; self.descent.steps * size],
            probe: scratch.clone(),
            gradient: scratch,
            adjoint: vec![0.0; size],
            hessian_product: vec![0.0; size],
            mixed_product: vec![0.0; start.point[1].len()],
        })
    }
}

#[derive(Clone, Debug)]
struct Running {
    method: Itd,
    point: Point,
    inner_start: Vec<f64>,
    /// Whether `path` belongs to the point, so that the next step need not walk it again.
    is_unrolled: bool,
    /// y⁽⁰⁾ … y⁽ᵀ⁻¹⁾.
    path: Vec<f64>,
    probe: Point,
    gradient: Point,
    adjoint: Vec<f64>,
    hessian_product: Vec<f64>,
    mixed_product: Vec<f64>,
}

impl Running {
    /// Walks the inner loop at the present x and remembers the way.
    fn unroll(&mut self, oracle: &mut Oracle<'_>) {
        if self.method.restarts {
            self.point[2].copy_from_slice(&self.inner_start);
        }
        for before in self.path.chunks_mut(self.inner_start.len()) {
            if oracle.is_cancelled() {
                return;
            }
            before.copy_from_slice(&self.point[2]);
            self.method
                .descent
                .step(oracle, &mut self.point, &mut self.gradient);
        }
        self.is_unrolled = true;
    }

    /// Leaves the hypergradient of the unrolled loop in the upper block of `gradient`.
    fn differentiate(&mut self, oracle: &mut Oracle<'_>) {
        oracle.grad(1, &self.point, Levels::ALL, &mut self.gradient);
        self.adjoint.copy_from_slice(&self.gradient[2]);
        self.probe.copy_from(&self.point);
        let step_size = self.method.descent.step_size;
        for before in self.path.chunks(self.inner_start.len()).rev() {
            if oracle.is_cancelled() {
                return;
            }
            self.probe[2].copy_from_slice(before);
            oracle.jvp(
                2,
                &self.probe,
                [1, 2],
                &self.adjoint,
                &mut self.mixed_product,
            );
            oracle.hvp(2, &self.probe, 2, &self.adjoint, &mut self.hessian_product);
            for (gradient, product) in self.gradient[1].iter_mut().zip(&self.mixed_product) {
                *gradient -= step_size * product;
            }
            for (adjoint, product) in self.adjoint.iter_mut().zip(&self.hessian_product) {
                *adjoint -= step_size * product;
            }
        }
    }
}

impl State for Running {
    fn point(&self) -> &Point {
        &self.point
    }

    fn step(&mut self, oracle: &mut Oracle<'_>, terms: &mut Terms) -> Result<Step, Trouble> {
        if !self.is_unrolled {
            self.unroll(oracle);
        }
        self.differentiate(oracle);
        terms.vector("hypergradient", &self.gradient[1]);
        let direction = norm(&self.gradient[1]);
        descend(
            oracle,
            &mut self.point,
            1,
            self.method.step_size,
            &self.gradient[1],
        );
        self.is_unrolled = false;
        if self.method.restarts {
            self.unroll(oracle);
        }
        Ok(Step { direction })
    }

    fn fork(&self) -> Box<dyn State> {
        Box::new(self.clone())
    }
}
