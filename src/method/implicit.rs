//! Implicit: the exact hypergradient, from a lower level that is solved to a tolerance and its Hessian, inverted.
//!
//! ```text
//! y = y*(x)   by damped Newton steps until ‖∇_y g(x, y)‖ ≤ inner_tolerance, from the previous y
//! ∇²_yy g · u = ∇_y f   by a Cholesky factorisation
//! x ← P(x − ξ (∇_x f − ∇²_xy g · u)),   then y = y*(x) again
//! ```
//!
//! Source: the implicit function theorem; as an algorithm for n levels: Gu, Chen 2024 (arXiv 2410.11312). Two levels here.
//! Cost per outer step: 1 gradient of f, 1 mixed product, p Hessian-vector products for the hypergradient (p free variables
//! of the follower), and for each Newton step 1 gradient, p Hessian-vector products and 1 or 2 values of g. Memory O(p²).
//! Assumes: a follower with an isolated minimiser of positive definite Hessian. It then descends on φ itself, and what it
//! can be wrong about is only φ's own local minima, or a minimiser of g(x, ·) that is not the global one.
//!
//! Variables of y that a bound holds do not answer, so they are left out of the linear system: dy*/dx is that of the others.
//! A row shows y*(x) for the x beside it, since the lower level is solved again after x has moved. Published code mostly
//! solves once and shows the answer to the x before; the leader's path is the same.

use super::entry::{Cost, Entry, Inverse, Needs};
use super::inner::descend;
use super::linear::subtract_response;
use super::lower_newton::LowerNewton;
use super::momentum::Momentum;
use super::{Method, Start, State, Terms, Trouble, shared};
use crate::problem::{Default, Kind, Levels, Oracle, Parameter, Point};

/// The list's line.
pub(super) const ENTRY: Entry = Entry {
    id: "implicit",
    name: "Implicit, exact",
    summary: "Solves the follower tightly, differentiates its optimality condition and inverts the Hessian: the exact hypergradient.",
    rule: &[
        "$y = y^*(x)$ by Newton steps, until $‖∇_y g‖$ is below the tolerance",
        "$∇^2_{yy} g\\, u = ∇_y f$ by a factorisation",
        "$x ← x − ξ (∇_x f − ∇^2_{xy} g\\, u)$",
    ],
    source: "Implicit function theorem; Gu, Chen 2024 (arXiv 2410.11312)",
    references: &[],
    cost: &[
        Cost {
            call: "∇f",
            count: "1",
        },
        Cost {
            call: "mixed products of g",
            count: "1",
        },
        Cost {
            call: "Hessian products of g, and for each Newton step $p$ more, a gradient and a value ($p$ variables of $y$)",
            count: "p",
        },
    ],
    assumes: "A follower with an isolated answer and a positive definite Hessian there, small enough to factorise.",
    needs: Needs {
        two_levels: true,
        inverse: Inverse::OffTheBounds,
        unique_answer: true,
        min_max: false,
    },
    parameters: &[
        shared::OUTER_STEP_SIZE,
        Parameter {
            name: "inner_tolerance",
            label: "inner tolerance",
            symbol: "δ",
            kind: Kind::Number {
                min: 0.0,
                max: 1e12,
                slider: [1e-14, 1e-2],
                per_level: false,
            },
            default: Default::Number(1e-10),
            meaning: "The follower is solved when the norm of its gradient is at most this.",
        },
        shared::MOMENTUM,
    ],
    build: |settings| {
        Box::new(Implicit {
            step_size: settings.number("outer_step_size"),
            inner_tolerance: settings.number("inner_tolerance"),
            momentum: settings.number("momentum"),
        })
    },
};

#[derive(Clone, Copy, Debug)]
struct Implicit {
    step_size: f64,
    inner_tolerance: f64,
    momentum: f64,
}

impl Method for Implicit {
    fn prepare(&self, start: &Start<'_>) -> Box<dyn State> {
        let shape = start.point.shape();
        let scratch = Point::zeros(shape);
        Box::new(Running {
            step_size: self.step_size,
            point: start.point.clone(),
            is_solved: false,
            next: scratch.clone(),
            gradient: scratch,
            mixed_product: vec![0.0; shape.size(1)],
            lower: LowerNewton::new(shape, self.inner_tolerance),
            momentum: Momentum::new(self.momentum, shape.size(1)),
        })
    }
}

#[derive(Clone, Debug)]
struct Running {
    step_size: f64,
    point: Point,
    /// Whether the point's lower block is the answer to its upper one: not so before the first step.
    is_solved: bool,
    /// The point under construction: `point` stays good until all solves have succeeded.
    next: Point,
    gradient: Point,
    mixed_product: Vec<f64>,
    lower: LowerNewton,
    momentum: Momentum,
}

impl State for Running {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.gradient[1]
    }

    fn step(&mut self, oracle: &mut Oracle<'_>, terms: &mut Terms) -> Result<(), Trouble> {
        self.next.copy_from(&self.point);
        if !self.is_solved {
            self.lower.solve(oracle, &mut self.next)?;
        }
        oracle.grad(1, &self.next, Levels::ALL, &mut self.gradient);
        let adjoint = self.lower.adjoint(oracle, &self.next, &self.gradient[2])?;
        let (at, product) = (&self.next, &mut self.mixed_product);
        subtract_response(oracle, at, adjoint, product, &mut self.gradient);
        terms.vector("hypergradient", &self.gradient[1]);
        let along = self.momentum.of(&self.gradient[1]);
        descend(oracle, &mut self.next, 1, self.step_size, along);
        self.lower.solve(oracle, &mut self.next)?;
        self.point.copy_from(&self.next);
        self.is_solved = true;
        Ok(())
    }

    fn fork(&self) -> Box<dyn State> {
        Box::new(self.clone())
    }
}
