//! stocBiO: implicit differentiation at an approximate lower solution by a Neumann series, made for noisy oracles.
//!
//! ```text
//! y ← P(y − α ∇_y g(x, y)),   T times, from the previous y
//! u = β Σ_{q=0}^{Q} (I − β ∇²_yy g)^q ∇_y f,   every product from a sample of its own
//! x ← P(x − ξ (∇_x f − ∇²_xy g u))
//! ```
//!
//! Source: Ji, Yang, Liang, ICML 2021 (arXiv 2010.07962).
//! Published code: `reference = "published"` multiplies only the last term by β, has no term q = 0 and leaves out ∇_x f (which is 0
//! in its tasks): `u = β M^Q ∇_y f + Σ_{q=1}^{Q} M^q ∇_y f`, M = I − β ∇²_yy g.
//! Cost per outer step: T gradients of g, 1 of f, Q Hessian-vector products, 1 mixed product.
//! Assumes: 0 < β λ < 2 for every eigenvalue λ of the lower Hessian. What the series leaves out, (1 − β λ)^{Q+1}, biases the limit;
//! noise ξ² keeps the iterates in a ball around it.
//!
//! `gradient_noise` σ adds an independent normal number of standard deviation σ to each component of every gradient and product, as a
//! mini-batch would; the noise is keyed by seed and start.

use super::chance::Noise;
use super::entry::{Cost, Entry, Inverse, Needs};
use super::inner::descend;
use super::{Method, Start, State, Terms, Trouble, shared};
use crate::problem::{Choice, Default, Kind, Levels, Oracle, Parameter, Point, Reference, Venue};

/// The list's line.
pub(super) const ENTRY: Entry = Entry {
    id: "stocbio",
    name: "stocBiO",
    summary: "Differentiates the follower's optimality condition by a Neumann series, made for noisy gradients.",
    rule: &[
        "$y ← y − α ∇_y g(x, y)$, $T$ times",
        "$u = β Σ_{q=0}^{Q} (I − β ∇^2_{yy} g)^q ∇_y f$, each product with noise of its own",
        "$x ← x − ξ (∇_x f − ∇^2_{xy} g\\, u)$",
    ],
    source: "Ji, Yang, Liang 2021 (arXiv 2010.07962)",
    references: &[Reference {
        key: "ji2021bilevel",
        authors: &["Ji, Kaiyi", "Yang, Junjie", "Liang, Yingbin"],
        title: "Bilevel Optimization: Convergence Analysis and Enhanced Design",
        year: 2021,
        venue: Venue::Proceedings("International Conference on Machine Learning"),
        arxiv: Some("2010.07962"),
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
            count: "Q",
        },
        Cost {
            call: "mixed products of g",
            count: "1",
        },
    ],
    assumes: "A step $β$ below $2$ over the lower Hessian's largest eigenvalue; what $Q$ products leave out biases the limit, and \
              noise keeps it moving.",
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
        Parameter {
            name: "neumann_steps",
            label: "Neumann steps",
            symbol: "Q",
            kind: Kind::Integer {
                min: 0,
                max: 1_000_000,
                slider: [1.0, 100.0],
                per_level: false,
            },
            default: Default::Number(10.0),
            meaning: "How many Hessian-vector products the series takes.",
        },
        Parameter {
            name: "linear_step_size",
            label: "linear step",
            symbol: "β",
            kind: shared::STEP,
            default: Default::SameAs("inner_step_size"),
            meaning: "The step size of the series.",
        },
        shared::GRADIENT_NOISE,
        Parameter {
            name: "reference",
            label: "series",
            symbol: "u",
            kind: Kind::Choice(&[
                Choice {
                    name: "textbook",
                    meaning: "every term from q = 0 on times β",
                },
                Choice {
                    name: "published",
                    meaning: "as in the published code: β on the last term only, no first term, no ∇_x f",
                },
            ]),
            default: Default::Choice("textbook"),
            meaning: "How the series is summed.",
        },
    ],
    build: |settings| {
        Box::new(StocBio {
            steps: settings.integer("inner_steps"),
            inner_step_size: settings.number("inner_step_size"),
            step_size: settings.number("outer_step_size"),
            products: settings.integer("neumann_steps"),
            linear_step_size: settings.number("linear_step_size"),
            noise: settings.number("gradient_noise"),
            is_published: settings.is("reference", "published"),
        })
    },
};

#[derive(Clone, Copy, Debug)]
struct StocBio {
    steps: usize,
    inner_step_size: f64,
    step_size: f64,
    /// Q.
    products: usize,
    /// β.
    linear_step_size: f64,
    /// σ.
    noise: f64,
    is_published: bool,
}

impl Method for StocBio {
    fn prepare(&self, start: &Start<'_>) -> Box<dyn State> {
        let scratch = Point::zeros(start.point.shape());
        let [upper, lower] = [1, 2].map(|level| start.point[level].len());
        Box::new(Running {
            method: *self,
            point: start.point.clone(),
            grad_f: scratch.clone(),
            grad_g: scratch,
            noise: Noise::new(start, self.noise),
            term: vec![0.0; lower],
            sum: vec![0.0; lower],
            products: [vec![0.0; upper], vec![0.0; lower]],
        })
    }
}

#[derive(Clone, Debug)]
struct Running {
    method: StocBio,
    point: Point,
    grad_f: Point,
    grad_g: Point,
    noise: Noise,
    /// (I − β H)^q ∇_y f.
    term: Vec<f64>,
    /// u.
    sum: Vec<f64>,
    products: [Vec<f64>; 2],
}

impl Running {
    /// Leaves u in `sum`, from ∇_y f in `term`.
    fn series(&mut self, oracle: &mut Oracle<'_>) {
        let method = self.method;
        let beta = method.linear_step_size;
        for (sum, term) in self.sum.iter_mut().zip(&self.term) {
            *sum = if method.is_published {
                0.0
            } else {
                beta * term
            };
        }
        for step in 1..=method.products {
            if oracle.is_cancelled() {
                return;
            }
            let product = &mut self.products[1];
            oracle.hvp(2, &self.point, 2, &self.term, product);
            self.noise.disturb(product);
            let weight = match (method.is_published, step == method.products) {
                (false, _) => beta,
                (true, false) => 1.0,
                (true, true) => 1.0 + beta,
            };
            for (i, product) in product.iter().enumerate() {
                self.term[i] -= beta * product;
                self.sum[i] += weight * self.term[i];
            }
        }
    }
}

impl State for Running {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.grad_f[1]
    }

    fn step(&mut self, oracle: &mut Oracle<'_>, terms: &mut Terms) -> Result<(), Trouble> {
        let method = self.method;
        for _ in 0..method.steps {
            if oracle.is_cancelled() {
                return Ok(());
            }
            oracle.grad(2, &self.point, Levels::only(2), &mut self.grad_g);
            self.noise.disturb(&mut self.grad_g[2]);
            let along = &self.grad_g[2];
            descend(oracle, &mut self.point, 2, method.inner_step_size, along);
        }
        oracle.grad(1, &self.point, Levels::ALL, &mut self.grad_f);
        self.noise.disturb(self.grad_f.values_mut());
        self.term.copy_from_slice(&self.grad_f[2]);
        self.series(oracle);
        let mixed = &mut self.products[0];
        oracle.jvp(2, &self.point, [1, 2], &self.sum, mixed);
        self.noise.disturb(mixed);
        for (slope, product) in self.grad_f[1].iter_mut().zip(mixed) {
            *slope = if method.is_published { 0.0 } else { *slope } - *product;
        }
        terms.vector("hypergradient", &self.grad_f[1]);
        let along = &self.grad_f[1];
        descend(oracle, &mut self.point, 1, method.step_size, along);
        Ok(())
    }

    fn fork(&self) -> Box<dyn State> {
        Box::new(self.clone())
    }
}
