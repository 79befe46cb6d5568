//! The functions of one number that formulas come to: over any scalar, and their slopes in plain numbers.

use crate::numerics::Scalar;

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elementary {
    Exp,
    Log,
    Sqrt,
    /// The square root of a sum of squares, whose slope at 0 is taken as 0.
    Length,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    /// The absolute value, whose slope at 0 is taken as 1.
    Abs,
    Softplus,
    Sigmoid,
}

impl Elementary {
    /// Whether it has a kink.
    pub(super) const fn has_kink(self) -> bool {
        matches!(self, Self::Abs | Self::Length)
    }

    /// Whether it has no value or no finite slope somewhere.
    pub(super) const fn is_partial(self) -> bool {
        matches!(
            self,
            Self::Log
                | Self::Sqrt
                | Self::Tan
                | Self::Asin
                | Self::Acos
                | Self::Acosh
                | Self::Atanh
        )
    }
}

/// Small powers by products, which are faster than a loop.
pub(super) fn whole_power<S: Scalar>(a: S, power: i32) -> S {
    match power {
        3 => a.square() * a,
        4 => a.square().square(),
        _ => a.powi(power),
    }
}

/// Below this, log(1 + t) with t = eᵃ is t − t²/2 to all digits.
const SMALL: f64 = -18.0;

/// A function of any scalar.
pub(super) fn elementary<S: Scalar>(function: Elementary, a: S) -> S {
    match function {
        Elementary::Exp => a.exp(),
        Elementary::Log => a.ln(),
        Elementary::Length if a.real() == 0.0 => 0.0.into(),
        Elementary::Sqrt | Elementary::Length => a.sqrt(),
        Elementary::Sin => a.sin(),
        Elementary::Cos => a.cos(),
        Elementary::Tan => a.tan(),
        Elementary::Asin => a.asin(),
        Elementary::Acos => a.acos(),
        Elementary::Atan => a.atan(),
        Elementary::Sinh => a.sinh(),
        Elementary::Cosh => a.cosh(),
        Elementary::Tanh => a.tanh(),
        Elementary::Asinh => a.asinh(),
        Elementary::Acosh => a.acosh(),
        Elementary::Atanh => a.atanh(),
        Elementary::Abs if a.real() < 0.0 => -a,
        Elementary::Abs => a,
        Elementary::Softplus if a.real() > 0.0 => a + ((-a).exp() + 1.0).ln(),
        Elementary::Softplus if a.real() < SMALL => {
            let small = a.exp();
            small - small.square() * 0.5
        }
        Elementary::Softplus => (a.exp() + 1.0).ln(),
        Elementary::Sigmoid if a.real() >= 0.0 => S::from(1.0) / ((-a).exp() + 1.0),
        Elementary::Sigmoid => {
            let power = a.exp();
            power / (power + 1.0)
        }
    }
}

/// A function's value and its derivative: what both need is computed once.
#[inline]
pub(super) fn with_slope(function: Elementary, a: f64) -> [f64; 2] {
    match function {
        Elementary::Sin => {
            let (sin, cos) = a.sin_cos();
            [sin, cos]
        }
        Elementary::Cos => {
            let (sin, cos) = a.sin_cos();
            [cos, -sin]
        }
        function => {
            let value = elementary(function, a);
            [value, derivative(function, a, value)]
        }
    }
}

/// The derivative of a function at `a`, where its value is `value`.
fn derivative(function: Elementary, a: f64, value: f64) -> f64 {
    match function {
        Elementary::Exp => value,
        Elementary::Log => 1.0 / a,
        Elementary::Length if value == 0.0 => 0.0,
        Elementary::Sqrt | Elementary::Length => 0.5 / value,
        Elementary::Sin => a.cos(),
        Elementary::Cos => -a.sin(),
        Elementary::Tan => 1.0 + value * value,
        Elementary::Asin => 1.0 / ((1.0 - a) * (1.0 + a)).sqrt(),
        Elementary::Acos => -1.0 / ((1.0 - a) * (1.0 + a)).sqrt(),
        Elementary::Atan => 1.0 / (1.0 + a * a),
        Elementary::Sinh => a.cosh(),
        Elementary::Cosh => a.sinh(),
        Elementary::Tanh => {
            let cosh = a.cosh();
            1.0 / (cosh * cosh)
        }
        Elementary::Asinh => 1.0 / a.hypot(1.0),
        Elementary::Acosh => 1.0 / ((a - 1.0) * (a + 1.0)).sqrt(),
        Elementary::Atanh => 1.0 / ((1.0 - a) * (1.0 + a)),
        Elementary::Abs if a < 0.0 => -1.0,
        Elementary::Abs => 1.0,
        Elementary::Softplus => elementary(Elementary::Sigmoid, a),
        Elementary::Sigmoid => value * elementary(Elementary::Sigmoid, -a),
    }
}
