//! Constructors for the parameters that learning problems share: counts, numbers and seeds.

use crate::problem::{DefaultValue, Key, Parameter, ParameterKind};

/// A parameter for a whole number within a range.
pub(super) const fn count(
    key: Key<usize>,
    label: &'static str,
    symbol: &'static str,
    [min, max]: [u32; 2],
    default: f64,
    meaning: &'static str,
) -> Parameter {
    Parameter {
        name: key.name(),
        label,
        symbol,
        kind: ParameterKind::Integer {
            min,
            max,
            slider: [default / 10.0, default * 10.0],
            per_level: false,
        },
        default: DefaultValue::Number(default),
        meaning,
    }
}

/// A parameter for the size of a part of the data.
pub(super) const fn part(
    key: Key<usize>,
    label: &'static str,
    symbol: &'static str,
    max: u32,
    default: f64,
    meaning: &'static str,
) -> Parameter {
    Parameter {
        name: key.name(),
        label,
        symbol,
        kind: ParameterKind::Part {
            max,
            slider: [default / 10.0, default * 10.0],
        },
        default: DefaultValue::Number(default),
        meaning,
    }
}

/// A parameter for a number within a range.
pub(super) const fn number(
    key: Key<f64>,
    label: &'static str,
    symbol: &'static str,
    [min, max]: [f64; 2],
    default: f64,
    meaning: &'static str,
) -> Parameter {
    Parameter {
        name: key.name(),
        label,
        symbol,
        kind: ParameterKind::Number {
            min,
            max,
            slider: [
                min,
                if max < 2.0 * default {
                    max
                } else {
                    2.0 * default
                },
            ],
            per_level: false,
        },
        default: DefaultValue::Number(default),
        meaning,
    }
}

/// A parameter for a seed, 0 by default.
pub(super) const fn seed(
    key: Key<usize>,
    label: &'static str,
    symbol: &'static str,
    meaning: &'static str,
) -> Parameter {
    Parameter {
        name: key.name(),
        label,
        symbol,
        kind: ParameterKind::Integer {
            min: 0,
            max: 1_000_000,
            slider: [1.0, 100.0],
            per_level: false,
        },
        default: DefaultValue::Number(0.0),
        meaning,
    }
}
