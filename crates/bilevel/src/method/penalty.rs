//! Penalty: the follower's optimality condition as a penalty whose weight grows, with multipliers.
//!
//! ```text
//! y ← P(y − ξ_y (∇_y f + ∇²_yy g ν / s + λ ∇_y g + γ ∇²_yy g ∇_y g)),   T times, from the previous y
//! x ← P(x − ξ (∇_x f + ∇²_xy g ν / s + γ ∇²_xy g ∇_y g))
//! ‖last y-direction‖² + ‖x-direction‖² < ε²:   γ ← 1.1 γ,  ε ← 0.9 ε,  λ ← 0.9 λ,  ν ← ν + γ ∇_y g,  ξ, ξ_y ← 0.9 ξ, 0.9 ξ_y
//! ```
//!
//! Source: Mehra, Hamm, ACML 2021 (arXiv 1911.03432), with the schedule of the code that BOME is compared with. The
//! multipliers ν start at 1e-4. s = 1 (`scaling = "sum"`), or the number of the follower's variables (`scaling =
//! "mean"`), as in that code on toys.
//! Cost per outer step: T + 1 gradients of f and of g, T Hessian-vector products, 1 mixed product.
//! Assumes: that the directions become as short as ε from time to time, since only then the penalty grows. On the toy
//! coreset that happens three times in 5,000 steps, and the run stays infeasible.
//!
//! `momentum` is that of the x-step alone, as in the published learning experiments; the schedule tests the direction
//! before it. It is reset whenever the penalty grows, since its velocity belongs to the previous objective.

use super::assembly::{Factor, Operation};
use super::diagnostics::{StepDiagnostics, TermInfo, TermKind, TermPoint};
use super::entry::{Inverse, MethodInfo, Requirements, StepCost};
use super::inner::descend;
use super::keys;
use super::momentum::Momentum;
use super::surrogate::{JointSurrogate, Surrogate, minimize_over_follower};
use super::term_names;
use super::terms::{
    FOLLOWER, HYPERGRADIENT, LEADER, MOMENTUM, MOVE, PROJECT, STEP, STEP_SIZE, STEP_SIZE_LOWER,
    TURN, gradient,
};
use super::{Method, MethodState, Start, own_state, shared};
use crate::messages;
use crate::nested::StepError;
use crate::numerics::vectors::dot;
use crate::numerics::{Levels, Point};
use crate::problem::{
    DefaultValue, Key, Oracle, Parameter, ParameterChoice, ParameterKind, Reference, Venue, Word,
};

const PENALTY: Key<f64> = Key::new("penalty");
const MULTIPLIER: Key<f64> = Key::new("multiplier");
const TOLERANCE: Key<f64> = Key::new("tolerance");
const SCALING: Key<Word> = Key::new("scaling");

/// The catalogue entry.
pub(super) const INFO: MethodInfo = MethodInfo {
    id: "penalty",
    name: "Penalty (Mehra, Hamm)",
    summary: "Adds the follower's squared gradient as a penalty to the leader's objective, and raises its weight \
              whenever both have converged.",
    rule: &[
        "$y ← y − ξ_y (∇_y f + ∇^2_{yy} g\\, ν + λ ∇_y g + γ ∇^2_{yy} g\\, ∇_y g)$, $T$ times",
        "$x ← x − ξ (∇_x f + ∇^2_{xy} g\\, ν + γ ∇^2_{xy} g\\, ∇_y g)$",
        "both shorter than $ε$: $γ ← 1.1 γ$, $ν ← ν + γ ∇_y g$; $ε$, $λ$, $ξ$, $ξ_y$ shrink by $0.9$",
    ],
    source: "Mehra, Hamm 2021 (arXiv 1911.03432)",
    references: &[Reference {
        key: "mehra2021penalty",
        authors: &["Mehra, Akshay", "Hamm, Jihun"],
        title: "Penalty Method for Inversion-Free Deep Bilevel Optimization",
        year: 2021,
        venue: Venue::Proceedings("Asian Conference on Machine Learning"),
        arxiv: Some("1911.03432"),
    }],
    cost: &[
        StepCost {
            call: "∇g",
            count: "T + 1",
        },
        StepCost {
            call: "∇f",
            count: "T + 1",
        },
        StepCost {
            call: "Hessian products of g",
            count: "T",
        },
        StepCost {
            call: "mixed products of g",
            count: "1",
        },
    ],
    assumes: "Both directions become as short as $ε$ from time to time: only then does the penalty grow. On the \
              coreset that happens three times in 5,000 steps.",
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
        shared::OUTER_STEP_SIZE_LOWER,
        Parameter {
            name: PENALTY.name(),
            label: "penalty",
            symbol: "γ",
            kind: POSITIVE,
            default: DefaultValue::Number(0.01),
            meaning: "Initial weight of the squared gradient.",
        },
        Parameter {
            name: MULTIPLIER.name(),
            label: "gradient weight",
            symbol: "λ",
            kind: POSITIVE,
            default: DefaultValue::Number(0.1),
            meaning: "Initial weight of the follower's own objective, which shrinks.",
        },
        Parameter {
            name: TOLERANCE.name(),
            label: "tolerance",
            symbol: "ε",
            kind: POSITIVE,
            default: DefaultValue::Number(0.01),
            meaning: "The penalty grows when both directions together are shorter than this.",
        },
        Parameter {
            name: SCALING.name(),
            label: "scaling of ν",
            symbol: "s",
            kind: ParameterKind::Choice(&[
                ParameterChoice {
                    name: "sum",
                    label: "",
                    meaning: "unscaled multipliers",
                },
                ParameterChoice {
                    name: "mean",
                    label: "",
                    meaning: "divided by the number of the follower's variables, as published on toy problems",
                },
            ]),
            default: DefaultValue::Choice("sum"),
            meaning: "Scaling of the multipliers.",
        },
        shared::MOMENTUM,
    ],
    assembly: ASSEMBLY,
    build: |settings| {
        Box::new(Penalty {
            steps: settings.get(keys::INNER_STEPS),
            step_sizes: [
                settings.get(keys::OUTER_STEP_SIZE),
                settings.get(keys::OUTER_STEP_SIZE_LOWER),
            ],
            gamma: settings.get(PENALTY),
            multiplier: settings.get(MULTIPLIER),
            tolerance: settings.get(TOLERANCE),
            is_mean: settings.is(SCALING, "mean"),
            momentum: settings.get(keys::MOMENTUM),
        })
    },
};

const WEIGHT: TermInfo = TermInfo::number("penalty", "γ", TermKind::Weight);
const GRADIENT_WEIGHT: TermInfo = TermInfo::number("gradient weight", "λ", TermKind::Weight);
const MULTIPLIERS: TermInfo = TermInfo::blocks("multipliers", "ν", TermKind::Weight, FOLLOWER);
const SMALL: TermInfo = TermInfo::number("tolerance", "ε", TermKind::Measure);
const PATH: TermInfo = TermInfo::rows(term_names::INNER_PATH, "y^{(t)}", TermKind::Path, FOLLOWER);
const GRADIENTS_F: TermInfo = TermInfo::rows(
    "gradients of f",
    "∇_y f(x, y^{(t)})",
    gradient(1, TermPoint::Term(term_names::INNER_PATH)),
    FOLLOWER,
);
const GRADIENTS_G: TermInfo = TermInfo::rows(
    "gradients of g",
    "∇_y g(x, y^{(t)})",
    gradient(2, TermPoint::Term(term_names::INNER_PATH)),
    FOLLOWER,
);
const FACTORS: TermInfo = TermInfo::rows(
    "curvature weights of y",
    "ν + γ ∇_y g",
    TermKind::Weight,
    FOLLOWER,
);
const PRODUCTS: TermInfo = TermInfo::rows(
    "Hessian products",
    "∇^2_{yy} g (ν + γ ∇_y g)",
    TermKind::Product {
        objective: 2,
        at: TermPoint::Term(term_names::INNER_PATH),
    },
    FOLLOWER,
);
const DIRECTIONS: TermInfo = TermInfo::rows(
    "inner directions",
    "∇_y f + ∇^2_{yy} g (ν + γ ∇_y g) + λ ∇_y g",
    TermKind::Direction,
    FOLLOWER,
);
const GRADIENT_F: TermInfo = TermInfo::blocks(
    term_names::GRADIENT_OF_F,
    "∇_x f(x, y)",
    gradient(1, TermPoint::Term(term_names::INNER_PATH)),
    LEADER,
);
const GRADIENT_G: TermInfo = TermInfo::blocks(
    "gradient of g",
    "∇_y g(x, y)",
    gradient(2, TermPoint::Term(term_names::INNER_PATH)),
    FOLLOWER,
);
const FACTOR: TermInfo = TermInfo::blocks(
    "curvature weights",
    "ν + γ ∇_y g",
    TermKind::Weight,
    FOLLOWER,
);
const MIXED_PRODUCT: TermInfo = TermInfo::blocks(
    "mixed product",
    "∇^2_{xy} g (ν + γ ∇_y g)",
    TermKind::Product {
        objective: 2,
        at: TermPoint::Term(term_names::INNER_PATH),
    },
    LEADER,
);
const SQUARE: TermInfo = TermInfo::number(
    "squared length of both directions",
    "‖d_y‖^2 + ‖d_x‖^2",
    TermKind::Measure,
);
const GROWS: TermInfo = TermInfo::number("penalty grows", "‖d‖ < ε", TermKind::Flag);

/// The operations of a step.
const ASSEMBLY: &[Operation] = &[
    Operation::Descend {
        level: 2,
        by: Factor::Minus("step size of y"),
        along: "inner directions",
        momentum: None,
    },
    Operation::Take {
        to: "hypergradient",
        from: term_names::GRADIENT_OF_F,
        levels: LEADER,
    },
    Operation::Add {
        to: "hypergradient",
        by: Factor::Number(1.0),
        from: "mixed product",
    },
    TURN,
    MOVE,
    PROJECT,
];

const POSITIVE: ParameterKind = ParameterKind::Number {
    min: 0.0,
    max: 1e12,
    slider: [1e-4, 10.0],
    per_level: false,
};

/// The first multiplier of each variable.
const FIRST_MULTIPLIER: f64 = 1e-4;

#[derive(Clone, Copy, Debug)]
struct Penalty {
    steps: usize,
    /// The step sizes of x and of y.
    step_sizes: [f64; 2],
    /// γ.
    gamma: f64,
    /// λ.
    multiplier: f64,
    /// ε.
    tolerance: f64,
    is_mean: bool,
    momentum: f64,
}

impl Penalty {
    /// Changes the parameters as the schedule does once both directions are short.
    fn grow(&mut self) {
        self.gamma *= 1.1;
        self.tolerance *= 0.9;
        self.multiplier *= 0.9;
        self.step_sizes = self.step_sizes.map(|size| 0.9 * size);
    }
}

impl Method for Penalty {
    fn start(&self, start: &Start<'_>) -> Box<dyn MethodState> {
        let scratch = Point::zeros(start.point.shape());
        let [upper, lower] = [1, 2].map(|level| start.point[level].len());
        Box::new(PenaltyState {
            method: *self,
            point: start.point.clone(),
            grad_f: scratch.clone(),
            grad_g: scratch,
            growths: 0,
            multipliers: vec![FIRST_MULTIPLIER; lower],
            weights: vec![0.0; lower],
            products: [vec![0.0; upper], vec![0.0; lower]],
            momentum: Momentum::new(self.momentum, upper),
        })
    }

    fn resume(&self, _start: &Start<'_>, state: &dyn MethodState) -> Option<Box<dyn MethodState>> {
        let state: &PenaltyState = own_state(state)?;
        let size = state.point[1].len();
        let mut method = *self;
        // the schedule has changed the parameters as often as before
        (0..state.growths).for_each(|_| method.grow());
        Some(Box::new(PenaltyState {
            method,
            momentum: state.momentum.with_factor(self.momentum, size),
            ..state.clone()
        }))
    }
}

#[derive(Clone, Debug)]
struct PenaltyState {
    /// The parameters, as changed by the schedule.
    method: Penalty,
    /// The number of times that the penalty has grown.
    growths: u64,
    point: Point,
    grad_f: Point,
    grad_g: Point,
    /// ν.
    multipliers: Vec<f64>,
    /// ν / s + γ ∇_y g, the factor of the second derivatives.
    weights: Vec<f64>,
    products: [Vec<f64>; 2],
    momentum: Momentum,
}

impl PenaltyState {
    /// Computes the gradients of one block and the weights of the second derivatives.
    fn look(&mut self, oracle: &mut Oracle<'_>, block: usize) {
        oracle.grad(1, &self.point, Levels::only(block), &mut self.grad_f);
        oracle.grad(2, &self.point, Levels::only(2), &mut self.grad_g);
        let scale = if self.method.is_mean {
            self.multipliers.len() as f64
        } else {
            1.0
        };
        for (i, weight) in self.weights.iter_mut().enumerate() {
            *weight = self.multipliers[i] / scale + self.method.gamma * self.grad_g[2][i];
        }
    }
}

impl PenaltyState {
    /// f + λ g + ⟨ν, ∇_y g⟩ / s + γ ‖∇_y g‖² / 2 at the point, the objective of the steps in y, and its slope in y.
    fn penalized(&mut self, oracle: &mut Oracle<'_>, slope: &mut [f64]) -> f64 {
        self.look(oracle, 2);
        oracle.hvp(2, &self.point, 2, &self.weights, slope);
        let [of_f, of_g] = [&self.grad_f[2], &self.grad_g[2]];
        for ((slope, f), g) in slope.iter_mut().zip(of_f).zip(of_g) {
            *slope += f + self.method.multiplier * g;
        }
        let mut value = oracle.value(1, &self.point);
        value += self.method.multiplier * oracle.value(2, &self.point);
        for (weight, g) in self.weights.iter().zip(of_g) {
            // the weight holds γ g once, and the penalty is half of γ g²
            value += (weight - 0.5 * self.method.gamma * g) * g;
        }
        value
    }
}

impl PenaltyState {
    /// Records the parameters of the step, and begins the terms of the loop in y.
    #[cold]
    #[inline(never)]
    fn report_parameters(&self, terms: &mut StepDiagnostics) {
        terms.number(&WEIGHT, self.method.gamma);
        terms.number(&GRADIENT_WEIGHT, self.method.multiplier);
        terms.number(&SMALL, self.method.tolerance);
        terms.record(&MULTIPLIERS, &self.multipliers);
        terms.number(&STEP_SIZE, self.method.step_sizes[0]);
        terms.number(&STEP_SIZE_LOWER, self.method.step_sizes[1]);
        terms.row(&PATH, &self.point[2]);
        let rows = [&GRADIENTS_F, &GRADIENTS_G, &FACTORS, &PRODUCTS, &DIRECTIONS];
        for info in rows {
            terms.row(info, &[]);
        }
    }
}

impl MethodState for PenaltyState {
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
        if terms.is_enabled() {
            self.report_parameters(terms);
        }
        let mut square = 0.0;
        for _ in 0..self.method.steps {
            if oracle.is_cancelled() {
                return Ok(());
            }
            self.look(oracle, 2);
            let product = &mut self.products[1];
            oracle.hvp(2, &self.point, 2, &self.weights, product);
            if terms.is_enabled() {
                terms.row(&GRADIENTS_F, &self.grad_f[2]);
                terms.row(&GRADIENTS_G, &self.grad_g[2]);
                terms.row(&FACTORS, &self.weights);
                terms.row(&PRODUCTS, product);
            }
            for (i, product) in product.iter().enumerate() {
                self.grad_f[2][i] += product + self.method.multiplier * self.grad_g[2][i];
            }
            let along = &self.grad_f[2];
            square = dot(along, along);
            let step_size = self.method.step_sizes[1];
            descend(oracle, &mut self.point, 2, step_size, along);
            if terms.is_enabled() {
                terms.row(&DIRECTIONS, &self.grad_f[2]);
                terms.row(&PATH, &self.point[2]);
            }
        }
        self.look(oracle, 1);
        let product = &mut self.products[0];
        oracle.jvp(2, &self.point, [1, 2], &self.weights, product);
        if terms.is_enabled() {
            terms.record(&GRADIENT_F, &self.grad_f[1]);
            terms.record(&GRADIENT_G, &self.grad_g[2]);
            terms.record(&FACTOR, &self.weights);
            terms.record(&MIXED_PRODUCT, product);
        }
        for (slope, product) in self.grad_f[1].iter_mut().zip(product) {
            *slope += *product;
        }
        let along = &self.grad_f[1];
        square += dot(along, along);
        let grows = square < self.method.tolerance.powi(2);
        if terms.is_enabled() {
            terms.record(&HYPERGRADIENT, along);
            terms.number(&SQUARE, square);
            terms.number(&GROWS, f64::from(u8::from(grows)));
            self.momentum.report(terms, &MOMENTUM);
        }
        let along = self.momentum.of(along);
        terms.record(&STEP, along);
        descend(oracle, &mut self.point, 1, self.method.step_sizes[0], along);
        if grows {
            self.method.grow();
            self.growths += 1;
            for (multiplier, slope) in self.multipliers.iter_mut().zip(&self.grad_g[2]) {
                *multiplier += self.method.gamma * slope;
            }
            self.momentum.reset();
        }
        Ok(())
    }

    fn clone_box(&self) -> Box<dyn MethodState> {
        Box::new(self.clone())
    }

    fn joint_surrogate(&self) -> Option<JointSurrogate> {
        let mut state = self.clone();
        let mut slope = vec![0.0; self.point[2].len()];
        let formula = if self.method.is_mean {
            "f + λ g + ⟨ν, ∇_y g⟩ / s + γ ‖∇_y g‖^2 / 2"
        } else {
            "f + λ g + ⟨ν, ∇_y g⟩ + γ ‖∇_y g‖^2 / 2"
        };
        let surrogate = JointSurrogate::new(formula, move |oracle, at| {
            state.point.copy_from(at);
            state.penalized(oracle, &mut slope)
        });
        Some(surrogate.with_remark(messages::run::leader_leaves_out_lower_objective()))
    }

    fn surrogate(&self) -> Result<Surrogate, &'static str> {
        let mut state = self.clone();
        let label = "least penalized $f$ over $y$";
        Ok(Surrogate::new(label, move |oracle, at| {
            minimize_over_follower(oracle, at, |oracle, at, slope| {
                state.point.copy_from(at);
                state.penalized(oracle, slope)
            })
        }))
    }
}
