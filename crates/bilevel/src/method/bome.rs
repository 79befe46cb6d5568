//! BOME: a first-order method that descends on f while it keeps improving the follower.
//!
//! ```text
//! θ⁽⁰⁾ = θₖ,   θ⁽ᵗ⁺¹⁾ = P(θ⁽ᵗ⁾ − α ∇_θ g(vₖ, θ⁽ᵗ⁾)),   t = 0 … T−1
//! q̂(v, θ) = g(v, θ) − g(v, θ⁽ᵀ⁾)                      with θ⁽ᵀ⁾ held constant
//! λₖ = max((φₖ − ⟨∇f, ∇q̂⟩) / (‖∇q̂‖² + ε), 0)          φₖ = η ‖∇q̂‖²  (barrier "gradient")  or  η q̂  ("gap")
//! (v, θ)ₖ₊₁ = P((v, θ)ₖ − ξ (∇f + λₖ ∇q̂))             both blocks at once
//! ```
//!
//! Source: Liu, Ye, Wright, Stone, Liu, "BOME! Bilevel Optimization Made Easy", NeurIPS 2022 (arXiv 2209.08709).
//! Cost per outer step: T + 2 gradients of g, 1 of f; with barrier "gap" also 2 values of g. Memory O(p + m).
//! Assumes: f and g smooth; the follower satisfies a Polyak–Łojasiewicz inequality (convexity is not needed).
//!
//! The inner loop restarts at θₖ in every outer step; continuing from the previous θ⁽ᵀ⁾ would make q̂ wrong. The
//! published code adds ε to the denominator but, for barrier "gradient", leaves η outside the quotient: λ = max(η −
//! ⟨∇f, ∇q̂⟩ / (‖∇q̂‖² + ε), 0). That form is used here; at ε = 0 the two agree.
//!
//! `momentum` is one heavy ball over both blocks; published learning experiments set it to 0.9, and the inner loop has
//! none.

use super::diagnostics::StepDiagnostics;
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::{InnerDescent, InnerLoop, descend};
use super::keys;
use super::momentum::Momentum;
use super::surrogate::Surrogate;
use super::{Method, MethodState, Start, own_state, shared};
use crate::nested::StepError;
use crate::numerics::vectors::{add, dot};
use crate::numerics::{Levels, Point};
use crate::problem::{
    BOME, DefaultValue, Key, Oracle, Parameter, ParameterChoice, ParameterKind, Word,
};

const ETA: Key<f64> = Key::new("eta");
const BARRIER: Key<Word> = Key::new("barrier");

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "bome",
    name: "BOME",
    summary: "Descends $f$ with a correction that keeps the value gap decreasing; first-order only.",
    rule: &[
        "$θ^{(t+1)} = θ^{(t)} − α ∇_θ g(v, θ^{(t)})$, from $θ$, $T$ times",
        "$q̂ = g(v, θ) − g(v, θ^{(T)})$, with $θ^{(T)}$ held constant",
        "$λ = \\max(φ − ⟨∇f, ∇q̂⟩, 0)\\,/\\,‖∇q̂‖^2$",
        "$(v, θ) ← (v, θ) − ξ (∇f + λ∇q̂)$",
    ],
    source: "Liu, Ye, Wright, Stone, Liu 2022 (arXiv 2209.08709)",
    references: &[BOME],
    cost: &[
        StepCost {
            call: "∇g",
            count: "T + 2",
        },
        StepCost {
            call: "∇f",
            count: "1",
        },
    ],
    assumes: "Smooth objectives and a follower that gradient descent can solve; no convexity, no inverse.",
    needs: Requirements {
        two_levels: true,
        inverse: Inverse::Never,
        unique_answer: false,
        min_max: false,
        most_variables: None,
    },
    parameters: &[
        shared::OUTER_STEP_SIZE,
        shared::INNER_STEPS,
        Parameter {
            name: ETA.name(),
            label: "barrier",
            symbol: "η",
            kind: ParameterKind::Number {
                min: 0.0,
                max: 1e12,
                slider: [0.01, 10.0],
                per_level: false,
            },
            default: DefaultValue::Number(0.5),
            meaning: "Required rate of decrease of the value gap in each step.",
        },
        shared::INNER_STEP_SIZE,
        Parameter {
            label: "outer step of θ",
            symbol: "ξ_θ",
            ..shared::OUTER_STEP_SIZE_LOWER
        },
        Parameter {
            name: BARRIER.name(),
            label: "barrier target",
            symbol: "φ",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "gradient",
                    label: "",
                    meaning: "φ = η ‖∇q‖²",
                },
                ParameterChoice {
                    name: "gap",
                    label: "",
                    meaning: "φ = η q",
                },
            ]),
            default: DefaultValue::Choice("gradient"),
            meaning: "Measure of the required decrease of the value gap.",
        },
        shared::epsilon(1e-8, "Added to ‖∇q‖² in the multiplier's denominator."),
        shared::MOMENTUM,
    ],
    build: |settings| {
        Box::new(Bome {
            descent: InnerDescent::new(settings),
            step_sizes: [
                settings.get(keys::OUTER_STEP_SIZE),
                settings.get(keys::OUTER_STEP_SIZE_LOWER),
            ],
            momentum: settings.get(keys::MOMENTUM),
            eta: settings.get(ETA),
            barrier: if settings.is(BARRIER, "gap") {
                Barrier::Gap
            } else {
                Barrier::Gradient
            },
            epsilon: settings.get(keys::EPSILON),
        })
    },
};

#[derive(Clone, Copy, Debug)]
enum Barrier {
    Gradient,
    Gap,
}

#[derive(Clone, Copy, Debug)]
struct Bome {
    descent: InnerDescent,
    step_sizes: [f64; 2],
    momentum: f64,
    eta: f64,
    barrier: Barrier,
    epsilon: f64,
}

impl Method for Bome {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let scratch = Point::zeros(start.point.shape());
        Box::new(BomeState {
            method: *self,
            point: start.point.clone(),
            inner: scratch.clone(),
            inner_loop: self.descent.begin(start.point.shape()),
            momentum: Momentum::new(self.momentum, start.point.shape().total()),
            grad_f: scratch.clone(),
            grad_gap: scratch.clone(),
            grad_inner: scratch,
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &BomeState = own_state(state)?;
        let momentum = &state.momentum;
        Some(Box::new(BomeState {
            method: *self,
            inner_loop: self.descent.resume(&state.inner_loop),
            momentum: momentum.with_factor(self.momentum, state.point.shape().total()),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct BomeState {
    method: Bome,
    point: Point,
    /// (v, θ⁽ᵗ⁾).
    inner: Point,
    inner_loop: InnerLoop,
    momentum: Momentum,
    grad_f: Point,
    grad_gap: Point,
    grad_inner: Point,
}

impl BomeState {
    /// The multiplier λₖ: φₖ minus the alignment ⟨∇f, ∇q̂⟩, over the denominator, and at least zero.
    fn multiplier(&self, oracle: &mut Oracle<'_>, terms: &mut StepDiagnostics) -> f64 {
        let Bome {
            eta,
            barrier,
            epsilon,
            ..
        } = self.method;
        let square = dot(self.grad_gap.values(), self.grad_gap.values());
        let alignment = dot(self.grad_f.values(), self.grad_gap.values());
        let denominator = square + epsilon;
        let multiplier = match barrier {
            _ if denominator == 0.0 => 0.0,
            Barrier::Gradient => eta - alignment / denominator,
            Barrier::Gap => {
                let gap = oracle.value(2, &self.point) - oracle.value(2, &self.inner);
                terms.number("estimated gap", gap);
                (eta * gap - alignment) / denominator
            }
        };
        multiplier.max(0.0)
    }
}

impl MethodState for BomeState {
    fn point(&self) -> &Point {
        &self.point
    }

    fn direction(&self) -> &[f64] {
        &self.grad_f[1]
    }

    fn step(
        &mut self,
        oracle: &mut Oracle<'_>,
        terms: &mut StepDiagnostics,
    ) -> Result<(), StepError> {
        self.inner.copy_from(&self.point);
        self.inner_loop.run(oracle, &mut self.inner);

        oracle.grad(1, &self.point, Levels::ALL, &mut self.grad_f);
        oracle.grad(2, &self.point, Levels::ALL, &mut self.grad_gap);
        oracle.grad(2, &self.inner, Levels::only(1), &mut self.grad_inner);
        for (gap, inner) in self.grad_gap[1].iter_mut().zip(&self.grad_inner[1]) {
            *gap -= inner;
        }

        let multiplier = self.multiplier(oracle, terms);
        terms.number("multiplier", multiplier);
        terms.vector("gradient of f", self.grad_f.values());
        terms.vector("gradient of the gap", self.grad_gap.values());
        terms.vector("inner solution", &self.inner[2]);

        let direction = &mut self.grad_f;
        add(direction.values_mut(), multiplier, self.grad_gap.values());
        let shape = direction.shape();
        let along = self.momentum.of(direction.values());
        for level in [1, 2] {
            let step_size = self.method.step_sizes[level - 1];
            let along = &along[shape.range(level)];
            descend(oracle, &mut self.point, level, step_size, along);
        }
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }

    fn surrogate(&self) -> Result<Surrogate, &'static str> {
        let mut inner_loop = self.inner_loop.clone();
        let label = "$f$ at its inner solution (not what it descends)";
        Ok(Surrogate::new(label, move |oracle, at| {
            inner_loop.rest();
            inner_loop.run(oracle, at);
            Some(oracle.value(1, at))
        }))
    }
}
