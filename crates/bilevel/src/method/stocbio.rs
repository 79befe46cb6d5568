//! stocBiO: implicit differentiation at an approximate lower solution by a Neumann series, made for noisy oracles.
//!
//! ```text
//! y ← P(y − α ∇_y g(x, y)),   T times, from the previous y
//! u = β Σ_{q=0}^{Q} (I − β ∇²_yy g)^q ∇_y f,   every product from a sample of its own
//! x ← P(x − ξ (∇_x f − ∇²_xy g u))
//! ```
//!
//! Source: Ji, Yang, Liang, ICML 2021 (arXiv 2010.07962).
//! Published code: `reference = "published"` multiplies only the last term by β, has no term q = 0 and leaves out ∇_x f
//! (which is 0 in its tasks): `u = β M^Q ∇_y f + Σ_{q=1}^{Q} M^q ∇_y f` with `M = I − β ∇²_yy g`.
//! Cost per outer step: T gradients of g, 1 of f, Q Hessian-vector products, 1 mixed product.
//! Assumes: 0 < β λ < 2 for every eigenvalue λ of the lower Hessian. The terms that the series omits, (1 − β λ)^{Q+1},
//! bias the limit; noise ξ² keeps the iterates in a ball around it.
//!
//! The series covers the coordinates in which a gradient step from the last y ends inside the box (`projection.rs`),
//! which takes one more gradient of g if there is a box. `projection = "ignored"` sums over all coordinates, as
//! published code does.
//!
//! `gradient_noise` σ adds an independent normal number of standard deviation σ to each component of every gradient and
//! product, as a mini-batch would. `batch_size` takes a mini-batch for each of them if the problem has samples. Both
//! are keyed by seed and start. `momentum` is that of the x-step alone.

use super::assembly::{Factor, Operation};
use super::chance::Noise;
use super::diagnostics::{StepDiagnostics, TermForm, TermInfo, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::momentum::Momentum;
use super::neumann::{Estimate, NEUMANN_STEPS, NeumannSum};
use super::projection::{self, PROJECTION};
use super::term_names;
use super::terms::{
    DESCEND, ESTIMATE_AT_END, FOLLOWER, HYPERGRADIENT, INNER, LEADER, MOMENTUM, MOVE, PROJECT,
    STEP, STEP_SIZE, TURN, gradient, noise,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::{Levels, Point};
use crate::problem::{
    DefaultValue, Oracle, Parameter, ParameterChoice, ParameterKind, Reference, Settings, Venue,
};

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "stocbio",
    name: "stocBiO",
    summary: "Differentiates the follower's optimality condition by a Neumann series, made for noisy gradients.",
    rule: &[
        "$y ← y − α ∇_y g(x, y)$, $T$ times",
        "$u = β Σ_{q=0}^{Q} (I − β ∇^2_{yy} g)^q ∇_y f$ on the free variables, with new noise each time",
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
        StepCost {
            call: "∇g",
            count: "T",
        },
        StepCost {
            call: "∇f",
            count: "1",
        },
        StepCost {
            call: "Hessian products of g",
            count: "Q",
        },
        StepCost {
            call: "mixed products of g",
            count: "1",
        },
        projection::COST,
    ],
    assumes: "A step $β$ below $2$ over the lower Hessian's largest eigenvalue; truncation after $Q$ products biases \
              the limit, and noise prevents convergence.",
    needs: Requirements {
        two_levels: true,
        inverse: Inverse::Never,
        unique_answer: true,
        min_max: false,
        most_variables: None,
    },
    joint_step: false,
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_STEPS,
        shared::INNER_STEP_SIZE,
        NEUMANN_STEPS,
        shared::SERIES_STEP_SIZE,
        PROJECTION,
        shared::BATCH_SIZE,
        shared::GRADIENT_NOISE,
        Parameter {
            name: keys::REFERENCE.name(),
            label: "series",
            symbol: "u",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "textbook",
                    label: "",
                    meaning: "every term from q = 0 on times β",
                },
                ParameterChoice {
                    name: "published",
                    label: "",
                    meaning: "as in the published code: β on the last term only, no first term, no ∇_x f",
                },
            ]),
            default: DefaultValue::Choice("textbook"),
            meaning: "Summation of the series.",
        },
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(StocBio {
            settings: settings.clone(),
            steps: settings.get(keys::INNER_STEPS),
            inner_step_size: settings.get(keys::INNER_STEP_SIZE),
            step_size: settings.get(keys::OUTER_STEP_SIZE),
        })
    },
};

const INNER_NOISE: TermInfo = noise("inner noise", TermForm::Rows(FOLLOWER));
/// The gradient that tells which coordinates the box cuts off.
const GRADIENT_G: TermInfo = TermInfo::blocks(
    "gradient of g",
    "∇_y g(x, y)",
    gradient(2, TermPoint::Term(term_names::INNER_PATH)),
    FOLLOWER,
);
const NOISE_G: TermInfo = noise("noise of the gradient of g", TermForm::Blocks(FOLLOWER));

/// The operations of a step. In the published form the recorded gradient of f has no block of x.
const ASSEMBLY: &[Operation] = &[
    DESCEND,
    Operation::Take {
        to: "hypergradient",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Number(-1.0),
        from: "mixed product",
    },
    TURN,
    MOVE,
    PROJECT,
];

#[derive(Clone, Debug)]
struct StocBio {
    /// Settings of the estimator, read when the problem's shape is known.
    settings: Settings,
    steps: usize,
    inner_step_size: f64,
    step_size: f64,
}

impl StocBio {
    fn form(&self) -> NeumannSum {
        if self.settings.is(keys::REFERENCE, "published") {
            NeumannSum::Published
        } else {
            NeumannSum::Textbook
        }
    }
}

impl Method for StocBio {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let shape = start.point.shape();
        Box::new(StocBioState {
            steps: self.steps,
            inner_step_size: self.inner_step_size,
            step_size: self.step_size,
            point: start.point.clone(),
            slope: Point::zeros(shape),
            noise: Noise::new(start, &self.settings),
            estimate: Estimate::new(&self.settings, self.form(), shape),
            momentum: Momentum::new(self.settings.get(keys::MOMENTUM), shape.size(1)),
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &StocBioState = own_state(state)?;
        let shape = state.point.shape();
        let factor = self.settings.get(keys::MOMENTUM);
        Some(Box::new(StocBioState {
            steps: self.steps,
            inner_step_size: self.inner_step_size,
            step_size: self.step_size,
            noise: state.noise.resumed(&self.settings),
            estimate: Estimate::new(&self.settings, self.form(), shape).after(&state.estimate),
            momentum: state.momentum.with_factor(factor, shape.size(1)),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct StocBioState {
    steps: usize,
    inner_step_size: f64,
    step_size: f64,
    point: Point,
    slope: Point,
    noise: Noise,
    estimate: Estimate,
    momentum: Momentum,
}

impl MethodState for StocBioState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.estimate.gradient[1]
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        if terms.is_enabled() {
            terms.number(&INNER.step_size, self.inner_step_size);
            terms.row(&INNER.path, &self.point[2]);
            terms.row(&INNER.gradients, &[]);
        }
        for _ in 0..self.steps {
            if oracle.is_cancelled() {
                return Ok(());
            }
            self.noise.ask(oracle, |oracle| {
                oracle.grad(2, &self.point, Levels::only(2), &mut self.slope);
            });
            self.noise.disturb(&mut self.slope[2], terms, &INNER_NOISE);
            let along = &self.slope[2];
            descend(oracle, &mut self.point, 2, self.inner_step_size, along);
            if terms.is_enabled() {
                terms.row(&INNER.gradients, &self.slope[2]);
                terms.row(&INNER.path, &self.point[2]);
            }
        }
        if self.estimate.needs_slope(oracle.bounds()) {
            self.noise.ask(oracle, |oracle| {
                oracle.grad(2, &self.point, Levels::only(2), &mut self.slope);
            });
            self.noise.disturb(&mut self.slope[2], terms, &NOISE_G);
            terms.record(&GRADIENT_G, &self.slope[2]);
        }
        let (slope, noise) = (&self.slope[2], &mut self.noise);
        let reports = (&mut *terms, &ESTIMATE_AT_END);
        let along = self.estimate.at(oracle, &self.point, slope, noise, reports);
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, along);
            self.momentum.report(terms, &MOMENTUM);
            terms.number(&STEP_SIZE, self.step_size);
        }
        let along = self.momentum.of(along);
        terms.record(&STEP, along);
        descend(oracle, &mut self.point, 1, self.step_size, along);
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }
}
