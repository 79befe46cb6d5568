//! Parameters that several methods share.

use super::keys;
use crate::problem::{DefaultValue, Parameter, ParameterChoice, ParameterKind};

/// ξ, the step size of level 1.
pub(super) const OUTER_STEP_SIZE: Parameter = Parameter {
    name: keys::OUTER_STEP_SIZE.name(),
    label: "outer step",
    symbol: "ξ",
    kind: STEP,
    default: DefaultValue::Number(0.05),
    meaning: "The step size of the leader's variables.",
};

/// T, the number of inner steps.
pub(super) const INNER_STEPS: Parameter = Parameter {
    name: keys::INNER_STEPS.name(),
    label: "inner steps",
    symbol: "T",
    kind: ParameterKind::Integer {
        min: 0,
        max: 1_000_000,
        slider: [1.0, 100.0],
        per_level: true,
    },
    default: DefaultValue::Number(10.0),
    meaning: "Number of gradient steps of the follower per outer iteration.",
};

/// α, the step size of inner steps.
pub(super) const INNER_STEP_SIZE: Parameter = Parameter {
    name: keys::INNER_STEP_SIZE.name(),
    label: "inner step",
    symbol: "α",
    kind: ParameterKind::Number {
        min: 0.0,
        max: 1e12,
        slider: [1e-3, 1.0],
        per_level: true,
    },
    default: DefaultValue::Number(0.05),
    meaning: "The step size of the follower's own gradient steps.",
};

/// δ, the tolerance of exact solves.
pub(super) const INNER_TOLERANCE: Parameter = Parameter {
    name: keys::INNER_TOLERANCE.name(),
    label: "inner tolerance",
    symbol: "δ",
    kind: ParameterKind::Number {
        min: 0.0,
        max: 1e12,
        slider: [1e-14, 1e-2],
        per_level: false,
    },
    default: DefaultValue::Number(1e-13),
    meaning: "A level is solved when the norm of its gradient is at most this.",
};

/// m, the leader's momentum.
pub(super) const MOMENTUM: Parameter = Parameter {
    name: keys::MOMENTUM.name(),
    label: "momentum",
    symbol: "m",
    kind: ParameterKind::Number {
        min: 0.0,
        max: 1.0,
        slider: [0.0, 0.99],
        per_level: false,
    },
    default: DefaultValue::Number(0.0),
    meaning: "Heavy-ball momentum of the outer step: u ← m u + direction.",
};

/// `m_y`, the follower's momentum.
pub(super) const INNER_MOMENTUM: Parameter = Parameter {
    name: keys::INNER_MOMENTUM.name(),
    label: "inner momentum",
    symbol: "m_y",
    kind: ParameterKind::Number {
        min: 0.0,
        max: 1.0,
        slider: [0.0, 0.99],
        per_level: true,
    },
    default: DefaultValue::Number(0.0),
    meaning: "Heavy-ball momentum of the follower's own gradient steps.",
};

/// β, the step size of a Neumann series.
pub(super) const SERIES_STEP_SIZE: Parameter = Parameter {
    name: keys::LINEAR_STEP_SIZE.name(),
    label: "linear step",
    symbol: "β",
    kind: STEP,
    default: DefaultValue::SameAs("inner_step_size"),
    meaning: "The step size of the fixed-point steps, whose sum is a Neumann series.",
};

/// b, the batch size of stochastic methods.
pub(super) const BATCH_SIZE: Parameter = Parameter {
    name: keys::BATCH_SIZE.name(),
    label: "batch",
    symbol: "b",
    kind: ParameterKind::Integer {
        min: 0,
        max: 1_000_000,
        slider: [1.0, 1000.0],
        per_level: false,
    },
    default: DefaultValue::Number(0.0),
    meaning: "Number of samples per gradient and product, for problems with samples; 0 for all of them.",
};

/// σ, the gradient noise of stochastic methods.
pub(super) const GRADIENT_NOISE: Parameter = Parameter {
    name: keys::GRADIENT_NOISE.name(),
    label: "gradient noise",
    symbol: "σ",
    kind: ParameterKind::Number {
        min: 0.0,
        max: 1e12,
        slider: [0.0, 1.0],
        per_level: false,
    },
    default: DefaultValue::Number(0.0),
    meaning: "The standard deviation of the noise on each component of every gradient and product.",
};

/// `ξ_y`, the step size of y in methods that move both blocks at once.
pub(super) const OUTER_STEP_SIZE_LOWER: Parameter = Parameter {
    name: keys::OUTER_STEP_SIZE_LOWER.name(),
    label: "outer step of y",
    symbol: "ξ_y",
    kind: STEP,
    default: DefaultValue::SameAs("outer_step_size"),
    meaning: "The step size of the follower's variables in the outer step.",
};

/// Inner loops continue from their last iterate.
pub(super) const WARM: ParameterChoice = ParameterChoice {
    name: "warm",
    label: "",
    meaning: "keep the follower's iterate between outer steps",
};

/// Inner loops restart from the run's start.
pub(super) const FIXED: ParameterChoice = ParameterChoice {
    name: "fixed",
    label: "",
    meaning: "restart the follower from the run's start at every outer step",
};

/// Start of the inner loop: its last iterate or the run's start.
pub(super) const fn inner_start(default: &'static str) -> Parameter {
    Parameter {
        name: keys::INNER_START.name(),
        label: "inner start",
        symbol: "y^{(0)}",
        kind: ParameterKind::Choice(&[WARM, FIXED]),
        default: DefaultValue::Choice(default),
        meaning: "Start of the inner loop.",
    }
}

/// K, the number of steps of a linear solve.
pub(super) const fn linear_steps(meaning: &'static str) -> Parameter {
    Parameter {
        name: keys::LINEAR_STEPS.name(),
        label: "linear steps",
        symbol: "K",
        kind: ParameterKind::Integer {
            min: 0,
            max: 1_000_000,
            slider: [1.0, 100.0],
            per_level: false,
        },
        default: DefaultValue::Number(10.0),
        meaning,
    }
}

/// The kind of every step size.
pub(super) const STEP: ParameterKind = ParameterKind::Number {
    min: 0.0,
    max: 1e12,
    slider: [1e-3, 1.0],
    per_level: false,
};

/// A small number that keeps a quotient finite.
pub(super) const fn epsilon(default: f64, meaning: &'static str) -> Parameter {
    Parameter {
        name: keys::EPSILON.name(),
        label: "epsilon",
        symbol: "ε",
        kind: ParameterKind::Number {
            min: 0.0,
            max: 1e12,
            slider: [1e-12, 1.0],
            per_level: false,
        },
        default: DefaultValue::Number(default),
        meaning,
    }
}
