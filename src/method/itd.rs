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
//! With inner momentum m the unrolled map is (y, u) ← (P(y − α u'), u' = m u + ∇_y g(x, y)), u from 0 in every outer step.
//! Its adjoint is a heavy ball too: `s ← m s + a`, then `G ← G − α ∇²_xy g s` and `a ← a − α ∇²_yy g s`.
//!
//! The adjoint passes through the box as if P were the identity, as in the recorded runs that the tests follow. The exact
//! derivative of the projected loop would drop a coordinate wherever the box cuts a step off; in the mini-max game the two
//! differ from k = 3 on and end equally near the origin.

use super::entry::{Cost, Entry, Inverse, Needs};
use super::inner::{Descent, InnerLoop, descend};
use super::momentum::Momentum;
use super::{Method, Start, State, Terms, Trouble, shared};
use crate::problem::{Levels, Oracle, Point, Reference, Venue};

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
        inverse: Inverse::Never,
        unique_answer: true,
        min_max: false,
    },
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_STEPS,
        shared::INNER_STEP_SIZE,
        shared::inner_start("warm"),
        shared::MOMENTUM,
        shared::INNER_MOMENTUM,
    ],
    build: |settings| {
        Box::new(Itd {
            descent: Descent::with_momentum(settings),
            step_size: settings.number("outer_step_size"),
            momentum: settings.number("momentum"),
            restarts: settings.is("inner_start", "fixed"),
        })
    },
};

#[derive(Clone, Copy, Debug)]
struct Itd {
    descent: Descent,
    step_size: f64,
    momentum: f64,
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
            inner: self.descent.prepare(start.point.shape()),
            momentum: Momentum::new(self.momentum, start.point[1].len()),
            sweep: Momentum::new(self.descent.momentum, size),
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
    inner: InnerLoop,
    momentum: Momentum,
    /// s of the reverse sweep.
    sweep: Momentum,
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
        self.inner.rest();
        for before in self.path.chunks_mut(self.inner_start.len()) {
            if oracle.is_cancelled() {
                return;
            }
            before.copy_from_slice(&self.point[2]);
            self.inner.step(oracle, &mut self.point);
        }
        self.is_unrolled = true;
    }

    /// Leaves the hypergradient of the unrolled loop in the upper block of `gradient`.
    fn differentiate(&mut self, oracle: &mut Oracle<'_>) {
        oracle.grad(1, &self.point, Levels::ALL, &mut self.gradient);
        self.adjoint.copy_from_slice(&self.gradient[2]);
        self.probe.copy_from(&self.point);
        let step_size = self.method.descent.step_size;
        self.sweep.reset();
        for before in self.path.chunks(self.inner_start.len()).rev() {
            if oracle.is_cancelled() {
                return;
            }
            self.probe[2].copy_from_slice(before);
            let along = self.sweep.of(&self.adjoint);
            oracle.jvp(2, &self.probe, [1, 2], along, &mut self.mixed_product);
            oracle.hvp(2, &self.probe, 2, along, &mut self.hessian_product);
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

    fn direction(&self) -> &[f64] {
        &self.gradient[1]
    }

    fn step(&mut self, oracle: &mut Oracle<'_>, terms: &mut Terms) -> Result<(), Trouble> {
        if !self.is_unrolled {
            self.unroll(oracle);
        }
        self.differentiate(oracle);
        terms.vector("hypergradient", &self.gradient[1]);
        descend(
            oracle,
            &mut self.point,
            1,
            self.method.step_size,
            self.momentum.of(&self.gradient[1]),
        );
        self.is_unrolled = false;
        if self.method.restarts {
            self.unroll(oracle);
        }
        Ok(())
    }

    fn fork(&self) -> Box<dyn State> {
        Box::new(self.clone())
    }
}
