//! Hypergradient estimate of the stochastic methods: a Neumann series for the inverse Hessian, every gradient and
//! product with noise of its own.
//!
//! ```text
//! h(x, y) = ∇_x f − ∇²_xy g u,   u = β Σ_{q=0}^{Q} (I − β ∇²_yy g)^q ∇_y f
//! ```
//!
//! The series covers the coordinates that the box does not cut off (`projection.rs`).
//!
//! Cost: 1 gradient of f, Q Hessian-vector products, 1 mixed product.

use super::chance::Noise;
use super::diagnostics::StepDiagnostics;
use super::inner::norm;
use super::keys;
use super::projection::ActiveBounds;
use super::terms::{DirectionTerms, EstimateTerms};
use crate::numerics::{Bounds, Levels, Point, Shape};
use crate::problem::{DefaultValue, Oracle, Parameter, ParameterKind, Settings};

/// Q, the number of Hessian-vector products of the series.
pub(super) const NEUMANN_STEPS: Parameter = Parameter {
    name: keys::NEUMANN_STEPS.name(),
    label: "Neumann steps",
    symbol: "Q",
    kind: ParameterKind::Integer {
        min: 0,
        max: 1_000_000,
        slider: [1.0, 100.0],
        per_level: false,
    },
    default: DefaultValue::Number(10.0),
    meaning: "Number of Hessian-vector products in the series.",
};

/// Form of the series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NeumannSum {
    /// β times every term from q = 0 on.
    Textbook,
    /// β on the last term only, no first term, no ∇_x f.
    Published,
}

/// The estimator with its working memory.
#[derive(Clone, Debug)]
pub(super) struct Estimate {
    /// Q.
    products: usize,
    /// β.
    step_size: f64,
    form: NeumannSum,
    /// h in the upper block, ∇_y f in the lower one.
    pub(super) gradient: Point,
    /// (I − β H)^q ∇_y f.
    term: Vec<f64>,
    /// u.
    sum: Vec<f64>,
    product: Vec<f64>,
    mixed: Vec<f64>,
    cut: ActiveBounds,
}

impl Estimate {
    /// Reads `neumann_steps` and `linear_step_size`.
    pub(super) fn new(settings: &Settings, form: NeumannSum, shape: Shape) -> Self {
        Self {
            products: settings.get(keys::NEUMANN_STEPS),
            step_size: settings.get(keys::LINEAR_STEP_SIZE),
            form,
            gradient: Point::zeros(shape),
            term: vec![0.0; shape.size(2)],
            sum: vec![0.0; shape.size(2)],
            product: vec![0.0; shape.size(2)],
            mixed: vec![0.0; shape.size(1)],
            cut: ActiveBounds::new(settings),
        }
    }

    /// The estimator after the last estimate of another one.
    pub(super) fn after(mut self, before: &Self) -> Self {
        self.gradient.copy_from(&before.gradient);
        self
    }

    /// True if the estimate needs the slope of g, to test its coordinates against the box.
    pub(super) fn needs_slope(&self, bounds: &Bounds) -> bool {
        self.cut.applies(bounds)
    }

    /// Estimates h at a point and returns it; the slope ∇_y g matters only if [`Estimate::needs_slope`] is true.
    pub(super) fn at(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        slope: &[f64],
        noise: &mut Noise,
        (terms, names): (&mut StepDiagnostics, &'static EstimateTerms),
    ) -> &[f64] {
        self.cut.mark(oracle.bounds(), at, slope);
        noise.ask(oracle, |oracle| {
            oracle.grad(1, at, Levels::ALL, &mut self.gradient);
        });
        noise.disturb(self.gradient.values_mut(), terms, &names.gradient_noise);
        self.term.copy_from_slice(&self.gradient[2]);
        self.cut.clear(&mut self.term);
        if terms.is_enabled() {
            match self.form {
                NeumannSum::Textbook => terms.record(&names.gradient, self.gradient.values()),
                NeumannSum::Published => terms.record(&names.lower_gradient, &self.gradient[2]),
            }
            terms.record(&names.right, &self.term);
            self.cut.report(terms, &names.cut);
        }
        self.series(oracle, at, noise, (&mut *terms, names));
        terms.record(&names.solution, &self.sum);
        noise.ask(oracle, |oracle| {
            oracle.jvp(2, at, [1, 2], &self.sum, &mut self.mixed);
        });
        noise.disturb(&mut self.mixed, terms, &names.mixed_noise);
        terms.record(&names.mixed, &self.mixed);
        for (slope, product) in self.gradient[1].iter_mut().zip(&self.mixed) {
            *slope = match self.form {
                NeumannSum::Textbook => *slope - product,
                NeumannSum::Published => -product,
            };
        }
        &self.gradient[1]
    }

    /// Computes u in `sum`, from ∇_y f in `term`.
    fn series(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        noise: &mut Noise,
        (terms, names): (&mut StepDiagnostics, &'static EstimateTerms),
    ) {
        let beta = self.step_size;
        if terms.is_enabled() {
            terms.number(&names.step_size, beta);
            terms.row(&names.products, &[]);
            terms.row(&names.norms, &[norm(&self.term)]);
        }
        for (sum, term) in self.sum.iter_mut().zip(&self.term) {
            *sum = match self.form {
                NeumannSum::Textbook => beta * term,
                NeumannSum::Published => 0.0,
            };
        }
        for step in 1..=self.products {
            if oracle.is_cancelled() {
                return;
            }
            noise.ask(oracle, |oracle| {
                oracle.hvp(2, at, 2, &self.term, &mut self.product);
            });
            noise.disturb(&mut self.product, terms, &names.product_noise);
            terms.row(&names.products, &self.product);
            self.cut.clear(&mut self.product);
            let weight = match self.form {
                NeumannSum::Textbook => beta,
                NeumannSum::Published if step == self.products => 1.0 + beta,
                NeumannSum::Published => 1.0,
            };
            for (i, product) in self.product.iter().enumerate() {
                self.term[i] -= beta * product;
                self.sum[i] += weight * self.term[i];
            }
            if terms.is_enabled() {
                terms.row(&names.norms, &[norm(&self.term)]);
            }
        }
    }
}

/// Directions of both levels in single-loop methods: w for x, s for y, sums of estimates at several points.
#[derive(Clone, Debug)]
pub(super) struct Directions {
    estimate: Estimate,
    slope: Point,
    /// w and s.
    pub(super) along: Point,
}

impl Directions {
    /// Creates zero directions, with an estimator from the settings.
    pub(super) fn new(settings: &Settings, shape: Shape) -> Self {
        Self {
            estimate: Estimate::new(settings, NeumannSum::Textbook, shape),
            slope: Point::zeros(shape),
            along: Point::zeros(shape),
        }
    }

    /// The h and the ∇_y g that were added last.
    pub(super) fn last(&self) -> [&[f64]; 2] {
        [&self.estimate.gradient[1], &self.slope[2]]
    }

    /// The directions that others have reached.
    pub(super) fn after(mut self, before: &Self) -> Self {
        self.estimate = self.estimate.after(&before.estimate);
        self.along.copy_from(&before.along);
        self
    }

    /// Adds h at a point to w and ∇_y g to s, each with its weight.
    pub(super) fn add(
        &mut self,
        oracle: &mut Oracle<'_>,
        at: &Point,
        weights: [f64; 2],
        noise: &mut Noise,
        (terms, names): (&mut StepDiagnostics, &'static DirectionTerms),
    ) {
        noise.ask(oracle, |oracle| {
            oracle.grad(2, at, Levels::only(2), &mut self.slope);
        });
        noise.disturb(&mut self.slope[2], terms, &names.slope_noise);
        terms.record(&names.slope, &self.slope[2]);
        let reports = (&mut *terms, &names.of_estimate);
        let estimate = self.estimate.at(oracle, at, &self.slope[2], noise, reports);
        terms.record(&names.estimate, estimate);
        for (along, estimate) in self.along[1].iter_mut().zip(estimate) {
            *along += weights[0] * estimate;
        }
        for (along, slope) in self.along[2].iter_mut().zip(&self.slope[2]) {
            *along += weights[1] * slope;
        }
    }
}
