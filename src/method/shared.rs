//! Parameters that several methods share, worded once.

use crate::problem::{Default, Kind, Parameter};

/// The step of level 1.
pub(super) const OUTER_STEP_SIZE: Parameter = Parameter {
    name: "outer_step_size",
    label: "outer step",
    symbol: "ξ",
    kind: STEP,
    default: Default::Number(0.05),
    meaning: "The step size of the leader's variables.",
};

/// T.
pub(super) const INNER_STEPS: Parameter = Parameter {
    name: "inner_steps",
    label: "inner steps",
    symbol: "T",
    kind: Kind::Integer {
        min: 0,
        max: 1_000_000,
        slider: [1.0, 100.0],
        per_level: true,
    },
    default: Default::Number(10.0),
    meaning: "How many gradient steps the follower takes per outer iteration.",
};

/// α.
pub(super) const INNER_STEP_SIZE: Parameter = Parameter {
    name: "inner_step_size",
    label: "inner step",
    symbol: "α",
    kind: Kind::Number {
        min: 0.0,
        max: 1e12,
        slider: [1e-3, 1.0],
        per_level: true,
    },
    default: Default::Number(0.05),
    meaning: "The step size of the follower's own gradient steps.",
};

/// K.
pub(super) const fn linear_steps(meaning: &'static str) -> Parameter {
    Parameter {
        name: "linear_steps",
        label: "linear steps",
        symbol: "K",
        kind: Kind::Integer {
            min: 0,
            max: 1_000_000,
            slider: [1.0, 100.0],
            per_level: false,
        },
        default: Default::Number(10.0),
        meaning,
    }
}

/// Any step size.
pub(super) const STEP: Kind = Kind::Number {
    min: 0.0,
    max: 1e12,
    slider: [1e-3, 1.0],
    per_level: false,
};

/// A small number that keeps a quotient finite.
pub(super) const fn epsilon(default: f64, meaning: &'static str) -> Parameter {
    Parameter {
        name: "epsilon",
        label: "epsilon",
        symbol: "ε",
        kind: Kind::Number {
            min: 0.0,
            max: 1e12,
            slider: [1e-12, 1.0],
            per_level: false,
        },
        default: Default::Number(default),
        meaning,
    }
}
