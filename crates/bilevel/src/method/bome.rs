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

use super::assembly::{Factor, Operation};
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::{InnerDescent, InnerLoop, descend};
use super::keys;
use super::momentum::Momentum;
use super::surrogate::Surrogate;
use super::term_names;
use super::terms::{
    FOLLOWER, INNER, InnerTerms, LEADER, MOMENTUM_OF_ALL, STEP_OF_ALL, STEP_SIZE, STEP_SIZE_LOWER,
    VELOCITY, gradient,
};
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
    joint_step: true,
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
    assembly: ASSEMBLY,
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

const GRADIENT_F: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇f",
    gradient(1, TermPoint::Before),
    Levels::ALL,
);
const GRADIENT_G: TermInfo = TermInfo::blocks(
    "gradient of g",
    "∇g(x, y)",
    gradient(2, TermPoint::Before),
    Levels::ALL,
);
const GRADIENT_G_INNER: TermInfo = TermInfo::blocks(
    "gradient of g at the inner solution",
    "∇_x g(x, y^{(T)})",
    gradient(2, TermPoint::Term(term_names::INNER_PATH)),
    LEADER,
);
const GRADIENT_GAP: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_GAP,
    "∇q̂",
    TermKind::Direction,
    Levels::ALL,
);
const GAP: TermInfo = TermInfo::number(term_names::ESTIMATED_GAP, "q̂", TermKind::Measure);
const SQUARE: TermInfo =
    TermInfo::number("squared gradient of the gap", "‖∇q̂‖^2", TermKind::Measure);
const ALIGNMENT: TermInfo = TermInfo::number("alignment", "⟨∇f, ∇q̂⟩", TermKind::Measure);
const MULTIPLIER: TermInfo = TermInfo::number(term_names::MULTIPLIER, "λ", TermKind::Weight);
const DIRECTION: TermInfo =
    TermInfo::blocks("direction", "∇f + λ∇q̂", TermKind::Direction, Levels::ALL);
const INNER_LOOP: InnerTerms = InnerTerms {
    path: TermInfo::rows(term_names::INNER_PATH, "y^{(t)}", TermKind::Path, FOLLOWER),
    gradients: TermInfo::rows(
        "inner gradients",
        "∇_y g(x, y^{(t)})",
        gradient(2, TermPoint::Term(term_names::INNER_PATH)),
        FOLLOWER,
    ),
    ..INNER
};

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    Operation::Take {
        to: term_names::GRADIENT_OF_GAP,
        from: "gradient of g",
        levels: Levels::ALL,
    },
    Operation::Add {
        to: term_names::GRADIENT_OF_GAP,
        by: Factor::Number(-1.0),
        from: "gradient of g at the inner solution",
    },
    Operation::Take {
        to: "direction",
        from: term_names::GRADIENT_OF_F,
        levels: Levels::ALL,
    },
    Operation::Add {
        to: "direction",
        by: Factor::Term(term_names::MULTIPLIER),
        from: term_names::GRADIENT_OF_GAP,
    },
    Operation::Momentum {
        to: "step direction",
        from: "direction",
        by: VELOCITY,
    },
    Operation::Move {
        level: 1,
        by: Factor::Minus("step size of x"),
        along: "step direction",
    },
    Operation::Project { level: 1 },
    Operation::Move {
        level: 2,
        by: Factor::Minus("step size of y"),
        along: "step direction",
    },
    Operation::Project { level: 2 },
];

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
            inner_loop: self.descent.begin_named(start.point.shape(), &INNER_LOOP),
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
                terms.number(&GAP, gap);
                (eta * gap - alignment) / denominator
            }
        };
        let multiplier = multiplier.max(0.0);
        if terms.is_enabled() {
            terms.number(&SQUARE, square);
            terms.number(&ALIGNMENT, alignment);
            terms.number(&MULTIPLIER, multiplier);
            terms.record(&GRADIENT_GAP, self.grad_gap.values());
        }
        multiplier
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
        self.inner_loop.run(oracle, &mut self.inner, terms);

        oracle.grad(1, &self.point, Levels::ALL, &mut self.grad_f);
        oracle.grad(2, &self.point, Levels::ALL, &mut self.grad_gap);
        oracle.grad(2, &self.inner, Levels::only(1), &mut self.grad_inner);
        if terms.is_enabled() {
            terms.record(&GRADIENT_F, self.grad_f.values());
            terms.record(&GRADIENT_G, self.grad_gap.values());
            terms.record(&GRADIENT_G_INNER, &self.grad_inner[1]);
        }
        for (gap, inner) in self.grad_gap[1].iter_mut().zip(&self.grad_inner[1]) {
            *gap -= inner;
        }

        let multiplier = self.multiplier(oracle, terms);
        let direction = &mut self.grad_f;
        add(direction.values_mut(), multiplier, self.grad_gap.values());
        let shape = direction.shape();
        if terms.is_enabled() {
            terms.record(&DIRECTION, direction.values());
            self.momentum.report(terms, &MOMENTUM_OF_ALL);
            terms.number(&STEP_SIZE, self.method.step_sizes[0]);
            terms.number(&STEP_SIZE_LOWER, self.method.step_sizes[1]);
        }
        let along = self.momentum.of(direction.values());
        terms.record(&STEP_OF_ALL, along);
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
            inner_loop.run(oracle, at, &mut StepDiagnostics::ignored());
            Some(oracle.value(1, at))
        }))
    }
}
